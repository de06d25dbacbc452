/* SPDX-License-Identifier: ISC */

/*
 * Readiness for enforce: each rule from both sides of its threshold.
 */

#include "config.h"

#include <stdint.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "digest/readiness.h"

/* Friday, 2026-11-20: the last day that is judged, of 14. */
#define DAY 20777

#define MAX_FIGURES 200

static const char google[] = "google.com";
static const char mailru[] = "mail.ru";
static const char yahoo[] = "yahoo.com";

struct scene {
	struct policy_figure policies[MAX_FIGURES];
	struct failure_figure failures[MAX_FIGURES];
	struct scope scope;
	struct figures figures;
	struct readiness_spec spec;
	struct readiness_list out;
};

static struct row_key
key(int32_t day, const char *reporter, enum policy_mode mode)
{
	return (struct row_key){.day = day,
	    .group = "",
	    .domain = "example.com",
	    .policy_type = POLICY_STS,
	    .policy_type_text = "",
	    .mode = mode,
	    .reporter = reporter,
	    .organization = ""};
}

static struct policy_figure *
add_policy(struct scene *s, struct row_key k, int64_t sessions)
{
	struct policy_figure *p = &s->policies[s->figures.npolicies++];

	cr_assert_leq(s->figures.npolicies, MAX_FIGURES);
	*p = (struct policy_figure){.start = k.day,
	    .end = k.day,
	    .key = k,
	    .entries = 1,
	    .successful = sessions};
	return p;
}

static struct failure_figure *
add_failure(struct scene *s, int32_t day, const char *reporter,
    enum result_type result, int64_t sessions)
{
	struct failure_figure *f = &s->failures[s->figures.nfailures++];

	cr_assert_leq(s->figures.nfailures, MAX_FIGURES);
	*f = (struct failure_figure){.start = day,
	    .end = day,
	    .key = key(day, reporter, MODE_TESTING),
	    .result = result,
	    .result_text = "",
	    .receiving_mx = "mx2.example.com",
	    .receiving_ip = "",
	    .reason_code = "",
	    .sessions = sessions,
	    .first_day = day,
	    .last_day = day};
	return f;
}

static void
set_empty(struct scene *s)
{
	*s = (struct scene){.figures = {.spec = {.first_day = DAY - 27,
					    .last_day = DAY,
					    .by = BY_DAY,
					    .scope = &s->scope}},
	    .spec = {.fixed_on = DAY_NONE}};
	s->figures.policies = s->policies;
	s->figures.failures = s->failures;
	s->spec.figures = &s->figures;
}

/* 20 days in testing, three reporters, 100 000 sessions each day by Google:
 * ready. */
static void
set_ready(struct scene *s)
{
	int32_t day;

	set_empty(s);
	for (day = DAY - 19; day <= DAY; day++) {
		add_policy(s, key(day, google, MODE_TESTING), 100000);
		add_policy(s, key(day, mailru, MODE_TESTING), 1);
		add_policy(s, key(day, yahoo, MODE_TESTING), 1);
	}
}

/* Judges; the list is freed by the next call and the last. */
static const struct readiness *
judge(struct scene *s)
{
	readiness_free(&s->out);
	readiness_judge(&s->out, &s->spec);
	cr_assert_eq(s->out.n, 1);
	return &s->out.list[0];
}

static const struct rule *
rule_of(const struct readiness *r, enum rule_kind kind)
{
	size_t i;

	for (i = 0; i < r->nrules; i++)
		if (r->rules[i].kind == kind)
			return &r->rules[i];
	return NULL;
}

static void
expect(struct scene *s, enum readiness_verdict verdict, enum rule_kind kind,
    enum rule_state state, int64_t found)
{
	const struct readiness *r = judge(s);
	const struct rule *rule = rule_of(r, kind);

