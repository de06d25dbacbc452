/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_SMTP_REPLY_H
#define TLSTALLY_NET_SMTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * A reply of an SMTP server (RFC 5321 4.2): lines that begin with the same
 * code, the last without a hyphen behind it.
 */
struct smtp_reply {
	int code;	 /* of a whole reply: 200 to 599 */
	char first[512]; /* its first line with the code: printable, cut */
	const char *why; /* it is bad */
	struct buf buf;
	size_t line;  /* where the line begins that is being read */
	size_t whole; /* where the reply ends */
};

enum smtp_reply_state { SMTP_REPLY_MORE, SMTP_REPLY_WHOLE, SMTP_REPLY_BAD };

/* Forgets the reply; what came behind it is dropped, too: a server has nothing
 * to say before it is asked. */
void smtp_reply_begin(struct smtp_reply *r);
void smtp_reply_free(struct smtp_reply *r);

/* Adds what has come.  Not to be called after WHOLE or BAD, which is said of
 * lines over SMTP_LINE_MAX, replies over SMTP_REPLY_MAX, codes that are none
 * or differ, and NUL. */
enum smtp_reply_state smtp_reply_add(
    struct smtp_reply *r, const char *data, size_t len);

/* Whether a whole reply to EHLO has the keyword, in any case of letters. */
bool smtp_reply_has(const struct smtp_reply *r, const char *keyword);

/* Whether something came behind the reply. */
bool smtp_reply_has_more(const struct smtp_reply *r);

#endif
