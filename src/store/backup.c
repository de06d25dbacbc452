/* SPDX-License-Identifier: ISC */

/*
 * Copies of the store.  VACUUM INTO reads all of it in one snapshot while
 * others write, leaves out what is empty, and gives a file that needs no WAL
 * beside it, as copying the pages would not.  The copy is written beside its
 * place and takes its name when it is whole and on the disk.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/rename.h"
#include "store/private.h"
#include "store/upkeep.h"

/* Copies of one version; more would mean that something goes round. */
#define VERSION_COPIES 100

/* SQLite takes some names for other things than files; none of them begins
 * with a slash or a dot. */
static char *
file_name(const char *path, const char *suffix)
{
	char *name;

	if (asprintf(&name, "%s%s%s", path[0] == '/' ? "" : "./", path,
		suffix) == -1)
		die("no memory for a path");
	return name;
}

static int
sync_file(const char *name, struct err *err)
{
	int fd, rc;

	fd = open(name, O_RDONLY | O_CLOEXEC);
	rc = fd == -1 ? -1 : fsync(fd);
	if (rc == -1)
		err_errno(err, "%s: cannot sync", name);
	if (fd != -1)
		close(fd);
	return rc;
}

static int
sync_dir_of(const char *name, struct err *err)
{
	char *dir = xstrdup(name);
	int rc;

	/* The name begins with a slash or "./". */
	*(strrchr(dir, '/') + 1) = '\0';
	rc = file_sync_dir(dir, err);
	free(dir);
	return rc == 0 ? 0 : err_prefix(err, "%s", name);
}

static int
vacuum_into(struct store *s, const char *name, struct err *err)
{
	struct binder b = {sql_prepare(s, "VACUUM INTO ?", err), 0};
	int rc = -1;

	if (b.st != NULL) {
		bind_text(&b, name);
		rc = sql_run(s, b.st, err);
		/* We have just made the file: no right is missing. */
		if (rc == -1 &&
		    (sqlite3_errcode(s->db) & 0xff) == SQLITE_READONLY)
			err_set(err, ERR_TEMPORARY,
			    "%s: cannot be opened to be written", name);
	}
	sqlite3_finalize(b.st);
	return rc;
}

static int
refuse(const char *path, struct err *err)
{
	return err_set(err, ERR_IO,
	    "%s: there is such a file already, and it is left as it is", path);
}

/* Gives the whole copy its name.  A place that is not there is an output's
 * fault, not that of a missing store. */
static int
give_name(
    const char *temporary, const char *name, const char *path, struct err *err)
{
	if (rename_new(AT_FDCWD, temporary, AT_FDCWD, name) == 0)
		return 0;
	if (errno == EEXIST)
		return refuse(path, err);
	return err_errno(err, "%s: cannot write", path);
}

/* Moves the copy to its place, or removes it. */
static int
put_in_place(
    const char *temporary, const char *name, const char *path, struct err *err)
{
	const char *copy = temporary;
	int rc = sync_file(temporary, err);

	if (rc == 0)
		rc = give_name(temporary, name, path, err);
	if (rc == 0) {
		copy = name;
		rc = sync_dir_of(name, err);
	}
	if (rc == -1)
		unlink(copy);
	return rc;
}

static int
make_temporary(char *temporary, const char *path, struct err *err)
{
	int fd = mkostemp(temporary, O_CLOEXEC);

	if (fd == -1) {
		err_errno(err, "%s: cannot write", path);
		if (err != NULL && err->code == ERR_NOINPUT)
			err->code = ERR_IO;
		return -1;
	}
	close(fd);
	return 0;
}

int
store_backup(struct store *s, const char *path, struct err *err)
{
	char *name = file_name(path, ""), *temporary;
	struct stat st;
	int rc = -1;

	temporary = file_name(path, ".XXXXXX");
	if (lstat(name, &st) == 0) {
		refuse(path, err);
	} else if (make_temporary(temporary, path, err) == 0) {
		rc = vacuum_into(s, temporary, err);
		if (rc == 0) {
			rc = put_in_place(temporary, name, path, err);
		} else {
			err_prefix(err, "no copy at %s", path);
			unlink(temporary);
		}
	}
	free(name);
	free(temporary);
	return rc;
}

/* Returns the path of the first copy of that version that is not there. */
static char *
free_copy_name(struct store *s, int64_t version, struct err *err)
{
	char *path;
	struct stat st;
	int i;

	for (i = 1; i <= VERSION_COPIES; i++) {
		if ((i == 1 ? asprintf(&path, "%s.v%lld", s->path,
				  (long long)version)
			    : asprintf(&path, "%s.v%lld.%d", s->path,
				  (long long)version, i)) == -1)
			die("no memory for a path");
		if (lstat(path, &st) == -1 && errno == ENOENT)
			return path;
		free(path);
	}
	err_set(err, ERR_IO,
	    "%s: there are too many copies of version %lld beside it already",
	    s->path, (long long)version);
	return NULL;
}

/* A handle of its own reads what was committed last: within the caller's
 * transaction there can be no copy. */
static int
copy_committed(struct store *s, const char *copy, struct err *err)
{
	struct store other = {.path = s->path};
	char *name = file_name(s->path, "");
	int rc;

	if (sqlite3_open_v2(name, &other.db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
		rc = store_backup(&other, copy, err);
	else
		rc = sql_fail(&other, err);
	sqlite3_close(other.db);
	free(name);
	return rc;
}

int
backup_version(struct store *s, int64_t version, char **copy, struct err *err)
{
	*copy = free_copy_name(s, version, err);
	if (*copy != NULL && copy_committed(s, *copy, err) == 0)
		return 0;
	free(*copy);
	*copy = NULL;
	return err_prefix(err,
	    "the store must be brought to a newer version, and a copy of it "
	    "comes first");
}
