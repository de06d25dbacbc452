/* SPDX-License-Identifier: ISC */

/*
 * Differences between snapshots: each kind when it is due and not when
 * something near by is, thresholds on both sides, and nothing at all where
 * nothing changed.
 */

#include "config.h"

#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "base/sha256.h"
#include "domain/compare.h"
#include "snapshot_kit.h"

static struct snapshot_kit kit;
static struct snapshot accepted, now, seen;
static struct differences found;

static void
setup(void)
{
	snapshot_kit_setup(&kit);
	snapshot_look(&accepted, kit.arena, &kit.summary);
	now = seen = accepted;
}

static void
teardown(void)
{
	snapshot_kit_teardown(&kit);
}

TestSuite(compare, .init = setup, .fini = teardown);

static void
compare_at(int64_t time)
{
	const struct comparison c = {.domain = "e.example",
	    .accepted = &accepted,
	    .now = &now,
	    .look = &seen,
	    .time = time,
	    .warning_days = CERTIFICATE_WARNING_DAYS,
	    .critical_days = CERTIFICATE_CRITICAL_DAYS};

	compare_snapshots(&found, kit.arena, &c);
}

/* Expects one difference, and returns it. */
static const struct difference *
only(enum difference_kind kind)
{
	static const struct difference none = {.message = "", .fix = ""};

	compare_at(KIT_TIME_OF_LOOK);
	cr_expect_eq(found.n, 1, "%zu, not one %s: %s", found.n,
	    difference_name(kind), found.n > 0 ? found.items[0].message : "");
	if (found.n == 0)
		return &none;
	cr_expect_eq(found.items[0].kind, kind, "%s",
	    difference_name(found.items[0].kind));
	return &found.items[0];
}

Test(compare, nothing_is_said_of_what_is_as_it_was)
{
	compare_at(KIT_TIME_OF_LOOK);
	cr_expect_eq(found.n, 0);
}

Test(compare, every_kind_has_a_name_of_its_own)
{
	int i, k;

	for (i = 0; i < DIFFERENCE_COUNT; i++)
		for (k = 0; k < i; k++)
			cr_expect_str_neq(
			    difference_name(i), difference_name(k));
}

Test(compare, a_record_that_was_added)
{
	accepted.tlsrpt =
	    (struct thing_record){.state = THING_ABSENT, .text = ""};
	cr_expect_eq(only(DIFFERENCE_ADDED)->severity, SEVERITY_WARNING);
}

Test(compare, an_edit_names_what_went_and_what_came)
{
	static const char *list[] = {"https://h.example/v1", "mailto:x@new.e"};
	const struct difference *d;

	now.tlsrpt.text = "v=TLSRPTv1; rua=mailto:x@new.e";
	now.tlsrpt.destinations = (struct thing_names){list, 2};
	d = only(DIFFERENCE_EDITED);
	cr_expect_not_null(strstr(d->message, "gone: mailto:tls@r.example;"));
	cr_expect_not_null(strstr(d->message, "new: mailto:x@new.e;"));
	cr_expect_null(strstr(d->message, "gone: https"));
	cr_expect_not_null(
	    strstr(d->fix, "tlstally monitor --accept e.example"));
}

Test(compare, an_edit_that_keeps_the_destinations_says_so)
{
	now.tlsrpt.text = KIT_RECORD ";";
	cr_expect_not_null(strstr(
	    only(DIFFERENCE_EDITED)->message, "the destinations are the same"));
}

Test(compare, a_record_that_is_gone_was_deleted_or_never_there)
{
	now.tlsrpt = (struct thing_record){.state = THING_ABSENT, .text = ""};
	cr_expect_eq(only(DIFFERENCE_DELETED)->severity, SEVERITY_ERROR);
	accepted.tlsrpt.state = THING_NEVER;
	cr_expect_eq(only(DIFFERENCE_MISSING)->severity, SEVERITY_WARNING);
	accepted.tlsrpt = now.tlsrpt;
	compare_at(KIT_TIME_OF_LOOK);
	cr_expect_eq(found.n, 0);
}

