/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_SOURCE_FOLDER_NAME_H
#define TLSTALLY_SOURCE_FOLDER_NAME_H

#include "base/err.h"

/*
 * Where a Maildir++ folder lies.  "Reports/2026" and "Reports.2026" are both
 * the directory ".Reports.2026" beside cur, new and tmp of the inbox.
 */

/* The directory of the folder name below the Maildir root: "." for "INBOX",
 * else a name that leads with a dot.  What is not ASCII is looked for as it
 * was given, then taken to be in modified UTF-7 (RFC 3501 5.1.3), which is
 * how Courier and Dovecot write it.  The directory need not be there.
 * Returns a string that the caller frees, or NULL with ERR_USAGE for a name
 * that could lead out of the Maildir or that no server would make. */
char *folder_name_dir(const char *root, const char *name, struct err *err);

#endif
