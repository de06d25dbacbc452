/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_REPORT_ROWS_H
#define TLSTALLY_REPORT_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "report/vocabulary.h"

/*
 * The rows that pass from the store to the digest: counted reports only, one
 * row for each policy of each report, and one for each of its failures.
 *
 * Every string and stream is interned by the store that gave it: equal texts
 * have equal pointers, which stay good until that store is closed.
 */

/* Who reports about what under which policy.  There are few of them, and a
 * row names its own by address. */
struct stream {
	size_t number;	    /* another for each; small, so that arrays can be
			       indexed by it */
	const char *domain; /* "" when unknown */
	enum policy_type policy_type;
	const char *policy_type_text; /* for POLICY_OTHER, else "" */
	enum policy_mode mode;
	const char *reporter;
	const char *organization; /* as the reporter calls itself */
};

/* Of a report's lag. */
#define LAG_UNKNOWN (-1)

/* A policy of a report: 1 policy entry. */
struct policy_row {
	const struct stream *stream;
	int32_t day;
	enum authenticity authenticity;
	int64_t report; /* its number in the store: later ones are higher */
	int lag;	/* hours, rounded up, from the end of the day to its
			   arrival; LAG_UNKNOWN */
	int64_t text;	/* the number in the store of what the policy says;
			   0: nothing */
	int64_t successful;
	int64_t failed;
};

/* A failure of a policy: 1 failure detail; for RESULT_UNSPECIFIED and
 * RESULT_OVERLAP none, and then sessions makes the sum add up. */
struct failure_row {
	const struct stream *stream;
	int32_t day;
	enum authenticity authenticity;
	int64_t report;
	enum result_type result;
	const char *result_text; /* for RESULT_OTHER, else "" */
	const char *receiving_mx;
	const char *receiving_ip;
	const char *reason_code;
	int64_t sessions;
};

#endif
