/* SPDX-License-Identifier: ISC */

/*
 * tlstally backup: a copy of the store that can be put in its place.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "store/upkeep.h"

static int
backup(struct context *ctx, struct err *err)
{
	if (ctx->argc == 0 || ctx->argv[0][0] == '\0')
		return err_set(err, ERR_USAGE, "which file is it to go to?");
	if (strcmp(ctx->argv[0], "-") == 0)
		return err_set(err, ERR_USAGE,
		    "a copy is made in a file, not on standard output");
	if (cmd_arguments(ctx, 1, err) == -1)
		return -1;
	return store_backup(ctx->store, ctx->argv[0], err);
}

static int
run(struct context *ctx, void *state)
{
	struct err err = {0};

	(void)state;
	if (backup(ctx, &err) == -1)
		return cmd_fail(&err);
	if (cmd_is_talkative())
		fprintf(stderr, "the store is copied to %s\n", ctx->argv[0]);
	return cmd_flush();
}

const struct command cmd_backup = {
    .name = "backup",
    .summary = "copy the store to a file, while others use it",
    .usage = "FILE",
    .needs = NEEDS_STORE,
    .run = run,
};
