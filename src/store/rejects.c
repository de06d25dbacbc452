/* SPDX-License-Identifier: ISC */

/*
 * The list of what could not be used: messages that were rejected, and
 * reports that are kept but not counted.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
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

/* ---- conflicts of some days ---- */

struct conflicts {
	struct store *s;
	struct sieve sieve;
	int (*fn)(void *arg, const struct conflict_line *line);
	void *arg;
	bool stopped;
	int64_t *domains; /* of one report */
	size_t ndomains;
	size_t size; /* allocated */
};

enum { CONFLICT_ID, CONFLICT_DAY, CONFLICT_REPORTER, CONFLICT_FIGURES };

static int
add_domain(struct conflicts *c, int64_t domain, struct err *err)
{
	const int taken = sieve_domain(&c->sieve, domain, err);

	if (taken != 1)
		return taken;
	if (c->ndomains == c->size) {
		c->size = c->size > 0 ? c->size * 2 : 16;
		c->domains =
		    xreallocarray(c->domains, c->size, sizeof(*c->domains));
	}
	c->domains[c->ndomains++] = domain;
	return 0;
}

/* The domains of the report that the filter takes, each once; the unknown one
 * if it has no policy. */
static int
read_domains(struct conflicts *c, struct span packed, struct err *err)
{
	const struct known_stream *k;
	struct figure_policy p;
	struct figures figures;

	c->ndomains = 0;
	if (figures_open(&figures, packed) && figures.policies == 0)
		return add_domain(c, 0, err);
	while (!figures.damaged && figures_policy(&figures, &p)) {
		k = stream_get(c->s, p.stream, err);
		if (k == NULL || add_domain(c, k->domain, err) == -1)
			return -1;
	}
	if (figures.damaged)
		return sql_damaged(c->s, "a report's figures", err);
	c->ndomains = numbers_unique(c->domains, c->ndomains);
	return 0;
}

static int
give_conflict(struct conflicts *c, sqlite3_stmt *st, struct err *err)
{
	struct conflict_line line = {
	    .number = sqlite3_column_int64(st, CONFLICT_ID),
	    .day = sqlite3_column_int(st, CONFLICT_DAY)};
	const int taken = sieve_reporter(
	    &c->sieve, sqlite3_column_int64(st, CONFLICT_REPORTER), err);
	size_t i;

	if (taken != 1)
		return taken;
	if (read_domains(c, column_packed(st, CONFLICT_FIGURES), err) == -1)
		return -1;
	for (i = 0; !c->stopped && i < c->ndomains; i++) {
		line.domain = name_text(c->s, c->domains[i], err);
		if (line.domain == NULL)
			return -1;
		c->stopped = c->fn(c->arg, &line) != 0;
	}
	return 0;
}

int
store_each_conflict(struct store *s, const struct filter *f,
    int (*fn)(void *arg, const struct conflict_line *line), void *arg,
    struct err *err)
{
	static const char sql[] =
	    "SELECT id, day, reporter, figures FROM report"
	    " WHERE counted = 0 AND day BETWEEN ? AND ? ORDER BY day, id";
	struct conflicts c = {
	    .s = s, .sieve = {.store = s, .filter = f}, .fn = fn, .arg = arg};
	struct binder b = {sql_prepare(s, sql, err), 0};
	int rc = -1;

	if (b.st != NULL) {
		bind_int(&b, f->first_day);
		bind_int(&b, f->last_day);
		while (!c.stopped && (rc = sql_step(s, b.st, err)) == 1)
			if ((rc = give_conflict(&c, b.st, err)) == -1)
				break;
	}
	sqlite3_finalize(b.st);
	sieve_free(&c.sieve);
	free(c.domains);
	return rc == -1 ? -1 : 0;
}

/* ---- what is done with rejects ---- */

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
