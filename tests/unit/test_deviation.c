/* SPDX-License-Identifier: ISC */

/*
 * The list of deviations: its names, which are stored, and its bound.
 */

#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "report/deviation.h"
#include "support.h"

static enum deviation_code
code(size_t i)
{
	return (enum deviation_code)i;
}

Test(deviation, every_name_is_lower_case_with_hyphens)
{
	const char *name;
	size_t i, k;

	for (i = 0; i < DEVIATION_COUNT; i++) {
		name = deviation_name(code(i));
		cr_assert(name[0] >= 'a' && name[0] <= 'z', "%s", name);
		for (k = 1; name[k] != '\0'; k++)
			cr_assert((name[k] >= 'a' && name[k] <= 'z') ||
				(name[k] >= '0' && name[k] <= '9') ||
				(name[k] == '-' && name[k - 1] != '-'),
			    "%s", name);
		cr_assert_neq(name[k - 1], '-', "%s", name);
		cr_assert_lt(k, 40, "%s", name);
	}
}

Test(deviation, every_name_and_every_text_is_unique)
{
	size_t i, k;

	for (i = 0; i < DEVIATION_COUNT; i++)
		for (k = 0; k < i; k++) {
			cr_assert_str_neq(
			    deviation_name(code(i)), deviation_name(code(k)));
			cr_assert_str_neq(
			    deviation_text(code(i)), deviation_text(code(k)));
		}
}

Test(deviation, every_text_is_a_plain_sentence)
{
	const char *text;
	size_t i, len;

	for (i = 0; i < DEVIATION_COUNT; i++) {
		text = deviation_text(code(i));
		len = strlen(text);
		cr_assert_gt(len, 10, "%s", text);
		cr_assert_neq(text[len - 1], '.', "%s", text);
		cr_assert_null(strstr(text, "  "), "%s", text);
	}
}

Test(deviation, every_name_is_parsed_back)
{
	size_t i;

	for (i = 0; i < DEVIATION_COUNT; i++)
		cr_assert_eq(
		    deviation_parse(span_of(deviation_name(code(i)))), code(i));
}

Test(deviation, unknown_names_and_numbers)
{
	cr_assert_eq(deviation_parse(SPAN("no-such-thing")), DEVIATION_COUNT);
	cr_assert_eq(deviation_parse(SPAN("ZIP")), DEVIATION_COUNT);
	cr_assert_eq(deviation_parse(SPAN("zip\0")), DEVIATION_COUNT);
	cr_assert_eq(deviation_parse(SPAN("zi")), DEVIATION_COUNT);
	cr_assert_eq(deviation_parse(SPAN("")), DEVIATION_COUNT);
	cr_assert_eq(deviation_parse(span_of(NULL)), DEVIATION_COUNT);
	cr_assert_str_eq(deviation_name(DEVIATION_COUNT), "");
	cr_assert_str_eq(deviation_text(code((size_t)-1)), "");
}

Test(deviation, they_are_kept_in_order_with_their_places)
{
	struct deviation_list l = {.arena = arena_new(100)};

	deviation_add(&l, DEVIATION_COUNT_STRING, "policies[%d].summary", 1);
	deviation_add(&l, DEVIATION_ZIP, "%s", "");
	cr_assert_eq(l.len, 2);
	cr_assert_eq(l.list[0].code, DEVIATION_COUNT_STRING);
	cr_assert_str_eq(l.list[0].where, "policies[1].summary");
	cr_assert_eq(l.list[1].code, DEVIATION_ZIP);
	cr_assert_str_eq(l.list[1].where, "");
	arena_free(l.arena);
}

Test(deviation, a_list_without_any_allocates_nothing)
{
	struct deviation_list l = {.arena = arena_new(100)};

	cr_assert_null(l.list);
	cr_assert_eq(arena_used(l.arena), 0);
	arena_free(l.arena);
}

Test(deviation, the_same_at_the_same_place_is_kept_once)
{
	struct deviation_list l = {.arena = arena_new(100)};
	int i;

	for (i = 0; i < 1000; i++) {
		deviation_add(&l, DEVIATION_ALIAS, "policies[%d]", i % 2);
		deviation_add(&l, DEVIATION_IP_FORM, "policies[0]");
	}
	cr_assert_eq(l.len, 3);
	arena_free(l.arena);
}

Test(deviation, the_last_place_says_that_there_were_more)
{
	struct deviation_list l = {.arena = arena_new(100)};
	size_t used = 0, i;

	for (i = 0; i < 100000; i++) {
		deviation_add(&l, DEVIATION_ALIAS, "policies[%zu]", i);
		cr_assert_leq(l.len, DEVIATIONS_MAX);
		if (i == DEVIATIONS_MAX)
			used = arena_used(l.arena);
	}
	cr_assert_eq(l.len, DEVIATIONS_MAX);
	cr_assert_eq(l.list[DEVIATIONS_MAX - 2].code, DEVIATION_ALIAS);
	cr_assert_eq(l.list[DEVIATIONS_MAX - 1].code, DEVIATION_TOO_MANY);
	cr_assert_str_eq(l.list[DEVIATIONS_MAX - 1].where, "");
	cr_assert_eq(arena_used(l.arena), used);
	arena_free(l.arena);
}

Test(deviation, repetitions_do_not_fill_the_list)
{
	struct deviation_list l = {.arena = arena_new(100)};
	int i;

	for (i = 0; i < DEVIATIONS_MAX - 1; i++)
		deviation_add(&l, DEVIATION_ALIAS, "policies[%d]", i);
	deviation_add(&l, DEVIATION_ALIAS, "policies[0]");
	cr_assert_eq(l.len, DEVIATIONS_MAX - 1);
	deviation_add(&l, DEVIATION_ZIP, "%s", "");
	cr_assert_eq(l.len, DEVIATIONS_MAX);
	cr_assert_eq(l.list[l.len - 1].code, DEVIATION_TOO_MANY);
	arena_free(l.arena);
}

Test(deviation, a_long_place_is_cut_to_whole_characters)
{
	struct deviation_list l = {.arena = arena_new(100)};
	char *text = support_repeat('x', 5000);
	const char *where;
	size_t i;

	for (i = 0; i < 4; i++) {
		memcpy(text + 252 + i, "\xf0\x9f\x92\xa3", 4);
		l.len = 0;
		deviation_add(&l, DEVIATION_ALIAS, "%s", text);
		where = l.list[0].where;
		cr_assert_lt(strlen(where), 300);
		cr_assert_eq(
		    utf8_valid_prefix(where, strlen(where)), strlen(where));
		text[252 + i] = 'x';
	}
	free(text);
	arena_free(l.arena);
}
