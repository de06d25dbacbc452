/* SPDX-License-Identifier: ISC */

/*
 * MTA-STS: records and policies as RFC 8461 has them, and all around them.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/limits.h"
#include "domain/name.h"
#include "domain/sts.h"
#include "support.h"

#define NAME "_mta-sts.e.example"
#define URL  "https://mta-sts.e.example/.well-known/mta-sts.txt"

/* ---- the record ---- */

/* The id of a record, "" if it is not usable; in a static buffer. */
static const char *
id_of(const char *text)
{
	static char id[80];
	struct arena *a = arena_new(1024);
	struct findings f = findings_new(a);
	struct span s = span_of(text);
	struct sts_record record;

	sts_record_read(&record, &s, 1, NAME, &f);
	cr_expect_eq(
	    record.usable, findings_worst(&f) == SEVERITY_OK && record.present);
	snprintf(id, sizeof(id), "%s", record.id);
	arena_free(a);
	return id;
}

Test(sts, conformance_81_a_good_record_has_an_id)
{
	cr_expect_str_eq(
	    id_of("v=STSv1; id=20160831085700Z;"), "20160831085700Z");
	cr_expect_str_eq(id_of("v=STSv1;id=a"), "a");
	cr_expect_str_eq(id_of("v=STSv1 ; id=a ; x=y"), "a");
	cr_expect_str_eq(id_of("v=STSv1; x=y; id=a; "), "a");
}

Test(sts, conformance_82_ids_that_are_none)
{
	static const char *const texts[] = {
	    "v=STSv1; id=123456789012345678901234567890123;",
	    "v=STSv1; id=2026-01-01;", "v=STSv1; id=;", "v=STSv1;", "v=STSv1",
	    "v=STSv1; ID=a", "v=STSv1;; id=a", "v=STSv1; id=a;;",
	    "v=STSv1; id=a; id=b", "v=STSv1; id=a; x",
	    "v=STSv1; id=a; x=", " v=STSv1; id=a", "v=stsv1; id=a",
	    "v=STSv2; id=a", "id=a; v=STSv1", "v=STSv1; id=a b",
	    "v=STSv1; id =a"};
	size_t i;

	cr_expect_str_neq(
	    id_of("v=STSv1; id=12345678901234567890123456789012;"), "");
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cr_expect_str_eq(id_of(texts[i]), "", "%s", texts[i]);
}

Test(sts, a_field_has_a_name_of_32_characters_at_most)
{
	char text[100], *name = support_repeat('n', 33);

	snprintf(text, sizeof(text), "v=STSv1; id=a; %s=x", name + 1);
	cr_expect_str_eq(id_of(text), "a");
	snprintf(text, sizeof(text), "v=STSv1; id=a; %s=x", name);
	cr_expect_str_eq(id_of(text), "");
	free(name);
}

Test(sts, conformance_83_two_records_are_none)
{
	struct arena *a = arena_new(1024);
	struct findings f = findings_new(a);
	struct span texts[3] = {
	    SPAN("x=y"), SPAN("v=STSv1; id=1"), SPAN("v=STSv1; id=2")};
	struct sts_record record;

	sts_record_read(&record, texts, 2, NAME, &f);
	cr_expect(record.usable && f.n == 0);
	sts_record_read(&record, texts, 3, NAME, &f);
	cr_expect(record.present && !record.usable && record.strict == 2);
	cr_expect(findings_have(&f, CHECK_STS_RECORD_MULTIPLE));
	sts_record_read(&record, texts, 1, NAME, &f);
	cr_expect(!record.present && !record.usable);
	sts_record_read(&record, NULL, 0, NAME, &f);
	cr_expect(!record.present);
	arena_free(a);
}

/* ---- the policy ---- */

#define GOOD                                                          \
	"version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\n" \
	"mx: *.example.net\r\nmax_age: 604800\r\n"

static bool
is_usable(const char *body)
{
	struct arena *a = arena_new(1024);
	struct findings f = findings_new(a);
	struct sts_policy policy;

	sts_policy_parse(&policy, span_of(body), URL, &f);
	arena_free(a);
	return policy.usable;
}

