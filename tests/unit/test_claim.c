/* SPDX-License-Identifier: ISC */

/*
 * What media types, file names and report types claim, and what comes close
 * and claims nothing.
 */

#include "config.h"

#include <criterion/criterion.h>

#include "decode/claim.h"

struct row {
	const char *text;
	unsigned claim;
};

#define STANDARD (CLAIM_REPORT | CLAIM_CANDIDATE | CLAIM_STANDARD)

Test(claim, media_types_claim_what_they_say)
{
	static const struct row rows[] = {
	    {"application/tlsrpt+gzip", STANDARD | CLAIM_GZIP},
	    {"APPLICATION/TLSRPT+JSON", STANDARD | CLAIM_JSON},
	    {"application/tlsrpt+x-gzip",
		CLAIM_REPORT | CLAIM_CANDIDATE | CLAIM_GZIP},
	    {"application/tlsrpt", CLAIM_REPORT | CLAIM_CANDIDATE},
	    {"application/tlsrpt+zip", CLAIM_REPORT | CLAIM_CANDIDATE},
	    {"application/json", CLAIM_CANDIDATE | CLAIM_JSON},
	    {"application/gzip", CLAIM_CANDIDATE | CLAIM_GZIP},
	    {"application/zip", CLAIM_CANDIDATE},
	    {"application/octet-stream", CLAIM_CANDIDATE},
	    {"message/rfc822", CLAIM_MESSAGE},
	    {"message/delivery-status", CLAIM_RETURNED},
	    {"message/disposition-notification", CLAIM_RETURNED},
	    {"message/feedback-report", CLAIM_RETURNED},
	    {"application/tlsrp", 0},
	    {"xapplication/tlsrpt", 0},
	    {"application/pdf", 0},
	    {"text/plain", 0},
	    {"", 0},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_assert_eq(claim_of_type(span_of(rows[i].text)),
		    rows[i].claim, "%s", rows[i].text);
}

Test(claim, file_names_claim_by_the_form_of_rfc_8460)
{
	static const struct row rows[] = {
	    {"a!b!1!2.json", CLAIM_CANDIDATE | CLAIM_REPORT},
	    {"a!b!1!2.json.gz", CLAIM_CANDIDATE | CLAIM_REPORT},
	    {"A!B!1!2!ID.JSON.GZ", CLAIM_CANDIDATE | CLAIM_REPORT},
	    {"a!b!1!2!with!more.json", CLAIM_CANDIDATE | CLAIM_REPORT},
	    {"/x/a!b!1!2.json", CLAIM_CANDIDATE | CLAIM_REPORT},
	    {"..\\\\a!b!1!2.json", CLAIM_CANDIDATE | CLAIM_REPORT},
	    {"a!b!1!2.zip", CLAIM_CANDIDATE},
	    {"a!b!1!2.xml.gz", CLAIM_CANDIDATE},
	    {"a!b!1!2.gz", CLAIM_CANDIDATE},
	    {"a!b!1.json", CLAIM_CANDIDATE},
	    {"a!b!1!x.json", CLAIM_CANDIDATE},
	    {"a!b!!2.json", CLAIM_CANDIDATE},
	    {"!b!1!2.json", CLAIM_CANDIDATE},
	    {"a!b!1!2!.json/", 0},
	    {".json", CLAIM_CANDIDATE},
	    {"a!b!1!2json", 0},
	    {"fwd.eml", CLAIM_MESSAGE},
	    {"json", 0},
	    {"", 0},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_assert_eq(claim_of_name(rows[i].text), rows[i].claim, "%s",
		    rows[i].text);
}

Test(claim, report_types_tell_reports_from_bounces)
{
	static const struct row rows[] = {
	    {"multipart/report; report-type=tlsrpt",
		CLAIM_REPORT | CLAIM_STANDARD},
	    {"Multipart/Report; boundary=x;\r\n\tReport-Type=\"TLSRPT\"",
		CLAIM_REPORT | CLAIM_STANDARD},
	    {"multipart/mixed; report-type=tlsrpt", CLAIM_REPORT},
	    {"multipart/report; report-type=delivery-status", CLAIM_RETURNED},
	    {"multipart/report; report-type=tlsrpts", CLAIM_RETURNED},
	    {"multipart/report", 0},
	    {"multipart/mixed; report-type=delivery-status", 0},
	    {"text/plain; report-type=tlsrpt", 0},
	    {"", 0},
	};
	struct arena *a = arena_new(1024);
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_assert_eq(claim_of_report_type(a, span_of(rows[i].text)),
		    rows[i].claim, "%s", rows[i].text);
	cr_assert_eq(claim_of_report_type(a, span_of(NULL)), 0);
	arena_free(a);
}

Test(claim, base_names_have_no_folders)
{
	cr_assert_str_eq(claim_base_name("../../a/b"), "b");
	cr_assert_str_eq(claim_base_name("C:\\a\\b"), "b");
	cr_assert_str_eq(claim_base_name("b"), "b");
	cr_assert_str_eq(claim_base_name("a/"), "");
	cr_assert_str_eq(claim_base_name(""), "");
}
