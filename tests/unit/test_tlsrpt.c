/* SPDX-License-Identifier: ISC */

/*
 * Reports as a whole: what counts as one, their ranges, and every fixture:
 * the good without a note, the lenient with the note they are named for, the
 * hostile with the reason they are refused for.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "base/die.h"
#include "parsed.h"
#include "support.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct parsed
parse_fixture(const char *name)
{
	struct buf b = support_read(name);
	struct parsed p = parsed_bytes(
	    (struct span){b.data, b.len}, &parsed_no_context, &LIMITS_DEFAULT);

	buf_free(&b);
	return p;
}

static int64_t
time_of(const char *text)
{
	unsigned quirks;
	int64_t t;

	cr_assert_eq(date_parse_rfc3339(span_of(text), &t, &quirks), 0);
	return t;
}

static int32_t
day_of(const char *text)
{
	int32_t day;

	cr_assert_eq(date_parse_day(span_of(text), &day), 0);
	return day;
}

/* Parses a report without policies of a range, given as its members. */
static struct parsed
parse_range(const char *start, const char *end)
{
	return parsed_json(
	    "{\"organization-name\":\"o\",\"contact-info\":"
	    "\"a@b.example\",\"report-id\":\"1\",\"policies\":[],"
	    "\"date-range\":{\"start-datetime\":%s,"
	    "\"end-datetime\":%s}}",
	    start, end);
}

static void
expect_range(
    const struct parsed *p, const char *start, const char *end, const char *day)
{
	cr_assert_eq(p->verdict, TLSRPT_REPORT, "%s", p->err.text);
	cr_assert_eq(p->report->start, time_of(start));
	cr_assert_eq(p->report->end, time_of(end));
	cr_assert_eq(p->report->day, day_of(day));
}

static const char *const good[] = {"all-result-types", "fetch-error-without-mx",
    "no-policies", "rfc8460-appendix-b", "sts-and-tlsa", "unknown-members"};

Test(tlsrpt, good_fixtures_have_no_deviation)
{
	struct parsed p;
	char name[128];
	size_t i;

	for (i = 0; i < COUNT(good); i++) {
		snprintf(name, sizeof(name), "good/tlsrpt-%s.json", good[i]);
		p = parse_fixture(name);
		parsed_expect_report(&p, 0);
		parsed_free(&p);
	}
}

/* What can be seen in the JSON alone stands between these two. */
static const enum deviation_code lenient_first = DEVIATION_JSON_BOM;
static const enum deviation_code lenient_last = DEVIATION_TOO_MANY;

static bool
is_of_context(enum deviation_code code)
{
	return code == DEVIATION_DOMAIN_FROM_HEADER ||
	    code == DEVIATION_DOMAIN_FROM_FILENAME ||
	    code == DEVIATION_DOMAIN_FROM_SUBJECT;
}

Test(tlsrpt, every_deviation_of_a_report_has_a_fixture_that_is_accepted)
{
	int code;
	struct parsed p;
	char name[128];
	size_t i;

	for (code = (int)lenient_first; code <= (int)lenient_last; code++) {
		if (is_of_context((enum deviation_code)code))
			continue;
		snprintf(name, sizeof(name), "lenient/tlsrpt-%s.json",
		    deviation_name((enum deviation_code)code));
		p = parse_fixture(name);
		cr_assert_eq(
		    p.verdict, TLSRPT_REPORT, "%s: %s", name, p.err.text);
		cr_assert_gt(p.notes.len, 0U, "%s", name);
		for (i = 0; i < p.notes.len; i++)
			if ((int)p.notes.list[i].code == code)
				break;
		cr_expect_lt(i, p.notes.len, "%s", name);
		parsed_free(&p);
	}
}

