/* SPDX-License-Identifier: ISC */

/*
 * What is wrong at a domain, and what to do about it: its incidents, those
 * that it was not heard of by, and what has changed in its policies.  A remedy
 * is given once on a page, and later referred to.
 */

#include "config.h"

#include <string.h>

#include "base/date.h"
#include "output/html.h"

/* Domains that are shown before the others are folded away. */
#define DOMAINS_SHOWN 10

/* Domains that have a chart of their own. */
#define DOMAINS_CHARTED 10

/* Of one domain; more are counted. */
#define INCIDENTS_MAX 20
#define SILENCES_MAX  20
#define CHANGES_MAX   20

static const char *
state_class(const struct incident *in)
{
	if (in->state == INCIDENT_GONE)
		return "good";
	return in->holds_mail ? "bad" : "warn";
}

/* ---- incidents ---- */

/* Since when, how many, and who saw it. */
static void
write_facts(
    struct html *h, const struct domain_figure *d, const struct incident *in)
{
	fputs("<p class=\"soft say\">", h->out);
	words_since(&h->words, d, in);
	if (in->sessions > 0) {
		fputs("; ", h->out);
		words_share(&h->words, in->sessions,
		    count_add(d->successful, d->failed));
	}
	fputs("; seen by ", h->out);
	words_observers(&h->words, in);
	fputs(".</p>\n", h->out);
}

static void
write_effect(struct html *h, const struct incident *in)
{
	if (in->sessions == 0)
		return;
	fputs("<p class=\"say\">", h->out);
	words_effect(&h->words, in);
	fputs(".</p>\n", h->out);
}

/* The place in h->explained of a result type. */
static size_t *
explained(struct html *h, enum result_type result)
{
	return &h->explained[(size_t)result <= RESULT_RFC_COUNT
		? (size_t)result
		: RESULT_RFC_COUNT + 1];
}

static void
write_remedy(struct html *h, const struct domain_figure *d,
    const struct words_kind *kind)
{
	struct words plain = h->words;
	size_t *where = explained(h, kind->result);

	plain.gap = NULL; /* a command, to be copied */
	if (*where != 0 && *where != h->articles) {
		fprintf(h->out,
		    "<p>What to do: as <a href=\"#d%zu\">above</a>.</p>\n",
		    *where);
		return;
	}
	fputs("<p>", h->out);
	words_remedy(&h->words, kind->result, '.');
	fputs("</p>\n<pre>", h->out);
	words_command(&plain, kind->result, d->domain, kind->receiving_mx);
	fputs("</pre>\n", h->out);
	*where = h->articles;
}

static void
write_kind(struct html *h, const struct domain_figure *d,
    const struct words_kind *kind, bool alone)
{
	if (!alone) {
		fputs("<p><strong>", h->out);
		words_result(&h->words, kind->result, kind->result_text);
		fputs("</strong>", h->out);
		if (kind->sessions > 0) {
			fputs(", ", h->out);
			words_count(&h->words, kind->sessions, "session");
		}
		fputs("</p>\n", h->out);
	}
	if (kind->reason_code[0] != '\0') {
		fputs("<p class=\"soft\">Reason given: ", h->out);
		words_reason(&h->words, kind->reason_code);
		fputs("</p>\n", h->out);
	}
	write_remedy(h, d, kind);
}

static void
write_incident(struct html *h, const struct domain_figure *d,
    const struct incident *in, int below)
{
	struct words_kind kinds[WORDS_KINDS_MAX];
	size_t i, n;
	bool more;

	fprintf(h->out,
	    "<div class=\"incident\">\n<h%d class=\"%s\">"
	    "<span class=\"state\">",
	    h->level + below, state_class(in));
	words_state(&h->words, d, in);
	fputs("</span> ", h->out);
	words_title(&h->words, in);
	fprintf(h->out, "</h%d>\n", h->level + below);
	write_facts(h, d, in);
	write_effect(h, in);
	if (in->state != INCIDENT_GONE) {
		n = words_kinds(in, kinds, &more);
		for (i = 0; i < n; i++)
			write_kind(h, d, &kinds[i], n == 1 && !more);
		if (more)
			fputs("<p class=\"soft\">And other kinds of failures: "
			      "see the rows of failures.</p>\n",
			    h->out);
	}
	fputs("</div>\n", h->out);
}

static void
write_more(struct html *h, size_t n, size_t max, const char *what)
{
	if (n > max)
		fprintf(h->out, "<p class=\"soft\">And %zu more %s.</p>\n",
		    n - max, what);
}

static void
write_incidents(struct html *h, const struct domain_figure *d, int below)
{
	size_t i;

	for (i = 0; i < d->nincidents && i < INCIDENTS_MAX; i++)
		write_incident(h, d, &d->incidents[i], below);
	write_more(h, d->nincidents, INCIDENTS_MAX, "incidents");
}

