/* SPDX-License-Identifier: ISC */

/*
 * Walks a folder and all below it in the order of the names.  Every file is
 * one message, but an mbox or a Maildir among them is read as what it is.
 *
 * The walk cannot be led astray: it does not follow links to folders, so it
 * ends and sees nothing twice; it keeps a stack of its own, of bounded
 * depth; and what leads with a dot it leaves alone.  A file has the hash of
 * its bytes for a key, and may be renamed or moved; what is found in an mbox
 * or a Maildir has the path from here in front of its key.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/limits.h"
#include "source/driver.h"
#include "source/input.h"
#include "source/names.h"

/* A folder that is being walked. */
struct level {
	int fd;
	struct names names;
	size_t next;	 /* index of the next name */
	size_t path_len; /* how much of the path leads here, with a '/' */
	bool is_maildir; /* its mail is read by a child */
};

struct folder {
	struct level levels[FOLDER_DEPTH_MAX];
	size_t depth;
	struct buf path;      /* of the current entry, from the top */
	struct source *child; /* an mbox or a Maildir in here; or NULL */
	struct source_progress child_progress; /* counted so far */
	struct buf prefix;		       /* of the child's keys */
	struct buf key;			       /* of the child's message */
	struct buf asked;		       /* a key the child asked for */
	struct buf bytes;
	struct buf locator;
	char hash[SHA256_HEX_SIZE];
};

static bool
claims(const struct source_place *place)
{
	return S_ISDIR(place->st.st_mode);
}

static const char *
locate(struct source *s)
{
	struct folder *f = s->state;

	return source_join(&f->locator, s->name, "/", buf_string(&f->path));
}

static struct level *
top_level(struct folder *f)
{
	return &f->levels[f->depth - 1];
}

/* Goes down into the folder fd, which is taken over. */
static int
push(struct source *s, int fd, struct err *err)
{
	struct folder *f = s->state;
	struct level *l = &f->levels[f->depth];

	memset(l, 0, sizeof(*l));
	if (names_read(&l->names, fd, NAME_DIRS, err) == -1) {
		names_free(&l->names);
		close(fd);
		return err_prefix(err, "%s", locate(s));
	}
	names_sort(&l->names);
	if (f->depth > 0)
		buf_append(&f->path, "/", 1);
	l->fd = fd;
	l->path_len = f->path.len;
	s->progress.total += l->names.n;
	f->depth++;
	return 0;
}

static void
pop(struct folder *f)
{
	struct level *l = top_level(f);

	close(l->fd);
	names_free(&l->names);
	f->depth--;
}

