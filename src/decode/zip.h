/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_ZIP_H
#define TLSTALLY_DECODE_ZIP_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/*
 * libarchive, for unpack.c alone, and of it the zip reader only.  Nothing of
 * it runs before the first zip comes.
 */
struct zip_reading {
	size_t max_entries;
	size_t max_bytes; /* of all entries together */
	size_t bytes;	  /* what they came to, to be started with 0 */
	const char *law;  /* the limit that max_bytes comes from */
	struct buf *data; /* holds one entry after the other */
	int (*fn)(void *arg, const char *name, struct span data);
	void *arg;
};

/* Gives every regular file of the archive to r->fn, until that returns other
 * than 0.  Returns 0, or -1 with ERR_DATA or ERR_BOUND. */
int zip_read(struct span in, struct zip_reading *r, struct err *err);

/* The version of the library behind it. */
const char *zip_library_version(void);

#endif
