/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_ADDRESS_H
#define TLSTALLY_BASE_ADDRESS_H

#include <stdbool.h>

#include "base/span.h"

/*
 * Addresses that mail is sent to: plain ones, of which neither a header field
 * nor a command line of sendmail(8) can be made into anything else.
 */

/* True for "postmaster@example.com" and for a local name alone: ASCII without
 * spaces, quotes, brackets or separators, one "@" at most, no "-" or "|" at
 * its start, 254 bytes at most (RFC 5321 4.5.3.1.3 without its brackets). */
bool address_is_plain(struct span s);

/* Takes the next address of a list with commas, white space around it left
 * out; where two commas meet, or one ends the list, it is empty.  False when
 * the last has been taken. */
bool address_next(struct span *list, struct span *address);

#endif
