/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DOMAIN_CODEC_H
#define TLSTALLY_DOMAIN_CODEC_H

#include <stddef.h>

#include "base/arena.h"
#include "base/fields.h"

/*
 * Structs as bytes for another process, by tables that say of each member what
 * it may be: one table serves to write and to read, so the two cannot differ.
 * What is read is checked whole: numbers within their bounds, texts printable
 * ASCII and not too long, lists not longer than the table says.
 */
enum codec_kind {
	CODEC_END = 0,
	CODEC_TEXT,    /* const char *, never NULL; most: octets */
	CODEC_TEXT_OR, /* the same, or NULL */
	CODEC_CHOICE,  /* an enum, from 0 to most */
	CODEC_BOOL,
	CODEC_U16,
	CODEC_U32,
	CODEC_INT, /* int, from 0 to most */
	CODEC_SIZE,
	CODEC_COUNT, /* unsigned */
	CODEC_U64,
	CODEC_I64,
	CODEC_TIME, /* int64_t, or TIME_NONE; what is beyond the calendar of
		       base/date.h reads as its nearest bound */
	CODEC_HASH, /* const unsigned char * to SHA256_LEN octets, or NULL */
	CODEC_LIST, /* a pointer, and its length in the size_t at count; at
		       most most elements of size octets, by fields */
	CODEC_PART  /* a struct within, by fields */
};

struct codec_field {
	enum codec_kind kind;
	size_t offset;
	size_t most;
	size_t count;
	size_t size;
	const struct codec_field *fields;
};

/* Writes the struct at object, as the table that ends with CODEC_END says. */
void codec_put(
    struct fields_out *o, const struct codec_field *fields, const void *object);

/* Reads what codec_put wrote into the struct at object.  Texts stay where they
 * lie, lists are the arena's.  Whether it was good, fields_are_whole says; if
 * not, the object holds nothing to be used. */
void codec_get(struct fields *f, struct arena *arena,
    const struct codec_field *fields, void *object);

#endif
