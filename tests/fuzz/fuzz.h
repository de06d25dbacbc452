/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TESTS_FUZZ_H
#define TLSTALLY_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"

/*
 * What the fuzz harnesses share.  A harness is one function, which gets any
 * bytes, hands them to the code under test, and checks what the code's header
 * promises of the result.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program, as a finding, unless a promise holds. */
#define check(promise)                                                \
	do {                                                          \
		if (!(promise)) {                                     \
			fprintf(stderr, "%s:%d: does not hold: %s\n", \
			    __FILE__, __LINE__, #promise);            \
			abort();                                      \
		}                                                     \
	} while (0)

/* When a run of the program takes place, in seconds since 1970. */
#define NOW 1795000000

/* A time of base/date.h's calendar, or none. */
#define check_is_time(t)                              \
	check((t) == TIME_NONE ||                     \
	    ((t) >= (int64_t)DAY_MIN * DAY_SECONDS && \
		(t) < ((int64_t)DAY_MAX + 1) * DAY_SECONDS))

/* True if text is UTF-8 (RFC 3629).  Written apart from base/utf8.c, which
 * is under test too. */
static inline bool
is_utf8(const void *text, size_t len)
{
	const unsigned char *p = text, *end = p + len;
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t cp;
	int n, i;

	while (p < end) {
		n = *p < 0x80	    ? 1
		    : *p >> 5 == 6  ? 2
		    : *p >> 4 == 14 ? 3
		    : *p >> 3 == 30 ? 4
				    : 0;
		if (n == 0 || end - p < n)
			return false;
		cp = n == 1 ? *p : *p & (0x7fU >> n);
		for (i = 1; i < n; i++) {
			if (p[i] >> 6 != 2)
				return false;
			cp = cp << 6 | (p[i] & 0x3fU);
		}
		if (cp < least[n] || cp > 0x10ffff || cp >> 11 == 0x1b)
			return false;
		p += n;
	}
	return true;
}

#endif
