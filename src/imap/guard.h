/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_IMAP_GUARD_H
#define TLSTALLY_IMAP_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Looks at what an IMAP server sends before libetpan does, whose parser
 * recurses without a bound and crashes on some lines.  It knows just enough
 * of the grammar (RFC 3501 9) to tell lines, quoted strings, parentheses and
 * literals apart; the content of literals passes unseen.
 *
 * Refused are, by their bounds in guard.c: parentheses nested too deeply, a
 * line too long (its literals not counted), a literal too large; and what
 * libetpan is known to crash on: a response code (in brackets, at the begin
 * of a status response or a continuation) of PERMANENTFLAGS, BADCHARSET or
 * PARSE and the like that is empty, unended, or not followed by text.
 */
#define GUARD_NESTING_MAX 64
#define GUARD_LINE_MAX	  ((size_t)1 << 20)

struct guard {
	uint64_t literal_max; /* set by the caller, before the first bytes */
	uint64_t literal_left;
	/* The rest is guard.c's. */
	uint64_t literal_size;
	size_t line;
	size_t depth;
	int state;
	bool quoted;
	bool escaped;
	char head[64]; /* begin of the line, for the response code */
	size_t nhead;
};

/* Looks at the next bytes.  Returns 0, or -1 with ERR_DATA: nothing that has
 * come, and nothing that may come later, is to be parsed. */
int guard_feed(struct guard *g, const char *p, size_t len, struct err *err);

#endif
