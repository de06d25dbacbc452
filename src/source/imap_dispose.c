/* SPDX-License-Identifier: ISC */

/*
 * What becomes of messages in an IMAP account.  It is written down by key,
 * and done in sets when nothing else is under way.  All of it may be done
 * twice: a message that is gone, or has the flag, is no failure.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/span.h"
#include "source/imap_private.h"

/* Messages in one question: a server takes its time to move each. */
#define SET_MAX 1000

/* What a server may say about each: FETCH, EXPUNGE, COPYUID. */
#define DEED_ITEM_BYTES 128

/* ---- writing down ---- */

/* Cuts "/NUMBER" from the end of *s.  Returns false if it is none from 1 to
 * 2^32 - 1, as we write it. */
static bool
cut_number(struct span *s, uint32_t *number)
{
	const char *slash = s->len > 0 ? memrchr(s->p, '/', s->len) : NULL;
	const char *p = slash, *end = s->p + s->len;
	uint64_t v = 0;

	if (slash == NULL || ++p == end || *p == '0')
		return false;
	for (; p < end; p++) {
		if (!ascii_is_digit(*p))
			return false;
		v = v * 10 + (uint64_t)(*p - '0');
		if (v > UINT32_MAX)
			return false;
	}
	s->len = (size_t)(slash - s->p);
	*number = (uint32_t)v;
	return true;
}

static bool
find_folder(const struct imap *im, struct span name, uint32_t *folder)
{
	size_t i;

	for (i = 0; i < im->nfolders; i++) {
		*folder = (uint32_t)i;
		if (span_equal(name, span_of(im->folders[i].name)))
			return true;
	}
	return false;
}

static int
add_deed(struct source *s, const char *key, bool aside, struct err *err)
{
	struct imap *im = s->state;
	struct imap_deed deed = {.aside = aside};
	struct span rest = span_of(key);

	if (!cut_number(&rest, &deed.uid) ||
	    !cut_number(&rest, &deed.uidvalidity) ||
	    !find_folder(im, rest, &deed.folder))
		return err_set(
		    err, ERR_USAGE, "%s: has no message %s", s->name, key);
	if (im->ndeeds == im->deeds_size) {
		im->deeds_size = im->deeds_size * 2 + 256;
		im->deeds = xreallocarray(
		    im->deeds, im->deeds_size, sizeof(im->deeds[0]));
	}
	im->deeds[im->ndeeds++] = deed;
	return 0;
}

int
imap_finish(struct source *s, const char *key, struct err *err)
{
	return add_deed(s, key, false, err);
}

int
imap_set_aside(struct source *s, const char *key, struct err *err)
{
	return add_deed(s, key, true, err);
}

/* ---- doing ---- */

static int
compare_deeds(const void *a, const void *b)
{
	const struct imap_deed *x = a, *y = b;

	if (x->folder != y->folder)
		return x->folder < y->folder ? -1 : 1;
	if (x->aside != y->aside)
		return x->aside ? 1 : -1;
	if (x->uid != y->uid)
		return x->uid < y->uid ? -1 : 1;
	return 0;
}

/* What is done to messages of a folder; 0 for nothing.  A message that is
 * where it belongs must not be moved there: it would get another UID, and
 * look like a new one. */
static uint8_t
question_for(
    const struct source *s, const struct imap_deed *deed, const char **target)
{
	static const uint8_t questions[] = {[DISPOSE_SEEN] = IMAP_ASK_SEEN,
	    [DISPOSE_MOVE] = IMAP_ASK_MOVE,
	    [DISPOSE_DELETE] = IMAP_ASK_DELETE};
	const struct imap *im = s->state;
	const char *here = im->folders[deed->folder].wire;

	*target = deed->aside ? im->rejects : im->target;
	if (deed->aside)
		return strcmp(here, *target) == 0 ? 0 : IMAP_ASK_MOVE;
	if (s->config.dispose == DISPOSE_MOVE && strcmp(here, *target) == 0)
		return IMAP_ASK_SEEN;
	return questions[s->config.dispose];
}

