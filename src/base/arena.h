/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_ARENA_H
#define TLSTALLY_BASE_ARENA_H

#include <stddef.h>

/*
 * An arena: memory that is handed out piece by piece and freed at once.
 * Whatever is decoded from one message lives in one arena.  A reset keeps
 * the first chunk, so that a run over many small messages allocates nothing.
 */
struct arena;

/* Returns an arena whose first chunk holds about size bytes. */
struct arena *arena_new(size_t size);
void arena_free(struct arena *a);

/* Forgets everything that was handed out; keeps the first chunk. */
void arena_reset(struct arena *a);

/* Returns how many bytes are handed out, slack included. */
size_t arena_used(const struct arena *a);

/* Returns size bytes, aligned for pointers and 64-bit integers, not cleared. */
void *arena_alloc(struct arena *a, size_t size);

/* As arena_alloc for n elements, cleared; checks the product. */
void *arena_calloc(struct arena *a, size_t n, size_t size);

/* Returns a NUL-terminated copy of the len bytes at s, which may be NULL when
 * len is 0. */
char *arena_strndup(struct arena *a, const char *s, size_t len);

/* Returns a copy of s, or NULL for NULL. */
char *arena_strdup(struct arena *a, const char *s);

/* Returns a formatted string. */
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
