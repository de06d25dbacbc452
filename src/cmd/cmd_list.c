/* SPDX-License-Identifier: ISC */

/*
 * tlstally list: what was received, a line for each report.
 */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/date.h"
#include "cmd/cmd.h"
#include "cmd/period.h"
#include "cmd/pick.h"
#include "output/escape.h"
#include "output/wrap.h"

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

/* Columns of a page, on which the sessions and failures end at the right. */
#define COLUMN_REPORTER 21
#define COLUMN_DOMAIN	41
#define SESSIONS_END	72

struct listing {
	size_t count;
	bool on_page; /* a terminal's: nothing beyond WRAP_COLUMNS */
	size_t column;
};

static void
pad(const char *text, size_t width)
{
	size_t columns = escape_text_columns(text);

	escape_text(stdout, text);
	for (; columns < width; columns++)
		putchar(' ');
}

/* ---- on a page: what is too long goes on below ---- */

static void
go_to(struct listing *l, size_t column)
{
	if (l->column > 0 && l->column >= column) {
		putchar('\n');
		l->column = 0;
	}
	wrap_spaces(stdout, column - l->column);
	l->column = column;
}

/* Puts a name into its column, or if it is too long for what is right of
 * that, on lines of its own. */
static void
put_name(struct listing *l, const char *name, size_t column)
{
	const size_t columns = escape_text_columns(name);
	struct paragraph p;

	if (column + columns > WRAP_COLUMNS)
		column = COLUMN_REPORTER;
	go_to(l, column);
	l->column += columns;
	if (l->column <= WRAP_COLUMNS) {
		escape_text(stdout, name);
		return;
	}
	wrap_open(&p);
	escape_text(p.text, name);
	wrap_close(&p, stdout, column, column);
	l->column = 0;
}

static void
put_right(struct listing *l, int64_t n, size_t end)
{
	char text[24];
	size_t len = (size_t)snprintf(text, sizeof(text), "%" PRId64, n);

	go_to(l, end - len);
	fputs(text, stdout);
	l->column = end;
}

/* Puts a remark below, behind a comma if there is one already. */
static void
put_remark(struct listing *l, bool *has_one, const char *remark)
{
	if (!*has_one)
		go_to(l, COLUMN_REPORTER);
	printf("%s%s", *has_one ? ", " : "", remark);
	*has_one = true;
}

static void
print_on_page(struct listing *l, const struct report_line *line,
    const char *day, const char *domain)
{
	char more[48];
	bool remarked = false;

	l->column = (size_t)printf("%7" PRId64 "  %s", line->number, day);
	put_name(l, line->reporter, COLUMN_REPORTER);
	put_name(l, domain, COLUMN_DOMAIN);
	put_right(l, line->successful + line->failed, SESSIONS_END);
	put_right(l, line->failed, WRAP_COLUMNS);
	snprintf(
	    more, sizeof(more), "and %zu more domains", line->ndomains - 1);
	if (line->ndomains > 1)
		put_remark(l, &remarked, more);
	if (line->authenticity == AUTH_FAILED)
		put_remark(l, &remarked, "unauthentic");
	if (line->conflict)
		put_remark(l, &remarked, "conflict, not counted");
}

/* ---- for programs: a report is a line ---- */

static void
print_line(const struct report_line *line, const char *day, const char *domain)
{
	printf("%7" PRId64 "  %s  ", line->number, day);
	pad(line->reporter, 18);
	fputs("  ", stdout);
	pad(domain, 22);
	printf(" %9" PRId64 " %7" PRId64, line->successful + line->failed,
	    line->failed);
	if (line->ndomains > 1)
		printf("  and %zu more domains", line->ndomains - 1);
	if (line->authenticity == AUTH_FAILED)
		fputs("  unauthentic", stdout);
	if (line->conflict)
		fputs("  conflict, not counted", stdout);
}

static int
print_report(void *arg, const struct report_line *line)
{
	const char *domain =
	    line->domain[0] != '\0' ? line->domain : "(unknown)";
	struct listing *l = arg;
	char day[DATE_SIZE];

	if (l->count++ == 0)
		printf("%7s  %-10s  %-18s  %-*s %9s %7s\n", "report", "day",
		    "reporter", l->on_page ? 21 : 22, "domain", "sessions",
		    "failed");
	date_format_day(line->day, day);
	if (l->on_page)
		print_on_page(l, line, day, domain);
	else
		print_line(line, day, domain);
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
	struct listing listing = {.on_page = isatty(STDOUT_FILENO)};
	int rc = cmd_arguments(ctx, 0, &err);

	if (rc == 0)
		rc = pick_filter(&st->pick, &ctx->config->scope, &f, &err);
	if (rc == 0)
		rc = period_days(&st->period, ctx->now, 1, days, &err);
	if (rc == 0) {
		f.first_day = days[0];
		f.last_day = days[1];
		rc = store_each_report(
		    ctx->store, &f, print_report, &listing, &err);
	}
	if (rc == -1)
		return cmd_fail(&err);
	if (listing.count == 0)
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
