/* SPDX-License-Identifier: ISC */

/*
 * JSON: grammar to the letter, bounds on both sides, and what becomes of
 * text that should not be in a string.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/die.h"
#include "base/span.h"
#include "decode/json.h"
#include "support.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct limits limits;
static struct json *json;
static struct err err;
static unsigned quirks;

static void
setup(void)
{
	limits = LIMITS_DEFAULT;
	json = json_new(&limits);
}

static void
teardown(void)
{
	json_free(json);
}

TestSuite(json, .init = setup, .fini = teardown);

static void
use_limits(const struct limits *l)
{
	json_free(json);
	json = json_new(l);
}

/* Parses a copy that ends where its text ends, so that reading on is seen. */
static const struct json_value *
parse(struct span text)
{
	char *copy = xmalloc(text.len + (text.len == 0));
	const struct json_value *v;

	if (text.len > 0)
		memcpy(copy, text.p, text.len);
	err = (struct err){0};
	v = json_parse(json, (struct span){copy, text.len}, &quirks, &err);
	free(copy);
	return v;
}

static const struct json_value *
member(const struct json_value *object, const char *name)
{
	const struct json_value *v;

	for (v = json_first(object); v != NULL; v = json_next(v))
		if (strcmp(json_name(v), name) == 0)
			return v;
	return NULL;
}

/* Parses a string in quotes and returns what it holds. */
static const char *
parse_string(struct span text)
{
	const struct json_value *v = parse(text);

	cr_assert_not_null(v, "%s", err.text);
	return json_string(v);
}

Test(json, every_kind_of_value_is_read)
{
	const struct json_value *v =
	    parse(SPAN("{\"n\":null,\"t\":true,\"f\":false,\"i\":42,"
		       "\"s\":\"text\",\"a\":[1,2,3],\"o\":{\"x\":{}}}"));
	double d;

	cr_assert_not_null(v, "%s", err.text);
	cr_assert_eq(quirks, 0U);
	cr_assert_eq(json_type(v), JSON_OBJECT);
	cr_assert_eq(json_count(v), 7U);
	cr_assert_str_eq(json_name(v), "");
	cr_assert_eq(json_type(member(v, "n")), JSON_NULL);
	cr_assert_eq(json_type(member(v, "t")), JSON_BOOL);
	cr_assert_eq(json_type(member(v, "f")), JSON_BOOL);
	cr_assert_eq(json_type(member(v, "i")), JSON_NUMBER);
	cr_assert(json_number(member(v, "i"), &d));
	cr_assert_eq(d, 42.0);
	cr_assert_str_eq(json_string(member(v, "s")), "text");
	cr_assert_eq(json_type(member(v, "a")), JSON_ARRAY);
	cr_assert_eq(json_count(member(v, "a")), 3U);
	cr_assert_eq(json_type(json_first(member(v, "o"))), JSON_OBJECT);
}

Test(json, getters_are_strict_about_types)
{
	const struct json_value *v = parse(SPAN("[\"1\",1,null,[],{}]"));
	double d = -1;

	cr_assert_not_null(v);
	cr_assert_null(json_string(v));
	v = json_first(v);
	cr_assert_not(json_number(v, &d));
	cr_assert_eq(d, -1.0);
	cr_assert_null(json_first(v));
	v = json_next(v);
	cr_assert_null(json_string(v));
	cr_assert_null(json_first(v));
	v = json_next(v);
	cr_assert_null(json_string(v));
	cr_assert_not(json_number(v, &d));
	v = json_next(v);
	cr_assert_null(json_first(v));
	cr_assert_eq(json_count(v), 0U);
	v = json_next(v);
	cr_assert_null(json_first(v));
	cr_assert_null(json_next(v));
}

static const char *const good[] = {"0", "-0", "1", "-1", "10", "0.5", "1e3",
    "1E+3", "1e-3", "-1.25e+10", "true", "false", "null", "\"\"", "[]", "{}",
    " [ ] ", "\t{\r\n}\n", "[1,2]", "{\"a\":1,\"b\":2}", "[[],[[]]]",
    "{\"\":0}", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"", "\"\x7f\"",
    "\"\xc3\xa9\"", "\"\xf0\x9f\x93\xac\"", "1e400",
    "123456789012345678901234567890123456789012345678901234567890123"};

