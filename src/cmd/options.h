/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_OPTIONS_H
#define TLSTALLY_CMD_OPTIONS_H

#include "cmd/cmd.h"

/* The command line: global options and a command's own, by getopt_long(3). */

#define OPTIONS_HELP	1
#define OPTIONS_VERSION 2

/* The place of the command's name in argv: the first word that is neither
 * an option nor a global option's argument; argc if there is none.  *asked is
 * OPTIONS_HELP or OPTIONS_VERSION if that stands before it, else 0. */
int options_find_command(int argc, char **argv, int *asked);

/* Reads argv, from which the command's name has been taken out: global
 * options into ctx and the log, the command's own through command->option.
 * Leaves the arguments in ctx.  Returns 0, OPTIONS_HELP, OPTIONS_VERSION, or
 * -1 with ERR_USAGE. */
int options_parse(const struct command *command, void *state,
    struct context *ctx, int argc, char **argv, struct err *err);

/* Print the help of the global options, or of a command. */
void options_print_global(void);
void options_print_help(const struct command *command);

#endif
