/* SPDX-License-Identifier: ISC */

/*
 * The end of the program, and allocation that ends it.  No memory is
 * EX_TEMPFAIL: nothing was acknowledged, so a later try loses nothing.
 */

#include "config.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/die.h"

void
die(const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	dprintf(STDERR_FILENO, "tlstally: internal error: %s\n", text);
	/* No flush: half of an output is worse than none, and what a child
	 * inherited in its buffers is its parent's to write. */
	_exit(EX_SOFTWARE);
}

static void
no_memory(void)
{
	static const char text[] = "tlstally: out of memory\n";
	ssize_t n = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)n;
	_exit(EX_TEMPFAIL);
}

void *
xmalloc(size_t size)
{
	void *p = malloc(size > 0 ? size : 1);

	if (p == NULL)
		no_memory();
	return p;
}

void *
xcalloc(size_t n, size_t size)
{
	void *p = calloc(n > 0 ? n : 1, size > 0 ? size : 1);

	if (p == NULL)
		no_memory();
	return p;
}

void *
xreallocarray(void *p, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		no_memory();
	p = realloc(p, n * size > 0 ? n * size : 1);
	if (p == NULL)
		no_memory();
	return p;
}

char *
xstrdup(const char *s)
{
	size_t size = strlen(s) + 1;

	return memcpy(xmalloc(size), s, size);
}

FILE *
xmemstream(char **text, size_t *len)
{
	FILE *stream;

	*text = NULL;
	stream = open_memstream(text, len);
	if (stream == NULL)
		no_memory();
	return stream;
}

void
xmemstream_end(FILE *stream)
{
	if (fclose(stream) == EOF)
		no_memory();
}
