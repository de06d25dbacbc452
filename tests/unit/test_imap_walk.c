/* SPDX-License-Identifier: ISC */

/*
 * The walk through an IMAP account, with a helper program that is honest.
 */

#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <criterion/criterion.h>

#include "base/buf.h"
#include "imap_kit.h"

Test(imap_walk, messages_come_with_key_and_locator_and_as_of_now)
{
	struct kit_mails all =
	    imap_play_script(PLAY_OPEN PLAY_INBOX PLAY_UIDS PLAY_SIZES
		"< FETCH 1:3\n"
		"> BYTES Subject: a\\n\n> BYTES \\nb\n"
		"> MESSAGE 1 0\n"
		"> BYTES two\n> MESSAGE 2 0\n"
		"> MESSAGE 3 0\n"
		"> DONE\n" PLAY_CLOSE);
	int64_t now = (int64_t)time(NULL);

	cr_assert_eq(all.n, 3, "%s", all.err.text);
	cr_assert_eq(all.errors, 0);
	cr_expect_str_eq(all.m[0].key, "INBOX/7/1");
	cr_expect_str_eq(
	    all.m[0].locator, "imaps://user@mail.example.org/INBOX;uid=1");
	cr_expect_str_eq(all.m[0].bytes, "Subject: a\n\nb");
	cr_expect_str_eq(all.m[0].name, "");
	cr_expect_str_eq(all.m[1].bytes, "two");
	cr_expect_eq(all.m[2].len, 0);
	cr_expect(now - all.m[2].received < 60 && all.m[2].received <= now);
	cr_expect_eq(all.progress.total, 3);
	cr_expect_eq(all.progress.done, 3);
	kit_free(&all);
}

Test(imap_walk, an_empty_folder_has_no_messages)
{
	struct kit_mails all = imap_play_script(
	    PLAY_OPEN "< FOLDER 0 INBOX\n> FOLDER 7 0 0\n> DONE\n"
		      "< UIDS\n> DONE\n" PLAY_CLOSE);

	cr_expect_eq(all.n + all.errors, 0, "%s", all.err.text);
	kit_free(&all);
}

Test(imap_walk, uids_in_disorder_doubled_or_zero_are_put_right)
{
	struct kit_mails all = imap_play_script(PLAY_OPEN PLAY_INBOX
	    "< UIDS\n> UIDS 4294967295 9 0 9\n> UIDS 2 9 2 0\n> DONE\n"
	    "< SIZES 2,9,4294967295\n> SIZES 9:1 4294967295:1 2:1\n> DONE\n"
	    "< FETCH 2,9,4294967295\n"
	    "> MESSAGE 4294967295 0\n> MESSAGE 9 0\n> MESSAGE 2 0\n"
	    "> DONE\n" PLAY_CLOSE);

	cr_assert_eq(all.n, 3, "%s", all.err.text);
	cr_expect_str_eq(all.m[0].key, "INBOX/7/4294967295");
	cr_expect_eq(all.progress.total, 3);
	kit_free(&all);
}

Test(imap_walk, what_is_known_is_not_asked_for)
{
	struct imap_play play = imap_play_begin(PLAY_OPEN PLAY_INBOX PLAY_UIDS
	    "< SIZES 1,3\n> SIZES 1:1 3:1\n> DONE\n"
	    "< FETCH 1,3\n> MESSAGE 1 0\n> MESSAGE 3 0\n> "
	    "DONE\n" PLAY_CLOSE);
	struct kit_mails all;

	play.known = "|INBOX/7/2|INBOX/8/3|";
	all = imap_play_all(&play);
	cr_expect_eq(all.n, 2, "%s", all.err.text);
	cr_expect_eq(all.progress.known, 1);
	cr_expect_eq(all.progress.done, 3);
	kit_free(&all);
}

Test(imap_walk, what_is_known_altogether_asks_nothing_more)
{
	struct imap_play play =
	    imap_play_begin(PLAY_OPEN PLAY_INBOX PLAY_UIDS PLAY_CLOSE);
	struct kit_mails all;

	play.known = "|INBOX/7/1|INBOX/7/2|INBOX/7/3|";
	all = imap_play_all(&play);
	cr_expect_eq(all.n + all.errors, 0, "%s", all.err.text);
	cr_expect_eq(all.progress.known, 3);
	kit_free(&all);
}

