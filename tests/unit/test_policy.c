/* SPDX-License-Identifier: ISC */

/*
 * Policies and failures in every form that senders give them.
 */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/die.h"
#include "parsed.h"
#include "support.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Parses a report of one policy with these members of policy, whose sessions
 * all succeeded. */
static struct parsed
parse_policy(const char *members)
{
	return parsed_policies("[{\"policy\":{%s},\"summary\":{"
			       "\"total-successful-session-count\":1,"
			       "\"total-failure-session-count\":0}}]",
	    members);
}

/* Parses a report of one sts policy with one failure with these members. */
static struct parsed
parse_failure(const char *members)
{
	return parsed_policies(
	    "[{\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":"
	    "\"e.example\"},\"summary\":{"
	    "\"total-successful-session-count\":1,"
	    "\"total-failure-session-count\":2},\"failure-details\":[{"
	    "\"failed-session-count\":2%s%s}]}]",
	    members[0] != '\0' ? "," : "", members);
}

/* Parses a report of one policy, with these two counts and the failures. */
static struct parsed
parse_counts(const char *successful, const char *failed, const char *details)
{
	return parsed_policies(
	    "[{\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":"
	    "\"e.example\"},\"summary\":{"
	    "\"total-successful-session-count\":%s,"
	    "\"total-failure-session-count\":%s}%s}]",
	    successful, failed, details);
}

#define STS_POLICY "\"policy-type\":\"sts\",\"policy-domain\":\"e.example\""

#define EXPIRED(count)                                                    \
	"{\"result-type\":\"certificate-expired\",\"failed-session-count" \
	"\":" count "}"

#define POLICY_AT  "policies[0].policy."
#define SUMMARY_AT "policies[0].summary."
#define DETAIL_AT  "policies[0].failure-details[0]."

static const struct {
	const char *value; /* of mx-host; NULL for absent */
	size_t hosts;
	size_t notes;
	enum deviation_code code;
	const char *where;
} mx_hosts[] = {
    {NULL, 0, 0, DEVIATION_COUNT, ""},
    {"null", 0, 0, DEVIATION_COUNT, ""},
    {"[]", 0, 0, DEVIATION_COUNT, ""},
    {"[\"mx.e.example\"]", 1, 0, DEVIATION_COUNT, ""},
    {"[\"mx.e.example\",\"*.e.example\"]", 2, 0, DEVIATION_COUNT, ""},
    {"\"MX.e.example.\"", 1, 1, DEVIATION_MX_HOST_FORM, "mx-host"},
    {"\"\"", 0, 1, DEVIATION_MX_HOST_FORM, "mx-host"},
    {"{}", 0, 2, DEVIATION_MX_HOST_FORM, "mx-host"},
    {"[\"mx: mx.e.example\"]", 1, 1, DEVIATION_MX_HOST_PREFIX, "mx-host[0]"},
    {"[\"mx.e.example\",\"MX:b.e.example\"]", 2, 1, DEVIATION_MX_HOST_PREFIX,
	"mx-host[1]"},
    {"[\"mx.e.example\",null]", 1, 1, DEVIATION_NULL_ELEMENT, "mx-host[1]"},
    {"[\"mx.e.example\",[]]", 1, 1, DEVIATION_STRING_EXPECTED, "mx-host[1]"},
};

Test(policy, conformance_29_mx_host_in_all_its_forms)
{
	char members[256], where[64];
	struct parsed p;
	size_t i;

	for (i = 0; i < COUNT(mx_hosts); i++) {
		snprintf(members, sizeof(members), STS_POLICY "%s%s",
		    mx_hosts[i].value != NULL ? ",\"mx-host\":" : "",
		    mx_hosts[i].value != NULL ? mx_hosts[i].value : "");
		p = parse_policy(members);
		parsed_expect_report(&p, mx_hosts[i].notes);
		cr_expect_eq(
		    p.report->policies[0].nmx_hosts, mx_hosts[i].hosts);
		if (mx_hosts[i].hosts > 0)
			cr_expect_str_eq(
			    p.report->policies[0].mx_hosts[0], "mx.e.example");
		snprintf(
		    where, sizeof(where), POLICY_AT "%s", mx_hosts[i].where);
		if (mx_hosts[i].notes > 0)
			cr_expect(parsed_noted(&p, mx_hosts[i].code, where));
		parsed_free(&p);
	}
}

/* Parses a policy-string and expects two lines, the second a mode. */
static void
expect_mode(const char *value, size_t notes)
{
	char members[512];
	struct parsed p;

	snprintf(members, sizeof(members), STS_POLICY ",\"policy-string\":%s",
	    value);
	p = parse_policy(members);
	parsed_expect_report(&p, notes);
	cr_assert_eq(p.report->policies[0].nstrings, 2U);
	cr_assert_str_eq(p.report->policies[0].strings[0], "version: STSv1");
	cr_assert_eq(p.report->policies[0].mode, MODE_ENFORCE);
	parsed_free(&p);
}