/* The deeds from at on that are of one folder and kind. */
static size_t
group_end(const struct imap *im, size_t at)
{
	const struct imap_deed *first = &im->deeds[at];
	size_t i = at + 1;

	while (i < im->ndeeds && im->deeds[i].folder == first->folder &&
	    im->deeds[i].aside == first->aside)
		i++;
	return i;
}

/* Fills the empty set from deeds of the open folder.  Returns where it had to
 * stop.  A message of another UIDVALIDITY has another key now, under which
 * it comes again. */
static size_t
fill_set(const struct imap *im, size_t at, size_t end, struct uid_set *set)
{
	const struct imap_deed *d;
	uint32_t last = 0;

	for (; at < end && set->count < SET_MAX; at++) {
		d = &im->deeds[at];
		if (d->uidvalidity != im->selected.uidvalidity ||
		    d->uid == last)
			continue;
		if (!uid_set_add(set, d->uid))
			break;
		last = d->uid;
	}
	return at;
}

static enum imap_word
ask_deed(struct imap *im, uint8_t question, const struct uid_set *set,
    const char *target)
{
	const uint64_t bytes = set->count * DEED_ITEM_BYTES;
	struct frame *f = imap_session_begin(&im->session,
	    (enum imap_question)question, (struct imap_measure){bytes, bytes});

	uid_set_put(f, set);
	if (question == IMAP_ASK_MOVE)
		frame_put_string(f, target);
	return imap_session_order(&im->session);
}

/* Keeps the first failure. */
static void
note(const struct imap *im, size_t folder, struct err *err)
{
	if (err->code != ERR_NONE)
		return;
	*err = im->session.why;
	err_prefix(err, "%s", im->folders[folder].locator);
}

/* Does the first deeds of a group, and moves *at behind them.  Returns 0, or
 * -1 when the session is over. */
static int
do_some(struct source *s, size_t *at, size_t end, struct err *err)
{
	struct imap *im = s->state;
	const size_t folder = im->deeds[*at].folder;
	struct uid_set set = {.n = 0};
	enum imap_word word = imap_select(s, folder);
	const char *target;
	uint8_t question = question_for(s, &im->deeds[*at], &target);
	size_t next = end;

	if (word == IMAP_LOST)
		return -1;
	if (word == IMAP_DONE && !im->selected.is_writable) {
		err_set(&im->session.why, ERR_REFUSED,
		    "the server lets the folder only be read");
		word = IMAP_FAILED;
	} else if (word == IMAP_DONE) {
		next = fill_set(im, *at, end, &set);
		if (set.count > 0)
			word = ask_deed(im, question, &set, target);
	}
	if (word == IMAP_LOST)
		return 0;
	if (word == IMAP_FAILED)
		note(im, folder, err);
	else
		imap_session_got(&im->session);
	*at = next;
	return 0;
}

int
imap_do_deeds(struct source *s, struct err *err)
{
	struct imap *im = s->state;
	struct err first = {0};
	const char *target;
	size_t at = 0, end;

	if (im->ndeeds > 0)
		qsort(
		    im->deeds, im->ndeeds, sizeof(im->deeds[0]), compare_deeds);
	while (at < im->ndeeds) {
		end = group_end(im, at);
		if (question_for(s, &im->deeds[at], &target) == 0) {
			at = end;
		} else if (do_some(s, &at, end, &first) == -1) {
			*err = im->session.why;
			return err_prefix(err, "%s", s->name);
		}
	}
	im->ndeeds = 0;
	if (first.code == ERR_NONE)
		return 0;
	*err = first;
	return -1;
}

int
imap_sync(struct source *s, struct err *err)
{
	struct imap *im = s->state;

	im->deeds_due = im->session.asked != 0;
	return im->deeds_due ? 0 : imap_do_deeds(s, err);
}
