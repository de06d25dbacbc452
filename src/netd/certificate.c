/* SPDX-License-Identifier: ISC */

/*
 * What OpenSSL found of a certificate, and what came of https, in the words of
 * the judge, who looks at dates and names by himself.
 */

#include "config.h"

#include <string.h>

#include "netd/inquiry.h"

/* Faults of the chain, the most telling first. */
static const struct {
	unsigned fault;
	enum cert_trust trust;
	const char *why;
} faults[] = {
    {CERT_SELF_SIGNED, TRUST_SELF_SIGNED, NULL},
    {CERT_INCOMPLETE, TRUST_INCOMPLETE, NULL},
    {CERT_UNTRUSTED, TRUST_UNKNOWN_CA, NULL},
    {CERT_NOT_SERVER, TRUST_BAD, "it is not for servers"},
    {CERT_WEAK, TRUST_BAD, "its key or its hash is too weak"},
    {CERT_OTHER, TRUST_BAD, "not trusted"},
};

static void
read_faults(
    struct arena *arena, const struct cert_facts *from, struct cert_fact *to)
{
	size_t i;

	to->trust = TRUST_GOOD;
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if ((from->faults & faults[i].fault) == 0)
			continue;
		to->trust = faults[i].trust;
		to->why = faults[i].why;
		if (faults[i].fault == CERT_OTHER && from->why[0] != '\0')
			to->why = printable(arena, span_of(from->why));
		return;
	}
	/* The dates of the server's own are judged apart. */
	if ((from->faults & CERT_EXPIRED) != 0 && from->depth > 0) {
		to->trust = TRUST_BAD;
		to->why = "a certificate that it hangs on has expired";
	}
}

void
certificate_read(
    struct arena *arena, const struct cert_facts *from, struct cert_fact *to)
{
	const char **names;
	size_t i;

	if (from->chain_n == 0 || (from->faults & CERT_NONE) != 0)
		return;
	read_faults(arena, from, to);
	to->not_before = from->not_before;
	to->not_after = from->not_after;
	names = arena_calloc(arena, from->names_n + 1, sizeof(*names));
	for (i = 0; i < from->names_n; i++)
		names[i] = printable(arena, span_of(from->names[i]));
	to->names = names;
	to->nnames = from->names_n;
	to->common_name = printable(arena, span_of(from->common_name));
}

static enum reach
reach_of(const struct https_result *r)
{
	switch (r->outcome) {
	case HTTPS_DONE:
	case HTTPS_STATUS:
	case HTTPS_REDIRECT:
		return REACH_DONE;
	case HTTPS_CERTIFICATE:
		return r->cert.chain_n > 0 ? REACH_DONE : REACH_FAILED;
	case HTTPS_ADDRESS:
		return REACH_REFUSED_HERE;
	case HTTPS_TIMEOUT:
		/* Perhaps it is us who cannot get there. */
		return REACH_BLOCKED;
	default:
		return REACH_FAILED;
	}
}

enum reach
https_read(struct arena *arena, const struct https_result *r, const char **why,
    struct cert_fact *cert)
{
	*why = arena_strdup(
	    arena, r->why[0] != '\0' ? r->why : https_outcome_name(r->outcome));
	certificate_read(arena, &r->cert, cert);
	return reach_of(r);
}
