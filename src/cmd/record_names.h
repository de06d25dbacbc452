/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_RECORD_NAMES_H
#define TLSTALLY_CMD_RECORD_NAMES_H

#include "cmd/records.h"

/* Whose records monitor looks at. */
struct record_names {
	const char **list; /* as net_domain makes them, sorted, each once */
	size_t n;
	size_t size;
	size_t left_out; /* more than there is room for */
	struct arena *arena;
};

/* Finds the domains of the command line or the group; or those that are
 * configured, have reports and are own, or are watched already.  A name that
 * is none of the DNS is left out, unless it stands on the command line: then
 * it is -1 with ERR_USAGE. */
int record_names_find(struct record_names *names,
    const struct records_spec *spec, struct err *err);

/* Finds the domains of the command line; or those that are watched, and are of
 * the group, if one is asked for. */
int record_names_watched(struct record_names *names, const struct context *ctx,
    const struct asked *asked, struct err *err);

void record_names_free(struct record_names *names);

#endif
