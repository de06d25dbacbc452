/* SPDX-License-Identifier: ISC */

/*
 * The escapers: no text whatever may say more than it is to a terminal, a
 * spreadsheet or a shell.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/utf8.h"
#include "output/escape.h"
#include "support.h"

/* ---- text ---- */

static void
check_text(const char *text, const char *want)
{
	char *got = support_written(escape_text, text);

	cr_assert_str_eq(got, want);
	cr_assert_eq(escape_text_columns(text), escape_text_columns(want),
	    "columns of %s", want);
	free(got);
}

Test(escape, harmless_text_passes_untouched)
{
	check_text("", "");
	check_text("mx1.example.com", "mx1.example.com");
	check_text(" !\"#$%&'()~", " !\"#$%&'()~");
	check_text("B\xc3\xbc"
		   "cher \xe6\x97\xa5 \xf0\x9f\x93\xa7",
	    "B\xc3\xbc"
	    "cher \xe6\x97\xa5 \xf0\x9f\x93\xa7");
}

Test(escape, control_and_bidi_characters_are_shown)
{
	check_text("a\nb\tc\rd", "a<U+000A>b<U+0009>c<U+000D>d");
	check_text("\033[31m", "<U+001B>[31m");
	check_text("\x7f", "<U+007F>");
	check_text("\xc2\x9b", "<U+009B>");
	check_text("\xe2\x80\xae", "<U+202E>");
	check_text("\xe2\x81\xa6x", "<U+2066>x");
	check_text("\xef\xbb\xbf", "<U+FEFF>");
	check_text("\xf3\xa0\x80\x81", "<U+E0001>");
	check_text("\xf4\x8f\xbf\xbf", "<U+10FFFF>");
}

Test(escape, bytes_that_are_no_utf8_are_shown)
{
	check_text("\xff", "<FF>");
	check_text("a\xc3", "a<C3>");
	check_text("\xe2\x80", "<E2><80>");
	check_text("\xc0\xaf", "<C0><AF>");
	check_text("\xed\xa0\x80", "<ED><A0><80>");
	check_text("\xf4\x90\x80\x80", "<F4><90><80><80>");
}

Test(escape, wide_and_combining_characters_are_measured)
{
	cr_assert_eq(escape_text_columns("\xe6\x97\xa5"), 2);
	cr_assert_eq(escape_text_columns("e\xcc\x81"), 1);
	cr_assert_eq(escape_text_columns("\x01"), strlen("<U+0001>"));
}

/* Calls check with every text of one to three bytes that begins with each
 * byte but NUL, within others. */
static void
each_short_text(void (*check)(const char *text))
{
	static const unsigned char follow[] = {
	    0, '=', '"', 0x7f, 0x80, 0x9b, 0xa6, 0xae, 0xbf, 0xef};
	unsigned a, b, c;
	char text[4];

	for (a = 1; a < 256; a++)
		for (b = 0; b < sizeof(follow); b++)
			for (c = 0; c < sizeof(follow); c++) {
				text[0] = (char)a;
				text[1] = (char)follow[b];
				text[2] = (char)follow[c];
				text[3] = '\0';
				check(text);
			}
}

static void
check_harmless(const char *text)
{
	char *got = support_written(escape_text, text);
	size_t n, i, len = strlen(got);
	uint32_t cp;

	for (i = 0; i < len; i += n) {
		n = utf8_decode(got + i, len - i, &cp);
		cr_assert_neq(cp, UINT32_MAX);
		cr_assert_not(utf8_is_dangerous(cp), "U+%04X", cp);
	}
	cr_assert_geq(len, strlen(text));
	free(got);
}

Test(escape, no_short_text_at_all_leaves_a_dangerous_character)
{
	each_short_text(check_harmless);
}

/* ---- CSV ---- */

static char *
cell(const char *text, char separator, bool long_digits)
{
	char *got = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&got, &size);

	escape_csv(out, text, separator, long_digits);
	fclose(out);
	return got;
}

