/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_KEYED_HASH_H
#define TLSTALLY_BASE_KEYED_HASH_H

#include <stddef.h>

/*
 * A hash under a secret key: UMAC-128 (RFC 4418), by nettle; the only file
 * that knows it.  It takes a tenth of the time of SHA-256 where the processor
 * does not help, and gives the same on every machine.
 *
 * It tells texts apart, and is nothing else.  UMAC as a message authentication
 * code wants another nonce for every text, for it hides a universal hash
 * (UHASH, RFC 4418 5) behind a pad that the nonce chooses: two tags under one
 * nonce would show an onlooker how their hashes differ.  Here no tag is shown
 * to anybody, and equal texts must have equal ones: so the nonce is fixed, and
 * the pad is a constant that changes nothing.  What is left is UHASH, by which
 * two different texts, chosen by somebody who knows neither key nor tags, are
 * equal with a probability of at most 2^-120 (RFC 4418 6.2).  Whoever has the
 * key can make equal ones without effort: it stays as secret as what is
 * hashed.
 */
struct keyed_hash;

#define KEYED_HASH_KEY_LEN 16
#define KEYED_HASH_LEN	   16

/* Returns a hash whose key is all zeros. */
struct keyed_hash *keyed_hash_new(void);

/* Forgets the key, and frees h. */
void keyed_hash_free(struct keyed_hash *h);

/* Sets the key; NULL stands for all zeros.  It costs as much as hashing some
 * KiB, but nothing when that key is set already. */
void keyed_hash_set_key(struct keyed_hash *h, const unsigned char *key);

/* Puts the hash of len bytes into out. */
void keyed_hash_sum(struct keyed_hash *h, const void *data, size_t len,
    unsigned char out[KEYED_HASH_LEN]);

#endif
