/* SPDX-License-Identifier: ISC */

/*
 * Finds the driver for a path by what stands there, and hands every call on
 * to it.  Names and suffixes say nothing: an mbox may be called anything,
 * and a report that was saved by hand usually is.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "source/driver.h"
#include "source/imap.h"
#include "source/input.h"

/* The first that claims a place gets it. */
static const struct source_driver *const drivers[] = {
    &stdin_driver, &maildir_driver, &folder_driver, &mbox_driver, &file_driver};

bool
source_has_mail_dirs(int dirfd)
{
	static const char *const names[] = {"cur", "new", "tmp"};
	struct stat st;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (fstatat(dirfd, names[i], &st, 0) == -1 ||
		    !S_ISDIR(st.st_mode))
			return false;
	return true;
}

bool
source_begins_from(int fd)
{
	static const char from[] = "From ";
	char head[sizeof(from) - 1];

	input_spare_atime(fd);
	return pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	    memcmp(head, from, sizeof(head)) == 0;
}

/* Opens what stands at the place, to be sure that it can be read, and looks
 * at it. */
static int
look_at(struct source_place *place, struct err *err)
{
	int fd;

	fd = open(place->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		return err_errno(err, "%s", place->path);
	if (S_ISDIR(place->st.st_mode))
		place->has_mail_dirs = source_has_mail_dirs(fd);
	else
		place->begins_from = source_begins_from(fd);
	close(fd);
	return 0;
}

static int
judge(struct source_place *place, struct err *err)
{
	const char *path = place->path;

	if (strcmp(path, "-") == 0)
		return 0;
	/* Not opened before it is known to be harmless: opening alone rewinds
	 * a tape, and wakes who writes to a pipe. */
	if (stat(path, &place->st) == -1) {
		if (errno == ENOENT || errno == ENOTDIR)
			return err_set(
			    err, ERR_NOINPUT, "no such source: %s", path);
		return err_errno(err, "%s", path);
	}
	if (!S_ISDIR(place->st.st_mode) && !S_ISREG(place->st.st_mode))
		return err_set(err, ERR_REFUSED,
		    "%s: neither a file nor a folder; for a pipe give - and "
		    "the pipe as standard input",
		    path);
	return look_at(place, err);
}

static const struct source_driver *
find_driver(const struct source_place *place)
{
	size_t i;

	for (i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		if (drivers[i]->claims(place))
			return drivers[i];
	die("no driver claims %s", place->path);
}

/* What only mailboxes with folders can do is refused to the others. */
static int
check_config(const struct source_driver *driver, const char *name,
    const struct source_config *config, struct err *err)
{
	if (driver->can_dispose)
		return 0;
	if (config->dispose != DISPOSE_KEEP)
		return err_set(err, ERR_USAGE,
		    "%s: only mail in a Maildir or an IMAP account can be "
		    "marked, moved or deleted; a source of kind \"%s\" is "
		    "only read",
		    name, driver->name);
	if (config->nfolders > 0)
		return err_set(err, ERR_USAGE,
		    "%s: only a Maildir or an IMAP account has folders to "
		    "choose from; this is of kind \"%s\"",
		    name, driver->name);
	return 0;
}

int
source_open_as(struct source **out, const struct source_driver *driver,
    const char *name, const struct source_config *config, struct err *err)
{
	struct source *s;

	*out = NULL;
	s = xcalloc(1, sizeof(*s));
	s->driver = driver;
	s->name = xstrdup(name);
	s->config = *config;
	if (driver->open(s, err) == -1) {
		source_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

/* Puts the rest of a path behind its folder, without slashes at the ends. */
static char *
name_below(const char *folder, const char *rest)
{
	size_t len = strlen(rest);
	char *name;

	for (; *rest == '/'; rest++)
		len--;
	while (len > 0 && rest[len - 1] == '/')
		len--;
	if (asprintf(&name, "%s/%.*s", strcmp(folder, "/") == 0 ? "" : folder,
		(int)len, rest) == -1)
		die("no memory for a path");
	return name;
}

/* A path that is gone has no links to resolve; one of its folders may. */
char *
source_name_of(const char *path)
{
	char *name = realpath(path, NULL), *folder = NULL;
	char *copy, *up;

	if (name != NULL)
		return name;
	copy = up = xstrdup(path);
	while (folder == NULL && strcmp(up, ".") != 0 && strcmp(up, "/") != 0) {
		up = dirname(up);
		folder = realpath(up, NULL);
	}
	if (folder != NULL)
		name =
		    name_below(folder, up == copy ? path + strlen(up) : path);
	free(folder);
	free(copy);
	return name;
}

/* What stands at the path is not looked at: an account has none. */
static int
open_account(
    struct source **out, const struct source_config *config, struct err *err)
{
	char *name = imap_source_name(config->imap);
	int rc = source_open_as(out, &imap_driver, name, config, err);

	free(name);
	return rc;
}

int
source_open(
    struct source **out, const struct source_config *config, struct err *err)
{
	struct source_place place = {.path = config->path};
	const struct source_driver *driver;
	char *name;
	int rc = -1;

	*out = NULL;
	if (config->imap != NULL)
		return open_account(out, config, err);
	if (judge(&place, err) == -1)
		return -1;
	driver = find_driver(&place);
	if (check_config(driver, config->path, config, err) == -1)
		return -1;
	name = driver == &stdin_driver ? xstrdup("-")
				       : realpath(config->path, NULL);
	if (name == NULL)
		err_errno(err, "%s", config->path);
	else
		rc = source_open_as(out, driver, name, config, err);
	free(name);
	return rc;
}

void
source_close(struct source *s)
{
	if (s == NULL)
		return;
	s->driver->close(s);
	free(s->name);
	free(s);
}

const char *
source_name(const struct source *s)
{
	return s->name;
}

const char *
source_kind(const struct source *s)
{
	return s->driver->name;
}

int
source_next(struct source *s, struct message *m, bool *fatal, struct err *err)
{
	memset(m, 0, sizeof(*m));
	m->bytes = m->key = m->locator = m->name = "";
	*fatal = false;
	return s->driver->next(s, m, fatal, err);
}

int
source_finish(struct source *s, const char *key, struct err *err)
{
	if (s->config.dispose == DISPOSE_KEEP)
		return 0;
	return s->driver->finish(s, key, err);
}

int
source_set_aside(struct source *s, const char *key, struct err *err)
{
	if (!s->sets_aside)
		return 0;
	return s->driver->set_aside(s, key, err);
}

bool
source_sets_aside(const struct source *s)
{
	return s->sets_aside;
}

int
source_sync(struct source *s, struct err *err)
{
	if (s->config.dispose == DISPOSE_KEEP && !s->sets_aside)
		return 0;
	return s->driver->sync(s, err);
}

int
source_copy(struct source *s, int fd, struct err *err)
{
	if (s->driver->copy == NULL)
		die("source_copy of a %s", s->driver->name);
	return s->driver->copy(s, fd, err);
}

struct source_progress
source_progress(const struct source *s)
{
	return s->progress;
}

bool
source_is_known(struct source *s, const char *key)
{
	if (s->config.is_known == NULL ||
	    !s->config.is_known(s->config.arg, key))
		return false;
	s->progress.known++;
	s->progress.done++;
	return true;
}

bool
source_is_new(const struct source *s)
{
	return s->config.is_new != NULL && s->config.is_new(s->config.arg);
}

const char *
source_join(
    struct buf *b, const char *first, const char *second, const char *third)
{
	b->len = 0;
	b->cap = SIZE_MAX - 1;
	buf_append(b, first, strlen(first));
	buf_append(b, second, strlen(second));
	buf_append(b, third, strlen(third));
	return buf_string(b);
}
