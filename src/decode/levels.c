/* SPDX-License-Identifier: ISC */

/*
 * The levels of a message.  Boundaries are copied, so that a level needs
 * nothing but itself.  Nearly no line is a delimiter: only one that starts
 * with "--" is compared with the boundaries, of which there are few.
 */

#include "config.h"

#include <string.h>

#include "decode/levels.h"

void
levels_push(struct levels *l, struct span boundary, bool digest)
{
	struct level *top = &l->level[l->depth++];

	top->digest = digest;
	top->len = 0;
	if (boundary.len == 0)
		return;
	top->len = 2 + boundary.len;
	memcpy(top->delimiter, "--", 2);
	memcpy(top->delimiter + 2, boundary.p, boundary.len);
}

void
levels_pop(struct levels *l, const struct delimiter *d)
{
	l->depth = d->closing ? d->level : d->level + 1;
}

bool
levels_in_digest(const struct levels *l)
{
	return l->depth > 0 && l->level[l->depth - 1].digest;
}

size_t
levels_message(const struct levels *l, size_t depth)
{
	while (depth > 0 && l->level[depth - 1].len > 0)
		depth--;
	return depth;
}

static const char *
next_line(const char *p, const char *end)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));

	return nl != NULL ? nl + 1 : end;
}

/* Compares a line, less the white space at its end, with the delimiters. */
static bool
match_line(const struct levels *l, struct span line, struct delimiter *d)
{
	size_t i;

	d->innermost = true;
	for (i = l->depth; i-- > 0;) {
		const struct level *at = &l->level[i];

		if (at->len == 0)
			continue;
		d->level = i;
		d->closing = line.len == at->len + 2 &&
		    memcmp(line.p + at->len, "--", 2) == 0;
		if ((d->closing || line.len == at->len) &&
		    memcmp(line.p, at->delimiter, at->len) == 0)
			return true;
		d->innermost = false;
	}
	return false;
}

bool
levels_match(const struct levels *l, struct span text, struct delimiter *d)
{
	struct span line = {text.p, 0};

	if (text.len < 3 || text.p[0] != '-' || text.p[1] != '-')
		return false;
	d->next = next_line(text.p, text.p + text.len);
	line.len = (size_t)(d->next - text.p);
	while (ascii_is_space(line.p[line.len - 1]))
		line.len--;
	return match_line(l, line, d);
}

static bool
in_multipart(const struct levels *l)
{
	size_t i;

	for (i = 0; i < l->depth; i++)
		if (l->level[i].len > 0)
			return true;
	return false;
}

bool
levels_find(const struct levels *l, struct span text, struct delimiter *d)
{
	const char *p = text.p, *end = text.p + text.len;

	d->innermost = !in_multipart(l);
	if (d->innermost)
		p = end;
	while (
	    p < end && !levels_match(l, (struct span){p, (size_t)(end - p)}, d))
		p = next_line(p, end);
	d->end = p;
	if (p == end) {
		d->next = end;
		return false;
	}
	/* The line end before it belongs to the delimiter. */
	if (d->end > text.p && d->end[-1] == '\n')
		d->end--;
	if (d->end > text.p && d->end[-1] == '\r')
		d->end--;
	return true;
}
