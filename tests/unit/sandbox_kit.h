/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TEST_SANDBOX_KIT_H
#define TLSTALLY_TEST_SANDBOX_KIT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "proc/sandbox.h"

/* Children that enter the sandbox and then do one thing. */

/* What a child leaves with. */
enum { DONE = 0, NO_SANDBOX = 90, NOT_STOPPED = 91 };

/* Kept in every child: a socket to itself. */
extern int sandbox_kit_kept[2];

/* Starts a child that runs it within. */
pid_t sandbox_kit_start(int (*run)(void), size_t memory_bytes, bool talks);

/* Returns what waitpid says of it. */
int sandbox_kit_end(pid_t pid);

/* Both. */
int sandbox_kit_run(int (*run)(void), size_t memory_bytes, bool talks);

/* Asserts that it leaves with DONE; with 64 MiB of memory. */
void sandbox_kit_works_in(int (*run)(void), bool talks);

/* In both kinds of sandbox. */
void sandbox_kit_works(int (*run)(void));

#endif
