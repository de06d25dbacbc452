/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_SOURCE_DRIVER_H
#define TLSTALLY_SOURCE_DRIVER_H

#include <sys/stat.h>
#include <sys/types.h>

#include "base/buf.h"
#include "source/source.h"

/*
 * What a kind of source must be able to do; source.c is the only caller.
 *
 * A driver reads, and leaves everything as it is, until finish asks for a
 * disposal.  It holds one message in memory, never two.
 *
 * Three kinds of failure, each with its price:
 * - One entry cannot be read: next returns -1 and the driver stands behind
 *   that entry.  It costs that one message, this time; nobody has called it
 *   known, so the next run tries it again.
 * - The source as a whole cannot go on: next returns -1 and sets *fatal.  It
 *   is not called again, only close is.
 * - An entry is not there any more: no failure.  It counts as done, and next
 *   goes on to another one.
 */
struct source_driver;

/* What an open source consists of.  source.c fills it but for state and
 * sets_aside, which are the driver's, and progress, which the driver keeps up
 * to date. */
struct source {
	const struct source_driver *driver;
	void *state; /* NULL until the driver's open */
	char *name;  /* absolute path, or "-"; locators start so */
	struct source_config config; /* path, folders and dispose_folder
					only until open returns */
	struct source_progress progress;
	bool sets_aside; /* the driver's open: rejects have a place to go */
};

/* What stands at a path, as far as it takes to tell the drivers apart. */
struct source_place {
	const char *path;
	struct stat st;	    /* all zero for "-" */
	bool has_mail_dirs; /* a folder with cur, new and tmp */
	bool begins_from;   /* a file whose first bytes are "From " */
};

struct source_driver {
	/* What source_kind says. */
	const char *name;

	/* Whether a disposal other than DISPOSE_KEEP, and the choice of
	 * folders, make sense.  Where not, source.c refuses them, so that
	 * finish and sync are never called and may be NULL. */
	bool can_dispose;

	/* Whether this driver is the one for the place.  The first driver of
	 * the table that says so gets it.  NULL for what is no path. */
	bool (*claims)(const struct source_place *place);

	/* Gets hold of the source and sets s->state.  Whatever of s->config
	 * is needed later, and is not the caller's for longer, is copied here.
	 * Returns 0, or -1 with err set; close is called after both. */
	int (*open)(struct source *s, struct err *err);

	/* Fills m, which comes zeroed, and returns 1; all that m points to
	 * stays as it is until the next call of next, finish or close.
	 * Returns 0 at the end, and again if asked again.  Returns -1 as told
	 * above; *fatal comes false.  A message that source_is_known knows is
	 * passed over, without opening it where its key allows that. */
	int (*next)(
	    struct source *s, struct message *m, bool *fatal, struct err *err);

	/* Does to the message what s->config.dispose says, and remembers what
	 * must be synced.  It comes only after the rows of the message are on
	 * the disk, some while after next gave it and for few or all of the
	 * messages, in any order.  Never overwrites another message.  Returns
	 * 0, also when the message is gone; or -1: it is still where it was. */
	int (*finish)(struct source *s, const char *key, struct err *err);

	/* As finish, for a message that was rejected: puts it where such mail
	 * is wanted.  Called only if open has set s->sets_aside. */
	int (*set_aside)(struct source *s, const char *key, struct err *err);

	/* Forces to the disk what finish and set_aside did so far.  Returns 0,
	 * or -1: some of it may be undone by a power cut, and would be done
	 * again. */
	int (*sync)(struct source *s, struct err *err);

	/* Writes the message that next gave last to fd, whole and as it came.
	 * NULL where nobody needs that.  Returns 0, or -1 with err set. */
	int (*copy)(struct source *s, int fd, struct err *err);

	/* Lets go of everything.  Also called when open failed or was never
	 * called: s->state may be NULL. */
	void (*close)(struct source *s);
};

extern const struct source_driver maildir_driver;
extern const struct source_driver mbox_driver;
extern const struct source_driver file_driver;
extern const struct source_driver folder_driver;
extern const struct source_driver stdin_driver;
extern const struct source_driver imap_driver;

/* Asks the caller whether it knows key; counts it as known and done then. */
bool source_is_known(struct source *s, const char *key);

/* Asks is_new: no message of the source is known. */
bool source_is_new(const struct source *s);

/* Opens name, absolute and free of links, with the given driver, whatever
 * it would claim; config is as in source_open, its path is not used.  For
 * folder.c, which finds sources inside of itself. */
int source_open_as(struct source **out, const struct source_driver *driver,
    const char *name, const struct source_config *config, struct err *err);

/* Puts the three strings one behind the other into b, in the place of what it
 * held, and returns them as one. */
const char *source_join(
    struct buf *b, const char *first, const char *second, const char *third);

/* True if cur, new and tmp are folders below the folder dirfd. */
bool source_has_mail_dirs(int dirfd);

/* True if the file fd begins with "From "; leaves its offset alone. */
bool source_begins_from(int fd);

#endif
