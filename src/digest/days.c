/* SPDX-License-Identifier: ISC */

/*
 * How many sessions a domain had on each day.  Some days stand in one record:
 * rows come by day, so the record that a stream had its last row in is nearly
 * always that of its next, and in the end there is little to sort.
 */

#include "config.h"

#include "base/date.h"
#include "digest/sums.h"

/* The block that holds day. */
static int32_t
block_of(int32_t day)
{
	return day >= 0 ? day / SUM_DAYS : -1 - (-1 - day) / SUM_DAYS;
}

static int32_t
first_day_of(const struct day_sums *sums)
{
	return sums->id.block * SUM_DAYS;
}

static struct day_sums *
sums_at(const struct digest *d, size_t i)
{
	return (struct day_sums *)(void *)d->days.items + i;
}

/* Returns the record that holds the day of a row, which is remembered with
 * the stream. */
static struct day_sums *
find(struct digest *d, struct stream_days *heard, int32_t day)
{
	const struct day_sums_id id = {
	    .domain = heard->id.stream->domain, .block = block_of(day)};
	struct day_sums *sums;

	if (heard->sums_at == 0 ||
	    sums_at(d, heard->sums_at - 1)->id.block != id.block) {
		sums = table_add(&d->days, &id);
		heard->sums_at = (uint32_t)(sums - sums_at(d, 0)) + 1;
	}
	return sums_at(d, heard->sums_at - 1);
}

void
days_add(
    struct digest *d, struct stream_days *heard, const struct policy_row *row)
{
	struct day_sums *sums = find(d, heard, row->day);
	const int32_t i = row->day - first_day_of(sums);

	sums->days |= 1U << i;
	sums->successful[i] = count_add(sums->successful[i], row->successful);
	sums->failed[i] = count_add(sums->failed[i], row->failed);
}

void
days_mark_told(struct digest *d, struct stream_days *heard, int32_t day)
{
	struct day_sums *sums = find(d, heard, day);

	sums->told |= 1U << (day - first_day_of(sums));
}

int
days_compare(const void *a, const void *b)
{
	const struct day_sums_id *x = &((const struct day_sums *)a)->id;
	const struct day_sums_id *y = &((const struct day_sums *)b)->id;
	int c = sums_compare_text(x->domain, y->domain);

	return c != 0 ? c : sums_compare_number(x->block, y->block);
}

/* ---- questions, once the records are sorted ---- */

/* Returns the first record of a domain that may hold a day from first on; it
 * may be another domain's, or the end. */
static size_t
lower_bound(const struct digest *d, const char *domain, int32_t first)
{
	const struct day_sums key = {
	    .id = {.domain = domain, .block = block_of(first)}};

	return table_lower_bound(&d->days, &key, days_compare);
}

/* Takes the record at *i if it is of the domain and not all behind last.
 * Returns it, or NULL. */
static const struct day_sums *
next(const struct digest *d, const char *domain, int32_t last, size_t *i)
{
	const struct day_sums *sums;

	if (*i >= d->days.n)
		return NULL;
	sums = sums_at(d, *i);
	if (sums->id.domain != domain || first_day_of(sums) > last)
		return NULL;
	++*i;
	return sums;
}

/* What of bits, a record's days, is of the days from first to last. */
static uint32_t
clip(const struct day_sums *sums, uint32_t bits, int32_t first, int32_t last)
{
	const int32_t start = first_day_of(sums);

	if (first > start)
		bits &= ~0U << (first - start);
	if (last < start + SUM_DAYS - 1)
		bits &= (1U << (last - start + 1)) - 1;
	return bits;
}

static struct share
share_of(const struct day_sums *sums, int i)
{
	return (struct share){.policy_type_text = "",
	    .reporter = "",
	    .day = first_day_of(sums) + i,
	    .successful = sums->successful[i],
	    .failed = sums->failed[i]};
}

void
days_list(struct digest *d, struct domain_figure *dom)
{
	const size_t first = lower_bound(d, dom->domain, dom->start);
	const struct day_sums *sums;
	uint32_t bits;
	size_t i, n = 0;

	for (i = first; (sums = next(d, dom->domain, dom->end, &i)) != NULL;)
		n += (size_t)__builtin_popcount(
		    clip(sums, sums->days, dom->start, dom->end));
	dom->days = arena_calloc(d->arena, n, sizeof(*dom->days));
	for (i = first; (sums = next(d, dom->domain, dom->end, &i)) != NULL;) {
		bits = clip(sums, sums->days, dom->start, dom->end);
		for (; bits != 0; bits &= bits - 1)
			dom->days[dom->ndays++] =
			    share_of(sums, __builtin_ctz(bits));
	}
}

struct share
days_sum(
    const struct digest *d, const char *domain, int32_t first, int32_t last)
{
	struct share sum = {.policy_type_text = "", .reporter = ""};
	size_t i = lower_bound(d, domain, first);
	const struct day_sums *sums;
	struct share share;
	uint32_t bits;

	while ((sums = next(d, domain, last, &i)) != NULL) {
		bits = clip(sums, sums->days, first, last);
		for (; bits != 0; bits &= bits - 1) {
			share = share_of(sums, __builtin_ctz(bits));
			sum.successful =
			    count_add(sum.successful, share.successful);
			sum.failed = count_add(sum.failed, share.failed);
		}
	}
	return sum;
}

bool
days_are_told(const struct digest *d, const struct domain_figure *dom)
{
	size_t i = lower_bound(d, dom->domain, dom->start);
	const struct day_sums *sums;

	while ((sums = next(d, dom->domain, dom->end, &i)) != NULL)
		if (clip(sums, sums->told, dom->start, dom->end) != 0)
			return true;
	return false;
}

int32_t
days_last(const struct digest *d, const char *domain, int32_t day)
{
	size_t i = lower_bound(d, domain, day + SUM_DAYS);
	const struct day_sums *sums;
	uint32_t bits;

	for (; i > 0; i--) {
		sums = sums_at(d, i - 1);
		if (sums->id.domain != domain)
			break;
		bits = clip(sums, sums->days, first_day_of(sums), day);
		if (bits != 0)
			return first_day_of(sums) + 31 - __builtin_clz(bits);
	}
	return DAY_NONE;
}
