/* SPDX-License-Identifier: ISC */

/*
 * Transfer encodings: names as senders write them, every length and break of
 * base64, quoted-printable as its RFC bends it, and the cap.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/die.h"
#include "decode/base64.h"
#include "decode/transfer.h"
#include "pack.h"
#include "support.h"

#define OUT_CAP ((size_t)1 << 20)

struct decoding {
	struct span in;
	struct span want;
	bool noise;
};

#define DECODING(in, want, noise)                                         \
	{                                                                 \
		{(in), sizeof(in) - 1}, {(want), sizeof(want) - 1}, noise \
	}

/* Decodes a copy whose end the sanitizer knows. */
static void
expect(enum transfer encoding, const struct decoding *d)
{
	char *copy = xmalloc(d->in.len + 1);
	struct buf out = {.cap = OUT_CAP};
	bool noise = false;

	memcpy(copy, d->in.p, d->in.len);
	copy[d->in.len] = 'A';
	cr_assert_eq(transfer_decode(encoding, (struct span){copy, d->in.len},
			 &out, &noise),
	    0);
	buf_string(&out);
	cr_assert(span_equal((struct span){out.data, out.len}, d->want),
	    "\"%.*s\": got \"%s\"", (int)d->in.len, d->in.p, out.data);
	cr_assert_eq(noise, d->noise, "\"%.*s\"", (int)d->in.len, d->in.p);
	buf_free(&out);
	free(copy);
}

Test(transfer, names_are_read_leniently)
{
	static const struct {
		const char *value;
		enum transfer want;
	} rows[] = {{"base64", TRANSFER_BASE64},
	    {" BASE64\r\n", TRANSFER_BASE64},
	    {" base64 (8460)", TRANSFER_BASE64}, {"base64;", TRANSFER_BASE64},
	    {"(x) base64; x=y", TRANSFER_BASE64},
	    {"\"base64\"", TRANSFER_BASE64},
	    {"Quoted-Printable", TRANSFER_QUOTED_PRINTABLE},
	    {"7bit", TRANSFER_IDENTITY}, {"8BIT", TRANSFER_IDENTITY},
	    {"8-bit", TRANSFER_IDENTITY}, {"7-bit", TRANSFER_IDENTITY},
	    {"binary", TRANSFER_IDENTITY}, {"", TRANSFER_IDENTITY},
	    {" \r\n\t", TRANSFER_IDENTITY}, {"\"\"", TRANSFER_IDENTITY},
	    {"\"", TRANSFER_UNKNOWN}, {"base6", TRANSFER_UNKNOWN},
	    {"base644", TRANSFER_UNKNOWN}, {"x-uuencode", TRANSFER_UNKNOWN},
	    {"base64 base64", TRANSFER_UNKNOWN}};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_assert_eq(transfer_parse(span_of(rows[i].value)),
		    rows[i].want, "%s", rows[i].value);
	cr_assert_eq(transfer_parse((struct span){NULL, 0}), TRANSFER_IDENTITY);
}

Test(transfer, identity_and_unknown_are_copied)
{
	static const struct decoding rows[] = {DECODING("", "", false),
	    DECODING("a=41\r\n \0\377", "a=41\r\n \0\377", false)};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		expect(TRANSFER_IDENTITY, &rows[i]);
		expect(TRANSFER_UNKNOWN, &rows[i]);
	}
}

Test(transfer, nothing_is_added_to_what_was_there)
{
	struct buf out = {.cap = OUT_CAP};
	bool noise = true;

	buf_append(&out, "x", 1);
	transfer_decode(TRANSFER_BASE64, SPAN("QUJD"), &out, &noise);
	transfer_decode(TRANSFER_QUOTED_PRINTABLE, SPAN("=44"), &out, &noise);
	transfer_decode(TRANSFER_IDENTITY, SPAN("E"), &out, &noise);
	transfer_decode(TRANSFER_BASE64, (struct span){NULL, 0}, &out, &noise);
	transfer_decode(
	    TRANSFER_QUOTED_PRINTABLE, (struct span){NULL, 0}, &out, &noise);
	cr_assert_str_eq(buf_string(&out), "xABCDE");
	cr_assert(noise, "noise is never cleared");
	buf_free(&out);
}

