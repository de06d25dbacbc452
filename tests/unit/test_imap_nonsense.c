/* SPDX-License-Identifier: ISC */

/*
 * A helper program in the hands of somebody else: whatever it says, it ends
 * the session and nothing worse.
 */

#include "config.h"

#include <string.h>

#include <criterion/criterion.h>

#include "imap_kit.h"

#define AHEAD	PLAY_OPEN "< AHEAD 0 INBOX\n"
#define LISTED	PLAY_OPEN PLAY_AHEAD "< SMALL\n"
#define SIZED	PLAY_OPEN PLAY_INBOX PLAY_UIDS "< SIZES 1:3\n"
#define FETCHED PLAY_OPEN PLAY_INBOX PLAY_UIDS PLAY_SIZES "< FETCH 1:3\n"

static const char *const scripts[] = {
    /* Kinds that do not exist, or not here. */
    PLAY_OPEN "< FOLDER 0 INBOX\n> RAW 0\n",
    PLAY_OPEN "< FOLDER 0 INBOX\n> RAW 7\n",
    PLAY_OPEN "< FOLDER 0 INBOX\n> RAW 255 00\n",
    PLAY_OPEN "< FOLDER 0 INBOX\n> DONE\n",
    PLAY_OPEN "< FOLDER 0 INBOX\n> UIDS 1\n",
    PLAY_OPEN "< FOLDER 0 INBOX\n> SESSION 1 1\n",
    PLAY_OPEN PLAY_INBOX "< UIDS\n> SIZES 1:1\n",
    PLAY_OPEN PLAY_INBOX "< UIDS\n> FOLDER 7 3 1\n",
    SIZED "> UIDS 1\n",
    SIZED "> BYTES x\n",
    SIZED "> MESSAGE 1 0\n",
    FETCHED "> SIZES 1:1\n",
    FETCHED "> FOLDER 7 3 1\n",
    AHEAD "> RAW 0\n",
    AHEAD "> DONE\n",
    AHEAD "> SIZES 1:1\n",
    AHEAD "> FOLDER 7 3 1\n> SIZES 1:1\n",
    LISTED "> SIZES 1:1\n",
    LISTED "> BYTES x\n",
    LISTED "> MESSAGE 1 0\n",
    LISTED "> FOLDER 7 3 1\n",
    LISTED "> SESSION 1 1\n",
    LISTED "> UIDS 1\n> SIZES 2:1\n",
    SIZED "> MESSAGES 1 0 x\n",
    LISTED "> MESSAGES 1 0 x\n",
    /* Twice, or without an end. */
    FETCHED "> MESSAGES 1 0 x|1 0 x\n",
    FETCHED "> MESSAGES 1 0 x|2 0 x\n> MESSAGES 2 0 x\n",
    FETCHED "> BYTES x\n> MESSAGES 1 0 x|2 0 x\n",
    AHEAD "> FOLDER 7 3 1\n> FOLDER 7 3 1\n",
    PLAY_OPEN "< FOLDER 0 INBOX\n> FOLDER 7 3 1\n> FOLDER 7 3 1\n",
    SIZED "> SIZES 1:1 1:1\n",
    SIZED "> SIZES 1:1\n> SIZES 1:1\n",
    FETCHED "> MESSAGE 1 0\n> MESSAGE 1 0\n",
    FETCHED "> MESSAGE 1 0\n> MESSAGE 2 0\n> BYTES x\n> DONE\n",
    /* Not asked for. */
    SIZED "> SIZES 4:1\n",
    SIZED "> SIZES 0:1\n",
    SIZED "> SIZES 4294967295:1\n",
    FETCHED "> MESSAGE 4 0\n",
    FETCHED "> MESSAGES 1 0 x|4 0 x\n",
    FETCHED "> MESSAGES 0 0 x|1 0 x\n",
    FETCHED "> MESSAGE 0 0\n",
    /* Not whole. */
    PLAY_OPEN "< FOLDER 0 INBOX\n> RAW 68 07000000030000\n",
    PLAY_OPEN "< FOLDER 0 INBOX\n> RAW 68 07000000030000000101000000ff\n",
    PLAY_OPEN "< FOLDER 0 INBOX\n> RAW 68 07000000030000000201000000\n",
    PLAY_OPEN "< FOLDER 0 INBOX\n> RAW 68 070000000300000001010000\n",
    PLAY_OPEN "< FOLDER 0 INBOX\n> FOLDER 0 1 1\n",
    PLAY_OPEN PLAY_INBOX "< UIDS\n> RAW 69 010000\n",
    PLAY_OPEN PLAY_INBOX "< UIDS\n> RAW 69 01000000ff\n",
    AHEAD "> RAW 68 07000000030000\n",
    AHEAD "> FOLDER 0 1 1\n",
    LISTED "> RAW 69 010000\n",
    LISTED "> UIDS 1\n> RAW 69 01000000ff\n",
    SIZED "> RAW 70 01000000\n",
    SIZED "> RAW 70 09000000\n",
    SIZED "> RAW 70 010000000100000002\n",
    FETCHED "> RAW 72 01000000\n",
    FETCHED "> RAW 73\n",
    FETCHED "> RAW 73 0100000000000000\n",
    FETCHED "> RAW 73 010000000000000002000000\n",
    FETCHED "> RAW 73 01000000000000000200000078\n",
    FETCHED "> RAW 73 01000000000000000000000002\n",
    FETCHED "> RAW 73 010000000000000000000000"
	    "0200000000000000000100000\n",
    FETCHED "> RAW 64 00\n",
    FETCHED "> RAW 65\n",
    FETCHED "> RAW 65 06\n",
    FETCHED "> RAW 65 00000000000000\n",
    FETCHED "> RAW 65 ff0000000000\n",
    FETCHED "> RAW 65 06000000000000\n",
    FETCHED "> RAW 66 060000000000\n",
    FETCHED "> RAW 66 06000000000002\n",
    FETCHED "> RAW 66 06ffffffff0001\n",
    /* More than a server of that word could have sent. */
    FETCHED "> FILL 20000000\n",
    SIZED "> RAW 70\n> RAW 73\n",
    LISTED "> RAW 69\n> RAW 73\n",
};

