/* SPDX-License-Identifier: ISC */

/*
 * Statements and errors: every step that SQLite takes for us goes through
 * here, and here alone its result codes become ours.  Values are bound,
 * never written into SQL.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/die.h"
#include "base/file.h"
#include "store/private.h"

static const char *const kept_sql[KEPT_COUNT] = {
    [KEPT_BEGIN] = "BEGIN IMMEDIATE",
    [KEPT_SNAPSHOT] = "BEGIN",
    [KEPT_COMMIT] = "COMMIT",
    [KEPT_ROLLBACK] = "ROLLBACK",
    [KEPT_DATA_VERSION] = "PRAGMA data_version",
    [KEPT_BOUNDS] = "SELECT coalesce((SELECT value FROM meta"
		    " WHERE key = '" META_FLOOR_DAY "'), ?),"
		    " max(coalesce((SELECT max(id) FROM report), 0),"
		    " coalesce((SELECT value FROM meta"
		    " WHERE key = '" META_LAST_REPORT "'), 0))",

    [KEPT_NAME_FIND] = "SELECT id FROM name WHERE text = ?",
    [KEPT_NAME_ADD] = "INSERT INTO name(text) VALUES(?)",
    [KEPT_NAME_TEXT] = "SELECT text FROM name WHERE id = ?",
    [KEPT_STREAM_FIND] = "SELECT id FROM stream WHERE packed = ?",
    [KEPT_STREAM_ADD] = "INSERT INTO stream(packed) VALUES(?)",
    [KEPT_STREAM_READ] = "SELECT id, packed FROM stream"
			 " WHERE id BETWEEN ? AND ?",
    [KEPT_TEXT_FIND] = "SELECT id FROM policy_text"
		       " WHERE hash = ? AND packed = ?",
    [KEPT_TEXT_ADD] = "INSERT INTO policy_text(hash, packed) VALUES(?, ?)",
    [KEPT_TEXT_READ] = "SELECT packed FROM policy_text WHERE id = ?",

    [KEPT_REPORT_SAME] = "SELECT id, counted, authenticity, reporter,"
			 " identity FROM report"
			 " WHERE day = ? AND sum = ?",
    [KEPT_REPORT_RIVAL] = "SELECT id, counted, authenticity, reporter,"
			  " identity FROM report"
			  " WHERE day = ? AND identity = ? AND counted = 1",
    [KEPT_REPORT_ADD] =
	"INSERT INTO report(id, day, counted, authenticity, npolicies,"
	" reporter, organization, contact, submitter_header,"
	" domain_header, start, \"end\", received, stored, source,"
	" encoding, json_len, identity, sum, report_id, locator,"
	" filename, subject, deviations, details, figures, original)"
	" VALUES(?, ?, ?, ?, ?,"
	" ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	" ?)"
	" ON CONFLICT DO NOTHING",
    [KEPT_LEDGER_LAST] = "SELECT page, packed FROM ledger"
			 " WHERE page BETWEEN ? AND ?"
			 " ORDER BY page DESC LIMIT 1",
    [KEPT_LEDGER_READ] = "SELECT page, packed FROM ledger"
			 " WHERE page BETWEEN ? AND ?"
			 " ORDER BY page DESC",
    [KEPT_LEDGER_WRITE] = "REPLACE INTO ledger(page, packed) VALUES(?, ?)",
    [KEPT_REPORT_SET] = "UPDATE report SET counted = ?, authenticity = ?"
			" WHERE id = ?",
    [KEPT_REPORT_FIGURES] = "SELECT figures FROM report WHERE id = ?",

    [KEPT_SOURCE_FIND] = "SELECT id FROM source WHERE name = ?",
    [KEPT_SOURCE_ADD] = "INSERT INTO source(name, kind) VALUES(?, ?)",
    [KEPT_SOURCE_RAN] = "UPDATE source SET last_run = ?1, last_error = ?2,"
			" last_success = iif(?2 = '', ?1, last_success),"
			" kind = iif(?4 = '', kind, ?4)"
			" WHERE id = ?3",

    [KEPT_SEEN_FIND] = "SELECT outcome, decoder, tries FROM seen"
		       " WHERE source = ? AND key = ?",
    [KEPT_SEEN_ADD] = "INSERT INTO seen(source, key, outcome, decoder,"
		      " tries, report, at) VALUES(?, ?, ?, ?, ?, ?, ?)"
		      " ON CONFLICT DO NOTHING",
    [KEPT_SEEN_SET] = "UPDATE seen SET outcome = ?3, decoder = ?4,"
		      " tries = ?5, report = ?6, at = ?7"
		      " WHERE source = ?1 AND key = ?2",
    [KEPT_REJECT_SINCE] = "SELECT min(since) FROM reject"
			  " WHERE source = ? AND key = ?",
    [KEPT_REJECT_DROP] = "DELETE FROM reject WHERE source = ? AND key = ?",
    [KEPT_REJECT_ADD] = "INSERT INTO reject(source, key, locator, reason,"
			" kind, since, tries) VALUES(?, ?, ?, ?, ?, ?, ?)",

    [KEPT_REPORT_READ] =
	"SELECT r.day, r.counted, r.authenticity, r.npolicies,"
	" r.reporter, r.organization, r.contact, r.submitter_header,"
	" r.domain_header, r.start, r.\"end\", r.received, r.stored,"
	" r.encoding, r.json_len, r.identity, r.sum, r.report_id,"
	" r.locator, r.filename, r.subject, r.deviations, r.details,"
	" r.figures, s.name, r.original FROM report r LEFT JOIN source s ON "
	"s.id = "
	"r.source"
	" WHERE r.id = ?",

    [KEPT_REPORT_NEXT] = "SELECT id FROM report WHERE id > ?"
			 " ORDER BY id LIMIT 1",
    [KEPT_REPORT_OLD] = "SELECT day, authenticity, reporter, identity,"
			" source, locator, stored FROM report WHERE id = ?",
    [KEPT_REPORT_HEIR] = "SELECT id, counted, authenticity, reporter,"
			 " identity FROM report WHERE day = ?"
			 " AND identity = ? AND counted = 0"
			 " ORDER BY authenticity = 1 DESC, id LIMIT 1",
    [KEPT_REPORT_DROP] = "DELETE FROM report WHERE id = ?",
};

/* What SQLite's codes mean for us; others only a damaged schema can cause. */
static const struct meaning {
	int result;
	enum err_code code;
	const char *text;
} meanings[] = {
    {SQLITE_BUSY, ERR_TEMPORARY, "the store is locked"},
    {SQLITE_LOCKED, ERR_TEMPORARY, "the store is locked"},
    {SQLITE_PROTOCOL, ERR_TEMPORARY, "the store is locked"},
    {SQLITE_INTERRUPT, ERR_TEMPORARY, "interrupted"},
    {SQLITE_FULL, ERR_TEMPORARY, "no room for the store"},
    {SQLITE_NOMEM, ERR_TEMPORARY, "no memory for the store"},
    {SQLITE_IOERR, ERR_IO, "cannot read or write the store"},
    {SQLITE_NOLFS, ERR_IO, "cannot write the store"},
    {SQLITE_CANTOPEN, ERR_IO, "cannot open the store"},
    {SQLITE_READONLY, ERR_REFUSED,
	"no right to write the store or its directory"},
    {SQLITE_PERM, ERR_REFUSED, "cannot open the store"},
    {SQLITE_AUTH, ERR_REFUSED, "cannot open the store"},
    {SQLITE_NOTADB, ERR_STORE, "not a store of tlstally"},
    {SQLITE_CORRUPT, ERR_STORE, "the store is damaged"},
    {0, ERR_STORE, "the store is damaged"},
};

