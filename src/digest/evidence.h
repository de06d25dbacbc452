/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DIGEST_EVIDENCE_H
#define TLSTALLY_DIGEST_EVIDENCE_H

#include "digest/readiness.h"

/*
 * Inside the judgement on readiness: readiness.c has the domains, the stage
 * of their policy and how much is known of it; evidence.c what fails.
 */

/* The figures of one domain, by day. */
struct evidence {
	const struct readiness_spec *spec;
	struct arena *arena;   /* of what the readiness has */
	struct arena *scratch; /* of what nobody needs afterwards */
	const struct policy_figure **policies;
	size_t npolicies;
	const struct failure_figure **failures;
	size_t nfailures;
	struct thresholds thresholds;
	int32_t from; /* failures count from this day on */
};

/* Copies what is in scratch, and belongs to the readiness. */
void *evidence_keep(const struct evidence *e, const void *p, size_t size);

/* Add a rule to the readiness; add_least one that lacks evidence while less
 * was found than is wanted. */
void evidence_add_rule(struct readiness *r, enum rule_kind kind, int64_t wanted,
    int64_t found, enum rule_state state);
void evidence_add_least(
    struct readiness *r, enum rule_kind kind, int64_t wanted, int64_t found);

/* Judge RULE_FAILURES, RULE_VALIDATION and RULE_FIXED; the days and sessions
 * of the readiness are known. */
void evidence_judge_failures(const struct evidence *e, struct readiness *r);
void evidence_judge_validation(const struct evidence *e, struct readiness *r);
void evidence_judge_fix(const struct evidence *e, struct readiness *r);

#endif
