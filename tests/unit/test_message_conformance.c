/* SPDX-License-Identifier: ISC */

/*
 * The conformance list of RFC 8460, as far as it is about mail.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "mail_kit.h"
#include "pack.h"

Test(message, conformance_60_report_type_quoted_or_not)
{
	static const char *const types[] = {"report-type=tlsrpt",
	    "report-type=\"tlsrpt\"", "Report-Type = \"TLSRPT\"",
	    "report-type=\r\n\t\"tlsrpt\""};
	struct mail_run r;
	size_t i;

	mail_start(&r);
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		r.bytes.len = 0;
		pack_text(&r.bytes,
		    "%sContent-Type: multipart/report; %s; boundary=b\r\n%s",
		    FROM HEADERS, types[i], TEXT);
		mail_put_part(
		    &r, CT "application/tlsrpt+json\r\n", SPAN(REPORT));
		mail_put_end(&r);
		mail_decode(&r);
		mail_assert_report(&r, 0, types[i]);
	}
	mail_end(&r);
}

Test(message, conformance_61_gzip_in_base64)
{
	struct mail_run r;

	mail_start(&r);
	mail_decode_file(&r, "good/gzip.eml");
	mail_assert_report(&r, 0, "gzip");
	cr_assert_eq(r.out.reports[0]->original.encoding, ENCODING_GZIP);
	mail_end(&r);
}

/* Encodes everything but letters and digits, in short lines. */
static struct buf
quote(const char *text)
{
	struct buf b = {.cap = 1000000};
	size_t i;

	for (i = 0; text[i] != '\0'; i++) {
		if (ascii_is_alnum(text[i]))
			pack_text(&b, "%c", text[i]);
		else
			pack_text(&b, "=%02X", (unsigned char)text[i]);
		if (i % 20 == 19)
			pack_text(&b, "=\r\n");
	}
	return b;
}

Test(message, conformance_62_json_in_every_encoding)
{
	static const char *const encodings[] = {"base64", "quoted-printable",
	    "8bit", "7bit", "binary", "BASE64", "x-unheard-of"};
	struct buf coded[] = {pack_base64(SPAN(REPORT)), quote(REPORT)};
	struct mail_run r;
	char header[200];
	size_t i;

	mail_start(&r);
	for (i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++) {
		snprintf(header, sizeof(header),
		    CT "application/tlsrpt+json\r\n"
		       "Content-Transfer-Encoding: %s\r\n",
		    encodings[i]);
		mail_put_claiming(&r);
		mail_put_part(&r, header,
		    i == 0 || i == 5 ? mail_bytes_of(&coded[0])
			: i == 1     ? mail_bytes_of(&coded[1])
				     : SPAN(REPORT));
		mail_put_end(&r);
		mail_decode(&r);
		mail_assert_report(
		    &r, i == 6 ? BIT(TRANSFER_ENCODING) : 0, encodings[i]);
	}
	mail_put_claiming(&r);
	mail_put_part(&r,
	    CT "application/tlsrpt+json\r\n"
	       "Content-Transfer-Encoding: base64\r\n",
	    SPAN(REPORT));
	mail_put_end(&r);
	mail_decode(&r);
	mail_assert_report(&r, BIT(TRANSFER_ENCODING), "JSON that says base64");
	buf_free(&coded[0]);
	buf_free(&coded[1]);
	mail_end(&r);
}