Test(policy, conformance_30_policy_string_as_one_string)
{
	struct parsed p;

	expect_mode("[\"version: STSv1\",\"mode: enforce\"]", 0);
	expect_mode("\"version: STSv1\\nmode: enforce\\n\"", 2);
	expect_mode("\"version: STSv1\\r\\nmode: enforce\"", 2);
	p = parse_policy(STS_POLICY ",\"policy-string\":\"mode: testing\"");
	parsed_expect_report(&p, 1);
	cr_assert(parsed_noted(
	    &p, DEVIATION_POLICY_STRING_FORM, POLICY_AT "policy-string"));
	cr_assert_eq(p.report->policies[0].mode, MODE_TESTING);
	parsed_free(&p);
}

Test(policy, lines_of_a_policy_string_lose_their_ends)
{
	expect_mode("[\"version: STSv1\\r\",\"mode: enforce\\r\"]", 1);
	expect_mode("[\"version: STSv1\",\"mode:enforce\"]", 1);
	expect_mode("[\"version: STSv1\\n\\n\",\"\\r\\nMode:  Enforce\"]", 1);
}

Test(policy, conformance_31_an_array_within_a_string_is_unwrapped)
{
	struct parsed p;

	expect_mode("[\"[\\\"version: STSv1\\\",\\\"mode: enforce\\\"]\"]", 1);
	expect_mode("\" [\\\"version: STSv1\\\",\\\"mode: enforce\\\"] \"", 2);
	expect_mode("[\"version: STSv1\",\"[\\\"mode: enforce\\\"]\"]", 1);
	p = parse_policy("\"policy-type\":\"tlsa\",\"policy-domain\":"
			 "\"e.example\",\"policy-string\":[\"[\\\"3 1 1 AB\\\","
			 "\\\"3 1 1 CD\\\"]\"]");
	parsed_expect_report(&p, 1);
	cr_assert_eq(p.report->policies[0].nstrings, 2U);
	cr_assert_str_eq(p.report->policies[0].strings[1], "3 1 1 CD");
	cr_assert_eq(p.report->policies[0].mode, MODE_UNKNOWN);
	parsed_free(&p);
}

static const char *const unwrapped_not[] = {"[", "[1,2]", "[\\\"a\\\"",
    "[\\\"a\\\",1]", "[\\\"a\\\",[\\\"b\\\"]]", "[x]", "]["};

Test(policy, what_is_no_array_of_strings_within_a_string_stays)
{
	char members[256];
	struct parsed p;
	size_t i;

	for (i = 0; i < COUNT(unwrapped_not); i++) {
		snprintf(members, sizeof(members),
		    STS_POLICY ",\"policy-string\":[\"%s\"]", unwrapped_not[i]);
		p = parse_policy(members);
		parsed_expect_report(&p, 0);
		cr_expect_eq(p.report->policies[0].nstrings, 1U);
		parsed_free(&p);
	}
}

Test(policy, an_array_within_a_string_is_unwrapped_once)
{
	struct parsed p = parse_policy(STS_POLICY
	    ",\"policy-string\":[\"[\\\"[\\\\\\\"a\\\\\\\"]\\\"]\"]");

	parsed_expect_report(&p, 1);
	cr_assert_eq(p.report->policies[0].nstrings, 1U);
	cr_assert_str_eq(p.report->policies[0].strings[0], "[\"a\"]");
	parsed_free(&p);
}

static const struct {
	enum policy_mode mode;
	const char *strings;
} modes[] = {
    {MODE_ENFORCE, "\"mode: enforce\""},
    {MODE_TESTING, "\"mode: testing\",\"mode: enforce\""},
    {MODE_NONE, "\"version: STSv1\",\"mode :none \""},
    {MODE_UNKNOWN, "\"mode: sometimes\",\"mode: enforce\""},
    {MODE_UNKNOWN, "\"mode\""},
    {MODE_UNKNOWN, "\"model: enforce\""},
    {MODE_UNKNOWN, ""},
};

Test(policy, the_first_mode_line_of_an_sts_policy_counts)
{
	char members[256];
	struct parsed p;
	size_t i;

	for (i = 0; i < COUNT(modes); i++) {
		snprintf(members, sizeof(members),
		    STS_POLICY ",\"policy-string\":[%s]", modes[i].strings);
		p = parse_policy(members);
		cr_expect_eq(p.report->policies[0].mode, modes[i].mode, "%s",
		    modes[i].strings);
		parsed_free(&p);
	}
	p = parse_policy("\"policy-type\":\"tlsa\",\"policy-domain\":"
			 "\"e.example\",\"policy-string\":[\"mode: enforce\"]");
	cr_assert_eq(p.report->policies[0].mode, MODE_UNKNOWN);
	parsed_free(&p);
}

