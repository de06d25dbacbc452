/* SPDX-License-Identifier: ISC */

/*
 * How many messages one question to an IMAP server is about.
 */

#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/buf.h"
#include "imap_kit.h"

__attribute__((format(printf, 2, 3))) static void
put(struct buf *script, const char *fmt, ...)
{
	char text[1000];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_append(script, text, strlen(text));
}

/* What holds n messages, from 1 on: a word, and the form of each with what
 * stands between two. */
static void
put_each(struct buf *script, const char *word, size_t n, const char *before,
    const char *after)
{
	size_t i;

	put(script, "> %s", word);
	for (i = 1; i <= n; i++)
		put(script, "%s%zu%s", i == 1 ? " " : before, i, after);
	put(script, "\n");
}

/* A script up to where n messages are listed. */
static struct buf
list(const char *folder, size_t n)
{
	struct buf script = {.cap = SIZE_MAX - 1};

	put(&script, PLAY_OPEN "%s< UIDS\n", folder);
	put_each(&script, "UIDS", n, " ", "");
	put(&script, "> DONE\n");
	return script;
}

/* A question about n messages, which has no answer: up to most, and then the
 * others. */
static void
put_questions(struct buf *script, const char *question, size_t n, size_t most)
{
	put(script, "< %s 1:%zu\n> DONE\n", question, n < most ? n : most);
	if (n > most)
		put(script, "< %s %zu\n> DONE\n", question, n);
}

static void
expect_done(struct imap_play *play, struct buf *script, size_t n)
{
	struct kit_mails all = imap_play_all(play);

	cr_expect_eq(all.n + all.errors, 0, "%s", all.err.text);
	cr_expect_eq(all.progress.done, n);
	kit_free(&all);
	buf_free(script);
}

/* Of n messages so many are asked about at once; heads, if what a likely one
 * holds is given. */
static void
expect_split(const char *question, const char *likely, size_t n, size_t most)
{
	struct buf script = list(PLAY_INBOX, n);
	struct imap_play play;

	put_questions(&script, question, n, most);
	put(&script, PLAY_CLOSE);
	play = imap_play_begin(buf_string(&script));
	play.likely = likely;
	expect_done(&play, &script, n);
}

Test(imap_sets, heads_of_1000_are_asked_for_at_once)
{
	expect_split("HEADS", "Report Domain:", 1000, 1000);
	expect_split("HEADS", "Report Domain:", 1001, 1000);
}

Test(imap_sets, sizes_of_5000_are_asked_for_at_once)
{
	expect_split("SIZES", NULL, 5000, 5000);
	expect_split("SIZES", NULL, 5001, 5000);
}

#define SIZED(second)                                                    \
	PLAY_OPEN PLAY_INBOX "< UIDS\n> UIDS 1 2\n> DONE\n"              \
			     "< SIZES 1:2\n> SIZES 1:33554430 2:" second \
			     "\n> DONE\n"

Test(imap_sets, bodies_of_32_MiB_are_asked_for_at_once)
{
	struct imap_play play;
	struct buf none = {0};

	play = imap_play_begin(SIZED("2") "< FETCH 1:2\n> DONE\n" PLAY_CLOSE);
	expect_done(&play, &none, 2);
	play = imap_play_begin(
	    SIZED("3") "< FETCH 1\n> DONE\n< FETCH 2\n> DONE\n" PLAY_CLOSE);
	expect_done(&play, &none, 2);
}

/* Of n messages that are small, and of which no more is known, so many are
 * asked for at once by who wants as many as may be. */
static void
expect_split_small(size_t n, size_t most)
{
	struct buf script = {.cap = SIZE_MAX - 1};
	struct imap_play play;

	put(&script,
	    PLAY_OPEN "< AHEAD 0 INBOX\n> FOLDER 7 %zu 1\n> DONE\n< SMALL\n",
	    n);
	put_each(&script, "UIDS", n, " ", "");
	put(&script, "> DONE\n");
	put_questions(&script, "FETCH", n, most);
	put(&script, PLAY_CLOSE);
	play = imap_play_begin(buf_string(&script));
	play.is_new = true;
	play.imap.batch = IMAP_BATCH_MAX;
	expect_done(&play, &script, n);
}

