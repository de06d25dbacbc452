/* SPDX-License-Identifier: ISC */

/*
 * A walk along the days of a period beside those that have reports: what is
 * left out are the gaps.
 */

#include "config.h"

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
