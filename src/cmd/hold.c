/* SPDX-License-Identifier: ISC */

/*
 * Keeps mail that cannot be used.  A mail server that is told 75 for it would
 * give up some day and bounce it to a stranger; one that is told 0 forgets
 * it.  So it is put where a person, or a better decoder, can look at it.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/log.h"
#include "cmd/hold.h"
#include "source/deposit.h"

/* What stands behind the store's name, as with its -wal and -shm: two stores
 * in one folder do not share their rejects. */
#define SUFFIX "-rejects"

static int
copy_message(void *arg, int fd, struct err *err)
{
	return source_copy(arg, fd, err);
}

int
hold_message(const struct context *ctx, struct source *source, struct err *err)
{
	struct deposit d = {.maildir = ctx->config->rejects,
	    .sharing = &ctx->config->sharing,
	    .copy = copy_message,
	    .arg = source};
	char *beside = NULL;
	int rc;

	if (d.maildir[0] == '\0') {
		if (asprintf(&beside, "%s" SUFFIX, ctx->store_path) == -1)
			die("no memory for a path");
		d.maildir = beside;
	}
	rc = deposit_message(&d, err);
	if (rc == 0)
		log_warn("standard input: kept in %s/%s", d.maildir, d.name);
	free(beside);
	return rc;
}
