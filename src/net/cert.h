/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_CERT_H
#define TLSTALLY_NET_CERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/tls.h"

/*
 * What a server's certificate says, and all that is wrong with it: a postmaster
 * wants to know of both faults of a certificate that has two.
 */

/* A sum of these; 0: it is as the WebPKI wants it. */
enum cert_fault {
	CERT_EXPIRED = 1 << 0, /* it, or one that it hangs on */
	CERT_NOT_YET_VALID = 1 << 1,
	CERT_WRONG_NAME = 1 << 2, /* for other names than the one asked for */
	CERT_CN_ONLY = 1 << 3,	  /* the name is right, but not among the
				     subjectAltNames (RFC 6125 6.4.4) */
	CERT_SELF_SIGNED = 1 << 4,
	CERT_INCOMPLETE = 1 << 5, /* its issuer is neither sent nor trusted */
	CERT_UNTRUSTED = 1 << 6,  /* its authority is sent, but not trusted */
	CERT_NOT_SERVER = 1 << 7, /* not for servers (extended key usage) */
	CERT_WEAK = 1 << 8,	  /* a key too short, a hash too weak */
	CERT_NONE = 1 << 9,	  /* the server showed no certificate */
	CERT_OTHER = 1 << 10	  /* see why */
};
#define CERT_FAULTS 11

/* "expired", for one fault of those above. */
const char *cert_fault_name(unsigned fault);

/* Texts of a certificate; printable, and cut to this. */
#define CERT_TEXT_SIZE 256
#define CERT_HEX_SIZE  65

/* Of the server's own certificate, if not said otherwise. */
struct cert_facts {
	unsigned faults;
	int depth;    /* which certificate of the chain expired or is at fault;
			 0: the server's own */
	char **names; /* subjectAltName: names, and addresses */
	size_t names_n;
	bool names_cut; /* there are more than CERT_NAMES_MAX */
	char common_name[CERT_TEXT_SIZE]; /* "" for none */
	char subject[CERT_TEXT_SIZE];	  /* RFC 2253 */
	char issuer[CERT_TEXT_SIZE];
	char key[32];	    /* "RSA 2048", "EC 256" */
	int64_t not_before; /* seconds since 1970, UTC; INT64_MIN: unknown */
	int64_t not_after;
	int64_t chain_not_after;	 /* of what was sent, the first to
					    end */
	int chain_n;			 /* certificates that were sent */
	char sha256[CERT_HEX_SIZE];	 /* of the certificate */
	char spki_sha256[CERT_HEX_SIZE]; /* of its key: TLSA 3 1 1 */
	char why[CERT_TEXT_SIZE];	 /* OpenSSL's words for CERT_OTHER */
};
void cert_facts_free(struct cert_facts *facts);

/* The facts of a session's peer, after the handshake.  trust: by
 * tls_trust_new_curious; host: the name that it must be for. */
void cert_facts_of_peer(struct cert_facts *facts, const struct tls *t,
    const struct tls_trust *trust, const char *host);

/* The same of certificates in PEM, the server's own first. */
void cert_facts_of_pem(struct cert_facts *facts, const char *const *pem,
    size_t n, const struct tls_trust *trust, const char *host);

#endif
