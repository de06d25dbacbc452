/* SPDX-License-Identifier: ISC */

/*
 * The calendar against its fixed points and against itself over every day
 * there is.
 */

#include "config.h"

#include <criterion/criterion.h>

#include "base/date.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define FIRST_TIME ((int64_t)DAY_MIN * DAY_SECONDS)
#define LAST_TIME  (((int64_t)DAY_MAX + 1) * DAY_SECONDS - 1)

/* 2023-02-03T05:09:22Z */
#define SOME_TIME INT64_C(1675400962)

Test(date, fixed_points_of_the_calendar)
{
	static const struct {
		struct civil c;
		int32_t day;
	} points[] = {
	    {{1, 1, 1}, DAY_MIN},
	    {{1600, 2, 29}, -135081},
	    {{1969, 12, 31}, -1},
	    {{1970, 1, 1}, 0},
	    {{2000, 2, 29}, 11016},
	    {{2000, 3, 1}, 11017},
	    {{2026, 11, 20}, 20777},
	    {{9999, 12, 31}, DAY_MAX},
	};
	struct civil c;
	size_t i;

	for (i = 0; i < COUNT(points); i++) {
		cr_assert_eq(
		    day_from_civil(points[i].c), points[i].day, "point %zu", i);
		c = civil_from_day(points[i].day);
		cr_assert_eq(c.year, points[i].c.year, "point %zu", i);
		cr_assert_eq(c.month, points[i].c.month, "point %zu", i);
		cr_assert_eq(c.day, points[i].c.day, "point %zu", i);
	}
}

Test(date, every_day_there_is_follows_the_one_before)
{
	struct civil c, last = civil_from_day(DAY_MIN);
	int32_t day;

	for (day = DAY_MIN + 1; day <= DAY_MAX; day++) {
		c = civil_from_day(day);
		if (day_from_civil(c) != day ||
		    day_weekday(day) != (day_weekday(day - 1) + 1) % 7)
			cr_assert_fail("day %d", day);
		if (c.day == 1 ? last.day < 28 : c.day != last.day + 1)
			cr_assert_fail("day %d", day);
		if (c.day != 1 && c.month != last.month)
			cr_assert_fail("day %d", day);
		last = c;
	}
}

Test(date, dates_that_do_not_exist_are_no_day)
{
	static const struct civil none[] = {{2023, 2, 29}, {1900, 2, 29},
	    {2024, 2, 30}, {2024, 4, 31}, {2024, 0, 1}, {2024, 13, 1},
	    {2024, 1, 0}, {2024, 1, 32}, {0, 12, 31}, {10000, 1, 1}, {-4, 1, 1},
	    {2024, -1, 1}, {2024, 1, -1}, {INT32_MAX, 1, 1},
	    {2024, INT32_MIN, 1}, {2024, 1, INT32_MAX}};
	size_t i;

	for (i = 0; i < COUNT(none); i++)
		cr_assert_eq(day_from_civil(none[i]), DAY_NONE, "%zu", i);
}

Test(date, days_out_of_range_are_taken_for_the_nearest_bound)
{
	char out[TIME_SIZE];

	cr_assert_eq(civil_from_day(INT32_MAX).year, 9999);
	cr_assert_eq(civil_from_day(DAY_NONE).year, 1);
	cr_assert_eq(day_week_start(DAY_NONE), DAY_MIN);
	cr_assert_eq(day_month_start(INT32_MAX), DAY_MAX - 30);
	cr_assert_eq(day_weekday(INT32_MAX), day_weekday(DAY_MAX));
	date_format_day(DAY_MIN - 1, out);
	cr_assert_str_eq(out, "0001-01-01");
	date_format_day(DAY_MAX + 1, out);
	cr_assert_str_eq(out, "9999-12-31");
	date_format_time(TIME_NONE, out);
	cr_assert_str_eq(out, "0001-01-01T00:00:00Z");
	date_format_time(FIRST_TIME - 1, out);
	cr_assert_str_eq(out, "0001-01-01T00:00:00Z");
	date_format_time(LAST_TIME, out);
	cr_assert_str_eq(out, "9999-12-31T23:59:59Z");
	date_format_time(LAST_TIME + 1, out);
	cr_assert_str_eq(out, "9999-12-31T23:59:59Z");
	date_format_time(INT64_MAX, out);
	cr_assert_str_eq(out, "9999-12-31T23:59:59Z");
}

