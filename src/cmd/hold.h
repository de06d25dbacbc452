/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_HOLD_H
#define TLSTALLY_CMD_HOLD_H

#include "cmd/cmd.h"
#include "source/source.h"

/*
 * Where mail goes that cannot be used when nobody else keeps it: the Maildir
 * store { rejects } of the configuration, or PATH-rejects beside the store at
 * PATH.
 */

/* Puts the message that source_next gave last there, on the disk when this
 * returns 0, and says so.  Returns -1 with err set if it is not safe. */
int hold_message(
    const struct context *ctx, struct source *source, struct err *err);

#endif
