/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DIGEST_DIGEST_H
#define TLSTALLY_DIGEST_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "digest/scope.h"
#include "report/report.h"
#include "report/rows.h"

/*
 * From rows to figures.  Rows of the period and of the days before it go in,
 * in any order; sums come out, sorted, so that equal rows give equal
 * figures whatever order they came in.  Every sum over a column of figures
 * is the sum over the rows of the period.
 *
 * Strings are borrowed from the rows and must be interned, as rows.h says.
 */

enum bucket { BY_DAY = 0, BY_WEEK, BY_MONTH, BY_TOTAL };

/* How many days before the period are looked at, for the usual reporters
 * and for how long a problem has lasted: three weeks and the longest gap. */
#define DIGEST_LOOKBACK_DAYS 24

/* A longer period is not compared with the one before it, which would have
 * to be read too. */
#define DIGEST_COMPARE_DAYS 62

/* A problem that was not seen for longer than this is a new one. */
#define DIGEST_GAP_DAYS 3

/* A reporter that was heard on fewer days is not a usual one yet. */
#define DIGEST_USUAL_DAYS 3

/* An hour more than its usual lag is granted to a reporter. */
#define DIGEST_SLACK_HOURS 1

/* The MX hosts that a policy names. */
struct mx_hosts {
	const char *const *names;
	size_t n;
};

struct digest_spec {
	int32_t first_day;
	int32_t last_day; /* included */
	enum bucket by;
	int64_t told;	/* the reports up to this number have been told before:
			   their reporters are heard and their problems seen,
			   but they are in no sum; 0: none */
	int64_t now;	/* seconds since 1970 */
	int64_t settle; /* seconds from the end of a day for which its reports
			   may still come; 0: nothing is awaited */
	bool news; /* the figures are of new reports only, whose days others
		      were told of: nothing is said of who is silent or what
		      is gone */
	bool lines_only; /* figures.domains is not asked for */
	bool zeros;	 /* configured domains without reports are there, too */
	bool absent; /* domains are there, too, that were heard in the look-back
			and not in the period: else only if they fell silent */
	/* Whether a domain without reports was asked for, given takes_arg;
	 * NULL: all are. */
	bool (*takes)(const void *arg, const char *domain);
	const void *takes_arg;
	bool asked; /* these domains were asked for by name: all are own */
	const struct scope *scope;	 /* NULL: nothing is configured */
	const struct scope_group *group; /* all domains count as its; NULL:
					    each as its own's */
	/* Gives the MX hosts of a policy by the number of its text, good as
	 * long as the digest; NULL: changes of them are not looked for. */
	struct mx_hosts (*hosts)(void *arg, int64_t text);
	void *hosts_arg;
};

/* What lines of figures are keyed by. */
struct row_key {
	int32_t day;
	const char *group;  /* the domain's, as configured; "" */
	const char *domain; /* "" when unknown */
	enum policy_type policy_type;
	const char *policy_type_text; /* for POLICY_OTHER, else "" */
	enum policy_mode mode;
	const char *reporter;
	enum authenticity authenticity;
	const char *organization; /* the latest one; not a key */
};

/* A line of `--rows policies`: the period, the key, the sums. */
struct policy_figure {
	int32_t start;
	int32_t end;	    /* included */
	struct row_key key; /* its day is start */
	int64_t entries;    /* policies that were summed */
	int64_t successful;
	int64_t failed;
};

/* A line of `--rows failures`. */
struct failure_figure {
	int32_t start;
	int32_t end;
	struct row_key key;
	enum result_type result;
	const char *result_text;
	const char *receiving_mx;
	const char *receiving_ip;
	const char *reason_code;
	int64_t sessions;
	int64_t details;   /* failure details that were summed */
	int32_t first_day; /* on which it was seen, within start and end */
	int32_t last_day;
};

/* The sessions under one policy, of one reporter, or on one day; what is
 * not for that is 0 or "". */
struct share {
	enum policy_type policy_type; /* for policies */
	const char *policy_type_text;
	enum policy_mode mode;
	const char *reporter; /* for reporters */
	int32_t day;	      /* for days */
	int64_t successful;
	int64_t failed;
};

/* A kind of failure at a domain: a result type at an MX host under a
 * policy.  Not made of RESULT_OVERLAP, nor of details without sessions. */
struct problem {
	enum result_type result;
	const char *result_text;
	const char *receiving_mx; /* "" when no report says */
	enum policy_type policy_type;
	const char *policy_type_text;
	enum policy_mode mode;
	int64_t sessions;
	size_t reporters;	 /* how many saw it */
	const char *reporter;	 /* the one of them that saw most of it */
	const char *reason_code; /* the most frequent that is given; "" */
	int32_t since; /* the first day of an unbroken row of days that ends on
			  last_day, whatever the policy was; reaching back at
			  most DIGEST_LOOKBACK_DAYS before the period */
	int32_t last_day; /* on which it was seen in the period */
};

enum incident_state {
	INCIDENT_NEW = 0, /* first seen in the period */
	INCIDENT_ONGOING, /* seen before it, too */
	INCIDENT_GONE	  /* seen in the period before, and no more; or in this
			     one, and no more for DIGEST_GAP_DAYS */
};
#define INCIDENT_STATES 3

/* One thing that is broken: an MX host, or what has none, such as a policy
 * that cannot be had. */
