/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TESTS_DIGEST_KIT_H
#define TLSTALLY_TESTS_DIGEST_KIT_H

#include "digest/digest.h"

/*
 * Rows for a digest, said in one line each.  Every text is interned here.
 */

/* Friday, 2026-11-20. */
#define KIT_DAY 20777

/* What a report says; what is NULL or 0 is example.com, google.com, an sts
 * policy in enforce mode. */
struct kit_report {
	int32_t day;
	const char *domain;
	const char *reporter;
	enum policy_type type;
	enum policy_mode mode;
	int64_t text;
	int lag; /* hours and one; 0: unknown */
	int64_t successful;
	int64_t failed;
	/* Of its one failure, if failed is not 0. */
	enum result_type result;
	const char *mx; /* NULL: none */
};

/* A digest of these days, seen three days after the last. */
struct digest *kit_digest(
    int32_t first, int32_t last, enum bucket by, const struct scope *scope);

/* Adds the policy and, if sessions failed, the failure. */
void kit_add(struct digest *d, struct kit_report r);

#endif
