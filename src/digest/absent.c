/* SPDX-License-Identifier: ISC */

/*
 * Domains that a period has no figures of, and that are to be told of all the
 * same: those that have fallen silent, and where zeros are asked for, those
 * that the configuration names.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/die.h"
#include "base/span.h"
#include "digest/sums.h"

/* A domain that may have to be told of. */
struct candidate {
	const char *domain;
	bool heard; /* its address is that of the reports */
	bool asked; /* told of in any case */
};

struct absent {
	struct digest *d;
	const void **seen;
	size_t *room;
	size_t nhere; /* domains with figures, which are sorted */
	struct candidate *list;
	size_t n;
	size_t list_room;
};

/* ---- who may have to be told of ---- */

static void
add_candidate(struct absent *a, struct candidate c)
{
	if (a->n == a->list_room) {
		a->list_room = a->list_room == 0 ? 64 : 2 * a->list_room;
		a->list =
		    xreallocarray(a->list, a->list_room, sizeof(*a->list));
	}
	a->list[a->n++] = c;
}

/* The domains that were heard of, each once. */
static void
add_heard(struct absent *a)
{
	const struct heard *heard = (const void *)a->d->heard.items;
	size_t i;

	for (i = 0; i < a->d->heard.n; i++)
		if (i == 0 || heard[i].id.domain != heard[i - 1].id.domain)
			add_candidate(a,
			    (struct candidate){
				.domain = heard[i].id.domain, .heard = true});
}

/* A name of the configuration in the form that domains of reports have. */
static const char *
as_reported(struct arena *arena, const char *name)
{
	char *domain = arena_strdup(arena, name);
	size_t i, len = strlen(domain);

	for (i = 0; i < len; i++)
		domain[i] = ascii_lower(domain[i]);
	if (len > 1 && domain[len - 1] == '.')
		domain[len - 1] = '\0';
	return domain;
}

static void
add_names(struct absent *a, const char *const *names, size_t n)
{
	const struct digest_spec *spec = &a->d->spec;
	const char *domain;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!scope_is_name(names[i]))
			continue;
		domain = as_reported(a->d->arena, names[i]);
		if (spec->takes == NULL || spec->takes(spec->takes_arg, domain))
			add_candidate(a,
			    (struct candidate){
				.domain = domain, .asked = true});
	}
}

/* Those that the configuration names. */
static void
add_configured(struct absent *a)
{
	const struct scope_group *group = a->d->spec.group;
	const struct scope *s = &a->d->scope;
	size_t i;

	if (group != NULL) {
		add_names(a, group->domains, group->ndomains);
		return;
	}
	for (i = 0; i < s->ndomains; i++)
		add_names(a, &s->domains[i].name, 1);
	for (i = 0; i < s->ngroups; i++)
		add_names(a, s->groups[i].domains, s->groups[i].ndomains);
	add_names(a, s->listed, s->nlisted);
}

/* By name; the reports' own address first. */
static int
compare_candidates(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int c = sums_compare_text(x->domain, y->domain);

	return c != 0 ? c : y->heard - x->heard;
}

/* Sorts, and leaves each domain once. */
static void
join_candidates(struct absent *a)
{
	struct candidate *last = NULL;
	size_t i, n = 0;

	if (a->n > 1)
		qsort(a->list, a->n, sizeof(*a->list), compare_candidates);
	for (i = 0; i < a->n; i++) {
		if (last != NULL &&
		    sums_compare_text(last->domain, a->list[i].domain) == 0) {
			last->asked |= a->list[i].asked;
			continue;
		}
		last = &a->list[n++];
		*last = a->list[i];
	}
	a->n = n;
}

/* ---- one period ---- */

static int
compare_domains(const void *a, const void *b)
{
	const struct domain_figure *x = a, *y = b;
	int c = sums_compare_number(x->start, y->start);

	return c != 0 ? c : sums_compare_text(x->domain, y->domain);
}

/* True if it has figures in the period that begins there. */
static bool
is_here(const struct absent *a, int32_t start, const char *domain)
{
	const struct domain_figure key = {.start = start, .domain = domain};

	return a->nhere > 0 &&
	    bsearch(&key, a->d->figures.domains, a->nhere,
		sizeof(*a->d->figures.domains), compare_domains) != NULL;
}

/* Adds the domain to the period from days[0] to days[1]; one that was not
 * asked for only if it is own and has something to be told. */
static void
add_absent(struct absent *a, const int32_t days[2], const struct candidate *c)
{
	struct figures *f = &a->d->figures;
	struct domain_figure *dom;

	if (is_here(a, days[0], c->domain))
		return;
	dom = domain_next(f, a->room);
	dom->domain = c->domain;
	dom->start = days[0];
	dom->end = days[1];
	domain_finish(a->d, dom, a->seen);
	if (!c->asked &&
	    (!dom->own ||
		(dom->verdict != VERDICT_SILENT && !a->d->spec.absent)))
		f->ndomains--;
}

/* A line without figures for each domain that has none. */
static void
add_zero_lines(struct digest *d, size_t nhere)
{
	struct figures *f = &d->figures;
	const struct domain_figure *dom;
	const size_t n = f->ndomains - nhere;
	size_t i;

	if (n == 0)
		return;
	f->policies =
	    xreallocarray(f->policies, f->npolicies + n, sizeof(*f->policies));
	for (i = 0; i < n; i++) {
		dom = &f->domains[nhere + i];
		f->policies[f->npolicies++] =
		    (struct policy_figure){.start = dom->start,
			.end = dom->end,
			.key = {.day = dom->start,
			    .group = dom->group,
			    .domain = dom->domain,
			    .policy_type_text = "",
			    .reporter = "",
			    .organization = ""}};
	}
	qsort(f->policies, f->npolicies, sizeof(*f->policies), lines_compare);
}

void
absent_add_all(struct digest *d, const void **seen, size_t *room)
{
	const struct digest_spec *spec = &d->spec;
	struct figures *f = &d->figures;
	struct absent a = {
	    .d = d, .seen = seen, .room = room, .nhere = f->ndomains};
	int32_t days[2];
	int64_t day;
	size_t i;

	if (spec->first_day == DAY_NONE || spec->news)
		return;
	if (spec->by == BY_TOTAL || spec->by == BY_DAY)
		add_heard(&a);
	if (spec->zeros)
		add_configured(&a);
	join_candidates(&a);
	for (day = spec->first_day; a.n > 0 && day <= spec->last_day;
	     day = (int64_t)days[1] + 1) {
		digest_bucket(spec, (int32_t)day, &days[0], &days[1]);
		if (days[0] > d->today && !spec->zeros)
			break; /* nobody can be late yet */
		for (i = 0; i < a.n; i++)
			add_absent(&a, days, &a.list[i]);
	}
	free(a.list);
	if (f->ndomains == a.nhere)
		return;
	if (spec->zeros)
		add_zero_lines(d, a.nhere);
	qsort(f->domains, f->ndomains, sizeof(*f->domains), compare_domains);
}
