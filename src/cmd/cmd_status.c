/* SPDX-License-Identifier: ISC */

/*
 * tlstally status: what the store holds and how its sources fare.
 */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/date.h"
#include "cmd/cmd.h"
#include "output/escape.h"

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
	printf(" (%s)\n", line->kind);
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

static void
print_store(const struct context *ctx, const struct store_status *status)
{
	char first[DATE_SIZE], last[DATE_SIZE];

	fputs("store          ", stdout);
	escape_text(stdout, ctx->store_path);
	printf("\nversion        %d, written by %s\n", status->version,
	    PACKAGE_STRING);
	printf("size           %" PRId64 " KiB\n", status->bytes / 1024);
	printf("reports        %zu counted, %zu in conflict\n", status->reports,
	    status->conflicts);
	printf("rejects        %zu\n", status->rejects);
	printf("domains        %zu\n", status->domains);
	printf("reporters      %zu\n", status->reporters);
	if (status->first_day == DAY_NONE)
		return;
	date_format_day(status->first_day, first);
	date_format_day(status->last_day, last);
	printf("days           %s to %s\n", first, last);
}

static int
run(struct context *ctx, void *state)
{
	struct store_status status = {0};
	struct err err = {0};

	(void)state;
	if (cmd_arguments(ctx, 0, &err) == -1 ||
	    store_status(ctx->store, &status, &err) == -1)
		return cmd_fail(&err);
	print_store(ctx, &status);
	if (store_each_source(ctx->store, print_source, NULL, &err) == -1)
		return cmd_fail(&err);
	return cmd_flush();
}

const struct command cmd_status = {
    .name = "status",
    .summary = "say what the store holds and how its sources fare",
    .usage = "",
    .needs = NEEDS_STORE,
    .run = run,
};
