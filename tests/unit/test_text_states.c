/* SPDX-License-Identifier: ISC */

/*
 * Pages of the text digest for every way in which things can stand, compared
 * with files in tests/data/golden.  REGEN=1 writes the files anew.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "page_kit.h"
#include "support.h"

/* When all of Friday is long settled. */
#define LATE ((FRIDAY + 4) * INT64_C(86400))

#define SETTLE (36 * 3600)

static const char *const five[] = {
    "google.com", "microsoft.com", "yahoo.com", "mail.ru", "gmx.net"};

/* Sessions of a domain by the first n reporters, from first to last. */
static void
give_days(struct page *page, const char *domain, int32_t first, int32_t last,
    size_t n)
{
	int32_t day;
	size_t i;

	for (day = first; day <= last; day++)
		for (i = 0; i < n; i++)
			page_give(page,
			    &(struct given){.day = day,
				.domain = domain,
				.reporter = five[i],
				.type = POLICY_STS,
				.mode = MODE_ENFORCE,
				.successful = 100,
				.lag = 6});
}

/* A failure of that kind, with its summary. */
static void
give_failure(
    struct page *page, const struct given *what, int32_t first, int32_t last)
{
	struct given g = *what;

	for (g.day = first; g.day <= last; g.day++) {
		g.successful = 0;
		page_give(page, &g);
		g.successful = -1;
		page_give(page, &g);
	}
}

static const struct given expired = {.domain = "example.com",
    .reporter = "google.com",
    .type = POLICY_STS,
    .mode = MODE_ENFORCE,
    .failed = 5,
    .result = RESULT_CERTIFICATE_EXPIRED,
    .mx = "mx1.example.com",
    .lag = 6};

Test(text_states, new_then_ongoing_then_gone)
{
	struct page page = page_new_at(FRIDAY - 6, FRIDAY, BY_TOTAL, LATE);
	struct given g = expired;

	give_days(&page, "example.com", FRIDAY - 20, FRIDAY, 2);
	g.mx = "mx-gone.example.com";
	give_failure(&page, &g, FRIDAY - 10, FRIDAY - 9);
	g.mx = "mx-mended.example.com";
	g.result = RESULT_TLSA_INVALID;
	give_failure(&page, &g, FRIDAY - 6, FRIDAY - 5);
	g.mx = "mx-ongoing.example.com";
	g.result = RESULT_CERTIFICATE_NOT_TRUSTED;
	g.mode = MODE_TESTING;
	give_failure(&page, &g, FRIDAY - 8, FRIDAY);
	g.mx = "mx-new.example.com";
	g.mode = MODE_ENFORCE;
	g.result = RESULT_CERTIFICATE_HOST_MISMATCH;
	give_failure(&page, &g, FRIDAY - 1, FRIDAY);
	page_compare(&page, "states.txt");
}

Test(text_states, what_lasts_for_weeks_does_not_say_since_when)
{
	struct page page = page_new_at(FRIDAY, FRIDAY, BY_TOTAL, LATE);
	char *text;

	give_days(&page, "example.com", FRIDAY - 30, FRIDAY, 2);
	give_failure(&page, &expired, FRIDAY - 30, FRIDAY);
	text = page_render(&page);
	cr_assert_not_null(strstr(text, "ONGOING (over 3 weeks)"));
	cr_assert_not_null(strstr(text, "for 3 weeks or longer"));
	free(text);
}

Test(text_states, one_broken_mx_is_one_entry)
{
	static const enum result_type results[] = {RESULT_CERTIFICATE_EXPIRED,
	    RESULT_VALIDATION_FAILURE, RESULT_TLSA_INVALID};
	struct page page = page_new_at(FRIDAY, FRIDAY, BY_TOTAL, LATE);
	struct given g = expired;
	size_t i;

	give_days(&page, "example.com", FRIDAY - 20, FRIDAY, 5);
	for (i = 0; i < 5; i++) {
		g.reporter = five[i];
		g.result = results[i % 3];
		g.type = i % 3 == 2 ? POLICY_TLSA : POLICY_STS;
		g.mode = i % 3 == 2 ? MODE_UNKNOWN
		    : i == 3	    ? MODE_TESTING
				    : MODE_ENFORCE;
		g.failed = (int64_t)(10 - i);
		g.reason = i == 1 ? "no shared cipher" : NULL;
		give_failure(&page, &g, FRIDAY, FRIDAY);
	}
	page_compare(&page, "one-host.txt");
}