static const struct {
	char name[32];
	enum err_code code;
	char text[64];
} hostile[] = {
    {"count-negative", ERR_DATA,
	"summary.total-failure-session-count: negative"},
    {"count-fractional", ERR_DATA, "failed-session-count: fractional"},
    {"count-over-2-53", ERR_DATA, "session count over 2^53-1"},
    {"count-infinite", ERR_DATA, "session count over 2^53-1"},
    {"counts-sum-over-2-53", ERR_DATA, "sum to more than 2^53-1"},
    {"name-twice", ERR_DATA, "policies[0].policy: the name \"policy-domain\""},
    {"no-date-range", ERR_DATA, "date-range: missing"},
    {"date-nonsense", ERR_DATA, "date-range.start-datetime: \"yesterday"},
    {"policies-a-string", ERR_DATA, "policies: not an array"},
    {"details-of-strings", ERR_DATA, "failure-details[0]: not an object"},
    {"string-5000-bytes", ERR_BOUND, "string_bytes (4096)"},
    {"nested-40-deep", ERR_BOUND, "json_depth (32)"},
    {"text-behind", ERR_DATA, "text behind the JSON"},
    {"cut-short", ERR_DATA, "ends too early"},
    {"leading-zero", ERR_DATA, "not a number"},
};

Test(tlsrpt, hostile_fixtures_are_refused_for_their_reason)
{
	struct parsed p;
	char name[128];
	size_t i;

	for (i = 0; i < COUNT(hostile); i++) {
		snprintf(name, sizeof(name), "hostile/tlsrpt-%s.json",
		    hostile[i].name);
		p = parse_fixture(name);
		parsed_expect_unusable(&p, hostile[i].code, hostile[i].text);
		parsed_free(&p);
	}
}

Test(tlsrpt, a_report_that_attacks_terminals_and_sheets_is_kept_as_it_is)
{
	struct parsed p = parse_fixture("hostile/tlsrpt-escape-sequences.json");

	parsed_expect_report(&p, 0);
	cr_assert_eq(p.report->organization[0], '\033');
	cr_assert_str_eq(p.report->policies[0].failures[0].receiving_mx,
	    "=cmd|' /c calc'!a0");
	parsed_free(&p);
}

Test(tlsrpt, conformance_28_appendix_b_is_parsed)
{
	struct parsed p = parse_fixture("good/tlsrpt-rfc8460-appendix-b.json");
	const struct report *r = p.report;
	const struct policy *policy;
	const struct failure *f;

	parsed_expect_report(&p, 0);
	cr_assert_str_eq(r->organization, "Company-X");
	cr_assert_str_eq(r->contact, "sts-reporting@company-x.example");
	cr_assert_str_eq(r->reporter, "company-x.example");
	cr_assert_str_eq(r->id, "5065427c-23d3-47ca-b6e0-946ea0e8c4be");
	expect_range(
	    &p, "2016-04-01T00:00:00Z", "2016-04-01T23:59:59Z", "2016-04-01");
	cr_assert_eq(r->npolicies, 1U);
	policy = &r->policies[0];
	cr_assert_eq(policy->type, POLICY_STS);
	cr_assert_eq(policy->mode, MODE_TESTING);
	cr_assert_str_eq(policy->type_text, "");
	cr_assert_str_eq(policy->domain, "company-y.example");
	cr_assert_eq(policy->nstrings, 4U);
	cr_assert_str_eq(policy->strings[2], "mx: *.mail.company-y.example");
	cr_assert_eq(policy->nmx_hosts, 1U);
	cr_assert_str_eq(policy->mx_hosts[0], "*.mail.company-y.example");
	cr_assert_eq(policy->successful, 5326);
	cr_assert_eq(policy->failed, 303);
	cr_assert_eq(policy->nfailures, 3U);
	f = &policy->failures[1];
	cr_assert_eq(f->type, RESULT_STARTTLS_NOT_SUPPORTED);
	cr_assert_str_eq(f->sending_ip, "2001:db8:abcd:13::1");
	cr_assert_str_eq(f->receiving_mx, "mx2.mail.company-y.example");
	cr_assert_str_eq(f->receiving_ip, "203.0.113.56");
	cr_assert_eq(f->sessions, 200);
	cr_assert_str_eq(policy->failures[2].reason_code,
	    "X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED");
	parsed_free(&p);
}

