/* SPDX-License-Identifier: ISC */

/*
 * Messages of which several come in a frame, between others that come in
 * pieces.
 */

#include "config.h"

#include <criterion/criterion.h>

#include "imap_kit.h"

Test(imap_frames, hold_several_messages)
{
	struct kit_mails all =
	    imap_play_script(PLAY_OPEN PLAY_INBOX PLAY_UIDS PLAY_SIZES
		"< FETCH 1:3\n> MESSAGES 2 0 two|1 0 |3 0 c\n"
		"> DONE\n" PLAY_CLOSE);

	cr_assert_eq(all.n, 3, "%s", all.err.text);
	cr_expect_eq(all.errors, 0);
	cr_expect_str_eq(all.m[0].key, "INBOX/7/2");
	cr_expect_str_eq(all.m[0].bytes, "two");
	cr_expect_str_eq(all.m[1].key, "INBOX/7/1");
	cr_expect_eq(all.m[1].len, 0);
	cr_expect_str_eq(all.m[2].bytes, "c");
	kit_free(&all);
}

Test(imap_frames, come_between_pieces_of_others)
{
	struct kit_mails all = imap_play_script(PLAY_OPEN PLAY_INBOX
	    "< UIDS\n> UIDS 1 2 3 4\n> DONE\n"
	    "< SIZES 1:4\n> SIZES 1:1 2:1 3:1 4:1\n> DONE\n"
	    "< FETCH 1:4\n> MESSAGES 1 0 a\n"
	    "> BYTES b\n> BYTES b\n> MESSAGE 2 0 B\n"
	    "> MESSAGES 3 0 c|4 0 d\n> DONE\n" PLAY_CLOSE);

	cr_assert_eq(all.n, 4, "%s", all.err.text);
	cr_expect_str_eq(all.m[0].bytes, "a");
	cr_expect_str_eq(all.m[1].bytes, "bbB");
	cr_expect_str_eq(all.m[2].bytes, "c");
	cr_expect_str_eq(all.m[3].bytes, "d");
	kit_free(&all);
}

Test(imap_frames, hold_heads)
{
	struct imap_play play = imap_play_begin(PLAY_OPEN PLAY_INBOX PLAY_UIDS
	    "< HEADS 1:3\n"
	    "> MESSAGES 1 9 Subject: lunch|2 9 Report Domain: x|3 9 y\n"
	    "> DONE\n< FETCH 2\n> MESSAGES 2 0 whole\n> DONE\n" PLAY_CLOSE);
	struct kit_mails all;

	play.likely = "Report Domain:";
	all = imap_play_all(&play);
	cr_assert_eq(all.n, 3, "%s", all.err.text);
	cr_expect(all.m[0].foreign && all.m[1].foreign);
	cr_expect_str_eq(all.m[2].bytes, "whole");
	kit_free(&all);
}

Test(imap_frames, bound_each_message_by_itself)
{
	struct imap_play play = imap_play_begin(PLAY_OPEN PLAY_INBOX PLAY_UIDS
	    "< SIZES 1:3\n> SIZES 1:5 2:5 3:5\n> DONE\n"
	    "< FETCH 1:3\n> MESSAGES 1 0 12345|2 0 123456|3 0 x\n"
	    "> DONE\n" PLAY_CLOSE);
	struct kit_mails all;

	play.limits.message_bytes = 5;
	all = imap_play_all(&play);
	cr_assert_eq(all.n, 3, "%s", all.err.text);
	cr_expect_str_eq(all.m[0].bytes, "12345");
	cr_expect(all.m[1].oversize && all.m[1].len == 0);
	cr_expect(!all.m[0].oversize && !all.m[2].oversize);
	cr_expect_str_eq(all.m[2].bytes, "x");
	kit_free(&all);
}
