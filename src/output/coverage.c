/* SPDX-License-Identifier: ISC */

/*
 * A walk along the days of a period beside those that have reports: what is
 * left out are the gaps.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "output/coverage.h"

struct coverage
coverage_begin(const struct share *days, size_t ndays, int32_t start,
    int32_t end, int64_t now)
{
	const int32_t today = day_of_time(now);

	return (struct coverage){.days = days,
	    .ndays = ndays,
	    .next = start,
	    .end = end < today ? end : today};
}

bool
coverage_gap(struct coverage *c, int32_t gap[2])
{
	while (c->at < c->ndays && c->days[c->at].day == c->next) {
		c->at++;
		c->next++;
	}
	if (c->next > c->end)
		return false;
	gap[0] = c->next;
	gap[1] = c->at < c->ndays && c->days[c->at].day <= c->end
	    ? c->days[c->at].day - 1
	    : c->end;
	c->next = gap[1] + 1;
	return true;
}

/* ---- conflicts ---- */

static int
compare_conflicts(const void *a, const void *b)
{
	const struct conflict *x = a, *y = b;
	int c = strcmp(x->domain, y->domain);

	return c != 0 ? c : (x->day > y->day) - (x->day < y->day);
}

void
coverage_sort_conflicts(struct conflict *list, size_t n)
{
	if (n > 1)
		qsort(list, n, sizeof(*list), compare_conflicts);
}

/* Returns the first that is not before the domain and day. */
static size_t
lower_bound(const struct view *view, const char *domain, int32_t day)
{
	const struct conflict key = {.domain = domain, .day = day};
	size_t low = 0, high = view->nconflict_list;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_conflicts(&view->conflict_list[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

size_t
coverage_conflicts_of(const struct view *view, const struct domain_figure *d)
{
	return lower_bound(view, d->domain, d->end + 1) -
	    lower_bound(view, d->domain, d->start);
}

size_t
coverage_conflicts(const struct view *view, const int32_t days[2], bool own)
{
	const struct conflict *c = view->conflict_list;
	size_t i, n = 0;

	for (i = 0; i < view->nconflict_list; i++, c++)
		n += c->first && (c->own || !own) && c->day >= days[0] &&
		    c->day <= days[1];
	return n;
}
