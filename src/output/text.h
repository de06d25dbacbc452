/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_TEXT_H
#define TLSTALLY_OUTPUT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "output/output.h"
#include "output/wrap.h"

/*
 * Inside the text digest: text.c has the page, text_overview.c what stands
 * on it of many domains, text_domain.c of one, text_tables.c its tables.
 */

/* The longest domain and MX names are 253 characters (RFC 1035); whatever is
 * longer is no name, and is cut. */
#define TEXT_NAME_MAX 253

/* Words of a report that explain but name nothing to be acted on. */
#define TEXT_WORDS_MAX 160

/* Where the text behind "  PROBLEM  " begins, and its commands. */
#define TEXT_INDENT 11

/* Heads what has no usual reporters to be counted. */
#define TEXT_INCOMPLETE "incomplete: reports still come in"

enum text_style { STYLE_HEADING = 0, STYLE_PROBLEM, STYLE_OK };

struct text {
	FILE *out;
	const struct view *view;
	/* Under which domain a result type has been explained, by its number;
	 * the last place is for types that have none. */
	const char *explained[RESULT_RFC_COUNT + 2];
};

/* Begin and end a style, if the view has colour. */
void text_begin(struct text *t, enum text_style style);
void text_end(struct text *t);

/* Writes what a report says, escaped; "(unknown)" for "", and a text over
 * max bytes (TEXT_NAME_MAX at most) cut and ended by "...". */
void text_put(FILE *out, const char *text, size_t max);

/* Writes a heading: name and period to the left, note to the right. */
void text_heading(
    struct text *t, const char *name, const int32_t days[2], const char *note);

/* Writes "  PROBLEM  " or "  OK  " in its style, and then the paragraph. */
void text_verdict(struct text *t, enum text_style style, struct paragraph *p);

/* "s" for any number but 1. */
const char *text_plural(int64_t n);

/* Writes a name at the left of a table, and fills up to width columns; a
 * longer name has lines of its own. */
void text_label(struct text *t, size_t width, const char *shown);

/* Writes everything about one domain in one period. */
void text_domain(struct text *t, const struct domain_figure *d);

/* Writes about all domains of one period. */
void text_overview(
    struct text *t, const struct domain_figure *domains, size_t n);

/* True if the domain has something to mend. */
bool text_has_failures(const struct domain_figure *d);

/* Write, after a blank line, the sessions of a domain under each policy, on
 * each day (if they are neither one nor too many), and by whom they were
 * reported. */
void text_policies(struct text *t, const struct domain_figure *d);
void text_days(struct text *t, const struct domain_figure *d);
void text_reporters(struct text *t, const struct domain_figure *d);

/* Writes "sts, enforce" and the like. */
void text_put_policy(
    FILE *out, enum policy_type type, const char *text, enum policy_mode mode);

/* Writes the type of a problem, in the report's own word if need be. */
void text_put_result(FILE *out, const struct problem *p);

#endif
