/* SPDX-License-Identifier: ISC */

/*
 * Spans: empty ones, ones without bytes, ones with NUL within, and letters
 * that only a locale would call letters.
 */

#include "config.h"

#include <ctype.h>
#include <locale.h>

#include <criterion/criterion.h>

#include "base/span.h"

static const struct span nothing = {NULL, 0};

Test(span, a_string_becomes_a_span)
{
	cr_assert_eq(span_of("abc").len, 3);
	cr_assert_eq(span_of("").len, 0);
	cr_assert_eq(span_of(NULL).len, 0);
	cr_assert_eq(SPAN("a\0b").len, 3);
	cr_assert_eq(SPAN("").len, 0);
}

Test(span, letters_are_those_of_ascii)
{
	int c;

	setlocale(LC_ALL, "C");
	for (c = 0; c < 128; c++) {
		cr_assert_eq(ascii_lower((char)c), (char)tolower(c));
		cr_assert_eq(ascii_is_space((char)c), isspace(c) != 0);
		cr_assert_eq(ascii_is_digit((char)c), isdigit(c) != 0);
		cr_assert_eq(ascii_is_alnum((char)c), isalnum(c) != 0);
	}
	for (; c < 256; c++) {
		cr_assert_eq(ascii_lower((char)c), (char)c);
		cr_assert_not(ascii_is_space((char)c));
		cr_assert_not(ascii_is_digit((char)c));
		cr_assert_not(ascii_is_alnum((char)c));
	}
}

Test(span, comparison_without_regard_to_case)
{
	cr_assert(span_is(SPAN("Content-Type"), "content-TYPE"));
	cr_assert_not(span_is(SPAN("content-typ"), "content-type"));
	cr_assert_not(span_is(SPAN("content-type"), "content-typ"));
	cr_assert_not(span_is(SPAN("a\0b"), "a"));
	cr_assert_not(span_is(SPAN("[`@{"), "{@`["));
	cr_assert_not(span_is(SPAN("\xc4"), "\xe4"));
	cr_assert(span_is(nothing, ""));
	cr_assert_not(span_is(nothing, "a"));
	cr_assert_not(span_is(SPAN("a"), ""));
}

Test(span, starts_and_ends)
{
	cr_assert(span_starts(SPAN("From: x"), "fROM:"));
	cr_assert(span_starts(SPAN("abc"), "abc"));
	cr_assert(span_starts(SPAN("abc"), ""));
	cr_assert_not(span_starts(SPAN("ab"), "abc"));
	cr_assert(span_ends(SPAN("x.json.GZ"), ".gz"));
	cr_assert(span_ends(SPAN(".gz"), ".gz"));
	cr_assert(span_ends(SPAN("abc"), ""));
	cr_assert_not(span_ends(SPAN("gz"), ".gz"));
	cr_assert_not(span_ends(SPAN("x.gz "), ".gz"));
	cr_assert(span_starts(nothing, ""));
	cr_assert(span_ends(nothing, ""));
	cr_assert_not(span_starts(nothing, "a"));
	cr_assert_not(span_ends(nothing, "a"));
}

Test(span, comparison_to_the_letter)
{
	cr_assert(span_equal(SPAN("a\0b"), SPAN("a\0b")));
	cr_assert_not(span_equal(SPAN("a\0b"), SPAN("a\0c")));
	cr_assert_not(span_equal(SPAN("a"), SPAN("A")));
	cr_assert_not(span_equal(SPAN("a"), SPAN("ab")));
	cr_assert(span_equal(nothing, SPAN("")));
	cr_assert(span_equal(nothing, nothing));
}

Test(span, trimming_takes_white_space_from_both_ends)
{
	cr_assert(
	    span_equal(span_trim(SPAN(" \t\r\n\v\f a b \n")), SPAN("a b")));
	cr_assert(span_equal(span_trim(SPAN("ab")), SPAN("ab")));
	cr_assert(span_equal(span_trim(SPAN("\0 ")), SPAN("\0")));
	cr_assert_eq(span_trim(SPAN(" \r\n ")).len, 0);
	cr_assert_eq(span_trim(SPAN("")).len, 0);
	cr_assert_eq(span_trim(nothing).len, 0);
}

