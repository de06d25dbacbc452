/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DIGEST_TOPIC_H
#define TLSTALLY_DIGEST_TOPIC_H

#include <stddef.h>

/*
 * What there is to know of reports besides their failures: the policy types,
 * the modes of MTA-STS, and how to read a report at all.  Plain English, no
 * markup; lines are broken by whoever prints them.
 */

/* A heading and the points below it. */
struct topic_part {
	const char *title;
	const char *const *points; /* NULL-terminated */
};

struct topic {
	const char *name;		/* as it is asked for: "sts" */
	const char *also;		/* another name for it, or NULL */
	const char *summary;		/* for a list of topics: half a line */
	const char *law;		/* "RFC 8461" */
	const char *meaning;		/* one to three sentences */
	const struct topic_part *parts; /* ends with a NULL title */
	const char *command;		/* looks at it; {mx} and {domain} stand
					   for names; or NULL */
};

/* Returns the topic of that name, without regard to case, or NULL. */
const struct topic *topic_find(const char *name);

/* The topics by number from 0, in the order of a list; NULL behind the
 * last. */
const struct topic *topic_at(size_t i);

#endif
