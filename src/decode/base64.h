/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_BASE64_H
#define TLSTALLY_DECODE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/* Base64 (RFC 2045 6.8), leniently. */

/* How many bytes in decodes to, at most; costs no look at it. */
size_t base64_bound(struct span in);

/* How many bytes in decodes to. */
size_t base64_size(struct span in);

/* Writes the base64_size(in) decoded bytes to out and returns their number.
 * The first padding ends the data.  What does not belong is passed over and
 * sets *noise, which is never cleared: characters of no meaning, anything
 * but white space behind the padding, a last group of one character. */
size_t base64_decode(struct span in, char *out, bool *noise);

#endif
