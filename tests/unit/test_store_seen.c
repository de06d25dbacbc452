/* SPDX-License-Identifier: ISC */

/*
 * What is remembered of messages and sources, and the list of rejects.
 */

#include "config.h"

#include <stdio.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "store_kit.h"
#include "support.h"

TestSuite(store_seen, .init = store_kit_setup, .fini = store_kit_teardown);

static struct seen
seen_of(const char *key)
{
	struct seen seen;

	cr_assert_eq(store_seen(kit.s, kit.source, key, &seen, &kit.err), 1);
	return seen;
}

Test(store_seen, an_unknown_message_is_not_known)
{
	struct seen seen;

	cr_expect_eq(store_seen(kit.s, 1, "x", &seen, &kit.err), 0);
	cr_expect_eq(store_seen(kit.s, 0, "", &seen, &kit.err), 0);
}

Test(store_seen, a_message_is_known_by_source_and_key)
{
	struct seen seen;

	store_kit_add(&kit, store_kit_report(&kit, "a", "b", "c"));
	seen = seen_of("message-1");
	cr_expect_eq(seen.outcome, OUTCOME_REPORT);
	cr_expect_eq(seen.decoder, DECODER_VERSION);
	cr_expect_eq(seen.tries, 0);
	cr_expect_eq(
	    store_seen(kit.s, kit.source + 1, "message-1", &seen, &kit.err), 0);
	cr_expect_eq(
	    store_seen(kit.s, kit.source, "Message-1", &seen, &kit.err), 0);
}

