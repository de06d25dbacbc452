/* SPDX-License-Identifier: ISC */

/*
 * An IMAP account as a source: opening it, its folders, and closing it.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/span.h"
#include "source/imap_private.h"
#include "source/utf7.h"

#define INBOX "INBOX"

bool
imap_disposes(const struct source *s)
{
	return s->config.dispose != DISPOSE_KEEP || s->sets_aside;
}

/* A folder's name as on the wire; NULL with err set if it is none. */
static const char *
wire_name(struct imap *im, const char *name, struct err *err)
{
	struct buf coded = {.cap = SIZE_MAX - 1};
	const char *wire;

	if (utf7_check(name, err) == -1)
		return NULL;
	utf7_put(&coded, name);
	wire = arena_strndup(im->arena, coded.data, coded.len);
	buf_free(&coded);
	return wire;
}

static const char *
usual_name(const char *name)
{
	return span_is(span_of(name), INBOX) ? INBOX : name;
}

static bool
has_folder(const struct imap *im, const char *name)
{
	size_t i;

	for (i = 0; i < im->nfolders; i++)
		if (strcmp(im->folders[i].name, name) == 0)
			return true;
	return false;
}

/* Strangers write to the inbox, so much of it may be other mail; a folder
 * of its own was made for reports. */
static enum imap_candidates
candidates_of(const struct source *s, const char *name)
{
	enum imap_candidates want = s->config.imap->candidates;

	if (s->config.is_candidate == NULL)
		return IMAP_CANDIDATES_ALL;
	if (want != IMAP_CANDIDATES_DEFAULT)
		return want;
	return strcmp(name, INBOX) == 0 ? IMAP_CANDIDATES_LIKELY
					: IMAP_CANDIDATES_ALL;
}

static int
add_folder(struct source *s, const char *given, struct err *err)
{
	struct imap *im = s->state;
	const char *name = usual_name(given);
	struct imap_folder *f = &im->folders[im->nfolders];

	if (has_folder(im, name))
		return 0;
	f->wire = wire_name(im, name, err);
	if (f->wire == NULL)
		return -1;
	f->name = arena_strdup(im->arena, name);
	f->locator = arena_printf(im->arena, "%s/%s", s->name, name);
	f->candidates = candidates_of(s, name);
	im->nfolders++;
	return 0;
}

static int
add_folders(struct source *s, struct err *err)
{
	struct imap *im = s->state;
	size_t i, n = s->config.nfolders;

	im->folders =
	    arena_calloc(im->arena, n > 0 ? n : 1, sizeof(im->folders[0]));
	if (n == 0)
		return add_folder(s, INBOX, err);
	for (i = 0; i < n; i++)
		if (add_folder(s, s->config.folders[i], err) == -1)
			return -1;
	return 0;
}

/* The folders that messages are moved to. */
static int
set_targets(struct source *s, struct err *err)
{
	struct imap *im = s->state;
	const char *rejects = s->config.imap->rejects_folder;

	im->target = im->rejects = "";
	if (s->config.dispose == DISPOSE_MOVE) {
		im->target =
		    wire_name(im, usual_name(s->config.dispose_folder), err);
		if (im->target == NULL)
			return -1;
	}
	if (rejects[0] != '\0') {
		im->rejects = wire_name(im, usual_name(rejects), err);
		if (im->rejects == NULL)
			return -1;
		s->sets_aside = true;
	}
	return 0;
}

/* What the session needs when it starts another helper. */
static void
copy_account(struct imap *im, const struct account *given)
{
	struct account a = *given;

	a.host = arena_strdup(im->arena, given->host);
	a.user = arena_strdup(im->arena, given->user);
	a.password_command = arena_strdup(im->arena, given->password_command);
	a.password_file = arena_strdup(im->arena, given->password_file);
	a.token_command = arena_strdup(im->arena, given->token_command);
	a.ca_file = arena_strdup(im->arena, given->ca_file);
	a.fingerprint = arena_strdup(im->arena, given->fingerprint);
	imap_session_init(&im->session, &a);
}

/* Better said now than after the first batch. */
static int
check_abilities(const struct source *s, struct err *err)
{
	const struct imap *im = s->state;
	const bool moves = im->target[0] != '\0' || im->rejects[0] != '\0';

	if (moves && !im->session.can_move)
		return err_set(err, ERR_USAGE,
		    "the server cannot move single messages (it has neither "
		    "MOVE nor UIDPLUS), so reports cannot be moved, nor "
		    "rejects be put into a folder");
	if (s->config.dispose == DISPOSE_DELETE && !im->session.can_delete)
		return err_set(err, ERR_USAGE,
		    "the server cannot delete single messages (it has no "
		    "UIDPLUS); mark or keep them");
	return 0;
}

