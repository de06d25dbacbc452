/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_FIGURES_H
#define TLSTALLY_CMD_FIGURES_H

#include <stdbool.h>

#include "cmd/cmd.h"
#include "digest/digest.h"
#include "digest/health.h"

/*
 * Where the store meets the digest: rows are asked for and summed up.  For
 * every command that tells of figures.
 */

/* What figures are made of; close it in the end. */
struct figures_job {
	struct store *store;
	struct digest *digest;
	const struct figures *figures;
	struct arena *arena; /* of MX hosts and what health names */
	struct err *err;     /* the first error of a callback */
	bool failed;
};

/* Asks the store for the rows of the filter's days, and with looks_back for
 * those of the days before, and sums them up.  Completes spec: its days and
 * where MX hosts are looked up.  Returns 0, or -1; figures_close either way. */
int figures_make(struct figures_job *job, struct store *store,
    const struct filter *filter, struct digest_spec *spec, bool looks_back,
    struct err *err);
void figures_close(struct figures_job *job);

/* Judges the sources that the configuration and the store know; the result
 * is of arena. */
int figures_health(struct context *ctx, struct arena *arena,
    struct health *health, struct err *err);

#endif
