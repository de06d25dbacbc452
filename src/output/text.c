/* SPDX-License-Identifier: ISC */

/*
 * The text digest: the page that a person reads in the morning.  The verdict
 * comes first, and what is fine is passed over in silence: one domain in
 * full, of many an overview and then only those with failures.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "output/escape.h"
#include "output/text.h"
#include "output/wrap.h"

void
text_begin(struct text *t, enum text_style style)
{
	static const char *const codes[] = {
	    [STYLE_HEADING] = "\033[1m",
	    [STYLE_PROBLEM] = "\033[1;31m",
	    [STYLE_OK] = "\033[32m",
	};

	if (t->view->colour)
		fputs(codes[style], t->out);
}

void
text_end(struct text *t)
{
	if (t->view->colour)
		fputs("\033[0m", t->out);
}

void
text_put(FILE *out, const char *text, size_t max)
{
	char part[TEXT_NAME_MAX + 1];

	if (text[0] == '\0') {
		fputs("(unknown)", out);
		return;
	}
	if (strlen(text) <= max) {
		escape_text(out, text);
		return;
	}
	while (max > 0 && ((unsigned char)text[max] & 0xc0) == 0x80)
		max--;
	snprintf(part, sizeof(part), "%.*s", (int)max, text);
	escape_text(out, part);
	fputs("...", out);
}

static void
put_period(FILE *out, const int32_t days[2])
{
	char first[DATE_SIZE], last[DATE_SIZE];

	date_format_day(days[0], first);
	date_format_day(days[1], last);
	if (days[0] == days[1])
		fprintf(out, "%s %s (UTC)", date_weekday_name(days[0]), first);
	else
		fprintf(out, "%s to %s (UTC)", first, last);
}

/* The heading on one line, if it fits.  Returns whether it did. */
static bool
put_short_heading(
    struct text *t, const char *name, const int32_t days[2], const char *note)
{
	struct paragraph p;
	size_t columns, gap;
	bool fits;
	char *left;

	wrap_open(&p);
	text_put(p.text, name, TEXT_NAME_MAX);
	fputs("  ", p.text);
	put_period(p.text, days);
	left = wrap_take(&p);
	columns = wrap_columns(left);
	gap = note[0] != '\0' ? 2 : 0;
	fits = columns + gap + strlen(note) <= WRAP_COLUMNS;
	if (fits) {
		text_begin(t, STYLE_HEADING);
		fputs(left, t->out);
		text_end(t);
		if (gap > 0)
			wrap_right(t->out, WRAP_COLUMNS - columns, note);
		putc('\n', t->out);
	}
	free(left);
	return fits;
}

void
text_heading(
    struct text *t, const char *name, const int32_t days[2], const char *note)
{
	struct paragraph p;

	if (put_short_heading(t, name, days, note))
		return;
	wrap_open(&p);
	text_put(p.text, name, TEXT_NAME_MAX);
	text_begin(t, STYLE_HEADING);
	wrap_close(&p, t->out, 0, 0);
	text_end(t);
	wrap_open(&p);
	put_period(p.text, days);
	if (note[0] != '\0')
		fprintf(p.text, ", %s", note);
	wrap_close(&p, t->out, 0, 2);
}

void
text_verdict(struct text *t, enum text_style style, struct paragraph *p)
{
	const char *word = style == STYLE_OK ? "OK" : "PROBLEM";

	fputs("  ", t->out);
	text_begin(t, style);
	fputs(word, t->out);
	text_end(t);
	fputs("  ", t->out);
	wrap_close(p, t->out, strlen(word) + 4, TEXT_INDENT);
}

const char *
text_plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

void
text_label(struct text *t, size_t width, const char *shown)
{
	size_t columns = wrap_columns(shown);
	struct paragraph p;

	if (columns <= width) {
		wrap_spaces(t->out, 2);
		fputs(shown, t->out);
		wrap_spaces(t->out, width - columns);
		return;
	}
	wrap_open(&p);
	fputs(shown, p.text);
	wrap_close(&p, t->out, 0, 2);
	wrap_spaces(t->out, 2 + width);
}

static void
write_day_hint(struct text *t, FILE *out)
{
	char day[DATE_SIZE];

	if (t->view->latest_day == DAY_NONE) {
		fputs(t->view->filtered
			? "; there are none at all of these domains"
			: "; there are none at all",
		    out);
		return;
	}
	date_format_day(t->view->latest_day, day);
	fprintf(out,
	    "; the latest day with reports is %s (tlstally" WRAP_NBSP
	    "digest" WRAP_NBSP "--day" WRAP_NBSP "%s)",
	    day, day);
}