Test(span, the_first_place_is_found)
{
	struct span s = SPAN("one Two two");
	char copy[3] = {'a', 'b', 'c'};

	cr_assert_eq(span_find(s, "tWO"), s.p + 4);
	cr_assert_eq(span_find(s, "one"), s.p);
	cr_assert_eq(span_find(s, "o two"), s.p + 6);
	cr_assert_eq(span_find(s, ""), s.p);
	cr_assert_null(span_find(s, "three"));
	cr_assert_null(span_find(s, "two two "));
	cr_assert_null(span_find(SPAN(""), "a"));
	cr_assert_null(span_find(nothing, "a"));
	cr_assert_eq(span_find(SPAN("a\0b"), "b")[-1], '\0');
	/* Nothing beyond the end is looked at. */
	cr_assert_null(span_find((struct span){copy, 3}, "cd"));
	cr_assert_eq(span_find((struct span){copy, 3}, "bc"), copy + 1);
}

Test(span, cutting_takes_what_stands_before)
{
	struct span s = SPAN("a;;b;"), head;

	head = span_cut(&s, ';');
	cr_assert(span_equal(head, SPAN("a")));
	head = span_cut(&s, ';');
	cr_assert_eq(head.len, 0);
	head = span_cut(&s, ';');
	cr_assert(span_equal(head, SPAN("b")));
	cr_assert_eq(s.len, 0);
	head = span_cut(&s, ';');
	cr_assert_eq(head.len, 0);
	cr_assert_eq(s.len, 0);
}

Test(span, cutting_without_the_character_takes_all)
{
	struct span s = SPAN("abc"), head;

	head = span_cut(&s, ';');
	cr_assert(span_equal(head, SPAN("abc")));
	cr_assert_eq(s.len, 0);
	cr_assert_eq(s.p, head.p + 3);
	s = SPAN("a\0b");
	head = span_cut(&s, '\0');
	cr_assert(span_equal(head, SPAN("a")));
	cr_assert(span_equal(s, SPAN("b")));
}

Test(span, cutting_nothing_gives_nothing)
{
	struct span s = nothing, head;

	head = span_cut(&s, ';');
	cr_assert_eq(head.len, 0);
	cr_assert_eq(s.len, 0);
}

Test(span, hexadecimal_digits_come_in_two)
{
	cr_assert_eq(ascii_hex("00", 2), 0);
	cr_assert_eq(ascii_hex("fF", 2), 255);
	cr_assert_eq(ascii_hex("9Ax", 3), 154);
	cr_assert_eq(ascii_hex("99", 1), -1);
	cr_assert_eq(ascii_hex("9", 0), -1);
	cr_assert_eq(ascii_hex("g0", 2), -1);
	cr_assert_eq(ascii_hex("0:", 2), -1);
	cr_assert_eq(ascii_hex("@0", 2), -1);
	cr_assert_eq(ascii_hex("`0", 2), -1);
}

Test(span, white_space_of_a_line_is_trimmed_and_line_ends_stay)
{
	cr_assert(span_equal(span_trim_wsp(SPAN(" \ta b\t ")), SPAN("a b")));
	cr_assert(span_equal(span_trim_wsp(SPAN(" \r\n ")), SPAN("\r\n")));
	cr_assert_eq(span_trim_wsp(SPAN(" \t")).len, 0);
	cr_assert_eq(span_trim_wsp(nothing).len, 0);
}

Test(span, what_is_not_printable_is_copied_as_a_question_mark)
{
	char out[5];

	span_copy_printable(out, sizeof(out), SPAN("a \x7f\xff"));
	cr_assert_str_eq(out, "a ??");
	span_copy_printable(out, sizeof(out), SPAN("\0\n12345"));
	cr_assert_str_eq(out, "??12");
	span_copy_printable(out, sizeof(out), nothing);
	cr_assert_str_eq(out, "");
	span_copy_printable(out, 1, SPAN("a"));
	cr_assert_str_eq(out, "");
}
