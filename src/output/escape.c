/* SPDX-License-Identifier: ISC */

/*
 * Every escaper.  Text is judged by its code points, one by one, and what is
 * harmless is passed on untouched in as long a piece as possible: most cells
 * and names are ASCII and leave in one write.
 */

#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "base/utf8.h"
#include "output/escape.h"

/* "<U+10FFFF>" and a NUL. */
#define SHOWN_MAX 11

/* Digits that a spreadsheet would round (15) or show as 1E+11 (12). */
#define LONG_DIGITS 12

/* The longest name in the DNS (RFC 1035 2.3.4), in text. */
#define HOST_NAME_MAX_LEN 253

static bool
is_plain_ascii(char c)
{
	return c >= ' ' && c <= '~';
}

/* Returns how many bytes at text make one character.  shown gets what must
 * be written in its stead, or "" where the character may stand as it is. */
static size_t
next_char(const char *text, size_t len, char shown[SHOWN_MAX])
{
	uint32_t cp;
	size_t n = utf8_decode(text, len, &cp);

	shown[0] = '\0';
	if (cp == UINT32_MAX)
		snprintf(shown, SHOWN_MAX, "<%02X>", (unsigned char)text[0]);
	else if (utf8_is_dangerous(cp))
		snprintf(shown, SHOWN_MAX, "<U+%04X>", (unsigned)cp);
	return n;
}

/* Returns the bytes from text on that need no second look. */
static size_t
plain_prefix(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && is_plain_ascii(text[n]))
		n++;
	return n;
}

void
escape_text(FILE *out, const char *text)
{
	size_t n, len = strlen(text);
	char shown[SHOWN_MAX];

	while (len > 0) {
		n = plain_prefix(text, len);
		fwrite(text, 1, n, out);
		text += n;
		len -= n;
		if (len == 0)
			break;
		n = next_char(text, len, shown);
		if (shown[0] != '\0')
			fputs(shown, out);
		else
			fwrite(text, 1, n, out);
		text += n;
		len -= n;
	}
}

size_t
escape_text_columns(const char *text)
{
	size_t n, columns = 0, len = strlen(text);
	char shown[SHOWN_MAX];
	uint32_t cp;

	for (; len > 0; text += n, len -= n) {
		n = next_char(text, len, shown);
		if (shown[0] != '\0') {
			columns += strlen(shown);
			continue;
		}
		utf8_decode(text, len, &cp);
		columns += (size_t)utf8_columns(cp);
	}
	return columns;
}

/* ---- CSV ---- */

