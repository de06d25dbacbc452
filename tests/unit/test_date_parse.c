/* SPDX-License-Identifier: ISC */

/*
 * The parsers of dates against what the RFCs allow, what senders write, and
 * what neither ever should.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define FIRST_TIME ((int64_t)DAY_MIN * DAY_SECONDS)
#define LAST_TIME  (((int64_t)DAY_MAX + 1) * DAY_SECONDS - 1)

/* 2023-02-03T05:09:22Z */
#define SOME_TIME INT64_C(1675400962)

struct good {
	const char *text;
	const char *time;
	unsigned quirks;
};

static void
check_3339(const struct good *g)
{
	unsigned quirks = 99;
	char out[TIME_SIZE];
	int64_t t;

	cr_assert_eq(date_parse_rfc3339(span_of(g->text), &t, &quirks), 0,
	    "\"%s\" is rejected", g->text);
	date_format_time(t, out);
	cr_assert_str_eq(out, g->time, "\"%s\" gives %s", g->text, out);
	cr_assert_eq(
	    quirks, g->quirks, "\"%s\" has quirks %u", g->text, quirks);
}

static void
check_not_3339(struct span s)
{
	unsigned quirks;
	int64_t t = 0;

	cr_assert_eq(date_parse_rfc3339(s, &t, &quirks), -1,
	    "\"%.*s\" is accepted", (int)s.len, s.p);
	cr_assert_eq(t, TIME_NONE);
}

static void
check_5322(const char *text, const char *time)
{
	char out[TIME_SIZE];
	int64_t t;

	cr_assert_eq(date_parse_rfc5322(span_of(text), &t), 0,
	    "\"%s\" is rejected", text);
	date_format_time(t, out);
	cr_assert_str_eq(out, time, "\"%s\" gives %s", text, out);
}

static void
check_not_5322(struct span s)
{
	int64_t t = 0;

	cr_assert_eq(date_parse_rfc5322(s, &t), -1, "\"%.*s\" is accepted",
	    (int)s.len, s.p);
	cr_assert_eq(t, TIME_NONE);
}

Test(date_parse, a_day_is_parsed_to_the_letter)
{
	static const char *const bad[] = {"", "2026", "2026-11", "2026-11-2",
	    "2026-11-200", "2026-11-20 ", " 2026-11-20", "2026/11/20",
	    "2026-11-20T", "20261120", "2026-13-01", "2026-02-29", "0000-01-01",
	    "+026-11-20", "2026-11--1", "2026-1-20", "02026-11-20"};
	int32_t day;
	size_t i;

	cr_assert_eq(date_parse_day(SPAN("2026-11-20"), &day), 0);
	cr_assert_eq(day, 20777);
	cr_assert_eq(date_parse_day(SPAN("0001-01-01"), &day), 0);
	cr_assert_eq(day, DAY_MIN);
	cr_assert_eq(date_parse_day(SPAN("9999-12-31"), &day), 0);
	cr_assert_eq(day, DAY_MAX);
	for (i = 0; i < COUNT(bad); i++) {
		cr_assert_eq(date_parse_day(span_of(bad[i]), &day), -1,
		    "\"%s\"", bad[i]);
		cr_assert_eq(day, DAY_NONE);
	}
	cr_assert_eq(date_parse_day(SPAN("2026-11-20\0"), &day), -1);
	cr_assert_eq(date_parse_day(span_of(NULL), &day), -1);
}

