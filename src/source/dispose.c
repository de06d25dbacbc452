/* SPDX-License-Identifier: ISC */

/*
 * Marks, moves and deletes in a Maildir.  This is the only place where mail
 * of the user's is touched, and all of it is renaming and unlinking of one
 * name at a time: no byte of a mail is ever written.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/span.h"
#include "source/maildir.h"
#include "base/rename.h"

/* The version of a mail's flags that is understood; "1," is experimental. */
#define FLAGS_MARK ":2,"

/* A file name, with room for the flags that are added. */
#define NAME_SIZE (NAMES_FILE_SIZE + sizeof(FLAGS_MARK "S"))

/* Two mails are compared in pieces of so many bytes. */
#define COMPARE_BYTES 16384

static bool
is_flag(char c)
{
	return ascii_is_alnum(c) && !ascii_is_digit(c);
}

/*
 * Adds the flag S to a file name, before the first flag that comes behind it
 * in ASCII.  What stands behind the flags, and flags of another version, are
 * left as they are.
 */
static void
mark_seen(char name[NAME_SIZE])
{
	char *flags = strchr(name, ':');
	size_t len = strlen(name), n, i;

	if (flags == NULL) {
		memcpy(name + len, FLAGS_MARK "S", sizeof(FLAGS_MARK "S"));
		return;
	}
	if (strncmp(flags, FLAGS_MARK, sizeof(FLAGS_MARK) - 1) != 0)
		return;
	flags += sizeof(FLAGS_MARK) - 1;
	for (n = 0; is_flag(flags[n]); n++)
		if (flags[n] == 'S')
			return;
	for (i = n; i > 0 && flags[i - 1] > 'S'; i--)
		;
	memmove(flags + i + 1, flags + i, strlen(flags + i) + 1);
	flags[i] = 'S';
}

static int
make_dir(
    const struct mail_folder *f, const char *name, bool *made, struct err *err)
{
	struct buf path = {0};
	int rc = 0;

	if (mkdir(source_join(&path, f->path, "/", name), 0700) == 0)
		*made = true;
	else if (errno != EEXIST)
		rc = err_errno(err, "%s: cannot make the folder", path.data);
	buf_free(&path);
	return rc;
}

/* Courier tells a folder from an inbox by this file. */
static int
make_mark(const struct mail_folder *f, struct err *err)
{
	struct buf path = {0};
	int fd, rc = 0;

	source_join(&path, f->path, "/maildirfolder", "");
	fd = open(path.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd != -1)
		close(fd);
	else if (errno != EEXIST)
		rc = err_errno(err, "%s", path.data);
	buf_free(&path);
	return rc;
}

/* Makes what is missing of the folder to move to, and opens it. */
static int
open_target(struct maildir *md, struct err *err)
{
	struct mail_folder *t = md->target;
	bool made = false;

	if (t->fds[MAIL_CUR] != -1)
		return 0;
	if (make_dir(t, "", &made, err) == -1 ||
	    (made && make_mark(t, err) == -1) ||
	    make_dir(t, "tmp", &md->target_made, err) == -1 ||
	    make_dir(t, "new", &md->target_made, err) == -1 ||
	    make_dir(t, "cur", &md->target_made, err) == -1)
		return -1;
	md->target_made |= made;
	return mail_folder_open(t, err);
}

/* Where a mail of folder f goes: to the target, or to f's own cur. */
static struct mail_folder *
destination(struct maildir *md, struct mail_folder *f)
{
	if (md->target == NULL || strcmp(md->target->path, f->path) == 0)
		return f;
	return md->target;
}

/* Reads up to size bytes, or all that there are.  Returns how many, or -1. */
static ssize_t
read_piece(int fd, char *piece, size_t size)
{
	size_t len = 0;
	ssize_t n;

	do {
		n = read(fd, piece + len, size - len);
		if (n > 0)
			len += (size_t)n;
	} while ((n > 0 && len < size) || (n == -1 && errno == EINTR));
	return n == -1 ? -1 : (ssize_t)len;
}

/* Do two open files hold the same? */
static bool
holds_same(int a, int b)
{
	char pieces[2][COMPARE_BYTES];
	ssize_t n;

	do {
		n = read_piece(a, pieces[0], COMPARE_BYTES);
		if (n == -1 || read_piece(b, pieces[1], COMPARE_BYTES) != n ||
		    memcmp(pieces[0], pieces[1], (size_t)n) != 0)
			return false;
	} while (n > 0);
	return true;
}

/* Is a mail that is to be moved where it goes to already?  The power may have
 * gone when its new name was on the disk and its old one still was. */
static bool
was_moved(int fromfd, const char *from, int tofd, const char *to)
{
	int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	int a = openat(fromfd, from, flags), b = openat(tofd, to, flags);
	bool moved = a != -1 && b != -1 && holds_same(a, b);

	if (a != -1)
		close(a);
	if (b != -1)
		close(b);
	return moved;
}

