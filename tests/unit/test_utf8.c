/* SPDX-License-Identifier: ISC */

/*
 * UTF-8: every code point there and back, every sequence that is none, and
 * the tables of what is wide, invisible or dangerous.
 */

#include "config.h"

#include <string.h>

#include <criterion/criterion.h>

#include "base/span.h"
#include "base/utf8.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

Test(utf8, every_code_point_there_and_back)
{
	char text[UTF8_MAX];
	uint32_t cp, back;
	size_t n;

	for (cp = 0; cp <= 0x10ffff; cp++) {
		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		n = utf8_encode(cp, text);
		if (n !=
		    (cp < 0x80		   ? 1U
			    : cp < 0x800   ? 2U
			    : cp < 0x10000 ? 3U
					   : 4U))
			cr_assert_fail("U+%04X takes %zu bytes", cp, n);
		if (utf8_decode(text, n, &back) != n || back != cp)
			cr_assert_fail("U+%04X becomes U+%04X", cp, back);
		if (utf8_valid_prefix(text, n) != n)
			cr_assert_fail("U+%04X is not valid", cp);
		if (utf8_whole_prefix(text, n) != n)
			cr_assert_fail("U+%04X is not whole", cp);
		/* Cut anywhere, it is nothing. */
		for (; n > 1; n--)
			if (utf8_decode(text, n - 1, &back) != 1 ||
			    back != UINT32_MAX ||
			    utf8_valid_prefix(text, n - 1) != 0 ||
			    utf8_whole_prefix(text, n - 1) != 0)
				cr_assert_fail("U+%04X at %zu", cp, n - 1);
	}
}

Test(utf8, control_characters_are_found_and_nothing_else)
{
	char text[UTF8_MAX + 2] = "a";
	uint32_t cp;
	size_t n;
	bool is;

	for (cp = 0; cp <= 0xffff; cp++) {
		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		n = 1 + utf8_encode(cp, text + 1);
		is = cp < 0x20 || (cp >= 0x7f && cp < 0xa0);
		if (utf8_has_control(text, n) != is)
			cr_assert_fail("U+%04X", cp);
	}
	cr_assert_not(utf8_has_control("", 0));
	/* Latin-1 is no UTF-8, and a path may be either. */
	cr_assert_not(utf8_has_control("b\x9b"
				       "c\xc2",
	    4));
}

Test(utf8, every_two_bytes_are_a_pair_or_are_not)
{
	char text[3] = {0};
	uint32_t cp;
	int a, b;
	size_t n;

	for (a = 0; a < 256; a++)
		for (b = 0; b < 256; b++) {
			text[0] = (char)a;
			text[1] = (char)b;
			n = utf8_decode(text, 2, &cp);
			if (a < 0x80)
				cr_assert(n == 1 && cp == (uint32_t)a);
			else if (a >= 0xc2 && a <= 0xdf && (b & 0xc0) == 0x80)
				cr_assert(n == 2 && cp >= 0x80 && cp < 0x800);
			else
				cr_assert(n == 1 && cp == UINT32_MAX);
		}
}

Test(utf8, invalid_sequences_take_one_byte)
{
	static const struct span bad[] = {{"\x80", 1}, {"\xbf", 1},
	    {"\xc0\x80", 2}, /* overlong NUL */
	    {"\xc1\xbf", 2}, {"\xe0\x80\x80", 3}, {"\xe0\x9f\xbf", 3},
	    {"\xed\xa0\x80", 3}, /* the first surrogate */
	    {"\xed\xbf\xbf", 3}, /* and the last */
	    {"\xf0\x80\x80\x80", 4}, {"\xf0\x8f\xbf\xbf", 4},
	    {"\xf4\x90\x80\x80", 4}, /* U+110000 */
	    {"\xf5\x80\x80\x80", 4}, {"\xf8\x88\x80\x80\x80", 5},
	    {"\xfc\x84\x80\x80\x80\x80", 6}, {"\xfe", 1}, {"\xff", 1},
	    {"\xc3(", 2}, {"\xe2\x82(", 3}, {"\xe2(\xac", 3},
	    {"\xf0\x9f\x92(", 4}, {"\xf0\x9f(\xa3", 4}, {"\xf0(\x92\xa3", 4},
	    {"\xe4", 1}};
	uint32_t cp;
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		cp = 0;
		cr_assert_eq(utf8_decode(bad[i].p, bad[i].len, &cp), 1,
		    "sequence %zu", i);
		cr_assert_eq(cp, UINT32_MAX, "sequence %zu", i);
		cr_assert_eq(utf8_valid_prefix(bad[i].p, bad[i].len), 0);
	}
}

