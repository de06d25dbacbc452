/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_SOURCE_MBOX_H
#define TLSTALLY_SOURCE_MBOX_H

#include "base/err.h"

/* How long to wait for another program's lock: a delivery holds it for
 * moments, a mail reader that writes its changes back for some seconds. */
#define MBOX_LOCK_MS 10000

/* Locks fd for reading until close(2) or mbox_unlock.  Returns 0, also where
 * the file system has no locks, or -1 with ERR_TEMPORARY when another
 * program holds a write lock for all of wait_ms. */
int mbox_lock(int fd, int wait_ms, struct err *err);
void mbox_unlock(int fd);

#endif
