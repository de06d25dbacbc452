/* SPDX-License-Identifier: ISC */

/*
 * What is wrong at a domain: failures of one kind at one MX under one
 * policy, whoever reported them, with the day since when the fault has been
 * there and the words that say most about it.
 */

#include "config.h"

#include <stdlib.h>

#include "digest/sums.h"

static const struct failure_figure *
failure_at(const void *ref)
{
	return *(const struct failure_figure *const *)ref;
}

/* Orders by what is broken. */
static int
compare_by_incident(const void *a, const void *b)
{
	const struct failure_figure *x = failure_at(a), *y = failure_at(b);
	const struct problem p = {.result = x->result,
	    .result_text = x->result_text,
	    .receiving_mx = x->receiving_mx};
	const struct problem q = {.result = y->result,
	    .result_text = y->result_text,
	    .receiving_mx = y->receiving_mx};

	return incident_compare(&p, &q);
}

static int
compare_by_problem(const void *a, const void *b)
{
	const struct failure_figure *x = failure_at(a), *y = failure_at(b);
	int c;

	if ((c = compare_by_incident(a, b)) != 0 ||
	    (c = sums_compare_number(x->result, y->result)) != 0 ||
	    (c = sums_compare_text(x->result_text, y->result_text)) != 0 ||
	    (c = sums_compare_text(x->receiving_mx, y->receiving_mx)) != 0)
		return c;
	return sums_compare_policy(&x->key, &y->key);
}

static int
compare_by_observer(const void *a, const void *b)
{
	return sums_compare_text(
	    failure_at(a)->key.reporter, failure_at(b)->key.reporter);
}

static int
compare_by_reason(const void *a, const void *b)
{
	return sums_compare_text(
	    failure_at(a)->reason_code, failure_at(b)->reason_code);
}

/* Returns the end of the run that begins at i. */
static size_t
run_end(const void **refs, size_t n, size_t i,
    int (*cmp)(const void *, const void *))
{
	size_t end = i + 1;

	while (end < n && cmp(&refs[i], &refs[end]) == 0)
		end++;
	return end;
}

static int64_t
sum_sessions(const void **refs, size_t n)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum = count_add(sum, failure_at(&refs[i])->sessions);
	return sum;
}

/* Who saw most of a problem, and how many saw it at all. */
static void
find_reporters(struct problem *p, const void **refs, size_t n)
{
	int64_t sessions, most = -1;
	size_t i, end;

	sums_sort_refs(refs, n, compare_by_observer);
	for (i = 0; i < n; i = end) {
		end = run_end(refs, n, i, compare_by_observer);
		sessions = sum_sessions(&refs[i], end - i);
		p->reporters++;
		if (sessions > most) {
			most = sessions;
			p->reporter = failure_at(&refs[i])->key.reporter;
		}
	}
}

/* The reason that most of a problem came with. */
static void
find_reason(struct problem *p, const void **refs, size_t n)
{
	int64_t sessions, most = -1;
	size_t i, end;

	sums_sort_refs(refs, n, compare_by_reason);
	p->reason_code = "";
	for (i = 0; i < n; i = end) {
		end = run_end(refs, n, i, compare_by_reason);
		sessions = sum_sessions(&refs[i], end - i);
		if (sessions > most &&
		    failure_at(&refs[i])->reason_code[0] != '\0') {
			most = sessions;
			p->reason_code = failure_at(&refs[i])->reason_code;
		}
	}
}

static bool
was_seen(const struct digest *d, const struct seen_id *id, int32_t day)
{
	const struct seen *seen = table_find(&d->seen, id);

	return seen != NULL && (seen->days & sums_day_bit(day)) != 0;
}

/* Goes back day by day until a gap that makes what lies before it another
 * problem. */
static int32_t
find_since(const struct digest *d, const struct problem *p, const char *domain,
    int32_t start)
{
	int32_t day, since = p->last_day;

	for (day = since - 1;
	     (int64_t)day >= (int64_t)start - DIGEST_LOOKBACK_DAYS &&
	     since - day <= DIGEST_GAP_DAYS + 1;
	     day--) {
		const struct seen_id id = {.domain = domain,
		    .result_text = p->result_text,
		    .receiving_mx = p->receiving_mx,
		    .result = (int32_t)p->result,
		    .block = sums_block(day)};

		if (was_seen(d, &id, day))
			since = day;
	}
	return since;
}

static struct problem
make_problem(const struct digest *d, const struct domain_figure *dom,
    const void **refs, size_t n)
{
	const struct failure_figure *f = failure_at(refs);
	struct problem p = {.result = f->result,
	    .result_text = f->result_text,
	    .receiving_mx = f->receiving_mx,
	    .policy_type = f->key.policy_type,
	    .policy_type_text = f->key.policy_type_text,
	    .mode = f->key.mode,
	    .sessions = sum_sessions(refs, n),
	    .last_day = f->last_day};
	size_t i;

	for (i = 1; i < n; i++)
		if (failure_at(&refs[i])->last_day > p.last_day)
			p.last_day = failure_at(&refs[i])->last_day;
	p.since = find_since(d, &p, dom->domain, dom->start);
	find_reporters(&p, refs, n);
	find_reason(&p, refs, n);
	return p;
}

