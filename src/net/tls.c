/* SPDX-License-Identifier: ISC */

/*
 * A TLS session over a socket that does not block.  OpenSSL would write to it
 * with write(2), which raises SIGPIPE when the server has gone: it gets the
 * socket through a BIO of our own, which also keeps what the system said.
 */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/die.h"
#include "net/tls_private.h"

struct tls {
	SSL *ssl;
	BIO_METHOD *method;
	int fd;
	int why;    /* the errno that broke the connection, or 0 */
	bool ended; /* the peer will send no more */
	bool ready; /* the handshake is complete */
	bool dead;  /* nothing more may be sent, no farewell either */
	struct tls_judgement judgement;
};

/* ---- the socket, as OpenSSL sees it ---- */

static bool
is_passing(int num)
{
	return num == EAGAIN || num == EWOULDBLOCK || num == EINTR;
}

static int
socket_read(BIO *bio, char *buf, int len)
{
	struct tls *t = BIO_get_data(bio);
	ssize_t n = recv(t->fd, buf, (size_t)len, 0);

	BIO_clear_retry_flags(bio);
	if (n == 0)
		t->ended = true;
	else if (n < 0 && is_passing(errno))
		BIO_set_retry_read(bio);
	else if (n < 0)
		t->why = errno;
	return (int)n;
}

static int
socket_write(BIO *bio, const char *buf, int len)
{
	struct tls *t = BIO_get_data(bio);
	ssize_t n = send(t->fd, buf, (size_t)len, MSG_NOSIGNAL);

	BIO_clear_retry_flags(bio);
	if (n < 0 && is_passing(errno))
		BIO_set_retry_write(bio);
	else if (n < 0)
		t->why = errno;
	return (int)n;
}

static long
socket_ctrl(BIO *bio, int cmd, long num, void *ptr)
{
	const struct tls *t = BIO_get_data(bio);

	(void)num;
	(void)ptr;
	if (cmd == BIO_CTRL_EOF)
		return t->ended;
	return cmd == BIO_CTRL_FLUSH;
}

static void
attach_socket(struct tls *t)
{
	BIO *bio;

	t->method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "socket");
	if (t->method == NULL ||
	    BIO_meth_set_read(t->method, socket_read) != 1 ||
	    BIO_meth_set_write(t->method, socket_write) != 1 ||
	    BIO_meth_set_ctrl(t->method, socket_ctrl) != 1 ||
	    (bio = BIO_new(t->method)) == NULL)
		die("OpenSSL has no memory");
	BIO_set_data(bio, t);
	BIO_set_init(bio, 1);
	SSL_set_bio(t->ssl, bio, bio);
}

/* ---- the session ---- */

/* Sets what to verify, and what to ask for.  False: it cannot be sought in a
 * certificate. */
static bool
set_host(SSL *ssl, char *host)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);

	X509_VERIFY_PARAM_set_hostflags(param,
	    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
		X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	if (host_is_address(host))
		return X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1;
	return X509_VERIFY_PARAM_set1_host(param, host, 0) == 1 &&
	    SSL_set_tlsext_host_name(ssl, host) == 1;
}

struct tls *
tls_new(const struct tls_trust *trust, int fd, const char *host)
{
	struct tls *t = xcalloc(1, sizeof(*t));

	ERR_clear_error();
	t->fd = fd;
	t->judgement.trust = trust;
	t->ssl = SSL_new(trust->ctx);
	if (t->ssl == NULL)
		die("OpenSSL has no memory");
	attach_socket(t);
	SSL_set_app_data(t->ssl, &t->judgement);
	SSL_set_connect_state(t->ssl);
	if (host_reference(host, t->judgement.host) &&
	    !set_host(t->ssl, t->judgement.host))
		t->judgement.host[0] = '\0';
	return t;
}

void
tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	SSL_free(t->ssl);
	BIO_meth_free(t->method);
	free(t);
}

static const char *
reason(const struct tls *t)
{
	const char *text;

	if (t->ended)
		return "the server has closed the connection";
	if (t->why != 0)
		return strerror(t->why);
	text = ERR_reason_error_string(ERR_peek_error());
	return text != NULL ? text : "TLS broke off without a reason";
}

/* True, with *want, if nothing failed: the call is to be made again. */
static bool
has_to_wait(const struct tls *t, int rc, enum tls_want *want)
{
	switch (SSL_get_error(t->ssl, rc)) {
	case SSL_ERROR_WANT_READ:
		*want = TLS_WANT_READ;
		return true;
	case SSL_ERROR_WANT_WRITE:
		*want = TLS_WANT_WRITE;
		return true;
	default:
		*want = TLS_WANT_NOTHING;
		return false;
	}
}

