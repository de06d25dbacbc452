/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_COVERAGE_H
#define TLSTALLY_OUTPUT_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "output/output.h"

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

/* How many reports of the domain and its period are in conflict; and how many
 * of a period: at own domains, or if own is not set at any. */
size_t coverage_conflicts_of(
    const struct view *view, const struct domain_figure *d);
size_t coverage_conflicts(
    const struct view *view, const int32_t days[2], bool own);

/* Sorts conflicts for a view. */
void coverage_sort_conflicts(struct conflict *list, size_t n);

#endif
