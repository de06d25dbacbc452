/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_DATE_H
#define TLSTALLY_BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * Dates.  A time is seconds since 1970-01-01T00:00:00Z in an int64_t, a day
 * is whole days since then in an int32_t, both in UTC and in the Gregorian
 * calendar; leap seconds do not exist.  Years run from 1 to 9999: a day or
 * time beyond them is taken for its nearest bound.
 */

#define DAY_SECONDS  86400
#define HOUR_SECONDS 3600
#define DAY_MIN	     (-719162) /* 0001-01-01 */
#define DAY_MAX	     2932896   /* 9999-12-31 */
#define DAY_NONE     INT32_MIN
#define TIME_NONE    INT64_MIN

/* "2026-11-20" and "2026-11-20T06:00:00Z", with their NUL. */
#define DATE_SIZE 11
#define TIME_SIZE 21

struct civil {
	int year;
	int month; /* 1 to 12 */
	int day;   /* 1 to 31 */
};

/* What of RFC 3339 a text departed from. */
enum date_quirk {
	DATE_STRICT = 0,
	DATE_NO_ZONE = 1,  /* no offset: taken as UTC */
	DATE_HOUR_24 = 2,  /* 24:00:00: the next midnight */
	DATE_DAY_ONLY = 4, /* a date without a time: its midnight */
	DATE_LOOSE = 8	   /* any other form that can mean one time only */
};

/* The day of a date; DAY_NONE if there is no such date. */
int32_t day_from_civil(struct civil c);
struct civil civil_from_day(int32_t day);

/* The day on which a time falls; DAY_NONE for TIME_NONE. */
int32_t day_of_time(int64_t t);

/* 0 for Monday to 6 for Sunday. */
int day_weekday(int32_t day);

/* The first day of the ISO 8601 week or the month that holds day. */
int32_t day_week_start(int32_t day);
int32_t day_month_start(int32_t day);

/* The first day of ISO week number week of year; DAY_NONE if there is none. */
int32_t day_from_iso_week(int year, int week);

/* The first day of the month that comes n months after the one of day.  Not
 * before DAY_MIN, nor after DAY_MAX + 1, where the last month has ended. */
int32_t day_add_months(int32_t day, int n);

/* Parses "YYYY-MM-DD".  Returns 0, or -1 and DAY_NONE if s is not exactly
 * that. */
int date_parse_day(struct span s, int32_t *day);

/* Parses an RFC 3339 date-time, leniently: quirks gets the enum date_quirk
 * flags that applied.  Fractions of a second are dropped; the leap second
 * 23:59:60 is the next midnight.  DATE_LOOSE are: white space around it or
 * instead of the T, "/" and "." within the date, "," before the fraction, no
 * leading zeros, no seconds, second 60 of any other minute, "+0200", "+02",
 * "UTC" and "GMT".  Returns 0, or -1 and TIME_NONE. */
int date_parse_rfc3339(struct span s, int64_t *t, unsigned *quirks);

/* Parses an RFC 5322 date ("Fri, 3 Feb 2023 05:09:22 +0000"), comments and
 * the obsolete forms too, and IMAP's "3-Feb-2023 05:09:22 +0000".  The name
 * of the day is ignored; an unknown zone, or none, is UTC.  Returns 0, or -1
 * and TIME_NONE. */
int date_parse_rfc5322(struct span s, int64_t *t);

/* Write "2026-11-20" and "2026-11-20T06:00:00Z"; a date out of range is
 * written as its nearest bound. */
void date_format_day(int32_t day, char out[DATE_SIZE]);
void date_format_time(int64_t t, char out[TIME_SIZE]);

/* "Monday" to "Sunday". */
const char *date_weekday_name(int32_t day);

#endif
