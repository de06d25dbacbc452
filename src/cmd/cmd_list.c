/* SPDX-License-Identifier: ISC */

/*
 * tlstally list: what was received, a line for each report.
 */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/date.h"
#include "cmd/cmd.h"
#include "cmd/period.h"
#include "cmd/pick.h"
#include "output/escape.h"

struct state {
	struct period_options period;
	struct pick pick;
	const char *reporter;
};

enum { OPT_DOMAIN = PERIOD_OPTIONS, OPT_GROUP, OPT_REPORTER };

static const struct cmd_option options[] = {PERIOD_OPTION_TABLE,
    [OPT_DOMAIN] = PICK_DOMAIN_OPTION, [OPT_GROUP] = PICK_GROUP_OPTION,
    [OPT_REPORTER] = {"reporter", 'r', "GLOB", "only these reporters"}, {0}};

static int
option(void *state, size_t index, const char *arg, struct err *err)
{
	struct state *st = state;

	if (index < PERIOD_OPTIONS)
		return period_option(&st->period, index, arg, err);
	if (index == OPT_REPORTER)
		st->reporter = arg;
	else if (index == OPT_GROUP)
		pick_group(&st->pick, arg);
	else
		pick_domain(&st->pick, arg);
	return 0;
}

static void
pad(const char *text, size_t width)
{
	size_t columns = escape_text_columns(text);

	escape_text(stdout, text);
	for (; columns < width; columns++)
		putchar(' ');
}

static int
print_line(void *arg, const struct report_line *line)
{
	size_t *count = arg;
	char day[DATE_SIZE];

	if ((*count)++ == 0)
		printf("%7s  %-10s  %-18s  %-22s %9s %7s\n", "report", "day",
		    "reporter", "domain", "sessions", "failed");
	date_format_day(line->day, day);
	printf("%7" PRId64 "  %s  ", line->number, day);
	pad(line->reporter, 18);
	fputs("  ", stdout);
	pad(line->domain[0] != '\0' ? line->domain : "(unknown)", 22);
	printf(" %9" PRId64 " %7" PRId64, line->successful + line->failed,
	    line->failed);
	if (line->ndomains > 1)
		printf("  and %zu more domains", line->ndomains - 1);
	if (line->authenticity == AUTH_FAILED)
		fputs("  unauthentic", stdout);
	if (line->conflict)
		fputs("  conflict, not counted", stdout);
	putchar('\n');
	return ferror(stdout);
}

static int
run(struct context *ctx, void *state)
{
	struct state *st = state;
	struct filter f = {.reporter = st->reporter};
	struct err err = {0};
	int32_t days[2];
	size_t count = 0;
	int rc = cmd_arguments(ctx, 0, &err);

	if (rc == 0)
		rc = pick_filter(&st->pick, &ctx->config->scope, &f, &err);
	if (rc == 0)
		rc = period_days(&st->period, ctx->now, 1, days, &err);
	if (rc == 0) {
		f.first_day = days[0];
		f.last_day = days[1];
		rc =
		    store_each_report(ctx->store, &f, print_line, &count, &err);
	}
	if (rc == -1)
		return cmd_fail(&err);
	if (count == 0)
		puts("no reports");
	return cmd_flush();
}

static void
release(void *state)
{
	struct state *st = state;

	pick_free(&st->pick);
}

const struct command cmd_list = {
    .name = "list",
    .summary = "list the reports that were received",
    .usage = "[PERIOD] [OPTION...]",
    .needs = NEEDS_STORE,
    .options = options,
    .state_size = sizeof(struct state),
    .option = option,
    .run = run,
    .release = release,
};
