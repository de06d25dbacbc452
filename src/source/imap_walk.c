/* SPDX-License-Identifier: ISC */

/*
 * The walk through the folders: which question comes next, and what becomes
 * of the answers.  A message is given as soon as it is whole, while the rest
 * of its batch is still on its way; so there is no place in here where a
 * walk cannot be left, and every step finds out anew what is still missing.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/date.h"
#include "base/die.h"
#include "source/imap_private.h"
#include "source/input.h"

/* Messages whose sizes are asked for at once, 30 octets each; and whose
 * heads are, about 1 KiB each. */
#define SIZES_MAX 5000
#define HEADS_MAX 1000

/* Announced bytes of a batch: what is lost, and asked for again, when a
 * connection breaks. */
#define BATCH_BYTES_MAX ((uint64_t)16 << 20)

/* What the server may send beyond the bodies: an item of SIZES, with room
 * for flags and the like; and an item of FETCH. */
#define UID_ITEM_BYTES	 16
#define SIZES_ITEM_BYTES 128
#define FETCH_ITEM_BYTES ((uint64_t)64 << 10)

/* A server whose UIDVALIDITY changes more often in one run has no UIDs that
 * could be trusted; each change costs a walk. */
#define RELISTED_MAX 3

/* Numbers that a key or a locator ends with. */
#define NUMBER_SIZE sizeof("/4294967295")

/* What a step has led to. */
enum step {
	STEP_ON,    /* to the next step */
	STEP_GIVE,  /* a message is ready */
	STEP_END,   /* all folders are through */
	STEP_ERROR, /* something failed, and the walk goes on */
	STEP_FATAL
};

/* ---- names ---- */

static const char *
key_of(struct imap *im, uint32_t uid)
{
	char numbers[2 * NUMBER_SIZE];

	snprintf(numbers, sizeof(numbers), "/%lu/%lu",
	    (unsigned long)im->uidvalidity, (unsigned long)uid);
	return source_join(
	    &im->key, im->folders[im->current].name, numbers, "");
}

static const char *
locator_of(struct imap *im, uint32_t uid)
{
	char number[NUMBER_SIZE];

	snprintf(number, sizeof(number), "%lu", (unsigned long)uid);
	return source_join(
	    &im->locator, im->folders[im->current].locator, ";uid=", number);
}

/* ---- giving ---- */

static void
set_done(struct source *s, struct imap_entry *entry)
{
	struct imap *im = s->state;

	imap_list_set(&im->list, entry, ENTRY_DONE);
	s->progress.done++;
}

/* A time that the server did not say, or that is no time, is now. */
static int64_t
received_at(int64_t date)
{
	if (date <= 0 || date > (int64_t)DAY_MAX * DAY_SECONDS)
		return (int64_t)time(NULL);
	return date;
}

/* Names the message that is given, which is done with. */
static enum step
give(
    struct source *s, struct message *m, struct imap_entry *entry, int64_t date)
{
	struct imap *im = s->state;

	m->key = key_of(im, entry->uid);
	m->locator = locator_of(im, entry->uid);
	m->received = received_at(date);
	set_done(s, entry);
	return STEP_GIVE;
}

static enum step
give_large(
    struct source *s, struct message *m, struct imap_entry *entry, int64_t date)
{
	m->oversize = true;
	return give(s, m, entry, date);
}

/* ---- answers ---- */

static bool
is_large(const struct source *s, uint32_t bytes)
{
	return bytes > s->config.limits->message_bytes;
}

/* Makes room for the message that comes next. */
static void
begin_bytes(struct imap *im)
{
	if (!im->is_given)
		return;
	buf_reset(&im->bytes, INPUT_KEEP);
	im->is_over = false;
	im->is_given = false;
}

/* What is over the bound is not kept, but its end must be heard. */
static enum step
take_bytes(struct source *s)
{
	struct imap *im = s->state;
	size_t len;
	const void *p = frame_get_rest(im->session.in, &len);

	begin_bytes(im);
	im->bytes.cap = im->session.asked == IMAP_ASK_HEADS
	    ? s->config.limits->header_bytes
	    : s->config.limits->message_bytes;
	if (im->is_over || buf_append(&im->bytes, p, len) == 0)
		return STEP_ON;
	im->is_over = true;
	buf_reset(&im->bytes, INPUT_KEEP);
	return STEP_ON;
}

