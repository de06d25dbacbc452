/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_PROC_SANDBOX_H
#define TLSTALLY_PROC_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * A process gives up, for good, all that it does not need to read and write
 * the descriptors that it has open already: no file system (Landlock, where
 * the kernel has it), a short list of system calls (libseccomp) that lets it
 * open, connect, start and signal nothing, bounds on memory, no core dump.
 *
 * A call that libraries are known to make, and can do without, fails with
 * EPERM; any other that is not on the list kills the process.
 */
struct sandbox {
	size_t memory_bytes; /* of data, from now on in all (RLIMIT_DATA); 0:
				no bound */
	const int *keep;     /* descriptors that stay open; all others, but
				standard error, are closed */
	size_t nkeep;
};

/* Enters the sandbox.  Returns 0, or -1 with ERR_UNAVAILABLE and the reason:
 * the caller must not go on as if nothing had happened. */
int sandbox_enter(const struct sandbox *s, struct err *err);

/* What a sandbox is made of in this build and on this kernel, for people:
 * "seccomp and Landlock", "seccomp", or "none (sanitizers)": a build with
 * sanitizers needs calls that no sandbox grants. */
const char *sandbox_backend(void);

#endif
