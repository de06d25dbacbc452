/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_FILE_H
#define TLSTALLY_BASE_FILE_H

#include <sys/types.h>

#include "base/err.h"

/* Makes the directory at path and its missing parents, each with mode, less
 * the umask.  One that is there already is left as it is. */
int file_make_dirs(const char *path, mode_t mode, struct err *err);

/* Forces a directory's entries to the disk. */
int file_sync_dir(const char *path, struct err *err);

#endif
