/* SPDX-License-Identifier: ISC */

/*
 * tlstally digest: the figures of a period.  Here store, digest and output
 * meet: rows are asked for, summed up, and written down.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/date.h"
#include "base/die.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/period.h"
#include "digest/digest.h"
#include "output/atomic_file.h"
#include "output/output.h"
#include "store/upkeep.h"

/* Reports for a day arrive during the next one or two: so long after its end
 * a day's figures are still growing. */
#define SETTLE_SECONDS (36 * 3600)

struct state {
	struct period_options period;
	const char **domains; /* of --domain, with room for all arguments */
	size_t ndomains;
	const struct output *format;
	enum bucket by;
	bool by_given;
	enum rows rows;
	enum excel excel;
	bool excel_given;
	bool rows_given;
	bool failures_only;
	const char *file;
};

enum {
	OPT_BY = PERIOD_OPTIONS,
	OPT_DOMAIN,
	OPT_FORMAT,
	OPT_ROWS,
	OPT_FAILURES_ONLY,
	OPT_EXCEL,
	OPT_OUTPUT
};

static const struct cmd_option options[] = {PERIOD_OPTION_TABLE,
    [OPT_BY] = {"by", 0, "UNIT", "day, week, month or total"},
    [OPT_DOMAIN] = {"domain", 'd', "GLOB", "only these policy domains"},
    [OPT_FORMAT] = {"format", 'f', "FORMAT", "text or csv"},
    [OPT_ROWS] = {"rows", 0, "ROWS", "csv: policies or failures"},
    [OPT_FAILURES_ONLY] = {"failures-only", 0, NULL, "only what failed"},
    [OPT_EXCEL] = {"excel", 0, "[=KIND]", "csv for Excel: comma or semicolon"},
    [OPT_OUTPUT] = {"output", 'o', "FILE", "write FILE, not to the screen"},
    {0}};

struct word {
	const char *name;
	int value;
};

static const struct word units[] = {{"day", BY_DAY}, {"week", BY_WEEK},
    {"month", BY_MONTH}, {"total", BY_TOTAL}, {0}};
static const struct word row_kinds[] = {
    {"policies", ROWS_POLICIES}, {"failures", ROWS_FAILURES}, {0}};

static int
find_word(const struct word *words, const char *name, const char *what,
    int *value, struct err *err)
{
	for (; words->name != NULL; words++) {
		if (strcmp(words->name, name) != 0)
			continue;
		*value = words->value;
		return 0;
	}
	return err_set(err, ERR_USAGE, "%s: no such word: %s", what, name);
}

static int
take_format(struct state *st, const char *name, struct err *err)
{
	st->format = output_find(name);
	if (st->format != NULL)
		return 0;
	return err_set(
	    err, ERR_USAGE, "no such format: %s (%s)", name, output_names());
}

static int
option(void *state, size_t index, const char *arg, struct err *err)
{
	struct state *st = state;
	int value = 0, rc = 0;

	if (index < PERIOD_OPTIONS)
		return period_option(&st->period, index, arg, err);
	switch (index) {
	case OPT_BY:
		rc = find_word(units, arg, "--by", &value, err);
		st->by = (enum bucket)value;
		st->by_given = true;
		break;
	case OPT_DOMAIN:
		st->domains = xreallocarray(
		    st->domains, st->ndomains + 1, sizeof(*st->domains));
		st->domains[st->ndomains++] = arg;
		break;
	case OPT_FORMAT:
		rc = take_format(st, arg, err);
		break;
	case OPT_ROWS:
		rc = find_word(row_kinds, arg, "--rows", &value, err);
		st->rows = (enum rows)value;
		st->rows_given = true;
		break;
	case OPT_FAILURES_ONLY:
		st->failures_only = true;
		break;
	case OPT_EXCEL:
		rc = conf_parse_excel(arg, &st->excel, err);
		st->excel_given = true;
		break;
	case OPT_OUTPUT:
		st->file = arg;
		if (arg[0] == '\0')
			rc = err_set(err, ERR_USAGE,
			    "--output needs the name of a file");
		break;
	}
	return rc;
}

static int
take_policy(void *arg, const struct policy_row *row)
{
	digest_add_policy(arg, row);
	return 0;
}

static int
take_failure(void *arg, const struct failure_row *row)
{
	digest_add_failure(arg, row);
	return 0;
}

/* Closes an open period by the days that the store has. */
static int
bound_days(struct store *store, int32_t days[2], struct err *err)
{
	int32_t first, last;

	bool open_start = days[0] == PERIOD_OPEN_START;
	bool open_end = days[1] == PERIOD_OPEN_END;

	if (!open_start && !open_end)
		return 0;
	if (store_day_range(store, &first, &last, err) == -1)
		return -1;
	if (open_start)
		days[0] = first != DAY_NONE && first < days[1] ? first
		    : !open_end				       ? days[1]
							       : 0;
	if (open_end)
		days[1] = last != DAY_NONE && last > days[0] ? last : days[0];
	return 0;
}

