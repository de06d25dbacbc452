/* SPDX-License-Identifier: ISC */

/*
 * Looking up a reason code, which a stranger wrote: what is found is one of
 * the table, depends on nothing but the words at the beginning, and what is
 * near is in order.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "digest/reason.h"
#include "fuzz.h"

#define NEAR_MAX 5

static bool
is_known(const struct reason *r)
{
	const struct reason *known;
	size_t i;

	for (i = 0; (known = reason_at(i)) != NULL; i++)
		if (known == r)
			return true;
	return false;
}

/* Neither case nor what follows counts. */
static void
check_same(char *text, const struct reason *r)
{
	size_t i;

	for (i = 0; text[i] != '\0'; i++)
		if (text[i] >= 'a' && text[i] <= 'z')
			text[i] = (char)(text[i] - 'a' + 'A');
	check(reason_find(text) == r);
	if (i >= REASON_TEXT_MAX) {
		text[REASON_TEXT_MAX] = '\0';
		check(reason_find(text) == r);
	}
}

static void
check_near(const char *text)
{
	const struct reason *near[NEAR_MAX];
	size_t i, n;

	n = reason_near(text, near, NEAR_MAX);
	check(n <= NEAR_MAX);
	for (i = 0; i < n; i++)
		check(is_known(near[i]) && (i == 0 || near[i] != near[i - 1]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	const struct reason *r;

	check(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	r = reason_find(text);
	check(r == NULL || is_known(r));
	check_near(text);
	check_same(text, r);
	free(text);
	return 0;
}
