/* SPDX-License-Identifier: ISC */

/*
 * The digest: every sum is the sum of the rows, the order of the rows does
 * not matter, and what is said of a domain is true on both sides of every
 * bound.
 */

#include "config.h"

#include <stdint.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "digest/digest.h"
#include "report/report.h"
#include "stream_kit.h"

/* Friday, 2026-11-20. */
#define DAY 20777

/* Interned as a store would: one address a text. */
static const char nil[] = "";
static const char com[] = "example.com";
static const char org[] = "example.org";
static const char google[] = "google.com";
static const char mailru[] = "mail.ru";
static const char yahoo[] = "yahoo.com";
static const char mx1[] = "mx1.example.com";
static const char mx2[] = "mx2.example.com";
static const char cipher[] = "no shared cipher";
static const char timeout[] = "timeout";

static struct digest *
new_digest(int32_t first, int32_t last, enum bucket by)
{
	const struct digest_spec spec = {
	    .first_day = first, .last_day = last, .by = by};

	return digest_new(&spec);
}

/* What a row says, before its stream is interned. */
struct said {
	int32_t day;
	enum authenticity authenticity;
	struct stream stream;
};

static struct said
key(int32_t day, const char *domain, const char *reporter)
{
	return (struct said){.day = day,
	    .stream = {.domain = domain,
		.policy_type = POLICY_STS,
		.policy_type_text = nil,
		.mode = MODE_ENFORCE,
		.reporter = reporter,
		.organization = nil}};
}

static const struct stream *
with_reporter(const struct stream *old, const char *reporter)
{
	struct stream s = *old;

	s.reporter = reporter;
	return stream_kit_intern(&s);
}

static const struct stream *
with_mode(const struct stream *old, enum policy_mode mode)
{
	struct stream s = *old;

	s.mode = mode;
	return stream_kit_intern(&s);
}

static const struct stream *
with_policy_type(const struct stream *old, enum policy_type type)
{
	struct stream s = *old;

	s.policy_type = type;
	return stream_kit_intern(&s);
}

static void
add_policy(struct digest *d, struct said k, int64_t successful, int64_t failed)
{
	digest_add_policy(d,
	    &(struct policy_row){.stream = stream_kit_intern(&k.stream),
		.day = k.day,
		.authenticity = k.authenticity,
		.lag = LAG_UNKNOWN,
		.successful = successful,
		.failed = failed});
}

static struct failure_row
failure(
    struct said k, enum result_type result, const char *mx, int64_t sessions)
{
	return (struct failure_row){.stream = stream_kit_intern(&k.stream),
	    .day = k.day,
	    .authenticity = k.authenticity,
	    .result = result,
	    .result_text = nil,
	    .receiving_mx = mx,
	    .receiving_ip = nil,
	    .reason_code = nil,
	    .sessions = sessions};
}

static void
add_failure(struct digest *d, struct said k, enum result_type result,
    const char *mx, int64_t sessions)
{
	const struct failure_row row = failure(k, result, mx, sessions);

	digest_add_failure(d, &row);
}

/* ---- periods ---- */

static void
check_bucket(enum bucket by, int32_t day, int32_t start, int32_t end)
{
	const struct digest_spec spec = {
	    .first_day = DAY - 40, .last_day = DAY + 40, .by = by};
	int32_t s, e;

	digest_bucket(&spec, day, &s, &e);
	cr_assert_eq(s, start, "start %d, not %d", s, start);
	cr_assert_eq(e, end, "end %d, not %d", e, end);
}

Test(digest, a_bucket_is_a_day_a_week_a_month_or_all)
{
	check_bucket(BY_DAY, DAY, DAY, DAY);
	check_bucket(BY_WEEK, DAY, DAY - 4, DAY + 2);
	check_bucket(BY_WEEK, DAY - 4, DAY - 4, DAY + 2);
	check_bucket(BY_WEEK, DAY + 2, DAY - 4, DAY + 2);
	check_bucket(BY_WEEK, DAY + 3, DAY + 3, DAY + 9);
	check_bucket(BY_MONTH, DAY, DAY - 19, DAY + 10);
	check_bucket(BY_MONTH, DAY + 10, DAY - 19, DAY + 10);
	check_bucket(BY_MONTH, DAY - 20, DAY - 40, DAY - 20);
	check_bucket(BY_MONTH, DAY + 11, DAY + 11, DAY + 40);
	check_bucket(BY_TOTAL, DAY, DAY - 40, DAY + 40);
}

