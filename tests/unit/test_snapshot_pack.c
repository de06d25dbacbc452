/* SPDX-License-Identifier: ISC */

/*
 * Snapshots as bytes: what is packed is read again, and what is damaged, too
 * much or impossible is refused.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "base/limits.h"
#include "domain/snapshot.h"
#include "domain/sts.h"
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

TestSuite(snapshot_pack, .init = setup, .fini = teardown);

static struct snapshot
look(void)
{
	struct snapshot s;

	snapshot_look(&s, kit.arena, &kit.summary);
	return s;
}

/* Nobody can keep the others from being watched by what he publishes. */
Test(snapshot_pack, the_largest_one_has_room)
{
	static char text[4097], hosts[SNAPSHOT_NAMES_MAX][4097];
	const char *names[SNAPSHOT_NAMES_MAX];
	struct thing_cert certs[SNAPSHOT_NAMES_MAX];
	const struct thing_names all = {names, SNAPSHOT_NAMES_MAX};
	const struct thing_names few = {names, DNS_ALIASES_MAX};
	struct buf b = {.cap = SNAPSHOT_BYTES_MAX};
	struct snapshot s, back;
	size_t i;

	memset(text, 'x', sizeof(text) - 1);
	for (i = 0; i < SNAPSHOT_NAMES_MAX; i++) {
		memcpy(hosts[i], text, sizeof(text));
		names[i] = certs[i].host = hosts[i];
		certs[i].not_after = KIT_TIME_OF_LOOK;
	}
	snapshot_clear(&s);
	s.tlsrpt.text = s.sts.text = text;
	s.tlsrpt.aliases = s.sts.aliases = few;
	s.tlsrpt.destinations = s.policy.mx = s.dane = all;
	s.certs = certs;
	s.ncerts = SNAPSHOT_NAMES_MAX;
	cr_assert_eq(snapshot_pack(&b, &s), 0);
	cr_assert_eq(snapshot_unpack(&back, kit.arena, b.data, b.len), 0);
	buf_free(&b);
}

Test(snapshot_pack, names_are_as_many_as_their_bound)
{
	const char *names[SNAPSHOT_NAMES_MAX + 1];
	struct snapshot s, look_at, now, back;
	struct buf b = {.cap = SNAPSHOT_BYTES_MAX};
	size_t n, i;

	for (i = 0; i <= SNAPSHOT_NAMES_MAX; i++)
		names[i] = arena_printf(kit.arena, "m%03zu.example", i);
	for (n = SNAPSHOT_NAMES_MAX; n <= SNAPSHOT_NAMES_MAX + 1; n++) {
		snapshot_clear(&s);
		s.policy.mx = (struct thing_names){names, n};
		buf_reset(&b, 0);
		cr_assert_eq(snapshot_pack(&b, &s), 0);
		cr_expect_eq(
		    snapshot_unpack(&back, kit.arena, b.data, b.len) == 0,
		    n == SNAPSHOT_NAMES_MAX);
	}
	/* Of two lists that are one afterwards. */
	snapshot_clear(&s);
	snapshot_clear(&look_at);
	s.dane = (struct thing_names){names, 60};
	look_at.dane = (struct thing_names){names + 60, 41};
	snapshot_merge(&now, kit.arena, &s, &look_at);
	cr_expect_eq(now.dane.n, SNAPSHOT_NAMES_MAX);
	look_at.dane.n = 39;
	snapshot_merge(&now, kit.arena, &s, &look_at);
	cr_expect_eq(now.dane.n, 99);
	buf_free(&b);
}

Test(snapshot_pack, what_was_packed_is_read_again)
{
	const struct snapshot good = look();
	struct snapshot none, back;
	struct buf b = {.cap = SNAPSHOT_BYTES_MAX};

	cr_assert_eq(snapshot_pack(&b, &good), 0);
	cr_assert_eq(snapshot_unpack(&back, kit.arena, b.data, b.len), 0);
	snapshot_kit_expect_same(&kit, &back, &good);
	buf_reset(&b, 0);
	snapshot_clear(&none);
	cr_assert_eq(snapshot_pack(&b, &none), 0);
	cr_assert_eq(snapshot_unpack(&back, kit.arena, b.data, b.len), 0);
	snapshot_kit_expect_same(&kit, &back, &none);
	buf_free(&b);
}

