/* SPDX-License-Identifier: ISC */

/*
 * What a person does to rejects, and pruning with its floor day.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "store/private.h"
#include "store/upkeep.h"
#include "store_kit.h"
#include "support.h"

TestSuite(store_prune, .init = store_kit_setup, .fini = store_kit_teardown);

/* A report of another day than the kit's. */
static struct report *
report_of(int32_t day, const char *id, const char *domain)
{
	struct report *r = store_kit_report(&kit, "reporter", id, domain);

	r->day = day;
	r->start = (int64_t)day * DAY_SECONDS;
	r->end = r->start + DAY_SECONDS - 1;
	return r;
}

static struct pruned
prune(int32_t floor_day)
{
	struct pruned pruned;

	cr_assert_eq(store_prune(kit.s, floor_day, &pruned, &kit.err), 0, "%s",
	    kit.err.text);
	return pruned;
}

static bool
is_final(const char *key)
{
	struct seen seen;

	cr_assert_eq(store_seen(kit.s, kit.source, key, &seen, &kit.err), 1);
	return seen_is_final(&seen);
}

static int
count_reject(void *arg, const struct reject_line *line)
{
	(void)line;
	++*(int *)arg;
	return 0;
}

static int
rejects(void)
{
	int n = 0;

	cr_assert_eq(store_each_reject(kit.s, count_reject, &n, &kit.err), 0);
	return n;
}

Test(store_prune, a_retry_offers_every_reject_again_whatever_its_tries)
{
	struct retry retry;
	struct seen seen;
	int i;

	store_kit_add(&kit, store_kit_report(&kit, "a", "b", "c"));
	store_kit_reject(&kit, "bad", FAULT_UNUSABLE, "no date", KIT_NOW);
	for (i = 0; i < SEEN_TRIES_MAX; i++)
		store_kit_reject(&kit, "big", FAULT_RESOURCE, "full", KIT_NOW);
	cr_expect(is_final("bad"));
	cr_expect(is_final("big"));
	cr_assert_eq(store_begin(kit.s, &kit.err), 0);
	cr_assert_eq(store_retry_rejects(kit.s, &retry, &kit.err), 0);
	cr_assert_eq(store_commit(kit.s, &kit.err), 0);
	cr_expect_eq(retry.messages, 2);
	cr_expect_eq(retry.piped, 0);
	cr_expect_not(is_final("bad"));
	cr_expect_not(is_final("big"));
	cr_expect(is_final("message-1"), "a report is not offered again");
	cr_expect_eq(rejects(), 2, "they stay until they are read");
	/* Tries begin anew. */
	store_kit_reject(&kit, "big", FAULT_RESOURCE, "full", KIT_NOW);
	cr_assert_eq(store_seen(kit.s, kit.source, "big", &seen, &kit.err), 1);
	cr_expect_eq(seen.tries, 1);
	cr_expect_eq(rejects(), 2);
}

Test(store_prune, what_came_by_a_pipe_is_counted_apart)
{
	struct fault fault = {FAULT_UNUSABLE, "cut"};
	struct decoded d = {.arena = kit.arena, .faults = &fault, .nfaults = 1};
	struct receipt receipt = {0, "hash", "standard input", KIT_NOW};
	enum outcome outcome;
	struct retry retry;

	store_kit_reject(&kit, "bad", FAULT_UNUSABLE, "no date", KIT_NOW);
	cr_assert_eq(store_begin(kit.s, &kit.err), 0);
	cr_assert_eq(
	    store_source(kit.s, "-", "stdin", &receipt.source, &kit.err), 0);
	cr_assert_eq(
	    store_add(kit.s, &receipt, &d, &outcome, &kit.tally, &kit.err), 0);
	cr_assert_eq(store_retry_rejects(kit.s, &retry, &kit.err), 0);
	cr_assert_eq(store_commit(kit.s, &kit.err), 0);
	cr_expect_eq(retry.messages, 1);
	cr_expect_eq(retry.piped, 1);
}

Test(store_prune, a_forgotten_reject_is_off_the_list_and_never_read_again)
{
	struct seen seen;

	store_kit_reject(&kit, "one", FAULT_UNUSABLE, "x", KIT_NOW);
	store_kit_reject(&kit, "two", FAULT_RESOURCE, "x", KIT_NOW);
	cr_expect_not(is_final("two"));
	cr_assert_eq(store_begin(kit.s, &kit.err), 0);
	cr_expect_eq(store_forget_reject(kit.s, 2, &kit.err), 0);
	cr_expect_eq(store_forget_reject(kit.s, 2, &kit.err), -1);
	cr_expect_eq(kit.err.code, ERR_NOINPUT);
	cr_expect_eq(store_forget_reject(kit.s, 0, &kit.err), -1);
	cr_assert_eq(store_commit(kit.s, &kit.err), 0);
	cr_expect(is_final("two"));
	cr_assert_eq(store_seen(kit.s, kit.source, "two", &seen, &kit.err), 1);
	cr_expect_gt(
	    seen.decoder, DECODER_VERSION + 1000000, "nor by a better decoder");
	cr_expect_eq(rejects(), 1);
}

