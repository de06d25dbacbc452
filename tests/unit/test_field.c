/* SPDX-License-Identifier: ISC */

/*
 * Header fields, their parameters and encoded words, as standards have them
 * and as senders write them.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <criterion/criterion.h>

#include "base/die.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "decode/field.h"
#include "pack.h"
#include "support.h"

#define BAD	 UTF8_REPLACEMENT
#define HUGE_CAP ((size_t)64 << 20)

/* A value, or a value and a parameter's name, and what comes of it. */
struct row {
	const char *in;
	const char *want;
};

/* Writes the fields of a block down as "name=value|". */
static void
expect_fields(struct span block, const char *want)
{
	struct buf b = {.cap = HUGE_CAP};
	struct field f;

	while (field_next(&block, &f))
		pack_text(&b, "%.*s=%.*s|", (int)f.name.len, f.name.p,
		    (int)f.value.len, f.value.p);
	cr_assert_eq(block.len, 0);
	cr_assert_str_eq(buf_string(&b), want);
	buf_free(&b);
}

static void
expect_text(struct span value, const char *want)
{
	struct arena *a = arena_new(16);

	cr_assert_str_eq(field_text(a, value), want, "%.*s: got %s",
	    (int)value.len, value.p, field_text(a, value));
	arena_free(a);
}

static void
expect_texts(const struct row *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		expect_text(span_of(rows[i].in), rows[i].want);
}

static void
expect_parameter(struct span value, const char *name, const char *want)
{
	struct arena *a = arena_new(16);
	char *got = field_parameter(a, value, name);

	if (want == NULL)
		cr_assert_null(
		    got, "%.*s: got %s", (int)value.len, value.p, got);
	else
		cr_assert(got != NULL && strcmp(got, want) == 0,
		    "%.*s: got %s, not %s", (int)value.len, value.p, got, want);
	arena_free(a);
}

/* Looks for the parameter "x" in each. */
static void
expect_parameters(const struct row *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		expect_parameter(span_of(rows[i].in), "x", rows[i].want);
}

#define LEN(rows) (sizeof(rows) / sizeof((rows)[0]))

Test(field, fields_come_one_after_the_other)
{
	expect_fields(SPAN(""), "");
	expect_fields((struct span){NULL, 0}, "");
	expect_fields(SPAN("A: b\r\nC:d\nE:\n"), "A= b|C=d|E=|");
	expect_fields(SPAN("A: b"), "A= b|");
	expect_fields(SPAN("A: b\r"), "A= b|");
	expect_fields(SPAN("A:"), "A=|");
}

Test(field, folded_lines_belong_to_the_value)
{
	expect_fields(SPAN("A: b\r\n c\n\td\r\nE: f"), "A= b\r\n c\n\td|E= f|");
	expect_fields(SPAN("A:\n b\n \nC: d"), "A=\n b\n |C= d|");
	expect_fields(SPAN("A: b\n "), "A= b\n |");
}

Test(field, lines_that_are_no_fields_are_passed_over)
{
	expect_fields(SPAN("\r\n\nA: b\n"), "A= b|");
	expect_fields(SPAN(" lost\n\tmore\nA: b\n"), "A= b|");
	expect_fields(SPAN("no colon\n folded: line\nA: b\n"), "A= b|");
	expect_fields(SPAN(": no name\n : x\nA: b\n"), "A= b|");
	expect_fields(SPAN("two words: x\n\303\266: x\nA: b\n"), "A= b|");
	expect_fields(SPAN("From a@example.net 04:00:00\nA: b\n"), "A= b|");
	expect_fields(SPAN("A\0B: x\nA: b\n"), "A= b|");
	expect_fields(SPAN("A \n : x\nB: c\n"), "B= c|");
}

Test(field, white_space_may_stand_before_the_colon)
{
	expect_fields(SPAN("A : b\nC \t :d\n"), "A= b|C=d|");
}

