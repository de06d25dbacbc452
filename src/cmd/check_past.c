/* SPDX-License-Identifier: ISC */

/*
 * Reports beside records: a certificate that a reporter saw expired on Friday
 * may have been renewed since; and a record that is right is of no use if no
 * report comes.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/die.h"
#include "cmd/check_advice.h"
#include "cmd/check_past.h"
#include "cmd/figures.h"
#include "domain/name.h"
#include "domain/snapshot.h"
#include "store/watch.h"

/* Days of reports that are looked at, besides today. */
#define DAYS 7

/* A domain with a record and mail hears of the large senders every day; of
 * one with little mail it may take weeks. */
#define SILENT_DAYS 30

struct check_past {
	struct figures_job job;
	const char *const *domains;
	size_t n;
	int32_t *latest;		      /* days of reports */
	const struct domain_figure **figures; /* NULL: none in these days */
	struct past_facts *remembered; /* of their policies, by monitor */
	struct check_advice *advice;
};

/* ---- reading ---- */

static int
find_name(const void *key, const void *element)
{
	return strcasecmp(key, **(const char *const *const *)element);
}

static int
by_name(const void *a, const void *b)
{
	return strcasecmp(
	    **(const char *const *const *)a, **(const char *const *const *)b);
}

/* A sweep through all reports, for many domains at once. */
struct sweep {
	struct check_past *p;
	const char *const **sorted;  /* places in p->domains */
	const struct stream *stream; /* of the last row */
	size_t at;		     /* where it is; n: nowhere */
};

static int
keep_day(void *arg, const struct policy_row *row)
{
	struct sweep *w = arg;
	const char *const **found;

	if (row->stream != w->stream) {
		w->stream = row->stream;
		found = bsearch(row->stream->domain, w->sorted, w->p->n,
		    sizeof(*w->sorted), find_name);
		w->at =
		    found != NULL ? (size_t)(*found - w->p->domains) : w->p->n;
	}
	if (w->at < w->p->n && row->day > w->p->latest[w->at])
		w->p->latest[w->at] = row->day;
	return 0;
}

static void
share_latest(
    struct check_past *p, const char *const *first, const char *const *second)
{
	int32_t *a = &p->latest[first - p->domains];
	int32_t *b = &p->latest[second - p->domains];

	if (*a > *b)
		*b = *a;
	else
		*a = *b;
}

/* The latest day with reports of each domain. */
static int
find_latest(struct check_past *p, struct store *store, struct err *err)
{
	const struct filter filter = {.first_day = DAY_MIN,
	    .last_day = DAY_MAX,
	    .domains = p->domains,
	    .ndomains = p->n};
	struct sweep w = {.p = p};
	const struct row_reader reader = {.policy = keep_day, .arg = &w};
	size_t i;
	int rc;

	/* Of one domain the latest row is soon found. */
	if (p->n == 1)
		return store_latest_day(store, &filter, p->latest, err);
	w.sorted = xcalloc(p->n, sizeof(*w.sorted));
	for (i = 0; i < p->n; i++) {
		p->latest[i] = DAY_NONE;
		w.sorted[i] = &p->domains[i];
	}
	qsort(w.sorted, p->n, sizeof(*w.sorted), by_name);
	rc = store_rows(store, &filter, &reader, err);
	/* A domain may have been named twice. */
	for (i = 1; i < p->n; i++)
		if (by_name(&w.sorted[i - 1], &w.sorted[i]) == 0)
			share_latest(p, w.sorted[i - 1], w.sorted[i]);
	free(w.sorted);
	return rc;
}

static int
by_domain(const void *a, const void *b)
{
	const struct domain_figure *x = *(const struct domain_figure *const *)a;
	const struct domain_figure *y = *(const struct domain_figure *const *)b;

	return strcasecmp(x->domain, y->domain);
}

static int
find_domain(const void *key, const void *element)
{
	const struct domain_figure *f =
	    *(const struct domain_figure *const *)element;

	return strcasecmp(key, f->domain);
}

/* Finds each domain among the figures. */
static void
match_figures(struct check_past *p)
{
	const struct figures *f = p->job.figures;
	const struct domain_figure **sorted, **found;
	size_t i;

	sorted = xcalloc(f->ndomains + 1, sizeof(*sorted));
	for (i = 0; i < f->ndomains; i++)
		sorted[i] = &f->domains[i];
	qsort(sorted, f->ndomains, sizeof(*sorted), by_domain);
	for (i = 0; i < p->n; i++) {
		found = bsearch(p->domains[i], sorted, f->ndomains,
		    sizeof(*sorted), find_domain);
		p->figures[i] = found != NULL ? *found : NULL;
	}
	free(sorted);
}

