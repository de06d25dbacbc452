/* SPDX-License-Identifier: ISC */

/*
 * Puts a message into a Maildir.  A mail server has trusted us with the only
 * copy: so nothing is left to the kernel's good time, neither the bytes, nor
 * the name, nor the folders that may have been made for it.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/rename.h"
#include "source/deposit.h"
#include "source/driver.h"

/* Behind the Maildir's path: "/new/" and a name fit. */
#define HOST_MAX 64

/* The host's name, without what a Maildir gives a meaning to. */
static void
host_name(char host[HOST_MAX + 1])
{
	char *p;

	memset(host, 0, HOST_MAX + 1);
	if (gethostname(host, HOST_MAX) == -1 && errno != ENAMETOOLONG)
		host[0] = '\0';
	for (p = host; *p != '\0'; p++)
		if (*p == '/' || *p == ':' || *p <= ' ' || *p == 0x7f)
			*p = '_';
	if (host[0] == '\0')
		memcpy(host, "localhost", sizeof("localhost"));
}

/* A name that no other delivery has: a process makes one in a nanosecond at
 * most, and a host does not reuse a process number within it. */
static void
unique_name(char name[DEPOSIT_NAME_SIZE])
{
	char host[HOST_MAX + 1];
	struct timespec now;

	host_name(host);
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(name, DEPOSIT_NAME_SIZE, "new/%lld.N%09ldP%ld.%s",
	    (long long)now.tv_sec, now.tv_nsec, (long)getpid(), host);
}

static int
make_maildir(const struct deposit *d, struct err *err)
{
	static const char *const dirs[] = {"", "/tmp", "/cur", "/new"};
	struct buf path = {0};
	int rc = 0;
	size_t i;

	for (i = 0; rc == 0 && i < sizeof(dirs) / sizeof(dirs[0]); i++)
		rc = sharing_make_dir(
		    source_join(&path, d->maildir, dirs[i], ""), d->sharing,
		    err);
	buf_free(&path);
	return rc;
}

static int
sync_file(int fd)
{
	int rc;

	do
		rc = fsync(fd);
	while (rc == -1 && errno == EINTR);
	return rc;
}

/* Writes the message to a new file at path. */
static int
write_message(const struct deposit *d, const char *path, struct err *err)
{
	int fd = sharing_create(path, d->sharing), rc;

	if (fd == -1)
		return err_errno(err, "%s: cannot make the file", path);
	rc = d->copy(d->arg, fd, err);
	if (rc == -1)
		err_prefix(err, "%s", path);
	else if (sync_file(fd) == -1)
		rc = err_errno(err, "%s: cannot sync", path);
	/* Some file systems tell only here that there is no room. */
	if (close(fd) == -1 && rc == 0)
		rc = err_errno(err, "%s: cannot write", path);
	return rc;
}

/* Forces to the disk the folder that holds the message, and the way there:
 * it may have been made by a process that came no further. */
static int
sync_way(const struct deposit *d, struct err *err)
{
	struct buf path = {0};
	int rc;

	source_join(&path, d->maildir, "/new", "");
	rc = file_sync_dir(path.data, err);
	if (rc == 0)
		rc = file_sync_way(path.data, err);
	if (rc == -1)
		err_prefix(err, "%s", path.data);
	buf_free(&path);
	return rc;
}

int
deposit_message(struct deposit *d, struct err *err)
{
	struct buf tmp = {0}, new = {0};
	int rc = -1;

	unique_name(d->name);
	source_join(&tmp, d->maildir, "/tmp", strchr(d->name, '/'));
	source_join(&new, d->maildir, "/", d->name);
	if (make_maildir(d, err) == -1)
		goto out;
	if (write_message(d, tmp.data, err) == 0) {
		rc = rename_new(AT_FDCWD, tmp.data, AT_FDCWD, new.data);
		if (rc == -1)
			err_errno(err, "%s: cannot rename", tmp.data);
	}
	if (rc == -1)
		unlink(tmp.data);
	else
		rc = sync_way(d, err);
out:
	buf_free(&tmp);
	buf_free(&new);
	return rc;
}
