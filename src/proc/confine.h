/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_PROC_CONFINE_H
#define TLSTALLY_PROC_CONFINE_H

#include "base/err.h"

/*
 * For a process that talks with the network by libraries of others, which open
 * sockets, start threads and read authorities as they go: it gives up, for
 * good, all else.  No file can be written, made, renamed or removed, and none
 * read but authorities and what libraries read of the system (Landlock, where
 * the kernel has it); no program can be started, no process made, traced or
 * signalled, nothing listened to, no memory made executable (libseccomp).
 * What is forbidden fails with EPERM.  For a stricter one see sandbox.h.
 */

/* Enters, with threads of later times; libraries must have been loaded.
 * readable is one more file that may be read, or "".  Returns 0, or -1 with
 * ERR_UNAVAILABLE.  Does nothing in a build with sanitizers. */
int confine_enter(const char *readable, struct err *err);

#endif
