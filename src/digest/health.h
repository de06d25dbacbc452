/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DIGEST_HEALTH_H
#define TLSTALLY_DIGEST_HEALTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Whether reports are read at all.  A digest without failures says nothing
 * when the mailbox has not been read for a week.
 */

/* A source that the configuration names, or all together, should have been
 * read without an error for as long as this. */
#define HEALTH_STALE_DAYS 3

/* What is known of a source. */
struct health_source {
	const char *name;
	bool configured;
	int64_t last_success; /* TIME_NONE: never */
	int64_t last_run;     /* TIME_NONE: never */
	const char *error;    /* of the last run; "" when it was a success */
};

enum health_kind {
	HEALTH_FAILING = 0, /* the last run over a source had an error */
	HEALTH_STALE,	    /* a configured source is not read any more */
	HEALTH_NEVER,	    /* a configured source was never read */
	HEALTH_ALL_STALE    /* no source at all was read for so long */
};

struct health_fault {
	enum health_kind kind;
	const char *source;   /* "" for all */
	const char *error;    /* "" if there was none */
	int64_t last_success; /* TIME_NONE: never */
	int64_t days;	      /* whole days since then; 0 if never */
};

struct health {
	struct health_fault *faults; /* in the order of the sources */
	size_t nfaults;
	const struct health_source *sources; /* that were judged */
	size_t nsources;
};

/* Judges the sources at the time now.  What is configured is judged one by
 * one; a file that was once read by hand is nothing to wait for, but if
 * nothing is configured, some source should have been read.  faults has room
 * for n + 1; sources and their texts must outlast health. */
void health_judge(struct health *health, const struct health_source *sources,
    size_t n, int64_t now);

#endif
