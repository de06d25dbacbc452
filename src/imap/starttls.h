/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_IMAP_STARTTLS_H
#define TLSTALLY_IMAP_STARTTLS_H

#include "base/err.h"
#include "net/link.h"

/*
 * The way from clear text to TLS (RFC 3501 6.2.1, RFC 8314 5.3): the greeting,
 * CAPABILITY and STARTTLS, line by line and without libetpan.  Refused are a
 * server that greets with PREAUTH or BYE, does not offer STARTTLS or does not
 * agree to it, and bytes that wait in clear text behind its agreement: each
 * is what somebody in the middle would do.
 *
 * Returns 0 with the link under TLS; or -1: ERR_REFUSED, ERR_UNAVAILABLE for
 * what is no IMAP, or what the link says.
 */
int starttls(struct link *l, const struct tls_trust *trust, struct err *err);

#endif
