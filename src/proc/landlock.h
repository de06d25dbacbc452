/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_PROC_LANDLOCK_H
#define TLSTALLY_PROC_LANDLOCK_H

#include <stdbool.h>

/*
 * Landlock: the kernel keeps from a process what it has given up, whichever
 * system call it tries.  Older kernels know less of it, or nothing, which is
 * no error: see landlock_is_there.
 */

/* False if the kernel has none, or it may not be used. */
bool landlock_is_there(void);

/* Makes a set of rules by which all is forbidden that this kernel can forbid:
 * files; abstract sockets and signals of others; and, with network, to bind
 * and to connect TCP.  Returns a descriptor, or -1 with errno. */
int landlock_new(bool network);

/* Allows in the set to read a file, or a folder with all that is in it.  One
 * that is not there is left out.  Returns 0, or -1 with errno. */
int landlock_allow_reading(int rules, const char *path);

/* Enters the set, for good, and closes it.  Returns 0, or -1 with errno. */
int landlock_enter(int rules);

#endif
