/* SPDX-License-Identifier: ISC */

/*
 * policy-string and mx-host.  RFC 8460 4.4 makes both arrays of strings; its
 * own example has a string for the second, and senders have strings, arrays
 * within strings, and lines with their ends on.
 */

#include "config.h"

#include <string.h>

#include "decode/policytext.h"

/* A list of strings that grows in the report's arena. */
struct strings {
	struct arena *arena;
	const char **list;
	size_t n;
	size_t size;
};

/* What the reader of one list carries from string to string. */
struct textlist {
	struct reading *r;
	const struct members *m;
	size_t slot;
	bool is_sts;
	struct strings strings;
};

/* Adds a string; returns -1 with ERR_BOUND if the report has too many. */
static int
push(struct textlist *t, const char *text)
{
	struct strings *s = &t->strings;
	const char **old = s->list;
	size_t bound = t->r->limits->policy_strings;

	if (t->r->nstrings++ == bound)
		return reading_bound(t->r, &t->m->place,
		    members_name(t->m, t->slot), "policy_strings", bound);

	if (s->n == s->size) {
		s->size = s->size * 2 + 4;
		s->list = arena_alloc(s->arena, s->size * sizeof(*s->list));
		if (s->n > 0)
			memcpy(s->list, old, s->n * sizeof(*s->list));
	}
	s->list[s->n++] = text;
	return 0;
}

static void
note(struct textlist *t, enum deviation_code code)
{
	members_note(t->m, t->r, t->slot, code);
}

/* Reads one string of a list. */
typedef int (*read_fn)(
    struct textlist *t, const struct place *at, const struct json_value *v);

/* Calls fn for every element of the array v but null. */
static int
read_elements(struct textlist *t, const struct json_value *v, read_fn fn)
{
	struct place at = {&t->m->place, members_name(t->m, t->slot), 0};

	for (v = json_first(v); v != NULL; v = json_next(v), at.index++) {
		if (json_type(v) == JSON_NULL)
			reading_note(t->r, DEVIATION_NULL_ELEMENT, &at, "");
		else if (fn(t, &at, v) == -1)
			return -1;
	}
	return 0;
}

/* Calls fn for every element of an array, or for what stands in its place,
 * which is noted as form. */
static int
read_list(struct textlist *t, read_fn fn, enum deviation_code form)
{
	const struct json_value *v = t->m->slots[t->slot];
	struct place at = {
	    &t->m->place, members_name(t->m, t->slot), PLACE_WHOLE};

	if (v == NULL)
		return 0;
	if (json_type(v) == JSON_ARRAY)
		return read_elements(t, v, fn);
	note(t, form);
	return fn(t, &at, v);
}

/* Splits text at CR and LF and takes its lines, but empty ones. */
static int
push_lines(struct textlist *t, const char *text)
{
	static const char ends[] = "\r\n";
	size_t len;

	note(t, DEVIATION_POLICY_STRING_LINES);
	for (text += strspn(text, ends); *text != '\0';
	     text += len + strspn(text + len, ends)) {
		len = strcspn(text, ends);
		if (push(t, arena_strndup(t->r->arena, text, len)) == -1)
			return -1;
	}
	return 0;
}

static int
push_text(struct textlist *t, const char *text)
{
	const char *colon;

	if (strpbrk(text, "\r\n") != NULL)
		return push_lines(t, text);
	colon = t->is_sts ? strchr(text, ':') : NULL;
	if (colon != NULL && colon[1] != ' ' && colon[1] != '\0')
		note(t, DEVIATION_POLICY_STRING_LINES);
	return push(t, text);
}

static const char *
skip_space(const char *s)
{
	while (ascii_is_space(*s))
		s++;
	return s;
}

/* Returns the JSON array of strings that stands in text, or NULL if it is
 * none. */
static const struct json_value *
parse_nested(struct textlist *t, const char *text)
{
	const struct json_value *array, *v;
	unsigned quirks;

	text = skip_space(text);
	if (*text != '[')
		return NULL;
	array =
	    json_parse(t->r->nested, span_trim(span_of(text)), &quirks, NULL);
	if (array == NULL)
		return NULL;
	for (v = json_first(array); v != NULL; v = json_next(v))
		if (json_string(v) == NULL)
			return NULL;
	return array;
}

static int
push_nested(struct textlist *t, const struct json_value *array)
{
	const struct json_value *v;

	note(t, DEVIATION_POLICY_STRING_NESTED);
	for (v = json_first(array); v != NULL; v = json_next(v))
		if (push_text(t, arena_strdup(t->r->arena, json_string(v))) ==
		    -1)
			return -1;
	return 0;
}

static int
read_string(
    struct textlist *t, const struct place *at, const struct json_value *v)
{
	const struct json_value *array;
	const char *text;

	if (reading_text(t->r, at, "", v, &text) == -1)
		return -1;
	if (text[0] == '\0')
		return 0;
	array = parse_nested(t, text);
	return array != NULL ? push_nested(t, array) : push_text(t, text);
}

/* Returns the mode of an MTA-STS policy: its first mode line counts (RFC 8461
 * 3.2). */
static enum policy_mode
find_mode(const struct strings *s)
{
	struct span line, key;
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (ascii_lower(*skip_space(s->list[i])) != 'm')
			continue; /* the way of most lines, without a search */
		line = span_of(s->list[i]);
		key = span_cut(&line, ':');
		if (span_is(span_trim(key), "mode"))
			return policy_mode_parse(span_trim(line));
	}
	return MODE_UNKNOWN;
}

int
policytext_read_strings(
    const struct members *m, struct reading *r, size_t slot, struct policy *p)
{
	struct textlist t = {.r = r,
	    .m = m,
	    .slot = slot,
	    .is_sts = p->type == POLICY_STS,
	    .strings = {.arena = r->arena}};

	if (read_list(&t, read_string, DEVIATION_POLICY_STRING_FORM) == -1)
		return -1;
	p->strings = t.strings.list;
	p->nstrings = t.strings.n;
	if (t.is_sts)
		p->mode = find_mode(&t.strings);
	return 0;
}

static int
read_host(
    struct textlist *t, const struct place *at, const struct json_value *v)
{
	const char *text;

	if (reading_text(t->r, at, "", v, &text) == -1)
		return -1;
	text = skip_space(text);
	if (span_starts(span_of(text), "mx:")) {
		reading_note(t->r, DEVIATION_MX_HOST_PREFIX, at, "");
		text += strlen("mx:");
	}
	text = attribute_host(t->r->arena, text);
	return text[0] != '\0' ? push(t, text) : 0;
}

int
policytext_read_hosts(
    const struct members *m, struct reading *r, size_t slot, struct policy *p)
{
	struct textlist t = {
	    .r = r, .m = m, .slot = slot, .strings = {.arena = r->arena}};

	if (read_list(&t, read_host, DEVIATION_MX_HOST_FORM) == -1)
		return -1;
	p->mx_hosts = t.strings.list;
	p->nmx_hosts = t.strings.n;
	return 0;
}