/* True for what begins a formula, in the widths that spreadsheets know. */
static bool
starts_formula(const char *text)
{
	static const char *const wide[] = {"\xef\xbc\x9d", "\xef\xbc\x8b",
	    "\xef\xbc\x8d", "\xef\xbc\xa0"}; /* = + - @ */
	size_t i;

	while (*text == ' ')
		text++;
	if (*text == '\0')
		return false;
	if (strchr("=+-@\t\r\n", *text) != NULL)
		return true;
	if (is_plain_ascii(*text))
		return false;
	for (i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (strncmp(text, wide[i], strlen(wide[i])) == 0)
			return true;
	return false;
}

static bool
is_long_number(const char *text)
{
	size_t len = strspn(text, "0123456789");

	return len >= LONG_DIGITS && text[len] == '\0';
}

/* True for a cell that is ASCII without anything special: nearly all. */
static bool
is_plain_cell(const char *text, char separator)
{
	size_t i;

	for (i = 0; is_plain_ascii(text[i]); i++)
		if (text[i] == '"' || text[i] == separator)
			return false;
	return text[i] == '\0' && text[0] != ' ' &&
	    (i == 0 || text[i - 1] != ' ') && !starts_formula(text);
}

static bool
needs_quotes(const char *text, char separator)
{
	size_t len = strlen(text);

	return len > 0 &&
	    (text[0] == ' ' || text[len - 1] == ' ' ||
		strpbrk(text, "\"\t\n") != NULL ||
		strchr(text, separator) != NULL);
}

/* Writes text as the inside of a cell; what asks for quotes is in them. */
static void
write_cell(FILE *out, const char *text)
{
	size_t n, len = strlen(text);
	char shown[SHOWN_MAX];

	for (; len > 0; text += n, len -= n) {
		n = next_char(text, len, shown);
		if (text[0] == '"')
			fputs("\"\"", out);
		else if (text[0] == '\r' && text[1] == '\n')
			continue;
		else if (text[0] == '\t' || text[0] == '\n')
			putc(text[0], out);
		else if (shown[0] != '\0')
			fputs(shown, out);
		else
			fwrite(text, 1, n, out);
	}
}

void
escape_csv(FILE *out, const char *text, char separator, bool long_digits)
{
	bool quotes;

	if (long_digits && is_long_number(text)) {
		fprintf(out, "\"=\"\"%s\"\"\"", text);
		return;
	}
	if (is_plain_cell(text, separator)) {
		/* Quicker than fputs for the few bytes of a cell. */
		for (; *text != '\0'; text++)
			putc_unlocked(*text, out);
		return;
	}
	quotes = needs_quotes(text, separator);
	if (quotes)
		putc('"', out);
	if (starts_formula(text))
		putc('\'', out);
	write_cell(out, text);
	if (quotes)
		putc('"', out);
}

/* ---- JSON ---- */

/* Writes a code point as one or two \uXXXX. */
static void
write_json_escape(FILE *out, uint32_t cp)
{
	if (cp > 0xffff) {
		cp -= 0x10000;
		fprintf(out, "\\u%04x", (unsigned)(0xd800 | cp >> 10));
		cp = 0xdc00 | (cp & 0x3ff);
	}
	fprintf(out, "\\u%04x", (unsigned)cp);
}

/* Returns the bytes from text on that stand in JSON as they are. */
static size_t
json_prefix(const char *text)
{
	size_t n = 0;

	while (is_plain_ascii(text[n]) && text[n] != '"' && text[n] != '\\')
		n++;
	return n;
}

void
escape_json(FILE *out, const char *text)
{
	size_t n, len = strlen(text);
	uint32_t cp;

	putc_unlocked('"', out);
	for (; len > 0; text += n, len -= n) {
		n = json_prefix(text);
		if (n > 0) {
			fwrite(text, 1, n, out);
			continue;
		}
		n = utf8_decode(text, len, &cp);
		if (cp == '"' || cp == '\\')
			fprintf(out, "\\%c", (char)cp);
		else if (cp == UINT32_MAX)
			write_json_escape(out, 0xfffd);
		else if (utf8_is_dangerous(cp))
			write_json_escape(out, cp);
		else
			fwrite(text, 1, n, out);
	}
	putc_unlocked('"', out);
}

/* ---- metrics ---- */

void
escape_label(FILE *out, const char *text)
{
	size_t n, len = strlen(text);
	char shown[SHOWN_MAX];

	putc_unlocked('"', out);
	for (; len > 0; text += n, len -= n) {
		n = json_prefix(text);
		if (n > 0) {
			fwrite(text, 1, n, out);
			continue;
		}
		n = next_char(text, len, shown);
		if (text[0] == '"' || text[0] == '\\')
			putc_unlocked('\\', out);
		if (shown[0] != '\0')
			fputs(shown, out);
		else
			fwrite(text, 1, n, out);
	}
	putc_unlocked('"', out);
}

/* ---- HTML ---- */

/* Returns what must be written in the stead of an ASCII character, or NULL. */
static const char *
html_entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* Returns the bytes from text on that need no second look in HTML. */
static size_t
html_prefix(const char *text, size_t len)
{
	size_t n = 0;

	while (
	    n < len && is_plain_ascii(text[n]) && html_entity(text[n]) == NULL)
		n++;
	return n;
}

void
escape_html(FILE *out, const char *text)
{
	size_t n, len = strlen(text);
	char shown[SHOWN_MAX];
	const char *entity;

	for (; len > 0; text += n, len -= n) {
		n = html_prefix(text, len);
		if (n > 0) {
			fwrite(text, 1, n, out);
			continue;
		}
		n = next_char(text, len, shown);
		entity = html_entity(text[0]);
		if (entity != NULL)
			fputs(entity, out);
		else if (shown[0] == '\0')
			fwrite(text, 1, n, out);
		else /* "<U+202E>" */
			fprintf(out, "&lt;%.*s&gt;", (int)strlen(shown) - 2,
			    shown + 1);
	}
}

bool
escape_is_host_name(const char *text)
{
	size_t i;

	if (text[0] == '-' || text[0] == '.')
		return false;
	for (i = 0; text[i] != '\0'; i++)
		if (!ascii_is_alnum(text[i]) && strchr("-._", text[i]) == NULL)
			return false;
	return i > 0 && i <= HOST_NAME_MAX_LEN;
}
