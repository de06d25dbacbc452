/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_ERR_H
#define TLSTALLY_BASE_ERR_H

/*
 * The error object.  There are two kinds of trouble: a broken invariant or
 * no memory ends the program (die.h); everything else is returned as -1 with
 * a struct err that the caller owns, usually on its stack.  The text carries
 * the place and the law:
 *
 *	reports/INBOX;uid=812 part 2: policies[1].summary: negative count
 *	(RFC 8460 4.4)
 *
 * The code says what kind of trouble it is; only cmd/ turns it into an exit
 * status.
 */

/* How much text an error carries; longer texts are cut between characters. */
#define ERR_TEXT_MAX 1024

enum err_code {
	ERR_NONE = 0,
	ERR_USAGE,	 /* the command line makes no sense */
	ERR_DATA,	 /* input from outside cannot be used */
	ERR_BOUND,	 /* input from outside exceeds a named bound */
	ERR_NOINPUT,	 /* no such source, store, report or file */
	ERR_UNAVAILABLE, /* a server cannot be reached */
	ERR_IO,		 /* the operating system refused to read or write */
	ERR_TEMPORARY,	 /* locked, full or busy: trying again may help */
	ERR_REFUSED,	 /* rights, login, certificate */
	ERR_CONFIG,	 /* the configuration is wrong */
	ERR_STORE,	 /* the store is damaged, or of a newer version */
	ERR_VANISHED	 /* a message went away before it was read */
};

struct err {
	enum err_code code;
	char text[ERR_TEXT_MAX];
};

/* Sets code and text.  Returns -1, so that callers may return err_set(...);
 * a NULL err is allowed and keeps only the -1.  Here and below, err's own
 * text may be among the arguments. */
int err_set(struct err *err, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* As err_set, with ": " and the text of errno behind it.  The code is
 * ERR_TEMPORARY for a full disk, quota or file size limit, EAGAIN and the want
 * of memory or descriptors; ERR_REFUSED for EACCES, EPERM and EROFS;
 * ERR_NOINPUT for ENOENT and ENOTDIR; else ERR_IO. */
int err_errno(struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Puts "prefix: " in front of the text: the place is known one floor up.
 * Returns -1. */
int err_prefix(struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
