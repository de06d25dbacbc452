/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_TLS_PRIVATE_H
#define TLSTALLY_NET_TLS_PRIVATE_H

#include <stdbool.h>

#include "base/sha256.h"
#include "net/host.h"
#include "net/tls.h"

/*
 * What the files that know OpenSSL tell one another; its types are only
 * named here.
 */
struct ssl_ctx_st;
struct ssl_st;
struct x509_store_ctx_st;

struct tls_trust {
	struct ssl_ctx_st *ctx; /* with the anchors */
	bool pinned;		/* by the fingerprint, and nothing else */
	bool curious;		/* takes whatever comes, to look at it */
	unsigned char pin[SHA256_LEN];
};

/* Room for three names or the distinguished name of an authority, and for
 * the host's. */
#define TLS_VERDICT_SIZE 900

/* What a certificate is judged by, and how it was.  It hangs on its session
 * as OpenSSL's "app data". */
struct tls_judgement {
	const struct tls_trust *trust;
	char
	    host[HOST_SIZE]; /* as a certificate would name it; "": none does */
	bool accepted;
	char verdict[TLS_VERDICT_SIZE]; /* why it was refused */
};

/* The session, for who has a closer look at it. */
struct ssl_st *tls_session(const struct tls *t);

/* Judges the certificate that a server has sent; OpenSSL calls it in the
 * middle of the handshake.  Returns 1 or 0. */
int tls_verify(struct x509_store_ctx_st *ctx, void *unused);

#endif
