/* SPDX-License-Identifier: ISC */

/*
 * A file that is one message: a saved mail, bare JSON, gzip or zip.  Which
 * of these it is, the decoder finds out.
 */

#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "source/driver.h"
#include "source/input.h"

struct file {
	int fd; /* -1 once it was read */
	struct stat st;
	struct buf bytes;
	char key[SHA256_HEX_SIZE];
};

static bool
claims(const struct source_place *place)
{
	(void)place;
	return true;
}

static int
file_open(struct source *s, struct err *err)
{
	struct file *f = xcalloc(1, sizeof(*f));

	s->state = f;
	s->progress.total = 1;
	f->fd = input_open(AT_FDCWD, s->name, &f->st);
	return f->fd == -1 ? err_errno(err, "%s", s->name) : 0;
}

static void
shut(struct file *f)
{
	if (f->fd != -1)
		close(f->fd);
	f->fd = -1;
}

static int
file_next(struct source *s, struct message *m, bool *fatal, struct err *err)
{
	struct file *f = s->state;
	int over;

	if (f->fd == -1)
		return 0;
	over = input_read(
	    f->fd, f->st.st_size, s->config.limits->message_bytes, &f->bytes);
	if (over == -1) {
		*fatal = true;
		err_errno(err, "%s", s->name);
	}
	shut(f);
	if (over == -1)
		return -1;
	input_message(m, &f->bytes, over == 1, f->key);
	if (source_is_known(s, m->key))
		return 0;
	s->progress.done++;
	m->locator = s->name;
	m->name = strrchr(s->name, '/') + 1;
	m->received = f->st.st_mtime;
	return 1;
}

static void
file_close(struct source *s)
{
	struct file *f = s->state;

	if (f == NULL)
		return;
	shut(f);
	buf_free(&f->bytes);
	free(f);
}

const struct source_driver file_driver = {
    .name = "file",
    .claims = claims,
    .open = file_open,
    .next = file_next,
    .close = file_close,
};
