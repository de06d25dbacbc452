/* SPDX-License-Identifier: ISC */

/*
 * Dates as strangers write them: RFC 3339 in a report, RFC 5322 in a mail,
 * and what their senders take for either.  A reader cuts what it understood
 * from the front of a span; numbers are at most four digits, so that no sum
 * can overflow, and the calendar has the last word.
 */

#include "config.h"

#include "base/date.h"

struct fields {
	struct civil date;
	int hour;
	int minute;
	int second;
	int offset; /* seconds that the clock is ahead of UTC */
};

static bool
take(struct span *s, char c)
{
	if (s->len == 0 || s->p[0] != c)
		return false;
	s->p++;
	s->len--;
	return true;
}

/* Takes a whole run of at most most digits.  Returns how many they are, or 0
 * when there are none or more. */
static int
take_number(struct span *s, int most, int *value)
{
	int n = 0;

	for (*value = 0; s->len > 0 && ascii_is_digit(s->p[0]); n++) {
		if (n == most)
			return 0;
		*value = *value * 10 + (s->p[0] - '0');
		s->p++;
		s->len--;
	}
	return n;
}

/* Takes "+hhmm", "+hh:mm" or "+hh"; only the second form is not loose. */
static int
take_offset(struct span *s, int *offset, bool *loose)
{
	int sign = take(s, '+') ? 1 : take(s, '-') ? -1 : 0;
	int hour = 0, minute = 0, digits;

	digits = sign == 0 ? 0 : take_number(s, 4, &hour);
	*loose = true;
	if (digits == 4) {
		minute = hour % 100;
		hour /= 100;
	} else if (digits == 1 || digits == 2) {
		if (take(s, ':')) {
			*loose = digits == 1;
			if (take_number(s, 2, &minute) != 2)
				return -1;
		}
	} else
		return -1;
	if (minute > 59)
		return -1;
	*offset = sign * (hour * 3600 + minute * 60);
	return 0;
}

/* Returns the time that the fields make, or TIME_NONE. */
static int64_t
time_of_fields(const struct fields *f)
{
	int64_t day = day_from_civil(f->date), t;
	int sec = f->hour * 3600 + f->minute * 60 + f->second;

	if (day == DAY_NONE || f->minute > 59 || f->second > 60)
		return TIME_NONE;
	if (sec > DAY_SECONDS) /* equal: 24:00:00 or 23:59:60 */
		return TIME_NONE;
	t = day * DAY_SECONDS + sec - f->offset;
	if (t < (int64_t)DAY_MIN * DAY_SECONDS ||
	    t >= ((int64_t)DAY_MAX + 1) * DAY_SECONDS)
		return TIME_NONE;
	return t;
}

int
date_parse_day(struct span s, int32_t *day)
{
	struct civil c;

	*day = DAY_NONE;
	if (take_number(&s, 4, &c.year) != 4 || !take(&s, '-') ||
	    take_number(&s, 2, &c.month) != 2 || !take(&s, '-') ||
	    take_number(&s, 2, &c.day) != 2 || s.len > 0)
		return -1;
	*day = day_from_civil(c);
	return *day == DAY_NONE ? -1 : 0;
}

/* Takes one or two digits; they should be two. */
static int
take_pair(struct span *s, int *value, unsigned *quirks)
{
	int digits = take_number(s, 2, value);

	if (digits == 1)
		*quirks |= DATE_LOOSE;
	return digits == 0 ? -1 : 0;
}

static int
take_date(struct span *s, struct civil *c, unsigned *quirks)
{
	char separator;

	if (take_number(s, 4, &c->year) != 4 || s->len == 0)
		return -1;
	separator = s->p[0];
	if (separator == '/' || separator == '.')
		*quirks |= DATE_LOOSE;
	else if (separator != '-')
		return -1;
	if (!take(s, separator) || take_pair(s, &c->month, quirks) == -1)
		return -1;
	if (!take(s, separator) || take_pair(s, &c->day, quirks) == -1)
		return -1;
	return 0;
}

/* Takes the seconds and their fraction, if there are any. */
static int
take_seconds(struct span *s, int *second, unsigned *quirks)
{
	if (!take(s, ':')) {
		*quirks |= DATE_LOOSE;
		return 0;
	}
	if (take_pair(s, second, quirks) == -1)
		return -1;
	if (take(s, ','))
		*quirks |= DATE_LOOSE;
	else if (!take(s, '.'))
		return 0;
	if (s->len == 0 || !ascii_is_digit(s->p[0]))
		return -1;
	while (s->len > 0 && ascii_is_digit(s->p[0]))
		take(s, s->p[0]);
	return 0;
}

static void
take_blanks(struct span *s, unsigned *quirks)
{
	while (s->len > 0 && ascii_is_space(s->p[0])) {
		take(s, s->p[0]);
		*quirks |= DATE_LOOSE;
	}
}

/* What is left of s is the zone, or nothing. */
static int
read_zone(struct span s, int *offset, unsigned *quirks)
{
	bool loose = true;

	if (s.len == 0) {
		*quirks |= DATE_NO_ZONE;
		return 0;
	}
	/* RFC 3339 5.6: "z" is as good. */
	if (span_is(s, "Z"))
		return 0;
	if (!span_is(s, "UTC") && !span_is(s, "GMT")) {
		if (take_offset(&s, offset, &loose) == -1 || s.len > 0)
			return -1;
		if (*offset <= -DAY_SECONDS || *offset >= DAY_SECONDS)
			return -1;
	}
	if (loose)
		*quirks |= DATE_LOOSE;
	return 0;
}

