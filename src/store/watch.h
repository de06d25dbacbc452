/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_STORE_WATCH_H
#define TLSTALLY_STORE_WATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "store/store.h"

/*
 * What monitor remembers of the domains that it watches.  To the store it is
 * two values a domain, which whoever watches packs and reads.  Errors are
 * those of store.h.
 */

struct watched {
	const char *domain;   /* as name_normal makes it */
	struct span accepted; /* what somebody knows of and agrees with */
	struct span known;    /* what was last seen */
	int64_t since;	      /* when it was looked at first */
	int64_t at;	      /* ... and last */
};

/* A value may be so long. */
#define WATCHED_BYTES_MAX ((size_t)2 << 20)

/* Reads what is remembered of a domain into the arena.  Returns 1, 0 when it
 * is not watched, or -1. */
int store_watched(struct store *s, const char *domain, struct arena *arena,
    struct watched *out, struct err *err);

/* Remembers it instead of what is there; since is kept.  Within a
 * transaction.  Returns 0, or -1 with ERR_BOUND for a value that is too
 * long. */
int store_watch(
    struct store *s, const struct watched *watched, struct err *err);

/* Gives every domain that is watched, by name.  fn returns 0, or anything else
 * to stop; it may ask the store other questions. */
int store_each_watched(struct store *s,
    int (*fn)(void *arg, const char *domain), void *arg, struct err *err);

#endif
