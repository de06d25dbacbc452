/* SPDX-License-Identifier: ISC */

/*
 * The sessions of each day, on both sides of every block of days: summed here
 * over a period that lies anywhere, and by hand.
 */

#include "config.h"

#include <criterion/criterion.h>

#include "base/date.h"
#include "digest_kit.h"

/* Some days with reports, as a day's number modulo this. */
#define PATTERN 7

/* Every day but one in seven has a report about each of two domains; the
 * sessions say which day it was. */
static void
fill(struct digest *d, int32_t first, int32_t last)
{
	int32_t day;

	for (day = first; day <= last; day++) {
		if ((day - first) % PATTERN == 3)
			continue;
		kit_add(d, (struct kit_report){.day = day, .successful = 1000});
		kit_add(d,
		    (struct kit_report){
			.day = day, .reporter = "mail.ru", .successful = 1});
		kit_add(d,
		    (struct kit_report){
			.day = day, .domain = "b.example", .successful = 7});
	}
}

/* How many of these days have reports. */
static int64_t
count(int32_t origin, int32_t first, int32_t last)
{
	int64_t n = 0;
	int32_t day;

	for (day = first; day <= last; day++)
		n += (day - origin) % PATTERN != 3;
	return n;
}

/* Judges a period of so many days, and the look-back before it. */
static void
expect_sums(int32_t first, int32_t length)
{
	const int32_t last = first + length - 1;
	const int32_t origin = first - DIGEST_LOOKBACK_DAYS;
	struct digest *d = kit_digest(first, last, BY_TOTAL, NULL);
	const struct domain_figure *dom;
	const struct figures *f;
	int64_t sum = 0;
	size_t i;

	fill(d, origin, last);
	f = digest_figures(d);
	if (count(origin, first, last) == 0) {
		cr_expect_eq(f->ndomains, 0);
		digest_free(d);
		return;
	}
	cr_assert_eq(f->ndomains, 2);
	dom = &f->domains[1];
	cr_assert_str_eq(dom->domain, "example.com");
	cr_expect_eq((int64_t)dom->ndays, count(origin, first, last),
	    "%zu days from %d on", dom->ndays, first);
	for (i = 0; i < dom->ndays; i++) {
		cr_expect(i == 0 || dom->days[i].day > dom->days[i - 1].day);
		cr_expect_eq(dom->days[i].successful, 1001);
		sum += dom->days[i].successful;
	}
	cr_expect_eq(dom->successful, sum);
	cr_expect_eq(dom->lookback.successful,
	    1001 * count(origin, origin, first - 1), "from %d on", first);
	cr_expect_eq(dom->before.successful,
	    1001 * count(origin, first - length, first - 1), "from %d on",
	    first);
	cr_expect_eq(
	    dom->last_day, (last - origin) % PATTERN == 3 ? last - 1 : last);
	cr_expect_eq(f->domains[0].lookback.successful,
	    7 * count(origin, origin, first - 1));
	digest_free(d);
}

Test(days, a_period_may_begin_and_end_anywhere)
{
	static const int32_t lengths[] = {1, 2, 7, 15, 16, 17, 24};
	int32_t first;
	size_t i;

	for (first = KIT_DAY; first < KIT_DAY + 33; first++)
		for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
			expect_sums(first, lengths[i]);
}

Test(days, before_1970_they_are_days_as_well)
{
	int32_t first;

	for (first = -40; first < 40; first++)
		expect_sums(first, 9);
}

Test(days, the_first_and_the_last_of_all)
{
	struct digest *d = kit_digest(DAY_MIN, DAY_MIN, BY_DAY, NULL);

	kit_add(d, (struct kit_report){.day = DAY_MIN, .successful = 3});
	cr_expect_eq(digest_figures(d)->domains->days->day, DAY_MIN);
	cr_expect_eq(digest_figures(d)->domains->lookback.successful, 0);
	digest_free(d);
	d = kit_digest(DAY_MAX, DAY_MAX, BY_DAY, NULL);
	kit_add(d, (struct kit_report){.day = DAY_MAX - 1, .successful = 2});
	kit_add(d, (struct kit_report){.day = DAY_MAX, .successful = 3});
	cr_expect_eq(digest_figures(d)->domains->days->day, DAY_MAX);
	cr_expect_eq(digest_figures(d)->domains->ndays, 1);
	cr_expect_eq(digest_figures(d)->domains->lookback.successful, 2);
	digest_free(d);
}

/* Reports that were told before make a day that has nothing new. */
Test(days, what_was_told_is_no_day_with_reports)
{
	struct digest_spec spec = {.first_day = KIT_DAY,
	    .last_day = KIT_DAY + 20,
	    .by = BY_TOTAL,
	    .now = (KIT_DAY + 22) * DAY_SECONDS,
	    .told = 5};
	const struct stream stream = {.domain = "example.com",
	    .reporter = "google.com",
	    .organization = "",
	    .policy_type_text = "",
	    .policy_type = POLICY_STS,
	    .mode = MODE_ENFORCE};
	struct digest *d = digest_new(&spec);
	struct policy_row row = {.stream = &stream, .successful = 1};
	const struct domain_figure *dom;
	int32_t day;

	for (day = KIT_DAY; day <= KIT_DAY + 20; day++) {
		row.day = day;
		row.report = day == KIT_DAY + 1 ? 6 : 5;
		digest_add_policy(d, &row);
	}
	dom = digest_figures(d)->domains;
	cr_assert_eq(dom->ndays, 1);
	cr_expect_eq(dom->days->day, KIT_DAY + 1);
	cr_expect_eq(dom->last_day, KIT_DAY + 1);
	cr_expect(dom->told);
	digest_free(d);
}