static void
check_cell(const char *text, const char *want)
{
	char *got = cell(text, ',', false);

	cr_assert_str_eq(got, want);
	free(got);
}

Test(escape, a_cell_is_quoted_only_where_it_must_be)
{
	check_cell("", "");
	check_cell("example.com", "example.com");
	check_cell("B\xc3\xbc"
		   "cher",
	    "B\xc3\xbc"
	    "cher");
	check_cell("a;b", "a;b");
	check_cell("a,b", "\"a,b\"");
	check_cell("say \"hi\"", "\"say \"\"hi\"\"\"");
	check_cell("\"", "\"\"\"\"");
	check_cell(" a", "\" a\"");
	check_cell("a ", "\"a \"");
	check_cell("a b", "a b");
}

Test(escape, the_other_separator_asks_for_quotes_too)
{
	char *got = cell("a;b,c", ';', false);

	cr_assert_str_eq(got, "\"a;b,c\"");
	free(got);
	got = cell("b,c", ';', false);
	cr_assert_str_eq(got, "b,c");
	free(got);
}

Test(escape, line_ends_and_tabs_stay_within_quotes)
{
	check_cell("250-a\r\n250 b", "\"250-a\n250 b\"");
	check_cell("a\nb", "\"a\nb\"");
	check_cell("a\tb", "\"a\tb\"");
	check_cell("a\rb", "a<U+000D>b");
	check_cell("a\r\r\nb", "\"a<U+000D>\nb\"");
}

Test(escape, a_formula_gets_an_apostrophe)
{
	check_cell("=1+1", "'=1+1");
	check_cell("+1", "'+1");
	check_cell("-1", "'-1");
	check_cell("@SUM(A1)", "'@SUM(A1)");
	check_cell("\t=1", "\"'\t=1\"");
	check_cell("\r=1", "'<U+000D>=1");
	check_cell("\n=1", "\"'\n=1\"");
	check_cell("\r\n=1", "\"'\n=1\"");
	check_cell("=", "'=");
	check_cell("a=1", "a=1");
	check_cell("'=1", "'=1");
}

Test(escape, a_formula_behind_quotes_spaces_or_in_full_width_is_none_either)
{
	check_cell("=a,b", "\"'=a,b\"");
	check_cell("=\"x\"", "\"'=\"\"x\"\"\"");
	check_cell(" =1", "\"' =1\"");
	check_cell("   @x", "\"'   @x\"");
	check_cell("\xef\xbc\x9d"
		   "1",
	    "'\xef\xbc\x9d"
	    "1");
	check_cell("\xef\xbc\x8b"
		   "1",
	    "'\xef\xbc\x8b"
	    "1");
	check_cell("\xef\xbc\x8d"
		   "1",
	    "'\xef\xbc\x8d"
	    "1");
	check_cell("\xef\xbc\xa0"
		   "x",
	    "'\xef\xbc\xa0"
	    "x");
	check_cell("   ", "\"   \"");
	check_cell("\xe2\x80\x8b=1", "<U+200B>=1");
}

Test(escape, dangerous_characters_reach_no_cell)
{
	check_cell("\033[2J", "<U+001B>[2J");
	check_cell("\xe2\x80\xae", "<U+202E>");
	check_cell("\xff", "<FF>");
}

Test(escape, long_digit_strings_stay_text_in_a_spreadsheet)
{
	char *got = cell("12345678901", ',', true);

	cr_assert_str_eq(got, "12345678901");
	free(got);
	got = cell("123456789012", ',', true);
	cr_assert_str_eq(got, "\"=\"\"123456789012\"\"\"");
	free(got);
	got = cell("123456789012x", ',', true);
	cr_assert_str_eq(got, "123456789012x");
	free(got);
	check_cell("123456789012", "123456789012");
}

