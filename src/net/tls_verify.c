/* SPDX-License-Identifier: ISC */

/*
 * The judgement on a server's certificate, and its words.  A refusal is read
 * by a postmaster who has to find out which of two machines is set up wrongly,
 * so it says what the certificate says, and what was wanted.  It is made of
 * texts from a stranger: their number and length are bounded here.
 */

#include "config.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/utf8.h"
#include "net/tls_private.h"

#define NAMES_SHOWN 3
#define NAME_SHOWN  100 /* bytes of a host's or an authority's name */

static void __attribute__((format(printf, 2, 3)))
say(struct tls_judgement *j, const char *fmt, ...)
{
	size_t len = strlen(j->verdict);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(j->verdict + len, sizeof(j->verdict) - len, fmt, ap);
	va_end(ap);
}

/* Not all of it may be text, and a NUL in it must not hide the rest. */
static void
say_bytes(struct tls_judgement *j, const unsigned char *p, size_t len)
{
	char text[NAME_SHOWN + 1];
	size_t i, n = len < NAME_SHOWN ? len : NAME_SHOWN;

	for (i = 0; i < n; i++)
		text[i] = p[i] > ' ' && p[i] < 0x7f ? (char)p[i] : '?';
	text[n] = '\0';
	say(j, "%s%s", text, n < len ? "..." : "");
}

/* "CN=Example Root,O=Example", in the form of RFC 2253, which escapes control
 * characters. */
static void
say_authority(struct tls_judgement *j, const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long len;
	size_t n;

	if (bio == NULL)
		return;
	X509_NAME_print_ex(bio, name, 0,
	    XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
	len = BIO_get_mem_data(bio, &text);
	n = len < 0 ? 0 : (size_t)len;
	if (n > NAME_SHOWN)
		n = utf8_whole_prefix(text, NAME_SHOWN);
	say(j, "%.*s%s", (int)n, n > 0 ? text : "",
	    (size_t)len > n ? "..." : "");
	BIO_free(bio);
}

static void
say_day(struct tls_judgement *j, const ASN1_TIME *time)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm) == 1)
		say(j, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1,
		    tm.tm_mday);
	else
		say(j, "a day that is none");
}

static void
say_address(struct tls_judgement *j, const ASN1_STRING *address)
{
	int len = ASN1_STRING_length(address);
	char text[INET6_ADDRSTRLEN] = "?";

	if (len == 4 || len == 16)
		inet_ntop(len == 4 ? AF_INET : AF_INET6,
		    ASN1_STRING_get0_data(address), text, sizeof(text));
	say(j, "%s", text);
}

/* Says the first names, or addresses, that a certificate is for.  Returns how
 * many there are. */
static int
say_names(struct tls_judgement *j, const GENERAL_NAMES *names)
{
	int i, n = 0, all = sk_GENERAL_NAME_num(names);
	const GENERAL_NAME *name;
	const ASN1_STRING *s;

	for (i = 0; i < all; i++) {
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type != GEN_DNS && name->type != GEN_IPADD)
			continue;
		if (n++ >= NAMES_SHOWN)
			continue;
		say(j, "%s", n == 1 ? "is for " : ", ");
		s = name->d.ia5;
		if (name->type == GEN_IPADD)
			say_address(j, s);
		else
			say_bytes(j, ASN1_STRING_get0_data(s),
			    (size_t)ASN1_STRING_length(s));
	}
	if (n > NAMES_SHOWN)
		say(j, " and %d more", n - NAMES_SHOWN);
	return n;
}

/* "is for A, B, not for HOST" */
static void
say_wrong_name(struct tls_judgement *j, X509 *leaf)
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);

	if (say_names(j, names) == 0)
		say(j, "names no host (subjectAltName)");
	say(j, ", not for %s", j->host);
	GENERAL_NAMES_free(names);
}

static bool
is_for_host(const struct tls_judgement *j, X509 *leaf)
{
	if (host_is_address(j->host))
		return X509_check_ip_asc(leaf, j->host, 0) == 1;
	return X509_check_host(leaf, j->host, 0,
		   X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
		       X509_CHECK_FLAG_NEVER_CHECK_SUBJECT,
		   NULL) == 1;
}

/* ---- what may be wrong, apart from the name; "the certificate ..." ---- */

static void
say_expired(struct tls_judgement *j, X509 *cert)
{
	say(j, "expired on ");
	say_day(j, X509_get0_notAfter(cert));
}

static void
say_not_yet(struct tls_judgement *j, X509 *cert)
{
	say(j, "is not valid before ");
	say_day(j, X509_get0_notBefore(cert));
}

static void
say_self_signed(struct tls_judgement *j, X509 *cert)
{
	(void)cert;
	say(j,
	    "is not signed by an authority that is trusted here "
	    "(self-signed)");
}