	cr_assert_not_null(rule);
	cr_assert_eq(
	    rule->state, state, "rule %d: state %d", kind, rule->state);
	cr_assert_eq(
	    rule->found, found, "rule %d: found %d", kind, (int)rule->found);
	cr_assert_eq(r->verdict, verdict, "verdict %d", r->verdict);
	readiness_free(&s->out);
}

Test(readiness, all_rules_met_is_ready)
{
	const struct readiness *r;
	struct scene s;
	size_t i;

	set_ready(&s);
	r = judge(&s);
	cr_assert_eq(r->verdict, READINESS_READY);
	cr_assert_eq(r->stage, STAGE_TESTING);
	cr_assert_eq(r->since, DAY - 19);
	cr_assert_not(r->longer);
	cr_assert_eq(r->first_day, DAY - 13);
	cr_assert_eq(r->nrules, 6);
	for (i = 0; i < r->nrules; i++)
		cr_assert_eq(r->rules[i].state, RULE_MET);
	readiness_free(&s.out);
}

Test(readiness, testing_must_have_been_seen_for_14_days)
{
	struct scene s;
	int32_t first;

	for (first = DAY - 13; first <= DAY - 12; first++) {
		set_empty(&s);
		add_policy(&s, key(first, google, MODE_TESTING), 1);
		add_policy(&s, key(DAY, google, MODE_TESTING), 1);
		expect(&s, READINESS_LACKING, RULE_TESTING,
		    first == DAY - 13 ? RULE_MET : RULE_LACKING,
		    DAY - first + 1);
	}
	set_empty(&s);
	add_policy(&s, key(DAY - 27, google, MODE_TESTING), 1);
	add_policy(&s, key(DAY, google, MODE_TESTING), 1);
	cr_assert(judge(&s)->longer);
	readiness_free(&s.out);
}

Test(readiness, days_with_reports_must_be_10_of_14)
{
	struct scene s;
	int32_t day;

	set_empty(&s);
	add_policy(&s, key(DAY - 14, google, MODE_TESTING), 1);
	for (day = DAY - 13; day <= DAY - 5; day++) {
		add_policy(&s, key(day, google, MODE_TESTING), 1);
		add_policy(&s, key(day, google, MODE_TESTING), 1);
	}
	expect(&s, READINESS_LACKING, RULE_REPORT_DAYS, RULE_LACKING, 9);
	add_policy(&s, key(DAY, google, MODE_TESTING), 1);
	expect(&s, READINESS_LACKING, RULE_REPORT_DAYS, RULE_MET, 10);
}

Test(readiness, only_reports_about_the_policy_are_evidence)
{
	struct scene s;
	int32_t day;

	set_empty(&s);
	for (day = DAY - 13; day <= DAY; day++)
		add_policy(&s, key(day, google, MODE_UNKNOWN), 1000)
		    ->key.policy_type = POLICY_NONE;
	expect(&s, READINESS_LACKING, RULE_REPORT_DAYS, RULE_LACKING, 0);
	expect(&s, READINESS_LACKING, RULE_REPORTERS, RULE_LACKING, 0);
	expect(&s, READINESS_LACKING, RULE_SESSIONS, RULE_LACKING, 0);
	cr_assert_eq(judge(&s)->stage, STAGE_NONE);
	readiness_free(&s.out);
}

Test(readiness, reporters_must_be_3)
{
	struct scene s;

	set_ready(&s);
	s.figures.npolicies -= 1;
	/* Yahoo is known from the other days. */
	expect(&s, READINESS_READY, RULE_REPORTERS, RULE_MET, 3);
	set_empty(&s);
	add_policy(&s, key(DAY - 14, yahoo, MODE_TESTING), 1);
	add_policy(&s, key(DAY - 1, google, MODE_TESTING), 1);
	add_policy(&s, key(DAY, mailru, MODE_TESTING), 1);
	expect(&s, READINESS_LACKING, RULE_REPORTERS, RULE_LACKING, 2);
}

