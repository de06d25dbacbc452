/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_JSONTEXT_H
#define TLSTALLY_DECODE_JSONTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/span.h"
#include "decode/json.h"

/*
 * JSON as text, before anything is built from it: is it JSON to the letter
 * (RFC 8259), does it stay within its bounds, and is its text fit to be used?
 * One pass, iterative, which neither copies nor changes.
 */

/* A number that a double may not give back as it was written. */
struct jsontext_number {
	size_t ordinal; /* of all numbers in the text, from 0 */
	struct span text;
};

/* What a scan found out.  It can be used again, and keeps its memory. */
struct jsontext {
	struct span body; /* the value itself, from its first to last byte */
	unsigned quirks;  /* enum json_quirk */
	bool needs_mending;
	struct jsontext_number *numbers; /* other than 1 to 15 plain digits */
	size_t nnumbers;
	size_t numbers_size; /* allocated */
	char *open;	     /* the bracket that each open container awaits */
};

/* Sets up for the json_depth of limits. */
void jsontext_init(struct jsontext *t, const struct limits *limits);
void jsontext_clear(struct jsontext *t);

/* Scans text.  Returns 0, or -1 with ERR_DATA (not JSON; line and column say
 * where) or ERR_BOUND (json_bytes, json_depth, json_values). */
int jsontext_scan(struct jsontext *t, struct span text,
    const struct limits *limits, struct err *err);

#endif
