/* SPDX-License-Identifier: ISC */

/*
 * Advice for people: the verdict first, then each rule with the numbers it
 * was judged by, so that nobody must take our word for it.
 */

#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/ratio.h"
#include "output/advice.h"
#include "output/advice_steps.h"
#include "output/escape.h"
#include "output/words.h"
#include "output/wrap.h"

/* Where evidence begins, behind the state of its rule. */
#define INDENT 11

/* Where the columns of the table begin. */
#define COLUMN_STAGE   29
#define COLUMN_VERDICT 38
#define COLUMN_WHY     50

/* Reporters that are named, and failing places that are shown. */
#define NAMED  3
#define PLACES 10

static const char *const stages[] = {
    [STAGE_UNKNOWN] = "unknown",
    [STAGE_NONE] = "none",
    [STAGE_TESTING] = "testing",
    [STAGE_ENFORCE] = "enforce",
};

const char *
advice_verdict_name(const struct readiness *r)
{
	static const char *const names[][2] = {
	    [READINESS_READY] = {"ready", "healthy"},
	    [READINESS_LACKING] = {"not enough evidence",
		"not enough evidence"},
	    [READINESS_BROKEN] = {"not ready", "failing"},
	};

	return names[r->verdict][r->stage == STAGE_ENFORCE];
}

static struct words
words_into(const struct paragraph *p)
{
	return (struct words){
	    .out = p->text, .put = escape_text, .gap = WRAP_NBSP};
}

/* ---- the evidence ---- */

static void
put_day(const struct words *w, int32_t day)
{
	char text[DATE_SIZE];

	date_format_day(day, text);
	fputs(text, w->out);
}

static void
put_testing(
    const struct words *w, const struct readiness *r, const struct rule *rule)
{
	fputs("in testing for at least ", w->out);
	words_count(w, rule->wanted, "day");
	fputs(": ", w->out);
	if (r->since == DAY_NONE) {
		fputs("no report has seen that mode lately", w->out);
		return;
	}
	if (r->longer)
		fputs("at least ", w->out);
	words_count(w, rule->found, "day");
	fputs(r->longer ? ", since before " : ", since ", w->out);
	put_day(w, r->since);
}

static void
put_report_days(
    const struct words *w, const struct readiness *r, const struct rule *rule)
{
	fputs("reports about the policy on at least ", w->out);
	words_number(w, rule->wanted);
	fputs(" of the last ", w->out);
	words_count(w, (int64_t)r->last_day - r->first_day + 1, "day");
	fputs(": ", w->out);
	words_number(w, rule->found);
	fputs(" (", w->out);
	put_day(w, r->first_day);
	fputs(" to ", w->out);
	put_day(w, r->last_day);
	putc(')', w->out);
}

static void
put_reporters(
    const struct words *w, const struct readiness *r, const struct rule *rule)
{
	size_t i;

	fputs("from at least ", w->out);
	words_count(w, rule->wanted, "reporter");
	fputs(": ", w->out);
	words_number(w, rule->found);
	for (i = 0; i < r->nreporters && i < NAMED; i++) {
		fputs(i == 0 ? " (" : ", ", w->out);
		words_name(w, r->reporters[i]);
	}
	if (r->nreporters > NAMED) {
		fputs(" and ", w->out);
		words_count(w, (int64_t)r->nreporters - NAMED, "other");
	}
	if (r->nreporters > 0)
		putc(')', w->out);
}

static void
put_sessions(
    const struct words *w, const struct readiness *r, const struct rule *rule)
{
	(void)r;
	fputs("at least ", w->out);
	words_count(w, rule->wanted, "session");
	fputs(" under the policy: ", w->out);
	words_number(w, rule->found);
}

static void
put_failures(
    const struct words *w, const struct readiness *r, const struct rule *rule)
{
	fputs("no certificate, STARTTLS or policy failures: ", w->out);
	if (rule->found == 0)
		fputs("none", w->out);
	else
		words_count(w, rule->found, "place");
	if (r->left_out == 0)
		return;
	fputs("; left out: ", w->out);
	words_count(w, r->left_out, "failed session");
	fputs(" before ", w->out);
	put_day(w, r->fixed_on);
}

static void
put_validation(
    const struct words *w, const struct readiness *r, const struct rule *rule)
{
	char ratio[RATIO_SIZE];

	ratio_format(rule->wanted, ratio);
	ratio[strcspn(ratio, " ")] = '\0';
	fprintf(w->out,
	    "other failures below %s" WRAP_NBSP
	    "%% and not tied to one MX host: ",
	    ratio);
	words_share(w, rule->found, r->sessions);
	if (rule->found == 0)
		return;
	fputs(", mostly ", w->out);
	words_result(w, r->other.result, "of another kind");
	fputs(", seen by ", w->out);
	words_name(w, r->other.reporter);
	if (r->other.reporters > 1) {
		fputs(" and ", w->out);
		words_count(w, (int64_t)r->other.reporters - 1, "other");
	}
	if (!r->tied)
		return;
	fputs(", all on ", w->out);
	words_name(w, r->other.receiving_mx);
}

