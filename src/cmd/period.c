/* SPDX-License-Identifier: ISC */

/*
 * PERIOD: which days are meant.  All days are UTC days, as reports are.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "cmd/period.h"

/* The order of PERIOD_OPTION_TABLE. */
enum { OPT_DAY, OPT_WEEK, OPT_MONTH, OPT_SINCE, OPT_UNTIL, OPT_LAST, OPT_ALL };

#define DAYS_OF_WEEK 7

/* The longest --last: two centuries, and no sum of days overflows. */
#define LAST_MAX 73000

int
period_option(
    struct period_options *p, size_t index, const char *arg, struct err *err)
{
	size_t i;
	int range = index == OPT_SINCE || index == OPT_UNTIL;

	for (i = 0; i < PERIOD_OPTIONS; i++) {
		if (p->args[i] == NULL || i == index)
			continue;
		if (range && (i == OPT_SINCE || i == OPT_UNTIL))
			continue;
		return err_set(err, ERR_USAGE,
		    "two periods: only --since and --until go together");
	}
	p->args[index] = arg != NULL ? arg : "";
	p->given = 1;
	return 0;
}

static int
parse_day(const char *text, int32_t today, int32_t *day, struct err *err)
{
	if (strcmp(text, "today") == 0)
		*day = today;
	else if (strcmp(text, "yesterday") == 0)
		*day = today - 1;
	else if (date_parse_day(span_of(text), day) == -1)
		return err_set(err, ERR_USAGE,
		    "not a day: %s (2026-11-20, yesterday, today)", text);
	return 0;
}

/* Reads a number of 1 to max from the digits at *p. */
static int
parse_number(const char **p, int max, int *out)
{
	long n;
	char *end;

	if (**p < '0' || **p > '9')
		return -1;
	n = strtol(*p, &end, 10);
	if (n < 1 || n > max)
		return -1;
	*out = (int)n;
	*p = end;
	return 0;
}

static int
parse_week(const char *text, int32_t today, int32_t days[2], struct err *err)
{
	const char *p = text;
	int year, week;

	if (strcmp(text, "last") == 0) {
		days[0] = day_week_start(today) - DAYS_OF_WEEK;
	} else if (parse_number(&p, 9999, &year) == 0 && p == text + 4 &&
	    strncmp(p, "-W", 2) == 0 && strlen(p) == 4) {
		p += 2;
		days[0] = DAY_NONE;
		if (parse_number(&p, 53, &week) == 0 && *p == '\0')
			days[0] = day_from_iso_week(year, week);
	} else {
		days[0] = DAY_NONE;
	}
	if (days[0] == DAY_NONE)
		return err_set(
		    err, ERR_USAGE, "not a week: %s (2026-W47, last)", text);
	days[1] = days[0] + DAYS_OF_WEEK - 1;
	return 0;
}

static int
parse_month(const char *text, int32_t today, int32_t days[2], struct err *err)
{
	char first[DATE_SIZE];

	if (strcmp(text, "last") == 0) {
		days[0] = day_add_months(today, -1);
	} else {
		if (strlen(text) != 7)
			goto bad;
		memcpy(first, text, 7);
		memcpy(first + 7, "-01", 4);
		if (date_parse_day(span_of(first), &days[0]) == -1)
			goto bad;
	}
	days[1] = day_add_months(days[0], 1) - 1;
	return 0;
bad:
	return err_set(err, ERR_USAGE, "not a month: %s (2026-11, last)", text);
}

int
period_parse_length(const char *text, int *days, struct err *err)
{
	const char *p = text;
	int n;

	if (parse_number(&p, LAST_MAX, &n) == -1 || p[0] == '\0' ||
	    p[1] != '\0' || (*p != 'd' && *p != 'w'))
		return err_set(err, ERR_USAGE,
		    "not a number of days or weeks: %s (7d, 4w)", text);
	*days = *p == 'w' ? n * DAYS_OF_WEEK : n;
	return 0;
}

static int
parse_last(const char *text, int32_t today, int32_t days[2], struct err *err)
{
	int n;

	if (period_parse_length(text, &n, err) == -1)
		return -1;
	days[1] = today - 1;
	days[0] = today - n;
	if (days[0] < DAY_MIN)
		days[0] = DAY_MIN;
	return 0;
}

static int
parse_range(const char *since, const char *until, int32_t today,
    int32_t days[2], struct err *err)
{
	days[0] = PERIOD_OPEN_START;
	days[1] = PERIOD_OPEN_END;
	if (since != NULL && parse_day(since, today, &days[0], err) == -1)
		return -1;
	if (until != NULL && parse_day(until, today, &days[1], err) == -1)
		return -1;
	if (days[0] > days[1])
		return err_set(err, ERR_USAGE, "--since is after --until");
	return 0;
}

int
period_days(const struct period_options *p, int64_t now, int all_by_default,
    int32_t days[2], struct err *err)
{
	int32_t today = day_of_time(now);

	if (p->args[OPT_DAY] != NULL) {
		if (parse_day(p->args[OPT_DAY], today, &days[0], err) == -1)
			return -1;
		days[1] = days[0];
		return 0;
	}
	if (p->args[OPT_WEEK] != NULL)
		return parse_week(p->args[OPT_WEEK], today, days, err);
	if (p->args[OPT_MONTH] != NULL)
		return parse_month(p->args[OPT_MONTH], today, days, err);
	if (p->args[OPT_LAST] != NULL)
		return parse_last(p->args[OPT_LAST], today, days, err);
	if (p->args[OPT_SINCE] != NULL || p->args[OPT_UNTIL] != NULL)
		return parse_range(
		    p->args[OPT_SINCE], p->args[OPT_UNTIL], today, days, err);
	if (p->args[OPT_ALL] != NULL || all_by_default) {
		days[0] = PERIOD_OPEN_START;
		days[1] = PERIOD_OPEN_END;
		return 0;
	}
	days[0] = days[1] = today - 1;
	return 0;
}
