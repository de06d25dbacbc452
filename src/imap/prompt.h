/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_IMAP_PROMPT_H
#define TLSTALLY_IMAP_PROMPT_H

#include <stddef.h>

#include "base/err.h"
#include "proc/imap_wire.h"

/* Asks the user at his controlling terminal for the account's password and
 * reads it, up to max bytes, without showing it.  Returns 0, or -1 with
 * ERR_REFUSED: no terminal (the text says which settings there are instead),
 * an interrupt, a line that is too long. */
int prompt_read(char *text, size_t max, const struct account *a, size_t *len,
    struct err *err);

#endif
