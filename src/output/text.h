/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_TEXT_H
#define TLSTALLY_OUTPUT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "output/output.h"
#include "output/words.h"
#include "output/wrap.h"

/*
 * Inside the text digest: text.c has the page, text_overview.c what stands
 * on it of many domains, text_domain.c of one, text_incident.c what is broken
 * there, text_tables.c its tables, text_footer.c the last lines.
 */

/* Where the text behind a verdict or a state begins. */
#define TEXT_INDENT 9

/* Heads what has no usual reporters to be counted. */
#define TEXT_INCOMPLETE "incomplete: reports still come in"

enum text_style { STYLE_HEADING = 0, STYLE_PROBLEM, STYLE_WARNING, STYLE_OK };

/* The last remedy that was given for a type, and where. */
struct text_told {
	const char *advice; /* NULL: none has been given */
	const char *source; /* the domain at which it was given in full */
	const char *domain; /* the last one for which it was referred to */
	const char *mx;
};

struct text {
	FILE *out;
	const struct view *view;
	/* By the number of the result type; the last place is for types that
	 * have none. */
	struct text_told told[RESULT_RFC_COUNT + 2];
	bool gap; /* text_labelled begins with a blank line, once */
};

/* Begin and end a style, if the view has colour. */
void text_begin(struct text *t, enum text_style style);
void text_end(struct text *t);

/* The words of a paragraph: escaped for a terminal. */
struct words text_words(const struct paragraph *p);

/* Writes the heading of a period, with a note to its right, and a blank
 * line. */
void text_heading(struct text *t, const int32_t days[2], const char *note);

/* Writes "  Coverage   " and then the paragraph. */
void text_labelled(struct text *t, const char *label, struct paragraph *p);

/* Writes the word of a verdict in its style, as the first column. */
void text_verdict_word(struct text *t, enum verdict verdict);

/* Writes that and then the paragraph. */
void text_verdict(struct text *t, enum verdict verdict, struct paragraph *p);

/* Writes a name at the left of a table, and fills up to width columns; a
 * longer name has lines of its own. */
void text_label(struct text *t, size_t width, const char *shown);

/* Writes a verdict, and behind it such a name. */
void text_row_label(
    struct text *t, enum verdict verdict, size_t width, const char *shown);

/* Writes everything about one domain in one period: its verdict, what to do,
 * what is broken, and the rest; with brief not who reported how much. */
void text_domain(struct text *t, const struct domain_figure *d, bool brief);

/* True if more is to be said of a domain than that it is all right, and what
 * of it is ignored. */
bool text_has_more(const struct domain_figure *d);

/* True if the domain has something to mend. */
bool text_has_failures(const struct domain_figure *d);

/* Writes, each behind a blank line, what is broken at a domain. */
void text_incidents(struct text *t, const struct domain_figure *d);

/* Writes about all domains of one period, and its heading. */
void text_overview(
    struct text *t, const struct domain_figure *domains, size_t n);

/* Writes the last lines of the page. */
void text_footer(struct text *t);

/* Write the sessions of a domain under each policy and on each day (if they
 * are neither one nor too many) after a blank line, and by whom they were
 * reported. */
void text_policies(struct text *t, const struct domain_figure *d);
void text_days(struct text *t, const struct domain_figure *d);
void text_reporters(struct text *t, const struct domain_figure *d);

#endif
