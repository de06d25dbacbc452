/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_PERIOD_H
#define TLSTALLY_CMD_PERIOD_H

#include <stdint.h>

#include "base/date.h"
#include "base/err.h"
#include "cmd/cmd.h"

/*
 * PERIOD: the options that say which days are meant, shared by all commands
 * that read reports.
 */

/* The rows of a command's option table; PERIOD_OPTIONS of them, first. */
#define PERIOD_OPTION_TABLE                                                  \
	{"day", 0, "DAY", "that day: 2026-11-20, yesterday or today"},       \
	    {"week", 0, "WEEK", "that ISO week: 2026-W47, or last"},         \
	    {"month", 0, "MONTH", "that month: 2026-11, or last"},           \
	    {"since", 0, "DAY", "from that day on"},                         \
	    {"until", 0, "DAY", "up to that day, included"},                 \
	    {"last", 0, "Nd", "the last N days up to yesterday; Nw: weeks"}, \
	{                                                                    \
		"all-time", 0, NULL, "every day that has reports"            \
	}
#define PERIOD_OPTIONS 7

/* What the options said; zeroed to start with. */
struct period_options {
	const char *args[PERIOD_OPTIONS]; /* "" for one without argument */
	int given;
};

/* Takes option index (below PERIOD_OPTIONS).  Returns 0, or -1. */
int period_option(
    struct period_options *p, size_t index, const char *arg, struct err *err);

/* The ends of a period without a bound: just outside the calendar, for its
 * first and last day may be meant. */
#define PERIOD_OPEN_START (DAY_MIN - 1)
#define PERIOD_OPEN_END	  (DAY_MAX + 1)

/* Finds the days, both included; see PERIOD_OPEN_START.  Without
 * an option it is yesterday, or with all_by_default all time.  Returns 0, or
 * -1 with ERR_USAGE. */
int period_days(const struct period_options *p, int64_t now, int all_by_default,
    int32_t days[2], struct err *err);

/* Reads a length of time, "7d" or "4w", from 1 day on.  Returns 0, or -1 with
 * ERR_USAGE. */
int period_parse_length(const char *text, int *days, struct err *err);

#endif
