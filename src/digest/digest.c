/* SPDX-License-Identifier: ISC */

/*
 * From rows to sums.  A row costs two or three look-ups in a hash table and
 * is forgotten; text is compared only when the sums are sorted in the end,
 * so what is kept grows with the number of different keys, not of rows.
 */

#include "config.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/die.h"
#include "digest/sums.h"

void
digest_bucket(
    const struct digest_spec *spec, int32_t day, int32_t *start, int32_t *end)
{
	*start = *end = day;
	switch (spec->by) {
	case BY_DAY:
		break;
	case BY_WEEK:
		*start = day_week_start(day);
		*end = *start + 6;
		break;
	case BY_MONTH:
		*start = day_month_start(day);
		*end = day_add_months(day, 1) - 1;
		break;
	case BY_TOTAL:
		*start = spec->first_day;
		*end = spec->last_day;
		break;
	}
	if (*start < spec->first_day)
		*start = spec->first_day;
	if (*end > spec->last_day)
		*end = spec->last_day;
}

struct digest *
digest_new(const struct digest_spec *spec)
{
	struct digest *d = xcalloc(1, sizeof(*d));

	d->spec = *spec;
	d->bucket_day = DAY_NONE;
	d->today = day_of_time(spec->now);
	d->young =
	    spec->settle > 0 ? day_of_time(spec->now - spec->settle) : DAY_MAX;
	d->figures.spec = *spec;
	d->arena = arena_new(4096);
	table_init(
	    &d->policies, sizeof(struct policy_id), sizeof(struct policy_sum));
	table_init(&d->failures, sizeof(struct failure_id),
	    sizeof(struct failure_sum));
	table_init(&d->heard, sizeof(struct heard_id), sizeof(struct heard));
	table_init(&d->seen, sizeof(struct seen_id), sizeof(struct seen));
	table_init(&d->days, sizeof(struct day_id), sizeof(struct day_sum));
	table_init(&d->told, sizeof(struct day_id), sizeof(struct day_sum));
	return d;
}

static void
free_tables(struct digest *d)
{
	table_free(&d->policies);
	table_free(&d->failures);
	table_free(&d->heard);
	table_free(&d->seen);
	table_free(&d->days);
	table_free(&d->told);
}

void
digest_free(struct digest *d)
{
	if (d == NULL)
		return;
	free_tables(d);
	arena_free(d->arena);
	free(d->figures.policies);
	free(d->figures.failures);
	free(d->figures.domains);
	free(d);
}

/* True for a row of the period or of the look-back. */
static bool
is_wanted(const struct digest *d, int32_t day)
{
	if (d->summed)
		die("digest: a row came after the figures");
	return day <= d->spec.last_day &&
	    (int64_t)day >= (int64_t)d->spec.first_day - DIGEST_LOOKBACK_DAYS;
}

/* Returns where the bucket of day starts.  Rows come many to a day, and to
 * find a month takes longer than to look up a sum. */
static int32_t
bucket_start(struct digest *d, int32_t day)
{
	int32_t end;

	if (day != d->bucket_day) {
		digest_bucket(&d->spec, day, &d->bucket_start, &end);
		d->bucket_day = day;
	}
	return d->bucket_start;
}

static struct policy_id
policy_id(struct digest *d, const struct row_key *key, enum result_type result)
{
	return (struct policy_id){.domain = key->domain,
	    .policy_type_text = key->policy_type_text,
	    .reporter = key->reporter,
	    .start = bucket_start(d, key->day),
	    .policy_type = (uint8_t)key->policy_type,
	    .mode = (uint8_t)key->mode,
	    .authenticity = (uint8_t)key->authenticity,
	    .result = (uint8_t)result};
}

/* Keeps the organization of the latest row; on one day the greater text
 * stays, so that the order of rows does not matter and a name beats none. */
static void
keep_organization(
    const char **organization, int32_t *day, const struct row_key *key)
{
	if (*organization == NULL || key->day > *day ||
	    (key->day == *day &&
		sums_compare_text(key->organization, *organization) > 0)) {
		*organization = key->organization;
		*day = key->day;
	}
}

static void
mark_heard(struct digest *d, const struct row_key *key)
{
	const struct heard_id id = {.domain = key->domain,
	    .reporter = key->reporter,
	    .block = sums_block(key->day)};
	struct heard *heard = table_add(&d->heard, &id);

	heard->days |= sums_day_bit(key->day);
	if (key->lag != LAG_UNKNOWN &&
	    (int64_t)key->day >= (int64_t)d->young - DIGEST_LOOKBACK_DAYS)
		usual_keep_lag(
		    heard->slowest, (struct lag){key->day, key->lag + 1});
}

/* Rows of the look-back, and of reports that were told before, are in no
 * sum. */
static bool
is_summed(const struct digest *d, const struct row_key *key)
{
	return key->day >= d->spec.first_day &&
	    (d->spec.told == 0 || key->report > d->spec.told);
}

static void
mark_told(struct digest *d, const struct row_key *key)
{
	const struct day_id id = {.domain = key->domain, .day = key->day};

	if (key->day >= d->spec.first_day)
		table_add(&d->told, &id);
}

static void
add_to_day(struct digest *d, const struct policy_row *row)
{
	const struct day_id id = {
	    .domain = row->key.domain, .day = row->key.day};
	struct day_sum *sum = table_add(&d->days, &id);

	sum->successful = digest_add(sum->successful, row->successful);
	sum->failed = digest_add(sum->failed, row->failed);
}