static enum step
take_body(
    struct source *s, struct message *m, struct imap_entry *entry, int64_t date)
{
	struct imap *im = s->state;

	if (im->is_over)
		return give_large(s, m, entry, date);
	if (im->bytes.len > 0) {
		m->bytes = im->bytes.data;
		m->len = im->bytes.len;
	}
	return give(s, m, entry, date);
}

static enum step
take_head(
    struct source *s, struct message *m, struct imap_entry *entry, int64_t date)
{
	struct imap *im = s->state;
	const char *head = buf_string(&im->bytes);

	/* A head of that size is a trick, or rare: the body will tell. */
	if (!im->is_over &&
	    !s->config.is_candidate(s->config.arg, head, im->bytes.len)) {
		m->foreign = true;
		return give(s, m, entry, date);
	}
	if (is_large(s, entry->bytes))
		return give_large(s, m, entry, date);
	imap_list_set(&im->list, entry, ENTRY_FETCH);
	return STEP_ON;
}

static enum step
take_message(struct source *s, struct message *m)
{
	struct imap *im = s->state;
	struct frame *f = im->session.in;
	struct imap_entry *entry;
	uint32_t uid = frame_get_u32(f), bytes = frame_get_u32(f);
	int64_t date = (int64_t)frame_get_u64(f);

	entry = frame_is_whole(f) ? imap_list_answered(&im->list, uid) : NULL;
	if (entry == NULL) {
		imap_session_nonsense(&im->session);
		return STEP_ON;
	}
	imap_session_got(&im->session);
	/* A message without a byte has no frame of bytes. */
	begin_bytes(im);
	im->is_given = true;
	if (im->session.asked == IMAP_ASK_FETCH)
		return take_body(s, m, entry, date);
	entry->bytes = bytes;
	return take_head(s, m, entry, date);
}

static enum step
take_sizes(struct source *s)
{
	struct imap *im = s->state;
	struct frame *f = im->session.in;
	struct imap_entry *entry;
	uint32_t uid;

	while (frame_left(f) > 0) {
		uid = frame_get_u32(f);
		entry = imap_list_answered(&im->list, uid);
		if (entry == NULL)
			break;
		entry->bytes = frame_get_u32(f);
		imap_list_set(&im->list, entry,
		    is_large(s, entry->bytes) ? ENTRY_LARGE : ENTRY_FETCH);
	}
	if (!frame_is_whole(f))
		imap_session_nonsense(&im->session);
	return STEP_ON;
}

static enum step
take_news(struct source *s, struct message *m)
{
	struct imap *im = s->state;
	uint8_t asked = im->session.asked, said = im->session.in->kind;
	const bool is_about_sizes = asked == IMAP_ASK_SIZES;

	if (is_about_sizes && said == IMAP_SAY_SIZES)
		return take_sizes(s);
	if (!is_about_sizes && said == IMAP_SAY_BYTES)
		return take_bytes(s);
	if (!is_about_sizes && said == IMAP_SAY_MESSAGE)
		return take_message(s, m);
	imap_session_nonsense(&im->session);
	return STEP_ON;
}

/* ---- ends of answers ---- */

static void
take_vanished(void *arg, struct imap_entry *entry)
{
	set_done(arg, entry);
}

static void
take_unheard(void *arg, struct imap_entry *entry)
{
	(void)arg;
	(void)entry;
}

static void
take_alone(void *arg, struct imap_entry *entry)
{
	(void)arg;
	entry->asks_alone = true;
}

/* A message that failed alone, and whom to tell. */
struct failing {
	struct source *source;
	struct err *err;
};

static void
take_failed(void *arg, struct imap_entry *entry)
{
	struct failing *f = arg;
	struct imap *im = f->source->state;

	*f->err = im->session.why;
	err_prefix(f->err, "%s", locator_of(im, entry->uid));
	set_done(f->source, entry);
}

/* The server said NO: one message may have spoiled it for all, which shows
 * when they are asked about one by one. */
static enum step
end_failed(struct source *s, struct err *err)
{
	struct imap *im = s->state;
	struct failing failing = {s, err};

	if (im->list.nasked == 0)
		return STEP_ON;
	if (im->set.count > 1) {
		imap_list_rest(&im->list, take_alone, NULL);
		return STEP_ON;
	}
	imap_list_rest(&im->list, take_failed, &failing);
	return STEP_ERROR;
}