Test(digest, a_bucket_ends_where_the_period_does)
{
	const struct digest_spec spec = {
	    .first_day = DAY, .last_day = DAY + 1, .by = BY_WEEK};
	int32_t start, end;

	digest_bucket(&spec, DAY, &start, &end);
	cr_assert_eq(start, DAY);
	cr_assert_eq(end, DAY + 1);
}

Test(digest, rows_outside_of_the_period_are_not_summed)
{
	struct digest *d = new_digest(DAY, DAY + 1, BY_TOTAL);
	const struct figures *f;
	int32_t day;

	for (day = DAY - 40; day <= DAY + 10; day++) {
		add_policy(d, key(day, com, google), 1, 1);
		add_failure(d, key(day, com, google),
		    RESULT_CERTIFICATE_EXPIRED, mx1, 1);
	}
	f = digest_figures(d);
	cr_assert_eq(f->npolicies, 1);
	cr_assert_eq(f->policies[0].entries, 2);
	cr_assert_eq(f->policies[0].successful, 2);
	cr_assert_eq(f->nfailures, 1);
	cr_assert_eq(f->failures[0].sessions, 2);
	cr_assert_eq(f->failures[0].first_day, DAY);
	cr_assert_eq(f->failures[0].last_day, DAY + 1);
	cr_assert_eq(f->ndomains, 1);
	cr_assert_eq(f->domains[0].ndays, 2);
	digest_free(d);
}

Test(digest, no_rows_make_no_figures)
{
	struct digest *d = new_digest(DAY, DAY, BY_DAY);
	const struct figures *f = digest_figures(d);

	cr_assert_eq(f->npolicies, 0);
	cr_assert_eq(f->nfailures, 0);
	cr_assert_eq(f->ndomains, 0);
	cr_assert_eq(digest_figures(d), f);
	digest_free(d);
	digest_free(NULL);
}

Test(digest, days_before_1970_and_at_both_ends_of_the_calendar)
{
	static const int32_t days[] = {
	    DAY_MIN, -65, -64, -63, -1, 0, 63, 64, DAY_MAX};
	size_t i;

	for (i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		struct digest *d = new_digest(days[i], days[i], BY_MONTH);
		const struct figures *f;

		add_policy(d, key(days[i], com, google), 1, 1);
		add_failure(
		    d, key(days[i], com, google), RESULT_TLSA_INVALID, mx1, 1);
		f = digest_figures(d);
		cr_assert_eq(f->ndomains, 1);
		cr_assert_eq(f->domains[0].start, days[i]);
		cr_assert_eq(f->domains[0].end, days[i]);
		cr_assert_eq(f->domains[0].problems[0].since, days[i]);
		digest_free(d);
	}
}

/* ---- sums ---- */

Test(digest, each_part_of_the_key_makes_a_line_of_its_own)
{
	struct digest *d = new_digest(DAY, DAY + 1, BY_DAY);
	struct said k = key(DAY, com, google);
	const struct figures *f;

	add_policy(d, k, 1, 0);
	k.day++;
	add_policy(d, k, 2, 0);
	k.day--;
	k.stream.domain = org;
	add_policy(d, k, 4, 0);
	k.stream.domain = com;
	k.stream.reporter = mailru;
	add_policy(d, k, 8, 0);
	k.stream.reporter = google;
	k.stream.mode = MODE_TESTING;
	add_policy(d, k, 16, 0);
	k.stream.mode = MODE_ENFORCE;
	k.authenticity = AUTH_VERIFIED;
	add_policy(d, k, 32, 0);
	k.authenticity = AUTH_UNCHECKED;
	k.stream.policy_type = POLICY_OTHER;
	k.stream.policy_type_text = timeout;
	add_policy(d, k, 64, 0);
	k.stream.policy_type_text = cipher;
	add_policy(d, k, 128, 0);
	f = digest_figures(d);
	cr_assert_eq(f->npolicies, 8);
	/* By start, domain, type and its text, mode, reporter, authenticity */
	cr_assert_eq(f->policies[0].successful, 128);
	cr_assert_eq(f->policies[1].successful, 64);
	cr_assert_eq(f->policies[2].successful, 1);
	cr_assert_eq(f->policies[3].successful, 32);
	cr_assert_eq(f->policies[4].successful, 8);
	cr_assert_eq(f->policies[5].successful, 16);
	cr_assert_eq(f->policies[6].successful, 4);
	cr_assert_eq(f->policies[7].successful, 2);
	digest_free(d);
}

