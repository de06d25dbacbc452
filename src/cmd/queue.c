/* SPDX-License-Identifier: ISC */

/*
 * The queue through the jail.  Of a message that a decoder works on, only the
 * key and the place are kept here.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "cmd/queue.h"

/* More than the jail takes before it is full, with some that are not for
 * it. */
#define QUEUE_MESSAGES 2000

struct entry {
	char *key; /* allocated; locator stands behind its NUL */
	const char *locator;
	bool is_asked;	      /* the jail has it */
	enum fault_kind kind; /* else, with a reason: a fault; */
	const char *reason;   /* NULL: foreign */
};

struct queue {
	struct jail *jail;
	const unsigned char *key;
	struct entry entries[QUEUE_MESSAGES]; /* a ring */
	size_t first;
	size_t n;
};

struct queue *
queue_new(struct jail *jail, const unsigned char *key)
{
	struct queue *q = xcalloc(1, sizeof(*q));

	q->jail = jail;
	q->key = key;
	return q;
}

void
queue_free(struct queue *q)
{
	if (q == NULL)
		return;
	queue_clear(q);
	free(q);
}

/* True if nothing in the message is for a decoder; *e is what it is then. */
static bool
is_judged(const struct message *m, struct entry *e)
{
	if (m->oversize) {
		e->kind = FAULT_BOUND;
		e->reason = "the message is over the bound message_bytes";
	} else if (m->several) {
		e->kind = FAULT_UNUSABLE;
		e->reason =
		    "several messages at once: an mbox is read as a file";
	}
	return m->foreign || m->oversize || m->several;
}

int
queue_put(struct queue *q, const struct message *m, const char *authserv_id,
    struct err *err)
{
	const struct jail_input in = {.bytes = m->bytes,
	    .len = m->len,
	    .name = m->name,
	    .received = m->received,
	    .authserv_id = authserv_id,
	    .key = q->key};
	struct entry *e = &q->entries[(q->first + q->n) % QUEUE_MESSAGES];
	size_t key = strlen(m->key) + 1, locator = strlen(m->locator) + 1;

	*e = (struct entry){.key = xmalloc(key + locator)};
	memcpy(e->key, m->key, key);
	e->locator = memcpy(e->key + key, m->locator, locator);
	q->n++;
	if (is_judged(m, e))
		return 0;
	e->is_asked = true;
	return jail_ask(q->jail, &in, err);
}

/* Puts into d what was judged here. */
static void
set_judged(const struct entry *e, struct arena *arena, struct decoded *d)
{
	*d = (struct decoded){.arena = arena};
	if (e->reason == NULL)
		return;
	d->faults = arena_calloc(arena, 1, sizeof(*d->faults));
	d->faults[0] = (struct fault){e->kind, e->reason};
	d->nfaults = 1;
}

/* Forgets the first. */
static void
drop(struct queue *q)
{
	free(q->entries[q->first].key);
	q->first = (q->first + 1) % QUEUE_MESSAGES;
	q->n--;
}

int
queue_take(
    struct queue *q, struct arena *arena, struct queued *out, struct err *err)
{
	const struct entry *e = &q->entries[q->first];

	if (!e->is_asked)
		set_judged(e, arena, &out->decoded);
	else if (jail_answer(q->jail, arena, &out->decoded, err) == -1)
		return -1;
	out->key = arena_strdup(arena, e->key);
	out->locator = arena_strdup(arena, e->locator);
	drop(q);
	return 0;
}

bool
queue_is_empty(const struct queue *q)
{
	return q->n == 0;
}

bool
queue_is_full(const struct queue *q)
{
	return q->n == QUEUE_MESSAGES || jail_is_full(q->jail);
}

void
queue_clear(struct queue *q)
{
	struct arena *arena = arena_new(4096);
	struct queued out;
	struct err err;

	while (q->n > 0) {
		if (queue_take(q, arena, &out, &err) == -1)
			drop(q);
		arena_reset(arena);
	}
	arena_free(arena);
}
