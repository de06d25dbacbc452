/* SPDX-License-Identifier: ISC */

/*
 * The walk through the folders: which question comes next.  A message is
 * given as soon as it is whole, while the rest of its batch is still on its
 * way; so there is no place in here where a walk cannot be left, and every
 * step finds out anew what is still missing.
 */

#include "config.h"

#include "source/imap_private.h"

/* Messages whose heads are asked for at once, about 1 KiB each. */
#define HEADS_MAX 1000

/* Messages whose sizes are asked for at once. */
#define SIZES_MAX 5000

/* Announced bytes of a batch: its answer is given time for so many. */
#define BATCH_BYTES_MAX ((uint64_t)32 << 20)

/* What the server sends for each size; and may send, for there may be flags in
 * it, and what else it likes to tell. */
#define SIZES_ITEM_BYTES 64
#define SIZES_ITEM_MOST	 128

/* What the server sends for each message beyond its body: its head, or what
 * stands around its body. */
#define HEADS_ITEM_BYTES ((uint64_t)4 << 10)
#define FETCH_ITEM_BYTES ((uint64_t)256)

/* A message that is asked for alone may take so many times as long: on a slow
 * line nothing else helps a large one. */
#define ALONE_TIMES 8

/* What it may send: there may be flags in it, and what else it likes to tell.
 */
#define FETCH_ITEM_MOST ((uint64_t)64 << 10)

/* Nobody announces the size of a head, and anybody can write one of 1 MiB,
 * where Exim stops: a few of these must not break the connection each time. */
#define HEADS_SPARE_BYTES ((uint64_t)16 << 20)

/* A server whose UIDVALIDITY changes more often in one run has no UIDs that
 * could be trusted; each change costs a walk. */
#define RELISTED_MAX 3

/* ---- questions about messages ---- */

/* The measure of an answer about n messages, of which so many bytes were
 * announced.  What is announced is not exact: some servers count lines with
 * LF, some make the message up as they send it. */
static struct imap_measure
measure_of(enum imap_question question, uint64_t announced, uint64_t n)
{
	switch (question) {
	case IMAP_ASK_SIZES:
		return (struct imap_measure){
		    n * SIZES_ITEM_BYTES, n * SIZES_ITEM_MOST};
	case IMAP_ASK_HEADS:
		return (struct imap_measure){n * HEADS_ITEM_BYTES,
		    n * FETCH_ITEM_MOST + HEADS_SPARE_BYTES};
	default:
		return (struct imap_measure){
		    announced * (n == 1 ? ALONE_TIMES : 1) +
			n * FETCH_ITEM_BYTES,
		    announced * 2 + n * FETCH_ITEM_MOST};
	}
}

static enum imap_step
ask_about(struct source *s, enum imap_question question,
    const struct imap_share *share)
{
	struct imap *im = s->state;
	struct uid_set *set = &im->set;
	struct imap_measure measure;
	uint64_t bytes;
	struct frame *f;

	set->n = set->count = 0;
	bytes = imap_list_ask(&im->list,
	    question == IMAP_ASK_FETCH ? ENTRY_FETCH : ENTRY_NEW, share, set);
	measure = measure_of(question, bytes, set->count);
	/* One that is called small and is not is no reason to give up. */
	if (im->is_small)
		measure.most += s->config.limits->message_bytes;
	f = imap_session_begin(&im->session, question, measure);
	uid_set_put(f, set);
	im->is_given = true;
	if (imap_session_ask(&im->session) == -1)
		imap_list_rest(&im->list, NULL, NULL);
	return IMAP_STEP_ON;
}

static enum imap_step
ask_bodies(struct source *s)
{
	const struct imap *im = s->state;
	const struct imap_share share = {.messages = im->batch,
	    .bytes = BATCH_BYTES_MAX,
	    .unknown = (uint32_t)s->config.limits->message_bytes};

	return ask_about(s, IMAP_ASK_FETCH, &share);
}

static enum imap_step
ask_sizes(struct source *s)
{
	const struct imap_share share = {
	    .messages = SIZES_MAX, .bytes = UINT64_MAX};

	return ask_about(s, IMAP_ASK_SIZES, &share);
}

static enum imap_step
ask_heads(struct source *s)
{
	const struct imap_share share = {
	    .messages = HEADS_MAX, .bytes = UINT64_MAX};

	return ask_about(s, IMAP_ASK_HEADS, &share);
}

/* ---- folders ---- */

static enum imap_step
leave_folder(struct imap *im)
{
	imap_list_reset(&im->list);
	im->is_listed = false;
	im->asks_apart = false;
	im->relisted = 0;
	im->current++;
	return IMAP_STEP_ON;
}

/* The current folder cannot be read; the others may. */
static enum imap_step
fail_folder(struct imap *im, struct err *err)
{
	*err = im->session.why;
	err_prefix(err, "%s", im->folders[im->current].locator);
	if (im->nfolders == 1)
		return IMAP_STEP_FATAL;
	leave_folder(im);
	return IMAP_STEP_ERROR;
}

static enum imap_step
list_folder(struct source *s, struct err *err)
{
	struct imap *im = s->state;

	return imap_read_list(s) == IMAP_FAILED ? fail_folder(im, err)
						: IMAP_STEP_ON;
}

/* The folder was made anew: other messages have the UIDs now, or the same
 * ones have others. */
static enum imap_step
forget_list(struct imap *im)
{
	im->is_listed = false;
	if (++im->relisted > RELISTED_MAX)
		imap_session_end(&im->session, ERR_TEMPORARY,
		    "the server changes UIDVALIDITY again and again");
	return IMAP_STEP_ON;
}

/* ---- steps ---- */

static enum imap_step
fail_session(const struct source *s, struct err *err)
{
	const struct imap *im = s->state;

	*err = im->session.why;
	err_prefix(err, "%s", s->name);
	return IMAP_STEP_FATAL;
}

/* What comes next in the current folder, which is open. */
static enum imap_step
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
		return im->lacks_others ? list_folder(s, err)
					: leave_folder(im);
	if (im->folders[im->current].candidates == IMAP_CANDIDATES_LIKELY)
		return ask_heads(s);
	return ask_sizes(s);
}

static enum imap_step
do_deeds(struct source *s, struct err *err)
{
	struct imap *im = s->state;

	im->deeds_due = false;
	if (imap_do_deeds(s, err) == 0)
		return IMAP_STEP_ON;
	return im->session.connected ? IMAP_STEP_ERROR : IMAP_STEP_FATAL;
}

static enum imap_step
take_step(struct source *s, struct message *m, struct err *err)
{
	struct imap *im = s->state;

	if (im->session.asked != 0)
		return imap_hear(s, m, err);
	if (im->deeds_due)
		return do_deeds(s, err);
	if (im->list.counts[ENTRY_LARGE] > 0)
		return imap_give_large(s, m);
	if (im->current == im->nfolders)
		return IMAP_STEP_END;
	switch (imap_select_current(s)) {
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
	static const int results[] = {[IMAP_STEP_GIVE] = 1,
	    [IMAP_STEP_END] = 0,
	    [IMAP_STEP_ERROR] = -1,
	    [IMAP_STEP_FATAL] = -1};
	const struct imap *im = s->state;
	enum imap_step step;

	do {
		step = take_step(s, m, err);
	} while (step == IMAP_STEP_ON);
	*fatal = step == IMAP_STEP_FATAL;
	s->progress.total = s->progress.done + imap_list_left(&im->list);
	return results[step];
}
