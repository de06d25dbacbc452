/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_SOURCE_UTF7_H
#define TLSTALLY_SOURCE_UTF7_H

#include "base/buf.h"
#include "base/err.h"

/*
 * Names of mail folders, and how IMAP and Maildir++ write them: in modified
 * UTF-7 (RFC 3501 5.1.3).
 */

/* Judges what holds for every folder's name: it is not empty, is UTF-8 and
 * has no control characters.  Returns 0, or -1 with ERR_USAGE. */
int utf7_check(const char *name, struct err *err);

/* Appends name, which utf7_check has judged, in modified UTF-7. */
void utf7_put(struct buf *out, const char *name);

#endif
