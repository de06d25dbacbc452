/* SPDX-License-Identifier: ISC */

/*
 * The facts of a certificate.  OpenSSL stops at the first thing that is wrong
 * with a chain, so name, dates and trust are each looked at by themselves.
 */

#include "config.h"

#include <arpa/inet.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/die.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/span.h"
#include "base/utf8.h"
#include "net/cert.h"
#include "net/tls_private.h"

const char *
cert_fault_name(unsigned fault)
{
	static const char *const names[CERT_FAULTS] = {"expired",
	    "not-yet-valid", "wrong-name", "cn-only", "self-signed",
	    "incomplete-chain", "untrusted", "not-for-servers", "weak", "none",
	    "other"};
	size_t i;

	for (i = 0; i < CERT_FAULTS; i++)
		if (fault == 1U << i)
			return names[i];
	return "unknown";
}

void
cert_facts_free(struct cert_facts *facts)
{
	size_t i;

	for (i = 0; i < facts->names_n; i++)
		free(facts->names[i]);
	free(facts->names);
	*facts = (struct cert_facts){0};
}

/* ---- texts ---- */

static struct span
span_of_asn1(const ASN1_STRING *s)
{
	return (struct span){(const void *)ASN1_STRING_get0_data(s),
	    (size_t)ASN1_STRING_length(s)};
}

static void
copy_name(char out[CERT_TEXT_SIZE], const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	long len;

	out[0] = '\0';
	if (bio == NULL)
		die("OpenSSL has no memory");
	X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253);
	len = BIO_get_mem_data(bio, &text);
	if (len > 0)
		span_copy_printable(
		    out, CERT_TEXT_SIZE, (struct span){text, (size_t)len});
	BIO_free(bio);
}

static void
copy_common_name(char out[CERT_TEXT_SIZE], const X509 *cert)
{
	const X509_NAME *name = X509_get_subject_name(cert);
	int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);

	out[0] = '\0';
	if (at >= 0)
		span_copy_printable(out, CERT_TEXT_SIZE,
		    span_of_asn1(X509_NAME_ENTRY_get_data(
			X509_NAME_get_entry(name, at))));
}

static void
add_name(struct cert_facts *f, const GENERAL_NAME *name)
{
	struct span s = span_of_asn1(name->d.ia5);
	char text[CERT_TEXT_SIZE] = "?";

	if (f->names_n == CERT_NAMES_MAX) {
		f->names_cut = true;
		return;
	}
	if (name->type == GEN_DNS)
		span_copy_printable(text, sizeof(text), s);
	else if (s.len == 4 || s.len == 16)
		inet_ntop(
		    s.len == 4 ? AF_INET : AF_INET6, s.p, text, sizeof(text));
	f->names[f->names_n++] = xstrdup(text);
}

/* Returns how many names of hosts there are. */
static int
copy_names(struct cert_facts *f, const X509 *cert)
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	int i, n = sk_GENERAL_NAME_num(names), hosts = 0;
	const GENERAL_NAME *name;

	f->names = xcalloc(CERT_NAMES_MAX, sizeof(*f->names));
	for (i = 0; i < n; i++) {
		name = sk_GENERAL_NAME_value(names, i);
		hosts += name->type == GEN_DNS;
		if (name->type == GEN_DNS || name->type == GEN_IPADD)
			add_name(f, name);
	}
	GENERAL_NAMES_free(names);
	return hosts;
}

static int64_t
seconds(const ASN1_TIME *time)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm) != 1)
		return INT64_MIN;
	return (int64_t)timegm(&tm);
}

static void
copy_hashes(struct cert_facts *f, const X509 *cert)
{
	unsigned char hash[SHA256_LEN], *der = NULL;
	unsigned len = 0;
	int n;

	if (X509_digest(cert, EVP_sha256(), hash, &len) == 1)
		sha256_hex(hash, f->sha256);
	n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);
	if (n > 0 &&
	    EVP_Digest(der, (size_t)n, hash, &len, EVP_sha256(), NULL) == 1)
		sha256_hex(hash, f->spki_sha256);
	OPENSSL_free(der);
}

static void
copy_key(struct cert_facts *f, const X509 *cert)
{
	const EVP_PKEY *key = X509_get0_pubkey(cert);
	const char *kind = key != NULL ? EVP_PKEY_get0_type_name(key) : NULL;

	if (kind != NULL)
		snprintf(f->key, sizeof(f->key), "%s %d", kind,
		    EVP_PKEY_get_bits(key));
}

/* ---- what is wrong ---- */

static const struct {
	int error;
	unsigned fault;
} faults[] = {
    {X509_V_ERR_CERT_HAS_EXPIRED, CERT_EXPIRED},
    {X509_V_ERR_CERT_NOT_YET_VALID, CERT_NOT_YET_VALID},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, CERT_SELF_SIGNED},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, CERT_UNTRUSTED},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, CERT_INCOMPLETE},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, CERT_INCOMPLETE},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, CERT_INCOMPLETE},
    {X509_V_ERR_INVALID_PURPOSE, CERT_NOT_SERVER},
    {X509_V_ERR_EE_KEY_TOO_SMALL, CERT_WEAK},
    {X509_V_ERR_CA_KEY_TOO_SMALL, CERT_WEAK},
    {X509_V_ERR_CA_MD_TOO_WEAK, CERT_WEAK},
};

