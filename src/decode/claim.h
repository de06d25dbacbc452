/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_CLAIM_H
#define TLSTALLY_DECODE_CLAIM_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/span.h"

/*
 * What a part of a mail says of itself, by its media type and file name:
 * whether it claims to be a TLS report, may be one without saying so, or
 * cannot be one.
 */
enum claim {
	CLAIM_REPORT = 1,    /* it says that it is a report */
	CLAIM_CANDIDATE = 2, /* it may be one; its bytes will tell */
	CLAIM_STANDARD = 4,  /* it is of a type that RFC 8460 names */
	CLAIM_GZIP = 8,	     /* it says that it is gzip */
	CLAIM_JSON = 16,     /* it says that it is JSON */
	CLAIM_MESSAGE = 32,  /* it is a message (RFC 5322) */
	CLAIM_RETURNED = 64  /* it is about another mail that came or did not
				come back: a bounce, a receipt, a complaint */
};

/* Returns the enum claim flags of a media type ("text/plain"), which may be
 * empty. */
unsigned claim_of_type(struct span type);

/* Returns the enum claim flags of a file name.  The form that RFC 8460 5.1
 * gives, "sender!domain!begin!end[!id].json[.gz]", is a claim; the same with
 * another ending is not, as DMARC has it too. */
unsigned claim_of_name(const char *name);

/* What a message's Content-Type says: CLAIM_REPORT for a report-type of
 * tlsrpt, with CLAIM_STANDARD if it is a multipart/report; CLAIM_RETURNED
 * for another multipart/report; else 0. */
unsigned claim_of_report_type(struct arena *a, struct span content_type);

/* Returns what stands behind the last "/" or "\" of a file name: it is never
 * a path for us. */
const char *claim_base_name(const char *name);

#endif
