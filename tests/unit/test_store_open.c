/* SPDX-License-Identifier: ISC */

/*
 * Opening: what is made, what is refused, migrations, rights, and several
 * processes at once.
 */

#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "store/private.h"
#include "store/upkeep.h"
#include "store_kit.h"
#include "support.h"

TestSuite(store_open, .init = store_kit_setup, .fini = store_kit_teardown);

static const enum store_mode modes[] = {STORE_READ, STORE_WRITE, STORE_CREATE};
#define MODES (sizeof(modes) / sizeof(modes[0]))

/* A path in the scratch folder; in a static buffer. */
static const char *
in_dir(const char *name)
{
	static char path[2048];

	snprintf(path, sizeof(path), "%s/%s", kit.dir, name);
	return path;
}

/* Opens and expects this code; text is part of what is said. */
static void
expect_refused(const char *path, enum store_mode mode, enum err_code code,
    const char *text)
{
	struct store *s = (struct store *)&kit;
	struct err err = {0};

	cr_expect_eq(
	    store_open(&s, path, mode, &err), -1, "%s: mode %d", path, mode);
	cr_expect_null(s);
	cr_expect_eq(
	    err.code, code, "mode %d: %d: %s", mode, err.code, err.text);
	cr_expect_not_null(
	    strstr(err.text, text), "mode %d: %s", mode, err.text);
	cr_expect_not_null(strstr(err.text, path), "%s", err.text);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	cr_assert_eq(stat(path, &st), 0, "%s", path);
	return st.st_mode & 07777;
}

static off_t
size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_size : -1;
}

Test(store_open, a_store_that_is_not_there_is_said_so)
{
	static const char *const names[] = {
	    "none.db", "none/none.db", "tlstally.db/none.db"};
	char expected[4096];
	struct store *s;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(expected, sizeof(expected), "no store at %s",
		    in_dir(names[i]));
		cr_expect_eq(
		    store_open(&s, in_dir(names[i]), STORE_READ, &kit.err), -1);
		cr_expect_eq(kit.err.code, ERR_NOINPUT);
		cr_expect_str_eq(kit.err.text, expected);
		expect_refused(
		    in_dir(names[i]), STORE_WRITE, ERR_NOINPUT, "no store at");
	}
	cr_expect_eq(size_of(in_dir("none.db")), -1);
}

Test(store_open, names_that_sqlite_takes_for_something_else_are_files)
{
	static const char *const names[] = {
	    ":memory:", "file:x?mode=memory", "file::memory:", "a b%20c?d"};
	struct store *s;
	size_t i;

	cr_assert_eq(chdir(kit.dir), 0);
	expect_refused(":memory:", STORE_READ, ERR_NOINPUT, "no store");
	expect_refused("", STORE_READ, ERR_NOINPUT, "no store");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		cr_assert_eq(store_open(&s, names[i], STORE_CREATE, &kit.err),
		    0, "%s", kit.err.text);
		store_close(s);
		cr_expect_gt(size_of(names[i]), 0, "%s", names[i]);
	}
}

Test(store_open, file_and_folders_are_private_whatever_the_umask)
{
	static const mode_t masks[] = {0, 022, 0277};
	char name[64], path[2048];
	struct store *s;
	size_t i;

	for (i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		mode_t old = umask(masks[i] & 077);

		snprintf(name, sizeof(name), "a%zu/b/c.db", i);
		snprintf(path, sizeof(path), "%s", in_dir(name));
		cr_assert_eq(store_open(&s, path, STORE_CREATE, &kit.err), 0,
		    "%s", kit.err.text);
		umask(masks[i]);
		cr_assert_eq(store_begin(s, &kit.err), 0);
		store_rollback(s);
		cr_expect_eq(mode_of(path), 0600);
		strcat(path, "-wal");
		cr_expect_eq(mode_of(path), 0600);
		store_close(s);
		umask(old);
		*strrchr(path, '/') = '\0';
		cr_expect_eq(mode_of(path), 0700);
		*strrchr(path, '/') = '\0';
		cr_expect_eq(mode_of(path), 0700);
	}
}

