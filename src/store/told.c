/* SPDX-License-Identifier: ISC */

/*
 * What digests of new reports have told.  Writers come one after the other
 * and numbers rise, so all reports up to the highest number of a snapshot
 * are in it, and every later one is above.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <sys/file.h>

#include "base/date.h"
#include "base/die.h"
#include "store/private.h"

int
store_told(
    struct store *s, const char *name, struct told *told, struct err *err)
{
	static const char sql[] =
	    "SELECT report, at FROM digest_state WHERE name = ?";
	struct binder b = {sql_prepare(s, sql, err), 0};
	int rc = -1;

	told->report = 0;
	told->at = TIME_NONE;
	if (b.st == NULL)
		return -1;
	bind_text(&b, name);
	rc = sql_step(s, b.st, err);
	if (rc == 1) {
		told->report = sqlite3_column_int64(b.st, 0);
		told->at = sqlite3_column_int64(b.st, 1);
	}
	sqlite3_finalize(b.st);
	return rc == -1 ? -1 : 0;
}

/* Takes the lock on the store's folder, if its file system knows such locks;
 * where it does not, nothing is lost, but two at once may tell the same. */
static int
try_lock(int fd)
{
	int rc;

	do
		rc = flock(fd, LOCK_EX | LOCK_NB);
	while (rc == -1 && errno == EINTR);
	return rc == -1 && errno == EWOULDBLOCK ? -1 : 0;
}

int
store_tell_alone(struct store *s, struct err *err)
{
	char *copy = xstrdup(s->path);
	int waited = 0;

	s->telling = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(copy);
	if (s->telling == -1)
		return err_errno(err, "%s", s->path);
	while (try_lock(s->telling) == -1) {
		if (waited >= STORE_BUSY_MS)
			return err_set(err, ERR_TEMPORARY,
			    "%s: another digest of new reports is being made",
			    s->path);
		waited += sqlite3_sleep(RETRY_MS);
	}
	return 0;
}

static int
write_told(
    struct store *s, const char *name, const struct told *told, struct err *err)
{
	static const char sql[] =
	    "INSERT INTO digest_state(name, report, at) VALUES(?, ?, ?)"
	    " ON CONFLICT DO UPDATE SET report = max(report, excluded.report),"
	    " at = max(at, excluded.at)";
	struct binder b = {sql_prepare(s, sql, err), 0};
	int rc;

	if (b.st == NULL)
		return -1;
	bind_text(&b, name);
	bind_int(&b, told->report);
	bind_int(&b, told->at);
	rc = sql_run(s, b.st, err);
	sqlite3_finalize(b.st);
	return rc;
}

int
store_tell(
    struct store *s, const char *name, const struct told *told, struct err *err)
{
	if (store_begin(s, err) == -1)
		return -1;
	if (write_told(s, name, told, err) == -1 ||
	    store_commit(s, err) == -1) {
		store_rollback(s);
		return -1;
	}
	return 0;
}

/* The days are in the rows themselves, which are large: good for the few
 * that a day brings, while those of all reports are found by an index. */
static int
read_days(struct store *s, int64_t after, int32_t days[2], struct err *err)
{
	static const char sql[] = "SELECT min(day), max(day) FROM report"
				  " WHERE id > ? AND counted = 1";
	struct binder b = {sql_prepare(s, sql, err), 0};
	int rc, i;

	if (b.st == NULL)
		return -1;
	bind_int(&b, after);
	rc = sql_step(s, b.st, err);
	for (i = 0; rc == 1 && i < 2; i++)
		if (sqlite3_column_type(b.st, i) != SQLITE_NULL)
			days[i] = sqlite3_column_int(b.st, i);
	sqlite3_finalize(b.st);
	return rc == -1 ? -1 : 0;
}

int
store_new_days(struct store *s, int64_t after, int64_t *highest,
    int32_t days[2], struct err *err)
{
	days[0] = days[1] = DAY_NONE;
	if (sql_ask(s, "SELECT max(id) FROM report", highest, err) == -1)
		return -1;
	if (after == 0)
		return store_day_range(s, &days[0], &days[1], err);
	return read_days(s, after, days, err);
}
