/* SPDX-License-Identifier: ISC */

/*
 * The list of what is in a folder, less what is known already.
 */

#include "config.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/limits.h"
#include "source/imap_private.h"

/* What the server may send for each message, "4294967295 " in a list or
 * "* 4294967295 EXISTS" on its own. */
#define UID_ITEM_BYTES 16

#define TOO_MANY "the folder holds more than 2000000 messages"

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
	uint64_t messages = im->selected.messages, bytes;
	enum imap_word word;

	if (messages > IMAP_MESSAGES_MAX) {
		err_set(&im->session.why, ERR_UNAVAILABLE, TOO_MANY);
		return IMAP_FAILED;
	}
	bytes = messages * UID_ITEM_BYTES;
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
		if (!source_is_known(s, imap_key_of(im, last)))
			imap_list_add(&im->list, last);
	}
}

enum imap_word
imap_read_list(struct source *s)
{
	struct uids uids = {0};
	enum imap_word word = hear_uids(s->state, &uids);

	if (word == IMAP_DONE)
		make_list(s, &uids);
	free(uids.p);
	return word;
}
