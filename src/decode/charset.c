/* SPDX-License-Identifier: ISC */

/*
 * Character sets.  Report mails are ASCII but for what people put into
 * names and subjects; two sets besides UTF-8 cover nearly all of that.
 */

#include "config.h"

#include <stdint.h>

#include "base/utf8.h"
#include "decode/charset.h"

#define REPLACEMENT 0xfffd

struct charset_name {
	const char *name;
	enum charset charset;
};

static const struct charset_name names[] = {{"utf-8", CHARSET_UTF8},
    {"us-ascii", CHARSET_UTF8}, {"iso-8859-1", CHARSET_WINDOWS_1252},
    {"windows-1252", CHARSET_WINDOWS_1252}, {"utf8", CHARSET_UTF8},
    {"ascii", CHARSET_UTF8}, {"latin1", CHARSET_WINDOWS_1252},
    {"cp1252", CHARSET_WINDOWS_1252}, {"", CHARSET_UTF8}};

/* What windows-1252 has where ISO-8859-1 has controls, 0x80 to 0x9f. */
static const uint16_t windows_1252[] = {0x20ac, REPLACEMENT, 0x201a, 0x0192,
    0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152,
    REPLACEMENT, 0x017d, REPLACEMENT, REPLACEMENT, 0x2018, 0x2019, 0x201c,
    0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153,
    REPLACEMENT, 0x017e, 0x0178};

enum charset
charset_parse(struct span name)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_is(name, names[i].name))
			return names[i].charset;
	return CHARSET_UNKNOWN;
}

/* Takes one character that is not ASCII off the front of *s. */
static uint32_t
take(enum charset charset, struct span *s)
{
	unsigned char byte = (unsigned char)s->p[0];
	uint32_t cp = UINT32_MAX;
	size_t n = 1;

	if (charset == CHARSET_UTF8)
		n = utf8_decode(s->p, s->len, &cp);
	else if (charset == CHARSET_WINDOWS_1252)
		cp = byte < 0xa0 ? windows_1252[byte - 0x80] : byte;
	s->p += n;
	s->len -= n;
	return cp == UINT32_MAX ? REPLACEMENT : cp;
}

char *
charset_decode(enum charset charset, struct span bytes, char *out)
{
	while (bytes.len > 0) {
		if ((unsigned char)bytes.p[0] >= 0x80) {
			out += utf8_encode(take(charset, &bytes), out);
			continue;
		}
		if (bytes.p[0] == '\0')
			out += utf8_encode(REPLACEMENT, out);
		else
			*out++ = bytes.p[0];
		bytes.p++;
		bytes.len--;
	}
	return out;
}
