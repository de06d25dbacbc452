/* SPDX-License-Identifier: ISC */

/*
 * Snapshots of domains: what is taken from a look, how looks follow upon each
 * other, and their bytes.  Whatever fails must leave what is remembered as it
 * is.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "base/sha256.h"
#include "domain/snapshot.h"
#include "snapshot_kit.h"
#include "support.h"

static struct snapshot_kit kit;

static void
setup(void)
{
	snapshot_kit_setup(&kit);
}

static void
teardown(void)
{
	snapshot_kit_teardown(&kit);
}

TestSuite(snapshot, .init = setup, .fini = teardown);

/* ---- what is taken from a look ---- */

static struct snapshot
look(void)
{
	struct snapshot s;

	snapshot_look(&s, kit.arena, &kit.summary);
	return s;
}

Test(snapshot, a_good_domain_is_seen_whole)
{
	const struct snapshot s = look();

	cr_expect_eq(s.at, KIT_TIME_OF_LOOK);
	cr_expect_eq(s.tlsrpt.state, THING_GOOD);
	cr_expect_str_eq(s.tlsrpt.text, KIT_RECORD);
	cr_expect_eq(s.tlsrpt.destinations.n, 2);
	cr_expect_str_eq(s.tlsrpt.destinations.list[0], "https://h.example/v1");
	cr_expect(s.tlsrpt.secure);
	cr_expect_eq(s.sts.state, THING_GOOD);
	cr_expect_str_eq(s.sts.text, "20261101");
	cr_expect_eq(s.policy.state, THING_GOOD);
	cr_expect_eq(s.policy.mode, STS_TESTING);
	cr_expect_eq(s.policy.mx.n, 2);
	cr_expect_not_null(s.policy.sha256);
	cr_expect_eq(s.dane.n, 1);
	cr_expect_eq(s.no_dane.n, 1);
	cr_expect_eq(s.ncerts, 3);
	cr_expect_not(s.lying);
}

/* What is kept of two records at one name, of which one has n octets. */
static size_t
length_of_texts(size_t n)
{
	static struct summary_text texts[] = {{""}, {"y"}};
	char *text = support_repeat('x', n);
	struct snapshot s;
	size_t len;

	texts[0].text = text;
	kit.answers[SUMMARY_TLSRPT].data = texts;
	kit.answers[SUMMARY_TLSRPT].ndata = 2;
	kit.summary.nfindings = 0;
	snapshot_kit_find(&kit, CHECK_TLSRPT_MULTIPLE, SEVERITY_ERROR);
	s = look();
	cr_expect_eq(s.tlsrpt.state, THING_SEVERAL);
	len = strlen(s.tlsrpt.text);
	free(text);
	return len;
}

/* Each has quotes, and a space is between them. */
Test(snapshot, of_many_texts_2000_octets_are_kept)
{
	cr_expect_eq(length_of_texts(2000 - 6), 2000);
	cr_expect_eq(length_of_texts(2000 - 5), 2000);
	cr_expect_eq(length_of_texts(4000), 2000);
}

Test(snapshot, no_failure_is_ever_an_absence)
{
	static const enum fact_state states[] = {
	    FACT_NOT_ASKED, FACT_SERVFAIL, FACT_TIMEOUT, FACT_BOGUS};
	struct snapshot s;
	size_t i, k;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		for (k = 0; k < 2; k++)
			kit.answers[k].state = states[i];
		s = look();
		cr_expect_eq(s.tlsrpt.state, THING_NEVER);
		cr_expect_eq(s.sts.state, THING_NEVER);
		cr_expect_eq(s.policy.state, THING_NEVER);
		cr_expect_eq(s.tlsrpt.bogus, states[i] == FACT_BOGUS);
		cr_expect_not_null(s.tlsrpt.why);
		cr_expect_not(s.tlsrpt.certain);
	}
}

Test(snapshot, an_absence_is_certain_only_by_proof_or_by_its_own_servers)
{
	static const enum fact_state states[] = {FACT_NODATA, FACT_NXDOMAIN};
	struct snapshot s;
	size_t i;

	kit.summary.has_record = false;
	for (i = 0; i < 2; i++) {
		kit.answers[0].state = states[i];
		kit.answers[0].secure = kit.answers[0].authoritative = false;
		s = look();
		cr_expect_eq(s.tlsrpt.state, THING_ABSENT);
		cr_expect_not(s.tlsrpt.certain);
		kit.answers[0].authoritative = true;
		s = look();
		cr_expect(s.tlsrpt.certain);
		kit.answers[0].authoritative = false;
		kit.answers[0].secure = true;
		s = look();
		cr_expect(s.tlsrpt.certain);
	}
}

