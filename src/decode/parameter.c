/* SPDX-License-Identifier: ISC */

/*
 * Parameters of header fields.  One pass finds the plain value and counts
 * the pieces of a continued one; only a continued one costs a second pass,
 * into a table with a slot for each piece, since they come in any order.
 */

#include "config.h"

#include <string.h>

#include "base/limits.h"
#include "decode/parameter.h"

/* One "name=value" as it stands. */
struct item {
	struct span name;
	struct span value; /* what stands between the quotes, if quoted */
	bool quoted;
};

/* One "name*3*=value" of a continued parameter. */
struct piece {
	struct item item;
	bool extended; /* percent-encoded */
};

static void
skip(struct span *s, size_t n)
{
	s->p += n;
	s->len -= n;
}

/* Returns the length of the comment at the start of s. */
static size_t
comment_length(struct span s)
{
	size_t i, depth = 0;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '(')
			depth++;
		else if (s.p[i] == ')' && --depth == 0)
			return i + 1;
	}
	return s.len;
}

void
parameter_skip_comments(struct span *s)
{
	while (s->len > 0) {
		if (ascii_is_space(s->p[0]))
			skip(s, 1);
		else if (s->p[0] == '(')
			skip(s, comment_length(*s));
		else
			break;
	}
}

static bool
ends_name(char c)
{
	return c == ';' || c == '=' || c == '(' || c == '"' ||
	    ascii_is_space(c);
}

static struct span
take_name(struct span *s)
{
	struct span name = {s->p, 0};

	while (name.len < s->len && !ends_name(name.p[name.len]))
		name.len++;
	skip(s, name.len);
	return name;
}

/* Takes a quoted string; without its end it takes all. */
static struct span
take_quoted(struct span *s)
{
	struct span text = {s->p + 1, 0};
	size_t i;

	for (i = 1; i < s->len && s->p[i] != '"'; i++)
		if (s->p[i] == '\\' && i + 1 < s->len)
			i++;
	text.len = i - 1;
	skip(s, i < s->len ? i + 1 : i);
	return text;
}

/* Takes a value without quotes.  Several encoded words may follow each
 * other, with white space in between. */
static struct span
take_bare(struct span *s)
{
	struct span text = {s->p, 0};
	struct span rest = *s;

	for (;;) {
		while (rest.len > 0 && rest.p[0] != ';' && rest.p[0] != '(' &&
		    !ascii_is_space(rest.p[0]))
			skip(&rest, 1);
		text.len = (size_t)(rest.p - text.p);
		*s = rest;
		while (rest.len > 0 && ascii_is_space(rest.p[0]))
			skip(&rest, 1);
		if (rest.p == s->p || !span_starts(rest, "=?"))
			return text;
	}
}

/* Takes the next parameter off the front of *s; a word without "=", as the
 * media type itself, is none.  False at the end. */
static bool
take_item(struct span *s, struct item *item)
{
	for (;;) {
		parameter_skip_comments(s);
		if (s->len == 0)
			return false;
		item->name = take_name(s);
		if (item->name.len == 0) {
			skip(s, 1);
			continue;
		}
		parameter_skip_comments(s);
		if (s->len > 0 && s->p[0] == '=')
			break;
	}
	skip(s, 1);
	parameter_skip_comments(s);
	item->quoted = s->len > 0 && s->p[0] == '"';
	item->value = item->quoted ? take_quoted(s) : take_bare(s);
	return true;
}

/* Writes a value without its quoting and folding; returns where it ends. */
static char *
unquote(const struct item *item, char *out)
{
	struct span v = item->value;
	size_t i;

	for (i = 0; i < v.len; i++) {
		if (item->quoted && v.p[i] == '\\' && i + 1 < v.len)
			i++;
		if (v.p[i] != '\r' && v.p[i] != '\n')
			*out++ = v.p[i];
	}
	return out;
}

static char *
percent_decode(const struct item *item, char *out)
{
	struct span v = item->value;
	size_t i;
	int value;

	for (i = 0; i < v.len; i++) {
		value =
		    v.p[i] == '%' ? ascii_hex(v.p + i + 1, v.len - i - 1) : -1;
		*out++ = value == -1 ? v.p[i] : (char)value;
		i += value == -1 ? 0 : 2;
	}
	return out;
}

