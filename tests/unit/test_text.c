/* SPDX-License-Identifier: ISC */

/*
 * The text digest: whole pages are compared with files in tests/data/golden,
 * and what must hold of every page is tried with random and hostile figures.
 * REGEN=1 writes the files anew.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "base/die.h"
#include "output/output.h"
#include "output/wrap.h"
#include "page_kit.h"
#include "support.h"

/* Half an hour after the end of Friday, when reports are still awaited. */
#define EARLY ((FRIDAY + 1) * INT64_C(86400) + 1800)

/* ---- whole pages ---- */

/* Ten days of reports from two senders, so that they are usual ones. */
static void
give_history(struct page *page, const char *domain)
{
	const struct given from[] = {
	    {.domain = domain, .reporter = "google.com"},
	    {.domain = domain, .reporter = "microsoft.com"}};
	int32_t day;
	size_t i;

	for (day = FRIDAY - 20; day < FRIDAY - 10; day++)
		for (i = 0; i < 2; i++) {
			struct given g = from[i];

			g.day = day;
			g.type = POLICY_STS;
			g.successful = 10;
			page_give(page, &g);
		}
}

static void
give_example(struct page *page)
{
	int32_t day;
	size_t i;
	static const char *const reporters[] = {"google.com", "microsoft.com",
	    "mail.ru", "comcast.net", "socketlabs.com"};

	for (day = FRIDAY - 5; day < FRIDAY; day++)
		for (i = 0; i < 5; i++)
			page_give(page,
			    &(struct given){.day = day,
				.domain = "example.com",
				.reporter = reporters[i],
				.type = POLICY_STS,
				.mode = MODE_ENFORCE,
				.successful = 100});
	PAGE_GIVE(page,
	    {.day = FRIDAY,
		.domain = "example.com",
		.reporter = "google.com",
		.type = POLICY_STS,
		.mode = MODE_ENFORCE,
		.successful = 43758,
		.failed = 32},
	    {.day = FRIDAY,
		.domain = "example.com",
		.reporter = "google.com",
		.type = POLICY_NONE,
		.successful = 310},
	    {.day = FRIDAY,
		.domain = "example.com",
		.reporter = "microsoft.com",
		.type = POLICY_STS,
		.mode = MODE_ENFORCE,
		.successful = 3200},
	    {.day = FRIDAY,
		.domain = "example.com",
		.reporter = "mail.ru",
		.type = POLICY_STS,
		.mode = MODE_ENFORCE,
		.successful = 510},
	    {.day = FRIDAY,
		.domain = "example.com",
		.reporter = "comcast.net",
		.type = POLICY_STS,
		.mode = MODE_ENFORCE,
		.successful = 300},
	    {.day = FRIDAY,
		.domain = "example.com",
		.reporter = "socketlabs.com",
		.type = POLICY_STS,
		.mode = MODE_ENFORCE,
		.successful = 100},
	    {.day = FRIDAY - 1,
		.domain = "example.com",
		.reporter = "google.com",
		.type = POLICY_STS,
		.mode = MODE_ENFORCE,
		.successful = -1,
		.failed = 12,
		.result = RESULT_CERTIFICATE_EXPIRED,
		.mx = "mx2.example.com"},
	    {.day = FRIDAY,
		.domain = "example.com",
		.reporter = "google.com",
		.type = POLICY_STS,
		.mode = MODE_ENFORCE,
		.successful = -1,
		.failed = 32,
		.result = RESULT_CERTIFICATE_EXPIRED,
		.mx = "mx2.example.com"});
}

Test(text, one_domain_with_a_problem)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);

	give_example(&page);
	page_compare(&page, "one-problem.txt");
}

Test(text, one_domain_with_a_problem_in_colour)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);

	give_example(&page);
	page.view.colour = true;
	page_compare(&page, "one-problem-colour.txt");
}

