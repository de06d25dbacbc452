/* SPDX-License-Identifier: ISC */

/*
 * Percentages: what is meant is what is compared with.
 */

#include "config.h"

#include <string.h>

#include <criterion/criterion.h>

#include "base/ratio.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

Test(ratio, percentages_are_read_without_rounding)
{
	static const struct {
		char text[12];
		int64_t ratio;
	} rows[] = {{"0", 0}, {"0.1", 1000}, {"0.1%", 1000}, {"0.1 %", 1000},
	    {"1", 10000}, {"99.9999", 999999}, {"0.0001", 1}, {"100", 1000000},
	    {"100.0000 %", 1000000}, {"0.29", 2900}, {"007", 70000},
	    {"1.10%", 11000}};
	int64_t ratio;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		ratio = -1;
		cr_expect_eq(ratio_parse(span_of(rows[i].text), &ratio), 0);
		cr_expect_eq(ratio, rows[i].ratio, "%s", rows[i].text);
	}
}

Test(ratio, what_is_no_percentage_is_refused)
{
	static const char rows[][24] = {"", "%", " %", " ", "-1", "+1", "101",
	    "100.0001", "1000000000000000000000", "0.00001", "0,1", ".1", "1.",
	    "1.%", "1..1", "1.1.1", "1  %", "1%%", " 1", "1 ", "1e1", "0x1",
	    "one", "1 % "};
	int64_t ratio = 42;
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		cr_expect_eq(
		    ratio_parse(span_of(rows[i]), &ratio), -1, "%s", rows[i]);
	cr_expect_eq(ratio_parse((struct span){"1\0", 2}, &ratio), -1);
	cr_expect_eq(ratio, 42);
}

Test(ratio, percentages_are_written_with_the_decimals_they_need)
{
	static const struct {
		int64_t ratio;
		char text[32];
	} rows[] = {{0, "0 %"}, {1, "0.0001 %"}, {1000, "0.1 %"},
	    {10000, "1 %"}, {10100, "1.01 %"}, {999999, "99.9999 %"},
	    {1000000, "100 %"}, {-5000, "-0.5 %"}, {-15000, "-1.5 %"},
	    {INT64_MAX, "922337203685477.5807 %"},
	    {INT64_MIN, "-922337203685477.5808 %"}};
	char text[RATIO_SIZE];
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		ratio_format(rows[i].ratio, text);
		cr_expect_str_eq(text, rows[i].text);
	}
}

Test(ratio, each_is_read_as_it_was_written)
{
	char text[RATIO_SIZE];
	int64_t ratio, back;

	for (ratio = 0; ratio <= RATIO_WHOLE; ratio += 7) {
		ratio_format(ratio, text);
		cr_assert_eq(ratio_parse(span_of(text), &back), 0, "%s", text);
		cr_assert_eq(back, ratio);
	}
}
