/* SPDX-License-Identifier: ISC */

/*
 * Whole files in and out.  A file in a mailbox may be anything: a pipe that
 * never answers, a device, a message that grows while it is read.  So what
 * is opened is looked at before it is read, its size is taken for a hint
 * only, and the end is where read(2) says it is.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"

/* True when a call that failed may be made again.  Standard input can be
 * non-blocking through no fault of ours: then it is waited for. */
static bool
may_retry(int fd, short events)
{
	struct pollfd p = {.fd = fd, .events = events};

	if (errno == EINTR)
		return true;
	if (errno != EAGAIN)
		return false;
	return poll(&p, 1, -1) == 1 || errno == EINTR;
}

static ssize_t
read_some(int fd, void *data, size_t size)
{
	ssize_t n;

	do
		n = read(fd, data, size);
	while (n == -1 && may_retry(fd, POLLIN));
	return n;
}

static int
over_cap(const struct buf *b, struct err *err)
{
	return err_set(err, ERR_BOUND, "larger than %zu bytes", b->cap);
}

/* Reads once behind the content.  Returns 1, or 0 at the end, or -1. */
static int
read_more(int fd, struct buf *b, struct err *err)
{
	size_t end;
	char beyond;
	ssize_t n;

	if (buf_reserve(b, 1) == -1) {
		n = read_some(fd, &beyond, 1);
		if (n > 0)
			return over_cap(b, err);
	} else {
		/* The cap may have been lowered since the allocation. */
		end = b->size < b->cap ? b->size : b->cap;
		n = read_some(fd, b->data + b->len, end - b->len);
		if (n > 0)
			b->len += (size_t)n;
	}
	if (n == -1)
		return err_errno(err, "cannot read");
	return n > 0;
}

int
file_read_fd(int fd, struct buf *b, struct err *err)
{
	size_t start = b->len;
	int rc;

	do
		rc = read_more(fd, b, err);
	while (rc == 1);
	if (rc == -1)
		b->len = start;
	return rc;
}

/* Makes room for a file of size bytes and the read that finds its end. */
static int
reserve_file(struct buf *b, off_t size, struct err *err)
{
	if (size < 0 || (uintmax_t)size >= SIZE_MAX ||
	    buf_reserve(b, (size_t)size) == -1)
		return over_cap(b, err);
	buf_reserve(b, (size_t)size + 1);
	return 0;
}

static int
read_regular(int fd, struct buf *b, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return err_errno(err, "cannot read");
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_DATA, "not a regular file");
	if (reserve_file(b, st.st_size, err) == -1)
		return -1;
	return file_read_fd(fd, b, err);
}

static int
open_failed(struct err *err)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
	case ESTALE:
		return err_set(err, ERR_VANISHED, "no such file");
	case ENXIO: /* a socket */
	case ENODEV:
		return err_set(err, ERR_DATA, "not a regular file");
	default:
		return err_errno(err, "cannot open");
	}
}

int
file_read_at(int dirfd, const char *path, struct buf *b, struct err *err)
{
	int fd, rc;

	fd = openat(dirfd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	rc = fd == -1 ? open_failed(err) : read_regular(fd, b, err);
	if (rc == -1)
		err_prefix(err, "%s", path);
	if (fd != -1)
		close(fd);
	return rc;
}

int
file_write(int fd, const void *data, size_t len, struct err *err)
{
	const char *p = data;
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n == -1 && may_retry(fd, POLLOUT))
			continue;
		if (n == -1)
			return err_errno(err, "cannot write");
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Makes one directory; one that is there already will do. */
static int
make_dir(const char *path, mode_t mode, struct err *err)
{
	struct stat st;
	int num;

	if (mkdir(path, mode) == 0)
		return 0;
	num = errno;
	if (stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return 0;
		return err_set(err, ERR_IO, "%s: not a directory", path);
	}
	errno = num;
	return err_errno(err, "%s: cannot make the directory", path);
}

int
file_make_dirs(const char *path, mode_t mode, struct err *err)
{
	char *copy = xstrdup(path), *slash;
	int rc = 0;

	slash = copy + strspn(copy, "/");
	while (rc == 0 && (slash = strchr(slash, '/')) != NULL) {
		*slash = '\0';
		rc = make_dir(copy, mode, err);
		*slash = '/';
		slash += strspn(slash, "/");
	}
	if (rc == 0)
		rc = make_dir(copy, mode, err);
	free(copy);
	return rc;
}

int
file_sync_dir(const char *path, struct err *err)
{
	int fd, rc;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return err_errno(err, "%s: cannot open", path);
	do
		rc = fsync(fd);
	while (rc == -1 && errno == EINTR);
	/* EINVAL: a file system that keeps its directories by other means. */
	if (rc == -1 && errno == EINVAL)
		rc = 0;
	if (rc == -1)
		err_errno(err, "%s: cannot sync", path);
	close(fd);
	return rc;
}
