/* SPDX-License-Identifier: ISC */

/*
 * All domains of a period on one page: a verdict over all of them, a line for
 * each that is not all right, and then those of which there is more to say,
 * the worst first.  A hosting provider has thousands that are fine: they are
 * named while they are few, else counted.  Domains that nobody configured are
 * counted at the end, and in no verdict.
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

/* Domains of others that are named. */
#define OTHERS_NAMED 2

/* "incomplete: 12 of 12 usual reporters so far", with room to spare. */
#define NOTE_SIZE 96

/* The columns of the table: those of names and numbers at least, the rate
 * with the gap before it, and the longest type that the RFC has. */
#define VERDICT_WIDTH 7
#define NAME_MIN      16
#define NUMBER_MIN    9
#define RATE_WIDTH    10
#define PROBLEM_MAX   25
#define PROBLEM_MIN   13

/* The domains of one period: own ones first, the worst of them first. */
struct overview {
	const struct domain_figure **own;
	size_t nown;
	const struct domain_figure **others;
	size_t nothers;
	size_t counts[VERDICT_COUNT];
	int64_t sessions; /* of own ones */
	int64_t failed;
	bool incomplete;
	size_t name; /* widths of the table's columns */
	size_t number;
	size_t problem;
};

static int64_t
sessions_of(const struct domain_figure *d)
{
	return count_add(d->successful, d->failed);
}

static int
compare_domains(const void *a, const void *b)
{
	const struct domain_figure *x = *(const struct domain_figure *const *)a;
	const struct domain_figure *y = *(const struct domain_figure *const *)b;

	if (x->verdict != y->verdict)
		return x->verdict < y->verdict ? 1 : -1;
	if (x->failed != y->failed)
		return x->failed < y->failed ? 1 : -1;
	return strcmp(x->domain, y->domain);
}

static int
compare_others(const void *a, const void *b)
{
	const struct domain_figure *x = *(const struct domain_figure *const *)a;
	const struct domain_figure *y = *(const struct domain_figure *const *)b;

	if (sessions_of(x) != sessions_of(y))
		return sessions_of(x) < sessions_of(y) ? 1 : -1;
	return strcmp(x->domain, y->domain);
}

static void
take_domains(struct overview *o, const struct domain_figure *d, size_t n)
{
	size_t i;

	o->own = xcalloc(n, sizeof(*o->own));
	o->others = xcalloc(n, sizeof(*o->others));
	for (i = 0; i < n; i++, d++) {
		if (!d->own) {
			o->others[o->nothers++] = d;
			continue;
		}
		o->own[o->nown++] = d;
		o->incomplete |= d->incomplete;
		o->counts[d->verdict]++;
		o->sessions = count_add(o->sessions, sessions_of(d));
		o->failed = count_add(o->failed, d->failed);
	}
	/* Where none is one's own, the text is about the others. */
	for (i = 0; o->nown == 0 && i < o->nothers; i++)
		o->incomplete |= o->others[i]->incomplete;
	if (o->nown > 1)
		qsort(o->own, o->nown, sizeof(*o->own), compare_domains);
	if (o->nothers > 1)
		qsort(
		    o->others, o->nothers, sizeof(*o->others), compare_others);
}

/* True if the domain is worth a line of the table. */
static bool
is_listed(const struct text *t, const struct domain_figure *d)
{
	if (t->view->failures_only && !text_has_failures(d))
		return false;
	return d->verdict >= VERDICT_WARNING;
}

/* ---- the table ---- */

/* Shares the line out between the columns: the numbers take what they need,
 * then the problem, and the names the rest. */
static void
set_widths(struct overview *o)
{
	char buf[COUNT_SIZE];
	size_t i, columns, rest;

	o->number = NUMBER_MIN;
	for (i = 0; i < o->nown; i++) {
		columns = wrap_columns(wrap_count(buf, sessions_of(o->own[i])));
		if (columns + 1 > o->number)
			o->number = columns + 1;
	}
	rest = WRAP_COLUMNS - VERDICT_WIDTH - 2 - 2 * o->number - RATE_WIDTH;
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
	wrap_spaces(t->out, VERDICT_WIDTH);
	text_label(t, o->name, "domain");
	wrap_right(t->out, o->number, "sessions");
	wrap_right(t->out, o->number, "failed");
	wrap_right(t->out, RATE_WIDTH, "rate");
	fputs(o->problem > 0 ? "  first to mend\n" : "\n", t->out);
}

