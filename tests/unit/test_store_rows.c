/* SPDX-License-Identifier: ISC */

/*
 * Rows for the digest, the list of reports, and what is asked of days.
 */

#include "config.h"

#include <stdio.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "store_kit.h"
#include "support.h"

TestSuite(store_rows, .init = store_kit_setup, .fini = store_kit_teardown);

/* Gives all rows of policies, or of failures, to a function. */
static void
each_policy(int (*fn)(void *, const struct policy_row *), void *arg)
{
	const struct row_reader reader = {.policy = fn, .arg = arg};
	struct filter all = store_kit_all();

	cr_assert_eq(
	    store_rows(kit.s, &all, &reader, &kit.err), 0, "%s", kit.err.text);
}

static void
each_failure(int (*fn)(void *, const struct failure_row *), void *arg)
{
	const struct row_reader reader = {.failure = fn, .arg = arg};
	struct filter all = store_kit_all();

	cr_assert_eq(
	    store_rows(kit.s, &all, &reader, &kit.err), 0, "%s", kit.err.text);
}

/* Adds a report of one policy for a domain on a day. */
static struct report *
add_day(const char *reporter, const char *domain, int32_t day)
{
	char id[64];
	struct report *r;

	snprintf(id, sizeof(id), "%s-%d", domain, (int)day);
	r = store_kit_report(
	    &kit, reporter, arena_strdup(kit.arena, id), domain);
	r->day = day;
	r->start = (int64_t)day * DAY_SECONDS;
	r->end = r->start + DAY_SECONDS - 1;
	cr_assert_eq(store_kit_add(&kit, r), OUTCOME_REPORT);
	return r;
}

static int
keep_policy(void *arg, const struct policy_row *row)
{
	*(struct policy_row *)arg = *row;
	return 0;
}

static int
keep_failure(void *arg, const struct failure_row *row)
{
	*(struct failure_row *)arg = *row;
	return 0;
}

Test(store_rows, a_policy_row_holds_what_the_report_said)
{
	struct report *r =
	    store_kit_report(&kit, "example.net", "id", "example.com");
	struct policy_row row = {0};

	r->policies[0].type = POLICY_OTHER;
	r->policies[0].type_text = "dane-only";
	r->policies[0].mode = MODE_TESTING;
	r->policies[0].failed = COUNT_MAX;
	r->authenticity = AUTH_FAILED;
	store_kit_add(&kit, r);
	each_policy(keep_policy, &row);
	cr_expect_eq(row.day, KIT_DAY);
	cr_expect_str_eq(row.stream->domain, "example.com");
	cr_expect_eq(row.stream->policy_type, POLICY_OTHER);
	cr_expect_str_eq(row.stream->policy_type_text, "dane-only");
	cr_expect_eq(row.stream->mode, MODE_TESTING);
	cr_expect_str_eq(row.stream->reporter, "example.net");
	cr_expect_eq(row.authenticity, AUTH_FAILED);
	cr_expect_str_eq(row.stream->organization, "Example");
	cr_expect_eq(row.successful, 100);
	cr_expect_eq(row.failed, COUNT_MAX);
}

Test(store_rows, a_failure_row_holds_what_the_report_said)
{
	struct report *r =
	    store_kit_report(&kit, "example.net", "id", "example.com");
	struct failure_row row = {0};
	struct failure *f;

	f = store_kit_fail(&kit, &r->policies[0], RESULT_OTHER, 3);
	f->type_text = "some \"new\" type";
	f->reason_code = "X509_V_ERR";
	r->policies[0].failed = 3;
	store_kit_add(&kit, r);
	each_failure(keep_failure, &row);
	cr_expect_eq(row.day, KIT_DAY);
	cr_expect_str_eq(row.stream->domain, "example.com");
	cr_expect_eq(row.stream->policy_type, POLICY_STS);
	cr_expect_str_eq(row.stream->policy_type_text, "");
	cr_expect_eq(row.stream->mode, MODE_ENFORCE);
	cr_expect_str_eq(row.stream->reporter, "example.net");
	cr_expect_str_eq(row.stream->organization, "Example");
	cr_expect_eq(row.result, RESULT_OTHER);
	cr_expect_str_eq(row.result_text, "some \"new\" type");
	cr_expect_str_eq(row.receiving_mx, "mx.example.com");
	cr_expect_str_eq(row.receiving_ip, "198.51.100.1");
	cr_expect_str_eq(row.reason_code, "X509_V_ERR");
	cr_expect_eq(row.sessions, 3);
}

