/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_SOURCE_INPUT_H
#define TLSTALLY_SOURCE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/sha256.h"
#include "source/source.h"

/*
 * Reading one message that is a file or a stream of its own.
 */

/* A read buffer keeps so much between two messages; what a larger message
 * took is given back. */
#define INPUT_KEEP ((size_t)1 << 20)

/* Opens the regular file name below dirfd (or AT_FDCWD) and fills *st.  Does
 * not wait for a pipe's other end.  Returns the descriptor, or -1 with errno
 * set: ENOENT when it is not there, EINVAL when it is no regular file. */
int input_open(int dirfd, const char *name, struct stat *st);

/* Lets reading fd leave its access time alone, as far as the owner may ask
 * for that: by it a mail reader tells an mbox that has new mail. */
void input_spare_atime(int fd);

/* Reads fd to its end into b, whose old content and cap are dropped.  size
 * is how much to expect, or -1 if unknown.  Returns 0; or 1 when there is
 * more than cap, and b holds the first cap bytes, and behind them in data the
 * next one; or -1 with errno set. */
int input_read(int fd, off_t size, size_t cap, struct buf *b);

/* Writes all of len bytes to fd.  Returns 0, or -1 with errno set. */
int input_write(int fd, const char *data, size_t len);

/* Writes what is left to read of in to out.  Returns 0, or -1 with errno
 * set. */
int input_pass(int in, int out);

/* Makes a message of what b holds, under the SHA-256 of its bytes, which is
 * written to key.  over is what input_read returned: an oversize message is
 * known by the bytes up to the limit, and not given. */
void input_message(struct message *m, const struct buf *b, bool over,
    char key[SHA256_HEX_SIZE]);

#endif
