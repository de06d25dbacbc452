/* SPDX-License-Identifier: ISC */

/*
 * What monitor remembers of a domain, from a store that was damaged or written
 * by another: the bytes are a snapshot.  One that is read is written again as
 * the same bytes; it can be followed by a look, compared both ways, accepted
 * and asked about, and what comes of that can be read again.
 */

#include "config.h"

#include "base/arena.h"
#include "base/date.h"
#include "domain/compare.h"
#include "domain/snapshot.h"
#include "domain/sts.h"
#include "fuzz.h"

static void
check_same_bytes(const struct snapshot *s, const void *data, size_t size)
{
	struct buf b = {.cap = SIZE_MAX / 2};

	check(snapshot_pack(&b, s) == 0);
	check(b.len == size && memcmp(b.data, data, size) == 0);
	buf_free(&b);
}

static void
check_kept(const struct snapshot *s, struct arena *arena)
{
	struct buf b = {.cap = SIZE_MAX / 2};
	struct snapshot back;

	check(snapshot_pack(&b, s) == 0);
	check(snapshot_unpack(&back, arena, b.data, b.len) == 0);
	buf_free(&b);
}

/* A look at a domain that has little. */
static struct snapshot
plain_look(void)
{
	static struct thing_cert cert = {"mx.e.example", NOW + DAY_SECONDS};
	static const char *hosts[] = {"mx.e.example"};
	struct snapshot look;

	snapshot_clear(&look);
	look.at = NOW;
	look.tlsrpt.state = THING_GOOD;
	look.tlsrpt.text = "v=TLSRPTv1; rua=mailto:a@b.example";
	look.sts.state = THING_GOOD;
	look.sts.text = "20261101";
	look.no_dane = (struct thing_names){hosts, 1};
	look.certs = &cert;
	look.ncerts = 1;
	return look;
}

static void
check_differences(struct arena *arena, const struct snapshot *accepted,
    const struct snapshot *now, const struct snapshot *look)
{
	const struct comparison c = {.domain = "e.example",
	    .accepted = accepted,
	    .now = now,
	    .look = look,
	    .time = NOW,
	    .warning_days = CERTIFICATE_WARNING_DAYS,
	    .critical_days = CERTIFICATE_CRITICAL_DAYS};
	struct differences found;
	const char *p;
	size_t i;

	compare_snapshots(&found, arena, &c);
	for (i = 0; i < found.n; i++) {
		check(found.items[i].kind < DIFFERENCE_COUNT);
		for (p = found.items[i].message; *p != '\0'; p++)
			check(*p >= ' ' && *p <= '~');
		check(p > found.items[i].message && found.items[i].fix[0]);
	}
}

/* One run of monitor: as src/cmd/records.c has it. */
static void
go_on(struct snapshot *known, struct snapshot accepted,
    const struct snapshot *look, struct arena *arena)
{
	struct snapshot now;
	struct past_facts past = {0};

	snapshot_merge(&now, arena, known, look);
	snapshot_adopt(&accepted, arena, &now);
	check_differences(arena, &accepted, &now, look);
	check_kept(&now, arena);
	check_kept(&accepted, arena);
	snapshot_past(&now, &past);
	check_is_time(past.policy_seen);
	check_is_time(past.testing_since);
	check(past.policy_max_age <= STS_MAX_AGE_MAX);
	snapshot_accept(&accepted, &now);
	check_kept(&accepted, arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *arena;
	struct snapshot s, none, look = plain_look();

	if (arena == NULL)
		arena = arena_new(65536);
	snapshot_clear(&none);
	if (snapshot_unpack(&s, arena, data, size) == 0) {
		check_same_bytes(&s, data, size);
		go_on(&s, s, &look, arena);
		go_on(&s, none, &look, arena);
		go_on(&none, s, &look, arena);
		go_on(&look, s, &s, arena);
		go_on(&s, look, &none, arena);
	}
	arena_reset(arena);
	return 0;
}
