/* SPDX-License-Identifier: ISC */

/*
 * A window that slides over an mbox.  Every byte is read once and looked at
 * once for the ends of lines, whatever the file holds: lines without end,
 * messages over the limit and files without a single line end included.
 */

#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "source/from_line.h"
#include "source/input.h"
#include "source/mbox_window.h"

/* How much is read at a time. */
#define STEP ((size_t)256 << 10)

#define FROM	 "From "
#define FROM_LEN (sizeof(FROM) - 1)

void
mbox_window_init(struct mbox_window *w, int fd, off_t end, size_t limit)
{
	memset(w, 0, sizeof(*w));
	w->fd = fd;
	w->end = end;
	w->limit = limit;
	/* A message at the limit, its "From " line, and a step ahead. */
	w->data.cap = limit + 2 * STEP;
}

void
mbox_window_free(struct mbox_window *w)
{
	buf_free(&w->data);
}

/* Drops what lies before the message, and with it the memory that a large
 * one took. */
static void
slide(struct mbox_window *w)
{
	struct buf *d = &w->data, small = {.cap = d->cap};
	size_t left = d->len - w->start;

	if (d->size > INPUT_KEEP && left <= STEP) {
		buf_append(&small, d->data + w->start, left);
		buf_free(d);
		*d = small;
	} else {
		memmove(d->data, d->data + w->start, left);
		d->len = left;
	}
	w->offset += (off_t)w->start;
	w->scan -= w->start;
	w->start = 0;
}

/* Reads the next step.  Returns 1, 0 at the end, or -1 with errno set. */
static int
read_ahead(struct mbox_window *w)
{
	struct buf *d = &w->data;
	size_t room = STEP;
	off_t left;
	ssize_t n;

	if (w->start > 0)
		slide(w);
	left = w->end - w->offset - (off_t)d->len;
	if (left == 0)
		return 0;
	if ((uintmax_t)left < room)
		room = (size_t)left;
	buf_reserve(d, room);
	do
		n = read(w->fd, d->data + d->len, room);
	while (n == -1 && errno == EINTR);
	if (n == 0)
		errno = 0;
	if (n <= 0)
		return -1;
	d->len += (size_t)n;
	return 1;
}

/* True for a line that matches ^>+From . */
static bool
is_quoted(const char *line, size_t len)
{
	size_t i = 0;

	while (i < len && line[i] == '>')
		i++;
	return i > 0 && len - i >= FROM_LEN &&
	    memcmp(line + i, FROM, FROM_LEN) == 0;
}

/* Looks at a line from its beginning.  Returns true if a message begins with
 * it. */
static bool
look_at_line(struct mbox_window *w, const char *line, size_t len)
{
	int64_t date;

	if (w->blank && line[0] == FROM[0] &&
	    from_line_parse((struct span){line, len}, &date))
		return true;
	if (line[0] == '>' && is_quoted(line, len))
		w->quoted = true;
	w->blank = line[0] == '\n' || (len == 2 && line[0] == '\r');
	return false;
}

/* A line that has no end in sight.  A long one is no "From " line, so that
 * it need not be kept and looked at again: only its end matters now. */
static bool
look_at_tail(struct mbox_window *w, bool at_end)
{
	const char *line = w->data.data + w->scan;
	size_t len = w->data.len - w->scan;

	if (len == 0 || (len <= FROM_LINE_MAX && !at_end))
		return false;
	if (!w->in_line && look_at_line(w, line, len))
		return true;
	w->in_line = true;
	w->scan = w->data.len;
	return false;
}

/* Moves scan to the next message's beginning, and returns true, or to where
 * more must be read. */
static bool
scan_lines(struct mbox_window *w, bool at_end)
{
	const struct buf *d = &w->data;
	const char *line, *nl;
	size_t len;

	while (w->scan < d->len) {
		line = d->data + w->scan;
		nl = memchr(line, '\n', d->len - w->scan);
		if (nl == NULL)
			return look_at_tail(w, at_end);
		len = (size_t)(nl + 1 - line);
		if (w->in_line)
			w->blank = false;
		else if (look_at_line(w, line, len))
			return true;
		w->in_line = false;
		w->scan += len;
	}
	return false;
}