static int
folder_open(struct source *s, struct err *err)
{
	struct folder *f = xcalloc(1, sizeof(*f));
	int fd;

	s->state = f;
	f->path.cap = SIZE_MAX - 1;
	fd = open(s->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return err_errno(err, "%s", s->name);
	return push(s, fd, err);
}

/* What a child asks is asked of the caller under the name it has there. */
static bool
child_is_known(void *arg, const char *key)
{
	struct source *s = arg;
	struct folder *f = s->state;

	return s->config.is_known(
	    s->config.arg, source_join(&f->asked, f->prefix.data, key, ""));
}

/* Opens the current entry as a source of its own.  Returns 0 or -1. */
static int
open_child(
    struct source *s, const struct source_driver *driver, struct err *err)
{
	struct folder *f = s->state;
	struct source_config config = {.limits = s->config.limits, .arg = s};

	if (s->config.is_known != NULL)
		config.is_known = child_is_known;
	memset(&f->child_progress, 0, sizeof(f->child_progress));
	source_join(&f->prefix, buf_string(&f->path), "/", "");
	return source_open_as(&f->child, driver, locate(s), &config, err);
}

static void
count_child(struct source *s)
{
	struct folder *f = s->state;
	struct source_progress now = source_progress(f->child);

	s->progress.total += now.total - f->child_progress.total;
	s->progress.done += now.done - f->child_progress.done;
	s->progress.known += now.known - f->child_progress.known;
	f->child_progress = now;
}

/* As source_next; after 0 there may be no child any more. */
static int
next_of_child(struct source *s, struct message *m, struct err *err)
{
	struct folder *f = s->state;
	bool fatal;
	int rc;

	rc = source_next(f->child, m, &fatal, err);
	count_child(s);
	if (rc == 1)
		m->key = source_join(&f->key, f->prefix.data, m->key, "");
	if (rc == 0 || fatal) {
		source_close(f->child);
		f->child = NULL;
	}
	return rc;
}

static bool
is_mail_dir(const char *name)
{
	return strcmp(name, "cur") == 0 || strcmp(name, "new") == 0 ||
	    strcmp(name, "tmp") == 0;
}

/* Goes down into the current entry, a folder.  Returns 0 or -1. */
static int
enter(struct source *s, const char *name, struct err *err)
{
	struct folder *f = s->state;
	struct level *l = top_level(f);
	int fd;

	s->progress.total--;
	if (l->is_maildir && is_mail_dir(name))
		return 0;
	if (f->depth == FOLDER_DEPTH_MAX)
		return err_set(err, ERR_BOUND, "%s: more than %d folders deep",
		    locate(s), FOLDER_DEPTH_MAX);
	fd = openat(
	    l->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return errno == ENOENT ? 0 : err_errno(err, "%s", locate(s));
	if (!source_has_mail_dirs(fd))
		return push(s, fd, err);
	if (open_child(s, &maildir_driver, err) == -1) {
		close(fd);
		return -1;
	}
	if (push(s, fd, err) == -1)
		return -1;
	top_level(f)->is_maildir = true;
	return 0;
}

/* Makes a message of the file fd.  Returns as source_next. */
static int
read_file(
    struct source *s, int fd, off_t size, struct message *m, struct err *err)
{
	struct folder *f = s->state;
	int over;

	over = input_read(fd, size, s->config.limits->message_bytes, &f->bytes);
	if (over == -1) {
		s->progress.done++;
		return err_errno(err, "%s", locate(s));
	}
	input_message(m, &f->bytes, over == 1, f->hash);
	if (source_is_known(s, m->key))
		return 0;
	s->progress.done++;
	m->locator = locate(s);
	return 1;
}

/* Gives the current entry, a file.  Returns as source_next. */
static int
take_file(
    struct source *s, const char *name, struct message *m, struct err *err)
{
	struct folder *f = s->state;
	struct stat st;
	bool is_mbox;
	int fd, rc = 0;

	fd = input_open(top_level(f)->fd, name, &st);
	if (fd == -1) {
		s->progress.done++;
		if (errno == ENOENT || errno == EINVAL)
			return 0;
		return err_errno(err, "%s", locate(s));
	}
	is_mbox = st.st_size == 0 || source_begins_from(fd);
	if (!is_mbox) {
		m->name = name;
		m->received = st.st_mtime;
		rc = read_file(s, fd, st.st_size, m, err);
	}
	close(fd);
	if (!is_mbox)
		return rc;
	s->progress.total--;
	return open_child(s, &mbox_driver, err);
}

enum entry_kind { ENTRY_NONE, ENTRY_FILE, ENTRY_FOLDER };

/* A link counts as what it leads to, but for a folder. */
static enum entry_kind
kind_of(const struct level *l, const char *name)
{
	unsigned bits = names_bits(name);
	struct stat st;

	if (bits & NAME_DIRS)
		return ENTRY_FOLDER;
	if ((bits & NAME_CHECK) == 0)
		return ENTRY_FILE;
	if (fstatat(l->fd, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return ENTRY_NONE;
	if (S_ISDIR(st.st_mode))
		return ENTRY_FOLDER;
	if (S_ISLNK(st.st_mode) && fstatat(l->fd, name, &st, 0) == -1)
		return ENTRY_NONE;
	return S_ISREG(st.st_mode) ? ENTRY_FILE : ENTRY_NONE;
}

/* Deals with the next name of the innermost folder.  Returns 1 or -1 as
 * source_next; after 0 the walk goes on. */
static int
take_entry(struct source *s, struct message *m, struct err *err)
{
	struct folder *f = s->state;
	struct level *l = top_level(f);
	enum entry_kind kind;
	const char *name;

	if (l->next == l->names.n) {
		pop(f);
		return 0;
	}
	name = l->names.keys[l->next++];
	f->path.len = l->path_len;
	buf_append(&f->path, name, strlen(name));
	kind = kind_of(l, name);
	if (kind == ENTRY_FOLDER)
		return enter(s, name, err);
	if (kind == ENTRY_FILE && !l->is_maildir)
		return take_file(s, name, m, err);
	s->progress.total--;
	return 0;
}

static int
folder_next(struct source *s, struct message *m, bool *fatal, struct err *err)
{
	struct folder *f = s->state;
	int rc = 0;

	(void)fatal;
	while (rc == 0 && (f->child != NULL || f->depth > 0)) {
		if (f->child != NULL)
			rc = next_of_child(s, m, err);
		else
			rc = take_entry(s, m, err);
	}
	return rc;
}

static void
folder_close(struct source *s)
{
	struct folder *f = s->state;

	if (f == NULL)
		return;
	source_close(f->child);
	while (f->depth > 0)
		pop(f);
	buf_free(&f->path);
	buf_free(&f->prefix);
	buf_free(&f->key);
	buf_free(&f->asked);
	buf_free(&f->bytes);
	buf_free(&f->locator);
	free(f);
}

const struct source_driver folder_driver = {
    .name = "folder",
    .claims = claims,
    .open = folder_open,
    .next = folder_next,
    .close = folder_close,
};
