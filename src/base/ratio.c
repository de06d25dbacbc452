/* SPDX-License-Identifier: ISC */

/*
 * Percentages as text.  Binary fractions would not do: 0.1 % must be what
 * was meant when a rate is compared with it.
 */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/ratio.h"

#define PERCENT	 (RATIO_WHOLE / 100)
#define DECIMALS 4

int
ratio_parse(struct span s, int64_t *ratio)
{
	int64_t value = 0, unit = PERCENT;
	size_t i, digits = 0;

	if (s.len > 0 && s.p[s.len - 1] == '%') {
		s.len--;
		if (s.len > 0 && s.p[s.len - 1] == ' ')
			s.len--;
	}
	for (i = 0; i < s.len && ascii_is_digit(s.p[i]); i++) {
		value = value * 10 + (s.p[i] - '0') * PERCENT;
		if (value > RATIO_WHOLE)
			return -1;
	}
	if (i == 0)
		return -1;
	if (i < s.len && s.p[i] == '.')
		for (i++; i < s.len && ascii_is_digit(s.p[i]); i++) {
			if (++digits > DECIMALS)
				return -1;
			unit /= 10;
			value += (s.p[i] - '0') * unit;
		}
	if (i != s.len || s.p[i - 1] == '.' || value > RATIO_WHOLE)
		return -1;
	*ratio = value;
	return 0;
}

void
ratio_format(int64_t ratio, char out[RATIO_SIZE])
{
	int64_t part = llabs(ratio % PERCENT);
	int decimals = part == 0 ? 0 : DECIMALS;

	for (; decimals > 0 && part % 10 == 0; decimals--)
		part /= 10;
	/* "-0.5 %": the whole part has lost the sign. */
	snprintf(out, RATIO_SIZE, "%s%" PRId64 "%s%.*" PRId64 " %%",
	    ratio < 0 && ratio > -PERCENT ? "-" : "", ratio / PERCENT,
	    decimals > 0 ? "." : "", decimals, part);
}