/* ---- the handshake ---- */

#define NO_TLS_1_2 "the server offers no TLS 1.2 or newer"

/* What OpenSSL says of a handshake in which no certificate was refused. */
static const struct fault {
	int reason;
	enum err_code code;
	const char *text;
} faults[] = {
    {SSL_R_WRONG_VERSION_NUMBER, ERR_UNAVAILABLE,
	"what the server sent is no TLS (is this the right port?)"},
    {SSL_R_UNSUPPORTED_PROTOCOL, ERR_REFUSED, NO_TLS_1_2},
    {SSL_R_VERSION_TOO_LOW, ERR_REFUSED, NO_TLS_1_2},
    {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, ERR_REFUSED, NO_TLS_1_2},
    {SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, ERR_REFUSED,
	"the server has no cipher in common with us, or wants more of us "
	"(TLS alert handshake_failure)"},
    {SSL_R_TLSV1_UNRECOGNIZED_NAME, ERR_REFUSED,
	"the server says that this is not its name "
	"(TLS alert unrecognized_name)"},
    {SSL_R_TLSV1_ALERT_INTERNAL_ERROR, ERR_TEMPORARY,
	"the server has trouble of its own (TLS alert internal_error)"},
};

static int
say_fault(const struct tls *t, struct err *err)
{
	unsigned long error = ERR_peek_error();
	size_t i;

	if (t->judgement.verdict[0] != '\0')
		return err_set(err, ERR_REFUSED, "%s", t->judgement.verdict);
	if (t->ended || t->why != 0)
		return err_set(
		    err, ERR_TEMPORARY, "%s during the handshake", reason(t));
	for (i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		if (ERR_GET_LIB(error) == ERR_LIB_SSL &&
		    ERR_GET_REASON(error) == faults[i].reason)
			return err_set(
			    err, faults[i].code, "%s", faults[i].text);
	return err_set(
	    err, ERR_REFUSED, "the TLS handshake failed: %s", reason(t));
}

int
tls_handshake(struct tls *t, enum tls_want *want, struct err *err)
{
	int rc;

	*want = TLS_WANT_NOTHING;
	ERR_clear_error();
	rc = SSL_do_handshake(t->ssl);
	if (rc != 1 && has_to_wait(t, rc, want))
		return 0;
	t->dead = rc != 1 || !t->judgement.accepted;
	if (rc != 1)
		return say_fault(t, err);
	/* A system's configuration may allow ciphers without certificates. */
	if (!t->judgement.accepted)
		return err_set(
		    err, ERR_REFUSED, "the server showed no certificate");
	t->ready = true;
	return 1;
}

/* ---- data ---- */

/* Only after a farewell of the peer may there be one of ours. */
static int
say_broken(struct tls *t, int rc, struct err *err)
{
	if (SSL_get_error(t->ssl, rc) == SSL_ERROR_ZERO_RETURN)
		t->ended = true;
	else
		t->dead = true;
	return err_set(err, ERR_TEMPORARY, "%s", reason(t));
}

ssize_t
tls_read(
    struct tls *t, void *buf, size_t len, enum tls_want *want, struct err *err)
{
	size_t n = 0;
	int rc;

	*want = TLS_WANT_NOTHING;
	ERR_clear_error();
	rc = SSL_read_ex(t->ssl, buf, len, &n);
	if (rc == 1)
		return (ssize_t)n;
	return has_to_wait(t, rc, want) ? 0 : say_broken(t, rc, err);
}

ssize_t
tls_write(struct tls *t, const void *buf, size_t len, enum tls_want *want,
    struct err *err)
{
	size_t n = 0;
	int rc;

	*want = TLS_WANT_NOTHING;
	ERR_clear_error();
	rc = SSL_write_ex(t->ssl, buf, len, &n);
	if (rc == 1)
		return (ssize_t)n;
	return has_to_wait(t, rc, want) ? 0 : say_broken(t, rc, err);
}

void
tls_bye(struct tls *t)
{
	if (!t->ready || t->dead)
		return;
	ERR_clear_error();
	SSL_shutdown(t->ssl);
}

const char *
tls_version(const struct tls *t)
{
	return SSL_get_version(t->ssl);
}

const char *
tls_cipher(const struct tls *t)
{
	return SSL_get_cipher_name(t->ssl);
}

struct ssl_st *
tls_session(const struct tls *t)
{
	return t->ssl;
}
