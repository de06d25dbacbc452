/* SPDX-License-Identifier: ISC */

/*
 * The words between tlstally and its IMAP helper: there and back, and what
 * must not pass.
 */

#include "config.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdint.h>
#include <string.h>

#include "proc/imap_wire.h"

static struct frame frame;

/* ---- the account ---- */

#define DIGITS "0123456789abcdef0123456789abcdef"

static struct account
good_account(void)
{
	return (struct account){.host = "imap.example.com",
	    .port = 993,
	    .tls = IMAP_TLS_STARTTLS,
	    .user = "j\xc3\xbcrgen@example.com",
	    .auth = IMAP_AUTH_XOAUTH2,
	    .password_command = "",
	    .password_file = "",
	    .token_command = "token --for 'me'",
	    .ca_file = "/etc/ca.pem",
	    .fingerprint = DIGITS DIGITS,
	    .timeout_ms = 60000};
}

/* Sends the account over and says whether it is whole. */
static bool
passes(const struct account *a, struct account *out)
{
	frame_begin(&frame, IMAP_ASK_ACCOUNT);
	account_put(&frame, a);
	account_get(&frame, out);
	return frame_is_whole(&frame);
}

Test(imap_wire, an_account_comes_over_as_it_is)
{
	struct account a = good_account(), b;

	cr_assert(passes(&a, &b));
	cr_assert_str_eq(b.host, a.host);
	cr_assert_eq(b.port, a.port);
	cr_assert_eq(b.tls, a.tls);
	cr_assert_str_eq(b.user, a.user);
	cr_assert_eq(b.auth, a.auth);
	cr_assert_str_eq(b.password_command, "");
	cr_assert_str_eq(b.password_file, "");
	cr_assert_str_eq(b.token_command, a.token_command);
	cr_assert_str_eq(b.ca_file, a.ca_file);
	cr_assert_str_eq(b.fingerprint, a.fingerprint);
	cr_assert_eq(b.timeout_ms, a.timeout_ms);
}

Test(imap_wire, strings_of_an_account_may_be_unset)
{
	struct account a = {.host = "h", .port = 65535, .timeout_ms = 1}, b;

	cr_assert(passes(&a, &b));
	cr_assert_str_eq(b.user, "");
	cr_assert_str_eq(b.fingerprint, "");
	cr_assert_eq(b.port, 65535);
}

Test(imap_wire, an_account_cut_anywhere_is_bad)
{
	struct account a = good_account(), b;
	size_t len, cut;

	frame_begin(&frame, IMAP_ASK_ACCOUNT);
	account_put(&frame, &a);
	len = frame.fields.len;
	for (cut = 0; cut < len; cut++) {
		frame.fields.len = cut;
		frame.fields.at = 0;
		frame.fields.bad = false;
		account_get(&frame, &b);
		cr_assert_not(frame_is_whole(&frame), "%zu bytes", cut);
		cr_assert_not_null(b.host);
		cr_assert_not_null(b.fingerprint);
	}
}

/* The i-th way to spoil an account; false: there are no more. */
static bool
spoil(struct account *a, int i)
{
	switch (i) {
	case 0:
		a->host = "";
		return true;
	case 1:
		a->host = "a\r\nb";
		return true;
	case 2:
		a->user = "a\nb";
		return true;
	case 3:
		a->user = "a\x7f";
		return true;
	case 4:
		a->user = "a\x1f";
		return true;
	case 5:
		a->user = "\xff";
		return true;
	case 6:
		a->port = 0;
		return true;
	case 7:
		a->timeout_ms = 0;
		return true;
	case 8:
		a->tls = (enum imap_tls)(IMAP_TLS_NONE + 1);
		return true;
	case 9:
		a->auth = (enum imap_auth)(IMAP_AUTH_XOAUTH2 + 1);
		return true;
	case 10:
		a->fingerprint = DIGITS;
		return true;
	case 11:
		a->fingerprint = DIGITS DIGITS "0";
		return true;
	case 12:
		a->fingerprint = DIGITS "0123456789ABCDEF0123456789ABCDEF";
		return true;
	case 13:
		a->password_file = "/p";
		return true;
	case 14:
		a->password_command = "p";
		return true;
	case 15:
		a->password_command = "p\t";
		a->token_command = "";
		return true;
	case 16:
		a->ca_file = "\n";
		return true;
	case 17:
		a->password_file = "\x01";
		a->token_command = "";
		return true;
	case 18:
		a->token_command = "\r";
		return true;
	case 19:
		a->fingerprint = "\n";
		return true;
	default:
		return false;
	}
}

Test(imap_wire, an_account_that_makes_no_sense_is_bad)
{
	struct account a = good_account(), b;
	int i;

	for (i = 0; spoil(&a, i); i++) {
		cr_assert_not(passes(&a, &b), "way %d", i);
		a = good_account();
	}
	cr_assert_eq(i, 20);
}

