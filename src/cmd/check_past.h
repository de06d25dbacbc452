/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_CHECK_PAST_H
#define TLSTALLY_CMD_CHECK_PAST_H

#include "cmd/cmd.h"
#include "domain/summary.h"
#include "output/check.h"

/*
 * What the store's reports say of domains that are looked at: when the last
 * came, and what they say is broken, which is held beside what is seen now.
 */
struct check_past;

/* Reads the store of the context, if there is one: *out is NULL if not, or if
 * it has no reports of them.  domains stay the caller's.  Returns 0; or -1 as
 * store_open does, but for a store that is not there and was not asked for. */
int check_past_read(struct check_past **out, struct context *ctx,
    const char *const *domains, size_t n, struct err *err);
void check_past_free(struct check_past *p);

/* What is to be known of the i'th domain before it is looked at. */
void check_past_facts(
    const struct check_past *p, size_t i, struct past_facts *past);

/* What is told beside a summary; the list is the arena's. */
void check_past_join(const struct check_past *p, size_t i, struct arena *arena,
    struct check_view *view);

#endif
