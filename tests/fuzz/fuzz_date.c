/* SPDX-License-Identifier: ISC */

/*
 * Dates: a text that is taken for a time is one within the calendar, which
 * written down and read again is the same; and the arithmetic of days keeps
 * its own laws.
 */

#include "config.h"

#include "base/date.h"
#include "fuzz.h"
#include "source/from_line.h"

/* "2026-11-20T06:00:00" and so on: no date needs more. */
#define DATE_LEN 1024

#define TIME_FIRST ((int64_t)DAY_MIN * DAY_SECONDS)
#define TIME_LAST  (((int64_t)DAY_MAX + 1) * DAY_SECONDS - 1)

static void
check_time(int64_t t)
{
	char text[TIME_SIZE];
	unsigned quirks = 0;
	int64_t again;

	check(t >= TIME_FIRST && t <= TIME_LAST);
	date_format_time(t, text);
	check(strlen(text) == TIME_SIZE - 1);
	check(date_parse_rfc3339(span_of(text), &again, &quirks) == 0);
	check(again == t && quirks == DATE_STRICT);
}

static void
check_day(int32_t day)
{
	char text[DATE_SIZE];
	int32_t again, start;
	struct civil c = civil_from_day(day);

	check(c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= 31);
	check(day_from_civil(c) == day);
	date_format_day(day, text);
	check(date_parse_day(span_of(text), &again) == 0 && again == day);
	check(day_of_time((int64_t)day * DAY_SECONDS) == day);
	check(day_of_time((int64_t)day * DAY_SECONDS + DAY_SECONDS - 1) == day);
	if (day - DAY_MIN < 31 || DAY_MAX - day < 31)
		return;
	start = day_week_start(day);
	check(start <= day && day - start < 7 && day_weekday(start) == 0);
	check(day_weekday(day) == day - start);
	start = day_month_start(day);
	check(start <= day && day - start == c.day - 1);
	check(day_add_months(day, 0) == start);
	check(day_add_months(day_add_months(day, 1), -1) == start);
}

static void
read_text(struct span text)
{
	int64_t t;
	int32_t day;
	unsigned quirks;

	if (date_parse_rfc3339(text, &t, &quirks) == 0)
		check_time(t);
	else
		check(t == TIME_NONE);
	if (date_parse_rfc5322(text, &t) == 0)
		check_time(t);
	else
		check(t == TIME_NONE);
	if (date_parse_day(text, &day) == 0)
		check_day(day);
	else
		check(day == DAY_NONE);
	/* Its year is four digits, but a zone may lead out of it. */
	if (from_line_parse(text, &t))
		check(t > -DAY_SECONDS && t <= TIME_LAST + DAY_SECONDS);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char line[DATE_LEN] = "From x ";
	size_t len = size < DATE_LEN - 7 ? size : DATE_LEN - 7;
	uint32_t n = 0;

	read_text((struct span){(const char *)data, size});
	if (len > 0)
		memcpy(line + 7, data, len);
	read_text((struct span){line, len + 7});
	if (size >= sizeof(n)) {
		memcpy(&n, data, sizeof(n));
		check_day((int32_t)(n % (DAY_MAX - DAY_MIN + 1)) + DAY_MIN);
	}
	return 0;
}
