/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DOMAIN_COMPARE_H
#define TLSTALLY_DOMAIN_COMPARE_H

#include <stdint.h>

#include "domain/checks.h"
#include "domain/snapshot.h"

/*
 * What is different from what was accepted, or could not be found out, or is
 * about to end: what somebody who watches a domain should know.
 */

enum difference_kind {
	DIFFERENCE_MISSING = 0, /* there never was a record */
	DIFFERENCE_ADDED,
	DIFFERENCE_EDITED,
	DIFFERENCE_DELETED,
	DIFFERENCE_DOUBT, /* missed once: the next look decides */
	DIFFERENCE_BROKEN,
	DIFFERENCE_DUPLICATED,
	DIFFERENCE_ALIAS,
	DIFFERENCE_DNSSEC_LOST,
	DIFFERENCE_BOGUS,
	DIFFERENCE_POLICY_EDITED,
	DIFFERENCE_POLICY_SAME_ID, /* the body is another, the id is not */
	DIFFERENCE_POLICY_BROKEN,
	DIFFERENCE_POLICY_REMOVED, /* while senders still enforce it */
	DIFFERENCE_DANE_LOST,
	DIFFERENCE_CERTIFICATE_ENDS,
	DIFFERENCE_CERTIFICATE_ENDED,
	DIFFERENCE_UNKNOWN, /* could not be looked at */
	DIFFERENCE_COUNT
};

struct difference {
	enum difference_kind kind;
	enum severity severity;
	/* Sentences without a full stop, in printable ASCII. */
	const char *message; /* what is otherwise, and where */
	const char *fix;     /* what to do about it */
};

struct differences {
	struct difference *items; /* the arena's */
	size_t n;
	size_t size;
};

/* When a certificate that is about to end is told of, in days. */
#define CERTIFICATE_WARNING_DAYS  14
#define CERTIFICATE_CRITICAL_DAYS 3

struct comparison {
	const char *domain;
	const struct snapshot *accepted; /* after snapshot_adopt */
	const struct snapshot *now;	 /* after snapshot_merge */
	const struct snapshot *look;
	int64_t time;
	/* Less than so many days before a certificate ends; 0: never. */
	int64_t warning_days;
	int64_t critical_days;
};

/* Lists the differences, in the order of records, policy and servers.  They
 * share the memory of what is compared, and the arena's. */
void compare_snapshots(
    struct differences *out, struct arena *arena, const struct comparison *c);

/* "edited", "dnssec-lost": a promise to whoever reads them by machine. */
const char *difference_name(enum difference_kind kind);

#endif
