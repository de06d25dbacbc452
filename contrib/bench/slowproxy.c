/* SPDX-License-Identifier: ISC */

/*
 * slowproxy: a long line on loopback.  It passes TCP connections on to a
 * port of this machine; whatever it reads it passes on so many milliseconds
 * later, each way, in order, and never stops reading: the line is long but
 * not narrow.  That the client's connect(2) itself does not wait is the only
 * round trip it leaves out.
 *
 * It listens on the port given, else on one that is free, and prints it in a
 * first line.  SIGTERM makes it print another,
 *
 *	CONNECTIONS BYTES-UP BYTES-DOWN PEAK-BYTES-WAITING
 *
 * up being towards the server, and end.
 */

#include "config.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)

/* Connections at a time; more wait in the listener's queue. */
#define LINES_MAX 16

/* What one read takes at most. */
#define READ_SIZE ((size_t)256 << 10)

struct chunk {
	struct chunk *next;
	int64_t due; /* when it goes out, in ns */
	size_t len;
	size_t sent;
	char bytes[];
};

/* One way of a connection. */
struct flow {
	struct chunk *first;
	struct chunk *last;
	bool ended;   /* nothing more will be read */
	bool shut;    /* and the other side was told */
	bool blocked; /* the other side takes no more for now */
};

/* fd[0] is the client, fd[1] the server; flow[i] comes from fd[i]. */
struct line {
	int fd[2];
	struct flow flow[2];
};

struct proxy {
	int listener;
	in_port_t target;
	int64_t delay;
	struct line lines[LINES_MAX];
	size_t n;
	uint64_t connections;
	uint64_t bytes[2];
	uint64_t waiting; /* bytes in all flows */
	uint64_t peak;
	char buf[READ_SIZE];
};

static volatile sig_atomic_t stopped;

static void
on_signal(int sig)
{
	(void)sig;
	stopped = 1;
}

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

static long
number(const char *s, long max)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (*s < '0' || *s > '9' || *end != '\0' || n > max)
		errx(EX_USAGE, "%s: not a number up to %ld", s, max);
	return n;
}

static struct sockaddr_in
loopback(in_port_t port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int
new_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1)
		err(EX_OSERR, "socket");
	return fd;
}

/* Listens on that port, or on one that is free for 0, and prints it. */
static void
listen_on(struct proxy *p, in_port_t port)
{
	struct sockaddr_in sin = loopback(port);
	socklen_t len = sizeof(sin);
	int on = 1;

	p->listener = new_socket();
	if (setsockopt(
		p->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1 ||
	    bind(p->listener, (struct sockaddr *)&sin, len) == -1 ||
	    listen(p->listener, LINES_MAX) == -1 ||
	    getsockname(p->listener, (struct sockaddr *)&sin, &len) == -1)
		err(EX_OSERR, "listening on loopback");
	printf("%u\n", (unsigned)ntohs(sin.sin_port));
	fflush(stdout);
}

/* Each write goes out as it is, and none of ours waits. */
static void
prepare(int fd)
{
	int on = 1, flags = fcntl(fd, F_GETFL);

	if (flags == -1 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == -1)
		err(EX_OSERR, "setting up a socket");
}

static void
accept_line(struct proxy *p)
{
	struct sockaddr_in sin = loopback(p->target);
	struct line *l = &p->lines[p->n];

	memset(l, 0, sizeof(*l));
	l->fd[0] = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC);
	if (l->fd[0] == -1)
		return;
	l->fd[1] = new_socket();
	if (connect(l->fd[1], (struct sockaddr *)&sin, sizeof(sin)) == -1) {
		warn("connecting to the server");
		close(l->fd[0]);
		close(l->fd[1]);
		return;
	}
	prepare(l->fd[0]);
	prepare(l->fd[1]);
	p->connections++;
	p->n++;
}

static void
drop_first(struct proxy *p, struct flow *f)
{
	struct chunk *c = f->first;

	p->waiting -= c->len - c->sent;
	f->first = c->next;
	free(c);
}

static void
close_line(struct proxy *p, size_t i)
{
	struct line *l = &p->lines[i];

	for (int way = 0; way < 2; way++) {
		while (l->flow[way].first != NULL)
			drop_first(p, &l->flow[way]);
		close(l->fd[way]);
	}
	*l = p->lines[--p->n];
}

static void
append(struct proxy *p, struct flow *f, size_t len)
{
	struct chunk *c = malloc(sizeof(*c) + len);

	if (c == NULL)
		err(EX_OSERR, "malloc");
	c->next = NULL;
	c->due = now() + p->delay;
	c->len = len;
	c->sent = 0;
	memcpy(c->bytes, p->buf, len);
	if (f->first == NULL)
		f->first = c;
	else
		f->last->next = c;
	f->last = c;
	p->waiting += len;
	if (p->waiting > p->peak)
		p->peak = p->waiting;
}

