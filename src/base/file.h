/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_FILE_H
#define TLSTALLY_BASE_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/* Reads fd to its end and appends it to b; waits for a pipe, even one that is
 * non-blocking.  Returns 0, or -1 with ERR_BOUND (b's cap), ERR_IO and the
 * like, and b's length as it was. */
int file_read_fd(int fd, struct buf *b, struct err *err);

/* Reads the regular file at path, relative to dirfd (or AT_FDCWD), behind
 * what b holds.  Never blocks on a pipe or device: those are ERR_DATA.  A
 * file that is not there is ERR_VANISHED. */
int file_read_at(int dirfd, const char *path, struct buf *b, struct err *err);

/* Writes all len bytes.  Returns 0, or -1 with err set by errno. */
int file_write(int fd, const void *data, size_t len, struct err *err);

/* Makes the directory at path and its missing parents, each with mode, less
 * the umask.  One that is there already is left as it is. */
int file_make_dirs(const char *path, mode_t mode, struct err *err);

/* Forces a directory's entries to the disk. */
int file_sync_dir(const char *path, struct err *err);

#endif