/* What the operating system's reason makes of a failure to open or write. */
static enum err_code
code_of_errno(int num)
{
	switch (num) {
	case EACCES:
	case EPERM:
	case EROFS:
		return ERR_REFUSED;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		return ERR_TEMPORARY;
	default:
		return ERR_IO;
	}
}

/* SQLite keeps the reason of some failures only, and loses that of a commit:
 * so errno is looked at, which was 0 before the call (sql_clear_reason).  Of
 * a lock that is taken, and a file that is not there, it makes no fuss. */
static int
reason(int num)
{
	switch (num) {
	case EAGAIN:
	case EEXIST:
	case ENOENT:
		return 0;
	default:
		return num;
	}
}

/* Has the system refused to let path and suffix be written? */
static bool
is_refused(const char *path, const char *suffix)
{
	char *name;
	bool refused;

	if (asprintf(&name, "%s%s", path, suffix) == -1)
		die("no memory for a path");
	refused = faccessat(AT_FDCWD, name, W_OK, AT_EACCESS) == -1 &&
	    code_of_errno(errno) == ERR_REFUSED;
	free(name);
	return refused;
}

/* May we write the store, what is beside it, and where they are? */
static bool
may_write(const char *path)
{
	char *dir = xstrdup(path);
	bool may = !is_refused(path, "") && !is_refused(path, "-wal") &&
	    !is_refused(path, "-shm") &&
	    !is_refused(file_go_up(dir) ? dir : ".", "");

	free(dir);
	return may;
}

/* SQLite draws conclusions from a disk that fails: it reads what it cannot
 * open to be written, or cannot make, and takes for damage what it cannot
 * read.  Returns what it is for us, and in *num the reason. */
