/* SPDX-License-Identifier: ISC */

/*
 * What libetpan reads and writes: our own link, verified before libetpan
 * sees a byte of it, and guarded.  libetpan's own streams verify nobody.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imap/etpan.h"

/* What libetpan asks for at once. */
#define STREAM_BYTES ((size_t)16 << 10)

/* A command with the one that is sent ahead: names of folders are short. */
#define BOTH_BYTES 4096

/* Never returns 0: within a literal libetpan would ask for ever. */
static ssize_t
stream_read(mailstream_low *low, void *buf, size_t len)
{
	struct session *s = low->data;
	struct err err;
	ssize_t got;

	if (s->guard_err.code != ERR_NONE)
		return -1;
	if (*s->preload != '\0') {
		got = (ssize_t)strnlen(s->preload, len);
		memcpy(buf, s->preload, (size_t)got);
		s->preload += got;
	} else {
		got = link_read(s->link, buf, len, &err);
	}
	if (got == -1 ||
	    guard_feed(&s->guard, buf, (size_t)got, &s->guard_err) == -1)
		return -1;
	return got;
}

/* True if a command is whole: it neither goes on, nor waits for the server to
 * take a literal. */
static bool
is_whole(const char *command, size_t len)
{
	return len >= 3 && memcmp(command + len - 2, "\r\n", 2) == 0 &&
	    command[len - 3] != '}';
}

/* Puts a command into text, and what follows it.  Returns their length; 0 if
 * they do not go together. */
static size_t
put_both(struct session *s, char text[BOTH_BYTES], const void *buf, size_t len)
{
	/* libetpan counts its commands. */
	int n = snprintf(s->ahead, sizeof(s->ahead), "%d %s\r\n",
	    s->imap->imap_tag + 1, s->follow);

	s->follow = NULL;
	if (!is_whole(buf, len) || n < 0 || (size_t)n >= sizeof(s->ahead) ||
	    len + (size_t)n > BOTH_BYTES)
		return 0;
	s->nahead = (size_t)n;
	memcpy(text, buf, len);
	memcpy(text + len, s->ahead, s->nahead);
	return len + s->nahead;
}

/* What has gone ahead does not go again. */
static int
hold_back(struct session *s, const void *buf, size_t len)
{
	if (len != s->nahead || memcmp(buf, s->ahead, len) != 0)
		return err_set(&s->guard_err, ERR_UNAVAILABLE,
		    "another command was sent ahead");
	s->nahead = 0;
	return 0;
}

static ssize_t
stream_write(mailstream_low *low, const void *buf, size_t len)
{
	struct session *s = low->data;
	char text[BOTH_BYTES];
	struct err err;
	size_t n = 0;
	int rc;

	if (s->guard_err.code != ERR_NONE)
		return -1;
	if (s->follow != NULL)
		n = put_both(s, text, buf, len);
	if (n > 0)
		rc = link_write(s->link, text, n, &err);
	else if (s->nahead > 0)
		rc = hold_back(s, buf, len);
	else
		rc = link_write(s->link, buf, len, &err);
	return rc == -1 ? -1 : (ssize_t)len;
}

/* The link is closed by who made it. */
static int
stream_close(mailstream_low *low)
{
	(void)low;
	return 0;
}

/* Nobody may poll past the link. */
static int
stream_fd(mailstream_low *low)
{
	(void)low;
	return -1;
}

static void
stream_free(mailstream_low *low)
{
	free(low);
}

static void
stream_cancel(mailstream_low *low)
{
	(void)low;
}

static struct mailstream_cancel *
stream_no_cancel(mailstream_low *low)
{
	(void)low;
	return NULL;
}

static carray *
stream_no_chain(mailstream_low *low)
{
	(void)low;
	return NULL;
}

/* libetpan takes a pointer to what it does not change. */
static mailstream_low_driver driver = {
    .mailstream_read = stream_read,
    .mailstream_write = stream_write,
    .mailstream_close = stream_close,
    .mailstream_get_fd = stream_fd,
    .mailstream_free = stream_free,
    .mailstream_cancel = stream_cancel,
    .mailstream_get_cancel = stream_no_cancel,
    .mailstream_get_certificate_chain = stream_no_chain,
};

mailstream *
stream_new(struct session *s)
{
	mailstream_low *low = mailstream_low_new(s, &driver);
	mailstream *stream;

	if (low == NULL)
		return NULL;
	stream = mailstream_new(low, STREAM_BYTES);
	if (stream == NULL)
		mailstream_low_free(low);
	return stream;
}