struct incident {
	enum incident_state state;
	const char *receiving_mx;	/* "" when there is none */
	const struct problem *problems; /* its kinds, most sessions first; of
					   what was gone before the period,
					   those that were, without figures */
	size_t nproblems;
	int64_t sessions;
	int32_t since; /* as struct problem's, the earliest */
	int32_t last_day;
	bool holds_mail; /* under a policy for which mail waits or bounces */
	bool unheard;	 /* gone, but who saw it last was not heard since */
	const struct share *reporters; /* who saw it: failed is what they saw */
	size_t nreporters;
};

/* Failures that a rule of the configuration says need no more telling: they
 * are in all sums, and in no problem. */
struct ignored {
	const struct scope_ignore *rule;
	int64_t sessions;
};

/* A usual reporter that has fallen silent: it has been longer than its longest
 * pause, and its usual lag is over. */
struct silence {
	const char *reporter;
	int32_t last_day; /* on which it was heard */
	int days;	  /* on how many it was heard, of the last
			     DIGEST_LOOKBACK_DAYS of the period */
};

enum change_kind {
	CHANGE_POLICY_NEW = 0, /* a type and mode that is seen first */
	CHANGE_POLICY_GONE,    /* no more seen by those who had seen it */
	CHANGE_MX_NEW,	       /* a host that policies name since then */
	CHANGE_MX_GONE
};

/* What has changed in a domain's policies, as its reporters see them. */
struct policy_change {
	enum change_kind kind;
	int32_t day;		      /* the first on which it was seen so */
	enum policy_type policy_type; /* for policies */
	const char *policy_type_text;
	enum policy_mode mode;
	const char *host; /* for MX hosts; else "" */
};

/* How things stand, the best first. */
enum verdict {
	VERDICT_OK = 0,	 /* reports, and nothing to do */
	VERDICT_NOTHING, /* no reports, and none was due */
	VERDICT_WARNING, /* failures that hold no mail back */
	VERDICT_SILENT,	 /* no reports, though some were due */
	VERDICT_FAILING	 /* mail waits or bounces */
};

/* A domain in one period: what the text digest shows. */
struct domain_figure {
	int32_t start;
	int32_t end;
	const char *domain;
	const char *group; /* as configured; "" for none */
	bool own;	   /* the domain is configured, or none is */
	enum verdict verdict;
	int64_t successful;
	int64_t failed;
	int64_t overlap;	  /* 0 or less: details beyond the summaries */
	struct problem *problems; /* those of an incident together */
	size_t nproblems;
	struct incident *incidents; /* by state; those that hold mail first,
				       then by sessions, most first */
	size_t nincidents;
	struct ignored *ignored; /* in the order of the rules */
	size_t nignored;
	struct silence *silences; /* by reporter */
	size_t nsilences;
	struct policy_change *changes; /* by day */
	size_t nchanges;
	struct share before;  /* the sessions of the period before; its days */
	int32_t before_start; /* DAY_NONE: not compared, or nothing known */
	int32_t before_end;
	struct share lookback; /* those of DIGEST_LOOKBACK_DAYS before start */
	int64_t entries[AUTHENTICITY_COUNT]; /* policies of reports that were
					    summed, by authenticity */
	struct share *policies;		     /* by sessions, most first */
	size_t npolicies;
	struct share *reporters; /* by sessions, most first */
	size_t nreporters;
	struct share *days; /* by day; only those with reports */
	size_t ndays;
	int32_t last_day;     /* the last with reports, which may be one of the
				 look-back; DAY_NONE: none */
	size_t usual;	      /* usual reporters: those heard on at least half
				 of the days since they were first heard in
				 the look-back, and on 3 at least; with no
				 look-back those of the period itself */
	size_t usual_present; /* of these, heard in this period */
	bool incomplete;      /* reports may still come: see figures */
	bool told;	      /* some reports of it were told before */
};

/*
 * A day is incomplete as long as it has not ended, and after that, though
 * never longer than settle, while the report of a usual reporter is awaited:
 * one who was usual in the look-back of that day, has not been heard of it,
 * and whose usual lag is not over.  That is the lag of the slowest but one
 * of its days in the look-back, so that one bad day is forgiven.  Where it
 * is not known, or no reporter is a usual one, settle alone decides.
 */
struct figures {
	struct digest_spec spec;
	int32_t awaited_from; /* the first day of the period for which a report
				 about any domain is awaited, be there another
				 one about it or not; DAY_MAX if none is */
	struct policy_figure *policies; /* by start, domain, type, mode,
					   reporter, authenticity */
	size_t npolicies;
	struct failure_figure *failures; /* the same, result, mx, ip, reason */
	size_t nfailures;
	struct domain_figure *domains; /* by start, then domain */
	size_t ndomains;
};

struct digest;

struct digest *digest_new(const struct digest_spec *spec);
void digest_free(struct digest *d);

/* Take a row of the period or of the look-back. */
void digest_add_policy(struct digest *d, const struct policy_row *row);
void digest_add_failure(struct digest *d, const struct failure_row *row);

/* Sums up.  The figures belong to the digest, which takes no more rows. */
const struct figures *digest_figures(struct digest *d);

/* How many days before the first day of the period rows are of use. */
int32_t digest_lookback(const struct digest_spec *spec);

/* The first and last day of the bucket that holds day, within the spec. */
void digest_bucket(
    const struct digest_spec *spec, int32_t day, int32_t *start, int32_t *end);

#endif
