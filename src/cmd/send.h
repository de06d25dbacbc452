/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_SEND_H
#define TLSTALLY_CMD_SEND_H

#include <stdio.h>

#include "base/err.h"

/* Hands the message, a file open for reading and writing, to sendmail(8) for
 * these addresses, which are plain ones separated by commas: to the program
 * that the environment variable SENDMAIL names, else /usr/sbin/sendmail.
 * Returns 0 when it has taken the message; else -1 with ERR_TEMPORARY if it
 * asks to try again (75), was killed or could not be started for want of
 * memory, or ERR_IO. */
int send_message(FILE *message, const char *to, struct err *err);

#endif
