/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TESTS_SNAPSHOT_KIT_H
#define TLSTALLY_TESTS_SNAPSHOT_KIT_H

#include "domain/snapshot.h"

/* What the tests of snapshots and their differences share: the summary of a
 * domain with which all is well, to be spoilt by a test. */

#define KIT_TIME_OF_LOOK 1795000000 /* 2026-11-18 */
#define KIT_RECORD	 "v=TLSRPTv1; rua=mailto:tls@r.example,https://h.example/v1"

struct snapshot_kit {
	struct arena *arena;
	struct domain_summary summary;
	struct summary_answer answers[SUMMARY_ANSWERS_LEAST];
	struct summary_destination destinations[2];
	struct summary_mx mx[2];
	struct summary_finding findings[8];
};

void snapshot_kit_setup(struct snapshot_kit *k);
void snapshot_kit_teardown(struct snapshot_kit *k);

/* Adds a finding. */
void snapshot_kit_find(
    struct snapshot_kit *k, enum check_id check, enum severity severity);

/* Expects that two have the same bytes. */
void snapshot_kit_expect_same(struct snapshot_kit *k,
    const struct snapshot *got, const struct snapshot *wanted);

#endif
