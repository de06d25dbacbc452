/* SPDX-License-Identifier: ISC */

/*
 * What is remembered of digests of new reports, what is new, and what goes
 * with a row besides its figures: number and lag.
 */

#include "config.h"

#include <criterion/criterion.h>

#include "base/date.h"
#include "store_kit.h"

TestSuite(store_told, .init = store_kit_setup, .fini = store_kit_teardown);

static struct told
told(const char *name)
{
	struct told t;

	cr_assert_eq(
	    store_told(kit.s, name, &t, &kit.err), 0, "%s", kit.err.text);
	return t;
}

static void
tell(const char *name, int64_t report, int64_t at)
{
	const struct told t = {report, at};

	cr_assert_eq(
	    store_tell(kit.s, name, &t, &kit.err), 0, "%s", kit.err.text);
}

/* Adds a report of the day. */
static struct report *
add(const char *id, int32_t day)
{
	struct report *r = store_kit_report(&kit, "a.example", id, "x.example");

	r->day = day;
	cr_assert_eq(store_kit_add(&kit, r), OUTCOME_REPORT);
	return r;
}

static void
expect_new(int64_t after, int64_t highest, int32_t first, int32_t last)
{
	int32_t days[2];
	int64_t got;

	cr_assert_eq(store_new_days(kit.s, after, &got, days, &kit.err), 0);
	cr_expect_eq(got, highest, "%lld", (long long)got);
	cr_expect_eq(days[0], first, "first day %d", days[0]);
	cr_expect_eq(days[1], last, "last day %d", days[1]);
}

Test(store_told, nothing_was_told_of_an_unknown_name)
{
	tell("other", 7, KIT_NOW);
	cr_expect_eq(told("default").report, 0);
	cr_expect_eq(told("default").at, TIME_NONE);
}

Test(store_told, what_was_told_is_remembered_by_name)
{
	tell("default", 7, KIT_NOW);
	tell("it's; \"odd\"\n", 3, KIT_NOW + 1);
	store_kit_reopen(&kit, STORE_READ);
	cr_expect_eq(told("default").report, 7);
	cr_expect_eq(told("default").at, KIT_NOW);
	cr_expect_eq(told("it's; \"odd\"\n").report, 3);
}

Test(store_told, it_is_never_taken_back)
{
	tell("default", 7, KIT_NOW);
	tell("default", 5, KIT_NOW - 1);
	cr_expect_eq(told("default").report, 7);
	cr_expect_eq(told("default").at, KIT_NOW);
	tell("default", 8, KIT_NOW + 1);
	cr_expect_eq(told("default").report, 8);
	cr_expect_eq(told("default").at, KIT_NOW + 1);
}

Test(store_told, a_store_that_may_not_be_written_is_not)
{
	const struct told t = {1, KIT_NOW};

	store_kit_reopen(&kit, STORE_READ);
	cr_expect_eq(store_tell(kit.s, "default", &t, &kit.err), -1);
	cr_expect_eq(kit.err.code, ERR_REFUSED);
	/* No transaction is left open. */
	cr_expect_eq(store_snapshot(kit.s, &kit.err), 0);
}

Test(store_told, new_reports_are_those_with_a_higher_number)
{
	struct report *r;

	expect_new(0, 0, DAY_NONE, DAY_NONE);
	add("1", KIT_DAY + 5);
	add("2", KIT_DAY);
	r = add("3", KIT_DAY + 2);
	expect_new(0, 3, KIT_DAY, KIT_DAY + 5);
	expect_new(1, 3, KIT_DAY, KIT_DAY + 2);
	expect_new(2, 3, KIT_DAY + 2, KIT_DAY + 2);
	expect_new(3, 3, DAY_NONE, DAY_NONE);
	expect_new(9, 3, DAY_NONE, DAY_NONE);
	/* A conflict has a number, but there is nothing to tell of it. */
	cr_expect_eq(
	    store_kit_add(&kit, store_kit_other(&kit, r)), OUTCOME_CONFLICT);
	expect_new(3, 4, DAY_NONE, DAY_NONE);
}

/* ---- number and lag ---- */

static int
keep_row(void *arg, const struct policy_row *row)
{
	*(struct policy_row *)arg = *row;
	return 0;
}

/* The row of the report that was added last. */
static struct policy_row
last_row(void)
{
	struct policy_row row = {0};
	const struct row_reader reader = {.policy = keep_row, .arg = &row};
	struct filter all = store_kit_all();

	cr_assert_eq(
	    store_rows(kit.s, &all, &reader, &kit.err), 0, "%s", kit.err.text);
	return row;
}

/* Hours from the end of the day as they come back. */
static int
lag_of(int64_t received, int64_t now)
{
	struct report *r = store_kit_report(&kit, "a.example", "1", "x");
	const struct decoded d = {.reports = &r, .nreports = 1};
	int lag;

	r->received = received;
	cr_assert_eq(store_kit_add_message(&kit, "1", &d, now), OUTCOME_REPORT);
	lag = last_row().lag;
	store_kit_teardown();
	store_kit_setup();
	return lag;
}

Test(store_told, rows_have_the_number_of_their_report)
{
	add("1", KIT_DAY);
	add("2", KIT_DAY + 1);
	cr_expect_eq(last_row().report, 2);
}

Test(store_told, the_lag_is_in_hours_since_the_end_of_the_day)
{
	const int64_t end = (KIT_DAY + 1) * INT64_C(86400);

	cr_expect_eq(lag_of(end - 100, KIT_NOW), 0);
	cr_expect_eq(lag_of(end, KIT_NOW), 0);
	cr_expect_eq(lag_of(end + 1, KIT_NOW), 1);
	cr_expect_eq(lag_of(end + 3600, KIT_NOW), 1);
	cr_expect_eq(lag_of(end + 3601, KIT_NOW), 2);
	cr_expect_eq(lag_of(end + 126 * 3600, KIT_NOW), 126);
	cr_expect_eq(lag_of(end + 127 * 3600, KIT_NOW), 126);
	cr_expect_eq(lag_of(INT64_MAX / 2, KIT_NOW), 126);
	cr_expect_eq(lag_of(-INT64_MAX / 2, KIT_NOW), 0);
}

Test(store_told, without_a_time_of_receipt_that_of_storing_counts_if_it_is_near)
{
	const int64_t end = (KIT_DAY + 1) * INT64_C(86400);

	cr_expect_eq(lag_of(TIME_NONE, end + 3600), 1);
	cr_expect_eq(lag_of(TIME_NONE, end + 126 * 3600), 126);
	cr_expect_eq(lag_of(TIME_NONE, end + 127 * 3600), LAG_UNKNOWN);
}
