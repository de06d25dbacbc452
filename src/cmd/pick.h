/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_PICK_H
#define TLSTALLY_CMD_PICK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "digest/scope.h"
#include "store/store.h"

/*
 * --domain GLOB and --group NAME, as often as they are given: which policy
 * domains are meant.  A domain is of the first group that takes it, so no
 * customer is shown another's by a pattern that is too wide.
 */

/* The rows of a command's option table. */
#define PICK_DOMAIN_OPTION                                         \
	{                                                          \
		"domain", 'd', "GLOB", "only these policy domains" \
	}
#define PICK_GROUP_OPTION                                           \
	{                                                           \
		"group", 'g', "NAME", "only the domains of a group" \
	}

/* Zeroed to start with; the texts are borrowed. */
struct pick {
	const char **domains;
	size_t ndomains;
	const char **groups;
	size_t ngroups;
	const struct scope *scope;
};

void pick_domain(struct pick *p, const char *glob);
void pick_group(struct pick *p, const char *name);
void pick_free(struct pick *p);

/* True if anything was picked. */
bool pick_is_given(const struct pick *p);

/* Sets what the filter says of domains; p and the scope must outlast it.
 * Returns 0, or -1 with ERR_USAGE for a group that is not configured. */
int pick_filter(struct pick *p, const struct scope *scope, struct filter *f,
    struct err *err);

#endif
