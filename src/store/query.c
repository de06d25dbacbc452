/* SPDX-License-Identifier: ISC */

/*
 * Rows for the digest.  Both tables hold what figures are keyed by and are
 * ordered by day, so every question here is one sweep over some days.
 */

#include "config.h"

#include "base/date.h"
#include "store/private.h"

/* The first columns of every sweep; read_key knows their order. */
#define KEY_COLUMNS                                                    \
	"day, domain, reporter, type, type_text, mode, authenticity, " \
	"organization"

enum {
	COLUMN_DAY,
	COLUMN_DOMAIN,
	COLUMN_REPORTER,
	COLUMN_TYPE,
	COLUMN_TYPE_TEXT,
	COLUMN_MODE,
	COLUMN_AUTHENTICITY,
	COLUMN_ORGANIZATION,
	KEY_COLUMN_COUNT
};

/* A question: its SQL, whose parameters are the first and last day, and what
 * is done with a row that the filter takes.  row returns 0, 1 to stop, or -1
 * with err. */
struct sweep {
	struct store *s;
	const char *sql;
	const struct filter *filter;
	int (*row)(struct sweep *sweep, sqlite3_stmt *st, struct err *err);
	int (*policy_fn)(void *arg, const struct policy_row *row);
	int (*failure_fn)(void *arg, const struct failure_row *row);
	void *arg;
	int32_t day; /* for latest_row */
};

/* Looks up the text of a column.  Returns 0 or -1. */
static int
read_name(struct store *s, sqlite3_stmt *st, int column, const char **text,
    struct err *err)
{
	*text = name_text(s, sqlite3_column_int64(st, column), err);
	return *text == NULL ? -1 : 0;
}

static int
read_key(
    struct store *s, sqlite3_stmt *st, struct row_key *key, struct err *err)
{
	key->day = sqlite3_column_int(st, COLUMN_DAY);
	key->policy_type = sqlite3_column_int(st, COLUMN_TYPE);
	key->mode = sqlite3_column_int(st, COLUMN_MODE);
	key->authenticity = sqlite3_column_int(st, COLUMN_AUTHENTICITY);
	if (read_name(s, st, COLUMN_DOMAIN, &key->domain, err) == -1 ||
	    read_name(s, st, COLUMN_TYPE_TEXT, &key->policy_type_text, err) ==
		-1 ||
	    read_name(s, st, COLUMN_REPORTER, &key->reporter, err) == -1 ||
	    read_name(s, st, COLUMN_ORGANIZATION, &key->organization, err) ==
		-1)
		return -1;
	return 0;
}

static int
policy_row(struct sweep *w, sqlite3_stmt *st, struct err *err)
{
	struct policy_row row;

	if (read_key(w->s, st, &row.key, err) == -1)
		return -1;
	row.successful = sqlite3_column_int64(st, KEY_COLUMN_COUNT);
	row.failed = sqlite3_column_int64(st, KEY_COLUMN_COUNT + 1);
	return w->policy_fn(w->arg, &row) != 0;
}

static int
failure_row(struct sweep *w, sqlite3_stmt *st, struct err *err)
{
	struct failure_row row;
	int at = KEY_COLUMN_COUNT;

	if (read_key(w->s, st, &row.key, err) == -1)
		return -1;
	row.result = sqlite3_column_int(st, at);
	row.sessions = sqlite3_column_int64(st, at + 1);
	if (read_name(w->s, st, at + 2, &row.result_text, err) == -1 ||
	    read_name(w->s, st, at + 3, &row.receiving_mx, err) == -1 ||
	    read_name(w->s, st, at + 4, &row.receiving_ip, err) == -1 ||
	    read_name(w->s, st, at + 5, &row.reason_code, err) == -1)
		return -1;
	return w->failure_fn(w->arg, &row) != 0;
}

/* Keeps the day of the first row, which is the latest. */
static int
latest_row(struct sweep *w, sqlite3_stmt *st, struct err *err)
{
	(void)err;
	w->day = sqlite3_column_int(st, COLUMN_DAY);
	return 1;
}

/* Does the filter take the row?  Returns 1, 0 or -1. */
static int
is_taken(struct sieve *v, sqlite3_stmt *st, struct err *err)
{
	int rc;

	rc = sieve_domain(v, sqlite3_column_int64(st, COLUMN_DOMAIN), err);
	if (rc != 1)
		return rc;
	return sieve_reporter(
	    v, sqlite3_column_int64(st, COLUMN_REPORTER), err);
}

