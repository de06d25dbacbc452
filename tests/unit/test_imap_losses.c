/* SPDX-License-Identifier: ISC */

/*
 * Connections that break: what had come is not asked for again, and nobody
 * tries for ever.
 */

#include "config.h"

#include <criterion/criterion.h>

#include "imap_kit.h"

Test(imap_losses, in_the_middle_of_a_message_only_the_rest_is_asked_again)
{
	struct kit_mails all =
	    imap_play_script(PLAY_OPEN PLAY_INBOX PLAY_UIDS PLAY_SIZES
		"< FETCH 1:3\n> BYTES one\n> MESSAGE 1 0\n"
		"> BYTES tw\n" PLAY_LOST PLAY_CONNECT PLAY_INBOX
		"< FETCH 2:3\n> BYTES two\n> MESSAGE 2 0\n"
		"> BYTES three\n> MESSAGE 3 0\n> DONE\n" PLAY_CLOSE);

	cr_assert_eq(all.n, 3, "%s", all.err.text);
	cr_expect_eq(all.errors, 0);
	cr_expect_str_eq(all.m[0].bytes, "one");
	cr_expect_str_eq(all.m[1].bytes, "two");
	cr_expect_str_eq(all.m[2].bytes, "three");
	cr_expect_eq(all.progress.done, 3);
	kit_free(&all);
}

Test(imap_losses, a_helper_that_dies_is_started_anew)
{
	struct kit_mails all = imap_play_script(
	    PLAY_OPEN PLAY_INBOX PLAY_UIDS PLAY_SIZES
	    "< FETCH 1:3\n> MESSAGE 2 0\n> FILL 9000\n! exit\n" PLAY_OPEN
		PLAY_INBOX
	    "< FETCH 1,3\n> MESSAGE 1 0\n> MESSAGE 3 0\n> DONE\n" PLAY_CLOSE);

	cr_expect_eq(all.n, 3, "%s", all.err.text);
	cr_expect_eq(all.errors, 0);
	kit_free(&all);
}

Test(imap_losses, every_question_may_be_the_one_that_is_lost)
{
	struct imap_play play = imap_play_begin(
	    "< ACCOUNT\n> DONE\n< CONNECT\n" PLAY_LOST PLAY_CONNECT
	    "< FOLDER 0 INBOX\n" PLAY_LOST PLAY_CONNECT PLAY_INBOX
	    "< UIDS\n> UIDS 8 9\n! exit\n" PLAY_OPEN PLAY_INBOX
	    "< UIDS\n> UIDS 1 2 3\n> DONE\n"
	    "< HEADS 1:3\n> MESSAGE 1 1\n> BYTES !\n> MESSAGE 2 1\n" PLAY_LOST
		PLAY_CONNECT PLAY_INBOX "< FETCH 2\n> MESSAGE 2 0\n> DONE\n"
	    "< HEADS 3\n> MESSAGE 3 1\n> DONE\n"
	    "< QUIT\n" PLAY_LOST);
	struct kit_mails all;

	play.likely = "!";
	all = imap_play_all(&play);
	cr_expect_eq(all.n, 3, "%s", all.err.text);
	cr_expect_eq(all.errors, 0);
	kit_free(&all);
}

#define TRY_IN_VAIN "< CONNECT\n" PLAY_LOST

Test(imap_losses, what_breaks_the_line_twice_is_asked_for_alone)
{
	struct kit_mails all =
	    imap_play_script(PLAY_OPEN PLAY_INBOX PLAY_UIDS PLAY_SIZES
		"< FETCH 1:3\n> MESSAGE 1 0\n" PLAY_LOST PLAY_CONNECT PLAY_INBOX
		"< FETCH 2:3\n> FILL 10\n" PLAY_LOST PLAY_CONNECT PLAY_INBOX
		"< FETCH 2\n> MESSAGE 2 0\n> DONE\n"
		"< FETCH 3\n> MESSAGE 3 0\n> DONE\n" PLAY_CLOSE);

	cr_expect_eq(all.n, 3, "%s", all.err.text);
	kit_free(&all);
}

#define AGAIN PLAY_LOST PLAY_CONNECT PLAY_INBOX

