/* SPDX-License-Identifier: ISC */

/*
 * Where a reader is, what it noted and why it gave up.  Places are chains on
 * the stack: a good report, which nearly all are, never pays for their text.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "decode/reading.h"
#include "report/report.h"

/* Places are our own words, at most two indices and one quoted name. */
#define PLACE_SIZE 256

/* The longest chain is the report, its entry, the policy, a string of it. */
#define PLACE_DEPTH 4

static void
append_step(char out[PLACE_SIZE], const char *name, size_t index)
{
	size_t len = strlen(out);

	if (name[0] == '\0')
		return;
	if (index == PLACE_WHOLE)
		snprintf(out + len, PLACE_SIZE - len, "%s%s",
		    len > 0 ? "." : "", name);
	else
		snprintf(out + len, PLACE_SIZE - len, "%s%s[%zu]",
		    len > 0 ? "." : "", name, index);
}

static void
write_place(char out[PLACE_SIZE], const struct place *at, const char *name)
{
	const struct place *chain[PLACE_DEPTH];
	size_t n = 0;

	for (; at != NULL && n < PLACE_DEPTH; at = at->up)
		chain[n++] = at;
	out[0] = '\0';
	while (n-- > 0)
		append_step(out, chain[n]->name, chain[n]->index);
	append_step(out, name, PLACE_WHOLE);
}

void
reading_note(struct reading *r, enum deviation_code code,
    const struct place *at, const char *name)
{
	char place[PLACE_SIZE];

	write_place(place, at, name);
	deviation_add(r->notes, code, "%s", place);
}

int
reading_fail(struct reading *r, const struct place *at, const char *name,
    const char *what)
{
	char place[PLACE_SIZE];

	write_place(place, at, name);
	return err_set(r->err, ERR_DATA, "%s: %s", place, what);
}

int
reading_bound(struct reading *r, const struct place *at, const char *name,
    const char *bound_name, size_t bound)
{
	char place[PLACE_SIZE];

	write_place(place, at, name);
	return err_set(r->err, ERR_BOUND, "%s: exceeds the bound %s (%zu)",
	    place, bound_name, bound);
}

int
reading_text(struct reading *r, const struct place *at, const char *name,
    const struct json_value *v, const char **out)
{
	char tmp[JSON_SCALAR_SIZE];
	const char *text;
	size_t len;

	*out = "";
	if (v == NULL)
		return 0;
	if (json_type(v) != JSON_STRING)
		reading_note(r, DEVIATION_STRING_EXPECTED, at, name);
	text = json_scalar_text(v, tmp);
	if (text == NULL || text[0] == '\0')
		return 0;
	len = strlen(text);
	if (len > r->limits->string_bytes)
		return reading_bound(
		    r, at, name, "string_bytes", r->limits->string_bytes);
	*out = arena_strndup(r->arena, text, len);
	return 0;
}

int
reading_add(struct reading *r, int64_t *sum, int64_t n, const struct place *at,
    const char *name)
{
	if (n > COUNT_MAX - *sum)
		return reading_fail(r, at, name,
		    "the report's session counts sum to more than 2^53-1 "
		    "(RFC 7493 2.2)");
	*sum += n;
	return 0;
}
