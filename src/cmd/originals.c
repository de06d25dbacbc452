/* SPDX-License-Identifier: ISC */

/*
 * Reports as files.  No name in a mail becomes a path: the files are named
 * for the day and the number that the store gave.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/file.h"
#include "base/rename.h"
#include "cmd/originals.h"

/* "9999-12-31-", the digits of 2^63, ".json" and a NUL. */
#define NAME_BYTES (DATE_SIZE + 20 + sizeof(".json"))

/* While it is written. */
#define TEMPORARY ".tlstally-export.tmp"

#define COMPARE_BYTES 16384

int
originals_open(const char *dir, struct err *err)
{
	int fd;

	if (file_make_dirs(dir, 0777, err) == -1)
		return -1;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return err_errno(err, "%s: cannot open", dir);
	return fd;
}

/* True if the open file holds exactly this. */
static bool
holds(int fd, struct span json)
{
	char piece[COMPARE_BYTES];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) > 0) {
		if ((size_t)n > json.len ||
		    memcmp(piece, json.p, (size_t)n) != 0)
			return false;
		json.p += n;
		json.len -= (size_t)n;
	}
	return n == 0 && json.len == 0;
}

/* Returns 1 if the file is there with this content, 0 if there is nothing
 * of that name, or -1. */
static int
look(int dir, const char *name, struct span json, struct err *err)
{
	int fd, same;

	/* What is no plain file is not waited for. */
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1 && errno == ENOENT)
		return 0;
	same = fd != -1 && holds(fd, json);
	if (fd != -1)
		close(fd);
	if (same)
		return 1;
	return err_set(err, ERR_IO,
	    "%s: there is such a file already, of other content: it is left "
	    "as it is",
	    name);
}

static int
write_all(int fd, struct span json)
{
	ssize_t n;

	while (json.len > 0) {
		n = write(fd, json.p, json.len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		json.p += n;
		json.len -= (size_t)n;
	}
	return fsync(fd);
}

static int
write_temporary(int dir, struct span json)
{
	int fd, rc, num;

	/* One that was left behind is of no use. */
	if (unlinkat(dir, TEMPORARY, 0) == -1 && errno != ENOENT)
		return -1;
	fd = openat(dir, TEMPORARY,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd == -1)
		return -1;
	rc = write_all(fd, json);
	num = errno;
	if (close(fd) == -1 && rc == 0)
		return -1;
	errno = num;
	return rc;
}

int
originals_write(
    int dir, int32_t day, int64_t number, struct span json, struct err *err)
{
	char name[NAME_BYTES], date[DATE_SIZE];
	int rc;

	date_format_day(day, date);
	snprintf(name, sizeof(name), "%s-%" PRId64 ".json", date, number);
	rc = look(dir, name, json, err);
	if (rc != 0)
		return rc == 1 ? 0 : -1;
	if (write_temporary(dir, json) == 0 &&
	    rename_new(dir, TEMPORARY, dir, name) == 0)
		return 0;
	err_errno(err, "%s: cannot write", name);
	unlinkat(dir, TEMPORARY, 0);
	return -1;
}
