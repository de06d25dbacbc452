/* SPDX-License-Identifier: ISC */

/*
 * Percentages as text.  Binary fractions would not do: 0.1 % must be what
 * was meant when a rate is compared with it.
 */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ratio.h"

#define PERCENT	 (RATIO_WHOLE / 100)
#define DECIMALS 4 /* "%04d" below */

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
	/* "-0.5 %": the whole part has lost the sign. */
	const char *sign = ratio < 0 && ratio > -PERCENT ? "-" : "";
	char number[RATIO_SIZE - 2];
	size_t len;

	snprintf(number, sizeof(number), "%s%" PRId64 ".%04d", sign,
	    ratio / PERCENT, abs((int)(ratio % PERCENT)));
	len = strlen(number);
	while (number[len - 1] == '0')
		len--;
	if (number[len - 1] == '.')
		len--;
	snprintf(out, RATIO_SIZE, "%.*s %%", (int)len, number);
}
