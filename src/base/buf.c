/* SPDX-License-Identifier: ISC */

/*
 * A byte buffer that grows up to a cap.  One byte more than asked for is
 * always allocated, so that a NUL can stand behind the content.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"

/* A first allocation below this would only be grown at once. */
#define FIRST_SIZE 4096

int
buf_reserve(struct buf *b, size_t more)
{
	size_t need, size;

	if (b->len > b->cap || more > b->cap - b->len)
		return -1;
	need = b->len + more;
	if (b->data != NULL && need <= b->size)
		return 0;
	size = b->size * 2 > FIRST_SIZE ? b->size * 2 : FIRST_SIZE;
	if (size < need)
		size = need;
	if (size > b->cap)
		size = b->cap;
	b->data = xreallocarray(b->data, size + 1, 1);
	b->size = size;
	return 0;
}

char *
buf_string(struct buf *b)
{
	if (b->data == NULL)
		b->data = xmalloc(1);
	b->data[b->len] = '\0';
	return b->data;
}

void
buf_reset(struct buf *b, size_t keep)
{
	b->len = 0;
	if (b->size > keep)
		buf_free(b);
}

void
buf_free(struct buf *b)
{
	free(b->data);
	b->data = NULL;
	b->len = b->size = 0;
}
