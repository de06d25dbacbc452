/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_IMAP_ETPAN_H
#define TLSTALLY_IMAP_ETPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libetpan/libetpan.h>

#include "base/err.h"
#include "imap/guard.h"
#include "net/link.h"
#include "proc/frame.h"
#include "proc/imap_wire.h"

/*
 * Private to imap/: an IMAP session, by libetpan over a link of our own.  It
 * lives in a confined process of its own and ends with it, so that nothing of
 * it is ever freed in anger.
 */

/* How an operation that was asked for ended. */
enum verdict {
	VERDICT_DONE,
	VERDICT_FAILED, /* the server said no; the session goes on */
	VERDICT_LOST,	/* the session is over; another may do better */
	VERDICT_BROKEN	/* the session is over, and so would be the next */
};

struct session {
	const struct account *account;
	const char *secret;
	struct link *link;
	struct guard guard;
	struct err guard_err; /* why the guard refused */
	const char *preload;  /* what libetpan reads before the link */
	const char *follow;   /* the command to send ahead, or NULL */
	char ahead[128];      /* the one that was, with its tag */
	size_t nahead;
	mailimap *imap;
	struct frame *frame; /* for answers */
	size_t nbody;	     /* bytes of a message's body not yet sent */
	bool in_pieces;	     /* and some of it was */
	bool has_body;	     /* some body came since the last item */
	bool is_odd;	     /* a body came that was not asked for */
	const struct uid_set *asked; /* the messages that were */
	bool has_moved;		     /* without MOVE, and it worked */
	char body[FRAME_BYTES_MAX / 2];
};

/* ---- stream.c ---- */

/* A libetpan stream over s->link, with s->guard in between; NULL if there is
 * no memory. */
mailstream *stream_new(struct session *s);

/* s->follow goes out in one packet with the next command that libetpan sends,
 * if that does not wait for the server in the middle; s->nahead is not 0 from
 * then on.  libetpan learns nothing of it: the next that it sends must be the
 * same, to the byte, and stays here; anything else ends the session. */

/* ---- verdict.c ---- */

/* What libetpan's code r means, with *err set unless it is VERDICT_DONE:
 * "WHAT: reason", the server's own words if it said no. */
enum verdict session_verdict(
    struct session *s, int r, const char *what, struct err *err);

/* True if the server's last answer has that response code (RFC 5530). */
bool session_has_code(const struct session *s, const char *code);

/* True if the server said no for the moment only (RFC 5530 3). */
bool session_is_for_now(const struct session *s);

/* How much of a server's words is quoted, with a NUL behind it. */
#define QUOTE_MAX 300

/* The server's last words, fit to be quoted: bounded, printable UTF-8, with
 * "*" where it says what the user is known by. */
void session_quote(const struct session *s, char text[QUOTE_MAX]);

/* ---- login.c ---- */

/* Reads the greeting, asks what the server can do and logs in.  Returns a
 * verdict: VERDICT_FAILED if the login was refused; *stale then says that
 * it was a token that another may replace. */
enum verdict session_login(struct session *s, bool *stale, struct err *err);

/* ---- what is asked; answers are sent by themselves ---- */

/* Each returns a verdict, and sends what it finds out (imap_wire.h). */
typedef enum verdict session_operation(
    struct session *s, struct frame *question, struct err *err);

session_operation session_folder; /* folder.c */
session_operation session_uids;
/* To these two VERDICT_BROKEN is VERDICT_LOST: what they ask for together may
 * be had apart. */
session_operation session_ahead;
session_operation session_small;
session_operation session_sizes; /* fetch.c */
session_operation session_heads;
session_operation session_fetch;
session_operation session_seen; /* dispose.c */
session_operation session_move;
session_operation session_delete;
session_operation session_quit;

/* What session_small sends, without a tag. */
#define SMALL_COMMAND_OF(below) "UID SEARCH SMALLER " #below
#define SMALL_COMMAND_IS(below) SMALL_COMMAND_OF(below)
#define SMALL_COMMAND		SMALL_COMMAND_IS(IMAP_SMALL_BELOW)

/* True if all fields of the question were there, once they were read; else
 * err is set, and the session is of no use to anybody. */
bool session_understands(const struct frame *question, struct err *err);

/* libetpan's form of a set; NULL if there is no memory. */
struct mailimap_set *session_set(const struct uid_set *set);

/* Reads the set that ends a question, and returns libetpan's form of it, for
 * mailimap_set_free; NULL with err set if it is none. */
struct mailimap_set *session_question_set(
    struct frame *question, struct uid_set *uids, struct err *err);

/* Sends s->frame, putting off the deadline for as long as tlstally keeps us
 * waiting; ends the process if nobody listens any more. */
void session_send(struct session *s);

/* As session_send, for bytes. */
void session_send_bytes(
    struct session *s, uint8_t kind, const void *p, size_t len);

#endif
