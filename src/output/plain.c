/* SPDX-License-Identifier: ISC */

/*
 * Numbers and dates of outputs that may have a row for every report.
 */

#include "config.h"

#include "output/plain.h"

/* Digits of 2^63, a sign. */
#define NUMBER_MAX 20

void
plain_number(FILE *out, int64_t n)
{
	char digits[NUMBER_MAX];
	size_t i = sizeof(digits);
	uint64_t u = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	do {
		digits[--i] = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	if (n < 0)
		digits[--i] = '-';
	fwrite(digits + i, 1, sizeof(digits) - i, out);
}

const char *
plain_day(struct plain_days *days, int32_t day)
{
	size_t i = (uint32_t)day % PLAIN_DAYS;

	if (days->kept[i].text[0] == '\0' || days->kept[i].day != day) {
		date_format_day(day, days->kept[i].text);
		days->kept[i].day = day;
	}
	return days->kept[i].text;
}