Test(digest, the_organization_of_the_latest_day_stays_and_a_name_beats_none)
{
	static const char old[] = "Zebra", young[] = "Apple";
	const char *const names[][3] = {
	    {nil, old, young}, {young, nil, old}, {old, young, nil}};
	size_t i, j;

	/* Whatever the order: Zebra on DAY, then no name and Apple. */
	for (i = 0; i < 3; i++) {
		struct digest *d = new_digest(DAY, DAY + 1, BY_TOTAL);

		for (j = 0; j < 3; j++) {
			struct said k = key(DAY, com, google);

			k.stream.organization = names[i][j];
			k.day = k.stream.organization == old ? DAY : DAY + 1;
			add_policy(d, k, 1, 0);
		}
		cr_assert_str_eq(
		    digest_figures(d)->policies[0].key.organization, young);
		digest_free(d);
	}
}

Test(digest, counts_beyond_64_bits_stay_at_the_bound)
{
	struct digest *d = new_digest(DAY, DAY, BY_DAY);
	const struct figures *f;
	int i;

	for (i = 0; i < 3000; i++) {
		add_policy(d, key(DAY, com, google), COUNT_MAX, COUNT_MAX);
		add_failure(
		    d, key(DAY, com, google), RESULT_OVERLAP, mx1, -COUNT_MAX);
		add_failure(d, key(DAY, com, google), RESULT_TLSA_INVALID, mx1,
		    COUNT_MAX);
	}
	f = digest_figures(d);
	cr_assert_eq(f->policies[0].successful, INT64_MAX);
	cr_assert_eq(f->domains[0].failed, INT64_MAX);
	cr_assert_eq(f->domains[0].overlap, -INT64_MAX);
	cr_assert_eq(f->domains[0].problems[0].sessions, INT64_MAX);
	cr_assert_eq(count_add(INT64_MAX, 1), INT64_MAX);
	cr_assert_eq(count_add(-INT64_MAX, -1), -INT64_MAX);
	cr_assert_eq(count_add(INT64_MAX, -INT64_MAX), 0);
	digest_free(d);
}

Test(digest, overlap_counts_as_a_figure_and_never_as_a_problem)
{
	struct digest *d = new_digest(DAY, DAY, BY_DAY);
	const struct figures *f;

	add_policy(d, key(DAY, com, google), 0, 1);
	add_failure(d, key(DAY, com, google), RESULT_TLSA_INVALID, mx1, 1);
	add_failure(d, key(DAY, com, google), RESULT_DNSSEC_INVALID, mx1, 1);
	add_failure(d, key(DAY, com, google), RESULT_OVERLAP, nil, -1);
	f = digest_figures(d);
	cr_assert_eq(f->nfailures, 3);
	cr_assert_eq(f->failures[2].result, RESULT_OVERLAP);
	cr_assert_eq(f->failures[2].sessions, -1);
	cr_assert_eq(f->failures[2].details, 0);
	cr_assert_eq(f->domains[0].overlap, -1);
	cr_assert_eq(f->domains[0].nproblems, 2);
	digest_free(d);
}

Test(digest, failures_without_a_detail_are_a_problem_of_their_own)
{
	struct digest *d = new_digest(DAY, DAY, BY_DAY);
	const struct figures *f;

	add_policy(d, key(DAY, com, google), 0, 5);
	add_failure(d, key(DAY, com, google), RESULT_UNSPECIFIED, nil, 5);
	f = digest_figures(d);
	cr_assert_eq(f->failures[0].details, 0);
	cr_assert_eq(f->domains[0].nproblems, 1);
	cr_assert_eq(f->domains[0].problems[0].result, RESULT_UNSPECIFIED);
	digest_free(d);
}