void
digest_add_policy(struct digest *d, const struct policy_row *row)
{
	struct policy_sum *sum;
	struct policy_id id;

	if (!is_wanted(d, row->key.day))
		return;
	mark_heard(d, &row->key);
	if (!is_summed(d, &row->key)) {
		mark_told(d, &row->key);
		return;
	}
	id = policy_id(d, &row->key, RESULT_OTHER);
	sum = table_add(&d->policies, &id);
	sum->entries++;
	sum->successful = digest_add(sum->successful, row->successful);
	sum->failed = digest_add(sum->failed, row->failed);
	keep_organization(
	    &sum->organization, &sum->organization_day, &row->key);
	add_to_day(d, row);
}

/* Remembers that a fault was there; none is where no session failed. */
static void
mark_seen(struct digest *d, const struct failure_row *row)
{
	const struct seen_id id = {.domain = row->key.domain,
	    .result_text = row->result_text,
	    .receiving_mx = row->receiving_mx,
	    .result = (int32_t)row->result,
	    .block = sums_block(row->key.day)};
	struct seen *seen;

	if (row->result == RESULT_OVERLAP || row->sessions <= 0)
		return;
	seen = table_add(&d->seen, &id);
	seen->days |= sums_day_bit(row->key.day);
}

static bool
is_detail(enum result_type result)
{
	return result != RESULT_UNSPECIFIED && result != RESULT_OVERLAP;
}

static void
add_to_failure(struct failure_sum *sum, const struct failure_row *row)
{
	bool is_new = sum->organization == NULL;

	if (is_new || row->key.day < sum->first_day)
		sum->first_day = row->key.day;
	if (is_new || row->key.day > sum->last_day)
		sum->last_day = row->key.day;
	sum->sessions = digest_add(sum->sessions, row->sessions);
	sum->details += is_detail(row->result);
	keep_organization(
	    &sum->organization, &sum->organization_day, &row->key);
}

void
digest_add_failure(struct digest *d, const struct failure_row *row)
{
	struct failure_id id;

	if (!is_wanted(d, row->key.day))
		return;
	mark_seen(d, row);
	if (!is_summed(d, &row->key))
		return;
	id = (struct failure_id){.policy = policy_id(d, &row->key, row->result),
	    .result_text = row->result_text,
	    .receiving_mx = row->receiving_mx,
	    .receiving_ip = row->receiving_ip,
	    .reason_code = row->reason_code};
	add_to_failure(table_add(&d->failures, &id), row);
}

static struct row_key
key_of(const struct policy_id *id, const char *organization)
{
	return (struct row_key){.day = id->start,
	    .domain = id->domain,
	    .policy_type = (enum policy_type)id->policy_type,
	    .policy_type_text = id->policy_type_text,
	    .mode = (enum policy_mode)id->mode,
	    .reporter = id->reporter,
	    .authenticity = (enum authenticity)id->authenticity,
	    .organization = organization};
}

static int
compare_policies(const void *a, const void *b)
{
	const struct policy_figure *x = a, *y = b;
	int c = sums_compare_number(x->start, y->start);

	return c != 0 ? c : sums_compare_key(&x->key, &y->key);
}

static int
compare_failures(const void *a, const void *b)
{
	const struct failure_figure *x = a, *y = b;
	int c;

	if ((c = sums_compare_number(x->start, y->start)) != 0 ||
	    (c = sums_compare_key(&x->key, &y->key)) != 0 ||
	    (c = sums_compare_number(x->result, y->result)) != 0 ||
	    (c = sums_compare_text(x->result_text, y->result_text)) != 0 ||
	    (c = sums_compare_text(x->receiving_mx, y->receiving_mx)) != 0 ||
	    (c = sums_compare_text(x->receiving_ip, y->receiving_ip)) != 0)
		return c;
	return sums_compare_text(x->reason_code, y->reason_code);
}

static void
make_policies(struct digest *d)
{
	const struct policy_sum *sum = (const void *)d->policies.items;
	struct figures *f = &d->figures;
	struct policy_figure *p;
	size_t i;

	f->npolicies = d->policies.n;
	f->policies = xcalloc(f->npolicies, sizeof(*f->policies));
	for (i = 0; i < f->npolicies; i++, sum++) {
		p = &f->policies[i];
		p->key = key_of(&sum->id, sum->organization);
		digest_bucket(&d->spec, p->key.day, &p->start, &p->end);
		p->entries = sum->entries;
		p->successful = sum->successful;
		p->failed = sum->failed;
	}
	if (f->npolicies > 1)
		qsort(f->policies, f->npolicies, sizeof(*p), compare_policies);
	table_free(&d->policies);
}

static void
make_failures(struct digest *d)
{
	const struct failure_sum *sum = (const void *)d->failures.items;
	struct figures *f = &d->figures;
	struct failure_figure *p;
	size_t i;

	f->nfailures = d->failures.n;
	f->failures = xcalloc(f->nfailures, sizeof(*f->failures));
	for (i = 0; i < f->nfailures; i++, sum++) {
		p = &f->failures[i];
		p->key = key_of(&sum->id.policy, sum->organization);
		digest_bucket(&d->spec, p->key.day, &p->start, &p->end);
		p->result = (enum result_type)sum->id.policy.result;
		p->result_text = sum->id.result_text;
		p->receiving_mx = sum->id.receiving_mx;
		p->receiving_ip = sum->id.receiving_ip;
		p->reason_code = sum->id.reason_code;
		p->sessions = sum->sessions;
		p->details = sum->details;
		p->first_day = sum->first_day;
		p->last_day = sum->last_day;
	}
	if (f->nfailures > 1)
		qsort(f->failures, f->nfailures, sizeof(*p), compare_failures);
	table_free(&d->failures);
}

const struct figures *
digest_figures(struct digest *d)
{
	if (!d->summed) {
		d->summed = true;
		make_policies(d);
		make_failures(d);
		domain_make_figures(d);
		free_tables(d);
	}
	return &d->figures;
}
