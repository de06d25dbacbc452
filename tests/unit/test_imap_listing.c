/* SPDX-License-Identifier: ISC */

/*
 * A source of which nothing is known: its folder is opened and listed in one
 * breath, sizes and all.  What comes of that need not be true, and may fail.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/buf.h"
#include "imap_kit.h"

#define FETCH_ALL                                   \
	"< FETCH 1:3\n> BYTES a\n> MESSAGE 1 0 0\n" \
	"> BYTES b\n> MESSAGE 2 0 0\n"              \
	"> BYTES c\n> MESSAGE 3 0 0\n> DONE\n"

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
	expect_three(PLAY_OPEN PLAY_AHEAD PLAY_LIST FETCH_ALL PLAY_CLOSE);
}

Test(imap_listing, may_come_in_pieces)
{
	expect_three(PLAY_OPEN PLAY_AHEAD
	    "< LISTING\n> SIZES 1:10\n> SIZES 2:20 3:30\n> SIZES\n> "
	    "DONE\n" FETCH_ALL PLAY_CLOSE);
}

Test(imap_listing, of_an_empty_folder_asks_nothing_more)
{
	struct kit_mails all =
	    play_new(PLAY_OPEN "< AHEAD 0 INBOX\n> FOLDER 7 0 0\n> DONE\n"
			       "< LISTING\n> DONE\n" PLAY_CLOSE);

	cr_expect_eq(all.n + all.errors, 0, "%s", all.err.text);
	kit_free(&all);
}

Test(imap_listing, a_size_over_the_limit_is_not_fetched)
{
	struct imap_play play = imap_play_begin(PLAY_OPEN PLAY_AHEAD
	    "< LISTING\n> SIZES 1:5000 2:5001 3:4294967295\n> DONE\n"
	    "< FETCH 1\n> FILL 5000\n> MESSAGE 1 0 0\n> DONE\n" PLAY_CLOSE);
	struct kit_mails all;

	play.limits.message_bytes = 5000;
	play.is_new = true;
	all = imap_play_all(&play);
	cr_assert_eq(all.n, 3, "%s", all.err.text);
	cr_expect(all.m[0].oversize && all.m[1].oversize);
	cr_expect_str_eq(all.m[0].key, "INBOX/7/2");
	cr_expect_eq(all.m[0].len + all.m[1].len, 0);
	cr_expect_eq(all.m[2].len, 5000);
	kit_free(&all);
}

Test(imap_listing, in_disorder_doubled_or_zero_is_put_right_by_the_largest_size)
{
	struct imap_play play = imap_play_begin(PLAY_OPEN PLAY_AHEAD
	    "< LISTING\n> SIZES 4294967295:1 9:5001 0:7\n"
	    "> SIZES 2:1 9:2 2:5000 2:3 0:5001\n> DONE\n"
	    "< FETCH 2,4294967295\n"
	    "> MESSAGE 4294967295 0 0\n> MESSAGE 2 0 0\n> DONE\n" PLAY_CLOSE);
	struct kit_mails all;

	play.limits.message_bytes = 5000;
	play.is_new = true;
	all = imap_play_all(&play);
	cr_assert_eq(all.n, 3, "%s", all.err.text);
	cr_expect_str_eq(all.m[0].key, "INBOX/7/9");
	cr_expect(all.m[0].oversize);
	cr_expect_eq(all.progress.total, 3);
	kit_free(&all);
}

Test(imap_listing, of_messages_that_are_not_there_costs_a_question)
{
	struct kit_mails all = play_new(PLAY_OPEN PLAY_AHEAD
	    "< LISTING\n> SIZES 1:10 4711:10 4294967294:10\n> DONE\n"
	    "< FETCH 1,4711,4294967294\n> MESSAGE 1 0 0\n> DONE\n" PLAY_CLOSE);

	cr_expect_eq(all.n, 1, "%s", all.err.text);
	cr_expect_eq(all.errors, 0);
	cr_expect_eq(all.progress.done, 3);
	kit_free(&all);
}

Test(imap_listing, gives_batches_their_bounds)
{
	struct kit_mails all = play_new(PLAY_OPEN PLAY_AHEAD
	    "< LISTING\n> SIZES 1:1 2:40000000 3:33554431 4:2\n> DONE\n"
	    "< FETCH 1\n> MESSAGE 1 0 0\n> DONE\n"
	    "< FETCH 2\n> MESSAGE 2 0 0\n> DONE\n"
	    "< FETCH 3\n> MESSAGE 3 0 0\n> DONE\n"
	    "< FETCH 4\n> MESSAGE 4 0 0\n> DONE\n" PLAY_CLOSE);

	cr_expect_eq(all.n, 4, "%s", all.err.text);
	kit_free(&all);
}

/* What was new may be known now, to a run beside this one. */
Test(imap_listing, asks_of_each_message_all_the_same)
{
	struct imap_play play = imap_play_begin(PLAY_OPEN PLAY_AHEAD PLAY_LIST
	    "< FETCH 1,3\n> MESSAGE 1 0 0\n> MESSAGE 3 0 0\n> "
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
	    "< UIDS\n> UIDS 1\n> DONE\n< HEADS 1\n> MESSAGE 1 1 0\n> DONE\n"
	    "< AHEAD 1 R\n> FOLDER 8 1 1\n> DONE\n"
	    "< LISTING\n> SIZES 1:1\n> DONE\n"
	    "< FETCH 1\n> MESSAGE 1 0 0\n> DONE\n"
	    "< AHEAD 1 S\n> FOLDER 9 0 1\n> DONE\n< LISTING\n> "
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
	    "< LISTING\n> SIZES 9:9 8:8\n> FAILED 6 not for all\n" PLAY_UIDS
		PLAY_SIZES FETCH_ALL PLAY_CLOSE);
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
	    "< LISTING\n> SIZES 9:9 8:8\n" PLAY_LOST PLAY_CONNECT APART);
	expect_three(PLAY_OPEN PLAY_AHEAD
	    "< LISTING\n> SIZES 9:9\n! exit\n" PLAY_OPEN APART);
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
	    "< LISTING\n> SIZES 5:1\n> DONE\n"
	    "< FETCH 5\n> MESSAGE 5 0 0\n> DONE\n" PLAY_CLOSE);
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
	expect_three(PLAY_OPEN PLAY_AHEAD PLAY_LIST
	    "< FETCH 1:3\n> BYTES a\n> MESSAGE 1 0 0\n" PLAY_LOST PLAY_CONNECT
		PLAY_INBOX "< FETCH 2:3\n> BYTES b\n> MESSAGE 2 0 0\n"
	    "> BYTES c\n> MESSAGE 3 0 0\n> DONE\n" PLAY_CLOSE);
}