/* All is said; what is not among it has gone meanwhile. */
static enum step
end_done(struct source *s)
{
	struct imap *im = s->state;

	if (!im->is_given && (im->is_over || im->bytes.len > 0))
		imap_session_nonsense(&im->session);
	else
		imap_list_rest(&im->list, take_vanished, s);
	return STEP_ON;
}

static enum step
hear_answer(struct source *s, struct message *m, struct err *err)
{
	struct imap *im = s->state;
	enum imap_word word = imap_session_hear(&im->session);
	enum step step = STEP_ON;

	if (word == IMAP_NEWS)
		step = take_news(s, m);
	else if (word == IMAP_DONE)
		step = end_done(s);
	else if (word == IMAP_FAILED)
		step = end_failed(s, err);
	/* After a loss; what had come of a message is asked for again. */
	if (im->session.asked == 0)
		imap_list_rest(&im->list, take_unheard, NULL);
	return step;
}

/* ---- questions about messages ---- */

static enum step
ask_about(struct source *s, enum imap_question question,
    const struct imap_share *share, uint64_t bytes_each)
{
	struct imap *im = s->state;
	struct uid_set *set = &im->set;
	uint64_t bytes;
	struct frame *f;

	set->n = set->count = 0;
	bytes = imap_list_ask(&im->list,
	    question == IMAP_ASK_FETCH ? ENTRY_FETCH : ENTRY_NEW, share, set);
	bytes = bytes * 2 + set->count * bytes_each;
	f = imap_session_begin(&im->session, question, bytes);
	uid_set_put(f, set);
	im->is_given = true;
	if (imap_session_ask(&im->session) == -1)
		imap_list_rest(&im->list, take_unheard, NULL);
	return STEP_ON;
}

static enum step
ask_bodies(struct source *s)
{
	const struct imap *im = s->state;
	const struct imap_share share = {.messages = im->batch,
	    .bytes = BATCH_BYTES_MAX,
	    .unknown = (uint32_t)s->config.limits->message_bytes};

	return ask_about(s, IMAP_ASK_FETCH, &share, FETCH_ITEM_BYTES);
}

static enum step
ask_sizes(struct source *s)
{
	const struct imap_share share = {
	    .messages = SIZES_MAX, .bytes = UINT64_MAX};

	return ask_about(s, IMAP_ASK_SIZES, &share, SIZES_ITEM_BYTES);
}

/* Nobody announces the size of a head.  Each may be as large as a mail server
 * lets pass: less, and one stranger's mail could break the connection every
 * time. */
static enum step
ask_heads(struct source *s)
{
	const struct imap_share share = {
	    .messages = HEADS_MAX, .bytes = UINT64_MAX};

	return ask_about(
	    s, IMAP_ASK_HEADS, &share, s->config.limits->header_bytes);
}

/* ---- lists ---- */

/* UIDs as they come. */
struct uids {
	uint32_t *p;
	size_t n;
	size_t size;
};