Test(text_states, a_domain_under_testing_is_a_warning)
{
	struct page page = page_new_at(FRIDAY, FRIDAY, BY_TOTAL, LATE);
	struct given g = expired;

	give_days(&page, "example.com", FRIDAY - 20, FRIDAY, 2);
	g.mode = MODE_TESTING;
	give_failure(&page, &g, FRIDAY, FRIDAY);
	page_compare(&page, "testing.txt");
}

Test(text_states, a_flood_of_hosts_is_counted_and_hides_nothing)
{
	struct page page = page_new_at(FRIDAY, FRIDAY, BY_TOTAL, LATE);
	struct given g = expired;
	char mx[32], *text;
	int i;

	give_days(&page, "example.com", FRIDAY - 20, FRIDAY, 2);
	give_failure(&page, &expired, FRIDAY - 3, FRIDAY);
	for (i = 0; i < 500; i++) {
		snprintf(mx, sizeof(mx), "flood%d.example.com", i);
		g.mx = mx;
		g.failed = 1000;
		give_failure(&page, &g, FRIDAY, FRIDAY);
	}
	text = page_render(&page);
	page_check(text, "a flood");
	cr_assert_not_null(strstr(text, "490 more that are new, with 490 000"));
	cr_assert_not_null(strstr(text, "tlstally digest --since 2026-"));
	cr_assert_not_null(strstr(text, "ONGOING (day 4)"));
	cr_assert_lt(strlen(text), 8000);
	free(text);
}

/* ---- the store ---- */

Test(text_states, faults_of_the_store_come_before_all_else)
{
	struct health_fault faults[] = {
	    {HEALTH_FAILING, "m365", "login refused", 1, 3},
	    {HEALTH_NEVER, "archive", "", TIME_NONE, 0}};
	struct page page = page_new_at(FRIDAY, FRIDAY, BY_TOTAL, LATE);

	give_days(&page, "example.com", FRIDAY - 20, FRIDAY, 2);
	page.view.health = (struct health){.faults = faults, .nfaults = 2};
	page.view.conflicts = 2;
	page.view.rejects = 1;
	page_compare(&page, "health.txt");
}

Test(text_states, hostile_faults_reach_no_terminal)
{
	struct health_fault faults[] = {{HEALTH_FAILING, "\033]0;x\007 $(id)",
	    "a\nb\xff\xe2\x80\xae", 1, 3}};
	struct page page = page_new_at(FRIDAY, FRIDAY, BY_TOTAL, LATE);
	char *text;

	page.view.health = (struct health){.faults = faults, .nfaults = 1};
	text = page_render(&page);
	page_check(text, "health");
	cr_assert_not_null(strstr(text, "tlstally ingest SOURCE\n"));
	free(text);
}

Test(text_states, reports_that_failed_their_check_are_counted)
{
	struct page page = page_new_at(FRIDAY, FRIDAY, BY_TOTAL, LATE);
	char *text;

	PAGE_GIVE(&page,
	    {.day = FRIDAY,
		.domain = "example.com",
		.reporter = "google.com",
		.successful = 1,
		.authenticity = AUTH_VERIFIED},
	    {.day = FRIDAY,
		.domain = "example.com",
		.reporter = "google.com",
		.successful = 1,
		.authenticity = AUTH_FAILED});
	text = page_render(&page);
	cr_assert_not_null(strstr(text,
	    "1 of 2 policies came in unverified reports, 1 of them failed the "
	    "check\n"));
	free(text);
}

/* ---- silence ---- */

