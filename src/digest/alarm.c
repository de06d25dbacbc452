/* SPDX-License-Identifier: ISC */

/*
 * What deserves an alarm.  A monitor that cries at every failed session is
 * switched off, and one that waits for the end of a week is of no use: so
 * rates need some failures to be rates, a new kind of failure needs two
 * witnesses or as many, and what is plainly mended is told no more, though
 * its failures are still in the period.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/die.h"
#include "base/ratio.h"
#include "digest/alarm.h"

/* A reporter's silence about one domain, until all are known. */
struct hush {
	const char *reporter;
	const struct domain_figure *domain;
	int32_t last_day;
	int64_t days;
	int64_t threshold;
};

struct judge {
	struct alarms *out;
	const struct alarm_input *in;
	size_t room;
	struct hush *hushes;
	size_t nhushes, hush_room;
	int32_t due; /* the reports of all days up to it should be there */
};

const char *
level_name(enum level s)
{
	static const char *const names[] = {
	    [LEVEL_OK] = "OK",
	    [LEVEL_WARNING] = "WARNING",
	    [LEVEL_CRITICAL] = "CRITICAL",
	    [LEVEL_UNKNOWN] = "UNKNOWN",
	};

	return names[s];
}

static int
rank(enum level s)
{
	static const int ranks[] = {
	    [LEVEL_OK] = 0,
	    [LEVEL_UNKNOWN] = 1,
	    [LEVEL_WARNING] = 2,
	    [LEVEL_CRITICAL] = 3,
	};

	return ranks[s];
}

enum level
level_worse(enum level a, enum level b)
{
	return rank(a) >= rank(b) ? a : b;
}

bool
alarm_exceeds(int64_t part, int64_t whole, int64_t ratio)
{
	/* part is whole, so that it exceeds a fraction with its floor; in two
	 * steps, as the product of both might not fit. */
	return part > whole / RATIO_WHOLE * ratio +
	    whole % RATIO_WHOLE * ratio / RATIO_WHOLE;
}

bool
alarm_is_unusual(
    int64_t failed, int64_t sessions, const struct share *usual, int64_t factor)
{
	const double all = (double)count_add(usual->successful, usual->failed);
	double bound, above;

	if (factor == 0 || all <= 0)
		return false;
	/* One failure is added to the usual ones: none in a month does not
	 * mean that there never is one.  Counts of rare events vary by their
	 * square root, and twice that is allowed for. */
	bound = (double)factor * ((double)usual->failed + 1) / all *
	    (double)sessions;
	above = (double)failed - bound;
	return above > 0 && above * above > 4 * bound;
}

int64_t
alarm_failed(const struct domain_figure *dom)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < dom->nincidents; i++)
		if (dom->incidents[i].state != INCIDENT_GONE)
			sum = count_add(sum, dom->incidents[i].sessions);
	/* One session may fail in several ways, and is one session. */
	return sum < dom->failed ? sum : dom->failed;
}

static struct alarm *
add(struct judge *j, enum level level, enum alarm_kind kind,
    const struct domain_figure *dom)
{
	struct alarms *out = j->out;

	if (out->n == j->room) {
		j->room = j->room == 0 ? 16 : 2 * j->room;
		out->list =
		    xreallocarray(out->list, j->room, sizeof(*out->list));
	}
	out->level = level_worse(out->level, level);
	out->list[out->n] = (struct alarm){.level = level,
	    .kind = kind,
	    .domain = dom,
	    .reporter = "",
	    .last_day = DAY_NONE};
	return &out->list[out->n++];
}

/* ---- sources ---- */

static enum level
level_of_fault(const struct health_fault *f)
{
	if (f->kind == HEALTH_NEVER)
		return LEVEL_WARNING;
	if (f->last_success == TIME_NONE || f->days >= HEALTH_STALE_DAYS)
		return LEVEL_CRITICAL;
	return f->days >= ALARM_INGEST_DAYS ? LEVEL_WARNING : LEVEL_OK;
}

static void
judge_health(struct judge *j)
{
	const struct health *h = j->in->health;
	enum level level;
	size_t i;

	for (i = 0; i < h->nfaults; i++) {
		level = level_of_fault(&h->faults[i]);
		if (level == LEVEL_OK)
			continue;
		add(j, level, ALARM_INGEST, NULL)->fault = &h->faults[i];
		j->out->unfed = true;
	}
}

/* ---- failures ---- */

static const struct problem *
largest_problem(const struct domain_figure *dom)
{
	const struct problem *best = NULL, *p;
	size_t i;

	for (i = 0; i < dom->nincidents; i++) {
		if (dom->incidents[i].state == INCIDENT_GONE)
			continue;
		p = dom->incidents[i].problems;
		if (best == NULL || p->sessions > best->sessions)
			best = p;
	}
	return best;
}

/* True if the failures have plainly ended: the latest day has all its
 * reports, and had things gone on as before, min_failed of its sessions
 * would have failed, while none did. */
