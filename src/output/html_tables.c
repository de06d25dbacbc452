/* SPDX-License-Identifier: ISC */

/*
 * The tables of a period: who has reported, which domains there are, whose
 * they are, and what was reported about domains that nobody configured.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "output/html.h"

/* Rows that are shown before a table is folded away. */
#define ROWS_SHOWN 30

/* Reporters and other domains that are listed; the rest is summed up. */
#define REPORTERS_MAX 20
#define OTHERS_MAX    100

/* Policies that are named in the row of a domain. */
#define POLICIES_MAX 4

/* ---- rows ---- */

static void
begin_table(struct html *h, const char *label, const char *more)
{
	fprintf(h->out,
	    "<table>\n<thead><tr><th scope=\"col\">%s</th>"
	    "<th scope=\"col\" class=\"n\">Sessions</th>"
	    "<th scope=\"col\" class=\"n\">Failed</th>"
	    "<th scope=\"col\" class=\"n\">Rate</th>",
	    label);
	if (more != NULL)
		fprintf(
		    h->out, "<th scope=\"col\" class=\"n wide\">%s</th>", more);
	fputs("</tr></thead>\n<tbody>\n", h->out);
}

static void
end_table(struct html *h)
{
	fputs("</tbody>\n</table>\n", h->out);
}

/* The three figures of a row. */
static void
write_figures(struct html *h, int64_t successful, int64_t failed)
{
	html_number_cell(h, count_add(successful, failed));
	html_number_cell(h, failed);
	html_rate_cell(h, successful, failed);
}

static void
write_wide(struct html *h, size_t n)
{
	fputs("<td class=\"n wide\">", h->out);
	words_number(&h->words, (int64_t)n);
	fputs("</td>", h->out);
}

static void
begin_section(struct html *h, const char *heading)
{
	fputs("<section class=\"card\">\n", h->out);
	html_heading(h, 0, heading);
}

/* ---- reporters ---- */

static void
write_reporter(struct html *h, const struct html_reporter *r, bool many)
{
	fputs("<tr><th scope=\"row\">", h->out);
	words_name(&h->words, r->name);
	fputs("</th>", h->out);
	write_figures(h, r->successful, r->failed);
	if (many)
		write_wide(h, r->domains);
	fputs("</tr>\n", h->out);
}

/* The small ones in one row, so that the table still adds up. */
static void
write_other_reporters(
    struct html *h, const struct html_reporter *r, size_t n, bool many)
{
	int64_t successful = 0, failed = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		successful = count_add(successful, r[i].successful);
		failed = count_add(failed, r[i].failed);
	}
	fputs("<tr><th scope=\"row\">", h->out);
	words_number(&h->words, (int64_t)n);
	fputs(" others</th>", h->out);
	write_figures(h, successful, failed);
	fputs(many ? "<td class=\"wide\"></td></tr>\n" : "</tr>\n", h->out);
}

void
html_reporters(struct html *h, const struct html_period *p)
{
	const bool many = p->nown > 1;
	struct html_reporter *all;
	size_t i, n;

	all = html_merge_reporters(p->domains, p->nown, &n);
	if (n > 0) {
		const size_t shown = n <= REPORTERS_MAX ? n : REPORTERS_MAX - 1;

		begin_section(h, "Reporters");
		begin_table(h, "Reporter", many ? "Domains" : NULL);
		for (i = 0; i < shown; i++)
			write_reporter(h, &all[i], many);
		if (shown < n)
			write_other_reporters(h, &all[shown], n - shown, many);
		end_table(h);
		fputs("</section>\n", h->out);
	}
	free(all);
}

/* ---- domains ---- */

static void
write_policy_words(struct html *h, const struct domain_figure *d)
{
	size_t i;

	for (i = 0; i < d->npolicies && i < POLICIES_MAX; i++) {
		const struct share *s = &d->policies[i];

		fputs(i > 0 ? "; " : "", h->out);
		words_policy(
		    &h->words, s->policy_type, s->policy_type_text, s->mode);
		putc(' ', h->out);
		words_number(&h->words, count_add(s->successful, s->failed));
	}
	if (i < d->npolicies)
		fprintf(h->out, "; %zu others", d->npolicies - i);
}

static void
write_domain_row(struct html *h, const struct domain_figure *d)
{
	fputs("<tr><th scope=\"row\">", h->out);
	words_name(&h->words, d->domain);
	if (d->npolicies > 0) {
		fputs("<br/><span class=\"soft\">", h->out);
		write_policy_words(h, d);
		fputs("</span>", h->out);
	}
	if (d->nignored > 0) {
		fputs("<br/><span class=\"soft\">not told of: ", h->out);
		words_ignored(&h->words, d);
		fputs("</span>", h->out);
	}
	fputs("</th>", h->out);
	write_figures(h, d->successful, d->failed);
	write_wide(h, d->nreporters);
	fputs("</tr>\n", h->out);
}

