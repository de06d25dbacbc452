/* SPDX-License-Identifier: ISC */

/*
 * Advice for programs.
 */

#include "config.h"

#include "output/advice.h"
#include "output/json_write.h"

static const char *const states[] = {
    [RULE_MET] = "met",
    [RULE_ASK] = "look",
    [RULE_LACKING] = "missing",
    [RULE_UNKNOWN] = "unknown",
    [RULE_BROKEN] = "failing",
};

static void
put_rules(struct json_writer *w, const struct readiness *r)
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
	const struct rule *rule = r->rules;
	size_t i;

	json_write_open_list(w, "rules");
	for (i = 0; i < r->nrules; i++, rule++) {
		json_write_open(w, NULL);
		json_write_text(w, "rule", kinds[rule->kind]);
		json_write_text(w, "state", states[rule->state]);
		json_write_number(w, "threshold", rule->wanted);
		json_write_number(w, "found", rule->found);
		json_write_close(w);
	}
	json_write_close_list(w);
}

static void
put_live(struct json_writer *w, const struct readiness *r)
{
	size_t i;

	json_write_open_list(w, "live");
	for (i = 0; i < r->nlive; i++) {
		json_write_open(w, NULL);
		json_write_text(w, "rule", r->live[i].name);
		json_write_text(w, "state", states[r->live[i].state]);
		json_write_text(w, "evidence", r->live[i].evidence);
		json_write_close(w);
	}
	json_write_close_list(w);
}

static void
put_failures(struct json_writer *w, const struct readiness *r)
{
	const struct obstacle *o = r->obstacles;
	size_t i;

	json_write_open_list(w, "failures");
	for (i = 0; i < r->nobstacles; i++, o++) {
		json_write_open(w, NULL);
		json_write_text(w, "result_type", result_type_name(o->result));
		json_write_text(w, "receiving_mx_hostname", o->receiving_mx);
		json_write_number(w, "failed_sessions", o->sessions);
		json_write_number(w, "reporters", (int64_t)o->reporters);
		json_write_text(w, "reporter", o->reporter);
		json_write_day(w, "first_day", o->first_day);
		json_write_day(w, "last_day", o->last_day);
		json_write_close(w);
	}
	json_write_close_list(w);
}

static void
put_domain(struct json_writer *w, const struct readiness *r)
{
	static const char *const stages[] = {
	    [STAGE_UNKNOWN] = "unknown",
	    [STAGE_NONE] = "none",
	    [STAGE_TESTING] = "testing",
	    [STAGE_ENFORCE] = "enforce",
	};

	json_write_open(w, NULL);
	json_write_text(w, "policy_domain", r->domain);
	json_write_text(w, "policy_mode", stages[r->stage]);
	json_write_text(w, "verdict", advice_verdict_name(r));
	json_write_day(w, "mode_since", r->since);
	json_write_day(w, "first_day", r->first_day);
	json_write_day(w, "last_day", r->last_day);
	json_write_day(w, "fixed_on", r->fixed_on);
	json_write_number(w, "left_out_sessions", r->left_out);
	put_rules(w, r);
	put_live(w, r);
	put_failures(w, r);
	json_write_close(w);
}

void
advice_write_json(FILE *out, const struct readiness_list *list)
{
	struct json_writer w = {.out = out};
	size_t i;

	json_write_open_list(&w, NULL);
	for (i = 0; i < list->n; i++) {
		json_write_line(&w, 0);
		put_domain(&w, &list->list[i]);
	}
	json_write_line(&w, 0);
	json_write_close_list(&w);
	putc('\n', out);
}
