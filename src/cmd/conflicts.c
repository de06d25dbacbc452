/* SPDX-License-Identifier: ISC */

/*
 * Conflicts are listed by domain only where that is shown: whoever floods us
 * with them must not take our memory for a count.
 */

#include "config.h"

#include <stdlib.h>

#include "base/die.h"
#include "cmd/conflicts.h"
#include "output/coverage.h"

static void
add(struct conflicts_job *job, const struct conflict_line *line, bool is_next)
{
	const bool own = job->all_own || scope_is_own(job->scope, line->domain);
	struct conflict *c;

	if (job->n == job->room) {
		job->room = job->room > 0 ? 2 * job->room : 64;
		job->list =
		    xreallocarray(job->list, job->room, sizeof(*job->list));
	}
	c = &job->list[job->n];
	*c = (struct conflict){.domain = line->domain,
	    .day = line->day,
	    .own = own,
	    .first = is_next || (own && !job->list[job->first].own)};
	if (!is_next && c->first)
		job->list[job->first].first = false;
	if (c->first)
		job->first = job->n;
	job->n++;
}

/* The domains of a report come in a row. */
static int
take(void *arg, const struct conflict_line *line)
{
	struct conflicts_job *job = arg;
	const bool is_next = job->reports == 0 || line->number != job->last;

	job->reports += is_next;
	job->last = line->number;
	if (job->by_domain)
		add(job, line, is_next);
	return 0;
}

int
conflicts_find(struct conflicts_job *job, struct store *store,
    const struct filter *filter, struct view *view, struct err *err)
{
	if (store_each_conflict(store, filter, take, job, err) == -1)
		return -1;
	coverage_sort_conflicts(job->list, job->n);
	view->conflicts = job->reports;
	view->conflict_list = job->list;
	view->nconflict_list = job->n;
	return 0;
}

void
conflicts_free(struct conflicts_job *job)
{
	free(job->list);
	*job = (struct conflicts_job){.list = NULL};
}
