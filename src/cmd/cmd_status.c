/* SPDX-License-Identifier: ISC */

/*
 * tlstally status: what the store holds and how its sources fare, and whether
 * it is sound.
 */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/date.h"
#include "cmd/cmd.h"
#include "output/escape.h"
#include "store/upkeep.h"

/* Where so much is wrong, more would not help. */
#define FAULTS_SHOWN 100

struct state {
	bool check; /* first, for cmd_take_flag */
};

static const struct cmd_option options[] = {
    {"check", 0, NULL, "look for damage in all of the store"}, {0}};

static void
print_time(const char *label, int64_t t)
{
	char text[TIME_SIZE];

	if (t == TIME_NONE) {
		printf("  %-13s never\n", label);
		return;
	}
	date_format_time(t, text);
	printf("  %-13s %s\n", label, text);
}

static int
print_source(void *arg, const struct source_line *line)
{
	int outcome;

	(void)arg;
	fputs("\nsource ", stdout);
	escape_text(stdout, line->name);
	if (line->kind[0] != '\0')
		printf(" (%s)", line->kind);
	putchar('\n');
	print_time("last run", line->last_run);
	print_time("last success", line->last_success);
	if (line->last_error[0] != '\0') {
		printf("  %-13s ", "last error");
		escape_text(stdout, line->last_error);
		putchar('\n');
	}
	for (outcome = OUTCOME_REPORT; outcome < OUTCOME_COUNT; outcome++)
		if (line->counts[outcome] > 0)
			printf("  %-13s %zu\n",
			    outcome_name((enum outcome)outcome),
			    line->counts[outcome]);
	return ferror(stdout);
}

/* The messages of all sources, by what became of them. */
static void
print_outcomes(const size_t counts[OUTCOME_COUNT])
{
	int outcome;

	puts("messages");
	for (outcome = OUTCOME_REPORT; outcome < OUTCOME_COUNT; outcome++)
		printf("  %-13s%zu\n", outcome_name((enum outcome)outcome),
		    counts[outcome]);
}

static void
print_versions(const struct store_status *status)
{
	struct jail_library list[JAIL_LIBRARIES];
	size_t i;

	jail_libraries(list);
	printf("versions       %s, decoder %d, store %d\n", PACKAGE_STRING,
	    DECODER_VERSION, status->version);
	printf("libraries      SQLite %s", store_library_version());
	for (i = 0; i < JAIL_LIBRARIES; i++)
		printf(", %s %s", list[i].name, list[i].version);
	printf("\nsandbox        %s\n", jail_backend());
}

/* What monitor looks at. */
static void
print_watched(const struct store_status *status)
{
	char at[TIME_SIZE];

	if (status->watched == 0)
		return;
	date_format_time(status->watched_at, at);
	printf("watched        %zu domain%s, last %s\n", status->watched,
	    status->watched == 1 ? "" : "s", at);
}

static void
print_store(const struct context *ctx, const struct store_status *status)
{
	char first[DATE_SIZE], last[DATE_SIZE];

	fputs("store          ", stdout);
	escape_text(stdout, ctx->store_path);
	putchar('\n');
	print_versions(status);
	printf("size           %" PRId64 " KiB\n", status->bytes / 1024);
	printf("reports        %zu counted, %zu in conflict\n", status->reports,
	    status->conflicts);
	printf("rejects        %zu\n", status->rejects);
	printf("domains        %zu\n", status->domains);
	printf("reporters      %zu\n", status->reporters);
	print_watched(status);
	if (status->floor_day != DAY_NONE) {
		date_format_day(status->floor_day, first);
		printf("pruned         reports before %s\n", first);
	}
	if (status->first_day == DAY_NONE)
		return;
	date_format_day(status->first_day, first);
	date_format_day(status->last_day, last);
	printf("days           %s to %s\n", first, last);
}

static int
print_fault(void *arg, const char *fault)
{
	size_t *count = arg;

	if (++*count > FAULTS_SHOWN) {
		puts("there is more");
		return 1;
	}
	escape_text(stdout, fault);
	putchar('\n');
	return ferror(stdout);
}

/* Names every fault.  Returns 0 if there is none, or -1. */
static int
check(struct context *ctx, struct err *err)
{
	size_t count = 0;

	if (store_check(ctx->store, print_fault, &count, err) == -1)
		return -1;
	if (count == 0) {
		puts("the store is sound");
		return 0;
	}
	return err_set(err, ERR_STORE, "%s: the store is damaged, see above",
	    ctx->store_path);
}

static int
status(struct context *ctx, const struct state *st, struct err *err)
{
	struct store_status status = {0};

	if (cmd_arguments(ctx, 0, err) == -1 ||
	    store_snapshot(ctx->store, err) == -1)
		return -1;
	if (st->check)
		return check(ctx, err);
	if (store_status(ctx->store, &status, err) == -1)
		return -1;
	print_store(ctx, &status);
	print_outcomes(status.counts);
	return store_each_source(ctx->store, print_source, NULL, err);
}

static int
run(struct context *ctx, void *state)
{
	struct err err = {0};
	int rc = status(ctx, state, &err);
	int flushed = cmd_flush();

	return rc == 0 ? flushed : cmd_fail(&err);
}

const struct command cmd_status = {
    .name = "status",
    .summary = "say what the store holds and how its sources fare",
    .usage = "[--check]",
    .needs = NEEDS_STORE,
    .options = options,
    .state_size = sizeof(struct state),
    .option = cmd_take_flag,
    .run = run,
};
