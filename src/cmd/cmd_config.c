/* SPDX-License-Identifier: ISC */

/*
 * tlstally config: says which settings are in force, or only whether the
 * configuration is right, before a cron job finds out.
 */

#include "config.h"

#include <stdio.h>

#include "base/log.h"
#include "cmd/cmd.h"

struct state {
	bool check; /* first, for cmd_take_flag */
};

static const struct cmd_option options[] = {
    {"check", 0, NULL, "only say whether it is right"}, {0}};

static int
run(struct context *ctx, void *state)
{
	const struct state *st = state;
	struct err err = {0};

	if (cmd_arguments(ctx, 0, &err) == -1)
		return cmd_fail(&err);
	if (st->check)
		log_info("the configuration is right");
	else
		conf_write(ctx->config, ctx->store_path, stdout);
	return cmd_flush();
}

const struct command cmd_config = {
    .name = "config",
    .summary = "print the settings in force, or check them",
    .usage = "[--check]",
    .needs = NEEDS_CONFIG,
    .options = options,
    .state_size = sizeof(struct state),
    .option = cmd_take_flag,
    .run = run,
};
