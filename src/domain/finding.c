/* SPDX-License-Identifier: ISC */

/*
 * Findings: the texts of the table of checks with values put in.  Values come
 * from strangers, so they become printable ASCII here, once and for all; the
 * list is bound, since a record of 64 KiB can have a fault in every octet.
 */

#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "domain/finding.h"

/* No check has more values than this, {subject} included. */
#define VALUES_MAX 8

/* Longer values are cut: they would fill a terminal. */
#define VALUE_MAX 300

struct value {
	const char *name;
	const char *text;
};

struct findings
findings_new(struct arena *arena)
{
	return (struct findings){.arena = arena};
}

static bool
is_plain(char c)
{
	return c >= ' ' && c <= '~' && c != '\\';
}

/* How a "\" or an octet that cannot be shown is written. */
static size_t
width_of(char c)
{
	return is_plain(c) ? 1 : c == '\\' ? 2 : 4;
}

size_t
printable_columns(struct span text, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < text.len && i < len; i++)
		n += width_of(text.p[i]);
	return n;
}

const char *
printable(struct arena *arena, struct span text)
{
	char *s = arena_alloc(arena, printable_columns(text, text.len) + 1);
	char *end = s;
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (!is_plain(text.p[i]))
			*end++ = '\\';
		if (width_of(text.p[i]) == 4)
			end +=
			    snprintf(end, 4, "%03u", (unsigned char)text.p[i]);
		else
			*end++ = text.p[i];
	}
	*end = '\0';
	return s;
}

/* A value as it is shown.  A "\\" stays as it is: what was made printable
 * before, or is a name as the DNS writes it, has some. */
static const char *
show(struct arena *arena, const char *text)
{
	size_t len = strlen(text), i;
	const char *cut = len > VALUE_MAX ? "..." : "";

	if (len > VALUE_MAX)
		len = VALUE_MAX;
	for (i = 0; i < len; i++)
		if (!is_plain(text[i]) && text[i] != '\\')
			return arena_printf(arena, "%s%s",
			    printable(arena, (struct span){text, len}), cut);
	return arena_printf(arena, "%.*s%s", (int)len, text, cut);
}

static const char *
find_value(const struct value *values, size_t n, struct span name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (span_equal(span_of(values[i].name), name))
			return values[i].text;
	return NULL;
}

/* Puts the values into a text of the table, or says how long that will be. */
static size_t
fill_into(char *to, const char *text, const struct value *values, size_t n)
{
	const char *value, *end;
	size_t len = 0, piece;

	while (*text != '\0') {
		end = *text == '{' ? strchr(text, '}') : NULL;
		value = end == NULL
		    ? NULL
		    : find_value(values, n,
			  (struct span){text + 1, (size_t)(end - text - 1)});
		piece = value == NULL ? 1 : strlen(value);
		if (to != NULL)
			memcpy(to + len, value == NULL ? text : value, piece);
		len += piece;
		text = value == NULL ? text + 1 : end + 1;
	}
	return len;
}

static const char *
fill(
    struct arena *arena, const char *text, const struct value *values, size_t n)
{
	size_t len;
	char *s;

	if (text == NULL)
		return NULL;
	len = fill_into(NULL, text, values, n);
	s = arena_alloc(arena, len + 1);
	fill_into(s, text, values, n);
	s[len] = '\0';
	return s;
}

static enum severity
graver(enum severity a, enum severity b)
{
	return severity_rank(a) > severity_rank(b) ? a : b;
}

/* A place for one more, of that severity; of a full list the last, again and
 * again. */
static struct finding *
next_place(struct findings *f, enum severity severity)
{
	struct finding *items;
	size_t size;

	if (f->n == f->size && f->size <= FINDINGS_MAX) {
		size = f->size == 0 ? 16 : f->size * 2;
		if (size > FINDINGS_MAX)
			size = FINDINGS_MAX + 1;
		items = arena_alloc(f->arena, size * sizeof(*items));
		if (f->n > 0)
			memcpy(items, f->items, f->n * sizeof(*items));
		f->items = items;
		f->size = size;
	}
	if (f->n < FINDINGS_MAX)
		return &f->items[f->n++];
	f->cut = true;
	f->cut_worst = graver(f->cut_worst, severity);
	return &f->items[FINDINGS_MAX];
}

