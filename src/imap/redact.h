/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_IMAP_REDACT_H
#define TLSTALLY_IMAP_REDACT_H

/*
 * Servers quote commands that they do not like, and a command may be the one
 * with the password in it.
 */

/* As many bytes in a row as tell a secret from a coincidence. */
#define REDACT_RUN 8

/* Puts a "*" in the place of every piece of text that also stands in secret, in
 * whatever case: REDACT_RUN bytes or more, or all of a shorter one.  The same
 * goes for what a login makes of it: a quoted string (RFC 3501 9), and base64,
 * alone and with the user for PLAIN (RFC 4616) and XOAUTH2. */
void redact(char *text, const char *user, const char *secret);

#endif
