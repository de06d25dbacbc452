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
#include "decode/jsonstring.h"
#include "decode/jsontext.h"

#define BOM "\xef\xbb\xbf"

/* The longest number that the library reads whole. */
#define NUMBER_MAX 63

/* As many decimal digits fit any double (DBL_DIG). */
#define PLAIN_DIGITS 15

/* What may come next. */
enum expect {
	WANT_VALUE,
	WANT_VALUE_OR_END, /* behind "[" */
	WANT_NAME,
	WANT_NAME_OR_END, /* behind "{" */
	WANT_COMMA_OR_END,
	WANT_NOTHING
};

struct scan {
	const char *start; /* of the text, for line and column */
	const char *p;
	const char *end;
	struct jsontext *t;
	const struct limits *limits;
	size_t depth;
	size_t values;
	size_t numbers;
	struct err *err;
};

/* Sets err with the line and the column, in characters, of place at. */
static int
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
	return err_set(s->err, ERR_DATA, "JSON line %zu, column %zu: %s", line,
	    column, what);
}

static int
fail_bound(struct scan *s, const char *name, size_t bound)
{
	return err_set(
	    s->err, ERR_BOUND, "JSON exceeds the bound %s (%zu)", name, bound);
}

/* Passes a string, whose opening quote is at s->p. */
static int
scan_string(struct scan *s)
{
	const char *at = s->p;
	unsigned found = 0;
	const char *wrong = jsonstring_scan(&at, s->end, &found);

	if (wrong != NULL)
		return fail_at(s, at, wrong);
	if (found != 0)
		s->t->quirks |= JSON_HAS_BAD_TEXT;
	if ((found & JSONSTRING_UNFIT) != 0)
		s->t->needs_mending = true;
	s->p = at;
	return 0;
}

/* Passes decimal digits.  Returns how many there are. */
static size_t
scan_digits(struct scan *s)
{
	const char *start = s->p;

	while (s->p < s->end && ascii_is_digit(*s->p))
		s->p++;
	return (size_t)(s->p - start);
}

static bool
take(struct scan *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
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

/* Passes a number (RFC 8259 6). */
static int
scan_number(struct scan *s)
{
	const char *start = s->p;
	bool bad, plain;
	size_t len;

	plain = !take(s, '-');
	bad = !take(s, '0') && scan_digits(s) == 0;
	if (take(s, '.')) {
		bad = bad || scan_digits(s) == 0;
		plain = false;
	}
	if (take(s, 'e') || take(s, 'E')) {
		if (!take(s, '+'))
			(void)take(s, '-');
		bad = bad || scan_digits(s) == 0;
		plain = false;
	}
	len = (size_t)(s->p - start);
	if (bad || (s->p < s->end && (ascii_is_alnum(*s->p) || *s->p == '.')))
		return fail_at(s, start, "not a number (RFC 8259 6)");
	if (len > NUMBER_MAX)
		return fail_at(s, start, "a number of more than 63 characters");
	if (!plain || len > PLAIN_DIGITS)
		keep_number(s->t, s->numbers, (struct span){start, len});
	s->numbers++;
	return 0;
}

static int
scan_word(struct scan *s, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(s->end - s->p) < len || memcmp(s->p, word, len) != 0)
		return fail_at(s, s->p, "no JSON value (RFC 8259 3)");
	s->p += len;
	return 0;
}

static void
skip_space(struct scan *s)
{
	while (s->p < s->end &&
	    (*s->p == ' ' || *s->p == '\n' || *s->p == '\t' || *s->p == '\r'))
		s->p++;
}

static enum expect
behind_value(const struct scan *s)
{
	return s->depth == 0 ? WANT_NOTHING : WANT_COMMA_OR_END;
}

static int
open_container(struct scan *s, char end)
{
	if (s->depth == s->limits->json_depth)
		return fail_bound(s, "json_depth", s->limits->json_depth);
	s->t->open[s->depth++] = end;
	s->p++;
	return end == ']' ? WANT_VALUE_OR_END : WANT_NAME_OR_END;
}

