/* SPDX-License-Identifier: ISC */

/*
 * Many domains on one page: a verdict over all of them, a line for each that
 * has failures, and then those in full, the worst first.  A hosting provider
 * has thousands without: they are named while they are few, else counted.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "output/text.h"

/* Domains without failures that are named; more are counted. */
#define FINE_MAX 20

/* Domains that are shown in full; the table above names them all. */
#define DETAIL_MAX 50

/* The columns of the table: those of names and numbers at least, the rate
 * with the gap before it, and the longest type that the RFC has. */
#define NAME_MIN    16
#define NUMBER_MIN  9
#define RATE_WIDTH  10
#define PROBLEM_MAX 25
#define PROBLEM_MIN 13

/* The domains of one period. */
struct overview {
	const struct domain_figure *domains;
	size_t n;
	const struct domain_figure **failing; /* worst first */
	size_t nfailing;
	int64_t sessions;
	int64_t failed;
	size_t name; /* widths of the table's columns */
	size_t number;
	size_t problem;
};

static int
compare_failing(const void *a, const void *b)
{
	const struct domain_figure *x = *(const struct domain_figure *const *)a;
	const struct domain_figure *y = *(const struct domain_figure *const *)b;

	if (x->failed != y->failed)
		return x->failed < y->failed ? 1 : -1;
	return strcmp(x->domain, y->domain);
}

static int64_t
sessions_of(const struct domain_figure *d)
{
	return count_add(d->successful, d->failed);
}

static void
take_domains(struct overview *o)
{
	const struct domain_figure *d;
	size_t i;

	o->failing = xcalloc(o->n, sizeof(*o->failing));
	for (i = 0; i < o->n; i++) {
		d = &o->domains[i];
		o->sessions = count_add(o->sessions, sessions_of(d));
		o->failed = count_add(o->failed, d->failed);
		if (text_has_failures(d))
			o->failing[o->nfailing++] = d;
	}
	if (o->nfailing > 1)
		qsort(o->failing, o->nfailing, sizeof(*o->failing),
		    compare_failing);
}

/* Shares the line out between the columns: the numbers take what they need,
 * then the problem, and the names the rest. */
static void
set_widths(struct overview *o)
{
	char buf[COUNT_SIZE];
	size_t i, columns, rest;

	o->number = NUMBER_MIN;
	for (i = 0; i < o->nfailing; i++) {
		columns =
		    wrap_columns(wrap_count(buf, sessions_of(o->failing[i])));
		if (columns + 1 > o->number)
			o->number = columns + 1;
	}
	rest = WRAP_COLUMNS - 2 - 2 * o->number - RATE_WIDTH;
	o->problem = 0;
	if (rest >= NAME_MIN + 2 + PROBLEM_MIN)
		o->problem = rest - NAME_MIN - 2;
	if (o->problem > PROBLEM_MAX)
		o->problem = PROBLEM_MAX;
	o->name = rest - (o->problem > 0 ? o->problem + 2 : 0);
}

static void
write_header(struct text *t, const struct overview *o)
{
	text_label(t, o->name, "domain");
	wrap_right(t->out, o->number, "sessions");
	wrap_right(t->out, o->number, "failed");
	wrap_right(t->out, RATE_WIDTH, "rate");
	fputs(o->problem > 0 ? "  worst problem\n" : "\n", t->out);
}

static void
write_row(
    struct text *t, const struct overview *o, const struct domain_figure *d)
{
	char count[COUNT_SIZE], percent[PERCENT_SIZE];
	struct paragraph p;
	char *shown;