Test(store_open, the_file_carries_our_marks)
{
	cr_expect_eq(
	    store_kit_sql(&kit, "PRAGMA application_id"), STORE_APPLICATION_ID);
	cr_expect_eq(store_kit_sql(&kit, "PRAGMA user_version"), STORE_VERSION);
	cr_expect_eq(store_kit_sql(&kit,
			 "SELECT journal_mode = 'wal' FROM"
			 " pragma_journal_mode"),
	    1);
}

Test(store_open, a_store_taken_out_of_wal_is_put_back)
{
	store_close(kit.s);
	kit.s = NULL;
	store_kit_sql(&kit, "PRAGMA journal_mode = DELETE");
	store_kit_reopen(&kit, STORE_WRITE);
	cr_expect_eq(store_kit_sql(&kit,
			 "SELECT journal_mode = 'wal' FROM"
			 " pragma_journal_mode"),
	    1);
}

Test(store_open, what_is_no_database_is_refused_and_left_alone)
{
	static const char *const contents[] = {"x",
	    "this is a letter, and no database at all\n", "SQLite format 3",
	    "From a@example.com Fri Nov 20 00:00:00 2026\n"};
	struct span span;
	size_t i, m;

	for (i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
		span = span_of(contents[i]);
		support_write(kit.dir, "letter", span);
		for (m = 0; m < MODES; m++)
			expect_refused(in_dir("letter"), modes[m], ERR_STORE,
			    "not a store of tlstally");
		cr_expect_eq(size_of(in_dir("letter")), (off_t)span.len);
	}
}

Test(store_open, a_folder_or_device_is_no_store)
{
	size_t m;

	cr_assert_eq(mkdir(in_dir("folder"), 0700), 0);
	for (m = 0; m < MODES; m++) {
		expect_refused(in_dir("folder"), modes[m], ERR_STORE, "file");
		expect_refused("/dev/null", modes[m], ERR_STORE, "file");
	}
}

Test(store_open, an_empty_file_becomes_a_store_only_when_one_may_be_made)
{
	struct store *s;

	support_write(kit.dir, "empty", SPAN(""));
	expect_refused(in_dir("empty"), STORE_READ, ERR_NOINPUT, "empty");
	expect_refused(in_dir("empty"), STORE_WRITE, ERR_NOINPUT, "empty");
	cr_expect_eq(
	    store_open(&s, in_dir("empty"), STORE_CREATE, &kit.err), 0);
	store_close(s);
	cr_expect_eq(store_open(&s, in_dir("empty"), STORE_READ, &kit.err), 0);
	store_close(s);
}

Test(store_open, another_programs_database_is_refused_and_left_alone)
{
	static const char *const marks[] = {"CREATE TABLE letter(text)",
	    "PRAGMA user_version = 1", "PRAGMA application_id = 7"};
	sqlite3 *db;
	size_t i, m;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		unlink(in_dir("other.db"));
		cr_assert_eq(sqlite3_open(in_dir("other.db"), &db), 0);
		cr_assert_eq(sqlite3_exec(db, marks[i], NULL, NULL, NULL), 0);
		sqlite3_close(db);
		for (m = 0; m < MODES; m++)
			expect_refused(in_dir("other.db"), modes[m], ERR_STORE,
			    "another program's");
		cr_expect_eq(size_of(in_dir("other.db-wal")), -1);
	}
}

Test(store_open, a_newer_store_is_refused_and_left_alone)
{
	size_t m;

	store_kit_sql(&kit, "PRAGMA user_version = 99");
	for (m = 0; m < MODES; m++)
		expect_refused(
		    kit.path, modes[m], ERR_STORE, "of version 99; this");
	cr_expect_eq(store_kit_sql(&kit, "PRAGMA user_version"), 99);
}

