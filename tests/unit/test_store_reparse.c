/* SPDX-License-Identifier: ISC */

/*
 * Stored reports that a better decoder reads otherwise.
 */

#include "config.h"

#include <criterion/criterion.h>

#include "base/date.h"
#include "store/private.h"
#include "store/upkeep.h"
#include "store_kit.h"
#include "support.h"

TestSuite(store_reparse, .init = store_kit_setup, .fini = store_kit_teardown);

static enum replaced
replace(int64_t number, const struct report *fresh)
{
	enum replaced what = 0;

	cr_assert_eq(store_begin(kit.s, &kit.err), 0);
	cr_assert_eq(store_replace(kit.s, number, fresh, &what, &kit.err), 0,
	    "%s", kit.err.text);
	cr_assert_eq(store_commit(kit.s, &kit.err), 0);
	return what;
}

/* Another reading of the report's JSON, to be changed. */
static struct report *
reading(const struct report *r)
{
	struct report *copy = arena_calloc(kit.arena, 1, sizeof(*copy));

	*copy = *r;
	copy->policies =
	    arena_calloc(kit.arena, r->npolicies, sizeof(*copy->policies));
	for (size_t i = 0; i < r->npolicies; i++)
		copy->policies[i] = r->policies[i];
	return copy;
}

static void
move(struct report *r, int32_t day)
{
	r->day = day;
	r->start = (int64_t)day * DAY_SECONDS;
	r->end = r->start + DAY_SECONDS - 1;
}

static int
no_fault(void *arg, const char *fault)
{
	(void)arg;
	cr_expect(false, "%s", fault);
	return 0;
}

static void
expect_sound(void)
{
	cr_expect_eq(store_check(kit.s, no_fault, NULL, &kit.err), 0);
}

static bool
counts(int64_t number)
{
	return !store_kit_read(&kit, number).conflict;
}

Test(store_reparse, reports_are_found_one_after_the_other)
{
	int64_t n = 0;

	cr_expect_eq(store_next_report(kit.s, 0, &n, &kit.err), 0);
	store_kit_add(&kit, store_kit_report(&kit, "a", "1", "c"));
	store_kit_add(&kit, store_kit_report(&kit, "a", "2", "c"));
	cr_expect_eq(store_next_report(kit.s, 0, &n, &kit.err), 1);
	cr_expect_eq(n, 1);
	cr_expect_eq(store_next_report(kit.s, 1, &n, &kit.err), 1);
	cr_expect_eq(n, 2);
	cr_expect_eq(store_next_report(kit.s, 2, &n, &kit.err), 0);
}

Test(store_reparse, everything_but_what_the_mail_told_is_replaced)
{
	struct report *r = store_kit_report(&kit, "a", "1", "c.example");
	struct report *fresh = reading(r);
	struct stored_report before, after;

	store_kit_add(&kit, r);
	before = store_kit_read(&kit, 1);
	fresh->organization = "Other";
	fresh->policies[0].successful = 7;
	fresh->policies[0].failed = 5;
	store_kit_fail(&kit, &fresh->policies[0], RESULT_CERTIFICATE_EXPIRED, 3)
	    ->receiving_helo = "helo";
	cr_expect_eq(replace(1, fresh), REPLACED);
	after = store_kit_read(&kit, 1);
	cr_expect_str_eq(after.report->organization, "Other");
	cr_expect_eq(after.report->policies[0].successful, 7);
	cr_expect_str_eq(
	    after.report->policies[0].failures[0].receiving_helo, "helo");
	cr_expect_eq(after.stored, before.stored);
	cr_expect_str_eq(after.source, before.source);
	cr_expect_str_eq(after.locator, before.locator);
	cr_expect_eq(after.report->original.len, before.report->original.len);
	cr_expect_not(after.conflict);
	cr_expect_eq(store_kit_rows(&kit, NULL).successful, 7);
	cr_expect_eq(store_kit_rows(&kit, NULL).sessions, 5);
	expect_sound();
	/* A second time changes nothing. */
	cr_expect_eq(replace(1, fresh), REPLACED);
	cr_expect_eq(store_kit_rows(&kit, NULL).successful, 7);
	/* The next report gets the next number. */
	store_kit_add(&kit, store_kit_report(&kit, "a", "2", "c"));
	cr_expect_str_eq(store_kit_read(&kit, 2).report->id, "2");
}

