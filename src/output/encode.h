/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_ENCODE_H
#define TLSTALLY_OUTPUT_ENCODE_H

#include <stddef.h>
#include <stdio.h>

/*
 * The encodings of mail: bytes become short lines of ASCII, which every mail
 * server passes on as they are.  Lines end in LF.
 */

/* The longest encoded line, without its LF (RFC 2045 6.7 and 6.8). */
#define ENCODE_LINE_MAX 76

/* The longest encoded word (RFC 2047 2). */
#define ENCODE_WORD_MAX 75

/* Base64 in lines (RFC 2045 6.8); the last one is ended, too. */
void encode_base64(FILE *out, const void *data, size_t len);

/* Base64 in one piece, without a line end. */
void encode_base64_plain(FILE *out, const void *data, size_t len);

/* Quoted-printable (RFC 2045 6.7) of a text with LF, or CR LF, at the ends of
 * its lines; a last line without one gets none.  "From " and
 * "." at the start of a line are encoded: some programs treat them as more
 * than text.  No line has "=_" in it. */
void encode_quoted_printable(FILE *out, const char *text, size_t len);

/* A header field (RFC 5322 2.2.3): the name, the text and a line end.  What is
 * not printable ASCII makes the whole text encoded words (RFC 2047), so no
 * text can end the field.  Other text is folded at its spaces. */
void encode_field(FILE *out, const char *name, const char *text);

#endif
