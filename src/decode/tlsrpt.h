/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_TLSRPT_H
#define TLSTALLY_DECODE_TLSRPT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/span.h"
#include "report/report.h"

/*
 * From JSON text to a normalised report (RFC 8460 4.4), lenient wherever a
 * person could make sense of it, every leniency noted as a deviation.
 */

/* What stood around the JSON and may help to attribute it: UTF-8, "" where
 * there is nothing. */
struct tlsrpt_context {
	const char *submitter_header;
	const char *domain_header;
	const char *filename;
	const char *subject;
};

enum tlsrpt_verdict {
	TLSRPT_REPORT = 1, /* *out is set */
	TLSRPT_UNUSABLE,   /* it is meant as a report, if only by the names in
			      broken JSON; err says what is wrong: ERR_DATA or
			      ERR_BOUND */
	TLSRPT_NOT_ONE,	   /* JSON, but of something else */
	TLSRPT_NOT_JSON	   /* neither; err says where it stops being JSON
			      (ERR_DATA), or which bound it exceeds */
};

/* Keeps buffers from one report to the next. */
struct tlsrpt;

struct tlsrpt *tlsrpt_new(const struct limits *limits);
void tlsrpt_free(struct tlsrpt *t);

/* Parses the JSON text, which is not needed afterwards.  A report is meant by
 * policies, or by two of organization-name, date-range, contact-info and
 * report-id.  notes holds what was already noted about the message, headers
 * that are missing included, and takes what is noted here, but only with
 * TLSRPT_REPORT; its arena is the report's.  All fields of *out are set but
 * received (TIME_NONE), authenticity, original and sum.  Other than for
 * TLSRPT_REPORT, *out is NULL. */
enum tlsrpt_verdict tlsrpt_parse(struct tlsrpt *t, struct span json,
    const struct tlsrpt_context *context, struct deviation_list *notes,
    struct report **out, struct err *err);

#endif