Test(policy, conformance_32_policies_as_an_object)
{
	struct parsed p =
	    parsed_policies("{\"policy\":{" STS_POLICY "},\"summary\":{"
			    "\"total-successful-session-count\":1,"
			    "\"total-failure-session-count\":-2}}");

	parsed_expect_unusable(&p, ERR_DATA,
	    "policies.summary.total-failure-session-count: negative session "
	    "count (RFC 8460 4.4)");
	parsed_free(&p);
	p = parsed_policies("{\"policy\":{" STS_POLICY "},\"summary\":{"
			    "\"total-successful-session-count\":1,"
			    "\"total-failure-session-count\":0}}");
	parsed_expect_report(&p, 1);
	cr_assert(parsed_noted(&p, DEVIATION_POLICIES_OBJECT, "policies"));
	cr_assert_eq(p.report->npolicies, 1U);
	parsed_free(&p);
}

Test(policy, conformance_34_sts_and_tlsa_of_a_domain_are_two_policies)
{
	struct buf b = support_read("good/tlsrpt-sts-and-tlsa.json");
	struct parsed p = parsed_bytes(
	    (struct span){b.data, b.len}, &parsed_no_context, &LIMITS_DEFAULT);

	parsed_expect_report(&p, 0);
	cr_assert_eq(p.report->npolicies, 2U);
	cr_assert_eq(p.report->policies[0].type, POLICY_STS);
	cr_assert_eq(p.report->policies[1].type, POLICY_TLSA);
	cr_assert_str_eq(
	    p.report->policies[0].domain, p.report->policies[1].domain);
	cr_assert_eq(count_add(p.report->policies[0].successful,
			 p.report->policies[1].successful),
	    4723);
	parsed_free(&p);
	buf_free(&b);
}

static const char *const no_details[] = {
    "", ",\"failure-details\":null", ",\"failure-details\":[]"};

Test(policy, conformance_35_failure_details_absent_null_and_empty)
{
	struct parsed p;
	size_t i;

	for (i = 0; i < COUNT(no_details); i++) {
		p = parse_counts("3", "2", no_details[i]);
		parsed_expect_report(&p, 0);
		cr_expect_eq(p.report->policies[0].failed, 2);
		cr_expect_eq(p.report->policies[0].nfailures, 0U);
		cr_expect_eq(policy_rest(&p.report->policies[0]), 2);
		parsed_free(&p);
	}
}

Test(policy, conformance_36_a_fetch_error_has_neither_ip_nor_mx)
{
	struct parsed p =
	    parse_failure("\"result-type\":\"sts-policy-fetch-error\"");

	parsed_expect_report(&p, 0);
	cr_assert_eq(p.report->policies[0].failures[0].type,
	    RESULT_STS_POLICY_FETCH_ERROR);
	cr_assert_str_eq(p.report->policies[0].failures[0].receiving_mx, "");
	parsed_free(&p);
}

Test(policy, conformance_39_each_of_the_11_result_types)
{
	char members[128];
	struct parsed p;
	int type;

	for (type = 1; type <= RESULT_RFC_COUNT; type++) {
		snprintf(members, sizeof(members), "\"result-type\":\"%s\"",
		    result_type_name((enum result_type)type));
		p = parse_failure(members);
		parsed_expect_report(&p, 0);
		cr_expect_eq((int)p.report->policies[0].failures[0].type, type);
		cr_expect_str_eq(
		    p.report->policies[0].failures[0].type_text, "");
		parsed_free(&p);
	}
}

/* Words as they are written, and what is noted. */
static const struct {
	const char *text;
	enum result_type type;
	enum deviation_code code;
} result_words[] = {
    {"Certificate-Expired", RESULT_CERTIFICATE_EXPIRED,
	DEVIATION_RESULT_TYPE_SPELLING},
    {"certificate_expired", RESULT_CERTIFICATE_EXPIRED,
	DEVIATION_RESULT_TYPE_SPELLING},
    {" certificate expired ", RESULT_CERTIFICATE_EXPIRED,
	DEVIATION_RESULT_TYPE_SPELLING},
    {"certificate-expire", RESULT_OTHER, DEVIATION_RESULT_TYPE_UNKNOWN},
    {"(overlap)", RESULT_OTHER, DEVIATION_RESULT_TYPE_UNKNOWN},
    {"certificate-expiredcertificate-expiredcertificate-expired", RESULT_OTHER,
	DEVIATION_RESULT_TYPE_UNKNOWN},
    {"", RESULT_OTHER, DEVIATION_RESULT_TYPE_MISSING},
};