Test(imap_walk, what_has_vanished_counts_as_done)
{
	struct kit_mails all = imap_play_script(PLAY_OPEN PLAY_INBOX PLAY_UIDS
	    "< SIZES 1:3\n> SIZES 1:1 3:1\n> DONE\n"
	    "< FETCH 1,3\n> MESSAGE 3 0\n> DONE\n" PLAY_CLOSE);

	cr_expect_eq(all.n, 1, "%s", all.err.text);
	cr_expect_eq(all.errors, 0);
	cr_expect_eq(all.progress.done, 3);
	kit_free(&all);
}

Test(imap_walk, a_size_over_the_limit_is_not_fetched)
{
	struct imap_play play = imap_play_begin(PLAY_OPEN PLAY_INBOX PLAY_UIDS
	    "< SIZES 1:3\n> SIZES 1:5000 2:5001 3:4294967295\n> DONE\n"
	    "< FETCH 1\n> FILL 5000\n> MESSAGE 1 0\n> DONE\n" PLAY_CLOSE);
	struct kit_mails all;

	play.limits.message_bytes = 5000;
	all = imap_play_all(&play);
	cr_assert_eq(all.n, 3, "%s", all.err.text);
	cr_expect(all.m[0].oversize && all.m[1].oversize);
	cr_expect_str_eq(all.m[0].key, "INBOX/7/2");
	cr_expect_eq(all.m[0].len, 0);
	cr_expect(!all.m[2].oversize);
	cr_expect_eq(all.m[2].len, 5000);
	kit_free(&all);
}

Test(imap_walk, a_size_that_was_a_lie_is_noticed_as_it_streams)
{
	struct imap_play play =
	    imap_play_begin(PLAY_OPEN PLAY_INBOX PLAY_UIDS PLAY_SIZES
		"< FETCH 1:3\n> FILL 5001\n> MESSAGE 1 0\n"
		"> BYTES b\n> MESSAGE 2 0\n"
		"> FILL 400000\n> MESSAGE 3 0\n> DONE\n" PLAY_CLOSE);
	struct kit_mails all;

	play.limits.message_bytes = 5000;
	all = imap_play_all(&play);
	cr_assert_eq(all.n, 3, "%s", all.err.text);
	cr_expect(all.m[0].oversize && all.m[0].len == 0);
	cr_expect(!all.m[1].oversize);
	cr_expect_str_eq(all.m[1].bytes, "b");
	cr_expect(all.m[2].oversize);
	kit_free(&all);
}

Test(imap_walk, batches_are_bounded_by_messages_and_by_announced_bytes)
{
	struct imap_play play = imap_play_begin(PLAY_OPEN PLAY_INBOX
	    "< UIDS\n> UIDS 1 2 3 4 5 6\n> DONE\n< SIZES 1:6\n"
	    "> SIZES 1:1 2:1 3:1 4:40000000 5:33554431 6:2\n> DONE\n"
	    "< FETCH 1:2\n> MESSAGE 1 0\n> MESSAGE 2 0\n> DONE\n"
	    "< FETCH 3\n> MESSAGE 3 0\n> DONE\n"
	    "< FETCH 4\n> MESSAGE 4 0\n> DONE\n"
	    "< FETCH 5\n> MESSAGE 5 0\n> DONE\n"
	    "< FETCH 6\n> MESSAGE 6 0\n> DONE\n" PLAY_CLOSE);
	struct kit_mails all;

	play.imap.batch = 2;
	all = imap_play_all(&play);
	cr_expect_eq(all.n, 6, "%s", all.err.text);
	kit_free(&all);
}

