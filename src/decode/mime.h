/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_MIME_H
#define TLSTALLY_DECODE_MIME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/span.h"

/*
 * The MIME reader: one pass over a message, which it neither copies nor
 * changes, without recursion.  It gives an event for every message header
 * (the outermost and those within message/rfc822) and for every leaf part;
 * multiparts are entered in silence.  Lines may end in CRLF, LF or both in
 * turn.  A broken message is read as far as it goes: a missing boundary ends
 * with its parent or the message; a multipart without a boundary parameter,
 * or whose boundary never comes, is a leaf; a line that is no header field is
 * passed over.  A message in base64 or quoted-printable is a leaf too: decode
 * it, and read it by another reader with its depth + 1.
 */

/* The header fields that the decoder asks for, found in one pass. */
enum mime_field {
	MIME_CONTENT_TYPE, /* "ContentType" too, which one sender writes */
	MIME_CONTENT_TRANSFER_ENCODING,
	MIME_CONTENT_DISPOSITION,
	MIME_SUBJECT,
	MIME_DATE,
	MIME_RECEIVED,
	MIME_TLS_REPORT_DOMAIN,
	MIME_TLS_REPORT_SUBMITTER,
	MIME_DKIM_SIGNATURE,
	MIME_AUTHENTICATION_RESULTS,
	MIME_FIELD_COUNT
};

enum mime_event {
	MIME_END = 0,
	MIME_MESSAGE, /* a message starts: header and fields are set */
	MIME_PART     /* a leaf: fields and body are set */
};

struct mime_entity {
	/* The header block, without the empty line behind it; of a leaf that is
	 * a whole message's body, that message's. */
	struct span header;
	/* Raw values of the first field of each name; p is NULL if none.  To
	 * find a second one, go on by field_next from behind the first. */
	struct span fields[MIME_FIELD_COUNT];
	unsigned repeated; /* a bit for each enum mime_field that came again */
	struct span body;  /* of a leaf, still transfer-encoded, without the
			      line end that belongs to the boundary */
	size_t number;	   /* of a leaf: 1, 2, ... in the order of the mail */
	size_t depth;	   /* multiparts and messages around it, or around
			      what a message holds; the outermost message is
			      not counted */
	size_t message_depth; /* the depth of the message that it is in; of
				 the outermost message, its own */
	bool unclosed;	      /* of a leaf: it ended without the boundary of the
				 multipart around it, or is a multipart whose
				 own never came */
};

/* What is left to read; opaque but for its size. */
struct mime;

/* Returns a reader, for one message after the other; limits must live as
 * long. */
struct mime *mime_new(const struct limits *limits);
void mime_free(struct mime *m);

/* Starts to read a message, which must live until the last event was used.
 * base_depth counts what is already around it, for a message that came in an
 * encoded part. */
void mime_start(struct mime *m, struct span message, size_t base_depth);

/* Gives the next event.  Returns an enum mime_event, or -1 with ERR_BOUND
 * (mime_parts, mime_depth, header_bytes), after which there are no more.  A
 * header that is too long is still given as far as it keeps the bound. */
int mime_next(struct mime *m, struct mime_entity *e, struct err *err);

#endif
