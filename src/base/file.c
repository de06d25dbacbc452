/* SPDX-License-Identifier: ISC */

/*
 * Folders: made with their parents, and brought to the disk.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"

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

bool
file_go_up(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash == NULL)
		return false;
	if (slash == path)
		slash++;
	if (*slash == '\0')
		return false;
	*slash = '\0';
	return true;
}

/* Looks at the directories above a path, which is cut. */
static int
check_above(char *path, struct err *err)
{
	struct stat st;

	while (file_go_up(path)) {
		if (stat(path, &st) == -1)
			return err_errno(err, "%s", path);
		if ((st.st_mode & S_IWOTH) != 0 && (st.st_mode & S_ISVTX) == 0)
			return err_set(err, ERR_REFUSED,
			    "everybody can write the directory %s (chmod o-w)",
			    path);
	}
	return 0;
}

int
file_check_place(const char *path, struct err *err)
{
	char *real = realpath(path, NULL), *given = xstrdup(path);
	int rc;

	if (real == NULL)
		rc = err_errno(err, "%s", path);
	else
		rc = check_above(real, err);
	if (rc == 0)
		rc = check_above(given, err);
	free(real);
	free(given);
	return rc;
}

int
file_sync_way(const char *path, struct err *err)
{
	char *dir = xstrdup(path);
	bool nearest = true, more;
	struct err why = {0};
	int rc = 0;

	do {
		more = file_go_up(dir);
		/* A relative path begins here. */
		if (!more && path[0] == '/')
			break;
		rc = file_sync_dir(more ? dir : ".", &why);
		if (rc == -1 && !nearest && why.code == ERR_REFUSED)
			rc = 0;
		nearest = false;
	} while (rc == 0 && more);
	free(dir);
	return rc == 0 ? 0 : err_set(err, why.code, "%s", why.text);
}
