/* SPDX-License-Identifier: ISC */

/*
 * Pruning: reports of days that nobody asks for any more go, and leave a
 * floor day behind, so that a mailbox that still holds them does not bring
 * them back.  The room they leave is used by what comes; the file is only
 * made anew, and smaller, when a good part of it is empty: SQLite's
 * auto_vacuum would cost every mail 0.9 % of ingest, for good.
 */

#include "config.h"

#include "base/date.h"
#include "store/private.h"
#include "store/upkeep.h"

/* Reports that go in one transaction: others wait for it. */
#define PRUNE_BATCH 500

/* The file is made anew when one page in so many is empty. */
#define EMPTY_SHARE 4

int
store_floor_day(struct store *s, int32_t *day, struct err *err)
{
	int64_t value;

	if (sql_ask(s,
		"SELECT coalesce((SELECT value FROM meta"
		" WHERE key = '" META_FLOOR_DAY "'), -2147483648)",
		&value, err) == -1)
		return -1;
	*day = value < DAY_MIN || value > DAY_MAX ? DAY_NONE : (int32_t)value;
	return 0;
}

/* Counts the reports before out->floor_day. */
static int
count_before(struct store *s, struct pruned *out, struct err *err)
{
	struct binder b = {sql_prepare(s,
			       "SELECT count(*), min(day), max(day)"
			       " FROM report WHERE day < ?",
			       err),
	    0};
	int rc = -1;

	if (b.st != NULL) {
		bind_int(&b, out->floor_day);
		rc = sql_step(s, b.st, err);
	}
	if (rc == 1) {
		out->reports = (size_t)sqlite3_column_int64(b.st, 0);
		if (out->reports > 0) {
			out->first_day = sqlite3_column_int(b.st, 1);
			out->last_day = sqlite3_column_int(b.st, 2);
		}
	}
	sqlite3_finalize(b.st);
	return rc == -1 ? -1 : 0;
}

int
store_prunable(
    struct store *s, int32_t floor_day, struct pruned *out, struct err *err)
{
	int32_t now;

	*out = (struct pruned){.first_day = DAY_NONE, .last_day = DAY_NONE};
	if (store_floor_day(s, &now, err) == -1)
		return -1;
	out->floor_day = now > floor_day ? now : floor_day;
	return count_before(s, out, err);
}

int
meta_raise(struct store *s, const char *key, int64_t value, struct err *err)
{
	struct binder b = {sql_prepare(s,
			       "INSERT INTO meta(key, value) VALUES(?, ?)"
			       " ON CONFLICT(key) DO UPDATE"
			       " SET value = max(value, excluded.value)",
			       err),
	    0};
	int rc = -1;

	if (b.st != NULL) {
		bind_text(&b, key);
		bind_int(&b, value);
		rc = sql_run(s, b.st, err);
	}
	sqlite3_finalize(b.st);
	return rc;
}

/* What is below the floor is in no figure any more. */
static int
cut_ledger(struct store *s, int32_t floor_day, struct err *err)
{
	struct binder b = {
	    sql_prepare(s, "DELETE FROM ledger WHERE page < ?", err), 0};
	int rc = -1;

	if (b.st != NULL) {
		bind_int(&b, ledger_first_page(floor_day));
		rc = sql_run(s, b.st, err);
	}
	sqlite3_finalize(b.st);
	return rc;
}

/* A domain that nobody has looked at since is not watched any more. */
static int
cut_watch(struct store *s, int32_t floor_day, struct err *err)
{
	struct binder b = {
	    sql_prepare(s, "DELETE FROM watch WHERE at < ?", err), 0};
	int rc = -1;

	if (b.st != NULL) {
		bind_int(&b, (int64_t)floor_day * DAY_SECONDS);
		rc = sql_run(s, b.st, err);
	}
	sqlite3_finalize(b.st);
	return rc;
}

/* From the commit on nothing below the floor comes in or is in a figure, and
 * no number of a report that goes is given again. */
static int
raise_floor(struct store *s, int32_t floor_day, struct err *err)
{
	if (store_begin(s, err) == -1)
		return -1;
	if (meta_raise(s, META_FLOOR_DAY, floor_day, err) == 0 &&
	    meta_raise(s, META_LAST_REPORT, s->last_report, err) == 0 &&
	    cut_ledger(s, floor_day, err) == 0 &&
	    cut_watch(s, floor_day, err) == 0 && store_commit(s, err) == 0) {
		store_forget(s);
		return 0;
	}
	store_rollback(s);
	return -1;
}