Test(imap_wire, a_port_over_16_bits_is_bad)
{
	struct account a = good_account(), b;
	uint32_t port = 65536 + 993;

	frame_begin(&frame, IMAP_ASK_ACCOUNT);
	account_put(&frame, &a);
	/* Behind the host: its length, its bytes, its NUL. */
	memcpy(frame.bytes + 4 + strlen(a.host) + 1, &port, sizeof(port));
	account_get(&frame, &b);
	cr_assert_not(frame_is_whole(&frame));
	cr_assert_eq(b.port, 0);
}

/* ---- allowances ---- */

Test(imap_wire, an_allowance_comes_over)
{
	struct allowance a = {UINT32_MAX, UINT64_MAX}, b;

	frame_begin(&frame, IMAP_ASK_UIDS);
	allowance_put(&frame, &a);
	allowance_get(&frame, &b);
	cr_assert(frame_is_whole(&frame));
	cr_assert_eq(b.ms, UINT32_MAX);
	cr_assert_eq(b.bytes, UINT64_MAX);
	allowance_get(&frame, &b);
	cr_assert_eq(b.ms, 0);
	cr_assert_eq(b.bytes, 0);
	cr_assert_not(frame_is_whole(&frame));
}

/* ---- sets ---- */

Test(imap_wire, neighbours_share_a_range)
{
	struct uid_set set = {0};

	cr_assert(uid_set_add(&set, 1));
	cr_assert(uid_set_add(&set, 2));
	cr_assert(uid_set_add(&set, 3));
	cr_assert(uid_set_add(&set, 5));
	cr_assert(uid_set_add(&set, UINT32_MAX - 1));
	cr_assert(uid_set_add(&set, UINT32_MAX));
	cr_assert_eq(set.n, 3);
	cr_assert_eq(set.count, 6);
	cr_assert_eq(set.ranges[0].first, 1);
	cr_assert_eq(set.ranges[0].last, 3);
	cr_assert_eq(set.ranges[2].last, UINT32_MAX);
	cr_assert_not(uid_set_add(&set, UINT32_MAX));
	cr_assert_not(uid_set_add(&set, 0));
	cr_assert_not(uid_set_add(&set, 4));
	cr_assert_eq(set.count, 6);
}

Test(imap_wire, a_set_has_what_was_added)
{
	struct uid_set set = {0};
	uint32_t uid;

	cr_assert_not(uid_set_has(&set, 1));
	for (uid = 1; uid < 300; uid++)
		if (uid % 7 < 3)
			cr_assert(uid_set_add(&set, uid));
	for (uid = 0; uid < 400; uid++)
		cr_assert_eq(uid_set_has(&set, uid),
		    uid > 0 && uid < 300 && uid % 7 < 3, "%u", uid);
	cr_assert_not(uid_set_has(&set, UINT32_MAX));
}

/* As many ranges as there is room for, each of one UID. */
static void
fill(struct uid_set *set)
{
	uint32_t uid;

	for (uid = 2; uid <= 2 * UID_RANGES_MAX; uid += 2)
		cr_assert(uid_set_add(set, uid));
}

Test(imap_wire, a_full_set_takes_neighbours_only)
{
	struct uid_set set = {0};

	fill(&set);
	cr_assert_eq(set.n, UID_RANGES_MAX);
	cr_assert_not(uid_set_add(&set, 2 * UID_RANGES_MAX + 2));
	cr_assert(uid_set_add(&set, 2 * UID_RANGES_MAX + 1));
	cr_assert_eq(set.n, UID_RANGES_MAX);
	cr_assert_eq(set.count, UID_RANGES_MAX + 1);
}

Test(imap_wire, a_set_comes_over)
{
	struct uid_set set = {0}, got;

	fill(&set);
	frame_begin(&frame, IMAP_ASK_FETCH);
	uid_set_put(&frame, &set);
	uid_set_get(&frame, &got);
	cr_assert(frame_is_whole(&frame));
	cr_assert_eq(got.n, set.n);
	cr_assert_eq(got.count, set.count);
	cr_assert(uid_set_has(&got, 2 * UID_RANGES_MAX));
}

Test(imap_wire, the_set_of_all_uids_counts_them)
{
	struct uid_set set = {.n = 1, .ranges = {{1, UINT32_MAX}}}, got;

	frame_begin(&frame, IMAP_ASK_FETCH);
	uid_set_put(&frame, &set);
	uid_set_get(&frame, &got);
	cr_assert(frame_is_whole(&frame));
	cr_assert_eq(got.count, UINT32_MAX);
}

