/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_STORE_STORE_H
#define TLSTALLY_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sharing.h"
#include "report/decoded.h"
#include "report/rows.h"

/*
 * The store: one SQLite file in WAL mode.  What was committed is on the disk
 * (synchronous=FULL).  Errors, besides those named: ERR_TEMPORARY (locked,
 * full), ERR_IO, ERR_STORE (damaged; the text names the file, and nothing is
 * ever reset), ERR_REFUSED (rights).
 *
 * A report is counted once:
 * - the same JSON (the same sum) again is a duplicate, whatever it came in;
 * - the same identity (reporter, id, range, set of policy domains) with
 *   other content is a conflict: kept and shown, not counted, unless it is
 *   verified and the counted one is not: then it takes the other's place.
 * A duplicate that is verified, of the same reporter, verifies the stored one.
 *
 * A store is used by one thread.
 */
struct store;

enum store_mode {
	STORE_READ,  /* must exist; never written, never migrated */
	STORE_WRITE, /* must exist; migrated if it is older */
	STORE_CREATE /* made, with its directory, if it is not there */
};

/* Opens the store at path.  Returns 0, or -1 with ERR_NOINPUT ("no store at
 * PATH"), ERR_STORE (damaged, not a store, without a key, of a newer version;
 * of an older one with STORE_READ). */
int store_open(struct store **out, const char *path, enum store_mode mode,
    struct err *err);

/* As store_open with STORE_CREATE, for a store that a group may share: it is
 * made as that says, and one that is there must be so (ERR_REFUSED).  For a
 * group the umask of the process becomes 007. */
int store_create(struct store **out, const char *path,
    const struct sharing *sharing, struct err *err);
void store_close(struct store *s);

/* The store's key, KEYED_HASH_KEY_LEN random bytes that it was made with: what
 * the sum of a report's JSON is made under (report.h).  A copy has the same. */
const unsigned char *store_key(const struct store *s);

/* The schema that this program writes, as PRAGMA user_version. */
#define STORE_VERSION 2

/* "TTLY" as PRAGMA application_id: tells our files from others. */
#define STORE_APPLICATION_ID 0x54544c59

/* ---- ingest ---- */

/* A transaction that may write from its start (BEGIN IMMEDIATE); it waits
 * for other writers up to STORE_BUSY_MS.  After -1 of store_commit, or of
 * any call in between, call store_rollback: nothing was kept. */
#define STORE_BUSY_MS 30000
int store_begin(struct store *s, struct err *err);
int store_commit(struct store *s, struct err *err);
void store_rollback(struct store *s);

/* Returns in *id the number of the source of that name, made, of that kind, if
 * new; within a transaction. */
int store_source(struct store *s, const char *name, const char *kind,
    int64_t *id, struct err *err);

/* As store_source, but only looks: *id is 0 when it is not known. */
int store_find_source(
    struct store *s, const char *name, int64_t *id, struct err *err);

/* How a run over a source ended. */
struct source_run {
	int64_t source;
	const char *kind; /* what it is by now: a file may have become a
			     folder; "" if that is not known */
	int64_t now;
	const char *error; /* NULL for success */
};

int store_source_ran(
    struct store *s, const struct source_run *run, struct err *err);

/* What is remembered of a message. */
struct seen {
	enum outcome outcome;
	int decoder; /* the version that judged it */
	int tries;   /* runs of that version or a later one that
			failed for a resource, 0 if the last did not */
};

/* Returns 1 with *seen filled, 0 when nothing is known, -1 on error. */
int store_seen(struct store *s, int64_t source, const char *key,
    struct seen *seen, struct err *err);

/* True if such a message need not be read again: its outcome is final, or
 * the decoder has not become better since, or its tries are used up. */
bool seen_is_final(const struct seen *seen);

/* Runs that may fail for a resource before a message is left alone. */
#define SEEN_TRIES_MAX 3

/* Whence a message came. */
struct receipt {
	int64_t source;
	const char *key;
	const char *locator;
	int64_t now;
};