Test(tlsrpt, everything_absent_is_the_empty_string)
{
	struct parsed p = parsed_json(
	    "{\"date-range\":{\"start-datetime\":\"2026-11-20T00:00:00Z\","
	    "\"end-datetime\":\"2026-11-21T00:00:00Z\"},"
	    "\"policies\":[{\"failure-details\":[{}]}]}");
	const struct report *r = p.report;
	const struct failure *f;

	cr_assert_eq(p.verdict, TLSRPT_REPORT, "%s", p.err.text);
	cr_assert_str_eq(r->organization, "");
	cr_assert_str_eq(r->contact, "");
	cr_assert_str_eq(r->id, "");
	cr_assert_str_eq(r->reporter, "(unknown)");
	cr_assert_str_eq(r->submitter_header, "");
	cr_assert_str_eq(r->domain_header, "");
	cr_assert_str_eq(r->filename, "");
	cr_assert_str_eq(r->subject, "");
	cr_assert_str_eq(r->policies[0].domain, "");
	cr_assert_str_eq(r->policies[0].type_text, "");
	cr_assert_eq(r->policies[0].type, POLICY_OTHER);
	cr_assert_eq(r->policies[0].nfailures, 1U);
	f = &r->policies[0].failures[0];
	cr_assert_str_eq(f->type_text, "");
	cr_assert_str_eq(f->sending_ip, "");
	cr_assert_str_eq(f->receiving_mx, "");
	cr_assert_str_eq(f->receiving_helo, "");
	cr_assert_str_eq(f->receiving_ip, "");
	cr_assert_str_eq(f->additional_information, "");
	cr_assert_str_eq(f->reason_code, "");
	cr_assert_eq(f->sessions, 0);
	parsed_free(&p);
}

/* JSON that claims to be a report, and that does not. */
static const struct {
	enum tlsrpt_verdict verdict;
	char text[80];
} claims[] = {
    {TLSRPT_NOT_ONE, "{\"policies\":[]}"},
    {TLSRPT_NOT_ONE, "{\"policies\":null}"},
    {TLSRPT_UNUSABLE, "{\"report-id\":1,\"contact-info\":null}"},
    {TLSRPT_UNUSABLE, "{\"organization_name\":1,\"DateRange\":null}"},
    {TLSRPT_NOT_ONE, "{\"report-id\":1}"},
    {TLSRPT_NOT_ONE, "{\"report-id\":1,\"report_id\":2}"},
    {TLSRPT_NOT_ONE, "{\"policy\":{},\"contact-info\":1}"},
    {TLSRPT_NOT_ONE, "{}"},
    {TLSRPT_NOT_ONE, "[]"},
    {TLSRPT_NOT_ONE, "[{\"policies\":[]}]"},
    {TLSRPT_NOT_ONE, "\"policies\""},
    {TLSRPT_NOT_ONE, "null"},
    {TLSRPT_NOT_ONE, "{\"x\":{\"policies\":[],\"report-id\":1}}"},
    {TLSRPT_NOT_JSON, ""},
    {TLSRPT_NOT_JSON, "not json"},
    {TLSRPT_NOT_JSON, "{\"a\":1,\"a\":2}"},
    {TLSRPT_NOT_JSON, "{\"report-id\":1,}"},
    {TLSRPT_UNUSABLE, "{\"report-id\":1,\"date-range\":{}"},
    {TLSRPT_UNUSABLE, "{\"policies\":[],\"policies\":[],\"report-id\":\"1\"}"},
};

Test(tlsrpt, what_is_meant_as_a_report)
{
	struct parsed p;
	size_t i;

	for (i = 0; i < COUNT(claims); i++) {
		p = parsed_bytes(span_of(claims[i].text), &parsed_no_context,
		    &LIMITS_DEFAULT);
		cr_expect_eq(p.verdict, claims[i].verdict, "%s: %d %s",
		    claims[i].text, p.verdict, p.err.text);
		cr_expect_eq(p.notes.len, 0U, "%s", claims[i].text);
		cr_expect_null(p.report);
		parsed_free(&p);
	}
}

