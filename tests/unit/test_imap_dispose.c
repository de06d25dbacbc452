/* SPDX-License-Identifier: ISC */

/*
 * What becomes of messages in an IMAP account.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "imap_kit.h"

#define WRITABLE "< FOLDER 1 INBOX\n> FOLDER 7 3 1\n> DONE\n"
#define THREE                                                            \
	PLAY_OPEN WRITABLE PLAY_UIDS PLAY_SIZES                          \
	    "< FETCH 1:3\n> MESSAGE 1 0\n> MESSAGE 2 0\n> MESSAGE 3 0\n" \
	    "> DONE\n"

static struct source *
open_play(struct imap_play *play, enum disposal dispose)
{
	play->config.imap = &play->imap;
	play->config.dispose = dispose;
	play->config.dispose_folder = "Do\xc3\xb1"
				      "e";
	return kit_open(&play->config);
}

static void
drain(struct source *s)
{
	struct kit_mails all = kit_drain(s);

	cr_expect_eq(all.errors, 0, "%s", all.err.text);
	kit_free(&all);
}

static void
sync_well(struct source *s)
{
	struct err err = {0};

	cr_expect_eq(source_sync(s, &err), 0, "%s", err.text);
}

static void
set_aside(struct source *s, const char *key)
{
	struct err err = {0};

	cr_expect_eq(source_set_aside(s, key, &err), 0, "%s", err.text);
}

Test(imap_dispose, is_done_in_sorted_sets_once_each)
{
	struct imap_play play =
	    imap_play_begin(THREE "< SEEN 1,3\n> DONE\n" PLAY_CLOSE);
	struct source *s = open_play(&play, DISPOSE_SEEN);

	drain(s);
	kit_finish(s, "INBOX/7/3");
	kit_finish(s, "INBOX/7/1");
	kit_finish(s, "INBOX/7/3");
	sync_well(s);
	sync_well(s);
	source_close(s);
	imap_play_end(&play);
}

Test(imap_dispose, waits_until_the_answer_under_way_has_ended)
{
	struct imap_play play =
	    imap_play_begin(PLAY_OPEN WRITABLE PLAY_UIDS PLAY_SIZES
		"< FETCH 1:3\n> MESSAGE 1 0\n> MESSAGE 2 0\n"
		"> MESSAGE 3 0\n> DONE\n"
		"< MOVE 1:2 Do&APE-e\n> DONE\n"
		"< MOVE 3 Do&APE-e\n> FAILED 6 no room\n" PLAY_CLOSE);
	struct source *s = open_play(&play, DISPOSE_MOVE);
	struct err err = {0};
	struct message m;
	bool fatal;

	kit_next(s);
	kit_finish(s, "INBOX/7/1");
	sync_well(s);
	kit_next(s);
	kit_finish(s, "INBOX/7/2");
	sync_well(s);
	kit_next(s);
	cr_expect_eq(source_next(s, &m, &fatal, &err), 0, "%s", err.text);
	kit_finish(s, "INBOX/7/3");
	cr_expect_eq(source_sync(s, &err), -1);
	cr_expect_str_eq(
	    err.text, "imaps://user@mail.example.org/INBOX: no room");
	sync_well(s);
	source_close(s);
	imap_play_end(&play);
}

Test(imap_dispose, what_fails_later_is_told_by_next_and_is_not_fatal)
{
	struct imap_play play =
	    imap_play_begin(PLAY_OPEN WRITABLE PLAY_UIDS PLAY_SIZES
		"< FETCH 1:3\n> MESSAGE 1 0\n> DONE\n"
		"< DELETE 1\n> FAILED 8 not yours\n" PLAY_CLOSE);
	struct source *s = open_play(&play, DISPOSE_DELETE);
	struct err err = {0};
	struct message m;
	bool fatal;

	kit_next(s);
	kit_finish(s, "INBOX/7/1");
	sync_well(s);
	cr_expect_eq(source_next(s, &m, &fatal, &err), -1);
	cr_expect(!fatal);
	cr_expect_eq(err.code, ERR_REFUSED);
	cr_expect_eq(source_next(s, &m, &fatal, &err), 0);
	source_close(s);
	imap_play_end(&play);
}

Test(imap_dispose, goes_back_to_a_folder_that_was_left)
{
	static const char *const folders[] = {"INBOX", "a/b"};
	struct imap_play play = imap_play_begin(PLAY_OPEN WRITABLE
	    "< UIDS\n> UIDS 1\n> DONE\n< SIZES 1\n> SIZES 1:1\n> DONE\n"
	    "< FETCH 1\n> MESSAGE 1 0\n> DONE\n"
	    "< FOLDER 1 a/b\n> FOLDER 9 2 1\n> DONE\n"
	    "< UIDS\n> UIDS 5 6\n> DONE\n< SIZES 5:6\n> SIZES 5:1 6:1\n"
	    "> DONE\n< FETCH 5\n> MESSAGE 5 0\n> DONE\n" WRITABLE
	    "< SEEN 1\n> DONE\n"
	    "< FOLDER 1 a/b\n> FOLDER 9 2 1\n> DONE\n"
	    "< SEEN 5\n> DONE\n< FETCH 6\n> MESSAGE 6 0\n> "
	    "DONE\n" PLAY_CLOSE);
	struct source *s;

	play.config.folders = folders;
	play.config.nfolders = 2;
	play.imap.batch = 1;
	s = open_play(&play, DISPOSE_SEEN);
	kit_next(s);
	kit_next(s);
	kit_finish(s, "a/b/9/5");
	kit_finish(s, "INBOX/7/1");
	sync_well(s);
	drain(s);
	source_close(s);
	imap_play_end(&play);
}

Test(imap_dispose, a_key_of_another_uidvalidity_is_dropped)
{
	struct imap_play play =
	    imap_play_begin(THREE "< SEEN 2\n> DONE\n" PLAY_CLOSE);
	struct source *s = open_play(&play, DISPOSE_SEEN);

	drain(s);
	kit_finish(s, "INBOX/6/1");
	kit_finish(s, "INBOX/6/2");
	kit_finish(s, "INBOX/7/2");
	kit_finish(s, "INBOX/8/2");
	sync_well(s);
	kit_finish(s, "INBOX/8/3");
	sync_well(s);
	source_close(s);
	imap_play_end(&play);
}

static const char *const bad_keys[] = {"", "/", "//", "INBOX", "INBOX/7",
    "INBOX/7/", "INBOX//1", "INBOX/7/0", "INBOX/0/7", "INBOX/07/1",
    "INBOX/7/01", "INBOX/7/4294967296", "INBOX/7/-1", "INBOX/7/1 ",
    "INBOX/7/1/", "inbox/7/1", "Other/7/1", "/7/1", "INBOX/7/x",
    "INBOX/7/18446744073709551617", "INBOX/ 7/1", "1700.M1P2.host"};

Test(imap_dispose, a_key_that_is_none_of_ours_is_refused)
{
	struct imap_play play = imap_play_begin(PLAY_OPEN PLAY_CLOSE);
	struct source *s = open_play(&play, DISPOSE_DELETE);
	struct err err;
	size_t i;

	for (i = 0; i < sizeof(bad_keys) / sizeof(bad_keys[0]); i++) {
		cr_expect_eq(
		    source_finish(s, bad_keys[i], &err), -1, "%s", bad_keys[i]);
		cr_expect_eq(err.code, ERR_USAGE);
	}
	sync_well(s);
	source_close(s);
	imap_play_end(&play);
}

Test(imap_dispose, a_loss_in_the_middle_is_done_again)
{
	struct imap_play play = imap_play_begin(
	    THREE "< MOVE 1:3 Do&APE-e\n" PLAY_LOST PLAY_CONNECT WRITABLE
		  "< MOVE 1:3 Do&APE-e\n! exit\n" PLAY_OPEN WRITABLE
		  "< MOVE 1:3 Do&APE-e\n> DONE\n" PLAY_CLOSE);
	struct source *s = open_play(&play, DISPOSE_MOVE);

	drain(s);
	kit_finish(s, "INBOX/7/1");
	kit_finish(s, "INBOX/7/2");
	kit_finish(s, "INBOX/7/3");
	sync_well(s);
	source_close(s);
	imap_play_end(&play);
}

Test(imap_dispose, a_session_that_is_over_fails_every_time_without_a_try)
{
	struct imap_play play =
	    imap_play_begin(THREE "< SEEN 1\n> LOST 0 8 bye\n");
	struct source *s = open_play(&play, DISPOSE_SEEN);
	struct err err = {0};
	struct message m;
	bool fatal;

	drain(s);
	kit_finish(s, "INBOX/7/1");
	cr_expect_eq(source_sync(s, &err), -1);
	cr_expect_eq(err.code, ERR_REFUSED);
	kit_finish(s, "INBOX/7/2");
	cr_expect_eq(source_sync(s, &err), -1);
	cr_expect_eq(source_next(s, &m, &fatal, &err), 0);
	source_close(s);
	imap_play_end(&play);
}

Test(imap_dispose, a_folder_that_may_only_be_read_is_told)
{
	struct imap_play play = imap_play_begin(
	    PLAY_OPEN "< FOLDER 1 INBOX\n> FOLDER 7 3 0\n> DONE\n" PLAY_UIDS
		      "< SIZES 1:3\n> DONE\n" PLAY_CLOSE);
	struct source *s = open_play(&play, DISPOSE_SEEN);
	struct err err = {0};

	drain(s);
	kit_finish(s, "INBOX/7/1");
	cr_expect_eq(source_sync(s, &err), -1);
	cr_expect_eq(err.code, ERR_REFUSED);
	source_close(s);
	imap_play_end(&play);
}

Test(imap_dispose, rejects_go_to_their_folder_and_others_where_they_belong)
{
	struct imap_play play = imap_play_begin(
	    THREE "< SEEN 1,3\n> DONE\n< MOVE 2 R\n> DONE\n" PLAY_CLOSE);
	struct source *s;

	play.imap.rejects_folder = "R";
	s = open_play(&play, DISPOSE_SEEN);
	cr_expect(source_sets_aside(s));
	drain(s);
	set_aside(s, "INBOX/7/2");
	kit_finish(s, "INBOX/7/1");
	kit_finish(s, "INBOX/7/3");
	sync_well(s);
	source_close(s);
	imap_play_end(&play);
}

Test(imap_dispose, rejects_are_moved_also_where_all_else_is_kept)
{
	struct imap_play play =
	    imap_play_begin(THREE "< MOVE 2 R\n> DONE\n" PLAY_CLOSE);
	struct source *s;

	play.imap.rejects_folder = "R";
	s = open_play(&play, DISPOSE_KEEP);
	drain(s);
	kit_finish(s, "INBOX/7/1");
	set_aside(s, "INBOX/7/2");
	sync_well(s);
	source_close(s);
	imap_play_end(&play);
}

Test(imap_dispose, nothing_is_set_aside_without_a_place_for_it)
{
	struct imap_play play = imap_play_begin(PLAY_OPEN PLAY_CLOSE);
	struct source *s = open_play(&play, DISPOSE_DELETE);

	cr_expect(!source_sets_aside(s));
	set_aside(s, "INBOX/7/2");
	sync_well(s);
	source_close(s);
	imap_play_end(&play);
}

/* It would come back under another UID, for ever. */
Test(imap_dispose, nothing_is_moved_to_where_it_is)
{
	static const char *const folders[] = {"Do\xc3\xb1"
					      "e",
	    "Rejects"};
	struct imap_play play = imap_play_begin(PLAY_OPEN
	    "< FOLDER 1 Do&APE-e\n> FOLDER 7 0 1\n> DONE\n< UIDS\n> DONE\n"
	    "< FOLDER 1 Rejects\n> FOLDER 7 0 1\n> DONE\n< UIDS\n> DONE\n"
	    "< FOLDER 1 Do&APE-e\n> FOLDER 7 0 1\n> DONE\n< SEEN 1\n> "
	    "DONE\n" PLAY_CLOSE);
	struct source *s;

	play.imap.rejects_folder = "Rejects";
	play.config.folders = folders;
	play.config.nfolders = 2;
	s = open_play(&play, DISPOSE_MOVE);
	drain(s);
	set_aside(s, "Rejects/7/1");
	kit_finish(s,
	    "Do\xc3\xb1"
	    "e/7/1");
	sync_well(s);
	source_close(s);
	imap_play_end(&play);
}

