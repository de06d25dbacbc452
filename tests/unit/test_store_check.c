/* SPDX-License-Identifier: ISC */

/*
 * The check of a store: each kind of damage, made with SQL, is found and
 * named, and a sound store has none.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "store/private.h"
#include "store/upkeep.h"
#include "store_kit.h"
#include "support.h"

static void
setup(void)
{
	struct report *r;

	store_kit_setup();
	r = store_kit_report(&kit, "a", "1", "c.example");
	r->policies[0].failed = 5;
	store_kit_fail(&kit, &r->policies[0], RESULT_CERTIFICATE_EXPIRED, 3);
	store_kit_add(&kit, r);
	store_kit_add(&kit, store_kit_other(&kit, r));
	store_kit_add(&kit, store_kit_report(&kit, "b", "2", "d.example"));
	store_kit_reject(&kit, "bad", FAULT_UNUSABLE, "no date", KIT_NOW);
}

TestSuite(store_check, .init = setup, .fini = store_kit_teardown);

struct faults {
	int n;
	int stop_at;
	char first[256];
};

static int
note_fault(void *arg, const char *fault)
{
	struct faults *f = arg;

	if (f->n++ == 0)
		snprintf(f->first, sizeof(f->first), "%s", fault);
	return f->n == f->stop_at;
}

static struct faults
check(void)
{
	struct faults f = {0};

	cr_assert_eq(store_check(kit.s, note_fault, &f, &kit.err), 0, "%s",
	    kit.err.text);
	return f;
}

Test(store_check, a_sound_store_has_no_faults)
{
	cr_expect_eq(check().n, 0, "%s", check().first);
}

Test(store_check, an_empty_store_is_sound)
{
	struct pruned pruned;

	cr_assert_eq(store_prune(kit.s, 30000, &pruned, &kit.err), 0);
	cr_expect_eq(check().n, 0, "%s", check().first);
}

static const struct {
	char sql[160];
	char fault[80];
} damages[] = {
    {"DELETE FROM ledger", "is not in the ledger"},
    {"UPDATE ledger SET page = page + 1048576", "otherwise in the ledger"},
    {"INSERT INTO ledger SELECT page + 1, packed FROM ledger",
	"in the ledger twice"},
    {"UPDATE ledger SET packed = x'ff'", "of the ledger is damaged"},
    {"UPDATE report SET authenticity = 1 WHERE id = 3",
	"report 3 is otherwise in the ledger"},
    {"UPDATE report SET figures = x'01' WHERE id = 3",
	"report 3 is otherwise in the ledger"},
    {"UPDATE report SET figures = x'010000', counted = 0 WHERE id = 3",
	"report 3 is not counted, and no other"},
    {"DELETE FROM report WHERE id = 3",
	"report 3 is in the ledger and not there"},
    {"DELETE FROM stream", "names a stream that is not there"},
    {"UPDATE stream SET packed = x'0102' WHERE id = 1", "stream 1 is damaged"},
    {"UPDATE stream SET packed = CAST(packed || x'00' AS BLOB)",
	"stream 1 is damaged"},
    {"UPDATE report SET npolicies = 2 WHERE id = 3",
	"report 3 has 2 policies, its figures 1"},
    {"UPDATE report SET reporter = 1 WHERE id = 3",
	"report 3 and its figures differ in the reporter"},
    {"DELETE FROM name WHERE text = 'd.example'",
	"names a text that is not there"},
    {"DELETE FROM name WHERE text = 'tls@example.net'",
	"names a text that is not there"},
    {"UPDATE report SET details = x'00' WHERE id = 1",
	"details of report 1 are damaged"},
    {"UPDATE report SET details = x'414141' WHERE id = 1",
	"details of report 1 are damaged"},
    {"UPDATE report SET identity = x'00' WHERE id = 3",
	"report 3 has a field that cannot be"},
    {"UPDATE report SET authenticity = 9 WHERE id = 3", "report 3"},
    {"UPDATE report SET start = 0 WHERE id = 3",
	"report 3 has a field that cannot be"},
    {"DELETE FROM report WHERE id = 1", "report 2 is not counted"},
    {"UPDATE report SET counted = 0 WHERE id = 1", "report 1"},
    {"UPDATE report SET source = 77 WHERE id = 3",
	"report 3 is of a source that is not there"},
    {"UPDATE reject SET source = 77", "reject 1 is of a source"},
    {"DELETE FROM seen WHERE key = 'bad'", "reject 1 is of a message"},
    {"UPDATE seen SET outcome = 9", "source 1"},
    {"DROP INDEX report_counted",
	"the index report_counted is missing or otherwise"},
    {"CREATE TRIGGER t AFTER INSERT ON report BEGIN DELETE FROM report; END",
	"the trigger t is not of this program"},
    {"ALTER TABLE meta RENAME COLUMN value TO worth",
	"the table meta is missing or otherwise"},
    {"INSERT INTO meta VALUES('floor_day', 'x')", "meta 1 has a value"},
    {"INSERT INTO meta VALUES('floor_day', 99999999)", "meta 1 has a value"},
    {"UPDATE meta SET value = x'00' WHERE key = 'key'", "meta 1 has a value"},
    {"UPDATE meta SET value = 7 WHERE key = 'key'", "meta 1 has a value"},
    {"INSERT INTO meta VALUES('x', zeroblob(16))", "meta 1 has a value"},
    {"INSERT INTO digest_state VALUES('x', 1000000, 1)",
	"report 1000000 was told of"},
    {"UPDATE reject SET kind = 99", "reject 1 is of no kind"},
    {"UPDATE stream SET packed = x'010101630001' WHERE id = 1",
	"stream 1 is damaged"},
    {"UPDATE report SET figures = CAST(substr(figures, 1, length(figures)"
     " - 1) || x'06' AS BLOB) WHERE id = 1",
	"report 1"},
};

Test(store_check, every_kind_of_damage_is_named)
{
	struct faults f;
	size_t i;

	for (i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		cr_assert_eq(sql_exec(kit.s, "SAVEPOINT one", &kit.err), 0);
		cr_assert_eq(sql_exec(kit.s, damages[i].sql, &kit.err), 0,
		    "%s: %s", damages[i].sql, kit.err.text);
		f = check();
		cr_expect_gt(f.n, 0, "%s", damages[i].sql);
		cr_expect_not_null(strstr(f.first, damages[i].fault), "%s: %s",
		    damages[i].sql, f.first);
		cr_assert_eq(
		    sql_exec(kit.s, "ROLLBACK TO one; RELEASE one", &kit.err),
		    0);
	}
	cr_expect_eq(check().n, 0);
}

Test(store_check, a_wrong_index_is_found_by_the_library)
{
	struct faults f;

	cr_assert_eq(sql_exec(kit.s,
			 "PRAGMA writable_schema = 1;"
			 "UPDATE sqlite_schema SET sql = 'CREATE UNIQUE INDEX"
			 " report_json ON report(day, identity)'"
			 " WHERE name = 'report_json';",
			 &kit.err),
	    0);
	store_kit_reopen(&kit, STORE_WRITE);
	f = check();
	cr_expect_gt(f.n, 0);
	cr_expect_not_null(strstr(f.first, "report_json"), "%s", f.first);
}

Test(store_check, whoever_has_heard_enough_may_stop_it)
{
	struct faults f = {.stop_at = 2};

	cr_assert_eq(sql_exec(kit.s, "DELETE FROM ledger", &kit.err), 0);
	cr_expect_eq(store_check(kit.s, note_fault, &f, &kit.err), 0);
	cr_expect_eq(f.n, 2);
}
