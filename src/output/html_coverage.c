/* SPDX-License-Identifier: ISC */

/*
 * The statement of coverage: what the figures stand on, for somebody who is
 * to rely on them and was not there.  Which days there are reports of, whose,
 * whether they are known to be genuine, and what was left out.
 */

#include "config.h"

#include <stdlib.h>

#include "base/date.h"
#include "output/coverage.h"
#include "output/html.h"

/* Rows that are shown before the table is folded away. */
#define ROWS_SHOWN 30

/* Gaps that are named; a year of mail about a quiet domain has many. */
#define GAPS_MAX 12

static void
put_gap(struct html *h, const int32_t gap[2])
{
	html_day(h, gap[0]);
	if (gap[0] == gap[1])
		return;
	fputs(" to ", h->out);
	html_day(h, gap[1]);
}

/* The days without reports, behind some words; nothing if there are none. */
static void
put_gaps(struct html *h, const char *words, struct coverage *c)
{
	int32_t gap[2];
	size_t n = 0;

	while (coverage_gap(c, gap)) {
		if (++n > GAPS_MAX)
			continue;
		fputs(n == 1 ? words : ", ", h->out);
		put_gap(h, gap);
	}
	if (n > GAPS_MAX)
		fprintf(h->out, " and %zu more", n - GAPS_MAX);
}

static void
begin_item(struct html *h, const char *label)
{
	fprintf(h->out, "<dt>%s</dt>\n<dd>", label);
}

static void
end_item(struct html *h)
{
	fputs("</dd>\n", h->out);
}

/* ---- the whole ---- */

static void
write_days(struct html *h, const struct html_period *p, size_t n)
{
	size_t ndays;
	struct share *days = html_merge_days(p->domains, n, &ndays);
	struct coverage c = coverage_begin(
	    days, ndays, p->start, p->end, h->view->figures->spec.now);

	begin_item(h, "Days with reports");
	words_number(&h->words, (int64_t)ndays);
	fputs(" of ", h->out);
	words_number(&h->words, (int64_t)p->end - p->start + 1);
	put_gaps(h, "; none of ", &c);
	end_item(h);
	free(days);
}

static void
write_reporters(struct html *h, const struct html_period *p, size_t n)
{
	size_t nreporters;

	free(html_merge_reporters(p->domains, n, &nreporters));
	begin_item(h, "Reporters");
	words_number(&h->words, (int64_t)nreporters);
	end_item(h);
}

static void
write_entries(struct html *h, const struct html_period *p, size_t n)
{
	int64_t sums[AUTHENTICITY_COUNT] = {0}, whole = 0;
	size_t i;
	int a;

	for (i = 0; i < n; i++)
		for (a = 0; a < AUTHENTICITY_COUNT; a++) {
			sums[a] = count_add(sums[a], p->domains[i]->entries[a]);
			whole = count_add(whole, p->domains[i]->entries[a]);
		}
	begin_item(h, "Policy entries");
	words_number(&h->words, whole);
	fputs(": ", h->out);
	words_number(&h->words, sums[AUTH_VERIFIED]);
	fputs(" of mail that the receiving server verified as the reporter’s "
	      "own (DKIM), ",
	    h->out);
	words_number(&h->words, sums[AUTH_UNCHECKED]);
	fputs(" unchecked, ", h->out);
	words_number(&h->words, sums[AUTH_FAILED]);
	fputs(" that failed the check", h->out);
	end_item(h);
}

static void
write_left_out(struct html *h, const struct html_period *p)
{
	const struct view *view = h->view;
	const int32_t days[2] = {p->start, p->end};

	begin_item(h, "Not counted");
	words_count(&h->words,
	    (int64_t)coverage_conflicts(view, days, p->nown > 0), "report");
	fputs(" in conflict with one that is counted; ", h->out);
	words_count(&h->words, (int64_t)view->rejects, "message");
	fputs(" of any day that could not be used", h->out);
	if (view->empty_reports > 0) {
		fputs("; ", h->out);
		words_count(&h->words, (int64_t)view->empty_reports, "report");
		fputs(" without any policy", h->out);
	}
	if (view->pruned) {
		fputs("; all reports of days before ", h->out);
		html_day(h, view->floor_day);
		fputs(", which were pruned", h->out);
	}
	if (view->state != NULL)
		fputs("; reports that were told before", h->out);
	end_item(h);
}

