/* SPDX-License-Identifier: ISC */

/*
 * What is broken, by host: new, ongoing or gone, and what is ignored.
 */

#include "config.h"

#include <criterion/criterion.h>

#include "base/date.h"
#include "digest_kit.h"

#define DAY KIT_DAY

static const struct domain_figure *
only_domain(struct digest *d)
{
	const struct figures *f = digest_figures(d);

	cr_assert_eq(f->ndomains, 1);
	return f->domains;
}

static void
fail_at(struct digest *d, int32_t day, enum result_type result, const char *mx,
    int64_t sessions)
{
	kit_add(d,
	    (struct kit_report){.day = day,
		.successful = 100,
		.failed = sessions,
		.result = result,
		.mx = mx});
}

static void
hear(struct digest *d, int32_t day)
{
	kit_add(d, (struct kit_report){.day = day, .successful = 100});
}

Test(incident, one_broken_host_is_one_whatever_it_is_called_and_by_whom)
{
	static const enum result_type results[] = {
	    RESULT_CERTIFICATE_EXPIRED,
	    RESULT_VALIDATION_FAILURE,
	    RESULT_CERTIFICATE_NOT_TRUSTED,
	};
	static const char *const reporters[] = {
	    "google.com", "mail.ru", "yahoo.com", "gmx.net", "microsoft.com"};
	struct digest *d = kit_digest(DAY, DAY, BY_DAY, NULL);
	const struct domain_figure *dom;
	size_t i;

	for (i = 0; i < 5; i++)
		kit_add(d,
		    (struct kit_report){.day = DAY,
			.reporter = reporters[i],
			.mode = i % 2 ? MODE_TESTING : MODE_ENFORCE,
			.failed = 10 * ((int64_t)i + 1),
			.result = results[i % 3],
			.mx = "mx2.example.com"});
	dom = only_domain(d);
	cr_assert_eq(dom->nincidents, 1);
	cr_expect_eq(dom->incidents->sessions, 150);
	cr_expect_eq(dom->incidents->nreporters, 5);
	cr_expect_str_eq(
	    dom->incidents->reporters[0].reporter, "microsoft.com");
	cr_expect_eq(dom->incidents->reporters[0].failed, 50);
	cr_expect_eq(dom->incidents->nproblems, 5);
	cr_expect(dom->incidents->holds_mail);
	cr_expect_eq(dom->incidents->state, INCIDENT_NEW);
	cr_expect_eq(dom->verdict, VERDICT_FAILING);
	digest_free(d);
}

Test(incident, a_policy_that_cannot_be_had_is_not_the_hosts_fault)
{
	struct digest *d = kit_digest(DAY, DAY, BY_DAY, NULL);
	const struct domain_figure *dom;

	fail_at(d, DAY, RESULT_STS_POLICY_FETCH_ERROR, "mx1.example.com", 1);
	fail_at(d, DAY, RESULT_STS_POLICY_FETCH_ERROR, "mx2.example.com", 1);
	fail_at(d, DAY, RESULT_STS_WEBPKI_INVALID, "mx1.example.com", 1);
	fail_at(d, DAY, RESULT_STS_POLICY_INVALID, "mx1.example.com", 1);
	fail_at(d, DAY, RESULT_CERTIFICATE_EXPIRED, "mx1.example.com", 1);
	dom = only_domain(d);
	cr_assert_eq(dom->nincidents, 4);
	/* What holds mail stands first. */
	cr_expect_str_eq(dom->incidents[0].receiving_mx, "mx1.example.com");
	cr_expect(dom->incidents[0].holds_mail);
	cr_expect_str_eq(dom->incidents[1].receiving_mx, "");
	cr_expect_eq(dom->incidents[1].sessions, 2);
	cr_expect_not(dom->incidents[1].holds_mail);
	digest_free(d);
}

Test(incident, without_a_policy_in_force_mail_is_not_held)
{
	struct digest *d = kit_digest(DAY, DAY, BY_DAY, NULL);
	const struct domain_figure *dom;

	kit_add(d,
	    (struct kit_report){.day = DAY,
		.mode = MODE_TESTING,
		.failed = 1,
		.result = RESULT_CERTIFICATE_EXPIRED,
		.mx = "mx1.example.com"});
	dom = only_domain(d);
	cr_expect_eq(dom->verdict, VERDICT_WARNING);
	digest_free(d);
}

