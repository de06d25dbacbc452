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
#include "base/utf8.h"
#include "output/output.h"
#include "output/wrap.h"
#include "support.h"

/* Friday, 2026-11-20. */
#define FRIDAY 20777

/* What a test builds a page of. */
struct page {
	struct digest *digest;
	struct view view;
	char **strings; /* interned: the digest compares addresses */
	size_t nstrings;
	struct stream **streams;
	size_t nstreams;
};

/* Half an hour after the end of Friday, when reports are still awaited. */
#define EARLY ((FRIDAY + 1) * INT64_C(86400) + 1800)

/* A page that is looked at at that time; 0: when all is settled. */
static struct page
page_new_at(int32_t first, int32_t last, enum bucket by, int64_t now)
{
	const struct digest_spec spec = {.first_day = first,
	    .last_day = last,
	    .by = by,
	    .now = now,
	    .settle = now > 0 ? 36 * 3600 : 0};

	return (struct page){.digest = digest_new(&spec),
	    .view = {.store = "/var/lib/tlstally/tlstally.db",
		.latest_day = DAY_NONE}};
}

static struct page
page_new(int32_t first, int32_t last, enum bucket by)
{
	return page_new_at(first, last, by, 0);
}

static const char *
intern(struct page *page, const char *text)
{
	size_t i;

	for (i = 0; i < page->nstrings; i++)
		if (strcmp(page->strings[i], text) == 0)
			return page->strings[i];
	page->strings = xreallocarray(
	    page->strings, page->nstrings + 1, sizeof(*page->strings));
	return page->strings[page->nstrings++] = xstrdup(text);
}

static void
page_free(struct page *page)
{
	size_t i;

	digest_free(page->digest);
	for (i = 0; i < page->nstrings; i++)
		free(page->strings[i]);
	free(page->strings);
	for (i = 0; i < page->nstreams; i++)
		free(page->streams[i]);
	free(page->streams);
}

/* A line of a test's script: a policy of a report, or one of its failures. */
struct given {
	int32_t day;
	const char *domain;
	const char *reporter;
	enum policy_type type;
	enum policy_mode mode;
	int64_t successful; /* -1 in a failure */
	int64_t failed;
	enum result_type result;
	const char *mx;
	const char *reason;
	const char *word; /* verbatim type of a policy or a result */
};

/* Returns the stream of a line: one address for each. */
static const struct stream *
stream_for(struct page *page, const struct given *g)
{
	const char *word = g->word == NULL ? "" : g->word;
	const struct stream s = {.domain = intern(page, g->domain),
	    .policy_type = g->type,
	    .policy_type_text =
		intern(page, g->type == POLICY_OTHER ? word : ""),
	    .mode = g->mode,
	    .reporter = intern(page, g->reporter),
	    .organization = intern(page, "")};
	struct stream *kept;
	size_t i;

	for (i = 0; i < page->nstreams; i++) {
		kept = page->streams[i];
		if (kept->domain == s.domain &&
		    kept->policy_type == s.policy_type &&
		    kept->policy_type_text == s.policy_type_text &&
		    kept->mode == s.mode && kept->reporter == s.reporter)
			return kept;
	}
	page->streams = xreallocarray(
	    page->streams, page->nstreams + 1, sizeof(*page->streams));
	kept = page->streams[page->nstreams++] = xcalloc(1, sizeof(*kept));
	*kept = s;
	kept->number = page->nstreams;
	return kept;
}

static void
give(struct page *page, const struct given *g)
{
	const struct stream *stream = stream_for(page, g);

	if (g->successful >= 0) {
		digest_add_policy(page->digest,
		    &(struct policy_row){.stream = stream,
			.day = g->day,
			.successful = g->successful,
			.failed = g->failed});
		return;
	}
	digest_add_failure(page->digest,
	    &(struct failure_row){.stream = stream,
		.day = g->day,
		.result = g->result,
		.result_text = intern(page,
		    g->result == RESULT_OTHER && g->word != NULL ? g->word
								 : ""),
		.receiving_mx = intern(page, g->mx != NULL ? g->mx : ""),
		.receiving_ip = intern(page, ""),
		.reason_code = intern(page, g->reason != NULL ? g->reason : ""),
		.sessions = g->failed});
}

static void
give_all(struct page *page, const struct given *g, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		give(page, &g[i]);
}

#define GIVE(page, ...)                                                \
	do {                                                           \
		static const struct given given[] = {__VA_ARGS__};     \
		give_all(page, given, sizeof(given) / sizeof(*given)); \
	} while (0)

/* Writes the page into a new string and frees the page. */
static char *
render(struct page *page)
{
	struct err err = {0};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	page->view.figures = digest_figures(page->digest);
	cr_assert_eq(output_text.write(out, &page->view, &err), 0);
	fclose(out);
	page_free(page);
	return text;
}

