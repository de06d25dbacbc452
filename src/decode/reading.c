/* SPDX-License-Identifier: ISC */

/*
 * Where a reader is, what it noted and why it gave up.  Places are chains on
 * the stack: a good report, which nearly all are, never pays for their text.
 */

#include "config.h"

#include <string.h>

#include "decode/reading.h"
#include "report/report.h"

/* Places are our own words, at most two indices and one quoted name. */
#define PLACE_SIZE 256

/* The longest chain is the report, its entry, the policy, a string of it. */
#define PLACE_DEPTH 4

/* A place as text; cut if it were too long, which none is. */
struct place_text {
	char text[PLACE_SIZE];
	size_t len;
};

static void
append(struct place_text *out, const char *s)
{
	while (*s != '\0' && out->len < PLACE_SIZE - 1)
		out->text[out->len++] = *s++;
	out->text[out->len] = '\0';
}

static void
append_index(struct place_text *out, size_t index)
{
	char digits[32], *p = digits + sizeof(digits);

	*--p = '\0';
	*--p = ']';
	do {
		*--p = (char)('0' + index % 10);
		index /= 10;
	} while (index > 0);
	*--p = '[';
	append(out, p);
}

static void
append_step(struct place_text *out, const char *name, size_t index)
{
	if (name[0] == '\0')
		return;
	if (out->len > 0)
		append(out, ".");
	append(out, name);
	if (index != PLACE_WHOLE)
		append_index(out, index);
}

static void
write_place(struct place_text *out, const struct place *at, const char *name)
{
	const struct place *chain[PLACE_DEPTH];
	size_t n = 0;

	for (; at != NULL && n < PLACE_DEPTH; at = at->up)
		chain[n++] = at;
	out->len = 0;
	out->text[0] = '\0';
	while (n-- > 0)
		append_step(out, chain[n]->name, chain[n]->index);
	append_step(out, name, PLACE_WHOLE);
}

void
reading_note(struct reading *r, enum deviation_code code,
    const struct place *at, const char *name)
{
	struct place_text place;

	write_place(&place, at, name);
	deviation_add(r->notes, code, "%s", place.text);
}

int
reading_fail(struct reading *r, const struct place *at, const char *name,
    const char *what)
{
	struct place_text place;

	write_place(&place, at, name);
	return err_set(r->err, ERR_DATA, "%s: %s", place.text, what);
}

int
reading_bound(struct reading *r, const struct place *at, const char *name,
    const char *bound_name, size_t bound)
{
	struct place_text place;

	write_place(&place, at, name);
	return err_set(r->err, ERR_BOUND, "%s: exceeds the bound %s (%zu)",
	    place.text, bound_name, bound);
}

/* Copies text, which stands at member name of at. */
static inline int
copy_text(struct reading *r, const struct place *at, const char *name,
    const char *text, const char **out)
{
	size_t len = strlen(text);

	*out = "";
	if (len == 0)
		return 0;
	if (len > r->limits->string_bytes)
		return reading_bound(
		    r, at, name, "string_bytes", r->limits->string_bytes);
	*out = arena_strndup(r->arena, text, len);
	return 0;
}

/* Reads what stands where a string belongs. */
static int
read_other(struct reading *r, const struct place *at, const char *name,
    const struct json_value *v, const char **out)
{
	char tmp[JSON_SCALAR_SIZE];
	const char *text = json_scalar_text(v, tmp);

	reading_note(r, DEVIATION_STRING_EXPECTED, at, name);
	return copy_text(r, at, name, text != NULL ? text : "", out);
}

int
reading_text(struct reading *r, const struct place *at, const char *name,
    const struct json_value *v, const char **out)
{
	const char *text;

	*out = "";
	if (v == NULL)
		return 0;
	text = json_string(v);
	if (text == NULL)
		return read_other(r, at, name, v, out);
	return copy_text(r, at, name, text, out);
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