static bool
is_mended(
    const struct domain_figure *dom, int64_t failed, const struct thresholds *t)
{
	const struct share *last;
	double before;
	size_t i;

	if (dom->incomplete || dom->ndays < 2 || t->min_failed == 0)
		return false;
	last = &dom->days[dom->ndays - 1];
	for (i = 0; i < dom->nincidents; i++)
		if (dom->incidents[i].state != INCIDENT_GONE &&
		    dom->incidents[i].last_day >= last->day)
			return false;
	before = (double)dom->successful + (double)dom->failed -
	    (double)last->successful - (double)last->failed;
	return ((double)last->successful + (double)last->failed) *
	    (double)failed >=
	    (double)t->min_failed * before;
}

static void
judge_rate(struct judge *j, const struct domain_figure *dom, int64_t failed,
    const struct thresholds *t)
{
	const int64_t sessions = count_add(dom->successful, dom->failed);
	struct alarm alarm = {.failed = failed, .sessions = sessions};
	struct alarm *a;

	if (failed < t->min_failed)
		return;
	if (alarm_exceeds(failed, sessions, t->critical_rate)) {
		a = add(j, LEVEL_CRITICAL, ALARM_RATE, dom);
		alarm.threshold = t->critical_rate;
	} else if (alarm_exceeds(failed, sessions, t->warning_rate)) {
		a = add(j, LEVEL_WARNING, ALARM_RATE, dom);
		alarm.threshold = t->warning_rate;
	} else if (alarm_is_unusual(
		       failed, sessions, &dom->lookback, t->baseline_factor)) {
		a = add(j, LEVEL_WARNING, ALARM_BASELINE, dom);
		alarm.threshold = t->baseline_factor;
	} else {
		return;
	}
	a->failed = failed;
	a->sessions = sessions;
	a->threshold = alarm.threshold;
	a->problem = largest_problem(dom);
}

/* True if a kind of failure is new and more than a single reporter's mishap. */
static bool
is_new(const struct domain_figure *dom, const struct problem *p,
    const struct thresholds *t)
{
	return p->since >= dom->start &&
	    (p->sessions >= t->min_failed || p->reporters >= 2);
}

/* Of a host that several kinds are new at there is one alarm. */
static void
judge_new(struct judge *j, const struct domain_figure *dom,
    const struct incident *in, const struct thresholds *t)
{
	struct alarm *a = NULL;
	size_t i;

	for (i = 0; i < in->nproblems; i++) {
		if (!is_new(dom, &in->problems[i], t))
			continue;
		if (a == NULL) {
			a = add(j, LEVEL_WARNING, ALARM_NEW, dom);
			a->problem = &in->problems[i];
		}
		a->count++;
		a->failed = count_add(a->failed, in->problems[i].sessions);
	}
}

static void
judge_failures(struct judge *j, const struct domain_figure *dom,
    const struct thresholds *t)
{
	const int64_t failed = alarm_failed(dom);
	size_t i;

	j->out->failed = count_add(j->out->failed, failed);
	if (failed == 0 || is_mended(dom, failed, t))
		return;
	judge_rate(j, dom, failed, t);
	for (i = 0; i < dom->nincidents; i++)
		if (dom->incidents[i].state != INCIDENT_GONE)
			judge_new(j, dom, &dom->incidents[i], t);
}

/* ---- silence ---- */

/* When the domain was heard last, and whether it used to be heard regularly:
 * only who had a rhythm can be out of it. */
static struct last_heard
find_heard(const struct judge *j, const struct domain_figure *dom)
{
	const struct last_heard here = {
	    dom->domain, dom->last_day, dom->nsilences > 0};
	size_t i;

	if (dom->ndays > 0 || dom->nsilences > 0)
		return here;
	for (i = 0; i < j->in->nheard; i++)
		if (strcasecmp(j->in->heard[i].domain, dom->domain) == 0)
			return j->in->heard[i];
	return here;
}

/* The days since then of which a report should be there. */
static int64_t
silent_days(const struct judge *j, int32_t last)
{
	return last < j->due ? (int64_t)j->due - last : 0;
}

/* Returns true if nobody is heard any more. */
static bool
judge_silence(struct judge *j, const struct domain_figure *dom, int32_t last,
    const struct thresholds *t)
{
	const int64_t days = silent_days(j, last);
	enum level level = LEVEL_OK;
	int64_t threshold = 0;
	struct alarm *a;

	if (t->silence_warning > 0 && days >= t->silence_warning) {
		level = LEVEL_WARNING;
		threshold = t->silence_warning;
	}
	if (t->silence_critical > 0 && days >= t->silence_critical) {
		level = LEVEL_CRITICAL;
		threshold = t->silence_critical;
	}
	if (level == LEVEL_OK)
		return false;
	a = add(j, level, ALARM_SILENT, dom);
	a->last_day = last;
	a->days = days;
	a->threshold = threshold;
	j->out->silent++;
	return true;
}

