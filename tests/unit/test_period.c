/* SPDX-License-Identifier: ISC */

/*
 * PERIOD on the command line.  Now is Sunday 2026-11-22, in ISO week 47.
 */

#include "config.h"

#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "cmd/period.h"

static const struct cmd_option table[] = {PERIOD_OPTION_TABLE, {0}};

/* The index of the option of that name. */
static size_t
index_of(const char *name)
{
	size_t i;

	for (i = 0; table[i].name != NULL; i++)
		if (strcmp(table[i].name, name) == 0)
			return i;
	cr_assert_fail("no option %s", name);
	return 0;
}

static int
try(const char *name, const char *arg, int32_t days[2])
{
	struct period_options p = {0};
	struct err err = {0};
	int64_t now = (int64_t)day_from_civil((struct civil){2026, 11, 22}) *
		DAY_SECONDS +
	    6 * 3600;

	if (name != NULL && period_option(&p, index_of(name), arg, &err) == -1)
		return -1;
	return period_days(&p, now, 0, days, &err);
}

static void
expect(const char *name, const char *arg, const char *first, const char *last)
{
	char got[DATE_SIZE];
	int32_t days[2];

	cr_assert_eq(try(name, arg, days), 0, "--%s %s", name, arg);
	date_format_day(days[0], got);
	cr_expect_str_eq(got, first, "--%s %s: %s", name, arg, got);
	date_format_day(days[1], got);
	cr_expect_str_eq(got, last, "--%s %s: %s", name, arg, got);
}

Test(period, without_an_option_it_is_yesterday)
{
	expect(NULL, NULL, "2026-11-21", "2026-11-21");
}

Test(period, a_day_may_be_a_date_or_a_word)
{
	expect("day", "2026-02-28", "2026-02-28", "2026-02-28");
	expect("day", "yesterday", "2026-11-21", "2026-11-21");
	expect("day", "today", "2026-11-22", "2026-11-22");
}

Test(period, a_week_runs_from_monday_to_sunday)
{
	expect("week", "2026-W47", "2026-11-16", "2026-11-22");
	expect("week", "last", "2026-11-09", "2026-11-15");
	expect("week", "2026-W53", "2026-12-28", "2027-01-03");
	expect("week", "2026-W01", "2025-12-29", "2026-01-04");
}

Test(period, a_month_ends_with_its_last_day)
{
	expect("month", "2026-11", "2026-11-01", "2026-11-30");
	expect("month", "2024-02", "2024-02-01", "2024-02-29");
	expect("month", "last", "2026-10-01", "2026-10-31");
}

Test(period, the_last_days_end_yesterday)
{
	expect("last", "1d", "2026-11-21", "2026-11-21");
	expect("last", "7d", "2026-11-15", "2026-11-21");
	expect("last", "2w", "2026-11-08", "2026-11-21");
}

Test(period, nonsense_is_refused)
{
	static const char *const bad[][2] = {{"day", "2026-02-30"}, {"day", ""},
	    {"day", "2026-11-20x"}, {"day", "tomorrow"}, {"week", "2026-W54"},
	    {"week", "2025-W53"}, {"week", "2026-W00"}, {"week", "2026-47"},
	    {"week", "26-W47"}, {"week", "2026-W4"}, {"week", "2026-W471"},
	    {"month", "2026-13"}, {"month", "2026-1"}, {"month", "2026-11-01"},
	    {"month", ""}, {"last", "0d"}, {"last", "7"}, {"last", "d"},
	    {"last", "-1d"}, {"last", "7dd"}, {"last", "7m"},
	    {"last", "99999999999d"}};
	int32_t days[2];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(try(bad[i][0], bad[i][1], days), -1, "--%s '%s'",
		    bad[i][0], bad[i][1]);
}

Test(period, a_range_includes_both_ends_and_may_be_open)
{
	struct period_options p = {0};
	struct err err = {0};
	int32_t days[2];

	cr_assert_eq(
	    period_option(&p, index_of("since"), "2026-11-09", &err), 0);
	cr_assert_eq(period_days(&p, 0, 0, days, &err), 0);
	cr_expect_eq(days[1], PERIOD_OPEN_END);
	cr_assert_eq(
	    period_option(&p, index_of("until"), "2026-11-15", &err), 0);
	cr_assert_eq(period_days(&p, 0, 0, days, &err), 0);
	cr_expect_eq(days[1] - days[0], 6);
}

Test(period, the_ends_of_the_calendar_are_days_like_others)
{
	struct period_options p = {0};
	struct err err = {0};
	int32_t days[2];

	cr_assert_eq(try("week", "0001-W01", days), 0);
	cr_expect_eq(days[0], DAY_MIN);
	cr_expect_eq(days[1], DAY_MIN + 6);
	cr_assert_eq(try("month", "9999-12", days), 0);
	cr_expect_eq(days[0], DAY_MAX - 30);
	cr_expect_eq(days[1], DAY_MAX);
	cr_assert_eq(try("since", "0001-01-01", days), 0);
	cr_expect_eq(days[0], DAY_MIN);
	cr_expect_eq(days[1], PERIOD_OPEN_END);
	cr_assert_eq(try("until", "9999-12-31", days), 0);
	cr_expect_eq(days[0], PERIOD_OPEN_START);
	cr_expect_eq(days[1], DAY_MAX);
	cr_assert_eq(period_days(&p, 0, 1, days, &err), 0);
	cr_expect_eq(days[0], PERIOD_OPEN_START);
	cr_expect_eq(days[1], PERIOD_OPEN_END);
}

Test(period, a_range_that_ends_before_it_starts_is_refused)
{
	struct period_options p = {0};
	struct err err = {0};
	int32_t days[2];

	cr_assert_eq(
	    period_option(&p, index_of("since"), "2026-11-15", &err), 0);
	cr_assert_eq(
	    period_option(&p, index_of("until"), "2026-11-09", &err), 0);
	cr_expect_eq(period_days(&p, 0, 0, days, &err), -1);
}

Test(period, two_periods_at_once_are_refused)
{
	struct period_options p = {0};
	struct err err = {0};

	cr_assert_eq(period_option(&p, index_of("week"), "last", &err), 0);
	cr_expect_eq(period_option(&p, index_of("day"), "today", &err), -1);
	cr_expect_eq(err.code, ERR_USAGE);
}
