/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_LINK_H
#define TLSTALLY_NET_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "net/tls.h"

/*
 * A connection that cannot keep us waiting or fill us up: in clear text or
 * under TLS, with a time-out for silence, a deadline for the whole of what
 * is done, and a budget of bytes that the peer may send.  The first failure
 * stays: whatever is tried later fails with the same words.
 */
struct link;

/* Takes over fd, a socket that does not block.  host and port are for messages
 * ("HOST:PORT: ..."), and host for the certificate.  A read or a write fails
 * when for silence_ms nothing arrives or fits. */
struct link *link_new(int fd, const char *host, uint16_t port, int silence_ms);
void link_free(struct link *l); /* says farewell under TLS, closes */

/* From now on: total_ms until the deadline, and bytes for the peer to send
 * (UINT64_MAX: no bound).  What TLS needs for itself is not counted.  Without
 * a call there is neither. */
void link_allow(struct link *l, int64_t total_ms, uint64_t bytes);

/* Puts off the deadline: ms passed in which we ourselves were busy. */
void link_forgive(struct link *l, int64_t ms);

/* How many ms are left to the deadline, at least 0; INT64_MAX without one. */
int64_t link_time_left(const struct link *l);

/* Negotiates TLS and verifies the peer, once, in silence_ms in all and before
 * the deadline.  The trust must outlive the connection.  After something was
 * read in clear text, bytes that wait unread (injected behind an answer to
 * STARTTLS) are refused with ERR_REFUSED.  Returns 0, or -1 as
 * tls_handshake. */
int link_start_tls(
    struct link *l, const struct tls_trust *trust, struct err *err);
bool link_has_tls(const struct link *l);

/* Reads at least a byte, up to len, which is not 0.  Returns how many, never
 * 0; or -1: ERR_TEMPORARY for silence, deadline, broken or closed connection;
 * ERR_BOUND for the first byte over the budget. */
ssize_t link_read(struct link *l, void *buf, size_t len, struct err *err);

/* Writes all.  Returns 0 or -1. */
int link_write(struct link *l, const void *buf, size_t len, struct err *err);

/* Reads a line byte by byte, so that nothing behind it is taken, into buf
 * without its CRLF or LF and with a NUL.  Returns its length, or -1; ERR_BOUND
 * for a line that does not fit, ERR_DATA for one with a NUL. */
ssize_t link_read_line(struct link *l, char *buf, size_t size, struct err *err);

/* The first failure, or NULL. */
const struct err *link_failure(const struct link *l);

#endif