Test(json, what_rfc_8259_allows_is_taken)
{
	size_t i;

	for (i = 0; i < COUNT(good); i++) {
		cr_expect_not_null(
		    parse(span_of(good[i])), "%s: %s", good[i], err.text);
		cr_expect_eq(quirks, 0U, "%s", good[i]);
	}
}

static const char *const bad[] = {"", " ", "01", "-01", "00", "1.", ".5", "+1",
    "-", "--1", "1e", "1e+", "1.e3", "1.5.2", "0x10", "1_000", "Infinity",
    "NaN", "nul", "nulll", "True", "tru", "undefined", "[", "]", "[1", "[1,",
    "[1,]", "[,1]", "[,]", "[1 2]", "[1;2]", "[1}", "{", "}", "{]", "{1:2}",
    "{a:1}", "{'a':1}", "{\"a\"}", "{\"a\":}", "{\"a\" 1}", "{\"a\":1,}", "{,}",
    "{\"a\":1 \"b\":2}", "{\"a\"::1}", "\"", "\"a", "\"\\", "\"\\\"",
    "\"\\x41\"", "\"\\a\"", "\"\\u\"", "\"\\u12\"", "\"\\u12g4\"",
    "\"\\u+123\"", "\"\\U0041\"", "'a'", "1 2", "{}{}", "[]x", "{} //",
    "/**/{}", "{}\x1a", "\x01{}", "[\x0b]", "\xff\xfe{}", "\xef\xbb",
    "\xef\xbb\xbf", "{\xc2\xa0}", "{}\xef\xbb\xbf", "1a", "1\"",
    "1234567890123456789012345678901234567890123456789012345678901234"};

Test(json, what_rfc_8259_forbids_is_refused)
{
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		cr_expect_null(parse(span_of(bad[i])), "%s", bad[i]);
		cr_expect_eq(err.code, ERR_DATA, "%s", bad[i]);
		cr_expect_neq(err.text[0], '\0', "%s", bad[i]);
	}
}

Test(json, a_text_cut_anywhere_is_refused)
{
	struct span s = SPAN("{\"a\\u00e9\":[1.5e1,true,{\"b\":\"\\ud83d"
			     "\\udcec\xc3\xa9\"}],\"c\":null}");
	size_t len;

	cr_assert_not_null(parse(s), "%s", err.text);
	for (len = 0; len < s.len; len++)
		cr_expect_null(parse((struct span){s.p, len}), "%zu", len);
}

Test(json, an_error_names_line_and_column)
{
	cr_assert_null(parse(SPAN("{\"a\":1,\n \"\xc3\xa9\":01}")));
	cr_assert_str_eq(
	    err.text, "JSON line 2, column 6: not a number (RFC 8259 6)");
	cr_assert_null(parse(SPAN("{\"a\":1")));
	cr_assert_str_eq(
	    err.text, "JSON line 1, column 7: the JSON ends too early");
	cr_assert_null(parse((struct span){NULL, 0}));
	cr_assert_str_eq(
	    err.text, "JSON line 1, column 1: the JSON ends too early");
}

Test(json, depth_is_bound_on_both_sides)
{
	struct limits l = limits;
	char text[64];

	l.json_depth = 3;
	use_limits(&l);
	cr_assert_not_null(parse(SPAN("[{\"a\":[1]}]")), "%s", err.text);
	cr_assert_null(parse(SPAN("[{\"a\":[[]]}]")));
	cr_assert_eq(err.code, ERR_BOUND);
	cr_assert_not_null(strstr(err.text, "json_depth (3)"));

	use_limits(&limits);
	memset(text, '[', 32);
	memset(text + 32, ']', 32);
	cr_assert_not_null(parse((struct span){text, 64}), "%s", err.text);
	memset(text, '[', 33);
	cr_assert_null(parse((struct span){text, 64}));
	cr_assert_eq(err.code, ERR_BOUND);
}