Test(imap_walk, only_likely_messages_of_an_inbox_are_fetched)
{
	struct imap_play play = imap_play_begin(PLAY_OPEN PLAY_INBOX PLAY_UIDS
	    "< HEADS 1:3\n"
	    "> BYTES Subject: lunch\\n\n> MESSAGE 1 100\n"
	    "> BYTES Subject: Report Domain: x\\n\n> MESSAGE 3 200\n"
	    "> MESSAGE 2 300\n> DONE\n"
	    "< FETCH 3\n> BYTES whole\n> MESSAGE 3 0\n> DONE\n" PLAY_CLOSE);
	struct kit_mails all;

	play.likely = "Report Domain:";
	all = imap_play_all(&play);
	cr_assert_eq(all.n, 3, "%s", all.err.text);
	cr_expect(all.m[0].foreign && all.m[0].len == 0);
	cr_expect_str_eq(all.m[0].key, "INBOX/7/1");
	cr_expect(all.m[1].foreign);
	cr_expect(!all.m[2].foreign);
	cr_expect_str_eq(all.m[2].bytes, "whole");
	kit_free(&all);
}

Test(imap_walk, the_last_bytes_come_with_the_name_of_the_message)
{
	struct kit_mails all =
	    imap_play_script(PLAY_OPEN PLAY_INBOX PLAY_UIDS PLAY_SIZES
		"< FETCH 1:3\n> MESSAGE 1 0 all\n"
		"> BYTES first,\n> MESSAGE 2 0 last\n"
		"> BYTES alone\n> MESSAGE 3 0\n> DONE\n" PLAY_CLOSE);

	cr_assert_eq(all.n, 3, "%s", all.err.text);
	cr_expect_str_eq(all.m[0].bytes, "all");
	cr_expect_str_eq(all.m[1].bytes, "first,last");
	cr_expect_str_eq(all.m[2].bytes, "alone");
	kit_free(&all);
}

Test(imap_walk, a_huge_head_is_likely_and_a_likely_giant_is_not_fetched)
{
	struct imap_play play = imap_play_begin(PLAY_OPEN PLAY_INBOX PLAY_UIDS
	    "< HEADS 1:3\n> FILL 2001\n> MESSAGE 1 5000\n"
	    "> FILL 2000\n> MESSAGE 2 5000\n"
	    "> FILL 2001\n> MESSAGE 3 5001\n> DONE\n"
	    "< FETCH 1\n> BYTES x\n> MESSAGE 1 0\n> DONE\n" PLAY_CLOSE);
	struct kit_mails all;

	play.limits.header_bytes = 2000;
	play.limits.message_bytes = 5000;
	play.likely = "Report Domain:";
	all = imap_play_all(&play);
	cr_assert_eq(all.n, 3, "%s", all.err.text);
	cr_expect(all.m[0].foreign);
	cr_expect(all.m[1].oversize && !all.m[1].foreign);
	cr_expect_str_eq(all.m[2].bytes, "x");
	kit_free(&all);
}

Test(imap_walk, other_folders_are_fetched_whole_and_named_in_utf_7)
{
	static const char *const folders[] = {"inbox", "Berichte/\xc3\xa4&",
	    ".a..b/", "InBox", "Berichte/\xc3\xa4&"};
	struct imap_play play = imap_play_begin(PLAY_OPEN
	    "< FOLDER 0 INBOX\n> FOLDER 7 1 1\n> DONE\n"
	    "< UIDS\n> UIDS 1\n> DONE\n"
	    "< HEADS 1\n> MESSAGE 1 1\n> DONE\n"
	    "< FOLDER 0 Berichte/&AOQ-&-\n> FOLDER 4294967295 1 0\n> DONE\n"
	    "< UIDS\n> UIDS 1\n> DONE\n"
	    "< SIZES 1\n> SIZES 1:1\n> DONE\n"
	    "< FETCH 1\n> BYTES r\n> MESSAGE 1 0\n> DONE\n"
	    "< FOLDER 0 .a..b/\n> FOLDER 3 0 0\n> DONE\n"
	    "< UIDS\n> DONE\n" PLAY_CLOSE);
	struct kit_mails all;

	play.config.folders = folders;
	play.config.nfolders = 5;
	play.likely = "Report Domain:";
	all = imap_play_all(&play);
	cr_assert_eq(all.n, 2, "%s", all.err.text);
	cr_expect_str_eq(all.m[0].key, "INBOX/7/1");
	cr_expect_str_eq(all.m[1].key, "Berichte/\xc3\xa4&/4294967295/1");
	cr_expect_str_eq(all.m[1].locator,
	    "imaps://user@mail.example.org/Berichte/\xc3\xa4&;uid=1");
	kit_free(&all);
}