Test(store_prune, a_store_that_was_never_pruned_has_no_floor)
{
	int32_t day;

	cr_assert_eq(store_floor_day(kit.s, &day, &kit.err), 0);
	cr_expect_eq(day, DAY_NONE);
	/* The calendar's first day is no floor to anything. */
	cr_expect_eq(store_kit_add(&kit, report_of(DAY_MIN, "1", "a.example")),
	    OUTCOME_REPORT);
}

Test(store_prune, reports_before_the_floor_go_and_those_of_its_day_stay)
{
	struct pruned p;
	int32_t day;
	int i;

	for (i = -2; i <= 2; i++)
		store_kit_add(&kit, report_of(KIT_DAY + i, "1", "a.example"));
	cr_assert_eq(store_prunable(kit.s, KIT_DAY, &p, &kit.err), 0);
	cr_expect_eq(p.reports, 2);
	cr_expect_eq(p.first_day, KIT_DAY - 2);
	cr_expect_eq(p.last_day, KIT_DAY - 1);
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 5, "only counted");
	p = prune(KIT_DAY);
	cr_expect_eq(p.reports, 2);
	cr_expect_eq(p.floor_day, KIT_DAY);
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 3);
	cr_expect_eq(store_kit_sql(&kit, "SELECT count(*) FROM report"), 3);
	cr_expect_eq(store_kit_sql(&kit, "SELECT count(*) FROM ledger"), 3);
	cr_assert_eq(store_floor_day(kit.s, &day, &kit.err), 0);
	cr_expect_eq(day, KIT_DAY);
	p = prune(KIT_DAY);
	cr_expect_eq(p.reports, 0);
	cr_expect_eq(p.first_day, DAY_NONE);
}

Test(store_prune, an_older_report_that_comes_later_is_expired)
{
	struct report *old = report_of(KIT_DAY - 1, "1", "a.example");
	struct seen seen;

	store_kit_add(&kit, old);
	prune(KIT_DAY);
	cr_expect_eq(store_kit_add(&kit, old), OUTCOME_EXPIRED);
	cr_expect_eq(
	    store_kit_add(&kit, report_of(KIT_DAY - 1, "2", "a.example")),
	    OUTCOME_EXPIRED);
	cr_expect_eq(store_kit_add(&kit, report_of(KIT_DAY, "2", "a.example")),
	    OUTCOME_REPORT);
	cr_expect_eq(kit.tally.counts[OUTCOME_EXPIRED], 2);
	cr_assert_eq(
	    store_seen(kit.s, kit.source, "message-2", &seen, &kit.err), 1);
	cr_expect_eq(seen.outcome, OUTCOME_EXPIRED);
	cr_expect(seen_is_final(&seen));
	/* Not for another handle either. */
	store_kit_reopen(&kit, STORE_WRITE);
	cr_expect_eq(store_kit_add(&kit, old), OUTCOME_EXPIRED);
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 1);
}

Test(store_prune, one_message_may_hold_expired_reports_and_others)
{
	struct report *both[] = {report_of(KIT_DAY - 9, "1", "a.example"),
	    report_of(KIT_DAY, "2", "a.example")};
	struct decoded d = {.arena = kit.arena, .reports = both, .nreports = 2};

	prune(KIT_DAY);
	cr_expect_eq(
	    store_kit_add_message(&kit, "two", &d, KIT_NOW), OUTCOME_REPORT);
	cr_expect_eq(kit.tally.counts[OUTCOME_EXPIRED], 1);
	cr_expect_eq(kit.tally.counts[OUTCOME_REPORT], 1);
}

Test(store_prune, a_handle_that_was_open_meanwhile_learns_of_the_floor)
{
	struct store *other, *own = kit.s;

	store_kit_add(&kit, report_of(KIT_DAY - 1, "1", "a.example"));
	cr_assert_eq(store_open(&other, kit.path, STORE_WRITE, &kit.err), 0);
	kit.s = other;
	prune(KIT_DAY);
	kit.s = own;
	cr_expect_eq(
	    store_kit_add(&kit, report_of(KIT_DAY - 1, "2", "a.example")),
	    OUTCOME_EXPIRED);
	/* Names that were pruned are made anew. */
	cr_expect_eq(store_kit_add(&kit, report_of(KIT_DAY, "1", "a.example")),
	    OUTCOME_REPORT);
	cr_expect_str_eq(
	    store_kit_read(&kit, 2).report->policies[0].domain, "a.example");
	store_close(other);
}

