/* SPDX-License-Identifier: ISC */

/*
 * How things stand, on one screen: the verdict of each domain that needs
 * somebody, and the figures of all of them as tiles.
 */

#include "config.h"

#include <stdlib.h>

#include "base/date.h"
#include "output/html.h"

/* Verdicts that are listed before the others are folded away. */
#define VERDICTS_SHOWN 20

/* In mail, which some programs cut, the others are only counted. */
#define VERDICTS_MAILED 30

/* ---- verdicts ---- */

static void
put_awaited(struct html *h)
{
	fputs(" <span class=\"soft\">Reports still come in.</span>", h->out);
}

static void
put_sentence(struct html *h, const struct domain_figure *d)
{
	fprintf(h->out, "<span class=\"word\">%s</span> ",
	    words_verdict_word(d->verdict));
	words_verdict(&h->words, d);
	putc('.', h->out);
	if (d->incomplete)
		put_awaited(h);
}

static void
put_next(struct html *h, const struct domain_figure *d)
{
	if (d->verdict <= VERDICT_NOTHING)
		return;
	fputs("<br/>\nNext: ", h->out);
	words_next(&h->words, d);
	fputs(".", h->out);
}

static void
write_verdict_items(
    struct html *h, const struct html_period *p, size_t from, size_t to)
{
	size_t i;

	fputs("<ul class=\"plain\">\n", h->out);
	for (i = from; i < to; i++) {
		const struct domain_figure *d = p->domains[i];
		const bool linked = !h->mail || i < HTML_DOMAINS_MAILED;

		fprintf(h->out, "<li class=\"%s\">",
		    html_verdict_class(d->verdict));
		if (linked)
			fprintf(
			    h->out, "<a href=\"#d%zu\">", h->articles + i + 1);
		words_name(&h->words, d->domain);
		fputs(linked ? "</a> " : " ", h->out);
		put_sentence(h, d);
		put_next(h, d);
		fputs("</li>\n", h->out);
	}
	fputs("</ul>\n", h->out);
}

static void
write_verdict_list(struct html *h, const struct html_period *p)
{
	size_t shown = h->mail ? VERDICTS_MAILED : VERDICTS_SHOWN;
	char text[64];

	if (p->ntrouble < shown)
		shown = p->ntrouble;
	if (shown > 0)
		write_verdict_items(h, p, 0, shown);
	if (shown == p->ntrouble)
		return;
	snprintf(text, sizeof(text), "%zu more domains", p->ntrouble - shown);
	html_fold(h, false, text);
	if (!h->mail)
		write_verdict_items(h, p, shown, p->ntrouble);
	html_fold_end(h);
}

/* The verdict of the only domain that there is. */
static void
write_only_verdict(struct html *h, const struct domain_figure *d)
{
	fprintf(h->out, "<p class=\"%s\">", html_verdict_class(d->verdict));
	put_sentence(h, d);
	put_next(h, d);
	fputs("</p>\n", h->out);
}

/* ---- tiles ---- */

static void
begin_tile(struct html *h, const char *label, bool bad)
{
	fprintf(
	    h->out, "<li class=\"tile%s\">%s <b>", bad ? " bad" : "", label);
}

/* The figures of the period before, as far as they are known. */
static struct share
sum_before(const struct html_period *p)
{
	struct share sum = {0};
	const struct domain_figure *d;
	size_t i;

	for (i = 0; i < p->nown; i++) {
		d = p->domains[i];
		if (d->before_start == DAY_NONE)
			continue;
		sum.successful =
		    count_add(sum.successful, d->before.successful);
		sum.failed = count_add(sum.failed, d->before.failed);
	}
	return sum;
}

static void
write_session_tiles(struct html *h, const struct html_period *p)
{
	const struct share before = sum_before(p);
	const int64_t whole = count_add(p->successful, p->failed);
	const int64_t whole_before =
	    count_add(before.successful, before.failed);

	begin_tile(h, "Sessions", false);
	words_number(&h->words, whole);
	fputs("</b>", h->out);
	if (whole_before > 0) {
		fputs(" after ", h->out);
		words_number(&h->words, whole_before);
	}
	fputs("</li>\n", h->out);
	begin_tile(h, "Failed", p->failed > 0);
	words_number(&h->words, p->failed);
	fputs("</b> ", h->out);
	if (whole > 0)
		words_percent(&h->words, p->failed, whole);
	if (whole > 0 && whole_before > 0) {
		fputs(" after ", h->out);
		words_percent(&h->words, before.failed, whole_before);
	}
	fputs("</li>\n", h->out);
}

static void
write_domain_tiles(struct html *h, const struct html_period *p)
{
	const size_t need =
	    p->nown - p->counts[VERDICT_OK] - p->counts[VERDICT_NOTHING];
	struct html_reporter *reporters;
	size_t n;

	begin_tile(h, "Domains", false);
	words_number(&h->words, (int64_t)p->nown);
	fputs("</b> ", h->out);
	words_number(&h->words, (int64_t)need);
	fprintf(h->out, " %s action</li>\n", need == 1 ? "needs" : "need");
	reporters = html_merge_reporters(p->domains, p->nown, &n);
	free(reporters);
	begin_tile(h, "Reporters", false);
	words_number(&h->words, (int64_t)n);
	fputs("</b> were heard</li>\n", h->out);
}

static void
write_only_tiles(struct html *h, const struct domain_figure *d)
{
	begin_tile(h, "Days with reports", false);
	words_number(&h->words, (int64_t)d->ndays);
	fputs("</b> of ", h->out);
	words_number(&h->words, (int64_t)d->end - d->start + 1);
	fputs("</li>\n", h->out);
	begin_tile(h, "Reporters", false);
	words_number(&h->words, (int64_t)d->nreporters);
	fputs("</b> ", h->out);
	if (d->usual > 0) {
		words_number(&h->words, (int64_t)d->usual_present);
		fputs(" of ", h->out);
		words_number(&h->words, (int64_t)d->usual);
		fputs(" usual ones", h->out);
	} else
		fputs("were heard", h->out);
	fputs("</li>\n", h->out);
}

void
html_verdicts(struct html *h, const struct html_period *p)
{
	if (p->nown == 0)
		return;
	fputs("<section>\n", h->out);
	if (p->nown == 1)
		write_only_verdict(h, p->domains[0]);
	else {
		fputs("<p>", h->out);
		words_tally(&h->words, p->counts);
		if (html_is_incomplete(h, p)) {
			putc('.', h->out);
			put_awaited(h);
		}
		fputs("</p>\n", h->out);
		write_verdict_list(h, p);
	}
	fputs("<ul class=\"tiles\">\n", h->out);
	write_session_tiles(h, p);
	if (p->nown == 1)
		write_only_tiles(h, p->domains[0]);
	else
		write_domain_tiles(h, p);
	fputs("</ul>\n</section>\n", h->out);
}
