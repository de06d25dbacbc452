/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_IMAP_CREDENTIALS_H
#define TLSTALLY_IMAP_CREDENTIALS_H

#include <stdbool.h>

#include "base/err.h"
#include "proc/imap_wire.h"

/*
 * What the user is known by: a password, or an access token for XOAUTH2.
 * Obtained before anything of the network is parsed; wiped when freed.
 */

/* The longest password or token: Microsoft's tokens take up to 4 KiB. */
#define SECRET_BYTES_MAX ((size_t)16 << 10)

/* How long a command may take to say it: somebody may have to touch a key. */
#define SECRET_COMMAND_MS 120000

/* True if the account is to be entered with a token. */
bool credentials_are_token(const struct account *a);

/* Obtains the secret of the account: from its command (run by /bin/sh, the
 * first line of what it prints), its file (the first line; refused if others
 * can read it), or from the user at his terminal.  Returns 0 with *secret to
 * be given to credentials_free; or -1 with ERR_REFUSED and the reason,
 * ERR_TEMPORARY (the command ended with 75, or took too long),
 * ERR_CONFIG (the file). */
int credentials_get(char **secret, const struct account *a, struct err *err);

/* Wipes and frees it; NULL is fine. */
void credentials_free(char *secret);

#endif
