/* SPDX-License-Identifier: ISC */

/*
 * Alarms: each threshold from both sides, and what must never raise one.
 */

#include "config.h"

#include <stdint.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "base/ratio.h"
#include "digest/alarm.h"

/* Friday, 2026-11-20: the last day that is looked at, of three. */
#define DAY  20777
#define HOUR INT64_C(3600)

/* A domain, and all that it takes to judge it. */
struct scene {
	struct domain_figure dom;
	struct incident incident;
	struct problem problem;
	struct share days[3];
	struct silence silence;
	struct scope_domain section;
	struct scope scope;
	struct health_fault fault;
	struct health health;
	struct last_heard heard;
	struct figures figures;
	struct alarm_input in;
	struct alarms out;
};

/* A domain with 1 000 sessions on each of three days, none failed. */
static void
set_scene(struct scene *s)
{
	int i;

	*s = (struct scene){.figures.spec = {.first_day = DAY - 2,
				.last_day = DAY,
				.by = BY_TOTAL,
				.now = (DAY + 1) * 24 * HOUR + 6 * HOUR,
				.settle = 36 * HOUR,
				.scope = &s->scope}};
	s->section = (struct scope_domain){.name = "example.com",
#define UNSET(name_, value, unit) .thresholds.name_ = THRESHOLD_UNSET,
	    THRESHOLDS(UNSET)
#undef UNSET
	};
	s->scope = (struct scope){.domains = &s->section, .ndomains = 1};
	for (i = 0; i < 3; i++)
		s->days[i] =
		    (struct share){.day = DAY - 2 + i, .successful = 1000};
	s->dom = (struct domain_figure){.start = DAY - 2,
	    .end = DAY,
	    .domain = "example.com",
	    .group = "",
	    .own = true,
	    .successful = 3000,
	    .days = s->days,
	    .ndays = 3,
	    .last_day = DAY,
	    .lookback = {.successful = 24000}};
	s->figures.domains = &s->dom;
	s->figures.ndomains = 1;
	s->health.faults = &s->fault;
	s->in =
	    (struct alarm_input){.figures = &s->figures, .health = &s->health};
}

/* So many of the 3 000 sessions fail, in a way that is known for long. */
static void
set_failed(struct scene *s, int64_t failed)
{
	s->dom.failed = failed;
	s->dom.successful = 3000 - failed;
	s->problem = (struct problem){.result = RESULT_CERTIFICATE_EXPIRED,
	    .result_text = "",
	    .receiving_mx = "mx1.example.com",
	    .sessions = failed,
	    .reporters = 1,
	    .reporter = "google.com",
	    .since = DAY - 10,
	    .last_day = DAY};
	s->incident = (struct incident){.state = INCIDENT_ONGOING,
	    .problems = &s->problem,
	    .nproblems = 1,
	    .sessions = failed,
	    .since = DAY - 10,
	    .last_day = DAY};
	s->dom.incidents = &s->incident;
	s->dom.nincidents = 1;
}

static void
judge(struct scene *s)
{
	alarm_free(&s->out);
	alarm_judge(&s->out, &s->in);
}

/* Judges; the worst alarm must be of that level and kind. */
static void
expect(struct scene *s, enum level level, enum alarm_kind kind)
{
	judge(s);
	cr_assert_eq(s->out.level, level, "%s, not %s",
	    level_name(s->out.level), level_name(level));
	cr_assert_gt(s->out.n, 0);
	cr_assert_eq(s->out.list[0].kind, kind, "kind %d", s->out.list[0].kind);
	alarm_free(&s->out);
}

static void
expect_quiet(struct scene *s)
{
	judge(s);
	cr_assert_eq(s->out.n, 0, "kind %d", s->out.list[0].kind);
	cr_assert_eq(s->out.level, LEVEL_OK);
	alarm_free(&s->out);
}

Test(alarm, the_worse_of_two_levels)
{
	static const enum level order[] = {
	    LEVEL_OK, LEVEL_UNKNOWN, LEVEL_WARNING, LEVEL_CRITICAL};
	int i, j;

	for (i = 0; i < 4; i++)
		for (j = 0; j < 4; j++)
			cr_assert_eq(level_worse(order[i], order[j]),
			    order[i > j ? i : j]);
}

