/* SPDX-License-Identifier: ISC */

/*
 * A source of which nothing is known: its folder is opened, and what is small
 * in it listed, in one breath; what is left comes afterwards.  What is said of
 * that need not be true, and may fail.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/buf.h"
#include "imap_kit.h"

#define FETCH_ALL                                 \
	"< FETCH 1:3\n> BYTES a\n> MESSAGE 1 0\n" \
	"> BYTES b\n> MESSAGE 2 0\n"              \
	"> BYTES c\n> MESSAGE 3 0\n> DONE\n"

static struct kit_mails
play_new(const char *script)
{
	struct imap_play play = imap_play_begin(script);

	play.is_new = true;
	return imap_play_all(&play);
}

/* Plays what must give three messages, and no error. */
static void
expect_three(const char *script)
{
	struct kit_mails all = play_new(script);

	cr_assert_eq(all.n, 3, "%zu: %s", all.n, all.err.text);
	cr_expect_eq(all.errors, 0, "%s", all.err.text);
	cr_expect(kit_has(&all, "INBOX/7/1", "a"));
	cr_expect(kit_has(&all, "INBOX/7/2", "b"));
	cr_expect(kit_has(&all, "INBOX/7/3", "c"));
	cr_expect_eq(all.progress.done, 3);
	cr_expect_eq(all.progress.total, 3);
	kit_free(&all);
}

Test(imap_listing, comes_with_the_folder_if_the_source_is_new)
{
	expect_three(PLAY_OPEN PLAY_AHEAD PLAY_SMALL FETCH_ALL PLAY_CLOSE);
}

Test(imap_listing, may_come_in_pieces)
{
	expect_three(
	    PLAY_OPEN PLAY_AHEAD "< SMALL\n> UIDS 1\n> UIDS 2 3\n> UIDS\n> "
				 "DONE\n" FETCH_ALL PLAY_CLOSE);
}

Test(imap_listing, of_an_empty_folder_asks_nothing_more)
{
	struct kit_mails all =
	    play_new(PLAY_OPEN "< AHEAD 0 INBOX\n> FOLDER 7 0 0\n> DONE\n"
			       "< SMALL\n> DONE\n" PLAY_CLOSE);

	cr_expect_eq(all.n + all.errors, 0, "%s", all.err.text);
	kit_free(&all);
}

/* All that are not small, and what has come meanwhile. */
Test(imap_listing, is_of_the_others_when_the_small_ones_are_given)
{
	struct kit_mails all = play_new(PLAY_OPEN
	    "< AHEAD 0 INBOX\n> FOLDER 7 4 1\n> DONE\n"
	    "< SMALL\n> UIDS 2 4\n> DONE\n"
	    "< FETCH 2,4\n> MESSAGE 2 0 b\n> MESSAGE 4 0 d\n> DONE\n"
	    "< UIDS\n> UIDS 5 4 3 2 1\n> DONE\n"
	    "< SIZES 1,3,5\n> SIZES 1:20000 3:4294967295 5:1\n> DONE\n"
	    "< FETCH 1,5\n> MESSAGE 1 0 a\n> MESSAGE 5 0 e\n> "
	    "DONE\n" PLAY_CLOSE);

	cr_assert_eq(all.n, 5, "%zu: %s", all.n, all.err.text);
	cr_expect_eq(all.errors, 0, "%s", all.err.text);
	cr_expect(kit_has(&all, "INBOX/7/1", "a"));
	cr_expect(kit_has(&all, "INBOX/7/2", "b"));
	cr_expect(kit_has(&all, "INBOX/7/4", "d"));
	cr_expect(kit_has(&all, "INBOX/7/5", "e"));
	cr_expect_eq(all.progress.done, 5);
	cr_expect_eq(all.progress.total, 5);
	kit_free(&all);
}

/* Who came after the folder was opened does not stand for who was there. */
static void
expect_others(const char *opened)
{
	struct buf script = {.cap = SIZE_MAX - 1};
	struct kit_mails all;
	const char *rest =
	    "< SMALL\n> UIDS 2 3\n> DONE\n"
	    "< FETCH 2:3\n> MESSAGE 2 0 b\n> MESSAGE 3 0 c\n> DONE\n" PLAY_UIDS
	    "< SIZES 1\n> SIZES 1:20000\n> DONE\n"
	    "< FETCH 1\n> MESSAGE 1 0 a\n> DONE\n" PLAY_CLOSE;

	buf_append(&script, opened, strlen(opened));
	buf_append(&script, rest, strlen(rest));
	all = play_new(buf_string(&script));
	cr_expect_eq(all.n, 3, "%s", all.err.text);
	kit_free(&all);
	buf_free(&script);
}

