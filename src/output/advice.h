/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_ADVICE_H
#define TLSTALLY_OUTPUT_ADVICE_H

#include <stdint.h>
#include <stdio.h>

#include "digest/readiness.h"

/*
 * Whether a domain may enforce its policy, written down: each rule with its
 * evidence, what to do next, and the way back.  Text fits 80 columns; all
 * that reports say is escaped.
 */

/* "ready", "not enough evidence", "not ready"; under enforce "healthy" and
 * "failing". */
const char *advice_verdict_name(const struct readiness *r);

/* Writes all about one domain; now makes a new id for its record. */
void advice_write(FILE *out, const struct readiness *r, int64_t now);

/* Writes a line for each domain, and how many of each verdict there are. */
void advice_write_table(FILE *out, const struct readiness_list *list);

/* Writes an array of objects: tlstally-formats(5). */
void advice_write_json(FILE *out, const struct readiness_list *list);

#endif
