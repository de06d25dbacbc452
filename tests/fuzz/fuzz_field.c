/* SPDX-License-Identifier: ISC */

/*
 * Header fields.  Of any bytes: texts are UTF-8, pieces lie within the field,
 * a comment in front makes no difference.  Of any text: written into a field
 * in each way that the RFCs know, it is read back to the letter.
 */

#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "decode/auth.h"
#include "decode/candidate.h"
#include "decode/claim.h"
#include "decode/field.h"
#include "decode/transfer.h"
#include "fuzz.h"

/* A longer block has only more fields. */
#define BLOCK_MAX 1000

/* A text that is written into a field. */
#define TEXT_MAX 300

#define COMMENT "(a (nested) \\) comment) "

static const char *const names[] = {"boundary", "filename", "name", "x"};

/* ---- any bytes ---- */

static void
check_text(const char *text, size_t most)
{
	size_t len = strlen(text);

	check(len <= most);
	check(is_utf8(text, len));
}

/* One space between words, and none at the ends. */
static void
check_squeezed(const char *text)
{
	size_t i;

	check(strpbrk(text, "\t\n\v\f\r") == NULL);
	check(strstr(text, "  ") == NULL);
	for (i = 0; text[i] != '\0'; i++)
		check(text[i] != ' ' || (i > 0 && text[i + 1] != '\0'));
}

static bool
are_same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void
read_value(struct arena *a, struct span value)
{
	struct span main = field_main(value);
	const char *text = field_text(a, value);
	char *commented = arena_alloc(a, sizeof(COMMENT) - 1 + value.len);
	struct span with = {commented, sizeof(COMMENT) - 1 + value.len};
	size_t i;

	memcpy(commented, COMMENT, sizeof(COMMENT) - 1);
	if (value.len > 0)
		memcpy(commented + sizeof(COMMENT) - 1, value.p, value.len);
	check_text(text, value.len * 3);
	check_squeezed(text);
	check(main.len <= value.len);
	check(span_equal(main, field_main(with)));
	check(transfer_parse(value) == transfer_parse(with));
	claim_of_type(main);
	claim_of_name(text);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		text = field_parameter(a, value, names[i]);
		check(are_same(text, field_parameter(a, with, names[i])));
		if (text != NULL)
			check_text(text, value.len * 3);
	}
}

static void
check_within(struct span s, struct span whole)
{
	check(s.p >= whole.p && s.p + s.len <= whole.p + whole.len);
}

/* A header block: whether its message is worth fetching is said by one of
 * its fields, whatever the others are. */
static void
read_block(struct arena *a, struct span block)
{
	struct span rest = block, lines;
	struct field f;
	bool likely = false;
	size_t n = 0;

	while (rest.len > 0) {
		lines = field_lines(&rest);
		check_within(lines, block);
		if (!field_parse(lines, &f))
			continue;
		check_within(f.name, lines);
		check_within(f.value, lines);
		check(f.name.len > 0);
		read_value(a, f.value);
		likely = likely || candidate_is_likely(lines);
		n++;
	}
	check(candidate_is_likely(block) == (likely || n == 0));
}

/* A pass must have been said, by the server. */
static void
read_authentication(struct span block)
{
	static struct auth auth;

	auth_read(&auth, block, "");
	check(auth_judge(&auth, "example.com") == AUTH_UNCHECKED);
	auth_read(&auth, block, "mx.example.net");
	check(auth.nsigners <= SIGNERS_MAX);
	if (auth_judge(&auth, "example.com") == AUTH_VERIFIED)
		check(span_find(block, "Authentication-Results") != NULL &&
		    span_find(block, "mx.example.net") != NULL &&
		    span_find(block, "dkim") != NULL &&
		    span_find(block, "pass") != NULL &&
		    span_find(block, "example.com") != NULL);
}

/* ---- any text ---- */

static void
put(struct buf *b, const char *s)
{
	check(buf_append(b, s, strlen(s)) == 0);
}

