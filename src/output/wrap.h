/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_WRAP_H
#define TLSTALLY_OUTPUT_WRAP_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Layout of plain text: paragraphs that fit the page, and numbers as people
 * read them.  What is passed here has been escaped already.
 */

/* The width of a page. */
#define WRAP_COLUMNS 80

/* A space at which no line is broken.  Escaped text holds no such byte. */
#define WRAP_NBSP "\x1f"

/* "-9 223 372 036 854 775 807" and "> 99.9 %", with their NUL. */
#define COUNT_SIZE   27
#define PERCENT_SIZE 16

/* A paragraph under way: print into text, then write it. */
struct paragraph {
	FILE *text;
	char *data;
	size_t size;
};

void wrap_open(struct paragraph *p);

/* Ends the paragraph and returns its text, which the caller frees. */
char *wrap_take(struct paragraph *p);

/* Writes the paragraph in lines of at most WRAP_COLUMNS and ends the last
 * one.  `at` columns of the first line have been written already; the others
 * begin with indent spaces.  A word that fits no line begins a line and is
 * broken where that ends.  The paragraph is freed. */
void wrap_close(struct paragraph *p, FILE *out, size_t at, size_t indent);

/* Writes a command behind indent spaces, or fewer if a word is long, so that
 * it can be copied: every line but the last ends in a backslash.  A word that
 * fits no line goes on at the left edge, where a shell joins it again. */
void wrap_command(FILE *out, size_t indent, const char *command);

/* Writes n spaces. */
void wrap_spaces(FILE *out, size_t n);

/* Writes text to the right of a cell of width columns; a WRAP_NBSP becomes a
 * space. */
void wrap_right(FILE *out, size_t width, const char *text);

/* Writes text, cut to width columns and then ended by "...". */
void wrap_cut(FILE *out, size_t width, const char *text);

/* Returns the columns that text takes. */
size_t wrap_columns(const char *text);

/* Puts n into buf, thousands apart by a WRAP_NBSP, and returns buf. */
const char *wrap_count(char buf[COUNT_SIZE], int64_t n);

/* Puts part of whole into buf, as "0.07 %" with a WRAP_NBSP, and returns buf.
 * "0 %" and "100 %" mean none and all, and nothing else. */
const char *wrap_percent(char buf[PERCENT_SIZE], int64_t part, int64_t whole);

#endif
