/* SPDX-License-Identifier: ISC */

/*
 * Who is awaited, on both sides of every bound; and reports that were told
 * before, which are heard and not summed.
 */

#include "config.h"

#include <criterion/criterion.h>

#include "base/date.h"
#include "digest/sums.h"
#include "stream_kit.h"
#include "report/report.h"

/* Friday, 2026-11-20, and its end. */
#define DAY  20777
#define END  ((DAY + 1) * INT64_C(86400))
#define HOUR INT64_C(3600)

static const char nil[] = "";
static const char com[] = "example.com";
static const char org[] = "example.org";
static const char google[] = "google.com";
static const char mailru[] = "mail.ru";
static const char mx1[] = "mx1.example.com";

/* A digest of some days, seen a while after the end of DAY. */
static struct digest *
digest_at(int32_t first, int32_t last, enum bucket by, int64_t after)
{
	const struct digest_spec spec = {.first_day = first,
	    .last_day = last,
	    .by = by,
	    .now = END + after,
	    .settle = 36 * HOUR};

	return digest_new(&spec);
}

static const struct stream *
stream_of(const char *domain, const char *reporter)
{
	return stream_kit_intern(&(struct stream){.domain = domain,
	    .policy_type = POLICY_STS,
	    .policy_type_text = nil,
	    .mode = MODE_ENFORCE,
	    .reporter = reporter,
	    .organization = nil});
}

/* Adds a report of one session, of which none failed. */
static void
hear(struct digest *d, const char *domain, const char *reporter, int32_t day,
    int lag)
{
	digest_add_policy(d,
	    &(struct policy_row){.stream = stream_of(domain, reporter),
		.day = day,
		.lag = lag,
		.successful = 1});
}

/* Makes google.com and mail.ru usual reporters, with lags of their own. */
static void
hear_before(
    struct digest *d, const char *domain, int google_lag, int mailru_lag)
{
	int32_t day;

	for (day = DAY - 10; day < DAY; day++) {
		hear(d, domain, google, day, google_lag);
		hear(d, domain, mailru, day, mailru_lag);
	}
}

/* Is Friday incomplete for com, of which google.com alone was heard? */
static bool
is_incomplete(int mailru_lag, int64_t after)
{
	struct digest *d = digest_at(DAY, DAY, BY_DAY, after);
	const struct figures *f;
	bool incomplete;

	hear_before(d, com, 2, mailru_lag);
	hear(d, com, google, DAY, 2);
	f = digest_figures(d);
	cr_assert_eq(f->ndomains, 1);
	cr_assert_eq(f->domains->usual, 2);
	cr_assert_eq(f->domains->usual_present, 1);
	incomplete = f->domains->incomplete;
	cr_assert_eq(f->awaited_from, incomplete ? DAY : DAY_MAX);
	digest_free(d);
	return incomplete;
}

Test(usual, a_reporter_is_awaited_for_its_usual_lag_and_an_hour)
{
	cr_expect(is_incomplete(5, 0));
	cr_expect(is_incomplete(5, 6 * HOUR - 1));
	cr_expect_not(is_incomplete(5, 6 * HOUR));
	cr_expect(is_incomplete(0, HOUR - 1));
	cr_expect_not(is_incomplete(0, HOUR));
}

Test(usual, nobody_is_awaited_beyond_settle)
{
	cr_expect(is_incomplete(100, 36 * HOUR - 1));
	cr_expect_not(is_incomplete(100, 36 * HOUR));
}

Test(usual, where_the_lag_is_unknown_settle_decides)
{
	cr_expect(is_incomplete(LAG_UNKNOWN, 36 * HOUR - 1));
	cr_expect_not(is_incomplete(LAG_UNKNOWN, 36 * HOUR));
}

Test(usual, a_day_that_has_not_ended_is_incomplete)
{
	struct digest *d = digest_at(DAY, DAY, BY_DAY, -1);

	hear_before(d, com, 1, 1);
	hear(d, com, google, DAY, 1);
	hear(d, com, mailru, DAY, 1);
	cr_expect(digest_figures(d)->domains->incomplete);
	cr_expect_eq(digest_figures(d)->awaited_from, DAY);
	digest_free(d);
}

