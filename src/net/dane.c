/* SPDX-License-Identifier: ISC */

/*
 * Each TLSA record is tried by itself, in a session that never connects: so a
 * postmaster sees which of them match, also of those for a key that is yet to
 * come, and one that OpenSSL does not like does not spoil the others.
 */

#include "config.h"

#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/die.h"
#include "base/limits.h"
#include "net/dane.h"
#include "net/tls_private.h"

enum { USAGE_TA = 2, USAGE_EE = 3 };

/* Before the data: usage, selector, matching type. */
#define TLSA_HEAD 3

const char *
dane_match_name(enum dane_match match)
{
	static const char *const names[] = {
	    "unusable", "mismatch", "faulty", "match"};

	return (unsigned)match <= DANE_MATCHED ? names[match] : "unknown";
}

void
dane_result_free(struct dane_result *r)
{
	free(r->each);
	*r = (struct dane_result){0};
}

/* Returns a session that has just this record, or NULL if it is unusable. */
static SSL *
load_record(const struct tls_trust *trust, const struct dane_tlsa *tlsa,
    const char *base)
{
	const unsigned char *d = tlsa->rdata;
	SSL *ssl;

	if (tlsa->len <= TLSA_HEAD || (d[0] != USAGE_TA && d[0] != USAGE_EE))
		return NULL;
	ssl = SSL_new(trust->ctx);
	if (ssl == NULL)
		die("OpenSSL has no memory");
	if (SSL_dane_enable(ssl, base) > 0 &&
	    SSL_dane_tlsa_add(ssl, d[0], d[1], d[2], d + TLSA_HEAD,
		tlsa->len - TLSA_HEAD) > 0)
		return ssl;
	SSL_free(ssl);
	return NULL;
}

/* A certificate under a trust anchor must be for one of the names. */
static void
set_names(X509_STORE_CTX *ctx, const struct dane_question *q)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
	char name[HOST_SIZE];

	X509_VERIFY_PARAM_set_hostflags(
	    param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	if (host_reference(q->base, name))
		X509_VERIFY_PARAM_set1_host(param, name, 0);
	if (q->domain != NULL && host_reference(q->domain, name))
		X509_VERIFY_PARAM_add1_host(param, name, 0);
}

static enum dane_match
try_record(SSL *record, const struct tls *t, const struct tls_trust *trust,
    const struct dane_question *q)
{
	SSL *peer = tls_session(t);
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	enum dane_match match = DANE_MATCHED;

	if (ctx == NULL ||
	    X509_STORE_CTX_init(ctx, SSL_CTX_get_cert_store(trust->ctx),
		SSL_get0_peer_certificate(peer),
		SSL_get_peer_cert_chain(peer)) != 1)
		die("OpenSSL has no memory");
	X509_STORE_CTX_set_default(ctx, "ssl_server");
	set_names(ctx, q);
	X509_STORE_CTX_set0_dane(ctx, SSL_get0_dane(record));
	/* What it found it leaves with the record, even if more is wrong. */
	if (X509_verify_cert(ctx) != 1)
		match = SSL_get0_dane_authority(record, NULL, NULL) >= 0
		    ? DANE_FAULTY
		    : DANE_MISMATCH;
	X509_STORE_CTX_free(ctx);
	return match;
}

void
dane_verify(struct dane_result *r, const struct tls *t,
    const struct tls_trust *trust, const struct dane_question *q)
{
	char base[HOST_SIZE];
	SSL *record;
	size_t i;

	*r = (struct dane_result){0};
	r->n = q->n < TLSA_MAX ? q->n : TLSA_MAX;
	r->each = xcalloc(r->n + 1, sizeof(*r->each));
	if (SSL_get0_peer_certificate(tls_session(t)) == NULL ||
	    !host_reference(q->base, base))
		return;
	for (i = 0; i < r->n; i++) {
		record = load_record(trust, &q->records[i], base);
		if (record == NULL)
			continue;
		r->usable++;
		r->each[i] = try_record(record, t, trust, q);
		r->matched += r->each[i] == DANE_MATCHED;
		SSL_free(record);
	}
	ERR_clear_error();
}