Test(digest, a_detail_without_sessions_is_a_figure_and_no_problem)
{
	struct digest *d = new_digest(DAY, DAY, BY_DAY);
	const struct figures *f;

	add_policy(d, key(DAY, com, google), 5, 0);
	add_failure(d, key(DAY, com, google), RESULT_TLSA_INVALID, mx1, 0);
	f = digest_figures(d);
	cr_assert_eq(f->nfailures, 1);
	cr_assert_eq(f->failures[0].details, 1);
	cr_assert_eq(f->domains[0].nproblems, 0);
	digest_free(d);
}

Test(digest, a_failure_without_its_policy_still_has_a_domain)
{
	struct digest *d = new_digest(DAY, DAY, BY_DAY);
	const struct figures *f;

	add_policy(d, key(DAY, org, google), 5, 0);
	add_failure(d, key(DAY, com, google), RESULT_TLSA_INVALID, mx1, 3);
	f = digest_figures(d);
	cr_assert_eq(f->ndomains, 2);
	cr_assert_str_eq(f->domains[0].domain, com);
	cr_assert_eq(f->domains[0].nproblems, 1);
	cr_assert_eq(f->domains[0].npolicies, 0);
	cr_assert_eq(f->domains[1].successful, 5);
	digest_free(d);
}

/* ---- domains ---- */

Test(digest, shares_add_up_and_the_greatest_comes_first)
{
	struct digest *d = new_digest(DAY, DAY + 1, BY_TOTAL);
	const struct domain_figure *dom;
	struct said none = key(DAY, com, mailru);

	none.stream.policy_type = POLICY_NONE;
	none.stream.mode = MODE_UNKNOWN;
	add_policy(d, key(DAY, com, google), 10, 1);
	add_policy(d, key(DAY + 1, com, google), 20, 2);
	add_policy(d, none, 100, 0);
	add_policy(d, key(DAY, com, mailru), 5, 0);
	dom = digest_figures(d)->domains;
	cr_assert_eq(dom->successful, 135);
	cr_assert_eq(dom->failed, 3);
	cr_assert_eq(dom->npolicies, 2);
	cr_assert_eq(dom->policies[0].policy_type, POLICY_NONE);
	cr_assert_eq(dom->policies[1].successful, 35);
	cr_assert_eq(dom->policies[1].failed, 3);
	cr_assert_eq(dom->nreporters, 2);
	cr_assert_str_eq(dom->reporters[0].reporter, mailru);
	cr_assert_eq(dom->reporters[0].successful, 105);
	cr_assert_eq(dom->reporters[1].successful, 30);
	cr_assert_eq(dom->ndays, 2);
	cr_assert_eq(dom->days[0].day, DAY);
	cr_assert_eq(dom->days[0].successful, 115);
	cr_assert_eq(dom->days[1].day, DAY + 1);
	cr_assert_eq(dom->days[1].failed, 2);
	digest_free(d);
}

Test(digest, a_problem_joins_reporters_addresses_and_reasons)
{
	struct digest *d = new_digest(DAY, DAY, BY_DAY);
	struct failure_row row;
	const struct problem *p;
	const struct domain_figure *dom;

	row = failure(key(DAY, com, google), RESULT_VALIDATION_FAILURE, mx1, 4);
	row.reason_code = timeout;
	digest_add_failure(d, &row);
	row.stream = with_reporter(row.stream, mailru);
	row.reason_code = cipher;
	row.sessions = 3;
	digest_add_failure(d, &row);
	row.receiving_ip = org;
	digest_add_failure(d, &row);
	row.reason_code = nil;
	row.sessions = 50;
	row.stream = with_reporter(row.stream, yahoo);
	digest_add_failure(d, &row);
	row.receiving_mx = mx2;
	digest_add_failure(d, &row);
	dom = digest_figures(d)->domains;
	cr_assert_eq(dom->nproblems, 2);
	p = dom->problems;
	cr_assert_eq(p->sessions, 60);
	cr_assert_eq(p->reporters, 3);
	cr_assert_str_eq(p->reporter, yahoo);
	cr_assert_str_eq(p->reason_code, cipher);
	cr_assert_str_eq(p[1].receiving_mx, mx2);
	cr_assert_str_eq(p[1].reason_code, "");
	digest_free(d);
}

