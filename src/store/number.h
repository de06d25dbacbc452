/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_STORE_NUMBER_H
#define TLSTALLY_STORE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * Numbers in packed values: seven bits to a byte, the lowest first, and the
 * highest bit of a byte set when another follows (LEB128).  In the header,
 * since a digest of all time reads ten million of them.
 */

/* The bytes of a number of 64 bits. */
#define NUMBER_MAX 10

/* Writes n at p, which has room for NUMBER_MAX.  Returns its bytes. */
static inline size_t
number_put(unsigned char *p, uint64_t n)
{
	size_t len = 0;

	for (; n > 127; n >>= 7)
		p[len++] = (unsigned char)(n | 128);
	p[len++] = (unsigned char)n;
	return len;
}

/* Takes n numbers off s.  False when one of them has no end, within the bytes
 * or within NUMBER_MAX. */
static inline bool
numbers_take(struct span *s, uint64_t *list, size_t n)
{
	const unsigned char *p = (const unsigned char *)s->p, *end = p + s->len;
	uint64_t number;
	unsigned shift;
	size_t i;

	for (i = 0; i < n; i++) {
		if (p == end)
			return false;
		number = *p++;
		if (number > 127) {
			number &= 127;
			shift = 7;
			do {
				if (p == end || shift == 7 * NUMBER_MAX)
					return false;
				number |= (uint64_t)(*p & 127) << shift;
				shift += 7;
			} while (*p++ > 127);
		}
		list[i] = number;
	}
	s->p = (const char *)p;
	s->len = (size_t)(end - p);
	return true;
}

#endif
