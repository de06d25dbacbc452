/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_READING_H
#define TLSTALLY_DECODE_READING_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "decode/attribute.h"
#include "decode/json.h"
#include "report/deviation.h"

/*
 * What the readers of a report's parts share: where they are, what they have
 * counted so far, and how they note a departure or give up.
 */

/* A place in the report, as a chain up to the report itself.  It is turned
 * into text only when something is to be said about it. */
struct place {
	const struct place *up; /* NULL for what stands in the report */
	const char *name;	/* "" for the report itself */
	size_t index;		/* PLACE_WHOLE, or which element */
};
#define PLACE_WHOLE SIZE_MAX

/* One report while it is read. */
struct reading {
	const struct limits *limits;
	struct arena *arena; /* the report's */
	struct deviation_list *notes;
	struct err *err;
	const struct tlsrpt_context *context;
	struct json *nested; /* reads JSON that stands in a string */
	struct attribution attribution;
	/* Sums over the whole report, held to COUNT_MAX and its bound. */
	int64_t successful;
	int64_t failed;
	int64_t detailed; /* failed sessions of all failure details */
	size_t nfailures;
	size_t nstrings; /* of policies */
};

/* Notes a deviation at place at, or at its member name unless that is "". */
void reading_note(struct reading *r, enum deviation_code code,
    const struct place *at, const char *name);

/* Set r->err with the place and what is wrong there, ERR_DATA; and with a
 * bound that is exceeded there, ERR_BOUND.  Return -1. */
int reading_fail(struct reading *r, const struct place *at, const char *name,
    const char *what);
int reading_bound(struct reading *r, const struct place *at, const char *name,
    const char *bound_name, size_t bound);

/* Sets *out to a copy of v, which stands at member name (or "") of at: a
 * string, or another scalar as text, which is noted.  "" for NULL, and for
 * what is no scalar, noted too.  Returns 0, or -1 with ERR_BOUND
 * (string_bytes). */
int reading_text(struct reading *r, const struct place *at, const char *name,
    const struct json_value *v, const char **out);

/* Adds n, 0 to COUNT_MAX, to one of the sums of r.  Returns 0, or -1 with
 * ERR_DATA if that were more than COUNT_MAX. */
int reading_add(struct reading *r, int64_t *sum, int64_t n,
    const struct place *at, const char *name);

#endif