Test(store_prune, the_floor_never_sinks)
{
	struct pruned p;
	int32_t day;

	prune(KIT_DAY);
	store_kit_add(&kit, report_of(KIT_DAY, "1", "a.example"));
	p = prune(KIT_DAY - 100);
	cr_expect_eq(p.floor_day, KIT_DAY);
	cr_expect_eq(p.reports, 0);
	cr_assert_eq(store_floor_day(kit.s, &day, &kit.err), 0);
	cr_expect_eq(day, KIT_DAY);
}

Test(store_prune, what_is_remembered_of_messages_stays)
{
	store_kit_add(&kit, report_of(KIT_DAY - 1, "1", "a.example"));
	prune(KIT_DAY);
	cr_expect(is_final("message-1"));
	cr_expect_eq(store_kit_sql(&kit, "SELECT count(*) FROM seen"), 1);
}

Test(store_prune, a_conflict_goes_with_the_report_that_it_is_in_conflict_with)
{
	struct report *r = report_of(KIT_DAY - 1, "1", "a.example");

	store_kit_add(&kit, r);
	cr_assert_eq(
	    store_kit_add(&kit, store_kit_other(&kit, r)), OUTCOME_CONFLICT);
	cr_expect_eq(prune(KIT_DAY).reports, 2);
	cr_expect_eq(store_kit_sql(&kit, "SELECT count(*) FROM report"), 0);
}

Test(store_prune, texts_go_when_nobody_uses_them_and_else_stay)
{
	static const char *strings[] = {"version: STSv1"};
	struct report *old = report_of(KIT_DAY - 1, "1", "old.example");
	struct report *young = report_of(KIT_DAY, "1", "young.example");
	struct report *back;
	struct failure *f;

	old->policies[0].strings = strings;
	old->policies[0].nstrings = 1;
	store_kit_add(&kit, old);
	f = store_kit_fail(
	    &kit, &young->policies[0], RESULT_CERTIFICATE_EXPIRED, 3);
	f->receiving_mx = "mx.young.example";
	young->submitter_header = "submitter.example";
	store_kit_add(&kit, young);
	prune(KIT_DAY);
	cr_expect_eq(
	    store_kit_sql(
		&kit, "SELECT count(*) FROM name WHERE text = 'old.example'"),
	    0);
	cr_expect_eq(
	    store_kit_sql(&kit, "SELECT count(*) FROM policy_text"), 0);
	store_kit_reopen(&kit, STORE_WRITE);
	back = store_kit_read(&kit, 2).report;
	cr_expect_str_eq(back->policies[0].domain, "young.example");
	cr_expect_str_eq(
	    back->policies[0].failures[0].receiving_mx, "mx.young.example");
	cr_expect_str_eq(back->submitter_header, "submitter.example");
	cr_expect_str_eq(back->contact, "tls@example.net");
	/* And the texts can come again. */
	old = report_of(KIT_DAY + 1, "1", "old.example");
	old->policies[0].strings = strings;
	old->policies[0].nstrings = 1;
	cr_expect_eq(store_kit_add(&kit, old), OUTCOME_REPORT);
	back = store_kit_read(&kit, 3).report;
	cr_expect_str_eq(back->policies[0].domain, "old.example");
	cr_expect_str_eq(back->policies[0].strings[0], "version: STSv1");
}

Test(store_prune, numbers_of_reports_are_never_given_again)
{
	struct report *r;

	store_kit_add(&kit, report_of(KIT_DAY, "1", "a.example"));
	store_kit_add(&kit, report_of(KIT_DAY - 1, "2", "a.example"));
	prune(KIT_DAY);
	r = report_of(KIT_DAY, "3", "a.example");
	store_kit_add(&kit, r);
	cr_expect_str_eq(store_kit_read(&kit, 3).report->id, "3");
	/* Even when none is left, and for another process. */
	prune(KIT_DAY + 1);
	store_kit_reopen(&kit, STORE_WRITE);
	store_kit_add(&kit, report_of(KIT_DAY + 1, "4", "a.example"));
	cr_expect_str_eq(store_kit_read(&kit, 4).report->id, "4");
}

