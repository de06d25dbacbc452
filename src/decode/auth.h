/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_AUTH_H
#define TLSTALLY_DECODE_AUTH_H

#include <stdbool.h>

#include "base/limits.h"
#include "base/span.h"
#include "report/vocabulary.h"

/*
 * What the receiving mail server found out about DKIM (RFC 8601), and what a
 * DKIM signature says of itself (RFC 6376).
 *
 * Only the server's own word counts.  A stranger can write an
 * Authentication-Results field with any authserv-id into a mail, but not
 * above the fields that the server puts on top of it.  A server that checks
 * in several steps writes several fields, one on the other.  So the topmost
 * field of the authserv-id counts, and with it those of the same id directly
 * below: as far as no Received field (that is where the mail came in) and no
 * Authentication-Results field of another id stands between.  Whatever is
 * lower could be forged and is not looked at.  The server must remove forged
 * fields of its own id from what comes in (RFC 8601 5) if it adds none.
 */

/* Whom DKIM passed for, in the eyes of that server. */
struct auth {
	bool is_checked;
	size_t nsigners;
	struct span signers[SIGNERS_MAX]; /* they point into the header */
};

/* Reads the header block of a message, once for all reports in it: the
 * header.d of every dkim=pass, or, where there is none, the domain of
 * header.i; the first SIGNERS_MAX of them. */
void auth_read(struct auth *a, struct span header, const char *authserv_id);

/* Returns AUTH_VERIFIED if a signer is aligned with the reporter: the same
 * domain, or above or below it, with at least two labels in the shorter one.
 * Else AUTH_FAILED, also when there was no such field; AUTH_UNCHECKED if the
 * authserv_id was empty. */
enum authenticity auth_judge(const struct auth *a, const char *reporter);

/* True if a DKIM-Signature has a tag l=.  signature is the value of the first
 * one; the rest of the header block is only looked through when there are
 * more. */
bool auth_has_length_tag(
    struct span header, struct span signature, bool has_more);

#endif
