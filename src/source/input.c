/* SPDX-License-Identifier: ISC */

/*
 * Reading one message that is a file or a stream of its own.  The first bytes
 * of one that is too large are wanted as well, since they name it; and on the
 * path that every mail takes, one call of read(2) has to do.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "source/input.h"

/* How much is read at a time where the size is not known. */
#define STREAM_STEP ((size_t)64 << 10)

int
input_open(int dirfd, const char *name, struct stat *st)
{
	int fd;

	fd = openat(dirfd, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	if (fstat(fd, st) == 0 && S_ISREG(st->st_mode))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

void
input_spare_atime(int fd)
{
#ifdef O_NOATIME
	(void)fcntl(fd, F_SETFL, O_NOATIME);
#else
	(void)fd;
#endif
}

/* True when a read that failed may be made again.  Standard input can be
 * non-blocking through no fault of ours: then it is waited for. */
static bool
may_retry(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	if (errno == EINTR)
		return true;
	if (errno != EAGAIN)
		return false;
	return poll(&p, 1, -1) == 1 || errno == EINTR;
}

int
input_read(int fd, off_t size, size_t cap, struct buf *b)
{
	size_t room = size < 0 ? STREAM_STEP : (size_t)size + 1;
	ssize_t n;

	buf_reset(b, INPUT_KEEP);
	b->cap = cap + 1;
	while (b->len <= cap) {
		if (room > b->cap - b->len)
			room = b->cap - b->len;
		buf_reserve(b, room);
		n = read(fd, b->data + b->len, room);
		if (n == -1 && may_retry(fd))
			continue;
		if (n == -1)
			return -1;
		b->len += (size_t)n;
		/* All that was expected came, and not the one byte more. */
		if (n == 0 ||
		    ((size_t)n < room && size >= 0 && b->len == (size_t)size))
			return 0;
		room = STREAM_STEP;
	}
	b->len = cap;
	return 1;
}

int
input_write(int fd, const char *data, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, data, len);
		if (n == -1 && errno != EINTR)
			return -1;
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

int
input_pass(int in, int out)
{
	char piece[4096];
	ssize_t n;

	while ((n = read(in, piece, sizeof(piece))) != 0) {
		if (n == -1 && may_retry(in))
			continue;
		if (n == -1 || input_write(out, piece, (size_t)n) == -1)
			return -1;
	}
	return 0;
}

void
input_message(struct message *m, const struct buf *b, bool over,
    char key[SHA256_HEX_SIZE])
{
	unsigned char hash[SHA256_LEN];

	sha256(b->data, b->len, hash);
	sha256_hex(hash, key);
	m->key = key;
	m->bytes = over || b->len == 0 ? "" : b->data;
	m->len = over ? 0 : b->len;
	m->oversize = over;
	m->several = false;
}
