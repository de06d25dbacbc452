/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_PARAMETER_H
#define TLSTALLY_DECODE_PARAMETER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/span.h"

/*
 * Parameters of a field value (RFC 2045 5.1) and their continuations
 * (RFC 2231 3), byte for byte.  Read leniently: semicolons may be missing,
 * values need no quotes unless they hold white space, ";" or "(", and the
 * first of two that have one name counts.
 */
struct parameter {
	struct span bytes;   /* in the value or in the arena */
	struct span charset; /* as RFC 2231 tells; "" if it does not */
	bool extended;	     /* written as RFC 2231 4 has it: it cannot hold
				encoded words */
};

/* Finds a parameter by name.  An RFC 2231 form goes before a plain one.
 * Returns false if there is none. */
bool parameter_find(struct arena *a, struct span value, const char *name,
    struct parameter *out);

/* Takes white space and comments (RFC 5322 3.2.2), which nest, off the front
 * of *s.  A comment without its end takes all. */
void parameter_skip_comments(struct span *s);

#endif
