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

/* While a file is written: process and count make a name that no other
 * process has.  One of another host or container may have it: then the next
 * is tried, for a file that is not ours is never touched. */
#define TEMPORARY	".tlstally-export.%ld.%d.tmp"
#define TEMPORARY_BYTES 64
#define TEMPORARY_TRIES 1000

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

/* Returns 1 if the open file holds exactly this, 0 if not, or -1. */
static int
holds(int fd, struct span json)
{
	char piece[COMPARE_BYTES];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		if ((size_t)n > json.len ||
		    memcmp(piece, json.p, (size_t)n) != 0)
			return 0;
		json.p += n;
		json.len -= (size_t)n;
	}
	return json.len == 0;
}

/* Compares what stands at name, which is not followed if it is a link.
 * Returns 1, 0 or -1 as holds does. */
static int
compare(int dir, const char *name, struct span json)
{
	struct stat st;
	int fd, rc = -1, num;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return -1;
	if (!S_ISREG(st.st_mode))
		return 0;
	/* Should it become a pipe now, it is not waited for. */
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd != -1) {
		rc = holds(fd, json);
		num = errno;
		close(fd);
		errno = num;
	}
	return rc;
}

/* Returns 1 if the file is there with this content, 0 if there is nothing
 * of that name, or -1. */
static int
look(int dir, const char *name, struct span json, struct err *err)
{
	int rc = compare(dir, name, json);

	if (rc == 1)
		return 1;
	if (rc == -1 && errno == ENOENT)
		return 0;
	if (rc == -1)
		return err_errno(err, "%s: cannot read", name);
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
open_temporary(int dir, char name[TEMPORARY_BYTES])
{
	int i, fd = -1;

	for (i = 0; i < TEMPORARY_TRIES; i++) {
		snprintf(name, TEMPORARY_BYTES, TEMPORARY, (long)getpid(), i);
		fd = openat(dir, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
		if (fd != -1 || errno != EEXIST)
			break;
	}
	return fd;
}

/* Writes a new file and leaves its name; on failure there is none. */
static int
write_temporary(int dir, char name[TEMPORARY_BYTES], struct span json)
{
	int fd = open_temporary(dir, name), rc, num;

	if (fd == -1)
		return -1;
	rc = write_all(fd, json);
	num = errno;
	if (close(fd) == -1 && rc == 0) {
		rc = -1;
		num = errno;
	}
	if (rc == -1)
		unlinkat(dir, name, 0);
	errno = num;
	return rc;
}

int
originals_write(
    int dir, int32_t day, int64_t number, struct span json, struct err *err)
{
	char name[NAME_BYTES], date[DATE_SIZE], temporary[TEMPORARY_BYTES];
	int rc;

	date_format_day(day, date);
	snprintf(name, sizeof(name), "%s-%" PRId64 ".json", date, number);
	rc = look(dir, name, json, err);
	if (rc != 0)
		return rc == 1 ? 0 : -1;
	if (write_temporary(dir, temporary, json) == -1)
		return err_errno(err, "%s: cannot write", name);
	if (rename_new(dir, temporary, dir, name) == 0)
		return 0;
	/* EEXIST: another export may have been faster. */
	rc = errno == EEXIST ? look(dir, name, json, err) : 0;
	if (rc == 0)
		err_errno(err, "%s: cannot write", name);
	unlinkat(dir, temporary, 0);
	return rc == 1 ? 0 : -1;
}
