/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DIGEST_EXPLAIN_H
#define TLSTALLY_DIGEST_EXPLAIN_H

#include <stdbool.h>

#include "report/vocabulary.h"

/*
 * What a result type means, what usually causes it, and how to mend it: in
 * the MX, in the DNS or on the policy host.  Plain English, no markup; lines
 * are broken by whoever prints them.
 */
struct explanation {
	enum result_type type;
	const char *where;	   /* "MX host", "DNS", "policy host" ... */
	const char *meaning;	   /* one or two sentences */
	const char *remedy;	   /* the short form for a digest: what to do;
				      ends in a full stop */
	const char *const *causes; /* NULL-terminated, most usual first */
	const char *const *steps;  /* NULL-terminated: how to mend it */
	const char *command;	   /* looks into it, in one line; {mx} and
				      {domain} stand for names that the caller
				      puts in */
	const char *law;	   /* "RFC 8460 4.3.1" */
};

/* The explanation of a type; for RESULT_OTHER, RESULT_UNSPECIFIED and
 * RESULT_OVERLAP a general one.  Never NULL. */
const struct explanation *explain(enum result_type type);

/* What such a failure meant for the mail itself under a policy of this type
 * and mode: "this mail waited or bounced", say.  A policy that could not be
 * had holds no mail back, whatever its mode: so the result counts too.
 * Never NULL. */
const char *explain_effect(
    enum result_type result, enum policy_type type, enum policy_mode mode);

/* True if such a failure held mail back: it waited or bounced, or would have
 * if the policy, whose mode is not known, says enforce. */
bool explain_holds_mail(
    enum result_type result, enum policy_type type, enum policy_mode mode);

#endif