/* Reads a cell as RFC 4180 says; fails the test if it is none. */
static char *
read_cell(const char *csv)
{
	char *text = support_repeat('x', strlen(csv) + 1), *to = text;
	bool quoted = *csv == '"';

	for (csv += quoted; *csv != '\0'; csv++) {
		cr_assert(quoted || strchr(",\"\r\n", *csv) == NULL);
		if (*csv == '"' && csv[1] == '\0') {
			quoted = false;
			break;
		}
		if (*csv == '"')
			cr_assert_eq(*++csv, '"');
		*to++ = *csv;
	}
	cr_assert_not(quoted, "the quote is never closed");
	*to = '\0';
	return text;
}

static void
check_read_back(const char *text)
{
	char *csv = cell(text, ',', false), *got = read_cell(csv);

	cr_assert(got[0] == '\0' || strchr("=+-@\t\r\n", got[0]) == NULL,
	    "a formula: %s", csv);
	free(got);
	free(csv);
}

Test(escape, any_short_cell_can_be_read_back_and_is_no_formula)
{
	each_short_text(check_read_back);
}

/* ---- host names ---- */

static void
check_label(const char *text, const char *want)
{
	char *got = support_written(escape_label, text);

	cr_expect_str_eq(got, want);
	free(got);
}

Test(escape, a_label_stays_within_its_quotes)
{
	check_label("", "\"\"");
	check_label("a, {b} = c", "\"a, {b} = c\"");
	check_label("\"} 1", "\"\\\"} 1\"");
	check_label("\\", "\"\\\\\"");
	check_label("a\nevil 1\r", "\"a<U+000A>evil 1<U+000D>\"");
	check_label("\xc3\xbc\xff\xe2\x80\xae", "\"\xc3\xbc<FF><U+202E>\"");
}

Test(escape, a_host_name_is_letters_digits_hyphen_dot_underscore)
{
	static const char *const good[] = {"a", "mx1.example.com",
	    "_dmarc.example.com", "xn--bcher-kva.example", "1.2.3.4",
	    "EXAMPLE.com.", "a-b"};
	static const char *const bad[] = {"", "-a", "-oProxyCommand=x", ".",
	    ".a", "a b", "a;b", "$(x)", "`x`", "a\nb", "a/b", "a'b", "a\"b",
	    "a:25", "*.example.com", "b\xc3\xbc", "a\\b", "a&b", "a|b", "a>b",
	    "~", "{mx}", "a,b", "[::1]"};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		cr_assert(escape_is_host_name(good[i]), "%s", good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_not(escape_is_host_name(bad[i]), "%s", bad[i]);
}

Test(escape, a_host_name_has_253_characters_at_most)
{
	char *name = support_repeat('a', 254);

	cr_assert_not(escape_is_host_name(name));
	cr_assert(escape_is_host_name(name + 1));
	free(name);
}

/* ---- HTML ---- */

static void
check_html(const char *text, const char *want)
{
	char *got = support_written(escape_html, text);

	cr_assert_str_eq(got, want);
	free(got);
}

Test(escape, html_has_no_markup)
{
	check_html("", "");
	check_html("mx1.example.com", "mx1.example.com");
	check_html("<script>alert(1)</script>",
	    "&lt;script&gt;alert(1)&lt;/script&gt;");
	check_html(
	    "\" onload='x' &amp;", "&quot; onload=&#39;x&#39; &amp;amp;");
	check_html("]]> <!-- -->", "]]&gt; &lt;!-- --&gt;");
	check_html("B\xc3\xbc"
		   "cher \xf0\x9f\x93\xa7",
	    "B\xc3\xbc"
	    "cher \xf0\x9f\x93\xa7");
}

Test(escape, html_shows_control_and_bidi_characters)
{
	check_html("a\nb\x01", "a&lt;U+000A&gt;b&lt;U+0001&gt;");
	check_html("\xe2\x80\xae", "&lt;U+202E&gt;");
	check_html("\xef\xbf\xbe\xff<", "&lt;U+FFFE&gt;&lt;FF&gt;&lt;");
	check_html("\xf3\xa0\x80\x81", "&lt;U+E0001&gt;");
}
