/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_PROC_PROGRAM_H
#define TLSTALLY_PROC_PROGRAM_H

#include <stdbool.h>

/*
 * How a helper program (helper.h) begins, as it sees it itself: tlstally has
 * started it, or a person who found it wonders.
 */
struct program {
	const char *name;
	const char *help; /* whole lines: what it is, and where to read on */
};

/* Returns true if tlstally has started us: FRAME_HELPER_FD is our end of the
 * socket pair then, for no program that we start, and SIGPIPE is ignored.
 * Otherwise tells the person what they asked for, or that it is not done by
 * hand, and returns false with the exit status. */
bool program_begin(
    const struct program *program, int argc, char **argv, int *status);

#endif
