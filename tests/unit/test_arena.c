/* SPDX-License-Identifier: ISC */

/*
 * The arena: pieces that do not overlap, are aligned, and survive until a
 * reset.
 */

#include "config.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/arena.h"
#include "support.h"

/* Takes n pieces of different sizes from a, and checks that each still holds
 * what was written to it when all are there. */
static void
fill_and_check(struct arena *a, size_t n)
{
	unsigned char **pieces = calloc(n, sizeof(*pieces));
	size_t i, k;

	cr_assert_not_null(pieces);
	for (i = 0; i < n; i++) {
		pieces[i] = arena_alloc(a, i % 97);
		cr_assert_eq((uintptr_t)pieces[i] % _Alignof(int64_t), 0);
		cr_assert_eq((uintptr_t)pieces[i] % _Alignof(void *), 0);
		memset(pieces[i], (int)(i % 251), i % 97);
	}
	for (i = 0; i < n; i++)
		for (k = 0; k < i % 97; k++)
			if (pieces[i][k] != i % 251)
				cr_assert_fail("piece %zu", i);
	free(pieces);
}

Test(arena, pieces_are_aligned_and_do_not_overlap)
{
	static const size_t sizes[] = {0, 1, 7, 64, 4096, 100000};
	struct arena *a;
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		a = arena_new(sizes[i]);
		fill_and_check(a, 3000);
		arena_reset(a);
		fill_and_check(a, 3000);
		arena_free(a);
	}
}

Test(arena, strings_of_odd_lengths_do_not_break_the_alignment)
{
	struct arena *a = arena_new(64);
	size_t i;

	for (i = 0; i < 200; i++) {
		arena_strndup(a, "abcdefghijklmnopqrstuvwxyz", i % 27);
		cr_assert_eq(
		    (uintptr_t)arena_alloc(a, 8) % _Alignof(int64_t), 0);
	}
	arena_free(a);
}

Test(arena, a_reset_keeps_the_first_chunk)
{
	struct arena *a = arena_new(1000);
	char *first = arena_alloc(a, 10);

	arena_alloc(a, 5000);
	arena_alloc(a, 50000);
	arena_reset(a);
	cr_assert_eq(arena_used(a), 0);
	cr_assert_eq((char *)arena_alloc(a, 10), first);
	arena_reset(a);
	cr_assert_eq((char *)arena_alloc(a, 1000), first);
	arena_free(a);
}

Test(arena, what_is_used_includes_every_piece)
{
	struct arena *a = arena_new(1000);

	cr_assert_eq(arena_used(a), 0);
	arena_alloc(a, 1000);
	cr_assert_eq(arena_used(a), 1000);
	arena_alloc(a, 5000000);
	cr_assert_geq(arena_used(a), 5001000);
	cr_assert_leq(arena_used(a), 7000000);
	arena_free(a);
}

Test(arena, freeing_nothing_is_safe)
{
	arena_free(NULL);
}

Test(arena, a_huge_piece_fits)
{
	struct arena *a = arena_new(16);
	size_t len = 10 * 1000 * 1000;
	char *p = arena_alloc(a, len);

	memset(p, 'x', len);
	cr_assert_str_eq(arena_strdup(a, "behind it"), "behind it");
	cr_assert_eq(p[len - 1], 'x');
	arena_free(a);
}

Test(arena, calloc_clears_memory_that_was_used_before)
{
	struct arena *a = arena_new(100);
	unsigned char *p = arena_alloc(a, 100);
	size_t i;

	memset(p, 0xff, 100);
	arena_reset(a);
	p = arena_calloc(a, 25, 4);
	for (i = 0; i < 100; i++)
		cr_assert_eq(p[i], 0);
	cr_assert_not_null(arena_calloc(a, 0, 8));
	cr_assert_not_null(arena_calloc(a, 8, 0));
	arena_free(a);
}

Test(arena, calloc_of_an_impossible_product_ends_the_program, .exit_code = 70)
{
	struct arena *a = arena_new(100);

	arena_calloc(a, SIZE_MAX / 2, 3);
}

Test(arena, an_impossible_size_ends_the_program, .exit_code = 70)
{
	struct arena *a = arena_new(100);

	arena_alloc(a, SIZE_MAX - 8);
}

Test(arena, an_impossible_string_ends_the_program, .exit_code = 70)
{
	struct arena *a = arena_new(100);

	arena_strndup(a, "x", SIZE_MAX);
}

Test(arena, copies_of_strings_end_where_they_should)
{
	struct arena *a = arena_new(4);
	char *s = arena_strndup(a, "ab\0cd", 5);

	cr_assert_eq(memcmp(s, "ab\0cd", 6), 0);
	cr_assert_str_eq(arena_strndup(a, "abc", 0), "");
	cr_assert_str_eq(arena_strdup(a, ""), "");
	cr_assert_null(arena_strdup(a, NULL));
	arena_free(a);
}

Test(arena, an_empty_span_without_bytes_is_copied_as_an_empty_string)
{
	struct arena *a = arena_new(4);

	cr_assert_str_eq(arena_strndup(a, NULL, 0), "");
	arena_free(a);
}

Test(arena, formatted_strings_of_any_length)
{
	struct arena *a = arena_new(4);
	char *text = support_repeat('x', 100000);
	char *s;

	cr_assert_str_eq(arena_printf(a, "%d-%s", -1, "a"), "-1-a");
	cr_assert_str_eq(arena_printf(a, "%s", ""), "");
	s = arena_printf(a, "%s%s", text, "y");
	cr_assert_eq(strlen(s), 100001);
	cr_assert_eq(s[100000], 'y');
	cr_assert_str_eq(arena_printf(a, "%s", s), s);
	arena_free(a);
	free(text);
}
