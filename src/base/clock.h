/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_CLOCK_H
#define TLSTALLY_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds of a clock that nobody sets: for time-outs and deadlines. */
int64_t clock_ms(void);

#endif
