/* SPDX-License-Identifier: ISC */

/*
 * What speaks against enforce: places that fail every time until they are
 * mended, other failures where they are too many, and a fix that nobody has
 * confirmed yet.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/ratio.h"
#include "base/strings.h"
#include "digest/evidence.h"

void *
evidence_keep(const struct evidence *e, const void *p, size_t size)
{
	void *copy = arena_alloc(e->arena, size);

	if (size > 0)
		memcpy(copy, p, size);
	return copy;
}

void
evidence_add_rule(struct readiness *r, enum rule_kind kind, int64_t wanted,
    int64_t found, enum rule_state state)
{
	r->rules[r->nrules++] = (struct rule){kind, state, wanted, found};
}

void
evidence_add_least(
    struct readiness *r, enum rule_kind kind, int64_t wanted, int64_t found)
{
	evidence_add_rule(
	    r, kind, wanted, found, found >= wanted ? RULE_MET : RULE_LACKING);
}

/* ---- what fails ---- */

static bool
is_of_policy_host(enum result_type result)
{
	return result == RESULT_STS_POLICY_FETCH_ERROR ||
	    result == RESULT_STS_POLICY_INVALID ||
	    result == RESULT_STS_WEBPKI_INVALID;
}

static bool
is_of_certificate(enum result_type result)
{
	return result == RESULT_CERTIFICATE_HOST_MISMATCH ||
	    result == RESULT_CERTIFICATE_EXPIRED ||
	    result == RESULT_CERTIFICATE_NOT_TRUSTED;
}

/* True for what fails every time until it is mended.  DANE goes its own way
 * about certificates, and a failure of it says nothing of the policy. */
static bool
is_obstacle(const struct failure_figure *f)
{
	return is_of_policy_host(f->result) ||
	    f->result == RESULT_STARTTLS_NOT_SUPPORTED ||
	    (is_of_certificate(f->result) && f->key.policy_type != POLICY_TLSA);
}

/* True for any other failed session under the policy. */
static bool
is_other(const struct failure_figure *f)
{
	return f->key.policy_type == POLICY_STS && !is_obstacle(f) &&
	    f->result != RESULT_OVERLAP;
}

static const char *
host_of(const struct failure_figure *f)
{
	return is_of_policy_host(f->result) ? "" : f->receiving_mx;
}

static int
compare_places(const struct failure_figure *x, const struct failure_figure *y)
{
	int c = strcmp(host_of(x), host_of(y));

	if (c != 0 || host_of(x)[0] != '\0')
		return c;
	return (int)x->result - (int)y->result;
}

static int
compare_by_place(const void *a, const void *b)
{
	const struct failure_figure *x =
	    *(const struct failure_figure *const *)a;
	const struct failure_figure *y =
	    *(const struct failure_figure *const *)b;
	int c = compare_places(x, y);

	return c != 0 ? c : (int)x->result - (int)y->result;
}

/* Sums failures up that are sorted by place. */
static struct obstacle
sum_obstacle(
    struct arena *scratch, const struct failure_figure **list, size_t n)
{
	const char **names = arena_calloc(scratch, n, sizeof(*names));
	struct obstacle o = {.receiving_mx = host_of(list[0]),
	    .result = list[0]->result,
	    .first_day = list[0]->first_day,
	    .last_day = list[0]->last_day};
	int64_t of_kind = 0, most = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (i == 0 || list[i]->result != list[i - 1]->result) {
			o.kinds++;
			of_kind = 0;
		}
		of_kind = count_add(of_kind, list[i]->sessions);
		if (of_kind > most) {
			most = of_kind;
			o.result = list[i]->result;
		}
		o.sessions = count_add(o.sessions, list[i]->sessions);
		if (list[i]->first_day < o.first_day)
			o.first_day = list[i]->first_day;
		if (list[i]->last_day > o.last_day)
			o.last_day = list[i]->last_day;
		if (strcmp(host_of(list[i]), o.receiving_mx) != 0)
			o.receiving_mx = "";
		names[i] = list[i]->key.reporter;
	}
	o.reporters = strings_sort(names, n);
	o.reporter = names[0];
	return o;
}