Test(text, one_domain_without_failures)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);

	give_history(&page, "example.com");
	PAGE_GIVE(&page,
	    {.day = FRIDAY,
		.domain = "example.com",
		.reporter = "google.com",
		.type = POLICY_STS,
		.mode = MODE_ENFORCE,
		.successful = 48210});
	page_compare(&page, "one-fine.txt");
}

Test(text, a_day_that_is_still_coming_in)
{
	struct page page = page_new_at(FRIDAY, FRIDAY, BY_TOTAL, EARLY);

	give_history(&page, "example.com");
	PAGE_GIVE(&page,
	    {.day = FRIDAY,
		.domain = "example.com",
		.reporter = "google.com",
		.type = POLICY_STS,
		.mode = MODE_TESTING,
		.successful = 1});
	page.view.rejects = 2;
	page.view.empty_reports = 1;
	page_compare(&page, "unsettled.txt");
}

/* One problem of each kind of where and how. */
static void
give_week(struct page *page)
{
	static const struct {
		enum policy_type type;
		enum policy_mode mode;
		enum result_type result;
		int64_t failed;
	} faults[] = {
	    {POLICY_STS, MODE_TESTING, RESULT_CERTIFICATE_HOST_MISMATCH, 700},
	    {POLICY_TLSA, 0, RESULT_TLSA_INVALID, 600},
	    {POLICY_STS, 0, RESULT_STS_POLICY_FETCH_ERROR, 500},
	    {POLICY_NONE, 0, RESULT_STARTTLS_NOT_SUPPORTED, 400},
	    {POLICY_STS, MODE_TESTING, RESULT_VALIDATION_FAILURE, 300},
	    {POLICY_STS, MODE_TESTING, RESULT_UNSPECIFIED, 2},
	    {POLICY_OTHER, 0, RESULT_OTHER, 1},
	};
	int32_t day;
	size_t i;

	for (day = FRIDAY - 6; day <= FRIDAY; day++)
		for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
			struct given g = {.day = day,
			    .domain = "example.org",
			    .reporter = i % 2 ? "google.com" : "mail.ru",
			    .type = faults[i].type,
			    .mode = faults[i].mode,
			    .successful = 10000,
			    .failed = faults[i].failed,
			    .word = "dnskey"};
			bool mx = faults[i].result < RESULT_DANE_REQUIRED;

			page_give(page, &g);
			if (i == 1 && day < FRIDAY - 2)
				continue;
			if (i == 3 && day > FRIDAY - 5)
				continue;
			g.successful = -1;
			g.result = faults[i].result;
			g.mx = mx ? "mx1.example.org" : NULL;
			g.reason = i == 4 ? "no shared cipher" : NULL;
			page_give(page, &g);
		}
}

Test(text, a_week_with_many_kinds_of_problems)
{
	struct page page = page_new(FRIDAY - 6, FRIDAY, BY_TOTAL);

	give_week(&page);
	page_compare(&page, "week.txt");
}

static void
give_domains(struct page *page, size_t fine)
{
	char name[64];
	size_t i;

	for (i = 0; i < fine; i++) {
		snprintf(name, sizeof(name), "fine%zu.example", i);
		page_give(page,
		    &(struct given){.day = FRIDAY,
			.domain = name,
			.reporter = "google.com",
			.type = POLICY_STS,
			.mode = MODE_ENFORCE,
			.successful = (int64_t)(1000 * i + 7)});
	}
	PAGE_GIVE(page,
	    {.day = FRIDAY,
		.domain = "small.example",
		.reporter = "google.com",
		.type = POLICY_STS,
		.mode = MODE_ENFORCE,
		.successful = 98,
		.failed = 2},
	    {.day = FRIDAY,
		.domain = "small.example",
		.reporter = "google.com",
		.type = POLICY_STS,
		.mode = MODE_ENFORCE,
		.successful = -1,
		.failed = 2,
		.result = RESULT_CERTIFICATE_EXPIRED,
		.mx = "mx.small.example"},
	    {.day = FRIDAY,
		.domain = "a-rather-long-name-of-a-domain.example",
		.reporter = "google.com",
		.type = POLICY_STS,
		.mode = MODE_ENFORCE,
		.successful = 1000000,
		.failed = 20},
	    {.day = FRIDAY,
		.domain = "a-rather-long-name-of-a-domain.example",
		.reporter = "google.com",
		.type = POLICY_STS,
		.mode = MODE_ENFORCE,
		.successful = -1,
		.failed = 20,
		.result = RESULT_CERTIFICATE_EXPIRED,
		.mx = "mx.small.example"},
	    {.day = FRIDAY,
		.domain = "",
		.reporter = "google.com",
		.type = POLICY_NONE,
		.failed = 3},
	    {.day = FRIDAY,
		.domain = "",
		.reporter = "google.com",
		.type = POLICY_NONE,
		.successful = -1,
		.failed = 3,
		.result = RESULT_UNSPECIFIED});
}

