/* SPDX-License-Identifier: ISC */

/*
 * The list of what is in a folder, less what is known already.  Where
 * nothing is known the sizes are asked for with the UIDs, and all of it with
 * the opening of the folder, which saves two round trips; else it would be a
 * waste to ask for the sizes of all.
 */

#include "config.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/limits.h"
#include "source/imap_private.h"

/* What the server may send for each message, "4294967295 " in a list or
 * "* 4294967295 EXISTS" on its own. */
#define UID_ITEM_BYTES 16

/* What it sends for each size; and may send, for there may be flags in it, and
 * what else it likes to tell. */
#define SIZES_ITEM_BYTES 64
#define SIZES_ITEM_MOST	 128

#define TOO_MANY "the folder holds more than 2000000 messages"

/* UIDs as they come. */
struct uids {
	uint32_t *p;
	size_t n;
	size_t size;
};

/* ---- UIDs alone ---- */

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
hear_uids(struct imap *im, struct uids *uids)
{
	const uint64_t bytes = (uint64_t)im->selected.messages * UID_ITEM_BYTES;
	enum imap_word word;

	imap_session_begin(
	    &im->session, IMAP_ASK_UIDS, (struct imap_measure){bytes, bytes});
	if (imap_session_ask(&im->session) == -1)
		return IMAP_LOST;
	while ((word = imap_session_hear(&im->session)) == IMAP_NEWS) {
		add_uids(&im->session, uids);
		if (!im->session.connected)
			return IMAP_LOST;
	}
	return word;
}

static void
begin_list(struct imap *im)
{
	imap_list_reset(&im->list);
	im->is_listed = true;
	im->uidvalidity = im->selected.uidvalidity;
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
	begin_list(im);
	for (i = 0; i < uids->n; i++) {
		if (uids->p[i] == last)
			continue;
		last = uids->p[i];
		if (!source_is_known(s, imap_key_of(im, last)))
			imap_list_add(&im->list, last);
	}
}

static enum imap_word
read_uids(struct source *s)
{
	struct uids uids = {0};
	enum imap_word word = hear_uids(s->state, &uids);

	if (word == IMAP_DONE)
		make_list(s, &uids);
	free(uids.p);
	return word;
}

/* ---- UIDs with sizes ---- */

/* A message as it is said to be. */
struct sized {
	uint32_t uid;
	uint32_t bytes;
};

/* As they come.  A server may name a message as often as it likes: how many
 * there can be is bounded by the bytes of its answer. */
struct sizes {
	struct sized *p;
	size_t n;
	size_t size;
};

struct imap_measure
imap_measure_sizes(uint64_t n)
{
	return (struct imap_measure){n * SIZES_ITEM_BYTES, n * SIZES_ITEM_MOST};
}

static int
compare_sized(const void *a, const void *b)
{
	const struct sized *x = a, *y = b;

	if (x->uid != y->uid)
		return x->uid < y->uid ? -1 : 1;
	return x->bytes < y->bytes ? -1 : x->bytes > y->bytes;
}

/* One more than may be shows that there are too many. */
static void
add_sizes(struct imap_session *session, struct sizes *sizes)
{
	struct frame *f = session->in;
	struct sized at;

	while (frame_left(f) > 0) {
		at.uid = frame_get_u32(f);
		at.bytes = frame_get_u32(f);
		if (sizes->n > IMAP_MESSAGES_MAX)
			continue;
		if (sizes->n == sizes->size) {
			sizes->size = sizes->size * 2 + 1024;
			sizes->p = xreallocarray(
			    sizes->p, sizes->size, sizeof(sizes->p[0]));
		}
		sizes->p[sizes->n++] = at;
	}
	if (f->kind != IMAP_SAY_SIZES || !frame_is_whole(f))
		imap_session_nonsense(session);
}

static enum imap_word
hear_sizes(struct imap *im, struct sizes *sizes)
{
	uint64_t messages = im->selected.messages;
	enum imap_word word;

	if (messages > IMAP_MESSAGES_MAX)
		messages = IMAP_MESSAGES_MAX;
	imap_session_begin(
	    &im->session, IMAP_ASK_LISTING, imap_measure_sizes(messages));
	if (imap_session_ask(&im->session) == -1)
		return IMAP_LOST;
	while ((word = imap_session_hear(&im->session)) == IMAP_NEWS) {
		add_sizes(&im->session, sizes);
		if (!im->session.connected)
			return IMAP_LOST;
	}
	return word;
}

/* They come in order from most servers, and are many. */
static void
sort_sizes(struct sizes *sizes)
{
	size_t i;

	for (i = 1; i < sizes->n; i++)
		if (compare_sized(&sizes->p[i - 1], &sizes->p[i]) > 0)
			break;
	if (i < sizes->n)
		qsort(sizes->p, sizes->n, sizeof(sizes->p[0]), compare_sized);
}

/* As make_list.  Of several sizes of a message the largest counts. */
static void
make_sized_list(struct source *s, struct sizes *sizes)
{
	struct imap *im = s->state;
	const struct sized *at;
	size_t i;

	sort_sizes(sizes);
	begin_list(im);
	for (i = 0; i < sizes->n; i++) {
		at = &sizes->p[i];
		if (at->uid == 0 || (i + 1 < sizes->n && at->uid == at[1].uid))
			continue;
		if (!source_is_known(s, imap_key_of(im, at->uid)))
			imap_take_size(
			    s, imap_list_add(&im->list, at->uid), at->bytes);
	}
}

static enum imap_word
read_sizes(struct source *s)
{
	struct imap *im = s->state;
	struct sizes sizes = {0};
	enum imap_word word = hear_sizes(im, &sizes);

	im->is_ahead = false;
	if (word != IMAP_DONE)
		im->asks_apart = true;
	else if (sizes.n > IMAP_MESSAGES_MAX)
		im->selected.messages = (uint32_t)sizes.n;
	else
		make_sized_list(s, &sizes);
	free(sizes.p);
	return word;
}

/* ---- either ---- */

bool
imap_asks_ahead(const struct source *s)
{
	const struct imap *im = s->state;

	return !im->is_listed && !im->asks_apart &&
	    im->folders[im->current].candidates == IMAP_CANDIDATES_ALL &&
	    source_is_new(s);
}

/* A server that cannot tell the size of one message may refuse to tell any:
 * what can be told is asked for apart. */
enum imap_word
imap_read_list(struct source *s)
{
	struct imap *im = s->state;
	enum imap_word word = IMAP_FAILED;

	if (im->is_ahead)
		word = read_sizes(s);
	if (im->selected.messages > IMAP_MESSAGES_MAX) {
		err_set(&im->session.why, ERR_UNAVAILABLE, TOO_MANY);
		return IMAP_FAILED;
	}
	return word == IMAP_FAILED ? read_uids(s) : word;
}