/* What became of one message's content, for the closing line. */
struct tally {
	size_t counts[OUTCOME_COUNT]; /* reports by outcome: new, duplicate,
					 conflict, expired; messages: reject,
					 foreign */
};

/* Adds what a message held and remembers the message: reports, duplicates,
 * conflicts, and a reject row for each fault.  Earlier rejects of the same
 * message are replaced.  *outcome is the message's: a reject if there was
 * any fault, else foreign if it held nothing, else the best of its reports
 * (report, then conflict, then duplicate).  *tally is added to.  Within a
 * transaction. */
int store_add(struct store *s, const struct receipt *receipt,
    const struct decoded *d, enum outcome *outcome, struct tally *tally,
    struct err *err);

/* ---- queries ---- */

/* From here to store_rollback all queries see the store as it was at the
 * first of them, whatever is committed meanwhile: so that what they say adds
 * up.  Not within store_begin. */
int store_snapshot(struct store *s, struct err *err);

/* Which reports are meant.  Zero it, then set the days. */
struct filter {
	int32_t first_day;	    /* DAY_MIN for no bound */
	int32_t last_day;	    /* included; DAY_MAX for no bound */
	const char *const *domains; /* fnmatch(3) patterns on the policy domain,
				       without regard to case; "" and
				       "(unknown)" mean the unknown one */
	size_t ndomains;
	/* Says of more domains whether they are taken, too, given takes_arg;
	 * NULL, and no pattern: all are. */
	bool (*takes)(const void *arg, const char *domain);
	const void *takes_arg;
	const char *reporter; /* the same for the reporter; NULL: all */
};

/* True if the filter takes all domains, and those it does not know of. */
bool filter_takes_all_domains(const struct filter *f);

/* True if the filter takes policies of that domain. */
bool filter_takes_domain(const struct filter *f, const char *domain);

/* Who is given rows, of policies, of failures (NULL: not wanted) or of both.
 * A function returns 0, or anything else to stop. */
struct row_reader {
	int (*policy)(void *arg, const struct policy_row *row);
	int (*failure)(void *arg, const struct failure_row *row);
	void *arg;
};

/* Gives every row of the counted reports that the filter takes, by day; each
 * policy is followed by its failures.  Returns 0 or -1. */
int store_rows(struct store *s, const struct filter *f,
    const struct row_reader *reader, struct err *err);

/* The latest day on which a counted report has a policy that matches the
 * filter, whose days are not looked at; DAY_NONE if there is none. */
int store_latest_day(
    struct store *s, const struct filter *f, int32_t *day, struct err *err);

/* The first and last day of any counted report; DAY_NONE in an empty store. */
int store_day_range(
    struct store *s, int32_t *first, int32_t *last, struct err *err);

/* Counted reports of the filter's days and reporter that have no policy at
 * all, and so no domain; only those above number after. */
int store_empty_reports(struct store *s, const struct filter *f, int64_t after,
    size_t *n, struct err *err);

/* ---- what was told ---- */

/* What a digest that is known by a name has told: every report up to that
 * number. */
struct told {
	int64_t report; /* 0: nothing yet */
	int64_t at;	/* when; TIME_NONE: never */
};

/* Waits until no other process tells what is new in this store, and keeps them
 * waiting until the store is closed: two at once would tell the same.  -1
 * with ERR_TEMPORARY after STORE_BUSY_MS.  Before store_snapshot. */
int store_tell_alone(struct store *s, struct err *err);

/* Reads what was told under a name. */
int store_told(
    struct store *s, const char *name, struct told *told, struct err *err);

/* Remembers it, in a transaction of its own.  What another process has told
 * meanwhile is not taken back. */
int store_tell(struct store *s, const char *name, const struct told *told,
    struct err *err);

/* Numbers rise from report to report, in the order of their commits.  Gives
 * the highest that there is, 0 in an empty store, and the first and last day
 * of the counted reports above number after; DAY_NONE if there are none. */
int store_new_days(struct store *s, int64_t after, int64_t *highest,
    int32_t days[2], struct err *err);