Test(transfer, base64_is_decoded)
{
	static const struct decoding rows[] = {DECODING("", "", false),
	    DECODING("QQ==", "A", false), DECODING("QUI=", "AB", false),
	    DECODING("QUJD", "ABC", false), DECODING("QUJDRA==", "ABCD", false),
	    DECODING("QU\r\nJD\nRA\t= =\r\n", "ABCD", false),
	    DECODING("Q\rU\rJ\rD\r", "ABC", false),
	    DECODING(" \v\f QUJD\n\n\n", "ABC", false),
	    DECODING("////", "\377\377\377", false),
	    DECODING("++++AAAA", "\373\357\276\0\0\0", false),
	    DECODING("QUJDRA", "ABCD", false), DECODING("QUI", "AB", false),
	    DECODING("QQ=", "A", false), DECODING("QR==", "A", false)};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(TRANSFER_BASE64, &rows[i]);
}

Test(transfer, base64_passes_over_what_does_not_belong)
{
	static const struct decoding rows[] = {DECODING("Q", "", true),
	    DECODING("QUJDR", "ABC", true), DECODING("Q=", "", true),
	    DECODING("=", "", true), DECODING("=QUJD", "ABC", true),
	    DECODING("QUJD=", "ABC", true), DECODING("QU*JD", "ABC", true),
	    DECODING("QU\0JD", "ABC", true), DECODING("QUJD-_", "ABC", true),
	    DECODING("\377\200QUJD", "ABC", true),
	    DECODING("QQ==QQ==", "A", true), DECODING("QQ==\n-- \n", "A", true),
	    DECODING("QUI=x", "AB", true), DECODING("Q=UJD", "ABC", true)};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(TRANSFER_BASE64, &rows[i]);
}

Test(transfer, every_byte_is_a_digit_white_space_or_noise)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
				     "pqrstuvwxyz0123456789+/";
	size_t i, n;
	bool noise;
	char in[4] = "AAAA", out[4];

	for (i = 0; i < 256; i++) {
		const char *at = i > 0 ? strchr(digits, (int)i) : NULL;

		in[3] = (char)i;
		noise = false;
		n = base64_decode((struct span){in, 4}, out, &noise);
		cr_assert_eq(n, at != NULL ? 3 : 2, "%zu", i);
		cr_assert_eq(n, base64_size((struct span){in, 4}));
		cr_assert_eq(noise,
		    at == NULL && !ascii_is_space((char)i) && i != '=', "%zu",
		    i);
		if (at != NULL)
			cr_assert_eq(out[2], at - digits);
	}
}

/* Breaks text into lines of width characters and decodes it again. */
static void
expect_lines(struct span data, struct span text, size_t width)
{
	struct buf lines = {.cap = OUT_CAP}, out = {.cap = OUT_CAP};
	bool noise = false;
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (ascii_is_space(text.p[i]))
			continue;
		buf_append(&lines, &text.p[i], 1);
		if (i % width == width - 1)
			buf_append(&lines, "\r\n", i % 2 + 1);
	}
	cr_assert_eq(transfer_decode(TRANSFER_BASE64,
			 (struct span){lines.data, lines.len}, &out, &noise),
	    0);
	cr_assert(span_equal(data, (struct span){out.data, out.len}));
	cr_assert_not(noise && width % 2 == 0);
	cr_assert_eq(
	    out.len, base64_size((struct span){lines.data, lines.len}));
	buf_free(&lines);
	buf_free(&out);
}

Test(transfer, base64_of_any_length_comes_back)
{
	char data[300];
	size_t len;

	for (len = 0; len < sizeof(data); len++)
		data[len] = (char)(len * 37 + len / 7);
	for (len = 1; len < sizeof(data); len++) {
		struct span s = {data, len};
		struct buf text = pack_base64(s);

		expect_lines(s, (struct span){text.data, text.len}, 76);
		expect_lines(s, (struct span){text.data, text.len}, len);
		expect_lines(s, (struct span){text.data, text.len}, 3);
		buf_free(&text);
	}
}

