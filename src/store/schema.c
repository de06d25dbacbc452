/* SPDX-License-Identifier: ISC */

/*
 * What is in the file, and how an older file is brought up to date.  A
 * published step is never changed: a new version adds one behind it.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/private.h"

/*
 * Version 1.
 *
 * The key in meta is the store's own: everything is hashed under it (key.c).
 *
 * A name is any text that comes back every day: domains, reporters, hosts,
 * addresses, types that the RFC does not know.  Rows hold its id, and 0 for
 * "".  AUTOINCREMENT: an id that was pruned never comes to mean another
 * text, while someone still has it in mind.
 *
 * A stream is who reports about what under which policy: a reporter says the
 * same day after day, with other numbers, and the digest sums up by streams;
 * packed are the numbers of struct stream_key (streams.c).
 *
 * report.figures holds what the digest sums up (figures.h); ledger repeats it
 * by day, for the reports that count, many to a row (ledger.h).
 *
 * The two unique indexes are the promise that a report counts once: one row
 * for a JSON, one counted row for an identity.  Both begin with the day, so
 * that inserts touch the pages of a few days only.  report_odd holds the few
 * that lists and counts would otherwise have to look for: conflicts, and
 * reports without a policy.
 *
 * digest_state remembers the highest report that a digest of new ones has
 * told, and when.
 *
 * deviations, details and policy_text.packed hold strings, each ended by NUL
 * (pack.c); details are of the failures what no figure asks for.
 */
static const char version_1[] =
    "CREATE TABLE meta("
    " key TEXT PRIMARY KEY,"
    " value ANY) STRICT, WITHOUT ROWID;"

    "CREATE TABLE source("
    " id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE,"
    " kind TEXT NOT NULL,"
    " last_run INTEGER,"
    " last_success INTEGER,"
    " last_error TEXT NOT NULL DEFAULT '') STRICT;"

    "CREATE TABLE seen("
    " source INTEGER NOT NULL,"
    " key TEXT NOT NULL,"
    " outcome INTEGER NOT NULL,"
    " decoder INTEGER NOT NULL,"
    " tries INTEGER NOT NULL,"
    " report INTEGER NOT NULL,"
    " at INTEGER NOT NULL,"
    " PRIMARY KEY(source, key)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE reject("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " source INTEGER NOT NULL,"
    " key TEXT NOT NULL,"
    " locator TEXT NOT NULL,"
    " reason TEXT NOT NULL,"
    " kind INTEGER NOT NULL,"
    " since INTEGER NOT NULL,"
    " tries INTEGER NOT NULL) STRICT;"
    "CREATE INDEX reject_message ON reject(source, key);"

    "CREATE TABLE name("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " text TEXT NOT NULL UNIQUE) STRICT;"

    "CREATE TABLE stream("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " packed BLOB NOT NULL UNIQUE) STRICT;"

    "CREATE TABLE policy_text("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " hash INTEGER NOT NULL,"
    " packed BLOB NOT NULL) STRICT;"
    "CREATE INDEX policy_text_hash ON policy_text(hash);"

    "CREATE TABLE report("
    " id INTEGER PRIMARY KEY,"
    " day INTEGER NOT NULL,"
    " counted INTEGER NOT NULL,"
    " authenticity INTEGER NOT NULL,"
    " npolicies INTEGER NOT NULL,"
    " reporter INTEGER NOT NULL,"
    " organization INTEGER NOT NULL,"
    " contact INTEGER NOT NULL,"
    " submitter_header INTEGER NOT NULL,"
    " domain_header INTEGER NOT NULL,"
    " start INTEGER NOT NULL,"
    " \"end\" INTEGER NOT NULL,"
    " received INTEGER,"
    " stored INTEGER NOT NULL,"
    " source INTEGER NOT NULL,"
    " encoding INTEGER NOT NULL,"
    " json_len INTEGER NOT NULL,"
    " identity BLOB NOT NULL,"
    " sum BLOB NOT NULL,"
    " report_id TEXT NOT NULL,"
    " locator TEXT NOT NULL,"
    " filename TEXT NOT NULL,"
    " subject TEXT NOT NULL,"
    " deviations BLOB NOT NULL,"
    " details BLOB NOT NULL,"
    " figures BLOB NOT NULL,"
    " original BLOB NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX report_json ON report(day, sum);"
    "CREATE UNIQUE INDEX report_counted ON report(day, identity)"
    " WHERE counted = 1;"
    "CREATE INDEX report_odd ON report(day)"
    " WHERE counted = 0 OR npolicies = 0;"

    "CREATE TABLE ledger("
    " page INTEGER PRIMARY KEY,"
    " packed BLOB NOT NULL) STRICT;"

    "CREATE TABLE digest_state("
    " name TEXT PRIMARY KEY,"
    " report INTEGER NOT NULL,"
    " at INTEGER NOT NULL) STRICT, WITHOUT ROWID;";

