/* SPDX-License-Identifier: ISC */

/*
 * What is said of a domain: how things stand, what to do next, and how that
 * compares with the days before.
 */

#include "config.h"

#include <string.h>

#include "base/date.h"
#include "digest/explain.h"
#include "output/words.h"

/* Rules that are named one by one. */
#define RULES_NAMED 5

/* A trend of more than this many percent is not told to the percent. */
#define TREND_MAX 999

static int64_t
sessions_of(const struct domain_figure *d)
{
	return count_add(d->successful, d->failed);
}

const char *
words_verdict_word(enum verdict verdict)
{
	static const char *const words[VERDICT_COUNT] = {
	    [VERDICT_OK] = "OK",
	    [VERDICT_NOTHING] = "NO REPORTS",
	    [VERDICT_WARNING] = "WARNING",
	    [VERDICT_SILENT] = "SILENT",
	    [VERDICT_FAILING] = "FAILING",
	};

	return words[verdict];
}

void
words_tally(const struct words *w, const size_t counts[VERDICT_COUNT])
{
	static const char *const words[VERDICT_COUNT] = {
	    [VERDICT_OK] = "ok",
	    [VERDICT_NOTHING] = "without reports",
	    [VERDICT_WARNING] = "with warnings",
	    [VERDICT_SILENT] = "silent",
	    [VERDICT_FAILING] = "failing",
	};
	const char *sep = "";
	int i;

	for (i = VERDICT_COUNT - 1; i >= 0; i--) {
		if (counts[i] == 0)
			continue;
		fputs(sep, w->out);
		words_number(w, (int64_t)counts[i]);
		fprintf(w->out, " %s", words[i]);
		sep = ", ";
	}
}

/* ---- the verdict ---- */

const struct incident *
words_most_urgent(const struct domain_figure *d)
{
	const struct incident *best = NULL, *in = d->incidents;
	size_t i;

	for (i = 0; i < d->nincidents; i++, in++) {
		if (in->state == INCIDENT_GONE)
			continue;
		if (best == NULL || (in->holds_mail && !best->holds_mail))
			best = in;
	}
	return best;
}

/* True if mail is certainly held back, and not only if a policy whose mode no
 * report tells says enforce. */
static bool
holds_for_certain(const struct domain_figure *d)
{
	const struct problem *p;
	size_t i, k;

	for (i = 0; i < d->nincidents; i++) {
		if (d->incidents[i].state == INCIDENT_GONE)
			continue;
		for (k = 0; k < d->incidents[i].nproblems; k++) {
			p = &d->incidents[i].problems[k];
			if (explain_holds_mail(
				p->result, p->policy_type, p->mode) &&
			    (p->policy_type != POLICY_STS ||
				p->mode != MODE_UNKNOWN ||
				p->result == RESULT_DANE_REQUIRED))
				return true;
		}
	}
	return false;
}

/* "1.07 % of 35 552 sessions failed". */
static void
put_failed(const struct words *w, const struct domain_figure *d)
{
	const int64_t whole = sessions_of(d);

	words_percent(w, d->failed, whole);
	fputs(" of ", w->out);
	words_count(w, whole, "session");
	fputs(" failed", w->out);
}

static void
put_ok(const struct words *w, const struct domain_figure *d)
{
	if (d->ndays == 0 && sessions_of(d) == 0)
		fputs("no new reports", w->out);
	else if (sessions_of(d) == 0)
		fputs("no failures: no sessions were reported", w->out);
	else if (d->failed == 0) {
		fputs("no failures in ", w->out);
		words_count(w, sessions_of(d), "session");
	} else {
		fputs(d->nignored > 0 ? "nothing is wrong but what is ignored; "
				      : "nothing is wrong now; ",
		    w->out);
		put_failed(w, d);
	}
	if (d->failed == 0 && d->npolicies == 1) {
		fputs(d->policies->policy_type == POLICY_NONE ? "; "
							      : "; policy ",
		    w->out);
		words_policy(w, d->policies->policy_type,
		    d->policies->policy_type_text, d->policies->mode);
	}
}

/* The latest day of which one of those was heard who are silent now. */
static void
put_silent(const struct words *w, const struct domain_figure *d)
{
	int32_t last = DAY_NONE;
	char day[DATE_SIZE];
	size_t i;

	for (i = 0; i < d->nsilences; i++)
		if (d->silences[i].last_day > last)
			last = d->silences[i].last_day;
	fputs("no reports", w->out);
	if (last != DAY_NONE) {
		date_format_day(last, day);
		fprintf(w->out, " since %s", day);
	}
	fputs(", though some were due", w->out);
}

void
words_verdict(const struct words *w, const struct domain_figure *d)
{
	switch (d->verdict) {
	case VERDICT_OK:
		put_ok(w, d);
		break;
	case VERDICT_NOTHING:
		fputs(d->incomplete ? "no reports yet"
				    : "no reports, and none was due",
		    w->out);
		break;
	case VERDICT_WARNING:
		fputs("no mail is held back; ", w->out);
		put_failed(w, d);
		break;
	case VERDICT_SILENT:
		put_silent(w, d);
		break;
	case VERDICT_FAILING:
		fputs(holds_for_certain(d) ? "mail waits or bounces; "
					   : "mail may wait or bounce; ",
		    w->out);
		put_failed(w, d);
		break;
	}
}

/* ---- what to do next ---- */

