/* SPDX-License-Identifier: ISC */

/*
 * A report counts once: duplicates, conflicts and displacement.
 */

#include "config.h"

#include <stdio.h>
#include <sysexits.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "store_kit.h"
#include "support.h"

TestSuite(store, .init = store_kit_setup, .fini = store_kit_teardown);

/* A report that all tests here begin with. */
static struct report *
first(void)
{
	return store_kit_report(&kit, "example.net", "id-1", "example.com");
}

static enum outcome
add(struct report *r)
{
	return store_kit_add(&kit, r);
}

static void
expect_successful(int64_t expected)
{
	cr_expect_eq(store_kit_rows(&kit, NULL).successful, expected);
}

Test(store, a_new_report_is_counted)
{
	cr_expect_eq(add(first()), OUTCOME_REPORT);
	expect_successful(100);
	cr_expect_eq(kit.tally.counts[OUTCOME_REPORT], 1);
}

Test(store, conformance_77_the_same_report_twice_counts_once)
{
	struct report *r = first();

	cr_expect_eq(add(r), OUTCOME_REPORT);
	cr_expect_eq(add(r), OUTCOME_DUPLICATE);
	cr_expect_eq(add(r), OUTCOME_DUPLICATE);
	expect_successful(100);
	cr_expect_eq(kit.tally.counts[OUTCOME_DUPLICATE], 2);
	cr_expect_eq(store_kit_sql(&kit, "SELECT count(*) FROM report"), 1);
}

Test(store, conformance_78_the_same_id_of_another_submitter_counts_too)
{
	struct report *r = first(), *s = store_kit_other(&kit, r);

	s->reporter = "example.org";
	cr_expect_eq(add(r), OUTCOME_REPORT);
	cr_expect_eq(add(s), OUTCOME_REPORT);
	expect_successful(200);
}

Test(store, the_same_json_is_a_duplicate_after_the_store_was_closed)
{
	struct report *r = first();

	add(r);
	store_kit_reopen(&kit, STORE_WRITE);
	cr_expect_eq(add(r), OUTCOME_DUPLICATE);
}

Test(store, the_same_json_with_other_headers_is_a_duplicate)
{
	struct report *r = first(), again = *r;
	struct policy p = r->policies[0];

	cr_expect_eq(add(r), OUTCOME_REPORT);
	again.reporter = "forwarder.example";
	p.domain = "";
	again.policies = &p;
	again.authenticity = AUTH_FAILED;
	cr_expect_eq(add(&again), OUTCOME_DUPLICATE);
	expect_successful(100);
}

Test(store, the_same_id_with_another_content_is_a_conflict)
{
	struct report *r = first(), *s = store_kit_other(&kit, r);
	struct stored_report stored;

	cr_expect_eq(add(r), OUTCOME_REPORT);
	cr_expect_eq(add(s), OUTCOME_CONFLICT);
	cr_expect_eq(add(s), OUTCOME_DUPLICATE);
	expect_successful(100);
	stored = store_kit_read(&kit, 2);
	cr_expect(stored.conflict);
	cr_expect_eq(stored.rival, 1);
	stored = store_kit_read(&kit, 1);
	cr_expect_not(stored.conflict);
	cr_expect_eq(stored.rival, 0);
}

Test(store, a_flood_of_conflicts_is_kept_and_not_counted)
{
	struct report *r = first();
	int i;

	add(r);
	for (i = 0; i < 200; i++)
		cr_assert_eq(
		    add(store_kit_other(&kit, r)), OUTCOME_CONFLICT, "%d", i);
	expect_successful(100);
	cr_expect_eq(store_kit_sql(
			 &kit, "SELECT count(*) FROM report WHERE counted = 0"),
	    200);
}

/* Each changes one part of the identity. */
static void
other_id(struct report *r)
{
	r->id = "id-2";
}

static void
other_start(struct report *r)
{
	r->start++;
}

static void
other_end(struct report *r)
{
	r->end++;
}

static void
other_day(struct report *r)
{
	r->start += DAY_SECONDS;
	r->end += DAY_SECONDS;
	r->day++;
}

static void
other_domain(struct report *r)
{
	static struct policy p;

	p = r->policies[0];
	p.domain = "www.example.com";
	r->policies = &p;
}

static void
no_policy(struct report *r)
{
	r->npolicies = 0;
}

/* What another split of the same bytes between id and reporter would be. */
static void
shifted(struct report *r)
{
	r->reporter = "example.neti";
	r->id = "d-1";
}

Test(store, whatever_differs_in_the_identity_makes_another_report)
{
	static void (*const changes[])(struct report *) = {other_id,
	    other_start, other_end, other_day, other_domain, no_policy,
	    shifted};
	size_t i;

	add(first());
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct report *r = first();

		changes[i](r);
		cr_expect_eq(add(r), OUTCOME_REPORT, "change %zu", i);
	}
}

