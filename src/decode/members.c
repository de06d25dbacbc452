/* SPDX-License-Identifier: ISC */

/*
 * Members by name.  Each object is walked over once, whatever the number of
 * its members, and each value goes to the slot that its name has in a table:
 * the misspellings of a name are rows beside it and not code.
 */

#include "config.h"

#include <string.h>

#include "decode/members.h"
#include "report/report.h"

/* The longest word of a vocabulary has 25 letters. */
#define WORD_SIZE 48

/* A longer name is none of ours misspelt; this keeps comparing cheap. */
#define NAME_LONGEST 64

static bool
is_punctuation(char c)
{
	return c != '\0' && (unsigned char)c < 0x80 && !ascii_is_alnum(c);
}

/* Compares two names without regard to case and ASCII punctuation. */
static bool
is_same_word(const char *a, const char *b)
{
	for (;;) {
		while (is_punctuation(*a))
			a++;
		while (is_punctuation(*b))
			b++;
		if (ascii_lower(*a) != ascii_lower(*b))
			return false;
		if (*a == '\0')
			return true;
		a++;
		b++;
	}
}

/* Returns the row of a name; *exact says that it is spelt so. */
static const struct member_name *
find_name(const struct member_table *t, const char *name, bool *exact)
{
	const struct member_name *row, *end = t->names + t->n;
	size_t len = strlen(name);

	*exact = true;
	for (row = t->names; row < end; row++)
		if (row->len == len && memcmp(row->text, name, len) == 0)
			return row;
	*exact = false;
	for (row = t->names; len <= NAME_LONGEST && row < end; row++)
		if (is_same_word(row->text, name))
			return row;
	return NULL;
}

void
members_read(struct members *m, struct reading *r, const struct place *place,
    const struct member_table *table, const struct json_value *object)
{
	const struct member_name *row;
	const struct json_value *v;
	bool exact;

	*m = (struct members){.place = *place, .table = table};
	for (v = json_first(object); v != NULL; v = json_next(v)) {
		row = find_name(table, json_name(v), &exact);
		if (row == NULL)
			continue;
		exact = exact && !row->is_alias;
		if (!exact)
			reading_note(
			    r, DEVIATION_ALIAS, &m->place, json_name(v));
		m->nseen += !m->seen[row->slot];
		m->seen[row->slot] = true;
		if (json_type(v) == JSON_NULL ||
		    (m->slots[row->slot] != NULL && !exact))
			continue;
		m->slots[row->slot] = v;
	}
}

const char *
members_name(const struct members *m, size_t slot)
{
	return m->table->names[slot].text;
}

void
members_note(const struct members *m, struct reading *r, size_t slot,
    enum deviation_code code)
{
	reading_note(r, code, &m->place, members_name(m, slot));
}

int
members_fail(
    const struct members *m, struct reading *r, size_t slot, const char *what)
{
	return reading_fail(r, &m->place, members_name(m, slot), what);
}

int
members_text(
    const struct members *m, struct reading *r, size_t slot, const char **out)
{
	return reading_text(
	    r, &m->place, members_name(m, slot), m->slots[slot], out);
}

/* Sets *out to the number that a string of digits is.  Returns what is wrong
 * with it, or NULL. */
static const char *
parse_digits(const char *s, int64_t *out)
{
	int64_t n = 0;

	if (*s == '\0')
		return "not a session count (RFC 8460 4.4)";
	for (; *s != '\0'; s++) {
		if (!ascii_is_digit(*s))
			return "not a session count (RFC 8460 4.4)";
		n = n * 10 + (*s - '0');
		if (n > COUNT_MAX)
			return "session count over 2^53-1 (RFC 7493 2.2)";
	}
	*out = n;
	return NULL;
}

static const char *
parse_number(double d, int64_t *out)
{
	if (d < 0)
		return "negative session count (RFC 8460 4.4)";
	if (!(d <= (double)COUNT_MAX))
		return "session count over 2^53-1 (RFC 7493 2.2)";
	*out = (int64_t)d;
	if ((double)*out != d)
		return "fractional session count (RFC 8460 4.4)";
	return NULL;
}

int
members_count(
    const struct members *m, struct reading *r, size_t slot, int64_t *out)
{
	const struct json_value *v = m->slots[slot];
	const char *wrong;
	double d;

	*out = 0;
	if (v == NULL) {
		members_note(m, r, slot, DEVIATION_COUNT_MISSING);
		return 0;
	}
	if (json_number(v, &d)) {
		wrong = parse_number(d, out);
	} else if (json_type(v) == JSON_STRING) {
		members_note(m, r, slot, DEVIATION_COUNT_STRING);
		wrong = parse_digits(json_string(v), out);
	} else {
		wrong = "not a session count (RFC 8460 4.4)";
	}
	return wrong == NULL ? 1 : members_fail(m, r, slot, wrong);
}

/* Returns text as the RFC spells its words, but for case; in tmp. */
static struct span
respell(const char *text, char tmp[WORD_SIZE])
{
	struct span s = span_trim(span_of(text));
	size_t i;

	for (i = 0; i < s.len && i < WORD_SIZE; i++)
		tmp[i] = s.p[i] == '_' || s.p[i] == ' ' ? '-' : s.p[i];
	return (struct span){tmp, i};
}

int
members_word(const struct members *m, struct reading *r, size_t slot,
    const struct members_vocabulary *words, const char **text)
{
	char tmp[WORD_SIZE];
	bool exact;
	int number;

	if (members_text(m, r, slot, text) == -1)
		return -1;
	number = words->parse(span_of(*text), &exact);
	if (number == 0 || !exact) {
		number = words->parse(respell(*text, tmp), &exact);
		members_note(m, r, slot,
		    number != 0		 ? words->spelling
			: **text != '\0' ? words->unknown
					 : words->missing);
	}
	if (number != 0)
		*text = "";
	return number;
}
