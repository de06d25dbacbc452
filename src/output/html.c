/* SPDX-License-Identifier: ISC */

/*
 * The HTML digest: one file that runs nothing and loads nothing, for a
 * browser, a mail program or paper.  Whether reports are read at all comes
 * first, then the verdicts, and what is wrong with its remedy; the tables and
 * the statement of coverage come behind.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/die.h"
#include "output/escape.h"
#include "output/html.h"
#include "output/mail.h"

/* ---- small pieces ---- */

/* Text from outside; letters that are written from right to left must not
 * turn what stands beside them around. */
static void
put_escaped(FILE *out, const char *text)
{
	const char *p = text;

	while ((unsigned char)*p < 0x80 && *p != '\0')
		p++;
	if (*p == '\0') {
		escape_html(out, text);
		return;
	}
	fputs("<bdi>", out);
	escape_html(out, text);
	fputs("</bdi>", out);
}

void
html_day(struct html *h, int32_t day)
{
	char text[DATE_SIZE];

	date_format_day(day, text);
	fprintf(h->out, "<time>%s</time>", text);
}

void
html_plain_day(struct html *h, int32_t day)
{
	char text[DATE_SIZE];

	date_format_day(day, text);
	fputs(text, h->out);
}

const char *
html_verdict_class(enum verdict verdict)
{
	static const char *const classes[VERDICT_COUNT] = {
	    [VERDICT_OK] = "good",
	    [VERDICT_NOTHING] = "quiet",
	    [VERDICT_WARNING] = "warn",
	    [VERDICT_SILENT] = "warn",
	    [VERDICT_FAILING] = "bad",
	};

	return classes[verdict];
}

void
html_heading(struct html *h, int below, const char *text)
{
	const int level = h->level + below;

	fprintf(h->out, "<h%d>%s</h%d>\n", level, text, level);
}

void
html_number_cell(struct html *h, int64_t n)
{
	fputs("<td class=\"n\">", h->out);
	words_number(&h->words, n);
	fputs("</td>", h->out);
}

void
html_rate_cell(struct html *h, int64_t successful, int64_t failed)
{
	const int64_t whole = count_add(successful, failed);

	fputs("<td class=\"n\">", h->out);
	if (whole > 0)
		words_percent(&h->words, failed, whole);
	else
		fputs("–", h->out);
	fputs("</td>", h->out);
}

void
html_fold(struct html *h, bool open, const char *text)
{
	if (h->mail)
		fprintf(h->out, "<div>\n<p class=\"soft\">%s</p>\n", text);
	else
		fprintf(h->out, "<details%s>\n<summary>%s</summary>\n",
		    open ? " open=\"open\"" : "", text);
}

void
html_fold_end(struct html *h)
{
	fputs(h->mail ? "</div>\n" : "</details>\n", h->out);
}

void
html_more_rows(struct html *h, size_t shown, size_t n)
{
	if (shown < n)
		fprintf(
		    h->out, "<p class=\"soft\">And %zu more.</p>\n", n - shown);
}

/* ---- the domains of a period ---- */

bool
html_has_trouble(const struct domain_figure *d)
{
	return d->verdict > VERDICT_NOTHING || d->nincidents > 0 ||
	    d->nsilences > 0 || d->nchanges > 0;
}

/* Those that are ours first, of them those with something to tell, the worst
 * before the others; else by name. */
static int
compare_domains(const void *a, const void *b)
{
	const struct domain_figure *x = *(const struct domain_figure *const *)a;
	const struct domain_figure *y = *(const struct domain_figure *const *)b;
	const bool in_x = x->own && html_has_trouble(x);
	const bool in_y = y->own && html_has_trouble(y);

	if (x->own != y->own)
		return x->own ? -1 : 1;
	if (in_x != in_y)
		return in_x ? -1 : 1;
	if (in_x && x->verdict != y->verdict)
		return x->verdict < y->verdict ? 1 : -1;
	if (in_x && x->failed != y->failed)
		return x->failed < y->failed ? 1 : -1;
	return strcmp(x->domain, y->domain);
}

/* Takes the n domains of one period, until the list is freed. */
static void
take_period(
    struct html_period *p, const struct domain_figure *domains, size_t n)
{
	const struct domain_figure *d;
	size_t i;