Test(policy, conformance_40_an_unknown_result_type_is_kept_verbatim)
{
	const struct failure *f;
	char members[128];
	struct parsed p;
	size_t i;

	for (i = 0; i < COUNT(result_words); i++) {
		snprintf(members, sizeof(members), "\"result-type\":\"%s\"",
		    result_words[i].text);
		p = parse_failure(members);
		parsed_expect_report(&p, 1);
		f = &p.report->policies[0].failures[0];
		cr_expect_eq(f->type, result_words[i].type);
		cr_expect_str_eq(f->type_text,
		    f->type == RESULT_OTHER ? result_words[i].text : "");
		cr_expect(parsed_noted(
		    &p, result_words[i].code, DETAIL_AT "result-type"));
		parsed_free(&p);
	}
}

static const struct {
	const char *text;
	enum policy_type type;
	enum deviation_code code;
} policy_words[] = {
    {"STS", POLICY_STS, DEVIATION_POLICY_TYPE_SPELLING},
    {"No_Policy_Found", POLICY_NONE, DEVIATION_POLICY_TYPE_SPELLING},
    {"tls", POLICY_OTHER, DEVIATION_POLICY_TYPE_UNKNOWN},
    {"dane-\xc3\xa9", POLICY_OTHER, DEVIATION_POLICY_TYPE_UNKNOWN},
    {"", POLICY_OTHER, DEVIATION_POLICY_TYPE_MISSING},
};

Test(policy, conformance_41_an_unknown_policy_type_is_kept_verbatim)
{
	const struct policy *policy;
	char members[128];
	struct parsed p;
	size_t i;

	for (i = 0; i < COUNT(policy_words); i++) {
		snprintf(members, sizeof(members),
		    "\"policy-domain\":\"e.example\",\"policy-type\":\"%s\"",
		    policy_words[i].text);
		p = parse_policy(members);
		parsed_expect_report(&p, 1);
		policy = &p.report->policies[0];
		cr_expect_eq(policy->type, policy_words[i].type);
		cr_expect_str_eq(policy->type_text,
		    policy->type == POLICY_OTHER ? policy_words[i].text : "");
		cr_expect(parsed_noted(
		    &p, policy_words[i].code, POLICY_AT "policy-type"));
		parsed_free(&p);
	}
}

Test(policy, conformance_48_details_need_not_sum_to_the_summary)
{
	static const char where[] = SUMMARY_AT "total-failure-session-count";
	struct parsed p = parse_counts("0", "1",
	    ",\"failure-details\":[" EXPIRED("1") "," EXPIRED("1") "]");

	parsed_expect_report(&p, 1);
	cr_assert(parsed_noted(&p, DEVIATION_COUNTS_DIFFER, where));
	cr_assert_eq(p.report->policies[0].failed, 1);
	cr_assert_eq(policy_rest(&p.report->policies[0]), -1);
	parsed_free(&p);
	p = parse_counts("0", "3", ",\"failure-details\":[" EXPIRED("1") "]");
	parsed_expect_report(&p, 1);
	cr_assert(parsed_noted(&p, DEVIATION_COUNTS_DIFFER, where));
	parsed_free(&p);
	p = parse_counts("0", "3", ",\"failure-details\":[" EXPIRED("3") "]");
	parsed_expect_report(&p, 0);
	parsed_free(&p);
}

static const struct {
	const char *count;
	const char *error;
} bad_counts[] = {
    {"-1", "negative"},
    {"-1e300", "negative"},
    {"-1e400", "negative"},
    {"1.5", "fractional"},
    {"1e-300", "fractional"},
    {"9007199254740992", "over 2^53-1"},
    {"1e300", "over 2^53-1"},
    {"1e400", "over 2^53-1"},
    {"\"9007199254740992\"", "over 2^53-1"},
    {"\"99999999999999999999999999\"", "over 2^53-1"},
    {"\"\"", "not a session count"},
    {"\" 1\"", "not a session count"},
    {"\"1 \"", "not a session count"},
    {"\"+1\"", "not a session count"},
    {"\"-1\"", "not a session count"},
    {"\"1.0\"", "not a session count"},
    {"\"1,000\"", "not a session count"},
    {"\"0x10\"", "not a session count"},
    {"\"\xd9\xa1\"", "not a session count"},
    {"\"1\\u0000\"", "not a session count"},
    {"true", "not a session count"},
    {"[1]", "not a session count"},
    {"{}", "not a session count"},
};

