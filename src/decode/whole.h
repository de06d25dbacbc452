/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_WHOLE_H
#define TLSTALLY_DECODE_WHOLE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * libdeflate, for gzip.c alone: what is small enough to be done in one piece,
 * as nearly every report is, in half the time that zlib's streams take.
 */
struct whole;

struct whole *whole_new(void);
void whole_free(struct whole *w);

/* Inflates one gzip member off the front of *in, as gzip_inflate.  False, with
 * nothing taken and nothing changed but out's room, when it cannot be done
 * so: what is wrong, if anything is, zlib says. */
bool whole_inflate(struct whole *w, struct span *in, struct buf *out);

/* As gzip_deflate. */
void whole_deflate(struct whole *w, struct span in, struct buf *out);

/* The version of the library behind it. */
const char *whole_library_version(void);

#endif