static void
write_problem(
    struct text *t, const struct overview *o, const struct domain_figure *d)
{
	const struct incident *in = words_most_urgent(d);
	struct paragraph p;
	struct words w;
	char *shown;

	if (o->problem == 0 || in == NULL)
		return;
	wrap_open(&p);
	w = text_words(&p);
	words_main_kind(&w, in);
	shown = wrap_take(&p);
	fputs("  ", t->out);
	wrap_cut(t->out, o->problem, shown);
	free(shown);
}

static void
write_row(
    struct text *t, const struct overview *o, const struct domain_figure *d)
{
	char count[COUNT_SIZE], percent[PERCENT_SIZE];
	struct paragraph p;
	struct words w;
	char *shown;

	wrap_open(&p);
	w = text_words(&p);
	words_name(&w, d->domain);
	shown = wrap_take(&p);
	text_row_label(t, d->verdict, o->name, shown);
	free(shown);
	wrap_right(t->out, o->number, wrap_count(count, sessions_of(d)));
	wrap_right(t->out, o->number, wrap_count(count, d->failed));
	wrap_right(t->out, RATE_WIDTH,
	    wrap_percent(percent, d->failed, sessions_of(d)));
	write_problem(t, o, d);
	putc('\n', t->out);
}

static void
write_table(struct text *t, struct overview *o)
{
	size_t i;

	set_widths(o);
	for (i = 0; i < o->nown && !is_listed(t, o->own[i]); i++)
		;
	if (i == o->nown)
		return;
	putc('\n', t->out);
	write_header(t, o);
	for (i = 0; i < o->nown; i++)
		if (is_listed(t, o->own[i]))
			write_row(t, o, o->own[i]);
}

/* ---- sentences ---- */

/* "FAILING  2 domains: 1 failing, 1 ok; 7 of 9 sessions failed (...)". */
static void
write_verdict(struct text *t, const struct overview *o)
{
	struct paragraph p;
	struct words w;

	wrap_open(&p);
	w = text_words(&p);
	words_count(&w, (int64_t)o->nown, "domain");
	fputs(": ", p.text);
	words_tally(&w, o->counts);
	fputs("; ", p.text);
	if (o->failed > 0) {
		words_number(&w, o->failed);
		fputs(" of ", p.text);
		words_count(&w, o->sessions, "session");
		fputs(" failed (", p.text);
		words_percent(&w, o->failed, o->sessions);
		putc(')', p.text);
	} else {
		fputs("no failures in ", p.text);
		words_count(&w, o->sessions, "session");
	}
	text_verdict(t, o->own[0]->verdict, &p);
}

/* Names the domains of a verdict that the table does not list, or counts
 * them. */
static void
write_named(struct text *t, const struct overview *o, enum verdict verdict,
    const char *label)
{
	const size_t n = o->counts[verdict];
	char count[COUNT_SIZE];
	const char *sep = "";
	struct paragraph p;
	struct words w;
	size_t i;

	if (n == 0 || t->view->failures_only)
		return;
	wrap_open(&p);
	w = text_words(&p);
	if (n > FINE_MAX) {
		words_number(&w, (int64_t)n);
		fputs(" domains", p.text);
	}
	for (i = 0; n <= FINE_MAX && i < o->nown; i++) {
		const struct domain_figure *d = o->own[i];

		if (d->verdict != verdict)
			continue;
		fputs(sep, p.text);
		words_name(&w, d->domain);
		if (verdict == VERDICT_OK)
			fprintf(p.text, WRAP_NBSP "%s",
			    wrap_count(count, sessions_of(d)));
		sep = ", ";
	}
	text_labelled(t, label, &p);
}

/* Counts what is ignored, of all domains together: what needs no telling is
 * one line, however many domains it is of. */
