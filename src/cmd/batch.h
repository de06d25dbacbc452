/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_BATCH_H
#define TLSTALLY_CMD_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "jail/jail.h"
#include "report/decoded.h"
#include "source/source.h"
#include "store/store.h"

/*
 * A batch: messages that have been decoded and wait to be stored in one
 * transaction.  Decoding is over before it begins, and what the user wants
 * done with the messages follows when it is on the disk.
 */
struct batch;

/* Returns an empty batch.  store NULL: nothing is stored or disposed of,
 * outcomes are only counted (--dry-run). */
struct batch *batch_new(struct store *store);
void batch_free(struct batch *b);

/* The arena for the next message's content; it lives until the flush. */
struct arena *batch_arena(struct batch *b);

/* Adds a message; d lives in batch_arena, key and locator are copied. */
void batch_add(struct batch *b, const char *key, const char *locator,
    const struct decoded *d);

/* Notes that the message of this key was stored by an earlier run, with this
 * final outcome, and only waits for its disposal: that run may have been
 * stopped in between. */
void batch_add_settled(struct batch *b, const char *key, enum outcome outcome);

/* True when the batch should be flushed before more is added. */
bool batch_is_full(const struct batch *b);

/* What a flush needs to know. */
struct flush {
	struct source *source;
	struct jail *jail; /* goes on with the next messages meanwhile */
	int64_t source_id;
	int64_t now;
	bool last;	   /* the run over the source ends with it ... */
	const char *error; /* ... with this error, or NULL: remembered in the
			      same transaction */
};

/* Stores everything, commits, then disposes of what may be disposed of and
 * empties the batch.  tally is added to.  Rejects are named on standard
 * error.  Returns 0, or -1 with err set and the batch emptied; *stored says
 * whether its content was committed before that. */
int batch_flush(struct batch *b, const struct flush *f, struct tally *tally,
    bool *stored, struct err *err);

#endif