Test(store_reparse, a_report_that_is_gone_is_said_so)
{
	cr_expect_eq(
	    replace(7, store_kit_report(&kit, "a", "1", "c")), REPLACED_GONE);
	cr_expect_eq(store_kit_sql(&kit, "SELECT count(*) FROM report"), 0);
}

Test(store_reparse, a_report_may_move_to_another_day)
{
	struct report *r = store_kit_report(&kit, "a", "1", "c");
	struct report *fresh = reading(r);
	struct filter f = store_kit_all();

	store_kit_add(&kit, r);
	move(fresh, KIT_DAY - 3);
	cr_expect_eq(replace(1, fresh), REPLACED);
	f.first_day = f.last_day = KIT_DAY;
	cr_expect_eq(store_kit_rows(&kit, &f).policies, 0);
	f.first_day = f.last_day = KIT_DAY - 3;
	cr_expect_eq(store_kit_rows(&kit, &f).policies, 1);
	expect_sound();
	/* It is known there. */
	cr_expect_eq(store_kit_add(&kit, fresh), OUTCOME_DUPLICATE);
}

Test(store_reparse, two_reports_that_become_one_are_in_conflict)
{
	struct report *a = store_kit_report(&kit, "a", "1", "c");
	struct report *b = store_kit_report(&kit, "a", "2", "c");
	struct report *fresh = reading(b);

	store_kit_add(&kit, a);
	store_kit_add(&kit, b);
	fresh->id = "1";
	cr_expect_eq(replace(2, fresh), REPLACED);
	cr_expect(counts(1));
	cr_expect_not(counts(2));
	cr_expect_eq(store_kit_read(&kit, 2).rival, 1);
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 1);
	expect_sound();
}

Test(store_reparse, of_two_the_first_counts_whichever_is_read_again)
{
	struct report *a = store_kit_report(&kit, "a", "1", "c");
	struct report *b = store_kit_report(&kit, "a", "2", "c");
	struct report *fresh = reading(a);

	store_kit_add(&kit, a);
	store_kit_add(&kit, b);
	fresh->id = "2";
	cr_expect_eq(replace(1, fresh), REPLACED);
	cr_expect(counts(1));
	cr_expect_not(counts(2));
	expect_sound();
}

Test(store_reparse, a_verified_report_counts_before_the_first)
{
	struct report *a = store_kit_report(&kit, "a", "1", "c");
	struct report *b = store_kit_report(&kit, "a", "2", "c");
	struct report *fresh = reading(b);

	b->authenticity = AUTH_VERIFIED;
	store_kit_add(&kit, a);
	store_kit_add(&kit, b);
	fresh->id = "1";
	cr_expect_eq(replace(2, fresh), REPLACED);
	cr_expect_not(counts(1));
	cr_expect(counts(2));
	cr_expect_eq(
	    store_kit_read(&kit, 2).report->authenticity, AUTH_VERIFIED);
	expect_sound();
}

Test(store_reparse, a_conflict_that_is_resolved_counts_again)
{
	struct report *a = store_kit_report(&kit, "a", "1", "c");
	struct report *b = store_kit_other(&kit, a);
	struct report *fresh = reading(b);

	store_kit_add(&kit, a);
	cr_assert_eq(store_kit_add(&kit, b), OUTCOME_CONFLICT);
	fresh->id = "2";
	cr_expect_eq(replace(2, fresh), REPLACED);
	cr_expect(counts(1));
	cr_expect(counts(2));
	expect_sound();
}

Test(store_reparse, whoever_a_report_kept_from_counting_takes_its_place)
{
	struct report *a = store_kit_report(&kit, "a", "1", "c");
	struct report *fresh = reading(a);
	int i;

	store_kit_add(&kit, a);
	for (i = 0; i < 3; i++)
		store_kit_add(&kit, store_kit_other(&kit, a));
	move(fresh, KIT_DAY + 1);
	cr_expect_eq(replace(1, fresh), REPLACED);
	cr_expect(counts(1));
	cr_expect(counts(2));
	cr_expect_not(counts(3));
	cr_expect_not(counts(4));
	expect_sound();
}