Test(store_open, each_store_has_a_key_of_its_own_and_keeps_it)
{
	unsigned char key[KEYED_HASH_KEY_LEN], zero[KEYED_HASH_KEY_LEN] = {0};
	struct store *other;
	size_t m;

	memcpy(key, store_key(kit.s), sizeof(key));
	cr_expect_neq(memcmp(key, zero, sizeof(key)), 0);
	for (m = 0; m < MODES; m++) {
		store_kit_reopen(&kit, modes[m]);
		cr_expect_eq(memcmp(store_key(kit.s), key, sizeof(key)), 0);
	}
	cr_assert_eq(
	    store_open(&other, in_dir("other.db"), STORE_CREATE, &kit.err), 0);
	cr_expect_neq(memcmp(store_key(other), key, sizeof(key)), 0);
	store_close(other);
	cr_assert_eq(store_backup(kit.s, in_dir("copy.db"), &kit.err), 0);
	cr_assert_eq(
	    store_open(&other, in_dir("copy.db"), STORE_READ, &kit.err), 0);
	cr_expect_eq(memcmp(store_key(other), key, sizeof(key)), 0);
	store_close(other);
}

/* Changes the file beside the store, and expects it to be refused and left. */
static void
expect_key_refused(const char *sql, const char *text)
{
	int64_t version, tables;
	size_t m;

	store_kit_sql(&kit, sql);
	version = store_kit_sql(&kit, "PRAGMA user_version");
	tables = store_kit_sql(&kit, "SELECT count(*) FROM sqlite_schema");
	for (m = 0; m < MODES; m++)
		expect_refused(kit.path, modes[m], ERR_STORE, text);
	cr_expect_eq(store_kit_sql(&kit, "PRAGMA user_version"), version);
	cr_expect_eq(
	    store_kit_sql(&kit, "SELECT count(*) FROM sqlite_schema"), tables);
}

Test(store_open, a_key_that_is_none_is_named)
{
	expect_key_refused("UPDATE meta SET value = zeroblob(15)"
			   " WHERE key = 'key'",
	    "damaged (its key is of a wrong length)");
	expect_key_refused("UPDATE meta SET value = zeroblob(17)"
			   " WHERE key = 'key'",
	    "damaged (its key is of a wrong length)");
	expect_key_refused("UPDATE meta SET value = x''",
	    "damaged (its key is of a wrong length)");
	expect_key_refused("UPDATE meta SET value = 'abcdefghijklmnop'",
	    "damaged (its key is no key)");
	expect_key_refused("UPDATE meta SET value = 7", "its key is no key");
	expect_key_refused("UPDATE meta SET value = NULL", "its key is no key");
	expect_key_refused("ALTER TABLE meta RENAME COLUMN value TO worth",
	    "the store is damaged");
}

/* A store that an earlier version made while it was being written. */
Test(store_open, a_store_without_a_key_says_that_the_mail_must_be_read_again)
{
	expect_key_refused("DELETE FROM meta WHERE key = 'key'",
	    "has no key: it was made by a development version of tlstally, or "
	    "is damaged; move it away and read the mail again");
	/* Nor is it brought up to date first, with a copy beside it. */
	store_kit_sql(&kit, "DROP TABLE watch");
	store_kit_sql(&kit, "PRAGMA user_version = 1");
	expect_refused(kit.path, STORE_WRITE, ERR_STORE, "has no key");
	cr_expect_eq(store_kit_sql(&kit, "PRAGMA user_version"), 1);
	cr_expect_eq(size_of(in_dir("tlstally.db.v1")), -1);
}

static int
ignore_row(void *arg, const struct policy_row *row)
{
	(void)arg;
	(void)row;
	return 0;
}

static const struct row_reader ignore = {.policy = ignore_row};

/* Overwrites part of the file. */
static void
damage(off_t at, size_t len)
{
	char *noise = support_repeat('\xa5', len);
	int fd = open(kit.path, O_WRONLY | O_CLOEXEC);

	cr_assert_neq(fd, -1);
	cr_assert_eq(pwrite(fd, noise, len, at), (ssize_t)len);
	close(fd);
	free(noise);
}

Test(store_open, a_damaged_head_is_named)
{
	size_t m;

	store_kit_add(&kit, store_kit_report(&kit, "a", "b", "c"));
	store_close(kit.s);
	kit.s = NULL;
	damage(100, 3000);
	for (m = 0; m < MODES; m++)
		expect_refused(
		    kit.path, modes[m], ERR_STORE, "the store is damaged");
}