/* Adds a report whose summary and details say these; returns the row that
 * makes up for the difference. */
static struct failure_row
rest_of(int64_t summary, int details)
{
	struct report *r =
	    store_kit_report(&kit, "example.net", "id", "example.com");
	struct failure_row row = {0};

	r->policies[0].failed = summary;
	if (details > 0)
		store_kit_fail(
		    &kit, &r->policies[0], RESULT_CERTIFICATE_EXPIRED, details);
	store_kit_add(&kit, r);
	each_failure(keep_failure, &row);
	return row;
}

Test(store_rows, failures_without_a_detail_are_unspecified)
{
	struct failure_row row = rest_of(10, 4);

	cr_expect_eq(row.result, RESULT_UNSPECIFIED);
	cr_expect_eq(row.sessions, 6);
	cr_expect_str_eq(row.receiving_mx, "");
	cr_expect_str_eq(row.receiving_ip, "");
	cr_expect_eq(store_kit_rows(&kit, NULL).failures, 2);
	cr_expect_eq(store_kit_rows(&kit, NULL).sessions, 10);
}

Test(store_rows, failures_without_any_detail_are_unspecified)
{
	struct failure_row row = rest_of(10, 0);

	cr_expect_eq(row.result, RESULT_UNSPECIFIED);
	cr_expect_eq(row.sessions, 10);
}

Test(store_rows, details_beyond_the_summary_are_an_overlap)
{
	struct failure_row row = rest_of(1, 2);

	cr_expect_eq(row.result, RESULT_OVERLAP);
	cr_expect_eq(row.sessions, -1);
	cr_expect_eq(store_kit_rows(&kit, NULL).sessions, 1);
}

Test(store_rows, details_that_add_up_need_no_row)
{
	cr_expect_eq(rest_of(4, 4).result, RESULT_CERTIFICATE_EXPIRED);
	cr_expect_eq(store_kit_rows(&kit, NULL).failures, 1);
}

Test(store_rows, what_the_details_left_is_no_failure_of_the_report)
{
	rest_of(10, 4);
	cr_expect_eq(store_kit_read(&kit, 1).report->policies[0].nfailures, 1);
}

/* Gives a report some policies with some failures, by the numbers of i. */
static void
vary(struct report *r, unsigned i)
{
	size_t n, k;

	store_kit_policies(&kit, r, i % 4);
	for (n = 0; n < r->npolicies; n++) {
		r->policies[n].type = (enum policy_type)((i + n) % 4);
		r->policies[n].successful = i * 7 + n;
		r->policies[n].failed = i % 5;
		for (k = 0; k < i % 3; k++)
			store_kit_fail(&kit, &r->policies[n],
			    (enum result_type)(1 + (i + k) % RESULT_RFC_COUNT),
			    (int)(i % 4));
	}
}

Test(store_rows, the_sums_of_rows_are_the_sums_of_the_reports)
{
	struct store_kit_sums sums;
	int64_t successful = 0, failed = 0;
	struct report *r;
	char id[16];
	unsigned i;
	size_t n;

	for (i = 0; i < 120; i++) {
		snprintf(id, sizeof(id), "%u", i);
		r = store_kit_report(&kit, "example.net",
		    arena_strdup(kit.arena, id), "example.com");
		vary(r, i);
		cr_assert_eq(store_kit_add(&kit, r), OUTCOME_REPORT);
		for (n = 0; n < r->npolicies; n++) {
			successful += r->policies[n].successful;
			failed += r->policies[n].failed;
		}
	}
	sums = store_kit_rows(&kit, NULL);
	cr_expect_eq(sums.successful, successful);
	cr_expect_eq(sums.failed, failed);
	cr_expect_eq(sums.sessions, failed);
}

struct pointers {
	const char *domain;
	const char *reporter;
	bool differ;
};

static int
compare_pointers(void *arg, const struct policy_row *row)
{
	struct pointers *p = arg;

	if (p->domain != NULL &&
	    (p->domain != row->stream->domain ||
		p->reporter != row->stream->reporter))
		p->differ = true;
	p->domain = row->stream->domain;
	p->reporter = row->stream->reporter;
	return 0;
}

