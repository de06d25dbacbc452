/* SPDX-License-Identifier: ISC */

/*
 * JSON as a stream: nothing is kept but whether a comma is due.  Names and
 * numbers are written without printf, since there are many of them.
 */

#include "config.h"

#include "output/escape.h"
#include "output/json_write.h"

/* Digits of 2^63, a sign. */
#define NUMBER_MAX 20

/* What comes next is a member or an element, or the whole. */
static void
begin(struct json_writer *w, const char *name)
{
	if (w->within)
		putc_unlocked(',', w->out);
	w->within = true;
	if (name == NULL)
		return;
	putc_unlocked('"', w->out);
	fputs(name, w->out);
	putc_unlocked('"', w->out);
	putc_unlocked(':', w->out);
}

void
json_write_open(struct json_writer *w, const char *name)
{
	begin(w, name);
	putc_unlocked('{', w->out);
	w->within = false;
}

void
json_write_close(struct json_writer *w)
{
	putc_unlocked('}', w->out);
	w->within = true;
}

void
json_write_open_list(struct json_writer *w, const char *name)
{
	begin(w, name);
	putc_unlocked('[', w->out);
	w->within = false;
}

void
json_write_close_list(struct json_writer *w)
{
	putc_unlocked(']', w->out);
	w->within = true;
}

void
json_write_line(struct json_writer *w)
{
	/* The comma belongs to the line before. */
	if (w->within)
		putc_unlocked(',', w->out);
	w->within = false;
	putc_unlocked('\n', w->out);
}

void
json_write_text(struct json_writer *w, const char *name, const char *text)
{
	begin(w, name);
	escape_json(w->out, text);
}

void
json_write_number(struct json_writer *w, const char *name, int64_t n)
{
	char digits[NUMBER_MAX];
	size_t i = sizeof(digits);
	uint64_t u = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	begin(w, name);
	do {
		digits[--i] = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	if (n < 0)
		digits[--i] = '-';
	fwrite(digits + i, 1, sizeof(digits) - i, w->out);
}

void
json_write_truth(struct json_writer *w, const char *name, bool truth)
{
	begin(w, name);
	fputs(truth ? "true" : "false", w->out);
}

void
json_write_null(struct json_writer *w, const char *name)
{
	begin(w, name);
	fputs("null", w->out);
}

void
json_write_day(struct json_writer *w, const char *name, int32_t day)
{
	struct json_date *date = &w->dates[(uint32_t)day % JSON_DATES];

	if (day == DAY_NONE) {
		json_write_null(w, name);
		return;
	}
	if (date->text[0] == '\0' || date->day != day) {
		date_format_day(day, date->text);
		date->day = day;
	}
	json_write_text(w, name, date->text);
}

void
json_write_time(struct json_writer *w, const char *name, int64_t t)
{
	char text[TIME_SIZE];

	if (t == TIME_NONE) {
		json_write_null(w, name);
		return;
	}
	date_format_time(t, text);
	json_write_text(w, name, text);
}
