/* SPDX-License-Identifier: ISC */

/*
 * The buffer at its cap, below it and beyond it.
 */

#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/buf.h"
#include "support.h"

Test(buf, what_is_appended_stands_in_order)
{
	struct buf b = {.cap = 100};

	cr_assert_eq(buf_append(&b, "ab", 2), 0);
	cr_assert_eq(buf_append(&b, "", 0), 0);
	cr_assert_eq(buf_append(&b, "c\0d", 3), 0);
	cr_assert_eq(b.len, 5);
	cr_assert_eq(memcmp(buf_string(&b), "abc\0d", 6), 0);
	buf_free(&b);
}

Test(buf, the_cap_is_inclusive_and_a_refusal_changes_nothing)
{
	struct buf b = {.cap = 4};

	cr_assert_eq(buf_append(&b, "12345", 5), -1);
	cr_assert_eq(b.len, 0);
	cr_assert_eq(buf_append(&b, "123", 3), 0);
	cr_assert_eq(buf_append(&b, "45", 2), -1);
	cr_assert_eq(b.len, 3);
	cr_assert_eq(buf_append(&b, "4", 1), 0);
	cr_assert_eq(buf_append(&b, "5", 1), -1);
	cr_assert_eq(buf_reserve(&b, SIZE_MAX), -1);
	cr_assert_eq(buf_reserve(&b, SIZE_MAX - 3), -1);
	cr_assert_eq(buf_reserve(&b, 0), 0);
	cr_assert_str_eq(buf_string(&b), "1234");
	buf_free(&b);
}

Test(buf, a_cap_of_nothing_holds_nothing)
{
	struct buf b = {0};

	cr_assert_eq(buf_append(&b, NULL, 0), 0);
	cr_assert_eq(buf_append(&b, "x", 1), -1);
	cr_assert_str_eq(buf_string(&b), "");
	buf_free(&b);
}

Test(buf, an_empty_append_allocates_nothing)
{
	struct buf b = {.cap = 100};

	cr_assert_eq(buf_append(&b, NULL, 0), 0);
	cr_assert_null(b.data);
	cr_assert_eq(b.size, 0);
}

Test(buf, room_for_nothing_has_an_address)
{
	struct buf b = {.cap = 100}, none = {0};

	cr_assert_eq(buf_reserve(&b, 0), 0);
	cr_assert_not_null(b.data);
	cr_assert_eq(b.len, 0);
	buf_free(&b);
	cr_assert_eq(buf_reserve(&none, 0), 0);
	cr_assert_not_null(none.data);
	buf_free(&none);
}

Test(buf, a_cap_that_is_lowered_below_the_content_refuses_more)
{
	struct buf b = {.cap = 10};

	cr_assert_eq(buf_append(&b, "12345678", 8), 0);
	b.cap = 4;
	cr_assert_eq(buf_append(&b, "9", 1), -1);
	cr_assert_eq(buf_reserve(&b, 0), -1);
	cr_assert_str_eq(buf_string(&b), "12345678");
	buf_free(&b);
}

Test(buf, an_empty_buffer_is_an_empty_string)
{
	struct buf b = {.cap = 100};

	cr_assert_str_eq(buf_string(&b), "");
	cr_assert_eq(buf_append(&b, "ab", 2), 0);
	cr_assert_str_eq(buf_string(&b), "ab");
	buf_free(&b);
	cr_assert_null(b.data);
	buf_free(&b);
}

Test(buf, bytes_one_by_one_up_to_the_cap)
{
	size_t cap = 10000, i;
	struct buf b = {.cap = cap};

	for (i = 0; i < cap; i++) {
		cr_assert_eq(buf_append(&b, "x", 1), 0);
		cr_assert_leq(b.len, b.size);
		cr_assert_leq(b.size, cap);
	}
	cr_assert_eq(buf_append(&b, "x", 1), -1);
	cr_assert_eq(strlen(buf_string(&b)), cap);
	buf_free(&b);
}

Test(buf, a_reset_keeps_memory_up_to_what_is_asked)
{
	struct buf b = {.cap = 100000};
	char *text = support_repeat('x', 50000), *kept;

	cr_assert_eq(buf_append(&b, text, 50000), 0);
	kept = b.data;
	buf_reset(&b, 50000);
	cr_assert_eq(b.len, 0);
	cr_assert_eq(b.data, kept);
	cr_assert_eq(buf_append(&b, text, 50000), 0);
	cr_assert_eq(b.data, kept);
	buf_reset(&b, 49999);
	cr_assert_null(b.data);
	cr_assert_eq(b.cap, 100000);
	cr_assert_eq(buf_append(&b, "y", 1), 0);
	cr_assert_str_eq(buf_string(&b), "y");
	buf_free(&b);
	free(text);
}
