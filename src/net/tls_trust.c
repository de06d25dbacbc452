/* SPDX-License-Identifier: ISC */

/*
 * Whom to trust.  All that a session may ever want from the file system is
 * read here, for behind the sandbox's door there is none: every anchor, not
 * only those that OpenSSL would come to look for, and OpenSSL's own
 * configuration, algorithms, texts and random numbers.
 */

#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/die.h"
#include "base/span.h"
#include "net/tls_private.h"

/* What is read from the socket at once. */
#define READ_BUFFER ((size_t)64 << 10)

/* Where Debian and most others keep all anchors in one file. */
#define BUNDLE "/etc/ssl/certs/ca-certificates.crt"

/* RSA of 2048 bits, SHA-256 and what is as strong. */
#define SECURITY_LEVEL 2

/* 32 pairs of digits, with a colon between two of them or none. */
static int
parse_fingerprint(const char *s, unsigned char pin[SHA256_LEN])
{
	int i, value;

	for (i = 0; i < SHA256_LEN; i++) {
		if (i > 0 && *s == ':')
			s++;
		value = ascii_hex(s, strlen(s));
		if (value == -1)
			return -1;
		pin[i] = (unsigned char)value;
		s += 2;
	}
	return *s == '\0' ? 0 : -1;
}

/* Returns how many certificates of a PEM file became anchors. */
static int
load_file(SSL_CTX *ctx, const char *path)
{
	X509_LOOKUP *lookup = X509_STORE_add_lookup(
	    SSL_CTX_get_cert_store(ctx), X509_LOOKUP_file());

	if (lookup == NULL)
		die("OpenSSL has no memory");
	return X509_load_cert_file(lookup, path, X509_FILETYPE_PEM);
}

/* "5ed36f99.0": the name under which OpenSSL would look for an anchor.  Other
 * files of such a folder are the same ones again, or no anchors. */
static bool
is_hash_name(const char *name)
{
	size_t hash = strspn(name, "0123456789abcdef");
	size_t number =
	    hash == 8 && name[8] == '.' ? strspn(name + 9, "0123456789") : 0;

	return number > 0 && name[9 + number] == '\0';
}

static int
load_folder(SSL_CTX *ctx, const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *d;
	char file[4096];
	int n = 0;

	if (dir == NULL)
		return 0;
	while ((d = readdir(dir)) != NULL) {
		if (!is_hash_name(d->d_name) ||
		    (size_t)snprintf(file, sizeof(file), "%s/%s", path,
			d->d_name) >= sizeof(file))
			continue;
		n += load_file(ctx, file);
	}
	closedir(dir);
	return n;
}

/* Folders, with colons between them. */
static int
load_folders(SSL_CTX *ctx, const char *paths)
{
	char *copy = xstrdup(paths), *rest = copy, *path;
	int n = 0;

	while ((path = strsep(&rest, ":")) != NULL)
		if (*path != '\0')
			n += load_folder(ctx, path);
	free(copy);
	return n;
}

/* Who sets one of the variables wants to have what it names, and no more. */
static int
load_system(SSL_CTX *ctx)
{
	const char *file = secure_getenv(X509_get_default_cert_file_env());
	const char *dirs = secure_getenv(X509_get_default_cert_dir_env());
	int n = 0;

	if (file != NULL || dirs != NULL) {
		n += file != NULL ? load_file(ctx, file) : 0;
		n += dirs != NULL ? load_folders(ctx, dirs) : 0;
		return n;
	}
	if ((n = load_file(ctx, X509_get_default_cert_file())) > 0 ||
	    (n = load_folders(ctx, X509_get_default_cert_dir())) > 0)
		return n;
	return load_file(ctx, BUNDLE);
}

static int
load_anchors(SSL_CTX *ctx, const char *ca_file, struct err *err)
{
	if (*ca_file == '\0') {
		if (load_system(ctx) > 0)
			return 0;
		return err_set(err, ERR_UNAVAILABLE,
		    "this system has no certificates of authorities to trust "
		    "(Debian package ca-certificates)");
	}
	if (access(ca_file, R_OK) == -1)
		return err_set(
		    err, ERR_CONFIG, "%s: %s", ca_file, strerror(errno));
	if (load_file(ctx, ca_file) > 0)
		return 0;
	return err_set(err, ERR_CONFIG,
	    "%s: this is not one certificate (PEM) or several", ca_file);
}

/* What the system's configuration of OpenSSL demands beyond our own measure
 * stays in force. */
