/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DIGEST_SCOPE_H
#define TLSTALLY_DIGEST_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ratio.h"
#include "report/vocabulary.h"

/*
 * Whose domains these are: what the configuration says of domains, of groups
 * of them (customers, say), of reporters and of failures that need no more
 * telling.  Patterns are those of fnmatch(3), without regard to case; one
 * final dot of a domain, of an MX host or of a pattern for them counts for
 * nothing.  The lists and texts belong to the caller and must outlast their
 * users.
 *
 * A zeroed struct scope is the one of an empty configuration.
 */

/* When an alert is due, and when the move to enforce is safe.  A member that
 * is not set is THRESHOLD_UNSET: the wider section's counts then, and in the
 * end the default of the table. */
#define THRESHOLD_UNSET (-1)

/* X(name, default, unit) */
#define THRESHOLDS(X)                                                      \
	/* monitor: a share of the sessions that failed */                 \
	X(warning_rate, 10000, RATIO)                                      \
	X(critical_rate, 50000, RATIO)                                     \
	/* monitor: failures as often as the domain's usual, times this */ \
	X(baseline_factor, 3, COUNT)                                       \
	/* monitor: fewer failed sessions raise no alert of a rate */      \
	X(min_failed, 5, COUNT)                                            \
	/* monitor: days without any report, of a domain heard before; 0   \
	 * here and for baseline_factor: never an alert */                 \
	X(silence_warning, 3, DAYS)                                        \
	X(silence_critical, 7, DAYS)                                       \
	/* monitor: days before a certificate ends; 0: never an alert */   \
	X(certificate_warning, 14, DAYS)                                   \
	X(certificate_critical, 3, DAYS)                                   \
	/* advise */                                                       \
	X(testing_days, 14, DAYS)                                          \
	X(report_days, 10, DAYS)                                           \
	X(reporters, 3, COUNT)                                             \
	X(sessions, 100, COUNT)                                            \
	X(validation_failure, 1000, RATIO)

struct thresholds {
#define THRESHOLD_MEMBER(name, value, unit) int64_t name;
	THRESHOLDS(THRESHOLD_MEMBER)
#undef THRESHOLD_MEMBER
};

/* domain "NAME" { } */
struct scope_domain {
	const char *name; /* a domain or a pattern */
	struct thresholds thresholds;
};

/* group "NAME" { } */
struct scope_group {
	const char *name;
	const char **domains; /* patterns */
	size_t ndomains;
	const char *mail_to; /* "" when unset */
	struct thresholds thresholds;
};

/* reporter "NAME" { match }: merged in digests, never in identity. */
struct scope_reporter {
	const char *name;
	const char **match; /* patterns */
	size_t nmatch;
};

/* ignore "NAME" { }: a failure that matches all that is set. */
struct scope_ignore {
	const char *name;
	const char *domain; /* patterns; "" for any */
	const char *mx;
	const char *reporter;
	const char *result; /* a result type's word; "" for any */
	int32_t until;	    /* the last day it holds for; DAY_MAX */
	int64_t below;	    /* only while the matching failures are less
			       than this share of the domain's sessions
			       (RATIO_WHOLE); THRESHOLD_UNSET: always */
};

struct scope {
	struct scope_domain *domains;
	size_t ndomains;
	struct scope_group *groups;
	size_t ngroups;
	struct scope_reporter *reporters;
	size_t nreporters;
	struct scope_ignore *ignores;
	size_t nignores;
	const char **listed; /* digest { domains }: patterns, too */
	size_t nlisted;
	const struct scope_index *index; /* by scope_index, or NULL */
};

/* Makes the look-ups of domains quick, when all else of the scope is set: it
 * is not to be changed after that.  The index lives in the arena.  Answers
 * are the same without it. */
void scope_index(struct scope *s, struct arena *a);

/* True if any domain is configured at all. */
bool scope_is_set(const struct scope *s);

/* True if the domain is configured: by its own section, in a group or in
 * digest { domains }; or if none is at all.  The unknown domain "" is not,
 * unless none is. */
bool scope_is_own(const struct scope *s, const char *domain);

/* The first domain section that takes the domain, or NULL.  None takes "". */
const struct scope_domain *scope_domain_of(
    const struct scope *s, const char *domain);

/* The first group that takes the domain, or NULL.  No group takes "". */
const struct scope_group *scope_group_of(
    const struct scope *s, const char *domain);

/* The group of that name, or NULL. */
const struct scope_group *scope_group_find(
    const struct scope *s, const char *name);

/* The name that a reporter goes by: that of the first section that matches,
 * else the reporter itself.  One that has a section's very name keeps it. */
const char *scope_reporter_name(const struct scope *s, const char *reporter);

/* The thresholds for a domain: the first domain section's that matches, what
 * that leaves unset from its group, the rest by default; none is unset. */
struct thresholds scope_thresholds(const struct scope *s, const char *domain);

/* True if the rule is for failures of this kind on that day; its share is not
 * looked at.  result_text is for RESULT_OTHER.  A reporter that goes by a
 * name of its own section is to be asked for under each of its names. */
bool scope_ignores(const struct scope_ignore *rule, const char *domain,
    const char *mx, const char *reporter, enum result_type result,
    const char *result_text, int32_t day);

/* True if a domain pattern names one domain: it has no *, ?, [ or backslash. */
bool scope_is_name(const char *pattern);

#endif
