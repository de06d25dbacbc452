/* SPDX-License-Identifier: ISC */

/*
 * Output files by rename: whoever reads a digest never sees half of one, and
 * a full disk leaves yesterday's.
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
#include "output/atomic_file.h"

/* Forces the new name in the file's directory to the disk.  A directory may
 * let us write and not look: then there is no way to. */
static int
sync_name(const char *path, struct err *err)
{
	char *dir = xstrdup(path), *slash = strrchr(dir, '/');
	struct err why = {0};
	int rc;

	if (slash != NULL)
		slash[slash == dir] = '\0';
	rc = file_sync_dir(slash != NULL ? dir : ".", &why);
	free(dir);
	if (rc == 0 || why.code == ERR_REFUSED)
		return 0;
	return err_set(err, why.code, "%s: is written, and may not last: %s",
	    path, why.text);
}

/* The rights of a new file, before the umask. */
#define NEW_MODE 0666

struct atomic_file {
	FILE *stream;
	char *path; /* NULL: written straight */
	char *temporary;
};

static mode_t
new_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return NEW_MODE & ~mask;
}

/* A place that is not there is an output's fault, not that of a missing
 * source. */
static int
fail(struct err *err, const char *path)
{
	err_errno(err, "%s: cannot write", path);
	if (err->code == ERR_NOINPUT)
		err->code = ERR_IO;
	return -1;
}

/* Sets f->path to the file that path leads to; a link's target is replaced,
 * not the link.  Returns 0, or -1 if path is a link to nowhere. */
static int
follow_links(struct atomic_file *f, const char *path, struct err *err)
{
	struct stat st;

	f->path = realpath(path, NULL);
	if (f->path != NULL)
		return 0;
	if (errno != ENOENT)
		return fail(err, path);
	if (lstat(path, &st) == 0) {
		errno = ENOENT;
		return fail(err, path);
	}
	f->path = xstrdup(path);
	return 0;
}

static int
open_temporary(
    struct atomic_file *f, const char *path, mode_t mode, struct err *err)
{
	int fd;

	if (follow_links(f, path, err) == -1)
		return -1;
	if (asprintf(&f->temporary, "%s.XXXXXX", f->path) == -1)
		die("no memory for a path");
	fd = mkostemp(f->temporary, O_CLOEXEC);
	if (fd == -1) {
		free(f->temporary);
		f->temporary = NULL;
		return fail(err, path);
	}
	if (fchmod(fd, mode) == -1 || (f->stream = fdopen(fd, "w")) == NULL) {
		fail(err, path);
		close(fd);
		return -1;
	}
	return 0;
}

int
atomic_file_open(struct atomic_file **out, const char *path, struct err *err)
{
	struct atomic_file *f = xcalloc(1, sizeof(*f));
	struct stat st;
	int rc = 0;

	*out = NULL;
	if (path == NULL || strcmp(path, "-") == 0) {
		f->stream = stdout;
	} else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		f->stream = fopen(path, "we");
		if (f->stream == NULL)
			rc = fail(err, path);
	} else {
		rc = open_temporary(f, path,
		    access(path, F_OK) == 0 ? st.st_mode & 07777 : new_mode(),
		    err);
	}
	if (rc == -1) {
		atomic_file_abandon(f);
		return -1;
	}
	*out = f;
	return 0;
}

FILE *
atomic_file_stream(struct atomic_file *f)
{
	return f->stream;
}

int
atomic_file_commit(struct atomic_file *f, struct err *err)
{
	const char *name = f->path != NULL ? f->path : "output";
	int rc = 0;

	if (fflush(f->stream) == EOF || ferror(f->stream) ||
	    (f->path != NULL && fsync(fileno(f->stream)) == -1))
		rc = fail(err, name);
	if (rc == 0 && f->path != NULL) {
		if (rename(f->temporary, f->path) == -1)
			rc = fail(err, name);
		else {
			free(f->temporary);
			f->temporary = NULL;
			rc = sync_name(f->path, err);
		}
	}
	atomic_file_abandon(f);
	return rc;
}

void
atomic_file_abandon(struct atomic_file *f)
{
	if (f->stream != NULL && f->stream != stdout)
		fclose(f->stream);
	if (f->temporary != NULL)
		unlink(f->temporary);
	free(f->temporary);
	free(f->path);
	free(f);
}