/* The sessions of the only domain under each of its policies. */
static void
write_policies(struct html *h, const struct domain_figure *d)
{
	size_t i;

	if (d->npolicies == 0)
		return;
	begin_section(h, "Policies");
	begin_table(h, "Policy", NULL);
	for (i = 0; i < d->npolicies; i++) {
		const struct share *s = &d->policies[i];

		fputs("<tr><th scope=\"row\">", h->out);
		words_policy(
		    &h->words, s->policy_type, s->policy_type_text, s->mode);
		fputs("</th>", h->out);
		write_figures(h, s->successful, s->failed);
		fputs("</tr>\n", h->out);
	}
	end_table(h);
	if (d->nignored > 0) {
		fputs("<p class=\"soft\">Not told of: ", h->out);
		words_ignored(&h->words, d);
		fputs(".</p>\n", h->out);
	}
	fputs("</section>\n", h->out);
}

static void
write_rows(struct html *h, const struct domain_figure *const *domains, size_t n)
{
	size_t i;

	begin_table(h, "Domain", "Reporters");
	for (i = 0; i < n; i++)
		if (!h->view->failures_only || domains[i]->failed > 0)
			write_domain_row(h, domains[i]);
	end_table(h);
}

void
html_domains(struct html *h, const struct html_period *p)
{
	const size_t shown =
	    h->mail && p->nown > HTML_ROWS_MAILED ? HTML_ROWS_MAILED : p->nown;
	char text[64];

	if (p->nown == 1)
		write_policies(h, p->domains[0]);
	if (p->nown < 2)
		return;
	begin_section(h, "Domains");
	snprintf(text, sizeof(text), "All %zu domains", p->nown);
	html_fold(h, p->nown <= ROWS_SHOWN, text);
	write_rows(h, p->domains, shown);
	html_more_rows(h, shown, p->nown);
	html_fold_end(h);
	fputs("</section>\n", h->out);
}

/* ---- groups ---- */

static int
compare_groups(const void *a, const void *b)
{
	const struct domain_figure *x = *(const struct domain_figure *const *)a;
	const struct domain_figure *y = *(const struct domain_figure *const *)b;

	return strcmp(x->group, y->group);
}

static void
write_group(
    struct html *h, const struct domain_figure *const *domains, size_t n)
{
	size_t i, counts[VERDICT_COUNT] = {0};
	int64_t successful = 0, failed = 0;

	for (i = 0; i < n; i++) {
		counts[domains[i]->verdict]++;
		successful = count_add(successful, domains[i]->successful);
		failed = count_add(failed, domains[i]->failed);
	}
	fputs("<tr><th scope=\"row\">", h->out);
	if (domains[0]->group[0] != '\0')
		words_name(&h->words, domains[0]->group);
	else
		fputs("(no group)", h->out);
	fputs("<br/><span class=\"soft\">", h->out);
	words_tally(&h->words, counts);
	fputs("</span></th>", h->out);
	write_figures(h, successful, failed);
	write_wide(h, n);
	fputs("</tr>\n", h->out);
}

void
html_groups(struct html *h, const struct html_period *p)
{
	const struct domain_figure **own;
	size_t i, end;

	if (h->view->group != NULL || h->view->scope == NULL ||
	    h->view->scope->ngroups == 0 || p->nown == 0)
		return;
	own = xcalloc(p->nown, sizeof(*own));
	memcpy(own, p->domains, p->nown * sizeof(*own));
	qsort(own, p->nown, sizeof(*own), compare_groups);
	begin_section(h, "Groups");
	begin_table(h, "Group", "Domains");
	for (i = 0; i < p->nown; i = end) {
		for (end = i + 1; end < p->nown &&
		     strcmp(own[end]->group, own[i]->group) == 0;
		     end++)
			;
		write_group(h, &own[i], end - i);
	}
	end_table(h);
	fputs("</section>\n", h->out);
	free(own);
}

/* ---- other domains ---- */

void
html_others(struct html *h, const struct html_period *p)
{
	const size_t n = p->n - p->nown;
	const size_t most = h->mail ? HTML_ROWS_MAILED : OTHERS_MAX;
	const size_t shown = n <= most ? n : most;

	if (n == 0)
		return;
	begin_section(h, "Other domains");
	fputs("<p>Reported about, and not configured here: they raise no alert "
	      "and are in no figure above.</p>\n",
	    h->out);
	html_fold(h, n <= ROWS_SHOWN, n == 1 ? "One domain" : "These domains");
	write_rows(h, &p->domains[p->nown], shown);
	html_more_rows(h, shown, n);
	html_fold_end(h);
	fputs("</section>\n", h->out);
}