Test(tlsrpt, a_report_cut_anywhere_is_unusable_or_no_json)
{
	struct buf b = support_read("good/tlsrpt-rfc8460-appendix-b.json");
	struct parsed p;
	size_t len;

	while (b.len > 0 && b.data[b.len - 1] != '}')
		b.len--;
	for (len = 0; len < b.len; len += 7) {
		p = parsed_bytes((struct span){b.data, len}, &parsed_no_context,
		    &LIMITS_DEFAULT);
		cr_expect(p.verdict == TLSRPT_NOT_JSON ||
		    p.verdict == TLSRPT_UNUSABLE);
		cr_expect_neq(p.err.text[0], '\0');
		parsed_free(&p);
	}
	buf_free(&b);
}

Test(tlsrpt, conformance_38_a_null_contact_is_noted)
{
	struct parsed p = parse_fixture("lenient/tlsrpt-contact-missing.json");

	parsed_expect_report(&p, 1);
	cr_assert(parsed_noted(&p, DEVIATION_CONTACT_MISSING, "contact-info"));
	cr_assert_str_eq(p.report->contact, "");
	cr_assert_str_eq(p.report->reporter, "sender example inc.");
	parsed_free(&p);
}

Test(tlsrpt, conformance_33_no_policies_is_a_report_of_nothing)
{
	struct parsed p = parse_fixture("good/tlsrpt-no-policies.json");

	parsed_expect_report(&p, 0);
	cr_assert_eq(p.report->npolicies, 0U);
	parsed_free(&p);
}

Test(tlsrpt, numbers_serve_as_strings_digit_for_digit)
{
	struct parsed p = parsed_json(
	    "{\"organization-name\":365,\"report-id\":133925885310113267,"
	    "\"contact-info\":[],\"policies\":[],\"date-range\":{"
	    "\"start-datetime\":\"2026-11-20T00:00:00Z\","
	    "\"end-datetime\":\"2026-11-20T23:59:59Z\"}}");

	parsed_expect_report(&p, 4);
	cr_assert_str_eq(p.report->organization, "365");
	cr_assert_str_eq(p.report->id, "133925885310113267");
	cr_assert_str_eq(p.report->contact, "");
	cr_assert(
	    parsed_noted(&p, DEVIATION_STRING_EXPECTED, "organization-name"));
	cr_assert(parsed_noted(&p, DEVIATION_STRING_EXPECTED, "report-id"));
	cr_assert(parsed_noted(&p, DEVIATION_STRING_EXPECTED, "contact-info"));
	cr_assert(parsed_noted(&p, DEVIATION_CONTACT_MISSING, "contact-info"));
	parsed_free(&p);
}

Test(tlsrpt, conformance_42_a_date_without_a_zone_is_utc)
{
	struct parsed p =
	    parse_range("\"2026-11-20T00:00:00\"", "\"2026-11-20T23:59:59\"");

	parsed_expect_report(&p, 2);
	expect_range(
	    &p, "2026-11-20T00:00:00Z", "2026-11-20T23:59:59Z", "2026-11-20");
	cr_assert(parsed_noted(
	    &p, DEVIATION_DATE_WITHOUT_ZONE, "date-range.start-datetime"));
	parsed_free(&p);
}

Test(tlsrpt, conformance_43_an_offset_is_converted)
{
	struct parsed p = parse_range(
	    "\"2026-11-20T02:00:00+02:00\"", "\"2026-11-21T01:59:59+02:00\"");

	parsed_expect_report(&p, 0);
	expect_range(
	    &p, "2026-11-20T00:00:00Z", "2026-11-20T23:59:59Z", "2026-11-20");
	parsed_free(&p);
	p = parse_range(
	    "\"2026-11-20T00:00:00+02:00\"", "\"2026-11-20T23:59:59+02:00\"");
	parsed_expect_report(&p, 1);
	expect_range(
	    &p, "2026-11-19T22:00:00Z", "2026-11-20T21:59:59Z", "2026-11-19");
	cr_assert(parsed_noted(&p, DEVIATION_RANGE_NOT_ONE_DAY, "date-range"));
	parsed_free(&p);
}

