/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_ASKED_H
#define TLSTALLY_CMD_ASKED_H

#include "cmd/cmd.h"
#include "digest/digest.h"

/*
 * Which domains a command is about whose arguments are domains: those of the
 * command line, of a group of the configuration, or all.
 */
struct asked {
	const char **domains;	  /* the arguments; NULL if there are none */
	struct scope_group named; /* they are taken for a group */
	struct filter filter;	  /* but for its days */
	struct digest_spec spec;  /* its scope, group and asked; settle, now */
};

/* Finds them; group is the name of one, or NULL.  Returns 0, or -1 with
 * ERR_USAGE. */
int asked_find(struct asked *asked, const struct context *ctx,
    const char *group, struct err *err);
void asked_free(struct asked *asked);

#endif
