/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_EXPORT_H
#define TLSTALLY_OUTPUT_EXPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "output/output.h"
#include "report/report.h"

/*
 * The normalised rows of reports, under the names of RFC 8460: a line for
 * each policy or each failure, as CSV or as JSON, one object a line.  Reports
 * are written as they come, and none is kept.
 */

enum export_format { EXPORT_CSV = 0, EXPORT_NDJSON };

/* A report, with what only the store knows of it. */
struct export_report {
	int64_t number;
	bool counted; /* false for one in conflict */
	int64_t stored;
	const char *source;
	const char *message;	     /* its locator */
	const unsigned char *sha256; /* SHA256_LEN bytes, of its JSON; NULL if
					that is not known */
	const struct report *report;
};

/* Zero it, and set the first three. */
struct export_rows {
	FILE *out;
	enum export_format format;
	enum rows rows;	   /* ROWS_FAILURES, or else policies */
	bool within;	   /* a cell was written on this line */
	bool heading;	   /* the names of the columns are written */
	struct buf joined; /* of a list's strings */
};

/* Writes the heading, which only CSV has. */
void export_begin(struct export_rows *x);

/* Writes the rows of one policy of the report, counted from 0: its own, or
 * those of its failures. */
void export_policy(
    struct export_rows *x, const struct export_report *r, size_t policy);

/* Writes the row of a report that has no policies; only for policies. */
void export_empty(struct export_rows *x, const struct export_report *r);

/* Frees what x holds.  Returns 0, or -1 as output_finish. */
int export_end(struct export_rows *x, struct err *err);

#endif