Test(tlsrpt, conformance_44_both_ends_of_a_day_are_good)
{
	struct parsed p =
	    parse_range("\"2026-11-20T00:00:00Z\"", "\"2026-11-20T23:59:59Z\"");

	parsed_expect_report(&p, 0);
	cr_assert_eq(p.report->day, day_of("2026-11-20"));
	parsed_free(&p);
	p = parse_range("\"2026-11-20T00:00:00Z\"", "\"2026-11-21T00:00:00Z\"");
	parsed_expect_report(&p, 0);
	cr_assert_eq(p.report->day, day_of("2026-11-20"));
	parsed_free(&p);
	p = parse_range("\"2026-11-20T00:00:00Z\"", "\"2026-11-20T23:59:58Z\"");
	parsed_expect_report(&p, 1);
	parsed_free(&p);
	p = parse_range("\"2026-11-20T00:00:00Z\"", "\"2026-11-21T00:00:01Z\"");
	parsed_expect_report(&p, 1);
	parsed_free(&p);
}

Test(tlsrpt, conformance_45_hour_24_is_the_next_midnight)
{
	struct parsed p =
	    parse_range("\"2026-11-20T24:00:00Z\"", "\"2026-11-21T24:00:00Z\"");

	parsed_expect_report(&p, 2);
	expect_range(
	    &p, "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z", "2026-11-21");
	cr_assert(parsed_noted(
	    &p, DEVIATION_DATE_HOUR_24, "date-range.start-datetime"));
	cr_assert(parsed_noted(
	    &p, DEVIATION_DATE_HOUR_24, "date-range.end-datetime"));
	parsed_free(&p);
}

Test(tlsrpt, conformance_46_a_reversed_range_counts_for_the_earlier_day)
{
	struct parsed p =
	    parse_range("\"2026-11-21T00:00:00Z\"", "\"2026-11-20T00:00:00Z\"");

	parsed_expect_report(&p, 1);
	expect_range(
	    &p, "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z", "2026-11-20");
	cr_assert(parsed_noted(&p, DEVIATION_RANGE_REVERSED, "date-range"));
	parsed_free(&p);
}

Test(tlsrpt, conformance_47_seven_days_are_a_range)
{
	struct parsed p =
	    parse_range("\"2026-11-20T00:00:00Z\"", "\"2026-11-26T23:59:59Z\"");

	parsed_expect_report(&p, 1);
	expect_range(
	    &p, "2026-11-20T00:00:00Z", "2026-11-26T23:59:59Z", "2026-11-20");
	cr_assert(parsed_noted(&p, DEVIATION_RANGE_NOT_ONE_DAY, "date-range"));
	parsed_free(&p);
}

Test(tlsrpt, one_end_of_the_range_is_enough)
{
	struct parsed p = parse_range("\"2026-11-20T00:00:00Z\"", "null");

	parsed_expect_report(&p, 1);
	expect_range(
	    &p, "2026-11-20T00:00:00Z", "2026-11-20T23:59:59Z", "2026-11-20");
	cr_assert(parsed_noted(
	    &p, DEVIATION_RANGE_END_MISSING, "date-range.end-datetime"));
	parsed_free(&p);
	p = parse_range("null", "\"2026-11-20T23:59:59Z\"");
	parsed_expect_report(&p, 1);
	expect_range(
	    &p, "2026-11-20T00:00:00Z", "2026-11-20T23:59:59Z", "2026-11-20");
	cr_assert(parsed_noted(
	    &p, DEVIATION_RANGE_END_MISSING, "date-range.start-datetime"));
	parsed_free(&p);
	/* the midnight that ends a day belongs to it */
	p = parse_range("\"\"", "\"2026-11-21T00:00:00Z\"");
	expect_range(
	    &p, "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z", "2026-11-20");
	parsed_free(&p);
}

Test(tlsrpt, seconds_since_1970_are_a_date)
{
	struct parsed p = parse_range("1795132800", "1795219199");

	parsed_expect_report(&p, 2);
	expect_range(
	    &p, "2026-11-20T00:00:00Z", "2026-11-20T23:59:59Z", "2026-11-20");
	cr_assert(parsed_noted(
	    &p, DEVIATION_DATE_LOOSE, "date-range.start-datetime"));
	parsed_free(&p);
}

