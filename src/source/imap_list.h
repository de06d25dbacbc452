/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_SOURCE_IMAP_LIST_H
#define TLSTALLY_SOURCE_IMAP_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proc/imap_wire.h"

/*
 * The messages of one folder that are still to be given, and how far each
 * of them is: what it takes to ask only for what is missing after an answer
 * ended early.
 */

enum entry_state {
	ENTRY_NEW,   /* its size, or its head, must be asked for */
	ENTRY_FETCH, /* its body must be */
	ENTRY_LARGE, /* over the limit: is given without */
	ENTRY_DONE,  /* given, vanished or failed */
	ENTRY_STATES
};

struct imap_entry {
	uint32_t uid;
	uint32_t bytes;	 /* as announced; 0: unknown */
	uint8_t state;	 /* enum entry_state */
	bool is_asked;	 /* the question under way is about it */
	bool asks_alone; /* together with others it failed */
};

struct imap_list {
	struct imap_entry *entries; /* by UID */
	size_t n;
	size_t size;
	size_t first;		     /* all before it are done */
	size_t nasked;		     /* entries asked about and not answered */
	size_t counts[ENTRY_STATES]; /* of entries in that state */
};

/* Bounds of one question. */
struct imap_share {
	size_t messages;
	uint64_t bytes;	  /* of announced sizes; one message may have more */
	uint32_t unknown; /* what counts for an unknown size */
};

/* Forgets all entries, and keeps the memory; imap_list_free does not. */
void imap_list_reset(struct imap_list *list);
void imap_list_free(struct imap_list *list);

/* Adds a new entry, of a UID above all others; it stays where it is until the
 * next is added. */
struct imap_entry *imap_list_add(struct imap_list *list, uint32_t uid);

/* True if there is an entry of that UID. */
bool imap_list_has(const struct imap_list *list, uint32_t uid);

/* Changes an entry's state. */
void imap_list_set(
    struct imap_list *list, struct imap_entry *entry, enum entry_state state);

/* The first entry in that state, which must not be ENTRY_DONE; NULL if there
 * is none. */
struct imap_entry *imap_list_first(
    struct imap_list *list, enum entry_state state);

/* Puts the first entries in a state into the empty set, within the bounds,
 * and marks them as asked; one that asks alone is alone.  Returns the sum of
 * their announced sizes. */
uint64_t imap_list_ask(struct imap_list *list, enum entry_state state,
    const struct imap_share *share, struct uid_set *set);

/* The entry of that UID if it was asked about and not answered yet, which it
 * is from now on; else NULL. */
struct imap_entry *imap_list_answered(struct imap_list *list, uint32_t uid);

/* Calls take, unless it is NULL, for each entry that was asked about and not
 * answered; then none is any more. */
void imap_list_rest(struct imap_list *list,
    void (*take)(void *arg, struct imap_entry *entry), void *arg);

/* How many entries are not done. */
size_t imap_list_left(const struct imap_list *list);

#endif
