/* SPDX-License-Identifier: ISC */

/*
 * Reads an mbox.  It is locked for reading, by fcntl(2) as every delivery
 * agent does it, and only what is there at that moment is read: thus no mail
 * is seen that is still being written, and none moves while it is read.  The
 * lock is held as long as there is something to read, some seconds for the
 * largest mailbox, and deliveries wait so long.
 *
 * The key of a message is its offset and a hash of its bytes.  A message
 * that was cut short, by a writer that knows no locks, has another hash when
 * it is whole, and is read again then.  When a mail reader rewrites the file
 * the offsets change, and the store finds by their content that the reports
 * are the same.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/die.h"
#include "source/driver.h"
#include "source/input.h"
#include "source/mbox.h"
#include "source/mbox_window.h"

/* How long to sleep between two tries to lock. */
#define LOCK_STEP_MS 50

/* Locks of an open file are better than those of a process: closing another
 * descriptor of the same file does not drop them. */
#ifdef F_OFD_SETLK
#define SETLK F_OFD_SETLK
#else
#define SETLK F_SETLK
#endif

/* An offset, ':' and 16 digits, with the NUL. */
#define KEY_SIZE (20 + 1 + 16 + 1)

/* ", message N (byte N)", with the NUL. */
#define PLACE_SIZE 80

struct mbox {
	int fd; /* -1 when all was read */
	struct mbox_window window;
	size_t number; /* of messages found */
	int64_t changed;
	char key[KEY_SIZE];
	struct buf locator;
};

int
mbox_lock(int fd, int wait_ms, struct err *err)
{
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
	int waited = 0;

	while (fcntl(fd, SETLK, &lock) == -1) {
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EACCES)
			return 0;
		if (waited >= wait_ms)
			return err_set(
			    err, ERR_TEMPORARY, "locked by another program");
		poll(NULL, 0, LOCK_STEP_MS);
		waited += LOCK_STEP_MS;
	}
	return 0;
}

void
mbox_unlock(int fd)
{
	struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};

	(void)fcntl(fd, SETLK, &lock);
}

/* An empty file holds no message, and so does an empty mbox. */
static bool
claims(const struct source_place *place)
{
	return place->begins_from || place->st.st_size == 0;
}

static int
mbox_open(struct source *s, struct err *err)
{
	struct mbox *mb = xcalloc(1, sizeof(*mb));
	struct stat st;

	s->state = mb;
	mb->fd = input_open(AT_FDCWD, s->name, &st);
	if (mb->fd == -1)
		return err_errno(err, "%s", s->name);
	input_spare_atime(mb->fd);
	if (mbox_lock(mb->fd, MBOX_LOCK_MS, err) == -1)
		return err_prefix(err, "%s", s->name);
	/* The size counts from the moment of the lock. */
	if (fstat(mb->fd, &st) == -1)
		return err_errno(err, "%s", s->name);
	mb->changed = st.st_mtime;
	mbox_window_init(
	    &mb->window, mb->fd, st.st_size, s->config.limits->message_bytes);
	return 0;
}

static void
shut(struct mbox *mb)
{
	if (mb->fd == -1)
		return;
	/* A child that was forked meanwhile would keep the lock. */
	mbox_unlock(mb->fd);
	close(mb->fd);
	mb->fd = -1;
}

/* Written out, for compilers make one load of this. */
static uint64_t
load64(const unsigned char *p)
{
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
	    (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
	    (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

/*
 * A hash in the manner of MurmurHash64A, 10 times as fast as SHA-256, which
 * would take more time for a mail than everything else.  It has to tell the
 * mail at an offset from the one that comes to stand there when the file is
 * rewritten.  Who can make collisions can make two mails of his own pass for
 * one; not another's, whose bytes he cannot know beforehand.
 *
 * Line ends at the end do not count: how many a message is given depends on
 * whether there is a next one yet.
 */
static uint64_t
hash_message(struct span s)
{
	const uint64_t mul = UINT64_C(0xc6a4a7935bd1e995);
	unsigned char tail[8] = {0};
	const unsigned char *p = (const unsigned char *)s.p;
	uint64_t h, k;
	size_t left;

	while (s.len > 0 && (s.p[s.len - 1] == '\n' || s.p[s.len - 1] == '\r'))
		s.len--;
	h = s.len * mul;
	for (left = s.len; left >= 8; left -= 8, p += 8) {
		k = load64(p) * mul;
		k ^= k >> 47;
		h = (h ^ k * mul) * mul;
	}
	memcpy(tail, p, left);
	h = (h ^ load64(tail)) * mul;
	h = (h ^ h >> 47) * mul;
	return h ^ h >> 47;
}

static void
fill_message(
    struct source *s, const struct mbox_message *from, struct message *m)
{
	struct mbox *mb = s->state;
	char place[PLACE_SIZE];

	snprintf(place, sizeof(place), ", message %zu (byte %jd)", mb->number,
	    (intmax_t)from->offset);
	m->locator = source_join(&mb->locator, s->name, place, "");
	m->key = mb->key;
	m->oversize = from->oversize;
	if (!from->oversize) {
		m->bytes = from->bytes.p;
		m->len = from->bytes.len;
	}
	m->received =
	    from->received == TIME_NONE ? mb->changed : from->received;
}

static int
read_failed(struct source *s, struct err *err)
{
	if (errno != 0)
		return err_errno(err, "%s", s->name);
	return err_set(err, ERR_TEMPORARY,
	    "%s: was made shorter while it was read", s->name);
}

static int
mbox_next(struct source *s, struct message *m, bool *fatal, struct err *err)
{
	struct mbox *mb = s->state;
	struct mbox_message found;
	int rc = 0;

	while (mb->fd != -1) {
		rc = mbox_window_next(&mb->window, &found);
		if (rc != 1)
			break;
		mb->number++;
		snprintf(mb->key, sizeof(mb->key), "%jd:%016" PRIx64,
		    (intmax_t)found.offset, hash_message(found.bytes));
		if (source_is_known(s, mb->key))
			continue;
		s->progress.done++;
		fill_message(s, &found, m);
		return 1;
	}
	*fatal = rc == -1;
	if (rc == -1)
		read_failed(s, err);
	shut(mb);
	return rc;
}

static void
mbox_close(struct source *s)
{
	struct mbox *mb = s->state;

	if (mb == NULL)
		return;
	shut(mb);
	mbox_window_free(&mb->window);
	buf_free(&mb->locator);
	free(mb);
}

const struct source_driver mbox_driver = {
    .name = "mbox",
    .claims = claims,
    .open = mbox_open,
    .next = mbox_next,
    .close = mbox_close,
};
