/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_PROC_FRAME_H
#define TLSTALLY_PROC_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/fields.h"

/*
 * Messages between processes that do not trust one another.  A frame is one
 * packet on a socket pair of type SOCK_SEQPACKET: it arrives whole or not at
 * all, so that a process that dies in the middle of a sentence leaves no
 * half of one behind.  A byte says what it is, fields follow: integers in
 * the order of the machine (both ends run on it), strings and bytes with
 * their length.
 *
 * Whoever reads a frame reads it field by field.  A field that is not there,
 * or not what it should be, reads as 0 or "", and marks the frame as bad;
 * one look at frame_is_whole in the end is enough.
 */

/* A frame with its kind; what a socket's send buffer has room for. */
#define FRAME_BYTES_MAX ((size_t)64 << 10)

/* A frame without its kind. */
#define FRAME_REST_MAX (FRAME_BYTES_MAX - 1)

/* Descriptor of a helper program's end of the socket pair. */
#define FRAME_HELPER_FD 3

/* Too large for a stack that others share; frame_begin and frame_receive set
 * it up, whatever it held. */
struct frame {
	uint8_t kind;
	unsigned char bytes[FRAME_REST_MAX]; /* behind the kind */
	struct fields
	    fields; /* what of bytes is in use, and how far it was
		       read; bad: malformed, or over FRAME_BYTES_MAX */
};

/* ---- writing ---- */

/* Empties the frame and says what it will be. */
void frame_begin(struct frame *f, uint8_t kind);
void frame_put_u8(struct frame *f, uint8_t v);
void frame_put_u32(struct frame *f, uint32_t v);
void frame_put_u64(struct frame *f, uint64_t v);

/* Puts a string, with its length and the NUL behind it.  NULL goes as "". */
void frame_put_string(struct frame *f, const char *s);

/* Puts bytes with their length. */
void frame_put_bytes(struct frame *f, const void *p, size_t len);

/* Puts bytes without a length, for frame_get_rest: nothing may follow. */
void frame_put_rest(struct frame *f, const void *p, size_t len);

/* Sends the frame, waiting as long as it takes for room.  Returns 0, or -1
 * with ERR_UNAVAILABLE when nobody listens any more, ERR_BOUND when it became
 * too large, or what err_errno makes of the system's no. */
int frame_send(int fd, const struct frame *f, struct err *err);

/* Sends a frame of that kind that holds nothing but these bytes, without a
 * length: frame_get_rest reads them.  len is at most FRAME_REST_MAX, else it
 * is ERR_BOUND.  Nothing is copied on the way to the kernel. */
int frame_send_rest(
    int fd, uint8_t kind, const void *p, size_t len, struct err *err);

/* The same without waiting, for at most FRAME_REST_MAX bytes.  Returns 1; 0
 * when there is no room for the frame now; or -1 as frame_send does. */
int frame_try_send_rest(
    int fd, uint8_t kind, const void *p, size_t len, struct err *err);

/* ---- reading ---- */

/* Receives a frame, waiting up to timeout_ms (-1: for ever).  Returns 1; 0
 * when the other end is closed and all it said has been read; -1 with
 * ERR_TEMPORARY when time is up, ERR_DATA for a packet that is no frame: one
 * that is empty, over FRAME_BYTES_MAX, or comes with descriptors (which are
 * not let in); or what err_errno makes of the system's no. */
int frame_receive(int fd, struct frame *f, int timeout_ms, struct err *err);

uint8_t frame_get_u8(struct frame *f);
uint32_t frame_get_u32(struct frame *f);
uint64_t frame_get_u64(struct frame *f);

/* An integer from least to most; another is bad. */
uint32_t frame_get_within(struct frame *f, uint32_t least, uint32_t most);

/* True for 1, false for 0; anything else is bad. */
bool frame_get_bool(struct frame *f);

/* A string, in the frame's memory.  One that holds a NUL, or is not UTF-8,
 * is bad. */
const char *frame_get_string(struct frame *f);

/* The same; one with control characters is bad. */
const char *frame_get_line(struct frame *f);

/* Bytes, in the frame's memory; never NULL. */
const void *frame_get_bytes(struct frame *f, size_t *len);

/* All that is left; never NULL. */
const void *frame_get_rest(struct frame *f, size_t *len);

/* How many bytes are left to read; 0 in a bad frame. */
size_t frame_left(const struct frame *f);

/* True if every field was there and nothing is left over. */
bool frame_is_whole(const struct frame *f);

/* ---- errors ---- */

/* Puts code and text; bytes of the text that are no UTF-8 become '?'. */
void frame_put_err(struct frame *f, const struct err *err);

/* Reads them.  An unknown code, or ERR_NONE, is bad. */
void frame_get_err(struct frame *f, struct err *err);

#endif
