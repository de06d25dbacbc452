/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TESTS_STORE_KIT_H
#define TLSTALLY_TESTS_STORE_KIT_H

#include "base/arena.h"
#include "report/decoded.h"
#include "store/store.h"

/* What the tests of the store share: a store in a scratch folder, reports to
 * put into it, and questions that fail the test when they fail. */
struct store_kit {
	char *dir;
	char path[2048];
	struct store *s;
	struct arena *arena;
	struct err err;
	struct tally tally;
	int64_t source;
	int messages; /* added so far; each gets a key of its own */
	int reports;  /* made so far; each gets a JSON of its own */
};

/* Day 20 000 is 2024-10-04; reports are of it unless a test says else. */
#define KIT_DAY	 20000
#define KIT_TIME 1728000000
#define KIT_NOW	 1728100000

/* The one of the test that runs: each test is a process of its own. */
extern struct store_kit kit;

/* Makes the folder, and opens a new store in it; for a suite's .init and
 * .fini. */
void store_kit_setup(void);
void store_kit_teardown(void);

/* Closes the store and opens it again. */
void store_kit_reopen(struct store_kit *k, enum store_mode mode);

/* Returns a report by reporter, of one policy: sts in mode enforce, for
 * domain, 100 sessions of which none failed. */
struct report *store_kit_report(struct store_kit *k, const char *reporter,
    const char *id, const char *domain);

/* Returns a copy of the report that holds another JSON. */
struct report *store_kit_other(
    struct store_kit *k, const struct report *report);

/* Gives the report n policies, all of them like its first. */
void store_kit_policies(struct store_kit *k, struct report *r, size_t n);

/* Appends a failure to a policy, without counting it in its summary. */
struct failure *store_kit_fail(
    struct store_kit *k, struct policy *p, enum result_type type, int sessions);

/* Begins, adds the message of that key and commits.  Returns 0 or -1, and
 * asserts nothing: a forked child may not. */
int store_kit_try(struct store_kit *k, const char *key, const struct decoded *d,
    int64_t now, enum outcome *outcome);

/* Begins and adds the report, and leaves the transaction open.  Returns what
 * store_add does. */
int store_kit_begin(struct store_kit *k, struct report *r);

/* Adds a message that holds the report and commits; returns its outcome. */
enum outcome store_kit_add(struct store_kit *k, struct report *r);

/* Adds the message of that key, within a transaction of its own. */
enum outcome store_kit_add_message(
    struct store_kit *k, const char *key, const struct decoded *d, int64_t now);

/* Adds the message of that key, which is rejected for one reason. */
enum outcome store_kit_reject(struct store_kit *k, const char *key,
    enum fault_kind kind, const char *reason, int64_t now);

/* Reads a report back into the kit's arena. */
struct stored_report store_kit_read(struct store_kit *k, int64_t number);

/* Asks SQLite itself for one integer. */
int64_t store_kit_sql(const struct store_kit *k, const char *sql);

/* Sums and counts of all rows that a filter takes; NULL takes all. */
struct store_kit_sums {
	size_t policies;
	int64_t successful;
	int64_t failed;
	size_t failures;
	int64_t sessions;
};
struct store_kit_sums store_kit_rows(
    struct store_kit *k, const struct filter *f);

/* A filter that takes everything. */
struct filter store_kit_all(void);

#endif
