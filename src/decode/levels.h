/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_LEVELS_H
#define TLSTALLY_DECODE_LEVELS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/limits.h"
#include "base/span.h"

/*
 * The multiparts and messages around the place that the MIME reader reads,
 * and the delimiter lines that lead out of them (RFC 2046 5.1.1).
 */

/* The highest value of limits->mime_depth, which can only be lowered. */
#define LEVELS_MAX 20

struct level {
	bool digest; /* parts are messages if they do not say what they are */
	size_t len;  /* of the delimiter; 0 for a message, which has none */
	char delimiter[2 + BOUNDARY_MAX]; /* "--" and the boundary */
};

struct levels {
	size_t depth; /* of levels that are in use; set 0 to start */
	struct level level[LEVELS_MAX];
};

/* A line that ends or starts a part. */
struct delimiter {
	const char *end;  /* of what stands before it and its line end */
	const char *next; /* behind it */
	size_t level;
	bool closing;	/* no further part follows at its level */
	bool innermost; /* no multipart within its level is open */
};

/* Enters a multipart, or a message if boundary is empty.  The caller has
 * checked that there is room for one more level, and BOUNDARY_MAX. */
void levels_push(struct levels *l, struct span boundary, bool digest);

/* Goes on behind a delimiter: leaves all levels within its own, and its own
 * if it is closing. */
void levels_pop(struct levels *l, const struct delimiter *d);

/* True if the innermost level is a multipart/digest. */
bool levels_in_digest(const struct levels *l);

/* How many levels there are up to the innermost message of the outer depth
 * ones, itself included; 0 if there is none. */
size_t levels_message(const struct levels *l, size_t depth);

/* True if text, at the start of a line, starts with a delimiter of any
 * level; the innermost one counts.  d->end is not set. */
bool levels_match(
    const struct levels *l, struct span text, struct delimiter *d);

/* Finds the first delimiter in text, which starts at the start of a line.
 * Returns false if there is none; d then tells of text's end, and whether
 * no multipart is open. */
bool levels_find(const struct levels *l, struct span text, struct delimiter *d);

#endif
