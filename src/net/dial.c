/* SPDX-License-Identifier: ISC */

/*
 * From a host's name to a connected socket.  A host may have many addresses
 * of which only some can be reached from here, so each is tried, and the
 * message says of each why it was of no use.
 */

#include "config.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "net/dial.h"
#include "net/host.h"

/* All together may take so many times what one may. */
#define TIMES_MAX 2

static bool
is_loopback(const struct sockaddr *sa)
{
	const struct sockaddr_in *in = (const void *)sa;
	const struct sockaddr_in6 *in6 = (const void *)sa;

	if (sa->sa_family == AF_INET)
		return ntohl(in->sin_addr.s_addr) >> 24 == 127;
	return sa->sa_family == AF_INET6 &&
	    IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
}

static void
format_address(const struct addrinfo *ai, char out[NI_MAXHOST])
{
	if (getnameinfo(ai->ai_addr, ai->ai_addrlen, out, NI_MAXHOST, NULL, 0,
		NI_NUMERICHOST) != 0)
		snprintf(out, NI_MAXHOST, "(unknown address)");
}

/* Not AI_ADDRCONFIG: it hides loopback addresses of a machine that has no
 * other. */
static struct addrinfo *
look_up(const char *host, uint16_t port, struct err *err)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC,
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_NUMERICSERV};
	struct addrinfo *found = NULL;
	char bare[HOST_SIZE], service[8];
	enum err_code code;
	int rc;

	if (!host_bare(host, bare)) {
		err_set(err, ERR_UNAVAILABLE, "this is no name of a host");
		return NULL;
	}
	snprintf(service, sizeof(service), "%u", (unsigned)port);
	rc = getaddrinfo(bare, service, &hints, &found);
	if (rc == 0)
		return found;
	code = rc == EAI_AGAIN || rc == EAI_MEMORY ? ERR_TEMPORARY
						   : ERR_UNAVAILABLE;
	err_set(err, code, "%s",
	    rc == EAI_SYSTEM ? strerror(errno) : gai_strerror(rc));
	return NULL;
}

/* All of them, before the first is connected to. */
static int
check_loopback(const struct addrinfo *found, struct err *err)
{
	const struct addrinfo *ai;
	char address[NI_MAXHOST];

	for (ai = found; ai != NULL; ai = ai->ai_next) {
		if (is_loopback(ai->ai_addr))
			continue;
		format_address(ai, address);
		return err_set(err, ERR_REFUSED,
		    "%s is not this machine's own loopback", address);
	}
	return 0;
}

/* Waits until the socket is connected.  Returns 0 or an errno. */
static int
await_connection(int fd, int timeout_ms)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int64_t end = clock_ms() + timeout_ms, left = timeout_ms;
	socklen_t len = sizeof(int);
	int n, why = 0;

	while ((n = poll(&p, 1, (int)left)) == -1 && errno == EINTR) {
		left = end - clock_ms();
		if (left < 0)
			left = 0;
	}
	if (n == 0)
		return ETIMEDOUT;
	if (n == -1 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &len) == -1)
		return errno;
	return why;
}

/* Returns the descriptor, or -1 with errno. */
static int
connect_to(const struct addrinfo *ai, int timeout_ms)
{
	int fd, one = 1, why = 0;

	fd = socket(ai->ai_family,
	    ai->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, ai->ai_protocol);
	if (fd == -1)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) == -1)
		why = errno;
	if (why == EINPROGRESS || why == EINTR)
		why = await_connection(fd, timeout_ms);
	if (why == 0)
		return fd;
	close(fd);
	errno = why;
	return -1;
}

static int
try_each(const struct addrinfo *found, int timeout_ms, struct err *err)
{
	const int64_t end = clock_ms() + (int64_t)timeout_ms * TIMES_MAX;
	const struct addrinfo *ai;
	char address[NI_MAXHOST];
	int64_t left;
	int fd, why, n = 0;

	for (ai = found; ai != NULL && n < ADDRESSES_MAX; ai = ai->ai_next) {
		left = end - clock_ms();
		if (left <= 0)
			break;
		fd = connect_to(ai, left < timeout_ms ? (int)left : timeout_ms);
		if (fd != -1)
			return fd;
		why = errno;
		format_address(ai, address);
		err_set(err, ERR_UNAVAILABLE, "%s%s%s: %s",
		    n > 0 ? err->text : "", n > 0 ? "; " : "", address,
		    strerror(why));
		n++;
	}
	return -1;
}

int
dial(const char *host, uint16_t port, int timeout_ms, bool loopback_only,
    struct err *err)
{
	char label[HOST_LABEL_SIZE];
	struct addrinfo *found;
	struct err own;
	int fd = -1;

	if (err == NULL)
		err = &own;
	found = look_up(host, port, err);
	if (found != NULL &&
	    (!loopback_only || check_loopback(found, err) == 0))
		fd = try_each(found, timeout_ms, err);
	if (found != NULL)
		freeaddrinfo(found);
	if (fd == -1) {
		host_label(host, port, label);
		err_prefix(err, "%s", label);
	}
	return fd;
}
