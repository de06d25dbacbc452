/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_CONFLICTS_H
#define TLSTALLY_CMD_CONFLICTS_H

#include "output/output.h"
#include "store/store.h"

/*
 * The reports of a digest that are in conflict with others: kept, and not
 * counted.  A statement of coverage says of each domain how many there are.
 */

/* Set the first three, the rest is zero. */
struct conflicts_job {
	const struct scope *scope;
	bool all_own;	/* all domains are own ones */
	bool by_domain; /* a list is wanted */
	struct conflict *list;
	size_t n;
	size_t room;
	size_t first; /* that of the last report which is its first */
	size_t reports;
	int64_t last; /* the number of the last report */
};

/* Asks the store for those that the filter takes, and tells the view.  The
 * list is good until conflicts_free.  Returns 0 or -1. */
int conflicts_find(struct conflicts_job *job, struct store *store,
    const struct filter *filter, struct view *view, struct err *err);
void conflicts_free(struct conflicts_job *job);

#endif
