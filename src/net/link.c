/* SPDX-License-Identifier: ISC */

/*
 * A connection with a measure.  Whatever it does it does in small steps on a
 * socket that does not block, and between two of them it looks at the clock;
 * so a server can neither stop it by silence nor by a byte now and then.
 */

#include "config.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/die.h"
#include "net/clear.h"
#include "net/host.h"
#include "net/link.h"

#define NEVER	  INT64_MAX
#define UNBOUNDED UINT64_MAX

struct link {
	int fd;
	struct tls *tls; /* NULL: clear text */
	char host[HOST_SIZE + 2];
	char label[HOST_LABEL_SIZE];
	int64_t silence_ms;
	int64_t deadline; /* by clock_ms, or NEVER */
	uint64_t budget;  /* bytes that the peer may still send */
	bool heard_clear; /* something came in clear text */
	bool failed;
	struct err failure;
};

struct link *
link_new(int fd, const char *host, uint16_t port, int silence_ms)
{
	struct link *l = xcalloc(1, sizeof(*l));

	l->fd = fd;
	/* One that does not fit is no name of a host, and not verified. */
	if (strlen(host) < sizeof(l->host))
		memcpy(l->host, host, strlen(host));
	host_label(host, port, l->label);
	l->silence_ms = silence_ms;
	l->deadline = NEVER;
	l->budget = UNBOUNDED;
	return l;
}

void
link_free(struct link *l)
{
	if (l == NULL)
		return;
	if (l->tls != NULL && !l->failed)
		tls_bye(l->tls);
	tls_free(l->tls);
	close(l->fd);
	free(l);
}

bool
link_has_tls(const struct link *l)
{
	return l->tls != NULL;
}

/* ---- failure ---- */

const struct err *
link_failure(const struct link *l)
{
	return l->failed ? &l->failure : NULL;
}

/* Says again what failed. */
static int
still_failed(const struct link *l, struct err *err)
{
	if (err != NULL)
		*err = l->failure;
	return -1;
}

static int __attribute__((format(printf, 4, 5)))
fail(struct link *l, struct err *err, enum err_code code, const char *fmt, ...)
{
	char text[ERR_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(&l->failure, code, "%s: %s", l->label, text);
	l->failed = true;
	return still_failed(l, err);
}

/* ---- time ---- */

static int64_t
later(int64_t at, int64_t ms)
{
	if (ms < 0)
		return at;
	return at > NEVER - ms ? NEVER : at + ms;
}

void
link_allow(struct link *l, int64_t total_ms, uint64_t bytes)
{
	l->deadline = later(clock_ms(), total_ms);
	l->budget = bytes;
}

void
link_forgive(struct link *l, int64_t ms)
{
	l->deadline = later(l->deadline, ms);
}

int64_t
link_time_left(const struct link *l)
{
	int64_t left;

	if (l->deadline == NEVER)
		return INT64_MAX;
	left = l->deadline - clock_ms();
	return left > 0 ? left : 0;
}

static int
fail_late(struct link *l, struct err *err)
{
	return fail(l, err, ERR_TEMPORARY,
	    "the server took longer than it may for all that was asked");
}

static int
fail_silent(struct link *l, struct err *err)
{
	const long long ms = l->silence_ms;

	if (ms % 1000 == 0)
		return fail(l, err, ERR_TEMPORARY,
		    "the server was silent for %lld second%s", ms / 1000,
		    ms == 1000 ? "" : "s");
	return fail(l, err, ERR_TEMPORARY,
	    "the server was silent for %lld.%03lld seconds", ms / 1000,
	    ms % 1000);
}

/* Waits for what a step wants; at most until the end of the patience with
 * silence, or the deadline.  Returns 0 or -1. */
static int
wait_for(
    struct link *l, enum tls_want want, int64_t patience_end, struct err *err)
{
	struct pollfd p = {
	    .fd = l->fd, .events = want == TLS_WANT_WRITE ? POLLOUT : POLLIN};
	int64_t end, left;
	int n;

	end = l->deadline < patience_end ? l->deadline : patience_end;
	do {
		left = end - clock_ms();
		if (left <= 0)
			return end == l->deadline ? fail_late(l, err)
						  : fail_silent(l, err);
		n = poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left);
	} while (n == 0 || (n == -1 && errno == EINTR));
	if (n == -1)
		return fail(l, err, ERR_TEMPORARY, "%s", strerror(errno));
	return 0;
}

/* Nothing is begun after a failure, or after the deadline. */
static int
may_begin(struct link *l, struct err *err)
{
	if (l->failed)
		return still_failed(l, err);
	return link_time_left(l) == 0 ? fail_late(l, err) : 0;
}

