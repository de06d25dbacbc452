/* SPDX-License-Identifier: ISC */

/*
 * From one source to the store.  Here source, jail and store meet: messages
 * are read, decoded, gathered in batches and stored, and only then touched,
 * if the user wants that.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/hold.h"
#include "cmd/ingest.h"

/* Progress is shown so often, in milliseconds. */
#define PROGRESS_MS 100

void
ingest_note_failure(struct ingest *r, const struct err *err)
{
	int status = cmd_exit_status(err->code);

	log_error("%s", err->text);
	if (r->status == EX_OK)
		r->status = status;
}

/* True if a run that was stopped between commit and disposal may have left a
 * message that is still to be touched.  One that was forgotten, which makes
 * its decoder newer than any, is nobody's business any more. */
static bool
may_wait(const struct ingest *r, const struct seen *seen)
{
	const struct origin *o = &r->origin;

	if (r->dry_run || seen->outcome == OUTCOME_FOREIGN)
		return false;
	if (seen->outcome == OUTCOME_REJECT)
		return o->source.imap != NULL &&
		    o->imap.rejects_folder[0] != '\0' &&
		    seen->decoder <= DECODER_VERSION;
	/* A person who marks a report as unread again shall find it so. */
	if (o->source.imap != NULL && o->source.dispose == DISPOSE_SEEN)
		return false;
	return o->source.dispose != DISPOSE_KEEP;
}

static bool
is_known(void *arg, const char *key)
{
	struct ingest *r = arg;
	struct seen seen;
	struct err err = {0};
	int got;

	/* Whoever pipes a message in again wants its verdict again. */
	if (r->store == NULL || r->is_new || r->origin.is_pipe)
		return false;
	got = store_seen(r->store, r->source_id, key, &seen, &err);
	if (got == -1)
		log_warn("%s", err.text);
	if (got != 1 || !seen_is_final(&seen))
		return false;
	if (may_wait(r, &seen))
		batch_add_settled(r->batch, key, seen.outcome);
	return true;
}

static bool
is_new(void *arg)
{
	const struct ingest *r = arg;

	return r->is_new;
}

static bool
is_candidate(void *arg, const char *head, size_t len)
{
	struct ingest *r = arg;

	return jail_may_be_report(r->jail, head, len);
}

static void
show_progress(struct ingest *r, const struct source *s)
{
	struct source_progress p = source_progress(s);
	int64_t now = clock_ms();

	if (now - r->shown_at < PROGRESS_MS)
		return;
	r->shown_at = now;
	if (p.total > 0)
		log_progress(
		    "%s: %zu of %zu", r->origin.label, p.done, p.total);
	else
		log_progress("%s: %zu", r->origin.label, p.done);
}

/* The number of the source of that name, made in a transaction of its own the
 * first time. */
static int
find_source(
    struct ingest *r, const char *name, const char *kind, struct err *err)
{
	r->source_id = 0;
	r->is_new = true;
	if (r->store == NULL)
		return 0;
	if (store_find_source(r->store, name, &r->source_id, err) == -1)
		return -1;
	r->is_new = r->source_id == 0;
	if (!r->is_new || r->dry_run)
		return 0;
	if (store_begin(r->store, err) == -1)
		return -1;
	if (store_source(r->store, name, kind, &r->source_id, err) == 0 &&
	    store_commit(r->store, err) == 0)
		return 0;
	store_rollback(r->store);
	return -1;
}

static int
flush_batch(struct ingest *r, const struct flush *f, struct err *err)
{
	bool stored;
	int rc = batch_flush(r->batch, f, &r->tally, &stored, err);

	r->store_failed = !stored;
	return rc;
}

/* Takes the message that was read first out of the queue and into the batch;
 * stores that when it is full. */
static int
settle_one(struct ingest *r, const struct flush *f, struct err *err)
{
	struct queued q;

	if (queue_take(r->queue, batch_arena(r->batch), &q, err) == -1)
		return -1;
	batch_add(r->batch, q.key, q.locator, &q.decoded);
	return batch_is_full(r->batch) ? flush_batch(r, f, err) : 0;
}

static int
settle_all(struct ingest *r, const struct flush *f, struct err *err)
{
	while (!queue_is_empty(r->queue))
		if (settle_one(r, f, err) == -1)
			return -1;
	return 0;
}

/* Gives a message in, and takes out what there is no room for. */
static int
take_message(struct ingest *r, const struct message *m, const struct flush *f,
    struct err *err)
{
	r->messages++;
	if (queue_put(r->queue, m, r->origin.authserv_id, err) == -1)
		return -1;
	while (queue_is_full(r->queue))
		if (settle_one(r, f, err) == -1)
			return -1;
	return 0;
}

