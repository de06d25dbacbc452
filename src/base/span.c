/* SPDX-License-Identifier: ISC */

/*
 * Spans and the few operations on ASCII text that every reader of mail
 * needs, none of them dependent on the locale.
 */

#include "config.h"

#include <string.h>

#include "base/span.h"

struct span
span_of(const char *s)
{
	return (struct span){s, s == NULL ? 0 : strlen(s)};
}

static int
hex_digit(char c)
{
	c = ascii_lower(c);
	if (ascii_is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int
ascii_hex(const char *p, size_t len)
{
	int high, low;

	if (len < 2)
		return -1;
	high = hex_digit(p[0]);
	low = hex_digit(p[1]);
	return high == -1 || low == -1 ? -1 : high << 4 | low;
}

bool
span_same_fold(const char *a, const char *b, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (a[i] != b[i] && ascii_lower(a[i]) != ascii_lower(b[i]))
			return false;
	return true;
}

void
span_copy_printable(char *out, size_t size, struct span s)
{
	size_t i;

	for (i = 0; i < s.len && i < size - 1; i++)
		out[i] = s.p[i] >= ' ' && s.p[i] < 0x7f ? s.p[i] : '?';
	out[i] = '\0';
}

bool
span_equal(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

struct span
span_trim(struct span s)
{
	while (s.len > 0 && ascii_is_space(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && ascii_is_space(s.p[s.len - 1]))
		s.len--;
	return s;
}

struct span
span_trim_wsp(struct span s)
{
	while (s.len > 0 && ascii_is_wsp(s.p[s.len - 1]))
		s.len--;
	while (s.len > 0 && ascii_is_wsp(s.p[0])) {
		s.p++;
		s.len--;
	}
	return s;
}

const char *
span_find(struct span s, const char *text)
{
	size_t len = strlen(text);

	for (; s.len >= len; s.p++, s.len--)
		if (span_same_fold(s.p, text, len))
			return s.p;
	return NULL;
}

struct span
span_cut(struct span *s, char c)
{
	const char *at = s->len > 0 ? memchr(s->p, c, s->len) : NULL;
	struct span head = *s;

	if (at == NULL) {
		if (s->len > 0) /* NULL takes no offset, not even 0 */
			s->p += s->len;
		s->len = 0;
		return head;
	}
	head.len = (size_t)(at - s->p);
	s->len -= head.len + 1;
	s->p = at + 1;
	return head;
}