/* Two ranges, by their four ends. */
static const uint32_t BAD_RANGES[][4] = {
    {0, 0, 1, 1},
    {0, 5, 7, 8},
    {5, 4, 7, 8},
    {1, 2, 2, 3},
    {1, 2, 1, 2},
    {7, 8, 1, 2},
    {1, 9, 3, 4},
    {1, UINT32_MAX, 1, UINT32_MAX},
    {1, 2, 5, 4},
    {1, 2, 0, 0},
};

Test(imap_wire, ranges_that_are_empty_or_out_of_order_are_bad)
{
	size_t i, k;
	struct uid_set got;

	for (i = 0; i < sizeof(BAD_RANGES) / sizeof(BAD_RANGES[0]); i++) {
		frame_begin(&frame, IMAP_ASK_FETCH);
		frame_put_u32(&frame, 2);
		for (k = 0; k < 4; k++)
			frame_put_u32(&frame, BAD_RANGES[i][k]);
		uid_set_get(&frame, &got);
		cr_assert_not(frame_is_whole(&frame), "row %zu", i);
		cr_assert_eq(got.n, 0);
		cr_assert_eq(got.count, 0);
	}
}

Test(imap_wire, ranges_may_touch)
{
	struct uid_set set = {.n = 2, .ranges = {{1, 2}, {3, 3}}}, got;

	frame_begin(&frame, IMAP_ASK_FETCH);
	uid_set_put(&frame, &set);
	uid_set_get(&frame, &got);
	cr_assert(frame_is_whole(&frame));
	cr_assert_eq(got.count, 3);
}

Test(imap_wire, a_set_without_ranges_or_with_too_many_is_bad)
{
	static const uint32_t counts[] = {
	    0, UID_RANGES_MAX + 1, UINT32_MAX, 0x80000000u};
	struct uid_set got;
	size_t i;
	uint32_t k;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		frame_begin(&frame, IMAP_ASK_FETCH);
		frame_put_u32(&frame, counts[i]);
		for (k = 1; k <= UID_RANGES_MAX + 1; k++) {
			frame_put_u32(&frame, 2 * k);
			frame_put_u32(&frame, 2 * k);
		}
		uid_set_get(&frame, &got);
		cr_assert_not(frame_is_whole(&frame));
		cr_assert_eq(got.n, 0);
	}
}

Test(imap_wire, a_set_cut_anywhere_is_bad)
{
	struct uid_set set = {0}, got;
	size_t len, cut;

	fill(&set);
	frame_begin(&frame, IMAP_ASK_FETCH);
	uid_set_put(&frame, &set);
	len = frame.fields.len;
	for (cut = 0; cut < len; cut++) {
		frame.fields.len = cut;
		frame.fields.at = 0;
		frame.fields.bad = false;
		uid_set_get(&frame, &got);
		cr_assert_not(frame_is_whole(&frame));
	}
}

/* ---- failures ---- */

Test(imap_wire, failures_come_over)
{
	struct err in = {0}, out = {0};

	err_set(&in, ERR_REFUSED, "imap.example.com: %s", "no such user");
	imap_put_failed(&frame, &in);
	cr_assert_eq(frame.kind, IMAP_SAY_FAILED);
	frame_get_err(&frame, &out);
	cr_assert(frame_is_whole(&frame));
	cr_assert_eq(out.code, ERR_REFUSED);
	cr_assert_str_eq(out.text, in.text);

	imap_put_lost(&frame, &in, true);
	cr_assert_eq(frame.kind, IMAP_SAY_LOST);
	frame_get_err(&frame, &out);
	cr_assert_not(frame_is_whole(&frame));
	cr_assert(frame_get_bool(&frame));
	cr_assert(frame_is_whole(&frame));
}

Test(imap_wire, a_failure_s_text_goes_as_utf8)
{
	struct err in = {.code = ERR_DATA,
	    .text = "a\xff\xfe"
		    "b\xc3\xa4\xc3"};
	struct err out = {0};

	imap_put_failed(&frame, &in);
	frame_get_err(&frame, &out);
	cr_assert(frame_is_whole(&frame));
	cr_assert_str_eq(out.text, "a??b\xc3\xa4?");
	memset(in.text, '\xff', sizeof(in.text));
	imap_put_failed(&frame, &in);
	frame_get_err(&frame, &out);
	cr_assert(frame_is_whole(&frame));
	cr_assert_eq(strlen(out.text), ERR_TEXT_MAX - 1);
}

Test(imap_wire, an_unknown_failure_is_bad)
{
	struct err out;
	int code;

	for (code = 0; code < 256; code++) {
		frame_begin(&frame, IMAP_SAY_FAILED);
		frame_put_u8(&frame, (uint8_t)code);
		frame_put_string(&frame, "x");
		frame_get_err(&frame, &out);
		cr_assert_eq(frame_is_whole(&frame),
		    code > ERR_NONE && code <= ERR_VANISHED);
		if (!frame_is_whole(&frame))
			cr_assert_eq(out.code, ERR_DATA);
	}
}