Test(field, a_line_is_asked_for_its_name)
{
	struct span value = {NULL, 0};

	cr_assert(field_is(SPAN("Date: x"), SPAN("Date"), &value));
	cr_assert(span_is(value, " x"));
	cr_assert(field_is(SPAN("DATE \t:"), SPAN("Date"), &value));
	cr_assert_eq(value.len, 0);
	cr_assert_not(field_is(SPAN("Date"), SPAN("Date"), &value));
	cr_assert_not(field_is(SPAN("Date "), SPAN("Date"), &value));
	cr_assert_not(field_is(SPAN("Date x: y"), SPAN("Date"), &value));
	cr_assert_not(field_is(SPAN("Dates: x"), SPAN("Date"), &value));
	cr_assert_not(field_is(SPAN("Dat: x"), SPAN("Date"), &value));
	cr_assert_not(field_is(SPAN(""), SPAN("Date"), &value));
}

Test(field, text_is_unfolded_and_trimmed)
{
	static const struct row rows[] = {{"", ""}, {" \r\n\t ", ""},
	    {" a", "a"}, {"a \t\r\n  b\r\n", "a b"},
	    {" Report Domain:  example.com\r\n\tSubmitter: x ",
		"Report Domain: example.com Submitter: x"},
	    {"=? a ?=", "=? a ?="},
	    {"\303\266\n \303\266", "\303\266 \303\266"}};

	expect_texts(rows, LEN(rows));
	expect_text((struct span){NULL, 0}, "");
}

Test(field, text_that_is_not_utf8_is_replaced)
{
	static const struct row rows[] = {{"a\377b", "a" BAD "b"},
	    {"\303", BAD}, {"\300\200", BAD BAD}, {"\355\240\200", BAD BAD BAD},
	    {"\346", BAD}};

	expect_texts(rows, LEN(rows));
	expect_text(SPAN("a\0b"), "a" BAD "b");
}

Test(field, encoded_words_are_decoded)
{
	static const struct row rows[] = {
	    {"=?utf-8?Q?J=C3=B6rg_x?=", "J\303\266rg x"},
	    {"=?UTF-8?b?SsO2cmc=?=", "J\303\266rg"},
	    {"=?UTF-8?B?SsO2cmc?=", "J\303\266rg"},
	    {"=?iso-8859-1?q?J=F6rg?=", "J\303\266rg"},
	    {"=?windows-1252?q?=80=93=94?=",
		"\342\202\254\342\200\234\342\200\235"},
	    {"=?windows-1252?q?=81=FF=A0?=", BAD "\303\277\302\240"},
	    {"=?us-ascii*en?q?a?=", "a"},
	    {"=?utf-8*de-AT?q?=c3=b6?=", "\303\266"},
	    {"=?koi8-r?q?a=C1?=", "a" BAD}, {"=?utf-8?q?=FF?=", BAD},
	    {"=?utf-8?q?\?=", ""}, {"=?utf-8?b?\?=", ""},
	    {"a =?utf-8?q?b?= c", "a b c"}, {"a=?utf-8?q?b?=c", "abc"},
	    {"=?utf-8?q?_a_?=", "a"}, {"=?utf-8?q?a__=20=0A_b?=", "a b"},
	    {"=?utf-8?q?=00?=", BAD}};

	expect_texts(rows, LEN(rows));
}

Test(field, adjacent_words_are_joined)
{
	static const struct row rows[] = {{"=?utf-8?q?a?= =?utf-8?q?b?=", "ab"},
	    {"=?utf-8?q?a?=\r\n\t =?utf-8?q?b?=", "ab"},
	    {"=?utf-8?q?a?==?utf-8?q?b?=", "ab"},
	    {"=?utf-8?q?a?= x =?utf-8?q?b?=", "a x b"},
	    {"=?utf-8?q?=C3?= =?UTF-8?b?tg==?=", "\303\266"},
	    {"=?utf-8?q?=C3?=x=?UTF-8?b?tg==?=", BAD "x" BAD},
	    {"=?utf-8?q?=C3?= =?iso-8859-1?q?=F6?=", BAD "\303\266"},
	    {"=?utf-8?q?a?= =?iso-8859-1?q?=F6?= =?utf-8?q?b?=", "a\303\266b"}};

	expect_texts(rows, LEN(rows));
}

