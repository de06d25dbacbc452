/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DOMAIN_STS_H
#define TLSTALLY_DOMAIN_STS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "domain/finding.h"

/* MTA-STS (RFC 8461): the TXT record and the policy. */

#define STS_PREFIX "_mta-sts"
#define STS_HOST   "mta-sts"

/* 3.2: about a year. */
#define STS_MAX_AGE_MAX 31557600

/* The TXT record (3.1). */
struct sts_record {
	size_t strict;	  /* how many texts begin with v=STSv1; */
	bool present;	  /* something was meant as a record */
	bool usable;	  /* one record, well formed */
	struct span text; /* of the one that was read */
	const char *id;	  /* "" unless usable */
};

/* Reads the n texts at name.  What is missing altogether is left to the
 * caller. */
void sts_record_read(struct sts_record *record, const struct span *texts,
    size_t n, const char *name, struct findings *findings);

enum sts_mode { STS_MODE_NONE_GIVEN = 0, STS_ENFORCE, STS_TESTING, STS_NONE };

/* The policy (3.2). */
struct sts_policy {
	bool usable; /* version, mode, max_age, and mx unless mode is none */
	enum sts_mode mode;
	int64_t max_age; /* seconds; -1 if there is none that is right */
	const char **mx; /* patterns as written */
	size_t nmx;
};

/* Reads a policy; the subject of the findings is url, their places are in
 * body.  What the mode or age mean for the domain is left to the caller. */
void sts_policy_parse(struct sts_policy *policy, struct span body,
    const char *url, struct findings *findings);

/* "enforce", "testing", "none"; "" for STS_MODE_NONE_GIVEN. */
const char *sts_mode_name(enum sts_mode mode);

/* True if a pattern of the policy matches the MX host. */
bool sts_policy_covers(const struct sts_policy *policy, const char *host);

#endif
