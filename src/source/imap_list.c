/* SPDX-License-Identifier: ISC */

/*
 * The list of a folder's messages.  What is asked about lies close together,
 * behind those that are done, so that a look from the first one that is not
 * done stays short also in a folder of a million messages.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "source/imap_list.h"

void
imap_list_reset(struct imap_list *list)
{
	list->n = list->first = list->nasked = 0;
	memset(list->counts, 0, sizeof(list->counts));
}

void
imap_list_free(struct imap_list *list)
{
	free(list->entries);
	memset(list, 0, sizeof(*list));
}

struct imap_entry *
imap_list_add(struct imap_list *list, uint32_t uid)
{
	struct imap_entry *entry;

	if (list->n == list->size) {
		list->size = list->size * 2 + 256;
		list->entries = xreallocarray(
		    list->entries, list->size, sizeof(list->entries[0]));
	}
	entry = &list->entries[list->n++];
	*entry = (struct imap_entry){.uid = uid, .state = ENTRY_NEW};
	list->counts[ENTRY_NEW]++;
	return entry;
}

void
imap_list_set(
    struct imap_list *list, struct imap_entry *entry, enum entry_state state)
{
	list->counts[entry->state]--;
	list->counts[state]++;
	entry->state = (uint8_t)state;
	while (list->first < list->n &&
	    list->entries[list->first].state == ENTRY_DONE)
		list->first++;
}

struct imap_entry *
imap_list_first(struct imap_list *list, enum entry_state state)
{
	size_t i;

	if (list->counts[state] == 0)
		return NULL;
	for (i = list->first; list->entries[i].state != state; i++)
		;
	return &list->entries[i];
}

static uint32_t
size_of(const struct imap_entry *entry, const struct imap_share *share)
{
	return entry->bytes == 0 ? share->unknown : entry->bytes;
}

uint64_t
imap_list_ask(struct imap_list *list, enum entry_state state,
    const struct imap_share *share, struct uid_set *set)
{
	struct imap_entry *entry = imap_list_first(list, state);
	const struct imap_entry *end = list->entries + list->n;
	size_t left = list->counts[state];
	uint64_t sum = 0, bytes;

	for (; left > 0 && entry < end; entry++) {
		if (entry->state != state)
			continue;
		bytes = size_of(entry, share);
		if (set->count > 0 &&
		    (entry->asks_alone || set->count >= share->messages ||
			sum + bytes > share->bytes))
			break;
		if (!uid_set_add(set, entry->uid))
			break;
		entry->is_asked = true;
		list->nasked++;
		sum += bytes;
		left--;
		if (entry->asks_alone)
			break;
	}
	return sum;
}

static int
compare_uid(const void *key, const void *member)
{
	const uint32_t uid = *(const uint32_t *)key;
	const struct imap_entry *entry = member;

	return uid < entry->uid ? -1 : uid > entry->uid;
}

static struct imap_entry *
find(const struct imap_list *list, uint32_t uid)
{
	if (list->n == 0)
		return NULL;
	return bsearch(&uid, list->entries, list->n, sizeof(list->entries[0]),
	    compare_uid);
}

bool
imap_list_has(const struct imap_list *list, uint32_t uid)
{
	return find(list, uid) != NULL;
}

struct imap_entry *
imap_list_answered(struct imap_list *list, uint32_t uid)
{
	struct imap_entry *entry = find(list, uid);

	if (entry == NULL || !entry->is_asked)
		return NULL;
	entry->is_asked = false;
	list->nasked--;
	return entry;
}

void
imap_list_rest(struct imap_list *list,
    void (*take)(void *arg, struct imap_entry *entry), void *arg)
{
	struct imap_entry *entry;
	size_t i;

	for (i = list->first; list->nasked > 0; i++) {
		entry = &list->entries[i];
		if (!entry->is_asked)
			continue;
		entry->is_asked = false;
		list->nasked--;
		if (take != NULL)
			take(arg, entry);
	}
}

size_t
imap_list_left(const struct imap_list *list)
{
	return list->n - list->counts[ENTRY_DONE];
}