Test(sts, a_policy_says_mode_age_and_hosts)
{
	struct arena *a = arena_new(1024);
	struct findings f = findings_new(a);
	struct sts_policy policy;

	sts_policy_parse(&policy, span_of(GOOD), URL, &f);
	cr_expect_eq(f.n, 0);
	cr_expect(policy.usable && policy.mode == STS_ENFORCE);
	cr_expect_eq(policy.max_age, 604800);
	cr_assert_eq(policy.nmx, 2);
	cr_expect_str_eq(policy.mx[1], "*.example.net");
	cr_expect(sts_policy_covers(&policy, "MAIL.example.com"));
	cr_expect(sts_policy_covers(&policy, "a.example.net."));
	cr_expect(!sts_policy_covers(&policy, "example.net"));
	arena_free(a);
}

Test(sts, conformance_85_lines_end_with_lf_or_crlf)
{
	cr_expect(is_usable(GOOD));
	cr_expect(is_usable("version: STSv1\nmode: none\nmax_age: 0\n"));
	cr_expect(is_usable("version: STSv1\r\nmode: none\nmax_age: 0"));
	cr_expect(is_usable("version:STSv1\nmode:\tnone \nmax_age:  0"));
}

Test(sts, conformance_86_no_mx_is_allowed_for_mode_none_only)
{
	cr_expect(is_usable("version: STSv1\nmode: none\nmax_age: 1\n"));
	cr_expect(!is_usable("version: STSv1\nmode: enforce\nmax_age: 1\n"));
	cr_expect(!is_usable("version: STSv1\nmode: testing\nmax_age: 1\n"));
}

static bool
age_is_good(const char *age)
{
	char body[400];

	snprintf(body, sizeof(body),
	    "version: STSv1\nmode: none\nmax_age: %s\n", age);
	return is_usable(body);
}

Test(sts, conformance_87_max_age_has_bounds)
{
	static const char *const bad[] = {"31557601", "00031557600", "-1", "",
	    "1.5", "0x1", "99999999999", "18446744073709551617", "1 2", "12d"};
	size_t i;

	cr_expect(age_is_good("0") && age_is_good("31557600"));
	cr_expect(age_is_good("0031557600"), "10 digits");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(!age_is_good(bad[i]), "%s", bad[i]);
}

Test(sts, conformance_88_the_first_mode_counts)
{
	struct arena *a = arena_new(1024);
	struct findings f = findings_new(a);
	struct sts_policy policy;

	sts_policy_parse(&policy, span_of(GOOD "mode: none\r\n"), URL, &f);
	cr_expect(policy.usable && policy.mode == STS_ENFORCE);
	cr_expect(findings_have(&f, CHECK_STS_POLICY_DUPLICATE_KEY));
	arena_free(a);
}

Test(sts, conformance_89_values_mind_the_case)
{
	cr_expect(!is_usable("version: STSv1\nmode: None\nmax_age: 1\n"));
	cr_expect(!is_usable("version: stsv1\nmode: none\nmax_age: 1\n"));
	cr_expect(!is_usable("Version: STSv1\nmode: none\nmax_age: 1\n"));
}

Test(sts, lines_that_are_none_spoil_a_policy)
{
	static const char *const lines[] = {"\r\n", " x: y\r\n", "x : y\r\n",
	    "mx mail.example.com\r\n", ": x\r\n", "x\001: y\r\n"};
	char body[300];
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(body, sizeof(body), "%s%s", GOOD, lines[i]);
		cr_expect(!is_usable(body), "%zu", i);
		snprintf(body, sizeof(body), "%s%s", lines[i], GOOD);
		cr_expect(!is_usable(body), "%zu", i);
	}
	cr_expect(!is_usable(""));
	cr_expect(!is_usable("<html><body>404</body></html>"));
	cr_expect(!is_usable("\xef\xbb\xbf" GOOD));
}

