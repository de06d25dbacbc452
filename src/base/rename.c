/* SPDX-License-Identifier: ISC */

/*
 * Renaming that never overwrites: rename(2) would silently destroy a mail
 * that has the new name already.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/rename.h"

/* Between the look and the renaming another program could take the name.
 * In a Maildir nobody does: names are made to be unique. */
static int
rename_after_look(int fromfd, const char *from, int tofd, const char *to)
{
	struct stat st;

	if (fstatat(tofd, to, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return errno == ENOENT ? renameat(fromfd, from, tofd, to) : -1;
}

int
rename_by_link(int fromfd, const char *from, int tofd, const char *to)
{
	if (linkat(fromfd, from, tofd, to, 0) == 0)
		return unlinkat(fromfd, from, 0);
	switch (errno) {
	case EPERM: /* what Linux says where a file system has no links */
	case EMLINK:
	case ENOSYS:
	case ENOTSUP:
		return rename_after_look(fromfd, from, tofd, to);
	default:
		return -1;
	}
}

int
rename_new(int fromfd, const char *from, int tofd, const char *to)
{
#ifdef RENAME_NOREPLACE
	if (renameat2(fromfd, from, tofd, to, RENAME_NOREPLACE) == 0)
		return 0;
	/* EINVAL: a file system that does not know the flag. */
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
#endif
	return rename_by_link(fromfd, from, tofd, to);
}
