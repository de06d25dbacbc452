/* SPDX-License-Identifier: ISC */

/*
 * The HTML digest: whatever is reported, the page is well-formed, has no
 * markup but its own, runs nothing and loads nothing.  How it looks is tried
 * in a browser, by tests/heavy.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "output/html.h"
#include "page_kit.h"

/* Nested deeper than any page of ours. */
#define DEPTH_MAX 32

static char *
rendered(struct page *page)
{
	return page_render_as(page, &output_html);
}

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

/* ---- a strict reader ---- */

struct reader {
	const char *p;
	char open[DEPTH_MAX][16];
	size_t depth;
};

static size_t
name_length(const char *p)
{
	return strspn(p,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789");
}

static void
read_attributes(struct reader *r)
{
	static const char *const allowed[] = {"lang", "xmlns", "charset",
	    "http-equiv", "content", "name", "class", "id", "href", "scope",
	    "open", "role", "viewBox", "preserveAspectRatio", "x", "y", "width",
	    "height", "aria-labelledby", "aria-describedby"};
	size_t i, n;

	while (*r->p == ' ') {
		r->p++;
		n = name_length(r->p);
		for (i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
			if (strlen(allowed[i]) == n &&
			    strncmp(allowed[i], r->p, n) == 0)
				break;
		cr_assert(i < sizeof(allowed) / sizeof(allowed[0]),
		    "attribute: %.40s", r->p);
		cr_assert_eq(strncmp(r->p + n, "=\"", 2), 0, "%.40s", r->p);
		if (strncmp(r->p, "href", 4) == 0)
			cr_assert_eq(r->p[6], '#', "%.40s", r->p);
		r->p += n + 2;
		n = strcspn(r->p, "\"<");
		cr_assert_eq(r->p[n], '"');
		r->p += n + 1;
	}
}

static void
read_tag(struct reader *r)
{
	size_t n;

	if (strncmp(r->p, "</", 2) == 0) {
		n = name_length(r->p + 2);
		cr_assert(r->depth > 0);
		r->depth--;
		cr_assert_eq(strlen(r->open[r->depth]), n, "%.40s", r->p);
		cr_assert_eq(
		    strncmp(r->open[r->depth], r->p + 2, n), 0, "%.40s", r->p);
		r->p += n + 2;
	} else {
		n = name_length(r->p + 1);
		cr_assert(
		    n > 0 && n < 16 && r->depth < DEPTH_MAX, "%.40s", r->p);
		memcpy(r->open[r->depth], r->p + 1, n);
		r->open[r->depth++][n] = '\0';
		r->p += n + 1;
		read_attributes(r);
		if (*r->p == '/') {
			r->p++;
			r->depth--;
		}
	}
	cr_assert_eq(*r->p, '>', "%.40s", r->p);
	r->p++;
}

static void
read_entity(struct reader *r)
{
	size_t n = strcspn(r->p, ";");

	cr_assert((n == 4 && strncmp(r->p, "&amp", n) == 0) ||
		(n == 3 && strncmp(r->p, "&lt", n) == 0) ||
		(n == 3 && strncmp(r->p, "&gt", n) == 0) ||
		(n == 5 && strncmp(r->p, "&quot", n) == 0) ||
		(n == 4 && strncmp(r->p, "&#39", n) == 0),
	    "%.40s", r->p);
	r->p += n + 1;
}

static void
check_page(const char *text)
{
	static const char doctype[] = "<!DOCTYPE html>\n";
	struct reader r = {.p = text + strlen(doctype)};

	cr_assert_eq(strncmp(text, doctype, strlen(doctype)), 0);
	while (*r.p != '\0') {
		if (*r.p == '<')
			read_tag(&r);
		else if (*r.p == '&')
			read_entity(&r);
		else
			r.p++;
	}
	cr_assert_eq(r.depth, 0);
	cr_assert_eq(count(text, "<script"), 0);
	cr_assert_eq(count(text, "<style>"), 1);
	cr_assert_eq(count(text, "url("), 0);
	cr_assert_eq(count(text, "@import"), 0);
	cr_assert_eq(count(text, "<a "), count(text, "href=\"#d"));
}

/* ---- pages ---- */

static void
give_failing(struct page *page, const char *domain, int32_t first)
{
	int32_t day;

	for (day = first; day <= FRIDAY; day++) {
		page_give(page,
		    &(struct given){.day = day,
			.domain = domain,
			.reporter = "google.com",
			.type = POLICY_STS,
			.mode = MODE_ENFORCE,
			.successful = 100,
			.failed = 3});
		page_give(page,
		    &(struct given){.day = day,
			.domain = domain,
			.reporter = "google.com",
			.type = POLICY_STS,
			.mode = MODE_ENFORCE,
			.successful = -1,
			.failed = 3,
			.result = RESULT_CERTIFICATE_EXPIRED,
			.mx = "mx2.example.com"});
	}
}

Test(html, the_page_names_its_style_by_hash_and_allows_nothing_else)
{
	/* Of html_style.c's text: sed out of a page and
	 * openssl dgst -sha256 -binary | base64 gives the same, which
	 * tests/cli does. */
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);
	char *text;

	give_failing(&page, "example.com", FRIDAY);
	text = rendered(&page);
	check_page(text);
	cr_assert_not_null(
	    strstr(text, "content=\"default-src 'none'; style-src 'sha256-"));
	cr_assert_not_null(strstr(text, "='; base-uri 'none'"));
	cr_assert_eq(count(text, "unsafe"), 0);
	free(text);
}

Test(html, what_is_wrong_comes_with_its_remedy)
{
	struct page page = page_new(FRIDAY - 6, FRIDAY, BY_TOTAL);
	char *text;

	give_failing(&page, "example.com", FRIDAY - 1);
	text = rendered(&page);
	check_page(text);
	cr_assert_not_null(strstr(text, "<h1>example.com</h1>"));
	cr_assert_not_null(strstr(text, ">FAILING</span>"));
	cr_assert_not_null(
	    strstr(text, "certificate-expired on mx2.example.com"));
	cr_assert_not_null(strstr(text,
	    "<pre>openssl s_client -starttls smtp -connect "
	    "mx2.example.com:25</pre>"));
	cr_assert_eq(count(text, "<svg"), 2);
	cr_assert_eq(count(text, "<desc"), 2);
	free(text);
}

Test(html, a_remedy_is_given_once)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);
	char name[32];
	char *text;
	int i;

	for (i = 0; i < 30; i++) {
		snprintf(name, sizeof(name), "domain%02d.example", i);
		give_failing(&page, name, FRIDAY);
	}
	text = rendered(&page);
	check_page(text);
	cr_assert_eq(count(text, "<pre>"), 1);
	cr_assert_eq(count(text, "href=\"#d1\">above"), 29);
	for (i = 1; i <= 30; i++) {
		snprintf(name, sizeof(name), "id=\"d%d\"", i);
		cr_assert_eq(count(text, name), 1);
		snprintf(name, sizeof(name), "href=\"#d%d\"", i);
		cr_assert_geq(count(text, name), 1);
	}
	free(text);
}

