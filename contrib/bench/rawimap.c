/* SPDX-License-Identifier: ISC */

/*
 * rawimap: the yardstick of contrib/bench/imap.  It does what no reader of a
 * mailbox over IMAP can leave out, and nothing else: it logs in over TLS,
 * selects the folder, asks for all messages in one command and drops what
 * comes.  It trusts the server: an answer has ended when what was read ends
 * in a line with the command's tag, wherever that line may stand.
 *
 * It prints how many bytes the fetching brought.
 */

#include "config.h"

#include <arpa/inet.h>
#include <err.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

/* What OpenSSL reads from the socket at once, and we from OpenSSL. */
#define READ_SIZE ((size_t)128 << 10)

/* The last bytes of an answer: no line with a tag is longer. */
#define TAIL_SIZE ((size_t)1024)

struct session {
	SSL *ssl;
	char tag[8];
	unsigned serial;
	/* The tail of what came before stays in front of what is read. */
	char buf[TAIL_SIZE + READ_SIZE];
	size_t tail;
};

static void
fail_ssl(const char *doing)
{
	ERR_print_errors_fp(stderr);
	errx(EX_UNAVAILABLE, "%s failed", doing);
}

static int
dial(const char *port)
{
	struct sockaddr_in sin = {.sin_family = AF_INET,
	    .sin_port = htons((in_port_t)strtoul(port, NULL, 10)),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1 || connect(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1)
		err(EX_UNAVAILABLE, "connecting to port %s", port);
	return fd;
}

static SSL *
start_tls(int fd, const char *ca_file)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL *ssl;

	if (ctx == NULL || SSL_CTX_load_verify_file(ctx, ca_file) != 1)
		fail_ssl("reading the certificate");
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_read_ahead(ctx, 1);
	SSL_CTX_set_default_read_buffer_len(ctx, READ_SIZE);
	ssl = SSL_new(ctx);
	if (ssl == NULL || SSL_set_fd(ssl, fd) != 1 || SSL_connect(ssl) != 1)
		fail_ssl("the TLS handshake");
	SSL_CTX_free(ctx);
	return ssl;
}

/* Reads once more.  Returns how many bytes came, behind s->tail bytes that
 * came before. */
static size_t
more(struct session *s)
{
	size_t n;

	if (SSL_read_ex(s->ssl, s->buf + s->tail, READ_SIZE, &n) != 1)
		fail_ssl("reading");
	return n;
}

/* Keeps the tail of len bytes in the buffer. */
static void
keep_tail(struct session *s, size_t len)
{
	size_t keep = len < TAIL_SIZE ? len : TAIL_SIZE;

	memmove(s->buf, s->buf + len - keep, keep);
	s->tail = keep;
}

/* True if len bytes end in a whole line that begins with the tag. */
static bool
is_end(const struct session *s, size_t len)
{
	const char *line = s->buf + len - 1;

	if (len < 2 || *line != '\n')
		return false;
	while (line > s->buf && line[-1] != '\n')
		line--;
	if (strncmp(line, s->tag, strlen(s->tag)) != 0)
		return false;
	if (strncmp(line + strlen(s->tag), "OK", 2) != 0)
		errx(EX_UNAVAILABLE, "the server says: %.*s",
		    (int)(s->buf + len - line), line);
	return true;
}

/* Gives a command and drops the answer.  Returns the answer's bytes. */
__attribute__((format(printf, 2, 3))) static uint64_t
command(struct session *s, const char *format, ...)
{
	char text[512];
	uint64_t total = 0;
	size_t n, len;
	va_list ap;

	snprintf(s->tag, sizeof(s->tag), "a%u ", ++s->serial % 1000);
	n = (size_t)snprintf(text, sizeof(text), "%s", s->tag);
	va_start(ap, format);
	n += (size_t)vsnprintf(text + n, sizeof(text) - n, format, ap);
	va_end(ap);
	if (n + 3 > sizeof(text))
		errx(EX_USAGE, "too long an argument");
	memcpy(text + n, "\r\n", 3);
	if (SSL_write(s->ssl, text, (int)n + 2) <= 0)
		fail_ssl("writing");
	s->tail = 0;
	for (;;) {
		n = more(s);
		total += n;
		len = s->tail + n;
		if (is_end(s, len))
			return total;
		keep_tail(s, len);
	}
}

static void
greeting(struct session *s)
{
	s->tail = 0;
	do {
		s->tail += more(s);
		if (s->tail > TAIL_SIZE)
			errx(EX_UNAVAILABLE, "too long a greeting");
	} while (s->buf[s->tail - 1] != '\n');
}

int
main(int argc, char **argv)
{
	struct session *s;
	uint64_t bytes;
	int fd;

	if (argc != 6) {
		fputs("usage: rawimap CA-FILE PORT USER PASSWORD FOLDER\n",
		    stderr);
		return EX_USAGE;
	}
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		err(EX_OSERR, "calloc");
	fd = dial(argv[2]);
	s->ssl = start_tls(fd, argv[1]);
	greeting(s);
	command(s, "LOGIN %s %s", argv[3], argv[4]);
	command(s, "SELECT %s", argv[5]);
	bytes = command(s, "UID FETCH 1:* (BODY.PEEK[])");
	command(s, "LOGOUT");
	printf("%" PRIu64 "\n", bytes);
	SSL_free(s->ssl);
	close(fd);
	free(s);
	return 0;
}
