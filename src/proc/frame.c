/* SPDX-License-Identifier: ISC */

/*
 * Frames: packets of fields between processes.  Everything that is read is
 * judged as if a stranger had written it; once a field was bad, all that
 * follow read as nothing, so that no reader runs on in the wrong place.
 * A string has a NUL behind it on the wire, to be a C string where it lies.
 */

#include "config.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/clock.h"
#include "base/span.h"
#include "base/utf8.h"
#include "proc/frame.h"

void
frame_begin(struct frame *f, uint8_t kind)
{
	f->kind = kind;
	f->fields = fields_of(f->bytes, 0);
}

/* Fields are written into the frame's bytes, as a buffer that is as large as
 * it can be. */
static struct fields_out
begin_put(struct frame *f, struct buf *b)
{
	*b = (struct buf){.data = (char *)f->bytes,
	    .len = f->fields.len,
	    .size = sizeof(f->bytes),
	    .cap = sizeof(f->bytes)};
	return (struct fields_out){.buf = b, .over = f->fields.bad};
}

static void
end_put(struct frame *f, const struct fields_out *o)
{
	f->fields.len = o->buf->len;
	f->fields.bad = o->over;
}

void
frame_put_u8(struct frame *f, uint8_t v)
{
	struct buf b;
	struct fields_out o = begin_put(f, &b);

	fields_put_u8(&o, v);
	end_put(f, &o);
}

void
frame_put_u32(struct frame *f, uint32_t v)
{
	struct buf b;
	struct fields_out o = begin_put(f, &b);

	fields_put_u32(&o, v);
	end_put(f, &o);
}

void
frame_put_u64(struct frame *f, uint64_t v)
{
	struct buf b;
	struct fields_out o = begin_put(f, &b);

	fields_put_u64(&o, v);
	end_put(f, &o);
}

void
frame_put_string(struct frame *f, const char *s)
{
	struct buf b;
	struct fields_out o = begin_put(f, &b);

	fields_put_string(&o, s);
	end_put(f, &o);
}

void
frame_put_bytes(struct frame *f, const void *p, size_t len)
{
	struct buf b;
	struct fields_out o = begin_put(f, &b);

	fields_put_bytes(&o, p, len);
	end_put(f, &o);
}

void
frame_put_rest(struct frame *f, const void *p, size_t len)
{
	struct buf b;
	struct fields_out o = begin_put(f, &b);

	fields_put_rest(&o, p, len);
	end_put(f, &o);
}

/* Waits until something of events is there.  Returns what poll does. */
static int
wait_for(int fd, short events, int timeout_ms, short *revents)
{
	struct pollfd p = {.fd = fd, .events = events};
	int n = poll(&p, 1, timeout_ms);

	*revents = p.revents;
	return n;
}

/* Sends a kind and bytes from where they are, as one packet.  Returns 1, 0
 * when there is no room for it now, or -1. */
static int
try_packet(int fd, uint8_t kind, struct span bytes, int how, struct err *err)
{
	union {
		const void *from;
		void *base;
	} p = {.from = bytes.p}; /* sendmsg only reads */
	struct iovec iov[] = {{&kind, 1}, {p.base, bytes.len}};
	struct msghdr msg = {
	    .msg_iov = iov, .msg_iovlen = bytes.len > 0 ? 2 : 1};

	while (sendmsg(fd, &msg, MSG_NOSIGNAL | how) == -1) {
		if (errno == EAGAIN)
			return 0;
		if (errno == EPIPE || errno == ECONNRESET)
			return err_set(err, ERR_UNAVAILABLE,
			    "the process at the other end is gone");
		if (errno != EINTR)
			return err_errno(err, "cannot send to a process");
	}
	return 1;
}

/* The same, waiting for room. */
static int
send_packet(int fd, uint8_t kind, struct span bytes, struct err *err)
{
	short revents;
	int rc;

	while ((rc = try_packet(fd, kind, bytes, 0, err)) == 0)
		wait_for(fd, POLLOUT, -1, &revents);
	return rc == 1 ? 0 : -1;
}

int
frame_send(int fd, const struct frame *f, struct err *err)
{
	if (f->fields.bad)
		return err_set(err, ERR_BOUND,
		    "what is to be said takes over %zu bytes", FRAME_BYTES_MAX);
	return send_packet(fd, f->kind,
	    (struct span){(const char *)f->bytes, f->fields.len}, err);
}

int
frame_send_rest(
    int fd, uint8_t kind, const void *p, size_t len, struct err *err)
{
	if (len > FRAME_REST_MAX)
		return err_set(err, ERR_BOUND,
		    "what is to be said takes over %zu bytes", FRAME_BYTES_MAX);
	return send_packet(fd, kind, (struct span){p, len}, err);
}

int
frame_try_send_rest(
    int fd, uint8_t kind, const void *p, size_t len, struct err *err)
{
	return try_packet(fd, kind, (struct span){p, len}, MSG_DONTWAIT, err);
}