Test(message, conformance_63_file_names_in_every_form_attribute)
{
	static const char *const forms[] = {
	    "filename=\"mail.example.org!example.com!1!2.json\"",
	    "filename=mail.example.org!example.com!1!2.json",
	    "\r\n\tfilename=\r\n \"mail.example.org!example.com!1!2.json\"",
	    "filename*=utf-8''mail.example.org%21example.com%211%212.json",
	    "filename*0=\"mail.example.org!\"; filename*1=\"example.com!1!2\";"
	    "\r\n filename*2=.json",
	    "filename=\"=?utf-8?Q?mail=2Eexample=2Eorg!example=2Ecom!1!2=2Ejson"
	    "?=\"",
	    "filename=\"=?utf-8?B?bWFpbC5leGFtcGxlLm9yZyFleGFtcGxlLmNvbSEx"
	    "ITIuanNvbg==?=\"",
	    "filename=\"/var/tmp/mail.example.org!example.com!1!2.json\"",
	};
	struct mail_run r;
	size_t i;

	mail_start(&r);
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		r.bytes.len = 0;
		pack_text(&r.bytes,
		    FROM CT "application/octet-stream\r\n"
			    "Content-Disposition: attachment; %s\r\n\r\n%s",
		    forms[i], DOMAINLESS);
		mail_decode(&r);
		cr_assert_str_eq(
		    mail_only_report(&r, forms[i])->policies[0].domain,
		    "example.com", "%s", forms[i]);
		cr_assert(mail_deviations(r.out.reports[0]) &
		    BIT(DOMAIN_FROM_FILENAME));
	}
	mail_end(&r);
}

Test(message, conformance_64_extra_parts_are_ignored)
{
	struct mail_run r;

	mail_start(&r);
	mail_decode_file(&r, "good/extra-parts.eml");
	mail_assert_report(&r, 0, "extra parts");
	mail_end(&r);
}

Test(message, conformance_65_octet_stream_named_json_gz_is_noted)
{
	struct mail_run r;

	mail_start(&r);
	mail_decode_file(&r, "lenient/octet-stream-named-json-gz.eml");
	mail_assert_report(&r, BIT(MEDIA_TYPE), "octet-stream");
	mail_end(&r);
}

Test(message, conformance_66_gzip_that_is_json_is_noted)
{
	struct mail_run r;

	mail_start(&r);
	mail_decode_file(&r, "lenient/says-gzip-is-json.eml");
	mail_assert_report(&r, BIT(GZIP_EXPECTED), "plain");
	cr_assert_eq(r.out.reports[0]->original.encoding, ENCODING_DEFLATE);
	mail_end(&r);
}

Test(message, conformance_67_damaged_gzip_stores_nothing)
{
	struct buf gz = pack_gzip(SPAN(REPORT));
	struct mail_run r;
	size_t len;

	mail_start(&r);
	for (len = 0; len < gz.len; len++) {
		mail_put_claiming(&r);
		mail_put_base64(&r, CT "application/tlsrpt+gzip\r\n",
		    (struct span){gz.data, len});
		mail_put_end(&r);
		mail_decode(&r);
		mail_assert_fault(&r, FAULT_UNUSABLE, "part 2: ");
	}
	gz.data[gz.len - 8] ^= 1;
	mail_put_claiming(&r);
	mail_put_base64(
	    &r, CT "application/tlsrpt+gzip\r\n", mail_bytes_of(&gz));
	mail_put_end(&r);
	mail_decode(&r);
	mail_assert_fault(
	    &r, FAULT_UNUSABLE, "incorrect data check (RFC 1952)");
	buf_free(&gz);
	mail_end(&r);
}

Test(message, conformance_68_gzip_members_are_joined)
{
	struct mail_run r;

	mail_start(&r);
	mail_decode_file(&r, "good/gzip-of-two-members.eml");
	mail_assert_report(&r, 0, "members");
	cr_assert_eq(r.out.reports[0]->original.encoding, ENCODING_GZIP);
	mail_end(&r);
}

Test(message, conformance_69_what_is_over_a_limit_is_rejected)
{
	struct limits limits = LIMITS_DEFAULT;
	struct buf gz = pack_gzip(SPAN(REPORT));
	struct mail_run r;

	limits.json_bytes = strlen(REPORT) - 1;
	mail_start_with(&r, limits);
	mail_put_claiming(&r);
	mail_put_base64(
	    &r, CT "application/tlsrpt+gzip\r\n", mail_bytes_of(&gz));
	mail_put_end(&r);
	mail_decode(&r);
	mail_assert_fault(&r, FAULT_BOUND, "(json_bytes)");
	buf_free(&gz);
	mail_end(&r);
}

