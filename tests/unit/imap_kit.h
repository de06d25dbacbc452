/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TESTS_IMAP_KIT_H
#define TLSTALLY_TESTS_IMAP_KIT_H

#include "source/imap.h"
#include "source_kit.h"

/*
 * An IMAP source whose helper program plays a script (script_helper.c says
 * how one is written).
 */
struct imap_play {
	char *dir;
	struct imap_config imap;
	struct source_config config;
	struct limits limits;
	const char *known;  /* keys, each in '|'; NULL: none */
	bool is_new;	    /* nothing is, and the source is told so */
	const char *likely; /* what a candidate's head holds; NULL: all are */
};

/* What most scripts begin and end with. */
#define PLAY_CONNECT "< CONNECT\n> SESSION 1 1\n> DONE\n"
#define PLAY_OPEN    "< ACCOUNT\n> DONE\n" PLAY_CONNECT
#define PLAY_INBOX   "< FOLDER 0 INBOX\n> FOLDER 7 3 1\n> DONE\n"
#define PLAY_AHEAD   "< AHEAD 0 INBOX\n> FOLDER 7 3 1\n> DONE\n"
#define PLAY_SMALL   "< SMALL\n> UIDS 1 2 3\n> DONE\n"
#define PLAY_UIDS    "< UIDS\n> UIDS 1 2 3\n> DONE\n"
#define PLAY_SIZES   "< SIZES 1:3\n> SIZES 1:10 2:20 3:30\n> DONE\n"
#define PLAY_CLOSE   "< QUIT\n> DONE\n"
#define PLAY_LOST    "> LOST 1 7 the line is dead\n"

/* Sets the stage for user@mail.example.org. */
struct imap_play imap_play_begin(const char *script);

/* Fails the test unless all of the script was played; clears up. */
void imap_play_end(struct imap_play *play);

/* Opens, drains, closes and ends the play. */
struct kit_mails imap_play_all(struct imap_play *play);

/* The same of a script that needs nothing else said. */
struct kit_mails imap_play_script(const char *script);

/* Fails the test if the source can be opened; ends the play. */
void imap_play_refused(struct imap_play *play, struct err *err);

#endif
