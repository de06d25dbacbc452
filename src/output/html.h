/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_HTML_H
#define TLSTALLY_OUTPUT_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "output/output.h"
#include "output/words.h"

/*
 * Inside the HTML digest: html.c has the page, html_style.c how it looks,
 * html_period.c the verdicts of a period, html_chart.c the days,
 * html_domain.c what is wrong at a domain, html_tables.c the tables of
 * domains, reporters and groups, html_coverage.c the statement of coverage.
 *
 * The page is XML as well: every element is closed and every attribute
 * quoted, so that a strict parser can judge it.
 */

struct html {
	FILE *out;
	const struct view *view;
	struct words words; /* into out, escaped */
	bool mail; /* for mail programs, which show neither SVG nor what is
		      folded away */
	int level; /* of the headings of a period's parts */
	size_t articles; /* domains that have been told of, for their ids */
	size_t pictures;
	/* By the number of a result type, the last for those that have none:
	 * the number of the domain under which it is explained; 0: none yet. */
	size_t explained[RESULT_RFC_COUNT + 2];
};

/* The domains of a period: those that are ours, the worst first, and then the
 * others by name. */
struct html_period {
	const struct domain_figure **domains;
	size_t n;
	size_t nown;
	size_t ntrouble; /* own ones that have something to tell, which stand
			    first */
	size_t counts[VERDICT_COUNT]; /* of own ones */
	int32_t start;
	int32_t end;
	int64_t successful; /* at own ones */
	int64_t failed;
};

/* Writes the style sheet, and its hash as a source of a Content Security
 * Policy: 'sha256-...'. */
void html_style(FILE *out);
void html_style_source(FILE *out);

/* A day, which no line end divides; and where no element may stand. */
void html_day(struct html *h, int32_t day);
void html_plain_day(struct html *h, int32_t day);

/* What kind of a thing a verdict is, as a class of the style sheet. */
const char *html_verdict_class(enum verdict verdict);

/* A heading of a part, so many levels below that of the period's parts. */
void html_heading(struct html *h, int below, const char *text);

/* A cell of numbers. */
void html_number_cell(struct html *h, int64_t n);

/* A cell with the share of sessions that failed. */
void html_rate_cell(struct html *h, int64_t successful, int64_t failed);

/* Begin and end a part that is folded away under a line of text, unless it is
 * open; in mail it is never folded. */
void html_fold(struct html *h, bool open, const char *text);
void html_fold_end(struct html *h);

/* Writes a whole page, for a browser or a mail program. */
int html_write(FILE *out, const struct view *view, bool mail, struct err *err);

/* True if something is to be told of a domain besides its figures. */
bool html_has_trouble(const struct domain_figure *d);

/* Domains that a mail tells more of than their verdict. */
#define HTML_DOMAINS_MAILED 20

/* Rows of a table in a mail; some programs cut what is long. */
#define HTML_ROWS_MAILED 30

/* Says that a table has more rows than are shown, if it has. */
void html_more_rows(struct html *h, size_t shown, size_t n);

/* Sums of several domains. */
struct html_reporter {
	const char *name;
	int64_t successful;
	int64_t failed;
	size_t domains; /* of which it has reported */
};

/* Return the days of these domains, in order, and the reporters, by sessions;
 * the caller frees them.  NULL if there are none. */
struct share *html_merge_days(
    const struct domain_figure *const *domains, size_t n, size_t *ndays);
struct html_reporter *html_merge_reporters(
    const struct domain_figure *const *domains, size_t n, size_t *nreporters);

/* The parts of a period. */
void html_verdicts(struct html *h, const struct html_period *p);
/* Of these domains together, in these days; nothing of a single day. */
void html_chart(struct html *h, const struct domain_figure *const *domains,
    size_t n, const int32_t days[2]);
void html_domains_in_trouble(struct html *h, const struct html_period *p);
void html_reporters(struct html *h, const struct html_period *p);
void html_domains(struct html *h, const struct html_period *p);
void html_others(struct html *h, const struct html_period *p);
void html_groups(struct html *h, const struct html_period *p);
void html_coverage(struct html *h, const struct html_period *p);

/* True if reports of the period are still awaited. */
bool html_is_incomplete(const struct html *h, const struct html_period *p);

#endif