static void
put_fix(
    const struct words *w, const struct readiness *r, const struct rule *rule)
{
	fputs("who saw failures before ", w->out);
	put_day(w, r->fixed_on);
	fputs(" was heard since then: ", w->out);
	words_count(w, rule->found, "reporter");
}

static const char *const marks[] = {
    [RULE_MET] = "ok",
    [RULE_ASK] = "LOOK",
    [RULE_LACKING] = "MISSING",
    [RULE_UNKNOWN] = "UNKNOWN",
    [RULE_BROKEN] = "FAILING",
};

static void
write_rule(FILE *out, const struct readiness *r, const struct rule *rule)
{
	static void (*const put[])(const struct words *,
	    const struct readiness *, const struct rule *) = {
	    [RULE_TESTING] = put_testing,
	    [RULE_REPORT_DAYS] = put_report_days,
	    [RULE_REPORTERS] = put_reporters,
	    [RULE_SESSIONS] = put_sessions,
	    [RULE_FAILURES] = put_failures,
	    [RULE_VALIDATION] = put_validation,
	    [RULE_FIXED] = put_fix,
	};
	struct paragraph p;
	struct words w;

	fprintf(out, "  %-*s", INDENT - 2, marks[rule->state]);
	wrap_open(&p);
	w = words_into(&p);
	put[rule->kind](&w, r, rule);
	wrap_close(&p, out, INDENT, INDENT);
}

static void
write_live(FILE *out, const struct live_rule *rule)
{
	struct paragraph p;

	fprintf(out, "  %-*s", INDENT - 2, marks[rule->state]);
	wrap_open(&p);
	fprintf(p.text, "%s: ", rule->title);
	escape_text(p.text, rule->evidence);
	wrap_close(&p, out, INDENT, INDENT);
}

static void
put_obstacle(const struct words *w, const struct obstacle *o)
{
	advice_put_place(w, o);
	fputs(": ", w->out);
	words_count(w, o->sessions, "session");
	fputs(o->first_day == o->last_day ? " on " : " from ", w->out);
	put_day(w, o->first_day);
	if (o->first_day != o->last_day) {
		fputs(" to ", w->out);
		put_day(w, o->last_day);
	}
	if (o->reporters == 1) {
		fputs(", seen by ", w->out);
		words_name(w, o->reporter);
		fputs(" only: is it a fault of that sender, or has nobody "
		      "else looked?",
		    w->out);
		return;
	}
	fputs(", seen by ", w->out);
	words_count(w, (int64_t)o->reporters, "reporter");
}

static void
write_obstacles(FILE *out, const struct readiness *r)
{
	struct paragraph p;
	struct words w;
	size_t i;

	for (i = 0; i < r->nobstacles && i < PLACES; i++) {
		wrap_spaces(out, INDENT);
		wrap_open(&p);
		w = words_into(&p);
		fputs("- ", p.text);
		put_obstacle(&w, &r->obstacles[i]);
		wrap_close(&p, out, INDENT, INDENT + 2);
	}
	if (r->nobstacles > PLACES)
		fprintf(out, "%*s- and %zu more: tlstally digest\n", INDENT, "",
		    r->nobstacles - PLACES);
}

static void
write_heading(FILE *out, const struct readiness *r)
{
	static const char *const headings[][3] = {
	    [STAGE_UNKNOWN] = {"", "nothing is known of a policy",
		"nothing is known of a policy that works"},
	    [STAGE_NONE] = {"", "no MTA-STS policy was seen",
		"no MTA-STS policy that works was seen"},
	    [STAGE_TESTING] = {"READY to go from testing to enforce",
		"NOT ENOUGH EVIDENCE to go from testing to enforce",
		"NOT READY to go from testing to enforce"},
	    [STAGE_ENFORCE] = {"in enforce, and HEALTHY",
		"in enforce, and NOT ENOUGH EVIDENCE that all is well",
		"in enforce, and FAILING"},
	};
	const char *heading = headings[r->stage][r->verdict];
	struct paragraph p;
	struct words w;

	wrap_open(&p);
	w = words_into(&p);
	words_name(&w, r->domain);
	/* A policy that is switched off is not none at all. */
	if (r->stage == STAGE_NONE && r->verdict == READINESS_LACKING &&
	    r->nreporters > 0)
		heading = "MTA-STS is there, but no report saw it in testing "
			  "or enforce";
	fprintf(p.text, ": %s", heading);
	wrap_close(&p, out, 0, 0);
}

