/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_QUEUE_H
#define TLSTALLY_CMD_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "jail/jail.h"
#include "report/decoded.h"
#include "source/source.h"

/*
 * The messages of a source on their way through the jail: put in as they are
 * read, taken out decoded and in the same order.
 */
struct queue;

/* A message that comes out; what is in it lives in the arena given. */
struct queued {
	const char *key;
	const char *locator;
	struct decoded decoded;
};

/* Borrows both: the key is that of the store, or NULL without one. */
struct queue *queue_new(struct jail *jail, const unsigned char *key);
void queue_free(struct queue *q);

/* Puts in a message of a source with that authserv_id ("" for none).  What is
 * no work for a decoder is judged here.  Returns 0, or -1 with ERR_TEMPORARY:
 * nothing that is in the queue will come out then. */
int queue_put(struct queue *q, const struct message *m, const char *authserv_id,
    struct err *err);

/* Takes out the message that was put in first.  There must be one.  Returns 0,
 * or -1 as queue_put. */
int queue_take(
    struct queue *q, struct arena *arena, struct queued *out, struct err *err);

bool queue_is_empty(const struct queue *q);

/* True if one should be taken out before the next is put in. */
bool queue_is_full(const struct queue *q);

/* Takes out all, for nobody. */
void queue_clear(struct queue *q);

#endif
