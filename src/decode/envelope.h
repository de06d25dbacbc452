/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_ENVELOPE_H
#define TLSTALLY_DECODE_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "decode/mime.h"
#include "decode/tlsrpt.h"

/* What the header of a message says of the parts in it. */
struct envelope {
	struct tlsrpt_context context; /* but for the file name */
	size_t depth;
	bool is_message;   /* false for what is around the outermost */
	bool is_tlsrpt;	   /* a multipart/report of tlsrpt, or within one */
	bool is_returned;  /* about a mail that was returned, or within one */
	const char *claim; /* what in it claims a report; NULL if nothing */
	uint64_t notes;	   /* an INTAKE_NOTE for each deviation */
};

/* What is around a message that is in none. */
extern const struct envelope envelope_none;

/* Reads the header of the message e, which lies in another one or in none:
 * it starts as what is around it, so that a forwarded report is attributed
 * by its own header first. */
void envelope_read(struct arena *a, const struct mime_entity *e,
    const struct envelope *around, struct envelope *v);

/* Returns the time in the header: of the last hop, which is our server, or
 * of the writing; otherwise if there is none. */
int64_t envelope_time(const struct mime_entity *e, int64_t otherwise);

#endif
