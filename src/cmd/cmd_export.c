/* SPDX-License-Identifier: ISC */

/*
 * tlstally export: what the store holds, for other programs: rows under the
 * names of the RFC, or the reports' files as they were received.
 */

#include "config.h"

#include <inttypes.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/hashed.h"
#include "cmd/originals.h"
#include "cmd/period.h"
#include "cmd/pick.h"
#include "output/atomic_file.h"
#include "output/export.h"

struct state {
	struct period_options period;
	struct pick pick;
	const char *reporter;
	enum export_format format;
	enum rows rows;
	bool rows_given; /* --format, --rows or --output */
	const char *file;
	const char *originals;
};

enum {
	OPT_DOMAIN = PERIOD_OPTIONS,
	OPT_GROUP,
	OPT_REPORTER,
	OPT_FORMAT,
	OPT_ROWS,
	OPT_OUTPUT,
	OPT_ORIGINALS
};

static const struct cmd_option options[] = {PERIOD_OPTION_TABLE,
    [OPT_DOMAIN] = PICK_DOMAIN_OPTION, [OPT_GROUP] = PICK_GROUP_OPTION,
    [OPT_REPORTER] = {"reporter", 'r', "GLOB", "only these reporters"},
    [OPT_FORMAT] = {"format", 'f', "FORMAT", "csv or ndjson"},
    [OPT_ROWS] = {"rows", 0, "ROWS", "policies or failures"},
    [OPT_OUTPUT] = {"output", 'o', "FILE", "write FILE, not to the screen"},
    [OPT_ORIGINALS] = {"originals", 0, "DIR",
	"instead of rows, write each report's JSON into DIR"},
    {0}};

static int
take_format(struct state *st, const char *arg, struct err *err)
{
	st->rows_given = true;
	st->format = strcmp(arg, "ndjson") == 0 ? EXPORT_NDJSON : EXPORT_CSV;
	if (st->format == EXPORT_NDJSON || strcmp(arg, "csv") == 0)
		return 0;
	return err_set(err, ERR_USAGE, "no such format: %s (csv, ndjson)", arg);
}

static int
take_rows(struct state *st, const char *arg, struct err *err)
{
	st->rows_given = true;
	st->rows = strcmp(arg, "failures") == 0 ? ROWS_FAILURES : ROWS_POLICIES;
	if (st->rows == ROWS_FAILURES || strcmp(arg, "policies") == 0)
		return 0;
	return err_set(err, ERR_USAGE, "--rows: no such word: %s", arg);
}

static int
take_name(const char **name, const char *arg, const char *what, struct err *err)
{
	*name = arg;
	if (arg[0] != '\0')
		return 0;
	return err_set(err, ERR_USAGE, "%s needs a name", what);
}

static int
option(void *state, size_t index, const char *arg, struct err *err)
{
	struct state *st = state;

	if (index < PERIOD_OPTIONS)
		return period_option(&st->period, index, arg, err);
	switch (index) {
	case OPT_DOMAIN:
		pick_domain(&st->pick, arg);
		return 0;
	case OPT_GROUP:
		pick_group(&st->pick, arg);
		return 0;
	case OPT_REPORTER:
		st->reporter = arg;
		return 0;
	case OPT_FORMAT:
		return take_format(st, arg, err);
	case OPT_ROWS:
		return take_rows(st, arg, err);
	case OPT_OUTPUT:
		st->rows_given = true;
		return take_name(&st->file, arg, "--output", err);
	default:
		return take_name(&st->originals, arg, "--originals", err);
	}
}

/* An export under way. */
struct run {
	struct context *ctx;
	struct filter filter;
	struct arena *arena; /* of one report */
	struct err err;	     /* what ended it; ERR_NONE: nothing */
	/* Rows: */
	struct export_rows rows;
	struct hashed *hashed; /* NULL where no hash is asked for */
	/* Originals: */
	int dir;
	struct buf json;
	int status; /* of the first original that could not be used */
};

/* Reads the report of a line; false to stop. */
static bool
read_report(
    struct run *r, const struct report_line *line, struct stored_report *s)
{
	arena_reset(r->arena);
	return store_report(
		   r->ctx->store, line->number, r->arena, s, &r->err) == 0;
}

/* Writes the rows of a report; its hash is NULL if it is not known. */
static int
write_rows(void *arg, const struct stored_report *s,
    const unsigned char sha256[SHA256_LEN])
{
	struct run *r = arg;
	const struct export_report out = {.number = s->number,
	    .counted = !s->conflict,
	    .stored = s->stored,
	    .source = s->source,
	    .message = s->locator,
	    .sha256 = sha256,
	    .report = s->report};
	size_t i;

	if (s->report->npolicies == 0)
		export_empty(&r->rows, &out);
	for (i = 0; i < s->report->npolicies; i++)
		if (filter_takes_domain(
			&r->filter, s->report->policies[i].domain))
			export_policy(&r->rows, &out, i);
	return ferror(r->rows.out);
}