Test(store_open, damage_within_is_named_where_it_is_met)
{
	struct filter all = store_kit_all();
	struct report *r;
	char id[32];
	int i;

	for (i = 0; i < 50; i++) {
		snprintf(id, sizeof(id), "id-%d", i);
		r = store_kit_report(&kit, "a", id, "c");
		cr_assert_eq(store_kit_add(&kit, r), OUTCOME_REPORT);
	}
	store_close(kit.s);
	kit.s = NULL;
	/* Everything but the page of the schema and what follows it. */
	damage(16384, (size_t)size_of(kit.path) - 16384);
	store_kit_reopen(&kit, STORE_WRITE);
	cr_expect_eq(store_rows(kit.s, &all, &ignore, &kit.err), -1);
	cr_expect_eq(kit.err.code, ERR_STORE);
	cr_expect_not_null(strstr(kit.err.text, "the store is damaged"));
	cr_expect_not_null(strstr(kit.err.text, kit.path));
	cr_expect_gt(size_of(kit.path), 16384);
}

/* Asks a store all that can be asked.  Returns 0, or -1 at the first error. */
static int
ask_everything(struct store *s)
{
	struct filter all = store_kit_all();
	struct store_status status;
	struct stored_report report;
	struct err *err = &kit.err;

	if (store_status(s, &status, err) == -1 ||
	    store_rows(s, &all, &ignore, err) == -1 ||
	    store_report(s, 1, kit.arena, &report, err) == -1)
		return -1;
	return 0;
}

Test(store_open, a_store_truncated_anywhere_is_named)
{
	struct store *s;
	off_t size;

	store_kit_add(&kit, store_kit_report(&kit, "a", "b", "c"));
	store_close(kit.s);
	kit.s = NULL;
	for (size = size_of(kit.path) - 8192; size > 0; size -= 1021) {
		int rc = -1;

		cr_assert_eq(truncate(kit.path, size), 0);
		if (store_open(&s, kit.path, STORE_READ, &kit.err) == 0) {
			rc = ask_everything(s);
			store_close(s);
		}
		cr_expect_eq(rc, -1, "%ld bytes", (long)size);
		cr_expect_eq(kit.err.code, ERR_STORE, "%ld bytes: %s",
		    (long)size, kit.err.text);
	}
}

/*
 * Migrations, with schemas of our own.
 */

static const char *const steps[] = {
    "CREATE TABLE one(x) STRICT", /* refused: a type is missing */
    "CREATE TABLE one(x INTEGER) STRICT;"
    "INSERT INTO one VALUES(1)",
    "CREATE TABLE two(x INTEGER) STRICT;"
    "UPDATE one SET x = x + 10",
    "INSERT INTO two VALUES(5); INSERT INTO nowhere VALUES(1)",
};

/* Opens "m.db" with n steps from the given one on; 0 or -1. */
static int
open_steps(const char *const *from, int n, enum store_mode mode)
{
	const struct schema schema = {from, n, false};
	struct store *s;
	int rc;

	rc = store_open_schema(&s, in_dir("m.db"), mode, &schema, &kit.err);
	store_close(s);
	return rc;
}

static int64_t
ask(const char *sql)
{
	struct store_kit other = {0};

	snprintf(other.path, sizeof(other.path), "%s", in_dir("m.db"));
	return store_kit_sql(&other, sql);
}

Test(store_open, an_older_store_is_brought_up_to_date_when_it_is_written)
{
	cr_assert_eq(open_steps(steps + 1, 1, STORE_CREATE), 0);
	cr_expect_eq(ask("PRAGMA user_version"), 1);
	cr_expect_eq(open_steps(steps + 1, 2, STORE_READ), -1);
	cr_expect_eq(kit.err.code, ERR_STORE);
	cr_expect_not_null(strstr(kit.err.text, "is of version 1"));
	cr_expect_eq(ask("PRAGMA user_version"), 1);
	cr_assert_eq(open_steps(steps + 1, 2, STORE_WRITE), 0);
	cr_expect_eq(ask("PRAGMA user_version"), 2);
	cr_expect_eq(ask("PRAGMA application_id"), STORE_APPLICATION_ID);
	cr_expect_eq(ask("SELECT x FROM one"), 11);
	/* Once only. */
	cr_assert_eq(open_steps(steps + 1, 2, STORE_CREATE), 0);
	cr_expect_eq(ask("SELECT x FROM one"), 11);
	cr_expect_eq(open_steps(steps + 1, 2, STORE_READ), 0);
	cr_expect_eq(open_steps(steps + 1, 1, STORE_WRITE), -1);
	cr_expect_eq(kit.err.code, ERR_STORE);
}

