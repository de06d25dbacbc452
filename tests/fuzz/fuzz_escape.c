/* SPDX-License-Identifier: ISC */

/*
 * Every escaper.  What it wrote is read back by a reader of the format,
 * written plainly and apart from the escaper: nothing dangerous may stand in
 * it, no cell may be a formula, and no harmless character may be lost.
 */

#include "config.h"

#include "base/utf8.h"
#include "fuzz.h"
#include "output/escape.h"

/* Longer texts show nothing new. */
#define TEXT_MAX 1024

/* What was written, and how far it was read back. */
struct written {
	char *data;
	size_t len;
	size_t at;
};

static FILE *
begin(struct written *w)
{
	FILE *f;

	w->at = 0;
	f = open_memstream(&w->data, &w->len);
	check(f != NULL);
	return f;
}

static void
end(struct written *w, FILE *f)
{
	check(fclose(f) == 0);
	check(is_utf8(w->data, w->len));
}

/* What a terminal, a spreadsheet or a page could be moved by: controls, the
 * marks that turn text around, line separators, and what is not seen. */
static bool
is_dangerous(uint32_t cp)
{
	static const uint32_t ranges[][2] = {{0, 0x1f}, {0x7f, 0x9f},
	    {0x61c, 0x61c}, {0x200b, 0x200f}, {0x2028, 0x202e},
	    {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb},
	    {0xe0000, 0xe007f}};
	size_t i;

	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (cp >= ranges[i][0] && cp <= ranges[i][1])
			return true;
	return false;
}

/* Takes n bytes off what was written. */
static void
expect(struct written *w, const void *bytes, size_t n)
{
	check(w->len - w->at >= n);
	check(memcmp(w->data + w->at, bytes, n) == 0);
	w->at += n;
}

/* The character at text, and its length; UINT32_MAX for a byte that is of no
 * character. */
static size_t
char_at(const char *text, uint32_t *cp)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n, i;

	*cp = UINT32_MAX;
	for (n = 1; n <= 4 && !is_utf8(text, n); n++)
		if (p[n - 1] == '\0')
			return 1;
	if (n > 4)
		return 1;
	*cp = n == 1 ? p[0] : p[0] & (0x7fU >> n);
	for (i = 1; i < n; i++)
		*cp = *cp << 6 | (p[i] & 0x3fU);
	return n;
}

/* Takes one character off what was written, which is itself or stands in its
 * place. */
static size_t
expect_char(struct written *w, const char *text)
{
	char shown[16];
	uint32_t cp;
	size_t n = char_at(text, &cp);

	if (cp == UINT32_MAX)
		snprintf(shown, sizeof(shown), "<%02X>",
		    (unsigned)(unsigned char)*text);
	else if (is_dangerous(cp) || utf8_is_dangerous(cp))
		snprintf(shown, sizeof(shown), "<U+%04X>", (unsigned)cp);
	else
		shown[0] = '\0';
	if (shown[0] != '\0')
		expect(w, shown, strlen(shown));
	else
		expect(w, text, n);
	return n;
}

static void
try_text(const char *text)
{
	struct written w;
	FILE *f = begin(&w);
	size_t columns = 0, i;
	uint32_t cp;

	escape_text(f, text);
	end(&w, f);
	for (i = 0; i < w.len; columns += (size_t)utf8_columns(cp)) {
		i += char_at(w.data + i, &cp);
		check(!is_dangerous(cp));
	}
	check(columns == escape_text_columns(text));
	while (*text != '\0')
		text += expect_char(&w, text);
	check(w.at == w.len);
	free(w.data);
}

/* ---- HTML ---- */

/* Puts the characters back that entities stand for, in place: what is left is
 * what escape_text would have written. */
static void
read_html(struct written *w)
{
	static const struct {
		const char *entity;
		char c;
	} entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'},
	    {"&quot;", '"'}, {"&#39;", '\''}};
	size_t i, n, in, out = 0;

	for (in = 0; in < w->len; in += n) {
		n = 1;
		check(strchr("<>\"'", w->data[in]) == NULL);
		w->data[out] = w->data[in];
		for (i = 0; w->data[in] == '&'; i++) {
			check(i < sizeof(entities) / sizeof(entities[0]));
			n = strlen(entities[i].entity);
			if (strncmp(w->data + in, entities[i].entity, n) == 0) {
				w->data[out] = entities[i].c;
				break;
			}
		}
		out++;
	}
	w->data[out] = '\0';
	w->len = out;
}

static void
try_html(const char *text)
{
	struct written w;
	FILE *f = begin(&w);

	escape_html(f, text);
	end(&w, f);
	read_html(&w);
	while (*text != '\0')
		text += expect_char(&w, text);
	check(w.at == w.len);
	free(w.data);
}

/* ---- CSV ---- */