static void
add_hush(struct judge *j, const struct domain_figure *dom,
    const struct silence *s, int64_t threshold)
{
	if (j->nhushes == j->hush_room) {
		j->hush_room = j->hush_room == 0 ? 16 : 2 * j->hush_room;
		j->hushes =
		    xreallocarray(j->hushes, j->hush_room, sizeof(*j->hushes));
	}
	j->hushes[j->nhushes++] = (struct hush){.reporter = s->reporter,
	    .domain = dom,
	    .last_day = s->last_day,
	    .days = silent_days(j, s->last_day),
	    .threshold = threshold};
}

static void
judge_reporters(struct judge *j, const struct domain_figure *dom,
    const struct thresholds *t)
{
	const struct silence *s = dom->silences;
	size_t i;

	if (t->silence_warning == 0)
		return;
	for (i = 0; i < dom->nsilences; i++, s++)
		if (s->days >= ALARM_REPORTER_DAYS &&
		    silent_days(j, s->last_day) >= t->silence_warning)
			add_hush(j, dom, s, t->silence_warning);
}

/* Those of a reporter together, its latest word first. */
static int
compare_hushes(const void *a, const void *b)
{
	const struct hush *x = a, *y = b;
	int c = strcmp(x->reporter, y->reporter);

	if (c != 0)
		return c;
	if (x->last_day != y->last_day)
		return x->last_day > y->last_day ? -1 : 1;
	return strcmp(x->domain->domain, y->domain->domain);
}

/* A reporter that stops does so about all domains, and that is one alarm. */
static void
add_reporters(struct judge *j)
{
	const struct hush *h = j->hushes;
	struct alarm *a = NULL;
	size_t i;

	if (j->nhushes > 1)
		qsort(
		    j->hushes, j->nhushes, sizeof(*j->hushes), compare_hushes);
	for (i = 0; i < j->nhushes; i++, h++) {
		if (a == NULL || strcmp(a->reporter, h->reporter) != 0) {
			a = add(j, LEVEL_WARNING, ALARM_REPORTER, h->domain);
			a->reporter = h->reporter;
			a->last_day = h->last_day;
			a->days = h->days;
			a->threshold = h->threshold;
		}
		a->count++;
	}
}

/* ---- all ---- */

static void
judge_domain(struct judge *j, const struct domain_figure *dom)
{
	const struct figures *f = j->in->figures;
	const struct scope none = {0};
	const struct thresholds t = scope_thresholds(
	    f->spec.scope != NULL ? f->spec.scope : &none, dom->domain);
	const struct last_heard heard = find_heard(j, dom);

	if (heard.day == DAY_NONE) {
		if (f->spec.asked)
			add(j, LEVEL_UNKNOWN, ALARM_UNHEARD, dom);
		return;
	}
	j->out->domains++;
	j->out->sessions = count_add(
	    j->out->sessions, count_add(dom->successful, dom->failed));
	judge_failures(j, dom, &t);
	if (j->out->unfed)
		return;
	if (!heard.regular || !judge_silence(j, dom, heard.day, &t))
		judge_reporters(j, dom, &t);
}

static int
compare_alarms(const void *a, const void *b)
{
	const struct alarm *x = a, *y = b;

	if (x->level != y->level)
		return rank(y->level) - rank(x->level);
	if (x->kind != y->kind)
		return (int)x->kind - (int)y->kind;
	if (x->failed != y->failed)
		return x->failed > y->failed ? -1 : 1;
	if (x->days != y->days)
		return x->days > y->days ? -1 : 1;
	if (x->domain != y->domain)
		return x->domain < y->domain ? -1 : 1;
	if (x->fault != y->fault)
		return x->fault < y->fault ? -1 : 1;
	return x->problem < y->problem ? -1 : x->problem > y->problem;
}

/* The last day whose reports should have come. */
static int32_t
due_day(const struct digest_spec *spec)
{
	const int32_t day = day_of_time(spec->now - spec->settle) - 1;

	return day < spec->last_day ? day : spec->last_day;
}

void
alarm_judge(struct alarms *alarms, const struct alarm_input *in)
{
	const struct figures *f = in->figures;
	struct judge j = {
	    .out = alarms, .in = in, .due = due_day(&in->figures->spec)};
	size_t i;

	*alarms = (struct alarms){.level = LEVEL_OK};
	judge_health(&j);
	for (i = 0; i < f->ndomains; i++)
		if (f->domains[i].own)
			judge_domain(&j, &f->domains[i]);
	add_reporters(&j);
	if (alarms->domains == 0 && alarms->n == 0)
		add(&j, LEVEL_UNKNOWN, ALARM_UNHEARD, NULL);
	free(j.hushes);
	if (alarms->n > 1)
		qsort(alarms->list, alarms->n, sizeof(*alarms->list),
		    compare_alarms);
}

void
alarm_free(struct alarms *alarms)
{
	free(alarms->list);
	*alarms = (struct alarms){.list = NULL};
}
