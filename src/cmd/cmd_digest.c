/* SPDX-License-Identifier: ISC */

/*
 * tlstally digest: the figures of a period.  Here store, digest and output
 * meet: rows are asked for, summed up, and written down.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

/* By this name it is remembered what was told of all domains. */
#define STATE_DEFAULT "default"

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
	bool only_new;
	const char *state; /* NULL: named for the domains */
	const char *file;
};

/* A digest that is being made. */
struct job {
	struct context *ctx;
	const struct state *st;
	const struct output *format;
	struct filter filter; /* its first day is DAY_NONE: of no days */
	/* For --new, else zero. */
	char *name; /* by which it is remembered what was told */
	struct told before;
	int64_t highest; /* number of a report in the snapshot */
};

enum {
	OPT_BY = PERIOD_OPTIONS,
	OPT_DOMAIN,
	OPT_FORMAT,
	OPT_ROWS,
	OPT_FAILURES_ONLY,
	OPT_EXCEL,
	OPT_NEW,
	OPT_STATE,
	OPT_OUTPUT
};

static const struct cmd_option options[] = {PERIOD_OPTION_TABLE,
    [OPT_BY] = {"by", 0, "UNIT", "day, week, month or total"},
    [OPT_DOMAIN] = {"domain", 'd', "GLOB", "only these policy domains"},
    [OPT_FORMAT] = {"format", 'f', "FORMAT", "text or csv"},
    [OPT_ROWS] = {"rows", 0, "ROWS", "csv: policies or failures"},
    [OPT_FAILURES_ONLY] = {"failures-only", 0, NULL, "only what failed"},
    [OPT_EXCEL] = {"excel", 0, "[=KIND]", "csv for Excel: comma or semicolon"},
    [OPT_NEW] = {"new", 0, NULL, "what came since this digest was last told"},
    [OPT_STATE] = {"state", 0, "NAME", "which digest --new is about"},
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
	case OPT_NEW:
		st->only_new = true;
		break;
	case OPT_STATE:
		st->state = arg;
		if (arg[0] == '\0')
			rc = err_set(err, ERR_USAGE, "--state needs a name");
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

/* Puts the rows of the period, and if need be of the days before it, into the
 * digest. */
static int
collect(struct store *store, struct digest *d, bool looks_back,
    const struct filter *period, struct err *err)
{
	const struct row_reader reader = {
	    .policy = take_policy, .failure = take_failure, .arg = d};
	struct filter f = *period;

	if (looks_back)
		f.first_day = f.first_day > DAY_MIN + DIGEST_LOOKBACK_DAYS
		    ? f.first_day - DIGEST_LOOKBACK_DAYS
		    : DAY_MIN;
	return store_rows(store, &f, &reader, err);
}

/* Options that do not go together are a mistake, not silence. */
static int
check_options(
    const struct state *st, const struct output *format, struct err *err)
{
	if (format != &output_csv && (st->rows_given || st->excel_given))
		return err_set(err, ERR_USAGE,
		    "--rows and --excel go with --format csv only");
	if (st->only_new && st->period.given)
		return err_set(err, ERR_USAGE,
		    "--new is a period of its own: no other goes with it");
	if (st->state != NULL && !st->only_new)
		return err_set(err, ERR_USAGE, "--state goes with --new only");
	return 0;
}

static bool
writes_stdout(const struct state *st)
{
	return st->file == NULL || strcmp(st->file, "-") == 0;
}

/* The name by which it is remembered what was told.  Digests of different
 * domains must not take reports from each other, so they have different ones
 * without being asked to. */
static char *
default_name(const struct filter *f)
{
	char *name = NULL;
	size_t i, size;
	FILE *text;

	if (f->ndomains == 0)
		return xstrdup(STATE_DEFAULT);
	text = open_memstream(&name, &size);
	if (text == NULL)
		die("no memory for a name");
	for (i = 0; i < f->ndomains; i++)
		fprintf(text, "%s%s", i > 0 ? "," : "", f->domains[i]);
	if (fclose(text) == EOF)
		die("no memory for a name");
	return name;
}

/* Finds what is new, and the days that it is of. */
static int
find_news(struct job *j, int32_t days[2], struct err *err)
{
	struct store *s = j->ctx->store;

	j->name = j->st->state != NULL ? xstrdup(j->st->state)
				       : default_name(&j->filter);
	if (store_told(s, j->name, &j->before, err) == -1)
		return -1;
	return store_new_days(s, j->before.report, &j->highest, days, err);
}

/* Of days whose reports are gone there are no figures. */
static int
note_floor(struct store *store, const struct filter *f, struct view *view,
    struct err *err)
{
	if (store_floor_day(store, &view->floor_day, err) == -1)
		return -1;
	/* A digest of nothing new is of no day at all. */
	view->pruned = view->floor_day != DAY_NONE &&
	    f->first_day != DAY_NONE && f->first_day < view->floor_day;
	return 0;
}

/* What an output is told besides the figures. */
static int
fill_view(const struct job *j, struct view *view, struct err *err)
{
	const char *no_color = getenv("NO_COLOR");
	const struct state *st = j->st;
	struct store *s = j->ctx->store;

	view->rows = st->rows;
	view->excel = st->excel_given ? st->excel : j->ctx->config->excel;
	view->failures_only = st->failures_only;
	view->filtered = j->filter.ndomains > 0;
	view->store = j->ctx->store_path;
	view->colour = st->file == NULL && isatty(STDOUT_FILENO) &&
	    (no_color == NULL || no_color[0] == '\0');
	view->state = j->name;
	view->told = j->before.at;
	view->latest_day = DAY_NONE;
	if (note_floor(s, &j->filter, view, err) == -1 ||
	    store_count_rejects(s, &view->rejects, err) == -1 ||
	    store_empty_reports(s, &j->filter, j->before.report,
		&view->empty_reports, err) == -1)
		return -1;
	if (st->only_new)
		return 0;
	return store_latest_day(s, &j->filter, &view->latest_day, err);
}

/* Nothing new is no mail from cron; who watches a terminal or a file wants
 * to read that. */
static bool
is_silent(const struct job *j, const struct view *view)
{
	return j->st->only_new && j->format == &output_text &&
	    j->st->file == NULL && !isatty(STDOUT_FILENO) &&
	    view->figures->ndomains == 0 && view->empty_reports == 0;
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

/* Sums up and writes down. */
static int
tell(const struct job *j, struct err *err)
{
	struct digest_spec spec = {.first_day = j->filter.first_day,
	    .last_day = j->filter.last_day,
	    .by = j->st->by,
	    .told = j->before.report,
	    .now = j->ctx->now,
	    .settle = j->ctx->config->settle};
	struct view view = {0};
	struct digest *d;
	int rc = 0;

	if (!j->st->by_given && !j->st->only_new && j->format == &output_text)
		spec.by = BY_TOTAL; /* a person reads one page */
	d = digest_new(&spec);
	if (spec.first_day != DAY_NONE)
		rc = collect(
		    j->ctx->store, d, j->format->looks_back, &j->filter, err);
	if (rc == 0)
		rc = fill_view(j, &view, err);
	if (rc == 0) {
		view.figures = digest_figures(d);
		if (!is_silent(j, &view))
			rc = write_view(j->st, j->format, &view, err);
	}
	digest_free(d);
	return rc;
}

/* A file that standard output goes to must be on the disk first, as one that
 * we name ourselves is. */
static int
finish_stdout(void)
{
	struct stat st;

	if (fflush(stdout) == EOF || fstat(STDOUT_FILENO, &st) == -1)
		return -1;
	if (S_ISREG(st.st_mode) && fsync(STDOUT_FILENO) == -1)
		return -1;
	return fclose(stdout) == EOF ? -1 : 0;
}

/* Remembers what was told, once it is certain to be written: standard output
 * may fail as late as when it is closed. */
static int
remember(const struct job *j, struct err *err)
{
	const struct told told = {j->highest, j->ctx->now};

	if (writes_stdout(j->st) && finish_stdout() == -1)
		return err_errno(err, "standard output");
	store_rollback(j->ctx->store);
	if (store_tell(j->ctx->store, j->name, &told, err) == 0)
		return 0;
	err_prefix(err, "this digest will be repeated");
	return -1;
}

/* Opens the store, to be written if what was told is to be remembered, and
 * finds the days. */
static int
begin(struct job *j, struct err *err)
{
	struct context *ctx = j->ctx;
	int32_t days[2];
	int rc;

	if (period_days(&j->st->period, ctx->now, 0, days, err) == -1 ||
	    store_open(&ctx->store, ctx->store_path,
		j->st->only_new ? STORE_WRITE : STORE_READ, err) == -1 ||
	    (j->st->only_new && store_tell_alone(ctx->store, err) == -1) ||
	    store_snapshot(ctx->store, err) == -1)
		return -1;
	if (j->st->only_new)
		rc = find_news(j, days, err);
	else
		rc = bound_days(ctx->store, days, err);
	j->filter.first_day = days[0];
	j->filter.last_day = days[1];
	return rc;
}

static int
digest(struct context *ctx, const struct state *st, struct err *err)
{
	struct job j = {.ctx = ctx,
	    .st = st,
	    .format = st->format != NULL ? st->format : ctx->config->format,
	    .filter = {.domains = ctx->config->domains,
		.ndomains = ctx->config->ndomains},
	    .before.at = TIME_NONE};
	int rc = -1;

	if (st->ndomains > 0) {
		j.filter.domains = st->domains;
		j.filter.ndomains = st->ndomains;
	}
	if (check_options(st, j.format, err) == 0 && begin(&j, err) == 0) {
		rc = tell(&j, err);
		if (rc == 0 && st->only_new)
			rc = remember(&j, err);
	}
	free(j.name);
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
	return rc == 0 ? EX_OK : cmd_fail(&err);
}

static void
release(void *state)
{
	struct state *st = state;

	free(st->domains);
}

const struct command cmd_digest = {
    .name = "digest",
    .summary = "print the figures of a day, a week, a month or more",
    .usage = "[PERIOD] [OPTION...]",
    .needs = NEEDS_CONFIG,
    .options = options,
    .state_size = sizeof(struct state),
    .option = option,
    .run = run,
    .release = release,
};
