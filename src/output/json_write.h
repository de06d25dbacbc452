/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_JSON_WRITE_H
#define TLSTALLY_OUTPUT_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "output/plain.h"

/*
 * Writes JSON (RFC 8259) member by member, and sets the commas.  A member's
 * name is ours and needs no escaping; it is NULL for what stands in an array.
 * Nothing is reported: a stream's error is asked for once, at the end.
 */

/* A zeroed one with out set is ready. */
struct json_writer {
	FILE *out;
	bool spaced; /* for people too: ", " and ": " */
	bool within; /* something stands before what comes next */
	bool breaks; /* a new line begins there, indented */
	unsigned columns;
	struct plain_days days;
};

void json_write_open(struct json_writer *w, const char *name);
void json_write_close(struct json_writer *w);
void json_write_open_list(struct json_writer *w, const char *name);
void json_write_close_list(struct json_writer *w);

/* What comes next, be it an end, begins a new line, after so many spaces: for
 * the eyes and for line tools. */
void json_write_line(struct json_writer *w, unsigned columns);

/* NULL is null. */
void json_write_text(struct json_writer *w, const char *name, const char *text);
void json_write_number(struct json_writer *w, const char *name, int64_t n);
void json_write_truth(struct json_writer *w, const char *name, bool truth);
void json_write_null(struct json_writer *w, const char *name);

/* "2026-11-20"; null for DAY_NONE. */
void json_write_day(struct json_writer *w, const char *name, int32_t day);

/* "2026-11-20T06:00:00Z"; null for TIME_NONE. */
void json_write_time(struct json_writer *w, const char *name, int64_t t);

#endif
