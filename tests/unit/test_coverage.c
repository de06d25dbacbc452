/* SPDX-License-Identifier: ISC */

/*
 * The days without reports.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "output/coverage.h"

/* Friday, 2026-11-20. */
#define FRIDAY 20777

#define LATER ((int64_t)(FRIDAY + 100) * DAY_SECONDS)

/* Writes the gaps as days from Friday on: "0-1 3-3". */
static void
check_gaps(const char *days, int32_t end, int64_t now, const char *want)
{
	struct share with[16] = {{0}};
	struct coverage c;
	char got[200] = "";
	int32_t gap[2];
	size_t n = 0;

	for (; *days != '\0'; days++)
		with[n++].day = FRIDAY + *days - '0';
	c = coverage_begin(with, n, FRIDAY, FRIDAY + end, now);
	while (coverage_gap(&c, gap))
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%d-%d ",
		    (int)(gap[0] - FRIDAY), (int)(gap[1] - FRIDAY));
	cr_assert_str_eq(got, want);
	cr_assert_not(coverage_gap(&c, gap));
}

Test(coverage, gaps_are_found_at_both_ends_and_between)
{
	check_gaps("", 6, LATER, "0-6 ");
	check_gaps("0123456", 6, LATER, "");
	check_gaps("3", 6, LATER, "0-2 4-6 ");
	check_gaps("06", 6, LATER, "1-5 ");
	check_gaps("135", 6, LATER, "0-0 2-2 4-4 6-6 ");
	check_gaps("12", 6, LATER, "0-0 3-6 ");
	check_gaps("0", 0, LATER, "");
	check_gaps("", 0, LATER, "0-0 ");
}

Test(coverage, days_to_come_are_no_gap)
{
	const int64_t noon = (int64_t)FRIDAY * DAY_SECONDS + DAY_SECONDS / 2;

	check_gaps("", 6, noon, "0-0 ");
	check_gaps("0", 6, noon, "");
	check_gaps("", 6, noon - DAY_SECONDS, "");
	check_gaps("", 6, noon + 2 * DAY_SECONDS, "0-2 ");
	/* A clock that is wrong elsewhere. */
	check_gaps("05", 6, noon + 2 * DAY_SECONDS, "1-2 ");
}
