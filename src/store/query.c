/* SPDX-License-Identifier: ISC */

/*
 * Rows for the digest.  The ledger lies by day, so every question here is one
 * sweep over some days.
 */

#include "config.h"

#include "base/date.h"
#include "store/private.h"

/* A sweep, and what is done with what the filter takes of a report. */
struct sweep {
	struct store *s;
	struct sieve sieve;
	bool sieving; /* the filter is for some domains or a reporter */
	const struct row_reader *reader;
	int32_t day;
	struct ledger_entry entry; /* the report that is being read */
	struct figures figures;
	bool stopped;
};

static int
read_failure(struct store *s, const struct figure_failure *in,
    struct failure_row *row, struct err *err)
{
	row->result = (enum result_type)in->result;
	row->sessions = in->sessions;
	row->result_text = name_text(s, in->result_text, err);
	row->receiving_mx = name_text(s, in->receiving_mx, err);
	row->receiving_ip = name_text(s, in->receiving_ip, err);
	row->reason_code = name_text(s, in->reason_code, err);
	return row->result_text == NULL || row->receiving_mx == NULL ||
		row->receiving_ip == NULL || row->reason_code == NULL
	    ? -1
	    : 0;
}

/* Gives on the failures of the policy that was read last. */
static int
give_failures(struct sweep *w, const struct stream *stream, struct err *err)
{
	struct failure_row row = {.stream = stream,
	    .day = w->day,
	    .authenticity = w->entry.authenticity,
	    .report = w->entry.number};
	struct figure_failure in;

	while (!w->stopped && figures_failure(&w->figures, &in)) {
		if (read_failure(w->s, &in, &row, err) == -1)
			return -1;
		w->stopped = w->reader->failure(w->reader->arg, &row) != 0;
	}
	return 0;
}

static int
give_policy(struct sweep *w, const struct figure_policy *in, struct err *err)
{
	const struct known_stream *k = stream_get(w->s, in->stream, err);
	struct policy_row row;
	int taken;

	if (k == NULL)
		return -1;
	taken = w->sieving ? sieve_stream(&w->sieve, k, err) : 1;
	if (taken != 1)
		return taken;
	row = (struct policy_row){.stream = &k->stream,
	    .day = w->day,
	    .authenticity = w->entry.authenticity,
	    .report = w->entry.number,
	    .lag = (int)w->figures.lag - 1, /* 0: LAG_UNKNOWN */
	    .text = in->text,
	    .successful = in->successful,
	    .failed = in->failed};
	if (w->reader->policy != NULL)
		w->stopped = w->reader->policy(w->reader->arg, &row) != 0;
	if (w->reader->failure == NULL || in->nfailures == 0)
		return 0;
	return give_failures(w, &k->stream, err);
}

static int
read_entry(struct sweep *w, struct err *err)
{
	struct figure_policy in;

	if (figures_short(w->entry.figures, &w->figures.lag, &in))
		return give_policy(w, &in, err);
	if (figures_open(&w->figures, w->entry.figures))
		while (!w->stopped && figures_policy(&w->figures, &in))
			if (give_policy(w, &in, err) == -1)
				return -1;
	if (w->figures.damaged)
		return sql_damaged(w->s, "a report's figures", err);
	return 0;
}

static int
read_page(struct sweep *w, sqlite3_stmt *st, struct err *err)
{
	struct span page = column_packed(st, 1);
	int rc = 0;

	w->day = ledger_day(sqlite3_column_int64(st, 0));
	while (!w->stopped && (rc = ledger_next(&page, &w->entry)) == 1)
		if (read_entry(w, err) == -1)
			return -1;
	return rc == -1 ? sql_damaged(w->s, "the ledger", err) : 0;
}

/* Runs sql, whose parameters are the first and the last page. */
static int
run_sweep(struct sweep *w, const char *sql, int32_t first, int32_t last,
    struct err *err)
{
	struct binder b = {sql_prepare(w->s, sql, err), 0};
	int rc = -1;

	if (b.st == NULL)
		goto out;
	bind_int(&b, ledger_first_page(first));
	bind_int(&b, ledger_last_page(last));
	w->sieving = !filter_takes_all_domains(w->sieve.filter) ||
	    w->sieve.filter->reporter != NULL;
	while (!w->stopped && (rc = sql_step(w->s, b.st, err)) == 1)
		if ((rc = read_page(w, b.st, err)) == -1)
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
	    "SELECT page, packed FROM ledger WHERE page BETWEEN ? AND ?",
	    f->first_day, f->last_day, err);
}

/* Keeps the day of the first row, which is the latest. */
static int
keep_day(void *arg, const struct policy_row *row)
{
	*(int32_t *)arg = row->day;
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
	    "SELECT page, packed FROM ledger WHERE page BETWEEN ? AND ?"
	    " ORDER BY page DESC",
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
