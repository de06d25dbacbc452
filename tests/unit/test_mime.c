/* SPDX-License-Identifier: ISC */

/*
 * The MIME reader: how messages fall into parts, in good order and in bad.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "decode/mime.h"
#include "events.h"
#include "pack.h"
#include "support.h"

static void
expect(const char *message, const char *want)
{
	const struct limits limits = LIMITS_DEFAULT;

	events_expect(&limits, 0, span_of(message), want);
}

/* As expect, for the message with CRLF for each LF too. */
static void
expect_both(const char *message, const char *want)
{
	struct buf in = {.cap = EVENTS_CAP}, out = {.cap = EVENTS_CAP};

	expect(message, want);
	for (; *message != '\0'; message++)
		pack_text(&in, *message == '\n' ? "\r%c" : "%c", *message);
	for (; *want != '\0'; want++)
		pack_text(&out, *want == '\n' ? "\r%c" : "%c", *want);
	expect(buf_string(&in), buf_string(&out));
	buf_free(&in);
	buf_free(&out);
}

Test(mime, a_message_without_parts_is_one_leaf)
{
	expect_both("Subject: x\n\nbody\n", "M0 P1@0{body\n}");
	expect_both("Subject: x\nContent-Type: text/plain\n\n--b\nbody",
	    "M0 P1@0{--b\nbody}");
}

Test(mime, nothing_at_all_is_an_empty_message)
{
	const struct limits limits = LIMITS_DEFAULT;

	events_expect(&limits, 0, (struct span){NULL, 0}, "M0 P1@0{}");
	expect("", "M0 P1@0{}");
	expect("\n", "M0 P1@0{}");
	expect("\r", "M0 P1@0{}");
	expect("\r\n", "M0 P1@0{}");
	expect("-", "M0 P1@0{}");
	expect(":", "M0 P1@0{}");
	expect("Subject: x", "M0 P1@0{}");
	expect("Subject: x\n", "M0 P1@0{}");
	expect("Subject: x\r\n\r\n", "M0 P1@0{}");
}

Test(mime, a_reader_that_was_not_started_has_nothing)
{
	const struct limits limits = LIMITS_DEFAULT;
	struct mime *m = mime_new(&limits);
	struct mime_entity e;

	cr_assert_eq(mime_next(m, &e, NULL), MIME_MESSAGE);
	cr_assert_eq(mime_next(m, &e, NULL), MIME_PART);
	cr_assert_eq(mime_next(m, &e, NULL), MIME_END);
	mime_free(m);
	mime_free(NULL);
}

Test(mime, parts_come_in_order_without_their_last_line_end)
{
	expect_both(MIXED("b") "preamble\n--b\n\none\n--b\nX: y\n\ntwo\n\n--b--"
			       "\nepilogue\n",
	    "M0 P1@1{one} P2@1{two\n}");
}

Test(mime, line_ends_may_be_mixed)
{
	expect("Subject: x\r\nContent-Type: multipart/mixed; boundary=b\n\r\n"
	       "--b\r\n\none\r\n--b\n\r\ntwo\n--b--\r\n",
	    "M0 P1@1{one} P2@1{two}");
	expect("Subject: x\n\r\nbody", "M0 P1@0{body}");
}

Test(mime, a_lone_cr_ends_no_line)
{
	expect(MIXED("b") "--b\n\none\r--b\rtwo\r\n--b--\n",
	    "M0 P1@1{one\r--b\rtwo}");
	expect("Subject: x\rY: z\n\rX: y\n\nbody", "M0 P1@0{body}");
}

Test(mime, doubled_crs_still_end_the_header)
{
	expect("Subject: x\r\r\nContent-Type: multipart/mixed; "
	       "boundary=b\r\r\n\r\r\n--b\r\r\n\r\r\none\r\n--b--\r\r\n",
	    "M0 P1@1{one}");
}

Test(mime, empty_parts_are_parts)
{
	expect_both(MIXED("b") "--b\n--b\n\n--b\n\n\n--b\nX: y\n--b--\n",
	    "M0 P1@1{} P2@1{} P3@1{} P4@1{}");
	expect_both(MIXED("b") "--b--\n--b\n\nepilogue\n", "M0");
	expect_both(MIXED("b") "--b--", "M0");
	expect_both(MIXED("b") "--b", "M0 P1@1{}!");
}

