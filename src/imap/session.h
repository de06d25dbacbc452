/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_IMAP_SESSION_H
#define TLSTALLY_IMAP_SESSION_H

#include <stdbool.h>

#include "net/tls.h"
#include "proc/imap_wire.h"

/*
 * A session with an IMAP server, in a process of its own that ends with it.
 */
struct session_start {
	const struct account *account;
	const char *secret; /* kept: it is taken out of what is quoted */
	const struct tls_trust *trust; /* NULL for clear text */
	int fd;			       /* connected, does not block */
	struct allowance allowance;    /* up to the login */
	bool may_be_stale; /* if the login is refused for the token, end
			      with SESSION_STALE and say nothing */
};

/* The exit statuses of the process. */
#define SESSION_OVER	 0 /* its last word was said */
#define SESSION_STALE	 10
#define SESSION_CONFUSED 11 /* it was asked what is no question */

/* Becomes the session: confines itself, verifies the server, logs in, and
 * answers what is asked on FRAME_HELPER_FD until it is told to quit, the
 * session is lost or nobody asks any more. */
_Noreturn void session_run(const struct session_start *start);

/* Puts LOST with what err says, less the "HOST:PORT: " that connections put in
 * front of it: tlstally names the account. */
void session_put_lost(struct frame *f, const struct account *account,
    const struct err *why, bool again);

#endif
