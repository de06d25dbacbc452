/* SPDX-License-Identifier: ISC */

/*
 * tlstally rejects: what claimed to be a report and could not be used, and
 * what contradicts a report that is counted.
 */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/date.h"
#include "cmd/cmd.h"
#include "output/escape.h"

static int
print_reject(void *arg, const struct reject_line *line)
{
	size_t *count = arg;
	char day[DATE_SIZE];

	(*count)++;
	date_format_day(day_of_time(line->since), day);
	if (line->number != 0)
		printf("reject %" PRId64 ", since %s", line->number, day);
	else
		printf("conflict, report %" PRId64 ", since %s", line->report,
		    day);
	if (line->tries > 1)
		printf(", tried %d times", line->tries);
	fputs("\n  ", stdout);
	escape_text(stdout, line->locator);
	fputs("\n  ", stdout);
	escape_text(stdout, line->reason);
	putchar('\n');
	return ferror(stdout);
}

static int
run(struct context *ctx, void *state)
{
	struct err err = {0};
	size_t count = 0;

	(void)state;
	if (cmd_arguments(ctx, 0, &err) == -1 ||
	    store_each_reject(ctx->store, print_reject, &count, &err) == -1)
		return cmd_fail(&err);
	if (count == 0)
		puts("no rejects and no conflicts");
	return cmd_flush();
}

const struct command cmd_rejects = {
    .name = "rejects",
    .summary = "list what could not be used, and conflicts",
    .usage = "",
    .needs = NEEDS_STORE,
    .run = run,
};