Test(imap_walk, a_folder_that_is_not_there_does_not_keep_others_from_it)
{
	static const char *const folders[] = {"gone", "Reports"};
	struct imap_play play = imap_play_begin(PLAY_OPEN
	    "< FOLDER 0 gone\n> FAILED 4 no such folder: nonexistent\n"
	    "< FOLDER 0 Reports\n> FOLDER 7 0 1\n> DONE\n"
	    "< UIDS\n> FAILED 5 not today\n" PLAY_CLOSE);
	struct kit_mails all;

	play.config.folders = folders;
	play.config.nfolders = 2;
	all = imap_play_all(&play);
	cr_expect_eq(all.errors, 2);
	cr_expect(!all.fatal);
	cr_expect_str_eq(
	    all.err.text, "imaps://user@mail.example.org/Reports: not today");
	kit_free(&all);
}

Test(imap_walk, the_only_folder_that_is_not_there_is_fatal)
{
	struct kit_mails all = imap_play_script(PLAY_OPEN
	    "< FOLDER 0 INBOX\n> FAILED 4 no such folder: x\n" PLAY_CLOSE);

	cr_expect(all.fatal);
	cr_expect_eq(all.err.code, ERR_NOINPUT);
	cr_expect_str_eq(all.err.text,
	    "imaps://user@mail.example.org/INBOX: no such folder: x");
	kit_free(&all);
}

Test(imap_walk, after_a_failed_batch_each_is_asked_alone_once)
{
	struct kit_mails all =
	    imap_play_script(PLAY_OPEN PLAY_INBOX PLAY_UIDS PLAY_SIZES
		"< FETCH 1:3\n> BYTES a\n> MESSAGE 1 0\n"
		"> BYTES cut\n> FAILED 6 [SERVERBUG]\n"
		"< FETCH 2\n> FAILED 6 [SERVERBUG] two\n"
		"< FETCH 3\n> BYTES c\n> MESSAGE 3 0\n> DONE\n" PLAY_CLOSE);

	cr_expect_eq(all.n, 2);
	cr_expect_eq(all.errors, 1);
	cr_expect(!all.fatal);
	cr_expect_str_eq(all.err.text,
	    "imaps://user@mail.example.org/INBOX;uid=2: [SERVERBUG] two");
	cr_expect(kit_has(&all, "INBOX/7/3", "c"));
	cr_expect_eq(all.progress.done, 3);
	kit_free(&all);
}

Test(imap_walk, failed_sizes_and_heads_are_asked_alone_too)
{
	static const char *const folders[] = {"INBOX", "R"};
	struct imap_play play = imap_play_begin(PLAY_OPEN PLAY_INBOX PLAY_UIDS
	    "< HEADS 1:3\n> MESSAGE 2 1\n> FAILED 6 x\n"
	    "< HEADS 1\n> FAILED 6 x\n"
	    "< HEADS 3\n> BYTES !\n> MESSAGE 3 1\n> DONE\n"
	    "< FETCH 3\n> MESSAGE 3 0\n> FAILED 6 after all\n"
	    "< FOLDER 0 R\n> FOLDER 9 2 0\n> DONE\n"
	    "< UIDS\n> UIDS 1 2\n> DONE\n"
	    "< SIZES 1:2\n> FAILED 6 y\n"
	    "< SIZES 1\n> DONE\n"
	    "< SIZES 2\n> FAILED 6 y\n" PLAY_CLOSE);
	struct kit_mails all;

	play.config.folders = folders;
	play.config.nfolders = 2;
	play.likely = "!";
	all = imap_play_all(&play);
	cr_expect_eq(all.n, 2);
	cr_expect_eq(all.errors, 2);
	cr_expect_str_eq(
	    all.err.text, "imaps://user@mail.example.org/R;uid=2: y");
	cr_expect_eq(all.progress.done, 5);
	kit_free(&all);
}