Test(snapshot, another_text_at_the_name_is_no_record)
{
	kit.summary.has_record = false;
	cr_expect_eq(look().tlsrpt.state, THING_ABSENT);
	kit.summary.sts_id = "";
	cr_expect_eq(look().sts.state, THING_ABSENT);
}

Test(snapshot, what_is_broken_or_there_twice_is_told_apart)
{
	kit.summary.verdict = RECORD_INVALID;
	cr_expect_eq(look().tlsrpt.state, THING_BROKEN);
	snapshot_kit_find(&kit, CHECK_TLSRPT_MULTIPLE, SEVERITY_ERROR);
	cr_expect_eq(look().tlsrpt.state, THING_SEVERAL);
	kit.summary.sts_id = "";
	snapshot_kit_find(&kit, CHECK_STS_RECORD_SYNTAX, SEVERITY_ERROR);
	cr_expect_eq(look().sts.state, THING_BROKEN);
	snapshot_kit_find(&kit, CHECK_STS_RECORD_MULTIPLE, SEVERITY_ERROR);
	cr_expect_eq(look().sts.state, THING_SEVERAL);
}

Test(snapshot, texts_are_the_same_in_any_order)
{
	struct summary_text data[] = {{"b"}, {"a"}}, other[] = {{"a"}, {"b"}};
	const char *first;

	snapshot_kit_find(&kit, CHECK_TLSRPT_MULTIPLE, SEVERITY_ERROR);
	kit.answers[0].data = data;
	kit.answers[0].ndata = 2;
	first = look().tlsrpt.text;
	cr_expect_str_eq(first, "\"a\" \"b\"");
	kit.answers[0].data = other;
	cr_expect_str_eq(look().tlsrpt.text, first);
}

Test(snapshot, a_policy_that_cannot_be_had_is_broken_only_by_an_error)
{
	kit.summary.policy.seen = false;
	kit.summary.policy.sha256 = NULL;
	cr_expect_eq(look().policy.state, THING_NEVER);
	snapshot_kit_find(&kit, CHECK_STS_FETCH_ERROR, SEVERITY_UNKNOWN);
	cr_expect_eq(look().policy.state, THING_NEVER);
	kit.findings[0].severity = SEVERITY_ERROR;
	cr_expect_eq(look().policy.state, THING_BROKEN);
	cr_expect_null(look().policy.sha256);
}

Test(snapshot, a_policy_that_cannot_be_read_is_broken)
{
	kit.summary.policy.usable = false;
	cr_expect_eq(look().policy.state, THING_BROKEN);
	cr_expect_not_null(look().policy.sha256);
}

Test(snapshot, tlsa_that_was_not_asked_for_says_nothing)
{
	kit.mx[0].tlsa = kit.mx[1].tlsa = FACT_TIMEOUT;
	cr_expect_eq(look().dane.n, 0);
	cr_expect_eq(look().no_dane.n, 0);
	kit.mx[0].tlsa = FACT_ANSWER;
	kit.mx[0].tlsa_secure = false;
	cr_expect_eq(look().no_dane.n, 1);
}

/* ---- one after the other ---- */

static struct snapshot
merge(const struct snapshot *before, const struct snapshot *now)
{
	struct snapshot s;

	snapshot_merge(&s, kit.arena, before, now);
	return s;
}

/* A look that finds the record absent. */
static struct snapshot
miss(bool certain)
{
	struct snapshot s = look();

	s.tlsrpt = (struct thing_record){
	    .state = THING_ABSENT, .text = "", .certain = certain};
	return s;
}

Test(snapshot, an_uncertain_absence_counts_when_it_is_seen_twice)
{
	const struct snapshot good = look(), gone = miss(false);
	struct snapshot now = merge(&good, &gone);

	cr_expect_eq(now.tlsrpt.state, THING_GOOD);
	cr_expect_str_eq(now.tlsrpt.text, KIT_RECORD);
	cr_expect_eq(now.tlsrpt.missed, 1);
	now = merge(&now, &gone);
	cr_expect_eq(now.tlsrpt.state, THING_ABSENT);
	cr_expect_eq(now.tlsrpt.missed, 0);
	now = merge(&now, &good);
	cr_expect_eq(now.tlsrpt.state, THING_GOOD);
}

Test(snapshot, a_certain_absence_counts_at_once)
{
	const struct snapshot good = look(), gone = miss(true);

	cr_expect_eq(merge(&good, &gone).tlsrpt.state, THING_ABSENT);
}

