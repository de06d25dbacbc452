/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TESTS_STREAM_KIT_H
#define TLSTALLY_TESTS_STREAM_KIT_H

#include "report/rows.h"

/* Returns the stream as a store gives it, one address and number for each;
 * its texts must be interned, and live on. */
const struct stream *stream_kit_intern(const struct stream *s);

#endif