Test(imap_listing, of_the_others_is_not_hidden_by_what_has_come)
{
	expect_others(PLAY_OPEN "< AHEAD 0 INBOX\n> FOLDER 7 2 1 3\n> DONE\n");
	expect_others(PLAY_OPEN "< AHEAD 0 INBOX\n> FOLDER 7 2 1 0\n> DONE\n");
}

Test(imap_listing, of_nothing_small_is_of_all)
{
	expect_three(PLAY_OPEN PLAY_AHEAD
	    "< SMALL\n> DONE\n" PLAY_UIDS PLAY_SIZES FETCH_ALL PLAY_CLOSE);
}

/* What vanished is not asked for again; what failed is told once. */
Test(imap_listing, of_the_others_leaves_out_what_is_done)
{
	struct kit_mails all =
	    play_new(PLAY_OPEN "< AHEAD 0 INBOX\n> FOLDER 7 3 1\n> DONE\n"
			       "< SMALL\n> UIDS 1\n> UIDS 2\n> DONE\n"
			       "< FETCH 1:2\n> MESSAGE 1 0 a\n> DONE\n"
			       "< UIDS\n> UIDS 1 2\n> DONE\n" PLAY_CLOSE);

	cr_expect_eq(all.n, 1, "%s", all.err.text);
	cr_expect_eq(all.errors, 0);
	cr_expect_eq(all.progress.done, 2);
	kit_free(&all);
}

Test(imap_listing, of_the_others_outlives_a_connection)
{
	expect_three(PLAY_OPEN PLAY_AHEAD
	    "< SMALL\n> UIDS 2\n> DONE\n"
	    "< FETCH 2\n> MESSAGE 2 0 b\n> DONE\n"
	    "< UIDS\n> UIDS 1\n" PLAY_LOST PLAY_CONNECT PLAY_INBOX PLAY_UIDS
	    "< SIZES 1,3\n> SIZES 1:1 3:1\n> DONE\n"
	    "< FETCH 1,3\n> MESSAGE 1 0 a\n> MESSAGE 3 0 c\n> "
	    "DONE\n" PLAY_CLOSE);
}

Test(imap_listing, of_the_others_that_is_refused_is_told)
{
	struct kit_mails all = play_new(
	    PLAY_OPEN PLAY_AHEAD "< SMALL\n> UIDS 2\n> DONE\n"
				 "< FETCH 2\n> MESSAGE 2 0 b\n> DONE\n"
				 "< UIDS\n> FAILED 6 not today\n" PLAY_CLOSE);

	cr_expect_eq(all.n, 1);
	cr_expect(all.fatal);
	cr_expect_str_eq(
	    all.err.text, "imaps://user@mail.example.org/INBOX: not today");
	kit_free(&all);
}

/* Other messages have the UIDs then. */
Test(imap_listing, of_the_others_begins_anew_with_another_uidvalidity)
{
	struct kit_mails all = play_new(PLAY_OPEN PLAY_AHEAD
	    "< SMALL\n> UIDS 2\n> DONE\n"
	    "< FETCH 2\n> MESSAGE 2 0 b\n> DONE\n"
	    "< UIDS\n" PLAY_LOST PLAY_CONNECT
	    "< FOLDER 0 INBOX\n> FOLDER 8 1 1\n> DONE\n"
	    "< UIDS\n> UIDS 2\n> DONE\n"
	    "< SIZES 2\n> SIZES 2:1\n> DONE\n"
	    "< FETCH 2\n> MESSAGE 2 0 B\n> DONE\n" PLAY_CLOSE);

	cr_assert_eq(all.n, 2, "%s", all.err.text);
	cr_expect(kit_has(&all, "INBOX/7/2", "b"));
	cr_expect(kit_has(&all, "INBOX/8/2", "B"));
	kit_free(&all);
}

/* A size within the limit of all, and what is small over it. */
static void
expect_limit(size_t message_bytes, const char *script)
{
	struct imap_play play = imap_play_begin(script);
	struct kit_mails all;

	play.limits.message_bytes = message_bytes;
	play.is_new = true;
	all = imap_play_all(&play);
	cr_expect_eq(all.n, 3, "%s", all.err.text);
	kit_free(&all);
}

