/* SPDX-License-Identifier: ISC */

/*
 * One folder of a Maildir: its two directories of mail and the list of what
 * is in them.  new is listed before cur, for mail moves only from new to
 * cur: what moves while we look is seen twice, never not at all.
 */

#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/maildir.h"

/* How many names all second looks of a run may read, about a second's work.
 * Whoever renames mail one by one beside us would else cost a full listing
 * each.  What is missed by this is found by the next run. */
#define LOOK_AGAIN_NAMES ((size_t)4000000)

static const char *const dir_names[MAIL_DIRS] = {"new", "cur"};

const char *
mail_dir_name(enum mail_dir dir)
{
	return dir_names[dir];
}

enum mail_dir
mail_dir_of(const char *key)
{
	return names_bits(key) & NAME_CUR ? MAIL_CUR : MAIL_NEW;
}

void
mail_folder_init(struct mail_folder *f, char *path, char *prefix)
{
	memset(f, 0, sizeof(*f));
	f->path = path;
	f->prefix = prefix;
	f->fds[MAIL_NEW] = f->fds[MAIL_CUR] = -1;
}

static int
open_dir(struct mail_folder *f, enum mail_dir dir, struct err *err)
{
	struct buf path = {0};

	if (f->fds[dir] != -1)
		return 0;
	source_join(&path, f->path, "/", dir_names[dir]);
	f->fds[dir] = open(path.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->fds[dir] == -1)
		err_errno(err, "%s", path.data);
	buf_free(&path);
	return f->fds[dir] == -1 ? -1 : 0;
}

int
mail_folder_open(struct mail_folder *f, struct err *err)
{
	if (open_dir(f, MAIL_NEW, err) == -1)
		return -1;
	return open_dir(f, MAIL_CUR, err);
}

static int
read_names(struct mail_folder *f, struct names *out, struct err *err)
{
	memset(out, 0, sizeof(*out));
	if (names_read(out, f->fds[MAIL_NEW], NAME_SPLIT, err) == -1 ||
	    names_read(out, f->fds[MAIL_CUR], NAME_SPLIT | NAME_CUR, err) ==
		-1) {
		names_free(out);
		return err_prefix(err, "%s", f->path);
	}
	names_sort(out);
	return 0;
}

int
mail_folder_list(struct mail_folder *f, struct err *err)
{
	if (mail_folder_open(f, err) == -1)
		return -1;
	if (f->listed)
		return 0;
	if (read_names(f, &f->names, err) == -1)
		return -1;
	f->listed = true;
	return 0;
}

void
mail_folder_rest(struct mail_folder *f)
{
	int dir;

	for (dir = 0; dir < MAIL_DIRS; dir++) {
		if (f->fds[dir] != -1)
			close(f->fds[dir]);
		f->fds[dir] = -1;
	}
	names_free(&f->names);
	f->next = 0;
	f->listed = false;
}

void
mail_folder_free(struct mail_folder *f)
{
	mail_folder_rest(f);
	free(f->path);
	free(f->prefix);
}

/* The index of the first name of l behind key. */
static size_t
index_behind(const struct names *l, const char *key)
{
	size_t i = names_find(l, key);

	return i < l->n && strcmp(l->keys[i], key) == 0 ? i + 1 : i;
}

int
maildir_look_again(struct maildir *md, struct mail_folder *f, const char *key,
    size_t *at, struct err *err)
{
	struct names fresh;
	size_t next = 0;
	int found;

	if (md->looked_again > 0 &&
	    md->looked_again + f->names.n > LOOK_AGAIN_NAMES)
		return err_set(err, ERR_TEMPORARY,
		    "%s: changes faster than it can be listed", f->path);
	if (read_names(f, &fresh, err) == -1)
		return -1;
	md->looked_again += fresh.n + 1;
	if (f->next > 0)
		next = index_behind(&fresh, f->names.keys[f->next - 1]);
	*at = names_find(&fresh, key);
	found = *at < fresh.n && strcmp(fresh.keys[*at], key) == 0;
	/* Not earlier: key may lie in the old list. */
	names_free(&f->names);
	f->names = fresh;
	f->next = next;
	return found;
}
