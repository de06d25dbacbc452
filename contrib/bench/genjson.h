/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BENCH_GENJSON_H
#define TLSTALLY_BENCH_GENJSON_H

#include <stdbool.h>

#include "gentext.h"

/*
 * A writer of JSON that takes care of commas and white space only.  Plain
 * data: fill in out and the style, leave the rest zero.
 */
struct json {
	struct buf *out;
	const char *colon; /* ":" or ": " */
	const char *comma; /* "," or ", " */
	unsigned indent;   /* 0: all on one line */
	unsigned depth;
	bool filled; /* a value stands before this one in its array or object */
};

/* Open and close an array or an object; key is NULL within an array. */
void json_begin(struct json *j, const char *key, char bracket);
void json_end(struct json *j, char bracket);

void json_string(struct json *j, const char *key, const char *value);
void json_number(struct json *j, const char *key, unsigned value);

#endif
