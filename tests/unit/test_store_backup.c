/* SPDX-License-Identifier: ISC */

/*
 * Copies of the store: of one moment, whole, and never in the place of
 * something else; and the copy that is kept before a migration.
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "store/private.h"
#include "store/upkeep.h"
#include "store_kit.h"
#include "support.h"

TestSuite(store_backup, .init = store_kit_setup, .fini = store_kit_teardown);

/* A path in the scratch folder, in the kit's arena. */
static const char *
in_dir(const char *name)
{
	return arena_printf(kit.arena, "%s/%s", kit.dir, name);
}

static size_t
count_files(const char *pattern)
{
	glob_t found;
	size_t n;

	glob(in_dir(pattern), 0, NULL, &found);
	n = found.gl_pathc;
	globfree(&found);
	return n;
}

static void
add(const char *id)
{
	store_kit_add(&kit, store_kit_report(&kit, "a", id, "c"));
}

static int64_t
ask(const char *path, const char *sql)
{
	struct store_kit other = {0};

	snprintf(other.path, sizeof(other.path), "%s", path);
	return store_kit_sql(&other, sql);
}

Test(store_backup, a_copy_is_one_private_file_that_needs_no_other)
{
	const char *copy = in_dir("copy.db");
	struct stat st;

	add("1");
	umask(0);
	cr_assert_eq(
	    store_backup(kit.s, copy, &kit.err), 0, "%s", kit.err.text);
	cr_assert_eq(stat(copy, &st), 0);
	cr_expect_eq(st.st_mode & 07777, 0600);
	cr_expect_eq(count_files("copy.db*"), 1);
	cr_expect_eq(chmod(copy, 0400), 0);
	cr_expect_eq(ask(copy, "SELECT count(*) FROM report"), 1);
	cr_expect_eq(ask(copy, "PRAGMA application_id"), STORE_APPLICATION_ID);
	cr_expect_eq(ask(copy, "PRAGMA user_version"), STORE_VERSION);
	cr_expect_eq(count_files("copy.db*"), 1, "not even to be read");
}

Test(store_backup, a_copy_in_the_place_of_the_store_is_the_store)
{
	const char *copy = in_dir("copy.db");

	add("1");
	cr_assert_eq(store_backup(kit.s, copy, &kit.err), 0);
	add("2");
	store_close(kit.s);
	kit.s = NULL;
	unlink(in_dir("tlstally.db-wal"));
	unlink(in_dir("tlstally.db-shm"));
	cr_assert_eq(rename(copy, kit.path), 0);
	store_kit_reopen(&kit, STORE_WRITE);
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 1);
	add("3");
	cr_expect_str_eq(store_kit_read(&kit, 2).report->id, "3");
	cr_expect_eq(ask(kit.path, "PRAGMA integrity_check") != -1, 1);
}

Test(store_backup, others_may_write_and_the_copy_is_of_one_moment)
{
	struct store *reader, *own = kit.s;
	const char *copy = in_dir("copy.db");

	add("1");
	cr_assert_eq(store_open(&reader, kit.path, STORE_READ, &kit.err), 0);
	/* A writer in the middle of its work is neither waited for nor seen. */
	cr_assert_eq(store_begin(kit.s, &kit.err), 0);
	sqlite3_busy_timeout(reader->db, 10);
	cr_expect_eq(
	    store_backup(reader, copy, &kit.err), 0, "%s", kit.err.text);
	store_rollback(own);
	cr_expect_eq(ask(copy, "SELECT count(*) FROM report"), 1);
	store_close(reader);
}

Test(store_backup, nothing_is_ever_overwritten)
{
	static const char *const names[] = {"file", "link", "dir"};
	char text[8] = "";
	FILE *f;
	size_t i;

	f = fopen(in_dir("file"), "w");
	fputs("mine", f);
	fclose(f);
	cr_assert_eq(symlink("nowhere", in_dir("link")), 0);
	cr_assert_eq(mkdir(in_dir("dir"), 0700), 0);
	for (i = 0; i < 3; i++) {
		cr_expect_eq(
		    store_backup(kit.s, in_dir(names[i]), &kit.err), -1);
		cr_expect_eq(kit.err.code, ERR_IO);
		cr_expect_not_null(strstr(kit.err.text, names[i]));
	}
	/* Not the store itself either. */
	cr_expect_eq(store_backup(kit.s, kit.path, &kit.err), -1);
	f = fopen(in_dir("file"), "r");
	cr_expect_not_null(fgets(text, sizeof(text), f));
	fclose(f);
	cr_expect_str_eq(text, "mine");
	cr_expect_eq(count_files("*.[0-9A-Za-z][0-9A-Za-z][0-9A-Za-z]"
				 "[0-9A-Za-z][0-9A-Za-z][0-9A-Za-z]"),
	    0, "nothing is left behind");
}

