/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DIGEST_ALARM_H
#define TLSTALLY_DIGEST_ALARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "digest/digest.h"
#include "digest/health.h"
#include "digest/scope.h"

/*
 * What of the figures is worth waking somebody: too many failures, failures
 * of a new kind, silence, and a store that is not fed.  Figures, health and
 * thresholds go in, alarms come out; nothing is asked, nothing is written.
 *
 * Only own domains raise alarms, and ignored failures none.
 */

/* As the exit statuses of a monitoring plugin. */
enum level {
	LEVEL_OK = 0,
	LEVEL_WARNING = 1,
	LEVEL_CRITICAL = 2,
	LEVEL_UNKNOWN = 3
};

/* "OK", "WARNING" ... */
const char *level_name(enum level s);

/* The worse of two: critical, then warning, then unknown, then all right. */
enum level level_worse(enum level a, enum level b);

enum alarm_kind {
	ALARM_INGEST = 0, /* a source, or all, is not read */
	ALARM_RATE,	  /* failures above warning_rate or critical_rate */
	ALARM_BASELINE,	  /* above baseline_factor times what is usual */
	ALARM_NEW,	  /* a kind of failure that was not there before */
	ALARM_SILENT,	  /* a domain of which nobody reports any more */
	ALARM_REPORTER,	  /* a regular reporter that stopped */
	ALARM_UNHEARD	  /* nothing is known of what was asked for */
};

/* A reporter that was heard on fewer days of DIGEST_LOOKBACK_DAYS may stop
 * without an alarm: half a dozen mails a month are no promise. */
#define ALARM_REPORTER_DAYS 7

/* A source whose last run failed is an alarm when the last good one is so
 * many days ago, and critical after HEALTH_STALE_DAYS: reports come once a
 * day, and a server may be down for an hour. */
#define ALARM_INGEST_DAYS 1

/* What it takes besides thresholds: members are 0, "" or NULL where they are
 * not for that kind. */
struct alarm {
	enum level level;
	enum alarm_kind kind;
	const struct domain_figure *domain; /* of several, the first */
	const struct problem *problem;	    /* RATE, BASELINE: the largest;
					       NEW: the largest new one */
	const struct health_fault *fault;   /* INGEST */
	const char *reporter;		    /* REPORTER */
	size_t count;	   /* NEW: new kinds at this host; REPORTER: domains */
	int64_t failed;	   /* RATE, BASELINE, NEW: sessions */
	int64_t sessions;  /* RATE, BASELINE: of how many */
	int64_t threshold; /* RATE: that share; BASELINE: the factor; SILENT,
			      REPORTER: days */
	int32_t last_day;  /* SILENT, REPORTER: on which it was heard */
	int64_t days;	   /* SILENT, REPORTER: without a report since then,
			      though each should have come by now */
};

/* When a domain was heard last that has been silent for so long that no figure
 * is left of it. */
struct last_heard {
	const char *domain;
	int32_t day;  /* DAY_NONE: never */
	bool regular; /* it was heard on DIGEST_USUAL_DAYS of the
			 DIGEST_LOOKBACK_DAYS up to then */
};

struct alarm_input {
	const struct figures *figures; /* one bucket, with the look-back, and
					  zeros for what was asked for */
	const struct health *health;
	const struct last_heard *heard; /* of domains of which the figures
					   have neither days nor silences */
	size_t nheard;
};

/* What was judged: own domains only. */
struct alarms {
	struct alarm *list; /* the worst first, then by kind */
	size_t n;
	enum level level; /* the worst of them */
	size_t domains;	  /* that were ever heard */
	int64_t sessions; /* of the period */
	int64_t failed;	  /* without what is ignored or gone */
	size_t silent;	  /* domains with ALARM_SILENT */
	bool unfed; /* a source is not read: silence is no wonder, and is not
		       judged */
};

/* Judges.  Free it in the end; it borrows from the figures. */
void alarm_judge(struct alarms *alarms, const struct alarm_input *in);
void alarm_free(struct alarms *alarms);

/* The failed sessions of a domain that are neither ignored nor gone. */
int64_t alarm_failed(const struct domain_figure *dom);

/* True if part is more than that share (RATIO_WHOLE) of the whole. */
bool alarm_exceeds(int64_t part, int64_t whole, int64_t ratio);

/* True if so many failures among so many sessions are more than factor times
 * the usual ones, by more than chance explains. */
bool alarm_is_unusual(int64_t failed, int64_t sessions,
    const struct share *usual, int64_t factor);

#endif
