/* SPDX-License-Identifier: ISC */

/*
 * Whole messages through the decoder: what a report is completed with, what
 * is foreign, what is a fault, and what is hostile.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "mail_kit.h"
#include "pack.h"
#include "support.h"

/* The sum must be that of REPORT under the key. */
static void
expect_sum(const struct report *r, const unsigned char *key)
{
	struct keyed_hash *h = keyed_hash_new();
	unsigned char sum[KEYED_HASH_LEN];

	keyed_hash_set_key(h, key);
	keyed_hash_sum(h, REPORT, strlen(REPORT), sum);
	cr_expect_eq(memcmp(sum, r->sum, sizeof(sum)), 0);
	keyed_hash_free(h);
}

/* However the JSON is packed; in whatever order keys come. */
Test(message, the_sum_is_that_of_the_json_under_the_key_of_each_message)
{
	static const unsigned char keys[2][KEYED_HASH_KEY_LEN] = {{1}, {2}};
	const unsigned char *const order[] = {
	    keys[0], keys[0], keys[1], NULL, keys[1], keys[0], NULL};
	const struct pack_entry entry = {.name = NAME, .data = SPAN(REPORT)};
	struct buf packed[3] = {{.cap = sizeof(REPORT)}};
	struct decode_input in = {.name = NAME, .authserv_id = ""};
	struct mail_run r;
	size_t i, k;

	pack_text(&packed[0], "%s", REPORT);
	packed[1] = pack_gzip(SPAN(REPORT));
	packed[2] = pack_zip(&entry, 1);
	mail_start(&r);
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		for (k = 0; k < 3; k++) {
			in.bytes = packed[k].data;
			in.len = packed[k].len;
			in.key = order[i];
			arena_reset(r.arena);
			decode_message(r.d, &in, r.arena, &r.out);
			cr_assert_eq(r.out.nreports, 1);
			expect_sum(r.out.reports[0], in.key);
		}
	for (k = 0; k < 3; k++)
		buf_free(&packed[k]);
	mail_end(&r);
}

Test(message, a_report_is_completed_by_what_is_around_it)
{
	const struct report *report;
	struct buf gz = pack_gzip(SPAN(REPORT));
	struct mail_run r;

	mail_start(&r);
	pack_text(&r.bytes, "%s",
	    "Received: from a by b (x; y) id 1;\r\n"
	    "\tSat, 21 Nov 2026 03:14:09 +0100 (CET)\r\n"
	    "Authentication-Results: " AUTHSERV ";\r\n"
	    "\tdkim=pass header.d=mail.example.org\r\n"
	    "Received: from c; Fri, 20 Nov 2026 00:00:00 +0000\r\n" FROM HEADERS
		TYPE TEXT);
	mail_put_base64(
	    &r, CT "application/tlsrpt+gzip\r\n", mail_bytes_of(&gz));
	mail_put_end(&r);
	mail_decode(&r);
	mail_assert_report(&r, 0, "complete");
	report = r.out.reports[0];
	cr_assert_str_eq(report->reporter, "mail.example.org");
	cr_assert_str_eq(report->submitter_header, "mail.example.org");
	cr_assert_str_eq(report->domain_header, "example.com");
	cr_assert_eq(report->received, INT64_C(1795227249));
	cr_assert_eq(report->authenticity, AUTH_VERIFIED);
	expect_sum(report, NULL);
	cr_assert_eq(report->original.encoding, ENCODING_GZIP);
	cr_assert_eq(report->original.json_len, strlen(REPORT));
	cr_assert_eq(report->original.len, gz.len);
	cr_assert_eq(memcmp(report->original.data, gz.data, gz.len), 0);
	buf_free(&gz);
	mail_end(&r);
}