Test(store_open, a_new_store_goes_through_all_steps)
{
	cr_assert_eq(open_steps(steps + 1, 2, STORE_CREATE), 0);
	cr_expect_eq(ask("PRAGMA user_version"), 2);
	cr_expect_eq(ask("SELECT x FROM one"), 11);
}

Test(store_open, a_migration_that_fails_changes_nothing)
{
	cr_assert_eq(open_steps(steps + 1, 1, STORE_CREATE), 0);
	cr_expect_eq(open_steps(steps + 1, 3, STORE_WRITE), -1);
	cr_expect_eq(kit.err.code, ERR_STORE);
	cr_expect_eq(ask("PRAGMA user_version"), 1);
	cr_expect_eq(ask("SELECT x FROM one"), 1);
	cr_expect_eq(ask("SELECT count(*) FROM sqlite_schema"), 1);
	cr_assert_eq(open_steps(steps + 1, 2, STORE_WRITE), 0);
	cr_expect_eq(ask("SELECT x FROM one"), 11);
}

Test(store_open, a_store_that_could_not_be_made_is_made_later)
{
	cr_expect_eq(open_steps(steps, 1, STORE_CREATE), -1);
	cr_expect_eq(ask("PRAGMA user_version"), 0);
	cr_assert_eq(open_steps(steps + 1, 1, STORE_CREATE), 0);
}

/*
 * Rights.
 */

/* Root may do anything: the rest of the test is nobody's, to whom the
 * scratch folder is given. */
static void
become_nobody(void)
{
	static const char *const names[] = {
	    "", "tlstally.db", "tlstally.db-wal", "tlstally.db-shm"};
	size_t i;

	if (geteuid() != 0)
		return;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (chown(in_dir(names[i]), 65534, 65534) == -1)
			cr_assert_eq(i > 1, true);
	cr_assert_eq(seteuid(65534), 0);
}

static void
become_root(void)
{
	if (getuid() == 0)
		cr_assert_eq(seteuid(0), 0);
}

Test(store_open, a_file_that_may_not_be_written_can_be_read)
{
	struct store *s;

	store_kit_add(&kit, store_kit_report(&kit, "a", "b", "c"));
	store_close(kit.s);
	kit.s = NULL;
	become_nobody();
	cr_assert_eq(chmod(kit.path, 0400), 0);
	expect_refused(kit.path, STORE_WRITE, ERR_REFUSED, "cannot write");
	expect_refused(kit.path, STORE_CREATE, ERR_REFUSED, "cannot write");
	cr_expect_eq(store_open(&s, kit.path, STORE_READ, &kit.err), 0, "%s",
	    kit.err.text);
	store_close(s);
	cr_assert_eq(chmod(kit.path, 0), 0);
	expect_refused(kit.path, STORE_READ, ERR_REFUSED, "cannot open");
	become_root();
}

Test(store_open, a_folder_that_may_not_be_written_is_refused)
{
	struct store *s;

	become_nobody();
	cr_assert_eq(chmod(kit.dir, 0500), 0);
	expect_refused(in_dir("new.db"), STORE_CREATE, ERR_REFUSED, "new.db");
	cr_expect_eq(
	    store_open(&s, in_dir("folder/new.db"), STORE_CREATE, &kit.err),
	    -1);
	cr_expect_eq(kit.err.code, ERR_REFUSED, "%s", kit.err.text);
	cr_assert_eq(chmod(kit.dir, 0), 0);
	expect_refused(kit.path, STORE_READ, ERR_REFUSED, "cannot open");
	cr_assert_eq(chmod(kit.dir, 0700), 0);
	become_root();
}

Test(store_open, a_store_in_a_read_only_folder_can_be_read)
{
	struct store *s;

	store_kit_add(&kit, store_kit_report(&kit, "a", "b", "c"));
	store_close(kit.s);
	kit.s = NULL;
	become_nobody();
	cr_assert_eq(chmod(kit.dir, 0500), 0);
	cr_expect_eq(store_open(&s, kit.path, STORE_READ, &kit.err), 0, "%s",
	    kit.err.text);
	store_close(s);
	cr_assert_eq(chmod(kit.dir, 0700), 0);
	become_root();
}

