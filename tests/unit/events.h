/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TESTS_EVENTS_H
#define TLSTALLY_TESTS_EVENTS_H

#include "base/buf.h"
#include "base/limits.h"
#include "base/span.h"

/*
 * What the MIME reader says of a message, as text: M<depth> for a message,
 * P<number>@<depth>{body} for a part, with a "!" if it is unclosed, and
 * E(name) for a bound that was exceeded.
 */

#define EVENTS_CAP ((size_t)1 << 20)

/* The header of a message with parts. */
#define MIXED(boundary) \
	"Subject: x\nContent-Type: multipart/mixed; boundary=" boundary "\n\n"

/* Reads a message, depth levels down, and appends its events to b. */
void events_write(
    struct buf *b, const struct limits *limits, struct span s, size_t depth);

/* As events_write; fails the test if the events are not as wanted. */
void events_expect(
    const struct limits *limits, size_t depth, struct span s, const char *want);

#endif
