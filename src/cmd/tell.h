/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_CMD_TELL_H
#define TLSTALLY_CMD_TELL_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/cmd.h"
#include "cmd/pick.h"
#include "output/output.h"

/*
 * One digest, from what was asked for to what is written: of all domains, of
 * some, or of those of one group.
 */

/* What must be there for a digest to be told at all: flags of --only-if. */
enum news {
	NEWS_NEW = 1, /* incidents of that state at own domains */
	NEWS_ONGOING = 2,
	NEWS_GONE = 4,
	NEWS_SILENCE = 8, /* a reporter, or all of a domain's */
	NEWS_HEALTH = 16, /* the store's own */
	NEWS_ALL = 31
};

/* Whether a mail is handed to sendmail(8), and when. */
enum sending {
	SEND_NOT = 0,
	SEND_NEWS,  /* when there is something to say */
	SEND_ALWAYS /* then, and when all is well */
};

/* What is asked for. */
struct telling {
	struct context *ctx;
	const struct output *format;
	int32_t days[2]; /* as period_days gives them */
	enum bucket by;
	bool by_given;
	enum rows rows;
	enum excel excel;
	bool failures_only;
	bool zeros;
	unsigned only_if; /* flags of enum news; 0: always */
	bool only_new;
	const char *state;		 /* NULL: named for the domains */
	struct pick *pick;		 /* of which domains */
	bool asked;			 /* it stood on the command line */
	const struct scope_group *group; /* of each_group, else NULL */
	bool each_group;		 /* told of one after the other */
	enum sending sending;
	struct mail_addresses mail; /* to whom: NULL for the group's own */
	const char *file; /* NULL: standard output; {group} and {period} in it
			     stand for those */
};

/* Makes the figures and writes them down, or sends them; with only_new,
 * remembers what was told: what was to be sent only if it was.  Opens the store
 * of the context.  Returns 0 or -1. */
int tell(const struct telling *t, struct err *err);

/* Does so for every group of the configuration.  Of mails, those for groups
 * that have no address are left out; and one that cannot be sent does not keep
 * the others from being sent. */
int tell_each_group(const struct telling *t, struct err *err);

/* Parses "new,ongoing,gone,silence,health" into flags.  Returns 0, or -1 with
 * ERR_USAGE. */
int tell_parse_news(const char *text, unsigned *flags, struct err *err);

#endif
