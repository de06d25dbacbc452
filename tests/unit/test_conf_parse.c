/* SPDX-License-Identifier: ISC */

/*
 * Thresholds as people write them, on both sides of every bound.
 */

#include "config.h"

#include <criterion/criterion.h>

#include "cmd/conf.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

Test(conf_parse, thresholds_are_read_as_their_unit_is)
{
	static const struct {
		char text[20];
		enum threshold_unit unit;
		int64_t value;
	} rows[] = {{"0.1 %", UNIT_RATIO, 1000}, {"100", UNIT_RATIO, 1000000},
	    {"0", UNIT_DAYS, 0}, {"3d", UNIT_DAYS, 3}, {"3", UNIT_DAYS, 3},
	    {"3660d", UNIT_DAYS, 3660}, {"0", UNIT_COUNT, 0},
	    {"100", UNIT_COUNT, 100},
	    {"9007199254740991", UNIT_COUNT, 9007199254740991}};
	struct err err = {0};
	int64_t value;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		cr_expect_eq(conf_parse_threshold(
				 rows[i].text, rows[i].unit, &value, &err),
		    0, "%s", rows[i].text);
		cr_expect_eq(value, rows[i].value, "%s", rows[i].text);
	}
}

Test(conf_parse, what_is_no_threshold_is_a_usage_error)
{
	static const struct {
		char text[32];
		enum threshold_unit unit;
	} rows[] = {{"101", UNIT_RATIO}, {"3d", UNIT_RATIO}, {"", UNIT_RATIO},
	    {"3661d", UNIT_DAYS}, {"3w", UNIT_DAYS}, {"36h", UNIT_DAYS},
	    {"-1", UNIT_DAYS}, {"3 d", UNIT_DAYS}, {"3dd", UNIT_DAYS},
	    {"d", UNIT_DAYS}, {"", UNIT_DAYS}, {"1.5", UNIT_COUNT},
	    {"1 %", UNIT_COUNT}, {"5d", UNIT_COUNT}, {"-1", UNIT_COUNT},
	    {"+1", UNIT_COUNT}, {" 1", UNIT_COUNT}, {"", UNIT_COUNT},
	    {"9007199254740992", UNIT_COUNT},
	    {"99999999999999999999999", UNIT_COUNT}};
	struct err err;
	int64_t value;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		err = (struct err){0};
		cr_expect_eq(conf_parse_threshold(
				 rows[i].text, rows[i].unit, &value, &err),
		    -1, "%s", rows[i].text);
		cr_expect_eq(err.code, ERR_USAGE);
	}
}