Test(alarm, a_share_is_exceeded_by_more_than_it_and_never_overflows)
{
	const int64_t many = INT64_C(9007199254740991);

	cr_expect_not(alarm_exceeds(10, 1000, 10000));
	cr_expect(alarm_exceeds(11, 1000, 10000));
	cr_expect_not(alarm_exceeds(0, 0, 0));
	cr_expect(alarm_exceeds(1, 1000, 0));
	cr_expect_not(alarm_exceeds(many, many, RATIO_WHOLE));
	cr_expect(alarm_exceeds(many, many, RATIO_WHOLE - 1));
	/* 1 % of 150 is 1.5. */
	cr_expect_not(alarm_exceeds(1, 150, 10000));
	cr_expect(alarm_exceeds(2, 150, 10000));
}

Test(alarm, nothing_failed_is_quiet)
{
	struct scene s;

	set_scene(&s);
	expect_quiet(&s);
	set_failed(&s, 0);
	expect_quiet(&s);
}

Test(alarm, rates_warn_above_1_percent_and_are_critical_above_5)
{
	struct scene s;

	set_scene(&s);
	/* What is usual is 1 % itself. */
	s.dom.lookback = (struct share){.successful = 99000, .failed = 1000};
	set_failed(&s, 30);
	expect_quiet(&s);
	set_failed(&s, 31);
	expect(&s, LEVEL_WARNING, ALARM_RATE);
	set_failed(&s, 150);
	expect(&s, LEVEL_WARNING, ALARM_RATE);
	set_failed(&s, 151);
	expect(&s, LEVEL_CRITICAL, ALARM_RATE);
	judge(&s);
	cr_assert_eq(s.out.list[0].failed, 151);
	cr_assert_eq(s.out.list[0].sessions, 3000);
	cr_assert_eq(s.out.list[0].threshold, 50000);
	cr_assert_eq(s.out.list[0].problem, &s.problem);
	alarm_free(&s.out);
}

Test(alarm, rates_are_those_of_the_domain_section)
{
	struct scene s;

	set_scene(&s);
	s.dom.lookback = (struct share){.successful = 99000, .failed = 1000};
	s.section.thresholds.warning_rate = 20000;
	s.section.thresholds.critical_rate = 30000;
	set_failed(&s, 60);
	expect_quiet(&s);
	set_failed(&s, 61);
	expect(&s, LEVEL_WARNING, ALARM_RATE);
	set_failed(&s, 91);
	expect(&s, LEVEL_CRITICAL, ALARM_RATE);
}

Test(alarm, fewer_than_min_failed_sessions_are_no_rate)
{
	struct scene s;

	set_scene(&s);
	set_failed(&s, 4);
	s.dom.successful = 0;
	expect_quiet(&s);
	set_failed(&s, 5);
	s.dom.successful = 0;
	expect(&s, LEVEL_CRITICAL, ALARM_RATE);
}

Test(alarm, what_is_usual_is_exceeded_by_more_than_chance)
{
	const struct share none = {.successful = 0};
	const struct share usual = {.successful = 99001, .failed = 999};

	/* 3 times 1 % of 1 000 is 30, and twice the root of it 10.95. */
	cr_expect_not(alarm_is_unusual(40, 1000, &usual, 3));
	cr_expect(alarm_is_unusual(41, 1000, &usual, 3));
	/* Of many, chance makes little: 30 000, and 346.4. */
	cr_expect_not(alarm_is_unusual(30346, 1000000, &usual, 3));
	cr_expect(alarm_is_unusual(30347, 1000000, &usual, 3));
	cr_expect_not(alarm_is_unusual(1000, 1000, &usual, 0));
	cr_expect_not(alarm_is_unusual(1000, 1000, &none, 3));
}

