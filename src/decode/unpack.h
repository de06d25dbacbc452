/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_UNPACK_H
#define TLSTALLY_DECODE_UNPACK_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/span.h"
#include "report/report.h"

/*
 * Decompression: gzip (RFC 1952) by zlib, which checks CRC and length, and
 * zip by libarchive.  An output is bound by inflate_ratio times its input
 * once it is over inflate_free_bytes; all outputs of one message together
 * are bound by json_bytes, so that many small bombs are no better than one.
 */

/* What bytes are, by their first ones; white space and a BOM may precede
 * JSON's "{". */
enum magic { MAGIC_OTHER = 0, MAGIC_JSON, MAGIC_GZIP, MAGIC_ZIP };
enum magic unpack_magic(struct span bytes);

/* Keeps zlib's states, so that one message after the other costs no set-up.
 */
struct unpacker;

struct unpacker *unpacker_new(const struct limits *limits);
void unpacker_free(struct unpacker *u);

/* Begins a message: json_bytes may be used up anew. */
void unpacker_start(struct unpacker *u);

/* Decompresses all members of in behind what out holds; out->cap is set
 * here.  *trailing says that other bytes than zeros stand behind the last.
 * Returns 0, or -1 with ERR_DATA (truncated, CRC, length, not deflate) or
 * ERR_BOUND. */
int unpack_gzip(struct unpacker *u, struct span in, struct buf *out,
    bool *trailing, struct err *err);

/* Gives every regular file of a zip archive to fn, in order; fn returns 0,
 * or anything else to stop.  name is UTF-8 and never a path to follow; "" if
 * libarchive cannot convert it in this locale.  data lives until fn returns,
 * and fn may use unpack_gzip.  The sum of all is bound as one output is.
 * Returns 0, or -1 with ERR_DATA (damaged, encrypted, truncated) or
 * ERR_BOUND (archive_entries, json_bytes, inflate_ratio); entries before the
 * fault have been given. */
int unpack_zip(struct unpacker *u, struct span in,
    int (*fn)(void *arg, const char *name, struct span data), void *arg,
    struct err *err);

/* Puts JSON in zlib format behind what out holds, to be kept as an original:
 * deflated at level 1, or stored if it is short; out->cap is set here.  Cannot
 * fail. */
void unpack_deflate(struct unpacker *u, struct span json, struct buf *out);

/* Decompresses an original behind what out holds; out->cap is set here.  Its
 * ratio has been judged when it came; json_bytes still bounds it.  Returns
 * 0, or -1 with ERR_DATA (also when it is not json_len long) or ERR_BOUND. */
int unpack_original(struct unpacker *u, const struct original *original,
    struct buf *out, struct err *err);

#endif
