/* SPDX-License-Identifier: ISC */

/*
 * Which domains and reporters have a label of their own, and the sums of the
 * rest.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/die.h"
#include "output/escape.h"
#include "output/metrics.h"

/* ---- the names of the configuration ---- */

struct names {
	char **list; /* without a final dot, sorted without regard to case */
	size_t n;
	size_t size;
};

static int
compare_names(const void *a, const void *b)
{
	return strcasecmp(*(char *const *)a, *(char *const *)b);
}

static void
add_name(struct names *names, const char *name)
{
	size_t len = strlen(name);

	if (!scope_is_name(name))
		return;
	if (names->n == names->size) {
		names->size = names->size * 2 + 16;
		names->list = xreallocarray(
		    names->list, names->size, sizeof(*names->list));
	}
	names->list[names->n] = xstrdup(name);
	if (len > 1 && name[len - 1] == '.')
		names->list[names->n][len - 1] = '\0';
	names->n++;
}

static void
find_names(struct names *names, const struct scope *s)
{
	const struct scope_group *g;
	size_t i, k;

	if (s == NULL)
		return;
	for (i = 0; i < s->ndomains; i++)
		add_name(names, s->domains[i].name);
	for (i = 0; i < s->ngroups; i++) {
		g = &s->groups[i];
		for (k = 0; k < g->ndomains; k++)
			add_name(names, g->domains[k]);
	}
	for (i = 0; i < s->nlisted; i++)
		add_name(names, s->listed[i]);
	if (names->n > 0)
		qsort(
		    names->list, names->n, sizeof(*names->list), compare_names);
}

static bool
is_named(const struct names *names, const char *domain)
{
	return names->n > 0 &&
	    bsearch(&domain, names->list, names->n, sizeof(*names->list),
		compare_names) != NULL;
}

static void
free_names(struct names *names)
{
	while (names->n > 0)
		free(names->list[--names->n]);
	free(names->list);
}

/* ---- domains ---- */

static int64_t
sessions_of(const struct domain_figure *dom)
{
	return count_add(dom->successful, dom->failed);
}

/* Most sessions first, so that an invented domain seldom takes the place of
 * a real one. */
static int
compare_sessions(const void *a, const void *b)
{
	const struct domain_figure *x = *(const struct domain_figure *const *)a;
	const struct domain_figure *y = *(const struct domain_figure *const *)b;
	const int64_t m = sessions_of(x), n = sessions_of(y);

	if (m != n)
		return m > n ? -1 : 1;
	return strcmp(x->domain, y->domain);
}

/* Says of each domain whether it has a label.  One that the configuration
 * does not name must at least look like one. */
static void
choose(const struct view *view, bool *labelled)
{
	const struct figures *f = view->figures;
	const struct domain_figure **rest, *dom = f->domains;
	struct names names = {.n = 0};
	size_t i, n = 0;

	rest = xcalloc(f->ndomains, sizeof(*rest));
	find_names(&names, view->scope);
	for (i = 0; i < f->ndomains; i++, dom++) {
		if (!dom->own)
			continue;
		if (is_named(&names, dom->domain))
			labelled[i] = true;
		else if (escape_is_host_name(dom->domain))
			rest[n++] = dom;
	}
	if (n > METRIC_DOMAINS_MAX) {
		qsort(rest, n, sizeof(*rest), compare_sessions);
		n = METRIC_DOMAINS_MAX;
	}
	while (n > 0)
		labelled[rest[--n] - f->domains] = true;
	free_names(&names);
	free(rest);
}

static void
add_sum(struct metric_sum *sum, int64_t successful, int64_t failed)
{
	sum->seen = true;
	sum->sessions = count_add(sum->sessions, count_add(successful, failed));
	sum->failed = count_add(sum->failed, failed);
}

static void
add_domain(struct metric_domain *m, const struct domain_figure *dom)
{
	const struct share *p = dom->policies;
	size_t i;

	add_sum(&m->sum, dom->successful, dom->failed);
	for (i = 0; i < dom->npolicies; i++, p++)
		add_sum(&m->policies[p->policy_type][p->mode], p->successful,
		    p->failed);
}

/* The place of a result type; METRIC_RESULTS for what is none. */
static size_t
result_place(enum result_type result)
{
	if (result == RESULT_UNSPECIFIED)
		return METRIC_UNSPECIFIED;
	return result <= RESULT_RFC_COUNT ? (size_t)result : METRIC_RESULTS;
}

/* Adds a domain's failures, which stand together, from the row at on. */
static size_t
add_failures(struct metric_domain *m, const struct figures *f, size_t at,
    const char *dom)
{
	size_t place;

	for (;
	     at < f->nfailures && strcmp(f->failures[at].key.domain, dom) == 0;
	     at++) {
		place = result_place(f->failures[at].result);
		if (place < METRIC_RESULTS)
			m->failures[place] = count_add(
			    m->failures[place], f->failures[at].sessions);
	}
	return at;
}

/* ---- reporters ---- */

static struct metric_reporter *
find_reporter(struct metrics *m, const char *name)
{
	size_t i;

	for (i = 0; i + 1 < m->nreporters; i++)
		if (strcmp(m->reporters[i].name, name) == 0)
			break;
	return &m->reporters[i];
}

static void
begin_reporters(struct metrics *m, const struct scope *s)
{
	size_t i;

	if (s == NULL || s->nreporters == 0)
		return;
	m->reporters = xcalloc(s->nreporters + 1, sizeof(*m->reporters));
	m->reporters[0].name = METRIC_OTHER;
	m->nreporters = 1;
	for (i = 0; i < s->nreporters; i++) {
		struct metric_reporter *last =
		    find_reporter(m, s->reporters[i].name);

		/* The last place is the one of all others. */
		if (strcmp(last->name, s->reporters[i].name) == 0)
			continue;
		last->name = s->reporters[i].name;
		m->reporters[m->nreporters++].name = METRIC_OTHER;
	}
}

static void
add_reporters(struct metrics *m, const struct domain_figure *dom)
{
	const struct share *r = dom->reporters;
	size_t i;

	for (i = 0; m->nreporters > 0 && i < dom->nreporters; i++, r++)
		add_sum(&find_reporter(m, r->reporter)->sum, r->successful,
		    r->failed);
}

/* ---- all ---- */

void
metrics_make(struct metrics *m, const struct view *view)
{
	const struct figures *f = view->figures;
	const struct domain_figure *dom = f->domains;
	struct metric_domain *place;
	bool *labelled;
	size_t i, at = 0;

	*m = (struct metrics){.domains = NULL};
	labelled = xcalloc(f->ndomains, sizeof(*labelled));
	m->domains = xcalloc(f->ndomains, sizeof(*m->domains));
	choose(view, labelled);
	begin_reporters(m, view->scope);
	for (i = 0; i < f->ndomains; i++, dom++) {
		place = labelled[i] ? &m->domains[m->ndomains++] : &m->others;
		if (labelled[i]) {
			place->figure = dom;
			add_reporters(m, dom);
		} else {
			m->nothers++;
		}
		add_domain(place, dom);
		at = add_failures(place, f, at, dom->domain);
	}
	free(labelled);
}

void
metrics_free(struct metrics *m)
{
	free(m->domains);
	free(m->reporters);
	*m = (struct metrics){.domains = NULL};
}
