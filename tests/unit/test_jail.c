/* SPDX-License-Identifier: ISC */

/*
 * The door to the decoder: what goes in comes out decoded, one message after
 * the other, and an original comes back.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "jail/jail.h"
#include "support.h"

static struct jail_input
input_of(struct span bytes)
{
	return (struct jail_input){.bytes = bytes.p,
	    .len = bytes.len,
	    .name = "",
	    .received = TIME_NONE,
	    .authserv_id = "mx.example.net"};
}

Test(jail, messages_are_decoded_and_originals_come_back)
{
	struct limits limits = LIMITS_DEFAULT;
	struct jail *j = support_jail(&limits);
	struct arena *arena = arena_new(4096);
	struct buf mail = support_read("good/gzip.eml"), json = {0};
	struct jail_input in = input_of((struct span){mail.data, mail.len});
	struct decoded out;
	struct err err;
	int i;

	for (i = 0; i < 3; i++) {
		arena_reset(arena);
		cr_assert_eq(jail_decode(j, &in, arena, &out, &err), 0);
		cr_assert_eq(out.nreports, 1);
		cr_assert_eq(out.nfaults, 0);
		cr_assert_eq(out.reports[0]->authenticity, AUTH_VERIFIED);
		json.len = 0;
		cr_assert_eq(
		    jail_original(j, &out.reports[0]->original, &json, &err), 0,
		    "%s", err.text);
		cr_assert_eq(json.len, out.reports[0]->original.json_len);
		cr_assert_eq(json.data[0], '{');
	}
	buf_free(&mail);
	buf_free(&json);
	arena_free(arena);
	jail_free(j);
}

Test(jail, limits_reach_the_decoder)
{
	struct limits limits = LIMITS_DEFAULT;
	struct arena *arena = arena_new(4096);
	struct jail_input in = input_of(SPAN("Subject: x\r\n\r\n"));
	struct decoded out;
	struct jail *j;
	struct err err;

	limits.message_bytes = 10;
	j = support_jail(&limits);
	cr_assert_eq(jail_decode(j, &in, arena, &out, &err), 0);
	cr_assert_eq(out.nfaults, 1);
	cr_assert_eq(out.faults[0].kind, FAULT_BOUND);
	in.len = 10;
	cr_assert_eq(jail_decode(j, &in, arena, &out, &err), 0);
	cr_assert_eq(out.nfaults, 0);
	arena_free(arena);
	jail_free(j);
}

/* Each question takes its key along, so that a decoder that is replaced, or
 * has served before the store was there, has the right one. */
Test(jail, the_key_reaches_the_decoder)
{
	static const unsigned char keys[2][KEYED_HASH_KEY_LEN] = {{1}, {2}};
	struct limits limits = LIMITS_DEFAULT;
	struct jail *j = support_jail(&limits);
	struct arena *arena = arena_new(4096);
	struct buf mail = support_read("good/gzip.eml");
	struct jail_input in = input_of((struct span){mail.data, mail.len});
	struct decoded out[6];
	struct err err;
	size_t i, k;

	for (i = 0; i < 6; i++) {
		in.key = i % 3 == 2 ? NULL : keys[i % 3];
		cr_assert_eq(jail_ask(j, &in, &err), 0);
	}
	for (i = 0; i < 6; i++) {
		cr_assert_eq(jail_answer(j, arena, &out[i], &err), 0);
		cr_assert_eq(out[i].nreports, 1);
		for (k = 0; k < i; k++)
			cr_expect_eq(
			    memcmp(out[i].reports[0]->sum,
				out[k].reports[0]->sum, KEYED_HASH_LEN) == 0,
			    i % 3 == k % 3, "%zu and %zu", i, k);
	}
	buf_free(&mail);
	arena_free(arena);
	jail_free(j);
}

Test(jail, a_damaged_original_is_an_error)
{
	struct limits limits = LIMITS_DEFAULT;
	struct jail *j = support_jail(&limits);
	struct original o = {.data = (const unsigned char *)"\x1f\x8b",
	    .len = 2,
	    .json_len = 1,
	    .encoding = ENCODING_GZIP};
	struct buf json = {0};
	struct err err;

	cr_assert_eq(jail_original(j, &o, &json, &err), -1);
	cr_assert_eq(err.code, ERR_DATA);
	buf_free(&json);
	jail_free(j);
}

/* Originals among messages, in jobs together and, the long ones, alone. */
Test(jail, originals_and_messages_come_back_in_the_order_they_were_given_in)
{
	enum { ROUNDS = 200 };
	struct limits limits = LIMITS_DEFAULT;
	struct jail *j = support_jail(&limits);
	struct arena *kept = arena_new(4096), *arena = arena_new(4096);
	struct buf mail = support_read("good/gzip.eml"), json = {0};
	struct jail_input in = input_of((struct span){mail.data, mail.len});
	struct original damaged = {.data = (const unsigned char *)"\x1f\x8b",
	    .len = 2,
	    .json_len = 1,
	    .encoding = ENCODING_GZIP};
	struct original good, huge;
	struct decoded out;
	struct err err;
	char *padded;
	int i;

	cr_assert_eq(jail_decode(j, &in, kept, &out, &err), 0);
	good = huge = out.reports[0]->original;
	huge.len += 100000;
	padded = support_repeat('\0', huge.len);
	memcpy(padded, good.data, good.len);
	huge.data = (const unsigned char *)padded;
	for (i = 0; i < ROUNDS; i++) {
		cr_assert_eq(jail_ask_original(j, &good, &err), 0);
		cr_assert_eq(jail_ask(j, &in, &err), 0);
		cr_assert_eq(jail_ask_original(j, &damaged, &err), 0);
		if (i % 50 == 7)
			cr_assert_eq(jail_ask_original(j, &huge, &err), 0);
	}
	cr_expect_eq(jail_waiting(j), 3 * ROUNDS + ROUNDS / 50);
	for (i = 0; i < ROUNDS; i++) {
		json.len = 0;
		cr_assert_eq(jail_answer_original(j, &good, &json, &err), 0);
		cr_expect_eq(json.len, good.json_len);
		arena_reset(arena);
		cr_assert_eq(jail_answer(j, arena, &out, &err), 0);
		cr_expect_eq(out.nreports, 1);
		cr_assert_eq(
		    jail_answer_original(j, &damaged, &json, &err), -1);
		cr_expect_eq(err.code, ERR_DATA, "%s", err.text);
		if (i % 50 == 7) {
			json.len = 0;
			jail_answer_original(j, &huge, &json, &err);
		}
	}
	cr_expect_eq(jail_waiting(j), 0);
	free(padded);
	buf_free(&mail);
	buf_free(&json);
	arena_free(arena);
	arena_free(kept);
	jail_free(j);
}

Test(jail, one_that_was_never_used_is_freed_and_so_is_null)
{
	struct limits limits = LIMITS_DEFAULT;

	jail_free(support_jail(&limits));
	jail_free(NULL);
}