Test(store_backup, a_copy_that_fails_leaves_nothing)
{
	static const char garbage[64] = "no page of a database";
	int64_t root;
	int fd;

	cr_expect_eq(store_backup(kit.s, in_dir("none/copy.db"), &kit.err), -1);
	cr_expect_eq(kit.err.code, ERR_IO);
	add("1");
	/* Damage is not copied. */
	root = ask(kit.path,
	    "SELECT rootpage FROM sqlite_schema WHERE name = 'ledger'");
	store_close(kit.s);
	kit.s = NULL;
	fd = open(kit.path, O_WRONLY);
	cr_assert_eq(pwrite(fd, garbage, sizeof(garbage), (root - 1) * 8192),
	    (ssize_t)sizeof(garbage));
	close(fd);
	store_kit_reopen(&kit, STORE_READ);
	cr_expect_eq(store_backup(kit.s, in_dir("copy.db"), &kit.err), -1);
	cr_expect_eq(kit.err.code, ERR_STORE, "%s", kit.err.text);
	cr_expect_eq(count_files("copy.db*"), 0);
}

/* A directory that may be written and not read cannot be synced. */
Test(store_backup, a_copy_whose_name_is_not_on_the_disk_is_taken_back)
{
	const char *dir = in_dir("blind");

	cr_assert_eq(mkdir(dir, 0300), 0);
	add("1");
	if (geteuid() == 0) {
		cr_assert_eq(chmod(kit.dir, 0755), 0);
		cr_assert_eq(chown(dir, 65534, 65534), 0);
		cr_assert_eq(seteuid(65534), 0);
	}
	cr_expect_eq(
	    store_backup(kit.s, in_dir("blind/copy.db"), &kit.err), -1);
	if (getuid() == 0)
		cr_assert_eq(seteuid(0), 0);
	cr_expect_eq(kit.err.code, ERR_REFUSED, "%s", kit.err.text);
	cr_assert_eq(chmod(dir, 0700), 0);
	cr_expect_eq(count_files("blind/*"), 0);
}

Test(store_backup, names_that_sqlite_takes_for_something_else_are_files)
{
	static const char *const names[] = {
	    ":memory:", "file:x?mode=memory", "a b%20c?d", "-x"};
	size_t i;

	cr_assert_eq(chdir(kit.dir), 0);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		cr_expect_eq(store_backup(kit.s, names[i], &kit.err), 0, "%s",
		    kit.err.text);
		cr_expect_eq(access(in_dir(names[i]), F_OK), 0, "%s", names[i]);
	}
}

/*
 * Before a migration, with schemas of our own.
 */

static const char *const steps[] = {
    "CREATE TABLE one(x INTEGER) STRICT; INSERT INTO one VALUES(1)",
    "UPDATE one SET x = x + 10",
    "INSERT INTO nowhere VALUES(1)",
};

static int
open_steps(int n, enum store_mode mode)
{
	const struct schema schema = {steps, n, false};
	struct store *s;
	int rc;

	rc = store_open_schema(&s, in_dir("m.db"), mode, &schema, &kit.err);
	store_close(s);
	return rc;
}

Test(store_backup, an_older_store_is_kept_before_it_is_migrated)
{
	struct stat st;

	cr_assert_eq(open_steps(1, STORE_CREATE), 0);
	cr_expect_eq(count_files("m.db.v*"), 0, "a new store has no past");
	cr_assert_eq(open_steps(2, STORE_WRITE), 0, "%s", kit.err.text);
	cr_expect_eq(ask(in_dir("m.db"), "SELECT x FROM one"), 11);
	cr_expect_eq(ask(in_dir("m.db.v1"), "SELECT x FROM one"), 1);
	cr_expect_eq(ask(in_dir("m.db.v1"), "PRAGMA user_version"), 1);
	cr_assert_eq(stat(in_dir("m.db.v1"), &st), 0);
	cr_expect_eq(st.st_mode & 07777, 0600);
	/* Once only. */
	cr_assert_eq(open_steps(2, STORE_WRITE), 0);
	cr_expect_eq(count_files("m.db.v*"), 1);
}

Test(store_backup, an_earlier_copy_is_not_overwritten)
{
	FILE *f = fopen(in_dir("m.db.v1"), "w");

	fclose(f);
	cr_assert_eq(open_steps(1, STORE_CREATE), 0);
	cr_assert_eq(open_steps(2, STORE_WRITE), 0);
	cr_expect_eq(ask(in_dir("m.db.v1.2"), "SELECT x FROM one"), 1);
	cr_expect_eq(count_files("m.db.v*"), 2);
}

Test(store_backup, a_migration_that_fails_takes_its_copy_with_it)
{
	cr_assert_eq(open_steps(1, STORE_CREATE), 0);
	cr_expect_eq(open_steps(3, STORE_WRITE), -1);
	cr_expect_eq(count_files("m.db.v*"), 0);
	cr_expect_eq(ask(in_dir("m.db"), "SELECT x FROM one"), 1);
}

Test(store_backup, without_a_copy_there_is_no_migration)
{
	char name[32];
	int i;

	cr_assert_eq(open_steps(1, STORE_CREATE), 0);
	cr_assert_eq(mkdir(in_dir("m.db.v1"), 0700), 0);
	for (i = 2; i <= 100; i++) {
		snprintf(name, sizeof(name), "m.db.v1.%d", i);
		cr_assert_eq(mkdir(in_dir(name), 0700), 0);
	}
	cr_expect_eq(open_steps(2, STORE_WRITE), -1);
	cr_expect_not_null(strstr(kit.err.text, "copy"), "%s", kit.err.text);
	cr_expect_eq(ask(in_dir("m.db"), "SELECT x FROM one"), 1);
	cr_expect_eq(ask(in_dir("m.db"), "PRAGMA user_version"), 1);
}