Test(message, the_time_falls_back_to_the_date_and_to_the_source)
{
	static const struct {
		const char *header;
		int64_t time;
	} rows[] = {
	    {"Received: x; Sat, 21 Nov 2026 03:14:09 +0100\r\n",
		INT64_C(1795227249)},
	    {"Received: x; nonsense\r\n"
	     "Received: y; Sat, 21 Nov 2026 03:14:09 +0100\r\n"
	     "Date: Sat, 21 Nov 2026 02:14:06 +0000\r\n",
		INT64_C(1795227246)},
	    {"Received: no semicolon\r\n"
	     "Date: Sat, 21 Nov 2026 02:14:06 +0000\r\n",
		INT64_C(1795227246)},
	    {"Date: yesterday\r\n", 12345},
	    {"Subject: x\r\n", 12345},
	};
	struct mail_run r;
	size_t i;

	mail_start(&r);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		r.bytes.len = 0;
		pack_text(&r.bytes, "%s%s", rows[i].header,
		    CT "application/tlsrpt+json\r\n\r\n" REPORT);
		mail_decode(&r);
		cr_assert_eq(mail_only_report(&r, "time")->received,
		    rows[i].time, "row %zu", i);
	}
	mail_end(&r);
}

Test(message, gzip_with_other_bytes_behind_or_much_padding_is_not_kept)
{
	struct mail_run r;
	int padding;

	mail_start(&r);
	for (padding = 0; padding <= 1; padding++) {
		struct buf gz = pack_gzip(SPAN(REPORT));
		char *tail = support_repeat(padding ? '\0' : 'x', 2000);

		buf_append(&gz, tail, padding ? 2000 : 1);
		mail_put_claiming(&r);
		mail_put_base64(
		    &r, CT "application/tlsrpt+gzip\r\n", mail_bytes_of(&gz));
		mail_put_end(&r);
		mail_decode(&r);
		mail_assert_report(
		    &r, padding ? 0 : BIT(GZIP_TRAILING), "tail");
		cr_assert_eq(
		    r.out.reports[0]->original.encoding, ENCODING_DEFLATE);
		free(tail);
		buf_free(&gz);
	}
	mail_end(&r);
}

Test(message, bare_files_are_reports_without_notes_about_a_mail)
{
	static const struct {
		enum packing packing;
		uint64_t deviations;
	} rows[] = {
	    {PLAIN, 0},
	    {GZIP, 0},
	    {GZIP_IN_GZIP, 0},
	    {ZIP, BIT(ZIP)},
	    {GZIP_IN_ZIP, BIT(ZIP)},
	    {ZIP_IN_GZIP, BIT(ZIP)},
	};
	struct mail_run r;
	size_t i;

	mail_start(&r);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf b = mail_pack(rows[i].packing, SPAN(REPORT));

		mail_decode_named(&r, mail_bytes_of(&b), "x.json");
		mail_assert_report(&r, rows[i].deviations, "file");
		cr_assert_eq(r.out.reports[0]->received, 12345);
		cr_assert_eq(r.out.reports[0]->authenticity, AUTH_FAILED);
		buf_free(&b);
	}
	mail_decode_named(&r, SPAN("\xef\xbb\xbf\r\n" REPORT), "");
	mail_assert_report(&r, BIT(JSON_BOM), "BOM");
	mail_end(&r);
}

Test(message, bare_files_that_cannot_be_used_are_faults)
{
	static const struct {
		enum packing packing;
		struct span data;
		const char *reason;
	} rows[] = {
	    {PLAIN, {"{\"a\":", 5}, "JSON"},
	    {PLAIN, {NEGATIVE, sizeof(NEGATIVE) - 1}, "negative"},
	    {PLAIN, {"\x1f\x8b\x08", 3}, "gzip: truncated"},
	    {PLAIN, {"PK\3\4", 4}, "zip: "},
	    {GZIP, {"hello", 5}, "JSON"},
	    {GZIP, {"", 0}, "JSON"},
	    {ZIP, {"hello", 5}, "report.json: JSON"},
	    {ZIP, {NEGATIVE, sizeof(NEGATIVE) - 1}, "report.json: "},
	};
	struct mail_run r;
	size_t i;

	mail_start(&r);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf b = mail_pack(rows[i].packing, rows[i].data);

		mail_decode_named(&r, mail_bytes_of(&b), "x");
		mail_assert_fault(&r, FAULT_UNUSABLE, rows[i].reason);
		cr_assert_null(strstr(r.out.faults[0].reason, "part"));
		buf_free(&b);
	}
	mail_end(&r);
}