/* Renames a mail, or removes it where that was done before. */
static int
move_mail(int fromfd, const char *from, int tofd, const char *to)
{
	if (rename_new(fromfd, from, tofd, to) == 0)
		return 0;
	if (errno != EEXIST)
		return -1;
	if (was_moved(fromfd, from, tofd, to))
		return unlinkat(fromfd, from, 0);
	errno = EEXIST;
	return -1;
}

/* Renames the mail at index at of the list.  Returns 0, or -1 by errno. */
static int
move_listed(struct maildir *md, struct mail_folder *f, size_t at)
{
	struct mail_folder *to = destination(md, f);
	enum mail_dir dir = mail_dir_of(f->names.keys[at]);
	char old[NAMES_FILE_SIZE], new[NAME_SIZE];

	names_file(f->names.keys[at], old);
	memcpy(new, old, sizeof(old));
	mark_seen(new);
	if (to == f && dir == MAIL_CUR && strcmp(old, new) == 0)
		return 0;
	if (move_mail(f->fds[dir], old, to->fds[MAIL_CUR], new) == -1)
		return -1;
	f->dirty[dir] = true;
	to->dirty[MAIL_CUR] = true;
	return 0;
}

static int
delete_listed(struct mail_folder *f, size_t at)
{
	enum mail_dir dir = mail_dir_of(f->names.keys[at]);
	char file[NAMES_FILE_SIZE];

	names_file(f->names.keys[at], file);
	if (unlinkat(f->fds[dir], file, 0) == -1)
		return -1;
	f->dirty[dir] = true;
	return 0;
}

static int
dispose_listed(struct source *s, struct mail_folder *f, size_t at)
{
	if (s->config.dispose == DISPOSE_DELETE)
		return delete_listed(f, at);
	return move_listed(s->state, f, at);
}

static int
finish_in_folder(
    struct source *s, struct mail_folder *f, const char *key, struct err *err)
{
	struct maildir *md = s->state;
	size_t at = names_find(&f->names, key);
	int rc;

	if (at == f->names.n || strcmp(f->names.keys[at], key) != 0)
		return 0;
	if (dispose_listed(s, f, at) == 0)
		return 0;
	if (errno == ENOENT) {
		rc = maildir_look_again(md, f, key, &at, err);
		if (rc != 1)
			return rc;
		if (dispose_listed(s, f, at) == 0)
			return 0;
	}
	/* Not key, which may have been of the list before the last. */
	return err_errno(err, "%s: mail %s", f->path, f->names.keys[at]);
}

/* Finds the folder that a key belongs to, and the key within it. */
static struct mail_folder *
find_folder(struct maildir *md, const char *key, const char **base)
{
	const char *slash = strrchr(key, '/');
	size_t i, len = slash == NULL ? 0 : (size_t)(slash + 1 - key);

	*base = key + len;
	for (i = 0; i < md->nfolders; i++)
		if (strlen(md->folders[i].prefix) == len &&
		    memcmp(md->folders[i].prefix, key, len) == 0)
			return &md->folders[i];
	return NULL;
}

int
maildir_finish(struct source *s, const char *key, struct err *err)
{
	struct maildir *md = s->state;
	struct mail_folder *f;
	const char *base;

	f = find_folder(md, key, &base);
	if (f == NULL)
		return err_set(
		    err, ERR_USAGE, "%s: has no mail %s", s->name, key);
	if (mail_folder_list(f, err) == -1)
		return -1;
	if (md->target != NULL && open_target(md, err) == -1)
		return -1;
	return finish_in_folder(s, f, base, err);
}

static int
sync_folder(struct mail_folder *f, struct err *err)
{
	struct buf path = {0};
	int dir, rc = 0;

	/* All mail goes to cur: there it must be before it is gone. */
	for (dir = MAIL_DIRS - 1; rc == 0 && dir >= 0; dir--) {
		if (!f->dirty[dir])
			continue;
		source_join(
		    &path, f->path, "/", mail_dir_name((enum mail_dir)dir));
		rc = file_sync_dir(path.data, err);
		f->dirty[dir] = rc == -1;
	}
	buf_free(&path);
	return rc;
}

/* The target goes first: after a crash a mail may then be in both places,
 * but never in none. */
static int
sync_target(struct maildir *md, struct err *err)
{
	if (md->target == NULL)
		return 0;
	if (sync_folder(md->target, err) == -1)
		return -1;
	if (md->target_made &&
	    (file_sync_dir(md->target->path, err) == -1 ||
		file_sync_dir(md->root, err) == -1))
		return -1;
	md->target_made = false;
	return 0;
}

int
maildir_sync(struct source *s, struct err *err)
{
	struct maildir *md = s->state;
	size_t i;

	if (sync_target(md, err) == -1)
		return -1;
	for (i = 0; i < md->nfolders; i++) {
		if (sync_folder(&md->folders[i], err) == -1)
			return -1;
		/* Mail of a folder before this one may be finished later;
		 * that lists it anew. */
		if (i < md->current)
			mail_folder_rest(&md->folders[i]);
	}
	return 0;
}