/*
 * Version 2: what monitor remembers of the domains that it watches (watch.h).
 */
static const char version_2[] = "CREATE TABLE watch("
				" domain TEXT PRIMARY KEY,"
				" accepted BLOB NOT NULL,"
				" known BLOB NOT NULL,"
				" since INTEGER NOT NULL,"
				" at INTEGER NOT NULL) STRICT, WITHOUT ROWID;";

static const char *const steps[STORE_VERSION] = {version_1, version_2};

const struct schema *
schema_current(void)
{
	static const struct schema current = {steps, STORE_VERSION, true};

	return &current;
}

/* Reads application_id, user_version and whether there is any table, all of
 * one moment: another process may be making the store. */
static int
read_header(struct store *s, int64_t *application, int64_t *version,
    int64_t *tables, struct err *err)
{
	int rc = -1;

	if (sql_exec(s, "BEGIN", err) == -1)
		return -1;
	if (sql_ask(s, "PRAGMA application_id", application, err) == 0 &&
	    sql_ask(s, "PRAGMA user_version", version, err) == 0 &&
	    sql_ask(s, "SELECT count(*) FROM sqlite_schema", tables, err) == 0)
		rc = 0;
	store_rollback(s);
	return rc;
}

int
schema_check(struct store *s, enum store_mode mode, const struct schema *schema,
    struct err *err)
{
	int64_t application, version, tables;

	if (read_header(s, &application, &version, &tables, err) == -1)
		return -1;
	if (application == 0 && version == 0 && tables == 0) {
		if (mode == STORE_CREATE)
			return 0;
		return err_set(err, ERR_NOINPUT,
		    "no store at %s: the file is empty", s->path);
	}
	if (application != STORE_APPLICATION_ID)
		return err_set(err, ERR_STORE,
		    "%s: not a store of tlstally, but another program's "
		    "database",
		    s->path);
	if (version > schema->version)
		return err_set(err, ERR_STORE,
		    "%s: the store is of version %lld; this program knows "
		    "%d at most",
		    s->path, (long long)version, schema->version);
	if (version < schema->version && mode == STORE_READ)
		return err_set(err, ERR_STORE,
		    "%s: the store is of version %lld and must be brought to "
		    "%d first: any command that writes does so",
		    s->path, (long long)version, schema->version);
	/* Before anything is changed in it. */
	if (version > 0 && schema->keyed && key_read(s, err) == -1)
		return -1;
	return version == schema->version;
}

/* Runs the steps that are missing, from version on, within a transaction. */
static int
run_steps(struct store *s, const struct schema *schema, int64_t version,
    struct err *err)
{
	char pragma[64];

	for (; version < schema->version; version++)
		if (sql_exec(s, schema->steps[version], err) == -1)
			return -1;
	/* A pragma takes no parameters; these are numbers of our own. */
	snprintf(pragma, sizeof(pragma), "PRAGMA application_id = %d",
	    STORE_APPLICATION_ID);
	if (sql_exec(s, pragma, err) == -1)
		return -1;
	snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %lld",
	    (long long)version);
	return sql_exec(s, pragma, err);
}

/* Brings the file up to date, within a transaction.  A store of an older
 * version is kept beside: *copy is its path, or NULL. */
static int
migrate(
    struct store *s, const struct schema *schema, char **copy, struct err *err)
{
	int64_t version;

	if (sql_ask(s, "PRAGMA user_version", &version, err) == -1)
		return -1;
	if (version < 0)
		return sql_damaged(s, "a negative version", err);
	if (version > 0 && version < schema->version &&
	    backup_version(s, version, copy, err) == -1)
		return -1;
	if (run_steps(s, schema, version, err) == -1)
		return -1;
	return version == 0 && schema->keyed ? key_make(s, err) : 0;
}

int
schema_migrate(struct store *s, const struct schema *schema, struct err *err)
{
	char *copy = NULL;
	int rc = -1;

	/* Not store_begin, which asks for tables that may be missing. */
	if (sql_exec(s, "BEGIN IMMEDIATE", err) == -1)
		return -1;
	if (migrate(s, schema, &copy, err) == 0)
		rc = store_commit(s, err);
	if (rc == -1) {
		store_rollback(s);
		/* The store is as it was: nobody needs the copy. */
		if (copy != NULL)
			unlink(copy);
	}
	free(copy);
	/* The key of one that is new, whoever has made it. */
	return rc == 0 && schema->keyed ? key_read(s, err) : rc;
}
