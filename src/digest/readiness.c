/* SPDX-License-Identifier: ISC */

/*
 * The rules by which a domain may enforce its policy.  Evidence comes first:
 * that nothing failed means little where nobody looked.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/die.h"
#include "base/strings.h"
#include "digest/evidence.h"

/* Figures reach back twice as long as the longest time in testing that is
 * asked for, and so long at least: to say since when. */
#define DAYS_MIN 28

int32_t
readiness_days(const struct scope *scope)
{
	const struct thresholds general =
	    scope_thresholds(&(struct scope){.ndomains = 0}, "");
	int64_t most = general.testing_days;
	size_t i;

	for (i = 0; i < scope->ndomains; i++)
		if (scope->domains[i].thresholds.testing_days > most)
			most = scope->domains[i].thresholds.testing_days;
	for (i = 0; i < scope->ngroups; i++)
		if (scope->groups[i].thresholds.testing_days > most)
			most = scope->groups[i].thresholds.testing_days;
	return 2 * most > DAYS_MIN ? (int32_t)(2 * most) : DAYS_MIN;
}

/* ---- the stage ---- */

/* Who saw which modes, as bits, on the last day on which it saw any. */
struct view {
	unsigned modes;
	int32_t day;
};

struct modes {
	const char **reporters; /* by name */
	struct view *views;	/* of each */
	size_t n;
	/* By mode: the day since when it was somebody's view, with no other
	 * mode alone in between; DAY_NONE. */
	int32_t since[MODE_NONE + 1];
	unsigned current; /* the views of the latest day, as bits */
	int32_t latest;	  /* day of any report; DAY_NONE */
};

static void
open_modes(const struct evidence *e, struct modes *m)
{
	size_t i;

	*m = (struct modes){.latest = DAY_NONE,
	    .reporters =
		arena_calloc(e->scratch, e->npolicies, sizeof(*m->reporters))};
	for (i = 0; i <= MODE_NONE; i++)
		m->since[i] = DAY_NONE;
	for (i = 0; i < e->npolicies; i++)
		m->reporters[i] = e->policies[i]->key.reporter;
	m->n = strings_sort(m->reporters, e->npolicies);
	m->views = arena_calloc(e->scratch, m->n, sizeof(*m->views));
	for (i = 0; i < m->n; i++)
		m->views[i].day = DAY_NONE;
}

/* Sums up the views at the end of a day.  Senders keep a policy for days, so
 * that old and new are seen side by side, and who does not report on a day
 * has not changed its view. */
static void
end_day(struct modes *m, int32_t day)
{
	unsigned modes = 0;
	size_t i;

	for (i = 0; i < m->n; i++)
		if ((int64_t)m->views[i].day + READINESS_CURRENT_DAYS > day)
			modes |= m->views[i].modes;
	m->current = modes;
	for (i = MODE_ENFORCE; i <= MODE_NONE; i++) {
		if ((modes & (1u << i)) != 0) {
			if (m->since[i] == DAY_NONE)
				m->since[i] = day;
		} else if (modes != 0) {
			m->since[i] = DAY_NONE;
		}
	}
}

static void
take_view(struct modes *m, const struct policy_figure *p)
{
	const char **at;
	struct view *v;

	if (p->key.policy_type != POLICY_STS || p->key.mode == MODE_UNKNOWN)
		return;
	at = bsearch(&p->key.reporter, m->reporters, m->n,
	    sizeof(*m->reporters), strings_compare);
	v = &m->views[at - m->reporters];
	if (v->day != p->start)
		v->modes = 0;
	v->modes |= 1u << p->key.mode;
	v->day = p->start;
}

static struct modes
find_modes(const struct evidence *e)
{
	const struct policy_figure *p;
	struct modes m;
	size_t i;

	open_modes(e, &m);
	for (i = 0; i < e->npolicies; i++) {
		p = e->policies[i];
		if (p->start != m.latest && m.latest != DAY_NONE)
			end_day(&m, m.latest);
		m.latest = p->start;
		take_view(&m, p);
	}
	if (m.latest != DAY_NONE)
		end_day(&m, m.latest);
	return m;
}

/* Of modes that are seen side by side the one that came last is the policy of
 * today; if nobody knows which, the one that holds mail back. */
static enum policy_mode
current_mode(const struct modes *m)
{
	enum policy_mode best = MODE_UNKNOWN;
	int i;

	for (i = MODE_ENFORCE; i <= MODE_NONE; i++)
		if ((m->current & (1u << i)) != 0 &&
		    (best == MODE_UNKNOWN || m->since[i] > m->since[best]))
			best = (enum policy_mode)i;
	return best;
}

