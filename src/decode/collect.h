/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_COLLECT_H
#define TLSTALLY_DECODE_COLLECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "report/decoded.h"

/* Builds a struct decoded: reports and faults as they come. */
struct collector {
	struct decoded *out;
	size_t report_room; /* elements that are allocated */
	size_t fault_room;
};

/* Starts with an empty out in arena. */
void collect_start(
    struct collector *c, struct arena *arena, struct decoded *out);

/* Adds a report, or a fault of the kind that the error's code means.  The
 * last of ITEMS_MAX becomes a fault that says so; what comes later is
 * dropped. */
void collect_report(struct collector *c, struct report *r);
void collect_fault(struct collector *c, const struct err *err);

/* How many there are, and whether no more can be added. */
size_t collect_count(const struct collector *c);
bool collect_is_full(const struct collector *c);

#endif