Test(store_prune, a_number_is_not_used_up_by_a_rollback_or_a_duplicate)
{
	struct report *r = report_of(KIT_DAY, "1", "a.example");

	cr_assert_eq(store_kit_begin(&kit, r), 0);
	store_rollback(kit.s);
	store_kit_add(&kit, r);
	store_kit_add(&kit, r);
	store_kit_add(&kit, report_of(KIT_DAY, "2", "a.example"));
	cr_expect_str_eq(store_kit_read(&kit, 1).report->id, "1");
	cr_expect_str_eq(store_kit_read(&kit, 2).report->id, "2");
}

Test(store_prune, a_prune_that_was_stopped_is_completed_by_the_next)
{
	int i;
	char id[16];

	for (i = 0; i < 1200; i++) {
		snprintf(id, sizeof(id), "%d", i);
		store_kit_add(&kit,
		    report_of(
			KIT_DAY - 1, arena_strdup(kit.arena, id), "a.example"));
	}
	/* What the first transaction leaves when the power fails. */
	cr_assert_eq(store_begin(kit.s, &kit.err), 0);
	cr_assert_eq(meta_raise(kit.s, META_FLOOR_DAY, KIT_DAY, &kit.err), 0);
	cr_assert_eq(store_commit(kit.s, &kit.err), 0);
	cr_expect_eq(prune(KIT_DAY).reports, 1200);
	cr_expect_eq(store_kit_sql(&kit, "SELECT count(*) FROM report"), 0);
	cr_expect_eq(store_kit_sql(&kit, "SELECT count(*) FROM ledger"), 0);
	cr_expect_eq(store_kit_sql(&kit, "SELECT count(*) FROM stream"), 0);
	cr_expect_eq(store_kit_sql(&kit, "SELECT count(*) FROM name"), 0);
}

/* Leaves what one that was stopped behind its last batch would leave. */
Test(store_prune, texts_that_a_stopped_prune_left_go_with_the_next)
{
	cr_assert_eq(store_begin(kit.s, &kit.err), 0);
	cr_assert_eq(meta_raise(kit.s, META_FLOOR_DAY, KIT_DAY, &kit.err), 0);
	cr_assert_eq(meta_raise(kit.s, META_LEFT_OVER, 1, &kit.err), 0);
	cr_assert_eq(store_commit(kit.s, &kit.err), 0);
	store_kit_sql(&kit, "INSERT INTO name(text) VALUES('nobody.example')");
	store_kit_sql(
	    &kit, "INSERT INTO stream(packed) VALUES(x'010101010101')");
	cr_expect_eq(prune(KIT_DAY).reports, 0);
	cr_expect_eq(store_kit_sql(&kit, "SELECT count(*) FROM stream"), 0);
	cr_expect_eq(store_kit_sql(&kit, "SELECT count(*) FROM name"), 0);
	cr_expect_eq(store_kit_sql(&kit,
			 "SELECT count(*) FROM meta WHERE key = 'left_over'"),
	    0);
}

Test(store_prune, room_is_given_back_when_it_is_a_good_part_of_the_file)
{
	char *large = support_repeat('x', (size_t)2 << 20);
	struct report *r = report_of(KIT_DAY - 1, "1", "a.example");
	struct pruned p;
	int64_t before;

	r->original.data = (unsigned char *)large;
	r->original.len = r->original.json_len = (size_t)2 << 20;
	store_kit_add(&kit, r);
	store_kit_add(&kit, report_of(KIT_DAY, "1", "a.example"));
	before = store_kit_sql(&kit, "PRAGMA page_count");
	p = prune(KIT_DAY);
	cr_expect(p.given_back);
	cr_expect_lt(store_kit_sql(&kit, "PRAGMA page_count"), before / 4);
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 1);
	cr_expect_str_eq(store_kit_read(&kit, 2).report->id, "1");
	/* The second time there is nothing to give. */
	cr_expect_not(prune(KIT_DAY).given_back);
	free(large);
}

Test(store_prune, a_reader_reads_on_while_the_file_is_made_anew)
{
	char *large = support_repeat('x', (size_t)2 << 20);
	struct report *r = report_of(KIT_DAY - 1, "1", "a.example");
	struct store *reader, *own = kit.s;

	r->original.data = (unsigned char *)large;
	r->original.len = r->original.json_len = (size_t)2 << 20;
	store_kit_add(&kit, r);
	cr_assert_eq(store_open(&reader, kit.path, STORE_READ, &kit.err), 0);
	cr_assert_eq(store_snapshot(reader, &kit.err), 0);
	kit.s = reader;
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 1);
	kit.s = own;
	sqlite3_busy_timeout(kit.s->db, 50);
	cr_expect_eq(prune(KIT_DAY).reports, 1);
	kit.s = reader;
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 1, "as it was");
	store_rollback(reader);
	cr_expect_eq(store_kit_rows(&kit, NULL).policies, 0);
	store_close(reader);
	kit.s = own;
	free(large);
}