Test(message, conformance_70_a_name_is_never_a_path)
{
	struct mail_run r;

	mail_start(&r);
	mail_decode_file(&r, "hostile/zip-path-traversal.eml");
	mail_assert_report(&r, IN_ZIP, "path");
	mail_put_claiming(&r);
	mail_put_part(&r,
	    CT "application/tlsrpt+json\r\n" CD("../../x!../../y!1!2.json"),
	    SPAN(REPORT));
	mail_put_end(&r);
	mail_decode(&r);
	mail_assert_report(&r, 0, "path");
	mail_end(&r);
}

Test(message, conformance_71_the_body_wins)
{
	struct mail_run r;

	mail_start(&r);
	pack_text(&r.bytes, "%s",
	    "Subject: Report Domain: subject.example Submitter: s.example "
	    "Report-ID: <other@s.example>\r\n"
	    "TLS-Report-Domain: header.example\r\n"
	    "TLS-Report-Submitter: mail.example.org\r\n" CT
	    "application/tlsrpt+json\r\n" CD(
		"a!name.example!1!2.json") "\r\n" REPORT);
	mail_decode(&r);
	mail_assert_report(&r, BIT(REPORT_TYPE_MISSING), "body");
	cr_assert_str_eq(r.out.reports[0]->id, "id-1");
	mail_end(&r);
}

Test(message, conformance_72_missing_headers_are_noted)
{
	struct mail_run r;

	mail_start(&r);
	mail_decode_file(&r, "lenient/no-report-headers.eml");
	mail_assert_report(&r,
	    BIT(SUBMITTER_HEADER_MISSING) | BIT(DOMAIN_HEADER_MISSING),
	    "headers");
	cr_assert_str_eq(r.out.reports[0]->reporter, "mail.example.org");
	mail_end(&r);
}

Test(message, conformance_75_a_dkim_length_tag_is_noted)
{
	struct mail_run r;

	mail_start(&r);
	mail_decode_file(&r, "lenient/dkim-length-tag.eml");
	mail_assert_report(&r, BIT(DKIM_LENGTH_TAG), "l=");
	mail_end(&r);
}

Test(message, conformance_79_other_mail_is_foreign)
{
	static const char *const files[] = {
	    "good/foreign-bounce-of-a-report.eml",
	    "good/foreign-receipt-for-a-report.eml",
	    "good/foreign-dmarc-gzip.eml", "good/foreign-dmarc-zip.eml",
	    "good/foreign-newsletter.eml", "good/foreign-broken-gzip.eml",
	    "good/foreign-plain-text.eml"};
	struct mail_run r;
	size_t i;

	mail_start(&r);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		mail_decode_file(&r, files[i]);
		mail_assert_foreign(&r, files[i]);
	}
	mail_end(&r);
}

Test(message, conformance_79_nothing_in_a_bounce_counts)
{
	/* Whatever tells that it is one, and however the report is in it. */
	static const char *const heads[] = {
	    "Content-Type: multipart/report; report-type=delivery-status; "
	    "boundary=b\r\n" TEXT,
	    "Content-Type: multipart/report; boundary=b; "
	    "report-type=\"feedback-report\"\r\n" HEADERS TEXT,
	    MIXED TEXT "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
		       "Action: failed\r\n"};
	struct mail_run r, inner;
	size_t i;
	int base64;

	mail_start(&r);
	mail_start(&inner);
	mail_put_claiming(&inner);
	mail_put_part(&inner, CT "application/tlsrpt+json\r\n", SPAN(REPORT));
	mail_put_end(&inner);
	for (i = 0; i < 3; i++)
		for (base64 = 0; base64 <= 1; base64++) {
			r.bytes.len = 0;
			pack_text(&r.bytes, "%s%s", FROM, heads[i]);
			(base64 ? mail_put_base64 : mail_put_part)(&r,
			    CT "message/rfc822\r\n",
			    mail_bytes_of(&inner.bytes));
			mail_put_part(&r, CT "application/tlsrpt+json\r\n",
			    SPAN(NEGATIVE));
			mail_put_end(&r);
			mail_decode(&r);
			mail_assert_foreign(&r, heads[i]);
		}
	mail_end(&inner);
	mail_end(&r);
}
