/* SPDX-License-Identifier: ISC */

/*
 * What a message held, into the store: its reports, its faults, and the
 * outcome by which it is remembered.
 */

#include "config.h"

#include "base/date.h"
#include "base/die.h"
#include "store/private.h"

/* A message on its way in. */
struct adding {
	struct store *s;
	const struct receipt *receipt;
	const struct decoded *d;
	enum outcome outcome;
	int64_t report; /* the number of the best of its reports */
	int tries;
};

static int
run_kept(struct store *s, enum kept which, struct err *err)
{
	sqlite3_stmt *st = sql_kept(s, which, err);

	return st == NULL ? -1 : sql_run(s, st, err);
}

/* Reads from which day on reports are taken, and which number was the last. */
static int
read_bounds(struct store *s, struct err *err)
{
	struct binder b = {sql_kept(s, KEPT_BOUNDS, err), 0};

	if (b.st == NULL)
		return -1;
	bind_int(&b, DAY_MIN);
	if (sql_step(s, b.st, err) != 1)
		return -1;
	s->floor_day = sqlite3_column_int64(b.st, 0);
	s->last_report = sqlite3_column_int64(b.st, 1);
	sqlite3_reset(b.st);
	if (s->last_report < 0 || s->last_report > REPORT_MAX)
		return sql_damaged(s, "a report's number", err);
	return 0;
}

/* Another process may have added reports, or pruned them, and with them names
 * that the memos still know. */
static int
check_memos(struct store *s, struct err *err)
{
	sqlite3_stmt *st = sql_kept(s, KEPT_DATA_VERSION, err);
	int64_t version;

	if (st == NULL || sql_integer(s, st, &version, err) == -1)
		return -1;
	if (s->remembers && version == s->data_version)
		return 0;
	names_forget(s);
	if (read_bounds(s, err) == -1)
		return -1;
	s->data_version = version;
	s->remembers = true;
	return 0;
}

int
store_begin(struct store *s, struct err *err)
{
	if (run_kept(s, KEPT_BEGIN, err) == -1)
		return -1;
	if (check_memos(s, err) == -1) {
		store_rollback(s);
		return -1;
	}
	return 0;
}

int
store_snapshot(struct store *s, struct err *err)
{
	return run_kept(s, KEPT_SNAPSHOT, err);
}

int
store_commit(struct store *s, struct err *err)
{
	if (ledger_flush(s, err) == -1)
		return -1;
	return run_kept(s, KEPT_COMMIT, err);
}

void
store_forget(struct store *s)
{
	names_forget(s);
	s->remembers = false;
}

/* Some errors have rolled back already, so that there is nothing to end. */
void
store_rollback(struct store *s)
{
	if (!sqlite3_get_autocommit(s->db))
		run_kept(s, KEPT_ROLLBACK, NULL);
	store_forget(s);
	ledger_forget(s);
}

/* The better of two outcomes of reports. */
static bool
is_better(enum outcome a, enum outcome b)
{
	static const int worth[OUTCOME_COUNT] = {
	    [OUTCOME_REPORT] = 4,
	    [OUTCOME_CONFLICT] = 3,
	    [OUTCOME_DUPLICATE] = 2,
	    [OUTCOME_EXPIRED] = 1,
	};

	return worth[a] > worth[b];
}

static int
add_reports(struct adding *a, struct tally *tally, struct err *err)
{
	struct stored stored;
	size_t i;

	a->outcome = OUTCOME_FOREIGN;
	for (i = 0; i < a->d->nreports; i++) {
		if (store_write_report(
			a->s, a->receipt, a->d->reports[i], &stored, err) == -1)
			return -1;
		tally->counts[stored.outcome]++;
		if (is_better(stored.outcome, a->outcome)) {
			a->outcome = stored.outcome;
			a->report = stored.number;
		}
	}
	return 0;
}