/* A report's day and number. */
struct victim {
	int32_t day;
	int64_t number;
};

/* Finds up to PRUNE_BATCH reports before the day. */
static int
find_victims(struct store *s, int32_t day, struct victim *list, size_t *n,
    struct err *err)
{
	struct binder b = {sql_prepare(s,
			       "SELECT day, id FROM report WHERE day < ?"
			       " ORDER BY day LIMIT ?",
			       err),
	    0};
	int rc = -1;

	*n = 0;
	if (b.st != NULL) {
		bind_int(&b, day);
		bind_int(&b, PRUNE_BATCH);
		while ((rc = sql_step(s, b.st, err)) == 1)
			list[(*n)++] =
			    (struct victim){sqlite3_column_int(b.st, 0),
				sqlite3_column_int64(b.st, 1)};
	}
	sqlite3_finalize(b.st);
	return rc;
}

static int
drop_victims(
    struct store *s, const struct victim *list, size_t n, struct err *err)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (report_drop(s, list[i].day, list[i].number, err) == -1)
			return -1;
	return 0;
}

/* Drops the next reports before the day; *n is how many, 0 at the end. */
static int
drop_batch(struct store *s, int32_t day, size_t *n, struct err *err)
{
	struct victim list[PRUNE_BATCH];

	if (store_begin(s, err) == -1)
		return -1;
	if (find_victims(s, day, list, n, err) == 0 &&
	    drop_victims(s, list, *n, err) == 0 &&
	    (*n == 0 || meta_raise(s, META_LEFT_OVER, 1, err) == 0) &&
	    store_commit(s, err) == 0)
		return 0;
	store_rollback(s);
	return -1;
}

/* What the reports use. */
struct used {
	struct numbers names;
	struct numbers streams;
	struct numbers texts;
};

/* Takes down what a report's figures name. */
static int
use_figures(
    struct store *s, struct span packed, struct used *used, struct err *err)
{
	struct figure_policy p;
	struct figure_failure f;
	struct figures g;

	if (figures_open(&g, packed))
		while (figures_policy(&g, &p)) {
			numbers_add(&used->streams, p.stream);
			numbers_add(&used->texts, p.text);
			while (figures_failure(&g, &f)) {
				numbers_add(&used->names, f.result_text);
				numbers_add(&used->names, f.receiving_mx);
				numbers_add(&used->names, f.receiving_ip);
				numbers_add(&used->names, f.reason_code);
			}
		}
	return g.damaged ? sql_damaged(s, "a report's figures", err) : 0;
}

/* Adds the names in all but the first column of every row. */
static void
use_columns(sqlite3_stmt *st, struct numbers *names)
{
	int i;

	for (i = 1; i < sqlite3_column_count(st); i++)
		numbers_add(names, sqlite3_column_int64(st, i));
}

/* What all reports name, those in conflict too.  What only a damaged value
 * names must not be lost: damage ends it. */
static int
use_reports(struct store *s, struct used *used, struct err *err)
{
	sqlite3_stmt *st = sql_prepare(s,
	    "SELECT figures, reporter, organization, contact,"
	    " submitter_header, domain_header FROM report",
	    err);
	int rc = -1;

	while (st != NULL && (rc = sql_step(s, st, err)) == 1) {
		use_columns(st, &used->names);
		rc = use_figures(s, column_packed(st, 0), used, err);
		if (rc == -1)
			break;
	}
	sqlite3_finalize(st);
	return rc;
}

/* The names of the streams that are used. */
static int
use_streams(struct store *s, struct used *used, struct err *err)
{
	sqlite3_stmt *st = sql_prepare(s, "SELECT id, packed FROM stream", err);
	struct stream_key key;
	int rc = -1;

	while (st != NULL && (rc = sql_step(s, st, err)) == 1) {
		if (!numbers_have(&used->streams, sqlite3_column_int64(st, 0)))
			continue;
		if (!stream_unpack(column_packed(st, 1), &key)) {
			rc = sql_damaged(s, "a stream", err);
			break;
		}
		numbers_add(&used->names, key.domain);
		numbers_add(&used->names, key.reporter);
		numbers_add(&used->names, key.organization);
		numbers_add(&used->names, key.type_text);
	}
	sqlite3_finalize(st);
	return rc;
}