Test(html, several_periods_have_a_part_each)
{
	struct page page = page_new(FRIDAY - 2, FRIDAY, BY_DAY);
	char *text;

	give_failing(&page, "example.com", FRIDAY - 2);
	give_failing(&page, "example.net", FRIDAY - 2);
	text = rendered(&page);
	check_page(text);
	cr_assert_eq(count(text, "<h2>Friday <"), 0);
	cr_assert_eq(count(text, "<h2>Friday 2026-11-20 (UTC)</h2>"), 1);
	cr_assert_eq(count(text, "Statement of coverage"), 3);
	cr_assert_eq(count(text, "<svg"), 2);
	free(text);
}

/* One report with failures, as give_failing gives them, in that mode. */
static char *
failing_in(enum policy_mode mode)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);
	struct given g = {.day = FRIDAY,
	    .domain = "example.com",
	    .reporter = "google.com",
	    .type = POLICY_STS,
	    .mode = mode,
	    .successful = 100,
	    .failed = 3};

	page_give(&page, &g);
	g.successful = -1;
	g.result = RESULT_CERTIFICATE_EXPIRED;
	g.mx = "mx2.example.com";
	page_give(&page, &g);
	return rendered(&page);
}

Test(html, what_holds_mail_is_worse_than_what_does_not)
{
	static const char bad[] = "class=\"bad\"><span class=\"state\">";
	static const char warn[] = "class=\"warn\"><span class=\"state\">";
	char *text = failing_in(MODE_ENFORCE);

	cr_expect_eq(count(text, bad), 1);
	cr_expect_eq(count(text, warn), 0);
	free(text);
	text = failing_in(MODE_TESTING);
	cr_expect_eq(count(text, bad), 0);
	cr_expect_eq(count(text, warn), 1);
	free(text);
}

Test(html, what_is_not_counted_is_said)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);
	char *text;

	give_failing(&page, "example.com", FRIDAY);
	page.view.empty_reports = 2;
	page.view.pruned = true;
	page.view.floor_day = FRIDAY - 1;
	text = rendered(&page);
	check_page(text);
	cr_expect_not_null(strstr(text, " without any policy"));
	cr_expect_not_null(strstr(
	    text, "of days before <time>2026-11-19</time>, which were pruned"));
	free(text);
}

