/* SPDX-License-Identifier: ISC */

/*
 * What becomes of messages that are safe in the store: marked, moved or
 * deleted, these and no others.  A plain EXPUNGE would also take what
 * somebody else has marked; it is never sent.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "imap/etpan.h"

static bool
set_is_empty(const struct mailimap_set *set)
{
	return set == NULL || clist_isempty(set->set_list);
}

/* Adds a flag to the messages. */
static enum verdict
add_flag(struct session *s, struct mailimap_set *set,
    struct mailimap_flag *flag, struct err *err)
{
	struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
	struct mailimap_store_att_flags *store;
	enum verdict v;

	mailimap_flag_list_add(flags, flag);
	store = mailimap_store_att_flags_new_add_flags_silent(flags);
	v = session_verdict(
	    s, mailimap_uid_store(s->imap, set, store), "UID STORE", err);
	mailimap_store_att_flags_free(store);
	return v;
}

enum verdict
session_seen(struct session *s, struct frame *question, struct err *err)
{
	struct mailimap_set *set;
	struct uid_set uids;
	enum verdict v;

	set = session_question_set(question, &uids, err);
	if (set == NULL)
		return VERDICT_BROKEN;
	v = add_flag(s, set, mailimap_flag_new_seen(), err);
	mailimap_set_free(set);
	return v;
}

/* What PERMANENTFLAGS says of \Deleted; a server that does not send it lets all
 * flags be changed (RFC 3501 7.1). */
static bool
may_delete(const struct session *s)
{
	const struct mailimap_selection_info *info =
	    s->imap->imap_selection_info;
	const struct mailimap_flag_perm *perm;
	const clistiter *at;

	if (info == NULL || info->sel_perm_flags == NULL)
		return true;
	for (at = clist_begin(info->sel_perm_flags); at != NULL;
	     at = clist_next(at)) {
		perm = clist_content(at);
		if (perm->fl_flag != NULL &&
		    perm->fl_flag->fl_type == MAILIMAP_FLAG_DELETED)
			return true;
	}
	return false;
}

static enum verdict
refuse_to_delete(struct err *err)
{
	err_set(
	    err, ERR_REFUSED, "the server lets nobody delete in this folder");
	return VERDICT_FAILED;
}

static enum verdict
expunge(struct session *s, struct mailimap_set *set, struct err *err)
{
	enum verdict v = add_flag(s, set, mailimap_flag_new_deleted(), err);

	if (v != VERDICT_DONE)
		return v;
	return session_verdict(
	    s, mailimap_uid_expunge(s->imap, set), "UID EXPUNGE", err);
}

/* Servers say OK to much: what is still there was not done.  One that is
 * gone was moved by us, or taken by somebody else. */
static enum verdict
check_gone(struct session *s, const struct uid_set *uids, const char *what,
    struct err *err)
{
	struct mailimap_search_key *key =
	    mailimap_search_key_new_uid(session_set(uids));
	const clistiter *at;
	clist *left = NULL;
	enum verdict v;
	size_t n = 0;

	v = session_verdict(s, mailimap_uid_search(s->imap, NULL, key, &left),
	    "UID SEARCH", err);
	mailimap_search_key_free(key);
	if (v != VERDICT_DONE || left == NULL)
		return v;
	for (at = clist_begin(left); at != NULL; at = clist_next(at))
		if (uid_set_has(uids, *(const uint32_t *)clist_content(at)))
			n++;
	mailimap_search_result_free(left);
	if (n == 0)
		return v;
	err_set(err, ERR_UNAVAILABLE,
	    "%zu message%s could not be %s, though the server said OK", n,
	    n == 1 ? "" : "s", what);
	return VERDICT_FAILED;
}

enum verdict
session_delete(struct session *s, struct frame *question, struct err *err)
{
	struct mailimap_set *set;
	struct uid_set uids;
	enum verdict v;

	if (!may_delete(s))
		return refuse_to_delete(err);
	set = session_question_set(question, &uids, err);
	if (set == NULL)
		return VERDICT_BROKEN;
	v = expunge(s, set, err);
	mailimap_set_free(set);
	return v == VERDICT_DONE ? check_gone(s, &uids, "deleted", err) : v;
}

/* What is in both, in libetpan's form; NULL if there is no memory. */
static struct mailimap_set *
common(const struct uid_set *uids, const struct mailimap_set *named)
{
	struct mailimap_set *out = mailimap_set_new_empty();
	const struct mailimap_set_item *item;
	const struct uid_range *r;
	const clistiter *at;
	uint32_t first, last;
	size_t i;

	for (i = 0; out != NULL && i < uids->n; i++) {
		r = &uids->ranges[i];
		for (at = clist_begin(named->set_list); at != NULL;
		     at = clist_next(at)) {
			item = clist_content(at);
			first = item->set_first > r->first ? item->set_first
							   : r->first;
			last =
			    item->set_last < r->last ? item->set_last : r->last;
			if (first <= last &&
			    mailimap_set_add_interval(out, first, last) !=
				MAILIMAP_NO_ERROR) {
				mailimap_set_free(out);
				return NULL;
			}
		}
	}
	return out;
}

