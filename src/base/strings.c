/* SPDX-License-Identifier: ISC */

/*
 * Lists of names: short ones, for which no better order is worth its code.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/strings.h"

int
strings_compare(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

bool
strings_have(const char *const *list, size_t n, const char *s)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(list[i], s) == 0)
			return true;
	return false;
}

size_t
strings_sort(const char **list, size_t n)
{
	size_t i, len = 0;

	if (n > 1)
		qsort(list, n, sizeof(*list), strings_compare);
	for (i = 0; i < n; i++)
		if (len == 0 || strcmp(list[len - 1], list[i]) != 0)
			list[len++] = list[i];
	return len;
}
