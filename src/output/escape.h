/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_ESCAPE_H
#define TLSTALLY_OUTPUT_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Every escaper: text from a report, which a stranger wrote, on its way to
 * a terminal or a file.  Each writes all of text and reports nothing: a
 * stream's error is asked for once, at the end.
 */

/* For terminals and plain text: what utf8_is_dangerous, and bytes that are
 * no UTF-8, as <U+XXXX> and <XX>.  Newlines too. */
void escape_text(FILE *out, const char *text);

/* The columns that escape_text's output takes on a terminal. */
size_t escape_text_columns(const char *text);

/* A CSV cell (RFC 4180), quoted where separator, quotes, line ends or spaces
 * at its ends ask for it.  A text that could act as a formula gets a leading
 * "'": one that begins with = + - @ TAB CR or LF, also in full width or
 * behind spaces, as some spreadsheets read those likewise.  With
 * long_digits, so that a spreadsheet keeps them as text, a string of 12 or
 * more digits becomes ="...", and that quoted.  Dangerous characters as in
 * escape_text, but TAB and LF are kept, within quotes, and CR LF becomes
 * LF. */
void escape_csv(FILE *out, const char *text, char separator, bool long_digits);

/* A JSON string (RFC 8259 7) with its quotes.  Control and dangerous
 * characters as \uXXXX, which a reader gets back as they were; bytes that are
 * no UTF-8 as U+FFFD. */
void escape_json(FILE *out, const char *text);

/* A label's value in the text format of Prometheus, with its quotes.
 * Dangerous characters as in escape_text. */
void escape_label(FILE *out, const char *text);

/* HTML text, or the inside of a quoted attribute: & < > " ' as entities, which
 * XML knows, too.  Dangerous characters as in escape_text. */
void escape_html(FILE *out, const char *text);

/* True if text is a plain host name, which may stand in a command line that
 * a person will copy: letters, digits, "-", "." and "_", not led by "-" or
 * ".", and no longer than the 253 characters of the DNS. */
bool escape_is_host_name(const char *text);

#endif
