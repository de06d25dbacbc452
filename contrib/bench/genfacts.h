/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BENCH_GENFACTS_H
#define TLSTALLY_BENCH_GENFACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "gentext.h"

/*
 * What is known of a report and its mail before either is written.
 */

/* Whose manner of writing reports and mails is followed. */
enum shape {
	SHAPE_GOOGLE = 0,
	SHAPE_MICROSOFT,
	SHAPE_MAILRU,
	SHAPE_YAHOO,
	SHAPE_POSTFIX,
	SHAPE_COUNT
};

struct facts {
	struct rng rng; /* of this report alone */
	enum shape shape;
	unsigned domain;   /* number of the policy domain */
	unsigned reporter; /* number of the reporter */
	unsigned twin; /* 0, or the how-manieth of this day, domain, reporter */
	uint64_t serial; /* unique among all */
	int64_t day;	 /* the midnight at which its day begins */
	int64_t arrival; /* when the mail came */
	bool huge;	 /* 5 MB of JSON */
	bool pretty;	 /* whatever the shape: short lines of JSON */

	/* Filled by facts_name. */
	char domain_name[64];
	char submitter[64];
	char organization[64];
	char contact[96];
	char id[160];
	char file[256]; /* without .json and what follows */
};

/* Derives the names from the numbers. */
void facts_name(struct facts *f);

#endif
