/* SPDX-License-Identifier: ISC */

/*
 * The set of descriptors that one round of the helper program waits for.  It
 * is put together anew every round: there are a few dozen, and so nobody has
 * to take back what he said when something ends early.
 */

#include "config.h"

#include <limits.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/die.h"
#include "net/watch.h"

void
watch_begin(struct watch *w, int max_ms)
{
	w->n = 0;
	w->until = clock_ms() + max_ms;
}

void
watch_fd(struct watch *w, int fd, short events)
{
	if (fd == -1)
		return;
	if (w->n == w->size) {
		w->size = w->size == 0 ? 16 : w->size * 2;
		w->fds = xreallocarray(w->fds, w->size, sizeof(*w->fds));
	}
	w->fds[w->n++] = (struct pollfd){.fd = fd, .events = events};
}

void
watch_until(struct watch *w, int64_t at)
{
	if (at < w->until)
		w->until = at;
}

void
watch_wait(struct watch *w)
{
	int64_t left = w->until - clock_ms();
	size_t i;

	if (left < 0)
		left = 0;
	if (poll(w->fds, w->n, left > INT_MAX ? INT_MAX : (int)left) >= 0)
		return;
	for (i = 0; i < w->n; i++)
		w->fds[i].revents = 0;
}

short
watch_ready(const struct watch *w, int fd)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (w->fds[i].fd == fd)
			return w->fds[i].revents;
	return 0;
}

void
watch_free(struct watch *w)
{
	free(w->fds);
	*w = (struct watch){0};
}