Test(snapshot, what_flaps_is_never_gone)
{
	const struct snapshot good = look(), gone = miss(false);
	struct snapshot now = good;
	int i;

	for (i = 0; i < 10; i++) {
		now = merge(&now, &gone);
		cr_expect_eq(now.tlsrpt.state, THING_GOOD);
		now = merge(&now, &good);
		cr_expect_eq(now.tlsrpt.missed, 0);
	}
}

Test(snapshot, a_failure_between_two_absences_neither_counts_nor_clears)
{
	const struct snapshot good = look(), gone = miss(false);
	struct snapshot failed = look(), now = merge(&good, &gone);

	failed.tlsrpt = (struct thing_record){.text = "", .why = "SERVFAIL"};
	now = merge(&now, &failed);
	cr_expect_eq(now.tlsrpt.state, THING_GOOD);
	cr_expect_eq(now.tlsrpt.missed, 1);
	cr_expect_eq(merge(&now, &gone).tlsrpt.state, THING_ABSENT);
}

Test(snapshot, failures_leave_everything_as_it_was)
{
	const struct snapshot good = look();
	struct snapshot failed, now = good;
	int i;

	snapshot_clear(&failed);
	failed.at = KIT_TIME_OF_LOOK + DAY_SECONDS;
	for (i = 0; i < 5; i++)
		now = merge(&now, &failed);
	cr_expect_eq(now.at, failed.at);
	now.at = good.at;
	now.tlsrpt.certain = good.tlsrpt.certain;
	now.sts.certain = good.sts.certain;
	snapshot_kit_expect_same(&kit, &now, &good);
}

Test(snapshot, a_policy_that_cannot_be_had_once_stays)
{
	const struct snapshot good = look();
	struct snapshot failed = look(), now;

	failed.policy = (struct thing_policy){.state = THING_BROKEN};
	now = merge(&good, &failed);
	cr_expect_eq(now.policy.state, THING_GOOD);
	cr_expect_eq(now.policy.missed, 1);
	now = merge(&now, &failed);
	cr_expect_eq(now.policy.state, THING_BROKEN);
}

Test(snapshot, a_policy_goes_with_its_record)
{
	const struct snapshot good = look();
	struct snapshot gone = look();

	gone.sts = (struct thing_record){
	    .state = THING_ABSENT, .text = "", .certain = true};
	gone.policy = (struct thing_policy){.state = THING_NEVER};
	cr_expect_eq(merge(&good, &gone).policy.state, THING_ABSENT);
	gone.sts.certain = false;
	cr_expect_eq(merge(&good, &gone).policy.state, THING_GOOD);
}

/* Senders hold to a policy in enforce when it is gone. */
Test(snapshot, a_policy_that_is_gone_is_known_by_when_it_was_last_seen)
{
	struct snapshot good = look(), gone = look(), now;
	struct past_facts past;
	unsigned i;

	good.policy.mode = STS_ENFORCE;
	gone.at += 60;
	gone.sts = (struct thing_record){
	    .state = THING_ABSENT, .text = "", .certain = true};
	gone.policy = (struct thing_policy){.state = THING_NEVER};
	now = good;
	for (i = 0; i < 3; i++) {
		now = merge(&now, &gone);
		gone.at += 60;
		past = (struct past_facts){.policy_id = NULL};
		snapshot_past(&now, &past);
		cr_expect_null(past.policy_id);
		cr_expect_eq(past.policy_mode, STS_ENFORCE);
		cr_expect_eq(past.policy_seen, good.at);
		cr_expect_eq(past.policy_max_age, good.policy.max_age);
	}
	gone = look();
	gone.policy =
	    (struct thing_policy){.state = THING_BROKEN, .why = "status 404"};
	now = merge(&good, &gone);
	now = merge(&now, &gone);
	cr_expect_eq(now.policy.state, THING_BROKEN);
	snapshot_past(&now, &past);
	cr_expect_eq(past.policy_mode, STS_ENFORCE);
	/* And one that was never in enforce is forgotten. */
	good.policy.mode = STS_TESTING;
	now = merge(&good, &gone);
	now = merge(&now, &gone);
	past = (struct past_facts){.policy_mode = STS_MODE_NONE_GIVEN};
	snapshot_past(&now, &past);
	cr_expect_eq(past.policy_seen, TIME_NONE);
}

