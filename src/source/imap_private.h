/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_SOURCE_IMAP_PRIVATE_H
#define TLSTALLY_SOURCE_IMAP_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "source/driver.h"
#include "source/imap.h"
#include "source/imap_list.h"
#include "source/imap_session.h"

/*
 * What the parts of the IMAP source share: opening and closing (imap.c), the
 * walk through its folders (imap_walk.c, imap_listing.c, imap_answer.c), and
 * what becomes of its messages (imap_dispose.c).
 */

/* No folder. */
#define FOLDER_NONE SIZE_MAX

struct imap_folder {
	const char *name;    /* in UTF-8, as the user wrote it, but for INBOX */
	const char *wire;    /* in modified UTF-7 */
	const char *locator; /* for people: source's name and folder's name */
	enum imap_candidates candidates; /* not DEFAULT */
};

/* What is to be done with a message. */
struct imap_deed {
	uint32_t folder; /* an index of imap.folders */
	uint32_t uidvalidity;
	uint32_t uid;
	bool aside; /* to the rejects' folder, else as dispose says */
};

/* The folder that is open on the server. */
struct imap_selected {
	size_t folder; /* or FOLDER_NONE */
	uint32_t uidvalidity;
	uint32_t messages; /* as announced */
	uint32_t uidnext;  /* above the UIDs of these; 0: unknown */
	bool is_writable;
};

struct imap {
	struct imap_session session;
	struct arena *arena; /* what lives as long as the source */
	size_t batch;
	const char *target;  /* of DISPOSE_MOVE, in modified UTF-7; "" */
	const char *rejects; /* of set_aside, in modified UTF-7; "" */

	struct imap_folder *folders;
	size_t nfolders;
	size_t current; /* the one that is walked through */
	struct imap_selected selected;

	struct imap_list list; /* of the current folder ... */
	bool is_listed;
	bool is_small;	      /* of small ones, whose sizes nobody told ... */
	bool lacks_others;    /* ... and these are not all that there are */
	bool is_ahead;	      /* the server has been asked for these */
	bool asks_apart;      /* never so in this folder, for it has failed */
	uint32_t uidvalidity; /* ... when it had this one */
	size_t relisted;      /* how often that changed */
	struct uid_set set;   /* of the question under way */

	struct buf bytes; /* of the message that comes, or was given */
	bool is_over;	  /* there were more than may be; bytes are dropped */
	bool has_more;	  /* messages, in the frame that was heard last */
	bool is_given;	  /* they were given: the next frame begins anew */
	size_t left;	  /* messages that broke the connection */
	struct buf key;
	struct buf locator;

	struct imap_deed *deeds;
	size_t ndeeds;
	size_t deeds_size;
	bool deeds_due; /* source_sync was called in the middle of an answer */
};

/* True if something is done to messages, so that folders must be writable. */
bool imap_disposes(const struct source *s);

/* Opens the folder on the server, connecting if need be.  Returns IMAP_DONE;
 * or IMAP_FAILED, or IMAP_LOST for good, with the session's why set. */
enum imap_word imap_select(struct source *s, size_t folder);

/* The same for the current folder.  If it may, it asks for what is small in
 * it in the same breath: im->is_ahead is set then, and imap_read_list must come
 * next. */
enum imap_word imap_select_current(struct source *s);

/* What a step of the walk has led to. */
enum imap_step {
	IMAP_STEP_ON,	 /* to the next step */
	IMAP_STEP_GIVE,	 /* a message is ready */
	IMAP_STEP_END,	 /* all folders are through */
	IMAP_STEP_ERROR, /* something failed, and the walk goes on */
	IMAP_STEP_FATAL
};

/* Hears one frame of the answer under way, to SIZES, HEADS or FETCH
 * (imap_answer.c). */
enum imap_step imap_hear(struct source *s, struct message *m, struct err *err);

/* Notes the size of a message, by which it is fetched or not. */
void imap_take_size(struct source *s, struct imap_entry *entry, uint32_t bytes);

/* Gives the first message that is too large to be fetched; there is one. */
enum imap_step imap_give_large(struct source *s, struct message *m);

/* The key of a message in the current folder; it lives in im->key. */
const char *imap_key_of(struct imap *im, uint32_t uid);

/* True if what is small in the current folder is better asked for ahead. */
bool imap_asks_ahead(const struct source *s);

/* Lists what is in the current folder, which is open, and neither known nor
 * listed; or only what is small of it, if im->is_ahead (imap_listing.c). */
enum imap_word imap_read_list(struct source *s);

/* As the driver's next (imap_walk.c). */
int imap_walk_next(
    struct source *s, struct message *m, bool *fatal, struct err *err);

/* As the driver's finish, set_aside and sync (imap_dispose.c). */
int imap_finish(struct source *s, const char *key, struct err *err);
int imap_set_aside(struct source *s, const char *key, struct err *err);
int imap_sync(struct source *s, struct err *err);

/* Does what is to be done, which needs a session without a question under
 * way.  Returns 0, or -1 with err set to the first failure. */
int imap_do_deeds(struct source *s, struct err *err);

#endif
