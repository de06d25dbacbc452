/* SPDX-License-Identifier: ISC */

/*
 * The splitter of mailboxes, against a plain one that has all the bytes at
 * once: where reading is cut makes no difference, every byte belongs to one
 * message, and the bound on a message holds.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/date.h"
#include "fuzz.h"
#include "source/from_line.h"
#include "source/mbox_window.h"

/* Low enough for a small input to exceed. */
#define LIMIT_LOW  100
#define LIMIT_HIGH ((size_t)1 << 20)

/* What a pipe has room for, in packets and in bytes each. */
#define PACKETS	   120
#define PACKET_MAX 4096
#define SIZE_ALL   ((size_t)PACKETS * PACKET_MAX / 2)

/* The plain reader's place and the message that it found. */
struct plain {
	struct span all;
	size_t at;
	size_t offset;
	bool oversize;
	int64_t received;
	struct buf bytes;
};

static struct span
line_at(struct span all, size_t at)
{
	const char *nl = memchr(all.p + at, '\n', all.len - at);
	size_t end = nl != NULL ? (size_t)(nl + 1 - all.p) : all.len;

	return (struct span){all.p + at, end - at};
}

static bool
is_blank(struct span line)
{
	return span_equal(line, SPAN("\n")) || span_equal(line, SPAN("\r\n"));
}

static bool
is_quoted(struct span line)
{
	size_t n = 0;

	while (n < line.len && line.p[n] == '>')
		n++;
	return n > 0 && line.len - n >= 5 &&
	    memcmp(line.p + n, "From ", 5) == 0;
}

/* Takes the bytes of a message from begin to end, without the last line if
 * that is empty, and without quoting. */
static void
plain_take(struct plain *p, size_t begin, size_t end, size_t limit)
{
	struct span line;
	size_t at, last = begin;

	for (at = begin; at < end; at += line.len) {
		line = line_at((struct span){p->all.p, end}, at);
		last = at;
	}
	if (last < end && is_blank((struct span){p->all.p + last, end - last}))
		end = last;
	p->oversize = end - begin > limit;
	p->bytes.len = 0;
	p->bytes.cap = SIZE_ALL;
	if (p->oversize) {
		buf_append(&p->bytes, p->all.p + begin, limit);
		return;
	}
	for (at = begin; at < end; at += line.len) {
		line = line_at((struct span){p->all.p, end}, at);
		buf_append(&p->bytes, line.p + is_quoted(line),
		    line.len - is_quoted(line));
	}
}

static bool
plain_next(struct plain *p, size_t limit)
{
	struct span line;
	size_t begin;
	int64_t date;
	bool blank = false;

	if (p->at == p->all.len)
		return false;
	p->offset = p->at;
	line = line_at(p->all, p->at);
	p->received = TIME_NONE;
	from_line_parse(line, &p->received);
	if (line.len <= FROM_LINE_MAX)
		p->at += line.len;
	begin = p->at;
	while (p->at < p->all.len) {
		line = line_at(p->all, p->at);
		if (blank && from_line_parse(line, &date))
			break;
		blank = is_blank(line);
		p->at += line.len;
	}
	plain_take(p, begin, p->at, limit);
	return true;
}

/* Where to cut is taken from the bytes themselves. */
static uint32_t
next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 16;
}

/* How much comes with the next read: about most, or up to the end of a line
 * or behind it, where it is most likely to matter. */
static size_t
next_piece(struct span rest, size_t most, uint32_t *seed)
{
	size_t n = most / 2 + 1 + next_random(seed) % most;
	const char *nl;

	if (n > PACKET_MAX)
		n = PACKET_MAX;
	if (n >= rest.len)
		return rest.len;
	nl = memchr(rest.p + n, '\n', rest.len - n);
	if (next_random(seed) % 2 == 0 && nl != NULL &&
	    nl - rest.p < PACKET_MAX)
		n = (size_t)(nl - rest.p) + next_random(seed) % 2;
	return n;
}

/* Returns the read end of a pipe, of which each read gets one packet. */
static int
cut_into_packets(struct span all, uint32_t seed)
{
	size_t at, n, most = all.len * 2 / PACKETS + 1;
	int fds[2];

	check(pipe2(fds, O_DIRECT | O_NONBLOCK) == 0);
	check(fcntl(fds[1], F_SETPIPE_SZ, PACKETS * PACKET_MAX) != -1);
	for (at = 0; at < all.len; at += n) {
		n = next_piece(
		    (struct span){all.p + at, all.len - at}, most, &seed);
		check(write(fds[1], all.p + at, n) == (ssize_t)n);
	}
	close(fds[1]);
	return fds[0];
}

static void
check_same(const struct mbox_message *m, const struct plain *p)
{
	check(m->offset == (off_t)p->offset);
	check(m->received == p->received);
	check(m->oversize == p->oversize);
	check(m->bytes.len == p->bytes.len);
	check(m->bytes.len == 0 ||
	    memcmp(m->bytes.p, p->bytes.data, m->bytes.len) == 0);
}

/* Splits all with reads cut by seed.  missing bytes are promised beyond the
 * end of the file, which then fails in the end. */
static void
split(struct span all, size_t limit, uint32_t seed, size_t missing)
{
	struct plain plain = {.all = all};
	struct mbox_window w;
	struct mbox_message m;
	int fd = cut_into_packets(all, seed), rc;

	mbox_window_init(&w, fd, (off_t)(all.len + missing), limit);
	while ((rc = mbox_window_next(&w, &m)) == 1) {
		check(plain_next(&plain, limit));
		check_same(&m, &plain);
		check(w.data.len <= w.data.cap);
	}
	if (missing > 0)
		check(rc == -1 && errno == 0);
	else
		check(rc == 0 && !plain_next(&plain, limit));
	mbox_window_free(&w);
	buf_free(&plain.bytes);
	close(fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span all = {size > 0 ? (const char *)data : "", size};
	uint32_t seed = (uint32_t)size;
	size_t i;

	if (size > SIZE_ALL)
		return 0;
	for (i = 0; i < size; i++)
		seed = (seed ^ data[i]) * 16777619;
	split(all, LIMIT_HIGH, seed, 0);
	split(all, LIMIT_LOW, seed + 1, 0);
	split(all, LIMIT_LOW, seed + 2, 1);
	return 0;
}
