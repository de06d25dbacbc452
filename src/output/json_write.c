/* SPDX-License-Identifier: ISC */

/*
 * JSON as a stream: nothing is kept but whether a comma is due.  Names and
 * numbers are written without printf, since there are many of them.
 */

#include "config.h"

#include "output/escape.h"
#include "output/json_write.h"

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
	begin(w, name);
	plain_number(w->out, n);
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
	json_write_text(
	    w, name, day != DAY_NONE ? plain_day(&w->days, day) : NULL);
}

void
json_write_time(struct json_writer *w, const char *name, int64_t t)
{
	char text[TIME_SIZE];

	if (t != TIME_NONE)
		date_format_time(t, text);
	json_write_text(w, name, t != TIME_NONE ? text : NULL);
}
