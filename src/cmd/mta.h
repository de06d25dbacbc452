/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_MTA_H
#define TLSTALLY_CMD_MTA_H

#include <stdbool.h>

/*
 * The promise of --mta: the exit status is 0 or 75, whatever happens.  To a
 * mail server 75 means "keep it in the queue", and nearly every other status
 * "send it back".
 */

/* What a command returns, instead of 0, when the message is on the disk.  No
 * other way out of the program leads here, not even --help. */
#define MTA_TAKEN 103

/* True if --mta stands on the command line, whatever else is wrong with it. */
bool mta_is_asked(int argc, char **argv);

/* Runs work(argc, argv) in a process of its own and returns 0 if that ended
 * with MTA_TAKEN, else 75. */
int mta_run(int (*work)(int argc, char **argv), int argc, char **argv);

#endif
