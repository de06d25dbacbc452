/* SPDX-License-Identifier: ISC */

/*
 * Patterns of domains.  There are three kinds: a name, a tail ("*." and a
 * name) and any other.  Names and tails stand in one hash table; a domain is
 * hashed from its end to its start, so that one pass has the hashes of all
 * the tails it ends in.  The others are tried in turn.
 */

#include "config.h"

#include <fnmatch.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/span.h"
#include "digest/patterns.h"

struct entry {
	const char *text; /* NULL: a free place */
	size_t len;
	bool tail;
	uint32_t hash;
	size_t number;
};

struct other {
	const char *pattern;
	size_t number;
};

struct patterns {
	struct arena *arena;
	struct entry *table;
	size_t size; /* a power of 2, at least twice what is in it */
	struct other *others;
	size_t nothers;
	size_t room;
};

#define HASH_START UINT32_C(2166136261)

/* FNV-1a. */
static uint32_t
hash_byte(uint32_t hash, char c)
{
	return (hash ^ (unsigned char)ascii_lower(c)) * UINT32_C(16777619);
}

static uint32_t
hash_backwards(const char *s, size_t len)
{
	uint32_t hash = HASH_START;

	while (len > 0)
		hash = hash_byte(hash, s[--len]);
	return hash;
}

bool
pattern_is_name(const char *pattern)
{
	return strpbrk(pattern, "*?[\\") == NULL;
}

/* The length without a final dot.  The root alone keeps its own, and a dot
 * behind a backslash is half of a pair. */
static size_t
length(const char *s)
{
	size_t len = strlen(s);

	if (len > 1 && s[len - 1] == '.' && s[len - 2] != '\\')
		return len - 1;
	return len;
}

static bool
is_tail(const char *pattern)
{
	return length(pattern) > 2 && pattern[0] == '*' && pattern[1] == '.' &&
	    pattern_is_name(pattern + 2);
}

static char *
copy_of(const char *s, size_t len)
{
	char *copy = xmalloc(len + 1);

	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

/* fnmatch(3) knows no lengths; so a final dot costs copies, which is rare. */
static bool
matches(const char *pattern, const char *s)
{
	size_t plen = length(pattern), len = length(s);
	char *p, *copy;
	bool taken;

	if (pattern[plen] == '\0' && s[len] == '\0')
		return fnmatch(pattern, s, FNM_CASEFOLD) == 0;
	p = copy_of(pattern, plen);
	copy = copy_of(s, len);
	taken = fnmatch(p, copy, FNM_CASEFOLD) == 0;
	free(p);
	free(copy);
	return taken;
}

bool
pattern_takes(const char *pattern, const char *domain)
{
	size_t plen = length(pattern), len = length(domain);

	if (pattern_is_name(pattern))
		return plen == len && span_same_fold(pattern, domain, len);
	if (!is_tail(pattern))
		return matches(pattern, domain);
	/* ".example.com" is what the domain must end in. */
	pattern++;
	plen--;
	return len >= plen &&
	    span_same_fold(domain + (len - plen), pattern, plen);
}

struct patterns *
patterns_new(struct arena *a, size_t n)
{
	struct patterns *p = arena_calloc(a, 1, sizeof(*p));

	p->arena = a;
	p->room = n;
	p->size = 2;
	while (p->size < 2 * n)
		p->size *= 2;
	p->table = arena_calloc(a, p->size, sizeof(*p->table));
	p->others = arena_calloc(a, n, sizeof(*p->others));
	return p;
}

/* The place of what is looked for, or the free one where it would stand. */
static struct entry *
place(const struct patterns *p, const struct entry *wanted)
{
	size_t i = wanted->hash & (p->size - 1);
	struct entry *e;

	for (;; i = (i + 1) & (p->size - 1)) {
		e = &p->table[i];
		if (e->text == NULL)
			return e;
		if (e->hash == wanted->hash && e->tail == wanted->tail &&
		    e->len == wanted->len &&
		    span_same_fold(e->text, wanted->text, e->len))
			return e;
	}
}

void
patterns_add(struct patterns *p, const char *pattern, size_t number)
{
	struct entry e = {.number = number}, *at;

	if (p->room-- == 0)
		die("more patterns than were announced");
	e.tail = is_tail(pattern);
	if (!e.tail && !pattern_is_name(pattern)) {
		p->others[p->nothers++] = (struct other){pattern, number};
		return;
	}
	e.text = pattern + (e.tail ? 2 : 0);
	e.len = length(pattern) - (e.tail ? 2 : 0);
	e.hash = hash_backwards(e.text, e.len);
	at = place(p, &e);
	if (at->text == NULL)
		*at = e;
}

/* The number of what is in the table, or the lowest so far. */
static size_t
least(const struct patterns *p, const struct entry *wanted, size_t lowest)
{
	const struct entry *e = place(p, wanted);

	return e->text != NULL && e->number < lowest ? e->number : lowest;
}

size_t
patterns_find(const struct patterns *p, const char *domain)
{
	struct entry e = {.hash = HASH_START};
	size_t i = length(domain), lowest = PATTERNS_NONE, n;

	for (e.text = domain + i; i > 0; i--) {
		if (domain[i - 1] == '.') {
			e.tail = true;
			lowest = least(p, &e, lowest);
		}
		e.text--;
		e.len++;
		e.hash = hash_byte(e.hash, domain[i - 1]);
	}
	e.tail = false;
	lowest = least(p, &e, lowest);
	for (n = 0; n < p->nothers && p->others[n].number < lowest; n++)
		if (matches(p->others[n].pattern, domain))
			return p->others[n].number;
	return lowest;
}