Test(store, the_order_and_number_of_a_domains_policies_are_no_identity)
{
	struct report *r = first(), *s;

	store_kit_policies(&kit, r, 3);
	r->policies[1].domain = "b.example.com";
	add(r);
	s = store_kit_other(&kit, r);
	store_kit_policies(&kit, s, 4);
	s->policies[0].domain = "b.example.com";
	cr_expect_eq(add(s), OUTCOME_CONFLICT);
	s = store_kit_other(&kit, s);
	s->policies[3].domain = "c.example.com";
	cr_expect_eq(add(s), OUTCOME_REPORT);
}

Test(store, what_differs_beside_the_identity_is_a_conflict)
{
	struct report *r = first(), *s = store_kit_other(&kit, r);

	s->organization = "Another";
	s->contact = "";
	s->received = KIT_NOW;
	s->subject = "Report Domain: example.com";
	add(r);
	cr_expect_eq(add(s), OUTCOME_CONFLICT);
}

Test(store, a_verified_report_displaces_one_that_is_not)
{
	struct report *r = first(), *s = store_kit_other(&kit, r);

	store_kit_fail(&kit, &r->policies[0], RESULT_VALIDATION_FAILURE, 3);
	s->authenticity = AUTH_VERIFIED;
	s->policies = arena_calloc(kit.arena, 1, sizeof(*s->policies));
	s->policies[0] = r->policies[0];
	s->policies[0].nfailures = 0;
	s->policies[0].successful = 7;
	add(r);
	cr_expect_eq(add(s), OUTCOME_REPORT);
	expect_successful(7);
	cr_expect_eq(store_kit_rows(&kit, NULL).failures, 0);
	cr_expect(store_kit_read(&kit, 1).conflict);
	cr_expect_eq(store_kit_read(&kit, 1).rival, 2);
	cr_expect_not(store_kit_read(&kit, 2).conflict);
	cr_expect_eq(add(r), OUTCOME_DUPLICATE);
	expect_successful(7);
}

Test(store, a_verified_report_does_not_displace_another)
{
	struct report *r = first(), *s = store_kit_other(&kit, r);

	r->authenticity = s->authenticity = AUTH_VERIFIED;
	cr_expect_eq(add(r), OUTCOME_REPORT);
	cr_expect_eq(add(s), OUTCOME_CONFLICT);
	expect_successful(100);
}

Test(store, a_failed_report_displaces_nothing)
{
	struct report *r = first(), *s = store_kit_other(&kit, r);

	s->authenticity = AUTH_FAILED;
	cr_expect_eq(add(r), OUTCOME_REPORT);
	cr_expect_eq(add(s), OUTCOME_CONFLICT);
}

/* Leaves the authenticity of every row of policies in a list by number. */
static int
keep_authenticity(void *arg, const struct policy_row *row)
{
	int64_t *found = arg;

	*found = *found == -1 || *found == (int64_t)row->authenticity
	    ? (int64_t)row->authenticity
	    : -2;
	return 0;
}

/* The authenticity that the only counted report and its rows have; -1 if
 * they differ. */
static int64_t
authenticity_of(int number)
{
	const struct filter all = store_kit_all();
	int64_t in_rows = -1;
	const struct row_reader reader = {
	    .policy = keep_authenticity, .arg = &in_rows};
	char sql[128];

	snprintf(sql, sizeof(sql),
	    "SELECT authenticity FROM report WHERE id = %d", number);
	cr_assert_eq(store_rows(kit.s, &all, &reader, &kit.err), 0);
	return store_kit_sql(&kit, sql) == in_rows ? in_rows : -1;
}

Test(store, a_verified_duplicate_verifies_the_stored_report_and_its_rows)
{
	struct report *r = first(), again;

	store_kit_fail(&kit, &r->policies[0], RESULT_VALIDATION_FAILURE, 3);
	r->authenticity = AUTH_FAILED;
	add(r);
	cr_expect_eq(authenticity_of(1), AUTH_FAILED);
	again = *r;
	again.authenticity = AUTH_VERIFIED;
	cr_expect_eq(add(&again), OUTCOME_DUPLICATE);
	cr_expect_eq(authenticity_of(1), AUTH_VERIFIED);
	again.authenticity = AUTH_FAILED;
	cr_expect_eq(add(&again), OUTCOME_DUPLICATE);
	cr_expect_eq(authenticity_of(1), AUTH_VERIFIED);
}

Test(store, a_duplicate_verified_for_another_reporter_verifies_nothing)
{
	struct report *r = first(), again = *r;

	add(r);
	again.reporter = "forwarder.example";
	again.authenticity = AUTH_VERIFIED;
	cr_expect_eq(add(&again), OUTCOME_DUPLICATE);
	cr_expect_eq(authenticity_of(1), AUTH_UNCHECKED);
}

Test(store, a_conflict_that_is_verified_later_displaces_the_counted_one)
{
	struct report *r = first(), *s = store_kit_other(&kit, r);

	add(r);
	add(s);
	s->authenticity = AUTH_VERIFIED;
	cr_expect_eq(add(s), OUTCOME_DUPLICATE);
	cr_expect(store_kit_read(&kit, 1).conflict);
	cr_expect_not(store_kit_read(&kit, 2).conflict);
	expect_successful(100);
	/* Now the first is verified as well: it stays where it is. */
	r->authenticity = AUTH_VERIFIED;
	cr_expect_eq(add(r), OUTCOME_DUPLICATE);
	cr_expect_eq(authenticity_of(1), AUTH_VERIFIED);
	cr_expect(store_kit_read(&kit, 1).conflict);
	expect_successful(100);
}

