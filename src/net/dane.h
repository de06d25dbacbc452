/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_DANE_H
#define TLSTALLY_NET_DANE_H

#include <stddef.h>

#include "net/tls.h"

/*
 * DANE for SMTP (RFC 7672): TLSA records against the certificates that a
 * server sent, by OpenSSL.  Whether the records came by DNSSEC is for the
 * caller to have seen; insecure ones must not get here.
 */

/* The rdata of a record (RFC 6698 2.1): usage, selector, matching type, data.
 */
struct dane_tlsa {
	const unsigned char *rdata;
	size_t len;
};

enum dane_match {
	DANE_UNUSABLE, /* malformed; or of usage 0 or 1 (RFC 7672 3.1.3); or of
			  an unknown selector or matching type */
	DANE_MISMATCH, /* usable, and not this server's; of usage 2 perhaps only
			  because the server does not send its authority's
			  certificate (RFC 7672 3.1.2) */
	DANE_FAULTY, /* of usage 2 and meant for this server, whose certificate
			has expired or is for another name */
	DANE_MATCHED
};

struct dane_question {
	const struct dane_tlsa *records;
	size_t n; /* of which at most TLSA_MAX are tried */
	/* The names that a certificate below a trust anchor (usage 2) may be
	 * for: the TLSA base domain, and the next-hop domain or NULL (RFC 7672
	 * 3.2.2). */
	const char *base;
	const char *domain;
};

struct dane_result {
	enum dane_match *each; /* n of them; free with dane_result_free */
	size_t n;
	size_t usable;
	size_t matched; /* one is enough */
};

/* "match", for messages and JSON. */
const char *dane_match_name(enum dane_match match);

void dane_result_free(struct dane_result *r);

/* Tries each record by itself against what the peer of a session has sent,
 * after the handshake.  trust: by tls_trust_new_curious. */
void dane_verify(struct dane_result *r, const struct tls *t,
    const struct tls_trust *trust, const struct dane_question *q);

#endif
