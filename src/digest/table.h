/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DIGEST_TABLE_H
#define TLSTALLY_DIGEST_TABLE_H

#include <stddef.h>
#include <stdint.h>

/*
 * A hash table of plain records, each begun by its key.  Keys are compared
 * eight bytes at a time, so they must be of words and hold no padding;
 * strings in them count by their address, which interning makes good.  The
 * records lie one behind the other in items, in the order in which they came.
 */
struct table {
	char *items;
	size_t n;
	size_t key_size;
	size_t item_size;
	size_t room;	    /* items allocated */
	struct slot *slots; /* open addressing; NULL while empty */
	size_t nslots;	    /* a power of two */
};

void table_init(struct table *t, size_t key_size, size_t item_size);
void table_free(struct table *t);

/* Returns the record of that key, which is made, zero behind its key, when
 * there is none.  Good until the next call. */
void *table_add(struct table *t, const void *key);

/* Returns the record of that key, or NULL. */
void *table_find(const struct table *t, const void *key);

/* Sorts the records in their place.  After that table_add and table_find
 * must not be called. */
void table_sort(struct table *t, int (*cmp)(const void *, const void *));

/* Returns the index of the first record of a sorted table that cmp puts not
 * before item; n if there is none. */
size_t table_lower_bound(const struct table *t, const void *item,
    int (*cmp)(const void *, const void *));

#endif