static void
write_ignored(struct text *t, const struct overview *o)
{
	const struct scope *scope = t->view->figures->spec.scope;
	struct ignored *rules;
	size_t i, k, n = 0, domains = 0;
	struct paragraph p;
	struct words w;

	if (scope == NULL || scope->nignores == 0)
		return;
	rules = xcalloc(scope->nignores, sizeof(*rules));
	for (i = 0; i < o->nown; i++) {
		const struct domain_figure *d = o->own[i];

		domains += d->nignored > 0;
		for (k = 0; k < d->nignored; k++) {
			const struct ignored *one = &d->ignored[k];
			struct ignored *sum =
			    &rules[one->rule - scope->ignores];

			sum->rule = one->rule;
			sum->sessions = count_add(sum->sessions, one->sessions);
		}
	}
	for (i = 0; i < scope->nignores; i++)
		if (rules[i].rule != NULL)
			rules[n++] = rules[i];
	if (n > 0) {
		wrap_open(&p);
		w = text_words(&p);
		words_count_ignored(&w, rules, n);
		fputs(" at ", p.text);
		words_count(&w, (int64_t)domains, "domain");
		fputs(", ", p.text);
		words_rules(&w, rules, n);
		text_labelled(t, "Ignored", &p);
	}
	free(rules);
}

/* Counts the domains that nobody configured. */
static void
write_others(struct text *t, const struct overview *o)
{
	int64_t sessions = 0, failed = 0;
	const char *sep = ": ";
	struct paragraph p;
	struct words w;
	size_t i;

	if (o->nothers == 0)
		return;
	for (i = 0; i < o->nothers; i++) {
		sessions = count_add(sessions, sessions_of(o->others[i]));
		failed = count_add(failed, o->others[i]->failed);
	}
	wrap_open(&p);
	w = text_words(&p);
	words_share(&w, failed, sessions);
	fputs(" failed at ", p.text);
	words_count(&w, (int64_t)o->nothers, "domain");
	fputs(" that nobody configured", p.text);
	for (i = 0; i < o->nothers && i < OTHERS_NAMED; i++) {
		fputs(sep, p.text);
		words_name(&w, o->others[i]->domain);
		sep = ", ";
	}
	if (i < o->nothers) {
		fputs(" and ", p.text);
		words_count(&w, (int64_t)(o->nothers - i), "other");
	}
	t->gap = true;
	text_labelled(t, "Other domains", &p);
}

/* ---- the page ---- */

static void
write_details(struct text *t, const struct overview *o)
{
	size_t i, n = 0, left = 0;

	for (i = 0; i < o->nown; i++) {
		const struct domain_figure *d = o->own[i];

		if (!text_has_more(d) ||
		    (t->view->failures_only && !text_has_failures(d)))
			continue;
		if (n == DETAIL_MAX) {
			left++;
			continue;
		}
		n++;
		putc('\n', t->out);
		text_domain(t, d, true);
	}
	if (left > 0)
		fprintf(t->out,
		    "\n%zu more domain%s of which there is more to say: "
		    "tlstally digest --domain NAME\n",
		    left, left == 1 ? "" : "s");
}

static void
write_many(struct text *t, struct overview *o)
{
	write_verdict(t, o);
	write_table(t, o);
	t->gap = true;
	write_named(t, o, VERDICT_NOTHING, "No reports");
	write_named(t, o, VERDICT_OK, "All right");
	write_ignored(t, o);
	t->gap = false;
	write_details(t, o);
}

/* Which of the usual reporters of a domain were heard, and whether more may
 * come; of several domains only that. */
static void
make_note(const struct overview *o, char note[NOTE_SIZE])
{
	const struct domain_figure *d = o->nown == 1 ? o->own[0] : NULL;

	if (d != NULL && d->usual > 0)
		snprintf(note, NOTE_SIZE, "%s%zu of %zu usual reporter%s%s",
		    d->incomplete ? "incomplete: " : "", d->usual_present,
		    d->usual, d->usual == 1 ? "" : "s",
		    d->incomplete ? " so far" : "");
	else
		snprintf(note, NOTE_SIZE, "%s",
		    o->incomplete ? TEXT_INCOMPLETE : "");
}

void
text_overview(struct text *t, const struct domain_figure *domains, size_t n)
{
	const int32_t days[2] = {domains->start, domains->end};
	struct overview o = {0};
	char note[NOTE_SIZE];

	take_domains(&o, domains, n);
	/* Of a domain that has no reports in this period, some may come. */
	if (o.nown != 1 && t->view->figures->awaited_from <= domains->end)
		o.incomplete = true;
	make_note(&o, note);
	text_heading(t, days, note);
	if (o.nown == 1)
		text_domain(t, o.own[0], false);
	else if (o.nown > 1)
		write_many(t, &o);
	else
		fputs(
		    "NO REPORTS  of the domains that are configured\n", t->out);
	write_others(t, &o);
	free(o.own);
	free(o.others);
}