static void
set_strength(SSL_CTX *ctx)
{
	if (SSL_CTX_get_min_proto_version(ctx) < TLS1_2_VERSION)
		SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	if (SSL_CTX_get_security_level(ctx) < SECURITY_LEVEL)
		SSL_CTX_set_security_level(ctx, SECURITY_LEVEL);
}

/* Only who offers old versions learns that a server has nothing newer. */
static int
set_curious(SSL_CTX *ctx, struct err *err)
{
	SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
	SSL_CTX_set_security_level(ctx, 0);
	if (SSL_CTX_set_cipher_list(ctx, "DEFAULT:@SECLEVEL=0") != 1 ||
	    SSL_CTX_dane_enable(ctx) != 1)
		return err_set(
		    err, ERR_CONFIG, "OpenSSL does not work here: no DANE");
	/* RFC 7672 3.1.1 */
	SSL_CTX_dane_set_flags(ctx, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
	return 0;
}

static void
set_measure(SSL_CTX *ctx)
{
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_cert_verify_callback(ctx, tls_verify, NULL);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	/* Servers write small records: several are read at once. */
	SSL_CTX_set_read_ahead(ctx, 1);
	SSL_CTX_set_default_read_buffer_len(ctx, READ_BUFFER);
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
	SSL_CTX_set_mode(ctx,
	    SSL_MODE_ENABLE_PARTIAL_WRITE |
		SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	/* A server that sends nothing but key updates must not keep OpenSSL
	 * from coming back. */
	SSL_CTX_clear_mode(ctx, SSL_MODE_AUTO_RETRY);
	/* An anchor need not be signed by itself. */
	X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(ctx),
	    X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST);
	X509_VERIFY_PARAM_set_purpose(
	    SSL_CTX_get0_param(ctx), X509_PURPOSE_SSL_SERVER);
}

/* Goes as far into a handshake as one can without a server: that draws random
 * numbers and makes keys.  Reading the time zone, which even gmtime(3) does
 * when it is first called, is done here too. */
static void
warm_up(SSL_CTX *ctx)
{
	SSL *ssl = SSL_new(ctx);
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());

	if (ssl == NULL || in == NULL || out == NULL)
		die("OpenSSL has no memory");
	tzset();
	SSL_set_bio(ssl, in, out);
	SSL_connect(ssl);
	SSL_free(ssl);
	ERR_clear_error();
}

static int
new_context(SSL_CTX **out, struct err *err)
{
	const char *why;

	OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS |
		OPENSSL_INIT_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_LOAD_CONFIG,
	    NULL);
	ERR_clear_error();
	*out = SSL_CTX_new(TLS_client_method());
	if (*out != NULL)
		return 0;
	why = ERR_reason_error_string(ERR_peek_error());
	return err_set(err, ERR_CONFIG, "OpenSSL does not work here: %s",
	    why != NULL ? why : "no reason given");
}

int
tls_trust_new(struct tls_trust **out, const char *ca_file,
    const char *fingerprint, struct err *err)
{
	struct tls_trust *t = xcalloc(1, sizeof(*t));
	int rc = -1;

	*out = NULL;
	t->pinned = *fingerprint != '\0';
	if (t->pinned && *ca_file != '\0') {
		err_set(err, ERR_CONFIG,
		    "%s: a certificate that is known by its fingerprint needs "
		    "no authority",
		    ca_file);
		goto out;
	}
	if (t->pinned && parse_fingerprint(fingerprint, t->pin) == -1) {
		err_set(err, ERR_CONFIG,
		    "%s: a SHA-256 fingerprint has 64 hexadecimal digits",
		    fingerprint);
		goto out;
	}
	if (new_context(&t->ctx, err) == -1)
		goto out;
	set_strength(t->ctx);
	set_measure(t->ctx);
	if (!t->pinned && load_anchors(t->ctx, ca_file, err) == -1)
		goto out;
	warm_up(t->ctx);
	rc = 0;
out:
	ERR_clear_error();
	if (rc == 0)
		*out = t;
	else
		tls_trust_free(t);
	return rc;
}

int
tls_trust_new_curious(
    struct tls_trust **out, const char *ca_file, struct err *err)
{
	struct tls_trust *t = NULL;

	*out = NULL;
	if (tls_trust_new(&t, ca_file, "", err) == -1)
		return -1;
	t->curious = true;
	if (set_curious(t->ctx, err) == -1) {
		tls_trust_free(t);
		return -1;
	}
	*out = t;
	return 0;
}

void
tls_trust_free(struct tls_trust *t)
{
	if (t == NULL)
		return;
	SSL_CTX_free(t->ctx);
	free(t);
}
