/* SPDX-License-Identifier: ISC */

/*
 * The calendar, and how dates are written; date_parse.c reads them.  libc's
 * functions depend on the locale, on TZ and on the width of time_t, and say
 * nothing about a date that is none, so that the few sums are done here.
 */

#include "config.h"

#include "base/date.h"

/* 400 years, after which the Gregorian calendar repeats itself. */
#define ERA_DAYS 146097

/* Days from 0000-03-01, where an era starts, to 1970-01-01. */
#define EPOCH_DAYS 719468

#define WEEKDAY_OF_EPOCH 3 /* a Thursday */

static int32_t
day_clamp(int32_t day)
{
	return day < DAY_MIN ? DAY_MIN : day > DAY_MAX ? DAY_MAX : day;
}

static bool
is_leap_year(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
month_days(int year, int month)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && is_leap_year(year));
}

/*
 * Years are counted from March here: the leap day is then the last of its
 * year, and the days before each month follow from one linear formula.
 */
static int32_t
day_of_date(int year, int month, int day)
{
	int y = month > 2 ? year : year - 1;
	int m = month > 2 ? month - 3 : month + 9;
	int of_era = y % 400;
	int of_year = (153 * m + 2) / 5 + day - 1;

	return y / 400 * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 +
	    of_year - EPOCH_DAYS;
}

int32_t
day_from_civil(struct civil c)
{
	if (c.year < 1 || c.year > 9999 || c.month < 1 || c.month > 12)
		return DAY_NONE;
	if (c.day < 1 || c.day > month_days(c.year, c.month))
		return DAY_NONE;
	return day_of_date(c.year, c.month, c.day);
}

struct civil
civil_from_day(int32_t day)
{
	int since = day_clamp(day) + EPOCH_DAYS;
	int d = since % ERA_DAYS;
	/* Every 4 years but every 100, yet every 400, has a day more. */
	int y = (d - d / 1460 + d / 36524 - d / (ERA_DAYS - 1)) / 365;
	int of_year = d - (365 * y + y / 4 - y / 100);
	int m = (5 * of_year + 2) / 153;

	return (struct civil){
	    .year = since / ERA_DAYS * 400 + y + (m >= 10),
	    .month = m < 10 ? m + 3 : m - 9,
	    .day = of_year - (153 * m + 2) / 5 + 1,
	};
}

int32_t
day_of_time(int64_t t)
{
	int64_t day = t / DAY_SECONDS - (t % DAY_SECONDS < 0);

	if (t == TIME_NONE)
		return DAY_NONE;
	return day < DAY_MIN ? DAY_MIN : day > DAY_MAX ? DAY_MAX : (int)day;
}

int
day_weekday(int32_t day)
{
	return (day_clamp(day) % 7 + 7 + WEEKDAY_OF_EPOCH) % 7;
}

int32_t
day_week_start(int32_t day)
{
	/* DAY_MIN is a Monday. */
	return day_clamp(day) - day_weekday(day);
}

int32_t
day_month_start(int32_t day)
{
	return day_clamp(day) - civil_from_day(day).day + 1;
}

int32_t
day_from_iso_week(int year, int week)
{
	int32_t day;

	if (year < 1 || year > 9999 || week < 1 || week > 53)
		return DAY_NONE;
	/* Week 1 is the one with 4 January in it; a week belongs to the year
	 * of its Thursday. */
	day = day_week_start(day_of_date(year, 1, 4)) + 7 * (week - 1);
	if (day + 3 > DAY_MAX || civil_from_day(day + 3).year != year)
		return DAY_NONE;
	return day;
}

int32_t
day_add_months(int32_t day, int n)
{
	struct civil c = civil_from_day(day);
	int64_t months = (int64_t)c.year * 12 + c.month - 1 + n;

	if (months < 12)
		return DAY_MIN;
	if (months >= 10000 * 12)
		return DAY_MAX + 1;
	return day_of_date((int)(months / 12), (int)(months % 12) + 1, 1);
}

/* Writes the last digits of value, behind zeros. */
static void
put_number(char *out, int digits, int value)
{
	while (digits-- > 0) {
		out[digits] = (char)('0' + value % 10);
		value /= 10;
	}
}

void
date_format_day(int32_t day, char out[DATE_SIZE])
{
	struct civil c = civil_from_day(day);

	put_number(out, 4, c.year);
	out[4] = '-';
	put_number(out + 5, 2, c.month);
	out[7] = '-';
	put_number(out + 8, 2, c.day);
	out[10] = '\0';
}

void
date_format_time(int64_t t, char out[TIME_SIZE])
{
	const int64_t first = (int64_t)DAY_MIN * DAY_SECONDS;
	const int64_t last = ((int64_t)DAY_MAX + 1) * DAY_SECONDS - 1;
	int32_t day;
	int sec;

	t = t < first ? first : t > last ? last : t;
	day = day_of_time(t);
	sec = (int)(t - (int64_t)day * DAY_SECONDS);
	date_format_day(day, out);
	out[10] = 'T';
	put_number(out + 11, 2, sec / 3600);
	out[13] = ':';
	put_number(out + 14, 2, sec / 60 % 60);
	out[16] = ':';
	put_number(out + 17, 2, sec % 60);
	out[19] = 'Z';
	out[20] = '\0';
}

const char *
date_weekday_name(int32_t day)
{
	static const char *const names[] = {"Monday", "Tuesday", "Wednesday",
	    "Thursday", "Friday", "Saturday", "Sunday"};

	return names[day_weekday(day)];
}