	wrap_open(&p);
	text_put(p.text, d->domain, TEXT_NAME_MAX);
	shown = wrap_take(&p);
	text_label(t, o->name, shown);
	free(shown);
	wrap_right(t->out, o->number, wrap_count(count, sessions_of(d)));
	wrap_right(t->out, o->number, wrap_count(count, d->failed));
	wrap_right(t->out, RATE_WIDTH,
	    wrap_percent(percent, d->failed, sessions_of(d)));
	if (o->problem > 0 && d->nproblems > 0) {
		wrap_open(&p);
		text_put_result(p.text, &d->problems[0]);
		shown = wrap_take(&p);
		fputs("  ", t->out);
		wrap_cut(t->out, o->problem, shown);
		free(shown);
	}
	putc('\n', t->out);
}

static void
write_verdict(struct text *t, const struct overview *o)
{
	char failed[COUNT_SIZE], sessions[COUNT_SIZE], percent[PERCENT_SIZE];
	struct paragraph p;

	wrap_count(sessions, o->sessions);
	wrap_open(&p);
	if (o->nfailing == 0)
		fprintf(p.text, "no failures in %s session%s of %zu domains",
		    sessions, text_plural(o->sessions), o->n);
	else
		fprintf(p.text,
		    "failures at %zu of %zu domains: %s of %s session%s (%s)",
		    o->nfailing, o->n, wrap_count(failed, o->failed), sessions,
		    text_plural(o->sessions),
		    wrap_percent(percent, o->failed, o->sessions));
	text_verdict(t, o->nfailing == 0 ? STYLE_OK : STYLE_PROBLEM, &p);
}

/* Names the domains without failures, or counts them. */
static void
write_fine(struct text *t, const struct overview *o)
{
	const size_t nfine = o->n - o->nfailing;
	char count[COUNT_SIZE];
	const char *sep = "";
	struct paragraph p;
	size_t i;

	if (nfine == 0 || t->view->failures_only)
		return;
	wrap_open(&p);
	if (nfine > FINE_MAX)
		fprintf(
		    p.text, "at %s domains", wrap_count(count, (int64_t)nfine));
	for (i = 0; nfine <= FINE_MAX && i < o->n; i++) {
		const struct domain_figure *d = &o->domains[i];

		if (text_has_failures(d))
			continue;
		fputs(sep, p.text);
		text_put(p.text, d->domain, TEXT_NAME_MAX);
		fprintf(
		    p.text, WRAP_NBSP "%s", wrap_count(count, sessions_of(d)));
		sep = ", ";
	}
	fputs("\n  No failures  ", t->out);
	wrap_close(&p, t->out, 15, 15);
}

static void
write_details(struct text *t, const struct overview *o)
{
	size_t i, n = o->nfailing < DETAIL_MAX ? o->nfailing : DETAIL_MAX;

	for (i = 0; i < n; i++) {
		putc('\n', t->out);
		text_domain(t, o->failing[i]);
	}
	if (n < o->nfailing)
		fprintf(t->out,
		    "\n%zu more domains with failures are in the table above: "
		    "tlstally digest --domain\n",
		    o->nfailing - n);
}

/* True if reports about these domains, or about one that has none in this
 * period, may still come. */
static bool
is_incomplete(const struct text *t, const struct overview *o)
{
	size_t i = 0;

	while (i < o->n && !o->domains[i].incomplete)
		i++;
	return i < o->n || t->view->figures->awaited_from <= o->domains->end;
}

void
text_overview(struct text *t, const struct domain_figure *domains, size_t n)
{
	struct overview o = {.domains = domains, .n = n};
	const int32_t days[2] = {domains->start, domains->end};
	char name[32];
	size_t i;

	take_domains(&o);
	snprintf(name, sizeof(name), "%zu domains", n);
	text_heading(
	    t, name, days, is_incomplete(t, &o) ? TEXT_INCOMPLETE : "");
	putc('\n', t->out);
	write_verdict(t, &o);
	if (o.nfailing > 0) {
		putc('\n', t->out);
		set_widths(&o);
		write_header(t, &o);
		for (i = 0; i < o.nfailing; i++)
			write_row(t, &o, o.failing[i]);
	}
	write_fine(t, &o);
	write_details(t, &o);
	free(o.failing);
}