Test(store_open, a_read_only_copy_without_its_wal_says_what_is_wrong)
{
	store_close(kit.s);
	kit.s = NULL;
	unlink(in_dir("tlstally.db-wal"));
	unlink(in_dir("tlstally.db-shm"));
	become_nobody();
	cr_assert_eq(chmod(kit.dir, 0500), 0);
	expect_refused(kit.path, STORE_READ, ERR_REFUSED,
	    "no right to write the store or its directory");
	cr_assert_eq(chmod(kit.dir, 0700), 0);
	become_root();
}

Test(store_open, a_store_opened_to_be_read_is_not_written)
{
	struct report *r = store_kit_report(&kit, "a", "b", "c");
	struct decoded d = {.arena = kit.arena, .reports = &r, .nreports = 1};
	enum outcome outcome;

	store_kit_reopen(&kit, STORE_READ);
	cr_expect_eq(store_kit_try(&kit, "k", &d, KIT_NOW, &outcome), -1);
	cr_expect_eq(kit.err.code, ERR_REFUSED);
	cr_expect_eq(store_source_ran(kit.s,
			 &(struct source_run){1, "", KIT_NOW, NULL}, &kit.err),
	    -1);
	cr_expect_eq(kit.err.code, ERR_REFUSED);
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 0);
}

/*
 * Several at once.
 */

/* Waits for a child and returns its exit status. */
static int
wait_for(pid_t pid)
{
	int status = -1;

	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Opens the store and adds a report that no other n gives.  Returns 0 or 1;
 * for a forked child, which may not assert. */
static int
deliver(const char *path, int n)
{
	struct store_kit child = {.reports = n};
	enum outcome outcome = OUTCOME_FOREIGN;
	struct decoded d = {.nreports = 1};
	struct report *r;
	char id[32];

	child.arena = arena_new(4096);
	snprintf(id, sizeof(id), "id-%d", n);
	r = store_kit_report(&child, "example.net", id, "example.com");
	d.reports = &r;
	if (store_open(&child.s, path, STORE_CREATE, &child.err) == -1 ||
	    store_kit_try(&child, id, &d, KIT_NOW, &outcome) == -1)
		fprintf(stderr, "child %d: %s\n", n, child.err.text);
	store_close(child.s);
	arena_free(child.arena);
	return outcome != OUTCOME_REPORT;
}

/* Forks a child that delivers as soon as a byte is written to *go.  SQLite
 * must not be taken across a fork: no store may be open meanwhile. */
static pid_t
start_delivery(const char *path, int n, int *go)
{
	int fds[2];
	pid_t pid;
	char c;

	cr_assert_eq(pipe(fds), 0);
	pid = fork();
	cr_assert_neq(pid, -1);
	if (pid == 0) {
		close(fds[1]);
		_exit(read(fds[0], &c, 1) != 1 || deliver(path, n) != 0);
	}
	close(fds[0]);
	*go = fds[1];
	return pid;
}

static void
release(int go)
{
	cr_assert_eq(write(go, "", 1), 1);
	close(go);
}

Test(store_open, many_that_make_the_same_store_at_once_all_succeed)
{
	enum { CHILDREN = 24 };
	pid_t pids[CHILDREN];
	int go[CHILDREN], i;
	struct store_kit made = {0};

	store_close(kit.s);
	kit.s = NULL;
	snprintf(made.path, sizeof(made.path), "%s", in_dir("new/made.db"));
	for (i = 0; i < CHILDREN; i++)
		pids[i] = start_delivery(made.path, i, &go[i]);
	for (i = 0; i < CHILDREN; i++)
		release(go[i]);
	for (i = 0; i < CHILDREN; i++)
		cr_expect_eq(wait_for(pids[i]), 0, "child %d", i);
	cr_expect_eq(store_kit_sql(&made,
			 "SELECT count(*) FROM report WHERE counted = 1"),
	    CHILDREN);
	cr_expect_eq(store_kit_sql(&made, "SELECT count(*) FROM source"), 1);
}

Test(store_open, a_second_writer_waits_and_a_reader_sees_what_was_committed)
{
	struct report *r = store_kit_report(&kit, "a", "b", "c");
	struct store *reader, *own;
	pid_t pid;
	int go;

	store_close(kit.s);
	kit.s = NULL;
	pid = start_delivery(kit.path, 7, &go);
	store_kit_reopen(&kit, STORE_WRITE);
	own = kit.s;
	cr_assert_eq(store_open(&reader, kit.path, STORE_READ, &kit.err), 0);
	cr_assert_eq(store_kit_begin(&kit, r), 0);
	release(go);
	usleep(300000);
	kit.s = reader;
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 0);
	cr_expect_eq(waitpid(pid, NULL, WNOHANG), 0, "it did not wait");
	cr_assert_eq(store_commit(own, &kit.err), 0);
	cr_expect_geq(store_kit_rows(&kit, NULL).policies, 1);
	cr_expect_eq(wait_for(pid), 0);
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 2);
	store_close(reader);
	kit.s = own;
}