Test(mime, a_boundary_may_be_written_in_many_ways)
{
	static const char *const types[] = {"multipart/mixed; boundary=b:=/?",
	    "multipart/mixed;boundary=b:=/?;x=y",
	    "multipart/mixed; boundary=\"b:=/?\"",
	    "multipart/mixed; BOUNDARY=\"b:=/?\"; x=\"boundary=c\"",
	    "multipart/mixed; boundary=\"b\\:=/?\"",
	    "multipart/mixed; boundary=\"b:=/? \"",
	    "multipart/mixed; boundary=b:=/? \t ",
	    "multipart/mixed; boundary=b:=/? (b (nested\\)) comment)",
	    "multipart/mixed (boundary=c); boundary = b:=/?",
	    "(c) multipart/mixed; (c) boundary (c) = (c) \"b:=/?\" (c)",
	    "multipart/mixed;\n\tx=y;\n boundary=\"b:=/?\"\n ;",
	    "multipart/mixed; boundary*0=b:; boundary*1=\"=/?\"",
	    "multipart/mixed; boundary*=us-ascii'en'b%3a=%2F%3F",
	    "multipart/mixed boundary=b:=/?",
	    "multipart/mixed; boundary=\"b:=/?",
	    "MULTIPART / Mixed ;; boundary=b:=/?; boundary=c",
	    "multipart; boundary=b:=/?", "multipart/; boundary=b:=/?"};
	char message[512];
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		snprintf(message, sizeof(message),
		    "Content-Type: %s\n\n--b:=/?\n\none\n--b:=/?--\n",
		    types[i]);
		expect_both(message, "M0 P1@1{one}");
	}
}

Test(mime, a_boundary_is_no_encoded_word)
{
	expect_both(MIXED("\"=?utf-8?Q?b?=\"") "--=?utf-8?Q?b?=\n\none\n"
					       "--=?utf-8?Q?b?=--\n",
	    "M0 P1@1{one}");
}

Test(mime, a_delimiter_line_is_the_boundary_and_white_space)
{
	struct buf b = support_read("hostile/boundaries-that-almost-match.eml");
	const struct limits limits = LIMITS_DEFAULT;

	events_expect(&limits, 0, (struct span){b.data, b.len},
	    "M0 P1@1{--bb\n--b-\n--b---\n-- b\n --b\n-b\n--B\n--b x\n--b--x}"
	    " P2@1{second}");
	buf_free(&b);
}

Test(mime, one_boundary_may_be_the_start_of_another)
{
	expect_both(MIXED("b") "--b\nContent-Type: multipart/x; boundary=bb\n\n"
			       "--bb\n\none\n--bb--\n--b\nContent-Type: "
			       "multipart/x; boundary=b-\n\n--b-\n\ntwo\n"
			       "--b---\n--b--\n",
	    "M0 P1@2{one} P2@2{two}");
	expect_both(MIXED("bb") "--bb\nContent-Type: multipart/x; boundary=b\n"
				"\n--b\n\none\n--b--\n--bb\n\ntwo\n--bb--\n",
	    "M0 P1@2{one} P2@1{two}");
}

Test(mime, the_inner_of_two_equal_boundaries_counts)
{
	expect_both(MIXED("b") "--b\nContent-Type: multipart/x; boundary=b\n\n"
			       "--b\n\none\n--b--\n--b\n\ntwo\n--b--\n",
	    "M0 P1@2{one} P2@1{two}");
}

Test(mime, parts_behind_the_closing_boundary_are_epilogue)
{
	expect_both(MIXED("b") "--b\n\none\n--b--\n--b\n\ntwo\n--b--\n",
	    "M0 P1@1{one}");
}

Test(mime, a_missing_final_boundary_leaves_the_part_unclosed)
{
	expect_both(
	    MIXED("b") "--b\n\none\n--b\n\ntwo\n", "M0 P1@1{one} P2@1{two\n}!");
	expect_both(MIXED("b") "--b\n\none\n--", "M0 P1@1{one\n--}!");
}

Test(mime, an_outer_boundary_ends_what_is_within)
{
	expect_both(MIXED("o") "--o\nContent-Type: multipart/x; boundary=i\n\n"
			       "--i\n\none\n--o\n\ntwo\n--i\n--o--\n--i\n",
	    "M0 P1@2{one}! P2@1{two\n--i}");
	expect_both(MIXED("o") "--o\nContent-Type: multipart/x; boundary=i\n\n"
			       "--i\n\none\n--o--\n--i\n",
	    "M0 P1@2{one}!");
}

Test(mime, a_multipart_whose_boundary_never_comes_is_a_leaf)
{
	expect_both(MIXED("b") "no\n--c\nparts", "M0 P1@0{no\n--c\nparts}!");
	expect_both(MIXED("b") "", "M0 P1@0{}!");
	expect_both(MIXED("o") "--o\nContent-Type: multipart/x; boundary=i\n\n"
			       "text\n--o\n\ntwo\n--o--\n",
	    "M0 P1@1{text}! P2@1{two}");
}

Test(mime, a_multipart_without_a_boundary_is_a_leaf)
{
	expect_both("Content-Type: multipart/mixed\n\n--b\n\none\n--b--\n",
	    "M0 P1@0{--b\n\none\n--b--\n}");
	expect_both(
	    "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n----\n",
	    "M0 P1@0{--\n----\n}");
	expect_both("Content-Type: multipart/mixed; boundary=\" \"\n\n-- \n",
	    "M0 P1@0{-- \n}");
	expect_both(MIXED("o") "--o\nContent-Type: multipart/mixed\n\ntext\n"
			       "--o--\n",
	    "M0 P1@1{text}");
}