static enum incident_state
state_on_friday(int32_t first_seen)
{
	struct digest *d = kit_digest(DAY, DAY, BY_DAY, NULL);
	enum incident_state state;
	int32_t day;

	for (day = first_seen; day <= DAY; day++)
		fail_at(
		    d, day, RESULT_CERTIFICATE_EXPIRED, "mx.example.com", 1);
	state = only_domain(d)->incidents->state;
	cr_expect_eq(only_domain(d)->incidents->since, first_seen);
	digest_free(d);
	return state;
}

Test(incident, what_was_there_before_the_period_is_ongoing)
{
	cr_expect_eq(state_on_friday(DAY), INCIDENT_NEW);
	cr_expect_eq(state_on_friday(DAY - 1), INCIDENT_ONGOING);
	cr_expect_eq(state_on_friday(DAY - 20), INCIDENT_ONGOING);
}

/* Of a week, a fault that was last seen on that day of it. */
static enum incident_state
state_of_week(int32_t last_seen)
{
	struct digest *d = kit_digest(DAY - 6, DAY, BY_TOTAL, NULL);
	enum incident_state state;
	int32_t day;

	for (day = DAY - 6; day <= DAY; day++)
		hear(d, day);
	fail_at(d, last_seen, RESULT_CERTIFICATE_EXPIRED, "mx.example.com", 1);
	state = only_domain(d)->incidents->state;
	digest_free(d);
	return state;
}

Test(incident, what_was_over_days_before_the_period_is_gone)
{
	cr_expect_eq(state_of_week(DAY), INCIDENT_NEW);
	cr_expect_eq(state_of_week(DAY - DIGEST_GAP_DAYS), INCIDENT_NEW);
	cr_expect_eq(state_of_week(DAY - DIGEST_GAP_DAYS - 1), INCIDENT_GONE);
}

Test(incident, of_days_without_reports_nothing_is_known)
{
	struct digest *d = kit_digest(DAY - 6, DAY, BY_TOTAL, NULL);

	fail_at(d, DAY - 6, RESULT_CERTIFICATE_EXPIRED, "mx.example.com", 1);
	hear(d, DAY - 3);
	cr_expect_eq(only_domain(d)->incidents->state, INCIDENT_NEW);
	digest_free(d);
}

Test(incident, what_was_seen_the_day_before_and_is_not_now_is_gone)
{
	struct digest *d = kit_digest(DAY, DAY, BY_DAY, NULL);
	const struct domain_figure *dom;

	fail_at(d, DAY - 3, RESULT_CERTIFICATE_EXPIRED, "mx.example.com", 7);
	fail_at(d, DAY - 1, RESULT_CERTIFICATE_EXPIRED, "mx.example.com", 7);
	hear(d, DAY);
	dom = only_domain(d);
	cr_assert_eq(dom->nincidents, 1);
	cr_expect_eq(dom->incidents->state, INCIDENT_GONE);
	cr_expect_eq(dom->incidents->sessions, 0);
	cr_expect_eq(dom->incidents->since, DAY - 3);
	cr_expect_eq(dom->incidents->last_day, DAY - 1);
	cr_expect_not(dom->incidents->unheard);
	cr_expect_eq(dom->verdict, VERDICT_OK);
	digest_free(d);
}

Test(incident, what_was_gone_a_day_ago_is_not_told_again)
{
	struct digest *d = kit_digest(DAY, DAY, BY_DAY, NULL);

	fail_at(d, DAY - 2, RESULT_CERTIFICATE_EXPIRED, "mx.example.com", 7);
	hear(d, DAY - 1);
	hear(d, DAY);
	cr_expect_eq(only_domain(d)->nincidents, 0);
	digest_free(d);
}

Test(incident, days_without_any_report_do_not_hide_that_something_is_gone)
{
	struct digest *d = kit_digest(DAY, DAY, BY_DAY, NULL);

	fail_at(d, DAY - 3, RESULT_CERTIFICATE_EXPIRED, "mx.example.com", 7);
	hear(d, DAY);
	cr_expect_eq(only_domain(d)->nincidents, 1);
	digest_free(d);
}

