/* SPDX-License-Identifier: ISC */

/*
 * TLSA records against the digests of a chain (RFC 6698 2, 7671, 7672 3.1).
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "domain/tlsa.h"

enum { USAGE_TA = 2, USAGE_EE = 3 };
enum { SELECTOR_CERT = 0, SELECTOR_SPKI = 1 };
enum { MATCHING_FULL = 0, MATCHING_SHA256 = 1, MATCHING_SHA512 = 2 };

int
tlsa_parse(struct span rdata, struct tlsa *tlsa)
{
	*tlsa = (struct tlsa){0};
	if (rdata.len < 4)
		return -1;
	tlsa->usage = (uint8_t)rdata.p[0];
	tlsa->selector = (uint8_t)rdata.p[1];
	tlsa->matching = (uint8_t)rdata.p[2];
	tlsa->data = (struct span){rdata.p + 3, rdata.len - 3};
	return 0;
}

const char *
tlsa_fault(const struct tlsa *t)
{
	if (t->usage < USAGE_TA)
		return "usages 0 and 1 do not count for SMTP";
	if (t->usage > USAGE_EE)
		return "unknown usage";
	if (t->selector > SELECTOR_SPKI)
		return "unknown selector";
	if (t->matching > MATCHING_SHA512)
		return "unknown matching type";
	if (t->matching == MATCHING_SHA256 && t->data.len != SHA256_LEN)
		return "a SHA-256 digest has 32 octets";
	if (t->matching == MATCHING_SHA512 && t->data.len != TLSA_SHA512_LEN)
		return "a SHA-512 digest has 64 octets";
	return t->data.len == 0 ? "no data" : NULL;
}

const char *
tlsa_text(struct arena *arena, const struct tlsa *t)
{
	static const char digits[] = "0123456789abcdef";
	char *hex = arena_alloc(arena, t->data.len * 2 + 1);
	size_t i;

	for (i = 0; i < t->data.len; i++) {
		hex[2 * i] = digits[(unsigned char)t->data.p[i] >> 4];
		hex[2 * i + 1] = digits[t->data.p[i] & 15];
	}
	hex[2 * i] = '\0';
	return arena_printf(
	    arena, "%u %u %u %s", t->usage, t->selector, t->matching, hex);
}

/* What of a certificate a record is compared with. */
static struct span
wanted_data(const struct tlsa *t, const struct tlsa_certificate *c)
{
	bool whole = t->selector == SELECTOR_CERT;

	switch (t->matching) {
	case MATCHING_SHA256:
		return (struct span){
		    (const char *)(whole ? c->der_sha256 : c->spki_sha256),
		    SHA256_LEN};
	case MATCHING_SHA512:
		return (struct span){
		    (const char *)(whole ? c->der_sha512 : c->spki_sha512),
		    TLSA_SHA512_LEN};
	default:
		return whole ? c->der : c->spki;
	}
}

static bool
is_match(const struct tlsa *t, const struct tlsa_certificate *c)
{
	return span_equal(t->data, wanted_data(t, c));
}

/* RFC 7671 9: where a stronger digest of the same usage and selector is
 * published, the weaker does not count. */
static bool
is_outdone(const struct tlsa *records, size_t n, const struct tlsa *t)
{
	size_t i;

	if (t->matching != MATCHING_SHA256)
		return false;
	for (i = 0; i < n; i++)
		if (records[i].usage == t->usage &&
		    records[i].selector == t->selector &&
		    records[i].matching == MATCHING_SHA512 &&
		    tlsa_fault(&records[i]) == NULL)
			return true;
	return false;
}

/* Whether a trust anchor is in the chain: not the leaf itself, and bound to
 * it by signatures. */
static bool
is_anchor(const struct tlsa *t, const struct tlsa_chain *chain)
{
	size_t i;

	for (i = 1; i < chain->n && i < chain->linked; i++)
		if (is_match(t, &chain->certificates[i]))
			return true;
	return false;
}

struct tally {
	size_t usable;
	size_t ends;	/* usage 3 */
	bool name_only; /* an anchor was right, but not the name */
};

/* True if t lets the chain pass; counts what it is. */
static bool
passes(
    const struct tlsa *t, const struct tlsa_chain *chain, struct tally *tally)
{
	tally->usable++;
	if (t->usage == USAGE_EE) {
		tally->ends++;
		return chain->n > 0 && is_match(t, &chain->certificates[0]);
	}
	if (!is_anchor(t, chain))
		return false;
	tally->name_only = tally->name_only || !chain->name_matches;
	return chain->name_matches;
}

enum tlsa_result
tlsa_match(const struct tlsa *records, size_t n, const struct tlsa_chain *chain)
{
	struct tally tally = {0};
	size_t i;

	for (i = 0; i < n; i++) {
		if (tlsa_fault(&records[i]) != NULL)
			continue;
		/* It is usable, but not asked. */
		if (is_outdone(records, n, &records[i]))
			continue;
		if (passes(&records[i], chain, &tally))
			return records[i].usage == USAGE_EE ? TLSA_MATCH_EE
							    : TLSA_MATCH_TA;
	}
	if (n == 0)
		return TLSA_NO_RECORD;
	if (tally.usable == 0)
		return TLSA_UNUSABLE;
	if (tally.name_only)
		return TLSA_TA_NAME;
	return tally.ends == 0 && (chain->n <= 1 || chain->linked <= 1)
	    ? TLSA_TA_NOT_SENT
	    : TLSA_MISMATCH;
}
