/* SPDX-License-Identifier: ISC */

/*
 * tlstally ingest: from the sources to the store.  Here is what the command
 * line says and what is said in the end.
 */

#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/ingest.h"
#include "cmd/mta.h"

struct state {
	const char *when_done;
	const char *password_file;
	size_t jobs; /* 0: as many as are of use */
	bool dry_run;
	bool mta;
};

enum own_option {
	OPTION_WHEN_DONE,
	OPTION_PASSWORD_FILE,
	OPTION_DRY_RUN,
	OPTION_JOBS,
	OPTION_MTA
};

static const struct cmd_option options[] = {
    [OPTION_WHEN_DONE] = {"when-done", 0, "WHAT",
	"keep, seen, move:FOLDER or delete what was stored"},
    [OPTION_PASSWORD_FILE] = {"password-file", 0, "FILE",
	"the password for an IMAP URL is in it"},
    [OPTION_DRY_RUN] = {"dry-run", 'n', NULL, "read and decode, store nothing"},
    [OPTION_JOBS] = {"jobs", 0, "N",
	"decode in up to N processes at once (1 to 64)"},
    [OPTION_MTA] = {"mta", 0, NULL,
	"for a mail server: keep what is no report, leave with 0 or 75"},
    {0}};

static int
parse_jobs(const char *text, size_t *jobs, struct err *err)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || n < 1 || n > JOBS_MAX)
		return err_set(err, ERR_USAGE,
		    "--jobs: \"%s\" is no number from 1 to %d", text, JOBS_MAX);
	*jobs = (size_t)n;
	return 0;
}

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
	case OPTION_JOBS:
		return parse_jobs(arg, &st->jobs, err);
	case OPTION_MTA:
		st->mta = true;
		break;
	}
	return 0;
}

static int
find_origin(
    struct ingest *r, const struct state *st, const char *arg, struct err *err)
{
	const struct origin_options beside = {.when_done = st->when_done,
	    .password_file = st->password_file,
	    .dry_run = st->dry_run,
	    .arena = r->arena};

	return origin_find(&r->origin, arg, r->ctx->config, &beside, err);
}

static void
ingest_argument(struct ingest *r, const struct state *st, const char *arg)
{
	struct err err = {0};

	arena_reset(r->arena);
	if (find_origin(r, st, arg, &err) == -1) {
		ingest_note_failure(r, &err);
		return;
	}
	r->had_pipe = r->had_pipe || r->origin.is_pipe;
	ingest_source(r);
}

/* Sees that the command line makes sense, before anything is read. */
static int
check_arguments(struct ingest *r, const struct state *st, struct err *err)
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
check_mta(const struct ingest *r, const struct state *st, struct err *err)
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
print_summary(const struct ingest *r)
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
open_store(struct ingest *r, struct err *err)
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
ingest_all(struct ingest *r, const struct state *st)
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
	struct ingest r = {.ctx = ctx, .dry_run = st->dry_run, .mta = st->mta};
	struct err err = {0};
	int status;

	/* Nobody may stop a run by not reading what it says. */
	signal(SIGPIPE, SIG_IGN);
	if (st->mta && check_mta(&r, st, &err) == -1)
		return cmd_fail(&err);
	r.arena = arena_new(1024);
	/* The decoders are forked before the store is there. */
	if (check_arguments(&r, st, &err) == -1 ||
	    cmd_open_jail(
		ctx, st->jobs > 0 ? st->jobs : jail_usual_jobs(), &err) == -1 ||
	    open_store(&r, &err) == -1) {
		status = cmd_fail(&err);
	} else {
		r.jail = ctx->jail;
		r.queue = queue_new(
		    r.jail, r.store != NULL ? store_key(r.store) : NULL);
		r.batch = batch_new(r.dry_run ? NULL : r.store);
		status = ingest_all(&r, st);
		batch_free(r.batch);
		queue_free(r.queue);
	}
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
