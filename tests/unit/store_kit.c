/* SPDX-License-Identifier: ISC */

/*
 * What the tests of the store share.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <sqlite3.h>

#include "base/date.h"
#include "store_kit.h"
#include "support.h"

struct store_kit kit;

void
store_kit_setup(void)
{
	kit = (struct store_kit){.dir = support_tmpdir(), .source = 1};
	snprintf(kit.path, sizeof(kit.path), "%s/tlstally.db", kit.dir);
	kit.arena = arena_new((size_t)64 << 10);
	store_kit_reopen(&kit, STORE_CREATE);
}

void
store_kit_teardown(void)
{
	store_close(kit.s);
	arena_free(kit.arena);
	support_remove(kit.dir);
}

void
store_kit_reopen(struct store_kit *k, enum store_mode mode)
{
	store_close(k->s);
	cr_assert_eq(
	    store_open(&k->s, k->path, mode, &k->err), 0, "%s", k->err.text);
}

static void
new_json(struct store_kit *k, struct report *r)
{
	char json[32];
	int len;

	len = snprintf(json, sizeof(json), "{\"n\":%d}", ++k->reports);
	/* To the store a sum is 16 bytes that no other JSON has. */
	memset(r->sum, 0x5a, sizeof(r->sum));
	memcpy(r->sum, &k->reports, sizeof(k->reports));
	r->original.data =
	    (unsigned char *)arena_strndup(k->arena, json, (size_t)len);
	r->original.len = r->original.json_len = (size_t)len;
	r->original.encoding = ENCODING_DEFLATE;
}

struct report *
store_kit_report(struct store_kit *k, const char *reporter, const char *id,
    const char *domain)
{
	struct report *r = arena_calloc(k->arena, 1, sizeof(*r));
	struct policy *p = arena_calloc(k->arena, 1, sizeof(*p));

	*p = (struct policy){.type = POLICY_STS,
	    .type_text = "",
	    .mode = MODE_ENFORCE,
	    .domain = domain,
	    .successful = 100};
	*r = (struct report){.reporter = reporter,
	    .organization = "Example",
	    .contact = "tls@example.net",
	    .id = id,
	    .start = KIT_TIME,
	    .end = KIT_TIME + DAY_SECONDS - 1,
	    .day = KIT_DAY,
	    .received = TIME_NONE,
	    .submitter_header = "",
	    .domain_header = "",
	    .filename = "",
	    .subject = "",
	    .policies = p,
	    .npolicies = 1};
	new_json(k, r);
	return r;
}

struct report *
store_kit_other(struct store_kit *k, const struct report *report)
{
	struct report *r = arena_calloc(k->arena, 1, sizeof(*r));

	*r = *report;
	new_json(k, r);
	return r;
}

void
store_kit_policies(struct store_kit *k, struct report *r, size_t n)
{
	struct policy *p = arena_calloc(k->arena, n, sizeof(*p));
	size_t i;

	for (i = 0; i < n; i++)
		p[i] = r->policies[0];
	r->policies = p;
	r->npolicies = n;
}

struct failure *
store_kit_fail(
    struct store_kit *k, struct policy *p, enum result_type type, int sessions)
{
	struct failure *list =
	    arena_calloc(k->arena, p->nfailures + 1, sizeof(*list));
	struct failure *f = &list[p->nfailures];

	if (p->nfailures > 0)
		memcpy(list, p->failures, p->nfailures * sizeof(*list));
	*f = (struct failure){.type = type,
	    .type_text = "",
	    .sending_ip = "192.0.2.1",
	    .receiving_mx = "mx.example.com",
	    .receiving_helo = "",
	    .receiving_ip = "198.51.100.1",
	    .additional_information = "",
	    .reason_code = "",
	    .sessions = sessions};
	p->failures = list;
	p->nfailures++;
	return f;
}

int
store_kit_try(struct store_kit *k, const char *key, const struct decoded *d,
    int64_t now, enum outcome *outcome)
{
	struct receipt receipt = {0, key, "reports/INBOX", now};
	struct err *err = &k->err;

	if (store_begin(k->s, err) == -1)
		return -1;
	if (store_source(k->s, "/var/mail/reports", "maildir", &receipt.source,
		err) == -1 ||
	    store_add(k->s, &receipt, d, outcome, &k->tally, err) == -1 ||
	    store_commit(k->s, err) == -1) {
		store_rollback(k->s);
		return -1;
	}
	return 0;
}

int
store_kit_begin(struct store_kit *k, struct report *r)
{
	struct decoded d = {.arena = k->arena, .reports = &r, .nreports = 1};
	struct receipt receipt = {1, "k", "l", KIT_NOW};
	enum outcome outcome;

	cr_assert_eq(store_begin(k->s, &k->err), 0);
	return store_add(k->s, &receipt, &d, &outcome, &k->tally, &k->err);
}

enum outcome
store_kit_add_message(
    struct store_kit *k, const char *key, const struct decoded *d, int64_t now)
{
	enum outcome outcome = OUTCOME_FOREIGN;

	cr_assert_eq(
	    store_kit_try(k, key, d, now, &outcome), 0, "%s", k->err.text);
	return outcome;
}

enum outcome
store_kit_add(struct store_kit *k, struct report *r)
{
	struct decoded d = {.arena = k->arena, .reports = &r, .nreports = 1};
	char key[32];

	snprintf(key, sizeof(key), "message-%d", ++k->messages);
	return store_kit_add_message(k, key, &d, KIT_NOW);
}

enum outcome
store_kit_reject(struct store_kit *k, const char *key, enum fault_kind kind,
    const char *reason, int64_t now)
{
	struct fault fault = {kind, reason};
	struct decoded d = {.arena = k->arena, .faults = &fault, .nfaults = 1};

	return store_kit_add_message(k, key, &d, now);
}

struct stored_report
store_kit_read(struct store_kit *k, int64_t number)
{
	struct stored_report out;

	cr_assert_eq(store_report(k->s, number, k->arena, &out, &k->err), 0,
	    "%s", k->err.text);
	return out;
}

int64_t
store_kit_sql(const struct store_kit *k, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	int64_t value;

	cr_assert_eq(sqlite3_open(k->path, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK,
	    "%s: %s", sql, sqlite3_errmsg(db));
	value =
	    sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : -1;
	sqlite3_finalize(st);
	sqlite3_close(db);
	return value;
}

struct filter
store_kit_all(void)
{
	return (struct filter){.first_day = DAY_MIN, .last_day = DAY_MAX};
}

static int
sum_policy(void *arg, const struct policy_row *row)
{
	struct store_kit_sums *sums = arg;

	sums->policies++;
	sums->successful += row->successful;
	sums->failed += row->failed;
	return 0;
}

static int
sum_failure(void *arg, const struct failure_row *row)
{
	struct store_kit_sums *sums = arg;

	sums->failures++;
	sums->sessions += row->sessions;
	return 0;
}

struct store_kit_sums
store_kit_rows(struct store_kit *k, const struct filter *f)
{
	struct store_kit_sums sums = {0};
	const struct row_reader reader = {
	    .policy = sum_policy, .failure = sum_failure, .arg = &sums};
	struct filter all = store_kit_all();

	if (f == NULL)
		f = &all;
	cr_assert_eq(
	    store_rows(k->s, f, &reader, &k->err), 0, "%s", k->err.text);
	return sums;
}
