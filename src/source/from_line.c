/* SPDX-License-Identifier: ISC */

/*
 * The line that begins a message in an mbox.  Every program writes it a
 * little differently, and people write "From " at the start of a line, too;
 * what no one writes is a whole date with month, day, time and year in it.
 */

#include "config.h"

#include <stddef.h>

#include "base/date.h"
#include "source/from_line.h"

/* Words of a line that are looked at. */
#define WORDS_MAX 32

/* Years that a mail can be of. */
#define YEAR_MIN 1970
#define YEAR_MAX 9999

struct words {
	struct span w[WORDS_MAX];
	size_t n;
};

static void
split_words(struct span line, struct words *out)
{
	size_t i = 0, start;

	out->n = 0;
	while (out->n < WORDS_MAX) {
		while (i < line.len && ascii_is_space(line.p[i]))
			i++;
		start = i;
		while (i < line.len && !ascii_is_space(line.p[i]))
			i++;
		if (i == start)
			return;
		out->w[out->n++] = (struct span){line.p + start, i - start};
	}
}

/* Reads a number of min to max digits from the front of s, and cuts it off.
 * Returns -1 if there is none. */
static int
cut_number(struct span *s, size_t min, size_t max)
{
	size_t i;
	int n = 0;

	for (i = 0; i < s->len && i < max && ascii_is_digit(s->p[i]); i++)
		n = n * 10 + (s->p[i] - '0');
	if (i < min)
		return -1;
	s->p += i;
	s->len -= i;
	return n;
}

/* As cut_number, where the number is all there is. */
static int
whole_number(struct span s, size_t min, size_t max)
{
	int n = cut_number(&s, min, max);

	return s.len == 0 ? n : -1;
}

static int
month_of(struct span s)
{
	static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	size_t i;

	if (s.len != 3)
		return 0;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_is(s, names[i]))
			return (int)i + 1;
	return 0;
}

static bool
cut_colon(struct span *s)
{
	if (s->len == 0 || s->p[0] != ':')
		return false;
	s->p++;
	s->len--;
	return true;
}

/* Seconds since midnight of "6:00", "06:00" or "06:00:12"; -1. */
static int
time_of(struct span s)
{
	int hour, min, sec = 0;

	hour = cut_number(&s, 1, 2);
	if (hour == -1 || hour > 23 || !cut_colon(&s))
		return -1;
	min = cut_number(&s, 2, 2);
	if (min == -1 || min > 59)
		return -1;
	if (cut_colon(&s))
		sec = cut_number(&s, 2, 2);
	/* 60 is a leap second. */
	if (sec == -1 || sec > 60 || s.len > 0)
		return -1;
	return hour * 3600 + min * 60 + sec;
}

/* Seconds east of UTC of "+0100"; 0 for anything else. */
static int
zone_of(struct span s)
{
	int sign, hhmm;

	if (s.len != 5 || (s.p[0] != '+' && s.p[0] != '-'))
		return 0;
	sign = s.p[0] == '-' ? -1 : 1;
	hhmm = whole_number((struct span){s.p + 1, 4}, 4, 4);
	if (hhmm == -1 || hhmm / 100 > 23 || hhmm % 100 > 59)
		return 0;
	return sign * (hhmm / 100 * 3600 + hhmm % 100 * 60);
}

static int
year_of(struct span s)
{
	int year = whole_number(s, 4, 4);

	return year >= YEAR_MIN && year <= YEAR_MAX ? year : -1;
}

/* Words behind the last one are empty. */
static struct span
word(const struct words *words, size_t i)
{
	return i < words->n ? words->w[i] : (struct span){"", 0};
}

/* What the words around a month say; each is -1 when it is not a number of
 * its kind. */
struct stamp {
	int year;
	int day;
	int seconds;
	int zone;
};

/* "Nov 21 06:00:12 [zone] 2026 [zone]", the month being word i. */
static struct stamp
asctime_stamp(const struct words *words, size_t i)
{
	struct stamp t = {.day = whole_number(word(words, i + 1), 1, 2),
	    .seconds = time_of(word(words, i + 2)),
	    .year = year_of(word(words, i + 3)),
	    .zone = zone_of(word(words, i + 4))};

	if (t.year == -1) {
		t.zone = zone_of(word(words, i + 3));
		t.year = year_of(word(words, i + 4));
	}
	return t;
}

/* "21 Nov 2026 06:00:12 [zone]", the month being word i. */
static struct stamp
field_stamp(const struct words *words, size_t i)
{
	struct stamp t = {.day = whole_number(word(words, i - 1), 1, 2),
	    .year = year_of(word(words, i + 1)),
	    .seconds = time_of(word(words, i + 2)),
	    .zone = zone_of(word(words, i + 3))};

	return t;
}

/* Turns a stamp into a time, if it is one. */
static bool
stamp_time(const struct stamp *t, int month, int64_t *out)
{
	struct civil c = {t->year, month, t->day};
	int32_t day;

	if (t->year == -1 || t->seconds == -1)
		return false;
	day = day_from_civil(c);
	if (day == DAY_NONE)
		return false;
	*out = (int64_t)day * DAY_SECONDS + t->seconds - t->zone;
	return true;
}

bool
from_line_parse(struct span line, int64_t *received)
{
	struct words words;
	struct stamp t;
	size_t i;
	int month;

	if (line.len > FROM_LINE_MAX || line.len < 5 ||
	    !span_equal((struct span){line.p, 5}, SPAN("From ")))
		return false;
	split_words((struct span){line.p + 5, line.len - 5}, &words);
	for (i = 1; i < words.n; i++) {
		month = month_of(words.w[i]);
		if (month == 0)
			continue;
		t = asctime_stamp(&words, i);
		if (stamp_time(&t, month, received))
			return true;
		t = field_stamp(&words, i);
		if (stamp_time(&t, month, received))
			return true;
	}
	return false;
}