Test(store_rows, equal_texts_have_equal_pointers)
{
	struct failure_row failure = {0};
	struct pointers p = {0};
	struct report *r;

	add_day("example.net", "example.com", KIT_DAY);
	store_kit_reopen(&kit, STORE_WRITE);
	r = store_kit_report(&kit, "example.net", "more", "example.com");
	r->policies[0].failed = 1;
	store_kit_add(&kit, r);
	each_policy(compare_pointers, &p);
	cr_expect_not(p.differ);
	each_failure(keep_failure, &failure);
	cr_expect_eq(failure.stream->domain, p.domain);
	cr_expect_eq(failure.stream->reporter, p.reporter);
}

static int
stop_at_once(void *arg, const struct policy_row *row)
{
	(void)row;
	++*(int *)arg;
	return 1;
}

Test(store_rows, a_query_stops_when_it_is_told_to)
{
	int calls = 0;

	add_day("a.example", "x.example", KIT_DAY);
	add_day("a.example", "y.example", KIT_DAY);
	each_policy(stop_at_once, &calls);
	cr_expect_eq(calls, 1);
	/* No read transaction was left open: another may be begun. */
	cr_expect_eq(store_begin(kit.s, &kit.err), 0);
	store_rollback(kit.s);
}

Test(store_rows, both_days_of_a_filter_are_included)
{
	struct filter f = {.first_day = KIT_DAY, .last_day = KIT_DAY + 2};
	int32_t day;

	for (day = KIT_DAY - 2; day < KIT_DAY + 5; day++)
		add_day("a.example", "x.example", day);
	cr_expect_eq(store_kit_rows(&kit, &f).policies, 3);
	f.last_day = f.first_day;
	cr_expect_eq(store_kit_rows(&kit, &f).policies, 1);
	f.last_day = f.first_day - 1;
	cr_expect_eq(store_kit_rows(&kit, &f).policies, 0);
}

/* Pattern, and how many of the domains below it takes. */
static const struct {
	const char *pattern;
	size_t taken;
} globs[] = {
    {"*", 6},
    {"example.com", 1},
    {"EXAMPLE.com", 1},
    {"*.example.com", 2},
    {"*example.com", 3},
    {"?.example.com", 1},
    {"[ab].example.com", 1},
    {"", 1},
    {"(unknown)", 1},
    {"unknown", 0},
    {"xn--*", 1},
    {"%", 0},
    {"example_com", 0},
    {"'; DROP TABLE policy; --", 1},
    {"[", 0},
};

Test(store_rows, domains_are_chosen_by_globs)
{
	static const char *const domains[] = {"example.com", "a.example.com",
	    "mail.example.com", "", "xn--bcher-kva.example",
	    "'; drop table policy; --"};
	struct filter f = store_kit_all();
	size_t i;

	for (i = 0; i < sizeof(domains) / sizeof(domains[0]); i++)
		add_day("a.example", domains[i], KIT_DAY);
	f.ndomains = 1;
	for (i = 0; i < sizeof(globs) / sizeof(globs[0]); i++) {
		f.domains = &globs[i].pattern;
		cr_expect_eq(store_kit_rows(&kit, &f).policies, globs[i].taken,
		    "%s", globs[i].pattern);
	}
}

Test(store_rows, several_globs_and_a_reporter_are_combined)
{
	static const char *const patterns[] = {"x.example", "(unknown)"};
	struct filter f = store_kit_all();

	add_day("one.example", "x.example", KIT_DAY);
	add_day("two.example", "x.example", KIT_DAY + 1);
	add_day("two.example", "y.example", KIT_DAY);
	add_day("two.example", "", KIT_DAY);
	f.domains = patterns;
	f.ndomains = 2;
	cr_expect_eq(store_kit_rows(&kit, &f).policies, 3);
	f.reporter = "TWO.*";
	cr_expect_eq(store_kit_rows(&kit, &f).policies, 2);
	f.ndomains = 0;
	cr_expect_eq(store_kit_rows(&kit, &f).policies, 3);
	f.reporter = "none";
	cr_expect_eq(store_kit_rows(&kit, &f).policies, 0);
}