Test(policy, conformance_49_50_counts_that_are_none_are_refused)
{
	char text[256];
	struct parsed p;
	size_t i;

	for (i = 0; i < COUNT(bad_counts); i++) {
		p = parse_counts(bad_counts[i].count, "0", "");
		snprintf(text, sizeof(text),
		    SUMMARY_AT "total-successful-session-count: %s",
		    bad_counts[i].error);
		if (bad_counts[i].error[0] == 'n')
			parsed_expect_unusable(&p, ERR_DATA, text);
		else
			parsed_expect_unusable(
			    &p, ERR_DATA, bad_counts[i].error);
		parsed_free(&p);
		p = parse_counts("0", bad_counts[i].count, "");
		parsed_expect_unusable(&p, ERR_DATA, bad_counts[i].error);
		parsed_free(&p);
		snprintf(text, sizeof(text),
		    ",\"failure-details\":[{\"failed-session-count\":%s}]",
		    bad_counts[i].count);
		p = parse_counts("0", "0", text);
		parsed_expect_unusable(
		    &p, ERR_DATA, DETAIL_AT "failed-session-count: ");
		parsed_free(&p);
	}
}

Test(policy, conformance_50_counts_end_at_2_to_the_53_minus_1)
{
	static const char *const over[] = {"9007199254740992",
	    "\"9007199254740992\"", "18446744073709551616", "1e16"};
	struct parsed p = parse_counts("9007199254740991", "0", "");
	size_t i;

	parsed_expect_report(&p, 0);
	cr_assert_eq(p.report->policies[0].successful, COUNT_MAX);
	parsed_free(&p);
	for (i = 0; i < COUNT(over); i++) {
		p = parse_counts("0", over[i], "");
		parsed_expect_unusable(&p, ERR_DATA,
		    SUMMARY_AT "total-failure-session-count: session count "
			       "over 2^53-1 (RFC 7493 2.2)");
		parsed_free(&p);
	}
}

static const struct {
	const char *count;
	int64_t value;
	size_t notes;
} good_counts[] = {
    {"0", 0, 0},
    {"-0", 0, 0},
    {"7", 7, 0},
    {"7.0", 7, 0},
    {"5e3", 5000, 0},
    {"9007199254740991", COUNT_MAX, 0},
    {"null", 0, 1},
    {"\"0\"", 0, 1},
    {"\"007\"", 7, 1},
    {"\"9007199254740991\"", COUNT_MAX, 1},
};

Test(policy, conformance_51_counts_may_be_strings_of_digits)
{
	struct parsed p;
	size_t i;

	for (i = 0; i < COUNT(good_counts); i++) {
		p = parse_counts(good_counts[i].count, "0", "");
		parsed_expect_report(&p, good_counts[i].notes);
		cr_expect_eq(p.report->policies[0].successful,
		    good_counts[i].value, "%s", good_counts[i].count);
		parsed_free(&p);
	}
	p = parse_counts("\"1\"", "0", "");
	cr_assert(parsed_noted(&p, DEVIATION_COUNT_STRING,
	    SUMMARY_AT "total-successful-session-count"));
	parsed_free(&p);
}

/* Counts of two policies or details, and whether they may be together. */
static const struct {
	int64_t a;
	int64_t b;
	bool fits;
} sums[] = {
    {COUNT_MAX, 0, true},
    {COUNT_MAX - 1, 1, true},
    {COUNT_MAX, 1, false},
    {1, COUNT_MAX, false},
    {COUNT_MAX, COUNT_MAX, false},
};

Test(policy, sums_over_the_whole_report_are_bound)
{
	static const char *const forms[] = {
	    "[{\"summary\":{\"total-successful-session-count\":%" PRId64
	    "}},{\"summary\":{\"total-successful-session-count\":%" PRId64
	    "}}]",
	    "[{\"summary\":{\"total-failure-session-count\":%" PRId64
	    "}},{\"summary\":{\"total-failure-session-count\":%" PRId64 "}}]",
	    "[{\"failure-details\":[{\"failed-session-count\":%" PRId64
	    "},{\"failed-session-count\":%" PRId64 "}]}]",
	    "[{\"failure-details\":[{\"failed-session-count\":%" PRId64
	    "}]},{\"failure-details\":[{\"failed-session-count\":%" PRId64
	    "}]}]"};
	char text[512];
	struct parsed p;
	size_t i, k;

	for (i = 0; i < COUNT(sums); i++)
		for (k = 0; k < COUNT(forms); k++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			snprintf(
			    text, sizeof(text), forms[k], sums[i].a, sums[i].b);
#pragma GCC diagnostic pop
			p = parsed_policies("%s", text);
			if (sums[i].fits)
				cr_expect_eq(p.verdict, TLSRPT_REPORT);
			else
				parsed_expect_unusable(
				    &p, ERR_DATA, "sum to more than 2^53-1");
			parsed_free(&p);
		}
}

