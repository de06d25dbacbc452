/* SPDX-License-Identifier: ISC */

/*
 * JSON as a stream: nothing is kept but whether a comma is due.  Names and
 * numbers are written without printf, since there are many of them.
 */

#include "config.h"

#include "output/escape.h"
#include "output/json_write.h"

static void
break_line(struct json_writer *w)
{
	unsigned i;

	if (!w->breaks)
		return;
	putc_unlocked('\n', w->out);
	for (i = 0; i < w->columns; i++)
		putc_unlocked(' ', w->out);
	w->breaks = false;
}

/* What comes next is a member or an element, or the whole. */
static void
begin(struct json_writer *w, const char *name)
{
	if (w->within)
		putc_unlocked(',', w->out);
	if (w->within && w->spaced && !w->breaks)
		putc_unlocked(' ', w->out);
	break_line(w);
	w->within = true;
	if (name == NULL)
		return;
	putc_unlocked('"', w->out);
	fputs(name, w->out);
	putc_unlocked('"', w->out);
	putc_unlocked(':', w->out);
	if (w->spaced)
		putc_unlocked(' ', w->out);
}

static void
open_with(struct json_writer *w, const char *name, char bracket)
{
	begin(w, name);
	putc_unlocked(bracket, w->out);
	w->within = false;
}

static void
close_with(struct json_writer *w, char bracket)
{
	break_line(w);
	putc_unlocked(bracket, w->out);
	w->within = true;
}

void
json_write_open(struct json_writer *w, const char *name)
{
	open_with(w, name, '{');
}

void
json_write_close(struct json_writer *w)
{
	close_with(w, '}');
}

void
json_write_open_list(struct json_writer *w, const char *name)
{
	open_with(w, name, '[');
}

void
json_write_close_list(struct json_writer *w)
{
	close_with(w, ']');
}

void
json_write_line(struct json_writer *w, unsigned columns)
{
	w->breaks = true;
	w->columns = columns;
}

void
json_write_text(struct json_writer *w, const char *name, const char *text)
{
	begin(w, name);
	if (text != NULL)
		escape_json(w->out, text);
	else
		fputs("null", w->out);
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
	json_write_text(w, name, NULL);
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
