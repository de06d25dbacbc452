/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DECODE_MEMBERS_H
#define TLSTALLY_DECODE_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/json.h"
#include "decode/reading.h"

/*
 * The members of one object, found in one walk by a table of names.  A name
 * counts in any case and with any ASCII punctuation ("Policy_Domain" for
 * "policy-domain"); all but the RFC's own spelling is noted as an alias.
 */

/* A name, and the slot that its value goes to. */
struct member_name {
	const char *text;
	size_t len;
	size_t slot;
	bool is_alias; /* not a name of RFC 8460 */
};
#define MEMBER(slot, text)                              \
	{                                               \
		(text), sizeof(text) - 1, (slot), false \
	}
#define MEMBER_ALIAS(slot, text)                       \
	{                                              \
		(text), sizeof(text) - 1, (slot), true \
	}

/* The name in row i of a table must belong to slot i; aliases follow. */
struct member_table {
	const struct member_name *names;
	size_t n;
};

#define MEMBERS_MAX 8

struct members {
	struct place place; /* of the object */
	const struct member_table *table;
	/* By slot; NULL for what is absent or null. */
	const struct json_value *slots[MEMBERS_MAX];
	bool seen[MEMBERS_MAX]; /* there is a member, which may be null */
	size_t nseen;
};

/* Reads the members of object, which stands at place.  Unknown ones are
 * ignored.  The RFC's name goes before an alias, the first alias before a
 * later one. */
void members_read(struct members *m, struct reading *r,
    const struct place *place, const struct member_table *table,
    const struct json_value *object);

/* The RFC's name of a slot. */
const char *members_name(const struct members *m, size_t slot);

/* As reading_note, reading_fail and reading_text, for a slot. */
void members_note(const struct members *m, struct reading *r, size_t slot,
    enum deviation_code code);
int members_fail(
    const struct members *m, struct reading *r, size_t slot, const char *what);
int members_text(
    const struct members *m, struct reading *r, size_t slot, const char **out);

/* Sets *out to a session count.  Returns 1, or 0 when it is absent, which is
 * noted (*out is 0), or -1 with ERR_DATA when it is none. */
int members_count(
    const struct members *m, struct reading *r, size_t slot, int64_t *out);

/* A vocabulary of the RFC, and what departures from it are noted as. */
struct members_vocabulary {
	int (*parse)(struct span s, bool *exact); /* 0 for an unknown word */
	enum deviation_code missing;
	enum deviation_code spelling;
	enum deviation_code unknown;
};

/* Reads a word, in any case and with "_" or spaces for "-".  Returns its
 * number; or 0, and *text is the unknown word, "" if there is none; or -1
 * with ERR_BOUND.  *text is "" for a known word. */
int members_word(const struct members *m, struct reading *r, size_t slot,
    const struct members_vocabulary *words, const char **text);

#endif