static void
say_unknown_issuer(struct tls_judgement *j, X509 *cert)
{
	say(j,
	    "is not signed by an authority that is trusted here "
	    "(unknown issuer: ");
	say_authority(j, X509_get_issuer_name(cert));
	say(j, ")");
}

static void
say_not_for_servers(struct tls_judgement *j, X509 *cert)
{
	(void)cert;
	say(j, "is not for servers (extended key usage)");
}

static void
say_weak_key(struct tls_judgement *j, X509 *cert)
{
	(void)cert;
	say(j, "has a key that is too short");
}

static void
say_weak_hash(struct tls_judgement *j, X509 *cert)
{
	(void)cert;
	say(j, "is signed with a hash that is too weak");
}

static const struct fault {
	int error;
	void (*say)(struct tls_judgement *j, X509 *cert);
} faults[] = {
    {X509_V_ERR_CERT_HAS_EXPIRED, say_expired},
    {X509_V_ERR_CERT_NOT_YET_VALID, say_not_yet},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, say_self_signed},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, say_unknown_issuer},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, say_unknown_issuer},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, say_unknown_issuer},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, say_unknown_issuer},
    {X509_V_ERR_INVALID_PURPOSE, say_not_for_servers},
    {X509_V_ERR_EE_KEY_TOO_SMALL, say_weak_key},
    {X509_V_ERR_CA_KEY_TOO_SMALL, say_weak_key},
    {X509_V_ERR_CA_MD_TOO_WEAK, say_weak_hash},
};

/* Says what OpenSSL found, of which certificate of the chain. */
static void
say_fault(struct tls_judgement *j, X509_STORE_CTX *ctx, X509 *leaf)
{
	int error = X509_STORE_CTX_get_error(ctx);
	X509 *cert = X509_STORE_CTX_get_current_cert(ctx);
	size_t i;

	say(j, "the certificate ");
	if (cert == NULL)
		cert = leaf;
	if (X509_STORE_CTX_get_error_depth(ctx) > 0 &&
	    error != X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN) {
		say(j, "of its authority ");
		say_authority(j, X509_get_subject_name(cert));
		say(j, " ");
	}
	for (i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		if (faults[i].error == error) {
			faults[i].say(j, cert);
			return;
		}
	}
	say(j, "is not accepted: %s", X509_verify_cert_error_string(error));
}

static bool
judge_by_chain(struct tls_judgement *j, X509_STORE_CTX *ctx, X509 *leaf)
{
	int error;

	if (j->host[0] == '\0') {
		say(j, "there is no name to seek in the certificate");
		return false;
	}
	if (X509_verify_cert(ctx) == 1)
		return true;
	error = X509_STORE_CTX_get_error(ctx);
	if (error == X509_V_ERR_HOSTNAME_MISMATCH ||
	    error == X509_V_ERR_IP_ADDRESS_MISMATCH) {
		say(j, "the certificate ");
		say_wrong_name(j, leaf);
		return false;
	}
	say_fault(j, ctx, leaf);
	if (!is_for_host(j, leaf)) {
		say(j, "; and it ");
		say_wrong_name(j, leaf);
	}
	return false;
}

static bool
judge_by_pin(struct tls_judgement *j, const X509 *leaf)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	char hex[SHA256_HEX_SIZE];
	unsigned len = 0;

	if (X509_digest(leaf, EVP_sha256(), hash, &len) != 1 ||
	    len != SHA256_LEN) {
		say(j, "the certificate has no fingerprint");
		return false;
	}
	if (CRYPTO_memcmp(hash, j->trust->pin, SHA256_LEN) == 0)
		return true;
	sha256_hex(hash, hex);
	say(j,
	    "the certificate's SHA-256 fingerprint is %s, not the pinned one",
	    hex);
	return false;
}

int
tls_verify(X509_STORE_CTX *ctx, void *unused)
{
	const SSL *ssl = X509_STORE_CTX_get_ex_data(
	    ctx, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct tls_judgement *j = SSL_get_app_data(ssl);
	X509 *leaf = X509_STORE_CTX_get0_cert(ctx);

	(void)unused;
	if (j->trust->curious)
		j->accepted = true;
	else
		j->accepted = j->trust->pinned ? judge_by_pin(j, leaf)
					       : judge_by_chain(j, ctx, leaf);
	if (j->accepted)
		X509_STORE_CTX_set_error(ctx, X509_V_OK);
	else if (X509_STORE_CTX_get_error(ctx) == X509_V_OK)
		X509_STORE_CTX_set_error(ctx, X509_V_ERR_CERT_REJECTED);
	return j->accepted;
}
