/* SPDX-License-Identifier: ISC */

/*
 * What is remembered of the domains that are watched.
 */

#include "config.h"

#include <string.h>

#include "store/private.h"
#include "store/watch.h"

static struct span
column_span(sqlite3_stmt *st, int column, struct arena *arena)
{
	const struct span packed = column_packed(st, column);

	return (struct span){
	    arena_strndup(arena, packed.p, packed.len), packed.len};
}

int
store_watched(struct store *s, const char *domain, struct arena *arena,
    struct watched *out, struct err *err)
{
	static const char sql[] = "SELECT accepted, known, since, at FROM watch"
				  " WHERE domain = ?";
	struct binder b = {sql_prepare(s, sql, err), 0};
	int rc;

	*out = (struct watched){.domain = domain};
	if (b.st == NULL)
		return -1;
	bind_text(&b, domain);
	rc = sql_step(s, b.st, err);
	if (rc == 1) {
		out->accepted = column_span(b.st, 0, arena);
		out->known = column_span(b.st, 1, arena);
		out->since = sqlite3_column_int64(b.st, 2);
		out->at = sqlite3_column_int64(b.st, 3);
	}
	sqlite3_finalize(b.st);
	return rc;
}

int
store_watch(struct store *s, const struct watched *w, struct err *err)
{
	static const char sql[] =
	    "INSERT INTO watch(domain, accepted, known, since, at)"
	    " VALUES(?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
	    " SET accepted = excluded.accepted, known = excluded.known,"
	    " at = excluded.at";
	struct binder b = {NULL, 0};
	int rc;

	if (w->accepted.len > WATCHED_BYTES_MAX ||
	    w->known.len > WATCHED_BYTES_MAX)
		return err_set(err, ERR_BOUND,
		    "%s: there is too much to remember of it", w->domain);
	b.st = sql_prepare(s, sql, err);
	if (b.st == NULL)
		return -1;
	bind_text(&b, w->domain);
	bind_blob(&b, w->accepted.p, w->accepted.len);
	bind_blob(&b, w->known.p, w->known.len);
	bind_int(&b, w->since);
	bind_int(&b, w->at);
	rc = sql_run(s, b.st, err);
	sqlite3_finalize(b.st);
	return rc;
}

int
store_each_watched(struct store *s, int (*fn)(void *arg, const char *domain),
    void *arg, struct err *err)
{
	sqlite3_stmt *st =
	    sql_prepare(s, "SELECT domain FROM watch ORDER BY domain", err);
	int rc = -1;

	while (st != NULL && (rc = sql_step(s, st, err)) == 1)
		if (fn(arg, column_text(st, 0)) != 0) {
			rc = 0;
			break;
		}
	sqlite3_finalize(st);
	return rc;
}
