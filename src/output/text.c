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

/* Where the text behind "  Reporters  " begins. */
#define LABEL_INDENT 13

void
text_begin(struct text *t, enum text_style style)
{
	static const char *const codes[] = {
	    [STYLE_HEADING] = "\033[1m",
	    [STYLE_PROBLEM] = "\033[1;31m",
	    [STYLE_WARNING] = "\033[1;33m",
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

struct words
text_words(const struct paragraph *p)
{
	return (struct words){
	    .out = p->text, .put = escape_text, .gap = WRAP_NBSP};
}

/* Writes the paragraph with a note at the right end of its line. */
static void
write_heading(struct text *t, struct paragraph *p, const char *note)
{
	const size_t gap = note[0] != '\0' ? 2 : 0;
	char *left;
	size_t columns;

	fflush(p->text);
	columns = wrap_columns(p->data);
	text_begin(t, STYLE_HEADING);
	if (columns + gap + strlen(note) > WRAP_COLUMNS) {
		wrap_close(p, t->out, 0, 0);
		text_end(t);
		if (gap > 0) {
			wrap_right(t->out, WRAP_COLUMNS, note);
			putc('\n', t->out);
		}
		return;
	}
	left = wrap_take(p);
	fputs(left, t->out);
	text_end(t);
	free(left);
	if (gap > 0)
		wrap_right(t->out, WRAP_COLUMNS - columns, note);
	putc('\n', t->out);
}

void
text_heading(struct text *t, const int32_t days[2], const char *note)
{
	struct paragraph p;
	struct words w;

	wrap_open(&p);
	w = text_words(&p);
	if (t->view->group != NULL) {
		fputs("Group ", p.text);
		words_name(&w, t->view->group);
		fputs("  ", p.text);
	}
	w.gap = NULL;
	words_period(&w, days[0], days[1]);
	write_heading(t, &p, note);
	putc('\n', t->out);
}

static void
put_styled(struct text *t, enum text_style style, const char *word)
{
	text_begin(t, style);
	fputs(word, t->out);
	text_end(t);
	wrap_spaces(t->out,
	    strlen(word) + 2 < TEXT_INDENT ? TEXT_INDENT - strlen(word) : 2);
}

void
text_verdict_word(struct text *t, enum verdict verdict)
{
	static const enum text_style styles[VERDICT_COUNT] = {
	    [VERDICT_OK] = STYLE_OK,
	    [VERDICT_NOTHING] = STYLE_HEADING,
	    [VERDICT_WARNING] = STYLE_WARNING,
	    [VERDICT_SILENT] = STYLE_WARNING,
	    [VERDICT_FAILING] = STYLE_PROBLEM,
	};

	put_styled(t, styles[verdict], words_verdict_word(verdict));
}

void
text_verdict(struct text *t, enum verdict verdict, struct paragraph *p)
{
	const size_t columns = strlen(words_verdict_word(verdict)) + 2;

	text_verdict_word(t, verdict);
	wrap_close(p, t->out, columns < TEXT_INDENT ? TEXT_INDENT : columns,
	    TEXT_INDENT);
}

void
text_labelled(struct text *t, const char *label, struct paragraph *p)
{
	const size_t columns = strlen(label) + 4;

	if (t->gap)
		putc('\n', t->out);
	t->gap = false;
	fprintf(t->out, "  %s", label);
	wrap_spaces(
	    t->out, columns < LABEL_INDENT ? LABEL_INDENT - columns + 2 : 2);
	wrap_close(p, t->out, columns < LABEL_INDENT ? LABEL_INDENT : columns,
	    LABEL_INDENT);
}

/* Writes a name and fills up to width columns, at columns from the left. */
static void
put_label(struct text *t, size_t at, size_t width, const char *shown)
{
	size_t columns = wrap_columns(shown);
	struct paragraph p;

	if (columns <= width) {
		fputs(shown, t->out);
		wrap_spaces(t->out, width - columns);
		return;
	}
	wrap_open(&p);
	fputs(shown, p.text);
	wrap_close(&p, t->out, at, at);
	wrap_spaces(t->out, at + width);
}

void
text_label(struct text *t, size_t width, const char *shown)
{
	wrap_spaces(t->out, 2);
	put_label(t, 2, width, shown);
}

void
text_row_label(
    struct text *t, enum verdict verdict, size_t width, const char *shown)
{
	text_verdict_word(t, verdict);
	put_label(t, TEXT_INDENT, width, shown);
}

/* ---- nothing at all ---- */

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

/* ---- the page ---- */

/* Whether the figures can be relied on comes before any of them. */
static void
write_health(struct text *t)
{
	const struct health *h = &t->view->health;
	struct paragraph p;
	struct words w;
	size_t i;

	for (i = 0; i < h->nfaults; i++) {
		wrap_open(&p);
		w = text_words(&p);
		words_health(&w, &h->faults[i]);
		put_styled(t, STYLE_PROBLEM, "PROBLEM");
		wrap_close(&p, t->out, TEXT_INDENT, TEXT_INDENT);
		wrap_open(&p);
		w = text_words(&p);
		words_health_step(&w, &h->faults[i]);
		fputs("To do    ", t->out);
		wrap_close(&p, t->out, TEXT_INDENT, TEXT_INDENT);
	}
	if (h->nfaults > 0)
		putc('\n', t->out);
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
		text_overview(t, &f->domains[i], end - i);
		write_told(t, &f->domains[i], end - i);
	}
}

static int
write_text(FILE *out, const struct view *view, struct err *err)
{
	struct text t = {.out = out, .view = view};

	write_health(&t);
	if (view->figures->ndomains == 0)
		write_nothing(&t);
	else
		write_periods(&t);
	text_footer(&t);
	return output_finish(out, err);
}

const struct output output_text = {.name = "text",
    .looks_back = true,
    .is_page = true,
    .write = write_text};