/* ---- TLS ---- */

/* What waits before the handshake would be taken for what the server says
 * under TLS by a client that reads ahead; we do not, but whoever puts it there
 * hopes for one.  Before the first word of a server, it is for the handshake
 * to find that this is no TLS. */
static int
refuse_injected(struct link *l, struct err *err)
{
	char c;

	if (!l->heard_clear || recv(l->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) <= 0)
		return 0;
	return fail(l, err, ERR_REFUSED,
	    "clear text follows where TLS must begin: somebody may have put "
	    "it there");
}

int
link_start_tls(struct link *l, const struct tls_trust *trust, struct err *err)
{
	int64_t patience_end = later(clock_ms(), l->silence_ms);
	enum tls_want want;
	struct err why;
	int rc;

	if (may_begin(l, err) == -1 || refuse_injected(l, err) == -1)
		return -1;
	if (l->tls != NULL)
		die("a connection that has TLS cannot start it");
	l->tls = tls_new(trust, l->fd, l->host);
	while ((rc = tls_handshake(l->tls, &want, &why)) == 0)
		if (wait_for(l, want, patience_end, err) == -1)
			return -1;
	if (rc == -1)
		return fail(l, err, why.code, "%s", why.text);
	return 0;
}

/* ---- data ---- */

/* These do a step, as tls_read and tls_write. */

static ssize_t
read_some(
    struct link *l, void *buf, size_t len, enum tls_want *want, struct err *err)
{
	ssize_t n;

	if (l->tls != NULL)
		return tls_read(l->tls, buf, len, want, err);
	n = clear_read(l->fd, buf, len, want, err);
	l->heard_clear = l->heard_clear || n > 0;
	return n;
}

static ssize_t
write_some(struct link *l, const void *buf, size_t len, enum tls_want *want,
    struct err *err)
{
	if (l->tls != NULL)
		return tls_write(l->tls, buf, len, want, err);
	return clear_write(l->fd, buf, len, want, err);
}

/* Takes n bytes from the budget. */
static int
spend(struct link *l, uint64_t n, struct err *err)
{
	if (l->budget == UNBOUNDED)
		return 0;
	if (n > l->budget)
		return fail(l, err, ERR_BOUND,
		    "the server sent more than it may for what was asked");
	l->budget -= n;
	return 0;
}

ssize_t
link_read(struct link *l, void *buf, size_t len, struct err *err)
{
	int64_t patience_end = later(clock_ms(), l->silence_ms);
	enum tls_want want;
	struct err why;
	ssize_t n;

	if (len == 0)
		die("a connection is asked for nothing");
	if (may_begin(l, err) == -1)
		return -1;
	/* With nothing left, one byte shows whether the peer overdoes it. */
	if (len > l->budget)
		len = l->budget > 0 ? (size_t)l->budget : 1;
	while ((n = read_some(l, buf, len, &want, &why)) == 0)
		if (wait_for(l, want, patience_end, err) == -1)
			return -1;
	if (n < 0)
		return fail(l, err, why.code, "%s", why.text);
	return spend(l, (uint64_t)n, err) == -1 ? -1 : n;
}

int
link_write(struct link *l, const void *buf, size_t len, struct err *err)
{
	int64_t patience_end = later(clock_ms(), l->silence_ms);
	const char *p = buf;
	enum tls_want want;
	struct err why;
	ssize_t n;

	if (may_begin(l, err) == -1)
		return -1;
	while (len > 0) {
		n = write_some(l, p, len, &want, &why);
		if (n < 0)
			return fail(l, err, why.code, "%s", why.text);
		if (n == 0) {
			if (wait_for(l, want, patience_end, err) == -1)
				return -1;
			continue;
		}
		p += n;
		len -= (size_t)n;
		patience_end = later(clock_ms(), l->silence_ms);
		if (len > 0 && may_begin(l, err) == -1)
			return -1;
	}
	return 0;
}

ssize_t
link_read_line(struct link *l, char *buf, size_t size, struct err *err)
{
	size_t len = 0;
	bool cr = false; /* held back, for it may be the line's end */
	char c;

	for (;;) {
		if (link_read(l, &c, 1, err) == -1)
			return -1;
		if (c == '\n')
			break;
		if (c == '\0')
			return fail(l, err, ERR_DATA,
			    "a line from the server holds a NUL");
		if (len + cr + (c != '\r') >= size)
			return fail(l, err, ERR_BOUND,
			    "a line from the server is longer than %zu bytes",
			    size - 1);
		if (cr)
			buf[len++] = '\r';
		cr = c == '\r';
		if (!cr)
			buf[len++] = c;
	}
	buf[len] = '\0';
	return (ssize_t)len;
}
