/* SPDX-License-Identifier: ISC */

/*
 * The text within JSON strings.  Senders quote servers, and servers say
 * anything: so what a string holds is no reason to refuse a report, but it
 * is made fit to be stored before anything else reads it.
 */

#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"
#include "decode/jsonstring.h"

#define SURROGATE_FIRST 0xd800
#define SURROGATE_LOW	0xdc00
#define SURROGATE_LAST	0xdfff

/* Returns the value of the 4 hexadecimal digits at p, or -1. */
static int32_t
hex4(const char *p, const char *end)
{
	int high, low;

	if (end - p < 4)
		return -1;
	high = ascii_hex(p, 2);
	low = ascii_hex(p + 2, 2);
	return high == -1 || low == -1 ? -1 : high << 8 | low;
}

/* Reads the 4 digits of a \u escape at p, and a second escape when the two
 * are a surrogate pair.  Returns how many bytes that takes behind the first
 * "\u", and sets *cp, to UINT32_MAX for a surrogate that stands alone;
 * returns 0 if there are no 4 digits. */
static size_t
unicode_escape(const char *p, const char *end, uint32_t *cp)
{
	int32_t high = hex4(p, end), low = -1;

	if (high == -1)
		return 0;
	*cp = (uint32_t)high;
	if (high < SURROGATE_FIRST || high > SURROGATE_LAST)
		return 4;
	*cp = UINT32_MAX;
	if (high < SURROGATE_LOW && end - p >= 10 && p[4] == '\\' &&
	    p[5] == 'u')
		low = hex4(p + 6, end);
	if (low < SURROGATE_LOW || low > SURROGATE_LAST)
		return 4;
	*cp = 0x10000U + ((uint32_t)(high - SURROGATE_FIRST) << 10) +
	    (uint32_t)(low - SURROGATE_LOW);
	return 10;
}

static bool
is_noncharacter(uint32_t cp)
{
	return (cp & 0xfffe) == 0xfffe || (cp >= 0xfdd0 && cp <= 0xfdef);
}

/* Returns what a code point is to be noted as. */
static unsigned
judge(uint32_t cp)
{
	if (cp == 0 || cp == UINT32_MAX)
		return JSONSTRING_UNFIT;
	return is_noncharacter(cp) ? JSONSTRING_ODD : 0;
}

static bool
is_escape(char c)
{
	switch (c) {
	case '"':
	case '\\':
	case '/':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't':
	case 'u':
		return true;
	default:
		return false;
	}
}

/* Passes the escape at *p.  Returns NULL, or what is wrong with it. */
static const char *
scan_escape(const char **p, const char *end, unsigned *found)
{
	const char *s = *p;
	uint32_t cp;
	size_t n;

	if (end - s < 2 || !is_escape(s[1]))
		return "no such escape (RFC 8259 7)";
	*p += 2;
	if (s[1] != 'u')
		return NULL;
	n = unicode_escape(*p, end, &cp);
	if (n == 0)
		return "\\u without 4 digits (RFC 8259 7)";
	*found |= judge(cp);
	*p += n;
	return NULL;
}

const char *
jsonstring_scan(const char **p, const char *end, unsigned *found)
{
	const char *s = *p + 1, *wrong;
	uint32_t cp;

	for (;;) {
		s = jsonstring_skip_plain(s, end);
		if (s == end)
			return "the string has no end";
		if (*s == '"')
			break;
		if (*s == '\\') {
			*p = s;
			wrong = scan_escape(&s, end, found);
			if (wrong != NULL)
				return wrong;
		} else if ((unsigned char)*s < ' ') {
			*found |= JSONSTRING_UNFIT;
			s++;
		} else {
			s += utf8_decode(s, (size_t)(end - s), &cp);
			*found |= judge(cp);
		}
	}
	*p = s + 1;
	return NULL;
}

/* Appends a raw control character other than NUL as its escape. */
static int
mend_control(struct buf *out, char c)
{
	static const char letters[] = "btn\0fr"; /* from U+0008 on */
	static const char hex[] = "0123456789abcdef";
	char escape[] = "\\u0000";

	if (c >= '\b' && c <= '\r' && c != '\v') {
		escape[1] = letters[c - '\b'];
		return buf_append(out, escape, 2);
	}
	escape[4] = hex[c >> 4 & 0xf];
	escape[5] = hex[c & 0xf];
	return buf_append(out, escape, 6);
}

/* Appends what is at p in a string, an escape or one that is no plain ASCII
 * character.  Returns how many bytes of it that took, or 0 at out's cap. */
static size_t
mend_char(struct buf *out, const char *p, const char *end)
{
	const char *text = p;
	uint32_t cp = ' ';
	size_t n, len;
	int rc;

	if (*p != '\0' && (unsigned char)*p < ' ')
		return mend_control(out, *p) == -1 ? 0 : 1;
	if (*p == '\\')
		n = p[1] == 'u' ? 2 + unicode_escape(p + 2, end, &cp) : 2;
	else
		n = utf8_decode(p, (size_t)(end - p), &cp);
	len = n;
	if (cp == 0 || cp == UINT32_MAX) {
		text = UTF8_REPLACEMENT;
		len = strlen(UTF8_REPLACEMENT);
	}
	rc = buf_append(out, text, len);
	return rc == -1 ? 0 : n;
}

static const char *
skip_to_quote(const char *p, const char *end)
{
	const char *quote = memchr(p, '"', (size_t)(end - p));

	return quote != NULL ? quote : end;
}

int
jsonstring_mend(struct span json, struct buf *out)
{
	const char *p = json.p, *end = json.p + json.len, *start;
	bool in_string = false, quote;
	size_t n;

	while (p < end) {
		start = p;
		p = in_string ? jsonstring_skip_plain(p, end)
			      : skip_to_quote(p, end);
		quote = p < end && *p == '"';
		p += quote;
		if (buf_append(out, start, (size_t)(p - start)) == -1)
			return -1;
		if (quote) {
			in_string = !in_string;
		} else if (p < end) {
			n = mend_char(out, p, end);
			if (n == 0)
				return -1;
			p += n;
		}
	}
	return 0;
}