/* Waits for a packet or the end.  Returns 0 or -1. */
static int
wait_readable(int fd, int timeout_ms, struct err *err)
{
	int64_t until = clock_ms() + timeout_ms, left;
	short revents;
	int n;

	for (;;) {
		left = timeout_ms < 0 ? -1 : until - clock_ms();
		if (timeout_ms >= 0 && left < 0)
			left = 0;
		n = wait_for(fd, POLLIN, (int)left, &revents);
		if (n == 0)
			return err_set(err, ERR_TEMPORARY,
			    "no answer from a process in %d ms", timeout_ms);
		if (n == 1)
			return 0;
		if (errno != EINTR)
			return err_errno(err, "cannot wait for a process");
	}
}

/* True if the other end is closed: then a packet of no bytes is the end, else
 * somebody sent one. */
static bool
is_hung(int fd)
{
	short revents;

	return wait_for(fd, POLLIN | POLLRDHUP, 0, &revents) == 1 &&
	    (revents & (POLLHUP | POLLRDHUP)) != 0;
}

/* Receives a packet into the frame: its size, 0 at the end, or -1.  Without
 * room for control data no descriptor comes in, and the kernel says so in
 * *flags. */
static ssize_t
receive_packet(int fd, struct frame *f, int how, int *flags)
{
	struct iovec iov[] = {{&f->kind, 1}, {f->bytes, sizeof(f->bytes)}};
	struct msghdr msg = {.msg_iov = iov, .msg_iovlen = 2};
	ssize_t n;

	/* A process that dies without having read all resets the connection:
	 * the error comes once, and its last words behind it. */
	do {
		n = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC | how);
	} while (n == -1 && (errno == EINTR || errno == ECONNRESET));
	*flags = msg.msg_flags;
	return n;
}

int
frame_receive(int fd, struct frame *f, int timeout_ms, struct err *err)
{
	int flags = 0;
	ssize_t n;

	frame_begin(f, 0);
	/* In a stream of them the next is there most often. */
	n = receive_packet(fd, f, MSG_DONTWAIT, &flags);
	if (n == -1 && errno == EAGAIN) {
		if (wait_readable(fd, timeout_ms, err) == -1)
			return -1;
		n = receive_packet(fd, f, 0, &flags);
	}
	if (n == -1)
		return err_errno(err, "cannot receive from a process");
	if (n == 0 && is_hung(fd))
		return 0;
	if (n == 0 || (flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
		f->kind = 0;
		return err_set(
		    err, ERR_DATA, "a process said what is no frame");
	}
	f->fields.len = (size_t)n - 1;
	return 1;
}

/* A frame may have been copied as a whole: its fields are those in it. */
static struct fields *
fields_in(struct frame *f)
{
	f->fields.p = f->bytes;
	return &f->fields;
}

size_t
frame_left(const struct frame *f)
{
	return fields_left(&f->fields);
}

uint8_t
frame_get_u8(struct frame *f)
{
	return fields_u8(fields_in(f));
}

uint32_t
frame_get_u32(struct frame *f)
{
	return fields_u32(fields_in(f));
}

uint64_t
frame_get_u64(struct frame *f)
{
	return fields_u64(fields_in(f));
}

uint32_t
frame_get_within(struct frame *f, uint32_t least, uint32_t most)
{
	uint32_t v = frame_get_u32(f);

	if (v >= least && v <= most)
		return v;
	f->fields.bad = true;
	return 0;
}

bool
frame_get_bool(struct frame *f)
{
	return fields_bool(fields_in(f));
}

const char *
frame_get_string(struct frame *f)
{
	return fields_string(fields_in(f), FRAME_REST_MAX);
}

const char *
frame_get_line(struct frame *f)
{
	const char *s = frame_get_string(f), *p;

	for (p = s; *p != '\0'; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f) {
			f->fields.bad = true;
			return "";
		}
	}
	return s;
}

const void *
frame_get_bytes(struct frame *f, size_t *len)
{
	return fields_bytes(fields_in(f), len);
}

const void *
frame_get_rest(struct frame *f, size_t *len)
{
	return fields_rest(fields_in(f), len);
}

bool
frame_is_whole(const struct frame *f)
{
	return fields_are_whole(&f->fields);
}

/* ---- errors ---- */

/* A text may hold what a server said: bytes that are no UTF-8 go as '?'. */
void
frame_put_err(struct frame *f, const struct err *err)
{
	char text[ERR_TEXT_MAX];
	size_t len = strnlen(err->text, sizeof(text) - 1), at = 0;

	memcpy(text, err->text, len);
	text[len] = '\0';
	while ((at += utf8_valid_prefix(text + at, len - at)) < len)
		text[at] = '?';
	frame_put_u8(f, (uint8_t)err->code);
	frame_put_string(f, text);
}

void
frame_get_err(struct frame *f, struct err *err)
{
	uint8_t code = frame_get_u8(f);
	const char *text = frame_get_string(f);

	if (code == ERR_NONE || code > ERR_VANISHED)
		f->fields.bad = true;
	if (f->fields.bad) {
		err_set(err, ERR_DATA, "a failure that makes no sense");
		return;
	}
	err_set(err, (enum err_code)code, "%s", text);
}
