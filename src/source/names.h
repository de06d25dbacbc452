/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_SOURCE_NAMES_H
#define TLSTALLY_SOURCE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * The names in one or more directories, sorted.  They lie in one piece of
 * memory, and an index points into it: 10 bytes a name beside the name
 * itself.  What leads with a dot is never listed, nor what is neither file
 * nor link nor (if asked for) directory.
 *
 * A name is kept under its key.  With NAME_SPLIT that is what stands before
 * the first ':', where a Maildir keeps the flags of a mail; else it is the
 * name.
 */
struct names {
	char *pool;
	size_t len;
	size_t size;
	char **keys; /* sorted as bytes, no two alike; after names_sort */
	size_t n;
};

enum name_bits {
	NAME_CUR = 1,	/* the caller's: from a Maildir's cur */
	NAME_SPLIT = 2, /* has something behind a ':' */
	NAME_DIRS = 4,	/* a directory, for certain */
	NAME_CHECK = 8	/* a link, or a file system that does not tell */
};

/* Appends the names of the directory fd.  bits holds NAME_CUR to mark each,
 * NAME_SPLIT to split them and NAME_DIRS to list directories, too.  Returns
 * 0, or -1: ERR_BOUND for more than ENTRIES_MAX, or by errno. */
int names_read(struct names *l, int fd, unsigned bits, struct err *err);

/* Sorts what was read.  Of equal keys one is kept, if possible with
 * NAME_CUR: it was moved there while we looked, or is a left-over twin. */
void names_sort(struct names *l);

/* The enum name_bits of a name. */
unsigned names_bits(const char *key);

/* Writes the whole file name to out. */
#define NAMES_FILE_SIZE 256
void names_file(const char *key, char out[NAMES_FILE_SIZE]);

/* The index of the first name whose key is not below key. */
size_t names_find(const struct names *l, const char *key);

/* Forgets and frees all; the list may be used again. */
void names_free(struct names *l);

#endif