/* Reads what follows the name of an RFC 2231 parameter: "*", "*0", "*0*".
 * Returns the number of the piece, or limit if it is none or not below. */
static size_t
piece_number(struct span s, size_t limit, bool *extended)
{
	size_t n = 0, i;

	*extended = s.p[s.len - 1] == '*';
	for (i = 1; i < s.len && ascii_is_digit(s.p[i]); i++) {
		n = n * 10 + (size_t)(s.p[i] - '0');
		if (n >= limit)
			return limit;
	}
	if (i < s.len && (i + 1 < s.len || !*extended))
		return limit;
	return n;
}

/* Takes "charset'language'" off the front of an extended value. */
static struct span
take_charset(struct span *value)
{
	struct span rest = *value, charset = span_cut(&rest, '\'');

	if (rest.len == 0 || memchr(rest.p, '\'', rest.len) == NULL)
		return (struct span){value->p, 0};
	span_cut(&rest, '\'');
	*value = rest;
	return charset;
}

/* Joins the pieces from the first one to a missing one. */
static bool
join(struct arena *a, struct piece *pieces, size_t n, struct parameter *out)
{
	size_t i, size = 0;
	char *end;

	for (i = 0; i < n && pieces[i].item.name.len > 0; i++)
		size += pieces[i].item.value.len;
	n = i;
	if (n == 0)
		return false;
	out->charset = (struct span){"", 0};
	out->extended = pieces[0].extended;
	if (out->extended)
		out->charset = take_charset(&pieces[0].item.value);
	out->bytes.p = end = arena_alloc(a, size);
	for (i = 0; i < n; i++)
		end = pieces[i].extended ? percent_decode(&pieces[i].item, end)
					 : unquote(&pieces[i].item, end);
	out->bytes.len = (size_t)(end - out->bytes.p);
	return true;
}

static bool
find_pieces(struct arena *a, struct span value, const char *name, size_t count,
    struct parameter *out)
{
	struct piece *pieces = arena_calloc(a, count, sizeof(*pieces));
	size_t len = strlen(name), n;
	struct piece piece;

	while (take_item(&value, &piece.item)) {
		struct span tail = piece.item.name;

		if (!span_starts(tail, name) || tail.len == len)
			continue;
		skip(&tail, len);
		if (tail.p[0] != '*')
			continue;
		n = piece_number(tail, count, &piece.extended);
		if (n < count && pieces[n].item.name.len == 0)
			pieces[n] = piece;
	}
	return join(a, pieces, count, out);
}

/* Sets out to a value that is whole in itself; most need no copy. */
static void
take_plain(struct arena *a, const struct item *item, struct parameter *out)
{
	char *copy;

	out->bytes = item->value;
	out->charset = (struct span){"", 0};
	out->extended = false;
	if (item->value.len == 0 || !item->quoted ||
	    (memchr(item->value.p, '\\', item->value.len) == NULL &&
		memchr(item->value.p, '\n', item->value.len) == NULL))
		return;
	copy = arena_alloc(a, item->value.len);
	out->bytes.p = copy;
	out->bytes.len = (size_t)(unquote(item, copy) - copy);
}

bool
parameter_find(
    struct arena *a, struct span value, const char *name, struct parameter *out)
{
	struct item item, plain = {{NULL, 0}, {NULL, 0}, false};
	struct span rest = value;
	size_t len = strlen(name), pieces = 0;

	while (take_item(&rest, &item)) {
		if (!span_starts(item.name, name))
			continue;
		if (item.name.len > len && item.name.p[len] == '*')
			pieces += pieces < PARAMETER_PIECES;
		else if (item.name.len == len && plain.name.len == 0)
			plain = item;
	}
	if (pieces > 0 && find_pieces(a, value, name, pieces, out))
		return true;
	if (plain.name.len == 0)
		return false;
	take_plain(a, &plain, out);
	return true;
}