static const struct meaning *
conclude(const struct store *s, const struct meaning *m, int *num)
{
	static const struct meaning unread = {
	    SQLITE_IOERR, ERR_IO, "cannot read the store"};
	static const struct meaning unmade = {SQLITE_CANTOPEN, ERR_TEMPORARY,
	    "cannot open the store or a file beside it"};
	static const struct meaning unmended = {SQLITE_READONLY, ERR_TEMPORARY,
	    "a run was stopped while it made the store, and the next ingest "
	    "mends that"};

	if (m->code == ERR_IO && *num == 0)
		*num = reason(sqlite3_system_errno(s->db));
	if (m->code == ERR_STORE && *num == EIO)
		return &unread;
	if (sqlite3_extended_errcode(s->db) == SQLITE_READONLY_ROLLBACK)
		return &unmended;
	if (m->result == SQLITE_CANTOPEN && *num == 0)
		return &unmade;
	if (m->result == SQLITE_READONLY &&
	    sqlite3_db_readonly(s->db, "main") == 0 && may_write(s->path))
		return &unmade;
	return m;
}

void
sql_clear_reason(void)
{
	errno = 0;
}

int
sql_fail(struct store *s, struct err *err)
{
	int num = reason(errno), result = sqlite3_errcode(s->db) & 0xff;
	const struct meaning *m = meanings;
	const char *text = sqlite3_errmsg(s->db);

	while (m->result != 0 && m->result != result)
		m++;
	m = conclude(s, m, &num);
	if (num == 0 || (m->code != ERR_IO && m->code != ERR_TEMPORARY))
		return err_set(
		    err, m->code, "%s: %s (%s)", s->path, m->text, text);
	return err_set(err, m->code == ERR_IO ? code_of_errno(num) : m->code,
	    "%s: %s (%s: %s)", s->path, m->text, text, strerror(num));
}

int
sql_damaged(struct store *s, const char *what, struct err *err)
{
	return err_set(
	    err, ERR_STORE, "%s: the store is damaged (%s)", s->path, what);
}

sqlite3_stmt *
sql_kept(struct store *s, enum kept which, struct err *err)
{
	sqlite3_stmt **st = &s->kept[which];

	sql_clear_reason();
	if (*st == NULL &&
	    sqlite3_prepare_v3(s->db, kept_sql[which], -1,
		SQLITE_PREPARE_PERSISTENT, st, NULL) != SQLITE_OK)
		sql_fail(s, err);
	return *st;
}

sqlite3_stmt *
sql_prepare(struct store *s, const char *sql, struct err *err)
{
	sqlite3_stmt *st = NULL;

	sql_clear_reason();
	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK)
		sql_fail(s, err);
	return st;
}

int
sql_step(struct store *s, sqlite3_stmt *st, struct err *err)
{
	int result;

	sql_clear_reason();
	result = sqlite3_step(st);
	if (result == SQLITE_ROW)
		return 1;
	if (result != SQLITE_DONE)
		sql_fail(s, err);
	sqlite3_reset(st);
	return result == SQLITE_DONE ? 0 : -1;
}

int
sql_run(struct store *s, sqlite3_stmt *st, struct err *err)
{
	int rc = sql_step(s, st, err);

	if (rc == 1)
		sqlite3_reset(st);
	return rc == -1 ? -1 : 0;
}

int
sql_integer(struct store *s, sqlite3_stmt *st, int64_t *value, struct err *err)
{
	int rc = sql_step(s, st, err);

	*value = 0;
	if (rc == 1) {
		*value = sqlite3_column_int64(st, 0);
		sqlite3_reset(st);
	}
	return rc == -1 ? -1 : 0;
}

int
sql_ask(struct store *s, const char *sql, int64_t *value, struct err *err)
{
	sqlite3_stmt *st = sql_prepare(s, sql, err);
	int rc = -1;

	if (st != NULL)
		rc = sql_integer(s, st, value, err);
	sqlite3_finalize(st);
	return rc;
}

int
sql_exec(struct store *s, const char *sql, struct err *err)
{
	sql_clear_reason();
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return sql_fail(s, err);
	return 0;
}

/*
 * A bind can fail only for want of memory; the parameter is NULL then, and
 * NOT NULL columns refuse the row.
 */

void
bind_int(struct binder *b, int64_t value)
{
	sqlite3_bind_int64(b->st, ++b->at, value);
}

void
bind_time(struct binder *b, int64_t t)
{
	if (t == TIME_NONE)
		sqlite3_bind_null(b->st, ++b->at);
	else
		bind_int(b, t);
}

void
bind_text(struct binder *b, const char *text)
{
	sqlite3_bind_text(b->st, ++b->at, text, -1, SQLITE_STATIC);
}

void
bind_blob(struct binder *b, const void *data, size_t len)
{
	/* A NULL pointer would make the value NULL, whatever its length. */
	sqlite3_bind_blob64(
	    b->st, ++b->at, len > 0 ? data : "", len, SQLITE_STATIC);
}

const char *
column_text(sqlite3_stmt *st, int column)
{
	const unsigned char *text = sqlite3_column_text(st, column);

	return text != NULL ? (const char *)text : "";
}

int64_t
column_time(sqlite3_stmt *st, int column)
{
	if (sqlite3_column_type(st, column) == SQLITE_NULL)
		return TIME_NONE;
	return sqlite3_column_int64(st, column);
}