Test(text, many_domains)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);

	give_domains(&page, 20);
	page_compare(&page, "many.txt");
}

Test(text, very_many_domains)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);

	give_domains(&page, 21);
	page_compare(&page, "very-many.txt");
}

Test(text, only_the_failures_of_many_domains)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);

	give_domains(&page, 3);
	page.view.failures_only = true;
	page_compare(&page, "failures-only.txt");
}

Test(text, a_week_by_day_has_a_block_for_each_day)
{
	struct page page = page_new(FRIDAY - 1, FRIDAY, BY_DAY);

	give_example(&page);
	page_compare(&page, "by-day.txt");
}

Test(text, nothing_at_all_names_the_latest_day)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);

	page.view.latest_day = FRIDAY - 2;
	page_compare(&page, "nothing.txt");
}

Test(text, an_empty_store_says_so)
{
	struct page page = page_new(FRIDAY - 6, FRIDAY, BY_TOTAL);

	page_compare(&page, "nothing-ever.txt");
}

/* ---- what holds of every page ---- */

static const char *const hostile[] = {"\033]0;owned\007", "a\nPROBLEM  b",
    "\xe2\x80\xae"
    "moc.elpmaxe",
    "\xff\xfe\x80", "\x1f\x1f\x1f", "=1+1", "$(reboot)", "-oProxyCommand=x",
    "a b; rm -rf ~", "`id`", "\r",
    "\xc2\x9b"
    "31m",
    "\xe2\x81\xa6", "\xf3\xa0\x80\x81", "   ", ""};

#define NHOSTILE (sizeof(hostile) / sizeof(hostile[0]))

Test(text, hostile_names_reach_no_terminal_and_no_command)
{
	size_t i;

	for (i = 0; i < NHOSTILE; i++) {
		struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);
		struct given g = {.day = FRIDAY,
		    .domain = hostile[i],
		    .reporter = hostile[i],
		    .type = POLICY_OTHER,
		    .mode = MODE_ENFORCE,
		    .successful = 1,
		    .failed = 1,
		    .result = RESULT_OTHER,
		    .mx = hostile[i],
		    .reason = hostile[i],
		    .word = hostile[i]};
		char *text;

		page_give(&page, &g);
		g.successful = -1;
		page_give(&page, &g);
		g.result = RESULT_TLSA_INVALID;
		page_give(&page, &g);
		page.view.store = hostile[i];
		text = page_render(&page);
		page_check(text, hostile[i]);
		cr_assert_not_null(strstr(text, "_25._tcp.MX-HOST TLSA"));
		cr_assert_not_null(strstr(text, "--domain DOMAIN"));
		free(text);
	}
}

