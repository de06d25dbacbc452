/* SPDX-License-Identifier: ISC */

/*
 * Who is missed, by the rhythm of its own: on both sides of every bound.
 */

#include "config.h"

#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "digest_kit.h"

#define DAY  KIT_DAY
#define HOUR INT64_C(3600)

/* A digest of Friday, seen so many hours after its end. */
static struct digest *
friday(int64_t hours)
{
	const struct digest_spec spec = {.first_day = DAY,
	    .last_day = DAY,
	    .by = BY_DAY,
	    .now = (DAY + 1) * INT64_C(86400) + hours * HOUR,
	    .settle = 36 * HOUR};

	return digest_new(&spec);
}

static void
hear(struct digest *d, const char *reporter, int32_t day)
{
	kit_add(d,
	    (struct kit_report){.day = day,
		.reporter = reporter,
		.lag = 6, /* 5 hours */
		.successful = 1});
}

/* Is mail.ru missed on Friday, when it was heard on days so long before? */
static bool
is_missed(const int *back, size_t n, int64_t hours)
{
	struct digest *d = friday(hours);
	const struct domain_figure *dom;
	bool missed;
	size_t i;

	for (i = 0; i < n; i++)
		hear(d, "mail.ru", DAY - back[i]);
	hear(d, "google.com", DAY);
	dom = digest_figures(d)->domains;
	missed = dom->nsilences > 0;
	if (missed) {
		cr_expect_str_eq(dom->silences->reporter, "mail.ru");
		cr_expect_eq(dom->silences->last_day, DAY - back[n - 1]);
	}
	digest_free(d);
	return missed;
}

Test(silence, a_daily_reporter_is_missed_after_a_day_and_its_lag)
{
	static const int daily[] = {4, 3, 2, 1};

	cr_expect(is_missed(daily, 4, 6));
	cr_expect_not(is_missed(daily, 4, 5));
}

/* Reports whose time of arrival nobody knows: when all should be there. */
Test(silence, of_unknown_lag_a_reporter_is_missed_when_days_are_settled)
{
	struct digest *d;
	int32_t day;
	int hours;

	for (hours = 35; hours <= 36; hours++) {
		d = friday(hours);
		for (day = DAY - 4; day < DAY; day++)
			kit_add(d,
			    (struct kit_report){.day = day,
				.reporter = "mail.ru",
				.successful = 1});
		hear(d, "google.com", DAY);
		cr_expect_eq(
		    digest_figures(d)->domains->nsilences > 0, hours == 36);
		digest_free(d);
	}
}

Test(silence, two_days_make_no_rhythm)
{
	static const int twice[] = {2, 1}, thrice[] = {3, 2, 1};

	cr_expect_not(is_missed(twice, 2, 72));
	cr_expect(is_missed(thrice, 3, 72));
}

Test(silence, who_pauses_is_missed_after_its_longest_pause)
{
	static const int due[] = {9, 6, 3}, early[] = {8, 5, 2};
	static const int mixed[] = {9, 8, 4, 3}, over[] = {10, 9, 5, 4};

	cr_expect(is_missed(due, 3, 72));
	cr_expect_not(is_missed(early, 3, 72));
	cr_expect_not(is_missed(mixed, 4, 72));
	cr_expect(is_missed(over, 4, 72));
}

Test(silence, what_was_heard_in_the_period_is_not_missed)
{
	static const int daily[] = {3, 2, 1, 0};

	cr_expect_not(is_missed(daily, 4, 72));
}

Test(silence, out_of_the_look_back_is_out_of_mind)
{
	static const int in[] = {23, 22, 21}, out[] = {24, 23, 22};

	cr_expect(is_missed(in, 3, 72));
	cr_expect_not(is_missed(out, 3, 72));
}

/* Hears a reporter on days before Friday: so long, down to so long. */
static void
hear_before(struct digest *d, const char *reporter, int first, int last)
{
	for (; first >= last; first--)
		hear(d, reporter, DAY - first);
}

static void
expect_silent(int64_t hours, int first, int last, bool incomplete)
{
	struct digest *d = friday(hours);
	const struct figures *f;

	hear_before(d, "google.com", first, last);
	f = digest_figures(d);
	cr_assert_eq(f->ndomains, 1);
	cr_expect_eq(f->domains->verdict, VERDICT_SILENT);
	cr_expect_eq(f->domains->incomplete, incomplete);
	cr_expect_eq(f->npolicies, 0);
	digest_free(d);
}

Test(silence, a_domain_nobody_reports_about_any_more_is_there)
{
	expect_silent(72, 5, 1, false);
}

Test(silence, of_whom_nobody_is_usual_any_more_nothing_is_awaited)
{
	expect_silent(3, 22, 18, true);
}

Test(silence, who_has_been_silent_for_days_is_not_awaited)
{
	expect_silent(3, 7, 3, true);
}

