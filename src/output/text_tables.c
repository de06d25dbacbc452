/* SPDX-License-Identifier: ISC */

/*
 * Where the sessions of a domain came from: small tables of two columns of
 * figures, and the reporters in a sentence.  What is small is summed up, so
 * that the figures still add up to the whole.
 */

#include "config.h"

#include <stdlib.h>

#include "base/date.h"
#include "output/text.h"

/* Lines of the table of policies, of which the last may be a sum. */
#define POLICIES_MAX 10

/* Days that make a table which still fits a screen. */
#define DAYS_MIN 2
#define DAYS_MAX 31

/* Reporters that are named: so many if that is all, else fewer. */
#define REPORTERS_ALL  3
#define REPORTERS_SOME 2

/* The columns, as long as the figures are no wider. */
#define LABEL_WIDTH    20
#define SESSIONS_WIDTH 10
#define FAILED_WIDTH   11

struct widths {
	size_t sessions;
	size_t failed;
};

static int64_t
sessions_of(const struct share *s)
{
	return count_add(s->successful, s->failed);
}

/* Sums up what is not shown one by one. */
static struct share
sum_up(const struct share *shares, size_t n)
{
	struct share sum = {0};
	size_t i;

	for (i = 0; i < n; i++) {
		sum.successful =
		    count_add(sum.successful, shares[i].successful);
		sum.failed = count_add(sum.failed, shares[i].failed);
	}
	return sum;
}

/* Returns widths in which every sum of the shares has room. */
static struct widths
widths_for(const struct share *shares, size_t n)
{
	struct widths w = {SESSIONS_WIDTH, FAILED_WIDTH};
	struct share all = sum_up(shares, n);
	char buf[COUNT_SIZE];
	size_t width = wrap_columns(wrap_count(buf, sessions_of(&all))) + 1;

	if (width > w.sessions)
		w.sessions = width;
	if (width > w.failed)
		w.failed = width;
	return w;
}

static void
write_header(struct text *t, const struct widths *w, const char *title)
{
	putc('\n', t->out);
	text_label(t, LABEL_WIDTH, title);
	wrap_right(t->out, w->sessions, "sessions");
	wrap_right(t->out, w->failed, "failed");
	putc('\n', t->out);
}

/* Writes a line; the label is freed. */
static void
write_row(struct text *t, const struct widths *w, struct paragraph *label,
    const struct share *s)
{
	char count[COUNT_SIZE], *shown = wrap_take(label);

	text_label(t, LABEL_WIDTH, shown);
	free(shown);
	wrap_right(t->out, w->sessions, wrap_count(count, sessions_of(s)));
	wrap_right(t->out, w->failed, wrap_count(count, s->failed));
	putc('\n', t->out);
}

void
text_policies(struct text *t, const struct domain_figure *d)
{
	const size_t n =
	    d->npolicies <= POLICIES_MAX ? d->npolicies : POLICIES_MAX - 1;
	const struct widths widths = widths_for(d->policies, d->npolicies);
	struct paragraph label;
	struct share rest;
	struct words w;
	size_t i;

	write_header(t, &widths, "policy");
	for (i = 0; i < n; i++) {
		const struct share *s = &d->policies[i];

		wrap_open(&label);
		w = text_words(&label);
		words_policy(&w, s->policy_type, s->policy_type_text, s->mode);
		write_row(t, &widths, &label, s);
	}
	if (n < d->npolicies) {
		rest = sum_up(d->policies + n, d->npolicies - n);
		wrap_open(&label);
		fprintf(label.text, "%zu others", d->npolicies - n);
		write_row(t, &widths, &label, &rest);
	}
}

void
text_days(struct text *t, const struct domain_figure *d)
{
	const struct widths widths = widths_for(d->days, d->ndays);
	struct paragraph label;
	char day[DATE_SIZE];
	size_t i;

	if (d->ndays < DAYS_MIN || d->ndays > DAYS_MAX)
		return;
	write_header(t, &widths, "day");
	for (i = 0; i < d->ndays; i++) {
		date_format_day(d->days[i].day, day);
		wrap_open(&label);
		fprintf(label.text, "%s %.3s", day,
		    date_weekday_name(d->days[i].day));
		write_row(t, &widths, &label, &d->days[i]);
	}
}

void
text_reporters(struct text *t, const struct domain_figure *d)
{
	const size_t n =
	    d->nreporters <= REPORTERS_ALL ? d->nreporters : REPORTERS_SOME;
	char count[COUNT_SIZE];
	struct paragraph p;
	struct share rest;
	struct words w;
	size_t i;

	if (d->nreporters == 0)
		return;
	wrap_open(&p);
	w = text_words(&p);
	for (i = 0; i < n; i++) {
		fputs(i > 0 ? ", " : "", p.text);
		words_name(&w, d->reporters[i].reporter);
		fprintf(p.text, WRAP_NBSP "%s",
		    wrap_count(count, sessions_of(&d->reporters[i])));
	}
	if (n < d->nreporters) {
		rest = sum_up(d->reporters + n, d->nreporters - n);
		fprintf(p.text, ", %zu" WRAP_NBSP "others" WRAP_NBSP "%s",
		    d->nreporters - n, wrap_count(count, sessions_of(&rest)));
	}
	text_labelled(t, "Reporters", &p);
}
