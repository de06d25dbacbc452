/* SPDX-License-Identifier: ISC */

/*
 * Files and folders of one user, or of a group of them.  For a group, what is
 * there already is checked and never mended: rights that an administrator
 * gave are his.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/sharing.h"

#define GROUP_FILE ((mode_t)(S_IRGRP | S_IWGRP))
#define GROUP_DIR  ((mode_t)(S_ISGID | S_IRWXG))

int
sharing_check_member(const struct sharing *sharing, struct err *err)
{
	int i, n = getgroups(0, NULL);
	gid_t *groups;
	bool is_member = geteuid() == 0 || getegid() == sharing->gid;

	if (n == -1)
		return err_errno(err, "cannot tell my groups");
	groups = xcalloc((size_t)n, sizeof(*groups));
	n = getgroups(n, groups);
	for (i = 0; i < n; i++)
		is_member = is_member || groups[i] == sharing->gid;
	free(groups);
	if (is_member)
		return 0;
	return err_set(err, ERR_REFUSED,
	    "the store is shared by the group %s, and the user of this "
	    "process (uid %lu) is not in it",
	    sharing->group, (unsigned long)geteuid());
}

/* A folder in which another group, or everybody, could put a store of their
 * own in the place of ours is none to share one in. */
static int
check_dir(const char *path, const struct sharing *sharing, struct err *err)
{
	struct stat st;

	if (stat(path, &st) == -1)
		return err_errno(err, "%s", path);
	if (st.st_gid == sharing->gid &&
	    (st.st_mode & GROUP_DIR) == GROUP_DIR &&
	    (st.st_mode & S_IWOTH) == 0)
		return 0;
	return err_set(err, ERR_REFUSED,
	    "%s: to be shared by the group %s, the directory must be its own, "
	    "with mode 2770 (chgrp %s DIRECTORY && chmod 2770 DIRECTORY)",
	    path, sharing->group, sharing->group);
}

/* Gives a directory that we have just made to the group. */
static int
give_dir(const char *path, const struct sharing *sharing)
{
	/* In this order: a change of the group may clear the set-gid bit. */
	if (chown(path, (uid_t)-1, sharing->gid) == -1)
		return -1;
	return chmod(path, S_IRWXU | GROUP_DIR);
}

int
sharing_make_dir(
    const char *path, const struct sharing *sharing, struct err *err)
{
	if (sharing->group == NULL)
		return file_make_dirs(path, S_IRWXU, err);
	if (mkdir(path, S_IRWXU) == 0) {
		if (give_dir(path, sharing) == -1)
			return err_errno(err,
			    "%s: cannot give the directory to the group %s",
			    path, sharing->group);
	} else if (errno != EEXIST) {
		return err_errno(err, "%s: cannot make the directory", path);
	}
	return check_dir(path, sharing, err);
}

/* The umask is put aside, so that the file has its mode from its first moment
 * on: another process may open it in the next. */
int
sharing_create(const char *path, const struct sharing *sharing)
{
	mode_t mode = S_IRUSR | S_IWUSR, old;
	int fd, num;

	if (sharing->group != NULL)
		mode |= GROUP_FILE;
	old = umask(0);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	num = errno;
	umask(old);
	errno = num;
	return fd;
}

int
sharing_check_file(
    const char *path, const struct sharing *sharing, struct err *err)
{
	struct stat st;

	if (sharing->group == NULL)
		return 0;
	if (stat(path, &st) == -1)
		return err_errno(err, "%s", path);
	if (st.st_gid == sharing->gid &&
	    (st.st_mode & (GROUP_FILE | S_IRWXO)) == GROUP_FILE)
		return 0;
	return err_set(err, ERR_REFUSED,
	    "%s: to be shared by the group %s, the file and its companions "
	    "must be its own, with mode 660 (chgrp %s FILE* && chmod 660 "
	    "FILE*)",
	    path, sharing->group, sharing->group);
}
