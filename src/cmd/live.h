/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_LIVE_H
#define TLSTALLY_CMD_LIVE_H

#include "cmd/looking.h"
#include "digest/readiness.h"

/*
 * The live part of advise: what reports say is of yesterday, and what is
 * published now decides what senders do tomorrow.
 */

/* Has the domains of the list looked at, which must have names of the DNS, and
 * adds to each the rules of what was seen.  What could not be looked at is
 * RULE_UNKNOWN. */
void live_judge(struct readiness_list *list, const struct looking *looking);

#endif
