/* SPDX-License-Identifier: ISC */

/*
 * A batch of decoded messages.  Its arena and its arrays are kept from one
 * flush to the next, so that a run over a mailbox stays flat.
 */

#include "config.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/limits.h"
#include "base/log.h"
#include "cmd/batch.h"

/* Enough for a batch of ordinary mails without growing. */
#define ARENA_BYTES ((size_t)512 << 10)

/* How many messages are stored between two looks at the decoders, which
 * would else run out of work. */
#define SERVE_EVERY 16

struct slot {
	const char *key;
	const char *locator;
	struct decoded decoded;
	enum outcome outcome;
};

/* A message that was stored by an earlier run. */
struct settled {
	const char *key; /* in settled_arena */
	enum outcome outcome;
};

struct batch {
	struct store *store;
	struct arena *arena;
	struct slot *slots;
	size_t n;
	struct settled *settled;
	size_t nsettled;
	size_t settled_size;
	struct arena *settled_arena;
};

struct batch *
batch_new(struct store *store)
{
	struct batch *b = xcalloc(1, sizeof(*b));

	b->store = store;
	b->arena = arena_new(ARENA_BYTES);
	b->settled_arena = arena_new(4096);
	b->slots = xcalloc(BATCH_MESSAGES, sizeof(*b->slots));
	return b;
}

void
batch_free(struct batch *b)
{
	if (b == NULL)
		return;
	arena_free(b->arena);
	arena_free(b->settled_arena);
	free(b->slots);
	free(b->settled);
	free(b);
}

struct arena *
batch_arena(struct batch *b)
{
	return b->arena;
}

void
batch_add(struct batch *b, const char *key, const char *locator,
    const struct decoded *d)
{
	struct slot *slot = &b->slots[b->n++];

	slot->key = arena_strdup(b->arena, key);
	slot->locator = arena_strdup(b->arena, locator);
	slot->decoded = *d;
}

void
batch_add_settled(struct batch *b, const char *key, enum outcome outcome)
{
	if (b->nsettled == b->settled_size) {
		b->settled_size = b->settled_size * 2 + 64;
		b->settled = xreallocarray(
		    b->settled, b->settled_size, sizeof(*b->settled));
	}
	b->settled[b->nsettled++] =
	    (struct settled){arena_strdup(b->settled_arena, key), outcome};
}

bool
batch_is_full(const struct batch *b)
{
	return b->n == BATCH_MESSAGES || arena_used(b->arena) >= BATCH_BYTES;
}

static void
clear(struct batch *b)
{
	b->n = 0;
	b->nsettled = 0;
	arena_reset(b->arena);
	arena_reset(b->settled_arena);
}

static int
store_all(struct batch *b, const struct flush *f, struct tally *tally,
    struct err *err)
{
	struct receipt receipt = {.source = f->source_id, .now = f->now};
	const struct source_run ran = {.source = f->source_id,
	    .kind = f->source != NULL ? source_kind(f->source) : "",
	    .now = f->now,
	    .error = f->error};
	size_t i;

	if (store_begin(b->store, err) == -1)
		return -1;
	for (i = 0; i < b->n; i++) {
		if (i % SERVE_EVERY == 0)
			jail_serve(f->jail);
		receipt.key = b->slots[i].key;
		receipt.locator = b->slots[i].locator;
		if (store_add(b->store, &receipt, &b->slots[i].decoded,
			&b->slots[i].outcome, tally, err) == -1)
			goto fail;
	}
	if (f->last && store_source_ran(b->store, &ran, err) == -1)
		goto fail;
	if (store_commit(b->store, err) == 0)
		return 0;
fail:
	store_rollback(b->store);
	return -1;
}

/* What the outcome would be, as far as that can be told without a store. */
static void
count_only(struct batch *b, struct tally *tally)
{
	const struct decoded *d;
	size_t i;

	for (i = 0; i < b->n; i++) {
		d = &b->slots[i].decoded;
		tally->counts[OUTCOME_REPORT] += d->nreports;
		if (d->nfaults > 0)
			tally->counts[OUTCOME_REJECT]++;
		else if (d->nreports == 0)
			tally->counts[OUTCOME_FOREIGN]++;
	}
}

static void
name_rejects(const struct batch *b)
{
	const struct decoded *d;
	size_t i, j;

	for (i = 0; i < b->n; i++) {
		d = &b->slots[i].decoded;
		for (j = 0; j < d->nfaults; j++)
			log_error("rejected: %s: %s", b->slots[i].locator,
			    d->faults[j].reason);
	}
}

/* True for a reject that no run will read again, as far as is known. */
static bool
is_for_good(struct batch *b, const struct flush *f, const char *key)
{
	struct seen seen;
	struct err err = {0};
	int got = store_seen(b->store, f->source_id, key, &seen, &err);

	if (got == -1)
		log_warn("%s", err.text);
	return got == 1 && seen_is_final(&seen);
}

/* Foreign mail is nobody's business here and stays as it is; so does a reject,
 * which is for a person to look at, unless there is a place for those. */
static int
dispose_of(struct source *source, const char *key, enum outcome outcome,
    struct err *err)
{
	switch (outcome) {
	case OUTCOME_FOREIGN:
		return 0;
	case OUTCOME_REJECT:
		return source_set_aside(source, key, err);
	default:
		return source_finish(source, key, err);
	}
}

/* One message that cannot be touched must not keep the others from it: the
 * first error is told in the end. */
static int
dispose(struct batch *b, const struct flush *f, struct err *err)
{
	bool aside = source_sets_aside(f->source);
	struct err later = {0};
	int rc = 0;
	size_t i;

	for (i = 0; i < b->nsettled; i++)
		if (dispose_of(f->source, b->settled[i].key,
			b->settled[i].outcome, rc == 0 ? err : &later) == -1)
			rc = -1;
	for (i = 0; i < b->n; i++) {
		if (b->slots[i].outcome == OUTCOME_REJECT &&
		    !(aside && is_for_good(b, f, b->slots[i].key)))
			continue;
		if (dispose_of(f->source, b->slots[i].key, b->slots[i].outcome,
			rc == 0 ? err : &later) == -1)
			rc = -1;
	}
	if (source_sync(f->source, rc == 0 ? err : &later) == -1)
		rc = -1;
	return rc;
}

int
batch_flush(struct batch *b, const struct flush *f, struct tally *tally,
    bool *stored, struct err *err)
{
	struct tally sum = *tally;
	int rc = 0;

	*stored = false;
	if (b->store == NULL)
		count_only(b, &sum);
	else if (b->n > 0 || f->last)
		rc = store_all(b, f, &sum, err);
	if (rc == 0) {
		*stored = true;
		*tally = sum;
		name_rejects(b);
		if (b->store != NULL)
			rc = dispose(b, f, err);
	}
	clear(b);
	return rc;
}
