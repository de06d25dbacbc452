/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_PROC_CHILD_H
#define TLSTALLY_PROC_CHILD_H

#include <sys/types.h>

/*
 * What every process that we fork does first, and what we do last with it.
 */

/* In a child: it dies with the thread that forked it, also if that is dead
 * already; parent is the process that called fork.  Returns 0, or -1 with
 * errno. */
int child_tie_to(pid_t parent);

/* Waits for a child that has ended or is about to.  Returns its status, as
 * waitpid(2) gives it; 0 if somebody else has waited for it. */
int child_wait(pid_t pid);

#endif
