/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_IMAP_GUARD_H
#define TLSTALLY_IMAP_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"

/*
 * Looks at what an IMAP server sends before libetpan does, whose parser
 * recurses without a bound and crashes on some lines.  It knows just enough
 * of the grammar (RFC 3501 9) to tell lines, quoted strings, parentheses and
 * literals apart; the content of literals passes unseen, and so it must see
 * literals only where libetpan does.
 *
 * Refused are parentheses nested too deeply, a line too long (its literals
 * not counted), a literal too large; a NUL outside of literals;
 *
 * what would let libetpan and the guard see different lines: in data, a quoted
 * string that goes on behind the line's end (to libetpan it does), a brace
 * that is neither quoted nor a literal's; in a response code, either;
 *
 * and the response codes that libetpan 1.9.4 crashes on: ALERT and PARSE
 * without text behind them; PERMANENTFLAGS with a list whose first flag is
 * none; in the greeting and in continuations, where it parses without its
 * context, PERMANENTFLAGS and BADCHARSET with any list.
 *
 * `* OK [PERMANENTFLAGS ()] Read-only mailbox.` after EXAMINE, which servers
 * do send, is no such case, and passes.
 */

/* Zeroed, it waits for a greeting. */
struct guard {
	uint64_t literal_max;  /* set by the caller, before the first bytes */
	uint64_t literal_left; /* of the content of one, still to come */
	/* The rest is guard.c's. */
	uint64_t literal_size;
	size_t line;
	size_t depth;
	int state;
	bool strict; /* libetpan parses the line without its context */
	bool greeted;
	char word[16]; /* begin of what tells the line or the code */
	size_t nword;
};

/* Looks at the next bytes.  Returns 0, or -1 with ERR_DATA: nothing that has
 * come, and nothing that may come later, is to be parsed.  The last line may
 * be incomplete, and has not been judged then: a parser must wait for its
 * end, as libetpan does. */
int guard_feed(struct guard *g, const char *p, size_t len, struct err *err);

#endif