/* Without MOVE: what COPYUID names has arrived, and of what was asked for only
 * that is deleted. */
static enum verdict
copy(struct session *s, const struct uid_set *uids, struct mailimap_set *set,
    const char *folder, struct err *err)
{
	struct mailimap_set *copied = NULL, *made = NULL, *ours = NULL;
	uint32_t validity = 0;
	enum verdict v;

	v = session_verdict(s,
	    mailimap_uidplus_uid_copy(
		s->imap, set, folder, &validity, &copied, &made),
	    "UID COPY", err);
	if (v != VERDICT_DONE)
		return v;
	if (copied != NULL)
		ours = common(uids, copied);
	if (!set_is_empty(ours))
		v = expunge(s, ours, err);
	if (ours != NULL)
		mailimap_set_free(ours);
	if (copied != NULL)
		mailimap_set_free(copied);
	if (made != NULL)
		mailimap_set_free(made);
	return v;
}

static enum verdict
move(struct session *s, const struct uid_set *uids, struct mailimap_set *set,
    const char *folder, struct err *err)
{
	struct mailimap_set *moved = NULL, *made = NULL;
	uint32_t validity = 0;
	enum verdict v;

	if (mailimap_has_extension(s->imap, "MOVE") == 0)
		return copy(s, uids, set, folder, err);
	v = session_verdict(s,
	    mailimap_uidplus_uid_move(
		s->imap, set, folder, &validity, &moved, &made),
	    "UID MOVE", err);
	if (v != VERDICT_DONE)
		return v;
	if (moved != NULL)
		mailimap_set_free(moved);
	if (made != NULL)
		mailimap_set_free(made);
	return v;
}

/* Makes the folder, for those who look as well.  That it cannot be shown is
 * no failure. */
static enum verdict
make_folder(struct session *s, const char *folder, struct err *err)
{
	enum verdict v;
	struct err later;

	v = session_verdict(s, mailimap_create(s->imap, folder), "CREATE", err);
	if (v != VERDICT_DONE)
		return v;
	v = session_verdict(
	    s, mailimap_subscribe(s->imap, folder), "SUBSCRIBE", &later);
	if (v != VERDICT_DONE && v != VERDICT_FAILED) {
		*err = later;
		return v;
	}
	return VERDICT_DONE;
}

static enum verdict
move_and_check(struct session *s, const struct uid_set *uids,
    const char *folder, struct err *err)
{
	struct mailimap_set *set = session_set(uids);
	struct err refused;
	enum verdict v;

	v = move(s, uids, set, folder, err);
	if (v == VERDICT_FAILED) {
		/* Most likely the folder is not there yet; if it is, it
		 * cannot be made, and the first reason counts. */
		refused = *err;
		v = make_folder(s, folder, err);
		if (v == VERDICT_DONE)
			v = move(s, uids, set, folder, err);
		else if (v == VERDICT_FAILED)
			*err = refused;
	}
	mailimap_set_free(set);
	return v == VERDICT_DONE ? check_gone(s, uids, "moved", err) : v;
}

/* A server without MOVE that copies, and then cannot delete, would fill the
 * folder with all of them at each run: whether it can shows by one. */
enum verdict
session_move(struct session *s, struct frame *question, struct err *err)
{
	struct uid_set uids, one = {.n = 0};
	const char *folder;
	enum verdict v;

	uid_set_get(question, &uids);
	folder = frame_get_string(question);
	if (!session_understands(question, err))
		return VERDICT_BROKEN;
	if (mailimap_has_extension(s->imap, "MOVE") == 0 && !may_delete(s))
		return refuse_to_delete(err);
	if (!s->has_moved && mailimap_has_extension(s->imap, "MOVE") == 0) {
		uid_set_add(&one, uids.ranges[0].first);
		v = move_and_check(s, &one, folder, err);
		if (v != VERDICT_DONE)
			return v;
		s->has_moved = true;
		/* Some servers say NO to a COPY of what is gone. */
		if (uids.count == 1)
			return v;
	}
	return move_and_check(s, &uids, folder, err);
}

enum verdict
session_quit(struct session *s, struct frame *question, struct err *err)
{
	static const char logout[] = "bye LOGOUT\r\n";

	(void)question;
	/* Whatever the server says to that, we go: nobody waits for it. */
	link_write(s->link, logout, sizeof(logout) - 1, err);
	link_free(s->link);
	return VERDICT_DONE;
}