Test(message, bare_json_of_something_else_is_foreign)
{
	static const enum packing packings[] = {PLAIN, GZIP, ZIP};
	struct mail_run r;
	size_t i;

	mail_start(&r);
	for (i = 0; i < 3; i++) {
		struct buf b = mail_pack(packings[i], SPAN("{\"a\":1}"));

		mail_decode_named(&r, mail_bytes_of(&b), "x.json");
		mail_assert_foreign(&r, "other JSON");
		buf_free(&b);
	}
	mail_decode_named(&r, SPAN(""), "");
	mail_assert_foreign(&r, "nothing");
	mail_end(&r);
}

Test(message, a_file_name_in_any_bytes_attributes_a_bare_report)
{
	const struct report *report;
	struct mail_run r;

	mail_start(&r);
	mail_decode_named(&r, SPAN(DOMAINLESS),
	    "mail.example.org!example.com!1!2!"
	    "\xff\x1b.json");
	report = mail_only_report(&r, "name");
	cr_assert_str_eq(report->policies[0].domain, "example.com");
	cr_assert_str_eq(report->filename,
	    "mail.example.org!example.com!1!2!\xef\xbf\xbd\x1b.json");
	mail_end(&r);
}

Test(message, good_reports_count_beside_faults)
{
	struct buf gz = pack_gzip(SPAN(REPORT));
	struct mail_run r;

	mail_start(&r);
	mail_put_claiming(&r);
	mail_put_part(&r, CT "application/tlsrpt+json\r\n", SPAN(NEGATIVE));
	mail_put_base64(
	    &r, CT "application/tlsrpt+gzip\r\n", mail_bytes_of(&gz));
	mail_put_part(&r, CT "application/tlsrpt+json\r\n", SPAN("{\"a\":1}"));
	mail_put_part(&r, CT "application/json\r\n", SPAN("{\"a\":1}"));
	mail_put_end(&r);
	mail_decode(&r);
	mail_assert_counts(&r, 1, 2, "beside");
	cr_assert(span_starts(span_of(r.out.faults[0].reason),
		      "part 2: policies[0].summary"),
	    "%s", r.out.faults[0].reason);
	cr_assert_str_eq(r.out.faults[1].reason,
	    "part 4: JSON, but no TLS report (RFC 8460 4.4)");
	buf_free(&gz);
	mail_end(&r);
}

Test(message, a_zip_of_reports_gives_them_all)
{
	struct buf bad = pack_gzip(SPAN(REPORT));
	struct pack_entry entries[] = {{"reports/", SPAN(""), 0, 0},
	    {"reports/1.json", SPAN(REPORT), 0, 0},
	    {"reports/2.json", SPAN(DOMAINLESS), 0, 0},
	    {"reports/3.json.gz", {bad.data, bad.len - 1}, 0, 0},
	    {"reports/.4.json", SPAN("hidden"), 0, 0},
	    {"__MACOSX/5.json", SPAN("litter"), 0, 0},
	    {"README", SPAN("Read me"), 0, 0}};
	struct buf zip = pack_zip(entries, 7);
	struct mail_run r;

	mail_start(&r);
	mail_put_claiming(&r);
	mail_put_base64(
	    &r, CT "application/tlsrpt+zip\r\n", mail_bytes_of(&zip));
	mail_put_end(&r);
	mail_decode(&r);
	mail_assert_counts(&r, 2, 1, "zip");
	cr_assert_str_eq(r.out.faults[0].reason,
	    "part 2: reports/3.json.gz: gzip: truncated (RFC 1952)");
	buf_free(&zip);
	buf_free(&bad);
	mail_end(&r);
}

