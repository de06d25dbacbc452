/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_DECODE_H
#define TLSTALLY_DECODE_DECODE_H

#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "report/decoded.h"

/*
 * The decoder's front: the bytes of one message in, reports and faults out.
 * The bytes are a mail (RFC 5322), bare JSON, gzip or a zip archive; which,
 * is judged by the bytes.  Nothing here opens a file, knows a database or
 * follows a URI, and no input makes it recurse.
 */

/* What is known of a message besides its bytes. */
struct decode_input {
	const char *bytes;
	size_t len;
	const char *name; /* the file's name for bare JSON, gzip or zip, as
			     attribution may need it; "" if it has none */
	int64_t received; /* what counts when the mail does not tell */
	const char *authserv_id; /* whose Authentication-Results count; "" */
	/* KEYED_HASH_KEY_LEN bytes, under which a report's sum is made; NULL
	 * for all zeros. */
	const unsigned char *key;
	/* NULL, or the stored report whose JSON the bytes are.  What stood
	 * around it is taken from there; what only the mail could tell
	 * (authenticity, deviations of the carriage) is not. */
	const struct report *stored;
};

/* Keeps buffers and the inflate state from one message to the next. */
struct decoder;

/* Returns a decoder that holds limits, which is copied. */
struct decoder *decoder_new(const struct limits *limits);
void decoder_free(struct decoder *d);

/* Decodes one message into arena.  Never fails: what cannot be used becomes
 * a fault in out, what claims nothing leaves it empty.  out->arena is set to
 * arena; in->bytes may go away afterwards. */
void decode_message(struct decoder *d, const struct decode_input *in,
    struct arena *arena, struct decoded *out);

#endif