Test(transfer, quoted_printable_is_decoded)
{
	static const struct decoding rows[] = {DECODING("", "", false),
	    DECODING("a b", "a b", false), DECODING("=41=4a=4A", "AJJ", false),
	    DECODING("a=\nb=\r\nc", "abc", false),
	    DECODING("a=  \t\r\nb", "ab", false),
	    DECODING("a \t\r\nb ", "a\r\nb", false),
	    DECODING("a\nb\r\n\n", "a\nb\r\n\n", false),
	    DECODING("=20\n=09", " \n\t", false), DECODING("a=", "a", false),
	    DECODING("a=\r\r\nb", "ab", false), DECODING("=00", "\0", false),
	    DECODING("\303\266=C3=B6", "\303\266\303\266", false),
	    DECODING("=3D=3d", "==", false), DECODING("=\n=\n=\n", "", false),
	    DECODING("a\rb", "a\rb", false)};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(TRANSFER_QUOTED_PRINTABLE, &rows[i]);
}

Test(transfer, quoted_printable_keeps_a_sign_that_escapes_nothing)
{
	static const struct decoding rows[] = {DECODING("a=b", "a=b", true),
	    DECODING("a=4", "a=4", true), DECODING("=4g=41", "=4gA", true),
	    DECODING("==41", "=A", true), DECODING("a==\nb", "a=b", true),
	    DECODING("= 41\n", "= 41\n", true),
	    DECODING("=\0\x34", "=\0\x34", true)};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(TRANSFER_QUOTED_PRINTABLE, &rows[i]);
}

static void
expect_cap(enum transfer encoding, const char *in, size_t cap, int want)
{
	struct buf out = {.cap = cap};
	bool noise = false;

	cr_assert_eq(transfer_decode(encoding, span_of(in), &out, &noise), want,
	    "%s into %zu", in, cap);
	cr_assert_leq(out.len, cap);
	buf_free(&out);
}

Test(transfer, the_cap_is_for_what_comes_out)
{
	expect_cap(TRANSFER_IDENTITY, "abc", 3, 0);
	expect_cap(TRANSFER_IDENTITY, "abc", 2, -1);
	expect_cap(TRANSFER_BASE64, "QUJD", 3, 0);
	expect_cap(TRANSFER_BASE64, "QUJD", 2, -1);
	expect_cap(TRANSFER_BASE64, "Q U\r\nJ\r\nD\r\n    ", 3, 0);
	expect_cap(TRANSFER_BASE64, "Q U\r\nJ\r\nD\r\n    ", 2, -1);
	expect_cap(TRANSFER_BASE64, "QQ==QUJDQUJD", 1, 0);
	expect_cap(TRANSFER_BASE64, "QQ==", 0, -1);
	expect_cap(TRANSFER_BASE64, "QUI=", 1, -1);
	expect_cap(TRANSFER_BASE64, "QUI", 2, 0);
	expect_cap(TRANSFER_QUOTED_PRINTABLE, "=41=42=43", 3, 0);
	expect_cap(TRANSFER_QUOTED_PRINTABLE, "=41=42=43", 2, -1);
	expect_cap(TRANSFER_QUOTED_PRINTABLE, "=41", 0, -1);
	expect_cap(TRANSFER_QUOTED_PRINTABLE, "ab=41", 1, -1);
	expect_cap(TRANSFER_QUOTED_PRINTABLE, "a=b", 2, -1);
	expect_cap(TRANSFER_QUOTED_PRINTABLE, "a \n", 1, -1);
	expect_cap(TRANSFER_QUOTED_PRINTABLE, "a \n", 2, 0);
}

Test(transfer, a_footer_behind_the_padding_is_passed_over)
{
	struct buf b = support_read("lenient/mailing-list-footer.eml");
	struct span mail = {b.data, b.len};
	const char *start = span_find(mail, "H4sI");
	const char *footer = span_find(mail, "____");
	struct buf out = {.cap = OUT_CAP}, clean = {.cap = OUT_CAP};
	bool noise = false;

	cr_assert(start != NULL && footer != NULL);
	mail = (struct span){start, (size_t)(footer - start)};
	cr_assert_eq(transfer_decode(TRANSFER_BASE64, mail, &clean, &noise), 0);
	cr_assert_not(noise);
	mail.len = (size_t)(b.data + b.len - start);
	cr_assert_eq(transfer_decode(TRANSFER_BASE64, mail, &out, &noise), 0);
	cr_assert(noise);
	cr_assert(span_equal((struct span){out.data, out.len},
	    (struct span){clean.data, clean.len}));
	cr_assert_eq(out.len, base64_size(mail));
	buf_free(&clean);
	buf_free(&out);
	buf_free(&b);
}
