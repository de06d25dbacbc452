/* SPDX-License-Identifier: ISC */

/*
 * tlstally rejects: what claimed to be a report and could not be used, and
 * what contradicts a report that is counted.  A person who has looked at a
 * reject has it tried again, or takes it off the list.
 */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/die.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "output/escape.h"
#include "store/upkeep.h"

struct state {
	bool retry;
	int64_t *forget; /* numbers of rejects */
	size_t nforget;
};

enum { OPT_RETRY, OPT_FORGET };

static const struct cmd_option options[] = {
    [OPT_RETRY] = {"retry", 0, NULL, "read all of them again at next ingest"},
    [OPT_FORGET] = {"forget", 0, "ID", "take that one off the list"},
    {0}};

static int
add_forget(struct state *st, const char *text, struct err *err)
{
	int64_t number;
	size_t i;

	if (cmd_parse_number(text, "tlstally rejects", &number, err) == -1)
		return -1;
	for (i = 0; i < st->nforget; i++)
		if (st->forget[i] == number)
			return 0;
	st->forget =
	    xreallocarray(st->forget, st->nforget + 1, sizeof(*st->forget));
	st->forget[st->nforget++] = number;
	return 0;
}

static int
option(void *state, size_t index, const char *arg, struct err *err)
{
	struct state *st = state;

	if (index == OPT_FORGET)
		return add_forget(st, arg, err);
	st->retry = true;
	return 0;
}

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
list(struct context *ctx, struct err *err)
{
	size_t count = 0;

	if (cmd_open_store(ctx, STORE_READ, err) == -1 ||
	    store_each_reject(ctx->store, print_reject, &count, err) == -1)
		return -1;
	if (count == 0)
		puts("no rejects and no conflicts");
	return 0;
}

static void
say_retry(const struct retry *r)
{
	if (cmd_is_talkative())
		fprintf(stderr,
		    "%zu message%s will be read again at the next ingest\n",
		    r->messages, r->messages == 1 ? "" : "s");
	if (r->piped > 0)
		log_warn("%zu came on standard input and cannot be read "
			 "again: pipe %s in again, or forget %s",
		    r->piped, r->piped == 1 ? "it" : "them",
		    r->piped == 1 ? "it" : "them");
}

/* All of it or, when one number is wrong, nothing. */
static int
change(struct context *ctx, const struct state *st, struct retry *retry,
    struct err *err)
{
	size_t i;

	if (cmd_open_store(ctx, STORE_WRITE, err) == -1 ||
	    store_begin(ctx->store, err) == -1)
		return -1;
	if (st->retry && store_retry_rejects(ctx->store, retry, err) == -1)
		goto fail;
	for (i = 0; i < st->nforget; i++)
		if (store_forget_reject(ctx->store, st->forget[i], err) == -1)
			goto fail;
	if (store_commit(ctx->store, err) == 0)
		return 0;
fail:
	store_rollback(ctx->store);
	return -1;
}

static int
rejects(struct context *ctx, struct state *st, struct err *err)
{
	struct retry retry;
	int i;

	if (st->retry && st->nforget > 0)
		return err_set(
		    err, ERR_USAGE, "--retry and --forget do not go together");
	if (st->nforget == 0 && cmd_arguments(ctx, 0, err) == -1)
		return -1;
	for (i = 0; i < ctx->argc; i++)
		if (add_forget(st, ctx->argv[i], err) == -1)
			return -1;
	if (!st->retry && st->nforget == 0)
		return list(ctx, err);
	if (change(ctx, st, &retry, err) == -1)
		return -1;
	if (st->retry)
		say_retry(&retry);
	else if (cmd_is_talkative())
		fprintf(stderr, "forgot %zu reject%s\n", st->nforget,
		    st->nforget == 1 ? "" : "s");
	return 0;
}

static int
run(struct context *ctx, void *state)
{
	struct state *st = state;
	struct err err = {0};

	return cmd_end(rejects(ctx, st, &err), &err);
}

static void
release(void *state)
{
	struct state *st = state;

	free(st->forget);
}

const struct command cmd_rejects = {
    .name = "rejects",
    .summary = "list what could not be used, and conflicts",
    .usage = "[--retry | --forget ID...]",
    .needs = NEEDS_CONFIG,
    .options = options,
    .state_size = sizeof(struct state),
    .option = option,
    .run = run,
    .release = release,
};
