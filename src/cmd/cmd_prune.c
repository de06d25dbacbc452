/* SPDX-License-Identifier: ISC */

/*
 * tlstally prune: forgets what is older than anyone will ask for.
 */

#include "config.h"

#include <stdio.h>

#include "base/date.h"
#include "cmd/cmd.h"
#include "cmd/period.h"
#include "store/upkeep.h"

struct state {
	int keep; /* days; 0: not said */
	bool dry_run;
};

enum { OPT_KEEP, OPT_DRY_RUN };

static const struct cmd_option options[] = {
    [OPT_KEEP] = {"keep", 'k', "Nd",
	"keep the last N days up to yesterday; Nw: weeks"},
    [OPT_DRY_RUN] = {"dry-run", 'n', NULL, "say what would go, drop nothing"},
    {0}};

static int
option(void *state, size_t index, const char *arg, struct err *err)
{
	struct state *st = state;

	if (index == OPT_KEEP)
		return period_parse_length(arg, &st->keep, err);
	st->dry_run = true;
	return 0;
}

static void
say(const struct state *st, const struct pruned *p, int32_t asked)
{
	char floor[DATE_SIZE], first[DATE_SIZE], last[DATE_SIZE];

	if (!st->dry_run && !cmd_is_talkative())
		return;
	date_format_day(p->floor_day, floor);
	if (p->floor_day > asked)
		fprintf(stderr,
		    "an earlier prune went up to %s: what it dropped does "
		    "not come back\n",
		    floor);
	fprintf(stderr, "%s %zu report%s",
	    st->dry_run ? "would prune" : "pruned", p->reports,
	    p->reports == 1 ? "" : "s");
	if (p->reports > 0) {
		date_format_day(p->first_day, first);
		date_format_day(p->last_day, last);
		fprintf(stderr, " of %s to %s", first, last);
	}
	fprintf(stderr, "; the store begins with %s%s\n", floor,
	    p->given_back ? "; the file is smaller now" : "");
}

/* A clock that runs years ahead would take every report away, and the floor
 * day would keep all that come later out: so nobody prunes to nothing, and an
 * empty store gets no floor.  Returns 1 if there is something to prune, 0 if
 * there is not, or -1. */
static int
check_floor(const struct context *ctx, int32_t floor_day, struct err *err)
{
	const struct filter all = {.first_day = DAY_MIN, .last_day = DAY_MAX};
	char latest_day[DATE_SIZE], today[DATE_SIZE];
	int32_t latest;

	if (store_latest_day(ctx->store, &all, &latest, err) == -1)
		return -1;
	if (latest == DAY_NONE)
		return 0;
	if (floor_day <= latest)
		return 1;
	date_format_day(latest, latest_day);
	date_format_day(day_of_time(ctx->now), today);
	return err_set(err, ERR_TEMPORARY,
	    "%s: no report would be left, the latest is of %s, and today is "
	    "%s: is the clock right?",
	    ctx->store_path, latest_day, today);
}

static int
prune(struct context *ctx, const struct state *st, struct err *err)
{
	int32_t floor_day = day_of_time(ctx->now) - st->keep;
	struct pruned pruned;
	int rc;

	if (cmd_arguments(ctx, 0, err) == -1)
		return -1;
	if (st->keep == 0)
		return err_set(
		    err, ERR_USAGE, "how much is to stay? (--keep 400d)");
	if (floor_day < DAY_MIN)
		floor_day = DAY_MIN;
	if (cmd_open_store(ctx, st->dry_run ? STORE_READ : STORE_WRITE, err) ==
	    -1)
		return -1;
	rc = check_floor(ctx, floor_day, err);
	if (rc != 1)
		return rc;
	rc = st->dry_run ? store_prunable(ctx->store, floor_day, &pruned, err)
			 : store_prune(ctx->store, floor_day, &pruned, err);
	if (rc == 0)
		say(st, &pruned, floor_day);
	return rc;
}

static int
run(struct context *ctx, void *state)
{
	struct err err = {0};

	return cmd_end(prune(ctx, state, &err), &err);
}

const struct command cmd_prune = {
    .name = "prune",
    .summary = "drop the reports of days that are long gone",
    .usage = "--keep Nd [--dry-run]",
    .needs = NEEDS_CONFIG,
    .options = options,
    .state_size = sizeof(struct state),
    .option = option,
    .run = run,
};