static int
sum_up(struct check_past *p, struct context *ctx, struct err *err)
{
	struct digest_spec spec = {.by = BY_TOTAL,
	    .now = ctx->now,
	    .settle = ctx->config->settle,
	    .asked = true,
	    .scope = &ctx->config->scope};
	int32_t today = day_of_time(ctx->now);
	struct filter filter = {.first_day = today - DAYS,
	    .last_day = today,
	    .domains = p->domains,
	    .ndomains = p->n};

	if (figures_make(&p->job, ctx->store, &filter, &spec, true, err) == -1)
		return -1;
	match_figures(p);
	return 0;
}

/* What monitor remembers of the policies; nothing if it cannot be read. */
static int
recall(struct check_past *p, struct store *store, struct err *err)
{
	struct snapshot known;
	struct watched w;
	size_t i;
	int rc;

	for (i = 0; i < p->n; i++) {
		p->remembered[i] = (struct past_facts){
		    .policy_seen = TIME_NONE, .testing_since = TIME_NONE};
		rc = store_watched(store, p->domains[i], p->job.arena, &w, err);
		if (rc == -1)
			return -1;
		if (rc == 1 &&
		    snapshot_unpack(
			&known, p->job.arena, w.known.p, w.known.len) == 0)
			snapshot_past(&known, &p->remembered[i]);
	}
	return 0;
}

static int
open_store(struct context *ctx, struct err *err)
{
	if (ctx->store_path == NULL)
		return 0;
	if (store_open(&ctx->store, ctx->store_path, STORE_READ, err) == 0)
		return store_snapshot(ctx->store, err);
	if (err->code != ERR_NOINPUT || ctx->store_option != NULL)
		return -1;
	*err = (struct err){0};
	return 0;
}

int
check_past_read(struct check_past **out, struct context *ctx,
    const char *const *domains, size_t n, struct err *err)
{
	struct check_past *p;

	*out = NULL;
	if (open_store(ctx, err) == -1)
		return -1;
	if (ctx->store == NULL || n == 0)
		return 0;
	p = xcalloc(1, sizeof(*p));
	p->domains = domains;
	p->n = n;
	p->latest = xcalloc(n, sizeof(*p->latest));
	p->figures = xcalloc(n, sizeof(*p->figures));
	p->remembered = xcalloc(n, sizeof(*p->remembered));
	if (find_latest(p, ctx->store, err) == -1 ||
	    sum_up(p, ctx, err) == -1 || recall(p, ctx->store, err) == -1 ||
	    check_advice_read(&p->advice, ctx, domains, n, err) == -1) {
		check_past_free(p);
		return -1;
	}
	*out = p;
	return 0;
}

void
check_past_free(struct check_past *p)
{
	if (p == NULL)
		return;
	figures_close(&p->job);
	check_advice_free(p->advice);
	free(p->latest);
	free(p->figures);
	free(p->remembered);
	free(p);
}

/* ---- before a look ---- */

void
check_past_facts(const struct check_past *p, size_t i, struct past_facts *past)
{
	*past = p != NULL ? p->remembered[i]
			  : (struct past_facts){.policy_seen = TIME_NONE,
				.testing_since = TIME_NONE};
	past->record_valid_since = past->last_report = TIME_NONE;
	if (p == NULL || p->latest[i] == DAY_NONE)
		return;
	past->has_store = true;
	past->silent_days = SILENT_DAYS;
	past->last_report = ((int64_t)p->latest[i] + 1) * DAY_SECONDS;
	/* Reports came, so the record was right by then at the latest. */
	past->record_valid_since = past->last_report;
	check_advice_facts(p->advice, p->domains[i], past);
}

/* ---- beside what was seen ---- */

#define CHECKS_MAX 4

