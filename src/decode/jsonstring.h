/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_JSONSTRING_H
#define TLSTALLY_DECODE_JSONSTRING_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/span.h"

/* The text within JSON strings (RFC 8259 7, RFC 7493 2.1). */

enum jsonstring_found {
	JSONSTRING_ODD = 1,  /* a noncharacter, which may stay */
	JSONSTRING_UNFIT = 2 /* invalid UTF-8, a lone surrogate, NUL, a raw
				control character: must be mended */
};

/* The same byte in all 8 of a word. */
#define JSONSTRING_EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/*
 * Returns the first byte from p on that is not plain, or end.  Plain is what
 * a string holds almost always: printable ASCII, but no quote or backslash.
 *
 * Strings are most of a report, so they are judged in words of 8 bytes: one
 * that is not plain sets its top bit in one of the terms, by being over 0x7f,
 * by borrowing when 0x20 is taken off it, or when 1 is taken off its
 * difference, zero, from a quote or backslash.  A borrow can only mislead
 * about bytes above, so the lowest bit that is set is always right.
 */
static inline const char *
jsonstring_skip_plain(const char *p, const char *end)
{
	uint64_t w, odd;

	for (; end - p >= (ptrdiff_t)sizeof(w); p += sizeof(w)) {
		memcpy(&w, p, sizeof(w));
		w = le64toh(w);
		odd = w | (w - JSONSTRING_EACH(' ')) |
		    ((w ^ JSONSTRING_EACH('"')) - JSONSTRING_EACH(1)) |
		    ((w ^ JSONSTRING_EACH('\\')) - JSONSTRING_EACH(1));
		odd &= JSONSTRING_EACH(0x80);
		if (odd != 0)
			return p + __builtin_ctzll(odd) / 8;
	}
	while (p < end && (unsigned char)(*p - ' ') < 0x60 && *p != '"' &&
	    *p != '\\')
		p++;
	return p;
}

/* Passes the string whose opening quote is at *p; *found takes the flags of
 * enum jsonstring_found.  Returns NULL, and *p is behind the closing quote;
 * or what is wrong, and *p is near it. */
const char *jsonstring_scan(const char **p, const char *end, unsigned *found);

/* Writes JSON, all of whose strings have passed a scan, behind what out
 * holds: invalid UTF-8, lone surrogates and NUL as U+FFFD, raw control
 * characters in strings as escapes.  Returns 0, or -1 at out's cap. */
int jsonstring_mend(struct span json, struct buf *out);

#endif
