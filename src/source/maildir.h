/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_SOURCE_MAILDIR_H
#define TLSTALLY_SOURCE_MAILDIR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "source/driver.h"
#include "source/names.h"

/*
 * What the reader of a Maildir (maildir.c) and the one who marks, moves and
 * deletes in it (dispose.c) share: the folders and their lists of mail.
 */

enum mail_dir { MAIL_NEW = 0, MAIL_CUR = 1, MAIL_DIRS = 2 };

/* The inbox or another folder of a Maildir. */
struct mail_folder {
	char *path;	       /* absolute */
	char *prefix;	       /* of its keys: "", or "Reports.2026/" */
	int fds[MAIL_DIRS];    /* of new and cur; -1: not open */
	struct names names;    /* what is in both, by key */
	size_t next;	       /* index of the next mail to give */
	bool listed;	       /* names were read */
	bool dirty[MAIL_DIRS]; /* to be synced */
};

struct maildir {
	char *root; /* the Maildir that the folders are in */
	struct mail_folder *folders;
	size_t nfolders;
	size_t current;	     /* index of the folder that is read */
	size_t looked_again; /* names read in second looks */
	struct buf bytes;    /* of the message */
	struct buf key;	     /* of the message, where it has a prefix */
	struct buf locator;
	struct mail_folder *target; /* for DISPOSE_MOVE; else NULL */
	bool target_made;	    /* and not synced yet */
};

/* The directory's name: "new" or "cur". */
const char *mail_dir_name(enum mail_dir dir);

/* Where a listed mail lies. */
enum mail_dir mail_dir_of(const char *key);

/* Sets up a folder; it becomes the owner of path and prefix. */
void mail_folder_init(struct mail_folder *f, char *path, char *prefix);

/* Opens new and cur unless they are open.  Returns 0, or -1 by errno. */
int mail_folder_open(struct mail_folder *f, struct err *err);

/* Opens and lists the folder unless that was done. */
int mail_folder_list(struct mail_folder *f, struct err *err);

/* Closes the directories and forgets the list, until they are asked for. */
void mail_folder_rest(struct mail_folder *f);
void mail_folder_free(struct mail_folder *f);

/*
 * A mail was not where the list says: another client has changed its flags,
 * moved it from new to cur, or removed it.  Reads the list again; the
 * folder's next stays behind the mail that was given last.  Returns 1 with
 * *at the mail's index in the new list; 0 when it is gone; -1 by errno, or
 * ERR_TEMPORARY after too many such looks.
 */
int maildir_look_again(struct maildir *md, struct mail_folder *f,
    const char *key, size_t *at, struct err *err);

/* The disposals (see struct source_driver). */
int maildir_finish(struct source *s, const char *key, struct err *err);
int maildir_sync(struct source *s, struct err *err);

#endif
