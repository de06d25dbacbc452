/* SPDX-License-Identifier: ISC */

/*
 * UTF-8, judged by the code point and not by the locale: a cron job has
 * none, and a report is UTF-8 whatever the terminal thinks.
 */

#include "config.h"

#include <string.h>

#include "base/utf8.h"

struct range {
	uint32_t first;
	uint32_t last;
};

static bool
in_ranges(uint32_t cp, const struct range *r, size_t n)
{
	size_t i;

	for (i = 0; i < n && r[i].first <= cp; i++)
		if (cp <= r[i].last)
			return true;
	return false;
}

/* Returns how many bytes a sequence takes that starts with first, or 0 if
 * none does. */
static size_t
sequence_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	/* 0x80 to 0xbf continue; 0xc0 and 0xc1 would be overlong. */
	if (first < 0xc2 || first > 0xf4)
		return 0;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

size_t
utf8_decode(const char *p, size_t len, uint32_t *cp)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *s = (const unsigned char *)p;
	size_t n = sequence_length(s[0]), i;
	uint32_t c;

	if (n == 1) {
		*cp = s[0];
		return 1;
	}
	*cp = UINT32_MAX;
	if (n == 0 || n > len)
		return 1;
	c = s[0] & (0x7fU >> n);
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 1;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 1;
	*cp = c;
	return n;
}

size_t
utf8_encode(uint32_t cp, char out[UTF8_MAX])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

size_t
utf8_ascii_prefix(const char *p, size_t len)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	uint64_t word;
	size_t i = 0;

	while (len - i >= sizeof(word)) {
		memcpy(&word, p + i, sizeof(word));
		if ((word & high) != 0)
			break;
		i += sizeof(word);
	}
	while (i < len && (unsigned char)p[i] < 0x80)
		i++;
	return i;
}

size_t
utf8_valid_prefix(const char *p, size_t len)
{
	size_t i = utf8_ascii_prefix(p, len), n;
	uint32_t cp;

	while (i < len) {
		n = utf8_decode(p + i, len - i, &cp);
		if (cp == UINT32_MAX)
			return i;
		i += n;
		i += utf8_ascii_prefix(p + i, len - i);
	}
	return len;
}

size_t
utf8_whole_prefix(const char *p, size_t len)
{
	size_t back;

	for (back = 1; back < UTF8_MAX && back <= len; back++)
		if (sequence_length((unsigned char)p[len - back]) > back)
			return len - back;
	return len;
}

/* Beside controls and noncharacters, the code points that Unicode has
 * displays ignore, but for variation selectors, which emoji need. */
bool
utf8_has_control(const char *p, size_t len)
{
	size_t i = 0;
	uint32_t cp;

	while (i < len) {
		i += utf8_decode(p + i, len - i, &cp);
		if (cp < 0x20 || (cp >= 0x7f && cp <= 0x9f))
			return true;
	}
	return false;
}

bool
utf8_is_dangerous(uint32_t cp)
{
	static const struct range bad[] = {{0x0000, 0x001f}, {0x007f, 0x009f},
	    {0x00ad, 0x00ad}, {0x034f, 0x034f}, {0x061c, 0x061c},
	    {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180e, 0x180e},
	    {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},
	    {0x3164, 0x3164}, {0xd800, 0xdfff}, {0xfdd0, 0xfdef},
	    {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb},
	    {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};

	return (cp & 0xfffe) == 0xfffe || cp > 0x10ffff ||
	    in_ranges(cp, bad, sizeof(bad) / sizeof(bad[0]));
}
