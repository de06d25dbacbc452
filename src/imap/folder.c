/* SPDX-License-Identifier: ISC */

/*
 * A folder: opened, and what is in it.
 */

#include "config.h"

#include "imap/etpan.h"

/* Messages that one SEARCH is asked about: its answer is a single line, which
 * the guard bounds. */
#define SEARCH_WINDOW 50000u

enum verdict
session_folder(struct session *s, struct frame *question, struct err *err)
{
	bool writable = frame_get_bool(question), read_only;
	const char *name = frame_get_string(question);
	const struct mailimap_selection_info *info;
	enum verdict v;
	int r;

	if (!session_understands(question, err))
		return VERDICT_BROKEN;
	r = writable ? mailimap_select(s->imap, name)
		     : mailimap_examine(s->imap, name);
	v = session_verdict(s, r, "opening the folder", err);
	if (v == VERDICT_FAILED && err->code == ERR_UNAVAILABLE)
		err->code = ERR_NOINPUT;
	if (v != VERDICT_DONE)
		return v;
	info = s->imap->imap_selection_info;
	if (info == NULL || info->sel_uidvalidity == 0) {
		err_set(err, ERR_UNAVAILABLE,
		    "the server does not say UIDVALIDITY");
		return VERDICT_FAILED;
	}
	/* What the tagged answer says of it (RFC 3501 6.3.1). */
	read_only = info->sel_perm == MAILIMAP_MAILBOX_READONLY;
	frame_begin(s->frame, IMAP_SAY_FOLDER);
	frame_put_u32(s->frame, info->sel_uidvalidity);
	frame_put_u32(s->frame, info->sel_exists);
	frame_put_u8(s->frame, writable && !read_only);
	frame_put_u32(s->frame, info->sel_uidnext);
	session_send(s);
	return v;
}

/* The folder cannot be had, and the server has answered so what was sent
 * ahead, or will: that is read away. */
static enum verdict
drop_small(struct session *s, struct err *err)
{
	struct err why;
	enum verdict v =
	    session_verdict(s, mailimap_custom_command(s->imap, SMALL_COMMAND),
		"UID SEARCH", &why);

	if (v == VERDICT_DONE || v == VERDICT_FAILED)
		return VERDICT_FAILED;
	*err = why;
	return v;
}

enum verdict
session_ahead(struct session *s, struct frame *question, struct err *err)
{
	enum verdict v;

	s->follow = SMALL_COMMAND;
	v = session_folder(s, question, err);
	s->follow = NULL;
	if (v == VERDICT_FAILED && s->nahead > 0)
		v = drop_small(s, err);
	return v == VERDICT_BROKEN ? VERDICT_LOST : v;
}

static void
send_uids(struct session *s, const clist *found)
{
	const clistiter *at;
	const uint32_t *uid;

	frame_begin(s->frame, IMAP_SAY_UIDS);
	for (at = clist_begin(found); at != NULL; at = clist_next(at)) {
		if (s->frame->fields.len + sizeof(*uid) >= FRAME_BYTES_MAX) {
			session_send(s);
			frame_begin(s->frame, IMAP_SAY_UIDS);
		}
		uid = clist_content(at);
		frame_put_u32(s->frame, *uid);
	}
	if (s->frame->fields.len > 0)
		session_send(s);
}

/* Sends the UIDs of what the key finds, and frees it. */
static enum verdict
search(struct session *s, struct mailimap_search_key *key, struct err *err)
{
	clist *found = NULL;
	enum verdict v;

	if (key == NULL) {
		err_set(err, ERR_TEMPORARY, "no memory for a search");
		return VERDICT_BROKEN;
	}
	v = session_verdict(s, mailimap_uid_search(s->imap, NULL, key, &found),
	    "UID SEARCH", err);
	mailimap_search_key_free(key);
	if (v != VERDICT_DONE || found == NULL)
		return v;
	send_uids(s, found);
	mailimap_search_result_free(found);
	return v;
}

/* Searches the messages of those numbers. */
static enum verdict
search_window(struct session *s, uint32_t first, uint32_t last, struct err *err)
{
	struct mailimap_set *set = mailimap_set_new_interval(first, last);

	return search(
	    s, set != NULL ? mailimap_search_key_new_set(set) : NULL, err);
}

enum verdict
session_small(struct session *s, struct frame *question, struct err *err)
{
	enum verdict v;

	(void)question;
	v = search(s, mailimap_search_key_new_smaller(IMAP_SMALL_BELOW), err);
	return v == VERDICT_BROKEN ? VERDICT_LOST : v;
}

/* From the last message to the first: should messages go away meanwhile, all
 * numbers behind them become smaller, and what moves into a window below is
 * seen twice there rather than never. */
enum verdict
session_uids(struct session *s, struct frame *question, struct err *err)
{
	const struct mailimap_selection_info *info =
	    s->imap->imap_selection_info;
	enum verdict v = VERDICT_DONE;
	uint32_t first, last;

	(void)question;
	last = info != NULL ? info->sel_exists : 0;
	while (last > 0 && v == VERDICT_DONE) {
		first = last > SEARCH_WINDOW ? last - SEARCH_WINDOW + 1 : 1;
		v = search_window(s, first, last, err);
		last = first - 1;
		info = s->imap->imap_selection_info;
		if (info != NULL && last > info->sel_exists)
			last = info->sel_exists;
	}
	return v;
}
