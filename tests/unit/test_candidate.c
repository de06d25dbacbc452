/* SPDX-License-Identifier: ISC */

/*
 * Which header fields make a message worth fetching: those of every mail that
 * holds a report, and not those of ordinary mail.
 */

#include "config.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode/candidate.h"
#include "jail/jail.h"
#include "support.h"

#define ORDINARY "From: a@example.org\r\nSubject: Lunch?\r\n"

/* Judges each of a list that ends with NULL. */
static void
all_are(bool likely, const char *const *list)
{
	for (; *list != NULL; list++)
		cr_assert_eq(
		    candidate_is_likely(span_of(*list)), likely, "%s", *list);
}

Test(candidate, subjects_that_name_a_report_are_likely)
{
	static const char *const likely[] = {
	    "Subject: Report Domain: example.com Submitter: x Report-ID: <1>",
	    "subject:report domain: example.com",
	    "SUBJECT : REPORT DOMAIN: EXAMPLE.COM\r\n",
	    "Subject: Report\r\n Domain: example.com\r\n",
	    "Subject: Report\n\tDomain: example.com\n",
	    "Subject: Fwd: Report Domain: example.com",
	    "Subject: Re: WG: TR: Report-ID: 1",
	    "Subject: [list] tls report for example.com", "Subject: TLS-Report",
	    "Subject: TLSRPT", "Subject: tls-rpt 12",
	    "Subject: Your SMTP TLS summary", "Subject: SMTP-TLS",
	    "Subject: =?utf-8?Q?Report_Domain:_example.com?=",
	    "Subject: =?UTF-8?B?UmVwb3J0IERvbWFpbjogZXhhbXBsZS5jb20=?=",
	    "Subject: =?utf-8?Q?Fwd:_Report?=\r\n =?utf-8?Q?_Domain?=",
	    "Subject: =?iso-8859-1?q?T=4CS_report?=",
	    "Subject: =?utf-8?Q?Report_Domain", /* broken */
	    "Subject: Lunch?\r\nSubject: TLS report",
	    "From: tlsrpt-noreply@example.org",
	    "From: <noreply-smtp-tls-reporting@example.org>",
	    "From: =?utf-8?Q?TLS_Reports?= <a@example.org>", NULL};

	all_are(true, likely);
}

Test(candidate, content_types_that_may_be_a_report_are_likely)
{
	static const char *const likely[] = {
	    "Content-Type: multipart/report; report-type=tlsrpt",
	    "Content-Type: Multipart/Report;\r\n\tReport-Type=\"TLSRPT\"",
	    "Content-Type: multipart/report; report-type=tlsrpts",
	    "Content-Type: multipart/report; report-type=tls-rpt",
	    "Content-Type: multipart/report; report-type=\"\"",
	    "Content-Type: multipart/report; boundary=x",
	    "Content-Type: (comment) multipart/report",
	    "Content-Type: multipart/mixed; report-type=tlsrpt",
	    "ContentType: multipart/report",
	    "Content-Type: application/tlsrpt+gzip",
	    "Content-Type: application/tlsrpt+json",
	    "Content-Type: application/tlsrpt",
	    "Content-Type: application/json", "Content-Type: text/json",
	    "Content-Type: application/gzip", "Content-Type: application/zip",
	    "Content-Type: application/x-gzip; name=x",
	    "Content-Type: application/octet-stream",
	    "Content-Type: application/x-unheard-of",
	    "Content-Type: message/rfc822",
	    "Content-Type: text/plain; name=\"a!b!1!2.json\"",
	    "Content-Type: text/plain; name*=utf-8''a%21b%211%212.json.gz",
	    "Content-Type: text/plain;\r\n name*0=\"a!b!1\";\r\n"
	    " name*1=\"!2.zip\"",
	    "Content-Disposition: attachment; filename=x.json",
	    "Content-Disposition: attachment; filename=\"x.JSON.GZ\"",
	    "Content-Disposition: attachment; filename=\"a!b.zip\"",
	    "Content-Disposition: attachment;"
	    " filename=\"=?utf-8?B?YS5qc29u?=\"",
	    "TLS-Report-Domain: example.com",
	    "tls-report-submitter:", "TLS-Report-Organization: x", NULL};

	all_are(true, likely);
}

Test(candidate, ordinary_mail_is_not_likely)
{
	static const char *const unlikely[] = {ORDINARY, "Subject: \r\n",
	    "Subject: Quarterly report",
	    "Subject: Domain report: your names expire",
	    "Subject: How to use TLS", "Subject: =?utf-8?B?R3LDvMOfZQ==?=",
	    "From: TLS Ltd. <sales@example.org>",
	    "To: tls-reports@example.com", /* not asked for */
	    ORDINARY "Content-Type: text/plain; charset=utf-8",
	    ORDINARY "Content-Type: multipart/alternative; boundary=tlsrpt",
	    ORDINARY "Content-Type: multipart/mixed; boundary=\"tlsrpt.json\"",
	    ORDINARY "Content-Type: text/html; name=index.html",
	    ORDINARY "Content-Type: image/png; name=x.png",
	    ORDINARY "Content-Type: multipart/report;"
		     " report-type=delivery-status",
	    ORDINARY "Content-Type: multipart/report;"
		     " report-type=\"Disposition-Notification\"",
	    ORDINARY "Content-Type: multipart/report;"
		     " report-type=feedback-report",
	    ORDINARY "Content-Disposition: attachment; filename=x.pdf",
	    ORDINARY "Content-Type:", NULL};

	all_are(false, unlikely);
}

