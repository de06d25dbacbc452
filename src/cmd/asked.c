/* SPDX-License-Identifier: ISC */

/*
 * Domains on the command line are treated like a group: they are own ones,
 * whatever is configured, and those without reports are there, too.
 */

#include "config.h"

#include <stdlib.h>

#include "base/die.h"
#include "cmd/asked.h"

static int
take_arguments(struct asked *a, const struct context *ctx, struct err *err)
{
	int i;

	a->domains = xcalloc((size_t)ctx->argc, sizeof(*a->domains));
	for (i = 0; i < ctx->argc; i++) {
		if (ctx->argv[i][0] == '\0')
			return err_set(
			    err, ERR_USAGE, "an empty name is no domain");
		a->domains[i] = ctx->argv[i];
	}
	a->named = (struct scope_group){.name = "",
	    .domains = a->domains,
	    .ndomains = (size_t)ctx->argc,
	    .mail_to = ""};
	a->spec.group = &a->named;
	a->spec.asked = true;
	return 0;
}

int
asked_find(struct asked *a, const struct context *ctx, const char *group,
    struct err *err)
{
	const struct scope *scope = &ctx->config->scope;

	*a = (struct asked){.spec = {.now = ctx->now,
				.settle = ctx->config->settle,
				.scope = scope}};
	if (ctx->argc > 0 && group != NULL)
		return err_set(
		    err, ERR_USAGE, "a domain and --group do not go together");
	if (ctx->argc > 0 && take_arguments(a, ctx, err) == -1)
		return -1;
	if (group != NULL)
		a->spec.group = scope_group_find(scope, group);
	if (group != NULL && a->spec.group == NULL)
		return err_set(err, ERR_USAGE, "no such group: %s", group);
	if (a->spec.group != NULL) {
		a->filter.domains = (const char *const *)a->spec.group->domains;
		a->filter.ndomains = a->spec.group->ndomains;
	}
	return 0;
}

void
asked_free(struct asked *a)
{
	free(a->domains);
	*a = (struct asked){.domains = NULL};
}