Test(usual, a_young_day_with_all_usual_reporters_is_complete)
{
	struct digest *d = digest_at(DAY, DAY, BY_DAY, HOUR);

	hear_before(d, com, 20, 20);
	hear(d, com, google, DAY, 1);
	hear(d, com, mailru, DAY, 1);
	cr_expect_not(digest_figures(d)->domains->incomplete);
	digest_free(d);
}

Test(usual, without_usual_reporters_settle_decides)
{
	int hours;

	for (hours = 35; hours <= 36; hours++) {
		struct digest *d = digest_at(DAY, DAY, BY_DAY, hours * HOUR);

		hear(d, com, google, DAY - 1, 2);
		hear(d, com, google, DAY, 2);
		cr_expect_eq(
		    digest_figures(d)->domains->incomplete, hours == 35);
		digest_free(d);
	}
}

Test(usual, without_settle_nothing_is_awaited)
{
	const struct digest_spec spec = {
	    .first_day = DAY, .last_day = DAY, .now = END};
	struct digest *d = digest_new(&spec);

	hear_before(d, com, 2, 2);
	hear(d, com, google, DAY, 2);
	cr_expect_not(digest_figures(d)->domains->incomplete);
	cr_expect_eq(digest_figures(d)->awaited_from, DAY_MAX);
	digest_free(d);
}

/* mail.ru takes 3 hours, and on so many of ten days 20. */
static bool
waits_ten_hours(int slow_days)
{
	struct digest *d = digest_at(DAY, DAY, BY_DAY, 10 * HOUR);
	bool incomplete;
	int i, n;

	for (i = 1; i <= 10; i++)
		for (n = 0; n < 3; n++)
			hear(d, com, mailru, DAY - i, i <= slow_days ? 20 : 3);
	hear(d, com, google, DAY, 2);
	incomplete = digest_figures(d)->domains->incomplete;
	digest_free(d);
	return incomplete;
}

Test(usual, one_slow_day_is_forgiven_however_many_reports_it_has)
{
	cr_expect_not(waits_ten_hours(0));
	cr_expect_not(waits_ten_hours(1));
	cr_expect(waits_ten_hours(2));
}

