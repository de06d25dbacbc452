/* SPDX-License-Identifier: ISC */

/*
 * From sums to lines of figures: sorted by their keys, in which streams that
 * differ in nothing but the organization are one.
 */

#include "config.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/die.h"
#include "digest/sums.h"

static struct row_key
key_of(const struct policy_id *id)
{
	const struct stream *s = id->stream;

	return (struct row_key){.day = id->start,
	    .group = "",
	    .domain = s->domain,
	    .policy_type = s->policy_type,
	    .policy_type_text = s->policy_type_text,
	    .mode = s->mode,
	    .reporter = s->reporter,
	    .authenticity = (enum authenticity)id->authenticity,
	    .organization = s->organization};
}

/* Orders sums by the keys of their figures. */
static int
compare_ids(const struct policy_id *x, const struct policy_id *y)
{
	const struct stream *a = x->stream, *b = y->stream;
	int c = sums_compare_number(x->start, y->start);

	if (c != 0)
		return c;
	if (a != b &&
	    ((c = sums_compare_text(a->domain, b->domain)) != 0 ||
		(c = sums_compare_number(a->policy_type, b->policy_type)) !=
		    0 ||
		(c = sums_compare_text(
		     a->policy_type_text, b->policy_type_text)) != 0 ||
		(c = sums_compare_number(a->mode, b->mode)) != 0 ||
		(c = sums_compare_text(a->reporter, b->reporter)) != 0))
		return c;
	return sums_compare_number(x->authenticity, y->authenticity);
}

static int
compare_policies(const void *a, const void *b)
{
	const struct policy_sum *x = *(const struct policy_sum *const *)a;
	const struct policy_sum *y = *(const struct policy_sum *const *)b;

	return compare_ids(&x->id, &y->id);
}

static int
compare_failures(const void *a, const void *b)
{
	const struct failure_id *x =
	    &(*(const struct failure_sum *const *)a)->id;
	const struct failure_id *y =
	    &(*(const struct failure_sum *const *)b)->id;
	int c;

	if ((c = compare_ids(&x->policy, &y->policy)) != 0 ||
	    (c = sums_compare_number(x->policy.result, y->policy.result)) !=
		0 ||
	    (c = sums_compare_text(x->result_text, y->result_text)) != 0 ||
	    (c = sums_compare_text(x->receiving_mx, y->receiving_mx)) != 0 ||
	    (c = sums_compare_text(x->receiving_ip, y->receiving_ip)) != 0)
		return c;
	return sums_compare_text(x->reason_code, y->reason_code);
}

/* Keeps the organization of the later sum; on one day the greater text stays,
 * so that the order of rows does not matter and a name beats none. */
static void
join_organization(const char **organization, int32_t *day,
    const struct stream *stream, int32_t last_day)
{
	if (last_day > *day ||
	    (last_day == *day &&
		sums_compare_text(stream->organization, *organization) > 0)) {
		*organization = stream->organization;
		*day = last_day;
	}
}

/* Returns the table's records, sorted. */
static const void **
sorted(const struct table *t, struct refs *refs,
    int (*cmp)(const void *, const void *))
{
	const void **list = sums_refs(refs, t->n);
	size_t i;

	for (i = 0; i < t->n; i++)
		list[i] = t->items + i * t->item_size;
	sums_sort_refs(list, t->n, cmp);
	return list;
}

static void
make_policies(struct digest *d, struct refs *refs)
{
	const void **list = sorted(&d->policies, refs, compare_policies);
	struct figures *f = &d->figures;
	struct policy_figure *p = NULL;
	const struct policy_sum *sum;
	int32_t day = DAY_NONE;
	size_t i;

	f->policies = xcalloc(d->policies.n, sizeof(*f->policies));
	for (i = 0; i < d->policies.n; i++) {
		sum = list[i];
		if (i == 0 || compare_policies(&list[i - 1], &list[i]) != 0) {
			p = &f->policies[f->npolicies++];
			p->key = key_of(&sum->id);
			digest_bucket(&d->spec, p->key.day, &p->start, &p->end);
			day = sum->last_day;
		}
		join_organization(
		    &p->key.organization, &day, sum->id.stream, sum->last_day);
		p->entries += sum->entries;
		p->successful = count_add(p->successful, sum->successful);
		p->failed = count_add(p->failed, sum->failed);
	}
	table_free(&d->policies);
}

static void
start_failure(const struct digest *d, struct failure_figure *p,
    const struct failure_sum *sum)
{
	p->key = key_of(&sum->id.policy);
	digest_bucket(&d->spec, p->key.day, &p->start, &p->end);
	p->result = (enum result_type)sum->id.policy.result;
	p->result_text = sum->id.result_text;
	p->receiving_mx = sum->id.receiving_mx;
	p->receiving_ip = sum->id.receiving_ip;
	p->reason_code = sum->id.reason_code;
	p->first_day = sum->first_day;
	p->last_day = sum->last_day;
}

static void
make_failures(struct digest *d, struct refs *refs)
{
	const void **list = sorted(&d->failures, refs, compare_failures);
	struct figures *f = &d->figures;
	struct failure_figure *p = NULL;
	const struct failure_sum *sum;
	size_t i;

	f->failures = xcalloc(d->failures.n, sizeof(*f->failures));
	for (i = 0; i < d->failures.n; i++) {
		sum = list[i];
		if (i == 0 || compare_failures(&list[i - 1], &list[i]) != 0) {
			p = &f->failures[f->nfailures++];
			start_failure(d, p, sum);
		}
		join_organization(&p->key.organization, &p->last_day,
		    sum->id.policy.stream, sum->last_day);
		if (sum->first_day < p->first_day)
			p->first_day = sum->first_day;
		p->sessions = count_add(p->sessions, sum->sessions);
		p->details += sum->details;
	}
	table_free(&d->failures);
}

int
lines_compare(const void *a, const void *b)
{
	const struct policy_figure *x = a, *y = b;
	int c;

	if ((c = sums_compare_number(x->start, y->start)) != 0 ||
	    (c = sums_compare_text(x->key.domain, y->key.domain)) != 0 ||
	    (c = sums_compare_policy(&x->key, &y->key)) != 0 ||
	    (c = sums_compare_text(x->key.reporter, y->key.reporter)) != 0)
		return c;
	return sums_compare_number(x->key.authenticity, y->key.authenticity);
}

static void
set_groups(struct digest *d)
{
	struct figures *f = &d->figures;
	struct row_key *key, *last = NULL;
	size_t i;

	for (i = 0; i < f->npolicies + f->nfailures; i++) {
		key = i < f->npolicies ? &f->policies[i].key
				       : &f->failures[i - f->npolicies].key;
		key->group = last != NULL && last->domain == key->domain
		    ? last->group
		    : sums_group_name(d, key->domain);
		last = key;
	}
}

void
lines_make(struct digest *d)
{
	struct refs refs = {NULL, 0};

	make_policies(d, &refs);
	make_failures(d, &refs);
	set_groups(d);
	free(refs.list);
}
