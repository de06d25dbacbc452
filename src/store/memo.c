/* SPDX-License-Identifier: ISC */

/*
 * A bounded cache from texts to numbers.  Ingest meets the same few domains,
 * reporters and policies again and again, and asking the database costs
 * thirty times as much.  Every text has one slot, and a new one takes it
 * over: so neither the memory nor the time depends on what strangers write.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "store/private.h"

#define SLOTS 4096

struct entry {
	uint64_t hash;
	int64_t id;
	size_t len;
	char text[];
};

struct memo {
	size_t longest;
	struct entry *slots[SLOTS];
};

struct memo *
memo_new(size_t longest)
{
	struct memo *m = xcalloc(1, sizeof(*m));

	m->longest = longest;
	return m;
}

void
memo_clear(struct memo *m)
{
	size_t i;

	if (m == NULL)
		return;
	for (i = 0; i < SLOTS; i++) {
		free(m->slots[i]);
		m->slots[i] = NULL;
	}
}

void
memo_free(struct memo *m)
{
	memo_clear(m);
	free(m);
}

/* Multiplies and folds eight bytes at a time; any spread will do here, since
 * a clash costs no more than a look into the database. */
static uint64_t
hash(struct span text)
{
	uint64_t h = text.len, word;
	size_t at, n;

	for (at = 0; at < text.len; at += n) {
		n = text.len - at < sizeof(word) ? text.len - at : sizeof(word);
		word = 0;
		memcpy(&word, text.p + at, n);
		h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 32;
	}
	return h;
}

int64_t
memo_get(const struct memo *m, struct span text)
{
	uint64_t h = hash(text);
	const struct entry *e = m->slots[h % SLOTS];

	if (e == NULL || e->hash != h || e->len != text.len ||
	    memcmp(e->text, text.p, text.len) != 0)
		return 0;
	return e->id;
}

void
memo_put(struct memo *m, struct span text, int64_t id)
{
	uint64_t h = hash(text);
	struct entry *e;

	if (text.len > m->longest)
		return;
	e = xmalloc(sizeof(*e) + text.len);
	e->hash = h;
	e->id = id;
	e->len = text.len;
	memcpy(e->text, text.p, text.len);
	free(m->slots[h % SLOTS]);
	m->slots[h % SLOTS] = e;
}
