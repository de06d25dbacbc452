/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TESTS_PACK_H
#define TLSTALLY_TESTS_PACK_H

#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"

/* What tests of the decoder wrap reports in.  The caller frees every result
 * with buf_free. */

/* One gzip member, at level 9. */
struct buf pack_gzip(struct span data);

/* Base64 in lines of 76 characters. */
struct buf pack_base64(struct span data);

/* A zip archive, its entries stored as they are. */
struct pack_entry {
	const char *name;
	struct span data;
	unsigned flags;	 /* the general purpose bits: 1 says encrypted */
	unsigned method; /* 0 is stored; others are only said, not done */
};
struct buf pack_zip(const struct pack_entry *entries, size_t n);

/* Appends text made by a printf format. */
void pack_text(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
