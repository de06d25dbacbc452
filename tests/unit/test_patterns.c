/* SPDX-License-Identifier: ISC */

/*
 * Patterns of domains: what fnmatch(3) says, with and without the table.
 */

#include "config.h"

#include <fnmatch.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "digest/patterns.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
check(const char *pattern, const char *domain, bool wanted)
{
	struct arena *a = arena_new(256);
	struct patterns *p = patterns_new(a, 1);

	patterns_add(p, pattern, 7);
	cr_expect_eq(pattern_takes(pattern, domain), wanted, "%s takes %s",
	    pattern, domain);
	cr_expect_eq(patterns_find(p, domain) == 7, wanted, "%s finds %s",
	    pattern, domain);
	arena_free(a);
}

Test(patterns, a_name_takes_itself_in_any_case_and_nothing_else)
{
	check("example.com", "example.com", true);
	check("Example.COM", "eXample.com", true);
	check("example.com", "example.co", false);
	check("example.com", "example.comm", false);
	check("example.com", "www.example.com", false);
	check("example.com", "", false);
	check("", "", true);
	check("", "example.com", false);
}

Test(patterns, a_tail_takes_what_is_below_it_and_not_itself)
{
	check("*.example.com", "a.example.com", true);
	check("*.example.com", "a.b.EXAMPLE.com", true);
	check("*.example.com", ".example.com", true);
	check("*.example.com", "example.com", false);
	check("*.example.com", "badexample.com", false);
	check("*.example.com", "a.example.com.org", false);
	check("*.com", "com", false);
	check("*.com", "x.com", true);
}

Test(patterns, other_patterns_are_tried)
{
	check("*", "example.com", true);
	check("*", "", true);
	check("*.", "example.com", true);
	check("*..", "example.com", false);
	check("*example.com", "badexample.com", true);
	check("mail?.example.com", "mail1.example.com", true);
	check("mail?.example.com", "mail.example.com", false);
	check("[ab].example.com", "B.example.com", true);
	check("[!ab].example.com", "b.example.com", false);
	check("*.example.[no]*", "a.example.net", true);
	check("[example.com", "[example.com", true);
	check("a\\*b", "a*b", true);
	check("a\\*b", "axb", false);
	check("a\\.b", "a.b", true);
}

Test(patterns, one_final_dot_counts_for_nothing)
{
	check("example.com", "example.com.", true);
	check("example.com.", "example.com", true);
	check("example.com.", "example.com.", true);
	check("example.com", "example.com..", false);
	check("*.example.com", "a.example.com.", true);
	check("*.example.com.", "a.example.com", true);
	check("*.example.com.", "example.com.", false);
	check("mail?.example.com", "mail1.example.com.", true);
	check("mail?.example.com.", "mail1.example.com", true);
	check(".", ".", true);
	check(".", "", false);
}

Test(patterns, the_lowest_number_is_found)
{
	static const char *const patterns[] = {"b.example.com",
	    "*.b.example.com", "?.example.com", "*.example.com",
	    "b.example.com", "*"};
	static const struct {
		char domain[24];
		size_t number;
	} rows[] = {{"b.example.com", 0}, {"a.b.example.com", 1},
	    {"c.example.com", 2}, {"cc.example.com", 3}, {"example.com", 5},
	    {"", 5}};
	struct arena *a = arena_new(256);
	struct patterns *p = patterns_new(a, COUNT(patterns));
	size_t i;

	cr_expect_eq(patterns_find(p, "b.example.com"), PATTERNS_NONE);
	for (i = 0; i < COUNT(patterns); i++)
		patterns_add(p, patterns[i], i);
	for (i = 0; i < COUNT(rows); i++)
		cr_expect_eq(patterns_find(p, rows[i].domain), rows[i].number,
		    "%s", rows[i].domain);
	arena_free(a);
}

Test(patterns, an_empty_set_takes_nothing)
{
	struct arena *a = arena_new(256);
	struct patterns *p = patterns_new(a, 0);

	cr_expect_eq(patterns_find(p, "example.com"), PATTERNS_NONE);
	cr_expect_eq(patterns_find(p, ""), PATTERNS_NONE);
	arena_free(a);
}

static void
make_text(char text[8], const char *letters, uint32_t *seed)
{
	size_t i, len;

	*seed = *seed * UINT32_C(1103515245) + 12345;
	len = (*seed >> 16) % 7;
	for (i = 0; i < len; i++) {
		*seed = *seed * UINT32_C(1103515245) + 12345;
		text[i] = letters[(*seed >> 16) % strlen(letters)];
	}
	text[len] = '\0';
}

static bool
ends_in_dot(const char *s)
{
	return s[0] != '\0' && s[strlen(s) - 1] == '.';
}

Test(patterns, the_answer_is_that_of_fnmatch_whatever_comes)
{
	char pattern[8], domain[8];
	uint32_t seed = 1;
	bool wanted;
	int i;

	for (i = 0; i < 100000; i++) {
		make_text(pattern, "aB.*.a?[]!\\", &seed);
		make_text(domain, "abA..[\\", &seed);
		if (ends_in_dot(pattern) || ends_in_dot(domain))
			continue;
		wanted = fnmatch(pattern, domain, FNM_CASEFOLD) == 0;
		check(pattern, domain, wanted);
	}
}

Test(patterns, many_are_found_among_many)
{
	static char names[4000][24];
	struct arena *a = arena_new(256);
	struct patterns *p = patterns_new(a, COUNT(names));
	size_t i;

	for (i = 0; i < COUNT(names); i++) {
		snprintf(names[i], sizeof(names[i]), "%sd%zu.example",
		    i % 2 == 0 ? "" : "*.", i);
		patterns_add(p, names[i], i);
	}
	for (i = 0; i < COUNT(names); i++)
		if (i % 2 == 0)
			cr_expect_eq(patterns_find(p, names[i]), i);
		else
			cr_expect_eq(patterns_find(p, names[i] + 1), i);
	cr_expect_eq(patterns_find(p, "d4000.example"), PATTERNS_NONE);
	cr_expect_eq(patterns_find(p, "x.d0.example"), PATTERNS_NONE);
	cr_expect_eq(patterns_find(p, "d1.example"), PATTERNS_NONE);
	arena_free(a);
}

/* 4096 bytes are the longest string of a report. */
Test(patterns, a_domain_of_nothing_but_dots_is_looked_up)
{
	char dots[4097];

	memset(dots, '.', 4096);
	dots[4096] = '\0';
	check("*.example.com", dots, false);
	check("*..", dots, true);
}
