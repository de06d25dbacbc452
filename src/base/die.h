/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_DIE_H
#define TLSTALLY_BASE_DIE_H

#include <stddef.h>
#include <stdio.h>

/*
 * The end of the program, for what no caller could mend: no memory, or an
 * invariant of our own that does not hold.  Both leave with EX_TEMPFAIL or
 * EX_SOFTWARE, so that a delivery agent keeps the mail.  Input from outside
 * never leads here.
 */

/* Says the text on standard error and leaves with 70 (EX_SOFTWARE). */
void die(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Allocation that cannot fail: without memory the program leaves with 75
 * (EX_TEMPFAIL).  The caller frees with free(3). */
void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
char *xstrdup(const char *s);

/* Grows to hold n elements of size bytes each; checks the product. */
void *xreallocarray(void *p, size_t n, size_t size);

/* A stream whose text comes to stand in *text, *len bytes and a NUL, when it
 * is ended; open_memstream(3) that cannot fail. */
FILE *xmemstream(char **text, size_t *len);
void xmemstream_end(FILE *stream);

#endif