Test(utf8, the_valid_prefix_ends_before_the_first_bad_byte)
{
	cr_assert_eq(utf8_valid_prefix("", 0), 0);
	cr_assert_eq(utf8_valid_prefix(NULL, 0), 0);
	cr_assert_eq(utf8_valid_prefix("abc", 3), 3);
	cr_assert_eq(utf8_valid_prefix("a\0b", 3), 3);
	cr_assert_eq(utf8_valid_prefix("a\xc3\xa4\xff", 4), 3);
	cr_assert_eq(utf8_valid_prefix("a\xc3\xa4\xe2\x82", 5), 3);
}

Test(utf8, a_bad_byte_is_found_wherever_it_stands)
{
	char text[40];
	size_t len, at;

	for (len = 1; len <= sizeof(text); len++)
		for (at = 0; at < len; at++) {
			memset(text, 'x', sizeof(text));
			text[at] = '\xff';
			cr_assert_eq(utf8_valid_prefix(text, len), at);
			cr_assert_eq(utf8_valid_prefix(text, at), at);
			if (at + 1 == len)
				continue;
			memcpy(text + at, "\xc3\xa4", 2);
			cr_assert_eq(utf8_valid_prefix(text, len), len);
			cr_assert_eq(utf8_valid_prefix(text, at + 1), at);
		}
}

Test(utf8, only_a_sequence_at_the_very_end_is_cut)
{
	cr_assert_eq(utf8_whole_prefix("", 0), 0);
	cr_assert_eq(utf8_whole_prefix(NULL, 0), 0);
	cr_assert_eq(utf8_whole_prefix("abc", 3), 3);
	cr_assert_eq(utf8_whole_prefix("ab\xc3", 3), 2);
	cr_assert_eq(utf8_whole_prefix("ab\xc3\xa4", 4), 4);
	cr_assert_eq(utf8_whole_prefix("a\xf0\x9f\x92", 4), 1);
	cr_assert_eq(utf8_whole_prefix("\xc3"
				       "a",
			 2),
	    2);
	/* What is invalid anyway is left to others. */
	cr_assert_eq(utf8_whole_prefix("\xff", 1), 1);
	cr_assert_eq(utf8_whole_prefix("\x80\x80\x80\x80", 4), 4);
}

Test(utf8, columns_of_a_terminal)
{
	static const struct {
		uint32_t cp;
		int columns;
	} cps[] = {{0, 0}, {0x1f, 0}, {' ', 1}, {'~', 1}, {0x7f, 0}, {0x9f, 0},
	    {0xa0, 1}, {0xe4, 1}, {0x2ff, 1}, {0x300, 0}, {0x36f, 0},
	    {0x370, 1}, {0x5d0, 1}, {0x5b0, 0}, {0x5c1, 0}, {0x600, 1},
	    {0x0e01, 1}, {0x0e34, 0}, {0x10ff, 1}, {0x1100, 2}, {0x115f, 2},
	    {0x1160, 0}, {0x1200, 1}, {0x200b, 0}, {0x2026, 1}, {0x20ac, 1},
	    {0x2500, 1}, {0x2603, 1}, {0x26a1, 2}, {0x2705, 2}, {0x2e80, 2},
	    {0x3000, 2}, {0x302a, 0}, {0x303f, 1}, {0x3042, 2}, {0x3099, 0},
	    {0x4e00, 2}, {0xa4d0, 1}, {0xac00, 2}, {0xd7a3, 2}, {0xe000, 1},
	    {0xf900, 2}, {0xfe0f, 0}, {0xfeff, 0}, {0xff01, 2}, {0xff61, 1},
	    {0xffe0, 2}, {0x1d400, 1}, {0x1f004, 2}, {0x1f600, 2}, {0x1f4a3, 2},
	    {0x1fae0, 2}, {0x20000, 2}, {0x30000, 2}, {0xe0001, 0},
	    {0xe0100, 0}, {0x10ffff, 1}, {UINT32_MAX, 1}};
	size_t i;

	for (i = 0; i < COUNT(cps); i++)
		cr_assert_eq(utf8_columns(cps[i].cp), cps[i].columns,
		    "U+%04X has %d", cps[i].cp, utf8_columns(cps[i].cp));
}

