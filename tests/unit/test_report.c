/* SPDX-License-Identifier: ISC */

/*
 * The sums over a report, and the largest that its bounds allow.
 */

#include "config.h"

#include <stdlib.h>

#include <criterion/criterion.h>

#include "base/limits.h"
#include "report/report.h"

static int64_t
rest_of(int64_t failed, const int64_t *details, size_t n)
{
	struct failure failures[8] = {0};
	struct policy p = {
	    .failed = failed, .failures = failures, .nfailures = n};
	size_t i;

	for (i = 0; i < n; i++)
		failures[i].sessions = details[i];
	return policy_rest(&p);
}

Test(report, the_rest_is_what_the_details_leave)
{
	static const int64_t details[] = {3, 0, 4};

	cr_assert_eq(rest_of(7, details, 3), 0);
	cr_assert_eq(rest_of(10, details, 3), 3);
	cr_assert_eq(rest_of(1, details, 3), -6);
	cr_assert_eq(rest_of(5, NULL, 0), 5);
	cr_assert_eq(rest_of(0, NULL, 0), 0);
}

Test(report, conformance_48_the_rest_makes_the_details_add_up)
{
	static const int64_t details[] = {1, 1};

	/* mail.ru: a total of 1 and two details of 1 each. */
	cr_assert_eq(rest_of(1, details, 2), -1);
}

Test(report, the_largest_counts_have_a_rest)
{
	static const int64_t details[] = {COUNT_MAX, COUNT_MAX};

	cr_assert_eq(rest_of(COUNT_MAX, details, 1), 0);
	cr_assert_eq(rest_of(0, details, 1), -COUNT_MAX);
	cr_assert_eq(rest_of(COUNT_MAX, details, 2), -COUNT_MAX);
	cr_assert_eq(rest_of(COUNT_MAX, NULL, 0), COUNT_MAX);
}

Test(report, sums_stop_at_the_largest_number)
{
	cr_assert_eq(count_add(INT64_MAX, 1), INT64_MAX);
	cr_assert_eq(count_add(1, INT64_MAX), INT64_MAX);
	cr_assert_eq(count_add(INT64_MAX - 1, 1), INT64_MAX);
	cr_assert_eq(count_add(-INT64_MAX, -1), -INT64_MAX);
	cr_assert_eq(count_add(-1, -INT64_MAX), -INT64_MAX);
	cr_assert_eq(count_add(1 - INT64_MAX, -1), -INT64_MAX);
	cr_assert_eq(count_add(INT64_MAX, -INT64_MAX), 0);
	cr_assert_eq(count_add(2, -3), -1);
	cr_assert_eq(count_add(0, 0), 0);
}

/* All that the bounds let through must not overflow. */
Test(report, the_largest_policy_has_a_rest)
{
	struct limits lim = LIMITS_DEFAULT;
	struct policy p = {.failed = 0, .nfailures = lim.failure_details};
	size_t i;

	p.failures = calloc(p.nfailures, sizeof(*p.failures));
	cr_assert_not_null(p.failures);
	for (i = 0; i < p.nfailures; i++)
		p.failures[i].sessions = COUNT_MAX;
	cr_assert_eq(policy_rest(&p), -INT64_MAX);
	free(p.failures);
}