void
advice_write(FILE *out, const struct readiness *r, int64_t now)
{
	size_t i;

	write_heading(out, r);
	putc('\n', out);
	for (i = 0; i < r->nrules; i++) {
		write_rule(out, r, &r->rules[i]);
		if (r->rules[i].kind == RULE_FAILURES)
			write_obstacles(out, r);
	}
	for (i = 0; i < r->nlive; i++)
		write_live(out, &r->live[i]);
	advice_write_steps(out, r, now);
}

/* ---- the table ---- */

/* Writes an escaped text, and spaces up to the next column, or on the next
 * line if the text is longer. */
static void
put_column(FILE *out, const char *text, size_t at, size_t next)
{
	struct paragraph p;
	size_t columns;
	char *shown;

	wrap_open(&p);
	escape_text(p.text, text[0] != '\0' ? text : "(unknown)");
	fflush(p.text);
	columns = wrap_columns(p.data);
	if (at + columns < next) {
		shown = wrap_take(&p);
		fputs(shown, out);
		free(shown);
		wrap_spaces(out, next - at - columns);
		return;
	}
	wrap_close(&p, out, at, at);
	wrap_spaces(out, next);
}

/* The rule that stands most in the way. */
static const struct rule *
worst_rule(const struct readiness *r)
{
	const struct rule *worst = &r->rules[0];
	size_t i;

	for (i = 1; i < r->nrules; i++)
		if (r->rules[i].state > worst->state)
			worst = &r->rules[i];
	return worst;
}

/* The same of what was looked at, if it is worse than all that is reported. */
static const struct live_rule *
worst_live(const struct readiness *r)
{
	const struct live_rule *worst = NULL;
	enum rule_state state = worst_rule(r)->state;
	size_t i;

	for (i = 0; i < r->nlive; i++)
		if (r->live[i].state > state) {
			worst = &r->live[i];
			state = worst->state;
		}
	return worst;
}

static void
put_reason(const struct words *w, const struct readiness *r)
{
	static const char *const nouns[] = {
	    [RULE_TESTING] = "day in testing",
	    [RULE_REPORT_DAYS] = "day with reports",
	    [RULE_REPORTERS] = "reporter",
	    [RULE_SESSIONS] = "session",
	    [RULE_FAILURES] = "failing place",
	    [RULE_VALIDATION] = "failure",
	    [RULE_FIXED] = "report since the fix",
	};
	const struct rule *rule = worst_rule(r);
	const struct live_rule *live = worst_live(r);

	if (live != NULL) {
		fputs(live->title, w->out);
		return;
	}
	if (rule->kind == RULE_FAILURES) {
		advice_put_place(w, &r->obstacles[0]);
	} else if (rule->kind == RULE_TESTING ||
	    rule->kind == RULE_REPORT_DAYS) {
		words_number(w, rule->found);
		fprintf(w->out, "%s%s", rule->found == 1 ? " day" : " days",
		    nouns[rule->kind] + strlen("day"));
	} else {
		words_count(w, rule->found, nouns[rule->kind]);
	}
}

static void
write_row(FILE *out, const struct readiness *r)
{
	struct paragraph p;
	struct words w;

	put_column(out, r->domain, 0, COLUMN_STAGE);
	put_column(out, stages[r->stage], COLUMN_STAGE, COLUMN_VERDICT);
	if (worst_rule(r)->state == RULE_MET && worst_live(r) == NULL) {
		fprintf(out, "%s\n", advice_verdict_name(r));
		return;
	}
	put_column(out,
	    r->verdict == READINESS_LACKING ? "not enough"
					    : advice_verdict_name(r),
	    COLUMN_VERDICT, COLUMN_WHY);
	wrap_open(&p);
	w = words_into(&p);
	put_reason(&w, r);
	wrap_close(&p, out, COLUMN_WHY, COLUMN_WHY);
}

void
advice_write_table(FILE *out, const struct readiness_list *list)
{
	size_t i, counts[3] = {0};

	fprintf(out, "%-*s%-*s%-*s%s\n", COLUMN_STAGE, "domain",
	    COLUMN_VERDICT - COLUMN_STAGE, "policy",
	    COLUMN_WHY - COLUMN_VERDICT, "verdict", "why");
	for (i = 0; i < list->n; i++) {
		write_row(out, &list->list[i]);
		counts[list->list[i].verdict]++;
	}
	fprintf(out,
	    "\n%zu ready or healthy, %zu without enough evidence, %zu not "
	    "ready or failing\n",
	    counts[READINESS_READY], counts[READINESS_LACKING],
	    counts[READINESS_BROKEN]);
}