Test(message, a_long_name_in_a_zip_does_not_hide_the_reason)
{
	char *name = support_repeat('\xc3', 2000);
	struct pack_entry entry = {name, SPAN(NEGATIVE), 0, 0};
	struct mail_run r;
	struct buf zip;

	zip = pack_zip(&entry, 1);
	mail_start(&r);
	mail_decode_named(&r, mail_bytes_of(&zip), "x.zip");
	mail_assert_fault(&r, FAULT_UNUSABLE, "negative");
	buf_free(&zip);
	free(name);
	mail_end(&r);
}

Test(message, what_claims_nothing_and_is_damaged_is_foreign)
{
	struct buf gz = pack_gzip(SPAN(REPORT)), xml = pack_gzip(SPAN("<x/>"));
	struct mail_run r;

	mail_start(&r);
	mail_put_plain(&r);
	mail_put_base64(
	    &r, CT "application/gzip\r\n", (struct span){gz.data, gz.len - 9});
	mail_put_base64(&r, CT "application/octet-stream\r\n" CD("x.json.gz"),
	    (struct span){gz.data, 20});
	mail_put_base64(&r, CT "application/gzip\r\n", mail_bytes_of(&xml));
	mail_put_base64(&r, CT "application/zip\r\n", SPAN("PK\3\4damaged"));
	mail_put_part(&r, CT "application/json\r\n", SPAN("{\"a\":1}"));
	mail_put_part(&r, CT "application/json\r\n", SPAN("{\"a\":"));
	mail_put_part(&r, CT "application/json\r\n", SPAN("[1, 2]"));
	mail_put_part(&r, CT "text/plain\r\n", SPAN("{ see below }"));
	mail_put_end(&r);
	mail_decode(&r);
	mail_assert_foreign(&r, "damaged");
	buf_free(&gz);
	buf_free(&xml);
	mail_end(&r);
}

/* Decodes a mail whose header has n fields behind those that claim. */
static void
decode_fields(struct mail_run *r, const char *claims, size_t n)
{
	r->bytes.len = 0;
	pack_text(&r->bytes, "%s", claims);
	while (n-- > 0)
		pack_text(&r->bytes, "X-Field: x\r\n");
	pack_text(&r->bytes, "\r\nx");
	mail_decode(r);
}

Test(message, a_header_that_is_too_long_is_a_fault_of_what_claims_a_report)
{
	struct mail_run r;

	mail_start(&r);
	decode_fields(&r, HEADERS, 1000000);
	mail_assert_fault(&r, FAULT_BOUND, "(header_bytes)");
	decode_fields(
	    &r, HEADERS "DKIM-Signature: b\nDKIM-Signature: l\n", 100000);
	mail_assert_fault(&r, FAULT_BOUND, "(header_bytes)");
	decode_fields(&r, FROM, 100000);
	mail_assert_foreign(&r, "no claim");
	mail_end(&r);
}

Test(message, each_claim_without_a_report_is_a_fault)
{
	static const struct {
		const char *mail;
		const char *reason;
	} rows[] = {
	    {"TLS-Report-Domain: example.com\r\n\r\nx",
		"TLS-Report-Domain header: no report in it"},
	    {"TLS-Report-Submitter: a\r\n\r\nx",
		"TLS-Report-Submitter header: no report in it"},
	    {TYPE TEXT "--b--\r\n", "report-type=tlsrpt: no report in it"},
	    {"Content-Type: multipart/report; REPORT-TYPE=\"TLSRPT\"; "
	     "boundary=b\r\n" TEXT,
		"report-type=tlsrpt: no report in it"},
	    {CT "application/tlsrpt\r\n\r\nx", "part 1: JSON"},
	    {CT "application/tlsrpt+gzip\r\n\r\n", "part 1: JSON"},
	    {CT "application/tlsrpt+other\r\n\r\n<x/>", "part 1: JSON"},
	    {CT "image/png\r\n" CD("a!b!1!2.json") "\r\nx", "part 1: JSON"},
	    {CD("a!b!1!2!id.json.gz") "\r\n\x1f\x8b", "part 1: gzip"},
	    {HEADERS CT "application/gzip\r\n\r\n\x1f\x8b\x08",
		"part 1: gzip: truncated"},
	    {HEADERS CT "application/octet-stream\r\n\r\nnot JSON",
		"part 1: JSON"},
	    {MIXED TEXT "--b\r\nContent-Type: message/rfc822\r\n\r\n" HEADERS
			"\r\nx\r\n--b--\r\n",
		"TLS-Report-Submitter header: no report in it"},
	};
	struct mail_run r;
	size_t i;

	mail_start(&r);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		r.bytes.len = 0;
		pack_text(&r.bytes, "%s", rows[i].mail);
		mail_decode(&r);
		mail_assert_fault(&r, FAULT_UNUSABLE, rows[i].reason);
	}
	mail_end(&r);
}

