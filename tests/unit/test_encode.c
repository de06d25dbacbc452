/* SPDX-License-Identifier: ISC */

/*
 * The encodings of mail: whatever goes in comes out again, and no line is
 * longer than mail may have it.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "output/encode.h"
#include "support.h"

/* What one of the encoders wrote, which the caller frees. */
static char *
encoded(
    void (*encode)(FILE *, const char *, size_t), const char *text, size_t len)
{
	char *got = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&got, &size);

	cr_assert_not_null(out);
	encode(out, text, len);
	cr_assert_eq(fclose(out), 0);
	return got;
}

static void
as_base64(FILE *out, const char *text, size_t len)
{
	encode_base64(out, text, len);
}

static void
as_subject(FILE *out, const char *text)
{
	encode_field(out, "Subject", text);
}

static void
check_lines(const char *text)
{
	size_t n;

	for (; *text != '\0'; text += n + 1) {
		n = strcspn(text, "\n");
		cr_assert(n <= ENCODE_LINE_MAX, "%zu: %s", n, text);
		if (text[n] == '\0')
			break;
	}
}

/* ---- base64 ---- */

Test(encode, base64_of_the_rfc_is_as_it_says)
{
	static const char *const pairs[][2] = {{"", ""}, {"f", "Zg==\n"},
	    {"fo", "Zm8=\n"}, {"foo", "Zm9v\n"}, {"foob", "Zm9vYg==\n"},
	    {"fooba", "Zm9vYmE=\n"}, {"foobar", "Zm9vYmFy\n"}};
	char *got;
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		got = encoded(as_base64, pairs[i][0], strlen(pairs[i][0]));
		cr_assert_str_eq(got, pairs[i][1]);
		free(got);
	}
}

Test(encode, base64_lines_are_short_and_whole)
{
	char data[300];
	size_t i, len;
	char *got;

	for (i = 0; i < sizeof(data); i++)
		data[i] = (char)(i * 7);
	for (len = 0; len <= sizeof(data); len++) {
		got = encoded(as_base64, data, len);
		check_lines(got);
		cr_assert_eq(strlen(got), (len + 2) / 3 * 4 + (len + 56) / 57,
		    "%zu", len);
		free(got);
	}
}

/* ---- quoted-printable ---- */

static int
hex_digit(char c)
{
	const char *digits = "0123456789ABCDEF", *p = strchr(digits, c);

	cr_assert(c != '\0' && p != NULL, "no digit: %c", c);
	return (int)(p - digits);
}

/* Reads quoted-printable, written apart from the encoder. */
static size_t
decode_qp(const char *p, char *out)
{
	size_t n = 0;

	while (*p != '\0') {
		if (p[0] == '=' && p[1] == '\n') {
			p += 2;
		} else if (p[0] == '=') {
			out[n++] =
			    (char)(hex_digit(p[1]) << 4 | hex_digit(p[2]));
			p += 3;
		} else {
			cr_assert(*p == '\n' || (*p >= ' ' && *p <= '~') ||
			    *p == '\t');
			out[n++] = *p++;
		}
	}
	return n;
}

static void
check_qp(const char *text, size_t len)
{
	char *got = encoded(encode_quoted_printable, text, len);
	char *back = malloc(strlen(got) + 1);
	const char *line;
	size_t n;

	cr_assert_not_null(back);
	n = decode_qp(got, back);
	cr_assert_eq(n, len);
	cr_assert_eq(memcmp(back, text, len), 0);
	check_lines(got);
	cr_assert_null(strstr(got, "=_"));
	cr_assert_null(strstr(got, " \n"));
	cr_assert_null(strstr(got, "\t\n"));
	for (line = got; *line != '\0'; line += *line == '\n') {
		cr_assert_neq(line[0], '.');
		cr_assert_neq(strncmp(line, "From ", 5), 0);
		cr_assert_neq(strncmp(line, "--", 2), 0);
		line += strcspn(line, "\n");
	}
	free(back);
	free(got);
}

Test(encode, quoted_printable_comes_back_as_it_was)
{
	static const char *const texts[] = {"", "a", "a\n", "\n\n", "a =\n",
	    " \n", "\t", "x \nFrom me\n.\n..\nfrom\n", "From ", "=_", "a=_b",
	    "B\xc3\xbc\x63her", "a\rb", "\x01\x7f\xff", "<b class=\"x\">"};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check_qp(texts[i], strlen(texts[i]));
}

Test(encode, quoted_printable_breaks_lines_anywhere)
{
	static const char *const units[] = {
	    "a", "\xc3\xbc", "= ", ".", "From ", " ", "ab\t", "=_"};
	char text[400];
	size_t i, len;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		for (len = 60; len < 240; len++) {
			size_t k, unit = strlen(units[i]);

			for (k = 0; k < len; k++)
				text[k] = units[i][k % unit];
			check_qp(text, len);
		}
}

Test(encode, a_line_that_ends_in_cr_lf_ends_once)
{
	char *got = encoded(encode_quoted_printable, "a\r\nb\r\n", 6);

	cr_assert_str_eq(got, "a\nb\n");
	free(got);
}

/* ---- header fields ---- */

Test(encode, a_plain_field_is_left_as_it_is)
{
	char *got = support_written(as_subject, "FAILING: example.com");

	cr_assert_str_eq(got, "Subject: FAILING: example.com\n");
	free(got);
}

Test(encode, a_long_field_is_folded_at_its_spaces)
{
	char text[600];
	char *got;
	size_t i;

	for (i = 0; i + 1 < sizeof(text); i++)
		text[i] = i % 11 == 10 ? ' ' : 'x';
	text[i] = '\0';
	got = support_written(as_subject, text);
	check_lines(got);
	for (i = 0; got[i] != '\0'; i++)
		if (got[i] == '\n' && got[i + 1] != '\0')
			cr_assert_eq(got[i + 1], ' ');
	free(got);
}

Test(encode, a_field_ends_where_it_ends)
{
	static const char *const texts[] = {"a\nBcc: x@example.com",
	    "a\r\nBcc: x@example.com", "a\r\n\r\nbody", "\n", "a\x0b\x0c\x01"};
	char *got;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		got = support_written(as_subject, texts[i]);
		cr_assert_eq(
		    strchr(got, '\n'), got + strlen(got) - 1, "%s", got);
		cr_assert_null(strchr(got, '\r'));
		cr_assert_eq(strncmp(got, "Subject: =?UTF-8?B?", 19), 0);
		free(got);
	}
}

Test(encode, words_of_other_letters_are_encoded_and_kept_whole)
{
	char text[301] = "";
	char *got, *p, *end;
	size_t i, words = 0;

	for (i = 0; i < 100; i++)
		strcat(text, "\xe2\x82\xac");
	got = support_written(as_subject, text);
	check_lines(got);
	for (p = strstr(got, "=?"); p != NULL; p = strstr(end, "=?")) {
		end = strstr(p, "?=");
		cr_assert_not_null(end);
		end += 2;
		cr_assert(end - p <= ENCODE_WORD_MAX);
		/* 12 bytes around it, and characters of 3 bytes each. */
		cr_assert_eq((end - p - 12) % 4, 0);
		cr_assert_neq(end[-3], '=');
		words++;
	}
	cr_assert_gt(words, 400 / ENCODE_WORD_MAX);
	free(got);
}
