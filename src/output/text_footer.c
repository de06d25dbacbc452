/* SPDX-License-Identifier: ISC */

/*
 * The end of the page: what is in no figure above, and where it all came
 * from.
 */

#include "config.h"

#include <stdlib.h>

#include "base/date.h"
#include "output/escape.h"
#include "output/text.h"

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

/* Writes "3 messages could not be used: tlstally rejects" and the like, if
 * there are any. */
static void
write_count(
    struct text *t, size_t n, const char *noun, const char *const rest[2])
{
	struct paragraph p;
	struct words w;

	if (n == 0)
		return;
	wrap_open(&p);
	w = text_words(&p);
	words_count(&w, (int64_t)n, noun);
	fprintf(p.text, " %s", rest[n == 1]);
	wrap_close(&p, t->out, 0, 0);
}

/* Reports are anybody's to send: says how many of those that were counted
 * nobody vouches for. */
static void
write_unverified(struct text *t)
{
	const struct figures *f = t->view->figures;
	int64_t sums[AUTHENTICITY_COUNT] = {0};
	struct paragraph p;
	struct words w;
	size_t i, k;

	for (i = 0; i < f->ndomains; i++)
		for (k = 0; k < AUTHENTICITY_COUNT; k++)
			sums[k] = count_add(sums[k], f->domains[i].entries[k]);
	wrap_open(&p);
	w = text_words(&p);
	if (words_unverified(&w, sums))
		wrap_close(&p, t->out, 0, 0);
	else
		free(wrap_take(&p));
}

void
text_footer(struct text *t)
{
	static const char *const conflicts[] = {
	    "contradict others that are counted: tlstally rejects",
	    "contradicts another that is counted: tlstally rejects"};
	static const char *const rejects[] = {
	    "could not be used: tlstally rejects",
	    "could not be used: tlstally rejects"};
	static const char *const empty[] = {"without any policy: tlstally list",
	    "without any policy: tlstally list"};
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
	write_unverified(t);
	write_count(t, view->conflicts, "report", conflicts);
	write_count(t, view->rejects, "message", rejects);
	write_count(t, view->empty_reports, "report", empty);
	if (view->state != NULL)
		write_state(t);
	fputs("Store  ", t->out);
	wrap_open(&p);
	escape_text(p.text, view->store);
	wrap_close(&p, t->out, 7, 7);
}
