/* SPDX-License-Identifier: ISC */

/*
 * Reports that are read again: with the same decoder nothing changes, and
 * whatever does is told apart.
 */

#include "config.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "jail/jail.h"
#include "support.h"

/* Decodes the JSON of a report anew, from what a store would have kept. */
static struct report *
read_again(struct jail *j, const struct report *stored, struct arena *arena)
{
	struct jail_input in = {
	    .name = "", .authserv_id = "", .stored = stored};
	struct buf json = {0};
	struct decoded d = {0};
	struct err err;

	cr_assert_eq(jail_original(j, &stored->original, &json, &err), 0);
	in.bytes = buf_string(&json);
	in.len = json.len;
	cr_assert_eq(jail_decode(j, &in, arena, &d, &err), 0);
	cr_assert_eq(d.nreports, 1);
	cr_assert_eq(d.nfaults, 0);
	report_carry_over(d.reports[0], stored, arena);
	buf_free(&json);
	return d.reports[0];
}

/* What a store reads back has no more than this of what was around. */
static void
expect_same(struct jail *j, const char *path, struct arena *arena)
{
	struct buf bytes = support_read(path);
	struct jail_input in = {.bytes = bytes.data,
	    .len = bytes.len,
	    .name = strrchr(path, '/') + 1,
	    .received = 12345,
	    .authserv_id = "mx.example.net"};
	struct decoded d = {0};
	struct report *again;
	struct err err;
	size_t i;

	cr_assert_eq(jail_decode(j, &in, arena, &d, &err), 0);
	for (i = 0; i < d.nreports; i++) {
		again = read_again(j, d.reports[i], arena);
		cr_expect_eq(report_compare(d.reports[i], again), 0, "%s: %u",
		    path, report_compare(d.reports[i], again));
		cr_expect_eq(again->authenticity, d.reports[i]->authenticity);
		cr_expect_eq(again->received, d.reports[i]->received);
		cr_expect_eq(
		    memcmp(again->sum, d.reports[i]->sum, KEYED_HASH_LEN), 0);
	}
	buf_free(&bytes);
}

Test(again, every_fixture_is_read_again_as_it_was)
{
	static const char *const folders[] = {"good", "lenient", "hostile"};
	struct limits limits = LIMITS_DEFAULT;
	struct jail *j = support_jail(&limits);
	struct arena *arena = arena_new(4096);
	const char *data = getenv("TESTDATA");
	char pattern[2048];
	glob_t found;
	size_t f, i, n = 0;

	for (f = 0; f < sizeof(folders) / sizeof(folders[0]); f++) {
		snprintf(pattern, sizeof(pattern), "%s/%s/*", data, folders[f]);
		cr_assert_eq(glob(pattern, 0, NULL, &found), 0);
		for (i = 0; i < found.gl_pathc; i++, n++) {
			arena_reset(arena);
			expect_same(
			    j, found.gl_pathv[i] + strlen(data) + 1, arena);
		}
		globfree(&found);
	}
	cr_expect_gt(n, 100);
	arena_free(arena);
	jail_free(j);
}

/* A report to be varied, in static memory. */
static struct report
sample(void)
{
	static const char *strings[] = {"mode: enforce"};
	static struct failure failure = {.type = RESULT_OTHER,
	    .type_text = "x",
	    .sending_ip = "",
	    .receiving_mx = "",
	    .receiving_helo = "",
	    .receiving_ip = "",
	    .additional_information = "",
	    .reason_code = ""};
	static struct policy policy;
	static struct deviation deviation = {DEVIATION_ZIP, ""};

	policy = (struct policy){.type_text = "",
	    .domain = "example.com",
	    .strings = strings,
	    .nstrings = 1,
	    .failures = &failure,
	    .nfailures = 1};
	return (struct report){.reporter = "a",
	    .organization = "",
	    .contact = "",
	    .id = "1",
	    .submitter_header = "",
	    .domain_header = "",
	    .filename = "",
	    .subject = "",
	    .policies = &policy,
	    .npolicies = 1,
	    .deviations = &deviation,
	    .ndeviations = 1};
}

Test(again, each_change_is_told_apart)
{
	struct report a = sample(), b = a;
	struct policy p = a.policies[0];
	struct failure f = p.failures[0];

	cr_expect_eq(report_compare(&a, &b), 0);
	b.id = "2";
	cr_expect_eq(report_compare(&a, &b), CHANGED_IDENTITY);
	b = a;
	b.start = 1;
	cr_expect_eq(report_compare(&a, &b), CHANGED_IDENTITY);
	b = a;
	b.subject = "x";
	cr_expect_eq(report_compare(&a, &b), CHANGED_TEXTS);
	b = a;
	b.ndeviations = 0;
	cr_expect_eq(report_compare(&a, &b), CHANGED_DEVIATIONS);
	b = a;
	b.npolicies = 0;
	cr_expect_eq(
	    report_compare(&a, &b), CHANGED_FIGURES | CHANGED_IDENTITY);
	b = a;
	b.policies = &p;
	p.mode = MODE_TESTING;
	cr_expect_eq(report_compare(&a, &b), CHANGED_FIGURES);
	p = a.policies[0];
	p.nstrings = 0;
	cr_expect_eq(report_compare(&a, &b), CHANGED_TEXTS);
	p = a.policies[0];
	p.failures = &f;
	f.sessions = 1;
	cr_expect_eq(report_compare(&a, &b), CHANGED_FIGURES);
	f.sessions = 0;
	f.receiving_helo = "x";
	cr_expect_eq(report_compare(&a, &b), CHANGED_TEXTS);
}

Test(again, deviations_of_the_carriage_are_carried_over_and_come_first)
{
	struct arena *arena = arena_new(1024);
	struct deviation old[] = {{DEVIATION_ZIP, ""}, {DEVIATION_ALIAS, "x"}};
	struct deviation new[] = {{DEVIATION_JSON_BOM, ""}};
	struct report stored = sample(), fresh = sample();

	stored.deviations = old;
	stored.ndeviations = 2;
	stored.authenticity = AUTH_VERIFIED;
	stored.received = 77;
	fresh.deviations = new;
	fresh.ndeviations = 1;
	report_carry_over(&fresh, &stored, arena);
	cr_assert_eq(fresh.ndeviations, 2);
	cr_expect_eq(fresh.deviations[0].code, DEVIATION_ZIP);
	cr_expect_eq(fresh.deviations[1].code, DEVIATION_JSON_BOM);
	cr_expect_eq(fresh.authenticity, AUTH_VERIFIED);
	cr_expect_eq(fresh.received, 77);
	arena_free(arena);
}
