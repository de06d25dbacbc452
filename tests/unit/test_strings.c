/* SPDX-License-Identifier: ISC */

/*
 * Lists of strings.
 */

#include "config.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/strings.h"

Test(strings, are_sorted_and_there_once)
{
	const char *list[] = {"b", "a", "", "b", "B", "ab", "b"};
	static const char *const sorted[] = {"", "B", "a", "ab", "b"};
	size_t i, n = strings_sort(list, 7);

	cr_assert_eq(n, 5);
	for (i = 0; i < n; i++)
		cr_assert_str_eq(list[i], sorted[i]);
	cr_assert_eq(strings_sort(list, 1), 1);
	cr_assert_eq(strings_sort(NULL, 0), 0);
}

Test(strings, are_found_to_the_letter)
{
	static const char *const list[] = {"a.example", "b.example"};

	cr_assert(strings_have(list, 2, "b.example"));
	cr_assert_not(strings_have(list, 1, "b.example"));
	cr_assert_not(strings_have(list, 2, "B.example"));
	cr_assert_not(strings_have(list, 2, "b.exampl"));
	cr_assert_not(strings_have(NULL, 0, ""));
}
