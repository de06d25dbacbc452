/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TESTS_NET_KIT_H
#define TLSTALLY_TESTS_NET_KIT_H

#include <stddef.h>
#include <sys/types.h>

#include "net/link.h"

/* Servers for the tests of net/, each at the other end of a socket pair. */

/* The path of a file that tests/pki.sh made; in a static buffer.  Skips the
 * test if there is none. */
const char *net_kit_pki(const char *name);

/* Makes a pair of stream sockets; the first does not block. */
void net_kit_pair(int fds[2]);

/* A server with TLS, in a process of its own. */
struct net_kit_peer {
	int fd; /* our end */
	int report;
	pid_t pid;
};

/* Starts one that does as tests/unit/tls_peer.py says of mode, with a
 * certificate by its name in tests/pki.sh. */
struct net_kit_peer net_kit_serve(const char *mode, const char *cert);

/* Waits until the server ends, which it does when our end is closed, and
 * returns what it has to say, in a static buffer. */
const char *net_kit_report(struct net_kit_peer *peer);

/* The fingerprint of a certificate by its name in tests/pki.sh, in a static
 * buffer. */
const char *net_kit_fingerprint(const char *cert);

#endif