Test(digest, a_problem_is_told_apart_by_type_word_mx_policy_and_mode)
{
	struct digest *d = new_digest(DAY, DAY, BY_DAY);
	struct failure_row row =
	    failure(key(DAY, com, google), RESULT_TLSA_INVALID, mx1, 1);
	const struct domain_figure *dom;

	digest_add_failure(d, &row);
	row.receiving_mx = mx2;
	digest_add_failure(d, &row);
	row.stream = with_mode(row.stream, MODE_TESTING);
	digest_add_failure(d, &row);
	row.stream = with_policy_type(row.stream, POLICY_TLSA);
	digest_add_failure(d, &row);
	row.result = RESULT_OTHER;
	row.result_text = timeout;
	digest_add_failure(d, &row);
	row.result_text = cipher;
	digest_add_failure(d, &row);
	row.authenticity = AUTH_VERIFIED;
	digest_add_failure(d, &row);
	dom = digest_figures(d)->domains;
	cr_assert_eq(dom->nproblems, 6);
	cr_assert_eq(dom->nincidents, 2);
	cr_assert_str_eq(dom->incidents[0].receiving_mx, mx2);
	cr_assert_eq(dom->incidents[0].nproblems, 5);
	cr_assert_eq(dom->incidents[0].problems[0].sessions, 2);
	cr_assert_str_eq(dom->incidents[0].problems[0].result_text, cipher);
	cr_assert_str_eq(dom->incidents[1].receiving_mx, mx1);
	digest_free(d);
}

/* ---- since when ---- */

/* Returns since for a problem that was seen on the days that back holds,
 * counted back from DAY; ended by 0, the day itself. */
static int32_t
since_of(const int *back)
{
	struct digest *d = new_digest(DAY, DAY, BY_DAY);
	int32_t since;

	for (;; back++) {
		struct said k = key(DAY - *back, com, google);

		/* Another mode and another reporter make no other fault. */
		k.stream.mode = *back % 2 ? MODE_TESTING : MODE_ENFORCE;
		k.stream.reporter = *back % 3 ? google : mailru;
		add_failure(d, k, RESULT_TLSA_INVALID, mx1, 1);
		if (*back == 0)
			break;
	}
	since = digest_figures(d)->domains[0].problems[0].since;
	digest_free(d);
	return since;
}

Test(digest, a_problem_lasts_since_an_unbroken_row_of_days)
{
	const int today[] = {0}, both[] = {1, 0};
	const int gap[] = {4, 0}, broken[] = {5, 0};
	const int chain[] = {12, 8, 4, 0}, half[] = {13, 8, 4, 0};
	const int bound[] = {24, 20, 16, 12, 8, 4, 0};
	const int beyond[] = {25, 21, 17, 13, 9, 5, 1, 0};

	cr_assert_eq(since_of(today), DAY);
	cr_assert_eq(since_of(both), DAY - 1);
	cr_assert_eq(since_of(gap), DAY - 4);
	cr_assert_eq(since_of(broken), DAY);
	cr_assert_eq(since_of(chain), DAY - 12);
	cr_assert_eq(since_of(half), DAY - 8);
	cr_assert_eq(since_of(bound), DAY - 24);
	cr_assert_eq(since_of(beyond), DAY - 21);
}

Test(digest, another_mx_type_or_domain_is_another_problem)
{
	struct digest *d = new_digest(DAY, DAY, BY_DAY);
	const struct domain_figure *dom;

	add_failure(d, key(DAY - 1, org, google), RESULT_TLSA_INVALID, mx1, 1);
	add_failure(d, key(DAY - 1, com, google), RESULT_TLSA_INVALID, mx2, 1);
	add_failure(
	    d, key(DAY - 1, com, google), RESULT_DNSSEC_INVALID, mx1, 1);
	add_failure(d, key(DAY - 1, com, google), RESULT_TLSA_INVALID, mx1, 0);
	add_failure(d, key(DAY, com, google), RESULT_TLSA_INVALID, mx1, 1);
	dom = digest_figures(d)->domains;
	cr_assert_eq(dom->nproblems, 1);
	cr_assert_eq(dom->problems[0].since, DAY);
	digest_free(d);
}

