/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_RATIO_H
#define TLSTALLY_BASE_RATIO_H

#include <stdint.h>

#include "base/span.h"

/*
 * Shares of a whole, in millionths: 0.1 % is 1000.  As a person writes them
 * they are percentages with up to 4 decimals, so that none is rounded.
 */
#define RATIO_WHOLE 1000000

/* The longest number and its percent sign, with their NUL. */
#define RATIO_SIZE 48

/* Parses "0.1", "0.1%" or "0.1 %", from 0 to 100.  Returns 0, or -1 with
 * *ratio unchanged. */
int ratio_parse(struct span s, int64_t *ratio);

/* Writes "0.1 %", with as many decimals as it needs. */
void ratio_format(int64_t ratio, char out[RATIO_SIZE]);

#endif