static int
run_sweep(struct sweep *w, struct err *err)
{
	struct sieve v = {.store = w->s, .filter = w->filter};
	struct binder b = {sql_prepare(w->s, w->sql, err), 0};
	int rc = -1, taken;

	if (b.st == NULL)
		goto out;
	bind_int(&b, w->filter->first_day);
	bind_int(&b, w->filter->last_day);
	while ((rc = sql_step(w->s, b.st, err)) == 1) {
		taken = is_taken(&v, b.st, err);
		rc = taken == 1 ? w->row(w, b.st, err) : taken;
		if (rc != 0)
			break;
	}
out:
	sqlite3_finalize(b.st);
	sieve_free(&v);
	return rc == -1 ? -1 : 0;
}

int
store_policy_rows(struct store *s, const struct filter *f,
    int (*fn)(void *arg, const struct policy_row *row), void *arg,
    struct err *err)
{
	static const char sql[] =
	    "SELECT " KEY_COLUMNS ", successful, failed FROM policy"
	    " WHERE day BETWEEN ? AND ? AND counted = 1";
	struct sweep w = {.s = s,
	    .sql = sql,
	    .filter = f,
	    .row = policy_row,
	    .policy_fn = fn,
	    .arg = arg};

	return run_sweep(&w, err);
}

int
store_failure_rows(struct store *s, const struct filter *f,
    int (*fn)(void *arg, const struct failure_row *row), void *arg,
    struct err *err)
{
	static const char sql[] =
	    "SELECT " KEY_COLUMNS ", result, sessions, result_text,"
	    " receiving_mx, receiving_ip, reason_code FROM failure"
	    " WHERE day BETWEEN ? AND ? AND counted = 1";
	struct sweep w = {.s = s,
	    .sql = sql,
	    .filter = f,
	    .row = failure_row,
	    .failure_fn = fn,
	    .arg = arg};

	return run_sweep(&w, err);
}

int
store_latest_day(
    struct store *s, const struct filter *f, int32_t *day, struct err *err)
{
	static const char sql[] =
	    "SELECT day, domain, reporter FROM policy"
	    " WHERE day BETWEEN ? AND ? AND counted = 1 ORDER BY day DESC";
	struct filter always = *f;
	struct sweep w = {.s = s,
	    .sql = sql,
	    .filter = &always,
	    .row = latest_row,
	    .day = DAY_NONE};
	int rc;

	always.first_day = INT32_MIN;
	always.last_day = INT32_MAX;
	rc = run_sweep(&w, err);
	*day = w.day;
	return rc;
}

/* Asks for one day; DAY_NONE when there is no row. */
static int
ask_day(struct store *s, const char *sql, int32_t *day, struct err *err)
{
	sqlite3_stmt *st = sql_prepare(s, sql, err);
	int rc = -1;

	*day = DAY_NONE;
	if (st != NULL)
		rc = sql_step(s, st, err);
	if (rc == 1)
		*day = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	return rc == -1 ? -1 : 0;
}

int
store_day_range(struct store *s, int32_t *first, int32_t *last, struct err *err)
{
	if (ask_day(s,
		"SELECT day FROM report WHERE counted = 1"
		" ORDER BY day LIMIT 1",
		first, err) == -1)
		return -1;
	return ask_day(s,
	    "SELECT day FROM report WHERE counted = 1"
	    " ORDER BY day DESC LIMIT 1",
	    last, err);
}

int
store_empty_reports(
    struct store *s, const struct filter *f, size_t *n, struct err *err)
{
	static const char sql[] =
	    "SELECT reporter FROM report WHERE npolicies = 0"
	    " AND day BETWEEN ? AND ? AND counted = 1";
	struct sieve v = {.store = s, .filter = f};
	struct binder b = {sql_prepare(s, sql, err), 0};
	int rc = -1, taken;

	*n = 0;
	if (b.st == NULL)
		goto out;
	bind_int(&b, f->first_day);
	bind_int(&b, f->last_day);
	while ((rc = sql_step(s, b.st, err)) == 1) {
		taken = sieve_reporter(&v, sqlite3_column_int64(b.st, 0), err);
		if (taken == -1) {
			rc = -1;
			break;
		}
		*n += taken == 1;
	}
out:
	sqlite3_finalize(b.st);
	sieve_free(&v);
	return rc;
}
