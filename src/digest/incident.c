/* SPDX-License-Identifier: ISC */

/*
 * From problems to what is broken: one MX that five senders call three
 * things is one thing to mend.  And what was broken in the period before and
 * is not now: that someone mended it deserves a line, too.
 */

#include "config.h"

#include <stdlib.h>

#include "base/date.h"
#include "digest/explain.h"
#include "digest/sums.h"

/* Failures to get at a policy are not the MX's, though some reports name
 * one. */
static bool
is_of_policy_host(enum result_type result)
{
	return result == RESULT_STS_POLICY_FETCH_ERROR ||
	    result == RESULT_STS_POLICY_INVALID ||
	    result == RESULT_STS_WEBPKI_INVALID;
}

static const char *
host_of(enum result_type result, const char *mx)
{
	return is_of_policy_host(result) ? "" : mx;
}

/* Orders by the host, and what has none by what it is. */
static int
compare_places(enum result_type a, const char *a_text, const char *a_mx,
    enum result_type b, const char *b_text, const char *b_mx)
{
	const char *host = host_of(a, a_mx);
	int c = sums_compare_text(host, host_of(b, b_mx));

	if (c != 0 || host[0] != '\0')
		return c;
	c = sums_compare_number(a, b);
	return c != 0 ? c : sums_compare_text(a_text, b_text);
}

int
incident_compare(const struct problem *a, const struct problem *b)
{
	return compare_places(a->result, a->result_text, a->receiving_mx,
	    b->result, b->result_text, b->receiving_mx);
}

static int
compare_seen_places(const struct seen_id *a, const struct seen_id *b)
{
	return compare_places((enum result_type)a->result, a->result_text,
	    a->receiving_mx, (enum result_type)b->result, b->result_text,
	    b->receiving_mx);
}

int
incident_compare_seen(const void *a, const void *b)
{
	const struct seen_id *x = &(*(const struct seen *const *)a)->id;
	const struct seen_id *y = &(*(const struct seen *const *)b)->id;
	int c;

	if ((c = sums_compare_text(x->domain, y->domain)) != 0 ||
	    (c = compare_seen_places(x, y)) != 0 ||
	    (c = sums_compare_number(x->result, y->result)) != 0 ||
	    (c = sums_compare_text(x->result_text, y->result_text)) != 0 ||
	    (c = sums_compare_text(x->receiving_mx, y->receiving_mx)) != 0)
		return c;
	return sums_compare_number(x->block, y->block);
}

static int
compare_incidents(const void *a, const void *b)
{
	const struct incident *x = a, *y = b;
	int c;

	if ((c = sums_compare_number(x->state, y->state)) != 0 ||
	    (c = sums_compare_number(y->holds_mail, x->holds_mail)) != 0 ||
	    (c = sums_compare_number(y->sessions, x->sessions)) != 0)
		return c;
	return incident_compare(x->problems, y->problems);
}

/* ---- those of the period ---- */

static int
compare_by_observer(const void *a, const void *b)
{
	const struct failure_figure *x =
	    *(const struct failure_figure *const *)a;
	const struct failure_figure *y =
	    *(const struct failure_figure *const *)b;

	return sums_compare_text(x->key.reporter, y->key.reporter);
}

static int
compare_shares(const void *a, const void *b)
{
	const struct share *x = a, *y = b;
	int c = sums_compare_number(y->failed, x->failed);

	return c != 0 ? c : sums_compare_text(x->reporter, y->reporter);
}

void
incident_find_reporters(
    struct digest *d, struct incident *in, const void **refs, size_t n)
{
	const struct failure_figure *f;
	struct share *list;
	size_t i, len = 0;

	sums_sort_refs(refs, n, compare_by_observer);
	for (i = 0; i < n; i++)
		len += i == 0 || compare_by_observer(&refs[i - 1], &refs[i]);
	list = arena_calloc(d->arena, len, sizeof(*list));
	for (i = len = 0; i < n; i++) {
		f = refs[i];
		if (i == 0 || compare_by_observer(&refs[i - 1], &refs[i]) != 0)
			list[len++] = (struct share){.policy_type_text = "",
			    .reporter = f->key.reporter};
		list[len - 1].failed =
		    count_add(list[len - 1].failed, f->sessions);
	}
	if (len > 1)
		qsort(list, len, sizeof(*list), compare_shares);
	in->reporters = list;
	in->nreporters = len;
}