static const char *const bad_dates[] = {"\"now\"", "\"2026-13-01T00:00:00Z\"",
    "\"2026-02-30T00:00:00Z\"", "-1", "1e300", "1e400", "253402300800",
    "\"2026-11-20T00:00:00Z x\"", "\"2026-11-20T25:00:00Z\"", "\"\\u0000\"",
    "\"99999999999999999999\""};

Test(tlsrpt, a_date_that_is_none_is_refused_with_its_place)
{
	struct parsed p;
	size_t i;

	for (i = 0; i < COUNT(bad_dates); i++) {
		p = parse_range("\"2026-11-20T00:00:00Z\"", bad_dates[i]);
		parsed_expect_unusable(
		    &p, ERR_DATA, "date-range.end-datetime: ");
		parsed_free(&p);
	}
}

static const char *const no_ranges[] = {"null", "{}", "[]", "\"2026-11-20\"",
    "{\"start-datetime\":null,\"end-datetime\":\"\"}"};

Test(tlsrpt, a_report_without_a_range_is_refused)
{
	struct parsed p;
	size_t i;

	for (i = 0; i < COUNT(no_ranges); i++) {
		p = parsed_json(
		    "{\"policies\":[],\"date-range\":%s}", no_ranges[i]);
		parsed_expect_unusable(&p, ERR_DATA, "date-range: ");
		parsed_free(&p);
	}
}

Test(tlsrpt, the_first_and_last_day_of_the_calendar_do_no_harm)
{
	struct parsed p = parse_range("null", "\"0001-01-01T00:00:00Z\"");

	cr_assert_eq(p.verdict, TLSRPT_REPORT);
	cr_assert_leq(p.report->start, p.report->end);
	parsed_free(&p);
	p = parse_range("\"9999-12-31T23:59:59Z\"", "null");
	cr_assert_eq(p.verdict, TLSRPT_REPORT);
	cr_assert_leq(p.report->start, p.report->end);
	parsed_free(&p);
}

Test(tlsrpt, conformance_58_unknown_members_are_ignored)
{
	struct parsed p = parse_fixture("good/tlsrpt-unknown-members.json");

	parsed_expect_report(&p, 0);
	cr_assert_eq(p.report->policies[0].nfailures, 1U);
	parsed_free(&p);
}

Test(tlsrpt, a_long_string_in_an_unknown_member_is_no_matter)
{
	char *s = support_repeat('x', 100000);
	struct parsed p = parsed_json(
	    "{\"policies\":[],\"report-id\":\"1\",\"contact-info\":\"a\","
	    "\"organization-name\":\"o\",\"date-range\":{\"start-datetime\":"
	    "\"2026-11-20T00:00:00Z\",\"end-datetime\":"
	    "\"2026-11-20T23:59:59Z\"},\"x\":\"%s\",\"%s\":1}",
	    s, s);

	parsed_expect_report(&p, 0);
	parsed_free(&p);
	free(s);
}

Test(tlsrpt, a_name_of_punctuation_without_end_costs_little, .timeout = 20)
{
	char *s = support_repeat('-', (size_t)32 << 20);
	struct parsed p = parsed_policies(
	    "[{\"%spolicy-type\":\"sts\",\"policy-domain\":\"e.example\"}]", s);

	cr_assert_eq(p.verdict, TLSRPT_REPORT, "%s", p.err.text);
	cr_assert_eq(p.report->policies[0].type, POLICY_OTHER);
	parsed_free(&p);
	free(s);
}

Test(tlsrpt, strings_are_bound_on_both_sides)
{
	size_t bound = LIMITS_DEFAULT.string_bytes, n;
	struct parsed p;
	char *s;

	for (n = bound; n <= bound + 1; n++) {
		s = support_repeat('x', n);
		p = parsed_json(
		    "{\"policies\":[],\"report-id\":\"%s\",\"contact-info\":"
		    "\"a\",\"organization-name\":\"o\",\"date-range\":{"
		    "\"start-datetime\":\"2026-11-20T00:00:00Z\","
		    "\"end-datetime\":\"2026-11-20T23:59:59Z\"}}",
		    s);
		if (n == bound)
			parsed_expect_report(&p, 0);
		else
			parsed_expect_unusable(&p, ERR_BOUND,
			    "report-id: exceeds the bound string_bytes (4096)");
		parsed_free(&p);
		free(s);
	}
}