/* Which findings confirm a failure that was reported. */
static const struct {
	enum result_type result;
	enum check_id checks[CHECKS_MAX];
	size_t n;
} confirming[] = {
    {RESULT_STARTTLS_NOT_SUPPORTED, {CHECK_MX_NO_STARTTLS}, 1},
    {RESULT_CERTIFICATE_HOST_MISMATCH,
	{CHECK_MX_CERT_NAME, CHECK_MX_CERT_CN_ONLY}, 2},
    {RESULT_CERTIFICATE_EXPIRED, {CHECK_MX_CERT_EXPIRED}, 1},
    {RESULT_CERTIFICATE_NOT_TRUSTED,
	{CHECK_MX_CERT_UNTRUSTED, CHECK_MX_CERT_CHAIN}, 2},
    {RESULT_VALIDATION_FAILURE,
	{CHECK_DANE_MISMATCH, CHECK_MX_TLS_HANDSHAKE, CHECK_MX_TLS_OLD,
	    CHECK_STS_MX_NOT_COVERED},
	4},
    {RESULT_TLSA_INVALID,
	{CHECK_DANE_MISMATCH, CHECK_DANE_UNUSABLE, CHECK_DANE_TA_NOT_IN_CHAIN},
	3},
    {RESULT_DNSSEC_INVALID, {CHECK_DANE_DENIAL_BOGUS, CHECK_DNS_BOGUS}, 2},
    {RESULT_DANE_REQUIRED, {CHECK_DANE_NONE, CHECK_DANE_NO_DNSSEC}, 2},
    {RESULT_STS_POLICY_FETCH_ERROR,
	{CHECK_STS_FETCH_ERROR, CHECK_STS_HOST_NXDOMAIN, CHECK_STS_REDIRECT},
	3},
    {RESULT_STS_POLICY_INVALID,
	{CHECK_STS_POLICY_SYNTAX, CHECK_STS_TOO_LARGE, CHECK_STS_MAXAGE_RANGE},
	3},
    {RESULT_STS_WEBPKI_INVALID, {CHECK_STS_WEBPKI_INVALID}, 1},
};

static bool
confirms(enum result_type result, enum check_id check)
{
	size_t i, k;

	for (i = 0; i < sizeof(confirming) / sizeof(confirming[0]); i++)
		for (k = 0; k < confirming[i].n; k++)
			if (confirming[i].result == result &&
			    confirming[i].checks[k] == check)
				return true;
	return false;
}

static const struct summary_finding *
find_confirming(const struct domain_summary *s, const struct problem *p)
{
	const struct summary_finding *f;
	size_t i;

	for (i = 0; i < s->nfindings; i++) {
		f = &s->findings[i];
		if (!confirms(p->result, f->check))
			continue;
		/* Of an MX host, what is said of that host. */
		if (p->receiving_mx[0] == '\0' ||
		    check_get(f->check)->group == GROUP_STS ||
		    check_get(f->check)->group == GROUP_DNS ||
		    name_is_same(f->subject, p->receiving_mx))
			return f;
	}
	return NULL;
}

static bool
is_policy_failure(enum result_type result)
{
	return result == RESULT_STS_POLICY_FETCH_ERROR ||
	    result == RESULT_STS_POLICY_INVALID ||
	    result == RESULT_STS_WEBPKI_INVALID;
}

/* Whether what a failure is about was seen at all. */
static bool
was_looked_at(const struct domain_summary *s, const struct problem *p)
{
	const struct summary_mx *mx;
	size_t i, seen = 0;

	if (is_policy_failure(p->result))
		return s->policy.seen || s->policy.cert.trust != TRUST_UNSEEN;
	for (i = 0; i < s->nmx; i++) {
		mx = &s->mx[i];
		if (mx->smtp != MX_TLS && mx->smtp != MX_NO_STARTTLS &&
		    mx->smtp != MX_HANDSHAKE_FAILED)
			continue;
		seen++;
		if (name_is_same(mx->host, p->receiving_mx))
			return true;
	}
	return p->receiving_mx[0] == '\0' && seen > 0 && seen == s->nmx;
}

static size_t
count_problems(const struct domain_figure *f)
{
	size_t i, n = 0;

	for (i = 0; i < f->nincidents; i++)
		if (f->incidents[i].state != INCIDENT_GONE)
			n += f->incidents[i].nproblems;
	return n;
}

static void
join_incident(const struct incident *incident, const struct domain_summary *s,
    struct check_incident *list)
{
	const struct problem *p;
	size_t i;

	for (i = 0; i < incident->nproblems; i++) {
		p = &incident->problems[i];
		list[i] = (struct check_incident){.result = p->result,
		    .result_text = p->result_text,
		    .host = p->receiving_mx,
		    .since = p->since,
		    .last_day = p->last_day,
		    .sessions = p->sessions,
		    .confirmed = find_confirming(s, p),
		    .looked = was_looked_at(s, p)};
	}
}

void
check_past_join(const struct check_past *p, size_t i, struct arena *arena,
    struct check_view *view)
{
	const struct domain_figure *f = p != NULL ? p->figures[i] : NULL;
	struct check_incident *list;
	size_t k;

	view->has_reports = p != NULL && p->latest[i] != DAY_NONE;
	view->latest_report = view->has_reports ? p->latest[i] : DAY_NONE;
	if (f == NULL || view->summary == NULL)
		return;
	list = arena_calloc(arena, count_problems(f) + 1, sizeof(*list));
	view->incidents = list;
	for (k = 0; k < f->nincidents; k++) {
		if (f->incidents[k].state == INCIDENT_GONE)
			continue;
		join_incident(
		    &f->incidents[k], view->summary, list + view->nincidents);
		view->nincidents += f->incidents[k].nproblems;
	}
}
