/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_WATCH_H
#define TLSTALLY_NET_WATCH_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One poll(2) for all that is under way.  Every round each module says what
 * it waits for (dns_watch, https_watch, smtp_watch), one call waits for all of
 * it, and each module does what has become possible (dns_work and so on).
 * Plain data: zero it to begin, watch_free in the end.
 */
struct watch {
	struct pollfd *fds;
	size_t n;
	size_t size;   /* allocated */
	int64_t until; /* by clock_ms */
};

/* Begins a round: waits for nothing, at most until max_ms from now. */
void watch_begin(struct watch *w, int max_ms);

/* Waits for events (POLLIN, POLLOUT) of fd, too; fd -1 is left out. */
void watch_fd(struct watch *w, int fd, short events);

/* Waits no longer than until that time by clock_ms. */
void watch_until(struct watch *w, int64_t at);

/* Waits.  Returns early on a signal, too: no module may take a wake-up for
 * more than an occasion to look. */
void watch_wait(struct watch *w);

/* What has become of fd: revents of poll(2); 0 if nobody waited for it. */
short watch_ready(const struct watch *w, int fd);

void watch_free(struct watch *w);

#endif
