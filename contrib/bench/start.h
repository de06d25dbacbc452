/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BENCH_START_H
#define TLSTALLY_BENCH_START_H

#include <sys/types.h>

/* Starts a command, found in PATH; leaves the program if that cannot be.  The
 * command's status is 127 if it is not there. */
pid_t start_command(char **argv);

#endif