#define NSCRIPTS (sizeof(scripts) / sizeof(scripts[0]))

static void
expect_nonsense(const char *script)
{
	struct imap_play play = imap_play_begin(script);
	struct kit_mails all;

	play.is_new = strstr(script, "< AHEAD") != NULL;
	all = imap_play_all(&play);
	cr_expect(all.fatal, "%s", script);
	cr_expect_eq(all.err.code, ERR_UNAVAILABLE, "%s", script);
	cr_expect_str_eq(all.err.text,
	    "imaps://user@mail.example.org: the helper program said something "
	    "that makes no sense",
	    "%s", script);
	kit_free(&all);
}

Test(imap_nonsense, ends_the_session)
{
	size_t i;

	for (i = 0; i < NSCRIPTS; i++)
		expect_nonsense(scripts[i]);
}

static const char *const openings[] = {
    "< ACCOUNT\n> SESSION 1 1\n",
    "< ACCOUNT\n> BYTES x\n",
    "< ACCOUNT\n> RAW 64 01\n",
    "< ACCOUNT\n> DONE\n< CONNECT\n> DONE\n",
    "< ACCOUNT\n> DONE\n< CONNECT\n> RAW 67 0102\n",
    "< ACCOUNT\n> DONE\n< CONNECT\n> RAW 67 01\n",
    "< ACCOUNT\n> DONE\n< CONNECT\n> FOLDER 1 1 1\n",
    "< ACCOUNT\n> DONE\n< CONNECT\n> SESSION 1 1\n> SESSION 1 1\n",
};

Test(imap_nonsense, opens_no_source)
{
	size_t i;

	for (i = 0; i < sizeof(openings) / sizeof(openings[0]); i++) {
		struct imap_play play = imap_play_begin(openings[i]);
		struct err err = {0};

		imap_play_refused(&play, &err);
		cr_expect_eq(err.code, ERR_UNAVAILABLE, "%s", err.text);
		cr_expect_not_null(strstr(err.text, "no sense"));
	}
}