/* ---- bounds ---- */

Test(imap_listing, of_too_many_messages_is_heard_and_dropped)
{
	struct kit_mails all = play_new(
	    PLAY_OPEN "< AHEAD 0 INBOX\n> FOLDER 7 2000001 1\n> DONE\n"
		      "< LISTING\n> SIZES 1:1 2:2\n> DONE\n" PLAY_CLOSE);

	cr_expect_eq(all.n, 0);
	cr_expect_eq(all.err.code, ERR_UNAVAILABLE);
	cr_expect(strstr(all.err.text, "2000000") != NULL, "%s", all.err.text);
	kit_free(&all);
}

/* Three messages were announced: for each there may come 128 bytes, and 1 MiB
 * beside, and the helper may say twice as much. */
#define MOST_BYTES    (2 * (3 * 128 + ((size_t)1 << 20)))
#define FRAME_SIZES   8000
#define FRAME_BYTES   ((size_t)FRAME_SIZES * 8 + 1)
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

	put_line(&script, PLAY_OPEN PLAY_AHEAD "< LISTING\n");
	for (i = 0; i < FRAMES_WITHIN + 1; i++) {
		put_line(&script, "> SIZES");
		for (k = 0; k < FRAME_SIZES; k++)
			put_line(&script, " 1 1");
		put_line(&script, "\n");
	}
	all = play_new(buf_string(&script));
	cr_expect(all.fatal);
	cr_expect_eq(all.n, 0);
	cr_expect_not_null(strstr(all.err.text, "no sense"));
	kit_free(&all);
	buf_free(&script);
}