Test(html, of_many_reporters_those_with_the_fewest_sessions_are_summed)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);
	char name[32], *text;
	int i;

	for (i = 1; i <= 21; i++) {
		snprintf(name, sizeof(name), "r%d.example", i);
		page_give(&page,
		    &(struct given){.day = FRIDAY,
			.domain = "example.com",
			.reporter = name,
			.type = POLICY_STS,
			.successful = i});
	}
	text = rendered(&page);
	check_page(text);
	cr_expect_eq(count(text, ">r3.example<"), 1);
	cr_expect_eq(count(text, ">r2.example<"), 0);
	cr_expect_eq(count(text, ">2 others</th>"), 1);
	free(text);
}

Test(html, a_figure_stands_beside_the_one_before)
{
	struct page page = page_new(FRIDAY - 6, FRIDAY, BY_TOTAL);
	char *text;

	give_failing(&page, "example.com", FRIDAY - 13);
	text = rendered(&page);
	check_page(text);
	cr_expect_not_null(strstr(text, "721</b> after 721"));
	cr_expect_not_null(strstr(text, "% after 2.91"));
	free(text);
}

Test(html, a_bar_of_few_is_still_a_bar)
{
	struct page page = page_new(FRIDAY - 1, FRIDAY, BY_TOTAL);
	char *text;

	PAGE_GIVE(&page,
	    {.day = FRIDAY - 1,
		.domain = "example.com",
		.reporter = "google.com",
		.type = POLICY_STS,
		.successful = 1},
	    {.day = FRIDAY,
		.domain = "example.com",
		.reporter = "google.com",
		.type = POLICY_STS,
		.successful = 1000000});
	text = rendered(&page);
	check_page(text);
	cr_expect_eq(count(text, " height=\"12\">"), 1);
	cr_expect_eq(count(text, " height=\"1000\"><title>"), 1);
	free(text);
}

Test(html, nothing_at_all_is_said)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);
	char *text;

	page.view.latest_day = FRIDAY - 2;
	text = rendered(&page);
	check_page(text);
	cr_assert_not_null(strstr(text, "<time>2026-11-18</time>"));
	free(text);
}

Test(html, faults_of_the_store_come_before_all)
{
	struct health_fault fault = {.kind = HEALTH_FAILING,
	    .source = "m365",
	    .error = "login <refused>",
	    .last_success = 0,
	    .days = 3};
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);
	char *text, *said;

	give_failing(&page, "example.com", FRIDAY);
	page.view.health = (struct health){.faults = &fault, .nfaults = 1};
	text = rendered(&page);
	check_page(text);
	said = strstr(text, "m365: login &lt;refused&gt;");
	cr_assert_not_null(said);
	cr_assert_not_null(strstr(said, "mx2.example.com"));
	cr_assert_eq(
	    count(text, "mx2.example.com"), count(said, "mx2.example.com"));
	cr_assert_eq(
	    strncmp(strstr(text, "<title>") + 7, "REPORTS ARE", 11), 0);
	free(text);
}

/* ---- hostile ---- */

static const char *const hostile[] = {"<script>alert(1)</script>",
    "\" onmouseover=\"alert(1)", "' x='", "]]><!--", "--><b>", "&#60;b&#62;",
    "&", "<", "</style><script>", "\xe2\x80\xae\x65vil", "\xff\xfe", "\x1b[31m",
    "javascript:alert(1)", "</title>", "\xd7\x90"};

Test(html, no_text_of_a_report_becomes_markup)
{
	size_t i;

	for (i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		struct page page = page_new(FRIDAY - 1, FRIDAY, BY_TOTAL);
		struct given g = {.day = FRIDAY,
		    .domain = hostile[i],
		    .reporter = hostile[i],
		    .type = POLICY_OTHER,
		    .word = hostile[i],
		    .successful = 10,
		    .failed = 7};
		char *text;

		page_give(&page, &g);
		g.successful = -1;
		g.result = RESULT_OTHER;
		g.mx = hostile[i];
		g.reason = hostile[i];
		page_give(&page, &g);
		page.view.store = hostile[i];
		page.view.group = i % 2 ? hostile[i] : NULL;
		page.view.state = i % 3 ? hostile[i] : NULL;
		text = rendered(&page);
		check_page(text);
		cr_assert_null(strstr(text, "\x1b"));
		cr_assert_null(strstr(text, "\xe2\x80\xae"));
		free(text);
	}
}

/* A long period of single days must not make a bar for each day between. */
Test(html, days_that_are_far_apart_make_few_bars)
{
	struct page page = page_new(DAY_MIN, FRIDAY, BY_TOTAL);
	char *text;

	PAGE_GIVE(&page,
	    {.day = DAY_MIN,
		.domain = "example.com",
		.reporter = "google.com",
		.type = POLICY_STS,
		.successful = 5},
	    {.day = FRIDAY,
		.domain = "example.com",
		.reporter = "google.com",
		.type = POLICY_STS,
		.successful = INT64_MAX / 2});
	text = rendered(&page);
	check_page(text);
	cr_assert_eq(count(text, "<rect"), 2);
	cr_assert_lt(strlen(text), 20000);
	free(text);
}