Test(json, values_are_counted_on_both_sides)
{
	struct limits l = limits;

	l.json_values = 4;
	use_limits(&l);
	cr_assert_not_null(parse(SPAN("{\"a\":1,\"b\":[2]}")), "%s", err.text);
	cr_assert_null(parse(SPAN("{\"a\":1,\"b\":[2,3]}")));
	cr_assert_eq(err.code, ERR_BOUND);
	cr_assert_not_null(strstr(err.text, "json_values (4)"));
}

Test(json, a_flood_of_values_is_refused_by_the_default)
{
	size_t n = limits.json_values, i;
	char *text = xmalloc(2 * n + 4);

	text[0] = '[';
	for (i = 0; i < n; i++)
		memcpy(text + 1 + 2 * i, "1,", 2);
	text[2 * n] = ']';
	cr_assert_null(parse((struct span){text, 2 * n + 1}));
	cr_assert_eq(err.code, ERR_BOUND);
	free(text);
}

Test(json, bytes_are_bound_on_both_sides)
{
	struct limits l = limits;

	l.json_bytes = 4;
	use_limits(&l);
	cr_assert_not_null(parse(SPAN("[12]")), "%s", err.text);
	cr_assert_null(parse(SPAN("[123]")));
	cr_assert_eq(err.code, ERR_BOUND);
	cr_assert_not_null(strstr(err.text, "json_bytes (4)"));
}

Test(json, mending_stays_within_the_bound_of_bytes)
{
	struct limits l = limits;

	l.json_bytes = 10;
	use_limits(&l);
	cr_assert_str_eq(parse_string(SPAN("\"ab\x01\"")), "ab\x01");
	cr_assert_null(parse(SPAN("\"abc\x01\"")));
	cr_assert_eq(err.code, ERR_BOUND);
	cr_assert_not_null(strstr(err.text, "json_bytes"));
	cr_assert_str_eq(parse_string(SPAN("\"ab\x01\"")), "ab\x01");
}

Test(json, a_byte_order_mark_is_passed_over)
{
	cr_assert_not_null(parse(SPAN("\xef\xbb\xbf{\"a\":1}")));
	cr_assert_eq(quirks, (unsigned)JSON_HAS_BOM);
	cr_assert_null(parse(SPAN("\xef\xbb\xbf\xef\xbb\xbf{}")));
}

Test(json, nul_bytes_behind_the_value_are_passed_over)
{
	cr_assert_not_null(parse(SPAN("{\"a\":1}\n\0\0\0")));
	cr_assert_eq(quirks, (unsigned)JSON_HAS_TRAILING_NUL);
	cr_assert_not_null(parse(SPAN("{}\0\r\n\0")));
	cr_assert_null(parse(SPAN("{}\0{}")));
	cr_assert_null(parse(SPAN("\0{}")));
	cr_assert_null(parse(SPAN("[\0]")));
}

