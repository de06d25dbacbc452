/* SPDX-License-Identifier: ISC */

/*
 * A look at JSON text before the library sees it.  The library takes things
 * that are not JSON, cuts strings at a NUL, recurses as deep as the text is
 * nested and pays 64 bytes for a value of two: so grammar, text and bounds
 * are judged here, in one pass over bytes and with a stack of our own.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/limits.h"
#include "decode/jsonstring.h"
#include "decode/jsontext.h"

#define BOM "\xef\xbb\xbf"

/* As many decimal digits fit any double (DBL_DIG). */
#define PLAIN_DIGITS 15

/*
 * A scan under way.  What passes a piece of text takes its place and returns
 * the place behind it, or NULL once err is set: so the place, which each byte
 * moves, stays in a register.
 */
struct scan {
	const char *start; /* of the text, for line and column */
	const char *end;
	struct jsontext *t;
	const struct limits *limits;
	size_t depth;
	size_t values;
	size_t numbers;
	struct err *err;
};

/* Sets err with the line and the column, in characters, of place at.
 * Returns NULL. */
static const char *
fail_at(struct scan *s, const char *at, const char *what)
{
	size_t line = 1, column = 1;
	const char *p;

	for (p = s->start; p < at; p++) {
		if (*p == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)*p & 0xc0) != 0x80) {
			column++;
		}
	}
	err_set(s->err, ERR_DATA, "JSON line %zu, column %zu: %s", line, column,
	    what);
	return NULL;
}