/* A message that breaks the line with others, and alone. */
#define BREAKS(uid) "< FETCH " #uid ":5\n" AGAIN "< FETCH " #uid "\n" AGAIN

#define FIVE                                                           \
	PLAY_OPEN "< FOLDER 0 INBOX\n> FOLDER 7 5 1\n> DONE\n"         \
		  "< UIDS\n> UIDS 1 2 3 4 5\n> DONE\n"                 \
		  "< SIZES 1:5\n> SIZES 1:1 2:1 3:1 4:1 5:1\n> DONE\n" \
		  "< FETCH 1:5\n" AGAIN

Test(imap_losses, what_breaks_the_line_alone_too_is_left)
{
	struct kit_mails all = imap_play_script(FIVE BREAKS(1) BREAKS(2)
		BREAKS(3) "< FETCH 4:5\n> MESSAGE 4 0\n> MESSAGE 5 0\n"
			  "> DONE\n" PLAY_CLOSE);

	cr_expect_eq(all.n, 2, "%s", all.err.text);
	cr_expect_eq(all.errors, 3);
	cr_expect(!all.fatal);
	cr_expect_eq(all.err.code, ERR_TEMPORARY);
	cr_expect_str_eq(all.err.text,
	    "imaps://user@mail.example.org/INBOX;uid=3: the line is dead");
	cr_expect_eq(all.progress.done, 5);
	kit_free(&all);
}

/* Then it is the line: there are as many tries as ever, and no more. */
Test(imap_losses, of_messages_that_break_the_line_three_are_left)
{
	struct kit_mails all = imap_play_script(FIVE BREAKS(1) BREAKS(2)
		BREAKS(3) BREAKS(4) "< FETCH 4\n" PLAY_LOST);

	cr_expect_eq(all.n, 0);
	cr_expect_eq(all.errors, 4);
	cr_expect(all.fatal);
	cr_expect_str_eq(
	    all.err.text, "imaps://user@mail.example.org: the line is dead");
	kit_free(&all);
}

Test(imap_losses, three_tries_without_anything_got_are_the_last)
{
	struct kit_mails all = imap_play_script(
	    PLAY_OPEN PLAY_INBOX PLAY_UIDS PLAY_SIZES
	    "< FETCH 1:3\n> MESSAGE 1 0\n" PLAY_LOST PLAY_CONNECT PLAY_INBOX
	    "< FETCH 2:3\n> FILL 10\n" PLAY_LOST PLAY_CONNECT
	    "< FOLDER 0 INBOX\n" PLAY_LOST "< CONNECT\n> LOST 1 5 no route\n");

	cr_expect_eq(all.n, 1);
	cr_expect(all.fatal);
	cr_expect_eq(all.err.code, ERR_UNAVAILABLE);
	cr_expect_str_eq(
	    all.err.text, "imaps://user@mail.example.org: no route");
	kit_free(&all);
}

Test(imap_losses, a_message_got_begins_the_count_anew)
{
	struct kit_mails all = imap_play_script(
	    PLAY_OPEN PLAY_INBOX PLAY_UIDS PLAY_SIZES
	    "< FETCH 1:3\n" PLAY_LOST TRY_IN_VAIN PLAY_CONNECT PLAY_INBOX
	    "< FETCH 1:3\n> MESSAGE 1 0\n" PLAY_LOST TRY_IN_VAIN PLAY_CONNECT
		PLAY_INBOX
	    "< FETCH 2:3\n> MESSAGE 2 0\n> MESSAGE 3 0\n> DONE\n" PLAY_CLOSE);

	cr_expect_eq(all.n, 3, "%s", all.err.text);
	cr_expect_eq(all.errors, 0);
	kit_free(&all);
}

Test(imap_losses, one_for_good_is_not_tried_again)
{
	struct kit_mails all = imap_play_script(PLAY_OPEN PLAY_INBOX PLAY_UIDS
	    "< SIZES 1:3\n> LOST 0 8 the certificate is another one\n");

	cr_expect(all.fatal);
	cr_expect_eq(all.err.code, ERR_REFUSED);
	cr_expect_str_eq(all.err.text,
	    "imaps://user@mail.example.org: the certificate is another one");
	kit_free(&all);
}