/* Reads what is there, once.  Returns false if the connection broke. */
static bool
take(struct proxy *p, struct line *l, int way)
{
	ssize_t n = read(l->fd[way], p->buf, READ_SIZE);

	if (n == -1)
		return errno == EAGAIN || errno == EINTR;
	/* An end takes as long as what came before it. */
	l->flow[way].ended = n == 0;
	append(p, &l->flow[way], (size_t)n);
	p->bytes[way] += (uint64_t)n;
	return true;
}

/* Writes what is due.  Returns false if the connection broke. */
static bool
give(struct proxy *p, struct line *l, int way, int64_t at)
{
	struct flow *f = &l->flow[way];
	int to = l->fd[!way];

	f->blocked = false;
	while (f->first != NULL && f->first->due <= at) {
		struct chunk *c = f->first;

		if (c->len > 0) {
			ssize_t n = send(to, c->bytes + c->sent,
			    c->len - c->sent, MSG_NOSIGNAL);

			if (n == -1) {
				f->blocked = errno == EAGAIN;
				return f->blocked || errno == EINTR;
			}
			c->sent += (size_t)n;
			p->waiting -= (size_t)n;
			if (c->sent < c->len)
				continue;
		}
		drop_first(p, f);
	}
	if (f->ended && f->first == NULL && !f->shut) {
		shutdown(to, SHUT_WR);
		f->shut = true;
	}
	return true;
}

/* Fills in what to wait for, and returns until when at most. */
static int64_t
watch(struct proxy *p, struct pollfd *fds)
{
	int64_t until = INT64_MAX;

	for (size_t i = 0; i < p->n; i++) {
		struct line *l = &p->lines[i];

		for (int way = 0; way < 2; way++) {
			struct flow *f = &l->flow[way];
			struct pollfd *from = &fds[2 * i + (size_t)way];

			from->events = (short)((f->ended ? 0 : POLLIN) |
			    (l->flow[!way].blocked ? POLLOUT : 0));
			from->fd = from->events != 0 ? l->fd[way] : -1;
			if (f->first != NULL && !f->blocked &&
			    f->first->due < until)
				until = f->first->due;
		}
	}
	fds[2 * p->n].fd = p->n < LINES_MAX ? p->listener : -1;
	fds[2 * p->n].events = POLLIN;
	return until;
}

/* Returns false if the connection is over. */
static bool
serve(struct proxy *p, struct line *l, const struct pollfd *fds)
{
	for (int way = 0; way < 2; way++)
		if (!l->flow[way].ended && fds[way].revents != 0 &&
		    !take(p, l, way))
			return false;
	for (int way = 0; way < 2; way++) {
		bool room = (fds[!way].revents & ~POLLIN) != 0;

		if ((!l->flow[way].blocked || room) && !give(p, l, way, now()))
			return false;
	}
	return !l->flow[0].shut || !l->flow[1].shut;
}

static void
run(struct proxy *p, const sigset_t *waiting_mask)
{
	struct pollfd fds[2 * LINES_MAX + 1];

	while (!stopped) {
		int64_t until = watch(p, fds), left = until - now();
		struct timespec t = {0};
		size_t n = p->n;

		if (left > 0) {
			t.tv_sec = left / SECOND;
			t.tv_nsec = left % SECOND;
		}
		if (ppoll(fds, 2 * n + 1, until < INT64_MAX ? &t : NULL,
			waiting_mask) == -1) {
			if (errno != EINTR)
				err(EX_OSERR, "ppoll");
			continue;
		}
		/* From the end: closing one moves the last into its place. */
		for (size_t i = n; i-- > 0;)
			if (!serve(p, &p->lines[i], &fds[2 * i]))
				close_line(p, i);
		if (fds[2 * n].fd != -1 && fds[2 * n].revents != 0)
			accept_line(p);
	}
}

/* The signals come only while nothing is done, so that none is missed. */
static void
catch_signals(sigset_t *waiting_mask)
{
	struct sigaction sa = {.sa_handler = on_signal};
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigprocmask(SIG_BLOCK, &blocked, waiting_mask);
	sigdelset(waiting_mask, SIGTERM);
	sigdelset(waiting_mask, SIGINT);
	sigemptyset(&sa.sa_mask);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
}

int
main(int argc, char **argv)
{
	struct proxy *p;
	sigset_t waiting_mask;

	if (argc != 3 && argc != 4) {
		fputs("usage: slowproxy MILLISECONDS TO-PORT [PORT]\n", stderr);
		return EX_USAGE;
	}
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		err(EX_OSERR, "calloc");
	p->delay = number(argv[1], 60000) * (SECOND / 1000);
	p->target = (in_port_t)number(argv[2], 65535);
	catch_signals(&waiting_mask);
	listen_on(p, argc == 4 ? (in_port_t)number(argv[3], 65535) : 0);
	run(p, &waiting_mask);
	while (p->n > 0)
		close_line(p, 0);
	printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
	    p->connections, p->bytes[0], p->bytes[1], p->peak);
	close(p->listener);
	free(p);
	return 0;
}