static int
compare_by_sessions(const void *a, const void *b)
{
	const struct problem *x = a, *y = b;
	int c;

	if ((c = sums_compare_number(y->sessions, x->sessions)) != 0 ||
	    (c = sums_compare_number(x->result, y->result)) != 0 ||
	    (c = sums_compare_text(x->result_text, y->result_text)) != 0 ||
	    (c = sums_compare_text(x->receiving_mx, y->receiving_mx)) != 0 ||
	    (c = sums_compare_number(x->policy_type, y->policy_type)) != 0 ||
	    (c = sums_compare_text(x->policy_type_text, y->policy_type_text)) !=
		0)
		return c;
	return sums_compare_number(x->mode, y->mode);
}

/* The last day of the period that anyone reported about: of later ones nothing
 * is known. */
static int32_t
last_day_of(const struct domain_figure *dom)
{
	return dom->ndays > 0 ? dom->days[dom->ndays - 1].day : dom->end;
}

static enum incident_state
state_of(const struct domain_figure *dom, const struct incident *in)
{
	if (in->last_day + DIGEST_GAP_DAYS < last_day_of(dom))
		return INCIDENT_GONE;
	return in->since < dom->start ? INCIDENT_ONGOING : INCIDENT_NEW;
}

struct incident
incident_make(
    const struct domain_figure *dom, struct problem *problems, size_t n)
{
	struct incident in = {.problems = problems,
	    .nproblems = n,
	    .receiving_mx = host_of(problems->result, problems->receiving_mx),
	    .since = problems->since,
	    .last_day = problems->last_day};
	size_t i;

	for (i = 0; i < n; i++) {
		const struct problem *p = &problems[i];

		in.sessions = count_add(in.sessions, p->sessions);
		if (p->since < in.since)
			in.since = p->since;
		if (p->last_day > in.last_day)
			in.last_day = p->last_day;
		in.holds_mail |=
		    explain_holds_mail(p->result, p->policy_type, p->mode);
	}
	in.state = state_of(dom, &in);
	if (n > 1)
		qsort(problems, n, sizeof(*problems), compare_by_sessions);
	return in;
}

/* ---- those of the period before ---- */

/* What of the days before is looked at for what is gone: those from the
 * latest day on which anyone reported, or from the beginning of the period
 * that this one is compared with. */
static int32_t
first_day_before(const struct digest *d, const struct domain_figure *dom)
{
	size_t at = usual_first_voice(d, dom->domain);
	int32_t days[2], first = dom->start;
	uint64_t heard = 0;
	struct voice v;

	while (usual_next_voice(d, dom->domain, &at, &v))
		heard |= usual_look_back(&v, dom->start);
	if (heard != 0)
		first = dom->start - DIGEST_LOOKBACK_DAYS +
		    (63 - __builtin_clzll(heard));
	digest_previous(&d->spec, dom->start, days);
	return days[0] != DAY_NONE && days[0] < first ? days[0] : first;
}

/* The last day of a block's days that lies before day; DAY_NONE. */
static int32_t
last_before(const struct seen *seen, int32_t day)
{
	const int64_t first = (int64_t)seen->id.block * BLOCK_DAYS;
	uint64_t days = seen->days;

	if (first >= day)
		return DAY_NONE;
	if (day - first < BLOCK_DAYS)
		days &= (UINT64_C(1) << (day - first)) - 1;
	return days == 0 ? DAY_NONE
			 : (int32_t)(first + 63 - __builtin_clzll(days));
}

/* True if the fault was seen on a day from start to end. */
static bool
is_seen_within(const struct seen *seen, int32_t start, int32_t end)
{
	const int32_t last = last_before(seen, end + 1);

	return last != DAY_NONE && last >= start;
}

/* A fault over all its blocks. */
struct past {
	const struct seen *latest; /* before the period */
	int32_t last_day;
	bool is_here; /* in the period */
};

static struct past
sum_past(const void **seen, size_t n, const struct domain_figure *dom)
{
	struct past past = {NULL, DAY_NONE, false};
	int32_t last;
	size_t i;

	for (i = 0; i < n; i++) {
		last = last_before(seen[i], dom->start);
		if (last > past.last_day) {
			past.last_day = last;
			past.latest = seen[i];
		}
		past.is_here |= is_seen_within(seen[i], dom->start, dom->end);
	}
	return past;
}

static bool
is_same_place(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	return compare_seen_places(&x->id, &y->id) == 0;
}

static bool
is_same_fault(const void *a, const void *b)
{
	const struct seen_id *x = &((const struct seen *)a)->id;
	const struct seen_id *y = &((const struct seen *)b)->id;

	return x->result == y->result && x->result_text == y->result_text &&
	    x->receiving_mx == y->receiving_mx;
}

