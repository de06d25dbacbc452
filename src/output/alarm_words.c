/* SPDX-License-Identifier: ISC */

/*
 * Alarms in words: each says why it is one and what to do about it.
 */

#include "config.h"

#include "base/date.h"
#include "base/ratio.h"
#include "output/alarm_words.h"
#include "output/escape.h"

static void
put_days(const struct words *w, const struct alarm *a)
{
	char day[DATE_SIZE];

	date_format_day(a->last_day, day);
	fputs(" for ", w->out);
	words_count(w, a->days, "day");
	fprintf(w->out, ", the last is of %s", day);
}

static void
put_problem(const struct words *w, const struct problem *p)
{
	words_result(w, p->result, p->result_text);
	if (p->receiving_mx[0] != '\0') {
		fputs(" on ", w->out);
		words_name(w, p->receiving_mx);
	}
}

static void
put_since(const struct words *w, int32_t since)
{
	char day[DATE_SIZE];

	date_format_day(since, day);
	fprintf(w->out, ", since %s", day);
}

/* "example.com: 32 of 480 sessions (6.66 %) failed" */
static void
put_rate(const struct words *w, const struct alarm *a)
{
	words_name(w, a->domain->domain);
	fputs(": ", w->out);
	words_share(w, a->failed, a->sessions);
	fputs(" failed", w->out);
}

static void
put_main_problem(const struct words *w, const struct alarm *a)
{
	if (a->problem == NULL)
		return;
	fputs(
	    a->problem->sessions < a->failed ? "; most of it: " : "; ", w->out);
	put_problem(w, a->problem);
	put_since(w, a->problem->since);
}

static void
why_ingest(const struct words *w, const struct alarm *a)
{
	words_health(w, a->fault);
}

static void
why_rate(const struct words *w, const struct alarm *a)
{
	char ratio[RATIO_SIZE];

	ratio_format(a->threshold, ratio);
	put_rate(w, a);
	fprintf(w->out, ", more than %s", ratio);
	put_main_problem(w, a);
}

static void
why_baseline(const struct words *w, const struct alarm *a)
{
	const struct share *usual = &a->domain->lookback;

	put_rate(w, a);
	fputs(", more than ", w->out);
	words_number(w, a->threshold);
	fputs(" times the usual ", w->out);
	words_percent(
	    w, usual->failed, count_add(usual->successful, usual->failed));
	put_main_problem(w, a);
}

static void
why_new(const struct words *w, const struct alarm *a)
{
	words_name(w, a->domain->domain);
	fputs(": new failure ", w->out);
	put_problem(w, a->problem);
	if (a->count > 1) {
		fputs(" and ", w->out);
		words_count(w, (int64_t)a->count - 1, "other kind");
	}
	put_since(w, a->problem->since);
	fputs(": ", w->out);
	words_count(w, a->failed, "session");
	fputs(", seen by ", w->out);
	words_name(w, a->problem->reporter);
	if (a->problem->reporters > 1) {
		fputs(" and ", w->out);
		words_count(w, (int64_t)a->problem->reporters - 1, "other");
	}
}

static void
why_silent(const struct words *w, const struct alarm *a)
{
	words_name(w, a->domain->domain);
	fputs(": no report at all", w->out);
	put_days(w, a);
}

static void
why_reporter(const struct words *w, const struct alarm *a)
{
	words_name(w, a->reporter);
	fputs(", heard regularly before: no report about ", w->out);
	words_name(w, a->domain->domain);
	if (a->count > 1) {
		fputs(" and ", w->out);
		words_count(w, (int64_t)a->count - 1, "other domain");
	}
	put_days(w, a);
}

static void
why_unheard(const struct words *w, const struct alarm *a)
{
	if (a->domain == NULL) {
		fputs("no reports of any domain to watch", w->out);
		return;
	}
	words_name(w, a->domain->domain);
	fputs(": no report is known", w->out);
}

/* ---- what to do ---- */

static void
what_ingest(const struct words *w, const struct alarm *a)
{
	words_health_step(w, a->fault);
}

static void
put_digest(const struct words *w, const struct alarm *a)
{
	const char *domain = a->domain->domain;

	fputs("tlstally digest --last 7d --domain ", w->out);
	w->put(w->out, escape_is_host_name(domain) ? domain : "DOMAIN");
}

static void
what_failure(const struct words *w, const struct alarm *a)
{
	const enum result_type result =
	    a->problem != NULL ? a->problem->result : RESULT_UNSPECIFIED;

	words_remedy(w, result, '.');
	fputs(" See: ", w->out);
	put_digest(w, a);
	if (result_type_name(result)[0] != '\0' && result != RESULT_UNSPECIFIED)
		fprintf(
		    w->out, "; tlstally explain %s", result_type_name(result));
}

static void
what_silent(const struct words *w, const struct alarm *a)
{
	const char *domain = a->domain->domain;

	fputs("Look whether its record is still there (dig TXT _smtp._tls.",
	    w->out);
	w->put(w->out, escape_is_host_name(domain) ? domain : "DOMAIN");
	fputs("), and whether reports reach the mailbox and are read (tlstally "
	      "status, tlstally rejects)",
	    w->out);
}

static void
what_reporter(const struct words *w, const struct alarm *a)
{
	(void)a;
	fputs("Look for its reports in the mailbox, its junk folder, and "
	      "tlstally rejects. If it has stopped for good, this alert ends "
	      "by itself within three weeks",
	    w->out);
}

static void
what_unheard(const struct words *w, const struct alarm *a)
{
	(void)a;
	fputs("Look whether the record is published, whether reports arrive, "
	      "and read them: tlstally ingest",
	    w->out);
}

static const struct {
	void (*why)(const struct words *, const struct alarm *);
	void (*what)(const struct words *, const struct alarm *);
} kinds[] = {
    [ALARM_INGEST] = {why_ingest, what_ingest},
    [ALARM_RATE] = {why_rate, what_failure},
    [ALARM_BASELINE] = {why_baseline, what_failure},
    [ALARM_NEW] = {why_new, what_failure},
    [ALARM_SILENT] = {why_silent, what_silent},
    [ALARM_REPORTER] = {why_reporter, what_reporter},
    [ALARM_UNHEARD] = {why_unheard, what_unheard},
};

void
alarm_words_why(const struct words *w, const struct alarm *a)
{
	kinds[a->kind].why(w, a);
}

void
alarm_words_what(const struct words *w, const struct alarm *a)
{
	kinds[a->kind].what(w, a);
}