Test(field, broken_words_stay_as_they_are)
{
	static const char *const rows[] = {"=?utf-8?q?a", "=?utf-8?q?a?",
	    "=?utf-8?q?a ?=", "=?utf-8?q?a b?=", "=?utf-8?x?a?=",
	    "=?utf-8?qq?a?=", "=?utf-8??a?=", "=??q?a?=", "=?",
	    "=?=", "=?=?=?=?=", "=?utf-8?q?=4?=", "=?utf-8?q?=?=",
	    "=?utf-8?q?=xy?=", "=?utf-8?b?Q?=", "=?utf-8?b?QU*D?=",
	    "=?utf-8?b?QQ==QQ==?=", "?utf-8?q?a?=", "=?utf-8"};
	static const struct row around[] = {
	    {"=?utf-8?q?=C3?= =?utf-8?q?=4?= =?utf-8?q?=B6?=",
		BAD " =?utf-8?q?=4?= " BAD},
	    {"=?utf-8?q?a =?utf-8?q?b?=", "=?utf-8?q?a b"},
	    {"=?=?utf-8?q?b?=", "=?b"}};
	size_t i;

	for (i = 0; i < LEN(rows); i++)
		expect_text(span_of(rows[i]), rows[i]);
	expect_texts(around, LEN(around));
}

Test(field, the_main_value_is_without_parameters_and_comments)
{
	static const struct row rows[] = {{"text/plain", "text/plain"},
	    {" text/plain ; charset=x", "text/plain"}, {";x=y", ""}, {"", ""},
	    {"(a (b) \\) c) text/plain (d); x", "text/plain"}, {"(endless", ""},
	    {"((a)", ""}, {"attachment(x", "attachment"},
	    {"\r\n\tattachment\r\n", "attachment"}, {"(a)(b)\n(c)x", "x"},
	    {"text / plain", "text / plain"}, {"a=b", "a=b"},
	    {"text/html name=\"a\"; b=c", "text/html"},
	    {"text/html\r\n\tname*0*=utf-8''x", "text/html"},
	    {"text / plain  x =y", "text / plain"}, {" = a", "= a"}};
	size_t i;

	for (i = 0; i < LEN(rows); i++) {
		struct span in = span_of(rows[i].in), main = field_main(in);

		cr_assert(
		    span_equal(main, span_of(rows[i].want)), "%s", rows[i].in);
		cr_assert(main.p >= in.p && main.p + main.len <= in.p + in.len);
	}
	cr_assert_eq(field_main((struct span){NULL, 0}).len, 0);
}

Test(field, conformance_60_parameters_are_quoted_or_not)
{
	static const char *const values[] = {
	    " multipart/report; report-type=tlsrpt; boundary=b",
	    " multipart/report; report-type=\"tlsrpt\"",
	    " multipart/report; boundary=\"b\"; Report-Type = \"tls\\rpt\" ",
	    " multipart/report;\r\n\treport-type=tlsrpt;\r\n\tboundary=b",
	    " multipart/report; report-type=tlsrpt (TLS; report-type=x)",
	    " multipart/report;report-type=tlsrpt"};
	size_t i;

	for (i = 0; i < LEN(values); i++)
		expect_parameter(span_of(values[i]), "report-type", "tlsrpt");
}

Test(field, parameters_are_read_leniently)
{
	static const struct row rows[] = {{"", NULL}, {"a", NULL},
	    {"a; x", NULL}, {"a; x=", ""}, {"a; x=;y=z", ""}, {"a; x=\"\"", ""},
	    {"a; x=y", "y"}, {"a; X=y; x=z", "y"}, {"a;;; x=y", "y"},
	    {"x=y", "y"}, {"a x=y", "y"}, {"a; xx=y", NULL},
	    {"a; y=\"x=z\"; x=y", "y"}, {"a; y=\"\\\"; x=z\"; x=y", "y"},
	    {"a; (x=z) x=y", "y"}, {"a; y=z x=y", "y"},
	    {"a; y=\"z\" x=\"y\"", "y"}, {"a; y=\"z\"x=\"y\"", "y"},
	    {"a; x=\"y", "y"}, {"a; x=\"y\\", "y\\"}, {"a; x=\"a;b\"", "a;b"},
	    {"a; x=\"a(b)\"", "a(b)"}, {"a; x=a=b/c:d", "a=b/c:d"},
	    {"a; x=\"a\\\\b\\\"\"", "a\\b\""}, {"a; x=\"a\r\n b\"", "a b"},
	    {"a; x=\r\n\t\"y\"\r\n", "y"}, {"a; x =(c)y(c)", "y"},
	    {"a; =z; x=y", "y"}, {"a; \"z\"; x=y", "y"}, {"a; x=y; =", "y"},
	    {"a; x=\377", BAD}, {"a; x=\303\266", "\303\266"},
	    {"a; x=../../y", "../../y"}};

	expect_parameters(rows, LEN(rows));
	expect_parameter((struct span){NULL, 0}, "x", NULL);
	expect_parameter(SPAN("a; x=\"y\0z\""), "x", "y" BAD "z");
}

