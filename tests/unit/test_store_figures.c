/* SPDX-License-Identifier: ISC */

/*
 * The packed figures of a report: what goes in comes out, and bytes that are
 * not ours are told from those that are.
 */

#include "config.h"

#include <string.h>

#include <criterion/criterion.h>

#include "store/figures.h"

/* Where the length of a number changes, and the ends. */
static const int64_t numbers[] = {0, 1, 127, 128, 16383, 16384, 2097151,
    2097152, INT64_MAX / 2, INT64_MAX - 1, INT64_MAX};

#define NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

static struct buf packed = {.cap = 1 << 20};

static void
teardown(void)
{
	buf_free(&packed);
}

TestSuite(figures, .fini = teardown);

/* Packs two policies of two failures each. */
static void
pack(int64_t n)
{
	const struct figure_policy p = {n, n, n, n, 2};
	const struct figure_failure f = {3, n, n, n, n, n};
	const struct figure_failure rest = {101, 0, 0, 0, 0, -n};
	int i;

	figures_begin(&packed, n < FIGURES_LAG_MAX ? n : FIGURES_LAG_MAX, 2);
	for (i = 0; i < 2; i++) {
		figures_put_policy(&packed, &p);
		figures_put_failure(&packed, &f);
		figures_put_failure(&packed, &rest);
	}
}

static struct span
whole(void)
{
	return (struct span){packed.data, packed.len};
}

Test(figures, what_goes_in_comes_out)
{
	struct figure_failure f;
	struct figure_policy p;
	struct figures g;
	size_t i;

	for (i = 0; i < NUMBERS; i++) {
		pack(numbers[i]);
		cr_assert(figures_open(&g, whole()));
		cr_expect_eq(g.lag,
		    numbers[i] < FIGURES_LAG_MAX ? numbers[i]
						 : FIGURES_LAG_MAX);
		cr_expect_eq(g.policies, 2);
		cr_assert(figures_policy(&g, &p));
		cr_expect_eq(p.stream, numbers[i]);
		cr_expect_eq(p.successful, numbers[i]);
		cr_expect_eq(p.failed, numbers[i]);
		cr_expect_eq(p.nfailures, 2);
		cr_assert(figures_failure(&g, &f));
		cr_expect_eq(f.result, 3);
		cr_expect_eq(f.reason_code, numbers[i]);
		cr_expect_eq(f.sessions, numbers[i]);
		cr_assert(figures_failure(&g, &f));
		cr_expect_eq(f.sessions, -numbers[i]);
		cr_expect_not(figures_failure(&g, &f));
		/* Failures that are not asked for are passed over. */
		cr_assert(figures_policy(&g, &p));
		cr_expect_eq(p.text, numbers[i]);
		cr_expect_not(figures_policy(&g, &p));
		cr_expect_not(g.damaged);
	}
}

Test(figures, the_smallest_negative_number_comes_out)
{
	const struct figure_failure in = {.sessions = INT64_MIN};
	const struct figure_policy policy = {.nfailures = 1};
	struct figure_failure f;
	struct figure_policy p;
	struct figures g;

	figures_begin(&packed, 0, 1);
	figures_put_policy(&packed, &policy);
	figures_put_failure(&packed, &in);
	cr_assert(figures_open(&g, whole()));
	cr_assert(figures_policy(&g, &p));
	cr_assert(figures_failure(&g, &f));
	cr_expect_eq(f.sessions, INT64_MIN);
}

/* Reads to the end; false when damaged. */
static bool
read_all(struct span bytes)
{
	struct figure_policy p;
	struct figures g;

	if (figures_open(&g, bytes))
		while (figures_policy(&g, &p))
			;
	return !g.damaged;
}

Test(figures, what_is_cut_or_longer_is_damaged)
{
	size_t i, len;

	for (i = 0; i < NUMBERS; i++) {
		pack(numbers[i]);
		for (len = 0; len < packed.len; len++)
			cr_expect_not(read_all((struct span){packed.data, len}),
			    "%zu bytes of %zu", len, packed.len);
		cr_expect(read_all(whole()));
		buf_append(&packed, "", 1);
		cr_expect_not(read_all(whole()));
	}
}

Test(figures, any_bytes_can_be_read)
{
	unsigned seed, at, noise;

	for (seed = 0; seed < 20000; seed++) {
		pack(numbers[seed % NUMBERS]);
		noise = seed * 2654435761u;
		at = noise % (unsigned)packed.len;
		packed.data[at] = (char)(noise >> 16);
		read_all(whole());
	}
}