Test(silence, while_a_report_is_awaited_nothing_is_said)
{
	struct digest *d = friday(3);

	hear_before(d, "google.com", 5, 1);
	cr_expect_eq(digest_figures(d)->ndomains, 0);
	digest_free(d);
}

Test(silence, while_another_report_is_awaited_a_domain_is_not_silent)
{
	struct digest *d = friday(3);

	hear_before(d, "mail.ru", 7, 1);
	hear_before(d, "google.com", 7, 3);
	cr_expect_eq(digest_figures(d)->ndomains, 0);
	digest_free(d);
}

Test(silence, of_new_reports_only_it_is_not_known)
{
	struct digest_spec spec = {.first_day = DAY,
	    .last_day = DAY,
	    .by = BY_DAY,
	    .now = (DAY + 5) * INT64_C(86400),
	    .news = true};
	struct digest *d = digest_new(&spec);

	hear_before(d, "google.com", 5, 1);
	cr_expect_eq(digest_figures(d)->ndomains, 0);
	digest_free(d);
}

/* ---- configured domains without reports ---- */

static size_t
count_domains(bool zeros)
{
	const char *names[] = {"example.net", "*.example.org", "example.com"};
	struct scope_group group = {
	    .name = "all", .domains = names, .ndomains = 3, .mail_to = ""};
	const struct scope scope = {.groups = &group, .ngroups = 1};
	const struct digest_spec spec = {.first_day = DAY,
	    .last_day = DAY + 1,
	    .by = BY_DAY,
	    .scope = &scope,
	    .zeros = zeros};
	struct digest *d = digest_new(&spec);
	const struct figures *f;
	size_t n;

	hear(d, "google.com", DAY);
	f = digest_figures(d);
	n = f->ndomains;
	cr_expect_eq(f->npolicies, n);
	cr_expect_str_eq(f->policies[n - 1].key.domain,
	    zeros ? "example.net" : "example.com");
	cr_expect_str_eq(f->policies[0].key.group, "all");
	digest_free(d);
	return n;
}

Test(silence, zeros_are_for_names_that_are_configured_on_every_day)
{
	cr_expect_eq(count_domains(false), 1);
	/* example.com and example.net on two days, no pattern. */
	cr_expect_eq(count_domains(true), 4);
}

static bool
takes_org(const void *arg, const char *domain)
{
	cr_expect_str_eq(arg, "asked");
	return strcmp(domain, "example.org") == 0;
}

Test(silence, zeros_are_for_domains_whose_names_are_written_in_any_way)
{
	const char *names[] = {"Example.COM.", "example.org", "EXAMPLE.org."};
	const struct scope scope = {.listed = names, .nlisted = 3};
	struct digest_spec spec = {.first_day = DAY,
	    .last_day = DAY,
	    .by = BY_DAY,
	    .scope = &scope,
	    .zeros = true};
	struct digest *d = digest_new(&spec);
	const struct figures *f;

	hear(d, "google.com", DAY);
	f = digest_figures(d);
	cr_assert_eq(f->ndomains, 2);
	cr_expect_str_eq(f->domains[0].domain, "example.com");
	cr_expect_str_eq(f->domains[1].domain, "example.org");
	digest_free(d);
}

Test(silence, a_digest_of_no_day_has_nothing_before_it)
{
	const struct digest_spec spec = {.first_day = DAY_NONE,
	    .last_day = DAY_NONE,
	    .by = BY_TOTAL,
	    .news = true};

	cr_expect_eq(digest_lookback(&spec), DIGEST_LOOKBACK_DAYS);
}

Test(silence, zeros_are_only_for_domains_that_were_asked_for)
{
	const char *names[] = {"example.com", "example.org"};
	const struct scope scope = {.listed = names, .nlisted = 2};
	struct digest_spec spec = {.first_day = DAY,
	    .last_day = DAY,
	    .by = BY_DAY,
	    .scope = &scope,
	    .takes = takes_org,
	    .takes_arg = "asked",
	    .zeros = true};
	struct digest *d = digest_new(&spec);
	const struct figures *f = digest_figures(d);

	cr_assert_eq(f->ndomains, 1);
	cr_expect_str_eq(f->domains[0].domain, "example.org");
	digest_free(d);
}

Test(silence, domains_that_nobody_configured_are_not_own)
{
	struct scope_domain own = {.name = "example.com"};
	const struct scope scope = {.domains = &own, .ndomains = 1};
	struct digest *d = kit_digest(DAY, DAY, BY_DAY, &scope);
	const struct figures *f;

	kit_add(d, (struct kit_report){.day = DAY, .successful = 1});
	kit_add(d,
	    (struct kit_report){
		.day = DAY, .domain = "evil.example", .successful = 1});
	f = digest_figures(d);
	cr_assert_eq(f->ndomains, 2);
	cr_expect_not(f->domains[0].own);
	cr_expect(f->domains[1].own);
	digest_free(d);
}