Test(date_parse, rfc3339_without_a_quirk)
{
	static const struct good good[] = {
	    {"2023-02-03T05:09:22Z", "2023-02-03T05:09:22Z", 0},
	    {"2023-02-03t05:09:22z", "2023-02-03T05:09:22Z", 0},
	    {"2023-02-03T05:09:22.5Z", "2023-02-03T05:09:22Z", 0},
	    {"2023-02-03T05:09:22.999999999999999999999999Z",
		"2023-02-03T05:09:22Z", 0},
	    {"2023-02-03T05:09:22-00:00", "2023-02-03T05:09:22Z", 0},
	    {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z", 0},
	    {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", 0},
	    {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", 0},
	    {"9999-12-31T23:59:59+23:59", "9999-12-31T00:00:59Z", 0},
	    {"1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50Z", 0},
	    {"1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27Z", 0},
	};
	size_t i;

	for (i = 0; i < COUNT(good); i++)
		check_3339(&good[i]);
}

Test(date_parse, conformance_42_a_time_without_a_zone_is_utc)
{
	static const struct good good[] = {
	    {"2023-02-03T05:09:22", "2023-02-03T05:09:22Z", DATE_NO_ZONE},
	    {"2023-02-03T05:09:22.123", "2023-02-03T05:09:22Z", DATE_NO_ZONE},
	    {"2023-02-03 05:09:22", "2023-02-03T05:09:22Z",
		DATE_NO_ZONE | DATE_LOOSE},
	};
	size_t i;

	for (i = 0; i < COUNT(good); i++)
		check_3339(&good[i]);
}

Test(date_parse, conformance_43_an_offset_is_converted_to_utc)
{
	static const struct good good[] = {
	    {"2023-02-03T05:09:22+02:00", "2023-02-03T03:09:22Z", 0},
	    {"2023-02-03T00:00:00+02:00", "2023-02-02T22:00:00Z", 0},
	    {"2023-02-03T23:30:00-05:30", "2023-02-04T05:00:00Z", 0},
	    {"2023-02-03T05:09:22+23:59", "2023-02-02T05:10:22Z", 0},
	    {"2023-02-03T05:09:22+0200", "2023-02-03T03:09:22Z", DATE_LOOSE},
	    {"2023-02-03T05:09:22-02", "2023-02-03T07:09:22Z", DATE_LOOSE},
	    {"2023-02-03T05:09:22+2:00", "2023-02-03T03:09:22Z", DATE_LOOSE},
	    {"2023-02-03T05:09:22 +02:00", "2023-02-03T03:09:22Z", DATE_LOOSE},
	};
	size_t i;

	for (i = 0; i < COUNT(good); i++)
		check_3339(&good[i]);
}

Test(date_parse, conformance_45_hour_24_is_the_next_midnight)
{
	static const struct good good[] = {
	    {"2023-02-28T24:00:00Z", "2023-03-01T00:00:00Z", DATE_HOUR_24},
	    {"2023-12-31T24:00:00.0Z", "2024-01-01T00:00:00Z", DATE_HOUR_24},
	    {"2023-02-03T24:00:00+02:00", "2023-02-03T22:00:00Z", DATE_HOUR_24},
	    {"2023-02-03T24:00:00", "2023-02-04T00:00:00Z",
		DATE_HOUR_24 | DATE_NO_ZONE},
	};
	size_t i;

	for (i = 0; i < COUNT(good); i++)
		check_3339(&good[i]);
	check_not_3339(SPAN("2023-02-03T24:00:01Z"));
	check_not_3339(SPAN("2023-02-03T24:01:00Z"));
	check_not_3339(SPAN("2023-02-03T24:00:60Z"));
	check_not_3339(SPAN("9999-12-31T24:00:00Z"));
}

Test(date_parse, a_leap_second_is_the_next_midnight)
{
	static const struct good good[] = {
	    {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", 0},
	    {"2016-12-31T23:59:60.9Z", "2017-01-01T00:00:00Z", 0},
	    {"1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00Z", 0},
	    {"2016-12-31T12:59:60Z", "2016-12-31T13:00:00Z", DATE_LOOSE},
	};
	size_t i;

	for (i = 0; i < COUNT(good); i++)
		check_3339(&good[i]);
	check_not_3339(SPAN("2016-12-31T23:59:61Z"));
	check_not_3339(SPAN("9999-12-31T23:59:60Z"));
}

Test(date_parse, a_date_without_a_time_is_its_midnight)
{
	static const struct good good[] = {
	    {"2023-02-03", "2023-02-03T00:00:00Z", DATE_DAY_ONLY},
	    {"2023-2-3", "2023-02-03T00:00:00Z", DATE_DAY_ONLY | DATE_LOOSE},
	    {"2023/02/03", "2023-02-03T00:00:00Z", DATE_DAY_ONLY | DATE_LOOSE},
	};
	size_t i;

	for (i = 0; i < COUNT(good); i++)
		check_3339(&good[i]);
}

Test(date_parse, other_forms_of_rfc3339_are_loose)
{
	static const struct good good[] = {
	    {"2023-02-03 05:09:22Z", "2023-02-03T05:09:22Z", DATE_LOOSE},
	    {"2023-2-3T5:9:2Z", "2023-02-03T05:09:02Z", DATE_LOOSE},
	    {"2023.02.03T05:09:22Z", "2023-02-03T05:09:22Z", DATE_LOOSE},
	    {"2023-02-03T05:09Z", "2023-02-03T05:09:00Z", DATE_LOOSE},
	    {"2023-02-03T05:09:22,5Z", "2023-02-03T05:09:22Z", DATE_LOOSE},
	    {" 2023-02-03T05:09:22Z\r\n", "2023-02-03T05:09:22Z", DATE_LOOSE},
	    {"2023-02-03 05:09:22 UTC", "2023-02-03T05:09:22Z", DATE_LOOSE},
	    {"2023-02-03T05:09:22gmt", "2023-02-03T05:09:22Z", DATE_LOOSE},
	    {"2023-02-03 05:09", "2023-02-03T05:09:00Z",
		DATE_LOOSE | DATE_NO_ZONE},
	};
	size_t i;

	for (i = 0; i < COUNT(good); i++)
		check_3339(&good[i]);
}

Test(date_parse, nonsense_is_no_rfc3339_time)
{
	static const char *const bad[] = {"", " ", "T", "Z", "2023", "2023-",
	    "2023-02", "2023-02-", "-2023-02-03T05:09:22Z",
	    "2023-13-01T00:00:00Z", "2023-00-01T00:00:00Z",
	    "2023-02-30T00:00:00Z", "2023-02-29T00:00:00Z",
	    "2023-02-00T00:00:00Z", "0000-01-01T00:00:00Z",
	    "10000-01-01T00:00:00Z", "999-01-01T00:00:00Z",
	    "02023-02-03T00:00:00Z", "2023-02-03T25:00:00Z",
	    "2023-02-03T05:60:00Z", "2023-02-03T05",
	    "2023-02-03T05:", "2023-02-03T05Z", "2023-02-03T",
	    "2023-02-03X05:09:22Z", "2023-02-03T05:09:22.Z",
	    "2023-02-03T05:09:22ZZ", "2023-02-03T05:09:22Z junk",
	    "2023-02-03T05:09:22 CET", "2023-02-03T05:09:22+",
	    "2023-02-03T05:09:22+24:00", "2023-02-03T05:09:22+02:60",
	    "2023-02-03T05:09:22+02:", "2023-02-03T05:09:22+02:0",
	    "2023-02-03T05:09:22+020", "2023-02-03T05:09:22+02:00x",
	    "2023-02-03T05:09:22--02:00", "2023-02/03T05:09:22Z",
	    "20230203T050922Z", "2023-02-03Z", "2023-002-03T05:09:22Z",
	    "2023-02-03T005:09:22Z", "2023-02-03T+5:09:22Z",
	    "2023-02-03T05:-9:22Z", "1675400962", "0001-01-01T00:00:00+00:01",
	    "9999-12-31T23:59:59-00:01", "Fri, 3 Feb 2023 05:09:22 +0000",
	    "99999999999999999999-01-01T00:00:00Z"};
	size_t i;

	for (i = 0; i < COUNT(bad); i++)
		check_not_3339(span_of(bad[i]));
	check_not_3339(span_of(NULL));
	check_not_3339(SPAN("2023-02-03T05:09:22Z\0"));
	check_not_3339(SPAN("2023-02-03\0T05:09:22Z"));
}

/* Feeds every string that is one byte away from text, and every beginning of
 * text, from memory of exactly that size, so that a sanitizer sees any read
 * beyond it. */
static void
mangle(const char *text, void (*feed)(struct span))
{
	size_t len = strlen(text), i;
	int byte;
	char *copy;

	for (i = 0; i <= len; i++) {
		copy = malloc(i > 0 ? i : 1);
		cr_assert_not_null(copy);
		memcpy(copy, text, i);
		feed((struct span){copy, i});
		for (byte = 0; i > 0 && byte < 256; byte++) {
			copy[i / 2] = (char)byte;
			feed((struct span){copy, i});
		}
		free(copy);
	}
}

static void
feed_3339(struct span s)
{
	unsigned quirks;
	int64_t t;
	int rc = date_parse_rfc3339(s, &t, &quirks);

	cr_assert(
	    rc == -1 ? t == TIME_NONE : t >= FIRST_TIME && t <= LAST_TIME);
}

static void
feed_5322(struct span s)
{
	int64_t t;
	int rc = date_parse_rfc5322(s, &t);

	cr_assert(
	    rc == -1 ? t == TIME_NONE : t >= FIRST_TIME && t <= LAST_TIME);
}

Test(date_parse, mangled_and_truncated_dates_do_no_harm)
{
	mangle("2023-02-03T05:09:22.123+02:00", feed_3339);
	mangle("2023-02-03T05:09:22.123+02:00", feed_5322);
	mangle("Fri, 3 (a \\( (b) c) Feb 2023 05:09:22 +0000 (UTC)", feed_5322);
	mangle("Fri, 3 Feb 23 05:09:22 EST", feed_5322);
	mangle("9999-12-31T23:59:60-23:59", feed_3339);
}

Test(date_parse, rfc5322_dates_as_the_rfc_has_them)
{
	check_5322("Fri, 3 Feb 2023 05:09:22 +0000", "2023-02-03T05:09:22Z");
	check_5322("Fri, 21 Nov 1997 09:55:06 -0600", "1997-11-21T15:55:06Z");
	check_5322("Tue, 1 Jul 2003 10:52:37 +0200", "2003-07-01T08:52:37Z");
	check_5322("Thu, 13 Feb 1969 23:32:54 -0330", "1969-02-14T03:02:54Z");
	check_5322("Thu,\r\n      13\r\n        Feb\r\n          1969\r\n"
		   "      23:32\r\n               -0330 (Newfoundland Time)",
	    "1969-02-14T03:02:00Z");
	check_5322("21 Nov 97 09:55:06 GMT", "1997-11-21T09:55:06Z");
	check_5322("Fri, 21 Nov 1997 09(comment):   55  :  06 -0600",
	    "1997-11-21T15:55:06Z");
	check_5322("Sat, 31 Dec 2016 23:59:60 +0000", "2017-01-01T00:00:00Z");
}

Test(date_parse, rfc5322_without_day_name_seconds_or_zone)
{
	check_5322("3 Feb 2023 05:09:22 +0000", "2023-02-03T05:09:22Z");
	check_5322("03 feb 2023 05:09 +0000", "2023-02-03T05:09:00Z");
	check_5322("3 Feb 2023 5:9", "2023-02-03T05:09:00Z");
	check_5322("Fri 3 February 2023 05:09:22", "2023-02-03T05:09:22Z");
	check_5322(", 3 Sept 2023 05:09:22", "2023-09-03T05:09:22Z");
}

Test(date_parse, rfc5322_ignores_a_wrong_day_name)
{
	check_5322("Mon, 3 Feb 2023 05:09:22 +0000", "2023-02-03T05:09:22Z");
	check_5322(
	    "Freitag, 3 Feb 2023 05:09:22 +0000", "2023-02-03T05:09:22Z");
}

Test(date_parse, rfc5322_years_of_two_and_three_digits)
{
	check_5322("1 Jan 00 00:00:00 +0000", "2000-01-01T00:00:00Z");
	check_5322("1 Jan 49 00:00:00 +0000", "2049-01-01T00:00:00Z");
	check_5322("1 Jan 50 00:00:00 +0000", "1950-01-01T00:00:00Z");
	check_5322("1 Jan 99 00:00:00 +0000", "1999-01-01T00:00:00Z");
	check_5322("1 Jan 123 00:00:00 +0000", "2023-01-01T00:00:00Z");
}

Test(date_parse, rfc5322_zones_old_and_unknown)
{
	static const struct {
		const char *zone;
		int hour;
	} zones[] = {{"UT", 12}, {"GMT", 12}, {"UTC", 12}, {"EST", 17},
	    {"EDT", 16}, {"CST", 18}, {"CDT", 17}, {"MST", 19}, {"MDT", 18},
	    {"PST", 20}, {"pdt", 19}, {"A", 12}, {"Z", 12}, {"z", 12},
	    {"M", 12}, {"CET", 12}, {"ESTX", 12}, {"+02:00", 10}, {"-02", 14},
	    {"+0200 CEST", 10}, {"+0200 (CEST) x", 10}, {"-0000", 12},
	    {"+0000(a(b)c)", 12}, {"(only a comment)", 12}};
	char text[128], time[TIME_SIZE];
	size_t i;

	for (i = 0; i < COUNT(zones); i++) {
		snprintf(text, sizeof(text), "Fri, 3 Feb 2023 12:00:00 %s",
		    zones[i].zone);
		snprintf(time, sizeof(time), "2023-02-03T%02d:00:00Z",
		    zones[i].hour);
		check_5322(text, time);
	}
	check_5322("1 Jan 2023 00:00:00 +9959", "2022-12-27T20:01:00Z");
}

Test(date_parse, rfc5322_comments_nest_and_may_stay_open)
{
	check_5322("(a (b \\) \\() c)Fri(x),(y)3(z)Feb()2023(-)05:09:22(+)"
		   "+0000()",
	    "2023-02-03T05:09:22Z");
	check_5322(
	    "3 Feb 2023 05:09:22 +0000 (never closed", "2023-02-03T05:09:22Z");
	check_5322("3 Feb 2023 05:09:22 +0000 (\\", "2023-02-03T05:09:22Z");
}

Test(date_parse, imap_dates_have_hyphens)
{
	check_5322("17-Jul-1996 02:44:25 -0700", "1996-07-17T09:44:25Z");
	check_5322(" 3-Feb-2023 05:09:22 +0000", "2023-02-03T05:09:22Z");
	check_5322("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z");
}

Test(date_parse, nonsense_is_no_rfc5322_date)
{
	static const char *const bad[] = {"", "Fri", "Fri,", "Fri, 3",
	    "Fri, 3 Feb", "Fri, 3 Feb 2023", "Fri, 3 Feb 2023 05",
	    "Fri, 3 Feb 2023 05:", "Fri, 3 Feb 2023 05:09:",
	    "Fri, 3 Feb 2023 25:00:00 +0000", "Fri, 3 Feb 2023 05:60 +0000",
	    "Fri, 3 Feb 2023 05:09:61 +0000", "Fri, 30 Feb 2023 05:09 +0000",
	    "Fri, 0 Feb 2023 05:09 +0000", "Fri, 3 Fe 2023 05:09 +0000",
	    "Fri, 3 Foo 2023 05:09 +0000", "Fri, 3 2 2023 05:09 +0000",
	    "Fri, 003 Feb 2023 05:09 +0000", "Fri, 3 Feb 0000 05:09 +0000",
	    "Fri, 3 Feb 10000 05:09 +0000", "Fri, 3 Feb 20231:09:22 +0000",
	    "Fri, 3 Feb 3 05:09 +0000", "Fri, 3 Feb 2023 05:09 +",
	    "Fri, 3 Feb 2023 05:09 +020", "Fri, 3 Feb 2023 05:09 +0260",
	    "Fri, 3 Feb 2023 05:09 +0200 +0200", "Fri, 3 Feb 2023 05:09 +02000",
	    "Fri, 3 Feb 2023 05:09 +0000;", "Fri, 3 Feb 2023 005:09 +0000",
	    "Fri, -3 Feb 2023 05:09 +0000", "Fri Feb  3 05:09:22 2023",
	    "2023-02-03T05:09:22Z", "(Fri, 3 Feb 2023 05:09:22 +0000)",
	    "1 Jan 0001 00:00:00 +0001", "31 Dec 9999 23:59:59 -0001"};
	size_t i;

	for (i = 0; i < COUNT(bad); i++)
		check_not_5322(span_of(bad[i]));
	check_not_5322(span_of(NULL));
	check_not_5322(SPAN("3 Feb 2023 05:09:22 +0000\0"));
}

Test(date_parse, a_million_open_comments_take_no_stack)
{
	static char text[1000000];

	memset(text, '(', sizeof(text));
	check_not_5322((struct span){text, sizeof(text)});
}