/* Only rows of policies have the hash, which must be made of the original. */
static int
write_policies(void *arg, const struct report_line *line)
{
	struct run *r = arg;

	return hashed_put(r->hashed, line->number, &r->err);
}

static int
write_failures(void *arg, const struct report_line *line)
{
	struct run *r = arg;
	struct stored_report s;

	return !read_report(r, line, &s) || write_rows(r, &s, NULL) != 0;
}

/* One that cannot be written must not keep the others from it. */
static int
write_original(void *arg, const struct report_line *line)
{
	struct run *r = arg;
	struct stored_report s;
	struct err err = {0};

	if (!read_report(r, line, &s))
		return 1;
	r->json.len = 0;
	if (jail_original(r->ctx->jail, &s.report->original, &r->json, &err) ==
		0 &&
	    originals_write(r->dir, line->day, line->number,
		(struct span){buf_string(&r->json), r->json.len}, &err) == 0)
		return 0;
	log_error("report %" PRId64 ": %s", line->number, err.text);
	if (r->status == EX_OK)
		r->status = cmd_exit_status(err.code);
	/* Where there is no room, there is none for the next either. */
	return err.code == ERR_TEMPORARY;
}

static int
each_report(struct run *r, int (*fn)(void *arg, const struct report_line *line),
    struct err *err)
{
	if (store_snapshot(r->ctx->store, err) == -1 ||
	    store_each_report(r->ctx->store, &r->filter, fn, r, err) == -1)
		return -1;
	if (r->err.code == ERR_NONE)
		return 0;
	*err = r->err;
	return -1;
}

static int
each_policy(struct run *r, struct err *err)
{
	int rc;

	r->hashed = hashed_new(r->ctx, write_rows, r);
	rc = each_report(r, write_policies, err);
	if (rc == 0 && !ferror(r->rows.out) &&
	    hashed_finish(r->hashed, err) == -1)
		rc = -1;
	r->status = hashed_status(r->hashed);
	hashed_free(r->hashed);
	return rc;
}

static int
write_all_rows(struct run *r, const struct state *st, struct err *err)
{
	struct atomic_file *file;
	int rc;

	if (atomic_file_open(&file, st->file, err) == -1)
		return -1;
	r->rows = (struct export_rows){.out = atomic_file_stream(file),
	    .format = st->format,
	    .rows = st->rows};
	export_begin(&r->rows);
	rc = st->rows == ROWS_FAILURES ? each_report(r, write_failures, err)
				       : each_policy(r, err);
	if (export_end(&r->rows, rc == 0 ? err : NULL) == -1 && rc == 0) {
		err_prefix(
		    err, "%s", st->file != NULL ? st->file : "standard output");
		rc = -1;
	}
	if (rc == 0)
		return atomic_file_commit(file, err);
	atomic_file_abandon(file);
	return -1;
}

static int
write_all_originals(struct run *r, const struct state *st, struct err *err)
{
	int rc;

	r->dir = originals_open(st->originals, err);
	if (r->dir == -1)
		return -1;
	rc = each_report(r, write_original, err);
	if (rc == 0 && fsync(r->dir) == -1)
		rc = err_errno(err, "%s: cannot sync", st->originals);
	/* It may have been made for them. */
	if (rc == 0 && file_sync_way(st->originals, err) == -1)
		rc = err_prefix(err, "%s", st->originals);
	buf_free(&r->json);
	close(r->dir);
	return rc;
}

static int
export_reports(struct run *r, struct state *st, struct err *err)
{
	int32_t days[2];

	if (cmd_arguments(r->ctx, 0, err) == -1)
		return -1;
	if (st->originals != NULL && st->rows_given)
		return err_set(err, ERR_USAGE,
		    "--originals writes no rows: --format, --rows and "
		    "--output do not go with it");
	if (pick_filter(&st->pick, &r->ctx->config->scope, &r->filter, err) ==
		-1 ||
	    period_days(&st->period, r->ctx->now, 1, days, err) == -1)
		return -1;
	r->filter.first_day = days[0];
	r->filter.last_day = days[1];
	return st->originals != NULL ? write_all_originals(r, st, err)
				     : write_all_rows(r, st, err);
}

static int
run(struct context *ctx, void *state)
{
	struct state *st = state;
	struct run r = {.ctx = ctx,
	    .filter = {.reporter = st->reporter},
	    .arena = arena_new((size_t)64 << 10)};
	struct err err = {0};
	int rc = export_reports(&r, st, &err);

	arena_free(r.arena);
	return rc == 0 ? r.status : cmd_fail(&err);
}

static void
release(void *state)
{
	struct state *st = state;

	pick_free(&st->pick);
}

const struct command cmd_export = {
    .name = "export",
    .summary = "write the stored reports out, for other programs",
    .usage = "[PERIOD] [OPTION...]",
    .needs = NEEDS_JAIL,
    .options = options,
    .state_size = sizeof(struct state),
    .option = option,
    .run = run,
    .release = release,
};