Test(readiness, sessions_must_be_100)
{
	struct scene s;

	set_empty(&s);
	add_policy(&s, key(DAY - 14, google, MODE_TESTING), 1000);
	add_policy(&s, key(DAY - 13, google, MODE_TESTING), 98);
	add_policy(&s, key(DAY, google, MODE_TESTING), 0)->failed = 1;
	expect(&s, READINESS_LACKING, RULE_SESSIONS, RULE_LACKING, 99);
	add_policy(&s, key(DAY, google, MODE_TESTING), 1);
	expect(&s, READINESS_LACKING, RULE_SESSIONS, RULE_MET, 100);
}

Test(readiness, thresholds_are_those_of_the_domain_section)
{
	struct scope_domain section = {.name = "example.com",
	    .thresholds = {.testing_days = 2,
		.report_days = 1,
		.reporters = 1,
		.sessions = 1,
		.validation_failure = 500000}};
	struct scene s;

	set_empty(&s);
	s.scope = (struct scope){.domains = &section, .ndomains = 1};
	add_policy(&s, key(DAY - 1, google, MODE_TESTING), 10);
	expect(&s, READINESS_READY, RULE_TESTING, RULE_MET, 2);
	section.thresholds.testing_days = 3;
	expect(&s, READINESS_LACKING, RULE_TESTING, RULE_LACKING, 2);
	cr_assert_eq(readiness_days(&s.scope), 28);
	section.thresholds.testing_days = 20;
	cr_assert_eq(readiness_days(&s.scope), 40);
}

/* ---- what fails ---- */

Test(readiness, a_failure_that_two_saw_is_fatal_and_of_one_is_asked_about)
{
	static const enum result_type types[] = {RESULT_STARTTLS_NOT_SUPPORTED,
	    RESULT_CERTIFICATE_HOST_MISMATCH, RESULT_CERTIFICATE_EXPIRED,
	    RESULT_CERTIFICATE_NOT_TRUSTED, RESULT_STS_POLICY_FETCH_ERROR,
	    RESULT_STS_POLICY_INVALID, RESULT_STS_WEBPKI_INVALID};
	struct scene s;
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		set_ready(&s);
		add_failure(&s, DAY - 13, google, types[i], 1);
		add_failure(&s, DAY, google, types[i], 100);
		expect(&s, READINESS_READY, RULE_FAILURES, RULE_ASK, 1);
		add_failure(&s, DAY, yahoo, types[i], 1);
		expect(&s, READINESS_BROKEN, RULE_FAILURES, RULE_BROKEN, 1);
	}
}

Test(readiness, one_place_that_two_call_different_things_was_seen_by_two)
{
	const struct readiness *r;
	struct scene s;

	set_ready(&s);
	add_failure(&s, DAY - 3, google, RESULT_CERTIFICATE_EXPIRED, 7);
	add_failure(&s, DAY - 1, yahoo, RESULT_CERTIFICATE_NOT_TRUSTED, 8);
	add_failure(&s, DAY, yahoo, RESULT_STS_POLICY_INVALID, 50);
	r = judge(&s);
	cr_assert_eq(r->verdict, READINESS_BROKEN);
	cr_assert_eq(r->nobstacles, 2);
	cr_assert_eq(r->obstacles[0].reporters, 2);
	cr_assert_eq(r->obstacles[0].kinds, 2);
	cr_assert_eq(r->obstacles[0].sessions, 15);
	cr_assert_eq(r->obstacles[0].result, RESULT_CERTIFICATE_NOT_TRUSTED);
	cr_assert_eq(r->obstacles[0].first_day, DAY - 3);
	cr_assert_eq(r->obstacles[0].last_day, DAY - 1);
	cr_assert_str_eq(r->obstacles[1].receiving_mx, "");
	readiness_free(&s.out);
}

Test(readiness, what_failed_before_the_days_that_are_judged_does_not_count)
{
	struct scene s;

	set_ready(&s);
	add_failure(&s, DAY - 14, google, RESULT_CERTIFICATE_EXPIRED, 7);
	add_failure(&s, DAY - 14, yahoo, RESULT_CERTIFICATE_EXPIRED, 7);
	expect(&s, READINESS_READY, RULE_FAILURES, RULE_MET, 0);
}