static int
imap_open(struct source *s, struct err *err)
{
	const struct imap_config *config = s->config.imap;
	struct imap *im = xcalloc(1, sizeof(*im));

	s->state = im;
	im->arena = arena_new(4096);
	im->batch = config->batch;
	im->selected.folder = FOLDER_NONE;
	im->bytes.cap = s->config.limits->message_bytes;
	copy_account(im, &config->account);
	if (imap_config_check(config, err) == -1 || add_folders(s, err) == -1 ||
	    set_targets(s, err) == -1)
		return err_prefix(err, "%s", s->name);
	s->config.imap = NULL;
	if (imap_session_connect(&im->session) == -1) {
		*err = im->session.why;
		return err_prefix(err, "%s", s->name);
	}
	if (check_abilities(s, err) == -1)
		return err_prefix(err, "%s", s->name);
	return 0;
}

static enum imap_word
hear_folder(struct imap *im, size_t folder)
{
	struct imap_session *session = &im->session;
	struct imap_selected got = {.folder = folder};
	enum imap_word word = imap_session_hear(session);

	if (word != IMAP_NEWS)
		return word == IMAP_DONE ? imap_session_nonsense(session)
					 : word;
	got.uidvalidity = frame_get_u32(session->in);
	got.messages = frame_get_u32(session->in);
	got.is_writable = frame_get_bool(session->in);
	got.uidnext = frame_get_u32(session->in);
	if (session->in->kind != IMAP_SAY_FOLDER ||
	    !frame_is_whole(session->in) || got.uidvalidity == 0)
		return imap_session_nonsense(session);
	word = imap_session_hear(session);
	if (word == IMAP_NEWS)
		return imap_session_nonsense(session);
	if (word == IMAP_DONE)
		im->selected = got;
	return word;
}

static enum imap_word
ask_folder(struct source *s, enum imap_question question, size_t folder)
{
	struct imap *im = s->state;
	struct frame *f = imap_session_begin(
	    &im->session, question, (struct imap_measure){0});

	frame_put_u8(f, imap_disposes(s));
	frame_put_string(f, im->folders[folder].wire);
	if (imap_session_ask(&im->session) == -1)
		return IMAP_LOST;
	return hear_folder(im, folder);
}

/* Asks for folder and small messages at once.  However that fails, it is as
 * good as a loss: the next question is for the folder alone. */
static enum imap_word
ask_ahead(struct source *s)
{
	struct imap *im = s->state;
	enum imap_word word = ask_folder(s, IMAP_ASK_AHEAD, im->current);

	im->is_ahead = word == IMAP_DONE;
	im->asks_apart = word != IMAP_DONE;
	return word == IMAP_DONE ? IMAP_DONE : IMAP_LOST;
}

static enum imap_word
do_select(struct source *s, size_t folder, bool may_be_ahead)
{
	struct imap *im = s->state;
	enum imap_word word = IMAP_LOST;

	while (word == IMAP_LOST) {
		if (!im->session.connected)
			im->selected.folder = FOLDER_NONE;
		if (imap_session_connect(&im->session) == -1)
			return IMAP_LOST;
		if (im->selected.folder == folder)
			return IMAP_DONE;
		im->selected.folder = FOLDER_NONE;
		if (may_be_ahead && imap_asks_ahead(s))
			word = ask_ahead(s);
		else
			word = ask_folder(s, IMAP_ASK_FOLDER, folder);
	}
	return word;
}

enum imap_word
imap_select(struct source *s, size_t folder)
{
	return do_select(s, folder, false);
}

enum imap_word
imap_select_current(struct source *s)
{
	const struct imap *im = s->state;

	return do_select(s, im->current, true);
}

static void
imap_close(struct source *s)
{
	struct imap *im = s->state;

	if (im == NULL)
		return;
	imap_session_close(&im->session);
	imap_list_free(&im->list);
	buf_free(&im->bytes);
	buf_free(&im->key);
	buf_free(&im->locator);
	free(im->deeds);
	arena_free(im->arena);
	free(im);
}

const struct source_driver imap_driver = {
    .name = "imap",
    .can_dispose = true,
    .open = imap_open,
    .next = imap_walk_next,
    .finish = imap_finish,
    .set_aside = imap_set_aside,
    .sync = imap_sync,
    .close = imap_close,
};
