/* SPDX-License-Identifier: ISC */

/*
 * CSV: the columns are a promise, so the header lines stand here to the
 * letter, and a change of them fails.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "output/output.h"
#include "page_kit.h"

#define KEY_HEADER                                                 \
	"period_start,period_end,group,policy_domain,policy_type," \
	"policy_mode,reporter,authenticity,organization,"
#define POLICY_HEADER \
	KEY_HEADER "policy_entries,successful_sessions,failed_sessions\r\n"
#define FAILURE_HEADER                                                        \
	KEY_HEADER "result_type,category,receiving_mx_hostname,receiving_ip," \
		   "failure_reason_code,failed_sessions,failure_details,"     \
		   "first_day,last_day\r\n"

static const struct policy_figure one_policy = {.start = FRIDAY - 6,
    .end = FRIDAY,
    .key = {.day = FRIDAY - 6,
	.group = "",
	.domain = "example.com",
	.policy_type = POLICY_STS,
	.policy_type_text = "",
	.mode = MODE_ENFORCE,
	.reporter = "google.com",
	.authenticity = AUTH_VERIFIED,
	.organization = "Google Inc."},
    .entries = 7,
    .successful = 48178,
    .failed = 32};

static const struct failure_figure one_failure = {.start = FRIDAY - 6,
    .end = FRIDAY,
    .key = {.day = FRIDAY - 6,
	.group = "",
	.domain = "example.com",
	.policy_type = POLICY_STS,
	.policy_type_text = "",
	.mode = MODE_TESTING,
	.reporter = "google.com",
	.organization = "Google Inc."},
    .result = RESULT_CERTIFICATE_EXPIRED,
    .result_text = "",
    .receiving_mx = "mx2.example.com",
    .receiving_ip = "2001:db8::25",
    .reason_code = "expired, \"really\"",
    .sessions = 32,
    .details = 2,
    .first_day = FRIDAY - 1,
    .last_day = FRIDAY};

/* Writes one figure of each kind with the options of view. */
static char *
written(struct policy_figure policy, struct failure_figure failure,
    struct view view)
{
	const struct figures figures = {.policies = &policy,
	    .npolicies = 1,
	    .failures = &failure,
	    .nfailures = 1};

	view.figures = &figures;
	return page_written(&output_csv, &view);
}

static void
check_policy(struct policy_figure policy, const char *want)
{
	char *text = written(policy, one_failure, (struct view){0});

	cr_assert_eq(
	    strncmp(text, POLICY_HEADER, strlen(POLICY_HEADER)), 0, "%s", text);
	cr_assert_str_eq(text + strlen(POLICY_HEADER), want);
	free(text);
}

static void
check_failure(struct failure_figure failure, const char *want)
{
	char *text =
	    written(one_policy, failure, (struct view){.rows = ROWS_FAILURES});

	cr_assert_eq(strncmp(text, FAILURE_HEADER, strlen(FAILURE_HEADER)), 0,
	    "%s", text);
	cr_assert_str_eq(text + strlen(FAILURE_HEADER), want);
	free(text);
}

Test(csv, the_columns_of_policies_are_a_promise)
{
	check_policy(one_policy,
	    "2026-11-14,2026-11-20,,example.com,sts,enforce,google.com,"
	    "verified,Google Inc.,7,48178,32\r\n");
}

Test(csv, the_columns_of_failures_are_a_promise)
{
	check_failure(one_failure,
	    "2026-11-14,2026-11-20,,example.com,sts,testing,google.com,"
	    "unchecked,Google Inc.,certificate-expired,negotiation,"
	    "mx2.example.com,2001:db8::25,\"expired, \"\"really\"\"\",32,2,"
	    "2026-11-19,2026-11-20\r\n");
}

Test(csv, an_unknown_domain_and_words_of_the_report_are_shown)
{
	struct policy_figure p = one_policy;

	p.key.domain = "";
	p.key.policy_type = POLICY_OTHER;
	p.key.policy_type_text = "=tls";
	p.key.mode = MODE_UNKNOWN;
	p.key.organization = "";
	p.key.authenticity = AUTH_FAILED;
	check_policy(p,
	    "2026-11-14,2026-11-20,,(unknown),'=tls,,google.com,failed,,"
	    "7,48178,32\r\n");
}

Test(csv, rows_that_no_report_holds_have_their_own_words)
{
	static const enum result_type types[] = {
	    RESULT_UNSPECIFIED, RESULT_OVERLAP, RESULT_OTHER};
	static const char *const want[] = {",(unspecified),unspecified,",
	    ",(overlap),overlap,", ",new-type,other,"};
	size_t i;

	for (i = 0; i < 3; i++) {
		struct failure_figure f = one_failure;
		char *text;

		f.result = types[i];
		f.result_text = types[i] == RESULT_OTHER ? "new-type" : "";
		text = written(
		    one_policy, f, (struct view){.rows = ROWS_FAILURES});
		cr_assert_not_null(strstr(text, want[i]), "%s", text);
		free(text);
	}
}