Test(text, names_of_any_length_are_broken_and_not_cut)
{
	size_t len;

	for (len = 1; len <= 253; len++) {
		struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);
		char *name = support_repeat('x', len), *text, *p;
		struct given g = {.day = FRIDAY,
		    .domain = name,
		    .reporter = name,
		    .type = POLICY_STS,
		    .successful = 1,
		    .failed = 1,
		    .result = RESULT_TLSA_INVALID,
		    .mx = name};
		size_t count = 0;

		page_give(&page, &g);
		g.successful = -1;
		page_give(&page, &g);
		g.domain = "b.example";
		page_give(&page, &g);
		page.view.store = name;
		text = page_render(&page);
		page_check(text, "long names");
		for (p = text; *p != '\0'; p++)
			count += *p == 'x';
		/* Table, verdict, MX thrice, reporter twice and store; and
		 * all that of the other domain, but table and store, and
		 * the reference. */
		cr_assert_geq(count, 13 * len, "%zu at %zu", count, len);
		free(text);
		free(name);
	}
}

Test(text, a_name_that_is_no_name_is_cut_in_sight)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);
	char *name = support_repeat('x', 4096), *text;

	page_give(&page,
	    &(struct given){.day = FRIDAY,
		.domain = name,
		.reporter = name,
		.type = POLICY_OTHER,
		.successful = 1,
		.failed = 1,
		.mx = name,
		.reason = name,
		.word = name});
	text = page_render(&page);
	page_check(text, "4096 characters");
	cr_assert_not_null(strstr(text, "..."));
	cr_assert_lt(strlen(text), 1500);
	free(text);
	free(name);
}

/* A small generator, the same everywhere. */
static uint32_t
random_next(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static int64_t
random_count(uint32_t *state)
{
	static const int64_t most[] = {1, 10, 1000, 1000000, INT64_C(1) << 53};

	return (int64_t)random_next(state) * random_next(state) %
	    most[random_next(state) % 5];
}

static void
give_random(struct page *page, uint32_t *state)
{
	char domain[64], reporter[512], mx[64];
	const char *word = hostile[random_next(state) % NHOSTILE];
	struct given g;

	snprintf(domain, sizeof(domain), "%u.example",
	    random_next(state) % (1 + random_next(state) % 40));
	memset(reporter, 0, sizeof(reporter));
	memset(reporter, 'r', random_next(state) % 300);
	snprintf(mx, sizeof(mx), "mx%u.example", random_next(state) % 4);
	g = (struct given){.day = FRIDAY - (int32_t)(random_next(state) % 50),
	    .domain = domain,
	    .reporter = reporter,
	    .type = random_next(state) % 4,
	    .mode = random_next(state) % 4,
	    .successful = random_count(state),
	    .failed = random_count(state),
	    .result = random_next(state) % 2 ? random_next(state) % 12
					     : RESULT_UNSPECIFIED,
	    .mx = mx,
	    .reason = word,
	    .word = word};
	page_give(page, &g);
	if (random_next(state) % 2)
		g.successful = -1;
	page_give(page, &g);
}

Test(text, random_figures_fit_the_page)
{
	uint32_t state = 1;
	int i, rows;

	for (i = 0; i < 300; i++) {
		struct page page = page_new_at(FRIDAY - (int32_t)(i % 40),
		    FRIDAY, (enum bucket)(i % 4), i % 5 == 0 ? EARLY : 0);
		char *text;

		for (rows = (int)(random_next(&state) % 120); rows > 0; rows--)
			give_random(&page, &state);
		page.view.failures_only = i % 3 == 0;
		page.view.rejects = (size_t)i;
		text = page_render(&page);
		page_check(text, "random");
		free(text);
	}
}

Test(text, the_largest_counts_fit_the_page)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);
	const int64_t most = INT64_MAX;
	char *text;
	int i;

	for (i = 0; i < 2; i++) {
		struct given g = {.day = FRIDAY,
		    .domain = i ? "a.example" : "b.example",
		    .reporter = "google.com",
		    .type = POLICY_STS,
		    .mode = MODE_ENFORCE,
		    .successful = most,
		    .failed = most,
		    .result = RESULT_TLSA_INVALID,
		    .mx = "mx.example"};

		page_give(&page, &g);
		g.type = POLICY_TLSA;
		page_give(&page, &g);
		g.successful = -1;
		page_give(&page, &g);
		page_give(&page, &g);
	}
	text = page_render(&page);
	page_check(text, "largest counts");
	free(text);
}

