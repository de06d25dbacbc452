/* SPDX-License-Identifier: ISC */

/*
 * What has changed in policies: told once, when the first reporter sees it,
 * and gone only when all see something else.
 */

#include "config.h"

#include <criterion/criterion.h>

#include "base/date.h"
#include "digest_kit.h"

#define DAY KIT_DAY

/* Text 1 names two hosts, text 2 one of them, text 3 none. */
static struct mx_hosts
hosts_of(void *arg, int64_t text)
{
	static const char *const both[] = {
	    "mx1.example.com", "mx2.example.com"};

	(void)arg;
	return (struct mx_hosts){both, text == 1 ? 2 : text == 2 ? 1 : 0};
}

static struct digest *
week(void)
{
	const struct digest_spec spec = {.first_day = DAY - 6,
	    .last_day = DAY,
	    .by = BY_TOTAL,
	    .now = (DAY + 4) * INT64_C(86400),
	    .settle = 1,
	    .hosts = hosts_of};

	return digest_new(&spec);
}

static void
see(struct digest *d, const char *reporter, int32_t first, int32_t last,
    enum policy_mode mode, int64_t text)
{
	for (; first <= last; first++)
		kit_add(d,
		    (struct kit_report){.day = first,
			.reporter = reporter,
			.mode = mode,
			.text = text,
			.successful = 1});
}

static const struct domain_figure *
only_domain(struct digest *d)
{
	cr_assert_eq(digest_figures(d)->ndomains, 1);
	return digest_figures(d)->domains;
}

Test(change, another_mode_is_new_and_the_old_one_gone)
{
	struct digest *d = week();
	const struct domain_figure *dom;

	see(d, "google.com", DAY - 20, DAY - 3, MODE_TESTING, 0);
	see(d, "google.com", DAY - 2, DAY, MODE_ENFORCE, 0);
	dom = only_domain(d);
	cr_assert_eq(dom->nchanges, 2);
	cr_expect_eq(dom->changes[0].kind, CHANGE_POLICY_NEW);
	cr_expect_eq(dom->changes[0].mode, MODE_ENFORCE);
	cr_expect_eq(dom->changes[0].day, DAY - 2);
	cr_expect_eq(dom->changes[1].kind, CHANGE_POLICY_GONE);
	cr_expect_eq(dom->changes[1].mode, MODE_TESTING);
	digest_free(d);
}

Test(change, a_policy_that_one_still_sees_is_not_gone)
{
	struct digest *d = week();
	const struct domain_figure *dom;

	see(d, "google.com", DAY - 20, DAY - 3, MODE_TESTING, 0);
	see(d, "google.com", DAY - 2, DAY, MODE_ENFORCE, 0);
	see(d, "mail.ru", DAY - 20, DAY, MODE_TESTING, 0);
	dom = only_domain(d);
	cr_assert_eq(dom->nchanges, 1);
	cr_expect_eq(dom->changes->kind, CHANGE_POLICY_NEW);
	digest_free(d);
}

Test(change, what_a_new_reporter_sees_first_is_no_change)
{
	struct digest *d = week();

	see(d, "google.com", DAY - 20, DAY, MODE_ENFORCE, 0);
	see(d, "mail.ru", DAY - 1, DAY, MODE_TESTING, 0);
	cr_expect_eq(only_domain(d)->nchanges, 0);
	digest_free(d);
}

Test(change, a_change_before_the_period_was_told)
{
	struct digest *d = week();

	see(d, "google.com", DAY - 20, DAY - 8, MODE_TESTING, 0);
	see(d, "google.com", DAY - 7, DAY, MODE_ENFORCE, 0);
	cr_expect_eq(only_domain(d)->nchanges, 0);
	digest_free(d);
}

Test(change, hosts_come_and_go)
{
	struct digest *d = week();
	const struct domain_figure *dom;

	see(d, "google.com", DAY - 20, DAY - 5, MODE_ENFORCE, 2);
	see(d, "google.com", DAY - 4, DAY - 2, MODE_ENFORCE, 1);
	see(d, "google.com", DAY - 1, DAY, MODE_ENFORCE, 2);
	dom = only_domain(d);
	cr_assert_eq(dom->nchanges, 2);
	cr_expect_eq(dom->changes[0].kind, CHANGE_MX_NEW);
	cr_expect_str_eq(dom->changes[0].host, "mx2.example.com");
	cr_expect_eq(dom->changes[0].day, DAY - 4);
	cr_expect_eq(dom->changes[1].kind, CHANGE_MX_GONE);
	cr_expect_str_eq(dom->changes[1].host, "mx2.example.com");
	cr_expect_eq(dom->changes[1].day, DAY - 1);
	digest_free(d);
}

Test(change, who_names_no_hosts_says_nothing_of_them)
{
	struct digest *d = week();

	see(d, "google.com", DAY - 20, DAY, MODE_ENFORCE, 1);
	see(d, "microsoft.com", DAY - 20, DAY, MODE_ENFORCE, 3);
	see(d, "mail.ru", DAY - 20, DAY, MODE_ENFORCE, 2);
	cr_expect_eq(only_domain(d)->nchanges, 0);
	digest_free(d);
}