/* Runs over the rest of an oversize message, of which nothing is kept.
 * Returns 0 or -1. */
static int
skip_rest(struct mbox_window *w)
{
	int rc = 1;

	while (rc == 1) {
		if (scan_lines(w, false))
			break;
		w->start = w->scan;
		rc = read_ahead(w);
	}
	if (rc == 0)
		scan_lines(w, true);
	w->start = w->scan;
	w->skipping = false;
	return rc == -1 ? -1 : 0;
}

/* Gets the whole line at start into sight, if it can be a "From " line.
 * Returns 1, 0 when there is nothing any more, or -1. */
static int
see_from_line(struct mbox_window *w)
{
	int rc = 1;

	while (rc == 1 && w->data.len - w->start <= FROM_LINE_MAX)
		rc = read_ahead(w);
	return rc == -1 ? -1 : w->data.len > w->start;
}

/* Reads the line at start, and returns its length: 0 for one that is too long,
 * which only the first of a file can be, and which is left to the message. */
static size_t
take_from_line(const struct mbox_window *w, int64_t *received)
{
	const char *line = w->data.data + w->start, *nl;
	size_t len = w->data.len - w->start;

	*received = TIME_NONE;
	if (len > FROM_LINE_MAX + 1)
		len = FROM_LINE_MAX + 1;
	nl = memchr(line, '\n', len);
	if (nl != NULL)
		len = (size_t)(nl + 1 - line);
	if (len > FROM_LINE_MAX)
		return 0;
	from_line_parse((struct span){line, len}, received);
	return len;
}

/* Moves scan from behind the message's "From " line to the next message, or
 * to where it is plain that this one is oversize. */
static int
find_end(struct mbox_window *w, size_t head)
{
	int rc = 1;

	w->scan = w->start + head;
	w->in_line = w->blank = w->quoted = false;
	while (!scan_lines(w, rc == 0)) {
		if (w->scan - w->start - head > w->limit + FROM_LINE_MAX) {
			w->skipping = true;
			return 0;
		}
		if (rc == 0)
			return 0;
		rc = read_ahead(w);
		if (rc == -1)
			return -1;
	}
	return 0;
}

/* Returns len without the empty line that separates two messages. */
static size_t
trim_separator(const char *p, size_t len)
{
	size_t n = 0;

	if (len > 0 && p[len - 1] == '\n')
		n = len > 1 && p[len - 2] == '\r' ? 2 : 1;
	if (n > 0 && (len == n || p[len - n - 1] == '\n'))
		len -= n;
	return len;
}

/* Takes one '>' from every quoted line; in place. */
static size_t
unquote(char *p, size_t len)
{
	size_t in = 0, out = 0, n;
	const char *nl;

	while (in < len) {
		nl = memchr(p + in, '\n', len - in);
		n = nl == NULL ? len - in : (size_t)(nl + 1 - (p + in));
		if (is_quoted(p + in, n)) {
			in++;
			n--;
		}
		memmove(p + out, p + in, n);
		in += n;
		out += n;
	}
	return out;
}

/* Makes bytes out of what lies between head and scan. */
static void
cut_message(struct mbox_window *w, size_t head, struct mbox_message *m)
{
	char *p = w->data.data + w->start + head;
	size_t len = trim_separator(p, w->scan - w->start - head);

	if (len > w->limit) {
		m->oversize = true;
		len = w->limit;
	} else if (w->quoted) {
		len = unquote(p, len);
	}
	m->bytes = (struct span){p, len};
}

int
mbox_window_next(struct mbox_window *w, struct mbox_message *m)
{
	size_t head;
	int rc;

	memset(m, 0, sizeof(*m));
	if (w->skipping && skip_rest(w) == -1)
		return -1;
	rc = see_from_line(w);
	if (rc != 1)
		return rc;
	m->offset = w->offset + (off_t)w->start;
	head = take_from_line(w, &m->received);
	if (find_end(w, head) == -1)
		return -1;
	/* Reading ahead has moved the message to the window's beginning, so
	 * that start is looked at only now. */
	cut_message(w, head, m);
	if (!w->skipping)
		w->start = w->scan;
	return 1;
}
