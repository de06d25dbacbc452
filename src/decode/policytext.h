/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_POLICYTEXT_H
#define TLSTALLY_DECODE_POLICYTEXT_H

#include "decode/members.h"
#include "report/report.h"

/*
 * The two members of a policy that are lists of strings, in all the forms
 * that senders give them.  Both return 0, or -1 with ERR_BOUND
 * (string_bytes).
 */

/* Reads policy-string, in slot, into p->strings, a line each; then p->mode
 * from it when p->type is POLICY_STS. */
int policytext_read_strings(
    const struct members *m, struct reading *r, size_t slot, struct policy *p);

/* Reads mx-host, in slot, into p->mx_hosts. */
int policytext_read_hosts(
    const struct members *m, struct reading *r, size_t slot, struct policy *p);

#endif