/* Expects source_open to refuse what the server cannot do. */
static void
expect_refusal(const char *able, enum disposal dispose, const char *rejects)
{
	char script[256];
	struct imap_play play;
	struct err err = {0};

	snprintf(script, sizeof(script),
	    "< ACCOUNT\n> DONE\n< CONNECT\n> SESSION %s\n> DONE\n%s", able,
	    PLAY_CLOSE);
	play = imap_play_begin(script);
	play.imap.rejects_folder = rejects;
	play.config.dispose = dispose;
	play.config.dispose_folder = "x";
	imap_play_refused(&play, &err);
	cr_expect_eq(err.code, ERR_USAGE, "%s", err.text);
}

Test(imap_dispose, what_the_server_cannot_do_is_refused_before_the_work)
{
	expect_refusal("0 1", DISPOSE_MOVE, "");
	expect_refusal("1 0", DISPOSE_DELETE, "");
	expect_refusal("0 1", DISPOSE_KEEP, "R");
}

Test(imap_dispose, the_folder_to_move_to_must_have_a_name)
{
	struct imap_play play = imap_play_begin("");
	struct err err = {0};

	play.config.dispose = DISPOSE_MOVE;
	play.config.dispose_folder = "a\nb";
	imap_play_refused(&play, &err);
	cr_expect_eq(err.code, ERR_USAGE, "%s", err.text);
}