Test(policy, a_missing_failure_count_is_the_sum_of_the_details)
{
	struct parsed p =
	    parsed_policies("[{\"policy\":{" STS_POLICY "},\"summary\":{"
			    "\"total-successful-session-count\":9},\"failure-"
			    "details\":[" EXPIRED("2") "," EXPIRED("3") "]}]");

	parsed_expect_report(&p, 1);
	cr_assert(parsed_noted(&p, DEVIATION_COUNT_MISSING,
	    SUMMARY_AT "total-failure-session-count"));
	cr_assert_eq(p.report->policies[0].failed, 5);
	cr_assert_eq(p.report->policies[0].successful, 9);
	parsed_free(&p);
}

Test(policy, a_missing_summary_is_zero_and_noted)
{
	struct parsed p = parsed_policies("[{\"policy\":{" STS_POLICY "}}]");

	parsed_expect_report(&p, 2);
	cr_assert(parsed_noted(&p, DEVIATION_COUNT_MISSING,
	    SUMMARY_AT "total-successful-session-count"));
	cr_assert_eq(p.report->policies[0].successful, 0);
	parsed_free(&p);
}

/* Addresses as they are written, as they are kept, and if they are noted. */
static const struct {
	const char *text;
	const char *kept;
	bool noted;
} addresses[] = {
    {"192.0.2.1", "192.0.2.1", false},
    {"", "", false},
    {"2001:DB8:0:0:0:0:0:1", "2001:db8::1", false},
    {"2001:0db8:abcd:0012::1", "2001:db8:abcd:12::1", false},
    {"::FFFF:192.0.2.1", "::ffff:192.0.2.1", false},
    {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", false},
    {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1", false},
    {"::", "::", false},
    {"192.000.002.001", "192.000.002.001", true},
    {"192.0.2.01", "192.0.2.01", true},
    {"192.0.2", "192.0.2", true},
    {"192.0.2.256", "192.0.2.256", true},
    {"192.0.2.1:25", "192.0.2.1:25", true},
    {" 192.0.2.1", " 192.0.2.1", true},
    {"[2001:db8::1]", "[2001:db8::1]", true},
    {"fe80::1%eth0", "fe80::1%eth0", true},
    {"2001:db8:::1", "2001:db8:::1", true},
    {"x.x.x.x", "x.x.x.x", true},
    {"mx.e.example", "mx.e.example", true},
};

Test(policy, conformance_54_55_addresses_are_normalised_or_kept)
{
	static const char *const keys[] = {"sending-mta-ip", "receiving-ip"};
	const struct failure *f;
	char members[128], where[80];
	struct parsed p;
	size_t i, k;

	for (i = 0; i < COUNT(addresses); i++)
		for (k = 0; k < COUNT(keys); k++) {
			snprintf(members, sizeof(members),
			    "\"result-type\":\"dane-required\",\"%s\":\"%s\"",
			    keys[k], addresses[i].text);
			p = parse_failure(members);
			parsed_expect_report(&p, addresses[i].noted);
			f = &p.report->policies[0].failures[0];
			cr_expect_str_eq(
			    k == 0 ? f->sending_ip : f->receiving_ip,
			    addresses[i].kept);
			snprintf(where, sizeof(where), DETAIL_AT "%s", keys[k]);
			cr_expect_eq(parsed_noted(&p, DEVIATION_IP_FORM, where),
			    addresses[i].noted);
			parsed_free(&p);
		}
}

/* At the borders of the forms that are told without inet_pton. */
static const char *const plain_addresses[] = {"1:2:3:4:5:6:7:8",
    "2001:db8::", "2001:db8::1", "1:2:3:4:5:6::", "1:2:3:4:5::8",
    "1::3:4:5:6:7", "a::f", "1::", "::1", "::", "fe80::1:abcd",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8:0:1:1:1:1:1",
    "::ffff:192.0.2.1", "255.255.255.255", "0.0.0.0", "10.0.20.100"};

static const struct {
	const char *text;
	const char *kept;
} other_addresses[] = {
    {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
    {"1:2:3::5:6:7:8", "1:2:3:0:5:6:7:8"},
    {"1::3:4:5:6:7:8", "1:0:3:4:5:6:7:8"},
    {"1:0:0:4::8", "1:0:0:4::8"},
    {"1:0:0:0:5::8", "1::5:0:0:8"},
    {"2001:db8::0", "2001:db8::"},
    {"2001:db8::00a", "2001:db8::a"},
    {"2001:DB8::A", "2001:db8::a"},
    {"0:2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
    {"1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"},
};

static const char *const no_addresses[] = {"1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "1::2::3",
    "1::2:", "1:::2", "1:::", "12345::1", "1:2:3:4:5:6:7:g", "a", ":",
    "1:", ":1::", "1.2.3.4.", "1.2.3.", "1.2.3.4.5", "1..2.3", "256.1.1.1",
    "1.1.1.1111111111111", "00.1.1.1", "1.1.1.1 "};

static void
expect_address(const char *text, const char *kept, size_t notes)
{
	char member[128];
	struct parsed p;

	snprintf(member, sizeof(member),
	    "\"result-type\":\"dane-required\",\"receiving-ip\":\"%s\"", text);
	p = parse_failure(member);
	parsed_expect_report(&p, notes);
	cr_expect_str_eq(p.report->policies[0].failures[0].receiving_ip, kept);
	parsed_free(&p);
}

Test(policy, conformance_55_ipv6_is_put_into_its_normal_form)
{
	size_t i;

	for (i = 0; i < COUNT(plain_addresses); i++)
		expect_address(plain_addresses[i], plain_addresses[i], 0);
	for (i = 0; i < COUNT(other_addresses); i++)
		expect_address(
		    other_addresses[i].text, other_addresses[i].kept, 0);
	for (i = 0; i < COUNT(no_addresses); i++)
		expect_address(no_addresses[i], no_addresses[i], 1);
}

Test(policy, conformance_56_draft_names_are_aliases)
{
	struct buf b = support_read("lenient/tlsrpt-alias.json");
	struct parsed p = parsed_bytes(
	    (struct span){b.data, b.len}, &parsed_no_context, &LIMITS_DEFAULT);
	const struct policy *policy;

	parsed_expect_report(&p, 10);
	policy = &p.report->policies[0];
	cr_assert_str_eq(p.report->organization, "Sender Example Inc.");
	cr_assert_eq(policy->nstrings, 4U);
	cr_assert_eq(policy->nmx_hosts, 1U);
	cr_assert_str_eq(policy->domain, "example.com");
	cr_assert_eq(policy->successful, 4711);
	cr_assert_eq(policy->failed, 5);
	cr_assert_str_eq(
	    policy->failures[0].receiving_mx, "mx2.mail.example.com");
	cr_assert_eq(policy->failures[0].sessions, 5);
	cr_assert_str_eq(policy->failures[0].additional_information,
	    "https://sender.example/why");
	cr_assert_str_eq(
	    policy->failures[0].reason_code, "X509_V_ERR_CERT_HAS_EXPIRED");
	cr_assert(parsed_noted(
	    &p, DEVIATION_ALIAS, DETAIL_AT "receiving-mx-host-name"));
	parsed_free(&p);
	buf_free(&b);
}

Test(policy, conformance_57_additional_information_is_mere_text)
{
	struct parsed p = parse_failure(
	    "\"result-type\":\"dane-required\",\"additional-information\":"
	    "\"https://192.0.2.1/?id=1 #x\"");

	parsed_expect_report(&p, 0);
	cr_assert_str_eq(
	    p.report->policies[0].failures[0].additional_information,
	    "https://192.0.2.1/?id=1 #x");
	parsed_free(&p);
}

Test(policy, conformance_59_a_domain_in_u_labels_is_kept_and_noted)
{
	struct parsed p = parse_policy("\"policy-type\":\"sts\","
				       "\"policy-domain\":\"B\xc3\x9c"
				       "CHER.Example.\"");

	parsed_expect_report(&p, 1);
	cr_assert_str_eq(p.report->policies[0].domain,
	    "b\xc3\x9c"
	    "cher.example");
	cr_assert(parsed_noted(
	    &p, DEVIATION_DOMAIN_NOT_ASCII, POLICY_AT "policy-domain"));
	parsed_free(&p);
}

Test(policy, a_flat_policy_and_flat_counts_are_read)
{
	struct parsed p = parsed_policies(
	    "[{" STS_POLICY ",\"total-successful-session-count\":4,"
	    "\"failed_session_count\":1,\"failure_details\":[" EXPIRED(
		"1") "]}]");

	parsed_expect_report(&p, 3);
	cr_assert(parsed_noted(&p, DEVIATION_POLICY_FLAT, "policies[0]"));
	cr_assert(parsed_noted(
	    &p, DEVIATION_ALIAS, "policies[0].failed_session_count"));
	cr_assert_eq(p.report->policies[0].type, POLICY_STS);
	cr_assert_eq(p.report->policies[0].successful, 4);
	cr_assert_eq(p.report->policies[0].failed, 1);
	parsed_free(&p);
}

static const char *const bad_policies[] = {"1", "true", "\"x\"", "[1]", "[[]]",
    "[\"x\"]", "[{\"policy\":[]}]", "[{\"policy\":\"sts\"}]",
    "[{\"summary\":[]}]", "[{\"summary\":5}]", "[{\"failure-details\":1}]",
    "[{\"failure-details\":\"\"}]", "[{\"failure-details\":[1]}]",
    "[{\"failure-details\":[[]]}]"};

Test(policy, what_is_of_a_wrong_kind_is_refused)
{
	struct parsed p;
	size_t i;

	for (i = 0; i < COUNT(bad_policies); i++) {
		p = parsed_policies("%s", bad_policies[i]);
		parsed_expect_unusable(&p, ERR_DATA, "(RFC 8460 4.4)");
		cr_expect_eq(
		    strncmp(p.err.text, "policies", 8), 0, "%s", p.err.text);
		parsed_free(&p);
	}
}

Test(policy, nulls_are_passed_over_but_counted_in_places)
{
	struct parsed p = parsed_policies(
	    "[null,{\"policy\":{" STS_POLICY "},\"summary\":{"
	    "\"total-successful-session-count\":1,"
	    "\"total-failure-session-count\":2},\"failure-details\":[null,"
	    "{\"failed-session-count\":2}]}]");

	parsed_expect_report(&p, 3);
	cr_assert_eq(p.report->npolicies, 1U);
	cr_assert_eq(p.report->policies[0].nfailures, 1U);
	cr_assert(parsed_noted(&p, DEVIATION_NULL_ELEMENT, "policies[0]"));
	cr_assert(parsed_noted(
	    &p, DEVIATION_NULL_ELEMENT, "policies[1].failure-details[0]"));
	cr_assert(parsed_noted(&p, DEVIATION_RESULT_TYPE_MISSING,
	    "policies[1].failure-details[1].result-type"));
	parsed_free(&p);
}

static void
append(struct buf *b, const char *text)
{
	cr_assert_eq(buf_append(b, text, strlen(text)), 0);
}

/* Parses a report of policies without content, each with n failures. */
static struct parsed
parse_many(size_t policies, size_t failures, const struct limits *l)
{
	struct buf b = {.cap = (size_t)1 << 20};
	struct parsed p;
	size_t i, k;

	append(&b,
	    "{\"date-range\":{\"start-datetime\":"
	    "\"2026-11-20T00:00:00Z\"},\"policies\":[");
	for (i = 0; i < policies; i++) {
		append(&b, i > 0 ? "," : "");
		append(&b, "{\"failure-details\":[");
		for (k = 0; k < failures; k++)
			append(&b, k > 0 ? ",{}" : "{}");
		append(&b, "]}");
	}
	append(&b, "]}");
	p = parsed_bytes((struct span){b.data, b.len}, &parsed_no_context, l);
	buf_free(&b);
	return p;
}

Test(policy, policies_and_details_are_bound_on_both_sides)
{
	struct limits l = LIMITS_DEFAULT;
	struct parsed p;

	l.policies = 3;
	l.failure_details = 6;
	p = parse_many(3, 2, &l);
	cr_assert_eq(p.verdict, TLSRPT_REPORT, "%s", p.err.text);
	cr_assert_eq(p.report->npolicies, 3U);
	parsed_free(&p);
	p = parse_many(4, 0, &l);
	parsed_expect_unusable(
	    &p, ERR_BOUND, "policies: exceeds the bound policies (3)");
	parsed_free(&p);
	p = parse_many(1, 7, &l);
	parsed_expect_unusable(&p, ERR_BOUND,
	    "policies[0].failure-details: exceeds the bound "
	    "failure_details (6)");
	parsed_free(&p);
	p = parse_many(2, 4, &l);
	parsed_expect_unusable(&p, ERR_BOUND,
	    "policies[1].failure-details: exceeds the bound "
	    "failure_details (6)");
	parsed_free(&p);
}

static const char *const long_places[] = {
    "\"policy-type\":\"%s\"",
    "\"policy-domain\":\"%s\"",
    "\"mx-host\":[\"%s\"]",
    "\"mx-host\":\"%s\"",
    "\"policy-string\":[\"%s\"]",
    "\"policy-string\":\"%s\"",
};

Test(policy, every_string_is_bound)
{
	char *s = support_repeat('x', LIMITS_DEFAULT.string_bytes + 1);
	char *members = xmalloc(LIMITS_DEFAULT.string_bytes + 64);
	struct parsed p;
	size_t i;

	for (i = 0; i < COUNT(long_places); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(members, LIMITS_DEFAULT.string_bytes + 64,
		    long_places[i], s);
#pragma GCC diagnostic pop
		p = parse_policy(members);
		parsed_expect_unusable(&p, ERR_BOUND, "string_bytes");
		parsed_free(&p);
	}
	free(members);
	free(s);
}

Test(policy, an_ehlo_answer_of_many_lines_is_kept)
{
	struct parsed p = parse_failure(
	    "\"result-type\":\"starttls-not-supported\","
	    "\"receiving-mx-helo\":\"mx.e.example\\r\\nSIZE 1000\"");

	parsed_expect_report(&p, 0);
	cr_assert_str_eq(p.report->policies[0].failures[0].receiving_helo,
	    "mx.e.example\r\nSIZE 1000");
	parsed_free(&p);
}