/* Each counts as 6144 bytes: 5461 of them are under 32 MiB. */
Test(imap_sets, small_ones_are_taken_for_6_KiB_each)
{
	expect_split_small(5461, 5461);
	expect_split_small(5462, 5461);
}

/* What the server is given for the question that the script ends with: the
 * time of two silences, a second for 64 KiB that are expected, and 1 MiB with
 * what else it may send. */
static void
expect_given(struct imap_play play)
{
	struct kit_mails all = imap_play_all(&play);

	cr_expect_eq(all.n, 0);
	cr_expect_eq(all.err.code, ERR_UNAVAILABLE, "%s", all.err.text);
	kit_free(&all);
}

#define GIVEN(question, given) \
	"< " question "\n= " given "\n> LOST 0 5 enough\n"
#define ONE                                               \
	PLAY_OPEN PLAY_INBOX "< UIDS\n> UIDS 1\n> DONE\n" \
			     "< SIZES 1\n> SIZES 1:65536\n> DONE\n"

Test(imap_sets, sizes_have_their_time_and_bytes)
{
	expect_given(imap_play_begin(PLAY_OPEN PLAY_INBOX PLAY_UIDS GIVEN(
	    "SIZES 1:3", "120002 1048960"))); /* 3 of 64 and 128 bytes */
}

Test(imap_sets, heads_have_their_time_and_bytes)
{
	struct imap_play play =
	    imap_play_begin(PLAY_OPEN PLAY_INBOX PLAY_UIDS GIVEN("HEADS 1:3",
		"120187 18022400")); /* 3 of 4 and 64 KiB, and 16 MiB */

	play.likely = "Report Domain:";
	expect_given(play);
}

Test(imap_sets, bodies_have_their_time_and_bytes)
{
	struct imap_play play;

	/* 60 bytes are announced, which may be twice as many. */
	expect_given(
	    imap_play_begin(PLAY_OPEN PLAY_INBOX PLAY_UIDS PLAY_SIZES GIVEN(
		"FETCH 1:3", "120012 1245304")));
	/* One that is alone may take eight times as long. */
	expect_given(imap_play_begin(ONE GIVEN("FETCH 1", "128003 1245184")));
	/* Of small ones one may be as large as any. */
	play = imap_play_begin(PLAY_OPEN PLAY_AHEAD PLAY_SMALL GIVEN(
	    "FETCH 1:3", "120292 53710848"));
	play.is_new = true;
	expect_given(play);
}

static void
finish_all(struct source *s, size_t n)
{
	char key[sizeof("INBOX/7/") + 20];
	struct err err = {0};
	size_t i;

	for (i = 1; i <= n; i++) {
		snprintf(key, sizeof(key), "INBOX/7/%zu", i);
		kit_finish(s, key);
	}
	cr_expect_eq(source_sync(s, &err), 0, "%s", err.text);
}

static void
expect_seen(size_t n, size_t most)
{
	struct buf script =
	    list("< FOLDER 1 INBOX\n> FOLDER 7 3 1\n> DONE\n", n);
	struct imap_play play;
	struct kit_mails all;
	struct source *s;

	put(&script, "< SIZES 1:%zu\n", n);
	put_each(&script, "SIZES", n, " ", ":1");
	put(&script, "> DONE\n< FETCH 1:%zu\n", n);
	put_each(&script, "MESSAGES", n, "|", " 0 x");
	put(&script, "> DONE\n");
	put_questions(&script, "SEEN", n, most);
	put(&script, PLAY_CLOSE);
	play = imap_play_begin(buf_string(&script));
	play.config.imap = &play.imap;
	play.config.dispose = DISPOSE_SEEN;
	s = kit_open(&play.config);
	all = kit_drain(s);
	cr_assert_eq(all.n, n, "%s", all.err.text);
	finish_all(s, n);
	kit_free(&all);
	source_close(s);
	imap_play_end(&play);
	buf_free(&script);
}

Test(imap_sets, of_1000_are_marked_at_once)
{
	expect_seen(1000, 1000);
	expect_seen(1001, 1000);
}