Test(alarm, the_baseline_warns_below_the_rates)
{
	struct scene s;

	set_scene(&s);
	/* One of 24 000 is taken for usual: 0.375 are three times that. */
	set_failed(&s, 4);
	expect_quiet(&s);
	set_failed(&s, 5);
	expect(&s, LEVEL_WARNING, ALARM_BASELINE);
	s.section.thresholds.baseline_factor = 0;
	expect_quiet(&s);
	s.section.thresholds.baseline_factor = 3;
	s.dom.lookback = (struct share){.successful = 0};
	expect_quiet(&s);
}

/* ---- new failures ---- */

static void
set_new(struct scene *s, int64_t failed, size_t reporters)
{
	set_failed(s, failed);
	s->section.thresholds.warning_rate = RATIO_WHOLE;
	s->section.thresholds.critical_rate = RATIO_WHOLE;
	s->section.thresholds.baseline_factor = 0;
	s->problem.since = s->incident.since = DAY - 2;
	s->problem.reporters = reporters;
	s->incident.state = INCIDENT_NEW;
}

Test(alarm, a_new_kind_needs_min_failed_sessions_or_two_witnesses)
{
	struct scene s;

	set_scene(&s);
	set_new(&s, 4, 1);
	expect_quiet(&s);
	set_new(&s, 5, 1);
	expect(&s, LEVEL_WARNING, ALARM_NEW);
	set_new(&s, 2, 2);
	expect(&s, LEVEL_WARNING, ALARM_NEW);
	set_new(&s, 5, 1);
	s.problem.since = DAY - 3;
	expect_quiet(&s);
}

Test(alarm, a_new_kind_at_a_known_host_is_new)
{
	struct problem problems[2];
	struct scene s;

	set_scene(&s);
	set_new(&s, 5, 1);
	problems[0] = problems[1] = s.problem;
	problems[0].since = DAY - 20;
	problems[0].sessions = 20;
	s.dom.failed = 25;
	s.incident.problems = problems;
	s.incident.nproblems = 2;
	s.incident.sessions = 25;
	s.incident.since = DAY - 20;
	s.incident.state = INCIDENT_ONGOING;
	judge(&s);
	cr_assert_eq(s.out.n, 1);
	cr_assert_eq(s.out.list[0].kind, ALARM_NEW);
	cr_assert_eq(s.out.list[0].problem, &problems[1]);
	cr_assert_eq(s.out.list[0].count, 1);
	cr_assert_eq(s.out.list[0].failed, 5);
	problems[0].since = DAY - 1;
	judge(&s);
	cr_assert_eq(s.out.n, 1, "one alarm a host");
	cr_assert_eq(s.out.list[0].count, 2);
	cr_assert_eq(s.out.list[0].failed, 25);
	alarm_free(&s.out);
}

Test(alarm, gone_and_ignored_failures_count_for_nothing)
{
	struct scene s;

	set_scene(&s);
	set_failed(&s, 1000);
	s.incident.state = INCIDENT_GONE;
	expect_quiet(&s);
	s.incident.state = INCIDENT_ONGOING;
	/* Ignored ones are in the sum, and in no incident. */
	s.incident.sessions = s.problem.sessions = 4;
	expect_quiet(&s);
	/* Details beyond the summary make no more sessions. */
	s.incident.sessions = 5000;
	cr_assert_eq(alarm_failed(&s.dom), 1000);
}

/* ---- what is mended ---- */

Test(alarm, what_is_plainly_mended_is_told_no_more)
{
	struct scene s;

	set_scene(&s);
	set_failed(&s, 200);
	s.incident.last_day = DAY - 1;
	/* 100 of each 900 failed, and of the last 1 000 none. */
	s.dom.successful = 2800;
	expect_quiet(&s);
	s.incident.last_day = DAY;
	expect(&s, LEVEL_CRITICAL, ALARM_RATE);
	s.incident.last_day = DAY - 1;
	s.dom.incomplete = true;
	expect(&s, LEVEL_CRITICAL, ALARM_RATE);
}