static void
find_stage(const struct evidence *e, struct readiness *r)
{
	const struct modes m = find_modes(e);
	const enum policy_mode mode = current_mode(&m);

	r->stage = m.latest == DAY_NONE ? STAGE_UNKNOWN
	    : mode == MODE_ENFORCE	? STAGE_ENFORCE
	    : mode == MODE_TESTING	? STAGE_TESTING
					: STAGE_NONE;
	r->since = r->stage > STAGE_NONE ? m.since[mode] : DAY_NONE;
	r->longer = r->since == e->spec->figures->spec.first_day;
}

/* ---- how much is known ---- */

/* Only reports about the policy tell how it fares. */
static void
judge_amount(const struct evidence *e, struct readiness *r)
{
	const struct thresholds *t = &e->thresholds;
	const struct policy_figure *p;
	int64_t days = 0, sessions = 0, one;
	int32_t day = DAY_NONE;
	const char **names =
	    arena_calloc(e->scratch, e->npolicies, sizeof(*names));
	size_t i, n = 0;

	for (i = 0; i < e->npolicies; i++) {
		p = e->policies[i];
		if (p->start < r->first_day || p->key.policy_type != POLICY_STS)
			continue;
		days += p->start != day;
		day = p->start;
		one = count_add(p->successful, p->failed);
		sessions = count_add(sessions, one);
		if (p->start >= e->from)
			r->sessions = count_add(r->sessions, one);
		names[n++] = p->key.reporter;
	}
	r->nreporters = strings_sort(names, n);
	r->reporters = evidence_keep(e, names, r->nreporters * sizeof(*names));
	evidence_add_least(r, RULE_REPORT_DAYS, t->report_days, days);
	evidence_add_least(
	    r, RULE_REPORTERS, t->reporters, (int64_t)r->nreporters);
	evidence_add_least(r, RULE_SESSIONS, t->sessions, sessions);
}

static void
judge_testing(const struct evidence *e, struct readiness *r)
{
	const int64_t days =
	    r->stage == STAGE_TESTING ? (int64_t)r->last_day - r->since + 1 : 0;

	if (r->stage != STAGE_ENFORCE)
		evidence_add_least(
		    r, RULE_TESTING, e->thresholds.testing_days, days);
}

/* ---- all ---- */

static enum readiness_verdict
sum_up(const struct readiness *r)
{
	enum rule_state worst = RULE_MET;
	size_t i;

	for (i = 0; i < r->nrules; i++)
		if (r->rules[i].state > worst)
			worst = r->rules[i].state;
	for (i = 0; i < r->nlive; i++)
		if (r->live[i].state > worst)
			worst = r->live[i].state;
	if (worst == RULE_BROKEN)
		return READINESS_BROKEN;
	return worst >= RULE_LACKING ? READINESS_LACKING : READINESS_READY;
}

void
readiness_add_live(struct readiness *r, struct live_rule *live, size_t n)
{
	r->live = live;
	r->nlive = n;
	r->verdict = sum_up(r);
}

static void
judge_domain(struct evidence *e, struct readiness *r)
{
	const struct digest_spec *spec = &e->spec->figures->spec;
	const struct scope none = {0};
	int64_t days;

	e->thresholds = scope_thresholds(
	    spec->scope != NULL ? spec->scope : &none, r->domain);
	days = e->thresholds.testing_days;
	r->last_day = spec->last_day;
	r->first_day = r->last_day - (int32_t)(days > 0 ? days : 1) + 1;
	r->fixed_on = e->spec->fixed_on;
	e->from = r->fixed_on != DAY_NONE ? r->fixed_on : r->first_day;
	find_stage(e, r);
	judge_testing(e, r);
	judge_amount(e, r);
	evidence_judge_failures(e, r);
	evidence_judge_validation(e, r);
	evidence_judge_fix(e, r);
	r->verdict = sum_up(r);
}

static int
compare_policies(const void *a, const void *b)
{
	const struct policy_figure *x = *(const struct policy_figure *const *)a;
	const struct policy_figure *y = *(const struct policy_figure *const *)b;
	int c = strcmp(x->key.domain, y->key.domain);

	return c != 0 ? c : (x->start > y->start) - (x->start < y->start);
}

static int
compare_failures(const void *a, const void *b)
{
	const struct failure_figure *x =
	    *(const struct failure_figure *const *)a;
	const struct failure_figure *y =
	    *(const struct failure_figure *const *)b;
	int c = strcmp(x->key.domain, y->key.domain);

	return c != 0 ? c : (x->start > y->start) - (x->start < y->start);
}