static int
read_time(struct span s, struct fields *f, unsigned *quirks)
{
	/* RFC 3339 5.6: "t" is as good. */
	if (!take(&s, 'T') && !take(&s, 't') && !ascii_is_space(s.p[0]))
		return -1;
	take_blanks(&s, quirks);
	if (take_pair(&s, &f->hour, quirks) == -1 || !take(&s, ':') ||
	    take_pair(&s, &f->minute, quirks) == -1 ||
	    take_seconds(&s, &f->second, quirks) == -1)
		return -1;
	take_blanks(&s, quirks);
	return read_zone(s, &f->offset, quirks);
}

int
date_parse_rfc3339(struct span s, int64_t *t, unsigned *quirks)
{
	struct fields f = {0};
	size_t len = s.len;

	*t = TIME_NONE;
	s = span_trim(s);
	*quirks = s.len == len ? DATE_STRICT : DATE_LOOSE;
	if (take_date(&s, &f.date, quirks) == -1)
		return -1;
	if (s.len == 0)
		*quirks |= DATE_DAY_ONLY;
	else if (read_time(s, &f, quirks) == -1)
		return -1;
	*t = time_of_fields(&f);
	if (f.hour == 24)
		*quirks |= DATE_HOUR_24;
	/* A leap second ends a UTC day; elsewhere 60 is a rounded 59. */
	if (f.second == 60 && *t % DAY_SECONDS != 0)
		*quirks |= DATE_LOOSE;
	return *t == TIME_NONE ? -1 : 0;
}

/* Skips white space and comments, which may nest; one that is not closed
 * goes to the end. */
static void
skip_cfws(struct span *s)
{
	size_t depth = 0;

	for (; s->len > 0; s->p++, s->len--) {
		if (s->p[0] == '(')
			depth++;
		else if (depth == 0) {
			if (!ascii_is_space(s->p[0]))
				break;
		} else if (s->p[0] == ')')
			depth--;
		else if (s->p[0] == '\\' && s->len > 1)
			take(s, '\\');
	}
}

/* Takes one character with white space and comments on both its sides. */
static bool
take_spaced(struct span *s, char c)
{
	bool taken;

	skip_cfws(s);
	taken = take(s, c);
	skip_cfws(s);
	return taken;
}

static struct span
take_word(struct span *s)
{
	struct span word = {s->p, 0};

	while (
	    s->len > 0 && ascii_is_alnum(s->p[0]) && !ascii_is_digit(s->p[0])) {
		take(s, s->p[0]);
		word.len++;
	}
	return word;
}

/* Takes the name of a month, which its first three letters tell. */
static int
take_month(struct span *s, int *month)
{
	static const char names[][4] = {"jan", "feb", "mar", "apr", "may",
	    "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
	struct span word = take_word(s);
	int i;

	for (i = 0; i < 12; i++)
		if (span_starts(word, names[i])) {
			*month = i + 1;
			return 0;
		}
	return -1;
}

static int
take_year(struct span *s, int *year)
{
	switch (take_number(s, 4, year)) {
	case 2: /* RFC 5322 4.3 */
		*year += *year < 50 ? 2000 : 1900;
		return 0;
	case 3:
		*year += 1900;
		return 0;
	case 4:
		return 0;
	default:
		return -1;
	}
}

static int
take_clock(struct span *s, struct fields *f)
{
	if (take_number(s, 2, &f->hour) == 0 || !take_spaced(s, ':') ||
	    take_number(s, 2, &f->minute) == 0)
		return -1;
	if (take_spaced(s, ':') && take_number(s, 2, &f->second) == 0)
		return -1;
	return 0;
}

/* The offset of a named zone; RFC 5322 4.3 has unknown ones mean -0000. */
static int
zone_offset(struct span name)
{
	static const struct {
		char name[4];
		int hours;
	} zones[] = {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5},
	    {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}};
	size_t i;

	for (i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (span_is(name, zones[i].name))
			return zones[i].hours * 3600;
	return 0;
}

static int
take_mail_zone(struct span *s, int *offset)
{
	bool loose;

	if (s->len > 0 && (s->p[0] == '+' || s->p[0] == '-')) {
		if (take_offset(s, offset, &loose) == -1)
			return -1;
		/* "+0200 CEST": the number is what counts. */
		skip_cfws(s);
		take_word(s);
	} else
		*offset = zone_offset(take_word(s));
	return 0;
}

int
date_parse_rfc5322(struct span s, int64_t *t)
{
	struct fields f = {0};

	*t = TIME_NONE;
	skip_cfws(&s);
	take_word(&s); /* the day of the week */
	take_spaced(&s, ',');
	if (take_number(&s, 2, &f.date.day) == 0)
		return -1;
	take_spaced(&s, '-');
	if (take_month(&s, &f.date.month) == -1)
		return -1;
	take_spaced(&s, '-');
	if (take_year(&s, &f.date.year) == -1)
		return -1;
	skip_cfws(&s);
	if (take_clock(&s, &f) == -1)
		return -1;
	skip_cfws(&s);
	if (take_mail_zone(&s, &f.offset) == -1)
		return -1;
	skip_cfws(&s);
	if (s.len > 0)
		return -1;
	*t = time_of_fields(&f);
	return *t == TIME_NONE ? -1 : 0;
}