/* ---- silence, changes, and what is ignored ---- */

static void
write_silences(struct html *h, const struct domain_figure *d, int below)
{
	size_t i;

	if (d->nsilences == 0)
		return;
	fputs("<div class=\"incident\">\n", h->out);
	html_heading(h, below, "Not heard from");
	fputs("<ul>\n", h->out);
	for (i = 0; i < d->nsilences && i < SILENCES_MAX; i++) {
		fputs("<li>", h->out);
		words_silence(&h->words, &d->silences[i]);
		fputs("</li>\n", h->out);
	}
	fputs("</ul>\n", h->out);
	write_more(h, d->nsilences, SILENCES_MAX, "reporters");
	fputs("</div>\n", h->out);
}

static void
write_changes(struct html *h, const struct domain_figure *d, int below)
{
	size_t i;

	if (d->nchanges == 0)
		return;
	fputs("<div class=\"incident\">\n", h->out);
	html_heading(h, below, "Changes of policy");
	fputs("<ul>\n", h->out);
	for (i = 0; i < d->nchanges && i < CHANGES_MAX; i++) {
		fputs("<li>", h->out);
		html_day(h, d->changes[i].day);
		fputs(": ", h->out);
		words_change(&h->words, &d->changes[i]);
		fputs("</li>\n", h->out);
	}
	fputs("</ul>\n", h->out);
	write_more(h, d->nchanges, CHANGES_MAX, "changes");
	fputs("</div>\n", h->out);
}

static void
write_ignored(struct html *h, const struct domain_figure *d)
{
	if (d->nignored == 0)
		return;
	fputs("<p class=\"soft\">Not told of: ", h->out);
	words_ignored(&h->words, d);
	fputs(".</p>\n", h->out);
}

/* ---- domains ---- */

static void
write_before(struct html *h, const struct domain_figure *d)
{
	if (d->before_start == DAY_NONE ||
	    count_add(d->before.successful, d->before.failed) <= 0)
		return;
	fputs("<p class=\"soft\">", h->out);
	words_before(&h->words, d);
	fputs(".</p>\n", h->out);
}

static void
write_domain(struct html *h, const struct domain_figure *d, bool charted)
{
	const char *class = html_verdict_class(d->verdict);

	fprintf(h->out,
	    "<article class=\"trouble %s\" id=\"d%zu\">\n<h%d class=\"%s\">",
	    class, ++h->articles, h->level + 1, class);
	words_name(&h->words, d->domain);
	fprintf(h->out, " <span class=\"word\">%s</span></h%d>\n",
	    words_verdict_word(d->verdict), h->level + 1);
	write_before(h, d);
	write_incidents(h, d, 2);
	write_silences(h, d, 2);
	write_changes(h, d, 2);
	write_ignored(h, d);
	if (charted && d->failed > 0)
		html_chart(h, &d, 1, (const int32_t[]){d->start, d->end});
	fputs("</article>\n", h->out);
}

/* The only domain has its name and its verdict at the top of the page. */
static void
write_only_domain(struct html *h, const struct domain_figure *d)
{
	fprintf(
	    h->out, "<section class=\"card\" id=\"d%zu\">\n", ++h->articles);
	html_heading(h, 0, "What was found");
	write_before(h, d);
	write_incidents(h, d, 1);
	write_silences(h, d, 1);
	write_changes(h, d, 1);
	write_ignored(h, d);
	fputs("</section>\n", h->out);
}

static void
write_folded(struct html *h, const struct html_period *p, size_t from)
{
	char text[80];
	size_t i;

	snprintf(text, sizeof(text), "%zu more domains%s", p->ntrouble - from,
	    h->mail ? " are not shown in a mail" : "");
	html_fold(h, false, text);
	for (i = from; i < p->ntrouble; i++)
		if (h->mail)
			h->articles++;
		else
			write_domain(h, p->domains[i], false);
	html_fold_end(h);
}

void
html_domains_in_trouble(struct html *h, const struct html_period *p)
{
	const size_t most = h->mail ? HTML_DOMAINS_MAILED : DOMAINS_SHOWN;
	size_t i;

	if (p->ntrouble == 0)
		return;
	if (p->nown == 1) {
		write_only_domain(h, p->domains[0]);
		return;
	}
	fputs("<section>\n", h->out);
	html_heading(h, 0, "What was found");
	for (i = 0; i < p->ntrouble && i < most; i++)
		write_domain(h, p->domains[i], i < DOMAINS_CHARTED);
	if (i < p->ntrouble)
		write_folded(h, p, i);
	fputs("</section>\n", h->out);
}