Test(csv, numbers_are_plain_at_every_size)
{
	struct policy_figure p = one_policy;

	p.entries = 0;
	p.successful = INT64_MAX;
	p.failed = INT64_MIN;
	check_policy(p,
	    "2026-11-14,2026-11-20,,example.com,sts,enforce,google.com,"
	    "verified,Google Inc.,0,9223372036854775807,"
	    "-9223372036854775808\r\n");
}

Test(csv, negative_sessions_of_an_overlap_are_a_number_and_no_formula)
{
	struct failure_figure f = one_failure;
	char *text;

	f.result = RESULT_OVERLAP;
	f.sessions = -1;
	f.details = 0;
	text = written(one_policy, f, (struct view){.rows = ROWS_FAILURES});
	cr_assert_not_null(strstr(text, ",-1,0,2026-11-19"), "%s", text);
	free(text);
}

Test(csv, failures_only_leaves_policies_without_failures_out)
{
	struct policy_figure fine = one_policy;
	char *text;

	text =
	    written(one_policy, one_failure, (struct view){.failures_only = 1});
	cr_assert_not_null(strstr(text, ",48178,32\r\n"));
	free(text);
	fine.failed = 0;
	text = written(fine, one_failure, (struct view){.failures_only = 1});
	cr_assert_str_eq(text, POLICY_HEADER);
	free(text);
	text = written(fine, one_failure,
	    (struct view){.failures_only = 1, .rows = ROWS_FAILURES});
	cr_assert_not_null(strstr(text, "certificate-expired"));
	free(text);
}

Test(csv, excel_gets_a_byte_order_mark_and_long_digits_as_text)
{
	struct policy_figure p = one_policy;
	char *text;

	p.key.organization = "202611200000";
	p.successful = INT64_C(1000000000000);
	text = written(p, one_failure, (struct view){.excel = EXCEL_COMMA});
	cr_assert_eq(strncmp(text, "\xef\xbb\xbf" KEY_HEADER,
			 strlen("\xef\xbb\xbf" KEY_HEADER)),
	    0);
	cr_assert_not_null(
	    strstr(text, ",\"=\"\"202611200000\"\"\",7,1000000000000,32\r\n"));
	free(text);
}

Test(csv, excel_semicolon_separates_by_semicolons)
{
	struct policy_figure p = one_policy;
	char *text;

	p.key.organization = "A; B, C";
	text = written(p, one_failure, (struct view){.excel = EXCEL_SEMICOLON});
	cr_assert_not_null(strstr(text, ";policy_entries;"));
	cr_assert_not_null(strstr(text,
	    "2026-11-14;2026-11-20;;example.com;sts;enforce;google.com;"
	    "verified;\"A; B, C\";7;48178;32\r\n"));
	free(text);
}

Test(csv, days_far_apart_are_not_mixed_up)
{
	struct failure_figure f = one_failure;

	/* All of them the same modulo the dates that are kept. */
	f.start = FRIDAY - 640;
	f.end = FRIDAY + 64;
	f.first_day = FRIDAY - 64;
	f.last_day = FRIDAY;
	check_failure(f,
	    "2025-02-18,2027-01-23,,example.com,sts,testing,google.com,"
	    "unchecked,Google Inc.,certificate-expired,negotiation,"
	    "mx2.example.com,2001:db8::25,\"expired, \"\"really\"\"\",32,2,"
	    "2026-09-17,2026-11-20\r\n");
}

Test(csv, no_figures_are_a_header_line)
{
	const struct figures none = {0};
	const struct view view = {.figures = &none};
	char *text = page_written(&output_csv, &view);

	cr_assert_str_eq(text, POLICY_HEADER);
	free(text);
}

Test(csv, an_error_of_the_stream_is_reported)
{
	const struct figures none = {0};
	const struct view view = {.figures = &none};
	struct err err = {0};
	FILE *full = fopen("/dev/full", "w");

	cr_assert_not_null(full);
	cr_assert_eq(output_csv.write(full, &view, &err), -1);
	cr_assert_eq(err.code, ERR_TEMPORARY);
	cr_assert_not_null(strstr(err.text, "No space left"));
	fclose(full);
}

/* ---- the table of outputs ---- */

Test(csv, every_output_is_found_by_a_name_that_is_listed)
{
	const char *names = output_names(), *comma;
	char name[32];

	for (; names != NULL; names = comma != NULL ? comma + 2 : NULL) {
		comma = strstr(names, ", ");
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(names, ","),
		    names);
		cr_assert_not_null(output_find(name), "%s", name);
		cr_assert_str_eq(output_find(name)->name, name);
	}
	cr_assert_null(output_find(""));
	cr_assert_null(output_find("CSV"));
	cr_assert_null(output_find("text, csv"));
}
