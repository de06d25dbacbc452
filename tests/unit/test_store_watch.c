/* SPDX-License-Identifier: ISC */

/*
 * What the store remembers of domains that are watched, and how a store of the
 * version before it comes to know of them.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "store/private.h"
#include "store/upkeep.h"
#include "store/watch.h"
#include "store_kit.h"
#include "support.h"

TestSuite(store_watch, .init = store_kit_setup, .fini = store_kit_teardown);

static void
watch(const char *domain, const char *accepted, int64_t at)
{
	const struct watched w = {.domain = domain,
	    .accepted = span_of(accepted),
	    .known = {"k\0n", 3},
	    .since = at,
	    .at = at};

	cr_assert_eq(store_begin(kit.s, &kit.err), 0, "%s", kit.err.text);
	cr_assert_eq(store_watch(kit.s, &w, &kit.err), 0, "%s", kit.err.text);
	cr_assert_eq(store_commit(kit.s, &kit.err), 0, "%s", kit.err.text);
}

static int
note(void *arg, const char *domain)
{
	char *all = arg;

	strcat(all, domain);
	strcat(all, " ");
	return strcmp(domain, "stop.example") == 0;
}

Test(store_watch, what_was_remembered_is_read_again)
{
	struct watched w;

	cr_expect_eq(
	    store_watched(kit.s, "a.example", kit.arena, &w, &kit.err), 0);
	watch("a.example", "one", KIT_NOW);
	watch("a.example", "two", KIT_NOW + 5);
	store_kit_reopen(&kit, STORE_READ);
	cr_assert_eq(
	    store_watched(kit.s, "a.example", kit.arena, &w, &kit.err), 1);
	cr_expect_eq(w.accepted.len, 3);
	cr_expect_eq(memcmp(w.accepted.p, "two", 3), 0);
	cr_expect_eq(memcmp(w.known.p, "k\0n", 3), 0);
	cr_expect_eq(w.since, KIT_NOW);
	cr_expect_eq(w.at, KIT_NOW + 5);
}

Test(store_watch, domains_are_given_by_name_until_somebody_has_enough)
{
	char all[200] = "";

	watch("b.example", "x", KIT_NOW);
	watch("a.example", "x", KIT_NOW);
	watch("stop.example", "x", KIT_NOW);
	watch("z.example", "x", KIT_NOW);
	cr_assert_eq(store_each_watched(kit.s, note, all, &kit.err), 0);
	cr_expect_str_eq(all, "a.example b.example stop.example ");
}

Test(store_watch, what_is_too_long_is_refused_and_what_is_not_is_kept)
{
	char *data = calloc(WATCHED_BYTES_MAX + 1, 1);
	struct watched w = {.domain = "a.example",
	    .accepted = {data, WATCHED_BYTES_MAX},
	    .known = {data, WATCHED_BYTES_MAX + 1},
	    .since = 1,
	    .at = 1};

	cr_assert_eq(store_begin(kit.s, &kit.err), 0);
	cr_expect_eq(store_watch(kit.s, &w, &kit.err), -1);
	cr_expect_eq(kit.err.code, ERR_BOUND);
	w.known.len--;
	cr_expect_eq(store_watch(kit.s, &w, &kit.err), 0);
	cr_assert_eq(store_commit(kit.s, &kit.err), 0);
	free(data);
}

Test(store_watch, status_counts_them)
{
	struct store_status status = {0};

	cr_assert_eq(store_status(kit.s, &status, &kit.err), 0);
	cr_expect_eq(status.watched, 0);
	cr_expect_eq(status.watched_at, TIME_NONE);
	watch("a.example", "x", KIT_NOW + 9);
	watch("b.example", "x", KIT_NOW);
	cr_assert_eq(store_status(kit.s, &status, &kit.err), 0);
	cr_expect_eq(status.watched, 2);
	cr_expect_eq(status.watched_at, KIT_NOW + 9);
}

Test(store_watch, prune_forgets_what_nobody_looked_at_since)
{
	const int64_t floor = (int64_t)(KIT_DAY + 10) * DAY_SECONDS;
	struct pruned pruned;
	char all[200] = "";

	watch("old.example", "x", floor - 1);
	watch("new.example", "x", floor);
	cr_assert_eq(store_prune(kit.s, KIT_DAY + 10, &pruned, &kit.err), 0,
	    "%s", kit.err.text);
	cr_assert_eq(store_each_watched(kit.s, note, all, &kit.err), 0);
	cr_expect_str_eq(all, "new.example ");
}

static int
note_fault(void *arg, const char *fault)
{
	snprintf(arg, 256, "%s", fault);
	return 1;
}

Test(store_watch, the_check_finds_what_cannot_be)
{
	static const char *const damage[] = {
	    "UPDATE watch SET domain = 'A.example'",
	    "UPDATE watch SET domain = ''", "UPDATE watch SET known = x''",
	    "UPDATE watch SET accepted = zeroblob(262145)",
	    "UPDATE watch SET since = at + 1"};
	char fault[256];
	size_t i;

	for (i = 0; i < sizeof(damage) / sizeof(damage[0]); i++) {
		watch("a.example", "x", KIT_NOW);
		fault[0] = '\0';
		cr_assert_eq(
		    store_check(kit.s, note_fault, fault, &kit.err), 0);
		cr_expect_str_empty(fault);
		store_kit_sql(&kit, damage[i]);
		cr_assert_eq(
		    store_check(kit.s, note_fault, fault, &kit.err), 0);
		cr_expect_not_null(strstr(fault, "watch"), "%s", damage[i]);
		store_kit_sql(&kit, "DELETE FROM watch");
	}
}

Test(store_watch, a_store_of_version_1_is_brought_up_to_date)
{
	const struct schema old = {schema_current()->steps, 1, true};
	struct store_kit first = {0};
	struct watched w;
	struct store *s;

	snprintf(first.path, sizeof(first.path), "%s/old.db", kit.dir);
	cr_assert_eq(
	    store_open_schema(&s, first.path, STORE_CREATE, &old, &kit.err), 0,
	    "%s", kit.err.text);
	store_close(s);
	cr_expect_eq(store_open(&s, first.path, STORE_READ, &kit.err), -1);
	cr_expect_not_null(strstr(kit.err.text, "is of version 1"));
	store_kit_sql(
	    &first, "INSERT INTO digest_state VALUES('kept', 0, 1728100000)");
	cr_assert_eq(store_open(&s, first.path, STORE_WRITE, &kit.err), 0);
	cr_expect_eq(store_watched(s, "a.example", kit.arena, &w, &kit.err), 0);
	store_close(s);
	cr_expect_eq(store_kit_sql(&first, "PRAGMA user_version"), 2);
	cr_expect_eq(
	    store_kit_sql(&first, "SELECT count(*) FROM digest_state"), 1);
	snprintf(first.path, sizeof(first.path), "%s/old.db.v1", kit.dir);
	cr_expect_eq(store_kit_sql(&first, "PRAGMA user_version"), 1);
}