Test(field, encoded_words_in_parameters_are_decoded)
{
	static const struct row rows[] = {
	    {"a; x=\"=?utf-8?q?=C3=B6?=\"", "\303\266"},
	    {"a; x==?utf-8?q?=C3=B6?=", "\303\266"},
	    {"a; x==?utf-8?b?QUJD?=; y=z", "ABC"},
	    {"a; x==?utf-8?q?a?=\r\n\t=?utf-8?q?b?=; y=z", "ab"},
	    {"a; x==?utf-8?q?a?= y=z", "a"},
	    {"a; x=\"=?utf-8?q?a?=\r\n =?utf-8?q?b?=\"", "ab"},
	    {"a; x=\"=?utf-8?q?a\"", "=?utf-8?q?a"},
	    {"a; x*0=\"=?utf-8?q?a\"; x*1=\"b?=\"", "ab"},
	    {"a; x*=utf-8''=?utf-8?q?a?=", "=?utf-8?q?a?="}};

	expect_parameters(rows, LEN(rows));
}

/* Joins a parameter of n pieces and returns how many there were of them. */
static size_t
joined(size_t n)
{
	struct arena *a = arena_new(4096);
	struct buf b = {.cap = HUGE_CAP};
	size_t i, len;

	pack_text(&b, "attachment");
	for (i = 0; i < n; i++)
		pack_text(&b, "; filename*%zu=x", i);
	len = strlen(
	    field_parameter(a, (struct span){b.data, b.len}, "filename"));
	buf_free(&b);
	arena_free(a);
	return len;
}

Test(field, continuations_are_bound)
{
	cr_assert_eq(joined(PARAMETER_PIECES), PARAMETER_PIECES);
	cr_assert_eq(joined(PARAMETER_PIECES + 1), PARAMETER_PIECES);
	cr_assert_eq(joined(100000), PARAMETER_PIECES);
}

Test(field, conformance_63_continuations_come_in_any_order)
{
	static const struct row rows[] = {{"a; x*0=a; x*1=b", "ab"},
	    {"a; x*1=b; x*0=a", "ab"}, {"a; x*1=\"b;\"; x*0=\"a\"", "ab;"},
	    {"a; x*2=c; x*0=a; y=z; x*1=b", "abc"}, {"a; x*0=a; x*2=c", "a"},
	    {"a; x*1=b", NULL}, {"a; x*0=a; x*0=b", "a"},
	    {"a; xx=y; x*0=a; xx*1=b", "a"}, {"a; x=y; x*0=a; x*1=b", "ab"},
	    {"a; x=y; x*1=b", "y"}, {"a; X*0=a; x*01=b", "ab"},
	    {"a; x*0=a; x*99999999999999999999999=b", "a"},
	    {"a; x*0=a; x*-1=b; x*=c", "a"}, {"a; x*y=b", NULL},
	    {"a; x*0y=b", NULL}, {"a; x*0**=b", NULL},
	    {"a; x*10=k; x*9=j; x*8=i; x*7=h; x*6=g; x*5=f; x*4=e; x*3=d; "
	     "x*2=c; x*1=b; x*0=a",
		"abcdefghijk"}};

	expect_parameters(rows, LEN(rows));
}