/* Text that is mended, and what becomes of it. */
static const struct {
	struct span text;
	struct span mended;
} mends[] = {
    {{"\"a\xff\"", 4}, {"a\xef\xbf\xbd", 4}},
    {{"\"\xc3\"", 3}, {"\xef\xbf\xbd", 3}},
    {{"\"\xc0\x80\"", 4}, {"\xef\xbf\xbd\xef\xbf\xbd", 6}},
    {{"\"\xed\xa0\x80\"", 5}, {"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 9}},
    {{"\"\\ud800\"", 8}, {"\xef\xbf\xbd", 3}},
    {{"\"\\udc00\"", 8}, {"\xef\xbf\xbd", 3}},
    {{"\"\\ud83dx\"", 9}, {"\xef\xbf\xbdx", 4}},
    {{"\"\\ud83d\\n\"", 10}, {"\xef\xbf\xbd\n", 4}},
    {{"\"\\ud83d\\u0041\"", 14},
	{"\xef\xbf\xbd"
	 "A",
	    4}},
    {{"\"\\ud83d\\ud83d\\udcec\"", 20}, {"\xef\xbf\xbd\xf0\x9f\x93\xac", 7}},
    {{"\"\\udcec\\ud83d\"", 14}, {"\xef\xbf\xbd\xef\xbf\xbd", 6}},
    {{"\"a\\u0000b\"", 10},
	{"a\xef\xbf\xbd"
	 "b",
	    5}},
    {{"\"a\0b\"", 5},
	{"a\xef\xbf\xbd"
	 "b",
	    5}},
    {{"\"a\tb\"", 5}, {"a\tb", 3}},
    {{"\"a\r\nb\"", 6}, {"a\r\nb", 4}},
    {{"\"\b\f\v\x1f\x01\"", 7}, {"\b\f\v\x1f\x01", 5}},
    {{"\"\\\"\x01\\\\\"", 7}, {"\"\x01\\", 3}},
    /* noncharacters are noted and kept */
    {{"\"\xef\xbf\xbe\"", 5}, {"\xef\xbf\xbe", 3}},
    {{"\"\\ufdd0\"", 8}, {"\xef\xb7\x90", 3}},
    {{"\"\\ud83f\\udfff\"", 14}, {"\xf0\x9f\xbf\xbf", 4}},
};

Test(json, conformance_53_unfit_text_is_replaced_and_reported)
{
	const char *s;
	size_t i;

	for (i = 0; i < COUNT(mends); i++) {
		s = parse_string(mends[i].text);
		cr_expect(
		    span_equal(span_of(s), mends[i].mended), "%zu: %s", i, s);
		cr_expect_eq(quirks, (unsigned)JSON_HAS_BAD_TEXT, "%zu", i);
	}
}

Test(json, every_byte_at_every_offset_of_a_word_is_judged_alike)
{
	char text[20];
	size_t at;
	int c;
	bool plain;

	for (at = 0; at < 16; at++)
		for (c = 0; c < 256; c++) {
			memset(text, 'x', sizeof(text));
			text[0] = text[17] = '"';
			text[1 + at] = (char)c;
			plain = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
			if (c == '"' || c == '\\') {
				cr_expect_null(parse((struct span){text, 18}));
				continue;
			}
			cr_expect_not_null(parse((struct span){text, 18}));
			cr_expect_eq(quirks == 0, plain, "%d at %zu", c, at);
		}
}

Test(json, good_escapes_are_no_quirk)
{
	cr_assert_str_eq(parse_string(SPAN("\"\\u00e9\\ud83d\\udcec\\ufffd\"")),
	    "\xc3\xa9\xf0\x9f\x93\xac\xef\xbf\xbd");
	cr_assert_eq(quirks, 0U);
}

Test(json, names_are_mended_too)
{
	const struct json_value *v =
	    parse(SPAN("{\"a\xff\":1,\"b\\u0000c\":2}"));

	cr_assert_not_null(v, "%s", err.text);
	cr_assert_str_eq(json_name(json_first(v)), "a\xef\xbf\xbd");
	cr_assert_not_null(member(v,
	    "b\xef\xbf\xbd"
	    "c"));
}

static const char *const duplicates[] = {"{\"a\":1,\"a\":2}",
    "{\"a\":1,\"\\u0061\":1}", "[{\"b\":{\"a\":[{\"x\":0,\"x\":0}]}}]",
    "{\"\":1,\"\":2}", "{\"\\/\":1,\"/\":2}",
    "{\"a\":{},\"b\":{},\"c\":{},\"a\":{}}",
    "{\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0,\"7\":0,\"8\":0,"
    "\"9\":0,\"10\":0,\"11\":0,\"12\":0,\"13\":0,\"14\":0,\"15\":0,"
    "\"16\":0,\"1\":0}"};

Test(json, conformance_52_a_name_that_stands_twice_is_refused)
{
	size_t i;

	for (i = 0; i < COUNT(duplicates); i++) {
		cr_expect_null(
		    parse(span_of(duplicates[i])), "%s", duplicates[i]);
		cr_expect_eq(err.code, ERR_DATA);
		cr_expect_not_null(strstr(err.text, "twice"), "%s", err.text);
	}
	cr_assert_not_null(parse(SPAN("{\"a\":{\"a\":1},\"A\":[{\"a\":1},"
				      "{\"a\":1}]}")),
	    "%s", err.text);
}

Test(json, a_name_that_stands_twice_is_located)
{
	cr_assert_null(parse(SPAN("{\"policies\":[1,{\"summary\":{\"x\":1,"
				  "\"x\":1}}]}")));
	cr_assert_str_eq(err.text,
	    "policies[1].summary: the name \"x\" "
	    "stands twice (RFC 7493 2.3)");
	cr_assert_null(parse(SPAN("{\"x\":1,\"x\":1}")));
	cr_assert_str_eq(
	    err.text, "the name \"x\" stands twice (RFC 7493 2.3)");
}

/* Writes an object of n members, all of value 0; the last is called last. */
static char *
wide_object(size_t n, const char *last)
{
	char *text = xmalloc(n * 16 + 64), *p = text;
	size_t i;

	*p++ = '{';
	for (i = 0; i + 1 < n; i++)
		p += snprintf(p, 16, "\"m%zu\":0,", i);
	snprintf(p, 64, "\"%s\":0}", last);
	return text;
}

Test(json, many_names_are_compared_in_little_time, .timeout = 20)
{
	char *text = wide_object(300000, "last");

	cr_assert_not_null(parse(span_of(text)), "%s", err.text);
	free(text);
	text = wide_object(300000, "m0");
	cr_assert_null(parse(span_of(text)));
	free(text);
}

Test(json, as_many_names_as_are_compared_in_pairs_and_one_more)
{
	size_t n;
	char *text;

	for (n = 15; n < 20; n++) {
		text = wide_object(n, "last");
		cr_expect_not_null(parse(span_of(text)), "%zu", n);
		free(text);
		text = wide_object(n, "m0");
		cr_expect_null(parse(span_of(text)), "%zu", n);
		free(text);
	}
}

static const char *const numbers[] = {"0", "7", "999999999999999",
    "1000000000000000", "9007199254740993", "133925885310113267", "-1", "-0",
    "1.50", "1e400", "0.1",
    "123456789012345678901234567890123456789012345678901234567890123"};

Test(json, numbers_keep_the_digits_they_were_written_with)
{
	char text[128], tmp[JSON_SCALAR_SIZE];
	const struct json_value *v;
	size_t i;

	for (i = 0; i < COUNT(numbers); i++) {
		snprintf(
		    text, sizeof(text), "[1,{\"a\":[2.5]},%s,3]", numbers[i]);
		v = parse(span_of(text));
		cr_assert_not_null(v, "%s", err.text);
		v = json_next(json_next(json_first(v)));
		cr_expect_str_eq(json_scalar_text(v, tmp), numbers[i]);
		cr_expect_str_eq(json_scalar_text(json_next(v), tmp), "3");
	}
}

Test(json, scalars_have_text_and_containers_none)
{
	char tmp[JSON_SCALAR_SIZE];
	const struct json_value *v =
	    parse(SPAN("[\"s\",true,false,null,[],{}]"));

	cr_assert_not_null(v);
	cr_assert_null(json_scalar_text(v, tmp));
	v = json_first(v);
	cr_assert_str_eq(json_scalar_text(v, tmp), "s");
	v = json_next(v);
	cr_assert_str_eq(json_scalar_text(v, tmp), "true");
	v = json_next(v);
	cr_assert_str_eq(json_scalar_text(v, tmp), "false");
	for (v = json_next(v); v != NULL; v = json_next(v))
		cr_assert_null(json_scalar_text(v, tmp));
}

Test(json, a_reader_serves_after_an_error)
{
	cr_assert_null(parse(SPAN("{\"a\":[1,2")));
	cr_assert_not_null(parse(SPAN("{\"a\":[1,2]}")));
	cr_assert_null(parse(SPAN("{\"a\":\"\xff\",\"a\":1}")));
	cr_assert_str_eq(parse_string(SPAN("\"ok\"")), "ok");
	cr_assert_eq(quirks, 0U);
	json_free(NULL);
}

Test(json, two_readers_do_not_disturb_each_other)
{
	struct json *other = json_new(&limits);
	const struct json_value *v = parse(SPAN("[\"first\"]"));
	unsigned q;

	cr_assert_not_null(json_parse(other, SPAN("[\"other\"]"), &q, &err));
	cr_assert_str_eq(json_string(json_first(v)), "first");
	json_free(other);
	cr_assert_str_eq(json_string(json_first(v)), "first");
}
