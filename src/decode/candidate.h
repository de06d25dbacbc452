/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_CANDIDATE_H
#define TLSTALLY_DECODE_CANDIDATE_H

#include <stdbool.h>

#include "base/span.h"

/* True if a message may hold a TLS report, as far as some fields of its
 * header tell: Subject, From, Content-Type, Content-Disposition and the
 * TLS-Report fields, in any order; others are passed over.  In doubt it is
 * true: a message fetched in vain costs little, a report that is passed over
 * is missing in every digest. */
bool candidate_is_likely(struct span head);

#endif
