/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_FAILURE_H
#define TLSTALLY_DECODE_FAILURE_H

#include "decode/members.h"
#include "report/report.h"

/* Reads failure-details, in slot of a policies[] entry, into p->failures.
 * *sum gets their failed sessions.  Returns 0, or -1 with ERR_DATA or
 * ERR_BOUND (failure_details, string_bytes). */
int failures_read(const struct members *m, struct reading *r, size_t slot,
    struct policy *p, int64_t *sum);

#endif