	*p = (struct html_period){.n = n,
	    .start = domains->start,
	    .end = domains->end,
	    .domains = xcalloc(n, sizeof(struct domain_figure *))};
	for (i = 0; i < n; i++) {
		d = &domains[i];
		p->domains[i] = d;
		if (!d->own)
			continue;
		p->nown++;
		p->ntrouble += html_has_trouble(d) ? 1 : 0;
		p->counts[d->verdict]++;
		p->successful = count_add(p->successful, d->successful);
		p->failed = count_add(p->failed, d->failed);
	}
	qsort(p->domains, n, sizeof(struct domain_figure *), compare_domains);
}

static void
write_chart(struct html *h, const struct domain_figure *const *domains,
    size_t n, const int32_t days[2])
{
	if (days[0] == days[1])
		return;
	fputs("<section class=\"card\">\n<h2>Sessions and failures</h2>\n",
	    h->out);
	html_chart(h, domains, n, days);
	fputs("</section>\n", h->out);
}

static void
write_period(struct html *h, const struct html_period *p, bool alone)
{
	if (!alone) {
		fputs("<section>\n<h2>", h->out);
		words_period(&h->words, p->start, p->end);
		fputs("</h2>\n", h->out);
	}
	html_verdicts(h, p);
	if (alone)
		write_chart(h, p->domains, p->nown,
		    (const int32_t[]){p->start, p->end});
	html_domains_in_trouble(h, p);
	html_reporters(h, p);
	html_domains(h, p);
	html_groups(h, p);
	html_others(h, p);
	html_coverage(h, p);
	if (!alone)
		fputs("</section>\n", h->out);
}

/* ---- the page ---- */

/* True if the figures are of one period only. */
static bool
is_alone(const struct figures *f)
{
	return f->ndomains == 0 ||
	    f->domains[0].start == f->domains[f->ndomains - 1].start;
}

/* What the page is about: one domain, a group, or all. */
static void
put_subject(struct html *h)
{
	const struct figures *f = h->view->figures;
	size_t i, n = 0;

	for (i = 0; i < f->ndomains; i++)
		n += i == 0 ||
		    strcmp(f->domains[i].domain, f->domains[0].domain) != 0;
	if (h->view->group != NULL)
		words_name(&h->words, h->view->group);
	else if (n == 1 && f->domains[0].domain[0] != '\0')
		words_name(&h->words, f->domains[0].domain);
	else
		fputs("SMTP TLS reports", h->out);
}

static void
put_days(struct html *h)
{
	const struct digest_spec *spec = &h->view->figures->spec;

	if (spec->first_day == DAY_NONE)
		fputs("nothing new", h->out);
	else
		words_period(&h->words, spec->first_day, spec->last_day);
}

static void
write_head(struct html *h)
{
	fputs("<!DOCTYPE html>\n"
	      "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n"
	      "<head>\n<meta charset=\"utf-8\"/>\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\""
	      "default-src 'none'; style-src ",
	    h->out);
	html_style_source(h->out);
	fputs("; base-uri 'none'; form-action 'none'\"/>\n"
	      "<meta name=\"viewport\" content=\"width=device-width, "
	      "initial-scale=1\"/>\n"
	      "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
	      "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
	      "<meta name=\"robots\" content=\"noindex\"/>\n<title>",
	    h->out);
	mail_subject(
	    &(const struct words){.out = h->out, .put = escape_html}, h->view);
	fputs("</title>\n<style>", h->out);
	html_style(h->out);
	fputs("</style>\n</head>\n<body>\n<header>\n", h->out);
	fputs(
	    "<p class=\"soft\">SMTP TLS reports (RFC 8460)</p>\n<h1>", h->out);
	put_subject(h);
	fputs("</h1>\n<p>", h->out);
	put_days(h);
	fputs("</p>\n</header>\n<main>\n", h->out);
}