/* Reads all of a source.  Returns 0, or -1 when it or the store failed, or
 * there is nobody to decode; *partial is set when single messages could not be
 * read. */
static int
read_source(struct ingest *r, struct source *s, struct flush *f,
    struct err *partial, struct err *err)
{
	struct message m;
	struct err later;
	bool fatal;
	int got;

	while ((got = source_next(s, &m, &fatal, err)) != 0) {
		if (got == -1 && fatal) {
			/* What came before is whole. */
			settle_all(r, f, &later);
			return -1;
		}
		if (got == -1) {
			log_error("%s", err->text);
			*partial = *err;
			continue;
		}
		if (take_message(r, &m, f, err) == -1)
			return -1;
		show_progress(r, s);
	}
	if (settle_all(r, f, err) == -1)
		return -1;
	f->last = !r->dry_run;
	f->error = partial->code != ERR_NONE ? partial->text : NULL;
	return flush_batch(r, f, err);
}

/* The message on standard input is not kept by who piped it in: it is safe
 * here or nowhere. */
static int
hold_unusable(struct ingest *r, struct source *s, struct err *err)
{
	const size_t *n = r->tally.counts;

	if (n[OUTCOME_REJECT] + n[OUTCOME_FOREIGN] == 0)
		return 0;
	return hold_message(r->ctx, s, err);
}

/* Remembers a run that ended early; that must not hide why it did. */
static void
remember_failure(struct ingest *r, const struct err *why)
{
	const struct source_run ran = {.source = r->source_id,
	    .kind = "",
	    .now = r->ctx->now,
	    .error = why->text};
	struct err err = {0};

	if (r->store == NULL || r->dry_run || r->source_id == 0)
		return;
	if (store_begin(r->store, &err) == -1)
		return;
	if (store_source_ran(r->store, &ran, &err) == -1 ||
	    store_commit(r->store, &err) == -1)
		store_rollback(r->store);
}

/* The number of a source that is not there, to remember that: of one that was
 * there once, of an account, and of a section of the configuration, of which
 * it is not known what it will be.  A mistyped path is nobody's source. */
static int
find_missing_source(struct ingest *r, const char *name, struct err *err)
{
	const struct origin *o = &r->origin;

	r->source_id = 0;
	if (o->source.imap != NULL)
		return find_source(r, name, "imap", err);
	if (o->is_section)
		return find_source(r, name, "", err);
	if (r->store == NULL)
		return 0;
	return store_find_source(r->store, name, &r->source_id, err);
}

/* The source cannot be opened: a mailbox that is gone must not look as if all
 * were well. */
static void
miss_source(struct ingest *r, const struct err *why)
{
	const struct source_config *config = &r->origin.source;
	struct err err = {0};
	char *name;

	ingest_note_failure(r, why);
	name = config->imap != NULL ? imap_source_name(config->imap)
				    : source_name_of(config->path);
	if (name != NULL && find_missing_source(r, name, &err) == 0)
		remember_failure(r, why);
	free(name);
}

void
ingest_source(struct ingest *r)
{
	struct source *s;
	struct source_config *config = &r->origin.source;
	struct flush f = {.now = r->ctx->now, .jail = r->jail};
	struct err err = {0}, partial = {0};

	r->store_failed = false;
	config->limits = &r->ctx->config->limits;
	config->is_known = is_known;
	config->is_new = is_new;
	config->is_candidate = is_candidate;
	config->arg = r;
	if (source_open(&s, config, &err) == -1) {
		miss_source(r, &err);
		return;
	}
	if (find_source(r, source_name(s), source_kind(s), &err) == 0) {
		f.source = s;
		f.source_id = r->source_id;
		if (read_source(r, s, &f, &partial, &err) == 0 &&
		    (!r->mta || hold_unusable(r, s, &err) == 0))
			err.code = ERR_NONE;
	} else {
		r->store_failed = true;
	}
	log_progress("%s", "");
	if (err.code != ERR_NONE) {
		ingest_note_failure(r, &err);
		/* What was decoded before is whole and may be kept.  A store
		 * that failed is not asked again: it may be locked, and each
		 * wait is long. */
		if (!r->store_failed) {
			flush_batch(r, &f, &partial);
			remember_failure(r, &err);
		}
	} else if (partial.code != ERR_NONE && r->status == EX_OK) {
		r->status = cmd_exit_status(partial.code);
	}
	queue_clear(r->queue);
	r->known += source_progress(s).known;
	source_close(s);
}
