/* SPDX-License-Identifier: ISC */

/*
 * The ledger: it holds what the counted reports hold, whatever comes, goes
 * or is rolled back.
 */

#include "config.h"

#include <stdio.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "store/ledger.h"
#include "store_kit.h"
#include "support.h"

TestSuite(ledger, .init = store_kit_setup, .fini = store_kit_teardown);

static struct report *
report_of(int i, int32_t day)
{
	struct report *r;
	char id[32];

	snprintf(id, sizeof(id), "id-%d", i);
	r = store_kit_report(
	    &kit, "example.net", arena_strdup(kit.arena, id), "example.com");
	r->day = day;
	return r;
}

/* Adds n reports in one transaction, of so many days in turn. */
static void
add_many(int n, int32_t day, int ndays)
{
	struct decoded d = {.arena = kit.arena};
	struct receipt receipt = {1, "", "x", KIT_NOW};
	enum outcome outcome;
	struct report *r;
	int i;

	cr_assert_eq(store_begin(kit.s, &kit.err), 0);
	for (i = 0; i < n; i++) {
		r = report_of(++kit.messages, day + i % ndays);
		d.reports = &r;
		d.nreports = 1;
		receipt.key = r->id;
		cr_assert_eq(store_add(kit.s, &receipt, &d, &outcome,
				 &kit.tally, &kit.err),
		    0);
		cr_assert_eq(outcome, OUTCOME_REPORT);
	}
	cr_assert_eq(store_commit(kit.s, &kit.err), 0);
}

static int64_t
pages(void)
{
	return store_kit_sql(&kit, "SELECT count(*) FROM ledger");
}

static size_t
rows_of(int32_t day)
{
	const struct filter f = {.first_day = day, .last_day = day};

	return store_kit_rows(&kit, &f).policies;
}

Test(ledger, a_page_knows_its_day)
{
	static const int32_t days[] = {
	    INT32_MIN, DAY_MIN, -1, 0, 1, KIT_DAY, DAY_MAX, INT32_MAX};
	size_t i;

	for (i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		cr_expect_eq(ledger_day(ledger_first_page(days[i])), days[i]);
		cr_expect_eq(ledger_day(ledger_last_page(days[i])), days[i]);
		cr_expect_eq(ledger_day(ledger_last_page(days[i]) + 1),
		    (int32_t)((uint32_t)days[i] + 1));
	}
}

Test(ledger, single_reports_share_a_page)
{
	int i;

	for (i = 0; i < 50; i++)
		store_kit_add(&kit, report_of(i, KIT_DAY));
	cr_expect_eq(pages(), 1);
	cr_expect_eq(rows_of(KIT_DAY), 50);
	cr_expect_leq(
	    store_kit_sql(&kit, "SELECT max(length(packed)) FROM ledger"),
	    LEDGER_PAGE_BYTES);
}

Test(ledger, a_full_page_is_followed_by_another)
{
	add_many(1000, KIT_DAY, 1);
	add_many(1, KIT_DAY + 1, 1);
	add_many(999, KIT_DAY, 1);
	cr_expect_gt(pages(), 3);
	cr_expect_leq(
	    store_kit_sql(&kit, "SELECT max(length(packed)) FROM ledger"),
	    LEDGER_PAGE_BYTES);
	cr_expect_eq(rows_of(KIT_DAY), 1999);
	cr_expect_eq(rows_of(KIT_DAY + 1), 1);
}

/* Removes a report's entry, in a transaction of its own. */
static int
remove_entry(int64_t number)
{
	int rc;

	cr_assert_eq(store_begin(kit.s, &kit.err), 0);
	rc = ledger_remove(kit.s, KIT_DAY, number, &kit.err);
	if (rc == 0)
		cr_assert_eq(store_commit(kit.s, &kit.err), 0);
	else
		store_rollback(kit.s);
	return rc;
}

