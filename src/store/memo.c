/* SPDX-License-Identifier: ISC */

/*
 * A bounded cache from texts to numbers.  Ingest meets the same few domains,
 * reporters and policies again and again, and asking the database costs
 * thirty times as much.  Every text has two slots, and a new one drives out
 * the older there: so neither the memory nor the time depends on what strangers
 * write, and two texts that come in turn do not drive each other out.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "store/private.h"

#define SLOT_BITS 12
#define SLOTS	  (1 << SLOT_BITS)

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

static uint64_t
mix(uint64_t h)
{
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 32;
}

/* Eight bytes at a time; any spread will do here, since a clash costs no more
 * than a look into the database. */
static uint64_t
hash(struct span text)
{
	uint64_t h = text.len, word;
	const char *p = text.p, *end = text.p + text.len;

	for (; end - p >= (ptrdiff_t)sizeof(word); p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		h = mix(h ^ word);
	}
	for (word = 0; p < end; p++)
		word = word << 8 | (unsigned char)*p;
	return mix(h ^ word);
}

/* Returns the first of the two slots of a hash, of which the highest bits are
 * the best. */
static size_t
slot_of(uint64_t h)
{
	return h >> (64 - SLOT_BITS) & ~(size_t)1;
}

int64_t
memo_get(const struct memo *m, struct span text)
{
	uint64_t h = hash(text);
	struct entry *const *slot = &m->slots[slot_of(h)], *e;
	size_t i;

	for (i = 0; i < 2 && slot[i] != NULL; i++) {
		e = slot[i];
		if (e->hash == h && e->len == text.len &&
		    memcmp(e->text, text.p, text.len) == 0)
			return e->id;
	}
	return 0;
}

void
memo_put(struct memo *m, struct span text, int64_t id)
{
	uint64_t h = hash(text);
	struct entry **slot = &m->slots[slot_of(h)], *e;

	if (text.len > m->longest)
		return;
	e = xmalloc(sizeof(*e) + text.len);
	e->hash = h;
	e->id = id;
	e->len = text.len;
	memcpy(e->text, text.p, text.len);
	free(slot[1]);
	slot[1] = slot[0];
	slot[0] = e;
}
