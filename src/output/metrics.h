/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_METRICS_H
#define TLSTALLY_OUTPUT_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "output/output.h"

/*
 * Figures by the labels of metrics.  A series is kept for months for every
 * label that was ever seen, and reports can hold any domain and any reporter:
 * so labels are those of the configuration and of our own vocabulary, and all
 * else is summed up.
 */

/* The label of reporters that have no section, together. */
#define METRIC_OTHER "(other)"

/* Result types: by number those of RFC 8460, others, and without detail. */
#define METRIC_OTHER_RESULT 0
#define METRIC_UNSPECIFIED  (RESULT_RFC_COUNT + 1)
#define METRIC_RESULTS	    (RESULT_RFC_COUNT + 2)

#define METRIC_POLICY_TYPES (POLICY_NONE + 1)
#define METRIC_MODES	    (MODE_NONE + 1)

struct metric_sum {
	bool seen;
	int64_t sessions; /* successful or failed */
	int64_t failed;
};

struct metric_domain {
	const struct domain_figure *figure; /* NULL for all others */
	struct metric_sum sum;
	struct metric_sum policies[METRIC_POLICY_TYPES][METRIC_MODES];
	int64_t failures[METRIC_RESULTS];
};

struct metric_reporter {
	const char *name;
	struct metric_sum sum;
};

struct metrics {
	struct metric_domain *domains; /* with a label, by name */
	size_t ndomains;
	struct metric_domain others; /* all that have none */
	size_t nothers;		     /* how many these are */
	/* As they report of domains with a label: those of the configuration,
	 * the last for all others; none if none is configured. */
	struct metric_reporter *reporters;
	size_t nreporters;
};

/* Sums up figures of one period; free with metrics_free.  Texts are those of
 * the view, which must outlast m. */
void metrics_make(struct metrics *m, const struct view *view);
void metrics_free(struct metrics *m);

#endif