/* Whether reports are read at all: without that the rest says nothing. */
static void
write_health(struct html *h)
{
	const struct health *health = &h->view->health;
	struct words plain = h->words;
	size_t i;

	if (health->nfaults == 0)
		return;
	plain.gap = NULL; /* a command, to be copied */
	fputs("<section class=\"trouble bad\">\n"
	      "<h2>Reports are not being read</h2>\n<ul>\n",
	    h->out);
	for (i = 0; i < health->nfaults; i++) {
		fputs("<li>", h->out);
		words_health(&h->words, &health->faults[i]);
		fputs(".<br/>\n<span class=\"soft\">", h->out);
		words_health_step(&plain, &health->faults[i]);
		fputs("</span></li>\n", h->out);
	}
	fputs("</ul>\n</section>\n", h->out);
}

/* Nothing at all: say so, and where there is something. */
static void
write_nothing(struct html *h)
{
	const struct view *view = h->view;

	fputs("<section class=\"card\">\n<h2>", h->out);
	if (view->state != NULL)
		fputs("No new reports", h->out);
	else if (view->figures->awaited_from <= view->figures->spec.last_day)
		fputs("No reports yet", h->out);
	else
		fputs("No reports", h->out);
	fputs("</h2>\n<p>", h->out);
	if (view->state != NULL)
		fputs("Nothing came since this digest was last told.", h->out);
	else if (view->latest_day == DAY_NONE)
		fputs(view->filtered ? "There are none at all of these domains."
				     : "There are none at all.",
		    h->out);
	else {
		fputs("The latest day with reports is ", h->out);
		html_day(h, view->latest_day);
		putc('.', h->out);
	}
	fputs("</p>\n</section>\n", h->out);
}

static void
write_footer(struct html *h)
{
	const struct view *view = h->view;
	char at[TIME_SIZE];

	fputs("</main>\n<footer>\n", h->out);
	if (view->state != NULL) {
		fputs("<p>Only what was new ", h->out);
		if (view->told != TIME_NONE) {
			date_format_time(view->told, at);
			fprintf(h->out, "since <time>%s</time> ", at);
		}
		fputs("is told here (state ", h->out);
		words_text(&h->words, view->state);
		fputs(").</p>\n", h->out);
	}
	date_format_time(view->figures->spec.now, at);
	fprintf(h->out,
	    "<p>Made by tlstally " VERSION " at <time>%s</time> from the "
	    "store ",
	    at);
	put_escaped(h->out, view->store);
	fputs(".</p>\n</footer>\n</body>\n</html>\n", h->out);
}

static void
write_periods(struct html *h)
{
	const struct figures *f = h->view->figures;
	const bool alone = is_alone(f);
	struct html_period p;
	size_t i, end;

	for (i = 0; i < f->ndomains; i = end) {
		for (end = i + 1; end < f->ndomains &&
		     f->domains[end].start == f->domains[i].start;
		     end++)
			;
		take_period(&p, &f->domains[i], end - i);
		write_period(h, &p, alone);
		free(p.domains);
	}
}

/* The days of all periods together, where each has only its own. */
static void
write_whole_chart(struct html *h)
{
	const struct figures *f = h->view->figures;
	const struct domain_figure **own = xcalloc(f->ndomains, sizeof(*own));
	size_t i, n = 0;

	for (i = 0; i < f->ndomains; i++)
		if (f->domains[i].own)
			own[n++] = &f->domains[i];
	if (n > 0)
		write_chart(h, own, n,
		    (const int32_t[]){f->spec.first_day, f->spec.last_day});
	free(own);
}

int
html_write(FILE *out, const struct view *view, bool mail, struct err *err)
{
	struct html h = {.out = out,
	    .view = view,
	    .words = {.out = out, .put = put_escaped, .gap = "\xc2\xa0"},
	    .mail = mail,
	    .level = 2};

	write_head(&h);
	write_health(&h);
	if (view->figures->ndomains == 0)
		write_nothing(&h);
	else {
		if (!is_alone(view->figures)) {
			write_whole_chart(&h);
			h.level = 3;
		}
		write_periods(&h);
	}
	write_footer(&h);
	return output_finish(out, err);
}

static int
write_html(FILE *out, const struct view *view, struct err *err)
{
	return html_write(out, view, false, err);
}

const struct output output_html = {.name = "html",
    .has_coverage = true,
    .looks_back = true,
    .is_page = true,
    .write = write_html};