Test(message, file_names_that_only_look_like_a_claim_are_none)
{
	static const char *const names[] = {"a!b!1!2.xml.gz", "a!b!1!2.zip",
	    "a!b!1.json", "a!b!x!2.json", "!b!1!2.json", "a!!1!2.json",
	    "a!b!1!.json", "a!b!1!2json", "a!b!1!2.json.xz", "report.json"};
	struct mail_run r;
	size_t i;

	mail_start(&r);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		mail_put_plain(&r);
		pack_text(&r.bytes,
		    "--b\r\nContent-Disposition: attachment; "
		    "filename=\"%s\"\r\n\r\n\x1f\x8b\x08\r\n",
		    names[i]);
		mail_put_end(&r);
		mail_decode(&r);
		mail_assert_foreign(&r, names[i]);
	}
	mail_end(&r);
}

Test(message, a_forwarded_report_is_attributed_by_its_own_header)
{
	static const char *const encodings[] = {"7bit", "base64"};
	static const char inner[] =
	    "From: a@mail.example.org\r\n"
	    "Subject: Report Domain: example.com\r\n"
	    "TLS-Report-Domain: inner.example\r\n" CT
	    "application/tlsrpt+json\r\n\r\n" DOMAINLESS "\r\n";
	struct mail_run r;
	size_t i;

	mail_start(&r);
	for (i = 0; i < 2; i++) {
		struct buf b = pack_base64(SPAN(inner));

		r.bytes.len = 0;
		pack_text(&r.bytes, "%s",
		    "TLS-Report-Domain: outer.example\r\n"
		    "TLS-Report-Submitter: outer.example\r\n" MIXED TEXT);
		pack_text(&r.bytes,
		    "--b\r\nContent-Type: message/rfc822\r\n"
		    "Content-Transfer-Encoding: %s\r\n\r\n%s\r\n",
		    encodings[i], i == 0 ? inner : buf_string(&b));
		mail_put_part(
		    &r, CT "application/tlsrpt+json\r\n", SPAN(DOMAINLESS));
		mail_put_end(&r);
		mail_decode(&r);
		mail_assert_counts(&r, 2, 0, encodings[i]);
		/* What is encoded is walked last. */
		cr_assert_str_eq(
		    r.out.reports[i]->policies[0].domain, "inner.example");
		cr_assert_str_eq(
		    r.out.reports[i]->submitter_header, "outer.example");
		cr_assert(mail_deviations(r.out.reports[i]) & BIT(FORWARDED));
		cr_assert_str_eq(
		    r.out.reports[1 - i]->policies[0].domain, "outer.example");
		cr_assert_not(
		    mail_deviations(r.out.reports[1 - i]) & BIT(FORWARDED));
		buf_free(&b);
	}
	mail_end(&r);
}

Test(message, faults_within_forwarded_mail_name_both_parts)
{
	struct mail_run r;

	mail_start(&r);
	mail_put_plain(&r);
	mail_put_base64(&r, CT "message/rfc822\r\n",
	    SPAN(FROM HEADERS TYPE TEXT
		"--b\r\n" CT "application/tlsrpt+json\r\n\r\n{\r\n--b--\r\n"));
	mail_put_end(&r);
	mail_decode(&r);
	mail_assert_fault(&r, FAULT_UNUSABLE, "part 2, part 2: JSON");
	mail_end(&r);
}