Test(date, the_day_of_a_time_is_rounded_down)
{
	cr_assert_eq(day_of_time(0), 0);
	cr_assert_eq(day_of_time(86399), 0);
	cr_assert_eq(day_of_time(86400), 1);
	cr_assert_eq(day_of_time(-1), -1);
	cr_assert_eq(day_of_time(-86400), -1);
	cr_assert_eq(day_of_time(-86401), -2);
	cr_assert_eq(day_of_time(FIRST_TIME - 1), DAY_MIN);
	cr_assert_eq(day_of_time(LAST_TIME), DAY_MAX);
	cr_assert_eq(day_of_time(LAST_TIME + 1), DAY_MAX);
	cr_assert_eq(day_of_time(INT64_MAX), DAY_MAX);
	cr_assert_eq(day_of_time(INT64_MIN + 1), DAY_MIN);
	cr_assert_eq(day_of_time(TIME_NONE), DAY_NONE);
}

Test(date, weeks_start_on_monday)
{
	int32_t friday = day_from_civil((struct civil){2026, 11, 20});
	int32_t day;

	cr_assert_eq(day_weekday(friday), 4);
	cr_assert_str_eq(date_weekday_name(friday), "Friday");
	cr_assert_str_eq(date_weekday_name(0), "Thursday");
	cr_assert_str_eq(date_weekday_name(DAY_MIN), "Monday");
	for (day = friday - 4; day < friday + 3; day++)
		cr_assert_eq(day_week_start(day), friday - 4);
	cr_assert_eq(day_week_start(friday + 3), friday + 3);
	cr_assert_eq(day_week_start(-1), -3);
	cr_assert_eq(day_week_start(DAY_MIN), DAY_MIN);
}

Test(date, iso_weeks_belong_to_the_year_of_their_thursday)
{
	static const struct {
		int year;
		int week;
		struct civil start;
	} weeks[] = {
	    {2026, 47, {2026, 11, 16}},
	    {2026, 1, {2025, 12, 29}},
	    {2026, 53, {2026, 12, 28}},
	    {2027, 1, {2027, 1, 4}},
	    {2020, 53, {2020, 12, 28}},
	    {2021, 1, {2021, 1, 4}},
	    {1, 1, {1, 1, 1}},
	    {9999, 52, {9999, 12, 27}},
	};
	size_t i;

	for (i = 0; i < COUNT(weeks); i++)
		cr_assert_eq(day_from_iso_week(weeks[i].year, weeks[i].week),
		    day_from_civil(weeks[i].start), "week %zu", i);
}

Test(date, weeks_that_do_not_exist_are_no_day)
{
	static const int weeks[][2] = {{2025, 53}, {2021, 53}, {2026, 0},
	    {2026, 54}, {2026, -1}, {0, 1}, {10000, 1}, {9999, 53},
	    {2026, INT32_MAX}, {INT32_MIN, 1}};
	size_t i;

	for (i = 0; i < COUNT(weeks); i++)
		cr_assert_eq(day_from_iso_week(weeks[i][0], weeks[i][1]),
		    DAY_NONE, "week %zu", i);
}

Test(date, months_are_added_to_the_first_of_the_month)
{
	int32_t day = day_from_civil((struct civil){2024, 1, 31});

	cr_assert_eq(day_month_start(day), day - 30);
	cr_assert_eq(day_add_months(day, 0), day - 30);
	cr_assert_eq(day_add_months(day, 1), day + 1);
	cr_assert_eq(day_add_months(day, 2), day + 30);
	cr_assert_eq(day_add_months(day, 11),
	    day_from_civil((struct civil){2024, 12, 1}));
	cr_assert_eq(day_add_months(day, 12),
	    day_from_civil((struct civil){2025, 1, 1}));
	cr_assert_eq(day_add_months(day, -1),
	    day_from_civil((struct civil){2023, 12, 1}));
	cr_assert_eq(day_add_months(day, -13),
	    day_from_civil((struct civil){2022, 12, 1}));
}

Test(date, months_end_with_the_calendar)
{
	cr_assert_eq(day_add_months(DAY_MAX, 0), DAY_MAX - 30);
	cr_assert_eq(day_add_months(DAY_MAX, 1), DAY_MAX + 1);
	cr_assert_eq(day_add_months(DAY_MAX, 2), DAY_MAX + 1);
	cr_assert_eq(day_add_months(DAY_MAX, INT32_MAX), DAY_MAX + 1);
	cr_assert_eq(day_add_months(DAY_MIN, 0), DAY_MIN);
	cr_assert_eq(day_add_months(DAY_MIN, -1), DAY_MIN);
	cr_assert_eq(day_add_months(DAY_NONE, INT32_MIN), DAY_MIN);
}

Test(date, days_and_times_are_written_as_they_are_parsed)
{
	char out[TIME_SIZE];

	date_format_day(20777, out);
	cr_assert_str_eq(out, "2026-11-20");
	date_format_time(SOME_TIME, out);
	cr_assert_str_eq(out, "2023-02-03T05:09:22Z");
	date_format_time(-1, out);
	cr_assert_str_eq(out, "1969-12-31T23:59:59Z");
}