static void
compare_golden(struct page *page, const char *name)
{
	char *text = render(page), path[128];
	struct buf golden;

	snprintf(path, sizeof(path), "golden/%s", name);
	if (getenv("REGEN") != NULL) {
		FILE *f = fopen(support_data(path), "w");

		cr_assert_not_null(f);
		fputs(text, f);
		fclose(f);
	}
	golden = support_read(path);
	cr_assert_str_eq(text, golden.data);
	buf_free(&golden);
	free(text);
}

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
			give(page, &g);
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
			give(page,
			    &(struct given){.day = day,
				.domain = "example.com",
				.reporter = reporters[i],
				.type = POLICY_STS,
				.mode = MODE_ENFORCE,
				.successful = 100});
	GIVE(page,
	    {FRIDAY, "example.com", "google.com", POLICY_STS, MODE_ENFORCE,
		43758, 32, 0, NULL, NULL, NULL},
	    {FRIDAY, "example.com", "google.com", POLICY_NONE, 0, 310, 0, 0,
		NULL, NULL, NULL},
	    {FRIDAY, "example.com", "microsoft.com", POLICY_STS, MODE_ENFORCE,
		3200, 0, 0, NULL, NULL, NULL},
	    {FRIDAY, "example.com", "mail.ru", POLICY_STS, MODE_ENFORCE, 510, 0,
		0, NULL, NULL, NULL},
	    {FRIDAY, "example.com", "comcast.net", POLICY_STS, MODE_ENFORCE,
		300, 0, 0, NULL, NULL, NULL},
	    {FRIDAY, "example.com", "socketlabs.com", POLICY_STS, MODE_ENFORCE,
		100, 0, 0, NULL, NULL, NULL},
	    {FRIDAY - 1, "example.com", "google.com", POLICY_STS, MODE_ENFORCE,
		-1, 12, RESULT_CERTIFICATE_EXPIRED, "mx2.example.com", NULL,
		NULL},
	    {FRIDAY, "example.com", "google.com", POLICY_STS, MODE_ENFORCE, -1,
		32, RESULT_CERTIFICATE_EXPIRED, "mx2.example.com", NULL, NULL});
}

Test(text, one_domain_with_a_problem)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);

	give_example(&page);
	compare_golden(&page, "one-problem.txt");
}

Test(text, one_domain_with_a_problem_in_colour)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);

	give_example(&page);
	page.view.colour = true;
	compare_golden(&page, "one-problem-colour.txt");
}

Test(text, one_domain_without_failures)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);

	give_history(&page, "example.com");
	GIVE(&page,
	    {FRIDAY, "example.com", "google.com", POLICY_STS, MODE_ENFORCE,
		48210, 0, 0, NULL, NULL, NULL});
	compare_golden(&page, "one-fine.txt");
}

Test(text, a_day_that_is_still_coming_in)
{
	struct page page = page_new_at(FRIDAY, FRIDAY, BY_TOTAL, EARLY);

	give_history(&page, "example.com");
	GIVE(&page,
	    {FRIDAY, "example.com", "google.com", POLICY_STS, MODE_TESTING, 1,
		0, 0, NULL, NULL, NULL});
	page.view.rejects = 2;
	page.view.empty_reports = 1;
	compare_golden(&page, "unsettled.txt");
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

			give(page, &g);
			if (i == 1 && day < FRIDAY - 2)
				continue;
			if (i == 3 && day > FRIDAY - 5)
				continue;
			g.successful = -1;
			g.result = faults[i].result;
			g.mx = mx ? "mx1.example.org" : NULL;
			g.reason = i == 4 ? "no shared cipher" : NULL;
			give(page, &g);
		}
}

Test(text, a_week_with_many_kinds_of_problems)
{
	struct page page = page_new(FRIDAY - 6, FRIDAY, BY_TOTAL);

	give_week(&page);
	compare_golden(&page, "week.txt");
}

static void
give_domains(struct page *page, size_t fine)
{
	char name[64];
	size_t i;

	for (i = 0; i < fine; i++) {
		snprintf(name, sizeof(name), "fine%zu.example", i);
		give(page,
		    &(struct given){.day = FRIDAY,
			.domain = name,
			.reporter = "google.com",
			.type = POLICY_STS,
			.mode = MODE_ENFORCE,
			.successful = (int64_t)(1000 * i + 7)});
	}
	GIVE(page,
	    {FRIDAY, "small.example", "google.com", POLICY_STS, MODE_ENFORCE,
		98, 2, 0, NULL, NULL, NULL},
	    {FRIDAY, "small.example", "google.com", POLICY_STS, MODE_ENFORCE,
		-1, 2, RESULT_CERTIFICATE_EXPIRED, "mx.small.example", NULL,
		NULL},
	    {FRIDAY, "a-rather-long-name-of-a-domain.example", "google.com",
		POLICY_STS, MODE_ENFORCE, 1000000, 20, 0, NULL, NULL, NULL},
	    {FRIDAY, "a-rather-long-name-of-a-domain.example", "google.com",
		POLICY_STS, MODE_ENFORCE, -1, 20, RESULT_CERTIFICATE_EXPIRED,
		"mx.small.example", NULL, NULL},
	    {FRIDAY, "", "google.com", POLICY_NONE, 0, 0, 3, 0, NULL, NULL,
		NULL},
	    {FRIDAY, "", "google.com", POLICY_NONE, 0, -1, 3,
		RESULT_UNSPECIFIED, NULL, NULL, NULL});
}

