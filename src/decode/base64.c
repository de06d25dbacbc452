/* SPDX-License-Identifier: ISC */

/*
 * Base64.  A report is mostly this, so that clean groups of four go through
 * a loop of their own; whatever else stands between them is looked at one
 * character at a time.
 */

#include "config.h"

#include <stdint.h>

#include "decode/base64.h"

/* Marks a digit in the table, whose other entries are 0. */
#define DIGIT 0x40

/* What the marks of four digits add up to in a group of 24 bits. */
#define GROUP_MARKS \
	(((uint32_t)DIGIT << 18) + (DIGIT << 12) + (DIGIT << 6) + DIGIT)

#define D(value) (DIGIT | (value))

/* clang-format off */
static const unsigned char digits[256] = {
	['A'] = D(0), ['B'] = D(1), ['C'] = D(2), ['D'] = D(3),
	['E'] = D(4), ['F'] = D(5), ['G'] = D(6), ['H'] = D(7),
	['I'] = D(8), ['J'] = D(9), ['K'] = D(10), ['L'] = D(11),
	['M'] = D(12), ['N'] = D(13), ['O'] = D(14), ['P'] = D(15),
	['Q'] = D(16), ['R'] = D(17), ['S'] = D(18), ['T'] = D(19),
	['U'] = D(20), ['V'] = D(21), ['W'] = D(22), ['X'] = D(23),
	['Y'] = D(24), ['Z'] = D(25), ['a'] = D(26), ['b'] = D(27),
	['c'] = D(28), ['d'] = D(29), ['e'] = D(30), ['f'] = D(31),
	['g'] = D(32), ['h'] = D(33), ['i'] = D(34), ['j'] = D(35),
	['k'] = D(36), ['l'] = D(37), ['m'] = D(38), ['n'] = D(39),
	['o'] = D(40), ['p'] = D(41), ['q'] = D(42), ['r'] = D(43),
	['s'] = D(44), ['t'] = D(45), ['u'] = D(46), ['v'] = D(47),
	['w'] = D(48), ['x'] = D(49), ['y'] = D(50), ['z'] = D(51),
	['0'] = D(52), ['1'] = D(53), ['2'] = D(54), ['3'] = D(55),
	['4'] = D(56), ['5'] = D(57), ['6'] = D(58), ['7'] = D(59),
	['8'] = D(60), ['9'] = D(61), ['+'] = D(62), ['/'] = D(63),
};
/* clang-format on */

/* A group that is being collected. */
struct group {
	uint32_t bits;
	unsigned count; /* of digits */
};

static unsigned
digit(char c)
{
	return digits[(unsigned char)c];
}

size_t
base64_bound(struct span in)
{
	return in.len / 4 * 3 + in.len % 4;
}

size_t
base64_size(struct span in)
{
	size_t i, n = 0;

	for (i = 0; i < in.len; i++) {
		if (digit(in.p[i]) != 0)
			n++;
		else if (in.p[i] == '=' && n % 4 >= 2)
			break;
	}
	return n / 4 * 3 + n % 4 * 3 / 4;
}

static char *
put3(char *out, uint32_t bits)
{
	out[0] = (char)(bits >> 16);
	out[1] = (char)(bits >> 8);
	out[2] = (char)bits;
	return out + 3;
}

/* Decodes groups of four digits with nothing but line ends in between. */
static const char *
decode_groups(const char *p, const char *end, char **out)
{
	char *o = *out;

	while (end - p >= 4) {
		unsigned a = digit(p[0]), b = digit(p[1]);
		unsigned c = digit(p[2]), d = digit(p[3]);

		if ((a & b & c & d & DIGIT) == 0) {
			if (*p != '\r' && *p != '\n')
				break;
			p++;
			continue;
		}
		p += 4;
		o = put3(o,
		    ((uint32_t)a << 18) + (b << 12) + (c << 6) + d -
			GROUP_MARKS);
	}
	*out = o;
	return p;
}

/* Writes what an incomplete group holds. */
static char *
decode_last(struct group g, char *out, bool *noise)
{
	if (g.count == 1)
		*noise = true;
	if (g.count >= 2)
		*out++ = (char)(g.bits >> (g.count == 2 ? 4 : 10));
	if (g.count == 3)
		*out++ = (char)(g.bits >> 2);
	return out;
}

/* True if nothing but white space and padding is left. */
static bool
is_over(const char *p, const char *end)
{
	while (p < end && (*p == '=' || ascii_is_space(*p)))
		p++;
	return p == end;
}

size_t
base64_decode(struct span in, char *out, bool *noise)
{
	const char *p = in.p, *end = in.p + in.len;
	struct group g = {0, 0};
	char *o = out;

	while (p < end) {
		if (g.count == 0) {
			p = decode_groups(p, end, &o);
			if (p == end)
				break;
		}
		if (digit(*p) != 0) {
			g.bits = g.bits << 6 | (digit(*p) - DIGIT);
			if (++g.count == 4) {
				o = put3(o, g.bits);
				g = (struct group){0, 0};
			}
		} else if (*p == '=' && g.count >= 2) {
			*noise = *noise || !is_over(p, end);
			break;
		} else if (!ascii_is_space(*p)) {
			*noise = true;
		}
		p++;
	}
	o = decode_last(g, o, noise);
	return (size_t)(o - out);
}