Test(store_reparse, a_conflict_that_stays_one_is_none_the_less_read_again)
{
	struct report *a = store_kit_report(&kit, "a", "1", "c");
	struct report *b = store_kit_other(&kit, a);
	struct report *fresh = reading(b);

	store_kit_add(&kit, a);
	store_kit_add(&kit, b);
	fresh->organization = "Other";
	cr_expect_eq(replace(2, fresh), REPLACED);
	cr_expect_not(counts(2));
	cr_expect_str_eq(store_kit_read(&kit, 2).report->organization, "Other");
	fresh = reading(a);
	fresh->organization = "Third";
	cr_expect_eq(replace(1, fresh), REPLACED);
	cr_expect(counts(1));
	cr_expect_not(counts(2));
	expect_sound();
}

Test(store_reparse, the_same_json_on_the_new_day_makes_one_of_two)
{
	struct report *a = store_kit_report(&kit, "a", "1", "c");
	struct report *moved = reading(a);

	/* An older decoder took it for another day; it came again since. */
	store_kit_add(&kit, a);
	move(moved, KIT_DAY + 1);
	cr_assert_eq(store_kit_add(&kit, moved), OUTCOME_REPORT);
	cr_expect_eq(replace(1, moved), REPLACED_TWICE);
	cr_expect_eq(store_kit_sql(&kit, "SELECT count(*) FROM report"), 1);
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 1);
	expect_sound();
}

Test(store_reparse, a_dropped_report_with_the_last_number_keeps_it)
{
	struct report *a = store_kit_report(&kit, "a", "1", "c");
	struct report *moved = reading(a);

	move(moved, KIT_DAY + 1);
	store_kit_add(&kit, moved);
	store_kit_add(&kit, a);
	cr_expect_eq(replace(2, moved), REPLACED_TWICE);
	store_kit_reopen(&kit, STORE_WRITE);
	store_kit_add(&kit, store_kit_report(&kit, "a", "3", "c"));
	cr_expect_str_eq(store_kit_read(&kit, 3).report->id, "3");
}

Test(store_reparse, what_moves_before_the_floor_is_dropped)
{
	struct report *a = store_kit_report(&kit, "a", "1", "c");
	struct report *fresh = reading(a);
	struct pruned pruned;

	cr_assert_eq(store_prune(kit.s, KIT_DAY, &pruned, &kit.err), 0);
	store_kit_add(&kit, a);
	store_kit_add(&kit, store_kit_other(&kit, a));
	move(fresh, KIT_DAY - 1);
	cr_expect_eq(replace(1, fresh), REPLACED_EXPIRED);
	cr_expect(counts(2), "its conflict is resolved");
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 1);
	expect_sound();
}

Test(store_reparse, a_verification_speaks_for_its_reporter)
{
	struct report *a = store_kit_report(&kit, "a", "1", "c");
	struct report *fresh;

	a->authenticity = AUTH_VERIFIED;
	store_kit_add(&kit, a);
	fresh = reading(a);
	fresh->organization = "Other";
	fresh->authenticity = AUTH_UNCHECKED;
	replace(1, fresh);
	cr_expect_eq(
	    store_kit_read(&kit, 1).report->authenticity, AUTH_VERIFIED);
	fresh->reporter = "b";
	replace(1, fresh);
	cr_expect_eq(
	    store_kit_read(&kit, 1).report->authenticity, AUTH_UNCHECKED);
	a = store_kit_report(&kit, "x", "1", "c");
	a->authenticity = AUTH_FAILED;
	store_kit_add(&kit, a);
	fresh = reading(a);
	fresh->reporter = "b2";
	replace(2, fresh);
	cr_expect_eq(store_kit_read(&kit, 2).report->authenticity, AUTH_FAILED);
	expect_sound();
}

Test(store_reparse, what_is_not_committed_did_not_happen)
{
	struct report *a = store_kit_report(&kit, "a", "1", "c");
	struct report *fresh = reading(a);
	enum replaced what;

	store_kit_add(&kit, a);
	fresh->policies[0].successful = 1;
	cr_assert_eq(store_begin(kit.s, &kit.err), 0);
	cr_assert_eq(store_replace(kit.s, 1, fresh, &what, &kit.err), 0);
	store_rollback(kit.s);
	cr_expect_eq(store_kit_rows(&kit, NULL).successful, 100);
	expect_sound();
}