/* Collects the failures of the days judged since the fix. */
static const struct failure_figure **
collect(const struct evidence *e, const struct readiness *r,
    bool (*takes)(const struct failure_figure *), size_t *n)
{
	const struct failure_figure **list =
	    arena_calloc(e->scratch, e->nfailures, sizeof(*list));
	const struct failure_figure *f;
	size_t i;

	*n = 0;
	for (i = 0; i < e->nfailures; i++) {
		f = e->failures[i];
		if (f->start >= r->first_day && f->start >= e->from &&
		    f->sessions > 0 && takes(f))
			list[(*n)++] = f;
	}
	if (*n > 1)
		qsort(list, *n, sizeof(*list), compare_by_place);
	return list;
}

static int
compare_obstacles(const void *a, const void *b)
{
	const struct obstacle *x = a, *y = b;

	if (x->reporters != y->reporters)
		return x->reporters > y->reporters ? -1 : 1;
	if (x->sessions != y->sessions)
		return x->sessions > y->sessions ? -1 : 1;
	if (x->result != y->result)
		return (int)x->result - (int)y->result;
	return strcmp(x->receiving_mx, y->receiving_mx);
}

void
evidence_judge_failures(const struct evidence *e, struct readiness *r)
{
	enum rule_state state = RULE_MET;
	const struct failure_figure **list;
	struct obstacle *obstacles;
	size_t i, end, n;

	list = collect(e, r, is_obstacle, &n);
	obstacles = arena_calloc(e->scratch, n, sizeof(*obstacles));
	for (i = 0; i < n; i = end) {
		for (end = i + 1;
		     end < n && compare_places(list[i], list[end]) == 0; end++)
			;
		obstacles[r->nobstacles++] =
		    sum_obstacle(e->scratch, list + i, end - i);
	}
	if (r->nobstacles > 1)
		qsort(obstacles, r->nobstacles, sizeof(*obstacles),
		    compare_obstacles);
	r->obstacles =
	    evidence_keep(e, obstacles, r->nobstacles * sizeof(*obstacles));
	if (r->nobstacles > 0)
		state = r->obstacles[0].reporters > 1 ? RULE_BROKEN : RULE_ASK;
	evidence_add_rule(r, RULE_FAILURES, 0, (int64_t)r->nobstacles, state);
}

static bool
has_one_mx(const struct evidence *e, const char *domain)
{
	return e->spec->has_one_mx != NULL &&
	    e->spec->has_one_mx(e->spec->arg, domain);
}

static enum rule_state
state_of_other(const struct evidence *e, const struct readiness *r)
{
	if (r->other.sessions == 0)
		return RULE_MET;
	if ((double)r->other.sessions * RATIO_WHOLE >=
	    (double)e->thresholds.validation_failure * (double)r->sessions)
		return RULE_BROKEN;
	if (!r->tied)
		return RULE_MET;
	return r->other.reporters > 1 ? RULE_BROKEN : RULE_ASK;
}

void
evidence_judge_validation(const struct evidence *e, struct readiness *r)
{
	const struct failure_figure **list;
	size_t n;

	list = collect(e, r, is_other, &n);
	if (n > 0)
		r->other = sum_obstacle(e->scratch, list, n);
	r->tied = n > 0 && r->other.receiving_mx[0] != '\0' &&
	    r->other.sessions >= READINESS_TIED_SESSIONS &&
	    !has_one_mx(e, r->domain);
	evidence_add_rule(r, RULE_VALIDATION, e->thresholds.validation_failure,
	    r->other.sessions, state_of_other(e, r));
}

/* ---- the fix ---- */

static bool
was_heard_since(const struct evidence *e, const char *reporter)
{
	size_t i;

	for (i = 0; i < e->npolicies; i++)
		if (e->policies[i]->start >= e->from &&
		    strcmp(e->policies[i]->key.reporter, reporter) == 0)
			return true;
	return false;
}

/* That a fault is gone is known from those who had seen it. */
void
evidence_judge_fix(const struct evidence *e, struct readiness *r)
{
	const char **names =
	    arena_calloc(e->scratch, e->nfailures, sizeof(*names));
	const struct failure_figure *f;
	int64_t heard = 0;
	size_t i, n = 0;

	for (i = 0; i < e->nfailures; i++) {
		f = e->failures[i];
		if (f->start < r->first_day || f->start >= e->from ||
		    f->sessions <= 0 || (!is_obstacle(f) && !is_other(f)))
			continue;
		r->left_out = count_add(r->left_out, f->sessions);
		names[n++] = f->key.reporter;
	}
	n = strings_sort(names, n);
	for (i = 0; i < n; i++)
		heard += was_heard_since(e, names[i]);
	if (n > 0)
		evidence_add_least(r, RULE_FIXED, 1, heard);
}