Test(text, an_error_of_the_stream_is_reported)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);
	struct err err = {0};
	FILE *full = fopen("/dev/full", "w");

	cr_assert_not_null(full);
	page.view.figures = digest_figures(page.digest);
	cr_assert_eq(output_text.write(full, &page.view, &err), -1);
	cr_assert_eq(err.code, ERR_TEMPORARY);
	fclose(full);
	page_free(&page);
}

/* ---- percentages and counts ---- */

static void
check_percent(int64_t part, int64_t whole, const char *want)
{
	char buf[PERCENT_SIZE], *p;

	wrap_percent(buf, part, whole);
	for (p = buf; *p != '\0'; p++)
		if (*p == WRAP_NBSP[0])
			*p = ' ';
	cr_assert_str_eq(buf, want);
}

Test(text, percentages_say_none_and_all_only_when_it_is_so)
{
	check_percent(0, 0, "0 %");
	check_percent(0, 48210, "0 %");
	check_percent(1, 48210, "< 0.01 %");
	check_percent(32, 48210, "0.07 %");
	check_percent(1, 20000, "0.01 %");
	check_percent(1, 20001, "< 0.01 %");
	check_percent(1, 10, "10.0 %");
	check_percent(9999, 100000, "10.0 %");
	check_percent(1, 2, "50.0 %");
	check_percent(9994, 10000, "99.9 %");
	check_percent(9995, 10000, "> 99.9 %");
	check_percent(99999999, 100000000, "> 99.9 %");
	check_percent(7, 7, "100 %");
	check_percent(8, 7, "100 %");
	check_percent(1, INT64_MAX, "< 0.01 %");
	check_percent(INT64_MAX - 1, INT64_MAX, "> 99.9 %");
}

Test(text, thousands_are_set_apart)
{
	static const int64_t numbers[] = {
	    0, 7, 999, 1000, 48210, 1000000, -1234, INT64_MAX, INT64_MIN};
	static const char *const want[] = {"0", "7", "999", "1 000", "48 210",
	    "1 000 000", "-1 234", "9 223 372 036 854 775 807",
	    "-9 223 372 036 854 775 808"};
	char buf[COUNT_SIZE], *p;
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		wrap_count(buf, numbers[i]);
		for (p = buf; *p != '\0'; p++)
			if (*p == WRAP_NBSP[0])
				*p = ' ';
		cr_assert_str_eq(buf, want[i]);
	}
}

/* ---- commands ---- */

static char *
command_lines(size_t indent, const char *command)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	wrap_command(out, indent, command);
	fclose(out);
	return text;
}

/* Joins lines as a shell does, and drops the white space between words. */
static char *
joined(const char *lines)
{
	char *text = xstrdup(lines), *to = text;
	const char *from = text;

	while (*from != '\0') {
		if (from[0] == '\\' && from[1] == '\n') {
			from += 2;
			continue;
		}
		if (*from == ' ' || *from == '\n') {
			from++;
			if (to > text && to[-1] != ' ')
				*to++ = ' ';
			continue;
		}
		*to++ = *from++;
	}
	while (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
	return text;
}

Test(text, a_command_of_any_length_can_be_copied)
{
	char command[1024];
	size_t a, b;

	for (a = 1; a < 200; a++)
		for (b = 1; b < 260; b += 7) {
			char *x = support_repeat('x', a);
			char *y = support_repeat('y', b), *lines, *whole;

			snprintf(
			    command, sizeof(command), "curl %s -i %s z", x, y);
			lines = command_lines(13, command);
			page_check(lines, "a command");
			whole = joined(lines);
			cr_assert_str_eq(whole, command);
			free(whole);
			free(lines);
			free(y);
			free(x);
		}
}