/* Where nothing is configured, or nothing of it was reported, all of the page
 * is about other domains. */
static size_t
told_domains(const struct html_period *p)
{
	return p->nown > 0 ? p->nown : p->n;
}

bool
html_is_incomplete(const struct html *h, const struct html_period *p)
{
	const size_t n = told_domains(p);
	size_t i = 0;

	while (i < n && !p->domains[i]->incomplete)
		i++;
	return i < n || h->view->figures->awaited_from <= p->end;
}

static void
write_statement(struct html *h, const struct html_period *p, size_t n)
{
	fputs("<dl>\n", h->out);
	begin_item(h, "Period");
	words_period(&h->words, p->start, p->end);
	fputs(html_is_incomplete(h, p) ? "; not complete: reports still come in"
				       : "; complete: no report is awaited",
	    h->out);
	end_item(h);
	write_days(h, p, n);
	write_reporters(h, p, n);
	write_entries(h, p, n);
	write_left_out(h, p);
	fputs("</dl>\n<p class=\"soft\">All figures are sums of what the "
	      "reporters say of their own sessions (RFC 8460), each report "
	      "once, by the day in UTC on which it begins. Of mail from "
	      "senders that do not report they say nothing.</p>\n",
	    h->out);
}

/* ---- by domain ---- */

static void
write_row(struct html *h, const struct domain_figure *d)
{
	struct coverage c = coverage_begin(
	    d->days, d->ndays, d->start, d->end, h->view->figures->spec.now);

	fputs("<tr><th scope=\"row\">", h->out);
	words_name(&h->words, d->domain);
	fputs("<span class=\"soft\">", h->out);
	put_gaps(h, "<br/>none of ", &c);
	fputs("</span></th>", h->out);
	html_number_cell(h, (int64_t)d->ndays);
	fputs("<td class=\"n wide\">", h->out);
	words_number(&h->words, (int64_t)d->nreporters);
	fputs("</td>", h->out);
	html_number_cell(h, d->entries[AUTH_VERIFIED]);
	html_number_cell(h, d->entries[AUTH_UNCHECKED]);
	html_number_cell(h, d->entries[AUTH_FAILED]);
	fputs("<td class=\"n wide\">", h->out);
	words_number(&h->words, (int64_t)coverage_conflicts_of(h->view, d));
	fputs("</td>", h->out);
	fputs("</tr>\n", h->out);
}

static void
write_table(struct html *h, const struct html_period *p, size_t n)
{
	const size_t shown =
	    h->mail && n > HTML_ROWS_MAILED ? HTML_ROWS_MAILED : n;
	size_t i;

	html_fold(h, n <= ROWS_SHOWN, "By domain");
	fputs("<table>\n<thead><tr><th scope=\"col\">Domain</th>"
	      "<th scope=\"col\" class=\"n\">Days</th>"
	      "<th scope=\"col\" class=\"n wide\">Reporters</th>"
	      "<th scope=\"col\" class=\"n\">Verified</th>"
	      "<th scope=\"col\" class=\"n\">Unchecked</th>"
	      "<th scope=\"col\" class=\"n\">Failed</th>"
	      "<th scope=\"col\" class=\"n wide\">Conflicts</th></tr></thead>\n"
	      "<tbody>\n",
	    h->out);
	for (i = 0; i < shown; i++)
		write_row(h, p->domains[i]);
	fputs("</tbody>\n</table>\n", h->out);
	html_more_rows(h, shown, n);
	html_fold_end(h);
}

void
html_coverage(struct html *h, const struct html_period *p)
{
	const size_t n = told_domains(p);

	fputs("<section class=\"card\">\n", h->out);
	html_heading(h, 0, "Statement of coverage");
	write_statement(h, p, n);
	if (n > 1)
		write_table(h, p, n);
	fputs("</section>\n", h->out);
}