Test(readiness, what_dane_says_of_certificates_is_no_matter_of_the_policy)
{
	struct scene s;

	set_ready(&s);
	add_failure(&s, DAY, google, RESULT_CERTIFICATE_EXPIRED, 7)
	    ->key.policy_type = POLICY_TLSA;
	add_failure(&s, DAY, yahoo, RESULT_CERTIFICATE_EXPIRED, 7)
	    ->key.policy_type = POLICY_TLSA;
	add_failure(&s, DAY, yahoo, RESULT_TLSA_INVALID, 7000)
	    ->key.policy_type = POLICY_TLSA;
	expect(&s, READINESS_READY, RULE_FAILURES, RULE_MET, 0);
	expect(&s, READINESS_READY, RULE_VALIDATION, RULE_MET, 0);
	add_failure(&s, DAY, yahoo, RESULT_STARTTLS_NOT_SUPPORTED, 7)
	    ->key.policy_type = POLICY_TLSA;
	expect(&s, READINESS_READY, RULE_FAILURES, RULE_ASK, 1);
}

/* 14 days of 100 002 sessions are 1 400 028: 0.1 % of them is 1 400.028. */
Test(readiness, validation_failures_must_be_below_their_share)
{
	struct scene s;

	set_ready(&s);
	add_failure(&s, DAY, google, RESULT_VALIDATION_FAILURE, 1000);
	add_failure(&s, DAY, google, RESULT_UNSPECIFIED, 400)->receiving_mx =
	    "";
	expect(&s, READINESS_READY, RULE_VALIDATION, RULE_MET, 1400);
	add_failure(&s, DAY, google, RESULT_OTHER, 1)->receiving_mx = "";
	expect(&s, READINESS_BROKEN, RULE_VALIDATION, RULE_BROKEN, 1401);
	set_empty(&s);
	add_policy(&s, key(DAY, google, MODE_TESTING), 1000);
	add_failure(&s, DAY, google, RESULT_VALIDATION_FAILURE, 1);
	expect(&s, READINESS_BROKEN, RULE_VALIDATION, RULE_BROKEN, 1);
}

static bool
answer(void *arg, const char *domain)
{
	cr_assert_str_eq(domain, "example.com");
	return *(bool *)arg;
}

Test(readiness, validation_failures_all_at_one_host_are_no_accident)
{
	bool one = false;
	struct scene s;

	set_ready(&s);
	s.spec.has_one_mx = answer;
	s.spec.arg = &one;
	add_failure(&s, DAY, google, RESULT_VALIDATION_FAILURE, 2);
	expect(&s, READINESS_READY, RULE_VALIDATION, RULE_MET, 2);
	add_failure(&s, DAY, google, RESULT_VALIDATION_FAILURE, 1);
	expect(&s, READINESS_READY, RULE_VALIDATION, RULE_ASK, 3);
	add_failure(&s, DAY, yahoo, RESULT_VALIDATION_FAILURE, 1);
	expect(&s, READINESS_BROKEN, RULE_VALIDATION, RULE_BROKEN, 4);
	one = true;
	expect(&s, READINESS_READY, RULE_VALIDATION, RULE_MET, 4);
	one = false;
	add_failure(&s, DAY, yahoo, RESULT_VALIDATION_FAILURE, 1)
	    ->receiving_mx = "mx1.example.com";
	expect(&s, READINESS_READY, RULE_VALIDATION, RULE_MET, 5);
}

/* ---- the fix ---- */

