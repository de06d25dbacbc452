/* SPDX-License-Identifier: ISC */

/*
 * What a configuration says of domains, groups, reporters and failures; each
 * question with and without the index.
 */

#include "config.h"

#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "digest/scope.h"

#define DAY 20777 /* 2026-11-20 */

static const char *shop[] = {"shop.example.net", "*.shop.example.net"};
static const char *clinic[] = {"clinic.example", "*.example.net"};
static const char *listed[] = {"example.org."};
static const char *google[] = {"Google*", "google.com"};
static const char *mailru[] = {"mail.ru", "google.com"};

static struct thresholds
unset(void)
{
	struct thresholds t;

#define THRESHOLD_CLEAR(name, value, unit) t.name = THRESHOLD_UNSET;
	THRESHOLDS(THRESHOLD_CLEAR)
#undef THRESHOLD_CLEAR
	return t;
}

static struct scope_domain domains[2];
static struct scope_group groups[2];
static struct scope_reporter reporters[2];

/* The scope of these tests; free its index with the arena. */
static struct scope
make_scope(struct arena *a)
{
	struct scope s = {.domains = domains,
	    .ndomains = 2,
	    .groups = groups,
	    .ngroups = 2,
	    .reporters = reporters,
	    .nreporters = 2,
	    .listed = listed,
	    .nlisted = 1};

	domains[0] = (struct scope_domain){"a.shop.example.net", unset()};
	domains[0].thresholds.silence_warning = 0;
	domains[1] = (struct scope_domain){"a.*", unset()};
	domains[1].thresholds.silence_warning = 9;
	groups[0] = (struct scope_group){"shop", shop, 2, "", unset()};
	groups[0].thresholds.silence_warning = 5;
	groups[0].thresholds.critical_rate = 20000;
	groups[1] = (struct scope_group){"clinic", clinic, 2, "", unset()};
	reporters[0] = (struct scope_reporter){"Google", google, 2};
	reporters[1] = (struct scope_reporter){"google.com mail", mailru, 2};
	if (a != NULL)
		scope_index(&s, a);
	return s;
}

static const char *
group_of(const struct scope *s, const char *domain)
{
	const struct scope_group *g = scope_group_of(s, domain);

	return g != NULL ? g->name : "";
}

static void
check_domains(const struct scope *s)
{
	cr_expect_str_eq(group_of(s, "shop.example.net"), "shop");
	cr_expect_str_eq(group_of(s, "Mail.SHOP.example.net."), "shop");
	cr_expect_str_eq(group_of(s, "other.example.net"), "clinic");
	cr_expect_str_eq(group_of(s, "clinic.example"), "clinic");
	cr_expect_str_eq(group_of(s, "example.net"), "");
	cr_expect_str_eq(group_of(s, ""), "");
	cr_expect(scope_is_set(s));
	cr_expect(scope_is_own(s, "shop.example.net"));
	cr_expect(scope_is_own(s, "a.b"));
	cr_expect(scope_is_own(s, "EXAMPLE.org"));
	cr_expect_not(scope_is_own(s, "www.example.org"));
	cr_expect_not(scope_is_own(s, "example.com"));
	cr_expect_not(scope_is_own(s, ""));
}

static void
check_thresholds(const struct scope *s)
{
	struct thresholds t = scope_thresholds(s, "a.shop.example.net");

	cr_expect_eq(t.silence_warning, 0, "0 is set, and the first counts");
	cr_expect_eq(t.critical_rate, 20000, "its group's");
	cr_expect_eq(t.warning_rate, 10000, "the default");
	t = scope_thresholds(s, "shop.example.net");
	cr_expect_eq(t.silence_warning, 5);
	t = scope_thresholds(s, "a.example.com");
	cr_expect_eq(t.silence_warning, 9);
	cr_expect_eq(t.critical_rate, 50000);
	t = scope_thresholds(s, "");
	cr_expect_eq(t.silence_warning, 3);
	cr_expect_eq(t.sessions, 100);
}

Test(scope, sections_are_found_with_and_without_the_index)
{
	struct arena *a = arena_new(256);
	struct scope slow = make_scope(NULL), quick = make_scope(a);

	check_domains(&slow);
	check_domains(&quick);
	check_thresholds(&slow);
	check_thresholds(&quick);
	arena_free(a);
}

Test(scope, an_empty_configuration_makes_all_domains_ours)
{
	struct arena *a = arena_new(256);
	struct scope s = {0};
	int i;

	for (i = 0; i < 2; i++) {
		cr_expect_not(scope_is_set(&s));
		cr_expect(scope_is_own(&s, "example.com"));
		cr_expect(scope_is_own(&s, ""));
		cr_expect_null(scope_group_of(&s, "example.com"));
		cr_expect_null(scope_group_find(&s, "shop"));
		cr_expect_str_eq(scope_reporter_name(&s, "x"), "x");
		cr_expect_eq(scope_thresholds(&s, "x").testing_days, 14);
		scope_index(&s, a);
	}
	arena_free(a);
}