Test(text_states, each_reporter_is_missed_by_its_own_rhythm)
{
	struct page page = page_new_at(FRIDAY, FRIDAY, BY_TOTAL, LATE);
	struct given g = {.domain = "example.com",
	    .type = POLICY_STS,
	    .mode = MODE_ENFORCE,
	    .successful = 10,
	    .lag = 6};

	/* Daily until two days ago: missed.  Every fifth day: not yet due. */
	give_days(&page, "example.com", FRIDAY - 20, FRIDAY, 1);
	g.reporter = "daily.example";
	for (g.day = FRIDAY - 20; g.day < FRIDAY - 1; g.day++)
		page_give(&page, &g);
	g.reporter = "seldom.example";
	for (g.day = FRIDAY - 18; g.day < FRIDAY; g.day += 5)
		page_give(&page, &g);
	page_compare(&page, "missed.txt");
}

Test(text_states, a_domain_of_which_nothing_comes_is_silent)
{
	struct page page = page_new_at(FRIDAY, FRIDAY, BY_TOTAL, LATE);

	give_days(&page, "example.com", FRIDAY - 20, FRIDAY - 2, 5);
	give_days(&page, "example.net", FRIDAY - 20, FRIDAY, 5);
	page_compare(&page, "silent.txt");
}

Test(text_states, many_that_are_silent_are_counted)
{
	struct page page = page_new_at(FRIDAY, FRIDAY, BY_TOTAL, LATE);
	char name[32], *text;
	struct given g = {.domain = "example.com",
	    .reporter = name,
	    .type = POLICY_STS,
	    .successful = 10,
	    .lag = 6};
	int i;

	give_days(&page, "example.com", FRIDAY - 20, FRIDAY, 1);
	for (i = 0; i < 46; i++) {
		snprintf(name, sizeof(name), "r%02d.example", i);
		for (g.day = FRIDAY - 20; g.day < FRIDAY - 4; g.day++)
			page_give(&page, &g);
	}
	text = page_render(&page);
	page_check(text, "silences");
	cr_assert_not_null(strstr(text, "and 41"));
	free(text);
}

/* ---- changes ---- */

static struct mx_hosts
hosts_of(void *arg, int64_t text)
{
	static const char *const old[] = {"mx1.example.com", "mx2.example.com"};
	const char *const *names = arg;

	return text == 1 ? (struct mx_hosts){old, 2}
			 : (struct mx_hosts){names, 2};
}

Test(text_states, policies_and_hosts_that_change_are_told)
{
	static const char *const now[] = {"mx2.example.com", "mx3.example.com"};
	const struct digest_spec spec = {.first_day = FRIDAY - 6,
	    .last_day = FRIDAY,
	    .by = BY_TOTAL,
	    .now = LATE,
	    .settle = SETTLE,
	    .hosts = hosts_of,
	    .hosts_arg = (void *)(uintptr_t)now};
	struct page page = page_new_of(&spec);
	struct given g = {.domain = "example.com",
	    .reporter = "google.com",
	    .type = POLICY_STS,
	    .successful = 10,
	    .lag = 6};

	for (g.day = FRIDAY - 20; g.day <= FRIDAY; g.day++) {
		g.mode = g.day < FRIDAY - 2 ? MODE_TESTING : MODE_ENFORCE;
		g.text = g.day < FRIDAY - 2 ? 1 : 2;
		page_give(&page, &g);
	}
	page_compare(&page, "changes.txt");
}

/* ---- whose domains ---- */

static const char *customer_domains[] = {"*.example"};
static struct scope_group customer = {.name = "customer",
    .domains = customer_domains,
    .ndomains = 1};
static struct scope_domain own_domain = {.name = "example.com"};
static const struct scope own = {.domains = &own_domain,
    .ndomains = 1,
    .groups = &customer,
    .ngroups = 1};

static struct page
friday_of(
    const struct scope *scope, const struct scope_group *group, bool zeros)
{
	return page_new_of(&(struct digest_spec){.first_day = FRIDAY,
	    .last_day = FRIDAY,
	    .by = BY_TOTAL,
	    .now = LATE,
	    .settle = SETTLE,
	    .scope = scope,
	    .group = group,
	    .zeros = zeros});
}