static void
put_mend(const struct words *w, const struct domain_figure *d)
{
	const struct incident *in = words_most_urgent(d);
	const char *where;

	if (in == NULL)
		return;
	where = explain(in->problems->result)->where;
	if (strcmp(where, "unknown") == 0) {
		fputs("look into ", w->out);
		words_title(w, in);
	} else {
		fputs("mend ", w->out);
		if (in->receiving_mx[0] != '\0')
			words_name(w, in->receiving_mx);
		else
			fprintf(w->out, "the %s", where);
		fputs(": ", w->out);
		words_main_kind(w, in);
	}
	fputs(", ", w->out);
	words_since(w, d, in);
}

void
words_next(const struct words *w, const struct domain_figure *d)
{
	switch (d->verdict) {
	case VERDICT_WARNING:
	case VERDICT_FAILING:
		put_mend(w, d);
		break;
	case VERDICT_SILENT:
		fputs("see whether the mailbox gets mail, and _smtp._tls in "
		      "the DNS names it",
		    w->out);
		break;
	case VERDICT_NOTHING:
		if (!d->incomplete && sessions_of(d) == 0 &&
		    count_add(d->lookback.successful, d->lookback.failed) ==
			0) {
			fputs("see whether its _smtp._tls record asks for "
			      "reports",
			    w->out);
			break;
		}
		fputs("nothing", w->out);
		break;
	case VERDICT_OK:
		fputs("nothing", w->out);
		break;
	}
}

/* ---- against other days ---- */

/* " (+7 %)". */
static void
put_trend(const struct words *w, int64_t now, int64_t before)
{
	double change = ((double)now - (double)before) * 100.0 / (double)before;

	if (change > TREND_MAX)
		fputs(" (more than tenfold", w->out);
	else
		fprintf(w->out, " (%+d%s%%",
		    (int)(change + (change < 0 ? -0.5 : 0.5)),
		    w->gap != NULL ? w->gap : " ");
	putc(')', w->out);
}

bool
words_before(const struct words *w, const struct domain_figure *d)
{
	const int64_t before =
	    count_add(d->before.successful, d->before.failed);
	char first[DATE_SIZE], last[DATE_SIZE];

	if (d->before_start == DAY_NONE || before <= 0)
		return false;
	words_count(w, sessions_of(d), "session");
	fputs(" after ", w->out);
	words_number(w, before);
	put_trend(w, sessions_of(d), before);
	fputs(", ", w->out);
	words_percent(w, d->failed, sessions_of(d));
	fputs(" failed after ", w->out);
	words_percent(w, d->before.failed, before);
	date_format_day(d->before_start, first);
	date_format_day(d->before_end, last);
	if (d->before_start == d->before_end)
		fprintf(w->out, " (%s)", first);
	else
		fprintf(w->out, " (%s to %s)", first, last);
	return true;
}

void
words_coverage(
    const struct words *w, const struct domain_figure *d, int64_t now)
{
	int32_t end = d->end, today = day_of_time(now);

	if (now > 0 && today < end)
		end = today < d->start ? d->start : today;
	if (end > d->start) {
		fputs("reports of ", w->out);
		words_number(w, (int64_t)d->ndays);
		fputs(" of ", w->out);
		words_count(w, (int64_t)end - d->start + 1, "day");
	} else
		fputs(
		    d->ndays > 0 ? "reports of the day" : "no reports", w->out);
	if (d->usual == 0)
		return;
	fputs(", ", w->out);
	words_number(w, (int64_t)d->usual_present);
	fputs(" of ", w->out);
	words_count(w, (int64_t)d->usual, "usual reporter");
}

void
words_silence(const struct words *w, const struct silence *silence)
{
	char day[DATE_SIZE];

	date_format_day(silence->last_day, day);
	words_name(w, silence->reporter);
	fprintf(w->out, " since %s", day);
}

void
words_change(const struct words *w, const struct policy_change *change)
{
	static const char *const after[] = {
	    [CHANGE_POLICY_NEW] = " is new",
	    [CHANGE_POLICY_GONE] = " is seen no more",
	    [CHANGE_MX_NEW] = " is new in the policy",
	    [CHANGE_MX_GONE] = " is no longer in the policy",
	};

	if (change->kind == CHANGE_MX_NEW || change->kind == CHANGE_MX_GONE) {
		fputs("MX host ", w->out);
		words_name(w, change->host);
	} else {
		if (change->policy_type != POLICY_NONE)
			fputs("policy ", w->out);
		words_policy(w, change->policy_type, change->policy_type_text,
		    change->mode);
	}
	fputs(after[change->kind], w->out);
}

void
words_rules(const struct words *w, const struct ignored *rules, size_t n)
{
	size_t i;

	fprintf(w->out, "by the rule%s ", n == 1 ? "" : "s");
	for (i = 0; i < n && i < RULES_NAMED; i++) {
		fputs(i > 0 ? ", " : "", w->out);
		words_text(w, rules[i].rule->name);
		fputs(" (", w->out);
		words_number(w, rules[i].sessions);
		putc(')', w->out);
	}
	if (n > RULES_NAMED)
		fprintf(w->out, " and %zu more", n - RULES_NAMED);
}

void
words_count_ignored(
    const struct words *w, const struct ignored *rules, size_t n)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum = count_add(sum, rules[i].sessions);
	words_count(w, sum, "failed session");
}

bool
words_ignored(const struct words *w, const struct domain_figure *d)
{
	if (d->nignored == 0)
		return false;
	words_count_ignored(w, d->ignored, d->nignored);
	fputs(", ", w->out);
	words_rules(w, d->ignored, d->nignored);
	return true;
}
