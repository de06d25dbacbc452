/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_SOURCE_FROM_LINE_H
#define TLSTALLY_SOURCE_FROM_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/span.h"

/*
 * The line that begins a message in an mbox (RFC 4155):
 *
 *	From reports@example.com Sat Nov 21 06:00:12 2026
 */

/* True if the line (with or without its line end) begins with "From " and
 * has a date in it; *received is that date, in UTC unless it names a numeric
 * zone.  The address may be missing or hold spaces, and these dates are
 * known, each with or without the day of the week, seconds and zone:
 *
 *	Nov 21 06:00:12 2026		asctime(3)
 *	Nov 21 06:00:12 +0100 2026	Gmail; a zone by letters, too
 *	21 Nov 2026 06:00:12 +0100	as in a Date field
 */
bool from_line_parse(struct span line, int64_t *received);

#endif
