/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_INGEST_H
#define TLSTALLY_CMD_INGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "cmd/batch.h"
#include "cmd/cmd.h"
#include "cmd/origin.h"
#include "cmd/queue.h"
#include "jail/jail.h"

/* A run over all sources. */
struct ingest {
	const struct context *ctx;
	struct store *store; /* NULL for a dry run without a store */
	struct jail *jail;
	struct queue *queue;
	struct batch *batch;
	struct arena *arena; /* for the origin's strings */
	bool dry_run;
	bool mta;
	int64_t source_id;
	struct origin origin; /* of this source */
	bool is_new;	      /* this source: nothing in it can be known */
	bool had_pipe;
	bool store_failed; /* so that there is no use in telling it */
	struct tally tally;
	int64_t shown_at; /* when progress was shown last, by clock_ms */
	size_t messages;
	size_t known;
	int status; /* of the first failure */
};

/* Reads r->origin into the store.  What fails is told and noted; the run goes
 * on with the next source. */
void ingest_source(struct ingest *r);

/* Tells an error, and remembers the first one's status. */
void ingest_note_failure(struct ingest *r, const struct err *err);

#endif