Test(readiness, failures_before_the_fix_are_left_out)
{
	struct scene s;

	set_ready(&s);
	add_failure(&s, DAY - 3, google, RESULT_CERTIFICATE_EXPIRED, 7);
	add_failure(&s, DAY - 3, yahoo, RESULT_CERTIFICATE_EXPIRED, 7);
	add_failure(&s, DAY - 3, yahoo, RESULT_VALIDATION_FAILURE, 90000);
	s.spec.fixed_on = DAY - 3;
	expect(&s, READINESS_BROKEN, RULE_FAILURES, RULE_BROKEN, 1);
	cr_assert_null(rule_of(judge(&s), RULE_FIXED));
	s.spec.fixed_on = DAY - 2;
	expect(&s, READINESS_READY, RULE_FAILURES, RULE_MET, 0);
	expect(&s, READINESS_READY, RULE_VALIDATION, RULE_MET, 0);
	expect(&s, READINESS_READY, RULE_FIXED, RULE_MET, 2);
	cr_assert_eq(judge(&s)->left_out, 90014);
	cr_assert_eq(judge(&s)->sessions, 3 * 100002);
	readiness_free(&s.out);
}

Test(readiness, a_fix_that_no_witness_confirms_is_not_known)
{
	struct scene s;

	set_ready(&s);
	add_failure(&s, DAY - 1, google, RESULT_CERTIFICATE_EXPIRED, 7);
	s.spec.fixed_on = DAY + 1;
	expect(&s, READINESS_LACKING, RULE_FIXED, RULE_LACKING, 0);
	s.spec.fixed_on = DAY;
	expect(&s, READINESS_READY, RULE_FIXED, RULE_MET, 1);
}

/* ---- the stage ---- */

static enum stage
stage_of(struct scene *s)
{
	enum stage stage = judge(s)->stage;

	readiness_free(&s->out);
	return stage;
}

Test(readiness, of_two_modes_the_later_one_is_that_of_today)
{
	struct scene s;

	/* Who does not report on a day has not changed its view. */
	set_ready(&s);
	add_policy(&s, key(DAY - 1, "first.example", MODE_ENFORCE), 1);
	cr_assert_eq(stage_of(&s), STAGE_ENFORCE);
	cr_assert_eq(judge(&s)->since, DAY - 1);
	readiness_free(&s.out);
	cr_assert_null(rule_of(judge(&s), RULE_TESTING));
	readiness_free(&s.out);
	/* Back again: nobody sees enforce alone. */
	set_empty(&s);
	add_policy(&s, key(DAY - 5, google, MODE_ENFORCE), 1);
	add_policy(&s, key(DAY, google, MODE_TESTING), 1);
	add_policy(&s, key(DAY, yahoo, MODE_ENFORCE), 1);
	cr_assert_eq(stage_of(&s), STAGE_TESTING);
	cr_assert_eq(judge(&s)->since, DAY);
	readiness_free(&s.out);
	/* From the first day on both: the one that holds mail. */
	set_empty(&s);
	add_policy(&s, key(DAY, google, MODE_TESTING), 100);
	add_policy(&s, key(DAY, yahoo, MODE_ENFORCE), 1);
	cr_assert_eq(stage_of(&s), STAGE_ENFORCE);
	readiness_free(&s.out);
}

Test(readiness, testing_begins_anew_after_enforce)
{
	struct scene s;

	set_empty(&s);
	add_policy(&s, key(DAY - 20, google, MODE_TESTING), 1);
	add_policy(&s, key(DAY - 10, google, MODE_ENFORCE), 1);
	add_policy(&s, key(DAY - 3, google, MODE_TESTING), 1);
	expect(&s, READINESS_LACKING, RULE_TESTING, RULE_LACKING, 4);
}

Test(readiness, a_policy_that_nobody_has_seen_for_a_week_is_none)
{
	struct scene s;

	set_empty(&s);
	add_policy(&s, key(DAY - 6, google, MODE_ENFORCE), 1);
	add_policy(&s, key(DAY, google, MODE_UNKNOWN), 1)->key.policy_type =
	    POLICY_NONE;
	cr_assert_eq(stage_of(&s), STAGE_ENFORCE);
	s.policies[0].start = s.policies[0].key.day = DAY - 7;
	cr_assert_eq(stage_of(&s), STAGE_NONE);
	set_empty(&s);
	add_policy(&s, key(DAY, google, MODE_NONE), 1);
	cr_assert_eq(stage_of(&s), STAGE_NONE);
	readiness_free(&s.out);
}

