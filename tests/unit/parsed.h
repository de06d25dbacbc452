/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TESTS_PARSED_H
#define TLSTALLY_TESTS_PARSED_H

#include <stdbool.h>

#include "base/limits.h"
#include "decode/tlsrpt.h"

/* A report that a test had parsed, or why it is none. */
struct parsed {
	enum tlsrpt_verdict verdict;
	struct report *report; /* NULL unless the verdict is TLSRPT_REPORT */
	struct deviation_list notes;
	struct err err;
	struct arena *arena;
};

/* Nothing around the JSON. */
extern const struct tlsrpt_context parsed_no_context;

/* Parses the JSON text, which is a printf format; with the default limits and
 * no context. */
struct parsed parsed_json(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Parses bytes with a context and limits; the bytes end where they end. */
struct parsed parsed_bytes(struct span json,
    const struct tlsrpt_context *context, const struct limits *limits);

/* Parses a whole report whose policies member is the text. */
struct parsed parsed_policies(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

void parsed_free(struct parsed *p);

/* True if the deviation was noted at that place. */
bool parsed_noted(
    const struct parsed *p, enum deviation_code code, const char *where);

/* Fails the test unless a report came out with exactly n deviations. */
void parsed_expect_report(const struct parsed *p, size_t n);

/* Fails the test unless it is unusable with that code, and text is part of
 * the error. */
void parsed_expect_unusable(
    const struct parsed *p, enum err_code code, const char *text);

#endif
