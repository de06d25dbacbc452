/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_BUF_H
#define TLSTALLY_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/*
 * A byte buffer that grows up to a cap.  It is plain data: set cap, leave
 * the rest zero, and call buf_free in the end.  It can be reset and used
 * again, which keeps its memory.
 */
struct buf {
	char *data; /* NULL until something is put in */
	size_t len;
	size_t size; /* allocated */
	size_t cap;  /* len never exceeds it */
};

/* Makes room for more bytes behind len; data is not NULL then, even if more
 * is 0.  Returns 0, or -1 when that would exceed the cap; nothing is changed
 * then. */
int buf_reserve(struct buf *b, size_t more);

/* Appends len bytes, which are not b's own.  Returns 0, or -1 when over the
 * cap; data may be NULL when len is 0.  In the header, since most pieces are
 * small and find room. */
static inline int
buf_append(struct buf *b, const void *data, size_t len)
{
	size_t room = b->size < b->cap ? b->size : b->cap;

	if (len == 0)
		return 0;
	if ((b->len > room || len > room - b->len) && buf_reserve(b, len) == -1)
		return -1;
	memcpy(b->data + b->len, data, len);
	b->len += len;
	return 0;
}

/* Puts a NUL behind the content, not counted in len or cap, and returns the
 * content as a string. */
char *buf_string(struct buf *b);

/* Forgets the content; memory over keep bytes is given back. */
void buf_reset(struct buf *b, size_t keep);
void buf_free(struct buf *b);

#endif