Test(snapshot_pack, bytes_that_end_early_or_late_are_refused)
{
	const struct snapshot good = look();
	struct snapshot back;
	struct buf b = {.cap = SNAPSHOT_BYTES_MAX};
	char *cut;
	size_t n;

	cr_assert_eq(snapshot_pack(&b, &good), 0);
	for (n = 0; n < b.len; n++) {
		cut = malloc(n + 1);
		memcpy(cut, b.data, n);
		cr_expect_eq(snapshot_unpack(&back, kit.arena, cut, n), -1);
		cr_expect_eq(back.tlsrpt.state, THING_NEVER);
		cr_expect_str_eq(back.tlsrpt.text, "");
		free(cut);
	}
	cr_assert_eq(buf_append(&b, "", 1), 0);
	cr_expect_eq(snapshot_unpack(&back, kit.arena, b.data, b.len), -1);
	buf_free(&b);
}

/* Whatever one byte is, what comes out can be used without a fault. */
Test(snapshot_pack, no_flipped_byte_makes_one_that_is_out_of_bounds)
{
	const struct snapshot good = look();
	struct snapshot back;
	struct buf b = {.cap = SNAPSHOT_BYTES_MAX}, again = b;
	size_t i, taken = 0;
	int bit;

	cr_assert_eq(snapshot_pack(&b, &good), 0);
	for (i = 0; i < b.len; i++)
		for (bit = 0; bit < 8; bit++) {
			b.data[i] ^= (char)(1 << bit);
			if (snapshot_unpack(&back, kit.arena, b.data, b.len) ==
			    0) {
				taken++;
				buf_reset(&again, 0);
				cr_assert_eq(snapshot_pack(&again, &back), 0);
				cr_expect_leq(back.tlsrpt.state, THING_SEVERAL);
			}
			b.data[i] ^= (char)(1 << bit);
		}
	cr_expect_gt(taken, 0);
	cr_expect_lt(taken, b.len * 8);
	buf_free(&b);
	buf_free(&again);
}

/* Differences of times and ages are taken, and must not overflow. */
static int
read_with(int64_t at, int64_t mode_since, int64_t max_age, int64_t not_after)
{
	struct snapshot s = look(), back;
	struct buf b = {.cap = SNAPSHOT_BYTES_MAX};
	int rc;

	s.at = at;
	s.policy.mode_since = mode_since;
	s.policy.max_age = max_age;
	s.certs[0].not_after = not_after;
	cr_assert_eq(snapshot_pack(&b, &s), 0);
	rc = snapshot_unpack(&back, kit.arena, b.data, b.len);
	buf_free(&b);
	return rc;
}

Test(snapshot_pack, times_and_ages_that_there_are_not_are_refused)
{
	const int64_t first = (int64_t)DAY_MIN * DAY_SECONDS;
	const int64_t last = ((int64_t)DAY_MAX + 1) * DAY_SECONDS - 1;

	cr_expect_eq(read_with(first, last, -1, last), 0);
	cr_expect_eq(read_with(TIME_NONE, first, STS_MAX_AGE_MAX, first), 0);
	cr_expect_eq(read_with(last, TIME_NONE, 0, last), 0);
	cr_expect_eq(read_with(first - 1, 0, 0, 0), -1);
	cr_expect_eq(read_with(last + 1, 0, 0, 0), -1);
	cr_expect_eq(read_with(0, INT64_MAX, 0, 0), -1);
	cr_expect_eq(read_with(0, 0, -2, 0), -1);
	cr_expect_eq(read_with(0, 0, STS_MAX_AGE_MAX + 1, 0), -1);
	cr_expect_eq(read_with(0, 0, 0, INT64_MAX), -1);
	cr_expect_eq(read_with(0, 0, 0, INT64_MIN + 1), -1);
}

Test(snapshot_pack, what_is_not_printable_is_refused)
{
	struct snapshot s = look(), back;
	struct buf b = {.cap = SNAPSHOT_BYTES_MAX};

	s.tlsrpt.text = "a\033[2Jb";
	cr_assert_eq(snapshot_pack(&b, &s), 0);
	cr_expect_eq(snapshot_unpack(&back, kit.arena, b.data, b.len), -1);
	buf_free(&b);
}

Test(snapshot_pack, what_is_over_the_cap_is_not_packed)
{
	const struct snapshot good = look();
	struct buf b = {.cap = 100};

	cr_expect_eq(snapshot_pack(&b, &good), -1);
	buf_free(&b);
}
