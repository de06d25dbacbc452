/* SPDX-License-Identifier: ISC */

/*
 * Rows for the digest.  The figures lie by day, so every question here is one
 * sweep over some days, and a report is one step of it.
 */

#include "config.h"

#include "base/date.h"
#include "store/private.h"

/* A sweep, and what is done with what the filter takes of a report. */
struct sweep {
	struct store *s;
	struct sieve sieve;
	const struct row_reader *reader;
	struct row_key key;
	struct figures figures;
	bool stopped;
};

enum { COLUMN_DAY, COLUMN_STATE, COLUMN_PACKED, COLUMN_REPORT };

/* A name, and where its text goes. */
struct named {
	int64_t name;
	const char **text;
};

static int
read_names(struct store *s, const struct named *list, size_t n, struct err *err)
{
	size_t i;

	for (i = 0; i < n; i++) {
		*list[i].text = name_text(s, list[i].name, err);
		if (*list[i].text == NULL)
			return -1;
	}
	return 0;
}

/* Gives on the failures of the policy that was read last. */
static int
give_failures(struct sweep *w, struct err *err)
{
	struct failure_row row = {.key = w->key};
	struct figure_failure in;

	while (!w->stopped && figures_failure(&w->figures, &in)) {
		const struct named names[] = {
		    {in.result_text, &row.result_text},
		    {in.receiving_mx, &row.receiving_mx},
		    {in.receiving_ip, &row.receiving_ip},
		    {in.reason_code, &row.reason_code},
		};

		row.result = (enum result_type)in.result;
		row.sessions = in.sessions;
		if (read_names(w->s, names, sizeof(names) / sizeof(names[0]),
			err) == -1)
			return -1;
		w->stopped = w->reader->failure(w->reader->arg, &row) != 0;
	}
	return 0;
}

static int
give_policy(struct sweep *w, const struct figure_policy *in, struct err *err)
{
	struct policy_row row;
	const struct named names[] = {
	    {in->domain, &w->key.domain},
	    {in->type_text, &w->key.policy_type_text},
	};

	w->key.policy_type = (enum policy_type)in->type;
	w->key.mode = (enum policy_mode)in->mode;
	if (read_names(w->s, names, sizeof(names) / sizeof(names[0]), err) ==
	    -1)
		return -1;
	row.key = w->key;
	row.successful = in->successful;
	row.failed = in->failed;
	if (w->reader->policy != NULL)
		w->stopped = w->reader->policy(w->reader->arg, &row) != 0;
	if (w->reader->failure == NULL)
		return 0;
	return give_failures(w, err);
}

/* Goes through the policies of a report that counts, of a reporter that the
 * filter takes. */
static int
give_report(struct sweep *w, struct err *err)
{
	const struct named names[] = {
	    {w->figures.reporter, &w->key.reporter},
	    {w->figures.organization, &w->key.organization},
	};
	struct figure_policy in;
	int taken;

	if (read_names(w->s, names, sizeof(names) / sizeof(names[0]), err) ==
	    -1)
		return -1;
	w->key.lag = (int)w->figures.lag - 1; /* 0: LAG_UNKNOWN */
	while (!w->stopped && figures_policy(&w->figures, &in)) {
		taken = sieve_domain(&w->sieve, in.domain, err);
		if (taken == -1 ||
		    (taken == 1 && give_policy(w, &in, err) == -1))
			return -1;
	}
	return 0;
}

static int
read_report(struct sweep *w, sqlite3_stmt *st, struct err *err)
{
	int64_t state = sqlite3_column_int64(st, COLUMN_STATE);
	int taken = 0, rc = 0;

	if (!state_is_counted(state))
		return 0;
	w->key.day = sqlite3_column_int(st, COLUMN_DAY);
	if (w->reader->numbers)
		w->key.report = sqlite3_column_int64(st, COLUMN_REPORT);
	w->key.authenticity = state_authenticity(state);
	if (figures_open(&w->figures, column_packed(st, COLUMN_PACKED))) {
		taken = sieve_reporter(&w->sieve, w->figures.reporter, err);
		rc = taken == 1 ? give_report(w, err) : taken;
	}
	if (rc == 0 && w->figures.damaged)
		rc = sql_damaged(w->s, "a report's figures", err);
	return rc;
}

/* Runs sql, whose parameters are the first and the last day. */
static int
run_sweep(struct sweep *w, const char *sql, int64_t first, int64_t last,
    struct err *err)
{
	struct binder b = {sql_prepare(w->s, sql, err), 0};
	int rc = -1;

	if (b.st == NULL)
		goto out;
	bind_int(&b, first);
	bind_int(&b, last);
	while (!w->stopped && (rc = sql_step(w->s, b.st, err)) == 1)
		if ((rc = read_report(w, b.st, err)) == -1)
			break;
out:
	sqlite3_finalize(b.st);
	sieve_free(&w->sieve);
	return rc == -1 ? -1 : 0;
}

int
store_rows(struct store *s, const struct filter *f,
    const struct row_reader *reader, struct err *err)
{
	struct sweep w = {
	    .s = s, .sieve = {.store = s, .filter = f}, .reader = reader};

	return run_sweep(&w,
	    reader->numbers ? "SELECT day, state, packed, report FROM figure"
			      " WHERE day BETWEEN ? AND ?"
			    : "SELECT day, state, packed FROM figure"
			      " WHERE day BETWEEN ? AND ?",
	    f->first_day, f->last_day, err);
}

/* Keeps the day of the first row, which is the latest. */
static int
keep_day(void *arg, const struct policy_row *row)
{
	*(int32_t *)arg = row->key.day;
	return 1;
}

int
store_latest_day(
    struct store *s, const struct filter *f, int32_t *day, struct err *err)
{
	const struct row_reader reader = {.policy = keep_day, .arg = day};
	struct sweep w = {
	    .s = s, .sieve = {.store = s, .filter = f}, .reader = &reader};

	*day = DAY_NONE;
	return run_sweep(&w,
	    "SELECT day, state, packed FROM figure"
	    " WHERE day BETWEEN ? AND ? ORDER BY day DESC",
	    INT32_MIN, INT32_MAX, err);
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
store_empty_reports(struct store *s, const struct filter *f, int64_t after,
    size_t *n, struct err *err)
{
	static const char sql[] =
	    "SELECT reporter FROM report WHERE npolicies = 0"
	    " AND day BETWEEN ? AND ? AND counted = 1 AND id > ?";
	struct sieve v = {.store = s, .filter = f};
	struct binder b = {sql_prepare(s, sql, err), 0};
	int rc = -1, taken;

	*n = 0;
	if (b.st == NULL)
		goto out;
	bind_int(&b, f->first_day);
	bind_int(&b, f->last_day);
	bind_int(&b, after);
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