/* What is taken off again came lately; a busy day has hundreds of pages. */
Test(ledger, a_late_report_is_looked_for_on_the_last_pages_first)
{
	add_many(1000, KIT_DAY, 1);
	cr_assert_gt(pages(), 1);
	store_kit_sql(&kit,
	    "UPDATE ledger SET packed = x'ff'"
	    " WHERE page = (SELECT min(page) FROM ledger)");
	cr_expect_eq(remove_entry(1000), 0, "%s", kit.err.text);
	cr_expect_eq(remove_entry(1), -1, "that page is damaged");
}

Test(ledger, any_report_of_a_day_is_found)
{
	add_many(1000, KIT_DAY, 1);
	cr_expect_eq(remove_entry(1), 0);
	cr_expect_eq(remove_entry(500), 0);
	cr_expect_eq(remove_entry(1000), 0);
	cr_expect_eq(remove_entry(1001), 0, "it is not there already");
	cr_expect_eq(rows_of(KIT_DAY), 997);
}

/* More days than pages are kept in memory. */
Test(ledger, a_transaction_may_be_of_many_days)
{
	add_many(600, KIT_DAY, 200);
	cr_expect_eq(pages(), 200);
	cr_expect_eq(rows_of(KIT_DAY + 199), 3);
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 600);
}

Test(ledger, a_report_larger_than_a_page_has_one_for_itself)
{
	struct report *r = report_of(0, KIT_DAY);

	store_kit_policies(&kit, r, 5000);
	store_kit_add(&kit, report_of(1, KIT_DAY));
	store_kit_add(&kit, r);
	store_kit_add(&kit, report_of(2, KIT_DAY));
	cr_expect_eq(pages(), 3);
	cr_expect_eq(rows_of(KIT_DAY), 5002);
}

Test(ledger, a_displaced_report_is_taken_out_wherever_it_is)
{
	static const int displaced[] = {0, 1, 200, 398, 399};
	struct report *r;
	char id[32];
	size_t i;

	add_many(400, KIT_DAY, 1);
	for (i = 0; i < sizeof(displaced) / sizeof(displaced[0]); i++) {
		snprintf(id, sizeof(id), "id-%d", displaced[i] + 1);
		r = store_kit_report(&kit, "example.net", id, "example.com");
		r->authenticity = AUTH_VERIFIED;
		r->policies[0].successful = 1;
		cr_assert_eq(store_kit_add(&kit, r), OUTCOME_REPORT);
		cr_expect_eq(store_kit_rows(&kit, NULL).policies, 400);
		cr_expect_eq(store_kit_rows(&kit, NULL).successful,
		    (int64_t)(399 - i) * 100 + (int64_t)i + 1);
	}
	cr_expect_eq(
	    store_kit_sql(&kit, "SELECT count(*) FROM report WHERE counted"),
	    400);
}

Test(ledger, what_is_rolled_back_leaves_no_trace)
{
	cr_assert_eq(store_kit_begin(&kit, report_of(7, KIT_DAY)), 0);
	store_rollback(kit.s);
	store_kit_add(&kit, report_of(8, KIT_DAY));
	cr_expect_eq(rows_of(KIT_DAY), 1);
}

/* Pages that this program never writes. */
static const char *const damages[] = {
    "UPDATE ledger SET packed = x'ff'",
    "UPDATE ledger SET packed = x'05'",
    "UPDATE ledger SET packed = x'0180'",
    "UPDATE ledger SET packed = x'020100'",
    "UPDATE ledger SET packed = substr(packed, 1, length(packed) - 1)",
    "UPDATE ledger SET packed = CAST(packed || x'80' AS BLOB)",
};

Test(ledger, a_page_that_makes_no_sense_is_damage)
{
	const struct filter all = store_kit_all();
	const struct row_reader nobody = {.policy = NULL};
	struct store_status status;
	size_t i;

	for (i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		store_kit_add(&kit, report_of((int)i, KIT_DAY));
		store_kit_sql(&kit, damages[i]);
		cr_expect_eq(store_rows(kit.s, &all, &nobody, &kit.err), -1,
		    "%s", damages[i]);
		cr_expect_eq(kit.err.code, ERR_STORE);
		cr_expect_eq(store_status(kit.s, &status, &kit.err), -1, "%s",
		    damages[i]);
		store_kit_teardown();
		store_kit_setup();
	}
}
