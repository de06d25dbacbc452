/* SPDX-License-Identifier: ISC */

/*
 * From sums to what a person wants to know of a domain: the sessions under
 * each policy, by whom they were reported and on which days.  It works on the
 * figures, which are sorted and far fewer than the rows; whatever must be
 * grouped by something else is sorted again by way of pointers.
 */

#include "config.h"

#include <stdlib.h>

#include "base/die.h"
#include "digest/sums.h"

static int
compare_by_policy(const void *a, const void *b)
{
	const struct policy_figure *x = *(const struct policy_figure *const *)a;
	const struct policy_figure *y = *(const struct policy_figure *const *)b;

	return sums_compare_policy(&x->key, &y->key);
}

static int
compare_by_reporter(const void *a, const void *b)
{
	const struct policy_figure *x = *(const struct policy_figure *const *)a;
	const struct policy_figure *y = *(const struct policy_figure *const *)b;

	return sums_compare_text(x->key.reporter, y->key.reporter);
}

static struct share
policy_share(const struct policy_figure *p)
{
	return (struct share){.policy_type = p->key.policy_type,
	    .policy_type_text = p->key.policy_type_text,
	    .mode = p->key.mode,
	    .reporter = ""};
}

static struct share
reporter_share(const struct policy_figure *p)
{
	return (struct share){
	    .policy_type_text = "", .reporter = p->key.reporter};
}

static int
compare_shares(const void *a, const void *b)
{
	const struct share *x = a, *y = b;
	int c;

	if ((c = sums_compare_number(count_add(y->successful, y->failed),
		 count_add(x->successful, x->failed))) != 0 ||
	    (c = sums_compare_number(x->policy_type, y->policy_type)) != 0 ||
	    (c = sums_compare_text(x->policy_type_text, y->policy_type_text)) !=
		0 ||
	    (c = sums_compare_number(x->mode, y->mode)) != 0)
		return c;
	return sums_compare_text(x->reporter, y->reporter);
}

/* What a list of shares is made by. */
struct division {
	int (*cmp)(const void *, const void *);
	struct share (*make)(const struct policy_figure *);
};

/* Sums the policy figures in refs up into shares, most sessions first. */
static struct share *
divide(struct arena *arena, const void **refs, size_t n,
    const struct division *by, size_t *count)
{
	const struct policy_figure *p;
	struct share *shares;
	size_t i, len = 0;

	sums_sort_refs(refs, n, by->cmp);
	for (i = 0; i < n; i++)
		len += i == 0 || by->cmp(&refs[i - 1], &refs[i]) != 0;
	shares = arena_calloc(arena, len, sizeof(*shares));
	*count = len;
	for (i = len = 0; i < n; i++) {
		p = refs[i];
		if (i == 0 || by->cmp(&refs[i - 1], &refs[i]) != 0)
			shares[len++] = by->make(p);
		shares[len - 1].successful =
		    count_add(shares[len - 1].successful, p->successful);
		shares[len - 1].failed =
		    count_add(shares[len - 1].failed, p->failed);
	}
	if (len > 1)
		qsort(shares, len, sizeof(*shares), compare_shares);
	return shares;
}

static void
make_shares(struct digest *d, struct domain_figure *dom,
    const struct part *part, struct refs *scratch)
{
	static const struct division by_policy = {
	    compare_by_policy, policy_share};
	static const struct division by_reporter = {
	    compare_by_reporter, reporter_share};
	const void **refs = sums_refs(scratch, part->npolicies);
	const struct policy_figure *p;
	size_t i;

	for (i = 0; i < part->npolicies; i++) {
		p = &part->policies[i];
		refs[i] = p;
		dom->successful = count_add(dom->successful, p->successful);
		dom->failed = count_add(dom->failed, p->failed);
	}
	dom->policies = divide(
	    d->arena, refs, part->npolicies, &by_policy, &dom->npolicies);
	dom->reporters = divide(
	    d->arena, refs, part->npolicies, &by_reporter, &dom->nreporters);
}