Test(alarm, a_quiet_day_does_not_mean_that_it_is_mended)
{
	struct scene s;

	set_scene(&s);
	set_failed(&s, 200);
	s.incident.last_day = DAY - 1;
	/* One in ten of the others failed: of 50, five would have. */
	s.days[2].successful = 50;
	s.dom.successful = 1850;
	expect_quiet(&s);
	s.days[2].successful = 49;
	s.dom.successful = 1849;
	expect(&s, LEVEL_CRITICAL, ALARM_RATE);
}

/* ---- silence ---- */

/* Nobody was heard since that day, though a reporter should have been. */
static void
set_silent(struct scene *s, int32_t last)
{
	s->dom.ndays = 0;
	s->dom.successful = 0;
	s->dom.last_day = last;
	s->silence = (struct silence){
	    .reporter = "google.com", .last_day = last, .days = 10};
	s->dom.silences = &s->silence;
	s->dom.nsilences = 1;
}

/* It is 6 o'clock: the reports of the day before yesterday are not all due. */
#define DUE (DAY - 2)

Test(alarm, silence_warns_after_3_days_and_is_critical_after_7)
{
	struct scene s;

	set_scene(&s);
	set_silent(&s, DUE - 2);
	expect_quiet(&s);
	set_silent(&s, DUE - 3);
	expect(&s, LEVEL_WARNING, ALARM_SILENT);
	set_silent(&s, DUE - 6);
	expect(&s, LEVEL_WARNING, ALARM_SILENT);
	set_silent(&s, DUE - 7);
	expect(&s, LEVEL_CRITICAL, ALARM_SILENT);
	s.section.thresholds.silence_critical = 0;
	expect(&s, LEVEL_WARNING, ALARM_SILENT);
	s.section.thresholds.silence_warning = 0;
	expect_quiet(&s);
	s.section.thresholds.silence_critical = 7;
	expect(&s, LEVEL_CRITICAL, ALARM_SILENT);
}

Test(alarm, reports_are_due_when_settle_is_over)
{
	struct scene s;

	set_scene(&s);
	set_silent(&s, DAY - 4);
	s.figures.spec.now = DAY * 24 * HOUR + 36 * HOUR - 1;
	expect_quiet(&s);
	s.figures.spec.now++;
	expect(&s, LEVEL_WARNING, ALARM_SILENT);
}

Test(alarm, only_who_had_a_rhythm_is_missed)
{
	struct scene s;

	set_scene(&s);
	set_silent(&s, DUE - 8);
	s.dom.nsilences = 0;
	expect_quiet(&s);
}

Test(alarm, silence_is_not_forgotten_when_the_look_back_is)
{
	struct scene s;

	set_scene(&s);
	set_silent(&s, DAY_NONE);
	s.dom.nsilences = 0;
	expect(&s, LEVEL_UNKNOWN, ALARM_UNHEARD);
	s.heard = (struct last_heard){"EXAMPLE.com", DAY - 100, true};
	s.in.heard = &s.heard;
	s.in.nheard = 1;
	expect(&s, LEVEL_CRITICAL, ALARM_SILENT);
	s.heard.regular = false;
	expect_quiet(&s);
}

Test(alarm, a_regular_reporter_that_stops_is_missed)
{
	struct scene s;

	set_scene(&s);
	s.silence = (struct silence){
	    .reporter = "google.com", .last_day = DUE - 3, .days = 7};
	s.dom.silences = &s.silence;
	s.dom.nsilences = 1;
	expect(&s, LEVEL_WARNING, ALARM_REPORTER);
	s.silence.days = 6;
	expect_quiet(&s);
	s.silence.days = 7;
	s.silence.last_day = DUE - 2;
	expect_quiet(&s);
	s.silence.last_day = DUE - 8;
	expect(&s, LEVEL_WARNING, ALARM_REPORTER);
	s.section.thresholds.silence_warning = 0;
	expect_quiet(&s);
}

