/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_PROC_HELPER_H
#define TLSTALLY_PROC_HELPER_H

#include <sys/types.h>

#include "base/err.h"

/*
 * Helper programs: started when needed, from a folder that the build fixed
 * ($libexecdir/tlstally, or that of the environment variable
 * TLSTALLY_LIBEXEC, unless we run with the rights of another), and spoken to in
 * frames over a socket pair.
 */
struct helper {
	pid_t pid; /* 0: none */
	int fd;	   /* our end of the socket pair, SOCK_SEQPACKET, close-on-exec;
		      -1: none */
};

/* Starts the helper program of that name, without a shell and without
 * arguments.  It finds its end of the socket pair as FRAME_HELPER_FD, keeps
 * standard error and the controlling terminal, has /dev/null as standard
 * input and output, no other descriptor, no signal blocked, the default for
 * SIGPIPE and SIGXFSZ (which we may ignore), and dies with the thread that
 * called.  Returns 0; or -1 with ERR_UNAVAILABLE if it is not installed (the
 * text names the path looked for) or cannot be started, ERR_TEMPORARY without
 * memory, processes or descriptors; *h is without a process then. */
int helper_start(struct helper *h, const char *name, struct err *err);

/* Closes the socket, gives the helper grace_ms to end, then kills it, and
 * waits for it.  Leaves *h without a process; may be called again.  Does
 * nothing to one without a process. */
void helper_end(struct helper *h, int grace_ms);

#endif
