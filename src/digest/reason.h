/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DIGEST_REASON_H
#define TLSTALLY_DIGEST_REASON_H

#include <stdbool.h>
#include <stddef.h>

#include "report/vocabulary.h"

/*
 * What stands in the failure-reason-code of a report (RFC 8460 4.4): the RFC
 * leaves it to the reporter, so it is a code, a number or an error message of
 * whatever software the reporter runs.  Here those that are known are mapped
 * to what they mean.  Plain English, no markup; lines are broken by whoever
 * prints them.  The same certificate error is reported of an MX and of the
 * policy host, so the texts leave open which host it was where the code does:
 * the result type beside it says so.
 */

/* How much of a reason code is looked at; the rest is left alone. */
#define REASON_TEXT_MAX 512

/* The columns that a cause takes at most. */
#define REASON_CAUSE_MAX 70

struct reason {
	const char *key;   /* our own name for it, a word with hyphens; it is
			      found by reason_find too */
	const char *cause; /* for a line of a digest: no capital, no full stop,
			      at most REASON_CAUSE_MAX columns */
	const char *where; /* "MX host", "policy host", "certificate" ... */
	const char *meaning;	  /* one to three sentences */
	const char *remedy;	  /* the short form: what to do; ends in a full
				     stop */
	const char *const *steps; /* NULL-terminated: how to mend it */
	const char *command;	  /* looks into it; {mx} and {domain} stand for
				     names that the caller puts in */
	const enum result_type *types; /* it comes with these, the most usual
					  first; ends with RESULT_OTHER */
	const char *example;	       /* as a report has it */
	const char *said_by; /* whose software says so: "OpenSSL, GnuTLS" */
	bool vague;	     /* it names no cause, and any other reason in the
				same text goes before it */
};

/* Returns what a reason code or free text means, or NULL if it is not known
 * (and for NULL or "").  Looks for known words and codes anywhere in the text,
 * without regard to case and punctuation; of several the exact one goes
 * before the vague, the longer before the shorter, the first before the
 * second.  Never fails, allocates nothing, and takes time linear in the first
 * REASON_TEXT_MAX bytes: one to five microseconds for what senders write, a
 * tenth of a millisecond for the worst; so it may be called for every line. */
const struct reason *reason_find(const char *text);

/* The command that looks into a reason that came with a result type: where
 * the type is about the policy host it is that of explain(type), because the
 * same certificate error has to be sought elsewhere then.  Never NULL. */
const char *reason_command(const struct reason *r, enum result_type type);

/* True if the reason comes with the result type. */
bool reason_goes_with(const struct reason *r, enum result_type type);

/* The reasons by number from 0, in a fixed order that keeps related ones
 * together; NULL behind the last. */
const struct reason *reason_at(size_t i);

/* For a text that reason_find does not know: puts those reasons into near
 * that share words with it, the nearest first, at most max.  Returns how
 * many. */
size_t reason_near(const char *text, const struct reason **near, size_t max);

#endif