Test(readiness, under_enforce_the_same_rules_tell_of_health)
{
	struct scene s;
	size_t i;

	set_ready(&s);
	for (i = 0; i < s.figures.npolicies; i++)
		s.policies[i].key.mode = MODE_ENFORCE;
	cr_assert_eq(judge(&s)->verdict, READINESS_READY);
	cr_assert_eq(judge(&s)->stage, STAGE_ENFORCE);
	add_failure(&s, DAY, google, RESULT_CERTIFICATE_EXPIRED, 1);
	add_failure(&s, DAY, yahoo, RESULT_CERTIFICATE_EXPIRED, 1);
	cr_assert_eq(judge(&s)->verdict, READINESS_BROKEN);
	readiness_free(&s.out);
}

/* ---- which domains ---- */

Test(readiness, domains_may_come_one_after_the_other)
{
	static const char *const names[] = {"example.com", "z.example"};
	struct scene s;
	size_t i;

	set_ready(&s);
	add_failure(&s, DAY, google, RESULT_CERTIFICATE_EXPIRED, 1);
	readiness_judge(&s.out, &s.spec);
	for (i = 0; i < s.figures.npolicies; i++)
		s.policies[i].key.domain = "a.example";
	s.figures.nfailures = 0;
	s.spec.names = names;
	s.spec.nnames = 2;
	readiness_judge(&s.out, &s.spec);
	cr_assert_eq(s.out.n, 3);
	cr_expect_str_eq(s.out.list[0].domain, "a.example");
	cr_expect_eq(s.out.list[0].nobstacles, 0);
	cr_expect_eq(s.out.list[0].nreporters, 3);
	cr_expect_str_eq(s.out.list[1].domain, "example.com");
	cr_assert_eq(s.out.list[1].nobstacles, 1);
	cr_expect_str_eq(s.out.list[1].obstacles[0].reporter, google);
	cr_assert_eq(s.out.list[1].nreporters, 3);
	cr_expect_str_eq(s.out.list[1].reporters[2], yahoo);
	cr_expect_str_eq(s.out.list[2].domain, "z.example");
	cr_expect_eq(s.out.list[2].stage, STAGE_UNKNOWN);
	readiness_free(&s.out);
}

Test(readiness, names_without_figures_are_judged_once_and_strangers_never)
{
	static const char *const names[] = {
	    "z.example", "EXAMPLE.COM", "a.example", "a.example"};
	struct scope_domain section = {.name = "example.com"};
	struct scene s;

	set_ready(&s);
	section.thresholds = scope_thresholds(&s.scope, "");
	s.scope = (struct scope){.domains = &section, .ndomains = 1};
	add_policy(&s, key(DAY, google, MODE_TESTING), 1)->key.domain =
	    "stranger.example";
	add_failure(&s, DAY, google, RESULT_CERTIFICATE_EXPIRED, 1)
	    ->key.domain = "stranger.example";
	s.spec.names = names;
	s.spec.nnames = 4;
	readiness_judge(&s.out, &s.spec);
	cr_assert_eq(s.out.n, 3);
	cr_assert_str_eq(s.out.list[0].domain, "a.example");
	cr_assert_str_eq(s.out.list[1].domain, "example.com");
	cr_assert_str_eq(s.out.list[2].domain, "z.example");
	cr_assert_eq(s.out.list[0].verdict, READINESS_LACKING);
	cr_assert_eq(s.out.list[0].stage, STAGE_UNKNOWN);
	cr_assert_eq(s.out.list[1].verdict, READINESS_READY);
	readiness_free(&s.out);
}
