/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_COVERAGE_H
#define TLSTALLY_OUTPUT_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "digest/digest.h"

/*
 * Which days of a period there are reports of, and which not: what somebody
 * must know who is to rely on the figures.
 */

/* The days of a period that have begun. */
struct coverage {
	const struct share *days; /* by day; those with reports */
	size_t ndays;
	int32_t next; /* the first that was not looked at */
	int32_t end;  /* included; before next if none has begun */
	size_t at;
};

/* Begins with the first day; now is as in struct digest_spec. */
struct coverage coverage_begin(const struct share *days, size_t ndays,
    int32_t start, int32_t end, int64_t now);

/* Finds the next days without reports, from the first to the last one.  False
 * if there are no more. */
bool coverage_gap(struct coverage *c, int32_t gap[2]);

#endif