/* Wraps what is there into message/rfc822, in base64 or as it is. */
static void
wrap(struct mail_run *r, bool base64)
{
	struct buf inner = r->bytes;
	struct buf coded = base64 ? pack_base64(mail_bytes_of(&inner)) : inner;

	r->bytes = (struct buf){.cap = (size_t)64 << 20};
	pack_text(&r->bytes,
	    FROM CT "message/rfc822\r\nContent-Transfer-Encoding: %s\r\n\r\n",
	    base64 ? "base64" : "8bit");
	buf_append(&r->bytes, coded.data, coded.len);
	if (base64)
		buf_free(&coded);
	buf_free(&inner);
}

Test(message, depth_is_bound_through_encoded_messages)
{
	struct limits limits = LIMITS_DEFAULT;
	struct mail_run r;
	size_t depth;
	int base64;

	limits.mime_depth = 6;
	mail_start_with(&r, limits);
	for (base64 = 0; base64 <= 1; base64++) {
		r.bytes.len = 0;
		pack_text(&r.bytes, "%s",
		    FROM HEADERS CT "application/tlsrpt+json\r\n\r\n" REPORT);
		for (depth = 1; depth <= limits.mime_depth; depth++) {
			wrap(&r, base64);
			mail_decode(&r);
			cr_assert_eq(r.out.nreports, 1, "depth %zu", depth);
		}
		wrap(&r, base64);
		mail_decode(&r);
		/* No claim was seen so far out. */
		mail_assert_foreign(&r, "too deep");
	}
	mail_end(&r);
}

Test(message, parts_are_bound_through_encoded_messages)
{
	struct limits limits = LIMITS_DEFAULT;
	struct mail_run r, inner;
	int claims;
	size_t i;

	limits.mime_parts = 10;
	mail_start_with(&r, limits);
	mail_start(&inner);
	for (claims = 0; claims <= 1; claims++) {
		mail_put_plain(&inner);
		for (i = 0; i < 5; i++)
			mail_put_part(&inner, CT "text/plain\r\n", SPAN("x"));
		if (claims)
			mail_put_claiming(&r);
		else
			mail_put_plain(&r);
		for (i = 0; i < 2; i++)
			mail_put_base64(&r, CT "message/rfc822\r\n",
			    mail_bytes_of(&inner.bytes));
		mail_put_end(&r);
		mail_decode(&r);
		if (claims)
			mail_assert_fault(&r, FAULT_BOUND, "(mime_parts)");
		else
			mail_assert_foreign(&r, "parts");
	}
	mail_end(&inner);
	mail_end(&r);
}

Test(message, what_was_found_before_a_bound_stays)
{
	struct mail_run r;
	size_t i;

	mail_start(&r);
	mail_put_plain(&r);
	mail_put_part(&r, CT "application/tlsrpt+json\r\n", SPAN(REPORT));
	for (i = 0; i < r.limits.mime_parts; i++)
		mail_put_part(&r, CT "text/plain\r\n", SPAN("x"));
	mail_put_end(&r);
	mail_decode(&r);
	mail_assert_counts(&r, 1, 1, "before");
	cr_assert_eq(r.out.faults[0].kind, FAULT_BOUND);
	cr_assert_not_null(strstr(r.out.faults[0].reason, "mime_parts"));
	mail_end(&r);
}

Test(message, a_message_over_its_size_is_a_fault_that_names_the_bound)
{
	struct limits limits = LIMITS_DEFAULT;
	struct mail_run r;

	mail_start(&r);
	pack_text(&r.bytes, "%s",
	    FROM HEADERS CT "application/tlsrpt+json\r\n\r\n" REPORT);
	limits.message_bytes = r.bytes.len;
	decoder_free(r.d);
	r.d = decoder_new(&limits);
	mail_decode(&r);
	cr_assert_eq(r.out.nreports, 1);
	pack_text(&r.bytes, " ");
	mail_decode(&r);
	mail_assert_fault(&r, FAULT_BOUND, "(message_bytes)");
	mail_end(&r);
}

