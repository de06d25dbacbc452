/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_ATOMIC_FILE_H
#define TLSTALLY_OUTPUT_ATOMIC_FILE_H

#include <stdio.h>

#include "base/err.h"

/*
 * Where an output goes: standard output, or a file that is there whole or
 * not at all: written beside its place, forced to the disk, then renamed.
 */
struct atomic_file;

/* Opens a temporary file beside path, or standard output when path is NULL
 * or "-".  A path that is no regular file (/dev/null, a pipe) is written
 * straight.  Returns 0, or -1 with err set. */
int atomic_file_open(
    struct atomic_file **out, const char *path, struct err *err);

/* Where to write. */
FILE *atomic_file_stream(struct atomic_file *f);

/* Puts the file in its place, with the rights of the one that it replaces.
 * Frees f.  Returns 0, or -1 with err set; the old file stays then, unless
 * all that failed is to force its new name to the disk. */
int atomic_file_commit(struct atomic_file *f, struct err *err);

/* Removes what was written.  Frees f. */
void atomic_file_abandon(struct atomic_file *f);

#endif
