/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TESTS_PROMISES_H
#define TLSTALLY_TESTS_PROMISES_H

#include "report/report.h"

/* Ends the program unless a report keeps all that report.h promises of what
 * the decoder gives: texts, counts, times, types, deviations. */
void check_report(const struct report *r);

#endif
