/* SPDX-License-Identifier: ISC */

/*
 * The digest as a mail: its header, its parts, and that nothing reported can
 * end one of them.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "output/escape.h"
#include "output/mail.h"
#include "page_kit.h"

static char *
mailed(struct page *page)
{
	page->view.mail = (struct mail_addresses){
	    "tlstally@mail.example.com", "a@example.com, b@example.net"};
	return page_render_as(page, &output_mail);
}

static char *
subject(struct page *page)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	const struct words w = {.out = out, .put = escape_text};

	cr_assert_not_null(out);
	page->view.figures = digest_figures(page->digest);
	mail_subject(&w, &page->view);
	cr_assert_eq(fclose(out), 0);
	page_free(page);
	return text;
}

static void
give(struct page *page, const char *domain, int64_t failed)
{
	struct given g = {.day = FRIDAY,
	    .domain = domain,
	    .reporter = "google.com",
	    .type = POLICY_STS,
	    .mode = MODE_ENFORCE,
	    .successful = 10,
	    .failed = failed};

	page_give(page, &g);
	if (failed == 0)
		return;
	g.successful = -1;
	g.result = RESULT_CERTIFICATE_EXPIRED;
	g.mx = "mx.example.com";
	page_give(page, &g);
}

Test(mail, dates_are_those_of_mail)
{
	static const struct {
		int64_t t;
		const char *want;
	} dates[] = {{0, "Thu, 1 Jan 1970 00:00:00 +0000"},
	    {-1, "Wed, 31 Dec 1969 23:59:59 +0000"},
	    {1795132799, "Thu, 19 Nov 2026 23:59:59 +0000"},
	    {951782400, "Tue, 29 Feb 2000 00:00:00 +0000"}};
	char got[MAIL_DATE_SIZE];
	int64_t back;
	size_t i;

	for (i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		mail_date(dates[i].t, got);
		cr_expect_str_eq(got, dates[i].want);
		cr_assert_eq(date_parse_rfc5322(span_of(got), &back), 0);
		cr_assert_eq(back, dates[i].t);
	}
}

Test(mail, the_subject_says_the_verdict)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);
	char *got;

	give(&page, "example.com", 3);
	got = subject(&page);
	cr_assert_str_eq(
	    got, "FAILING: example.com, TLS reports of 2026-11-20");
	free(got);

	page = page_new(FRIDAY - 6, FRIDAY, BY_TOTAL);
	give(&page, "example.com", 3);
	give(&page, "example.net", 0);
	page.view.group = "Customer";
	got = subject(&page);
	cr_assert_str_eq(got,
	    "Customer: 1 failing, 1 ok, TLS reports of 2026-11-14 to "
	    "2026-11-20");
	free(got);

	page = page_new(FRIDAY, FRIDAY, BY_TOTAL);
	got = subject(&page);
	cr_assert_str_eq(got, "no reports, TLS reports of 2026-11-20");
	free(got);
}

Test(mail, a_domain_counts_once_however_many_days_there_are)
{
	struct page page = page_new(FRIDAY - 1, FRIDAY, BY_DAY);
	struct given g = {.day = FRIDAY - 1,
	    .domain = "example.com",
	    .reporter = "google.com",
	    .type = POLICY_STS,
	    .successful = 5};
	char *got;

	give(&page, "example.com", 3);
	give(&page, "example.net", 3);
	page_give(&page, &g);
	g.domain = "example.org";
	page_give(&page, &g);
	got = subject(&page);
	cr_assert_eq(strncmp(got, "2 failing, 1 ok, ", 17), 0, "%s", got);
	free(got);
}

/* Returns how many lines are exactly that. */
static size_t
count_lines(const char *text, const char *line)
{
	const size_t len = strlen(line);
	size_t n = 0, m;

	for (; *text != '\0'; text += m + 1) {
		m = strcspn(text, "\n");
		n += m == len && strncmp(text, line, m) == 0;
		cr_assert(m <= 78, "%.90s", text);
	}
	return n;
}

static void
check_mail(const char *text)
{
	cr_assert_eq(count_lines(text, "--=_tlstally_mixed"), 2);
	cr_assert_eq(count_lines(text, "--=_tlstally_mixed--"), 1);
	cr_assert_eq(count_lines(text, "--=_tlstally_alternative"), 2);
	cr_assert_eq(count_lines(text, "--=_tlstally_alternative--"), 1);
	cr_assert_eq(count_lines(text, "From: tlstally@mail.example.com"), 1);
	cr_assert_eq(count_lines(text, "To: a@example.com, b@example.net"), 1);
	cr_assert_eq(count_lines(text, "Auto-Submitted: auto-generated"), 1);
}

Test(mail, a_message_has_its_parts)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);
	char *text;

	give(&page, "example.com", 3);
	text = mailed(&page);
	check_mail(text);
	cr_assert_not_null(
	    strstr(text, "Subject: FAILING: example.com, TLS reports"));
	cr_assert_not_null(
	    strstr(text, "filename=\"tlstally-2026-11-20.csv\""));
	cr_assert_not_null(strstr(text, "@mail.example.com>\n"));
	free(text);
}

Test(mail, nothing_reported_ends_a_part_or_the_header)
{
	static const char *const hostile[] = {"a\r\nBcc: x@example.org\r\n",
	    "\n--=_tlstally_mixed--\n", "\n\n.\n", "=?UTF-8?Q?x?=", "\xff",
	    "b\xc3\xbc\x63her.example"};
	size_t i;

	for (i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);
		char *text;

		give(&page, hostile[i], 3);
		page.view.store = hostile[i];
		text = mailed(&page);
		check_mail(text);
		cr_assert_null(strstr(text, "\nBcc"));
		cr_assert_null(strchr(text, '\r'));
		free(text);
	}
}
