/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_DIAL_H
#define TLSTALLY_NET_DIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Connects to host (a name, or an address; IPv6 with or without brackets) by
 * TCP, trying its addresses one after the other, within timeout_ms for each and
 * twice that for all. loopback_only: if one of them is not the machine's own
 * loopback, none is tried.  The look-up has the system's own time-outs. Returns
 * a descriptor that does not block, close-on-exec, TCP_NODELAY; or -1 with
 * ERR_UNAVAILABLE (no such host, nobody listens), ERR_TEMPORARY (the name
 * server does not answer) or ERR_REFUSED (not loopback); the text begins with
 * "HOST:PORT: " and says of each address why it failed. */
int dial(const char *host, uint16_t port, int timeout_ms, bool loopback_only,
    struct err *err);

#endif