Test(imap_listing, of_small_ones_needs_a_limit_that_is_not_smaller)
{
	expect_limit(IMAP_SMALL_BELOW - 1,
	    PLAY_OPEN PLAY_AHEAD PLAY_SMALL FETCH_ALL PLAY_CLOSE);
	expect_limit(IMAP_SMALL_BELOW - 2,
	    PLAY_OPEN PLAY_INBOX PLAY_UIDS PLAY_SIZES FETCH_ALL PLAY_CLOSE);
}

Test(imap_listing, in_disorder_doubled_or_zero_is_put_right)
{
	struct kit_mails all = play_new(PLAY_OPEN PLAY_AHEAD
	    "< SMALL\n> UIDS 4294967294 9 0\n> UIDS 2 9 2 2 0\n> DONE\n"
	    "< FETCH 2,9,4294967294\n> MESSAGE 4294967294 0\n"
	    "> MESSAGE 2 0\n> MESSAGE 9 0\n> DONE\n" PLAY_CLOSE);

	cr_expect_eq(all.n, 3, "%s", all.err.text);
	cr_expect_eq(all.progress.total, 3);
	kit_free(&all);
}

Test(imap_listing, of_messages_that_are_not_there_costs_a_question)
{
	struct kit_mails all = play_new(PLAY_OPEN PLAY_AHEAD
	    "< SMALL\n> UIDS 1 4711 4294967294\n> DONE\n"
	    "< FETCH 1,4711,4294967294\n> MESSAGE 1 0\n> DONE\n" PLAY_CLOSE);

	cr_expect_eq(all.n, 1, "%s", all.err.text);
	cr_expect_eq(all.errors, 0);
	cr_expect_eq(all.progress.done, 3);
	kit_free(&all);
}

/* What is said to be small may be anything. */
Test(imap_listing, of_small_ones_that_is_a_lie_is_noticed_as_it_streams)
{
	struct imap_play play = imap_play_begin(PLAY_OPEN PLAY_AHEAD PLAY_SMALL
	    "< FETCH 1:3\n> FILL 20001\n> MESSAGE 1 0\n"
	    "> FILL 20000\n> MESSAGE 2 0\n> MESSAGE 3 0 c\n"
	    "> DONE\n" PLAY_CLOSE);
	struct kit_mails all;

	play.limits.message_bytes = 20000;
	play.is_new = true;
	all = imap_play_all(&play);
	cr_assert_eq(all.n, 3, "%s", all.err.text);
	cr_expect(all.m[0].oversize);
	cr_expect_eq(all.m[1].len, 20000);
	cr_expect(!all.m[1].oversize && !all.m[2].oversize);
	kit_free(&all);
}

Test(imap_listing, of_small_ones_takes_one_that_is_not)
{
	struct kit_mails all = play_new(PLAY_OPEN PLAY_AHEAD PLAY_SMALL
	    "< FETCH 1:3\n> FILL 4000000\n> MESSAGE 1 0\n> MESSAGE 2 0 b\n"
	    "> MESSAGE 3 0 c\n> DONE\n" PLAY_CLOSE);

	cr_assert_eq(all.n, 3, "%s", all.err.text);
	cr_expect_eq(all.m[0].len, 4000000);
	kit_free(&all);
}

/* What was new may be known now, to a run beside this one. */
Test(imap_listing, asks_of_each_message_all_the_same)
{
	struct imap_play play = imap_play_begin(PLAY_OPEN PLAY_AHEAD PLAY_SMALL
	    "< FETCH 1,3\n> MESSAGE 1 0\n> MESSAGE 3 0\n> "
	    "DONE\n" PLAY_CLOSE);
	struct kit_mails all;

	play.is_new = true;
	play.known = "|INBOX/7/2|";
	all = imap_play_all(&play);
	cr_expect_eq(all.n, 2, "%s", all.err.text);
	cr_expect_eq(all.progress.known, 1);
	kit_free(&all);
}