static int
compare_uids(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void
add_uids(struct imap_session *session, struct uids *uids)
{
	struct frame *f = session->in;

	while (frame_left(f) > 0 && uids->n < ENTRIES_MAX) {
		if (uids->n == uids->size) {
			uids->size = uids->size * 2 + 1024;
			uids->p = xreallocarray(
			    uids->p, uids->size, sizeof(uids->p[0]));
		}
		uids->p[uids->n++] = frame_get_u32(f);
	}
	if (uids->n == ENTRIES_MAX)
		imap_session_end(session, ERR_BOUND,
		    "the folder holds more messages than a folder may");
	else if (f->kind != IMAP_SAY_UIDS || !frame_is_whole(f))
		imap_session_nonsense(session);
}

static enum imap_word
hear_uids(struct imap *im, struct uids *uids)
{
	uint64_t messages = im->selected.messages;
	enum imap_word word;

	if (messages > ENTRIES_MAX)
		messages = ENTRIES_MAX;
	imap_session_begin(
	    &im->session, IMAP_ASK_UIDS, messages * UID_ITEM_BYTES);
	if (imap_session_ask(&im->session) == -1)
		return IMAP_LOST;
	while ((word = imap_session_hear(&im->session)) == IMAP_NEWS) {
		add_uids(&im->session, uids);
		if (!im->session.connected)
			return IMAP_LOST;
	}
	return word;
}

/* Keeps what is not known, in ascending order and once. */
static void
make_list(struct source *s, struct uids *uids)
{
	struct imap *im = s->state;
	uint32_t last = 0;
	size_t i;

	if (uids->n > 0)
		qsort(uids->p, uids->n, sizeof(uids->p[0]), compare_uids);
	imap_list_reset(&im->list);
	im->is_listed = true;
	im->uidvalidity = im->selected.uidvalidity;
	for (i = 0; i < uids->n; i++) {
		if (uids->p[i] == last)
			continue;
		last = uids->p[i];
		if (!source_is_known(s, key_of(im, last)))
			imap_list_add(&im->list, last);
	}
}

static enum step
leave_folder(struct imap *im)
{
	imap_list_reset(&im->list);
	im->is_listed = false;
	im->relisted = 0;
	im->current++;
	return STEP_ON;
}

/* The current folder cannot be read; the others may. */
static enum step
fail_folder(struct imap *im, struct err *err)
{
	*err = im->session.why;
	err_prefix(err, "%s", im->folders[im->current].locator);
	if (im->nfolders == 1)
		return STEP_FATAL;
	leave_folder(im);
	return STEP_ERROR;
}

static enum step
list_folder(struct source *s, struct err *err)
{
	struct imap *im = s->state;
	struct uids uids = {0};
	enum imap_word word = hear_uids(im, &uids);

	if (word == IMAP_DONE)
		make_list(s, &uids);
	free(uids.p);
	return word == IMAP_FAILED ? fail_folder(im, err) : STEP_ON;
}

/* The folder was made anew: other messages have the UIDs now, or the same
 * ones have others. */
static enum step
forget_list(struct imap *im)
{
	im->is_listed = false;
	if (++im->relisted > RELISTED_MAX)
		imap_session_end(&im->session, ERR_TEMPORARY,
		    "the server changes UIDVALIDITY again and again");
	return STEP_ON;
}

/* ---- steps ---- */

static enum step
fail_session(const struct source *s, struct err *err)
{
	const struct imap *im = s->state;

	*err = im->session.why;
	err_prefix(err, "%s", s->name);
	return STEP_FATAL;
}

/* What comes next in the current folder, which is open. */
static enum step
walk_on(struct source *s, struct err *err)
{
	struct imap *im = s->state;

	if (im->is_listed && im->uidvalidity != im->selected.uidvalidity)
		return forget_list(im);
	if (!im->is_listed)
		return list_folder(s, err);
	if (im->list.counts[ENTRY_FETCH] > 0)
		return ask_bodies(s);
	if (im->list.counts[ENTRY_NEW] == 0)
		return leave_folder(im);
	if (im->folders[im->current].candidates == IMAP_CANDIDATES_LIKELY)
		return ask_heads(s);
	return ask_sizes(s);
}

static enum step
do_deeds(struct source *s, struct err *err)
{
	struct imap *im = s->state;

	im->deeds_due = false;
	if (imap_do_deeds(s, err) == 0)
		return STEP_ON;
	return im->session.connected ? STEP_ERROR : STEP_FATAL;
}

static enum step
take_step(struct source *s, struct message *m, struct err *err)
{
	struct imap *im = s->state;

	if (im->session.asked != 0)
		return hear_answer(s, m, err);
	if (im->deeds_due)
		return do_deeds(s, err);
	if (im->list.counts[ENTRY_LARGE] > 0)
		return give_large(
		    s, m, imap_list_first(&im->list, ENTRY_LARGE), 0);
	if (im->current == im->nfolders)
		return STEP_END;
	switch (imap_select(s, im->current)) {
	case IMAP_DONE:
		return walk_on(s, err);
	case IMAP_FAILED:
		return fail_folder(im, err);
	default:
		return fail_session(s, err);
	}
}

int
imap_walk_next(
    struct source *s, struct message *m, bool *fatal, struct err *err)
{
	static const int results[] = {[STEP_GIVE] = 1,
	    [STEP_END] = 0,
	    [STEP_ERROR] = -1,
	    [STEP_FATAL] = -1};
	const struct imap *im = s->state;
	enum step step;

	do {
		step = take_step(s, m, err);
	} while (step == STEP_ON);
	*fatal = step == STEP_FATAL;
	s->progress.total = s->progress.done + imap_list_left(&im->list);
	return results[step];
}