Test(alarm, a_reporter_that_stops_about_many_domains_is_one_alarm)
{
	struct domain_figure domains[3];
	struct scene s;
	int i;

	set_scene(&s);
	s.silence = (struct silence){
	    .reporter = "google.com", .last_day = DUE - 3, .days = 7};
	s.dom.silences = &s.silence;
	s.dom.nsilences = 1;
	for (i = 0; i < 3; i++)
		domains[i] = s.dom;
	domains[1].domain = "a.example";
	domains[2].domain = "b.example";
	domains[2].own = false;
	s.figures.domains = domains;
	s.figures.ndomains = 3;
	judge(&s);
	cr_assert_eq(s.out.n, 1);
	cr_assert_eq(s.out.list[0].count, 2);
	cr_assert_str_eq(s.out.list[0].domain->domain, "a.example");
	cr_assert_eq(s.out.domains, 2);
	alarm_free(&s.out);
}

/* ---- sources ---- */

Test(alarm, a_source_that_fails_is_told_after_a_day_and_critical_after_three)
{
	static const enum level wanted[] = {
	    LEVEL_OK, LEVEL_WARNING, LEVEL_WARNING, LEVEL_CRITICAL};
	struct scene s;
	int i;

	for (i = 0; i < 4; i++) {
		set_scene(&s);
		s.fault = (struct health_fault){.kind = HEALTH_FAILING,
		    .source = "m365",
		    .error = "login refused",
		    .last_success = 1,
		    .days = i};
		s.health.nfaults = 1;
		judge(&s);
		cr_assert_eq(s.out.level, wanted[i], "%d days", i);
		cr_assert_eq(s.out.unfed, i > 0);
		alarm_free(&s.out);
	}
	s.fault.days = 0;
	s.fault.last_success = TIME_NONE;
	expect(&s, LEVEL_CRITICAL, ALARM_INGEST);
	s.fault.kind = HEALTH_NEVER;
	expect(&s, LEVEL_WARNING, ALARM_INGEST);
	s.fault = (struct health_fault){.kind = HEALTH_ALL_STALE, .days = 3};
	expect(&s, LEVEL_CRITICAL, ALARM_INGEST);
}

Test(alarm, silence_is_no_wonder_where_nothing_is_read)
{
	struct scene s;

	set_scene(&s);
	set_silent(&s, DUE - 9);
	s.fault = (struct health_fault){.kind = HEALTH_STALE, .days = 4};
	s.health.nfaults = 1;
	judge(&s);
	cr_assert_eq(s.out.n, 1);
	cr_assert_eq(s.out.list[0].kind, ALARM_INGEST);
	alarm_free(&s.out);
}

/* ---- whose domains ---- */

Test(alarm, domains_of_others_raise_none)
{
	struct scene s;

	set_scene(&s);
	set_failed(&s, 3000);
	s.dom.own = false;
	judge(&s);
	cr_assert_eq(s.out.n, 1);
	cr_assert_eq(s.out.list[0].kind, ALARM_UNHEARD);
	cr_assert_null(s.out.list[0].domain);
	cr_assert_eq(s.out.level, LEVEL_UNKNOWN);
	cr_assert_eq(s.out.sessions, 0);
	alarm_free(&s.out);
}

Test(alarm, of_a_domain_that_is_asked_for_something_must_be_known)
{
	struct domain_figure domains[2];
	struct scene s;

	set_scene(&s);
	domains[0] = domains[1] = s.dom;
	domains[1] = (struct domain_figure){
	    .domain = "never.example", .own = true, .last_day = DAY_NONE};
	s.figures.domains = domains;
	s.figures.ndomains = 2;
	expect_quiet(&s);
	s.figures.spec.asked = true;
	expect(&s, LEVEL_UNKNOWN, ALARM_UNHEARD);
}

Test(alarm, the_worst_comes_first)
{
	struct scene s;

	set_scene(&s);
	set_new(&s, 1000, 3);
	s.section.thresholds.critical_rate = 0;
	s.fault = (struct health_fault){
	    .kind = HEALTH_NEVER, .last_success = TIME_NONE};
	s.health.nfaults = 1;
	judge(&s);
	cr_assert_eq(s.out.n, 3);
	cr_assert_eq(s.out.list[0].kind, ALARM_RATE);
	cr_assert_eq(s.out.list[1].kind, ALARM_INGEST);
	cr_assert_eq(s.out.list[2].kind, ALARM_NEW);
	alarm_free(&s.out);
}