Test(store_seen, which_outcomes_are_final)
{
	static const struct {
		struct seen seen;
		bool final;
	} rows[] = {
	    {{OUTCOME_REPORT, DECODER_VERSION, 0}, true},
	    {{OUTCOME_REPORT, DECODER_VERSION - 1, 0}, true},
	    {{OUTCOME_DUPLICATE, DECODER_VERSION - 1, 0}, true},
	    {{OUTCOME_CONFLICT, DECODER_VERSION - 1, 0}, true},
	    {{OUTCOME_EXPIRED, DECODER_VERSION - 1, 0}, true},
	    {{OUTCOME_FOREIGN, DECODER_VERSION, 0}, true},
	    {{OUTCOME_FOREIGN, DECODER_VERSION - 1, 0}, false},
	    {{OUTCOME_REJECT, DECODER_VERSION, 0}, true},
	    {{OUTCOME_REJECT, DECODER_VERSION + 1, 0}, true},
	    {{OUTCOME_REJECT, DECODER_VERSION - 1, 0}, false},
	    {{OUTCOME_REJECT, DECODER_VERSION, 1}, false},
	    {{OUTCOME_REJECT, DECODER_VERSION, SEEN_TRIES_MAX - 1}, false},
	    {{OUTCOME_REJECT, DECODER_VERSION, SEEN_TRIES_MAX}, true},
	    {{OUTCOME_REJECT, DECODER_VERSION - 1, SEEN_TRIES_MAX}, false},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect_eq(
		    seen_is_final(&rows[i].seen), rows[i].final, "row %zu", i);
}

Test(store_seen, a_resource_is_tried_for_three_runs)
{
	struct seen seen;
	int run;

	for (run = 1; run <= SEEN_TRIES_MAX; run++) {
		cr_expect_eq(store_kit_reject(&kit, "m", FAULT_RESOURCE,
				 "no memory", KIT_NOW + run),
		    OUTCOME_REJECT);
		seen = seen_of("m");
		cr_expect_eq(seen.tries, run);
		cr_expect_eq(seen_is_final(&seen), run == SEEN_TRIES_MAX);
	}
}

Test(store_seen, a_better_decoder_starts_to_count_anew)
{
	store_kit_reject(&kit, "m", FAULT_RESOURCE, "no memory", KIT_NOW);
	store_kit_reject(&kit, "m", FAULT_RESOURCE, "no memory", KIT_NOW);
	store_kit_sql(&kit, "UPDATE seen SET decoder = decoder - 1");
	store_kit_reject(&kit, "m", FAULT_RESOURCE, "no memory", KIT_NOW);
	cr_expect_eq(seen_of("m").tries, 1);
	cr_expect_eq(seen_of("m").decoder, DECODER_VERSION);
}

Test(store_seen, a_reject_for_another_reason_ends_the_tries)
{
	store_kit_reject(&kit, "m", FAULT_RESOURCE, "no memory", KIT_NOW);
	store_kit_reject(&kit, "m", FAULT_UNUSABLE, "no JSON", KIT_NOW);
	cr_expect_eq(seen_of("m").tries, 0);
}

/* The rejects that were listed, one a line. */
static struct buf listed;

static int
list_reject(void *arg, const struct reject_line *line)
{
	char text[512];
	int len, *left = arg;

	len = snprintf(text, sizeof(text), "%lld %lld %s %s [%s] +%lld %d\n",
	    (long long)line->number, (long long)line->report, line->source,
	    line->locator, line->reason, (long long)line->since - KIT_NOW,
	    line->tries);
	buf_append(&listed, text, (size_t)len);
	return --*left == 0;
}

static const char *
list_rejects(int at_most)
{
	listed.cap = 65536;
	listed.len = 0;
	cr_assert_eq(
	    store_each_reject(kit.s, list_reject, &at_most, &kit.err), 0);
	return buf_string(&listed);
}

Test(store_seen, a_reject_is_replaced_and_keeps_when_it_began)
{
	struct fault faults[] = {
	    {FAULT_UNUSABLE, "first"}, {FAULT_BOUND, "second"}};
	struct decoded d = {.arena = kit.arena, .faults = faults, .nfaults = 2};

	store_kit_add_message(&kit, "m", &d, KIT_NOW + 5);
	store_kit_reject(&kit, "other", FAULT_UNUSABLE, "else", KIT_NOW + 6);
	cr_expect_str_eq(list_rejects(9),
	    "1 0 /var/mail/reports reports/INBOX [first] +5 0\n"
	    "2 0 /var/mail/reports reports/INBOX [second] +5 0\n"
	    "3 0 /var/mail/reports reports/INBOX [else] +6 0\n");
	store_kit_reject(&kit, "m", FAULT_RESOURCE, "third", KIT_NOW + 9);
	store_kit_reject(&kit, "m", FAULT_RESOURCE, "third", KIT_NOW + 12);
	cr_expect_str_eq(list_rejects(9),
	    "3 0 /var/mail/reports reports/INBOX [else] +6 0\n"
	    "5 0 /var/mail/reports reports/INBOX [third] +5 2\n");
	buf_free(&listed);
}

Test(store_seen, a_reject_is_gone_when_the_message_is_used)
{
	struct report *r = store_kit_report(&kit, "a", "b", "c");
	struct decoded d = {.arena = kit.arena, .reports = &r, .nreports = 1};
	size_t n = 9;

	store_kit_reject(&kit, "m", FAULT_UNUSABLE, "no JSON", KIT_NOW);
	cr_assert_eq(store_count_rejects(kit.s, &n, &kit.err), 0);
	cr_expect_eq(n, 1);
	cr_expect_eq(
	    store_kit_add_message(&kit, "m", &d, KIT_NOW), OUTCOME_REPORT);
	cr_assert_eq(store_count_rejects(kit.s, &n, &kit.err), 0);
	cr_expect_eq(n, 0);
	cr_expect_eq(seen_of("m").outcome, OUTCOME_REPORT);
}

Test(store_seen, conflicts_follow_the_rejects)
{
	struct report *r = store_kit_report(&kit, "a", "b", "c");

	store_kit_add(&kit, r);
	store_kit_add(&kit, store_kit_other(&kit, r));
	store_kit_reject(&kit, "m", FAULT_UNUSABLE, "no JSON", KIT_NOW);
	cr_expect_str_eq(list_rejects(9),
	    "1 0 /var/mail/reports reports/INBOX [no JSON] +0 0\n"
	    "0 2 /var/mail/reports reports/INBOX [not counted: report 1 has "
	    "the same reporter, id, range and domains, and says otherwise] "
	    "+0 0\n");
	cr_expect_str_eq(list_rejects(1),
	    "1 0 /var/mail/reports reports/INBOX [no JSON] +0 0\n");
	buf_free(&listed);
}

Test(store_seen, a_source_keeps_its_number_and_changes_its_kind)
{
	int64_t a, b, c;

	cr_assert_eq(store_find_source(kit.s, "x", &a, &kit.err), 0);
	cr_expect_eq(a, 0);
	cr_assert_eq(store_begin(kit.s, &kit.err), 0);
	cr_assert_eq(store_source(kit.s, "x", "file", &a, &kit.err), 0);
	cr_assert_eq(store_source(kit.s, "y", "file", &b, &kit.err), 0);
	cr_assert_eq(store_source(kit.s, "x", "folder", &c, &kit.err), 0);
	cr_assert_eq(store_source_ran(kit.s,
			 &(struct source_run){c, "folder", 1, NULL}, &kit.err),
	    0);
	cr_assert_eq(store_commit(kit.s, &kit.err), 0);
	cr_expect_eq(a, c);
	cr_expect_neq(a, b);
	cr_assert_eq(store_find_source(kit.s, "x", &c, &kit.err), 0);
	cr_expect_eq(a, c);
	cr_expect_eq(store_kit_sql(&kit,
			 "SELECT count(*) FROM source WHERE kind = 'folder'"),
	    1);
}

static int
keep_source(void *arg, const struct source_line *line)
{
	struct source_line *kept = arg;

	*kept = *line;
	kept->name = kept->kind = NULL;
	kept->last_error = line->last_error[0] != '\0' ? "error" : "";
	return 0;
}

static struct source_line
one_source(void)
{
	struct source_line line = {0};

	cr_assert_eq(store_each_source(kit.s, keep_source, &line, &kit.err), 0);
	return line;
}

static void
ran(int64_t now, const char *error)
{
	store_source_ran(
	    kit.s, &(struct source_run){kit.source, "", now, error}, &kit.err);
}

Test(store_seen, a_source_remembers_its_runs_and_counts_its_messages)
{
	struct report *r = store_kit_report(&kit, "a", "b", "c");
	struct source_line line;

	store_kit_add(&kit, r);
	store_kit_add(&kit, r);
	store_kit_reject(&kit, "m", FAULT_BOUND, "too large", KIT_NOW);
	line = one_source();
	cr_expect_eq(line.last_run, TIME_NONE);
	cr_expect_eq(line.last_success, TIME_NONE);
	cr_expect_str_eq(line.last_error, "");
	cr_expect_eq(line.counts[OUTCOME_REPORT], 1);
	cr_expect_eq(line.counts[OUTCOME_DUPLICATE], 1);
	cr_expect_eq(line.counts[OUTCOME_REJECT], 1);
	cr_expect_eq(line.counts[OUTCOME_FOREIGN], 0);

	ran(5, NULL);
	ran(9, "no such folder");
	line = one_source();
	cr_expect_eq(line.last_run, 9);
	cr_expect_eq(line.last_success, 5);
	cr_expect_str_eq(line.last_error, "error");
	ran(11, NULL);
	line = one_source();
	cr_expect_eq(line.last_run, 11);
	cr_expect_eq(line.last_success, 11);
	cr_expect_str_eq(line.last_error, "");
}