/* A report in a list. */
struct report_line {
	int64_t number; /* the report's number in this store, for `show` */
	int32_t day;
	const char *reporter;
	const char *organization;
	const char *id;
	const char *domain; /* of its first policy; "" when unknown */
	size_t ndomains;    /* how many different ones it has */
	int64_t successful;
	int64_t failed;
	enum authenticity authenticity;
	bool conflict; /* kept, not counted */
	size_t ndeviations;
};

/* Calls fn for every report that matches, by day and number; with patterns
 * for domains those of which a policy matches.  fn may ask the store other
 * questions; a line's strings last until it returns. */
int store_each_report(struct store *s, const struct filter *f,
    int (*fn)(void *arg, const struct report_line *line), void *arg,
    struct err *err);

/* A report as it is stored. */
struct stored_report {
	struct report *report; /* with its original */
	int64_t number;
	bool conflict;
	int64_t rival;	/* the number of the counted one, for a conflict; 0 */
	int64_t stored; /* when it was committed, seconds since 1970 */
	const char *source; /* the source's name */
	const char *locator;
};

/* Reads report number into arena.  Returns 0, or -1 with ERR_NOINPUT. */
int store_report(struct store *s, int64_t number, struct arena *arena,
    struct stored_report *out, struct err *err);

/* A message that claimed to be a report and could not be used, or a report
 * that is in conflict. */
struct reject_line {
	int64_t number; /* for --forget; 0 for a conflict */
	int64_t report; /* a conflict's report number; else 0 */
	const char *source;
	const char *locator;
	const char *reason;
	int64_t since; /* when the message was first rejected */
	int tries;     /* as struct seen's; 0 for a conflict */
};

/* Rejects first, then conflicts, each by their number. */
int store_each_reject(struct store *s,
    int (*fn)(void *arg, const struct reject_line *line), void *arg,
    struct err *err);

/* How many rejects there are, conflicts not counted: cheap, while
 * store_status sweeps through the ledger. */
int store_count_rejects(struct store *s, size_t *n, struct err *err);

/* A report in conflict, kept and not counted, and a domain that it is of. */
struct conflict_line {
	int64_t number;
	int32_t day;
	const char
	    *domain; /* interned, as those of rows are; "" when unknown */
};

/* Gives the conflicts that the filter takes, by day and number, once for each
 * of their domains that it takes.  Returns 0 or -1. */
int store_each_conflict(struct store *s, const struct filter *f,
    int (*fn)(void *arg, const struct conflict_line *line), void *arg,
    struct err *err);

/* Gives the MX hosts of the policy whose text has that number, in arena. */
int store_mx_hosts(struct store *s, int64_t text, struct arena *arena,
    const char ***hosts, size_t *n, struct err *err);

struct source_line {
	const char *name;
	const char *kind;     /* "" if it was never there */
	int64_t last_success; /* TIME_NONE: never */
	int64_t last_run;
	const char *last_error;	      /* "" when the last run was a success */
	size_t counts[OUTCOME_COUNT]; /* its messages by outcome */
};

int store_each_source(struct store *s,
    int (*fn)(void *arg, const struct source_line *line), void *arg,
    struct err *err);

struct store_status {
	int version;
	size_t reports; /* counted */
	size_t conflicts;
	size_t rejects;
	size_t domains;
	size_t reporters;
	int32_t first_day; /* DAY_NONE in an empty store */
	int32_t last_day;
	int64_t bytes;	   /* of the file and its WAL */
	int32_t floor_day; /* earlier reports were pruned; DAY_NONE: none */
	size_t counts[OUTCOME_COUNT]; /* messages by outcome */
	size_t watched;		      /* domains, by monitor */
	int64_t watched_at; /* when one of them was looked at last; TIME_NONE */
};

/* As store_each_source, but without counts: cheap. */
int store_each_source_run(struct store *s,
    int (*fn)(void *arg, const struct source_line *line), void *arg,
    struct err *err);

/* Takes some tenths of a second for a million reports. */
int store_status(struct store *s, struct store_status *out, struct err *err);

#endif
