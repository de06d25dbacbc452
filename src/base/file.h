/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_FILE_H
#define TLSTALLY_BASE_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/* Makes the directory at path and its missing parents, each with mode, less
 * the umask.  One that is there already is left as it is. */
int file_make_dirs(const char *path, mode_t mode, struct err *err);

/* Cuts a path down to the directory it is in, in place; false when there is
 * none above. */
bool file_go_up(char *path);

/* Sets ERR_REFUSED if anybody may put something else in the place of path: if
 * everybody may write a directory on the way to it, given or real, and that has
 * not the sticky bit.  Returns 0 or -1. */
int file_check_place(const char *path, struct err *err);

/* Forces a directory's entries to the disk. */
int file_sync_dir(const char *path, struct err *err);

/* Forces the way to path, a new file or folder, to the disk: the entries of
 * the directory that it is in, and of those above, any of which may be new as
 * well.  Those above the nearest that may not be opened, which leaves
 * ERR_REFUSED, are passed over: they are not ours to have made. */
int file_sync_way(const char *path, struct err *err);

#endif