Test(compare, without_mta_sts_nothing_is_missing)
{
	now.sts = (struct thing_record){.state = THING_ABSENT, .text = ""};
	now.policy = (struct thing_policy){.state = THING_ABSENT};
	cr_expect_eq(only(DIFFERENCE_DELETED)->severity, SEVERITY_ERROR);
	accepted.sts.state = THING_NEVER;
	compare_at(KIT_TIME_OF_LOOK);
	cr_expect_eq(found.n, 0);
}

Test(compare, a_broken_or_doubled_record_is_told_until_it_is_accepted)
{
	now.tlsrpt.state = THING_BROKEN;
	only(DIFFERENCE_BROKEN);
	accepted.tlsrpt.state = THING_NEVER;
	only(DIFFERENCE_BROKEN);
	accepted.tlsrpt = now.tlsrpt;
	compare_at(KIT_TIME_OF_LOOK);
	cr_expect_eq(found.n, 0);
	now.tlsrpt.state = THING_SEVERAL;
	only(DIFFERENCE_DUPLICATED);
	now.tlsrpt.state = THING_GOOD;
	only(DIFFERENCE_EDITED);
}

Test(compare, another_alias)
{
	static const char *list[] = {"r.provider.example"};

	now.tlsrpt.aliases = (struct thing_names){list, 1};
	cr_expect_not_null(strstr(only(DIFFERENCE_ALIAS)->message,
	    "led to no other name, and leads to r.provider.example"));
	accepted.tlsrpt.aliases = now.tlsrpt.aliases;
	now.tlsrpt.aliases.n = 0;
	only(DIFFERENCE_ALIAS);
}

Test(compare, dnssec_that_is_lost_and_not_that_is_gained)
{
	now.tlsrpt.secure = false;
	cr_expect_eq(only(DIFFERENCE_DNSSEC_LOST)->severity, SEVERITY_WARNING);
	accepted.tlsrpt.secure = false;
	now.tlsrpt.secure = true;
	compare_at(KIT_TIME_OF_LOOK);
	cr_expect_eq(found.n, 0);
}

Test(compare, a_failure_is_unknown_and_nothing_else)
{
	seen.tlsrpt = (struct thing_record){.text = "", .why = "SERVFAIL"};
	cr_expect_eq(only(DIFFERENCE_UNKNOWN)->severity, SEVERITY_UNKNOWN);
	seen.tlsrpt.why = NULL;
	only(DIFFERENCE_UNKNOWN);
}

Test(compare, bogus_is_an_error_of_the_zone_or_of_the_resolver)
{
	seen.tlsrpt = (struct thing_record){.text = "", .bogus = true};
	cr_expect_eq(only(DIFFERENCE_BOGUS)->severity, SEVERITY_ERROR);
	seen.lying = true;
	only(DIFFERENCE_UNKNOWN);
	seen.lying = false;
	now.tlsrpt.secure = accepted.tlsrpt.secure = false;
	only(DIFFERENCE_UNKNOWN);
}

Test(compare, one_miss_is_a_doubt)
{
	now.tlsrpt.missed = 1;
	seen.tlsrpt.state = THING_ABSENT;
	cr_expect_eq(only(DIFFERENCE_DOUBT)->severity, SEVERITY_UNKNOWN);
	now.tlsrpt.missed = 0;
	now.policy.missed = 1;
	seen.tlsrpt = now.tlsrpt;
	only(DIFFERENCE_DOUBT);
}

Test(compare, a_policy_of_the_same_id_and_of_another)
{
	static const unsigned char body[SHA256_LEN] = {7};

	now.policy.sha256 = body;
	now.policy.mode = STS_ENFORCE;
	compare_at(KIT_TIME_OF_LOOK);
	cr_assert_eq(found.n, 2);
	cr_expect_eq(found.items[0].kind, DIFFERENCE_POLICY_SAME_ID);
	cr_expect_eq(found.items[1].kind, DIFFERENCE_POLICY_EDITED);
	cr_expect_not_null(
	    strstr(found.items[1].message, "mode enforce instead of testing"));
	now.policy.first = body;
	only(DIFFERENCE_POLICY_EDITED);
	now.policy.first = now.policy.sha256 = accepted.policy.sha256;
	compare_at(KIT_TIME_OF_LOOK);
	cr_expect_eq(found.n, 0);
}

