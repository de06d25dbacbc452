/* SPDX-License-Identifier: ISC */

/*
 * Opens and closes the store.  A pipe delivery does so for every mail:
 * nothing here reads more of the file than its head.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/sharing.h"
#include "store/private.h"

/* No database is smaller: its head alone has 100 bytes. */
#define DATABASE_MIN 100

/* A sweep meets no page twice, and fresh memory for each costs more than the
 * reading. */
static const char pragmas_read[] = "PRAGMA cache_size = 64;";

/* What a new file gets: larger pages than the usual are fewer writes in a run
 * over a mailbox, and still few bytes in a delivery of one mail. */
static const char pragmas_new[] = "PRAGMA page_size = 8192;";

/* The WAL is kept between runs, which saves two fsyncs a run, and cut to
 * nothing when the last process that has it open is done.  Within a run it is
 * written again from the front each time that all of it is in the file, which
 * is when it has 1000 pages and what a transaction adds.  To cut it then as
 * well, to less than that, would take 15 ms each time. */
static const char pragmas_write[] = "PRAGMA synchronous = FULL;"
				    "PRAGMA journal_size_limit = 16777216;";

/* Creates the file, or returns -1 with errno. */
static int
create_file(const char *path, const struct sharing *sharing)
{
	int fd = sharing_create(path, sharing);

	if (fd == -1)
		return -1;
	close(fd);
	return 0;
}

/* Makes the directory that is to hold path. */
static int
make_home(const char *path, const struct sharing *sharing, struct err *err)
{
	char *dir = xstrdup(path);
	int rc = 0;

	if (file_go_up(dir))
		rc = sharing_make_dir(dir, sharing, err);
	else if (sharing->group != NULL)
		rc = sharing_make_dir(".", sharing, err);
	free(dir);
	return rc;
}

/* Forces the names beside path, and the way there, to the disk. */
static int
sync_home(const char *path, struct err *err)
{
	if (file_sync_way(path, err) == 0)
		return 0;
	return err_prefix(err, "%s: cannot make the store last", path);
}

/* Makes an empty file where there is none. */
static int
make_file(const char *path, const struct sharing *sharing, struct err *err)
{
	int rc = -1;

	/* Where a group shares, what others may do here is looked at first. */
	if (sharing->group != NULL && make_home(path, sharing, err) == -1)
		return -1;
	rc = create_file(path, sharing);
	if (rc == -1 && errno == ENOENT) {
		if (make_home(path, sharing, err) == -1)
			return -1;
		rc = create_file(path, sharing);
	}
	if (rc == 0)
		return sync_home(path, err);
	if (errno == EEXIST)
		return 0;
	return err_errno(err, "%s: cannot make the store", path);
}

static int
look_for_file(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) == -1) {
		if (errno == ENOENT || errno == ENOTDIR)
			return err_set(
			    err, ERR_NOINPUT, "no store at %s", path);
		return err_errno(err, "%s: cannot open the store", path);
	}
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_STORE,
		    "%s: not a store of tlstally, nor a file at all", path);
	/* SQLite takes a file of one byte for an empty one, and would have
	 * it. */
	if (st.st_size > 0 && st.st_size < DATABASE_MIN)
		return err_set(
		    err, ERR_STORE, "%s: not a store of tlstally", path);
	return 0;
}

/* There is one thread: SQLite's locks and its counting of memory would cost a
 * tenth of an insert.  A second call in a process is refused, and harmless. */
