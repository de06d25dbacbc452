/* SPDX-License-Identifier: ISC */

/*
 * Reads a Maildir, and its Maildir++ folders if they are named.  Mail is
 * given in the order of its names, which begin with the time of delivery.
 * The key of a mail is its name before the ':', which stays the same when a
 * client changes the flags behind it or moves the mail from new to cur.
 */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "source/folder_name.h"
#include "source/input.h"
#include "source/maildir.h"

static bool
claims(const struct source_place *place)
{
	return place->has_mail_dirs;
}

/*
 * The Maildir in which the folder at path lies.  Courier marks a folder with
 * a file "maildirfolder"; Dovecot does not always, and goes by the dot.
 */
static char *
find_root(const char *path)
{
	const char *base = strrchr(path, '/') + 1;
	struct buf mark = {0};
	char *parent = xstrdup(path);
	bool is_folder;

	parent[base - path > 1 ? base - path - 1 : 1] = '\0';
	source_join(&mark, path, "/", "maildirfolder");
	is_folder = access(mark.data, F_OK) == 0;
	source_join(&mark, parent, "/", "cur");
	is_folder =
	    is_folder || (base[0] == '.' && access(mark.data, F_OK) == 0);
	buf_free(&mark);
	if (is_folder)
		return parent;
	free(parent);
	return xstrdup(path);
}

/* The path of the folder called name, which the caller frees. */
static char *
folder_path(const char *root, const char *name, struct err *err)
{
	struct buf path = {0};
	char *dir = folder_name_dir(root, name, err);

	if (dir == NULL)
		return NULL;
	if (strcmp(dir, ".") == 0)
		source_join(&path, root, "", "");
	else
		source_join(&path, root, "/", dir);
	free(dir);
	return path.data;
}

/* Keys of the place that was named have no prefix; those of the others have
 * the folder's directory without its dot, however it was spelled. */
static char *
folder_prefix(
    const struct source *s, const struct maildir *md, const char *path)
{
	struct buf prefix = {0};

	if (strcmp(path, s->name) == 0)
		return xstrdup("");
	if (strcmp(path, md->root) == 0)
		return xstrdup("INBOX/");
	source_join(&prefix, strrchr(path, '/') + 2, "/", "");
	return prefix.data;
}

static bool
has_folder(const struct maildir *md, const char *path)
{
	size_t i;

	for (i = 0; i < md->nfolders; i++)
		if (strcmp(md->folders[i].path, path) == 0)
			return true;
	return false;
}

/* Adds the folder at path, which is taken over, unless it is there. */
static void
add_folder(struct source *s, char *path)
{
	struct maildir *md = s->state;

	if (has_folder(md, path)) {
		free(path);
		return;
	}
	md->folders = xreallocarray(
	    md->folders, md->nfolders + 1, sizeof(md->folders[0]));
	mail_folder_init(
	    &md->folders[md->nfolders++], path, folder_prefix(s, md, path));
}

static int
add_folders(struct source *s, struct err *err)
{
	struct maildir *md = s->state;
	char *path;
	size_t i;

	if (s->config.nfolders == 0)
		add_folder(s, xstrdup(s->name));
	for (i = 0; i < s->config.nfolders; i++) {
		path = folder_path(md->root, s->config.folders[i], err);
		if (path == NULL)
			return err_prefix(err, "%s", s->name);
		add_folder(s, path);
	}
	return 0;
}

/* Says before the work begins which folder is not there. */
static int
try_folders(struct maildir *md, struct err *err)
{
	size_t i;

	for (i = 0; i < md->nfolders; i++) {
		if (mail_folder_open(&md->folders[i], err) == -1)
			return -1;
		mail_folder_rest(&md->folders[i]);
	}
	return 0;
}

static int
set_target(struct source *s, struct err *err)
{
	struct maildir *md = s->state;
	char *path;

	if (s->config.dispose != DISPOSE_MOVE)
		return 0;
	path = folder_path(md->root, s->config.dispose_folder, err);
	if (path == NULL)
		return err_prefix(err, "%s", s->name);
	md->target = xcalloc(1, sizeof(*md->target));
	mail_folder_init(md->target, path, NULL);
	return 0;
}

static int
maildir_open(struct source *s, struct err *err)
{
	struct maildir *md = xcalloc(1, sizeof(*md));

	s->state = md;
	md->root = find_root(s->name);
	if (add_folders(s, err) == -1 || set_target(s, err) == -1)
		return -1;
	return try_folders(md, err);
}

static int
open_listed(
    struct maildir *md, const struct mail_folder *f, size_t i, struct stat *st)
{
	const char *key = f->names.keys[i];
	enum mail_dir dir = mail_dir_of(key);
	char place[sizeof("/new/") + NAMES_FILE_SIZE];
	char *file = place + sizeof("/new/") - 1;