/* Adds one message of several reports. */
static enum outcome
add_together(struct report **list, size_t n, size_t nfaults)
{
	struct fault faults[2] = {
	    {FAULT_UNUSABLE, "no policies"}, {FAULT_BOUND, "too large"}};
	struct decoded d = {.arena = kit.arena,
	    .reports = list,
	    .nreports = n,
	    .faults = faults,
	    .nfaults = nfaults};

	return store_kit_add_message(&kit, "together", &d, KIT_NOW);
}

Test(store, duplicates_and_conflicts_within_one_message_are_found)
{
	struct report *r = first();
	struct report *list[] = {r, r, store_kit_other(&kit, r)};

	cr_expect_eq(add_together(list, 3, 0), OUTCOME_REPORT);
	cr_expect_eq(kit.tally.counts[OUTCOME_REPORT], 1);
	cr_expect_eq(kit.tally.counts[OUTCOME_DUPLICATE], 1);
	cr_expect_eq(kit.tally.counts[OUTCOME_CONFLICT], 1);
	expect_successful(100);
}

Test(store, a_message_has_the_best_outcome_of_its_reports)
{
	struct report *r = first();
	struct report *list[] = {r, store_kit_other(&kit, r)};

	add(r);
	cr_expect_eq(add_together(list, 1, 0), OUTCOME_DUPLICATE);
	cr_expect_eq(add_together(list, 2, 0), OUTCOME_CONFLICT);
	cr_expect_eq(store_kit_sql(&kit,
			 "SELECT report FROM seen WHERE key = 'together'"),
	    2);
}

Test(store, a_fault_makes_the_message_a_reject_and_its_reports_count)
{
	struct report *list[] = {first()};

	cr_expect_eq(add_together(list, 1, 2), OUTCOME_REJECT);
	cr_expect_eq(kit.tally.counts[OUTCOME_REPORT], 1);
	cr_expect_eq(kit.tally.counts[OUTCOME_REJECT], 1);
	cr_expect_eq(store_kit_sql(&kit, "SELECT count(*) FROM reject"), 2);
	expect_successful(100);
}

Test(store, a_message_without_anything_is_foreign)
{
	cr_expect_eq(add_together(NULL, 0, 0), OUTCOME_FOREIGN);
	cr_expect_eq(kit.tally.counts[OUTCOME_FOREIGN], 1);
}

Test(store, a_rollback_leaves_nothing)
{
	struct report *r = first();
	struct decoded d = {.arena = kit.arena, .reports = &r, .nreports = 1};
	struct receipt receipt = {1, "k", "l", KIT_NOW};
	enum outcome outcome;
	struct seen seen;

	r->policies[0].mx_hosts = &r->id;
	r->policies[0].nmx_hosts = 1;
	cr_assert_eq(store_begin(kit.s, &kit.err), 0);
	cr_assert_eq(
	    store_source(kit.s, "x", "file", &receipt.source, &kit.err), 0);
	cr_assert_eq(
	    store_add(kit.s, &receipt, &d, &outcome, &kit.tally, &kit.err), 0);
	store_rollback(kit.s);
	store_rollback(kit.s);
	expect_successful(0);
	cr_expect_eq(
	    store_seen(kit.s, receipt.source, "k", &seen, &kit.err), 0);
	/* The numbers of its texts were never given: they are asked anew. */
	store_kit_add(&kit, store_kit_report(&kit, "a.example", "i", "b"));
	cr_expect_eq(add(r), OUTCOME_REPORT);
	cr_expect_str_eq(
	    store_kit_read(&kit, 2).report->reporter, "example.net");
	cr_expect_str_eq(
	    store_kit_read(&kit, 2).report->policies[0].mx_hosts[0], "id-1");
}

Test(store, adding_outside_a_transaction_is_our_own_mistake,
    .exit_code = EX_SOFTWARE)
{
	struct decoded d = {.arena = kit.arena};
	struct receipt receipt = {1, "k", "l", KIT_NOW};
	enum outcome outcome;

	/* No teardown follows. */
	support_remove(kit.dir);
	store_add(kit.s, &receipt, &d, &outcome, &kit.tally, &kit.err);
}

Test(store, names_pruned_by_another_process_are_asked_for_again)
{
	struct report *r = first();

	add(r);
	store_kit_sql(&kit, "DELETE FROM report");
	store_kit_sql(&kit, "DELETE FROM ledger");
	store_kit_sql(&kit, "DELETE FROM stream");
	store_kit_sql(&kit, "DELETE FROM name");
	cr_expect_eq(add(r), OUTCOME_REPORT);
	cr_expect_str_eq(
	    store_kit_read(&kit, 1).report->organization, "Example");
	expect_successful(100);
}