Test(imap_walk, a_set_that_is_full_of_holes_takes_several_questions)
{
	struct buf script = {.cap = SIZE_MAX - 1};
	struct kit_mails all;
	char number[16];
	size_t i, part;

	buf_append(&script, PLAY_OPEN PLAY_INBOX "< UIDS\n> UIDS",
	    sizeof(PLAY_OPEN PLAY_INBOX "< UIDS\n> UIDS") - 1);
	for (i = 1; i <= UID_RANGES_MAX + 1; i++) {
		snprintf(number, sizeof(number), " %zu", i * 2);
		buf_append(&script, number, strlen(number));
	}
	buf_append(&script, "\n> DONE\n", 8);
	for (part = 0; part < 2; part++) {
		buf_append(&script, "< SIZES", 7);
		for (i = part == 0 ? 1 : UID_RANGES_MAX + 1;
		     i <= UID_RANGES_MAX + part; i++) {
			snprintf(number, sizeof(number), "%c%zu",
			    i == 1 || i > UID_RANGES_MAX ? ' ' : ',', i * 2);
			buf_append(&script, number, strlen(number));
		}
		buf_append(&script, "\n> DONE\n", 8);
	}
	buf_append(&script, PLAY_CLOSE, sizeof(PLAY_CLOSE) - 1);
	all = imap_play_script(buf_string(&script));
	cr_expect_eq(all.n + all.errors, 0, "%s", all.err.text);
	cr_expect_eq(all.progress.done, UID_RANGES_MAX + 1);
	kit_free(&all);
	buf_free(&script);
}

Test(imap_walk, a_folder_of_too_many_messages_is_not_listed)
{
	struct kit_mails all = imap_play_script(PLAY_OPEN
	    "< FOLDER 0 INBOX\n> FOLDER 7 2000001 1\n> DONE\n" PLAY_CLOSE);
	struct imap_play play;

	cr_expect_eq(all.n, 0);
	cr_expect_eq(all.err.code, ERR_UNAVAILABLE);
	cr_expect(strstr(all.err.text, "2000000") != NULL, "%s", all.err.text);
	kit_free(&all);
	play = imap_play_begin(PLAY_OPEN
	    "< FOLDER 0 INBOX\n> FOLDER 7 2000000 1\n> DONE\n" PLAY_UIDS
		PLAY_CLOSE);
	play.known = "|INBOX/7/1|INBOX/7/2|INBOX/7/3|";
	all = imap_play_all(&play);
	cr_expect(!all.fatal, "%s", all.err.text);
	cr_expect_eq(all.progress.known, 3);
	kit_free(&all);
}

/* Three messages may cost 16 bytes each, and IMAP_ANSWER_BYTES more; the
 * helper says at most twice what the server said.  A frame of n UIDs has
 * 1 + 4 n bytes, the last word has one: these are 2097248, or one more. */
static struct kit_mails
list_wordily(const char *uids, const char *end)
{
	char script[1000];
	struct imap_play play;

	snprintf(script, sizeof(script), "%s%s< UIDS\n%s> DONE\n%s", PLAY_OPEN,
	    PLAY_INBOX, uids, end);
	play = imap_play_begin(script);
	play.known = "|INBOX/7/1|";
	return imap_play_all(&play);
}

Test(imap_walk, an_answer_has_a_bound)
{
	struct kit_mails all;

	cr_assert_eq(2 * (3 * 16 + IMAP_ANSWER_BYTES), 2097248);
	all = list_wordily("> MANY 524178\n> UIDS 1\n> UIDS 1\n", PLAY_CLOSE);
	cr_expect(!all.fatal, "%s", all.err.text);
	cr_expect_eq(all.progress.known, 1);
	kit_free(&all);
	all = list_wordily("> MANY 524177\n> UIDS 1\n> UIDS 1\n> UIDS 1\n", "");
	cr_expect(all.fatal);
	cr_expect(strstr(all.err.text, "no sense") != NULL, "%s", all.err.text);
	kit_free(&all);
}