static bool
has_resource_fault(const struct decoded *d)
{
	size_t i;

	for (i = 0; i < d->nfaults; i++)
		if (d->faults[i].kind == FAULT_RESOURCE)
			return true;
	return false;
}

/* Binds a seen row in the order that both statements have. */
static int
write_seen(const struct adding *a, enum kept which, struct err *err)
{
	struct binder b = {sql_kept(a->s, which, err), 0};

	if (b.st == NULL)
		return -1;
	bind_int(&b, a->receipt->source);
	bind_text(&b, a->receipt->key);
	bind_int(&b, a->outcome);
	bind_int(&b, DECODER_VERSION);
	bind_int(&b, a->tries);
	bind_int(&b, a->report);
	bind_int(&b, a->receipt->now);
	return sql_run(a->s, b.st, err);
}

/* Remembers a message that was seen before: tries go on counting, unless
 * the decoder has become better in between. */
static int
remember_again(struct adding *a, struct err *err)
{
	struct seen old = {0};

	if (store_seen(a->s, a->receipt->source, a->receipt->key, &old, err) ==
	    -1)
		return -1;
	if (a->tries > 0 && old.decoder >= DECODER_VERSION)
		a->tries += old.tries;
	return write_seen(a, KEPT_SEEN_SET, err);
}

/* Takes out the message's earlier rejects; *since is when the first was
 * made, or now. */
static int
drop_rejects(struct adding *a, int64_t *since, struct err *err)
{
	static const enum kept steps[] = {KEPT_REJECT_SINCE, KEPT_REJECT_DROP};
	int64_t value;
	size_t i;

	*since = a->receipt->now;
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct binder b = {sql_kept(a->s, steps[i], err), 0};

		if (b.st == NULL)
			return -1;
		bind_int(&b, a->receipt->source);
		bind_text(&b, a->receipt->key);
		if (sql_integer(a->s, b.st, &value, err) == -1)
			return -1;
		if (value != 0)
			*since = value;
	}
	return 0;
}

static int
add_rejects(const struct adding *a, int64_t since, struct err *err)
{
	size_t i;

	for (i = 0; i < a->d->nfaults; i++) {
		struct binder b = {sql_kept(a->s, KEPT_REJECT_ADD, err), 0};

		if (b.st == NULL)
			return -1;
		bind_int(&b, a->receipt->source);
		bind_text(&b, a->receipt->key);
		bind_text(&b, a->receipt->locator);
		bind_text(&b, a->d->faults[i].reason);
		bind_int(&b, a->d->faults[i].kind);
		bind_int(&b, since);
		bind_int(&b, a->tries);
		if (sql_run(a->s, b.st, err) == -1)
			return -1;
	}
	return 0;
}

/* Nearly every message is new: so it is added without a look, and only one
 * that was there before costs the rest. */
static int
remember(struct adding *a, struct err *err)
{
	int64_t since = a->receipt->now;

	a->tries = has_resource_fault(a->d);
	if (write_seen(a, KEPT_SEEN_ADD, err) == -1)
		return -1;
	if (sqlite3_changes(a->s->db) == 0 &&
	    (remember_again(a, err) == -1 ||
		drop_rejects(a, &since, err) == -1))
		return -1;
	return add_rejects(a, since, err);
}

int
store_add(struct store *s, const struct receipt *receipt,
    const struct decoded *d, enum outcome *outcome, struct tally *tally,
    struct err *err)
{
	struct adding a = {.s = s, .receipt = receipt, .d = d};

	/* Outside a transaction half a report could stay behind. */
	if (sqlite3_get_autocommit(s->db))
		die("store_add without store_begin");
	if (add_reports(&a, tally, err) == -1)
		return -1;
	if (d->nfaults > 0)
		a.outcome = OUTCOME_REJECT;
	if (a.outcome == OUTCOME_REJECT || a.outcome == OUTCOME_FOREIGN)
		tally->counts[a.outcome]++;
	*outcome = a.outcome;
	return remember(&a, err);
}
