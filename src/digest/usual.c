/* SPDX-License-Identifier: ISC */

/*
 * Who usually reports about a domain, who of them was heard, and from whom a
 * report may still come.  Reports take hours to a day and more, but each
 * reporter has its own hour: so a digest can say that it has all there is
 * long before the last day on which one could come.
 */

#include "config.h"

#include "base/date.h"
#include "digest/sums.h"

/* The days before another one, the first of them as the lowest bit. */
#define LOOKBACK_MASK ((UINT64_C(1) << DIGEST_LOOKBACK_DAYS) - 1)

void
usual_keep_lag(struct lag slowest[2], struct lag lag)
{
	struct lag swap;

	if (slowest[0].day == lag.day) {
		if (lag.hours > slowest[0].hours)
			slowest[0].hours = lag.hours;
		return;
	}
	if (lag.hours > slowest[1].hours)
		slowest[1] = lag;
	if (slowest[1].hours > slowest[0].hours) {
		swap = slowest[0];
		slowest[0] = slowest[1];
		slowest[1] = swap;
	}
}

int
usual_compare_heard(const void *a, const void *b)
{
	const struct heard *x = a, *y = b;
	int c;

	if ((c = sums_compare_text(x->id.domain, y->id.domain)) != 0 ||
	    (c = sums_compare_text(x->id.reporter, y->id.reporter)) != 0)
		return c;
	return sums_compare_number(x->id.block, y->id.block);
}

/* Takes the next voice of a sorted table from *at on. */
static struct voice
take_voice(const struct table *table, size_t *at)
{
	const struct heard *heard = (const void *)table->items;
	struct voice v = {&heard[*at], 0};

	for (; *at < table->n && heard[*at].id.domain == v.heard->id.domain &&
	     heard[*at].id.reporter == v.heard->id.reporter;
	     ++*at)
		v.n++;
	return v;
}

size_t
usual_first_voice(const struct digest *d, const char *domain)
{
	const struct heard key = {
	    .id = {.domain = domain, .reporter = "", .block = INT32_MIN}};

	return table_lower_bound(&d->heard, &key, usual_compare_heard);
}

bool
usual_next_voice(
    const struct digest *d, const char *domain, size_t *at, struct voice *v)
{
	const struct heard *heard = (const void *)d->heard.items;

	if (*at >= d->heard.n || heard[*at].id.domain != domain)
		return false;
	*v = take_voice(&d->heard, at);
	return true;
}

/* The 64 days from day on, that day as the lowest bit. */
static uint64_t
days_from(const struct voice *v, int32_t day)
{
	uint64_t days = 0;
	int64_t shift;
	size_t i;

	for (i = 0; i < v->n; i++) {
		shift = (int64_t)v->heard[i].id.block * BLOCK_DAYS - day;
		if (shift >= 0 && shift < BLOCK_DAYS)
			days |= v->heard[i].days << shift;
		else if (shift < 0 && -shift < BLOCK_DAYS)
			days |= v->heard[i].days >> -shift;
	}
	return days;
}

uint64_t
usual_look_back(const struct voice *v, int32_t day)
{
	return days_from(v, day - DIGEST_LOOKBACK_DAYS) & LOOKBACK_MASK;
}

/* Heard on three days at least, and on half of those since the first. */
bool
usual_is_usual(uint64_t before)
{
	int count = __builtin_popcountll(before);

	return count >= DIGEST_USUAL_DAYS &&
	    2 * count >= DIGEST_LOOKBACK_DAYS - __builtin_ctzll(before);
}

bool
usual_is_heard(const struct voice *v, int32_t first, int32_t last)
{
	int64_t day;

	for (day = first; day <= last; day += BLOCK_DAYS) {
		uint64_t days = days_from(v, (int32_t)day);

		if (last - day < BLOCK_DAYS - 1)
			days &= (UINT64_C(1) << (last - day + 1)) - 1;
		if (days != 0)
			return true;
	}
	return false;
}

/* Until when a report of the day may be expected: as late as it came on the
 * slowest day but one, and if one day alone is known, as on that. */
int64_t
usual_due_time(const struct voice *v, int32_t day)
{
	struct lag slowest[2] = {{0, 0}, {0, 0}};
	int32_t hours;
	size_t i;

	for (i = 0; i < v->n; i++) {
		usual_keep_lag(slowest, v->heard[i].slowest[0]);
		usual_keep_lag(slowest, v->heard[i].slowest[1]);
	}
	hours = slowest[slowest[1].hours > 0].hours;
	if (hours == 0)
		return INT64_MAX;
	return ((int64_t)day + 1) * DAY_SECONDS +
	    (int64_t)(hours - 1 + DIGEST_SLACK_HOURS) * HOUR_SECONDS;
}

/* True if the report of a young day is awaited from a usual reporter. */
static bool
is_awaited(const struct digest *d, const struct voice *v, int32_t day)
{
	return !usual_is_heard(v, day, day) &&
	    d->spec.now < usual_due_time(v, day);
}

/* Judges a young day of a domain, whose voices begin at the index first. */
static bool
is_incomplete(
    const struct digest *d, const char *domain, size_t first, int32_t day)
{
	bool any_usual = false;
	struct voice v;

	while (usual_next_voice(d, domain, &first, &v)) {
		if (!usual_is_usual(usual_look_back(&v, day)))
			continue;
		any_usual = true;
		if (is_awaited(d, &v, day))
			return true;
	}
	return !any_usual;
}

/* The days of a period that may be incomplete begin here. */
static int32_t
first_young(const struct digest *d, int32_t start)
{
	return start > d->young ? start : d->young;
}

void
usual_judge(const struct digest *d, struct domain_figure *dom)
{
	size_t first = usual_first_voice(d, dom->domain), i = first;
	size_t present = 0;
	bool known = false, here;
	struct voice v;
	uint64_t before;
	int32_t day;

	while (usual_next_voice(d, dom->domain, &i, &v)) {
		before = usual_look_back(&v, dom->start);
		here = usual_is_heard(&v, dom->start, dom->end);
		known = known || before != 0;
		present += here;
		dom->usual += usual_is_usual(before);
		dom->usual_present += here && usual_is_usual(before);
	}
	if (!known)
		dom->usual = dom->usual_present = present;
	dom->incomplete = d->young < DAY_MAX && dom->end >= d->today;
	for (day = first_young(d, dom->start);
	     !dom->incomplete && day <= dom->end; day++)
		dom->incomplete = is_incomplete(d, dom->domain, first, day);
}

int32_t
usual_find_awaited(const struct digest *d)
{
	int32_t day, found;
	struct voice v;
	size_t i = 0;

	if (d->young == DAY_MAX)
		return DAY_MAX;
	found = d->today <= d->spec.last_day ? d->today : DAY_MAX;
	while (i < d->heard.n) {
		v = take_voice(&d->heard, &i);
		for (day = first_young(d, d->spec.first_day);
		     day <= d->spec.last_day && day < found; day++)
			if (usual_is_usual(usual_look_back(&v, day)) &&
			    is_awaited(d, &v, day))
				found = day;
	}
	return found;
}