Test(snapshot, the_body_first_seen_under_an_id_is_kept)
{
	static const unsigned char body[SHA256_LEN] = {1}, third[SHA256_LEN];
	const struct snapshot good = look();
	struct snapshot other = look(), now;

	other.policy.sha256 = other.policy.first = body;
	now = merge(&good, &other);
	cr_expect_eq(now.policy.first, good.policy.sha256);
	cr_expect_eq(now.policy.sha256, body);
	other.policy.sha256 = other.policy.first = third;
	now = merge(&now, &other);
	cr_expect_eq(now.policy.first, good.policy.sha256);
	other.sts.text = "20261102";
	now = merge(&now, &other);
	cr_expect_eq(now.policy.first, third);
}

Test(snapshot, the_time_of_a_mode_lasts_until_another)
{
	const struct snapshot good = look();
	struct snapshot later = look(), now;

	later.at = later.policy.mode_since = good.at + DAY_SECONDS;
	now = merge(&good, &later);
	cr_expect_eq(now.policy.mode_since, good.at);
	later.policy.mode = STS_ENFORCE;
	now = merge(&now, &later);
	cr_expect_eq(now.policy.mode_since, later.at);
}

Test(snapshot, certificates_that_are_not_seen_are_kept_until_they_end)
{
	const struct snapshot good = look();
	struct snapshot later = look();

	later.ncerts = 0;
	later.at = good.certs[0].not_after - 1;
	cr_expect_eq(merge(&good, &later).ncerts, 1);
	later.at++;
	cr_expect_eq(merge(&good, &later).ncerts, 0);
}

Test(snapshot, dane_is_lost_only_by_an_answer)
{
	const struct snapshot good = look();
	struct snapshot later = look();

	later.dane.n = later.no_dane.n = 0;
	cr_expect_eq(merge(&good, &later).dane.n, 1);
	later.no_dane = good.dane;
	cr_expect_eq(merge(&good, &later).dane.n, 0);
}

/* ---- accepting ---- */

Test(snapshot, what_is_good_from_the_first_needs_no_accepting)
{
	const struct snapshot good = look();
	struct snapshot accepted;

	snapshot_clear(&accepted);
	snapshot_adopt(&accepted, kit.arena, &good);
	cr_expect_eq(accepted.tlsrpt.state, THING_GOOD);
	cr_expect_eq(accepted.sts.state, THING_GOOD);
	cr_expect_eq(accepted.policy.state, THING_GOOD);
	cr_expect_eq(accepted.dane.n, 1);
}

Test(snapshot, what_is_bad_from_the_first_is_not_accepted_by_that)
{
	static const enum thing_state states[] = {
	    THING_ABSENT, THING_BROKEN, THING_SEVERAL};
	struct snapshot now = look(), accepted;
	size_t i;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		now.tlsrpt.state = states[i];
		snapshot_clear(&accepted);
		snapshot_adopt(&accepted, kit.arena, &now);
		cr_expect_eq(accepted.tlsrpt.state, THING_NEVER);
		snapshot_accept(&accepted, &now);
		cr_expect_eq(accepted.tlsrpt.state, states[i]);
	}
}

Test(snapshot, protection_that_was_gained_is_adopted_and_an_edit_is_not)
{
	struct snapshot now = look(), accepted = look();

	accepted.tlsrpt.secure = false;
	accepted.dane.n = 0;
	now.tlsrpt.text = "v=TLSRPTv1; rua=mailto:x@example.net";
	snapshot_adopt(&accepted, kit.arena, &now);
	cr_expect(accepted.tlsrpt.secure);
	cr_expect_eq(accepted.dane.n, 1);
	cr_expect_str_eq(accepted.tlsrpt.text, KIT_RECORD);
	now.tlsrpt.secure = false;
	snapshot_adopt(&accepted, kit.arena, &now);
	cr_expect(accepted.tlsrpt.secure);
}

Test(snapshot, the_past_tells_the_policy_and_since_when_it_is_tested)
{
	struct snapshot s = look();
	struct past_facts past = {0};

	snapshot_past(&s, &past);
	cr_expect_str_eq(past.policy_id, "20261101");
	cr_expect_eq(past.policy_mode, STS_TESTING);
	cr_expect_eq(past.testing_since, KIT_TIME_OF_LOOK);
	cr_expect_eq(past.policy_seen, KIT_TIME_OF_LOOK);
	s.policy.mode = STS_ENFORCE;
	snapshot_past(&s, &past);
	cr_expect_eq(past.testing_since, TIME_NONE);
	snapshot_clear(&s);
	past = (struct past_facts){.policy_seen = 1};
	snapshot_past(&s, &past);
	cr_expect_null(past.policy_id);
	cr_expect_eq(past.policy_seen, TIME_NONE);
}
