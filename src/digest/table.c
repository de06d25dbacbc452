/* SPDX-License-Identifier: ISC */

/*
 * The hash table under all sums of the digest.  It takes every row of a
 * store, so it compares addresses and small numbers and never text; that is
 * left to one sort in the end, over what is then far fewer records.  Keys
 * are chosen by our own memory and dates, not by a stranger, so the hash has
 * no secret.
 */

#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "digest/table.h"

#define SLOTS_MIN 64

struct slot {
	uint32_t hash;
	uint32_t index; /* of the record, plus 1; 0 for an empty slot */
};

void
table_init(struct table *t, size_t key_size, size_t item_size)
{
	if (key_size % sizeof(uint32_t) != 0)
		die("digest: a key of %zu bytes", key_size);
	*t = (struct table){.key_size = key_size, .item_size = item_size};
}

void
table_free(struct table *t)
{
	free(t->items);
	free(t->slots);
	table_init(t, t->key_size, t->item_size);
}

static uint64_t
mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 32;
}

static uint32_t
hash_key(const char *key, size_t size)
{
	uint64_t h = size, word;
	uint32_t half;
	size_t at;

	for (at = 0; at + sizeof(word) <= size; at += sizeof(word)) {
		memcpy(&word, key + at, sizeof(word));
		h = mix(h, word);
	}
	/* Where an address has four bytes. */
	if (at < size) {
		memcpy(&half, key + at, sizeof(half));
		h = mix(h, half);
	}
	return (uint32_t)h;
}

/* Keys are of two to six words: a call of memcmp takes longer. */
static bool
is_same(const char *a, const char *b, size_t size)
{
	uint64_t x, y;
	size_t at;

	for (at = 0; at + sizeof(x) <= size; at += sizeof(x)) {
		memcpy(&x, a + at, sizeof(x));
		memcpy(&y, b + at, sizeof(y));
		if (x != y)
			return false;
	}
	return at == size || memcmp(a + at, b + at, size - at) == 0;
}

static char *
item_at(const struct table *t, size_t i)
{
	return t->items + i * t->item_size;
}

/* Returns the slot that holds the key, or the empty one where it belongs. */
static struct slot *
find_slot(const struct table *t, const void *key, uint32_t hash)
{
	size_t mask = t->nslots - 1, i = hash & mask;

	for (; t->slots[i].index != 0; i = (i + 1) & mask)
		if (t->slots[i].hash == hash &&
		    is_same(
			item_at(t, t->slots[i].index - 1), key, t->key_size))
			break;
	return &t->slots[i];
}

/* Doubles the slots, which are at most half full. */
static void
grow_slots(struct table *t)
{
	struct slot *old = t->slots;
	size_t nold = t->nslots, mask, i, j;

	t->nslots = nold == 0 ? SLOTS_MIN : 2 * nold;
	t->slots = xcalloc(t->nslots, sizeof(*t->slots));
	mask = t->nslots - 1;
	for (i = 0; i < nold; i++) {
		if (old[i].index == 0)
			continue;
		j = old[i].hash & mask;
		while (t->slots[j].index != 0)
			j = (j + 1) & mask;
		t->slots[j] = old[i];
	}
	free(old);
}

void *
table_add(struct table *t, const void *key)
{
	uint32_t hash = hash_key(key, t->key_size);
	struct slot *slot;
	char *item;

	if (2 * t->n >= t->nslots)
		grow_slots(t);
	slot = find_slot(t, key, hash);
	if (slot->index != 0)
		return item_at(t, slot->index - 1);
	if (t->n == INT32_MAX)
		die("digest: too many different keys");
	if (t->n == t->room) {
		t->room = t->room == 0 ? SLOTS_MIN : 2 * t->room;
		t->items = xreallocarray(t->items, t->room, t->item_size);
	}
	item = item_at(t, t->n++);
	memcpy(item, key, t->key_size);
	memset(item + t->key_size, 0, t->item_size - t->key_size);
	*slot = (struct slot){hash, (uint32_t)t->n};
	return item;
}

void *
table_find(const struct table *t, const void *key)
{
	const struct slot *slot;

	if (t->n == 0)
		return NULL;
	slot = find_slot(t, key, hash_key(key, t->key_size));
	return slot->index == 0 ? NULL : item_at(t, slot->index - 1);
}

void
table_sort(struct table *t, int (*cmp)(const void *, const void *))
{
	free(t->slots);
	t->slots = NULL;
	t->nslots = 0;
	if (t->n > 1)
		qsort(t->items, t->n, t->item_size, cmp);
}

size_t
table_lower_bound(const struct table *t, const void *item,
    int (*cmp)(const void *, const void *))
{
	size_t low = 0, high = t->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (cmp(item_at(t, mid), item) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}