/* Returns the end of the run of such records that begins at i. */
static size_t
run_end(const void **seen, size_t n, size_t i,
    bool (*same)(const void *, const void *))
{
	size_t end = i + 1;

	while (end < n && same(seen[i], seen[end]))
		end++;
	return end;
}

/* True if a fault of a day before the period was ignored then.  How many of
 * that day's failures were its own is not known: where a share counts, all of
 * them are taken for its own, so that what was told of is not forgotten. */
static bool
is_ignored(const struct digest *d, const struct seen *seen, int32_t day)
{
	const struct share sum = days_sum(d, seen->id.domain, day, day);
	const int64_t whole = count_add(sum.successful, sum.failed);
	size_t i;

	for (i = 0; i < d->scope.nignores; i++)
		if (scope_ignores(&d->scope.ignores[i], seen->id.domain,
			seen->id.receiving_mx, seen->reporter,
			(enum result_type)seen->id.result, seen->id.result_text,
			day) &&
		    problem_is_below(&d->scope.ignores[i], sum.failed, whole))
			return true;
	return false;
}

static bool
is_heard(const struct digest *d, const struct domain_figure *dom,
    const char *reporter)
{
	size_t at = usual_first_voice(d, dom->domain);
	struct voice v;

	while (usual_next_voice(d, dom->domain, &at, &v))
		if (v.heard->id.reporter == reporter)
			return usual_is_heard(&v, dom->start, dom->end);
	return false;
}

/* Makes an incident of the faults of one place, if they were there in the
 * days before from first on, and none is now.  False if not. */
static bool
make_gone(struct digest *d, const struct domain_figure *dom, int32_t first,
    const void **seen, size_t n, struct incident *in)
{
	struct problem *list = arena_calloc(d->arena, n, sizeof(*list));
	const char *reporter = "";
	struct past past;
	size_t i, end;

	*in = (struct incident){.state = INCIDENT_GONE,
	    .problems = list,
	    .last_day = DAY_NONE,
	    .since = DAY_MAX};
	for (i = 0; i < n; i = end) {
		end = run_end(seen, n, i, is_same_fault);
		past = sum_past(&seen[i], end - i, dom);
		if (past.is_here)
			return false;
		if (past.last_day < first ||
		    is_ignored(d, past.latest, past.last_day))
			continue;
		list[in->nproblems] =
		    problem_of_past(d, dom, past.latest, past.last_day);
		if (past.last_day > in->last_day) {
			in->last_day = past.last_day;
			reporter = past.latest->reporter;
		}
		if (list[in->nproblems].since < in->since)
			in->since = list[in->nproblems].since;
		in->nproblems++;
	}
	if (in->nproblems == 0)
		return false;
	in->receiving_mx = host_of(list->result, list->receiving_mx);
	in->unheard = !is_heard(d, dom, reporter);
	return true;
}

/* The records of one domain, of all that are sorted. */
static const void **
find_seen(const void **seen, size_t *n, const char *domain)
{
	size_t low = 0, high = *n, mid, end;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (sums_compare_text(
			((const struct seen *)seen[mid])->id.domain, domain) <
		    0)
			low = mid + 1;
		else
			high = mid;
	}
	for (end = low;
	     end < *n && ((const struct seen *)seen[end])->id.domain == domain;
	     end++)
		;
	*n = end - low;
	return *n > 0 ? seen + low : NULL;
}

void
incident_add_gone(struct digest *d, struct domain_figure *dom,
    const void **seen, size_t nseen)
{
	int32_t first = first_day_before(d, dom);
	size_t i, end, n = 0;
	struct incident *list;

	seen = find_seen(seen, &nseen, dom->domain);
	for (i = 0; i < nseen; i = run_end(seen, nseen, i, is_same_place))
		n++;
	list = arena_calloc(d->arena, dom->nincidents + n, sizeof(*list));
	for (i = 0; i < dom->nincidents; i++)
		list[i] = dom->incidents[i];
	for (n = i, i = 0; i < nseen; i = end) {
		end = run_end(seen, nseen, i, is_same_place);
		if (make_gone(d, dom, first, &seen[i], end - i, &list[n]))
			n++;
	}
	dom->incidents = list;
	dom->nincidents = n;
}

void
incident_sort(struct domain_figure *dom)
{
	if (dom->nincidents > 1)
		qsort(dom->incidents, dom->nincidents, sizeof(*dom->incidents),
		    compare_incidents);
}
