/* SPDX-License-Identifier: ISC */

/*
 * An arena of chunks.  Chunks grow with what is asked of them, so that a
 * huge report costs few chunks and a small one none beyond the first.
 */

#include "config.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/die.h"

/* Chunks double up to this size; beyond it, doubling would only add slack. */
#define CHUNK_MAX ((size_t)1 << 20)

/* What every piece is aligned for but a string. */
union word {
	void *pointer;
	int64_t number;
};

struct chunk {
	struct chunk *next;
	size_t size;
	size_t used;
	max_align_t data[];
};

struct arena {
	struct chunk *head;  /* the one that is being filled */
	struct chunk *first; /* the one that a reset keeps */
	size_t grow;
};

static struct chunk *
chunk_new(size_t size)
{
	struct chunk *c;

	if (size > SIZE_MAX - sizeof(*c))
		die("arena: %zu bytes asked for", size);
	c = xmalloc(sizeof(*c) + size);
	c->next = NULL;
	c->size = size;
	c->used = 0;
	return c;
}

struct arena *
arena_new(size_t size)
{
	struct arena *a = xmalloc(sizeof(*a));

	a->first = a->head = chunk_new(size);
	a->grow = size;
	return a;
}

void
arena_reset(struct arena *a)
{
	struct chunk *c, *next;

	for (c = a->head; c != a->first; c = next) {
		next = c->next;
		free(c);
	}
	a->head = a->first;
	a->head->used = 0;
	a->grow = a->first->size;
}

size_t
arena_used(const struct arena *a)
{
	const struct chunk *c;
	size_t sum = a->first->used;

	for (c = a->head; c != a->first; c = c->next)
		sum += c->size;
	return sum;
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	arena_reset(a);
	free(a->first);
	free(a);
}

/* Returns size bytes at the next multiple of align, a power of two. */
static void *
alloc_aligned(struct arena *a, size_t size, size_t align)
{
	struct chunk *c = a->head;
	size_t at = (c->used + align - 1) & ~(align - 1);

	if (at > c->size || size > c->size - at) {
		if (a->grow < CHUNK_MAX)
			a->grow *= 2;
		c = chunk_new(size > a->grow ? size : a->grow);
		c->next = a->head;
		a->head = c;
		at = 0;
	}
	c->used = at + size;
	return (char *)c->data + at;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	return alloc_aligned(a, size, _Alignof(union word));
}

void *
arena_calloc(struct arena *a, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		die("arena: %zu times %zu bytes asked for", n, size);
	return memset(arena_alloc(a, n * size), 0, n * size);
}

char *
arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *p;

	if (len == SIZE_MAX)
		die("arena: %zu bytes asked for", len);
	p = alloc_aligned(a, len + 1, 1);
	if (len > 0)
		memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return s == NULL ? NULL : arena_strndup(a, s, strlen(s));
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0)
		die("arena: bad format");
	p = alloc_aligned(a, (size_t)len + 1, 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)len + 1, fmt, ap);
	va_end(ap);
	return p;
}
