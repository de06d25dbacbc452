/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BENCH_GENPACK_H
#define TLSTALLY_BENCH_GENPACK_H

#include "gentext.h"

/*
 * The ways in which a report travels: packed, then encoded for mail.
 */

enum carriage {
	CARRY_GZIP = 0, /* gzip in base64: what nearly all do */
	CARRY_ZIP,	/* a zip of one member in base64 */
	CARRY_BASE64,	/* plain JSON in base64 */
	CARRY_QP,	/* plain JSON in quoted-printable */
	CARRY_8BIT,	/* plain JSON as it is */
	CARRY_COUNT
};

/* Keeps the deflate states, which cost more to make than a mail does. */
struct packer;

struct packer *packer_new(void);
void packer_free(struct packer *p);

/* Appends the JSON to out as the body of a MIME part.  A zip's member gets
 * the name with .json behind it. */
void packer_put(struct packer *p, struct buf *out, enum carriage how,
    const struct buf *json, const char *name);

/* The part's media type, its transfer encoding and the end of its file name
 * (".json.gz"). */
const char *carriage_media_type(enum carriage how);
const char *carriage_encoding(enum carriage how);
const char *carriage_suffix(enum carriage how);

#endif
