/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_ATTRIBUTE_H
#define TLSTALLY_DECODE_ATTRIBUTE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/span.h"
#include "decode/tlsrpt.h"
#include "report/deviation.h"

/*
 * Whose a report is, and whom it is about, where its body does not say: the
 * headers, the file name and the Subject around it (RFC 8460 5.1, 5.3).
 * Nothing is taken from them but what looks like a host name.
 */

/* The policy domain of policies that name none. */
struct attribution {
	bool is_known; /* the rest is set */
	const char *domain;
	enum deviation_code how; /* one of DEVIATION_DOMAIN_... */
};

/* Fills in *a, from TLS-Report-Domain, else the file name, else the Subject,
 * else "" and DEVIATION_DOMAIN_UNKNOWN. */
void attribute_domain(struct attribution *a,
    const struct tlsrpt_context *context, struct arena *arena);

/* Returns the domain of a contact's mail address, or an empty span. */
struct span attribute_contact_domain(const char *contact);

/* Returns who sent the report, in lower case: the submitter, else the
 * contact's domain, else the organization, else "(unknown)". */
const char *attribute_reporter(struct arena *arena, const char *submitter,
    const char *contact, const char *organization);

/* True if two normal host names are the same, or one lies below the other. */
bool attribute_is_related(const char *a, const char *b);

/* Returns a host name in its normal form: no white space around it, lower
 * case, no final dot.  That is name itself where it needs no change. */
const char *attribute_host(struct arena *arena, const char *name);

#endif
