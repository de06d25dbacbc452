/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_GZIP_H
#define TLSTALLY_DECODE_GZIP_H

#include "base/buf.h"
#include "base/span.h"
#include "report/report.h"

/*
 * gzip and deflate, for unpack.c alone: zlib, and what is faster where it
 * will do (whole.h).  States are made at first use and kept.
 */
struct gzip;

enum gzip_result {
	GZIP_OK = 0,
	GZIP_FULL,	/* the output's cap is reached */
	GZIP_DAMAGED,	/* gzip_problem says what is wrong */
	GZIP_TRUNCATED, /* the input ends within the member */
	GZIP_RESULT_COUNT
};

struct gzip *gzip_new(void);
void gzip_free(struct gzip *g);

/* Inflates one gzip member, or one zlib stream, off the front of *in,
 * behind what out holds and up to its cap.  Checks its checksum, and of gzip
 * its length too. */
enum gzip_result gzip_inflate(
    struct gzip *g, enum encoding encoding, struct span *in, struct buf *out);

/* What was wrong with the last damaged input, in zlib's words. */
const char *gzip_problem(const struct gzip *g);

/* Makes one zlib stream of in, at level 1 or, of what is short, stored, behind
 * what out holds, and sets out->cap as needed. */
void gzip_deflate(struct gzip *g, struct span in, struct buf *out);

/* The version of zlib. */
const char *gzip_library_version(void);

#endif
