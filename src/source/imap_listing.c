/* SPDX-License-Identifier: ISC */

/*
 * The list of what is in a folder, less what is known already.  Where nothing
 * is known the small messages, which nearly all are, are listed first: their
 * bodies can be asked for without their sizes, and the list itself with the
 * opening of the folder, which saves two round trips.
 */

#include "config.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/limits.h"
#include "source/imap_private.h"

/* What the server may send for each message, "4294967295 " in a list or
 * "* 4294967295 EXISTS" on its own. */
#define UID_ITEM_BYTES 16

/* What counts as announced of a small message: with its header a usual report
 * has less. */
#define SMALL_BYTES 6144

#define TOO_MANY "the folder holds more than 2000000 messages"

/* UIDs as they come. */
struct uids {
	uint32_t *p;
	size_t n;
	size_t size;
};

/* ---- what the server has ---- */

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

	while (frame_left(f) > 0 && uids->n <= IMAP_MESSAGES_MAX) {
		if (uids->n == uids->size) {
			uids->size = uids->size * 2 + 1024;
			uids->p = xreallocarray(
			    uids->p, uids->size, sizeof(uids->p[0]));
		}
		uids->p[uids->n++] = frame_get_u32(f);
	}
	if (uids->n > IMAP_MESSAGES_MAX)
		imap_session_end(session, ERR_UNAVAILABLE, TOO_MANY);
	else if (f->kind != IMAP_SAY_UIDS || !frame_is_whole(f))
		imap_session_nonsense(session);
}

static enum imap_word
hear_uids(struct imap *im, enum imap_question question, struct uids *uids)
{
	uint64_t bytes = im->selected.messages;
	enum imap_word word;

	/* How many are too many is judged by what comes. */
	if (bytes > IMAP_MESSAGES_MAX)
		bytes = IMAP_MESSAGES_MAX;
	bytes *= UID_ITEM_BYTES;
	imap_session_begin(
	    &im->session, question, (struct imap_measure){bytes, bytes});
	if (imap_session_ask(&im->session) == -1)
		return IMAP_LOST;
	while ((word = imap_session_hear(&im->session)) == IMAP_NEWS) {
		add_uids(&im->session, uids);
		if (!im->session.connected)
			return IMAP_LOST;
	}
	return word;
}

/* Puts them in ascending order, and leaves each once, and none that is 0. */
static void
sort_uids(struct uids *uids)
{
	uint32_t last = 0;
	size_t i, n = 0;

	if (uids->n > 0)
		qsort(uids->p, uids->n, sizeof(uids->p[0]), compare_uids);
	for (i = 0; i < uids->n; i++) {
		if (uids->p[i] == last)
			continue;
		last = uids->p[i];
		uids->p[n++] = last;
	}
	uids->n = n;
}

/* ---- what is not known of it ---- */

/* Lists what is not known, nor was in the list before. */
static void
make_list(struct source *s, const struct uids *uids, bool small)
{
	struct imap *im = s->state;
	struct imap_list before = im->list;
	struct imap_entry *entry;
	size_t i;

	im->list = (struct imap_list){0};
	for (i = 0; i < uids->n; i++) {
		if (imap_list_has(&before, uids->p[i]) ||
		    source_is_known(s, imap_key_of(im, uids->p[i])))
			continue;
		entry = imap_list_add(&im->list, uids->p[i]);
		if (small)
			imap_take_size(s, entry, SMALL_BYTES);
	}
	imap_list_free(&before);
}

/* Are there as many as when the folder was opened?  What has come since, with
 * UIDs from UIDNEXT on, does not count: it must not stand for one of these. */
static bool
is_of_all(const struct imap_selected *folder, const struct uids *uids)
{
	size_t n = 0;

	while (n < uids->n && uids->p[n] < folder->uidnext)
		n++;
	return n >= folder->messages;
}

static enum imap_word
read_uids(struct source *s, enum imap_question question)
{
	const bool small = question == IMAP_ASK_SMALL;
	struct imap *im = s->state;
	struct uids uids = {0};
	enum imap_word word = hear_uids(im, question, &uids);

	if (word == IMAP_DONE) {
		sort_uids(&uids);
		if (!im->is_listed)
			imap_list_reset(&im->list);
		im->is_listed = true;
		im->is_small = small;
		im->lacks_others = small && !is_of_all(&im->selected, &uids);
		im->uidvalidity = im->selected.uidvalidity;
		make_list(s, &uids, small);
	}
	free(uids.p);
	return word;
}

/* What is small must be within the limit. */
bool
imap_asks_ahead(const struct source *s)
{
	const struct imap *im = s->state;

	return !im->is_listed && !im->asks_apart &&
	    im->folders[im->current].candidates == IMAP_CANDIDATES_ALL &&
	    s->config.limits->message_bytes >= IMAP_SMALL_BELOW - 1 &&
	    source_is_new(s);
}

/* A server that does not tell which messages are small tells which there are.
 */
enum imap_word
imap_read_list(struct source *s)
{
	struct imap *im = s->state;
	enum imap_word word = IMAP_FAILED;

	if (im->is_ahead) {
		word = read_uids(s, IMAP_ASK_SMALL);
		im->is_ahead = false;
		im->asks_apart = word != IMAP_DONE;
	}
	if (im->selected.messages > IMAP_MESSAGES_MAX) {
		err_set(&im->session.why, ERR_UNAVAILABLE, TOO_MANY);
		return IMAP_FAILED;
	}
	return word == IMAP_FAILED ? read_uids(s, IMAP_ASK_UIDS) : word;
}
