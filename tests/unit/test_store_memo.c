/* SPDX-License-Identifier: ISC */

/*
 * The bounded cache behind the interning.
 */

#include "config.h"

#include <stdio.h>

#include <criterion/criterion.h>

#include "store/private.h"
#include "support.h"

Test(store_memo, a_text_is_found_until_it_is_forgotten)
{
	struct memo *m = memo_new(10);

	cr_expect_eq(memo_get(m, SPAN("a")), 0);
	memo_put(m, SPAN("a"), 7);
	cr_expect_eq(memo_get(m, SPAN("a")), 7);
	cr_expect_eq(memo_get(m, SPAN("b")), 0);
	cr_expect_eq(memo_get(m, SPAN("")), 0);
	memo_put(m, SPAN("a"), 8);
	cr_expect_eq(memo_get(m, SPAN("a")), 8);
	memo_clear(m);
	cr_expect_eq(memo_get(m, SPAN("a")), 0);
	memo_free(m);
	memo_free(NULL);
	memo_clear(NULL);
}

Test(store_memo, texts_are_compared_whole)
{
	static const char bytes[] = "12345678123456789\0x";
	struct memo *m = memo_new(100);
	size_t len;

	for (len = 0; len < sizeof(bytes); len++)
		memo_put(m, (struct span){bytes, len}, (int64_t)len + 1);
	for (len = 0; len < sizeof(bytes); len++)
		cr_expect_eq(memo_get(m, (struct span){bytes, len}),
		    (int64_t)len + 1, "%zu", len);
	memo_free(m);
}

Test(store_memo, longer_texts_than_agreed_are_not_kept)
{
	struct memo *m = memo_new(3);

	memo_put(m, SPAN("abc"), 1);
	memo_put(m, SPAN("abcd"), 2);
	cr_expect_eq(memo_get(m, SPAN("abc")), 1);
	cr_expect_eq(memo_get(m, SPAN("abcd")), 0);
	memo_free(m);
}

Test(store_memo, more_texts_than_slots_give_nothing_wrong)
{
	struct memo *m = memo_new(32);
	char text[32];
	int64_t got;
	int i, found = 0;

	for (i = 1; i <= 50000; i++) {
		snprintf(text, sizeof(text), "name-%d", i);
		memo_put(m, span_of(text), i);
	}
	for (i = 1; i <= 50000; i++) {
		snprintf(text, sizeof(text), "name-%d", i);
		got = memo_get(m, span_of(text));
		cr_expect(got == 0 || got == i);
		found += got == i;
	}
	cr_expect_gt(found, 2000);
	cr_expect_leq(found, 4096);
	memo_free(m);
}

Test(store_memo, two_texts_do_not_drive_each_other_out)
{
	struct memo *m = memo_new(32);
	char a[32], b[32];
	int i, j, lost = 0;

	for (i = 0; i < 200; i++)
		for (j = 0; j < i; j++) {
			snprintf(a, sizeof(a), "name-%d", i);
			snprintf(b, sizeof(b), "name-%d", j);
			memo_put(m, span_of(a), 1);
			memo_put(m, span_of(b), 2);
			lost += memo_get(m, span_of(a)) != 1;
			lost += memo_get(m, span_of(b)) != 2;
		}
	cr_expect_eq(lost, 0);
	memo_free(m);
}