Test(tlsrpt, the_rfc_name_goes_before_an_alias_wherever_it_stands)
{
	struct parsed p = parsed_json(
	    "{\"report_id\":\"a\",\"report-id\":\"b\",\"ReportID\":\"c\","
	    "\"organisation-name\":\"x\",\"organization_name\":\"y\","
	    "\"organization-name\":null,\"contact-info\":\"a\","
	    "\"policies\":[],\"date-range\":{\"start-datetime\":"
	    "\"2026-11-20T00:00:00Z\",\"end-datetime\":"
	    "\"2026-11-20T23:59:59Z\"}}");

	parsed_expect_report(&p, 4);
	cr_assert_str_eq(p.report->id, "b");
	cr_assert_str_eq(p.report->organization, "x");
	cr_assert(parsed_noted(&p, DEVIATION_ALIAS, "report_id"));
	cr_assert(parsed_noted(&p, DEVIATION_ALIAS, "ReportID"));
	parsed_free(&p);
}

Test(tlsrpt, notes_from_before_are_kept_and_those_of_a_failure_dropped)
{
	struct tlsrpt *t = tlsrpt_new(&LIMITS_DEFAULT);
	struct arena *arena = arena_new(4096);
	struct deviation_list notes = {.arena = arena};
	struct report *r;
	struct err err;

	deviation_add(&notes, DEVIATION_ZIP, "%s", "");
	cr_assert_eq(tlsrpt_parse(t,
			 SPAN("\xef\xbb\xbf{\"policies\":[],"
			      "\"report-id\":\"1\"}"),
			 &parsed_no_context, &notes, &r, &err),
	    TLSRPT_UNUSABLE);
	cr_assert_eq(notes.len, 1U);
	cr_assert_eq(
	    tlsrpt_parse(t,
		SPAN("{\"policies\":[],\"date-range\":{\"start-datetime\":"
		     "\"2026-11-20T00:00:00Z\"}}"),
		&parsed_no_context, &notes, &r, &err),
	    TLSRPT_REPORT);
	cr_assert_eq(r->deviations[0].code, DEVIATION_ZIP);
	cr_assert_eq(r->ndeviations, 5U);
	arena_free(arena);
	tlsrpt_free(t);
	tlsrpt_free(NULL);
}

Test(tlsrpt, more_deviations_than_are_kept_do_not_spoil_a_report)
{
	size_t n = 500, i;
	char *details = xmalloc(n * 4 + 1);
	struct parsed p;

	for (i = 0; i < n; i++)
		memcpy(details + 3 * i, "{},", 3);
	details[3 * n - 1] = '\0';
	p = parsed_policies("[{\"failure-details\":[%s]}]", details);
	parsed_expect_report(&p, DEVIATIONS_MAX);
	cr_assert_eq(p.report->policies[0].nfailures, n);
	cr_assert_eq(p.notes.list[DEVIATIONS_MAX - 1].code, DEVIATION_TOO_MANY);
	parsed_free(&p);
	free(details);
}

Test(tlsrpt, policies_of_something_else_are_no_report)
{
	static const char *const other[] = {
	    "{\"policies\":[{\"name\":\"admin\",\"rules\":[]}]}",
	    "{\"version\":1,\"policies\":{\"password\":\"strong\"}}",
	    "{\"policies\":[]}", "{\"policies\":null}"};
	struct limits limits = LIMITS_DEFAULT;
	size_t i;

	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		struct tlsrpt *t = tlsrpt_new(&limits);
		struct arena *a = arena_new(1024);
		struct deviation_list notes = {.arena = a};
		struct tlsrpt_context context = {"", "", "", ""};
		struct report *out;
		struct err err = {0};

		cr_expect_eq(tlsrpt_parse(t, span_of(other[i]), &context,
				 &notes, &out, &err),
		    TLSRPT_NOT_ONE, "%s", other[i]);
		arena_free(a);
		tlsrpt_free(t);
	}
}
