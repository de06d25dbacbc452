/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_JSONSTRING_H
#define TLSTALLY_DECODE_JSONSTRING_H

#include "base/buf.h"
#include "base/span.h"

/* The text within JSON strings (RFC 8259 7, RFC 7493 2.1). */

enum jsonstring_found {
	JSONSTRING_ODD = 1,  /* a noncharacter, which may stay */
	JSONSTRING_UNFIT = 2 /* invalid UTF-8, a lone surrogate, NUL, a raw
				control character: must be mended */
};

/* Passes the string whose opening quote is at *p; *found takes the flags of
 * enum jsonstring_found.  Returns NULL, and *p is behind the closing quote;
 * or what is wrong, and *p is near it. */
const char *jsonstring_scan(const char **p, const char *end, unsigned *found);

/* Writes JSON, all of whose strings have passed a scan, behind what out
 * holds: invalid UTF-8, lone surrogates and NUL as U+FFFD, raw control
 * characters in strings as escapes.  Returns 0, or -1 at out's cap. */
int jsonstring_mend(struct span json, struct buf *out);

#endif
