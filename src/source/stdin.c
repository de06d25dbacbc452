/* SPDX-License-Identifier: ISC */

/*
 * Standard input: one message, whatever it looks like, but not an mbox.  A
 * delivery agent may put a "From " line in front; it is passed on, for the MIME
 * reader takes no offence, and the key must be that of the bytes as they came.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "source/driver.h"
#include "source/from_line.h"
#include "source/input.h"

struct standard_input {
	struct buf bytes;
	char key[SHA256_HEX_SIZE];
	bool done;
	bool over; /* there is more to read than bytes holds */
};

static bool
claims(const struct source_place *place)
{
	return strcmp(place->path, "-") == 0;
}

static int
stdin_open(struct source *s, struct err *err)
{
	(void)err;
	s->state = xcalloc(1, sizeof(struct standard_input));
	s->progress.total = 1;
	return 0;
}

/* Is the line before the one at p empty? */
static bool
follows_empty_line(const char *start, const char *p)
{
	size_t n = (size_t)(p - start);

	return (n >= 2 && p[-2] == '\n') ||
	    (n >= 3 && p[-2] == '\r' && p[-3] == '\n');
}

/* Does another message begin in the bytes?  Each one of an mbox is headed by
 * a "From " line, and an empty line stands before it. */
static bool
is_mbox(struct span bytes)
{
	static const char start[] = "\nFrom ";
	const char *p = bytes.p, *end = p + bytes.len, *eol;
	struct span line;
	int64_t received;

	if (!span_starts(bytes, "From "))
		return false;
	while ((p = memmem(p, (size_t)(end - p), start, sizeof(start) - 1)) !=
	    NULL) {
		p++;
		eol = memchr(p, '\n', (size_t)(end - p));
		line.p = p;
		line.len = (size_t)((eol != NULL ? eol : end) - p);
		if (follows_empty_line(bytes.p, p) &&
		    from_line_parse(line, &received))
			return true;
	}
	return false;
}

static int
stdin_next(struct source *s, struct message *m, bool *fatal, struct err *err)
{
	struct standard_input *in = s->state;
	int over;

	if (in->done)
		return 0;
	in->done = true;
	over = input_read(
	    STDIN_FILENO, -1, s->config.limits->message_bytes, &in->bytes);
	if (over == -1) {
		*fatal = true;
		return err_errno(err, "standard input");
	}
	in->over = over == 1;
	input_message(m, &in->bytes, in->over, in->key);
	m->several = is_mbox((struct span){m->bytes, m->len});
	if (source_is_known(s, m->key))
		return 0;
	s->progress.done++;
	m->locator = "standard input";
	m->received = (int64_t)time(NULL);
	return 1;
}

static int
stdin_copy(struct source *s, int fd, struct err *err)
{
	struct standard_input *in = s->state;
	/* One byte more was read to know that there is more. */
	size_t len = in->bytes.len + (in->over ? 1 : 0);

	if (input_write(fd, in->bytes.data, len) == -1 ||
	    (in->over && input_pass(STDIN_FILENO, fd) == -1))
		return err_errno(err, "cannot copy standard input");
	return 0;
}

static void
stdin_close(struct source *s)
{
	struct standard_input *in = s->state;

	if (in == NULL)
		return;
	buf_free(&in->bytes);
	free(in);
}

const struct source_driver stdin_driver = {
    .name = "stdin",
    .claims = claims,
    .open = stdin_open,
    .next = stdin_next,
    .copy = stdin_copy,
    .close = stdin_close,
};
