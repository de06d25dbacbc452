/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DOMAIN_TLSA_H
#define TLSTALLY_DOMAIN_TLSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sha256.h"
#include "base/span.h"

/*
 * TLSA records for SMTP (RFC 6698, 7671, 7672), matched against digests that
 * others have taken: no certificate is parsed here.
 */

#define TLSA_SHA512_LEN 64

struct tlsa {
	uint8_t usage;	  /* 2: DANE-TA, 3: DANE-EE; 0 and 1 do not count */
	uint8_t selector; /* 0: the certificate, 1: its public key */
	uint8_t matching; /* 0: as it is, 1: SHA-256, 2: SHA-512 */
	struct span data; /* within the record's data */
};

/* Reads TLSA data.  Returns 0, or -1 if they are too short to be one. */
int tlsa_parse(struct span rdata, struct tlsa *tlsa);

/* Why a record does not count for SMTP, or NULL if it does: usage 0 and 1
 * (7672 3.1.3), unknown numbers, a digest of the wrong length. */
const char *tlsa_fault(const struct tlsa *tlsa);

/* "3 1 1 0b9fa5a5...", as in a zone file. */
const char *tlsa_text(struct arena *arena, const struct tlsa *tlsa);

/* A certificate of the chain as the server sent it. */
struct tlsa_certificate {
	struct span der;
	struct span spki; /* DER of its public key */
	unsigned char der_sha256[SHA256_LEN];
	unsigned char spki_sha256[SHA256_LEN];
	unsigned char der_sha512[TLSA_SHA512_LEN];
	unsigned char spki_sha512[TLSA_SHA512_LEN];
};

struct tlsa_chain {
	const struct tlsa_certificate *certificates; /* the leaf first */
	size_t n;
	/* How many of them, from the leaf on, are each signed by the next and
	 * not expired; at least 1. */
	size_t linked;
	bool name_matches; /* the leaf is for the TLSA base domain or the MX */
};

enum tlsa_result {
	TLSA_NO_RECORD,
	TLSA_UNUSABLE, /* records, but none that counts */
	TLSA_MATCH_EE,
	TLSA_MATCH_TA,
	TLSA_MISMATCH,	  /* of DANE-TA records: with the CA that is sent */
	TLSA_TA_NOT_SENT, /* only DANE-TA records, and no CA is sent */
	TLSA_TA_NAME /* the TA is right, but the leaf is for another name */
};

/* Matches the chain with n records: usable ones only, and of those with the
 * same usage and selector only the strongest digest and matching type 0
 * (RFC 7671 9).  DANE-EE looks at the leaf's digest only: neither name nor
 * date count (7672 3.1.1). */
enum tlsa_result tlsa_match(
    const struct tlsa *records, size_t n, const struct tlsa_chain *chain);

#endif