Test(text_states, domains_of_others_come_last_and_in_no_verdict)
{
	struct page page = friday_of(&own, NULL, false);
	struct given g = expired;

	give_days(&page, "example.com", FRIDAY - 20, FRIDAY, 2);
	give_days(&page, "a.invalid", FRIDAY, FRIDAY, 2);
	give_days(&page, "b.invalid", FRIDAY, FRIDAY, 1);
	g.domain = "c.invalid";
	give_failure(&page, &g, FRIDAY, FRIDAY);
	page_compare(&page, "others.txt");
}

Test(text_states, where_only_others_have_reports_that_is_said)
{
	const struct digest_spec spec = {.first_day = FRIDAY,
	    .last_day = FRIDAY,
	    .by = BY_TOTAL,
	    .scope = &own};
	struct page page = page_new_of(&spec);
	char *text;

	give_days(&page, "a.invalid", FRIDAY, FRIDAY, 1);
	text = page_render(&page);
	page_check(text, "others");
	cr_assert_not_null(strstr(text, "NO REPORTS"));
	cr_assert_not_null(strstr(text, "Other domains"));
	cr_assert_null(strstr(text, "OK"));
	free(text);
}

Test(text_states, a_group_has_its_name_over_it)
{
	struct page page = friday_of(&own, &customer, false);

	give_days(&page, "a.example", FRIDAY - 20, FRIDAY, 2);
	give_days(&page, "b.example", FRIDAY - 20, FRIDAY, 2);
	page_compare(&page, "group.txt");
}

Test(text_states, domains_without_reports_are_named_when_asked_for)
{
	struct page page = friday_of(&own, NULL, true);

	give_days(&page, "a.example", FRIDAY - 20, FRIDAY, 2);
	page_compare(&page, "zeros.txt");
}

Test(text_states, what_is_ignored_is_one_line)
{
	static struct scope_ignore rules[] = {{.name = "old scanner",
	    .domain = "",
	    .mx = "mx1.*",
	    .reporter = "",
	    .result = "",
	    .until = DAY_MAX,
	    .below = THRESHOLD_UNSET}};
	static const struct scope scope = {.ignores = rules, .nignores = 1};
	struct page page = friday_of(&scope, NULL, false);

	give_days(&page, "example.com", FRIDAY - 20, FRIDAY, 2);
	give_failure(&page, &expired, FRIDAY, FRIDAY);
	page_compare(&page, "ignored.txt");
}

/* ---- all at once ---- */

Test(text_states, wide_characters_and_long_names_fit)
{
	static const char *const names[] = {"\xe4\xbe\x8b.\xe4\xbe\x8b",
	    "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80.example"};
	char *x = support_repeat('x', 253), wide[256] = "", *text;
	const char *list[] = {x, wide, names[0], names[1]};
	size_t i, k;

	for (i = 0; i < 84; i++)
		strcat(wide, "\xe4\xbe\x8b");
	for (i = 0; i < 4; i++) {
		struct page page =
		    page_new_at(FRIDAY - 3, FRIDAY, BY_TOTAL, LATE);
		struct given g = expired;
		struct health_fault fault = {
		    HEALTH_STALE, list[i], list[i], 1, 9};

		g.domain = g.reporter = g.mx = g.reason = list[i];
		for (k = 0; k < 2; k++) {
			give_failure(&page, &g, FRIDAY - 20, FRIDAY - 4);
			g.result = RESULT_TLSA_INVALID;
			give_failure(&page, &g, FRIDAY - 1, FRIDAY - k);
			give_days(&page, list[i], FRIDAY - 20, FRIDAY - 2, 5);
			g.domain = "example.com";
		}
		page.view.health =
		    (struct health){.faults = &fault, .nfaults = 1};
		page.view.group = list[i];
		text = page_render(&page);
		page_check(text, list[i]);
		free(text);
	}
	free(x);
}