Test(scope, a_pattern_for_all_domains_does_not_take_the_unknown_one)
{
	const char *all[] = {"*"};
	struct scope_group group = {"all", all, 1, "", unset()};
	struct scope_domain domain = {"*", unset()};
	struct arena *a = arena_new(256);
	struct scope s = {.groups = &group, .ngroups = 1};
	int i;

	domain.thresholds.sessions = 1;
	s.domains = &domain;
	s.ndomains = 1;
	for (i = 0; i < 2; i++) {
		cr_expect(scope_is_own(&s, "example.com"));
		cr_expect_not(scope_is_own(&s, ""));
		cr_expect_null(scope_group_of(&s, ""));
		cr_expect_eq(scope_thresholds(&s, "example.com").sessions, 1);
		cr_expect_eq(scope_thresholds(&s, "").sessions, 100);
		scope_index(&s, a);
	}
	arena_free(a);
}

Test(scope, groups_are_found_by_their_exact_name)
{
	struct scope s = make_scope(NULL);

	cr_expect_eq(scope_group_find(&s, "clinic"), &groups[1]);
	cr_expect_null(scope_group_find(&s, "Clinic"));
	cr_expect_null(scope_group_find(&s, ""));
}

Test(scope, reporters_go_by_the_name_of_the_first_section)
{
	struct scope s = make_scope(NULL);
	const char *own = "Mail.Ru Group";

	cr_expect_str_eq(scope_reporter_name(&s, "google.com"), "Google");
	cr_expect_str_eq(scope_reporter_name(&s, "GOOGLE Inc."), "Google");
	cr_expect_str_eq(scope_reporter_name(&s, "mail.ru"), "google.com mail");
	cr_expect_eq(scope_reporter_name(&s, own), own);
	cr_expect_str_eq(
	    scope_reporter_name(&s, "google.com mail"), "google.com mail");
	cr_expect_str_eq(scope_reporter_name(&s, ""), "");
}

static struct scope_ignore
rule(void)
{
	return (struct scope_ignore){.name = "r",
	    .domain = "",
	    .mx = "",
	    .reporter = "",
	    .result = "",
	    .until = DAY_MAX,
	    .below = THRESHOLD_UNSET};
}

static bool
ignores(const struct scope_ignore *r)
{
	return scope_ignores(r, "example.com", "mx1.example.com", "google.com",
	    RESULT_CERTIFICATE_EXPIRED, "", DAY);
}

Test(scope, a_rule_ignores_what_matches_all_that_it_says)
{
	struct scope_ignore r = rule();

	cr_expect(ignores(&r));
	r.domain = "Example.com.";
	cr_expect(ignores(&r));
	r.mx = "mx?.example.com.";
	cr_expect(ignores(&r));
	r.reporter = "*google*";
	cr_expect(ignores(&r));
	r.result = "Certificate-Expired";
	cr_expect(ignores(&r));
	r.result = "certificate-not-trusted";
	cr_expect_not(ignores(&r));
	r.result = "";
	r.reporter = "google";
	cr_expect_not(ignores(&r));
	r.reporter = "";
	r.mx = "mx2.example.com";
	cr_expect_not(ignores(&r));
	r.mx = "";
	r.domain = "*.example.com";
	cr_expect_not(ignores(&r));
}

Test(scope, a_rule_holds_until_the_end_of_its_last_day)
{
	struct scope_ignore r = rule();

	r.until = DAY;
	cr_expect(ignores(&r));
	r.until = DAY - 1;
	cr_expect_not(ignores(&r));
}

Test(scope, a_rule_knows_results_of_no_rfc_by_their_text)
{
	struct scope_ignore r = rule();

	r.result = "sni-wrong";
	cr_expect(
	    scope_ignores(&r, "", "", "", RESULT_OTHER, "SNI-wrong", DAY));
	cr_expect_not(scope_ignores(&r, "", "", "", RESULT_OTHER, "sni", DAY));
	cr_expect_not(scope_ignores(
	    &r, "", "", "", RESULT_TLSA_INVALID, "sni-wrong", DAY));
	r.result = "(unspecified)";
	cr_expect(scope_ignores(&r, "", "", "", RESULT_UNSPECIFIED, "", DAY));
}

Test(scope, a_name_is_told_from_a_pattern)
{
	cr_expect(scope_is_name("example.com"));
	cr_expect(scope_is_name(""));
	cr_expect_not(scope_is_name("*.example.com"));
	cr_expect_not(scope_is_name("example.?"));
	cr_expect_not(scope_is_name("[e]xample"));
	cr_expect_not(scope_is_name("e\\xample"));
}