Test(message, items_are_bound)
{
	struct pack_entry entries[100];
	struct buf zip;
	struct mail_run r;
	size_t i;

	mail_start(&r);
	for (i = 0; i < 100; i++)
		entries[i] = (struct pack_entry){"x.json", SPAN(REPORT), 0, 0};
	zip = pack_zip(entries, 100);
	mail_put_claiming(&r);
	for (i = 0; i < 12; i++)
		mail_put_base64(
		    &r, CT "application/zip\r\n", mail_bytes_of(&zip));
	mail_put_end(&r);
	mail_decode(&r);
	mail_assert_counts(&r, ITEMS_MAX - 1, 1, "items");
	cr_assert_eq(r.out.faults[0].kind, FAULT_BOUND);
	cr_assert_not_null(strstr(r.out.faults[0].reason, "ITEMS_MAX"));
	buf_free(&zip);
	mail_end(&r);
}

Test(message, cut_anywhere_a_mail_gives_a_report_or_a_fault_or_nothing)
{
	static const char *const files[] = {"good/gzip.eml",
	    "good/json-quoted-printable.eml", "lenient/gzip-in-zip.eml",
	    "lenient/forwarded-in-base64.eml"};
	struct mail_run r;
	size_t i, len;

	mail_start(&r);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct buf b = support_read(files[i]);

		for (len = 0; len < b.len; len++) {
			mail_decode_named(&r, (struct span){b.data, len}, "");
			cr_assert_leq(r.out.nreports + r.out.nfaults, 1);
		}
		buf_free(&b);
	}
	mail_end(&r);
}

Test(message, bytes_changed_anywhere_do_no_harm)
{
	static const char *const files[] = {"good/gzip.eml",
	    "lenient/gzip-in-zip.eml", "lenient/forwarded.eml"};
	struct mail_run r;
	size_t i, at;

	mail_start(&r);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct buf b = support_read(files[i]);

		for (at = 0; at < b.len; at++) {
			b.data[at] ^= 0x15;
			mail_decode_named(&r, mail_bytes_of(&b), "");
			b.data[at] ^= 0x15;
		}
		buf_free(&b);
	}
	mail_end(&r);
}

Test(message, authenticity_is_judged_by_the_outermost_header)
{
	struct mail_run r;

	mail_start(&r);
	mail_decode_file(&r, "good/gzip.eml");
	cr_assert_eq(r.out.reports[0]->authenticity, AUTH_VERIFIED);
	mail_decode_file(&r, "hostile/forged-authentication-results.eml");
	cr_assert_eq(r.out.reports[0]->authenticity, AUTH_FAILED);
	mail_decode_file(&r, "lenient/dkim-length-tag.eml");
	cr_assert_eq(r.out.reports[0]->authenticity, AUTH_VERIFIED);
	mail_end(&r);
}

Test(message, free_takes_null)
{
	decoder_free(NULL);
}

Test(message, a_report_behind_a_forwarded_mail_keeps_its_own_header)
{
	struct mail_run r;

	mail_start(&r);
	pack_text(&r.bytes, "%s",
	    FROM HEADERS MIXED
	    "\r\n--b\r\n" CT "message/rfc822\r\n\r\n"
	    "From: somebody@example.net\r\nSubject: not a report\r\n"
	    "TLS-Report-Domain: example.net\r\n\r\nHello.\r\n"
	    "--b\r\n" CT "multipart/report; boundary=c\r\n\r\n"
	    "--c\r\n" CT "application/tlsrpt+json\r\n\r\n" DOMAINLESS "\r\n"
	    "--c--\r\n--b--\r\n");
	mail_decode(&r);
	cr_assert_eq(r.out.nreports, 1);
	cr_assert_str_eq(r.out.reports[0]->policies[0].domain, "example.com");
	mail_end(&r);
}
