/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_ADVICE_STEPS_H
#define TLSTALLY_OUTPUT_ADVICE_STEPS_H

#include "digest/readiness.h"
#include "output/words.h"

/* Inside advice.c: what to do next, and the way back. */

/* Writes both, each after a blank line. */
void advice_write_steps(FILE *out, const struct readiness *r, int64_t now);

/* "certificate-expired on mx2.example.com and 1 other kind". */
void advice_put_place(const struct words *w, const struct obstacle *o);

#endif
