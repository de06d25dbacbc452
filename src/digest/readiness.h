/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DIGEST_READINESS_H
#define TLSTALLY_DIGEST_READINESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "digest/digest.h"

/*
 * May MTA-STS go from testing to enforce?  Under enforce, what fails now will
 * bounce: so failures must be gone, and there must be enough reports for that
 * to mean something.  Figures by day go in; each rule comes out with what it
 * was judged by.
 *
 * Rules that ignore failures do not apply: what is ignored here would bounce
 * all the same.
 */

/* What the reports show of the domain's policy. */
enum stage {
	STAGE_UNKNOWN = 0, /* no reports */
	STAGE_NONE,	   /* no policy in testing or enforce */
	STAGE_TESTING,
	STAGE_ENFORCE
};

/* A policy was there if it was seen within so many days of the latest
 * report. */
#define READINESS_CURRENT_DAYS 7

/* The exit statuses, too. */
enum readiness_verdict {
	READINESS_READY = 0, /* under enforce: healthy */
	READINESS_LACKING,   /* not enough evidence */
	READINESS_BROKEN     /* not ready; under enforce: mail is held back */
};

enum rule_kind {
	RULE_TESTING = 0, /* days in testing; not under enforce */
	RULE_REPORT_DAYS, /* days with reports */
	RULE_REPORTERS,
	RULE_SESSIONS,
	RULE_FAILURES,	 /* places where certificate, STARTTLS or policy
			    fails */
	RULE_VALIDATION, /* failed sessions of any other kind */
	RULE_FIXED	 /* reporters that saw failures before the day of the
			    fix and were heard since; only if there are any */
};
#define RULE_COUNT 7

enum rule_state {
	RULE_MET = 0,
	RULE_ASK,     /* met, but somebody should look at it */
	RULE_LACKING, /* there is not enough evidence */
	RULE_UNKNOWN, /* it could not be looked at */
	RULE_BROKEN
};

struct rule {
	enum rule_kind kind;
	enum rule_state state;
	int64_t wanted; /* at least; of RULE_FAILURES at most (0), and of
			   RULE_VALIDATION less than (RATIO_WHOLE) */
	int64_t found;	/* the same unit; of RULE_VALIDATION sessions */
};

/* A rule of what is published now, which the reports do not show: who looks at
 * it finds the words, too. */
struct live_rule {
	const char *name;  /* "live_policy", for programs */
	const char *title; /* what is judged */
	enum rule_state state;
	const char *evidence; /* printable ASCII, like the rest */
	const char *fix;      /* or NULL */
};

/* A place where something fails: an MX host, or what has none, such as a
 * policy that cannot be had. */
struct obstacle {
	const char *receiving_mx; /* "" for none */
	enum result_type result;  /* of its kinds, the one with most sessions */
	size_t kinds;
	int64_t sessions;
	size_t reporters; /* a single one's view may be its own fault */
	const char *reporter;
	int32_t first_day;
	int32_t last_day;
};

struct readiness {
	const char *domain;
	enum stage stage;
	enum readiness_verdict verdict;
	int32_t first_day; /* the days that are judged */
	int32_t last_day;
	int32_t since; /* of testing or enforce, the first day on which it was
			  seen; DAY_NONE */
	bool longer;   /* it may have been so before, too */
	int32_t fixed_on; /* failures before are left out; DAY_NONE */
	int64_t left_out; /* so many */
	struct rule rules[RULE_COUNT];
	size_t nrules;
	struct live_rule *live; /* none if nobody looked */
	size_t nlive;
	int64_t sessions; /* under sts, for RULE_VALIDATION: since fixed_on */
	const char **reporters; /* of sts, by name */
	size_t nreporters;
	struct obstacle *obstacles; /* those that more reporters saw first */
	size_t nobstacles;
	struct obstacle other; /* RULE_VALIDATION's failures */
	bool tied; /* all of them are at other.receiving_mx, though there may
		      be other hosts */
};

/* So many failures that all name one MX host are no accident. */
#define READINESS_TIED_SESSIONS 3

struct readiness_spec {
	const struct figures *figures; /* by day, up to the last one judged */
	int32_t fixed_on;	       /* DAY_NONE */
	const char *const *names; /* domains to judge even if nothing is known
				     of them */
	size_t nnames;
	/* True if the policy of the domain names one MX host and no more;
	 * NULL: not known. */
	bool (*has_one_mx)(void *arg, const char *domain);
	void *arg;
};

/* Zero it first. */
struct readiness_list {
	struct readiness *list; /* by domain */
	size_t n;
	size_t room;
	struct arena *arena;
};

/* Judges every own domain, and adds it to the list: where there are many, call
 * it with the figures of some after the other, with names only in the last
 * call.  Free the list in the end.  It borrows the texts of figures and names,
 * and nothing else. */
void readiness_judge(
    struct readiness_list *out, const struct readiness_spec *spec);
void readiness_free(struct readiness_list *list);

/* Adds what was seen of the domain, which the list then borrows, and judges
 * anew: what cannot be looked at is evidence that lacks. */
void readiness_add_live(struct readiness *r, struct live_rule *live, size_t n);

/* How many days figures must have for a domain's thresholds. */
int32_t readiness_days(const struct scope *scope);

#endif
