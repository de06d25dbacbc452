/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DOMAIN_RECORD_PRIVATE_H
#define TLSTALLY_DOMAIN_RECORD_PRIVATE_H

#include "domain/record.h"

/* What the files that read a record share. */

/* The reading of one text. */
struct reading {
	struct record *record;
	const char *name;
	struct findings *findings; /* of this text alone */
	size_t rua_fields;
	size_t items;	      /* of all rua fields, empty ones not counted */
	size_t usable;	      /* of these */
	bool excused;	      /* a ";" stands where a "," or ":" should */
	bool version_is_late; /* it stands behind other fields */
};

/* Octets of s. */
static inline struct span
part(struct span s, size_t from, size_t to)
{
	return (struct span){s.p + from, to - from};
}

/* The octets of s, which is within the record. */
struct place place_of(const struct reading *r, struct span s);

/* Adds a finding for the octets of s, which are {item}. */
void record_tell(struct reading *r, enum check_id check, struct span s);

/* Adds a field, if there is room. */
void record_put_tag(
    struct reading *r, enum tag_kind kind, struct span name, struct span value);

/* Tells what is wrong with the text around the record, and returns the record
 * in it. */
struct span record_unwrap(struct reading *r);

/* Reads the version; returns the fields behind it. */
struct span record_read_version(struct reading *r, struct span s);

/* Reads the list of an rua field. */
void record_read_list(struct reading *r, struct span list);

#endif
