/* SPDX-License-Identifier: ISC */

/*
 * Header fields.  The cutting is on the path of every mail and touches each
 * line once; the values of most fields are never looked into.
 */

#include "config.h"

#include <string.h>

#include "decode/charset.h"
#include "decode/field.h"
#include "decode/parameter.h"
#include "decode/words.h"

struct span
field_lines(struct span *rest)
{
	const char *p = rest->p, *end = p + rest->len, *nl;
	struct span lines = {rest->p, 0};

	do {
		nl = memchr(p, '\n', (size_t)(end - p));
		p = nl != NULL ? nl + 1 : end;
	} while (p < end && ascii_is_wsp(*p));
	lines.len = (size_t)(p - lines.p);
	rest->p = p;
	rest->len -= lines.len;
	if (nl != NULL)
		lines.len--;
	if (lines.len > 0 && lines.p[lines.len - 1] == '\r')
		lines.len--;
	return lines;
}

/* True for what RFC 5322 3.6.8 has in a field name, ":" aside. */
static bool
is_name_char(char c)
{
	return c > ' ' && c < 0x7f && c != ':';
}

/* Reads the ":" behind a name of len bytes, and white space before it. */
static bool
read_colon(struct span lines, size_t len, struct span *value)
{
	while (len < lines.len && ascii_is_wsp(lines.p[len]))
		len++;
	if (len == lines.len || lines.p[len] != ':')
		return false;
	*value = (struct span){lines.p + len + 1, lines.len - len - 1};
	return true;
}

bool
field_parse(struct span lines, struct field *f)
{
	f->name = (struct span){lines.p, 0};
	while (f->name.len < lines.len && is_name_char(lines.p[f->name.len]))
		f->name.len++;
	return f->name.len > 0 && read_colon(lines, f->name.len, &f->value);
}

bool
field_is(struct span lines, struct span name, struct span *value)
{
	char next = lines.len > name.len ? lines.p[name.len] : '\0';

	if (next != ':' && next != ' ' && next != '\t')
		return false;
	/* Most senders write a name as its RFC does. */
	if (memcmp(lines.p, name.p, name.len) != 0 &&
	    !span_is((struct span){lines.p, name.len}, name.p))
		return false;
	return read_colon(lines, name.len, value);
}

bool
field_next(struct span *rest, struct field *f)
{
	while (rest->len > 0)
		if (field_parse(field_lines(rest), f))
			return true;
	return false;
}

/* Makes every run of white space in s one SP, and none at the ends. */
static void
squeeze(char *s)
{
	char *out = s, *p;

	for (p = s; *p != '\0'; p++) {
		if (!ascii_is_space(*p))
			*out++ = *p;
		else if (out > s && out[-1] != ' ')
			*out++ = ' ';
	}
	if (out > s && out[-1] == ' ')
		out--;
	*out = '\0';
}

char *
field_text(struct arena *a, struct span value)
{
	char *text = words_decode(a, span_trim(value));

	squeeze(text);
	return text;
}

struct span
field_main(struct span value)
{
	struct span s = value;
	size_t i, word = 0;

	parameter_skip_comments(&s);
	for (i = 0; i < s.len && s.p[i] != ';' && s.p[i] != '('; i++) {
		if (i > 0 && ascii_is_space(s.p[i - 1]) && s.p[i] != '=' &&
		    !ascii_is_space(s.p[i]))
			word = i;
		/* A parameter, with no semicolon before its name. */
		if (s.p[i] == '=' && word > 0) {
			i = word;
			break;
		}
	}
	return span_trim((struct span){s.p, i});
}

char *
field_parameter(struct arena *a, struct span value, const char *name)
{
	struct parameter found;
	char *text, *end;

	if (!parameter_find(a, value, name, &found))
		return NULL;
	if (!found.extended)
		return words_decode(a, found.bytes);
	text = arena_alloc(a, CHARSET_GROWTH * found.bytes.len + 1);
	end = charset_decode(charset_parse(found.charset), found.bytes, text);
	*end = '\0';
	return text;
}