Test(text, many_domains)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);

	give_domains(&page, 20);
	compare_golden(&page, "many.txt");
}

Test(text, very_many_domains)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);

	give_domains(&page, 21);
	compare_golden(&page, "very-many.txt");
}

Test(text, only_the_failures_of_many_domains)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);

	give_domains(&page, 3);
	page.view.failures_only = true;
	compare_golden(&page, "failures-only.txt");
}

Test(text, a_week_by_day_has_a_block_for_each_day)
{
	struct page page = page_new(FRIDAY - 1, FRIDAY, BY_DAY);

	give_example(&page);
	compare_golden(&page, "by-day.txt");
}

Test(text, nothing_at_all_names_the_latest_day)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);

	page.view.latest_day = FRIDAY - 2;
	compare_golden(&page, "nothing.txt");
}

Test(text, an_empty_store_says_so)
{
	struct page page = page_new(FRIDAY - 6, FRIDAY, BY_TOTAL);

	compare_golden(&page, "nothing-ever.txt");
}

/* ---- what holds of every page ---- */

/* Fails the test unless every line fits and no byte can do harm. */
static void
check_page(const char *text, const char *what)
{
	size_t n, len = strlen(text), columns = 0;
	const char *line = text;
	uint32_t cp;

	cr_assert(len > 0 && text[len - 1] == '\n');
	for (; len > 0; text += n, len -= n) {
		n = utf8_decode(text, len, &cp);
		cr_assert_neq(cp, UINT32_MAX, "%s: no UTF-8", what);
		if (cp == '\n') {
			columns = 0;
			line = text + 1;
			continue;
		}
		cr_assert_not(utf8_is_dangerous(cp), "%s: U+%04X", what, cp);
		columns += (size_t)utf8_columns(cp);
		cr_assert_leq(columns, WRAP_COLUMNS, "%s: a long line: %.*s",
		    what, (int)strcspn(line, "\n"), line);
	}
}

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
		struct given g = {FRIDAY, hostile[i], hostile[i], POLICY_OTHER,
		    MODE_ENFORCE, 1, 1, RESULT_OTHER, hostile[i], hostile[i],
		    hostile[i]};
		char *text;

		give(&page, &g);
		g.successful = -1;
		give(&page, &g);
		g.result = RESULT_TLSA_INVALID;
		give(&page, &g);
		page.view.store = hostile[i];
		text = render(&page);
		check_page(text, hostile[i]);
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
		struct given g = {FRIDAY, name, name, POLICY_STS, 0, 1, 1,
		    RESULT_STS_POLICY_FETCH_ERROR, name, NULL, NULL};
		size_t count = 0;

		give(&page, &g);
		g.successful = -1;
		give(&page, &g);
		g.domain = "b.example";
		give(&page, &g);
		page.view.store = name;
		text = render(&page);
		check_page(text, "long names");
		for (p = text; *p != '\0'; p++)
			count += *p == 'x';
		/* Table, heading, MX, reporter twice, command, store; and
		 * MX, reporter and reference of the other domain; "expired"
		 * is not among the words. */
		cr_assert_geq(count, 9 * len);
		free(text);
		free(name);
	}
}

Test(text, a_name_that_is_no_name_is_cut_in_sight)
{
	struct page page = page_new(FRIDAY, FRIDAY, BY_TOTAL);
	char *name = support_repeat('x', 4096), *text;

	give(&page,
	    &(struct given){FRIDAY, name, name, POLICY_OTHER, 0, 1, 1, 0, name,
		name, name});
	text = render(&page);
	check_page(text, "4096 characters");
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
	g = (struct given){FRIDAY - (int32_t)(random_next(state) % 50), domain,
	    reporter, random_next(state) % 4, random_next(state) % 4,
	    random_count(state), random_count(state),
	    random_next(state) % 2 ? random_next(state) % 12
				   : RESULT_UNSPECIFIED,
	    mx, word, word};
	give(page, &g);
	if (random_next(state) % 2)
		g.successful = -1;
	give(page, &g);
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
		text = render(&page);
		check_page(text, "random");
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
		struct given g = {FRIDAY, i ? "a.example" : "b.example",
		    "google.com", POLICY_STS, MODE_ENFORCE, most, most,
		    RESULT_TLSA_INVALID, "mx.example", NULL, NULL};

		give(&page, &g);
		g.type = POLICY_TLSA;
		give(&page, &g);
		g.successful = -1;
		give(&page, &g);
		give(&page, &g);
	}
	text = render(&page);
	check_page(text, "largest counts");
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
			check_page(lines, "a command");
			whole = joined(lines);
			cr_assert_str_eq(whole, command);
			free(whole);
			free(lines);
			free(y);
			free(x);
		}
}
