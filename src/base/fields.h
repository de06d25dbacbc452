/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_FIELDS_H
#define TLSTALLY_BASE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Fields one behind the other, as processes of one machine give them to each
 * other: integers in the order of the machine, strings and bytes with their
 * length before them, a string with a NUL behind it besides, so that it is a
 * C string where it lies.
 *
 * Whoever reads them does not trust who wrote them.  A field that is not
 * there, or not what it should be, reads as 0 or "", marks the whole as bad,
 * and all that follow read as nothing: one look at fields_are_whole in the end
 * is enough.
 */
struct fields {
	const unsigned char *p; /* borrowed */
	size_t len;
	size_t at; /* how far they have been read */
	bool bad;
};

/* Starts to read the len bytes at p. */
struct fields fields_of(const void *p, size_t len);

uint8_t fields_u8(struct fields *f);
uint32_t fields_u32(struct fields *f);
uint64_t fields_u64(struct fields *f);

/* True for 1, false for 0; anything else is bad. */
bool fields_bool(struct fields *f);

/* A string, where it lies.  One that holds a NUL, or is not UTF-8, is bad; so
 * is one of over most bytes. */
const char *fields_string(struct fields *f, size_t most);

/* Bytes, where they lie; never NULL. */
const void *fields_bytes(struct fields *f, size_t *len);

/* All that is left; never NULL. */
const void *fields_rest(struct fields *f, size_t *len);

/* How many bytes are left to read; 0 if they are bad. */
size_t fields_left(const struct fields *f);

/* True if every field was there and nothing is left over. */
bool fields_are_whole(const struct fields *f);

/* Writing, behind what the buffer holds.  Over its cap nothing more is
 * written, and over is set: one look in the end is enough here too. */
struct fields_out {
	struct buf *buf; /* borrowed */
	bool over;
};

void fields_put_u8(struct fields_out *o, uint8_t v);
void fields_put_u32(struct fields_out *o, uint32_t v);
void fields_put_u64(struct fields_out *o, uint64_t v);

/* NULL goes as "". */
void fields_put_string(struct fields_out *o, const char *s);

void fields_put_bytes(struct fields_out *o, const void *p, size_t len);

/* Puts bytes without their length. */
void fields_put_rest(struct fields_out *o, const void *p, size_t len);

#endif
