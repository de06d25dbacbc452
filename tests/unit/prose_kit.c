/* SPDX-License-Identifier: ISC */

/*
 * Looks at texts that explain something.
 */

#include "config.h"

#include <string.h>

#include <criterion/criterion.h>

#include "prose_kit.h"

void
prose_check(const char *text)
{
	size_t i, len;

	cr_assert_not_null(text);
	len = strlen(text);
	cr_assert_gt(len, 0);
	for (i = 0; i < len; i++)
		cr_assert(text[i] >= ' ' && text[i] <= '~', "%s", text);
	cr_assert(text[0] != ' ' && text[len - 1] != ' ', "%s", text);
	cr_assert_null(strstr(text, "  "), "%s", text);
}

void
prose_check_words(const char *text)
{
	prose_check(text);
	cr_assert_neq(text[strlen(text) - 1], '.', "%s", text);
}

void
prose_check_sentence(const char *text)
{
	prose_check(text);
	cr_assert_eq(text[strlen(text) - 1], '.', "%s", text);
}

void
prose_check_command(const char *command)
{
	const char *p = command;

	prose_check_words(command);
	while ((p = strpbrk(p, "{}")) != NULL) {
		const char *name =
		    strncmp(p, "{mx}", 4) == 0 ? "{mx}" : "{domain}";

		cr_assert_eq(strncmp(p, name, strlen(name)), 0, "%s", command);
		p += strlen(name);
	}
}
