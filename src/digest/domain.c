/* SPDX-License-Identifier: ISC */

/*
 * From sums to what a person wants to know of a domain: the sessions under
 * each policy, by whom they were reported and on which days.  It works on the
 * figures, which are sorted and far fewer than the rows; whatever must be
 * grouped by something else is sorted again by way of pointers.
 */

#include "config.h"

#include <stdlib.h>

#include "base/date.h"
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

static void
count_entries(struct domain_figure *dom, const struct part *part)
{
	const struct policy_figure *p = part->policies;
	size_t i;

	for (i = 0; i < part->npolicies; i++, p++)
		dom->entries[p->key.authenticity] += p->entries;
}

/* What the period is compared with. */
static void
look_back(const struct digest *d, struct domain_figure *dom)
{
	int32_t days[2];

	dom->lookback = days_sum(
	    d, dom->domain, dom->start - DIGEST_LOOKBACK_DAYS, dom->start - 1);
	dom->last_day = days_last(d, dom->domain, dom->end);
	digest_previous(&d->spec, dom->start, days);
	dom->before_start = days[0];
	dom->before_end = days[1];
	dom->before = (struct share){.policy_type_text = "", .reporter = ""};
	if (days[0] == DAY_NONE || d->spec.news)
		dom->before_start = DAY_NONE;
	else
		dom->before = days_sum(d, dom->domain, days[0], days[1]);
}

static enum verdict
judge(const struct digest *d, const struct domain_figure *dom)
{
	enum verdict verdict =
	    dom->ndays > 0 || dom->told ? VERDICT_OK : VERDICT_NOTHING;
	size_t i;

	for (i = 0; i < dom->nincidents; i++) {
		if (dom->incidents[i].state == INCIDENT_GONE)
			continue;
		if (dom->incidents[i].holds_mail)
			return VERDICT_FAILING;
		verdict = VERDICT_WARNING;
	}
	/* No report at all: that is more than one reporter's silence. */
	if (verdict == VERDICT_NOTHING && dom->nsilences > 0 &&
	    (!dom->incomplete || silence_is_total(d, dom)))
		verdict = VERDICT_SILENT;
	return verdict;
}

/* What is said of a domain whose shares, problems and days are there. */
void
domain_finish(struct digest *d, struct domain_figure *dom, const void **seen)
{
	dom->group = sums_group_name(d, dom->domain);
	dom->own = d->spec.asked || d->spec.group != NULL ||
	    scope_is_own(&d->scope, dom->domain);
	dom->told = days_are_told(d, dom);
	look_back(d, dom);
	usual_judge(d, dom);
	if (!d->spec.news) {
		if (dom->ndays > 0)
			incident_add_gone(d, dom, seen, d->seen.n);
		silence_find(d, dom);
		change_find(d, dom);
	}
	incident_sort(dom);
	dom->verdict = judge(d, dom);
}

struct domain_figure *
domain_next(struct figures *f, size_t *room)
{
	if (f->ndomains == *room) {
		*room = *room == 0 ? 64 : 2 * *room;
		f->domains =
		    xreallocarray(f->domains, *room, sizeof(*f->domains));
	}
	f->domains[f->ndomains] = (struct domain_figure){.domain = ""};
	return &f->domains[f->ndomains++];
}

/* ---- all ---- */

static void
sort_tables(struct digest *d, struct refs *seen)
{
	const void **refs = sums_refs(seen, d->seen.n);
	size_t i;

	table_sort(&d->days, days_compare);
	table_sort(&d->heard, usual_compare_heard);
	table_sort(&d->texts, change_compare_texts);
	table_sort(&d->kinds, change_compare_kinds);
	for (i = 0; i < d->seen.n; i++)
		refs[i] = d->seen.items + i * d->seen.item_size;
	sums_sort_refs(refs, d->seen.n, incident_compare_seen);
}

void
domain_make_figures(struct digest *d)
{
	struct figures *f = &d->figures;
	struct part part,
	    rest = {f->policies, f->npolicies, f->failures, f->nfailures};
	struct refs scratch = {NULL, 0}, seen = {NULL, 0};
	struct domain_figure *dom;
	size_t room = 0;

	sort_tables(d, &seen);
	f->awaited_from = usual_find_awaited(d);
	while (rest.npolicies > 0 || rest.nfailures > 0) {
		dom = domain_next(f, &room);
		take_part(&rest, &part, dom);
		count_entries(dom, &part);
		make_shares(d, dom, &part, &scratch);
		days_list(d, dom);
		problem_make_all(d, dom, &part, &scratch);
		domain_finish(d, dom, seen.list);
	}
	absent_add_all(d, seen.list, &room);
	free(scratch.list);
	free(seen.list);
}