Test(imap_listing, is_ahead_in_every_folder_but_for_likely_ones)
{
	static const char *const folders[] = {"INBOX", "R", "S"};
	struct imap_play play = imap_play_begin(PLAY_OPEN
	    "< FOLDER 1 INBOX\n> FOLDER 7 1 1\n> DONE\n"
	    "< UIDS\n> UIDS 1\n> DONE\n< HEADS 1\n> MESSAGE 1 1\n> DONE\n"
	    "< AHEAD 1 R\n> FOLDER 8 1 1\n> DONE\n"
	    "< SMALL\n> UIDS 1\n> DONE\n"
	    "< FETCH 1\n> MESSAGE 1 0\n> DONE\n"
	    "< AHEAD 1 S\n> FOLDER 9 0 1\n> DONE\n< SMALL\n> "
	    "DONE\n" PLAY_CLOSE);
	struct kit_mails all;

	play.config.folders = folders;
	play.config.nfolders = 3;
	play.config.dispose = DISPOSE_SEEN;
	play.is_new = true;
	play.likely = "Report Domain:";
	all = imap_play_all(&play);
	cr_expect_eq(all.n, 2, "%s", all.err.text);
	cr_expect_eq(all.errors, 0);
	kit_free(&all);
}

/* ---- failures: what goes wrong together is asked for apart ---- */

#define APART PLAY_INBOX PLAY_UIDS PLAY_SIZES FETCH_ALL PLAY_CLOSE

Test(imap_listing, that_is_refused_with_the_folder_is_asked_for_apart)
{
	expect_three(
	    PLAY_OPEN "< AHEAD 0 INBOX\n> FAILED 6 one by one\n" APART);
}

Test(imap_listing, that_is_refused_alone_is_asked_for_apart)
{
	expect_three(PLAY_OPEN PLAY_AHEAD
	    "< SMALL\n> UIDS 9 8\n> FAILED 6 not for all\n" PLAY_UIDS PLAY_SIZES
		FETCH_ALL PLAY_CLOSE);
}

Test(imap_listing, that_is_lost_with_the_folder_is_asked_for_apart)
{
	expect_three(
	    PLAY_OPEN "< AHEAD 0 INBOX\n" PLAY_LOST PLAY_CONNECT APART);
	expect_three(PLAY_OPEN
	    "< AHEAD 0 INBOX\n> FOLDER 9 9 1\n" PLAY_LOST PLAY_CONNECT APART);
	expect_three(PLAY_OPEN "< AHEAD 0 INBOX\n! exit\n" PLAY_OPEN APART);
}

Test(imap_listing, that_is_lost_alone_is_asked_for_apart)
{
	expect_three(PLAY_OPEN PLAY_AHEAD
	    "< SMALL\n> UIDS 9 8\n" PLAY_LOST PLAY_CONNECT APART);
	expect_three(
	    PLAY_OPEN PLAY_AHEAD "< SMALL\n> UIDS 9\n! exit\n" PLAY_OPEN APART);
}

Test(imap_listing, of_a_folder_that_is_not_there_fails_as_ever)
{
	struct kit_mails all = play_new(PLAY_OPEN
	    "< AHEAD 0 INBOX\n> FAILED 4 no such folder: x\n"
	    "< FOLDER 0 INBOX\n> FAILED 4 no such folder: x\n" PLAY_CLOSE);

	cr_expect(all.fatal);
	cr_expect_eq(all.err.code, ERR_NOINPUT);
	cr_expect_str_eq(all.err.text,
	    "imaps://user@mail.example.org/INBOX: no such folder: x");
	kit_free(&all);
}

Test(imap_listing, that_failed_in_one_folder_is_tried_in_the_next)
{
	static const char *const folders[] = {"R", "S"};
	struct imap_play play = imap_play_begin(PLAY_OPEN
	    "< AHEAD 0 R\n> FAILED 4 gone\n< FOLDER 0 R\n> FAILED 4 gone\n"
	    "< AHEAD 0 S\n> FOLDER 9 1 1\n> DONE\n"
	    "< SMALL\n> UIDS 5\n> DONE\n"
	    "< FETCH 5\n> MESSAGE 5 0\n> DONE\n" PLAY_CLOSE);
	struct kit_mails all;

	play.config.folders = folders;
	play.config.nfolders = 2;
	play.is_new = true;
	all = imap_play_all(&play);
	cr_expect_eq(all.n, 1, "%s", all.err.text);
	cr_expect_eq(all.errors, 1);
	cr_expect(!all.fatal);
	kit_free(&all);
}

/* After a loss the list is still good; the folder need not be listed again,
 * unless its UIDs are others. */
