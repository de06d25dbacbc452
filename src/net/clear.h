/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_CLEAR_H
#define TLSTALLY_NET_CLEAR_H

#include "net/tls.h"

/*
 * Clear text on a socket that does not block, read and written as tls_read
 * and tls_write do: the same results, and *want says what to poll for.
 */

ssize_t clear_read(
    int fd, void *buf, size_t len, enum tls_want *want, struct err *err);
ssize_t clear_write(
    int fd, const void *buf, size_t len, enum tls_want *want, struct err *err);

#endif
