/* SPDX-License-Identifier: ISC */

/*
 * Messages, fetched in sets and passed on as they come: libetpan hands over
 * pieces of a body as they arrive, and what else it knows of a message when
 * the message's part of the answer ends.
 */

#include "config.h"

#include <string.h>

#include "imap/etpan.h"

/* What an item of a FETCH answer says. */
struct item {
	uint32_t uid;
	bool has_size;
	uint32_t size;
};

struct mailimap_set *
session_set(const struct uid_set *set)
{
	struct mailimap_set *out = mailimap_set_new_empty();
	size_t i;

	for (i = 0; out != NULL && i < set->n; i++)
		if (mailimap_set_add_interval(out, set->ranges[i].first,
			set->ranges[i].last) != MAILIMAP_NO_ERROR) {
			mailimap_set_free(out);
			out = NULL;
		}
	return out;
}

struct mailimap_set *
session_question_set(
    struct frame *question, struct uid_set *uids, struct err *err)
{
	struct mailimap_set *set;

	uid_set_get(question, uids);
	if (!session_understands(question, err))
		return NULL;
	set = session_set(uids);
	if (set == NULL)
		err_set(err, ERR_TEMPORARY, "no memory for a set of messages");
	return set;
}

/* Sends what has gathered in the frame, and begins another. */
static void
flush_frame(struct session *s)
{
	if (s->frame->fields.len > 0)
		session_send(s);
	frame_begin(s->frame, s->frame->kind);
}

static void
flush_body(struct session *s)
{
	flush_frame(s);
	s->in_pieces = true;
	if (s->nbody > 0)
		session_send_bytes(s, IMAP_SAY_BYTES, s->body, s->nbody);
	s->nbody = 0;
}

/* Takes a piece of a body. */
static void
add_body(struct session *s, const char *p, size_t len)
{
	size_t part;

	s->has_body = s->has_body || len > 0;
	for (; len > 0; p += part, len -= part) {
		if (s->nbody == sizeof(s->body))
			flush_body(s);
		part = sizeof(s->body) - s->nbody;
		if (part > len)
			part = len;
		memcpy(s->body + s->nbody, p, part);
		s->nbody += part;
	}
}

static bool
take_body(int type, struct mailimap_msg_att_body_section *section,
    const char *p, size_t len, void *context)
{
	(void)type;
	(void)section;
	add_body(context, p, len);
	return true;
}

static void
read_static(struct session *s, const struct mailimap_msg_att_static *att,
    struct item *item)
{
	const struct mailimap_msg_att_body_section *body;

	switch (att->att_type) {
	case MAILIMAP_MSG_ATT_UID:
		item->uid = att->att_data.att_uid;
		break;
	case MAILIMAP_MSG_ATT_RFC822_SIZE:
		item->size = att->att_data.att_rfc822_size;
		item->has_size = true;
		break;
	case MAILIMAP_MSG_ATT_BODY_SECTION:
		/* One that came as a quoted string, or NIL. */
		body = att->att_data.att_body_section;
		if (body != NULL && body->sec_body_part != NULL)
			add_body(s, body->sec_body_part, body->sec_length);
		break;
	default:
		break;
	}
}

static struct item
read_item(struct session *s, const struct mailimap_msg_att *att)
{
	const struct mailimap_msg_att_item *part;
	struct item item = {0};
	const clistiter *at;

	for (at = clist_begin(att->att_list); at != NULL; at = clist_next(at)) {
		part = clist_content(at);
		if (part->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC &&
		    part->att_data.att_static != NULL)
			read_static(s, part->att_data.att_static, &item);
	}
	return item;
}

/* Reports are small: so many in a frame save most of the switches between two
 * processes. */
#define GATHERED_BYTES (FRAME_BYTES_MAX / 2)

static void
put_item(struct session *s, const struct item *item)
{
	frame_put_u32(s->frame, item->uid);
	frame_put_u32(s->frame, item->size);
}

static void
send_last_piece(struct session *s, const struct item *item)
{
	frame_begin(s->frame, IMAP_SAY_MESSAGE);
	put_item(s, item);
	frame_put_rest(s->frame, s->body, s->nbody);
	session_send(s);
	frame_begin(s->frame, IMAP_SAY_MESSAGES);
}

static void
gather_message(struct session *s, const struct item *item)
{
	if (s->frame->fields.len + s->nbody > GATHERED_BYTES)
		flush_frame(s);
	put_item(s, item);
	frame_put_bytes(s->frame, s->body, s->nbody);
}

static void
forget_body(struct session *s)
{
	s->has_body = s->in_pieces = false;
	s->nbody = 0;
}

/* An item that came with a body.  One without is news of another client's
 * doings; and a message that is taken away while it is fetched comes with an
 * empty one, or NIL, from some servers. */