/* Drops the rows of a table whose numbers are not in use. */
static int
drop_unused(struct store *s, const char *select, const char *drop,
    const struct numbers *used, struct err *err)
{
	sqlite3_stmt *st = sql_prepare(s, drop, err);
	struct numbers all = {0};
	int rc = st != NULL ? numbers_select(s, select, &all, err) : -1;
	size_t i;

	for (i = 0; rc == 0 && i < all.size; i++) {
		struct binder b = {st, 0};

		if (all.has[i] == 0 || numbers_have(used, (int64_t)i))
			continue;
		bind_int(&b, (int64_t)i);
		rc = sql_run(s, st, err);
	}
	sqlite3_finalize(st);
	numbers_free(&all);
	return rc;
}

static int
drop_all_unused(struct store *s, const struct used *used, struct err *err)
{
	if (drop_unused(s, "SELECT id FROM stream",
		"DELETE FROM stream WHERE id = ?", &used->streams, err) == -1 ||
	    drop_unused(s, "SELECT id FROM name",
		"DELETE FROM name WHERE id = ?", &used->names, err) == -1)
		return -1;
	return drop_unused(s, "SELECT id FROM policy_text",
	    "DELETE FROM policy_text WHERE id = ?", &used->texts, err);
}

/* Drops the texts and streams that no report uses.  Whoever wrote them into
 * a memo of his own forgets it at his next store_begin, as the file has
 * changed. */
static int
drop_texts(struct store *s, struct err *err)
{
	struct used used = {0};
	int rc = -1;

	if (store_begin(s, err) == -1)
		return -1;
	if (use_reports(s, &used, err) == 0 &&
	    use_streams(s, &used, err) == 0 &&
	    drop_all_unused(s, &used, err) == 0 &&
	    sql_exec(s, "DELETE FROM meta WHERE key = '" META_LEFT_OVER "'",
		err) == 0)
		rc = store_commit(s, err);
	if (rc == -1)
		store_rollback(s);
	store_forget(s);
	numbers_free(&used.names);
	numbers_free(&used.streams);
	numbers_free(&used.texts);
	return rc;
}

/* Brings what the WAL holds into the file, which only then is smaller; while
 * others read, it stays behind until someone's next commit. */
static int
checkpoint(struct store *s, bool *complete, struct err *err)
{
	sqlite3_stmt *st = sql_prepare(s, "PRAGMA wal_checkpoint", err);
	int rc = -1;

	if (st != NULL)
		rc = sql_step(s, st, err);
	if (rc == 1)
		*complete = sqlite3_column_int(st, 0) == 0 &&
		    sqlite3_column_int(st, 1) == sqlite3_column_int(st, 2);
	sqlite3_finalize(st);
	return rc == -1 ? -1 : 0;
}

/* Makes the file anew when a good part of it is empty.  Readers read on
 * meanwhile, and writers wait. */
static int
give_back(struct store *s, bool *given_back, struct err *err)
{
	int64_t pages, empty;

	if (sql_ask(s, "PRAGMA page_count", &pages, err) == -1 ||
	    sql_ask(s, "PRAGMA freelist_count", &empty, err) == -1)
		return -1;
	if (empty * EMPTY_SHARE < pages)
		return 0;
	if (sql_exec(s, "VACUUM", err) == -1 ||
	    checkpoint(s, given_back, err) == -1)
		return err_prefix(
		    err, "pruned, but the file could not be made smaller");
	return 0;
}

int
store_prune(
    struct store *s, int32_t floor_day, struct pruned *out, struct err *err)
{
	int64_t left_over;
	size_t n;

	if (store_prunable(s, floor_day, out, err) == -1 ||
	    raise_floor(s, out->floor_day, err) == -1)
		return -1;
	/* Some may have come between the count and the floor. */
	if (count_before(s, out, err) == -1)
		return -1;
	do {
		if (drop_batch(s, out->floor_day, &n, err) == -1)
			return -1;
	} while (n > 0);
	if (sql_ask(s,
		"SELECT count(*) FROM meta WHERE key = '" META_LEFT_OVER "'",
		&left_over, err) == -1 ||
	    (left_over > 0 && drop_texts(s, err) == -1))
		return -1;
	return give_back(s, &out->given_back, err);
}
