/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_STORE_FIGURES_H
#define TLSTALLY_STORE_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "store/number.h"

/*
 * The figures of one report as they lie in report.figures, and again in the
 * ledger.  They are numbers only (number.h):
 *
 *     format, lag, policies,
 *     and for each policy: the members of struct figure_policy in their
 *     order, nfailures last,
 *     and behind each policy its failures: struct figure_failure.
 *
 * Who reports about what is a stream (streams.c), other texts are names
 * (names.c).  lag is one more than the hours from the end of the report's day
 * to its arrival, or 0 when they are not known.  Only sessions may be
 * negative, and stands as 2n, or -2n - 1 when n is less than 0.
 */
#define FIGURES_FORMAT 1

/* The largest lag; it takes one byte. */
#define FIGURES_LAG_MAX 127

struct figure_policy {
	int64_t stream;
	int64_t successful;
	int64_t failed;
	int64_t text; /* policy_text.id, or 0 */
	int64_t nfailures;
};

/* A result of RESULT_UNSPECIFIED or RESULT_OVERLAP is what the details leave
 * of the policy's summary. */
struct figure_failure {
	int64_t result;
	int64_t result_text;
	int64_t receiving_mx;
	int64_t receiving_ip;
	int64_t reason_code;
	int64_t sessions;
};

/* Begins anew in b. */
void figures_begin(struct buf *b, int64_t lag, size_t npolicies);
void figures_put_policy(struct buf *b, const struct figure_policy *p);
void figures_put_failure(struct buf *b, const struct figure_failure *f);

/* A reading of packed figures: all policies, each followed by its failures.
 * Whatever the bytes are, it stays within them and ends. */
struct figures {
	struct span rest;
	bool damaged; /* no bytes of ours; what was read last is void */
	int64_t lag;
	int64_t policies; /* still to come */
	int64_t failures; /* still to come, of the policy read last */
};

/* Reads up to the first policy.  False when damaged.  How many policies and
 * failures there are, the bytes have room for. */
bool figures_open(struct figures *g, struct span packed);

/* Reads the next policy; failures of the one before that were not read are
 * passed over.  False at the end, and when damaged. */
bool figures_policy(struct figures *g, struct figure_policy *p);

/* Reads figures of one policy without failures, as nearly all are, and nothing
 * else: false for any others, which figures_open is for. */
bool figures_short(struct span packed, int64_t *lag, struct figure_policy *p);

/* Reads the next failure of that policy.  False when there is none left, and
 * when damaged. */
bool figures_failure(struct figures *g, struct figure_failure *f);

#endif