Test(usual, the_two_slowest_days_are_kept_in_any_order)
{
	static const int orders[6][3] = {
	    {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	static const struct lag lags[] = {{5, 9}, {6, 7}, {7, 3}};
	size_t i, j;

	for (i = 0; i < 6; i++) {
		struct lag slowest[2] = {{0, 0}, {0, 0}};

		for (j = 0; j < 6; j++)
			usual_keep_lag(slowest, lags[orders[i][j % 3]]);
		usual_keep_lag(slowest, (struct lag){5, 1});
		cr_expect_eq(slowest[0].hours, 9);
		cr_expect_eq(slowest[1].hours, 7);
		/* The second of one day overtakes the first. */
		usual_keep_lag(slowest, (struct lag){6, 12});
		cr_expect_eq(slowest[0].day, 6);
		cr_expect_eq(slowest[0].hours, 12);
		cr_expect_eq(slowest[1].day, 5);
		cr_expect_eq(slowest[1].hours, 9);
	}
}

Test(usual, a_week_is_incomplete_for_its_last_day)
{
	struct digest *d = digest_at(DAY - 6, DAY, BY_TOTAL, 2 * HOUR);

	hear_before(d, com, 2, 5);
	hear(d, com, google, DAY, 2);
	cr_expect(digest_figures(d)->domains->incomplete);
	cr_expect_eq(digest_figures(d)->awaited_from, DAY);
	digest_free(d);
	d = digest_at(DAY - 6, DAY, BY_TOTAL, 6 * HOUR);
	hear_before(d, com, 2, 5);
	hear(d, com, google, DAY, 2);
	cr_expect_not(digest_figures(d)->domains->incomplete);
	digest_free(d);
}

Test(usual, a_domain_of_which_nothing_came_yet_is_awaited)
{
	struct digest *d = digest_at(DAY, DAY, BY_DAY, 2 * HOUR);

	hear_before(d, com, 2, 5);
	hear_before(d, org, 2, 2);
	hear(d, org, google, DAY, 2);
	hear(d, org, mailru, DAY, 2);
	cr_expect_eq(digest_figures(d)->ndomains, 1);
	cr_expect_not(digest_figures(d)->domains->incomplete);
	cr_expect_eq(digest_figures(d)->awaited_from, DAY);
	digest_free(d);
}

Test(usual, days_without_end_are_judged_in_no_time)
{
	struct digest *d = digest_at(DAY_MIN, DAY_MAX, BY_TOTAL, 2 * HOUR);

	hear_before(d, com, 2, 5);
	cr_expect(digest_figures(d)->domains->incomplete);
	digest_free(d);
}

/* ---- told before ---- */

static void
add(struct digest *d, int32_t day, const char *reporter, int64_t report)
{
	const struct stream *stream = stream_of(com, reporter);

	digest_add_policy(d,
	    &(struct policy_row){.stream = stream,
		.day = day,
		.report = report,
		.lag = LAG_UNKNOWN,
		.successful = 10,
		.failed = 1});
	digest_add_failure(d,
	    &(struct failure_row){.stream = stream,
		.day = day,
		.report = report,
		.result = RESULT_CERTIFICATE_EXPIRED,
		.result_text = nil,
		.receiving_mx = mx1,
		.receiving_ip = nil,
		.reason_code = nil,
		.sessions = 1});
}

Test(usual, what_was_told_is_heard_and_seen_but_not_summed)
{
	const struct digest_spec spec = {
	    .first_day = DAY - 1, .last_day = DAY, .told = 20};
	struct digest *d = digest_new(&spec);
	const struct domain_figure *dom;
	const struct figures *f;
	int32_t day;

	for (day = DAY - 10; day <= DAY; day++) {
		add(d, day, google, day - DAY + 10);
		add(d, day, mailru, day < DAY ? day - DAY + 20 : 21);
	}
	f = digest_figures(d);
	cr_assert_eq(f->ndomains, 1, "%zu", f->ndomains);
	dom = f->domains;
	cr_expect_eq(dom->start, DAY);
	cr_expect_eq(dom->successful, 10);
	cr_expect_eq(dom->nreporters, 1);
	cr_expect_eq(dom->ndays, 1);
	cr_expect_eq(dom->usual, 2);
	cr_expect_eq(dom->usual_present, 2);
	cr_expect_eq(dom->problems->sessions, 1);
	cr_expect_eq(dom->problems->since, DAY - 10);
	cr_expect(dom->told);
	cr_expect_eq(f->npolicies, 1);
	cr_expect_eq(f->nfailures, 1);
	digest_free(d);
}

Test(usual, with_no_look_back_those_told_before_are_usual_too)
{
	const struct digest_spec spec = {
	    .first_day = DAY, .last_day = DAY, .told = 1};
	struct digest *d = digest_new(&spec);
	const struct domain_figure *dom;

	add(d, DAY, google, 1);
	add(d, DAY, mailru, 2);
	dom = digest_figures(d)->domains;
	cr_expect_eq(dom->usual, 2);
	cr_expect_eq(dom->usual_present, 2);
	cr_expect_eq(dom->nreporters, 1);
	digest_free(d);
}

Test(usual, days_of_which_nothing_was_told_are_whole)
{
	const struct digest_spec spec = {
	    .first_day = DAY, .last_day = DAY, .told = 1};
	struct digest *d = digest_new(&spec);

	add(d, DAY - 1, google, 1);
	add(d, DAY, google, 2);
	cr_expect_not(digest_figures(d)->domains->told);
	digest_free(d);
}