/* Expects source_open to fail, with that code. */
static void
expect_no_source(const char *script, enum err_code code)
{
	struct imap_play play = imap_play_begin(script);
	struct err err = {0};

	imap_play_refused(&play, &err);
	cr_expect_eq(err.code, code, "%s", err.text);
}

Test(imap_losses, a_first_connection_is_refused_at_once)
{
	expect_no_source("< ACCOUNT\n> FAILED 8 no password\n", ERR_REFUSED);
	expect_no_source(
	    "< ACCOUNT\n> DONE\n< CONNECT\n> LOST 0 8 login\n", ERR_REFUSED);
	expect_no_source(
	    "< ACCOUNT\n> DONE\n< CONNECT\n> FAILED 9 x\n", ERR_CONFIG);
}

Test(imap_losses, a_helper_that_is_not_there_is_no_server)
{
	struct imap_play play = imap_play_begin("");
	struct err err = {0};

	kit_unlink(play.dir, "tlstally-imap");
	imap_play_refused(&play, &err);
	cr_expect_eq(err.code, ERR_UNAVAILABLE, "%s", err.text);
}

#define OTHER_INBOX "< FOLDER 0 INBOX\n> FOLDER 8 1 1\n> DONE\n"

Test(imap_losses, a_folder_made_anew_meanwhile_is_walked_through_anew)
{
	struct kit_mails all = imap_play_script(
	    PLAY_OPEN PLAY_INBOX PLAY_UIDS PLAY_SIZES
	    "< FETCH 1:3\n> MESSAGE 1 0\n" PLAY_LOST PLAY_CONNECT OTHER_INBOX
	    "< UIDS\n> UIDS 1\n> DONE\n"
	    "< SIZES 1\n> SIZES 1:1\n> DONE\n"
	    "< FETCH 1\n> BYTES new\n> MESSAGE 1 0\n> DONE\n" PLAY_CLOSE);

	cr_assert_eq(all.n, 2, "%s", all.err.text);
	cr_expect_str_eq(all.m[0].key, "INBOX/7/1");
	cr_expect_str_eq(all.m[1].key, "INBOX/8/1");
	cr_expect_str_eq(all.m[1].bytes, "new");
	cr_expect_eq(all.progress.total, all.progress.done);
	kit_free(&all);
}

/* A connection that gives one message of a folder that has always been made
 * anew. */
#define ANEW(v)                                                      \
	"< FOLDER 0 INBOX\n> FOLDER " #v " 2 1\n> DONE\n"            \
	"< UIDS\n> UIDS 1 2\n> DONE\n< SIZES 1:2\n> SIZES 1:1 2:1\n" \
	"> DONE\n< FETCH 1:2\n> MESSAGE 1 0\n" PLAY_LOST PLAY_CONNECT

Test(imap_losses, a_folder_made_anew_again_and_again_is_left)
{
	struct kit_mails all = imap_play_script(PLAY_OPEN ANEW(1) ANEW(2)
		ANEW(3) ANEW(4) "< FOLDER 0 INBOX\n> FOLDER 5 2 1\n> DONE\n");

	cr_expect_eq(all.n, 4);
	cr_expect(all.fatal);
	cr_expect_eq(all.err.code, ERR_TEMPORARY, "%s", all.err.text);
	kit_free(&all);
}

Test(imap_losses, what_came_in_the_same_frame_is_kept)
{
	struct kit_mails all = imap_play_script(
	    PLAY_OPEN PLAY_INBOX PLAY_UIDS PLAY_SIZES
	    "< FETCH 1:3\n> MESSAGES 3 0 c|1 0 a\n" PLAY_LOST PLAY_CONNECT
		PLAY_INBOX "< FETCH 2\n> MESSAGES 2 0 b\n> DONE\n" PLAY_CLOSE);

	cr_assert_eq(all.n, 3, "%s", all.err.text);
	cr_expect_str_eq(all.m[0].bytes, "c");
	cr_expect_str_eq(all.m[1].bytes, "a");
	cr_expect_str_eq(all.m[2].bytes, "b");
	kit_free(&all);
}