Test(digest, by_day_since_looks_into_the_days_before_within_the_period)
{
	struct digest *d = new_digest(DAY - 2, DAY, BY_DAY);
	const struct figures *f;
	int32_t day;

	for (day = DAY - 3; day <= DAY; day++)
		add_failure(
		    d, key(day, com, google), RESULT_TLSA_INVALID, mx1, 1);
	f = digest_figures(d);
	cr_assert_eq(f->ndomains, 3);
	cr_assert_eq(f->domains[2].problems[0].since, DAY - 3);
	cr_assert_eq(f->domains[2].problems[0].last_day, DAY);
	cr_assert_eq(f->domains[0].problems[0].last_day, DAY - 2);
	digest_free(d);
}

/* ---- usual reporters ---- */

/* Adds a report of mailru on each day that is counted back from DAY. */
static void
add_days(struct digest *d, const int *back, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		add_policy(d, key(DAY - back[i], com, mailru), 1, 0);
}

#define CHECK_USUAL(want, here, ...)                                      \
	do {                                                              \
		const int back[] = {__VA_ARGS__};                         \
		struct digest *d = new_digest(DAY, DAY, BY_DAY);          \
		const struct domain_figure *dom;                          \
                                                                          \
		add_days(d, back, sizeof(back) / sizeof(back[0]));        \
		add_policy(d, key(DAY, com, google), 1, 0);               \
		dom = digest_figures(d)->domains;                         \
		cr_assert_eq(dom->usual, want, "%zu usual", dom->usual);  \
		cr_assert_eq(                                             \
		    dom->usual_present, here, "%zu", dom->usual_present); \
		digest_free(d);                                           \
	} while (0)

