/* SPDX-License-Identifier: ISC */

/*
 * How the store and its sources are.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/date.h"
#include "base/die.h"
#include "store/private.h"
#include "store/upkeep.h"

static const char sources_sql[] =
    "SELECT name, kind, last_success, last_run, last_error, id FROM source"
    " ORDER BY name";
static const char counts_sql[] = "SELECT outcome, count(*) FROM seen"
				 " WHERE source = ? GROUP BY outcome";

/* Counts a source's messages by outcome. */
static int
count_messages(struct store *s, sqlite3_stmt *st, int64_t source,
    struct source_line *line, struct err *err)
{
	struct binder b = {st, 0};
	int rc, outcome;

	bind_int(&b, source);
	while ((rc = sql_step(s, st, err)) == 1) {
		outcome = sqlite3_column_int(st, 0);
		if (outcome > 0 && outcome < OUTCOME_COUNT)
			line->counts[outcome] =
			    (size_t)sqlite3_column_int64(st, 1);
	}
	return rc;
}

/* Gives every source; without counts their messages are not counted. */
static int
give_sources(struct store *s, sqlite3_stmt *counts,
    int (*fn)(void *arg, const struct source_line *line), void *arg,
    struct err *err)
{
	sqlite3_stmt *st = sql_prepare(s, sources_sql, err);
	int rc = st != NULL ? 0 : -1;

	while (rc == 0 && (rc = sql_step(s, st, err)) == 1) {
		struct source_line line = {
		    .name = column_text(st, 0),
		    .kind = column_text(st, 1),
		    .last_success = column_time(st, 2),
		    .last_run = column_time(st, 3),
		    .last_error = column_text(st, 4),
		};

		rc = counts == NULL
		    ? 0
		    : count_messages(
			  s, counts, sqlite3_column_int64(st, 5), &line, err);
		if (rc == 0 && fn(arg, &line) != 0)
			break;
	}
	sqlite3_finalize(st);
	return rc;
}

int
store_each_source(struct store *s,
    int (*fn)(void *arg, const struct source_line *line), void *arg,
    struct err *err)
{
	sqlite3_stmt *counts = sql_prepare(s, counts_sql, err);
	int rc = -1;

	if (counts != NULL)
		rc = give_sources(s, counts, fn, arg, err);
	sqlite3_finalize(counts);
	return rc;
}

int
store_each_source_run(struct store *s,
    int (*fn)(void *arg, const struct source_line *line), void *arg,
    struct err *err)
{
	return give_sources(s, NULL, fn, arg, err);
}

/* The size of a file; 0 if there is none, as for a WAL that no one has made
 * yet. */
static int64_t
file_size(const char *path, const char *suffix)
{
	size_t size = strlen(path) + strlen(suffix) + 1;
	char *name = xmalloc(size);
	struct stat st;
	int64_t bytes;

	snprintf(name, size, "%s%s", path, suffix);
	bytes = stat(name, &st) == 0 ? (int64_t)st.st_size : 0;
	free(name);
	return bytes;
}

/* Meets the reporter and the domains of a report. */
static int
meet_report(struct store *s, struct span packed, struct numbers *reporters,
    struct numbers *domains, struct err *err)
{
	const struct known_stream *k;
	struct figure_policy p;
	struct figures figures;

	if (figures_open(&figures, packed))
		while (figures_policy(&figures, &p)) {
			k = stream_get(s, p.stream, err);
			if (k == NULL)
				return -1;
			numbers_add(reporters, k->reporter);
			if (k->domain != 0)
				numbers_add(domains, k->domain);
		}
	if (figures.damaged)
		return sql_damaged(s, "a report's figures", err);
	return 0;
}

static int
meet_page(struct store *s, struct span page, struct numbers *reporters,
    struct numbers *domains, struct err *err)
{
	struct ledger_entry e;
	int rc;

	while ((rc = ledger_next(&page, &e)) == 1)
		if (meet_report(s, e.figures, reporters, domains, err) == -1)
			return -1;
	return rc == -1 ? sql_damaged(s, "the ledger", err) : 0;
}

/* Counts the different domains and reporters of all reports that count. */
static int
count_names(struct store *s, struct store_status *out, struct err *err)
{
	sqlite3_stmt *st = sql_prepare(s, "SELECT packed FROM ledger", err);
	struct numbers reporters = {0}, domains = {0};
	int rc = -1;

	while (st != NULL && (rc = sql_step(s, st, err)) == 1)
		if (meet_page(s, column_packed(st, 0), &reporters, &domains,
			err) == -1) {
			rc = -1;
			break;
		}
	out->reporters = reporters.n;
	out->domains = domains.n;
	numbers_free(&reporters);
	numbers_free(&domains);
	sqlite3_finalize(st);
	return rc;
}

static int
count_outcomes(struct store *s, struct store_status *out, struct err *err)
{
	sqlite3_stmt *st = sql_prepare(
	    s, "SELECT outcome, count(*) FROM seen GROUP BY outcome", err);
	int rc = -1, outcome;

	while (st != NULL && (rc = sql_step(s, st, err)) == 1) {
		outcome = sqlite3_column_int(st, 0);
		if (outcome > 0 && outcome < OUTCOME_COUNT)
			out->counts[outcome] =
			    (size_t)sqlite3_column_int64(st, 1);
	}
	sqlite3_finalize(st);
	return rc;
}

int
store_status(struct store *s, struct store_status *out, struct err *err)
{
	int64_t version, reports, conflicts, rejects, watched;
	const struct {
		const char *sql;
		int64_t *value;
	} questions[] = {
	    {"PRAGMA user_version", &version},
	    {"SELECT count(*) FROM report WHERE counted = 1", &reports},
	    {"SELECT count(*) FROM report WHERE counted = 0", &conflicts},
	    {"SELECT count(*) FROM reject", &rejects},
	    {"SELECT count(*) FROM watch", &watched},
	    {"SELECT max(at) FROM watch", &out->watched_at},
	};
	size_t i;

	for (i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		if (sql_ask(s, questions[i].sql, questions[i].value, err) == -1)
			return -1;
	out->version = (int)version;
	out->reports = (size_t)reports;
	out->conflicts = (size_t)conflicts;
	out->rejects = (size_t)rejects;
	out->watched = (size_t)watched;
	if (watched == 0)
		out->watched_at = TIME_NONE;
	out->bytes = file_size(s->path, "") + file_size(s->path, "-wal");
	if (count_names(s, out, err) == -1 ||
	    count_outcomes(s, out, err) == -1 ||
	    store_floor_day(s, &out->floor_day, err) == -1)
		return -1;
	return store_day_range(s, &out->first_day, &out->last_day, err);
}

const char *
store_library_version(void)
{
	return sqlite3_libversion();
}
