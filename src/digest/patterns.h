/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DIGEST_PATTERNS_H
#define TLSTALLY_DIGEST_PATTERNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * The patterns of a configuration, by which a domain is looked up.  They are
 * those of fnmatch(3) without regard to case, where "*" takes dots, too; one
 * final dot of a pattern or a domain counts for nothing.  What most of them
 * are, "example.com" and "*.example.com", is found by a hash, so that a
 * provider's thousand customers cost no more than ten.
 */
struct patterns;

#define PATTERNS_NONE ((size_t)-1)

/* True if a pattern is a name as it stands: it has no *, ?, [ or \. */
bool pattern_is_name(const char *pattern);

/* True if the pattern takes the domain. */
bool pattern_takes(const char *pattern, const char *domain);

/* Returns a set that has room for n patterns and lives in the arena. */
struct patterns *patterns_new(struct arena *a, size_t n);

/* Adds a pattern, which must live as long, under the number of what it stands
 * for.  Numbers do not fall from one call to the next. */
void patterns_add(struct patterns *p, const char *pattern, size_t number);

/* The lowest number with a pattern that takes the domain, or PATTERNS_NONE. */
size_t patterns_find(const struct patterns *p, const char *domain);

#endif
