/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_SPAN_H
#define TLSTALLY_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/*
 * A span: bytes that belong to someone else, with their length.  Text from
 * outside is passed in spans until it has been checked; it may hold NUL.
 */
struct span {
	const char *p; /* may be NULL when len is 0 */
	size_t len;
};

/* A span of a string literal. */
#define SPAN(lit) ((struct span){(lit), sizeof(lit) - 1})

/* Returns the span of a NUL-terminated string; NULL gives an empty one. */
struct span span_of(const char *s);

/* ASCII only, never the locale's; here because every byte of a header passes
 * through one or another. */
static inline char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* SP HTAB CR LF VT FF */
static inline bool
ascii_is_space(char c)
{
	/* One comparison for most. */
	return (unsigned char)c <= ' ' &&
	    (c == ' ' || (c >= '\t' && c <= '\r'));
}

/* SP HTAB: white space that ends no line (WSP of RFC 5234). */
static inline bool
ascii_is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

static inline bool
ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
ascii_is_alnum(char c)
{
	c = ascii_lower(c);
	return ascii_is_digit(c) || (c >= 'a' && c <= 'z');
}

/* The octet that two hexadecimal digits at p stand for, or -1 if the len
 * bytes there do not start with two. */
int ascii_hex(const char *p, size_t len);

/* Comparison of as many bytes without regard to the case of ASCII letters. */
bool span_same_fold(const char *a, const char *b, size_t len);

/* The same for texts.  In the header, so that the length of a literal is
 * known: most spans differ from it. */
static inline bool
span_is(struct span s, const char *text)
{
	size_t len = strlen(text);

	return s.len == len && span_same_fold(s.p, text, len);
}

static inline bool
span_starts(struct span s, const char *text)
{
	size_t len = strlen(text);

	return s.len >= len && span_same_fold(s.p, text, len);
}

static inline bool
span_ends(struct span s, const char *text)
{
	size_t len = strlen(text);

	return len == 0 ||
	    (s.len >= len && span_same_fold(s.p + (s.len - len), text, len));
}

/* Copies s as a string, cut to size; what is not printable ASCII becomes
 * '?'. */
void span_copy_printable(char *out, size_t size, struct span s);

/* Comparison to the letter. */
bool span_equal(struct span a, struct span b);

/* Returns s without white space at both ends. */
struct span span_trim(struct span s);

/* The same, without line ends and the like. */
struct span span_trim_wsp(struct span s);

/* Returns the first place of text in s without regard to case, or NULL. */
const char *span_find(struct span s, const char *text);

/* Splits s at the first c: returns what stands before it, and leaves in *s
 * what stands behind; without a c the whole, and *s empty. */
struct span span_cut(struct span *s, char c);

#endif
