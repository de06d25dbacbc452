/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_PROC_IMAP_WIRE_H
#define TLSTALLY_PROC_IMAP_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "proc/frame.h"

/*
 * What source/imap.c and the helper program tlstally-imap say to one another.
 *
 * tlstally asks, one question at a time; the helper answers with any number
 * of frames of news and ends with one of the three last words: DONE; FAILED,
 * this could not be done but the session lives; LOST, there is no session
 * (any more), and whether another try may help.  Everything that is asked of
 * a session carries its time and the bytes that the server may send.
 *
 *	question  fields                                news
 *	ACCOUNT   struct account                        none
 *	CONNECT   allowance                             SESSION
 *	FOLDER    allowance, bool writable, string      FOLDER
 *	AHEAD     allowance, bool writable, string      FOLDER
 *	SMALL     allowance                             UIDS
 *	UIDS      allowance                             UIDS
 *	SIZES     allowance, set                        SIZES
 *	HEADS     allowance, set                        MESSAGES, BYTES, MESSAGE
 *	FETCH     allowance, set                        MESSAGES, BYTES, MESSAGE
 *	SEEN      allowance, set                        none
 *	MOVE      allowance, set, string folder         none
 *	DELETE    allowance, set                        none
 *	QUIT      allowance                             none
 *
 * Folder names are in modified UTF-7 (RFC 3501 5.1.3), as on the wire.
 *
 * ACCOUNT comes once, first: by its last word the helper has the credentials,
 * which may have taken a person at a terminal.  CONNECT may come again after
 * LOST, with the same account and the same credentials.
 *
 * After AHEAD and DONE nothing but SMALL may be asked (or QUIT): the server
 * has been asked already.
 *
 * BYTES are pieces of one message (of its header fields, for HEADS), which
 * MESSAGE names and ends; small ones come in MESSAGES, several in a frame.  A
 * message that is not there is left out, and no failure.
 */
enum imap_question {
	IMAP_ASK_ACCOUNT = 1,
	IMAP_ASK_CONNECT,
	IMAP_ASK_FOLDER, /* SELECT if writable, else EXAMINE */
	IMAP_ASK_AHEAD,	 /* as FOLDER, and asks the server with one and the same
			    packet what SMALL asks */
	IMAP_ASK_SMALL,	 /* the UIDs of all messages in the folder of less than
			    IMAP_SMALL_BELOW octets, in any order */
	IMAP_ASK_UIDS,	 /* of all messages in the folder, in any order */
	IMAP_ASK_SIZES,
	IMAP_ASK_HEADS, /* the header fields that IMAP_HEAD_FIELDS names */
	IMAP_ASK_FETCH,
	IMAP_ASK_SEEN,
	IMAP_ASK_MOVE,	 /* by MOVE, or COPY and UIDPLUS; the folder is
			    made if it is not there */
	IMAP_ASK_DELETE, /* by \Deleted and UIDPLUS */
	IMAP_ASK_QUIT
};

enum imap_answer {
	IMAP_SAY_DONE = 64,
	IMAP_SAY_FAILED,  /* u8 err_code, string text */
	IMAP_SAY_LOST,	  /* u8 err_code, string text, bool again: another
			     CONNECT may help */
	IMAP_SAY_SESSION, /* bool can_move, bool can_delete */
	IMAP_SAY_FOLDER,  /* u32 uidvalidity, u32 messages, bool writable, u32
			     UIDNEXT (RFC 3501 2.3.1.1; 0 if it did not say) */
	IMAP_SAY_UIDS,	  /* u32 each, until the frame's end */
	IMAP_SAY_SIZES,	  /* u32 uid and u32 bytes each, until its end */
	IMAP_SAY_BYTES,	  /* nothing but bytes */
	IMAP_SAY_MESSAGE, /* u32 uid, u32 bytes as the server has them (0 if
			     it did not say), and until its end the last
			     bytes */
	IMAP_SAY_MESSAGES /* the same for one message or more, each with all
			     of its bytes as a field */
};

/* Nearly every report is smaller; to be written in a command. */
#define IMAP_SMALL_BELOW 16385

/* The header fields by which a report is told from other mail; a report that
 * was forwarded as an attachment has a telling subject at best. */
#define IMAP_HEAD_FIELDS                                                  \
	{                                                                 \
		"Subject", "From", "Content-Type", "Content-Disposition", \
		    "TLS-Report-Domain", "TLS-Report-Submitter",          \
		    "Content-Transfer-Encoding"                           \
	}

/* ---- the account ---- */

enum imap_tls { IMAP_TLS_IMPLICIT, IMAP_TLS_STARTTLS, IMAP_TLS_NONE };

enum imap_auth {
	IMAP_AUTH_AUTO,
	IMAP_AUTH_PLAIN,
	IMAP_AUTH_LOGIN,
	IMAP_AUTH_SCRAM_SHA_256,
	IMAP_AUTH_XOAUTH2
};

/* Where the server is and how to become the user.  Strings are "" when
 * unset, and hold no control characters. */
struct account {
	const char *host;
	uint16_t port;
	enum imap_tls tls;
	const char *user;
	enum imap_auth auth;
	/* One of these at most, else the user is asked at his terminal. */
	const char *password_command;
	const char *password_file;
	const char *token_command; /* XOAUTH2's access token */
	const char *ca_file;	   /* in the place of the system's trust */
	const char *fingerprint;   /* SHA-256 of the certificate, in lower
				      case hex: in the place of all trust */
	uint32_t timeout_ms;	   /* of silence */
};

void account_put(struct frame *f, const struct account *a);

/* Reads what account_put wrote; strings live as long as the frame.  What the
 * frame holds is judged by frame_is_whole.  Bad are enums out of range,
 * control characters, port or time-out 0, no host, more than one source of
 * the secret, a fingerprint that is not 64 digits. */
void account_get(struct frame *f, struct account *a);

/* ---- what goes with every question ---- */

/* What the server may take for its answer. */
struct allowance {
	uint32_t ms;
	uint64_t bytes;
};

/* ---- sets of messages ---- */

struct uid_range {
	uint32_t first;
	uint32_t last; /* included, and not below first */
};

/* Ranges that go into one question, so that no command line becomes longer
 * than servers take (RFC 7162 4: 8192 octets): a range is 22 octets at most.
 */
#define UID_RANGES_MAX 350

struct uid_set {
	struct uid_range ranges[UID_RANGES_MAX];
	size_t n;
	size_t count; /* of UIDs in all ranges */
};

/* Adds a UID larger than all in the set.  False: the set is full (or the UID
 * is 0, or not larger). */
bool uid_set_add(struct uid_set *set, uint32_t uid);
bool uid_set_has(const struct uid_set *set, uint32_t uid);

void allowance_put(struct frame *f, const struct allowance *a);
void allowance_get(struct frame *f, struct allowance *a);
void uid_set_put(struct frame *f, const struct uid_set *set);

/* Reads a set.  One without ranges, and ranges that are empty, out of order,
 * overlap or are too many, are bad: the set is empty then. */
void uid_set_get(struct frame *f, struct uid_set *set);

/* Makes the frame FAILED, or LOST, with what err says.  Who reads LOST reads
 * the bool behind frame_get_err. */
void imap_put_failed(struct frame *f, const struct err *err);
void imap_put_lost(struct frame *f, const struct err *err, bool again);

#endif