Test(field, conformance_63_extended_values_have_a_charset)
{
	static const struct row rows[] = {{"a; x*=utf-8''%c3%B6", "\303\266"},
	    {"a; x*=iso-8859-1'de'%f6", "\303\266"}, {"a; x*=''a%20b", "a b"},
	    {"a; x*=koi8-r''a%c1", "a" BAD}, {"a; x*=utf-8''%ff", BAD},
	    {"a; x*=a%20b", "a b"}, {"a; x*=a'b", "a'b"}, {"a; x*=", ""},
	    {"a; x*=utf-8''", ""}, {"a; x*=utf-8''%", "%"},
	    {"a; x*=utf-8''%4", "%4"}, {"a; x*=utf-8''%zz%41", "%zzA"},
	    {"a; x*=utf-8''a'b''c", "a'b''c"}, {"a; x*=utf-8''%00", BAD},
	    {"a; x*=\"utf-8''%41\"", "A"}, {"a; x=y; x*=utf-8''z", "z"},
	    {"a; x*=utf-8''z; x=y", "z"},
	    {"a; x*0*=utf-8''%c3; x*1*=%b6; x*2=%41", "\303\266%41"},
	    {"a; x*1*=%b6; x*0*=utf-8''%c3", "\303\266"},
	    {"a; x*0=a%41; x*1*=%41'b'c", "a%41A'b'c"}};

	expect_parameters(rows, LEN(rows));
}

/* Reads a value that ends where the sanitizer sees it, cut everywhere. */
static void
read_cut(const char *text)
{
	size_t len = strlen(text), i;
	struct arena *a = arena_new(64);
	struct field f;

	for (i = 0; i <= len; i++) {
		char *copy = xmalloc(i > 0 ? i : 1);
		struct span s = {copy, i};

		memcpy(copy, text, i);
		field_text(a, s);
		field_parameter(a, s, "x");
		field_main(s);
		while (field_next(&s, &f))
			continue;
		free(copy);
	}
	arena_free(a);
}

Test(field, values_may_be_cut_anywhere)
{
	read_cut("(a\\) =?utf-8?q?=C3=B6?= =?utf-8?b?QUJD?= (b)");
	read_cut("a (b) ; x =\"y\\\"\r\n \" ; x*0*=utf-8'de'%41 ; x*1 = \\( ");
	read_cut("a: b\r\n c\r\nd :\r\n\t=?x?q?=FF?= =?x?q?\303\266?=\r\n\r\n");
}

static double
seconds_for(const char *text, size_t n)
{
	struct buf b = {.cap = HUGE_CAP};
	struct arena *a = arena_new(4096);
	struct timespec from, to;
	double best = 1e9, s;
	size_t i;

	buf_append(&b, "x; x=\"", 6);
	for (i = 0; i < n; i++)
		buf_append(&b, text, strlen(text));
	for (i = 0; i < 5; i++) {
		arena_reset(a);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		field_text(a, (struct span){b.data, b.len});
		field_text(a, (struct span){b.data + 6, b.len - 6});
		field_parameter(a, (struct span){b.data, b.len}, "x");
		field_parameter(a, (struct span){b.data + 6, b.len - 6}, "x");
		field_main((struct span){b.data + 6, b.len - 6});
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		s = (double)(to.tv_sec - from.tv_sec) +
		    (double)(to.tv_nsec - from.tv_nsec) / 1e9;
		best = s < best ? s : best;
	}
	arena_free(a);
	buf_free(&b);
	return best;
}

Test(field, ten_times_the_input_takes_ten_times_the_time)
{
	static const char *const attacks[] = {"=?", "=?a", "=?a?q?", "=?a?q?b",
	    "=?a?q?=4?= ", "=?a?q?=FF?= ", "=?utf-8?b?w?=", "((", "(\\", "\"",
	    "\\\"", "; x*0", ";x*1=\"", ";x*0*=a'", ";x*9=", " ", " \n",
	    "=?utf-8?q?a?= x", "x==?a ", "\377", "%4"};
	double small, large;
	size_t i;

	for (i = 0; i < LEN(attacks); i++) {
		small = seconds_for(attacks[i], 10000);
		large = seconds_for(attacks[i], 100000);
		/* Quadratic time would be a hundred times; caches and other
		 * programs blur ten. */
		cr_assert(large < 0.02 || large < 40 * small,
		    "\"%s\": %g s, then %g s", attacks[i], small, large);
	}
}
