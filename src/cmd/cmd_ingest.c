/* SPDX-License-Identifier: ISC */

/*
 * tlstally ingest: from the sources to the store.  Here source, jail and
 * store meet: messages are read, decoded, gathered in batches and stored,
 * and only then touched, if the user wants that.
 */

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/batch.h"
#include "cmd/cmd.h"
#include "cmd/hold.h"
#include "cmd/mta.h"
#include "cmd/origin.h"
#include "jail/jail.h"

/* Progress is shown once in so many messages. */
#define PROGRESS_EVERY 64

struct state {
	const char *when_done;
	const char *password_file;
	bool dry_run;
	bool mta;
};

enum own_option {
	OPTION_WHEN_DONE,
	OPTION_PASSWORD_FILE,
	OPTION_DRY_RUN,
	OPTION_MTA
};

static const struct cmd_option options[] = {
    [OPTION_WHEN_DONE] = {"when-done", 0, "WHAT",
	"keep, seen, move:FOLDER or delete what was stored"},
    [OPTION_PASSWORD_FILE] = {"password-file", 0, "FILE",
	"the password for an IMAP URL is in it"},
    [OPTION_DRY_RUN] = {"dry-run", 'n', NULL, "read and decode, store nothing"},
    [OPTION_MTA] = {"mta", 0, NULL,
	"for a mail server: keep what is no report, leave with 0 or 75"},
    {0}};

static int
option(void *state, size_t index, const char *arg, struct err *err)
{
	struct state *st = state;
	enum disposal dispose;
	const char *folder;

	switch ((enum own_option)index) {
	case OPTION_WHEN_DONE:
		st->when_done = arg;
		return conf_parse_disposal(arg, &dispose, &folder, err);
	case OPTION_PASSWORD_FILE:
		if (arg[0] == '\0')
			return err_set(err, ERR_USAGE,
			    "--password-file needs the name of a file");
		st->password_file = arg;
		break;
	case OPTION_DRY_RUN:
		st->dry_run = true;
		break;
	case OPTION_MTA:
		st->mta = true;
		break;
	}
	return 0;
}

/* A run over all sources. */
struct run {
	const struct context *ctx;
	struct store *store; /* NULL for a dry run without a store */
	struct jail *jail;
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
	size_t messages;
	size_t known;
	int status; /* of the first failure */
};

/* Remembers the first failure's status; the run goes on. */
static void
note_failure(struct run *r, const struct err *err)
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
may_wait(const struct run *r, const struct seen *seen)
{
	const struct origin *o = &r->origin;

	if (r->dry_run || seen->outcome == OUTCOME_FOREIGN)
		return false;
	if (seen->outcome == OUTCOME_REJECT)
		return o->source.imap != NULL &&
		    o->imap.rejects_folder[0] != '\0' &&
		    seen->decoder <= DECODER_VERSION;
	return o->source.dispose != DISPOSE_KEEP;
}

