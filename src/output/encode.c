/* SPDX-License-Identifier: ISC */

/*
 * Base64, quoted-printable and header fields: whatever goes in, what comes
 * out are lines that no mail server has to break, join or convert.
 */

#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "output/encode.h"

static const char hex[] = "0123456789ABCDEF";

/* ---- base64 ---- */

/* Writes up to 3 bytes as 4 characters. */
static void
put_quantum(FILE *out, const unsigned char *p, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint32_t bits = (uint32_t)p[0] << 16 |
	    (n > 1 ? (uint32_t)p[1] << 8 : 0) | (n > 2 ? p[2] : 0);
	const char quantum[4] = {digits[bits >> 18], digits[bits >> 12 & 63],
	    n > 1 ? digits[bits >> 6 & 63] : '=',
	    n > 2 ? digits[bits & 63] : '='};

	fwrite(quantum, 1, sizeof(quantum), out);
}

void
encode_base64_plain(FILE *out, const void *data, size_t len)
{
	const unsigned char *p = data;
	size_t n;

	for (; len > 0; p += n, len -= n) {
		n = len < 3 ? len : 3;
		put_quantum(out, p, n);
	}
}

void
encode_base64(FILE *out, const void *data, size_t len)
{
	const char *p = data;
	size_t n;

	for (; len > 0; p += n, len -= n) {
		n = ENCODE_LINE_MAX / 4 * 3;
		if (len < n)
			n = len;
		encode_base64_plain(out, p, n);
		putc('\n', out);
	}
}

/* ---- quoted-printable ---- */

/* True if the line that begins at p asks for its first character to be
 * encoded. */
static bool
begins_oddly(const char *p, size_t len)
{
	return p[0] == '.' || (len >= 5 && memcmp(p, "From ", 5) == 0);
}

/* Returns the bytes of the line end at p; 0 if there is none. */
static size_t
line_end(const char *p, size_t len)
{
	if (len > 0 && p[0] == '\n')
		return 1;
	return len > 1 && p[0] == '\r' && p[1] == '\n' ? 2 : 0;
}

/* True if the character at p cannot stand as it is: within a line white space
 * can, but not at its end. */
static bool
is_encoded(const char *p, size_t len)
{
	if (p[0] == ' ' || p[0] == '\t')
		return len == 1 || line_end(p + 1, len - 1) > 0;
	return p[0] == '=' || p[0] < '!' || p[0] > '~';
}

void
encode_quoted_printable(FILE *out, const char *text, size_t len)
{
	size_t n, width, at = 0;
	bool encoded;

	for (; len > 0; text += n, len -= n) {
		n = line_end(text, len);
		if (n > 0) {
			putc('\n', out);
			at = 0;
			continue;
		}
		n = 1;
		encoded = is_encoded(text, len) ||
		    (at == 0 && begins_oddly(text, len));
		width = encoded ? 3 : 1;
		/* The last column is for the "=" of a soft line break. */
		if (at + width > ENCODE_LINE_MAX - 1) {
			fputs("=\n", out);
			at = 0;
			encoded = encoded || begins_oddly(text, len);
			width = encoded ? 3 : 1;
		}
		if (encoded)
			fprintf(out, "=%c%c", hex[(unsigned char)*text >> 4],
			    hex[(unsigned char)*text & 15]);
		else
			putc(*text, out);
		at += width;
	}
}

/* ---- header fields ---- */

static bool
is_printable(const char *text)
{
	while (*text >= ' ' && *text <= '~')
		text++;
	return *text == '\0';
}

/* Writes encoded words, as many as it takes; characters are kept whole. */
static void
put_encoded_words(FILE *out, size_t at, const char *text)
{
	static const char head[] = "=?UTF-8?B?", tail[] = "?=";
	const size_t frame = strlen(head) + strlen(tail);
	size_t n, room, len = strlen(text);

	for (; len > 0; text += n, len -= n) {
		/* The first line has the name of the field, too. */
		room = (ENCODE_WORD_MAX - frame - at) / 4 * 3;
		at = 0;
		n = len;
		if (n > room)
			n = utf8_whole_prefix(text, room);
		if (n == 0)
			n = room; /* no UTF-8 */
		fputs(head, out);
		encode_base64_plain(out, text, n);
		fputs(tail, out);
		fputs(n < len ? "\n " : "", out);
	}
}

/* Writes words; a line ends before one that would not fit. */
static void
put_folded(FILE *out, size_t at, const char *text)
{
	size_t n;

	while (*text != '\0') {
		n = strspn(text, " ");
		n += strcspn(text + n, " ");
		/* A line of white space alone would be none (RFC 5322 3.2.2),
		 * and so would be one that ends the field. */
		if (at + n > ENCODE_LINE_MAX && text[0] == ' ' &&
		    text[strspn(text, " ")] != '\0') {
			putc('\n', out);
			at = 0;
		}
		fwrite(text, 1, n, out);
		text += n;
		at += n;
	}
}

void
encode_field(FILE *out, const char *name, const char *text)
{
	const size_t at = strlen(name) + 2;

	fprintf(out, "%s: ", name);
	if (is_printable(text))
		put_folded(out, at, text);
	else
		put_encoded_words(out, at, text);
	putc('\n', out);
}