/* Puts the rows of the period, and of the days before it, into the digest.
 */
static int
collect(struct store *store, struct digest *d, const struct digest_spec *spec,
    const struct filter *period, struct err *err)
{
	const struct row_reader reader = {
	    .policy = take_policy, .failure = take_failure, .arg = d};
	struct filter f = *period;

	f.first_day = spec->first_day > DAY_MIN + DIGEST_LOOKBACK_DAYS
	    ? spec->first_day - DIGEST_LOOKBACK_DAYS
	    : DAY_MIN;
	return store_rows(store, &f, &reader, err);
}

/* Of days whose reports are gone there are no figures. */
static int
note_floor(struct store *store, const struct filter *f, struct view *view,
    struct err *err)
{
	if (store_floor_day(store, &view->floor_day, err) == -1)
		return -1;
	view->pruned =
	    view->floor_day != DAY_NONE && f->first_day < view->floor_day;
	return 0;
}

/* What an output is told besides the figures. */
static int
fill_view(struct context *ctx, const struct state *st, const struct filter *f,
    struct view *view, struct err *err)
{
	const char *no_color = getenv("NO_COLOR");

	view->rows = st->rows;
	view->excel = st->excel_given ? st->excel : ctx->config->excel;
	view->failures_only = st->failures_only;
	view->filtered = f->ndomains > 0;
	view->store = ctx->store_path;
	/* A day that ended less than that ago, or has not ended. */
	view->unsettled = day_of_time(ctx->now - SETTLE_SECONDS);
	view->colour = st->file == NULL && isatty(STDOUT_FILENO) &&
	    (no_color == NULL || no_color[0] == '\0');
	if (note_floor(ctx->store, f, view, err) == -1 ||
	    store_count_rejects(ctx->store, &view->rejects, err) == -1 ||
	    store_latest_day(ctx->store, f, &view->latest_day, err) == -1)
		return -1;
	return store_empty_reports(ctx->store, f, &view->empty_reports, err);
}

static int
write_view(const struct state *st, const struct output *format,
    const struct view *view, struct err *err)
{
	struct atomic_file *file;
	char day[DATE_SIZE];

	/* A table has no place for it. */
	if (view->pruned && format != &output_text) {
		date_format_day(view->floor_day, day);
		log_warn("reports of days before %s were pruned: none is "
			 "counted here",
		    day);
	}
	if (atomic_file_open(&file, st->file, err) == -1)
		return -1;
	if (format->write(atomic_file_stream(file), view, err) == -1) {
		atomic_file_abandon(file);
		err_prefix(
		    err, "%s", st->file != NULL ? st->file : "standard output");
		return -1;
	}
	return atomic_file_commit(file, err);
}

static int
digest(struct context *ctx, const struct state *st, struct err *err)
{
	const struct output *format =
	    st->format != NULL ? st->format : ctx->config->format;
	struct digest_spec spec = {.by = st->by};
	struct filter f = {
	    .domains = ctx->config->domains, .ndomains = ctx->config->ndomains};
	struct view view = {0};
	struct digest *d;
	int32_t days[2];
	int rc = -1;

	if (format != &output_csv && (st->rows_given || st->excel_given))
		return err_set(err, ERR_USAGE,
		    "--rows and --excel go with --format csv only");
	if (period_days(&st->period, ctx->now, 0, days, err) == -1 ||
	    store_snapshot(ctx->store, err) == -1 ||
	    bound_days(ctx->store, days, err) == -1)
		return -1;
	if (!st->by_given && format == &output_text)
		spec.by = BY_TOTAL; /* a person reads one page */
	spec.first_day = f.first_day = days[0];
	spec.last_day = f.last_day = days[1];
	if (st->ndomains > 0) {
		f.domains = st->domains;
		f.ndomains = st->ndomains;
	}
	d = digest_new(&spec);
	if (collect(ctx->store, d, &spec, &f, err) == 0 &&
	    fill_view(ctx, st, &f, &view, err) == 0) {
		view.figures = digest_figures(d);
		rc = write_view(st, format, &view, err);
	}
	digest_free(d);
	return rc;
}

static int
run(struct context *ctx, void *state)
{
	struct state *st = state;
	struct err err = {0};
	int rc;

	rc = cmd_arguments(ctx, 0, &err);
	if (rc == 0)
		rc = digest(ctx, st, &err);
	free(st->domains);
	return rc == 0 ? EX_OK : cmd_fail(&err);
}

const struct command cmd_digest = {
    .name = "digest",
    .summary = "print the figures of a day, a week, a month or more",
    .usage = "[PERIOD] [OPTION...]",
    .needs = NEEDS_STORE,
    .options = options,
    .state_size = sizeof(struct state),
    .option = option,
    .run = run,
};