Test(sts, conformance_93_a_star_stands_for_one_label)
{
	static const struct {
		const char *pattern;
		const char *host;
		bool matches;
	} table[] = {
	    {"*.e.com", "a.e.com", true},
	    {"*.e.com", "a.b.e.com", false},
	    {"*.e.com", "e.com", false},
	    {"*.e.com", ".e.com", false},
	    {"*.E.com", "A.e.COM", true},
	    {"*.e.com", "ae.com", false},
	    {"a.e.com", "a.e.com.", true},
	    {"a.e.com", "b.a.e.com", false},
	    {"*", "com", false},
	    {"a*.e.com", "ab.e.com", false},
	    {"", "", true},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		cr_expect_eq(name_matches(table[i].pattern, table[i].host),
		    table[i].matches, "%s %s", table[i].pattern, table[i].host);
}

Test(sts, patterns_are_host_names_or_a_star_in_front_of_one)
{
	static const char *const bad[] = {"*", "*.", "*.*.e.com", "a.*.com",
	    "mx*.e.com", "a_b.e.com", "192.0.2.1", "e.com.", ".e.com",
	    "[2001:db8::1]"};
	struct arena *a = arena_new(1024);
	struct findings f;
	struct sts_policy policy;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		f = findings_new(a);
		sts_policy_parse(&policy,
		    span_of(arena_printf(a, GOOD "mx: %s\r\n", bad[i])), URL,
		    &f);
		cr_expect(findings_have(&f, CHECK_STS_MX_WILDCARD_FORM), "%s",
		    bad[i]);
		cr_expect(policy.usable && policy.nmx == 2);
	}
	arena_free(a);
}

Test(sts, a_policy_is_as_long_as_its_bound)
{
	struct arena *a = arena_new(1024);
	size_t len = strlen(GOOD), fill = STS_POLICY_BYTES_MAX - len - 5, over;
	char *dots = support_repeat('y', fill);
	struct findings f;
	struct sts_policy policy;
	const char *body;

	for (over = 0; over < 2; over++) {
		f = findings_new(a);
		body = arena_printf(
		    a, "%sx: %s%s\r\n", GOOD, dots, over == 1 ? "y" : "");
		cr_expect_eq(strlen(body), STS_POLICY_BYTES_MAX + over);
		sts_policy_parse(&policy, span_of(body), URL, &f);
		cr_expect_eq(policy.usable, over == 0);
		cr_expect_eq(findings_have(&f, CHECK_STS_TOO_LARGE), over == 1);
	}
	free(dots);
	arena_free(a);
}

Test(sts, findings_in_a_policy_have_their_place)
{
	struct arena *a = arena_new(1024);
	struct findings f = findings_new(a);
	struct sts_policy policy;
	const char *body = "version: STSv1\nmode: Enforce\nmx: a.example\n"
			   "max_age: 604800\n";

	sts_policy_parse(&policy, span_of(body), URL, &f);
	cr_assert_geq(f.n, 1);
	cr_expect_eq(f.items[0].check, CHECK_STS_POLICY_SYNTAX);
	cr_expect_eq(f.items[0].from, 21);
	cr_expect_eq(f.items[0].to, 28);
	arena_free(a);
}

/* Every prefix, and every octet exchanged. */
Test(sts, cut_and_spoilt_policies_are_read)
{
	struct arena *a = arena_new(4096);
	char *text = strdup(GOOD), *cut;
	size_t len = strlen(GOOD), i;
	struct findings f;
	struct sts_policy policy;
	struct sts_record record;
	struct span s;
	int c;

	for (i = 0; i < len; i++) {
		cut = malloc(i + 1);
		memcpy(cut, GOOD, i);
		s = (struct span){cut, i};
		f = findings_new(a);
		sts_policy_parse(&policy, s, URL, &f);
		sts_record_read(&record, &s, 1, NAME, &f);
		free(cut);
		for (c = 0; c < 256; c++) {
			text[i] = (char)c;
			f = findings_new(a);
			sts_policy_parse(
			    &policy, (struct span){text, len}, URL, &f);
		}
		text[i] = GOOD[i];
		arena_reset(a);
	}
	free(text);
	arena_free(a);
}