static void
put_hex(struct buf *b, const char *mark, unsigned char c)
{
	char hex[8];

	snprintf(hex, sizeof(hex), "%s%02X", mark, c);
	put(b, hex);
}

static void
put_quoted(struct buf *b, const char *text)
{
	put(b, "attachment; x=1; filename=\"");
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			put(b, "\\");
		buf_append(b, text, 1);
	}
	put(b, "\"; y=2");
}

static void
put_extended(struct buf *b, const char *text)
{
	put(b, "attachment; filename*=UTF-8'en'");
	for (; *text != '\0'; text++)
		put_hex(b, "%", (unsigned char)*text);
}

/* RFC 2231 3: in pieces of seven bytes, each on a line of its own. */
static void
put_pieces(struct buf *b, const char *text)
{
	char piece[40];
	size_t i;

	put(b, "attachment;\r\n filename*0*=utf-8''");
	for (i = 0; text[i] != '\0'; i++) {
		if (i % 7 == 6) {
			snprintf(piece, sizeof(piece),
			    ";\r\n filename*%zu*=", i / 7 + 1);
			put(b, piece);
		}
		put_hex(b, "%", (unsigned char)text[i]);
	}
}

/* RFC 2047: in words of seven bytes, which may cut a character in two. */
static void
put_q_words(struct buf *b, const char *text)
{
	size_t i;

	put(b, "attachment; filename=\"=?utf-8?Q?");
	for (i = 0; text[i] != '\0'; i++) {
		if (i % 7 == 6)
			put(b, "?=\r\n =?UTF-8?q?");
		put_hex(b, "=", (unsigned char)text[i]);
	}
	put(b, "?=\"");
}

static void
put_b_word(struct buf *b, const char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
				     "mnopqrstuvwxyz0123456789+/";
	size_t len = strlen(text), i, n;
	unsigned bits;

	put(b, "attachment; filename==?utf-8?B?");
	for (i = 0; i < len; i += 3) {
		n = len - i < 3 ? len - i : 3;
		bits = (unsigned)(unsigned char)text[i] << 16;
		if (n > 1)
			bits |= (unsigned)(unsigned char)text[i + 1] << 8;
		if (n > 2)
			bits |= (unsigned char)text[i + 2];
		buf_append(b, &digits[bits >> 18], 1);
		buf_append(b, &digits[bits >> 12 & 63], 1);
		buf_append(b, n > 1 ? &digits[bits >> 6 & 63] : "=", 1);
		buf_append(b, n > 2 ? &digits[bits & 63] : "=", 1);
	}
	put(b, "?=");
}

/* Encoded words in plain text are read as such, and a line end is folding. */
static bool
may_be_quoted(const char *text)
{
	return strstr(text, "=?") == NULL && strpbrk(text, "\r\n") == NULL;
}

static void
write_and_read(struct arena *a, const char *text)
{
	static const struct {
		void (*put)(struct buf *b, const char *text);
		bool is_plain;
	} ways[] = {{put_quoted, true}, {put_extended, false},
	    {put_pieces, false}, {put_q_words, false}, {put_b_word, false}};
	struct buf b = {.cap = TEXT_MAX * 20};
	const char *got;
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (ways[i].is_plain && !may_be_quoted(text))
			continue;
		b.len = 0;
		ways[i].put(&b, text);
		got = field_parameter(
		    a, (struct span){b.data, b.len}, "filename");
		check(got != NULL && strcmp(got, text) == 0);
	}
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span all = {size > 0 ? (const char *)data : "",
	    size < BLOCK_MAX ? size : BLOCK_MAX};
	struct arena *a = arena_new(8192);
	size_t len = all.len < TEXT_MAX ? all.len : TEXT_MAX;

	read_value(a, all);
	read_block(a, all);
	read_authentication(all);
	if (is_utf8(all.p, len) && memchr(all.p, '\0', len) == NULL)
		write_and_read(a, arena_strndup(a, all.p, len));
	arena_free(a);
	return 0;
}
