/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_TRANSFER_H
#define TLSTALLY_DECODE_TRANSFER_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"

/* Content transfer encodings (RFC 2045 6). */
enum transfer {
	TRANSFER_IDENTITY = 0, /* 7bit, 8bit, binary, none */
	TRANSFER_BASE64,
	TRANSFER_QUOTED_PRINTABLE,
	TRANSFER_UNKNOWN
};

/* The encoding that a Content-Transfer-Encoding value names; quotes,
 * comments and parameters do not matter. */
enum transfer transfer_parse(struct span value);

/* Decodes body behind what out holds; identity and unknown are copied.
 * *noise, which is never cleared, says that body had characters that do not
 * belong.  Base64: other than white space, data behind its padding, a last
 * group of one character; they are passed over.  Quoted-printable: an "=" that
 * starts no escape; it is kept, as RFC 2045 6.7 advises.  Returns 0, or -1
 * when out's cap is reached; out may then hold a part. */
int transfer_decode(
    enum transfer encoding, struct span body, struct buf *out, bool *noise);

#endif