Test(digest, a_usual_reporter_was_heard_on_three_days_and_half_of_them)
{
	CHECK_USUAL(0, 0, 2, 1);
	CHECK_USUAL(1, 0, 3, 2, 1);
	CHECK_USUAL(1, 1, 3, 2, 1, 0);
	CHECK_USUAL(1, 0, 6, 5, 4);
	CHECK_USUAL(0, 0, 7, 6, 5);
	CHECK_USUAL(1, 1, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
	/* Day 25 is out of sight. */
	CHECK_USUAL(1, 0, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13);
	CHECK_USUAL(1, 0, 25, 3, 2, 1);
}

Test(digest, with_no_look_back_the_reporters_of_the_period_are_usual)
{
	CHECK_USUAL(1, 1, 25);
	CHECK_USUAL(2, 2, 0);
}

Test(digest, usual_reporters_are_those_of_each_bucket)
{
	struct digest *d = new_digest(DAY, DAY + 5, BY_DAY);
	const struct figures *f;
	int32_t day;

	/* Heard on days 0 to 3, silent after: usual from day 3 on. */
	for (day = DAY; day <= DAY + 5; day++) {
		add_policy(d, key(day, com, google), 1, 0);
		if (day <= DAY + 3)
			add_policy(d, key(day, com, mailru), 1, 0);
	}
	f = digest_figures(d);
	cr_assert_eq(f->ndomains, 6);
	cr_assert_eq(f->domains[2].usual, 0);
	cr_assert_eq(f->domains[3].usual, 2);
	cr_assert_eq(f->domains[3].usual_present, 2);
	cr_assert_eq(f->domains[5].usual, 2);
	cr_assert_eq(f->domains[5].usual_present, 1);
	digest_free(d);
}

Test(digest, a_domain_that_has_been_silent_for_long_is_there_if_wanted)
{
	const struct digest_spec spec = {.first_day = DAY - 2,
	    .last_day = DAY,
	    .by = BY_TOTAL,
	    .absent = true,
	    .now = ((int64_t)DAY + 1) * DAY_SECONDS + 6 * HOUR_SECONDS,
	    .settle = 36 * HOUR_SECONDS};
	int32_t last, day;

	for (last = DAY - 14; last >= DAY - 18; last--) {
		struct digest *d = digest_new(&spec);
		const struct figures *f;

		for (day = DAY - 22; day <= last; day++)
			add_policy(d, key(day, com, google), 1, 0);
		f = digest_figures(d);
		cr_assert_eq(f->ndomains, 1);
		cr_assert_eq(f->domains[0].last_day, last);
		cr_assert_eq(f->domains[0].nsilences, 1);
		cr_assert_eq(
		    f->domains[0].silences[0].days, last - (DAY - 22) + 1);
		digest_free(d);
	}
}

/* ---- any rows ---- */

#define NROWS 400

static uint32_t
random_next(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static struct failure_row
random_row(uint32_t *state)
{
	static const char *const domains[] = {com, org, nil};
	static const char *const reporters[] = {google, mailru, yahoo};
	static const char *const hosts[] = {mx1, mx2, nil};
	static const char *const reasons[] = {cipher, timeout, nil};
	struct failure_row row =
	    failure(key(DAY - 45 + (int32_t)(random_next(state) % 50),
			domains[random_next(state) % 3],
			reporters[random_next(state) % 3]),
		(enum result_type)(random_next(state) % 4),
		hosts[random_next(state) % 3], random_next(state) % 20);
	struct stream stream;

	stream = *row.stream;
	stream.policy_type = (enum policy_type)(random_next(state) % 4);
	stream.mode = (enum policy_mode)(random_next(state) % 4);
	row.authenticity = (enum authenticity)(random_next(state) % 3);
	stream.organization = hosts[random_next(state) % 3];
	row.stream = stream_kit_intern(&stream);
	row.reason_code = reasons[random_next(state) % 3];
	row.receiving_ip = hosts[random_next(state) % 3];
	if (random_next(state) % 9 == 0) {
		row.result = RESULT_OVERLAP;
		row.sessions = -row.sessions;
	}
	return row;
}

/* Feeds each row as a failure, and as a policy too. */
static struct digest *
digest_of(const struct failure_row *rows, const struct digest_spec *spec)
{
	struct digest *d = digest_new(spec);
	size_t i;

	for (i = 0; i < NROWS; i++) {
		digest_add_failure(d, &rows[i]);
		add_policy(d,
		    (struct said){
			rows[i].day, rows[i].authenticity, *rows[i].stream},
		    1, llabs(rows[i].sessions));
	}
	return d;
}

static void
check_same_key(const struct row_key *a, const struct row_key *b)
{
	cr_assert_eq(a->day, b->day);
	cr_assert_eq(a->domain, b->domain);
	cr_assert_eq(a->policy_type, b->policy_type);
	cr_assert_eq(a->mode, b->mode);
	cr_assert_eq(a->reporter, b->reporter);
	cr_assert_eq(a->authenticity, b->authenticity);
	cr_assert_eq(a->organization, b->organization);
}

static void
check_same_domain(const struct domain_figure *a, const struct domain_figure *b)
{
	size_t i;

	cr_assert_eq(a->domain, b->domain);
	cr_assert_eq(a->failed, b->failed);
	cr_assert_eq(a->overlap, b->overlap);
	cr_assert_eq(a->usual, b->usual);
	cr_assert_eq(a->usual_present, b->usual_present);
	cr_assert_eq(a->nproblems, b->nproblems);
	for (i = 0; i < a->nproblems; i++) {
		const struct problem *x = &a->problems[i];
		const struct problem *y = &b->problems[i];

		cr_assert_eq(x->result, y->result);
		cr_assert_eq(x->receiving_mx, y->receiving_mx);
		cr_assert_eq(x->mode, y->mode);
		cr_assert_eq(x->sessions, y->sessions);
		cr_assert_eq(x->reporters, y->reporters);
		cr_assert_eq(x->reporter, y->reporter);
		cr_assert_eq(x->reason_code, y->reason_code);
		cr_assert_eq(x->since, y->since);
		cr_assert_eq(x->last_day, y->last_day);
	}
	cr_assert_eq(a->nreporters, b->nreporters);
	for (i = 0; i < a->nreporters; i++)
		cr_assert_eq(
		    a->reporters[i].reporter, b->reporters[i].reporter);
	cr_assert_eq(a->npolicies, b->npolicies);
	for (i = 0; i < a->npolicies; i++)
		cr_assert_eq(a->policies[i].mode, b->policies[i].mode);
}

static void
check_same(const struct figures *a, const struct figures *b)
{
	size_t i;

	cr_assert_eq(a->npolicies, b->npolicies);
	for (i = 0; i < a->npolicies; i++) {
		check_same_key(&a->policies[i].key, &b->policies[i].key);
		cr_assert_eq(a->policies[i].failed, b->policies[i].failed);
	}
	cr_assert_eq(a->nfailures, b->nfailures);
	for (i = 0; i < a->nfailures; i++) {
		check_same_key(&a->failures[i].key, &b->failures[i].key);
		cr_assert_eq(a->failures[i].sessions, b->failures[i].sessions);
		cr_assert_eq(
		    a->failures[i].reason_code, b->failures[i].reason_code);
	}
	cr_assert_eq(a->ndomains, b->ndomains);
	for (i = 0; i < a->ndomains; i++)
		check_same_domain(&a->domains[i], &b->domains[i]);
}

/* Every column has one total, whichever way it is added up. */
static void
check_totals(const struct figures *f, const struct failure_row *rows)
{
	int64_t want[3] = {0, 0, 0}, got[6] = {0, 0, 0, 0, 0, 0};
	size_t i, j;

	for (i = 0; i < NROWS; i++) {
		if (rows[i].day < f->spec.first_day ||
		    rows[i].day > f->spec.last_day)
			continue;
		want[0]++;
		want[1] += llabs(rows[i].sessions);
		want[2] += rows[i].sessions;
	}
	for (i = 0; i < f->npolicies; i++) {
		got[0] += f->policies[i].successful;
		got[1] += f->policies[i].failed;
		got[4] += f->policies[i].entries;
	}
	for (i = 0; i < f->nfailures; i++)
		got[2] += f->failures[i].sessions;
	for (i = 0; i < f->ndomains; i++) {
		const struct domain_figure *dom = &f->domains[i];
		int64_t days = 0, reporters = 0, policies = 0;

		got[3] += dom->overlap;
		for (j = 0; j < dom->nproblems; j++)
			got[3] += dom->problems[j].sessions;
		for (j = 0; j < dom->ndays; j++)
			days += dom->days[j].failed;
		for (j = 0; j < dom->nreporters; j++)
			reporters += dom->reporters[j].failed;
		for (j = 0; j < dom->npolicies; j++)
			policies += dom->policies[j].failed;
		cr_assert_eq(days, dom->failed);
		cr_assert_eq(reporters, dom->failed);
		cr_assert_eq(policies, dom->failed);
		got[5] += dom->failed;
	}
	cr_assert_eq(got[0], want[0]);
	cr_assert_eq(got[4], want[0]);
	cr_assert_eq(got[1], want[1]);
	cr_assert_eq(got[5], want[1]);
	cr_assert_eq(got[2], want[2]);
	cr_assert_eq(got[3], want[2]);
}

Test(digest, totals_add_up_and_the_order_of_rows_does_not_matter)
{
	struct failure_row rows[NROWS], swap;
	uint32_t state = 7;
	size_t i, j, round;

	for (round = 0; round < 40; round++) {
		const struct digest_spec spec = {
		    .first_day = DAY - (int32_t)(round % 20),
		    .last_day = DAY,
		    .by = (enum bucket)(round % 4)};
		struct digest *a, *b;

		for (i = 0; i < NROWS; i++)
			rows[i] = random_row(&state);
		a = digest_of(rows, &spec);
		check_totals(digest_figures(a), rows);
		for (i = NROWS - 1; i > 0; i--) {
			j = random_next(&state) % (i + 1);
			swap = rows[i];
			rows[i] = rows[j];
			rows[j] = swap;
		}
		b = digest_of(rows, &spec);
		check_same(digest_figures(a), digest_figures(b));
		digest_free(a);
		digest_free(b);
	}
}

/* Nothing is new: there is no first day to count back from. */
Test(digest, a_digest_of_no_day_looks_back_as_any_other)
{
	const struct digest_spec spec = {.first_day = DAY_NONE,
	    .last_day = DAY_NONE,
	    .by = BY_DAY,
	    .news = true};
	struct digest *d = digest_new(&spec);

	cr_assert_eq(digest_lookback(&spec), DIGEST_LOOKBACK_DAYS);
	cr_assert_eq(digest_figures(d)->ndomains, 0);
	digest_free(d);
}
