/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_PLAIN_H
#define TLSTALLY_OUTPUT_PLAIN_H

#include <stdint.h>
#include <stdio.h>

#include "base/date.h"

/*
 * Numbers and dates for programs, of which an output has so many that printf
 * would be most of its work.
 */

/* Writes a number in decimal digits. */
void plain_number(FILE *out, int64_t n);

/* Dates that are kept, by the day modulo: a row has up to four, and a digest
 * few months.  Zero it first. */
#define PLAIN_DAYS 64

struct plain_days {
	struct {
		int32_t day;
		char text[DATE_SIZE]; /* "": none is kept here */
	} kept[PLAIN_DAYS];
};

/* Returns "2026-11-20", which stays until the next call. */
const char *plain_day(struct plain_days *days, int32_t day);

#endif
