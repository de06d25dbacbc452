/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_SOURCE_MBOX_WINDOW_H
#define TLSTALLY_SOURCE_MBOX_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * A window that slides over an mbox and finds one message after the other.
 * It holds the message that was found and what was read ahead, no more; a
 * message is not copied, but lies in the window.
 *
 * A message begins at a "From " line: at the start of the file, or behind an
 * empty line and with a date in it.  Before a line that matches ^>+From one
 * '>' is taken away: that undoes the quoting of mboxrd.  In an mboxo, where
 * only "From " was quoted, it may take one '>' too many from a line that was
 * a quotation already; no line of JSON, base64 or a header looks so, thus
 * no report is changed by it, and nothing in a file tells the two apart.
 */
struct mbox_window {
	int fd;
	off_t end;	 /* nothing behind this is read */
	size_t limit;	 /* of a message's bytes */
	off_t offset;	 /* where in the file the window begins */
	struct buf data; /* what is in sight */
	size_t start;	 /* in data: the message, and later the next one */
	size_t scan;	 /* in data: the line that is looked at next */
	bool in_line;	 /* scan stands within a long line */
	bool blank;	 /* the line before was empty */
	bool quoted;	 /* the message has a line to unquote */
	bool skipping;	 /* the rest of an oversize message is still to come */
};

struct mbox_message {
	off_t offset;	   /* of its "From " line in the file */
	struct span bytes; /* what is behind that line, without the empty line
			      that separates it from the next */
	bool oversize;	   /* bytes are the first ones, up to the limit */
	int64_t received;  /* of the "From " line; or TIME_NONE */
};

/* Makes a window on fd, which stays the caller's and stands at its start, as
 * far as end. */
void mbox_window_init(struct mbox_window *w, int fd, off_t end, size_t limit);
void mbox_window_free(struct mbox_window *w);

/* Finds the next message.  Returns 1 with *m filled, whose bytes stay until
 * the next call; 0 at the end; -1 with errno set, to 0 when the file is
 * shorter than it was. */
int mbox_window_next(struct mbox_window *w, struct mbox_message *m);

#endif