static int32_t
latest(const struct filter *f)
{
	int32_t day = 0;

	cr_assert_eq(store_latest_day(kit.s, f, &day, &kit.err), 0);
	return day;
}

Test(store_rows, the_latest_day_is_that_of_the_filter_without_its_days)
{
	static const char *const pattern = "x.*";
	struct filter f = {.first_day = 5, .last_day = 6};

	cr_expect_eq(latest(&f), DAY_NONE);
	add_day("a.example", "x.example", KIT_DAY);
	add_day("b.example", "y.example", KIT_DAY + 3);
	cr_expect_eq(latest(&f), KIT_DAY + 3);
	f.domains = &pattern;
	f.ndomains = 1;
	cr_expect_eq(latest(&f), KIT_DAY);
	f.reporter = "b.example";
	cr_expect_eq(latest(&f), DAY_NONE);
}

Test(store_rows, the_range_of_days_knows_counted_reports_only)
{
	struct report *r;
	int32_t first, last;

	cr_assert_eq(store_day_range(kit.s, &first, &last, &kit.err), 0);
	cr_expect_eq(first, DAY_NONE);
	cr_expect_eq(last, DAY_NONE);
	add_day("a.example", "x.example", DAY_MIN);
	r = add_day("a.example", "x.example", DAY_MAX);
	cr_assert_eq(store_day_range(kit.s, &first, &last, &kit.err), 0);
	cr_expect_eq(first, DAY_MIN);
	cr_expect_eq(last, DAY_MAX);
	r = store_kit_other(&kit, r);
	cr_expect_eq(store_kit_add(&kit, r), OUTCOME_CONFLICT);
	store_kit_sql(&kit, "UPDATE report SET counted = 0 WHERE id = 2");
	cr_assert_eq(store_day_range(kit.s, &first, &last, &kit.err), 0);
	cr_expect_eq(last, DAY_MIN);
}

Test(store_rows, reports_of_nothing_are_counted_apart)
{
	struct filter f = {.first_day = KIT_DAY, .last_day = KIT_DAY};
	struct report *r = store_kit_report(&kit, "a.example", "i", "x");
	size_t n;

	r->npolicies = 0;
	add_day("a.example", "y", KIT_DAY);
	cr_expect_eq(store_kit_add(&kit, r), OUTCOME_REPORT);
	cr_assert_eq(store_empty_reports(kit.s, &f, 0, &n, &kit.err), 0);
	cr_expect_eq(n, 1);
	f.reporter = "b.*";
	cr_assert_eq(store_empty_reports(kit.s, &f, 0, &n, &kit.err), 0);
	cr_expect_eq(n, 0);
	f.reporter = NULL;
	f.first_day = ++f.last_day;
	cr_assert_eq(store_empty_reports(kit.s, &f, 0, &n, &kit.err), 0);
	cr_expect_eq(n, 0);
	/* Nor is one that does not count. */
	r = store_kit_other(&kit, r);
	cr_expect_eq(store_kit_add(&kit, r), OUTCOME_CONFLICT);
	f = store_kit_all();
	cr_assert_eq(store_empty_reports(kit.s, &f, 0, &n, &kit.err), 0);
	cr_expect_eq(n, 1);
}

/* The reports that were listed, one a line. */
static struct buf listed;

static int
list_report(void *arg, const struct report_line *line)
{
	struct stored_report stored;
	char text[512];
	int len, *left = arg;

	len = snprintf(text, sizeof(text),
	    "%lld %+d %s %s %s %s %zu %lld %lld %d %d %zu\n",
	    (long long)line->number, (int)(line->day - KIT_DAY), line->reporter,
	    line->organization, line->id, line->domain, line->ndomains,
	    (long long)line->successful, (long long)line->failed,
	    (int)line->authenticity, (int)line->conflict, line->ndeviations);
	buf_append(&listed, text, (size_t)len);
	/* Whoever lists may read a report meanwhile, and list again. */
	stored = store_kit_read(&kit, line->number);
	cr_expect_str_eq(stored.report->id, line->id);
	return --*left == 0;
}

static const char *
list_reports(const struct filter *f, int at_most)
{
	listed.cap = 65536;
	listed.len = 0;
	cr_assert_eq(
	    store_each_report(kit.s, f, list_report, &at_most, &kit.err), 0);
	return buf_string(&listed);
}

