/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_FIELD_H
#define TLSTALLY_DECODE_FIELD_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/span.h"

/*
 * Header fields (RFC 5322 2.2) and what may stand in their values:
 * parameters (RFC 2045 5.1, RFC 2231) and encoded words (RFC 2047).  All in
 * linear time over untrusted bytes; a line that is no field is passed over.
 */
struct field {
	struct span name;
	struct span value; /* raw: still folded, without the final line end */
};

/* Takes the next field off the front of *rest, a header block whose lines
 * end in CRLF or LF.  Returns false at the end. */
bool field_next(struct span *rest, struct field *f);

/* Takes one line, with those folded onto it, off the front of *rest, which is
 * not empty.  Returns it without the line end, be it a field or not. */
struct span field_lines(struct span *rest);

/* Reads what field_lines gave.  Returns false if it is no field. */
bool field_parse(struct span lines, struct field *f);

/* True if lines, as field_lines gave it, is a field of this name, the span of
 * a string literal; sets *value then.  Costs little if it is not. */
bool field_is(struct span lines, struct span name, struct span *value);

/* Returns the value unfolded and trimmed, runs of white space made one SP,
 * encoded words decoded, as UTF-8: what cannot be decoded is U+FFFD. */
char *field_text(struct arena *a, struct span value);

/* Returns the value up to the first ";", or a parameter that comes without
 * one, trimmed, without comments: the media type of a Content-Type, say.  It
 * points into value. */
struct span field_main(struct span value);

/* Returns a parameter of the value as UTF-8, or NULL if there is none: a
 * token, a quoted string, RFC 2231 continuations and charsets, and encoded
 * words within either, which RFC 2047 forbids and senders use. */
char *field_parameter(struct arena *a, struct span value, const char *name);

#endif