static void
write_nothing_new(struct text *t)
{
	char at[TIME_SIZE];

	fputs(t->view->empty_reports > 0 ? "no new reports of sessions"
					 : "no new reports",
	    t->out);
	if (t->view->told != TIME_NONE) {
		date_format_time(t->view->told, at);
		fprintf(t->out, " since %s", at);
	}
	putc('\n', t->out);
}

/* Nothing at all: say so, and where there is something. */
static void
write_nothing(struct text *t)
{
	const struct digest_spec *spec = &t->view->figures->spec;
	char first[DATE_SIZE], last[DATE_SIZE];
	struct paragraph p;

	if (t->view->state != NULL) {
		write_nothing_new(t);
		return;
	}
	date_format_day(spec->first_day, first);
	date_format_day(spec->last_day, last);
	wrap_open(&p);
	fprintf(p.text, "no reports for %s", first);
	if (spec->first_day != spec->last_day)
		fprintf(p.text, " to %s", last);
	if (t->view->figures->awaited_from <= spec->last_day)
		fputs(" yet", p.text);
	write_day_hint(t, p.text);
	wrap_close(&p, t->out, 0, 0);
}

/* What the digest is about, and by which name that is remembered. */
static void
write_state(struct text *t)
{
	struct paragraph p;
	char at[TIME_SIZE];

	fputs("New    ", t->out);
	wrap_open(&p);
	if (t->view->told == TIME_NONE)
		fputs("all reports so far: nothing was told before", p.text);
	else {
		date_format_time(t->view->told, at);
		fprintf(p.text, "since %s", at);
	}
	fputs(" (--state ", p.text);
	escape_text(p.text, t->view->state);
	putc(')', p.text);
	wrap_close(&p, t->out, 7, 7);
}

static void
write_footer(struct text *t)
{
	const struct view *view = t->view;
	char day[DATE_SIZE];
	struct paragraph p;

	putc('\n', t->out);
	if (view->pruned) {
		date_format_day(view->floor_day, day);
		fprintf(t->out,
		    "Reports of days before %s were pruned: none is counted "
		    "here\n",
		    day);
	}
	if (view->rejects > 0)
		fprintf(t->out,
		    "%zu message%s could not be used: tlstally rejects\n",
		    view->rejects, text_plural((int64_t)view->rejects));
	if (view->empty_reports > 0)
		fprintf(t->out,
		    "%zu report%s without any policy: tlstally "
		    "list\n",
		    view->empty_reports,
		    text_plural((int64_t)view->empty_reports));
	if (view->state != NULL)
		write_state(t);
	fputs("Store  ", t->out);
	wrap_open(&p);
	escape_text(p.text, view->store);
	wrap_close(&p, t->out, 7, 7);
}

/* Says which command shows a period whole, if some reports of it were told
 * before and are not in these figures. */
static void
write_told(struct text *t, const struct domain_figure *domains, size_t n)
{
	char first[DATE_SIZE], last[DATE_SIZE];
	struct paragraph p;
	size_t i = 0;

	while (i < n && !domains[i].told)
		i++;
	if (i == n)
		return;
	date_format_day(domains->start, first);
	date_format_day(domains->end, last);
	wrap_open(&p);
	fputs("These are new reports only; others of the same time were told "
	      "before. All: ",
	    p.text);
	fputs("tlstally" WRAP_NBSP "digest" WRAP_NBSP, p.text);
	if (domains->start == domains->end)
		fprintf(p.text, "--day" WRAP_NBSP "%s", first);
	else
		fprintf(p.text,
		    "--since" WRAP_NBSP "%s" WRAP_NBSP "--until" WRAP_NBSP "%s",
		    first, last);
	fputs("\n  ", t->out);
	wrap_close(&p, t->out, 2, 2);
}

/* Writes every period, one after the other. */
static void
write_periods(struct text *t)
{
	const struct figures *f = t->view->figures;
	size_t i, end;

	for (i = 0; i < f->ndomains; i = end) {
		for (end = i + 1; end < f->ndomains &&
		     f->domains[end].start == f->domains[i].start;
		     end++)
			;
		if (i > 0)
			putc('\n', t->out);
		if (end - i == 1)
			text_domain(t, &f->domains[i]);
		else
			text_overview(t, &f->domains[i], end - i);
		write_told(t, &f->domains[i], end - i);
	}
}

static int
write_text(FILE *out, const struct view *view, struct err *err)
{
	struct text t = {.out = out, .view = view};

	if (view->figures->ndomains == 0)
		write_nothing(&t);
	else
		write_periods(&t);
	write_footer(&t);
	return output_finish(out, err);
}

const struct output output_text = {.name = "text",
    .looks_back = true,
    .is_page = true,
    .write = write_text};
