/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BENCH_GENTEXT_H
#define TLSTALLY_BENCH_GENTEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Text and chance for the generator: the same seed gives the same bytes on
 * every machine.
 */

struct rng {
	uint64_t state; /* any value is a good seed */
};

#define ALPHABET_BASE64 \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
#define ALPHABET_ALNUM \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define ALPHABET_HEX   "0123456789abcdef"
#define ALPHABET_DIGIT "0123456789"

uint64_t rng_next(struct rng *r);

/* A number from 0 to n - 1. */
unsigned rng_below(struct rng *r, unsigned n);

/* Appends formatted text.  There is no cap that it could meet. */
void put(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends n characters drawn from alphabet. */
void put_random(struct buf *b, struct rng *r, size_t n, const char *alphabet);

/* Appends n random base64 characters in lines of at most 64, each but the
 * first after a newline and indent: a made-up signature. */
void put_signature(struct buf *b, struct rng *r, size_t n, const char *indent);

/* Appends a time in the manner of RFC 5322 ("Tue, 10 Nov 2026 00:30:00
 * +0000") or of a "From " line ("Tue Nov 10 00:30:00 2026"). */
void put_date(struct buf *b, int64_t t);
void put_ctime(struct buf *b, int64_t t);

/* Appends "2026-11-10T00:00:00Z". */
void put_rfc3339(struct buf *b, int64_t t);

#endif
