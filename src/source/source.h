/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_SOURCE_SOURCE_H
#define TLSTALLY_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"

/*
 * Where messages come from.  A source gives bytes and a locator, one message
 * after the other, and looks at nothing but magic bytes and "From " lines.
 * What it reads it leaves as it is, until source_finish says that the rows
 * of a message are on the disk and what shall become of it.
 *
 * The driver is found by what is there, never by a name or suffix, and with
 * it what the key of a message is:
 *
 *	Maildir  a folder with cur, new and tmp      base name before the ':'
 *	mbox     a file that begins with "From ",    offset and 64-bit hash,
 *	         or an empty one                     "4711:0123456789abcdef"
 *	file     any other file: one message         SHA-256 of the bytes
 *	folder   any other folder, with all below:   as the above; those out of
 *	         files, mboxes and Maildirs          an mbox or Maildir begin
 *	                                             with its path and a '/'
 *	stdin    "-": one message                    SHA-256 of the bytes
 *	imap     an account on an IMAP server,       folder, UIDVALIDITY and
 *	         if source_config.imap is set        UID: "INBOX/1699/4711"
 *
 * So the flags of a mail may change, a file be renamed and an mbox grow, and
 * all in them stays known.  Two files in a folder with the same bytes have
 * the same key, and both are given.
 */

/* What becomes of a message after the commit.  All but the first need a
 * Maildir or an IMAP account. */
enum disposal {
	DISPOSE_KEEP = 0, /* nothing is touched */
	DISPOSE_SEEN,	  /* gets the S flag, and moves from new to cur */
	DISPOSE_MOVE,	  /* goes to another folder of the same mailbox */
	DISPOSE_DELETE
};

struct imap_config; /* source/imap.h */

/* limits, and what the callbacks need, live as long as the source; the rest
 * only until source_open returns. */
struct source_config {
	const char *path;		/* a path, or "-"; not used for IMAP */
	const struct imap_config *imap; /* an account, or NULL */
	const char *const *folders;	/* Maildir++ folders to read, in this
					   order: "INBOX", "Reports" for
					   ".Reports", "Reports/2026" or
					   "Reports.2026" for ".Reports.2026"; in
					   UTF-8.  Keys of all but the inbox begin
					   with the directory's name without its
					   dot, and a '/'.  Or folders of an IMAP
					   account, as its server names them */
	size_t nfolders;		/* 0: the one at path alone; INBOX */
	enum disposal dispose;
	const char *dispose_folder; /* for DISPOSE_MOVE; named as above, and
				       made when the first mail goes there */
	const struct limits *limits;
	/* Asked before a message is given, with its key: true if its outcome
	 * is known and it need not be given.  A known mail of a Maildir is
	 * not even opened.  May be NULL. */
	bool (*is_known)(void *arg, const char *key);
	/* Asked by sources where a question takes time: true if no message
	 * at all is known, so that is_known would be false for each.  May be
	 * NULL: some may be. */
	bool (*is_new)(void *arg);
	/* Asked by sources where a whole message is dear, with some of its
	 * header fields (IMAP_HEAD_FIELDS in proc/imap_wire.h): false if it is
	 * certainly foreign; it is given without its bytes then.  May be NULL:
	 * all are given whole. */
	bool (*is_candidate)(void *arg, const char *head, size_t len);
	void *arg; /* for these */
};

/* One message; all of it belongs to the source until the next call. */
struct message {
	const char *bytes;
	size_t len;
	const char *key;     /* names it within the source, for ever */
	const char *locator; /* for people: path and place */
	const char *name;    /* base name of a file; "" from a mailbox */
	int64_t received;    /* time of the file, or "From " line, or now; never
				TIME_NONE */
	bool oversize; /* over limits.message_bytes: bytes holds nothing */
	bool foreign;  /* is_candidate called it so: bytes holds nothing */
	bool several;  /* bytes hold more than one: an mbox where a single
			  message was expected */
};

/* Numbers for progress and for the closing line. */
struct source_progress {
	size_t total; /* entries found so far; 0 when it cannot be known */
	size_t done;  /* given, known or vanished */
	size_t known; /* of these, passed over by is_known */
};

struct source;

/* Opens the source.  Returns 0, or -1 with ERR_NOINPUT (nothing there),
 * ERR_REFUSED (no rights, or a pipe or device), ERR_TEMPORARY (an mbox that
 * another program keeps locked), ERR_IO, or ERR_USAGE for a disposal or
 * folder that it cannot do; for IMAP also ERR_UNAVAILABLE (no server
 * there) and ERR_REFUSED (certificate, login). */
int source_open(
    struct source **out, const struct source_config *config, struct err *err);
void source_close(struct source *s);

/* The name under which its messages are remembered: the absolute path with
 * links resolved, "-", or "imaps://USER@HOST". */
const char *source_name(const struct source *s);

/* The name that a source of that path has, or would have if it were there,
 * to be freed: below the nearest of its folders that is there.  NULL if there
 * is none. */
char *source_name_of(const char *path);

/* "maildir", "mbox", "file", "folder", "stdin" or "imap". */
const char *source_kind(const struct source *s);

/* Gives the next message.  Returns 1 with *m filled, 0 at the end, or -1
 * with err set.  After -1 the source may be asked again and goes on behind
 * the entry that failed, unless *fatal was set: then it has ended. */
int source_next(
    struct source *s, struct message *m, bool *fatal, struct err *err);

/* Carries out the configured disposal for the message of this key, which
 * source_next gave before, or passed over because is_known knew it.  A
 * message that is gone meanwhile is no error.  Returns 0, or -1 with err set;
 * the message is still where it was then. */
int source_finish(struct source *s, const char *key, struct err *err);

/* As source_finish, for a message that was rejected for good: puts it where
 * the configuration wants rejects (IMAP's rejects_folder); nothing without
 * such a place.  It is never deleted. */
int source_set_aside(struct source *s, const char *key, struct err *err);

/* True if source_set_aside has something to do. */
bool source_sets_aside(const struct source *s);

/* Forces what source_finish and source_set_aside did to the disk, or has the
 * server do it; called once a batch.  A server that is busy sending does it
 * later: then source_next tells what failed, as an error that is not fatal. */
int source_sync(struct source *s, struct err *err);

/* Writes the message that source_next gave last to the descriptor fd, whole
 * and as it came, even one that is oversize.  Once, and only for standard
 * input, whose messages are nowhere else.  Returns 0, or -1 with err set. */
int source_copy(struct source *s, int fd, struct err *err);

struct source_progress source_progress(const struct source *s);

#endif
