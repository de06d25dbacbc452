/* SPDX-License-Identifier: ISC */

/*
 * One domain on the page: first its verdict, then what to do, then what is
 * broken; and behind that what a person wants to know who has read so far.
 */

#include "config.h"

#include <stdlib.h>

#include "base/date.h"
#include "output/text.h"

/* Silent reporters and changes that are named. */
#define SILENCES_NAMED 5
#define CHANGES_NAMED  8

bool
text_has_failures(const struct domain_figure *d)
{
	return d->failed > 0 || d->nproblems > 0;
}

bool
text_has_more(const struct domain_figure *d)
{
	return d->verdict >= VERDICT_WARNING || d->nincidents > 0 ||
	    d->nsilences > 0 || d->nchanges > 0;
}

static void
write_verdict(struct text *t, const struct domain_figure *d)
{
	struct paragraph p;
	struct words w;

	wrap_open(&p);
	w = text_words(&p);
	words_name(&w, d->domain);
	fputs(": ", p.text);
	words_verdict(&w, d);
	text_verdict(t, d->verdict, &p);
	wrap_open(&p);
	w = text_words(&p);
	words_next(&w, d);
	fputs("To do    ", t->out);
	wrap_close(&p, t->out, TEXT_INDENT, TEXT_INDENT);
}

static void
write_trend(struct text *t, const struct domain_figure *d)
{
	struct paragraph p;
	struct words w;

	wrap_open(&p);
	w = text_words(&p);
	if (words_before(&w, d))
		text_labelled(t, "Trend", &p);
	else
		free(wrap_take(&p));
}

static void
write_coverage(struct text *t, const struct domain_figure *d, bool brief)
{
	struct paragraph p;
	struct words w;

	/* The verdict says it of a silent domain, and the heading of the only
	 * one. */
	if (d->ndays == 0)
		return;
	if (d->start == d->end && (d->usual == 0 || !brief))
		return;
	wrap_open(&p);
	w = text_words(&p);
	words_coverage(&w, d, t->view->figures->spec.now);
	if (d->incomplete)
		fputs("; reports still come in", p.text);
	text_labelled(t, "Coverage", &p);
}

static void
write_silences(struct text *t, const struct domain_figure *d)
{
	struct paragraph p;
	struct words w;
	size_t i;

	if (d->nsilences == 0)
		return;
	wrap_open(&p);
	w = text_words(&p);
	for (i = 0; i < d->nsilences && i < SILENCES_NAMED; i++) {
		fputs(i > 0 ? ", " : "", p.text);
		words_silence(&w, &d->silences[i]);
	}
	if (i < d->nsilences) {
		fputs(" and ", p.text);
		words_count(&w, (int64_t)(d->nsilences - i), "other");
	}
	text_labelled(t, "Not heard from", &p);
}

static void
write_changes(struct text *t, const struct domain_figure *d)
{
	char day[DATE_SIZE];
	struct paragraph p;
	struct words w;
	size_t i;

	if (d->nchanges == 0)
		return;
	wrap_open(&p);
	w = text_words(&p);
	for (i = 0; i < d->nchanges && i < CHANGES_NAMED; i++) {
		fputs(i > 0 ? "; " : "", p.text);
		date_format_day(d->changes[i].day, day);
		fprintf(p.text, "%s ", day);
		words_change(&w, &d->changes[i]);
	}
	if (i < d->nchanges) {
		fputs("; and ", p.text);
		words_number(&w, (int64_t)(d->nchanges - i));
		fputs(" more", p.text);
	}
	text_labelled(t, "Changed", &p);
}

static void
write_ignored(struct text *t, const struct domain_figure *d)
{
	struct paragraph p;
	struct words w;

	wrap_open(&p);
	w = text_words(&p);
	if (words_ignored(&w, d))
		text_labelled(t, "Ignored", &p);
	else
		free(wrap_take(&p));
}

void
text_domain(struct text *t, const struct domain_figure *d, bool brief)
{
	const bool is_fine = d->verdict <= VERDICT_NOTHING;

	write_verdict(t, d);
	text_incidents(t, d);
	if (d->verdict == VERDICT_NOTHING && !text_has_more(d))
		return;
	t->gap = true;
	if (!brief || !is_fine) {
		write_trend(t, d);
		write_coverage(t, d, brief);
	}
	write_silences(t, d);
	write_changes(t, d);
	write_ignored(t, d);
	if (brief && is_fine)
		return;
	text_reporters(t, d);
	if (d->npolicies > 1)
		text_policies(t, d);
	if (d->failed > 0 && t->view->figures->spec.by == BY_TOTAL)
		text_days(t, d);
}