/* Verifies the chain for a server, with more flags.  Adds its first fault. */
static void
judge_chain(struct cert_facts *f, const struct tls_trust *trust, X509 *leaf,
    STACK_OF(X509) * chain, unsigned long flags)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *param;
	size_t i;
	int error;

	if (ctx == NULL ||
	    X509_STORE_CTX_init(
		ctx, SSL_CTX_get_cert_store(trust->ctx), leaf, chain) != 1)
		die("OpenSSL has no memory");
	X509_STORE_CTX_set_default(ctx, "ssl_server");
	param = X509_STORE_CTX_get0_param(ctx);
	X509_VERIFY_PARAM_set_flags(param,
	    flags | X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST);
	X509_VERIFY_PARAM_set_auth_level(param, 2);
	if (X509_verify_cert(ctx) == 1)
		goto out;
	error = X509_STORE_CTX_get_error(ctx);
	f->depth = X509_STORE_CTX_get_error_depth(ctx);
	for (i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		if (faults[i].error == error) {
			f->faults |= faults[i].fault;
			goto out;
		}
	}
	f->faults |= CERT_OTHER;
	snprintf(
	    f->why, sizeof(f->why), "%s", X509_verify_cert_error_string(error));
out:
	X509_STORE_CTX_free(ctx);
}

static void
judge_dates(struct cert_facts *f, const X509 *leaf)
{
	if (X509_cmp_current_time(X509_get0_notAfter(leaf)) < 0)
		f->faults |= CERT_EXPIRED;
	if (X509_cmp_current_time(X509_get0_notBefore(leaf)) > 0)
		f->faults |= CERT_NOT_YET_VALID;
}

static bool
is_for(X509 *leaf, const char *host, unsigned flags)
{
	return X509_check_host(leaf, host, 0,
		   flags | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) == 1;
}

static void
judge_name(struct cert_facts *f, X509 *leaf, const char *host, int hosts)
{
	char name[HOST_SIZE];

	if (!host_reference(host, name)) {
		f->faults |= CERT_WRONG_NAME;
		return;
	}
	if (host_is_address(name)) {
		if (X509_check_ip_asc(leaf, name, 0) != 1)
			f->faults |= CERT_WRONG_NAME;
		return;
	}
	if (is_for(leaf, name, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
		return;
	if (hosts == 0 &&
	    is_for(leaf, name, X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT))
		f->faults |= CERT_CN_ONLY;
	else
		f->faults |= CERT_WRONG_NAME;
}

static void
read_chain(struct cert_facts *f, const STACK_OF(X509) * chain)
{
	int64_t end;
	int i;

	f->chain_n = sk_X509_num(chain);
	f->chain_not_after = INT64_MAX;
	for (i = 0; i < f->chain_n && i < CHAIN_MAX; i++) {
		end = seconds(X509_get0_notAfter(sk_X509_value(chain, i)));
		if (end < f->chain_not_after)
			f->chain_not_after = end;
	}
}

static void
read_facts(struct cert_facts *f, X509 *leaf, STACK_OF(X509) * chain,
    const struct tls_trust *trust, const char *host)
{
	int hosts = copy_names(f, leaf);

	ERR_clear_error();
	copy_common_name(f->common_name, leaf);
	copy_name(f->subject, X509_get_subject_name(leaf));
	copy_name(f->issuer, X509_get_issuer_name(leaf));
	copy_key(f, leaf);
	copy_hashes(f, leaf);
	f->not_before = seconds(X509_get0_notBefore(leaf));
	f->not_after = seconds(X509_get0_notAfter(leaf));
	read_chain(f, chain);
	judge_chain(f, trust, leaf, chain, X509_V_FLAG_NO_CHECK_TIME);
	/* The dates of the others only matter if the chain is one. */
	if (f->faults == 0)
		judge_chain(f, trust, leaf, chain, 0);
	judge_dates(f, leaf);
	judge_name(f, leaf, host, hosts);
	ERR_clear_error();
}

void
cert_facts_of_peer(struct cert_facts *facts, const struct tls *t,
    const struct tls_trust *trust, const char *host)
{
	SSL *ssl = tls_session(t);
	STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
	X509 *leaf = SSL_get0_peer_certificate(ssl);

	*facts = (struct cert_facts){0};
	if (leaf == NULL)
		facts->faults = CERT_NONE;
	else
		read_facts(facts, leaf, chain, trust, host);
}

static X509 *
read_pem(const char *pem)
{
	size_t len = strlen(pem);
	BIO *bio;
	X509 *cert;

	if (len > INT_MAX || (bio = BIO_new_mem_buf(pem, (int)len)) == NULL)
		return NULL;
	cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	BIO_free(bio);
	return cert;
}

void
cert_facts_of_pem(struct cert_facts *facts, const char *const *pem, size_t n,
    const struct tls_trust *trust, const char *host)
{
	STACK_OF(X509) *chain = sk_X509_new_null();
	X509 *cert;
	size_t i;

	*facts = (struct cert_facts){0};
	if (chain == NULL)
		die("OpenSSL has no memory");
	for (i = 0; i < n && i < CHAIN_MAX; i++)
		if ((cert = read_pem(pem[i])) != NULL &&
		    sk_X509_push(chain, cert) <= 0)
			die("OpenSSL has no memory");
	if (sk_X509_num(chain) == 0)
		facts->faults = CERT_NONE;
	else
		read_facts(facts, sk_X509_value(chain, 0), chain, trust, host);
	sk_X509_pop_free(chain, X509_free);
	ERR_clear_error();
}
