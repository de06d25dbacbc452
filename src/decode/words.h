/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_WORDS_H
#define TLSTALLY_DECODE_WORDS_H

#include "base/arena.h"
#include "base/span.h"

/* Encoded words (RFC 2047): "=?utf-8?Q?J=C3=B6rg?=". */

/* Returns text as UTF-8 with its encoded words decoded, wherever they stand.
 * White space between two words goes away, and a character that was cut
 * between them is made whole; other white space stays.  A broken word stays
 * as it is. */
char *words_decode(struct arena *a, struct span text);

#endif
