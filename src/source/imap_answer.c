/* SPDX-License-Identifier: ISC */

/*
 * What becomes of answers about messages.  Nothing in them is believed: what
 * was not asked for, comes twice or at a wrong place ends the session, and a
 * body is as large as it is, whatever size was announced.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "source/imap_private.h"
#include "source/input.h"

/* So many messages are left in a run because they break connections. */
#define LEFT_MAX 3

/* Numbers that a key or a locator ends with. */
#define NUMBER_SIZE sizeof("/4294967295")

/* ---- names ---- */

const char *
imap_key_of(struct imap *im, uint32_t uid)
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

/* Names the message that is given, which is done with.  The server is not
 * asked when it came: that costs it time for each, and nearly every message
 * tells it itself. */
static enum imap_step
give(struct source *s, struct message *m, struct imap_entry *entry)
{
	struct imap *im = s->state;

	m->key = imap_key_of(im, entry->uid);
	m->locator = locator_of(im, entry->uid);
	m->received = (int64_t)time(NULL);
	set_done(s, entry);
	return IMAP_STEP_GIVE;
}

static enum imap_step
give_large(struct source *s, struct message *m, struct imap_entry *entry)
{
	m->oversize = true;
	return give(s, m, entry);
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
static void
take_bytes(struct source *s, const void *p, size_t len)
{
	struct imap *im = s->state;

	begin_bytes(im);
	im->bytes.cap = im->session.asked == IMAP_ASK_HEADS
	    ? s->config.limits->header_bytes
	    : s->config.limits->message_bytes;
	if (im->is_over || buf_append(&im->bytes, p, len) == 0)
		return;
	im->is_over = true;
	buf_reset(&im->bytes, INPUT_KEEP);
}

static enum imap_step
take_piece(struct source *s)
{
	const struct imap *im = s->state;
	size_t len;
	const void *p = frame_get_rest(im->session.in, &len);

	take_bytes(s, p, len);
	return IMAP_STEP_ON;
}

/* Pieces came, and not the end. */
static bool
is_unfinished(const struct imap *im)
{
	return !im->is_given && (im->is_over || im->bytes.len > 0);
}

static enum imap_step
take_body(struct source *s, struct message *m, struct imap_entry *entry)
{
	struct imap *im = s->state;

	if (im->is_over)
		return give_large(s, m, entry);
	if (im->bytes.len > 0) {
		m->bytes = im->bytes.data;
		m->len = im->bytes.len;
	}
	return give(s, m, entry);
}

static enum imap_step
take_head(struct source *s, struct message *m, struct imap_entry *entry)
{
	struct imap *im = s->state;
	const char *head = buf_string(&im->bytes);

	/* A head of that size is a trick, or rare: the body will tell. */
	if (!im->is_over &&
	    !s->config.is_candidate(s->config.arg, head, im->bytes.len)) {
		m->foreign = true;
		return give(s, m, entry);
	}
	if (is_large(s, entry->bytes))
		return give_large(s, m, entry);
	imap_list_set(&im->list, entry, ENTRY_FETCH);
	return IMAP_STEP_ON;
}

/* Reads what its pieces end with, or the next one of several. */
static enum imap_step
take_message(struct source *s, struct message *m)
{
	struct imap *im = s->state;
	struct frame *f = im->session.in;
	const bool is_end = f->kind == IMAP_SAY_MESSAGE;
	struct imap_entry *entry = NULL;
	uint32_t uid = frame_get_u32(f), bytes = frame_get_u32(f);
	size_t len;
	const void *p =
	    is_end ? frame_get_rest(f, &len) : frame_get_bytes(f, &len);

	im->has_more = frame_left(f) > 0;
	if ((im->has_more || frame_is_whole(f)) &&
	    (is_end || !is_unfinished(im)))
		entry = imap_list_answered(&im->list, uid);
	take_bytes(s, p, len);
	if (entry == NULL) {
		imap_session_nonsense(&im->session);
		return IMAP_STEP_ON;
	}
	imap_session_got(&im->session);
	im->is_given = true;
	if (im->session.asked == IMAP_ASK_FETCH)
		return take_body(s, m, entry);
	entry->bytes = bytes;
	return take_head(s, m, entry);
}

void
imap_take_size(struct source *s, struct imap_entry *entry, uint32_t bytes)
{
	struct imap *im = s->state;

	entry->bytes = bytes;
	imap_list_set(
	    &im->list, entry, is_large(s, bytes) ? ENTRY_LARGE : ENTRY_FETCH);
}

static enum imap_step
take_sizes(struct source *s)
{
	struct imap *im = s->state;
	struct frame *f = im->session.in;
	struct imap_entry *entry;
	uint32_t uid;

	while (frame_left(f) > 0) {
		uid = frame_get_u32(f);
		entry = imap_list_answered(&im->list, uid);
		if (entry == NULL) {
			imap_session_nonsense(&im->session);
			return IMAP_STEP_ON;
		}
		imap_take_size(s, entry, frame_get_u32(f));
	}
	if (!frame_is_whole(f))
		imap_session_nonsense(&im->session);
	return IMAP_STEP_ON;
}

static enum imap_step
take_news(struct source *s, struct message *m)
{
	struct imap *im = s->state;
	uint8_t asked = im->session.asked, said = im->session.in->kind;
	const bool is_about_sizes = asked == IMAP_ASK_SIZES;

	if (is_about_sizes && said == IMAP_SAY_SIZES)
		return take_sizes(s);
	if (!is_about_sizes && said == IMAP_SAY_BYTES)
		return take_piece(s);
	if (!is_about_sizes &&
	    (said == IMAP_SAY_MESSAGE || said == IMAP_SAY_MESSAGES))
		return take_message(s, m);
	imap_session_nonsense(&im->session);
	return IMAP_STEP_ON;
}

/* ---- ends of answers ---- */

static void
take_vanished(void *arg, struct imap_entry *entry)
{
	set_done(arg, entry);
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
static enum imap_step
end_failed(struct source *s, struct err *err)
{
	struct imap *im = s->state;
	struct failing failing = {s, err};

	if (im->list.nasked == 0)
		return IMAP_STEP_ON;
	if (im->set.count > 1) {
		imap_list_rest(&im->list, take_alone, NULL);
		return IMAP_STEP_ON;
	}
	imap_list_rest(&im->list, take_failed, &failing);
	return IMAP_STEP_ERROR;
}

/* The connection broke again before anything came.  Servers answer in order:
 * it may be the first message, which is asked for alone from now on, with more
 * time; and left, if it breaks alone as well, so that it keeps back no others.
 * Where several do that it is the line. */
static enum imap_step
end_lost(struct source *s, struct err *err)
{
	struct imap *im = s->state;
	struct imap_entry *first = imap_list_first(&im->list, ENTRY_FETCH);
	struct failing failing = {s, err};

	if (im->session.tries == 0 || first == NULL || !first->is_asked)
		return IMAP_STEP_ON;
	if (!first->asks_alone) {
		first->asks_alone = true;
		return IMAP_STEP_ON;
	}
	if (!im->session.again || im->left == LEFT_MAX)
		return IMAP_STEP_ON;
	im->left++;
	imap_list_rest(&im->list, take_failed, &failing);
	imap_session_got(&im->session);
	return IMAP_STEP_ERROR;
}

/* All is said; what is not among it has gone meanwhile. */
static enum imap_step
end_done(struct source *s)
{
	struct imap *im = s->state;

	if (is_unfinished(im))
		imap_session_nonsense(&im->session);
	else
		imap_list_rest(&im->list, take_vanished, s);
	return IMAP_STEP_ON;
}

enum imap_step
imap_hear(struct source *s, struct message *m, struct err *err)
{
	struct imap *im = s->state;
	enum imap_step step = IMAP_STEP_ON;
	enum imap_word word = IMAP_NEWS;

	if (!im->has_more)
		word = imap_session_hear(&im->session);
	if (word == IMAP_NEWS)
		step = take_news(s, m);
	else if (word == IMAP_DONE)
		step = end_done(s);
	else if (word == IMAP_FAILED)
		step = end_failed(s, err);
	else
		step = end_lost(s, err);
	/* After a loss; what had come of a message is asked for again. */
	if (im->session.asked == 0) {
		imap_list_rest(&im->list, NULL, NULL);
		im->has_more = false;
	}
	return step;
}

enum imap_step
imap_give_large(struct source *s, struct message *m)
{
	struct imap *im = s->state;

	return give_large(s, m, imap_list_first(&im->list, ENTRY_LARGE));
}