/* The search through a table finds nothing unless the table is in order: so
 * every script's letters must have kept their widths. */
Test(utf8, columns_of_whole_blocks)
{
	static const struct {
		uint32_t first;
		uint32_t last;
		int columns;
	} blocks[] = {{0x20, 0x7e, 1}, {0xa1, 0xac, 1}, {0xae, 0x2ff, 1},
	    {0x300, 0x36f, 0}, {0x400, 0x482, 1}, {0x1100, 0x115f, 2},
	    {0x2500, 0x25fc, 1}, {0x3041, 0x3096, 2}, {0x30a0, 0x30ff, 2},
	    {0x3400, 0x4dbf, 2}, {0x4e00, 0xa48c, 2}, {0xac00, 0xd7a3, 2},
	    {0xe000, 0xf8ff, 1}, {0xfe00, 0xfe0f, 0}, {0x1dc0, 0x1dff, 0},
	    {0x1d400, 0x1d7cb, 1}, {0x1f600, 0x1f64f, 2}, {0x20000, 0x2a6df, 2},
	    {0xe0100, 0xe01ef, 0}, {0xf0000, 0xffffd, 1}};
	uint32_t cp;
	size_t i;

	for (i = 0; i < COUNT(blocks); i++)
		for (cp = blocks[i].first; cp <= blocks[i].last; cp++)
			cr_assert_eq(
			    utf8_columns(cp), blocks[i].columns, "U+%04X", cp);
}

Test(utf8, what_is_dangerous)
{
	static const uint32_t bad[][2] = {{0, 0x1f}, {0x7f, 0x9f}, {0xad, 0xad},
	    {0x34f, 0x34f}, {0x61c, 0x61c}, {0x115f, 0x1160}, {0x180e, 0x180e},
	    {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},
	    {0x3164, 0x3164}, {0xd800, 0xdfff}, {0xfdd0, 0xfdef},
	    {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb},
	    {0xfffe, 0xffff}, {0x1d173, 0x1d17a}, {0x1fffe, 0x1ffff},
	    {0xe0000, 0xe0fff}, {0x10fffe, 0x10ffff}, {0x110000, 0x110010},
	    {UINT32_MAX - 1, UINT32_MAX - 1}};
	uint32_t cp;
	size_t i;

	for (i = 0; i < COUNT(bad); i++)
		for (cp = bad[i][0]; cp <= bad[i][1]; cp++)
			cr_assert(utf8_is_dangerous(cp), "U+%04X", cp);
	cr_assert(utf8_is_dangerous(UINT32_MAX));
}

Test(utf8, what_is_not_dangerous)
{
	static const uint32_t good[][2] = {{0x20, 0x7e}, {0xa0, 0xac},
	    {0xae, 0x34e}, {0x350, 0x61b}, {0x61d, 0x115e}, {0x1161, 0x17b3},
	    {0x180f, 0x200a}, {0x2010, 0x2027}, {0x202f, 0x205f},
	    {0x2070, 0x3163}, {0x3165, 0xd7ff}, {0xe000, 0xfdcf},
	    {0xfdf0, 0xfefe}, {0xff00, 0xff9f}, {0xfffc, 0xfffd},
	    {0x10000, 0x1bc9f}, {0x1d17b, 0x1fffd}, {0x20000, 0x2fffd},
	    {0xe1000, 0xefffd}, {0x100000, 0x10fffd}};
	uint32_t cp;
	size_t i;

	for (i = 0; i < COUNT(good); i++)
		for (cp = good[i][0]; cp <= good[i][1]; cp++)
			if (utf8_is_dangerous(cp))
				cr_assert_fail("U+%04X", cp);
}

Test(utf8, ascii_is_told_wherever_it_ends)
{
	char text[40];
	size_t len, at;

	for (len = 0; len <= sizeof(text); len++) {
		memset(text, 'a', sizeof(text));
		cr_assert_eq(utf8_ascii_prefix(text, len), len);
		for (at = 0; at < len; at++) {
			memset(text, 'a', sizeof(text));
			text[at] = '\x80';
			cr_assert_eq(utf8_ascii_prefix(text, len), at);
			cr_assert_eq(utf8_valid_prefix(text, len), at);
			text[at] = '\x7f';
			cr_assert_eq(utf8_valid_prefix(text, len), len);
		}
	}
}
