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
 * open, connect, start and signal nothing, bounds on memory, no capabilities,
 * no core dump.
 *
 * A call that libraries are known to make, and can do without, fails with
 * EPERM; any other that is not on the list kills the process.
 */
#if defined(__SANITIZE_ADDRESS__)
#define SANDBOX_IS_REAL 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANDBOX_IS_REAL 0
#endif
#endif
#ifndef SANDBOX_IS_REAL
#define SANDBOX_IS_REAL 1 /* 0: a build with sanitizers */
#endif

struct sandbox {
	size_t memory_bytes; /* of data, from now on in all (RLIMIT_DATA); 0:
				no bound */
	const int *keep;     /* descriptors that stay open, in any order; all
				others, but standard error, are closed */
	size_t nkeep;
	bool talks; /* with a server, by TLS and SASL, which ask for time,
		       sleep and user; false: only what computing takes */
};

/* Enters the sandbox, in a process of one thread.  Libraries must have loaded
 * by then what they load when they are first used: modules, trust stores,
 * locales.  No more descriptors can be had later, nor memory that code could
 * run in.  Returns 0, or -1 with ERR_UNAVAILABLE and the reason: half of it
 * may be in force then, and the caller must not go on as if nothing had
 * happened. */
int sandbox_enter(const struct sandbox *s, struct err *err);

/* What a sandbox is made of in this build and on this kernel, for people:
 * "seccomp and Landlock", "seccomp", or "none (sanitizers)": a build with
 * sanitizers needs calls that no sandbox grants. */
const char *sandbox_backend(void);

#endif