Test(candidate, what_has_no_fields_is_likely)
{
	static const char *const likely[] = {"", "\r\n", "{\"policies\"", NULL};

	all_are(true, likely);
	cr_assert(candidate_is_likely((struct span){NULL, 0}));
}

Test(candidate, a_nul_hides_nothing)
{
	cr_assert(candidate_is_likely(SPAN("Subject: a\0 TLS report")));
	cr_assert(candidate_is_likely(SPAN("X: \0\r\nSubject: TLS report")));
}

Test(candidate, a_header_cut_at_any_byte_is_judged)
{
	static const char head[] =
	    "Subject: =?utf-8?Q?Fwd:_Lunch?= =?x?B?//8=?=\r\n"
	    "Content-Type: multipart/mixed (a (b) c);\r\n"
	    "\tname*0*=utf-8'en'%41; name*1=\"b\\\"c\"\r\n"
	    "Content-Disposition: attachment; filename=\"a\r\n b\"\r\n";
	size_t len;
	char *copy;

	for (len = 0; len < sizeof(head); len++) {
		/* A copy of its own, so that a byte too far is noticed. */
		copy = malloc(len + 1);
		cr_assert_not_null(copy);
		memcpy(copy, head, len);
		(void)candidate_is_likely((struct span){copy, len});
		free(copy);
	}
}

Test(candidate, a_large_header_is_judged_in_linear_time)
{
	struct buf b = {.cap = (size_t)1 << 20};
	size_t i;

	for (i = 0; i < 20000; i++)
		buf_append(&b, "Subject: =?utf-8?Q?a?=\r\n\t\"(\r\n", 29);
	cr_assert_not(candidate_is_likely((struct span){b.data, b.len}));
	buf_append(&b, "Subject: tlsrpt", 15);
	cr_assert(candidate_is_likely((struct span){b.data, b.len}));
	buf_free(&b);
}

/* The header of a mail, or all of it. */
static struct span
head_of(const struct buf *mail)
{
	struct span all = {mail->data, mail->len}, rest = all, line;

	while (rest.len > 0) {
		line = span_cut(&rest, '\n');
		if (span_trim(line).len == 0)
			return (struct span){all.p, all.len - rest.len};
	}
	return all;
}

/* Judges each mail of a folder of tests/data by its header and by all of it;
 * returns how many were looked at. */
static size_t
hold_against_decoder(const char *folder)
{
	struct limits limits = LIMITS_DEFAULT;
	struct jail *j = support_jail(&limits);
	struct arena *arena = arena_new(4096);
	DIR *dir = opendir(support_data(folder));
	const struct dirent *entry;
	struct jail_input in = {.name = "", .authserv_id = ""};
	struct decoded out;
	struct buf mail;
	struct span head;
	char name[512];
	size_t n = 0;

	cr_assert_not_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		if (!span_ends(span_of(entry->d_name), ".eml"))
			continue;
		snprintf(name, sizeof(name), "%s/%s", folder, entry->d_name);
		mail = support_read(name);
		head = head_of(&mail);
		in.bytes = mail.data;
		in.len = mail.len;
		arena_reset(arena);
		cr_assert_eq(jail_decode(j, &in, arena, &out, NULL), 0);
		if (out.nreports > 0)
			cr_assert(jail_may_be_report(j, head.p, head.len), "%s",
			    name);
		buf_free(&mail);
		n++;
	}
	closedir(dir);
	arena_free(arena);
	jail_free(j);
	return n;
}

Test(candidate, every_mail_with_a_report_is_likely)
{
	cr_assert_gt(hold_against_decoder("good"), 10);
	cr_assert_gt(hold_against_decoder("lenient"), 20);
	cr_assert_gt(hold_against_decoder("hostile"), 10);
}

Test(candidate, newsletters_and_bounces_are_not_likely)
{
	static const char *const names[] = {"good/foreign-newsletter.eml",
	    "good/foreign-bounce-of-a-report.eml"};
	struct buf mail;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		mail = support_read(names[i]);
		cr_assert_not(
		    candidate_is_likely(head_of(&mail)), "%s", names[i]);
		buf_free(&mail);
	}
}

Test(candidate, a_header_over_its_bound_is_for_the_decoder)
{
	struct limits limits = LIMITS_DEFAULT;
	struct span head = SPAN(ORDINARY);
	struct jail *j;

	limits.header_bytes = head.len;
	j = support_jail(&limits);
	cr_assert_not(jail_may_be_report(j, head.p, head.len));
	jail_free(j);
	limits.header_bytes = head.len - 1;
	j = support_jail(&limits);
	cr_assert(jail_may_be_report(j, head.p, head.len));
	jail_free(j);
}