struct problem
problem_of_past(const struct digest *d, const struct domain_figure *dom,
    const struct seen *seen, int32_t last)
{
	struct problem p = {.result = (enum result_type)seen->id.result,
	    .result_text = seen->id.result_text,
	    .receiving_mx = seen->id.receiving_mx,
	    .policy_type_text = "",
	    .reporter = seen->reporter,
	    .reason_code = "",
	    .last_day = last};

	p.since = find_since(d, &p, dom->domain, dom->start);
	return p;
}

/* ---- what is ignored ---- */

static bool
matches(const struct scope_ignore *rule, const struct domain_figure *dom,
    const struct failure_figure *f)
{
	return scope_ignores(rule, dom->domain, f->receiving_mx,
	    f->key.reporter, f->result, f->result_text, f->last_day);
}

bool
problem_is_below(
    const struct scope_ignore *rule, int64_t sessions, int64_t whole)
{
	return rule->below == THRESHOLD_UNSET ||
	    (double)sessions * RATIO_WHOLE <
	    (double)whole * (double)rule->below;
}

/* Takes the failures that a rule is for out of refs.  Returns how many are
 * left. */
static size_t
apply_rule(struct domain_figure *dom, const struct scope_ignore *rule,
    const void **refs, size_t n)
{
	const int64_t whole = count_add(dom->successful, dom->failed);
	int64_t sessions = 0;
	size_t i, left = 0;

	for (i = 0; i < n; i++)
		if (matches(rule, dom, refs[i]))
			sessions =
			    count_add(sessions, failure_at(&refs[i])->sessions);
	if (sessions == 0 || !problem_is_below(rule, sessions, whole))
		return n;
	for (i = 0; i < n; i++)
		if (!matches(rule, dom, refs[i]))
			refs[left++] = refs[i];
	dom->ignored[dom->nignored++] = (struct ignored){rule, sessions};
	return left;
}

static size_t
ignore_some(
    struct digest *d, struct domain_figure *dom, const void **refs, size_t n)
{
	const struct scope *scope = &d->scope;
	size_t i;

	if (scope->nignores == 0 || n == 0)
		return n;
	dom->ignored =
	    arena_calloc(d->arena, scope->nignores, sizeof(*dom->ignored));
	for (i = 0; i < scope->nignores; i++)
		n = apply_rule(dom, &scope->ignores[i], refs, n);
	return n;
}

/* ---- all of them ---- */

static size_t
count_runs(const void **refs, size_t n, int (*cmp)(const void *, const void *))
{
	size_t i, runs = 0;

	for (i = 0; i < n; i = run_end(refs, n, i, cmp))
		runs++;
	return runs;
}

/* Makes the problems of one incident out of its failures, and it of them. */
static void
make_incident(
    struct digest *d, struct domain_figure *dom, const void **refs, size_t n)
{
	struct incident *in = &dom->incidents[dom->nincidents++];
	struct problem *problems = dom->problems + dom->nproblems;
	size_t i, end, count = 0;

	for (i = 0; i < n; i = end) {
		end = run_end(refs, n, i, compare_by_problem);
		problems[count++] = make_problem(d, dom, &refs[i], end - i);
	}
	dom->nproblems += count;
	*in = incident_make(dom, problems, count);
	incident_find_reporters(d, in, refs, n);
}

/* Makes problems and incidents of failures that are sorted. */
static void
make_list(
    struct digest *d, struct domain_figure *dom, const void **refs, size_t n)
{
	size_t i, end;

	dom->problems = arena_calloc(d->arena,
	    count_runs(refs, n, compare_by_problem), sizeof(*dom->problems));
	dom->incidents = arena_calloc(d->arena,
	    count_runs(refs, n, compare_by_incident), sizeof(*dom->incidents));
	for (i = 0; i < n; i = end) {
		end = run_end(refs, n, i, compare_by_incident);
		make_incident(d, dom, &refs[i], end - i);
	}
}

void
problem_make_all(struct digest *d, struct domain_figure *dom,
    const struct part *part, struct refs *scratch)
{
	const void **refs = sums_refs(scratch, part->nfailures);
	size_t i, n = 0;

	for (i = 0; i < part->nfailures; i++) {
		const struct failure_figure *f = &part->failures[i];

		if (f->result == RESULT_OVERLAP)
			dom->overlap = count_add(dom->overlap, f->sessions);
		else if (f->sessions > 0)
			refs[n++] = f;
	}
	n = ignore_some(d, dom, refs, n);
	sums_sort_refs(refs, n, compare_by_problem);
	make_list(d, dom, refs, n);
}
