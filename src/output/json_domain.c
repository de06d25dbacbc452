/* SPDX-License-Identifier: ISC */

/*
 * A domain in JSON: all of its figures.  A member is always there, so that a
 * program need not ask; names are those of the CSV and of RFC 8460.
 */

#include "config.h"

#include "output/json.h"

static const char *const verdicts[] = {
    [VERDICT_OK] = "ok",
    [VERDICT_NOTHING] = "nothing",
    [VERDICT_WARNING] = "warning",
    [VERDICT_SILENT] = "silent",
    [VERDICT_FAILING] = "failing",
};

static const char *const states[] = {
    [INCIDENT_NEW] = "new",
    [INCIDENT_ONGOING] = "ongoing",
    [INCIDENT_GONE] = "gone",
};

static const char *const changes[] = {
    [CHANGE_POLICY_NEW] = "policy_new",
    [CHANGE_POLICY_GONE] = "policy_gone",
    [CHANGE_MX_NEW] = "mx_new",
    [CHANGE_MX_GONE] = "mx_gone",
};

static void
put_sessions(struct json_writer *w, int64_t successful, int64_t failed)
{
	json_write_number(w, "successful_sessions", successful);
	json_write_number(w, "failed_sessions", failed);
}

static void
put_policy(struct json_writer *w, enum policy_type type, const char *text,
    enum policy_mode mode)
{
	json_write_text(w, "policy_type",
	    type == POLICY_OTHER ? text : policy_type_name(type));
	json_write_text(w, "policy_mode", policy_mode_name(mode));
}

static void
put_result(struct json_writer *w, enum result_type result, const char *text)
{
	json_write_text(w, "result_type",
	    result == RESULT_OTHER ? text : result_type_name(result));
	json_write_text(w, "category", result_type_category(result));
}

/* What reports may still come for, and who was heard. */
static void
put_coverage(struct json_writer *w, const struct domain_figure *dom)
{
	json_write_open(w, "coverage");
	json_write_number(w, "days", (int64_t)dom->end - dom->start + 1);
	json_write_number(w, "days_with_reports", (int64_t)dom->ndays);
	json_write_number(w, "usual_reporters", (int64_t)dom->usual);
	json_write_number(
	    w, "usual_reporters_heard", (int64_t)dom->usual_present);
	json_write_truth(w, "incomplete", dom->incomplete);
	json_write_truth(w, "told_before", dom->told);
	json_write_close(w);
}

static void
put_entries(struct json_writer *w, const struct domain_figure *dom)
{
	size_t i;

	json_write_open(w, "policy_entries");
	for (i = 0; i < AUTHENTICITY_COUNT; i++)
		json_write_number(w, authenticity_name((enum authenticity)i),
		    dom->entries[i]);
	json_write_close(w);
}

static void
put_problem(struct json_writer *w, const struct problem *p)
{
	json_write_open(w, NULL);
	put_result(w, p->result, p->result_text);
	json_write_text(w, "receiving_mx_hostname", p->receiving_mx);
	put_policy(w, p->policy_type, p->policy_type_text, p->mode);
	json_write_number(w, "failed_sessions", p->sessions);
	json_write_number(w, "reporters", (int64_t)p->reporters);
	json_write_text(w, "reporter", p->reporter);
	json_write_text(w, "failure_reason_code", p->reason_code);
	json_write_day(w, "first_day", p->since);
	json_write_day(w, "last_day", p->last_day);
	json_write_close(w);
}

static void
put_incident(struct json_writer *w, const struct incident *in)
{
	size_t i;

	json_write_open(w, NULL);
	json_write_text(w, "state", states[in->state]);
	json_write_text(w, "receiving_mx_hostname", in->receiving_mx);
	json_write_number(w, "failed_sessions", in->sessions);
	json_write_day(w, "first_day", in->since);
	json_write_day(w, "last_day", in->last_day);
	json_write_truth(w, "holds_mail", in->holds_mail);
	json_write_truth(w, "unheard", in->unheard);
	json_write_open_list(w, "problems");
	for (i = 0; i < in->nproblems; i++)
		put_problem(w, &in->problems[i]);
	json_write_close_list(w);
	json_write_open_list(w, "reporters");
	for (i = 0; i < in->nreporters; i++) {
		json_write_open(w, NULL);
		json_write_text(w, "reporter", in->reporters[i].reporter);
		json_write_number(
		    w, "failed_sessions", in->reporters[i].failed);
		json_write_close(w);
	}
	json_write_close_list(w);
	json_write_close(w);
}

static void
put_incidents(struct json_writer *w, const struct domain_figure *dom)
{
	size_t i;

	json_write_open_list(w, "incidents");
	for (i = 0; i < dom->nincidents; i++)
		put_incident(w, &dom->incidents[i]);
	json_write_close_list(w);
	json_write_open_list(w, "ignored");
	for (i = 0; i < dom->nignored; i++) {
		json_write_open(w, NULL);
		json_write_text(w, "rule", dom->ignored[i].rule->name);
		json_write_number(
		    w, "failed_sessions", dom->ignored[i].sessions);
		json_write_close(w);
	}
	json_write_close_list(w);
}