static bool
is_own(const struct digest_spec *spec, const char *domain)
{
	return spec->asked || spec->group != NULL || spec->scope == NULL ||
	    scope_is_own(spec->scope, domain);
}

/* Sorts the figures of own domains by domain and day. */
static void
sort_figures(struct evidence *all)
{
	const struct figures *f = all->spec->figures;
	size_t i;

	all->policies =
	    arena_calloc(all->scratch, f->npolicies, sizeof(*all->policies));
	for (i = 0; i < f->npolicies; i++)
		if (is_own(&f->spec, f->policies[i].key.domain))
			all->policies[all->npolicies++] = &f->policies[i];
	all->failures =
	    arena_calloc(all->scratch, f->nfailures, sizeof(*all->failures));
	for (i = 0; i < f->nfailures; i++)
		if (is_own(&f->spec, f->failures[i].key.domain))
			all->failures[all->nfailures++] = &f->failures[i];
	if (all->npolicies > 1)
		qsort(all->policies, all->npolicies, sizeof(*all->policies),
		    compare_policies);
	if (all->nfailures > 1)
		qsort(all->failures, all->nfailures, sizeof(*all->failures),
		    compare_failures);
}

static struct readiness *
add(struct readiness_list *out, const char *domain)
{
	if (out->n == out->room) {
		out->room = out->room == 0 ? 16 : 2 * out->room;
		out->list =
		    xreallocarray(out->list, out->room, sizeof(*out->list));
	}
	out->list[out->n] = (struct readiness){.domain = domain};
	return &out->list[out->n++];
}

/* Takes the figures of the next domain off the front of rest. */
static void
take_domain(struct evidence *rest, struct evidence *e)
{
	const char *domain = rest->policies[0]->key.domain;

	*e = *rest;
	e->npolicies = e->nfailures = 0;
	while (rest->npolicies > 0 &&
	    strcmp(rest->policies[0]->key.domain, domain) == 0) {
		rest->policies++;
		rest->npolicies--;
		e->npolicies++;
	}
	/* Every failure is of a policy. */
	while (rest->nfailures > 0 &&
	    strcmp(rest->failures[0]->key.domain, domain) < 0) {
		rest->failures++;
		rest->nfailures--;
	}
	e->failures = rest->failures;
	while (rest->nfailures > 0 &&
	    strcmp(rest->failures[0]->key.domain, domain) == 0) {
		rest->failures++;
		rest->nfailures--;
		e->nfailures++;
	}
}

static int
compare_results(const void *a, const void *b)
{
	return strcasecmp(((const struct readiness *)a)->domain,
	    ((const struct readiness *)b)->domain);
}

static void
sort_results(struct readiness_list *out)
{
	if (out->n > 1)
		qsort(out->list, out->n, sizeof(*out->list), compare_results);
}

/* Those of which nothing is known. */
static void
add_names(struct readiness_list *out, const struct readiness_spec *spec,
    const struct evidence *rest)
{
	const size_t known = out->n;
	struct readiness key;
	struct evidence e;
	size_t i;

	for (i = 0; i < spec->nnames; i++) {
		key = (struct readiness){.domain = spec->names[i]};
		if (known > 0 &&
		    bsearch(&key, out->list, known, sizeof(*out->list),
			compare_results) != NULL)
			continue;
		e = *rest;
		e.npolicies = e.nfailures = 0;
		judge_domain(&e, add(out, spec->names[i]));
	}
	sort_results(out);
}

/* A domain that is named twice is judged once. */
static void
drop_twins(struct readiness_list *out)
{
	size_t i, n = 0;

	for (i = 0; i < out->n; i++)
		if (n == 0 ||
		    compare_results(&out->list[n - 1], &out->list[i]) != 0)
			out->list[n++] = out->list[i];
	out->n = n;
}

void
readiness_judge(struct readiness_list *out, const struct readiness_spec *spec)
{
	struct evidence rest = {.spec = spec, .scratch = arena_new(4096)}, e;

	if (out->arena == NULL)
		out->arena = arena_new(4096);
	rest.arena = out->arena;
	sort_figures(&rest);
	while (rest.npolicies > 0) {
		take_domain(&rest, &e);
		judge_domain(&e, add(out, e.policies[0]->key.domain));
	}
	sort_results(out);
	add_names(out, spec, &rest);
	drop_twins(out);
	arena_free(rest.scratch);
}

void
readiness_free(struct readiness_list *list)
{
	free(list->list);
	arena_free(list->arena);
	*list = (struct readiness_list){.list = NULL};
}