static void
configure_library(void)
{
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* SQLite takes some names for other things than files (":memory:", "file:");
 * none of them begins with a slash or a dot. */
static int
open_handle(struct store *s, enum store_mode mode, struct err *err)
{
	int flags =
	    mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	size_t size = strlen(s->path) + 3;
	char *name = xmalloc(size);
	int persist = 1, result, num;

	configure_library();
	snprintf(name, size, "%s%s", s->path[0] == '/' ? "" : "./", s->path);
	sql_clear_reason();
	result =
	    sqlite3_open_v2(name, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
	num = errno;
	free(name);
	errno = num;
	if (result != SQLITE_OK)
		return sql_fail(s, err);
	sqlite3_extended_result_codes(s->db, 1);
	/* We have neither; what somebody else put in is not to run. */
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_busy_timeout(s->db, STORE_BUSY_MS);
	sqlite3_file_control(s->db, "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
	/* Asked to write what it can only read, SQLite would but read it. */
	if (mode != STORE_READ && sqlite3_db_readonly(s->db, "main") == 1) {
		errno = num != 0 ? num : EACCES;
		return err_errno(err, "%s: cannot write the store", s->path);
	}
	return 0;
}

/* The file itself, where path is a link to it. */
static const char *
real_path(const struct store *s)
{
	const char *path = sqlite3_db_filename(s->db, "main");

	return path != NULL ? path : s->path;
}

/* True if the store has no WAL yet. */
static bool
lacks_wal(const struct store *s)
{
	struct stat st;
	char *path;
	bool lacks;

	if (asprintf(&path, "%s-wal", real_path(s)) == -1)
		die("no memory for a path");
	lacks = stat(path, &st) == -1;
	free(path);
	return lacks;
}

/* WAL is a property of the file, and naming it again costs nothing.  The
 * change into it needs the file alone, for which SQLite would not wait as it
 * does for other locks: so all the waiting is done here. */
static int
enter_wal(struct store *s, struct err *err)
{
	int rc, waited = 0;

	sqlite3_busy_timeout(s->db, 0);
	while ((rc = sql_exec(s, "PRAGMA journal_mode = WAL", err)) == -1) {
		if ((sqlite3_errcode(s->db) & 0xff) != SQLITE_BUSY ||
		    waited >= STORE_BUSY_MS)
			break;
		waited += sqlite3_sleep(RETRY_MS);
	}
	sqlite3_busy_timeout(s->db, STORE_BUSY_MS);
	return rc;
}

static int
prepare_file(struct store *s, enum store_mode mode, const struct schema *schema,
    struct err *err)
{
	bool lacked = lacks_wal(s);
	int current = schema_check(s, mode, schema, err);

	if (current == -1)
		return -1;
	if (mode == STORE_READ)
		return sql_exec(s, pragmas_read, err);
	if (current == 0 && sql_exec(s, pragmas_new, err) == -1)
		return -1;
	if (enter_wal(s, err) == -1 || sql_exec(s, pragmas_write, err) == -1)
		return -1;
	if (current == 0 && schema_migrate(s, schema, err) == -1)
		return -1;
	/* What is committed is in the WAL, and lost with its name.  SQLite
	 * syncs the folder, too, but does not mind when that fails. */
	return lacked ? sync_home(real_path(s), err) : 0;
}

/* Opens what is there. */
static int
open_file(struct store **out, const char *path, enum store_mode mode,
    const struct schema *schema, struct err *err)
{
	struct store *s;

	if (look_for_file(path, err) == -1)
		return -1;
	s = xcalloc(1, sizeof(*s));
	s->path = xstrdup(path);
	s->telling = -1;
	s->scratch.cap = s->figures.cap = s->details.cap = SIZE_MAX / 4;
	if (open_handle(s, mode, err) == -1 ||
	    prepare_file(s, mode, schema, err) == -1) {
		store_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

int
store_open_schema(struct store **out, const char *path, enum store_mode mode,
    const struct schema *schema, struct err *err)
{
	static const struct sharing nobody;

	*out = NULL;
	if (mode == STORE_CREATE && make_file(path, &nobody, err) == -1)
		return -1;
	return open_file(out, path, mode, schema, err);
}

int
store_open(
    struct store **out, const char *path, enum store_mode mode, struct err *err)
{
	return store_open_schema(out, path, mode, schema_current(), err);
}

int
store_create(struct store **out, const char *path,
    const struct sharing *sharing, struct err *err)
{
	*out = NULL;
	if (sharing->group != NULL) {
		if (sharing_check_member(sharing, err) == -1)
			return -1;
		/* SQLite makes the WAL under the umask and then mends its
		 * mode: too late for a user who opens it in between. */
		umask(S_IRWXO);
	}
	if (make_file(path, sharing, err) == -1 ||
	    sharing_check_file(path, sharing, err) == -1)
		return -1;
	return open_file(out, path, STORE_CREATE, schema_current(), err);
}

void
store_close(struct store *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < KEPT_COUNT; i++)
		sqlite3_finalize(s->kept[i]);
	sqlite3_close(s->db);
	if (s->telling != -1)
		close(s->telling);
	names_close(s);
	buf_free(&s->scratch);
	buf_free(&s->figures);
	buf_free(&s->details);
	ledger_close(s);
	streams_close(s);
	free(s->domains);
	keyed_hash_free(s->hash);
	explicit_bzero(s->key, sizeof(s->key));
	free(s->path);
	free(s);
}
