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
#include "jail/jail.h"

/* Progress is shown once in so many messages. */
#define PROGRESS_EVERY 64

struct state {
	const char *when_done;
	bool dry_run;
	bool mta;
};

enum own_option { OPTION_WHEN_DONE, OPTION_DRY_RUN, OPTION_MTA };

static const struct cmd_option options[] = {
    [OPTION_WHEN_DONE] = {"when-done", 0, "WHAT",
	"keep, seen, move:FOLDER or delete what was stored"},
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
	bool dry_run;
	bool mta;
	int64_t source_id;
	struct source_config source;
	const char *authserv_id;
	bool is_new;  /* this source: nothing in it can be known */
	bool is_pipe; /* this source is standard input */
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

static bool
is_known(void *arg, const char *key)
{
	struct run *r = arg;
	struct seen seen;
	struct err err = {0};
	int got;

	/* Whoever pipes a message in again wants its verdict again. */
	if (r->store == NULL || r->is_new || r->is_pipe)
		return false;
	got = store_seen(r->store, r->source_id, key, &seen, &err);
	if (got == -1)
		log_warn("%s", err.text);
	if (got != 1 || !seen_is_final(&seen))
		return false;
	/* A run that was stopped between commit and disposal left it. */
	if (!r->dry_run && r->source.dispose != DISPOSE_KEEP &&
	    seen.outcome != OUTCOME_FOREIGN && seen.outcome != OUTCOME_REJECT)
		batch_add_settled(r->batch, key);
	return true;
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
	    .authserv_id = r->authserv_id};
	struct decoded d = {0};
	struct err err = {0};

	r->messages++;
	if (m->oversize)
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

static void
show_progress(const struct run *r, const struct source *s)
{
	struct source_progress p = source_progress(s);

	if (p.done % PROGRESS_EVERY != 0)
		return;
	if (p.total > 0)
		log_progress("%s: %zu of %zu", r->source.path, p.done, p.total);
	else
		log_progress("%s: %zu", r->source.path, p.done);
}

/* The number of the source, made in a transaction of its own the first time.
 */
static int
find_source(struct run *r, const struct source *s, struct err *err)
{
	r->source_id = 0;
	r->is_new = true;
	if (r->store == NULL)
		return 0;
	if (store_find_source(r->store, source_name(s), &r->source_id, err) ==
	    -1)
		return -1;
	r->is_new = r->source_id == 0;
	if (!r->is_new || r->dry_run)
		return 0;
	if (store_begin(r->store, err) == -1)
		return -1;
	if (store_source(r->store, source_name(s), source_kind(s),
		&r->source_id, err) == 0 &&
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
 * a mailbox that is gone must not look as if all were well. */
static void
miss_source(struct run *r, const struct err *why)
{
	char *name = source_name_of(r->source.path);
	struct err err = {0};

	note_failure(r, why);
	r->source_id = 0;
	if (name != NULL && r->store != NULL &&
	    store_find_source(r->store, name, &r->source_id, &err) == 0)
		remember_failure(r, why);
	free(name);
}

static void
ingest_source(struct run *r)
{
	struct source *s;
	struct flush f = {.now = r->ctx->now};
	struct err err = {0}, partial = {0};

	r->store_failed = false;
	r->source.limits = &r->ctx->config->limits;
	r->source.is_known = is_known;
	r->source.arg = r;
	if (source_open(&s, &r->source, &err) == -1) {
		miss_source(r, &err);
		return;
	}
	if (find_source(r, s, &err) == 0) {
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

static void
use_section(struct run *r, const struct source_section *section)
{
	r->source.path = section->path;
	r->source.folders = section->folders;
	r->source.nfolders = section->nfolders;
	r->source.dispose = section->dispose;
	r->source.dispose_folder = section->dispose_folder;
	r->authserv_id = section->authserv_id;
}

static void
ingest_argument(struct run *r, const struct state *st, const char *arg)
{
	const struct source_section *section = conf_source(r->ctx->config, arg);

	memset(&r->source, 0, sizeof(r->source));
	r->source.path = arg;
	r->source.dispose_folder = "";
	r->authserv_id = "";
	if (section != NULL)
		use_section(r, section);
	if (st->when_done != NULL) /* already checked */
		conf_parse_disposal(st->when_done, &r->source.dispose,
		    &r->source.dispose_folder, NULL);
	if (st->dry_run)
		r->source.dispose = DISPOSE_KEEP;
	r->is_pipe = strcmp(r->source.path, "-") == 0;
	r->had_pipe = r->had_pipe || r->is_pipe;
	ingest_source(r);
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
	if (ctx->argc == 0 && ctx->config->nsources == 0) {
		err_set(&err, ERR_USAGE,
		    "no source: name one, or put it into the configuration");
		return cmd_fail(&err);
	}
	r.jail = jail_new(&ctx->config->limits);
	if (open_store(&r, &err) == -1) {
		jail_free(r.jail);
		return cmd_fail(&err);
	}
	r.batch = batch_new(r.dry_run ? NULL : r.store);
	status = ingest_all(&r, st);
	batch_free(r.batch);
	store_close(r.store);
	jail_free(r.jail);
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