Test(incident, who_alone_saw_it_may_not_have_been_heard_since)
{
	struct digest *d = kit_digest(DAY, DAY, BY_DAY, NULL);

	kit_add(d,
	    (struct kit_report){.day = DAY - 1,
		.reporter = "mail.ru",
		.failed = 1,
		.result = RESULT_CERTIFICATE_EXPIRED,
		.mx = "mx.example.com"});
	hear(d, DAY);
	cr_assert_eq(only_domain(d)->nincidents, 1);
	cr_expect(only_domain(d)->incidents->unheard);
	digest_free(d);
}

/* Of all days of the week before, whatever kinds come first. */
Test(incident, of_two_kinds_that_are_gone_the_later_says_when_and_by_whom)
{
	struct digest *d = kit_digest(DAY - 6, DAY, BY_TOTAL, NULL);
	const struct incident *in;

	kit_add(d,
	    (struct kit_report){.day = DAY - 8,
		.reporter = "mail.ru",
		.failed = 1,
		.result = RESULT_STARTTLS_NOT_SUPPORTED,
		.mx = "mx.example.com"});
	fail_at(d, DAY - 9, RESULT_VALIDATION_FAILURE, "mx.example.com", 1);
	hear(d, DAY);
	cr_assert_eq(only_domain(d)->nincidents, 1);
	in = only_domain(d)->incidents;
	cr_expect_eq(in->state, INCIDENT_GONE);
	cr_expect_eq(in->nproblems, 2);
	cr_expect_eq(in->since, DAY - 9);
	cr_expect_eq(in->last_day, DAY - 8);
	cr_expect(in->unheard);
	digest_free(d);
}

Test(incident, a_host_that_fails_otherwise_now_is_not_gone)
{
	struct digest *d = kit_digest(DAY, DAY, BY_DAY, NULL);

	fail_at(d, DAY - 1, RESULT_CERTIFICATE_EXPIRED, "mx.example.com", 1);
	fail_at(d, DAY, RESULT_VALIDATION_FAILURE, "mx.example.com", 1);
	cr_assert_eq(only_domain(d)->nincidents, 1);
	cr_expect_eq(only_domain(d)->incidents->state, INCIDENT_NEW);
	digest_free(d);
}

/* ---- ignored ---- */

static const struct domain_figure *
with_rule(struct digest **d, struct scope_ignore *rule, int64_t failed)
{
	struct scope scope = {.ignores = rule, .nignores = 1};

	*d = kit_digest(DAY, DAY, BY_DAY, &scope);
	kit_add(*d,
	    (struct kit_report){.day = DAY,
		.successful = 1000 - failed,
		.failed = failed,
		.result = RESULT_CERTIFICATE_EXPIRED,
		.mx = "mx.example.com"});
	return only_domain(*d);
}

Test(incident, what_is_ignored_is_counted_and_still_in_the_sums)
{
	struct scope_ignore rule = {.name = "old",
	    .domain = "",
	    .mx = "MX.example.*",
	    .reporter = "",
	    .result = "",
	    .until = DAY,
	    .below = THRESHOLD_UNSET};
	const struct domain_figure *dom;
	struct digest *d;

	dom = with_rule(&d, &rule, 9);
	cr_expect_eq(dom->nincidents, 0);
	cr_assert_eq(dom->nignored, 1);
	cr_expect_eq(dom->ignored->sessions, 9);
	cr_expect_str_eq(dom->ignored->rule->name, "old");
	cr_expect_eq(dom->failed, 9);
	cr_expect_eq(dom->verdict, VERDICT_OK);
	digest_free(d);
	rule.until = DAY - 1;
	dom = with_rule(&d, &rule, 9);
	cr_expect_eq(dom->nincidents, 1);
	cr_expect_eq(dom->nignored, 0);
	digest_free(d);
}

Test(incident, a_rule_for_few_failures_does_not_hide_many)
{
	struct scope_ignore rule = {.name = "few",
	    .domain = "",
	    .mx = "",
	    .reporter = "",
	    .result = "certificate-expired",
	    .until = DAY_MAX,
	    .below = 10000}; /* 1 % of 1000 sessions */
	struct digest *d;

	cr_expect_eq(with_rule(&d, &rule, 9)->nincidents, 0);
	digest_free(d);
	cr_expect_eq(with_rule(&d, &rule, 10)->nincidents, 1);
	digest_free(d);
}
