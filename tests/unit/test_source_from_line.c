/* SPDX-License-Identifier: ISC */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "source/from_line.h"
#include "support.h"

/* 2026-11-21T06:00:12Z, a Saturday. */
#define THEN INT64_C(1795240812)

struct line {
	const char *text;
	int64_t offset; /* from THEN */
};

static const struct line good[] = {
    {"From reports@example.com Sat Nov 21 06:00:12 2026", 0},
    {"From reports@example.com  Sat Nov 21 06:00:12 2026\n", 0},
    {"From reports@example.com Sat Nov 21 06:00:12 2026\r\n", 0},
    {"From - Sat Nov 21 06:00:12 2026", 0},
    {"From ???@??? Sat Nov 21 06:00:12 2026", 0},
    {"From MAILER-DAEMON Sat Nov 21 06:00:12 2026 +0000", 0},
    {"From Sat Nov 21 06:00:12 2026", 0},
    {"From a@b Sat Nov 21 06:00 2026", -12},
    {"From a@b Sat Nov 21  6:00:12 2026", 0},
    {"From a@b Sat Nov 21 06:00:12 CET 2026", 0},
    {"From a@b Sat Nov 21 06:00:12 2026 -0130", 5400},
    {"From 1780000000000@xxx Sat Nov 21 06:00:12 +0100 2026", -3600},
    {"From user at example.com  Sat Nov 21 06:00:12 2026", 0},
    {"From \"a b\"@example.com Sat Nov 21 06:00:12 2026", 0},
    {"From a!b Sat Nov 21 06:00:12 2026 remote from relay", 0},
    {"From a@b Sat, 21 Nov 2026 06:00:12 +0100", -3600},
    {"From a@b 21 nov 2026 06:00:12", 0},
    {"From mar@example.com Sat NOV 21 06:00:12 2026", 0},
    {"From Mar Apr May Sat Nov 21 06:00:12 2026", 0},
    {"From a@b Sat Nov 21 06:00:60 2026", 48},
    {"From a@b\tSat\tNov\t21\t06:00:12\t2026", 0},
};

Test(source_from_line, the_ways_in_which_programs_write_it_are_known)
{
	size_t i;
	int64_t t;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		t = TIME_NONE;
		cr_assert(from_line_parse(span_of(good[i].text), &t), "%s",
		    good[i].text);
		cr_assert_eq(t, THEN + good[i].offset, "%s", good[i].text);
	}
}

static const char *const bad[] = {"", "From", "From ", "From \n",
    "From what I have seen, it works.", "From me to you",
    "From: a@b Sat Nov 21 06:00:12 2026", ">From a@b Sat Nov 21 06:00:12 2026",
    "from a@b Sat Nov 21 06:00:12 2026", "FROM a@b Sat Nov 21 06:00:12 2026",
    " From a@b Sat Nov 21 06:00:12 2026",
    "From Nov 21 2026 on, at 06:00:12, we wait", "From a@b Sat Nov 21 2026",
    "From a@b Sat Nov 21 06:00:12", "From a@b Sat Nov 0 06:00:12 2026",
    "From a@b Sat Nov 31 06:00:12 2026", "From a@b Sat Feb 29 06:00:12 2026",
    "From a@b Sat Nov 21 24:00:00 2026", "From a@b Sat Nov 21 06:60:00 2026",
    "From a@b Sat Nov 21 06:00:61 2026", "From a@b Sat Nov 21 06:0:12 2026",
    "From a@b Sat Nov 21 06:00:12 26", "From a@b Sat Nov 21 06:00:12 1969",
    "From a@b Sat Nov 21 06:00:12 20260", "From a@b Sat Nov 21 06:00:12. 2026",
    "From a@b Sat November 21 06:00:12 2026",
    "From a@b Sat Nov 99999999999 06:00:12 2026", "From May I go",
    "From a@b Sat Nov", "From a@b Sat Nov 21 06:00:"};

Test(source_from_line, a_sentence_or_half_a_date_is_none)
{
	size_t i;
	int64_t t;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_not(
		    from_line_parse(span_of(bad[i]), &t), "%s", bad[i]);
}

Test(source_from_line, cut_short_anywhere_it_is_none_and_never_overread)
{
	const char *text = good[11].text;
	size_t i, len = strlen(text);
	int64_t t;

	for (i = 0; i < len; i++) {
		char *copy = malloc(i + 1);

		memcpy(copy, text, i);
		cr_assert_not(from_line_parse((struct span){copy, i}, &t));
		free(copy);
	}
}

/* A line whose month is the n'th word of it. */
static bool
is_read_with_month_at(size_t n)
{
	char text[500] = "From";
	int64_t t;

	for (; n > 2; n--)
		strcat(text, " a");
	strcat(text, " Nov 21 06:00:12 2026");
	return from_line_parse(span_of(text), &t);
}

/* Behind the first, four words of 32 are the date. */
Test(source_from_line, so_many_words_are_looked_at)
{
	cr_expect(is_read_with_month_at(30));
	cr_expect_not(is_read_with_month_at(31));
}

Test(source_from_line, years_end_at_9999)
{
	int64_t t;

	cr_expect(from_line_parse(SPAN("From a Sat Nov 21 06:00:12 1970"), &t));
	cr_expect(from_line_parse(SPAN("From a Sat Nov 21 06:00:12 9999"), &t));
	cr_expect_not(
	    from_line_parse(SPAN("From a Sat Nov 21 06:00:12 10000"), &t));
}

Test(source_from_line, the_longest_line_is_1024_bytes)
{
	static const char tail[] = " Sat Nov 21 06:00:12 2026";
	char *text = support_repeat('x', FROM_LINE_MAX + 1);
	size_t len = FROM_LINE_MAX;
	int64_t t;

	memcpy(text, "From ", 5);
	memcpy(text + len - strlen(tail), tail, strlen(tail));
	cr_assert(from_line_parse((struct span){text, len}, &t));
	text[len] = '\n';
	cr_assert_not(from_line_parse((struct span){text, len + 1}, &t));
	free(text);
}