/* Passes a scalar, or enters a container.  Returns an enum expect, or -1. */
static int
scan_value(struct scan *s)
{
	int rc;

	if (s->values++ == s->limits->json_values)
		return fail_bound(s, "json_values", s->limits->json_values);
	switch (*s->p) {
	case '{':
		return open_container(s, '}');
	case '[':
		return open_container(s, ']');
	case '"':
		rc = scan_string(s);
		break;
	case 't':
		rc = scan_word(s, "true");
		break;
	case 'f':
		rc = scan_word(s, "false");
		break;
	case 'n':
		rc = scan_word(s, "null");
		break;
	default:
		if (*s->p == '-' || ascii_is_digit(*s->p))
			rc = scan_number(s);
		else
			rc = fail_at(s, s->p, "no JSON value (RFC 8259 3)");
	}
	return rc == -1 ? -1 : (int)behind_value(s);
}

/* Passes a member's name and the colon behind it. */
static int
scan_name(struct scan *s)
{
	if (*s->p != '"')
		return fail_at(s, s->p, "a member name expected (RFC 8259 4)");
	if (scan_string(s) == -1)
		return -1;
	skip_space(s);
	if (!take(s, ':'))
		return fail_at(s, s->p, "\":\" expected (RFC 8259 4)");
	return WANT_VALUE;
}

/* Passes "," or the end of a container. */
static int
scan_comma_or_end(struct scan *s)
{
	char end = s->t->open[s->depth - 1];

	if (take(s, end)) {
		s->depth--;
		return (int)behind_value(s);
	}
	if (!take(s, ','))
		return fail_at(s, s->p,
		    end == ']' ? "\",\" or \"]\" expected (RFC 8259 5)"
			       : "\",\" or \"}\" expected (RFC 8259 4)");
	return end == ']' ? WANT_VALUE : WANT_NAME;
}

/* Passes one token.  Returns what may come next, or -1. */
static int
scan_token(struct scan *s, enum expect expect)
{
	switch (expect) {
	case WANT_VALUE_OR_END:
		if (*s->p == ']')
			return scan_comma_or_end(s);
		return scan_value(s);
	case WANT_NAME_OR_END:
		if (*s->p == '}')
			return scan_comma_or_end(s);
		return scan_name(s);
	case WANT_NAME:
		return scan_name(s);
	case WANT_COMMA_OR_END:
		return scan_comma_or_end(s);
	default:
		return scan_value(s);
	}
}

/* Passes white space and NUL behind the value; nothing else may be there. */
static int
scan_tail(struct scan *s)
{
	skip_space(s);
	while (s->p < s->end && *s->p == '\0') {
		s->t->quirks |= JSON_HAS_TRAILING_NUL;
		s->p++;
		skip_space(s);
	}
	if (s->p < s->end)
		return fail_at(s, s->p, "text behind the JSON (RFC 8259 2)");
	return 0;
}

int
jsontext_scan(struct jsontext *t, struct span text, const struct limits *limits,
    struct err *err)
{
	const char *start = text.len > 0 ? text.p : "";
	struct scan s = {.start = start,
	    .p = start,
	    .end = start + text.len,
	    .t = t,
	    .limits = limits,
	    .err = err};
	int expect = WANT_VALUE;

	t->quirks = 0;
	t->needs_mending = false;
	t->nnumbers = 0;
	if (text.len > limits->json_bytes)
		return fail_bound(&s, "json_bytes", limits->json_bytes);
	if (text.len >= 3 && memcmp(text.p, BOM, 3) == 0) {
		t->quirks |= JSON_HAS_BOM;
		s.p += 3;
	}
	skip_space(&s);
	t->body.p = s.p;
	while (expect != WANT_NOTHING) {
		skip_space(&s);
		if (s.p == s.end)
			return fail_at(&s, s.p, "the JSON ends too early");
		expect = scan_token(&s, (enum expect)expect);
		if (expect == -1)
			return -1;
	}
	t->body.len = (size_t)(s.p - t->body.p);
	return scan_tail(&s);
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