static void
take_message(struct mailimap_msg_att *att, void *context)
{
	struct session *s = context;
	struct item item = read_item(s, att);

	if (!s->has_body || s->is_odd)
		return;
	if (!uid_set_has(s->asked, item.uid)) {
		s->is_odd = true;
		return;
	}
	if (s->in_pieces)
		send_last_piece(s, &item);
	else
		gather_message(s, &item);
	forget_body(s);
}

static void
take_size(struct mailimap_msg_att *att, void *context)
{
	struct session *s = context;
	struct item item = read_item(s, att);

	forget_body(s);
	if (!item.has_size || !uid_set_has(s->asked, item.uid))
		return;
	if (s->frame->fields.len + 2 * sizeof(uint32_t) >= FRAME_BYTES_MAX)
		flush_frame(s);
	frame_put_u32(s->frame, item.uid);
	frame_put_u32(s->frame, item.size);
}

/* libetpan asks neither of its handlers unless there is somebody to be told of
 * progress. */
static void
ignore_progress(size_t current, size_t maximum, void *context)
{
	(void)current;
	(void)maximum;
	(void)context;
}

/* Asks for the items of the messages, and frees type. */
static enum verdict
fetch(struct session *s, struct frame *question,
    struct mailimap_fetch_type *type, mailimap_msg_att_handler *handler,
    struct err *err)
{
	const bool sizes = handler == take_size;
	clist *result = NULL;
	struct mailimap_set *set;
	struct uid_set uids;
	enum verdict v;

	set = session_question_set(question, &uids, err);
	if (set == NULL) {
		mailimap_fetch_type_free(type);
		return VERDICT_BROKEN;
	}
	s->asked = &uids;
	s->is_odd = false;
	forget_body(s);
	frame_begin(s->frame, sizes ? IMAP_SAY_SIZES : IMAP_SAY_MESSAGES);
	mailimap_set_progress_callback(
	    s->imap, ignore_progress, ignore_progress, s);
	mailimap_set_msg_att_handler(s->imap, handler, s);
	mailimap_set_msg_body_handler(s->imap, take_body, s);
	v = session_verdict(s, mailimap_uid_fetch(s->imap, set, type, &result),
	    "UID FETCH", err);
	mailimap_set_msg_body_handler(s->imap, NULL, NULL);
	mailimap_set_msg_att_handler(s->imap, NULL, NULL);
	/* On a NO, libetpan has freed what it leaves in result. */
	if (v == VERDICT_DONE && result != NULL)
		mailimap_fetch_list_free(result);
	mailimap_fetch_type_free(type);
	mailimap_set_free(set);
	s->asked = NULL;
	flush_frame(s);
	/* No, for some are gone: the others came. */
	if (v == VERDICT_FAILED && session_has_code(s, "EXPUNGEISSUED"))
		v = VERDICT_DONE;
	if (!s->is_odd || v == VERDICT_LOST)
		return v;
	err_set(err, ERR_UNAVAILABLE,
	    "the server sent a message that it was not asked for");
	return VERDICT_BROKEN;
}

static struct mailimap_fetch_type *
new_type(struct mailimap_fetch_att *first, struct mailimap_fetch_att *second,
    struct mailimap_fetch_att *third)
{
	struct mailimap_fetch_type *type =
	    mailimap_fetch_type_new_fetch_att_list_empty();

	mailimap_fetch_type_new_fetch_att_list_add(type, first);
	mailimap_fetch_type_new_fetch_att_list_add(type, second);
	if (third != NULL)
		mailimap_fetch_type_new_fetch_att_list_add(type, third);
	return type;
}

static struct mailimap_fetch_type *
new_size_type(void)
{
	return new_type(mailimap_fetch_att_new_uid(),
	    mailimap_fetch_att_new_rfc822_size(), NULL);
}

enum verdict
session_sizes(struct session *s, struct frame *question, struct err *err)
{
	return fetch(s, question, new_size_type(), take_size, err);
}

static struct mailimap_fetch_att *
new_head(void)
{
	static const char *const names[] = IMAP_HEAD_FIELDS;
	clist *list = clist_new();
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		clist_append(list, strdup(names[i]));
	return mailimap_fetch_att_new_body_peek_section(
	    mailimap_section_new_header_fields(mailimap_header_list_new(list)));
}

enum verdict
session_heads(struct session *s, struct frame *question, struct err *err)
{
	return fetch(s, question,
	    new_type(mailimap_fetch_att_new_uid(),
		mailimap_fetch_att_new_rfc822_size(), new_head()),
	    take_message, err);
}

enum verdict
session_fetch(struct session *s, struct frame *question, struct err *err)
{
	return fetch(s, question,
	    new_type(mailimap_fetch_att_new_uid(),
		mailimap_fetch_att_new_body_peek_section(
		    mailimap_section_new(NULL)),
		NULL),
	    take_message, err);
}