/* Reads what was written as the only cell of a line, in place. */
static void
read_cell(struct written *w, char separator)
{
	bool quoted = w->len > 0 && w->data[0] == '"';
	size_t in, out = 0;

	for (in = quoted; in < w->len; in++) {
		if (quoted && w->data[in] == '"') {
			if (in + 1 == w->len)
				break;
			check(w->data[++in] == '"');
		}
		check(quoted ||
		    (w->data[in] != '"' && w->data[in] != '\n' &&
			w->data[in] != '\t' && w->data[in] != separator));
		check(w->data[in] != '\r');
		w->data[out++] = w->data[in];
	}
	check(quoted == (in < w->len) && in + quoted == w->len);
	w->data[out] = '\0';
	w->len = out;
}

/* True for what a spreadsheet takes for a formula. */
static bool
is_formula(const char *cell)
{
	uint32_t cp;

	cell += strspn(cell, " ");
	char_at(cell, &cp);
	if (cp >= 0xff01 && cp <= 0xff5e)
		cp -= 0xfee0;
	return cp != 0 && cp < 0x80 && strchr("=+-@\t\r\n", (int)cp) != NULL;
}

/* Compares a cell with the text that went into it. */
static void
check_cell(struct written *w, const char *text)
{
	if (is_formula(text))
		expect(w, "'", 1);
	while (*text != '\0') {
		if (text[0] == '\r' && text[1] == '\n')
			text++;
		if (*text == '\n' || *text == '\t')
			expect(w, text++, 1);
		else
			text += expect_char(w, text);
	}
	check(w->at == w->len);
}

static void
try_csv(const char *text, char separator, bool long_digits)
{
	struct written w;
	FILE *f = begin(&w);
	size_t digits = strspn(text, "0123456789");

	escape_csv(f, text, separator, long_digits);
	end(&w, f);
	read_cell(&w, separator);
	if (long_digits && digits >= 12 && text[digits] == '\0') {
		expect(&w, "=\"", 2);
		expect(&w, text, digits);
		expect(&w, "\"", 1);
		check(w.at == w.len);
	} else {
		check(!is_formula(w.data));
		check_cell(&w, text);
	}
	free(w.data);
}

/* ---- JSON ---- */

/* Reads four hexadecimal digits. */
static uint32_t
read_hex(struct written *w)
{
	char digits[5] = "";
	uint32_t v;

	check(w->len - w->at >= 4);
	memcpy(digits, w->data + w->at, 4);
	check(strspn(digits, "0123456789abcdef") == 4);
	v = (uint32_t)strtoul(digits, NULL, 16);
	w->at += 4;
	return v;
}

/* Reads one character of a JSON string. */
static uint32_t
read_json_char(struct written *w)
{
	uint32_t cp, low;

	if (w->data[w->at] != '\\') {
		w->at += char_at(w->data + w->at, &cp);
		check(!is_dangerous(cp) && cp != '"');
		return cp;
	}
	w->at += 2;
	if (w->data[w->at - 1] != 'u') {
		check(strchr("\\\"", w->data[w->at - 1]) != NULL);
		return (unsigned char)w->data[w->at - 1];
	}
	cp = read_hex(w);
	if (cp < 0xd800 || cp > 0xdfff)
		return cp;
	expect(w, "\\u", 2);
	low = read_hex(w);
	check(cp < 0xdc00 && low >= 0xdc00 && low <= 0xdfff);
	return 0x10000 + ((cp & 0x3ff) << 10 | (low & 0x3ff));
}

static void
try_json(const char *text)
{
	struct written w;
	FILE *f = begin(&w);
	uint32_t cp;

	escape_json(f, text);
	end(&w, f);
	expect(&w, "\"", 1);
	while (*text != '\0') {
		text += char_at(text, &cp);
		check(read_json_char(&w) == (cp == UINT32_MAX ? 0xfffd : cp));
	}
	expect(&w, "\"", 1);
	check(w.at == w.len);
	free(w.data);
}

/* A label is what escape_text writes, with quotes and backslashes escaped. */
static void
try_label(const char *text)
{
	struct written plain, w;
	FILE *f = begin(&plain);

	escape_text(f, text);
	end(&plain, f);
	f = begin(&w);
	escape_label(f, text);
	end(&w, f);
	expect(&w, "\"", 1);
	for (; plain.at < plain.len; plain.at++) {
		if (strchr("\"\\", plain.data[plain.at]) != NULL)
			expect(&w, "\\", 1);
		expect(&w, plain.data + plain.at, 1);
	}
	expect(&w, "\"", 1);
	check(w.at == w.len);
	free(plain.data);
	free(w.data);
}

static void
try_host_name(const char *text)
{
	size_t len = strlen(text);
	bool plain = strspn(text,
			 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			 "0123456789.-_") == len;

	check(escape_is_host_name(text) ==
	    (plain && len >= 1 && len <= 253 && strchr("-.", *text) == NULL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[TEXT_MAX + 1];

	if (size > TEXT_MAX)
		size = TEXT_MAX;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	try_text(text);
	try_html(text);
	try_csv(text, ',', false);
	try_csv(text, ';', true);
	try_json(text);
	try_label(text);
	try_host_name(text);
	return 0;
}