static struct finding *
add(struct findings *f, enum check_id id, const char *subject, va_list ap)
{
	const struct check *check = check_get(id);
	struct finding *finding = next_place(f, check->severity);
	struct value values[VALUES_MAX] = {{"subject", NULL}};
	const char *name;
	size_t n = 1;

	*finding = (struct finding){
	    id, check->severity, "", "", NULL, NO_PLACE, NO_PLACE};
	/* Nobody will read it. */
	if (f->cut)
		return finding;
	finding->subject = values[0].text = show(f->arena, subject);
	while (n < VALUES_MAX && (name = va_arg(ap, const char *)) != NULL) {
		values[n].name = name;
		values[n].text = show(f->arena, va_arg(ap, const char *));
		n++;
	}
	finding->message = fill(f->arena, check->message, values, n);
	finding->fix = fill(f->arena, check->fix, values, n);
	return finding;
}

struct finding *
findings_put(struct findings *f, enum check_id check, const char *subject, ...)
{
	struct finding *finding;
	va_list ap;

	va_start(ap, subject);
	finding = add(f, check, subject, ap);
	va_end(ap);
	return finding;
}

struct finding *
findings_put_at(struct findings *f, enum check_id check, const char *subject,
    struct place at, ...)
{
	struct finding *finding;
	va_list ap;

	va_start(ap, at);
	finding = add(f, check, subject, ap);
	va_end(ap);
	finding->from = at.from;
	finding->to = at.to;
	return finding;
}

void
findings_join(struct findings *f, const struct findings *other)
{
	size_t i;

	for (i = 0; i < other->n; i++)
		*next_place(f, other->items[i].severity) = other->items[i];
	f->cut = f->cut || other->cut;
	f->cut_worst = graver(f->cut_worst, other->cut_worst);
}

int
severity_rank(enum severity severity)
{
	static const int ranks[] = {[SEVERITY_OK] = 0,
	    [SEVERITY_INFO] = 1,
	    [SEVERITY_WARNING] = 2,
	    [SEVERITY_UNKNOWN] = 3,
	    [SEVERITY_ERROR] = 4};

	return ranks[severity];
}

enum severity
findings_worst(const struct findings *f)
{
	enum severity worst = f->cut_worst;
	size_t i;

	for (i = 0; i < f->n; i++)
		worst = graver(worst, f->items[i].severity);
	return worst;
}

bool
findings_have(const struct findings *f, enum check_id check)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->items[i].check == check)
			return true;
	return false;
}

/* Where a finding belongs; by groups, then the worst first. */
static size_t
bin_of(const struct finding *f)
{
	return (size_t)check_get(f->check)->group * (SEVERITY_UNKNOWN + 1) +
	    (size_t)(SEVERITY_UNKNOWN - severity_rank(f->severity));
}

/* By counting, which keeps the order of what is alike. */
void
findings_sort(struct findings *f)
{
	size_t starts[GROUP_COUNT * (SEVERITY_UNKNOWN + 1) + 1] = {0};
	struct finding *sorted;
	size_t i;

	if (f->n == 0)
		return;
	for (i = 0; i < f->n; i++)
		starts[bin_of(&f->items[i]) + 1]++;
	for (i = 1; i < sizeof(starts) / sizeof(starts[0]); i++)
		starts[i] += starts[i - 1];
	sorted = arena_alloc(f->arena, f->size * sizeof(*sorted));
	for (i = 0; i < f->n; i++)
		sorted[starts[bin_of(&f->items[i])]++] = f->items[i];
	f->items = sorted;
}
