/* SPDX-License-Identifier: ISC */

/*
 * Advice for programs.
 */

#include "config.h"

#include <inttypes.h>

#include "base/date.h"
#include "output/advice.h"
#include "output/escape.h"

static void
put_day(FILE *out, const char *key, int32_t day)
{
	char text[DATE_SIZE];

	if (day == DAY_NONE) {
		fprintf(out, ",\"%s\":null", key);
		return;
	}
	date_format_day(day, text);
	fprintf(out, ",\"%s\":\"%s\"", key, text);
}

static void
put_text(FILE *out, const char *key, const char *text)
{
	fprintf(out, ",\"%s\":", key);
	escape_json(out, text);
}

static const char *const states[] = {
    [RULE_MET] = "met",
    [RULE_ASK] = "look",
    [RULE_LACKING] = "missing",
    [RULE_UNKNOWN] = "unknown",
    [RULE_BROKEN] = "failing",
};

static void
put_rules(FILE *out, const struct readiness *r)
{
	static const char *const kinds[] = {
	    [RULE_TESTING] = "testing_days",
	    [RULE_REPORT_DAYS] = "report_days",
	    [RULE_REPORTERS] = "reporters",
	    [RULE_SESSIONS] = "sessions",
	    [RULE_FAILURES] = "failures",
	    [RULE_VALIDATION] = "validation_failure",
	    [RULE_FIXED] = "fixed",
	};
	size_t i;

	fputs(",\"rules\":[", out);
	for (i = 0; i < r->nrules; i++)
		fprintf(out,
		    "%s{\"rule\":\"%s\",\"state\":\"%s\",\"threshold\":%" PRId64
		    ",\"found\":%" PRId64 "}",
		    i > 0 ? "," : "", kinds[r->rules[i].kind],
		    states[r->rules[i].state], r->rules[i].wanted,
		    r->rules[i].found);
	putc(']', out);
}

static void
put_live(FILE *out, const struct readiness *r)
{
	size_t i;

	fputs(",\"live\":[", out);
	for (i = 0; i < r->nlive; i++) {
		fprintf(out, "%s{\"rule\":\"%s\",\"state\":\"%s\"",
		    i > 0 ? "," : "", r->live[i].name,
		    states[r->live[i].state]);
		put_text(out, "evidence", r->live[i].evidence);
		putc('}', out);
	}
	putc(']', out);
}

static void
put_failures(FILE *out, const struct readiness *r)
{
	const struct obstacle *o = r->obstacles;
	size_t i;

	fputs(",\"failures\":[", out);
	for (i = 0; i < r->nobstacles; i++, o++) {
		fprintf(out, "%s{\"result_type\":", i > 0 ? "," : "");
		escape_json(out, result_type_name(o->result));
		put_text(out, "receiving_mx_hostname", o->receiving_mx);
		fprintf(out,
		    ",\"failed_sessions\":%" PRId64 ",\"reporters\":%zu",
		    o->sessions, o->reporters);
		put_text(out, "reporter", o->reporter);
		put_day(out, "first_day", o->first_day);
		put_day(out, "last_day", o->last_day);
		putc('}', out);
	}
	putc(']', out);
}

static void
put_domain(FILE *out, const struct readiness *r)
{
	static const char *const stages[] = {
	    [STAGE_UNKNOWN] = "unknown",
	    [STAGE_NONE] = "none",
	    [STAGE_TESTING] = "testing",
	    [STAGE_ENFORCE] = "enforce",
	};

	fputs("{\"policy_domain\":", out);
	escape_json(out, r->domain);
	put_text(out, "policy_mode", stages[r->stage]);
	put_text(out, "verdict", advice_verdict_name(r));
	put_day(out, "mode_since", r->since);
	put_day(out, "first_day", r->first_day);
	put_day(out, "last_day", r->last_day);
	put_day(out, "fixed_on", r->fixed_on);
	fprintf(out, ",\"left_out_sessions\":%" PRId64, r->left_out);
	put_rules(out, r);
	put_live(out, r);
	put_failures(out, r);
	putc('}', out);
}

void
advice_write_json(FILE *out, const struct readiness_list *list)
{
	size_t i;

	putc('[', out);
	for (i = 0; i < list->n; i++) {
		fputs(i > 0 ? ",\n" : "\n", out);
		put_domain(out, &list->list[i]);
	}
	fputs("\n]\n", out);
}