/* What is different: who is silent, which policies and hosts come and go. */
static void
put_news(struct json_writer *w, const struct domain_figure *dom)
{
	const struct policy_change *c = dom->changes;
	size_t i;

	json_write_open_list(w, "silences");
	for (i = 0; i < dom->nsilences; i++) {
		json_write_open(w, NULL);
		json_write_text(w, "reporter", dom->silences[i].reporter);
		json_write_day(w, "last_day", dom->silences[i].last_day);
		json_write_close(w);
	}
	json_write_close_list(w);
	json_write_open_list(w, "changes");
	for (i = 0; i < dom->nchanges; i++, c++) {
		json_write_open(w, NULL);
		json_write_text(w, "kind", changes[c->kind]);
		json_write_day(w, "day", c->day);
		put_policy(w, c->policy_type, c->policy_type_text, c->mode);
		json_write_text(w, "mx_host", c->host);
		json_write_close(w);
	}
	json_write_close_list(w);
}

/* What this period can be held against. */
static void
put_comparison(struct json_writer *w, const struct domain_figure *dom)
{
	if (dom->before_start == DAY_NONE) {
		json_write_null(w, "before");
	} else {
		json_write_open(w, "before");
		json_write_day(w, "period_start", dom->before_start);
		json_write_day(w, "period_end", dom->before_end);
		put_sessions(w, dom->before.successful, dom->before.failed);
		json_write_close(w);
	}
	json_write_open(w, "lookback");
	json_write_number(w, "days", DIGEST_LOOKBACK_DAYS);
	put_sessions(w, dom->lookback.successful, dom->lookback.failed);
	json_write_close(w);
}

static void
put_shares(struct json_writer *w, const struct domain_figure *dom)
{
	const struct share *s;
	size_t i;

	json_write_open_list(w, "days");
	for (i = 0, s = dom->days; i < dom->ndays; i++, s++) {
		json_write_open(w, NULL);
		json_write_day(w, "day", s->day);
		put_sessions(w, s->successful, s->failed);
		json_write_close(w);
	}
	json_write_close_list(w);
	json_write_open_list(w, "policies");
	for (i = 0, s = dom->policies; i < dom->npolicies; i++, s++) {
		json_write_open(w, NULL);
		put_policy(w, s->policy_type, s->policy_type_text, s->mode);
		put_sessions(w, s->successful, s->failed);
		json_write_close(w);
	}
	json_write_close_list(w);
	json_write_open_list(w, "reporters");
	for (i = 0, s = dom->reporters; i < dom->nreporters; i++, s++) {
		json_write_open(w, NULL);
		json_write_text(w, "reporter", s->reporter);
		put_sessions(w, s->successful, s->failed);
		json_write_close(w);
	}
	json_write_close_list(w);
}

void
json_domain(struct json_writer *w, const struct domain_figure *dom)
{
	json_write_open(w, NULL);
	json_write_day(w, "period_start", dom->start);
	json_write_day(w, "period_end", dom->end);
	json_write_text(w, "policy_domain", dom->domain);
	json_write_text(w, "group", dom->group);
	json_write_truth(w, "own", dom->own);
	json_write_text(w, "verdict", verdicts[dom->verdict]);
	put_sessions(w, dom->successful, dom->failed);
	json_write_number(w, "overlap_sessions", dom->overlap);
	put_coverage(w, dom);
	put_entries(w, dom);
	put_incidents(w, dom);
	put_news(w, dom);
	put_comparison(w, dom);
	put_shares(w, dom);
	json_write_close(w);
}

/* ---- rows ---- */

static void
put_key(struct json_writer *w, int32_t start, int32_t end,
    const struct row_key *key)
{
	json_write_day(w, "period_start", start);
	json_write_day(w, "period_end", end);
	json_write_text(w, "group", key->group);
	json_write_text(w, "policy_domain", key->domain);
	put_policy(w, key->policy_type, key->policy_type_text, key->mode);
	json_write_text(w, "reporter", key->reporter);
	json_write_text(
	    w, "authenticity", authenticity_name(key->authenticity));
	json_write_text(w, "organization", key->organization);
}

void
json_policy_row(struct json_writer *w, const struct policy_figure *p)
{
	json_write_open(w, NULL);
	put_key(w, p->start, p->end, &p->key);
	json_write_number(w, "policy_entries", p->entries);
	put_sessions(w, p->successful, p->failed);
	json_write_close(w);
}

void
json_failure_row(struct json_writer *w, const struct failure_figure *f)
{
	json_write_open(w, NULL);
	put_key(w, f->start, f->end, &f->key);
	put_result(w, f->result, f->result_text);
	json_write_text(w, "receiving_mx_hostname", f->receiving_mx);
	json_write_text(w, "receiving_ip", f->receiving_ip);
	json_write_text(w, "failure_reason_code", f->reason_code);
	json_write_number(w, "failed_sessions", f->sessions);
	json_write_number(w, "failure_details", f->details);
	json_write_day(w, "first_day", f->first_day);
	json_write_day(w, "last_day", f->last_day);
	json_write_close(w);
}