static const char *
fail_bound(struct scan *s, const char *name, size_t bound)
{
	err_set(
	    s->err, ERR_BOUND, "JSON exceeds the bound %s (%zu)", name, bound);
	return NULL;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline const char *
skip_space(const char *p, const char *end)
{
	while (p < end && is_space(*p))
		p++;
	return p;
}

static const char *
skip_digits(const char *p, const char *end)
{
	while (p < end && ascii_is_digit(*p))
		p++;
	return p;
}

/* Passes a string, quote at p, that is not just plain characters. */
static const char *
scan_odd_string(struct scan *s, const char *p)
{
	unsigned found = 0;
	const char *wrong = jsonstring_scan(&p, s->end, &found);

	if (wrong != NULL)
		return fail_at(s, p, wrong);
	if (found != 0)
		s->t->quirks |= JSON_HAS_BAD_TEXT;
	if ((found & JSONSTRING_UNFIT) != 0)
		s->t->needs_mending = true;
	return p;
}

/* Passes a string, whose opening quote is at p. */
static inline const char *
scan_string(struct scan *s, const char *p)
{
	const char *behind = jsonstring_skip_plain(p + 1, s->end);

	if (behind < s->end && *behind == '"')
		return behind + 1;
	return scan_odd_string(s, p);
}

/* Keeps where a number stands. */
static void
keep_number(struct jsontext *t, size_t ordinal, struct span text)
{
	if (t->nnumbers == t->numbers_size) {
		t->numbers_size = t->numbers_size * 2 + 16;
		t->numbers = xreallocarray(
		    t->numbers, t->numbers_size, sizeof(*t->numbers));
	}
	t->numbers[t->nnumbers++] = (struct jsontext_number){ordinal, text};
}

/* Passes the digits of a number and what may stand behind them, its fraction
 * and exponent (RFC 8259 6).  Returns NULL if digits are missing. */
static const char *
skip_number(const char *p, const char *end)
{
	const char *digits = p;

	p = p < end && *p == '0' ? p + 1 : skip_digits(p, end);
	if (p == digits)
		return NULL;
	if (p < end && *p == '.') {
		digits = p + 1;
		p = skip_digits(digits, end);
		if (p == digits)
			return NULL;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		digits = p < end && (*p == '+' || *p == '-') ? p + 1 : p;
		p = skip_digits(digits, end);
		if (p == digits)
			return NULL;
	}
	return p;
}

/* Passes a number of any form. */
static const char *
scan_odd_number(struct scan *s, const char *start)
{
	const char *p = skip_number(start + (*start == '-'), s->end);
	size_t len;

	if (p == NULL || (p < s->end && (ascii_is_alnum(*p) || *p == '.')))
		return fail_at(s, start, "not a number (RFC 8259 6)");
	len = (size_t)(p - start);
	if (len > JSON_NUMBER_MAX)
		return fail_at(s, start, "a number of more than 63 characters");
	keep_number(s->t, s->numbers++, (struct span){start, len});
	return p;
}

/* Passes a number (RFC 8259 6), which nearly always is a few digits. */
static const char *
scan_number(struct scan *s, const char *start)
{
	const char *p = skip_digits(start, s->end);

	if (p == start || p - start > PLAIN_DIGITS ||
	    (*start == '0' && p - start > 1) ||
	    (p < s->end && (ascii_is_alnum(*p) || *p == '.')))
		return scan_odd_number(s, start);
	s->numbers++;
	return p;
}

static const char *
scan_word(struct scan *s, const char *p, struct span word)
{
	if ((size_t)(s->end - p) < word.len || memcmp(p, word.p, word.len) != 0)
		return fail_at(s, p, "no JSON value (RFC 8259 3)");
	return p + word.len;
}

/* Passes a value that is no container. */
static const char *
scan_scalar(struct scan *s, const char *p)
{
	switch (*p) {
	case '"':
		return scan_string(s, p);
	case 't':
		return scan_word(s, p, SPAN("true"));
	case 'f':
		return scan_word(s, p, SPAN("false"));
	case 'n':
		return scan_word(s, p, SPAN("null"));
	default:
		if (*p == '-' || ascii_is_digit(*p))
			return scan_number(s, p);
		return fail_at(s, p, "no JSON value (RFC 8259 3)");
	}
}

/* Passes white space; there must be more behind it. */
static inline const char *
to_token(struct scan *s, const char *p)
{
	p = skip_space(p, s->end);
	return p < s->end ? p : fail_at(s, p, "the JSON ends too early");
}

/* Passes a member's name, and what is before its value. */
static const char *
scan_name(struct scan *s, const char *p)
{
	if (*p != '"')
		return fail_at(s, p, "a member name expected (RFC 8259 4)");
	p = scan_string(s, p);
	if (p == NULL)
		return NULL;
	p = skip_space(p, s->end);
	if (p == s->end || *p != ':')
		return fail_at(s, p, "\":\" expected (RFC 8259 4)");
	return to_token(s, p + 1);
}

/* Enters the container at p.  Returns the place of its first token. */
static const char *
open_container(struct scan *s, const char *p)
{
	if (s->depth == s->limits->json_depth)
		return fail_bound(s, "json_depth", s->limits->json_depth);
	s->t->open[s->depth++] = *p == '{' ? '}' : ']';
	return to_token(s, p + 1);
}

/* Leaves the containers that end at p, up to the comma before the value that
 * comes next, or up to the end of the outermost. */
static const char *
scan_ends(struct scan *s, const char *p)
{
	char end;

	while (s->depth > 0) {
		p = to_token(s, p);
		if (p == NULL)
			return NULL;
		if (*p == ',')
			return to_token(s, p + 1);
		end = s->t->open[s->depth - 1];
		if (*p != end)
			return fail_at(s, p,
			    end == ']'
				? "\",\" or \"]\" expected (RFC 8259 5)"
				: "\",\" or \"}\" expected (RFC 8259 4)");
		s->depth--;
		p++;
	}
	return p;
}

/* Passes the member or element at p up to the value that comes next: its own
 * first one if it is a container. */
static const char *
scan_value(struct scan *s, const char *p)
{
	if (s->depth > 0 && s->t->open[s->depth - 1] == '}') {
		p = scan_name(s, p);
		if (p == NULL)
			return NULL;
	}
	if (s->values++ == s->limits->json_values)
		return fail_bound(s, "json_values", s->limits->json_values);
	if (*p == '{' || *p == '[') {
		p = open_container(s, p);
		if (p == NULL || *p != s->t->open[s->depth - 1])
			return p;
	} else {
		p = scan_scalar(s, p);
		if (p == NULL)
			return NULL;
	}
	return scan_ends(s, p);
}

/* Passes white space and NUL behind the value; nothing else may be there. */
static const char *
scan_tail(struct scan *s, const char *p)
{
	p = skip_space(p, s->end);
	while (p < s->end && *p == '\0') {
		s->t->quirks |= JSON_HAS_TRAILING_NUL;
		p = skip_space(p + 1, s->end);
	}
	if (p < s->end)
		return fail_at(s, p, "text behind the JSON (RFC 8259 2)");
	return p;
}

/* Passes a whole JSON text but a byte order mark. */
static const char *
scan_text(struct scan *s, const char *p)
{
	p = to_token(s, p);
	if (p == NULL)
		return NULL;
	s->t->body.p = p;
	do {
		p = scan_value(s, p);
		if (p == NULL)
			return NULL;
	} while (s->depth > 0);
	s->t->body.len = (size_t)(p - s->t->body.p);
	return scan_tail(s, p);
}

int
jsontext_scan(struct jsontext *t, struct span text, const struct limits *limits,
    struct err *err)
{
	const char *start = text.len > 0 ? text.p : "", *p = start;
	struct scan s = {.start = start,
	    .end = start + text.len,
	    .t = t,
	    .limits = limits,
	    .err = err};

	t->quirks = 0;
	t->needs_mending = false;
	t->nnumbers = 0;
	if (text.len > limits->json_bytes) {
		fail_bound(&s, "json_bytes", limits->json_bytes);
		return -1;
	}
	if (text.len >= 3 && memcmp(text.p, BOM, 3) == 0) {
		t->quirks |= JSON_HAS_BOM;
		p += 3;
	}
	return scan_text(&s, p) == NULL ? -1 : 0;
}

void
jsontext_init(struct jsontext *t, const struct limits *limits)
{
	memset(t, 0, sizeof(*t));
	t->open = xmalloc(limits->json_depth + 1);
}

void
jsontext_clear(struct jsontext *t)
{
	free(t->numbers);
	free(t->open);
	memset(t, 0, sizeof(*t));
}