	memcpy(place, dir == MAIL_CUR ? "/cur/" : "/new/", sizeof("/new/"));
	names_file(key, file);
	source_join(&md->locator, f->path, place, "");
	return input_open(f->fds[dir], file, st);
}

/*
 * Opens the mail at *at in the list, or where it went meanwhile; *at is then
 * its new place.  Returns the descriptor, or -1 with errno ENOENT when it is
 * gone.  If the second look itself fails, the mail counts as gone: nothing
 * says that it is known, so the next run looks for it.
 */
static int
open_mail(
    struct maildir *md, struct mail_folder *f, size_t *at, struct stat *st)
{
	int fd = open_listed(md, f, *at, st);

	if (fd != -1 || (errno != ENOENT && errno != ESTALE))
		return fd;
	if (maildir_look_again(md, f, f->names.keys[*at], at, NULL) == 1)
		return open_listed(md, f, *at, st);
	errno = ENOENT;
	return -1;
}

/* Reads the mail, unless the size alone says that it is over the limit. */
static int
read_mail(struct source *s, int fd, const struct stat *st, struct message *m)
{
	struct maildir *md = s->state;
	size_t cap = s->config.limits->message_bytes;
	int over = 1;

	if ((uintmax_t)st->st_size <= cap)
		over = input_read(fd, st->st_size, cap, &md->bytes);
	if (over == -1)
		return -1;
	m->oversize = over == 1;
	if (!m->oversize && md->bytes.len > 0) {
		m->bytes = md->bytes.data;
		m->len = md->bytes.len;
	}
	m->received = st->st_mtime;
	return 0;
}

static const char *
full_key(struct maildir *md, const struct mail_folder *f, const char *key)
{
	return f->prefix[0] == '\0' ? key
				    : source_join(&md->key, f->prefix, key, "");
}

/* Returns 1 with m filled, 0 when there is no such mail (any more), -1. */
static int
give_mail(struct source *s, size_t at, struct message *m, struct err *err)
{
	struct maildir *md = s->state;
	struct mail_folder *f = &md->folders[md->current];
	struct stat st;
	int fd, rc;

	fd = open_mail(md, f, &at, &st);
	if (fd == -1) {
		/* EINVAL: a pipe, or a directory behind a link. */
		if (errno == ENOENT || errno == EINVAL)
			return 0;
		return err_errno(err, "%s", md->locator.data);
	}
	rc = read_mail(s, fd, &st, m);
	if (rc == -1)
		err_errno(err, "%s", md->locator.data);
	close(fd);
	m->key = full_key(md, f, f->names.keys[at]);
	m->locator = md->locator.data;
	return rc == -1 ? -1 : 1;
}

/* Gives the next mail of the current folder.  Returns as source_next. */
static int
next_in_folder(struct source *s, struct message *m, struct err *err)
{
	struct maildir *md = s->state;
	struct mail_folder *f = &md->folders[md->current];
	const char *key;
	size_t at;
	int rc = 0;

	while (rc == 0 && f->next < f->names.n) {
		at = f->next++;
		key = full_key(md, f, f->names.keys[at]);
		if (source_is_known(s, key))
			continue;
		s->progress.done++;
		rc = give_mail(s, at, m, err);
	}
	s->progress.total = s->progress.done + (f->names.n - f->next);
	return rc;
}

/* The list of a folder that was read is needed only for disposals. */
static void
leave_folder(struct source *s)
{
	struct maildir *md = s->state;

	if (s->config.dispose == DISPOSE_KEEP)
		mail_folder_rest(&md->folders[md->current]);
	md->current++;
}

static int
maildir_next(struct source *s, struct message *m, bool *fatal, struct err *err)
{
	struct maildir *md = s->state;
	int rc = 0;

	(void)fatal;
	while (rc == 0 && md->current < md->nfolders) {
		if (mail_folder_list(&md->folders[md->current], err) == -1)
			rc = -1;
		else
			rc = next_in_folder(s, m, err);
		if (rc == 0 || !md->folders[md->current].listed)
			leave_folder(s);
	}
	return rc;
}

static void
maildir_close(struct source *s)
{
	struct maildir *md = s->state;
	size_t i;

	if (md == NULL)
		return;
	for (i = 0; i < md->nfolders; i++)
		mail_folder_free(&md->folders[i]);
	free(md->folders);
	if (md->target != NULL)
		mail_folder_free(md->target);
	free(md->target);
	free(md->root);
	buf_free(&md->bytes);
	buf_free(&md->key);
	buf_free(&md->locator);
	free(md);
}

const struct source_driver maildir_driver = {
    .name = "maildir",
    .can_dispose = true,
    .claims = claims,
    .open = maildir_open,
    .next = maildir_next,
    .finish = maildir_finish,
    .sync = maildir_sync,
    .close = maildir_close,
};