/* ---- days ---- */

static int
compare_days(const void *a, const void *b)
{
	const struct day_sum *x = a, *y = b;
	int c = sums_compare_text(x->id.domain, y->id.domain);

	return c != 0 ? c : sums_compare_number(x->id.day, y->id.day);
}

/* True if a table of days has one of the domain's period. */
static bool
has_day(const struct table *days, const struct domain_figure *dom)
{
	const struct day_sum key = {
	    .id = {.domain = dom->domain, .day = dom->start}};
	size_t i = table_lower_bound(days, &key, compare_days);
	const struct day_sum *sums = (const void *)days->items;

	return i < days->n && sums[i].id.domain == dom->domain &&
	    sums[i].id.day <= dom->end;
}

static void
make_days(struct digest *d, struct domain_figure *dom)
{
	const struct day_sum key = {
	    .id = {.domain = dom->domain, .day = dom->start}};
	size_t i, first = table_lower_bound(&d->days, &key, compare_days);
	const struct day_sum *sums = (const void *)d->days.items;

	for (i = first; i < d->days.n && sums[i].id.domain == dom->domain &&
	     sums[i].id.day <= dom->end;
	     i++)
		dom->ndays++;
	dom->days = arena_calloc(d->arena, dom->ndays, sizeof(*dom->days));
	for (i = 0; i < dom->ndays; i++)
		dom->days[i] = (struct share){.policy_type_text = "",
		    .reporter = "",
		    .day = sums[first + i].id.day,
		    .successful = sums[first + i].successful,
		    .failed = sums[first + i].failed};
}

/* ---- domains ---- */

/* Orders a policy and a failure by period and domain. */
static int
compare_heads(const struct policy_figure *p, const struct failure_figure *f)
{
	int c = sums_compare_number(p->start, f->start);

	return c != 0 ? c : sums_compare_text(p->key.domain, f->key.domain);
}

/* Takes the next domain's figures off the front of rest. */
static void
take_part(struct part *rest, struct part *part, struct domain_figure *dom)
{
	bool by_policy = rest->nfailures == 0 ||
	    (rest->npolicies > 0 &&
		compare_heads(rest->policies, rest->failures) <= 0);

	dom->start = by_policy ? rest->policies->start : rest->failures->start;
	dom->end = by_policy ? rest->policies->end : rest->failures->end;
	dom->domain =
	    by_policy ? rest->policies->key.domain : rest->failures->key.domain;
	*part = (struct part){rest->policies, 0, rest->failures, 0};
	for (; rest->npolicies > 0 && rest->policies->start == dom->start &&
	     rest->policies->key.domain == dom->domain;
	     rest->policies++, rest->npolicies--)
		part->npolicies++;
	for (; rest->nfailures > 0 && rest->failures->start == dom->start &&
	     rest->failures->key.domain == dom->domain;
	     rest->failures++, rest->nfailures--)
		part->nfailures++;
}

void
domain_make_figures(struct digest *d)
{
	struct figures *f = &d->figures;
	struct part part,
	    rest = {f->policies, f->npolicies, f->failures, f->nfailures};
	struct refs scratch = {NULL, 0};
	size_t room = 0;

	table_sort(&d->days, compare_days);
	table_sort(&d->told, compare_days);
	table_sort(&d->heard, usual_compare_heard);
	f->awaited_from = usual_find_awaited(d);
	while (rest.npolicies > 0 || rest.nfailures > 0) {
		struct domain_figure dom = {0};

		take_part(&rest, &part, &dom);
		make_shares(d, &dom, &part, &scratch);
		problem_make_all(d, &dom, &part, &scratch);
		make_days(d, &dom);
		dom.told = has_day(&d->told, &dom);
		usual_judge(d, &dom);
		if (f->ndomains == room) {
			room = room == 0 ? 64 : 2 * room;
			f->domains = xreallocarray(
			    f->domains, room, sizeof(*f->domains));
		}
		f->domains[f->ndomains++] = dom;
	}
	free(scratch.list);
}
