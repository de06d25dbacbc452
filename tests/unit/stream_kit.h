/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TESTS_STREAM_KIT_H
#define TLSTALLY_TESTS_STREAM_KIT_H

#include "report/rows.h"

/* Returns the text as a store gives it, one address for each: the digest
 * compares those. */
const char *stream_kit_text(const char *text);

/* Returns the stream as a store gives it, one address and number for each;
 * its texts must be interned, and live on. */
const struct stream *stream_kit_intern(const struct stream *s);

/* Forgets all of them; no digest may be left that has one. */
void stream_kit_clear(void);

#endif