static bool
is_known(void *arg, const char *key)
{
	struct run *r = arg;
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
is_candidate(void *arg, const char *head, size_t len)
{
	struct run *r = arg;

	return jail_may_be_report(r->jail, head, len);
}

/* Puts a single fault into d. */
static void
set_fault(struct decoded *d, struct arena *a, enum fault_kind kind,
    const char *reason)
{
	d->arena = a;
	d->faults = arena_calloc(a, 1, sizeof(*d->faults));
	d->faults[0].kind = kind;
	d->faults[0].reason = arena_strdup(a, reason);
	d->nfaults = 1;
}

static void
take_message(struct run *r, const struct message *m)
{
	struct arena *a = batch_arena(r->batch);
	struct jail_input in = {.bytes = m->bytes,
	    .len = m->len,
	    .name = m->name,
	    .received = m->received,
	    .authserv_id = r->origin.authserv_id};
	struct decoded d = {0};
	struct err err = {0};

	r->messages++;
	if (m->foreign)
		d.arena = a;
	else if (m->oversize)
		set_fault(&d, a, FAULT_BOUND,
		    "the message is over the bound message_bytes");
	else if (m->several)
		set_fault(&d, a, FAULT_UNUSABLE,
		    "several messages at once: an mbox is read as a file");
	else if (jail_decode(r->jail, &in, a, &d, &err) == -1) {
		memset(&d, 0, sizeof(d));
		set_fault(&d, a, FAULT_RESOURCE, err.text);
	}
	batch_add(r->batch, m, &d);
}

/* A server is slow enough for every message to be shown. */
static void
show_progress(const struct run *r, const struct source *s)
{
	struct source_progress p = source_progress(s);

	if (r->origin.source.imap == NULL && p.done % PROGRESS_EVERY != 0)
		return;
	if (p.total > 0)
		log_progress(
		    "%s: %zu of %zu", r->origin.label, p.done, p.total);
	else
		log_progress("%s: %zu", r->origin.label, p.done);
}

/* The number of the source of that name, made in a transaction of its own the
 * first time. */
static int
find_source(struct run *r, const char *name, const char *kind, struct err *err)
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
flush_batch(struct run *r, const struct flush *f, struct err *err)
{
	bool stored;
	int rc = batch_flush(r->batch, f, &r->tally, &stored, err);

	r->store_failed = !stored;
	return rc;
}

/* Reads all of a source.  Returns 0, or -1 when it or the store failed;
 * *partial is set when single messages could not be read. */
static int
read_source(struct run *r, struct source *s, struct flush *f,
    struct err *partial, struct err *err)
{
	struct message m;
	bool fatal;
	int got;

	while ((got = source_next(s, &m, &fatal, err)) != 0) {
		if (got == -1) {
			if (fatal)
				return -1;
			log_error("%s", err->text);
			*partial = *err;
			continue;
		}
		take_message(r, &m);
		show_progress(r, s);
		if (batch_is_full(r->batch) && flush_batch(r, f, err) == -1)
			return -1;
	}
	f->last = !r->dry_run;
	f->error = partial->code != ERR_NONE ? partial->text : NULL;
	return flush_batch(r, f, err);
}

/* The message on standard input is not kept by who piped it in: it is safe
 * here or nowhere. */
static int
hold_unusable(struct run *r, struct source *s, struct err *err)
{
	const size_t *n = r->tally.counts;

	if (n[OUTCOME_REJECT] + n[OUTCOME_FOREIGN] == 0)
		return 0;
	return hold_message(r->ctx, s, err);
}

/* Remembers a run that ended early; that must not hide why it did. */
static void
remember_failure(struct run *r, const struct err *why)
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

/* The source cannot be opened.  If it was there once, its last error is this:
 * a mailbox that is gone must not look as if all were well.  An account is a
 * source even if it never answered. */
static void
miss_source(struct run *r, const struct err *why)
{
	const struct source_config *config = &r->origin.source;
	struct err err = {0};
	char *name;
	int rc = 0;

	note_failure(r, why);
	r->source_id = 0;
	if (config->imap != NULL) {
		name = imap_source_name(config->imap);
		rc = find_source(r, name, "imap", &err);
	} else {
		name = source_name_of(config->path);
		if (name != NULL && r->store != NULL)
			rc = store_find_source(
			    r->store, name, &r->source_id, &err);
	}
	if (rc == 0)
		remember_failure(r, why);
	free(name);
}

static void
ingest_source(struct run *r)
{
	struct source *s;
	struct source_config *config = &r->origin.source;
	struct flush f = {.now = r->ctx->now};
	struct err err = {0}, partial = {0};

	r->store_failed = false;
	config->limits = &r->ctx->config->limits;
	config->is_known = is_known;
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
		note_failure(r, &err);
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
	r->known += source_progress(s).known;
	source_close(s);
}

static int
find_origin(
    struct run *r, const struct state *st, const char *arg, struct err *err)
{
	const struct origin_options beside = {.when_done = st->when_done,
	    .password_file = st->password_file,
	    .dry_run = st->dry_run,
	    .arena = r->arena};

	return origin_find(&r->origin, arg, r->ctx->config, &beside, err);
}

static void
ingest_argument(struct run *r, const struct state *st, const char *arg)
{
	struct err err = {0};

	arena_reset(r->arena);
	if (find_origin(r, st, arg, &err) == -1) {
		note_failure(r, &err);
		return;
	}
	r->had_pipe = r->had_pipe || r->origin.is_pipe;
	ingest_source(r);
}

/* Sees that the command line makes sense, before anything is read. */
static int
check_arguments(struct run *r, const struct state *st, struct err *err)
{
	const struct context *ctx = r->ctx;
	bool url = false;
	int i;

	if (ctx->argc == 0 && ctx->config->nsources == 0)
		return err_set(err, ERR_USAGE,
		    "no source: name one, or put it into the configuration");
	for (i = 0; i < ctx->argc; i++) {
		if (find_origin(r, st, ctx->argv[i], err) == -1)
			return -1;
		url = url || origin_is_url(ctx->config, ctx->argv[i]);
	}
	if (st->password_file != NULL && !url)
		return err_set(err, ERR_USAGE,
		    "--password-file is for an IMAP URL; a source of the "
		    "configuration has a password_file of its own");
	return 0;
}

/* What a mail server must not be told "done" for. */
static int
check_mta(const struct run *r, const struct state *st, struct err *err)
{
	const struct context *ctx = r->ctx;
	const struct source_section *section;

	if (st->dry_run || st->when_done != NULL)
		return err_set(err, ERR_USAGE,
		    "--mta does not go together with --dry-run or "
		    "--when-done");
	if (ctx->argc == 1) {
		section = conf_source(ctx->config, ctx->argv[0]);
		if (strcmp(section != NULL ? section->path : ctx->argv[0],
			"-") == 0)
			return 0;
	}
	return err_set(err, ERR_USAGE,
	    "--mta is for one message on standard input: ingest --mta -");
}

static void
print_summary(const struct run *r)
{
	const size_t *n = r->tally.counts;

	if (log_level() == LOG_LEVEL_QUIET ||
	    (log_level() == LOG_LEVEL_NORMAL && !isatty(STDERR_FILENO) &&
		!r->dry_run))
		return;
	fprintf(stderr,
	    "%s %zu message%s: %zu new report%s, %zu duplicate%s, "
	    "%zu conflict%s, %zu rejected, %zu foreign",
	    r->dry_run ? "would ingest" : "ingested", r->messages,
	    r->messages == 1 ? "" : "s", n[OUTCOME_REPORT],
	    n[OUTCOME_REPORT] == 1 ? "" : "s", n[OUTCOME_DUPLICATE],
	    n[OUTCOME_DUPLICATE] == 1 ? "" : "s", n[OUTCOME_CONFLICT],
	    n[OUTCOME_CONFLICT] == 1 ? "" : "s", n[OUTCOME_REJECT],
	    n[OUTCOME_FOREIGN]);
	if (n[OUTCOME_EXPIRED] > 0)
		fprintf(stderr, ", %zu expired", n[OUTCOME_EXPIRED]);
	if (r->known > 0)
		fprintf(stderr, "; %zu known before", r->known);
	fputc('\n', stderr);
}

/* Opens the store; a dry run does without one that is not there. */
static int
open_store(struct run *r, struct err *err)
{
	const char *path = r->ctx->store_path;

	if (!r->dry_run)
		return store_create(
		    &r->store, path, &r->ctx->config->sharing, err);
	if (store_open(&r->store, path, STORE_READ, err) == 0)
		return 0;
	return err->code == ERR_NOINPUT ? 0 : -1;
}

static int
ingest_all(struct run *r, const struct state *st)
{
	const struct context *ctx = r->ctx;
	size_t i;

	for (i = 0; i < (size_t)ctx->argc; i++)
		ingest_argument(r, st, ctx->argv[i]);
	if (ctx->argc == 0)
		for (i = 0; i < ctx->config->nsources; i++)
			ingest_argument(r, st, ctx->config->sources[i].name);
	print_summary(r);
	if (r->status != EX_OK)
		return r->status;
	if (r->mta)
		return r->messages == 1 ? MTA_TAKEN : EX_TEMPFAIL;
	if (r->tally.counts[OUTCOME_REJECT] > 0)
		return EX_DATAERR;
	if (r->had_pipe && r->tally.counts[OUTCOME_FOREIGN] > 0) {
		log_error("standard input: this message is no TLS report");
		return EX_DATAERR;
	}
	return EX_OK;
}

static int
run(struct context *ctx, void *state)
{
	const struct state *st = state;
	struct run r = {.ctx = ctx, .dry_run = st->dry_run, .mta = st->mta};
	struct err err = {0};
	int status;

	/* Nobody may stop a run by not reading what it says. */
	signal(SIGPIPE, SIG_IGN);
	/* A file that may not grow is an error to tell, not a reason to die. */
	signal(SIGXFSZ, SIG_IGN);
	if (st->mta && check_mta(&r, st, &err) == -1)
		return cmd_fail(&err);
	r.arena = arena_new(1024);
	if (check_arguments(&r, st, &err) == -1 || open_store(&r, &err) == -1) {
		arena_free(r.arena);
		return cmd_fail(&err);
	}
	r.jail = jail_new(&ctx->config->limits);
	r.batch = batch_new(r.dry_run ? NULL : r.store);
	status = ingest_all(&r, st);
	batch_free(r.batch);
	jail_free(r.jail);
	store_close(r.store);
	arena_free(r.arena);
	return status;
}

const struct command cmd_ingest = {
    .name = "ingest",
    .summary = "read reports from mailboxes and files into the store",
    .usage = "[OPTION...] [SOURCE...]",
    .needs = NEEDS_CONFIG,
    .options = options,
    .state_size = sizeof(struct state),
    .option = option,
    .run = run,
};
