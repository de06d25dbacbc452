/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_SOURCE_IMAP_SESSION_H
#define TLSTALLY_SOURCE_IMAP_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "proc/frame.h"
#include "proc/helper.h"
#include "proc/imap_wire.h"

/*
 * One question after the other to the helper program tlstally-imap.  Here is
 * known when it is alive, how long it may think, how much it may say and how
 * often a connection is tried again; what a question means is known above.
 *
 * Whoever hears IMAP_LOST need not tell why: the session is not connected
 * any more then, and imap_session_connect either mends that or knows.
 */

/* How an answer goes on. */
enum imap_word {
	IMAP_NEWS,   /* a frame of news is in session.in; more will come */
	IMAP_DONE,   /* the answer has ended, and well */
	IMAP_FAILED, /* the answer has ended; session.why says why */
	IMAP_LOST    /* there is no connection any more */
};

struct imap_session {
	/* Set before the first call; borrowed. */
	struct account account;

	struct helper helper;
	struct frame *in;  /* what was heard last */
	struct frame *out; /* the question in the making */
	struct err why;	   /* what went wrong last */
	uint8_t asked;	   /* the question under way; 0: none */
	bool connected;
	bool lost;  /* it was connected, or tried to be, and failed */
	bool again; /* another connection may help */
	size_t tries;
	int64_t wait_ms;     /* left for the answer; -1: without end */
	uint64_t bytes_left; /* that the helper may say */
	bool can_move;	     /* what the server is able to */
	bool can_delete;
};

/* Sets up a session without a process; imap_session_close ends all. */
void imap_session_init(struct imap_session *s, const struct account *account);
void imap_session_close(struct imap_session *s);

/* Connects unless that was done; starts the helper if there is none.  After
 * a loss it waits and tries again, if that may help, a few times without
 * anything got in between.  Returns 0, or -1 for good, with why set. */
int imap_session_connect(struct imap_session *s);

/* Something was got: a loss from now on is the first one. */
void imap_session_got(struct imap_session *s);

/* How large an answer is expected to be, for which it gets its time, and how
 * large it may be; both beyond the few words of every answer. */
struct imap_measure {
	uint64_t expected;
	uint64_t most;
};

/* Begins a question; its own fields go into the frame. */
struct frame *imap_session_begin(struct imap_session *s,
    enum imap_question question, struct imap_measure measure);

/* Asks it.  Returns 0, or -1 if the connection is lost. */
int imap_session_ask(struct imap_session *s);

/* Waits for the next frame of the answer. */
enum imap_word imap_session_hear(struct imap_session *s);

/* Asks, and hears the answer to a question that has no news. */
enum imap_word imap_session_order(struct imap_session *s);

/* Ends the session for good, with an error of the given text and code;
 * returns IMAP_LOST. */
enum imap_word imap_session_end(
    struct imap_session *s, enum err_code code, const char *text);

/* The same for what no helper program says that is ours. */
enum imap_word imap_session_nonsense(struct imap_session *s);

#endif
