/* SPDX-License-Identifier: ISC */

/*
 * Whether the store is fed, on both sides of the bound.
 */

#include "config.h"

#include <criterion/criterion.h>

#include "base/date.h"
#include "digest/health.h"

#define NOW   INT64_C(1795000000)
#define STALE (HEALTH_STALE_DAYS * INT64_C(86400))

static struct health_fault faults[4];

static struct health
judge(const struct health_source *sources, size_t n)
{
	struct health h = {.faults = faults};

	health_judge(&h, sources, n, NOW);
	return h;
}

static struct health_source
source(bool configured, int64_t age, const char *error)
{
	return (struct health_source){.name = "m365",
	    .configured = configured,
	    .last_success = age == TIME_NONE ? TIME_NONE : NOW - age,
	    .last_run = NOW - 1,
	    .error = error};
}

Test(health, a_configured_source_is_stale_after_three_days)
{
	struct health_source s = source(true, STALE - 1, "");

	cr_expect_eq(judge(&s, 1).nfaults, 0);
	s = source(true, STALE, "");
	cr_assert_eq(judge(&s, 1).nfaults, 1);
	cr_expect_eq(faults->kind, HEALTH_STALE);
	cr_expect_eq(faults->days, 3);
}

Test(health, an_error_is_told_at_once)
{
	struct health_source s = source(true, 60, "login refused");

	cr_assert_eq(judge(&s, 1).nfaults, 1);
	cr_expect_eq(faults->kind, HEALTH_FAILING);
	cr_expect_str_eq(faults->error, "login refused");
	s = source(true, TIME_NONE, "login refused");
	cr_assert_eq(judge(&s, 1).nfaults, 1);
	cr_expect_eq(faults->days, 0);
}

Test(health, a_source_that_was_never_read_is_told)
{
	struct health_source s = {.name = "new",
	    .configured = true,
	    .last_success = TIME_NONE,
	    .last_run = TIME_NONE,
	    .error = ""};

	cr_assert_eq(judge(&s, 1).nfaults, 1);
	cr_expect_eq(faults->kind, HEALTH_NEVER);
}

Test(health, a_file_read_by_hand_is_not_waited_for)
{
	struct health_source both[] = {
	    source(true, 60, ""), source(false, 10 * STALE, "gone")};

	cr_expect_eq(judge(both, 2).nfaults, 0);
}

Test(health, where_nothing_is_configured_one_source_must_have_been_read)
{
	struct health_source both[] = {
	    source(false, STALE - 1, ""), source(false, 10 * STALE, "")};

	cr_expect_eq(judge(both, 2).nfaults, 0);
	both[0] = source(false, STALE, "");
	cr_assert_eq(judge(both, 2).nfaults, 1);
	cr_expect_eq(faults->kind, HEALTH_ALL_STALE);
	cr_expect_str_eq(faults->source, "");
	cr_expect_eq(judge(NULL, 0).nfaults, 0);
}

Test(health, a_clock_that_goes_wrong_makes_no_days)
{
	struct health_source s = source(true, -1000, "error");

	cr_assert_eq(judge(&s, 1).nfaults, 1);
	cr_expect_eq(faults->days, 0);
}
