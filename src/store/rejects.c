/* SPDX-License-Identifier: ISC */

/*
 * The list of what could not be used: messages that were rejected, and
 * reports that are kept but not counted.
 */

#include "config.h"

#include <stdio.h>

#include "store/private.h"
#include "store/upkeep.h"

/* Both give the same columns. */
static const char rejects_sql[] =
    "SELECT r.id, 0, s.name, r.locator, r.reason, r.since, r.tries, 0"
    " FROM reject r LEFT JOIN source s ON s.id = r.source ORDER BY r.id";
static const char conflicts_sql[] =
    "SELECT 0, r.id, s.name, r.locator, '', r.stored, 0,"
    " (SELECT c.id FROM report c WHERE c.day = r.day"
    " AND c.identity = r.identity AND c.counted = 1)"
    " FROM report r LEFT JOIN source s ON s.id = r.source"
    " WHERE r.counted = 0 ORDER BY r.id";

/* Whom the lines go to. */
struct receiver {
	int (*fn)(void *arg, const struct reject_line *line);
	void *arg;
	bool stopped;
};

static void
give(struct receiver *to, sqlite3_stmt *st)
{
	char reason[160];
	struct reject_line line = {
	    .number = sqlite3_column_int64(st, 0),
	    .report = sqlite3_column_int64(st, 1),
	    .source = column_text(st, 2),
	    .locator = column_text(st, 3),
	    .reason = column_text(st, 4),
	    .since = sqlite3_column_int64(st, 5),
	    .tries = sqlite3_column_int(st, 6),
	};

	if (line.report != 0) {
		snprintf(reason, sizeof(reason),
		    "not counted: report %lld has the same reporter, id, "
		    "range and domains, and says otherwise",
		    (long long)sqlite3_column_int64(st, 7));
		line.reason = reason;
	}
	to->stopped = to->fn(to->arg, &line) != 0;
}

static int
give_all(struct store *s, const char *sql, struct receiver *to, struct err *err)
{
	sqlite3_stmt *st = sql_prepare(s, sql, err);
	int rc = -1;

	if (st == NULL)
		return -1;
	while (!to->stopped && (rc = sql_step(s, st, err)) == 1)
		give(to, st);
	sqlite3_finalize(st);
	return rc == -1 && !to->stopped ? -1 : 0;
}

int
store_each_reject(struct store *s,
    int (*fn)(void *arg, const struct reject_line *line), void *arg,
    struct err *err)
{
	struct receiver to = {fn, arg, false};

	if (give_all(s, rejects_sql, &to, err) == -1)
		return -1;
	return to.stopped ? 0 : give_all(s, conflicts_sql, &to, err);
}

int
store_count_rejects(struct store *s, size_t *n, struct err *err)
{
	int64_t count;

	*n = 0;
	if (sql_ask(s, "SELECT count(*) FROM reject", &count, err) == -1)
		return -1;
	*n = (size_t)count;
	return 0;
}

int
store_count_conflicts(struct store *s, int32_t first_day, int32_t last_day,
    size_t *n, struct err *err)
{
	struct binder b = {sql_prepare(s,
			       "SELECT count(*) FROM report WHERE counted = 0"
			       " AND day BETWEEN ? AND ?",
			       err),
	    0};
	int64_t count = 0;
	int rc = -1;

	if (b.st != NULL) {
		bind_int(&b, first_day);
		bind_int(&b, last_day);
		rc = sql_integer(s, b.st, &count, err);
	}
	sqlite3_finalize(b.st);
	*n = (size_t)count;
	return rc;
}

/* Runs a statement with a number as its only parameter; *changed gets how
 * many rows it changed. */
static int
run_with(struct store *s, const char *sql, int64_t number, int *changed,
    struct err *err)
{
	struct binder b = {sql_prepare(s, sql, err), 0};
	int rc = -1;

	if (b.st != NULL) {
		bind_int(&b, number);
		rc = sql_run(s, b.st, err);
	}
	*changed = sqlite3_changes(s->db);
	sqlite3_finalize(b.st);
	return rc;
}

/* A message whose decoder is older than any is offered to this one. */
int
store_retry_rejects(struct store *s, struct retry *out, struct err *err)
{
	static const char piped_sql[] =
	    "SELECT count(*) FROM (SELECT DISTINCT r.source, r.key"
	    " FROM reject r JOIN source s ON s.id = r.source"
	    " WHERE s.kind = 'stdin')";
	int64_t piped;
	int changed;

	*out = (struct retry){0};
	if (run_with(s,
		"UPDATE seen SET decoder = ?, tries = 0 WHERE (source, key)"
		" IN (SELECT source, key FROM reject)",
		0, &changed, err) == -1 ||
	    sql_ask(s, piped_sql, &piped, err) == -1)
		return -1;
	out->piped = (size_t)piped;
	out->messages = (size_t)(changed > piped ? changed - piped : 0);
	return 0;
}

/* A message whose decoder is newer than any is offered to none. */
int
store_forget_reject(struct store *s, int64_t number, struct err *err)
{
	int changed;

	if (run_with(s,
		"UPDATE seen SET decoder = 2147483647, tries = 0"
		" WHERE (source, key) ="
		" (SELECT source, key FROM reject WHERE id = ?)",
		number, &changed, err) == -1 ||
	    run_with(s, "DELETE FROM reject WHERE id = ?", number, &changed,
		err) == -1)
		return -1;
	if (changed == 0)
		return err_set(err, ERR_NOINPUT, "%s: no reject %lld", s->path,
		    (long long)number);
	return 0;
}