Test(store_open, a_snapshot_stays_as_it_was)
{
	struct store *reader, *own = kit.s;

	store_kit_add(&kit, store_kit_report(&kit, "a", "b", "c"));
	cr_assert_eq(store_open(&reader, kit.path, STORE_READ, &kit.err), 0);
	cr_assert_eq(store_snapshot(reader, &kit.err), 0);
	kit.s = reader;
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 1);
	kit.s = own;
	store_kit_add(&kit, store_kit_report(&kit, "a", "b2", "c"));
	kit.s = reader;
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 1);
	store_rollback(reader);
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 2);
	store_close(reader);
	kit.s = own;
}

Test(store_open, five_hundred_deliveries_leave_a_small_wal)
{
	char id[32], wal[1100];
	int i;

	snprintf(wal, sizeof(wal), "%s-wal", kit.path);
	for (i = 0; i < 500; i++) {
		snprintf(id, sizeof(id), "id-%d", i);
		store_kit_add(&kit,
		    store_kit_report(
			&kit, "a", arena_strdup(kit.arena, id), "c"));
		store_kit_reopen(&kit, STORE_CREATE);
		cr_assert_leq(size_of(wal), 1048576, "after %d", i);
	}
	cr_expect_eq(size_of(wal), 0);
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 500);
}

Test(store_open, a_full_disk_is_temporary_and_leaves_no_transaction)
{
	struct report *r = store_kit_report(&kit, "a", "b", "c");
	char *large = support_repeat('x', (size_t)4 << 20);

	r->original.data = (unsigned char *)large;
	r->original.len = (size_t)4 << 20;
	/* A cap on pages is as good as a full disk. */
	sqlite3_exec(kit.s->db, "PRAGMA max_page_count = 60", NULL, NULL, NULL);
	cr_expect_eq(store_kit_begin(&kit, r), -1);
	cr_expect_eq(kit.err.code, ERR_TEMPORARY, "%s", kit.err.text);
	store_rollback(kit.s);
	cr_expect_neq(sqlite3_get_autocommit(kit.s->db), 0);
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 0);
	r->original.len = 1;
	cr_expect_eq(store_kit_add(&kit, r), OUTCOME_REPORT);
	free(large);
}

Test(store_open, a_lock_that_is_not_given_up_is_temporary)
{
	struct store *other;

	cr_assert_eq(store_open(&other, kit.path, STORE_WRITE, &kit.err), 0);
	sqlite3_busy_timeout(other->db, 10);
	cr_assert_eq(store_begin(kit.s, &kit.err), 0);
	cr_expect_eq(store_begin(other, &kit.err), -1);
	cr_expect_eq(kit.err.code, ERR_TEMPORARY);
	cr_expect_not_null(strstr(kit.err.text, "the store is locked"));
	cr_expect_not_null(strstr(kit.err.text, kit.path));
	store_rollback(other);
	cr_assert_eq(store_commit(kit.s, &kit.err), 0);
	cr_expect_eq(store_begin(other, &kit.err), 0);
	store_rollback(other);
	store_close(other);
}

Test(store_open, closing_nothing_is_safe)
{
	store_close(NULL);
}