static void
expect_boundary_of(size_t len, const char *want)
{
	char *boundary = support_repeat('b', len);
	struct buf b = {.cap = EVENTS_CAP};

	pack_text(&b, "Content-Type: multipart/mixed; boundary=%s\n\n--%s",
	    boundary, boundary);
	pack_text(&b, "\n\none\n--%s--\n", boundary);
	expect(buf_string(&b), want);
	buf_free(&b);
	free(boundary);
}

Test(mime, boundaries_may_have_998_characters)
{
	struct buf b = {.cap = EVENTS_CAP};
	char *boundary = support_repeat('b', 999);

	expect_boundary_of(1, "M0 P1@1{one}");
	expect_boundary_of(70, "M0 P1@1{one}");
	expect_boundary_of(71, "M0 P1@1{one}");
	expect_boundary_of(998, "M0 P1@1{one}");
	pack_text(&b, "Content-Type: multipart/mixed; boundary=%s\n\n--b\n",
	    boundary);
	expect(buf_string(&b), "M0 P1@0{--b\n}");
	buf_free(&b);
	free(boundary);
}

Test(mime, a_message_within_is_entered)
{
	expect_both(
	    MIXED("o") "--o\nContent-Type: message/rfc822\n\nSubject: i\n"
		       "\ninner\n--o\nContent-Type: MESSAGE/GLOBAL; x=y\n"
		       "Content-Transfer-Encoding: 8bit\n\nX: y\n--o--\n",
	    "M0 M2 P1@2{inner} M2 P2@2{}");
	expect_both("Content-Type: message/rfc822\n\nSubject: i\n\ninner\n",
	    "M0 M1 P1@1{inner\n}");
}

Test(mime, multiparts_within_a_message_within_are_entered)
{
	expect_both(MIXED("o") "--o\nContent-Type: message/rfc822\n\n" MIXED(
			"i") "--i\n\none\n--i\n\ntwo\n--i--\nepilogue\n--o\n\n"
			     "three\n--o--\n",
	    "M0 M2 P1@3{one} P2@3{two} P3@1{three}");
}

Test(mime, a_message_within_ends_with_the_part_around_it)
{
	expect_both(MIXED("o") "--o\nContent-Type: message/rfc822\n\n" MIXED(
			"i") "--i\n\none\n--o\n\ntwo\n--o--\n",
	    "M0 M2 P1@3{one}! P2@1{two}");
	expect_both(MIXED("o") "--o\nContent-Type: message/rfc822\n--o--\n",
	    "M0 M2 P1@2{}");
	expect_both(MIXED("o") "--o\nContent-Type: message/rfc822\n\nSub",
	    "M0 M2 P1@2{}!");
}

Test(mime, an_encoded_message_within_is_a_leaf)
{
	expect_both("Content-Type: message/rfc822\n"
		    "Content-Transfer-Encoding: base64\n\nWDogeQoK",
	    "M0 P1@0{WDogeQoK}");
	expect_both("Content-Type: message/rfc822\nContent-Transfer-Encoding: "
		    "quoted-printable\n\nX: y",
	    "M0 P1@0{X: y}");
	expect_both(
	    "Content-Type: message/delivery-status\n\nX: y", "M0 P1@0{X: y}");
	expect_both("Content-Type: message\n\nX: y", "M0 P1@0{X: y}");
}

Test(mime, a_digest_has_messages_unless_told_otherwise)
{
	expect_both("Content-Type: multipart/digest; boundary=b\n\n--b\n\n"
		    "Subject: i\n\none\n--b\nContent-Type: text/plain\n\ntwo\n"
		    "--b--\n",
	    "M0 M2 P1@2{one} P2@1{two}");
	expect_both("Content-Type: multipart/digest; boundary=o\n\n--o\n"
		    "Content-Type: multipart/mixed; boundary=i\n\n--i\n\none\n"
		    "--i--\n--o\n\nX: y\n--o--\n",
	    "M0 P1@2{one} M2 P2@2{}");
	expect_both("Content-Type: multipart/digest; boundary=b\n\n--b\n"
		    "Content-Transfer-Encoding: base64\n\nWDogeQ==\n--b--\n",
	    "M0 P1@1{WDogeQ==}");
}

Test(mime, empty_lines_before_the_header_are_passed_over)
{
	expect_both("\n\nSubject: x\n\nbody", "M0 P1@0{body}");
	expect_both(MIXED("o") "--o\nContent-Type: message/rfc822\n\n\nX: y\n\n"
			       "one\n--o--\n",
	    "M0 M2 P1@2{one}");
}

Test(mime, empty_lines_before_anything_else_end_an_empty_header)
{
	expect_both("\nbody text\n\nmore", "M0 P1@0{body text\n\nmore}");
	expect_both("\n\n\nbody text", "M0 P1@0{\n\nbody text}");
}

Test(mime, a_line_without_a_colon_does_not_start_the_body)
{
	expect("X: y\nnothing to see\nSubject: x\n\nbody", "M0 P1@0{body}");
}
