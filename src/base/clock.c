/* SPDX-License-Identifier: ISC */

/*
 * The monotonic clock.  A deadline by the wall clock would be missed, or
 * met too early, when somebody sets it.
 */

#include "config.h"

#include <time.h>

#include "base/clock.h"

int64_t
clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * (int64_t)1000 + ts.tv_nsec / 1000000;
}
