/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_RECORDS_H
#define TLSTALLY_CMD_RECORDS_H

#include "cmd/asked.h"
#include "cmd/cmd.h"
#include "cmd/looking.h"
#include "digest/digest.h"
#include "output/plugin.h"

/*
 * The part of monitor that looks at the domains themselves: what is published
 * now is held against what is remembered, and then remembered.  Each domain
 * has a transaction of its own, in which nothing is waited for.
 */

/* Domains that are looked at in one run; and where none are configured, so
 * that their names come from reports of whoever writes one. */
#define RECORDS_MAX	    1000
#define RECORDS_UNNAMED_MAX 100

struct records_spec {
	struct context *ctx; /* with a store that may be written, but
				is in no transaction */
	const struct asked *asked;
	const struct figures *figures; /* whose own domains are among them */
	const struct looking *looking; /* complete */
	bool reads_only; /* the store cannot be written: nothing is kept */
};

struct records {
	struct plugin_finding *findings; /* by domain */
	size_t nfindings;
	char **notes;
	size_t nnotes;
	size_t watched; /* domains */
	size_t changed; /* of which something is told */
};

/* Looks, compares and remembers.  Returns 0, or -1 for an error of the store.
 * What could not be looked at is a finding.  records_free either way. */
int records_watch(
    struct records *r, const struct records_spec *spec, struct err *err);
void records_free(struct records *r);

/* Accepts what was last seen of the domains that are asked for, or of all that
 * are watched; writes a line for each on standard output.  Returns 0, or -1
 * with ERR_NOINPUT for one that is named and not watched. */
int records_accept(
    struct context *ctx, const struct asked *asked, struct err *err);

#endif