Test(imap_listing, outlives_a_connection)
{
	expect_three(PLAY_OPEN PLAY_AHEAD PLAY_SMALL
	    "< FETCH 1:3\n> BYTES a\n> MESSAGE 1 0\n" PLAY_LOST PLAY_CONNECT
		PLAY_INBOX "< FETCH 2:3\n> BYTES b\n> MESSAGE 2 0\n"
	    "> BYTES c\n> MESSAGE 3 0\n> DONE\n" PLAY_CLOSE);
}

/* ---- bounds ---- */

Test(imap_listing, of_too_many_messages_is_heard_and_dropped)
{
	struct kit_mails all =
	    play_new(PLAY_OPEN "< AHEAD 0 INBOX\n> FOLDER 7 2000001 1\n> DONE\n"
			       "< SMALL\n> UIDS 1 2\n> DONE\n" PLAY_CLOSE);

	cr_expect_eq(all.n, 0);
	cr_expect_eq(all.err.code, ERR_UNAVAILABLE);
	cr_expect(strstr(all.err.text, "2000000") != NULL, "%s", all.err.text);
	kit_free(&all);
}

/* What a server is given for its first list, which says that so many messages
 * are in the folder: 16 bytes for each, and the time that they take. */
static void
expect_given(const char *messages, const char *given)
{
	char script[500];
	struct kit_mails all;

	snprintf(script, sizeof(script),
	    "%s< AHEAD 0 INBOX\n> FOLDER 7 %s 1\n> DONE\n< SMALL\n= %s\n"
	    "> LOST 0 5 enough\n",
	    PLAY_OPEN, messages, given);
	all = play_new(script);
	cr_expect_eq(all.n, 0);
	cr_expect_eq(all.err.code, ERR_UNAVAILABLE, "%s", all.err.text);
	kit_free(&all);
}

Test(imap_listing, has_its_time_and_bytes_for_two_million_messages_at_most)
{
	expect_given("0", "120000 1048576");
	expect_given("1999996", "608280 33048512");
	expect_given("2000000", "608281 33048576");
	expect_given("2000001", "608281 33048576");
	expect_given("4294967295", "608281 33048576");
}

/* How many are named counts, and not how many were announced. */
Test(imap_listing, of_small_ones_names_two_million_at_most)
{
	struct kit_mails all =
	    play_new(PLAY_OPEN "< AHEAD 0 INBOX\n> FOLDER 7 2000000 1\n> DONE\n"
			       "< SMALL\n> MANY 2000000\n> DONE\n"
			       "< FETCH 1\n> MESSAGE 1 0 a\n> DONE\n"
			       "< UIDS\n> MANY 2000000\n> DONE\n" PLAY_CLOSE);

	cr_expect_eq(all.n, 1, "%s", all.err.text);
	cr_expect_eq(all.errors, 0, "%s", all.err.text);
	kit_free(&all);
	all =
	    play_new(PLAY_OPEN "< AHEAD 0 INBOX\n> FOLDER 7 2000000 1\n> DONE\n"
			       "< SMALL\n> MANY 2000001\n");
	cr_expect_eq(all.n, 0);
	cr_expect(all.fatal);
	cr_expect_eq(all.err.code, ERR_UNAVAILABLE);
	cr_expect(strstr(all.err.text, "2000000") != NULL, "%s", all.err.text);
	kit_free(&all);
}

/* Three messages were announced: for each there may come 16 bytes, and 1 MiB
 * beside, and the helper may say twice as much. */
#define MOST_BYTES    (2 * (3 * 16 + ((size_t)1 << 20)))
#define FRAME_UIDS    16000
#define FRAME_BYTES   ((size_t)FRAME_UIDS * 4 + 1)
#define FRAMES_WITHIN (MOST_BYTES / FRAME_BYTES)

static void
put_line(struct buf *script, const char *line)
{
	buf_append(script, line, strlen(line));
}

Test(imap_listing, may_not_be_longer_than_what_a_server_may_send)
{
	struct buf script = {.cap = SIZE_MAX - 1};
	struct kit_mails all;
	size_t i, k;

	put_line(&script, PLAY_OPEN PLAY_AHEAD "< SMALL\n");
	for (i = 0; i < FRAMES_WITHIN + 1; i++) {
		put_line(&script, "> UIDS");
		for (k = 0; k < FRAME_UIDS; k++)
			put_line(&script, " 1");
		put_line(&script, "\n");
	}
	all = play_new(buf_string(&script));
	cr_expect(all.fatal);
	cr_expect_eq(all.n, 0);
	cr_expect_not_null(strstr(all.err.text, "no sense"));
	kit_free(&all);
	buf_free(&script);
}
