/* SPDX-License-Identifier: ISC */

/*
 * Export: the columns are a promise, so the heading stands here to the
 * letter, and every text of a stranger is harmless and, in JSON, whole.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "base/sha256.h"
#include "output/escape.h"
#include "output/export.h"
#include "support.h"

#define POLICY_HEADING                                                   \
	"report,policy_number,counted,day,reporter,authenticity,"        \
	"organization_name,start_datetime,end_datetime,contact_info,"    \
	"report_id,policy_type,policy_mode,policy_string,policy_domain," \
	"mx_host,total_successful_session_count,"                        \
	"total_failure_session_count,tls_report_submitter,"              \
	"tls_report_domain,filename,subject,received,stored,source,"     \
	"message,sha256,deviations\r\n"
#define FAILURE_HEADING                                                   \
	"report,policy_number,failure_number,counted,day,reporter,"       \
	"authenticity,policy_type,policy_mode,policy_domain,result_type," \
	"sending_mta_ip,receiving_mx_hostname,receiving_mx_helo,"         \
	"receiving_ip,failed_session_count,additional_information,"       \
	"failure_reason_code\r\n"

static const char *strings[] = {"version: STSv1", "mode: \"x\""};
static const char *hosts[] = {"*.example.com"};
static struct failure failures[] = {{.type = RESULT_CERTIFICATE_EXPIRED,
    .type_text = "",
    .sending_ip = "192.0.2.1",
    .receiving_mx = "mx.example.com",
    .receiving_helo = "helo",
    .receiving_ip = "2001:db8::1",
    .additional_information = "https://example.com/?a=b",
    .reason_code = "=1+1",
    .sessions = 3}};
static struct deviation deviations[] = {
    {DEVIATION_ZIP, ""}, {DEVIATION_ALIAS, "policies[0]"}};
static struct policy policy = {.type = POLICY_STS,
    .type_text = "",
    .mode = MODE_ENFORCE,
    .domain = "example.com",
    .strings = strings,
    .nstrings = 2,
    .mx_hosts = hosts,
    .nmx_hosts = 1,
    .successful = 10,
    .failed = 5,
    .failures = failures,
    .nfailures = 1};
static struct report report = {.reporter = "reporter.example",
    .organization = "@SUM(A1)",
    .contact = "tls@reporter.example",
    .id = "id,1",
    .day = 20777,
    .start = (int64_t)20777 * DAY_SECONDS,
    .end = (int64_t)20778 * DAY_SECONDS - 1,
    .received = TIME_NONE,
    .submitter_header = "reporter.example",
    .domain_header = "example.com",
    .filename = "",
    .subject = "",
    .policies = &policy,
    .npolicies = 1,
    .deviations = deviations,
    .ndeviations = 2};
static const unsigned char sha256_sum[SHA256_LEN] = {0xab, [31] = 0x01};
static struct export_report stored = {.number = 7,
    .counted = true,
    .stored = 0,
    .source = "/var/mail/x",
    .message = "/var/mail/x, message 1",
    .sha256 = sha256_sum,
    .report = &report};

static char *
written(enum export_format format, enum rows rows)
{
	struct export_rows x = {.format = format, .rows = rows};
	struct err err;
	char *text = NULL;
	size_t size = 0;

	x.out = open_memstream(&text, &size);
	export_begin(&x);
	if (report.npolicies > 0)
		export_policy(&x, &stored, 0);
	else
		export_empty(&x, &stored);
	cr_assert_eq(export_end(&x, &err), 0);
	fclose(x.out);
	return text;
}

static void
expect(enum export_format format, enum rows rows, const char *wanted)
{
	char *got = written(format, rows);

	cr_expect_str_eq(got, wanted);
	free(got);
}

Test(export, policies_as_csv)
{
	expect(EXPORT_CSV, ROWS_POLICIES,
	    POLICY_HEADING
	    "7,1,yes,2026-11-20,reporter.example,unchecked,'@SUM(A1),"
	    "2026-11-20T00:00:00Z,2026-11-20T23:59:59Z,"
	    "tls@reporter.example,\"id,1\",sts,enforce,"
	    "\"version: STSv1\nmode: \"\"x\"\"\",example.com,*.example.com,"
	    "10,5,reporter.example,example.com,,,,1970-01-01T00:00:00Z,"
	    "/var/mail/x,\"/var/mail/x, message 1\","
	    "ab0000000000000000000000000000000000000000000000000000000000"
	    "0001,\"zip\nalias at policies[0]\"\r\n");
}

Test(export, failures_as_csv_sum_to_the_summary)
{
	expect(EXPORT_CSV, ROWS_FAILURES,
	    FAILURE_HEADING
	    "7,1,1,yes,2026-11-20,reporter.example,unchecked,sts,enforce,"
	    "example.com,certificate-expired,192.0.2.1,mx.example.com,helo,"
	    "2001:db8::1,3,https://example.com/?a=b,'=1+1\r\n"
	    "7,1,2,yes,2026-11-20,reporter.example,unchecked,sts,enforce,"
	    "example.com,(unspecified),,,,,2,,\r\n");
}

Test(export, failures_as_ndjson)
{
	expect(EXPORT_NDJSON, ROWS_FAILURES,
	    "{\"report\":7,\"policy_number\":1,\"failure_number\":1,"
	    "\"counted\":true,\"day\":\"2026-11-20\","
	    "\"reporter\":\"reporter.example\",\"authenticity\":"
	    "\"unchecked\",\"policy_type\":\"sts\",\"policy_mode\":"
	    "\"enforce\",\"policy_domain\":\"example.com\","
	    "\"result_type\":\"certificate-expired\",\"sending_mta_ip\":"
	    "\"192.0.2.1\",\"receiving_mx_hostname\":\"mx.example.com\","
	    "\"receiving_mx_helo\":\"helo\",\"receiving_ip\":"
	    "\"2001:db8::1\",\"failed_session_count\":3,"
	    "\"additional_information\":\"https://example.com/?a=b\","
	    "\"failure_reason_code\":\"=1+1\"}\n"
	    "{\"report\":7,\"policy_number\":1,\"failure_number\":2,"
	    "\"counted\":true,\"day\":\"2026-11-20\","
	    "\"reporter\":\"reporter.example\",\"authenticity\":"
	    "\"unchecked\",\"policy_type\":\"sts\",\"policy_mode\":"
	    "\"enforce\",\"policy_domain\":\"example.com\","
	    "\"result_type\":\"(unspecified)\",\"sending_mta_ip\":\"\","
	    "\"receiving_mx_hostname\":\"\",\"receiving_mx_helo\":\"\","
	    "\"receiving_ip\":\"\",\"failed_session_count\":2,"
	    "\"additional_information\":\"\","
	    "\"failure_reason_code\":\"\"}\n");
}

Test(export, lists_are_arrays_in_ndjson_and_what_is_unknown_is_null)
{
	char *got = written(EXPORT_NDJSON, ROWS_POLICIES);

	cr_expect_not_null(strstr(got,
	    "\"policy_string\":[\"version: STSv1\",\"mode: \\\"x\\\"\"],"));
	cr_expect_not_null(strstr(got, "\"mx_host\":[\"*.example.com\"],"));
	cr_expect_not_null(strstr(got, "\"received\":null,"));
	cr_expect_not_null(
	    strstr(got, "\"deviations\":[\"zip\",\"alias at policies[0]\"]}"));
	free(got);
}

Test(export, a_hash_that_is_not_known_is_an_empty_cell_or_null)
{
	char *got;

	stored.sha256 = NULL;
	got = written(EXPORT_CSV, ROWS_POLICIES);
	cr_expect_not_null(strstr(got, "message 1\",,\"zip\nalias"), "%s", got);
	free(got);
	got = written(EXPORT_NDJSON, ROWS_POLICIES);
	cr_expect_not_null(strstr(got, "\"sha256\":null,\"deviations\""));
	free(got);
	stored.sha256 = sha256_sum;
}

Test(export, a_report_without_policies_has_a_row_of_its_own)
{
	char *got;

	report.npolicies = 0;
	got = written(EXPORT_CSV, ROWS_POLICIES);
	cr_expect_not_null(strstr(got, "\r\n7,0,yes,"));
	free(got);
	got = written(EXPORT_CSV, ROWS_DEFAULT);
	cr_expect_not_null(strstr(got, "\r\n7,0,yes,"));
	free(got);
	expect(EXPORT_CSV, ROWS_FAILURES, FAILURE_HEADING);
	report.npolicies = 1;
}

static void
expect_json(const char *text, const char *wanted)
{
	char *got = support_written(escape_json, text);

	cr_expect_str_eq(got, wanted);
	free(got);
}

Test(export, json_strings_are_escaped_and_whole)
{
	expect_json("", "\"\"");
	expect_json("a/b", "\"a/b\"");
	expect_json("\"\\", "\"\\\"\\\\\"");
	expect_json("\n\t\x01\x7f", "\"\\u000a\\u0009\\u0001\\u007f\"");
	expect_json("\xc3\xa9", "\"\xc3\xa9\"");
	expect_json("\xe2\x80\xae", "\"\\u202e\"");
	expect_json("\xff"
		    "a\xc3",
	    "\"\\ufffda\\ufffd\"");
	expect_json("\xf3\xa0\x81\x81", "\"\\udb40\\udc41\"");
}
