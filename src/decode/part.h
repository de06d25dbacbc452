/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_PART_H
#define TLSTALLY_DECODE_PART_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "decode/mime.h"

/* A leaf of a mail, as far as it matters whether it may be a report. */
struct part {
	unsigned claim;	      /* enum claim flags of its type, name and bytes */
	const char *filename; /* "" without one */
	struct span bytes;
	uint64_t notes; /* an INTAKE_NOTE for each deviation */
};

/* Sees what a leaf says of itself; bytes are not yet set. */
void part_look(struct arena *a, const struct mime_entity *e, struct part *p);

/* Decodes the leaf's transfer encoding, or another one that it plainly has
 * instead.  The bytes stand in the message, or in out, which is emptied. */
void part_decode(const struct mime_entity *e, struct buf *out, struct part *p);

#endif