Test(store_rows, reports_are_listed_by_day_and_number)
{
	static struct deviation deviations[] = {
	    {DEVIATION_ZIP, ""}, {DEVIATION_ALIAS, "policies[0]"}};
	static const char *const pattern = "b.*";
	struct filter f = store_kit_all();
	struct report *r;

	add_day("n.example", "x.example", KIT_DAY + 1);
	r = store_kit_report(&kit, "m.example", "i", "a.example");
	store_kit_policies(&kit, r, 3);
	r->policies[1].domain = "b.example";
	r->policies[2].failed = 3;
	r->deviations = deviations;
	r->ndeviations = 2;
	r->authenticity = AUTH_VERIFIED;
	store_kit_add(&kit, r);
	store_kit_add(&kit, store_kit_other(&kit, r));
	cr_expect_str_eq(list_reports(&f, 9),
	    "2 +0 m.example Example i a.example 2 300 3 1 0 2\n"
	    "3 +0 m.example Example i a.example 2 300 3 1 1 2\n"
	    "1 +1 n.example Example x.example-20001 x.example 1 100 0 0 0 0\n");
	cr_expect_str_eq(list_reports(&f, 1),
	    "2 +0 m.example Example i a.example 2 300 3 1 0 2\n");
	f.domains = &pattern;
	f.ndomains = 1;
	f.reporter = "m*";
	cr_expect_str_eq(list_reports(&f, 1),
	    "2 +0 m.example Example i a.example 2 300 3 1 0 2\n");
	f.reporter = "n*";
	cr_expect_str_eq(list_reports(&f, 9), "");
	f.ndomains = 0;
	f.last_day = KIT_DAY;
	cr_expect_str_eq(list_reports(&f, 9), "");
	buf_free(&listed);
}

Test(store_rows, a_report_of_nothing_is_listed_unless_a_domain_is_asked_for)
{
	static const char *const pattern = "*";
	struct filter f = store_kit_all();
	struct report *r = store_kit_report(&kit, "m.example", "i", "x");

	r->npolicies = 0;
	store_kit_add(&kit, r);
	cr_expect_str_eq(
	    list_reports(&f, 9), "1 +0 m.example Example i  0 0 0 0 0 0\n");
	f.domains = &pattern;
	f.ndomains = 1;
	cr_expect_str_eq(list_reports(&f, 9), "");
	buf_free(&listed);
}

Test(store_rows, sums_over_a_report_do_not_overflow)
{
	struct filter f = store_kit_all();
	struct report *r = store_kit_report(&kit, "m.example", "i", "x");
	char expected[128];

	r->policies[0].successful = COUNT_MAX;
	store_kit_policies(&kit, r, 2000);
	store_kit_add(&kit, r);
	snprintf(expected, sizeof(expected),
	    "1 +0 m.example Example i x 1 %lld 0 0 0 0\n",
	    (long long)INT64_MAX);
	cr_expect_str_eq(list_reports(&f, 9), expected);
	buf_free(&listed);
}

Test(store_rows, the_status_counts_what_there_is)
{
	struct store_status status;
	struct report *r;

	cr_assert_eq(store_status(kit.s, &status, &kit.err), 0);
	cr_expect_eq(status.version, STORE_VERSION);
	cr_expect_eq(status.reports, 0);
	cr_expect_eq(status.first_day, DAY_NONE);
	add_day("a.example", "x.example", KIT_DAY);
	add_day("b.example", "x.example", KIT_DAY + 4);
	r = add_day("b.example", "", KIT_DAY);
	store_kit_add(&kit, store_kit_other(&kit, r));
	store_kit_reject(&kit, "m", FAULT_UNUSABLE, "no JSON", KIT_NOW);
	cr_assert_eq(store_status(kit.s, &status, &kit.err), 0);
	cr_expect_eq(status.reports, 3);
	cr_expect_eq(status.conflicts, 1);
	cr_expect_eq(status.rejects, 1);
	cr_expect_eq(status.domains, 1);
	cr_expect_eq(status.reporters, 2);
	cr_expect_eq(status.first_day, KIT_DAY);
	cr_expect_eq(status.last_day, KIT_DAY + 4);
	cr_expect_gt(status.bytes, 4096);
}