Test(compare, a_policy_that_is_of_no_use)
{
	now.policy = (struct thing_policy){.state = THING_BROKEN};
	seen.policy =
	    (struct thing_policy){.state = THING_BROKEN, .why = "status 404"};
	cr_expect_not_null(
	    strstr(only(DIFFERENCE_POLICY_BROKEN)->message, "status 404"));
	accepted.policy = now.policy;
	compare_at(KIT_TIME_OF_LOOK);
	cr_expect_eq(found.n, 0);
}

Test(compare, a_policy_in_enforce_that_was_removed_too_early)
{
	now.policy = (struct thing_policy){.state = THING_ABSENT,
	    .mode = STS_ENFORCE,
	    .max_age = 86400,
	    .mode_since = KIT_TIME_OF_LOOK - 86400};
	compare_at(KIT_TIME_OF_LOOK);
	cr_expect_eq(found.n, 0, "max_age is over");
	now.policy.mode_since++;
	cr_expect_not_null(strstr(
	    only(DIFFERENCE_POLICY_REMOVED)->message, "enforce it until"));
	now.policy.mode = STS_TESTING;
	compare_at(KIT_TIME_OF_LOOK);
	cr_expect_eq(found.n, 0, "only testing");
	now.policy.mode = STS_ENFORCE;
	accepted.policy = now.policy;
	compare_at(KIT_TIME_OF_LOOK);
	cr_expect_eq(found.n, 0, "accepted");
}

Test(compare, dane_that_is_lost)
{
	now.dane.n = 0;
	cr_expect_not_null(
	    strstr(only(DIFFERENCE_DANE_LOST)->message, "mx1.e.example"));
	accepted.dane.n = 0;
	compare_at(KIT_TIME_OF_LOOK);
	cr_expect_eq(found.n, 0);
}

/* The severity of a certificate that ends in so many seconds; OK for none. */
static enum severity
ends_in(int64_t seconds)
{
	now.ncerts = 1;
	compare_at(now.certs[0].not_after - seconds);
	cr_expect_leq(found.n, 1);
	return found.n > 0 ? found.items[0].severity : SEVERITY_OK;
}

Test(compare, a_certificate_ends_on_both_sides_of_every_threshold)
{
	cr_expect_eq(ends_in(14 * DAY_SECONDS), SEVERITY_OK);
	cr_expect_eq(ends_in(14 * DAY_SECONDS - 1), SEVERITY_WARNING);
	cr_expect_eq(found.items[0].kind, DIFFERENCE_CERTIFICATE_ENDS);
	cr_expect_not_null(strstr(found.items[0].message, "in 13 days"));
	cr_expect_null(strstr(found.items[0].fix, "--accept"));
	cr_expect_eq(ends_in(3 * DAY_SECONDS), SEVERITY_WARNING);
	cr_expect_eq(ends_in(3 * DAY_SECONDS - 1), SEVERITY_ERROR);
	cr_expect_eq(ends_in(DAY_SECONDS), SEVERITY_ERROR);
	cr_expect_not_null(strstr(found.items[0].message, "in 1 day,"));
	cr_expect_eq(ends_in(0), SEVERITY_ERROR);
	cr_expect_eq(found.items[0].kind, DIFFERENCE_CERTIFICATE_ENDS);
	cr_expect_eq(ends_in(-1), SEVERITY_ERROR);
	cr_expect_eq(found.items[0].kind, DIFFERENCE_CERTIFICATE_ENDED);
}

Test(compare, thresholds_of_no_days_tell_nothing_but_the_end)
{
	struct comparison c = {.domain = "e.example",
	    .accepted = &accepted,
	    .now = &now,
	    .look = &seen};

	now.ncerts = 1;
	c.time = now.certs[0].not_after;
	compare_snapshots(&found, kit.arena, &c);
	cr_expect_eq(found.n, 0);
	c.time++;
	compare_snapshots(&found, kit.arena, &c);
	cr_expect_eq(found.n, 1);
}

Test(compare, long_texts_and_lists_are_cut)
{
	static const char *list[100];
	char text[4000];
	size_t i;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (i = 0; i < 100; i++)
		list[i] = text;
	now.tlsrpt.text = text;
	now.tlsrpt.destinations = (struct thing_names){list, 100};
	cr_expect_not_null(
	    strstr(only(DIFFERENCE_EDITED)->message, "and 97 more"));
	cr_expect_lt(strlen(found.items[0].message), 1200);
}
