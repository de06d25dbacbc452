/* SPDX-License-Identifier: ISC */

/*
 * What stands around the fields of a record: octets that nobody sees, quotes,
 * spaces, a whole line of a zone file, and the version that must be first.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "domain/record_private.h"

/* As tell, with the number of the octet, counted from 1. */
static void
tell_octet(struct reading *r, enum check_id check, struct span s)
{
	struct place at = place_of(r, s);

	findings_add_at(r->findings, check, r->name, at, "n",
	    arena_printf(r->findings->arena, "%zu", at.from + 1));
}

/* Where the white space at i ends. */
static size_t
wsp_end(struct span s, size_t i)
{
	while (i < s.len && ascii_is_wsp(s.p[i]))
		i++;
	return i;
}

/* ---- the text as a whole ---- */

static bool
is_control(char c)
{
	return ((unsigned char)c < ' ' && c != '\t') || c == 0x7f;
}

static bool
is_not_ascii(char c)
{
	return (unsigned char)c >= 0x80;
}

static bool
is_odd(char c)
{
	return is_control(c) || is_not_ascii(c);
}

/* Tells of the first run of octets that are as is_it says. */
static void
look_for_octets(struct reading *r, enum check_id check, bool (*is_it)(char))
{
	struct span s = r->record->text;
	size_t from, to;

	for (from = 0; from < s.len && !is_it(s.p[from]); from++)
		continue;
	for (to = from; to < s.len && is_it(s.p[to]); to++)
		continue;
	if (from < to)
		tell_octet(r, check, part(s, from, to));
}

static void
look_for_backslash(struct reading *r)
{
	struct span s = r->record->text;
	size_t i;

	for (i = 0; i + 1 < s.len; i++) {
		if (s.p[i] != '\\' || s.p[i + 1] != ';')
			continue;
		record_tell(
		    r, CHECK_RECORD_ESCAPED_SEMICOLON, part(s, i, i + 1));
		return;
	}
}

/* A line of a zone file begins with the name, or has the type in it. */
static bool
is_whole_line(struct span s)
{
	const char *in = span_find(s, "IN");
	struct span rest;
	size_t gap;

	if (span_starts(s, RECORD_PREFIX) || span_starts(s, "TXT "))
		return true;
	while (in != NULL) {
		rest = part(s, (size_t)(in + 2 - s.p), s.len);
		gap = wsp_end(rest, 0);
		if (gap > 0 && span_starts(part(rest, gap, rest.len), "TXT"))
			return true;
		in = span_find(rest, "IN");
	}
	return false;
}

/* Where the record begins in a line of a zone file; all of it if that is
 * nowhere. */
static struct span
within_line(struct span s)
{
	const char *v = span_find(s, "v=TLSRPT");

	if (v == NULL)
		return s;
	s.len -= (size_t)(v - s.p);
	s.p = v;
	while (s.len > 0 &&
	    (s.p[s.len - 1] == '"' || ascii_is_wsp(s.p[s.len - 1])))
		s.len--;
	return s;
}

static struct span
without_quotes(struct reading *r, struct span s)
{
	size_t before = s.len > 0 && s.p[0] == '"';
	size_t behind = s.len > 1 && s.p[s.len - 1] == '"';

	if (before)
		record_tell(r, CHECK_RECORD_LITERAL_QUOTES, part(s, 0, 1));
	else if (behind)
		record_tell(
		    r, CHECK_RECORD_LITERAL_QUOTES, part(s, s.len - 1, s.len));
	return part(s, before, s.len - behind);
}

static struct span
without_spaces(struct reading *r, struct span s)
{
	struct span t = span_trim_wsp(s);
	size_t before = (size_t)(t.p - s.p), end = before + t.len;

	if (before > 0)
		record_tell(r, CHECK_RECORD_LEADING_SPACE, part(s, 0, before));
	/* White space behind a ";" is the delimiter's. */
	if (t.len > 0 && end < s.len && t.p[t.len - 1] != ';')
		record_tell(
		    r, CHECK_RECORD_TRAILING_SPACE, part(s, end, s.len));
	return t;
}

struct span
record_unwrap(struct reading *r)
{
	struct span s = r->record->text, inner;

	look_for_octets(r, CHECK_RECORD_CONTROL_CHAR, is_control);
	look_for_octets(r, CHECK_RECORD_NON_ASCII, is_not_ascii);
	look_for_backslash(r);
	if (is_whole_line(span_trim_wsp(s))) {
		inner = within_line(s);
		record_tell(r, CHECK_RECORD_WHOLE_LINE,
		    part(s, 0,
			inner.p == s.p ? s.len : (size_t)(inner.p - s.p)));
		return span_trim_wsp(inner);
	}
	return without_spaces(r, without_quotes(r, s));
}

/* ---- the version ---- */

/* The end of the word that begins at i. */
static size_t
word_end(struct span s, size_t i)
{
	while (i < s.len && s.p[i] != ';' && !ascii_is_wsp(s.p[i]))
		i++;
	return i;
}

/* How much of s is meant as the version, white space round "=" included; 0 if
 * nothing is. */
static size_t
version_length(struct span s)
{
	size_t i;

	if (s.len == 0 || ascii_lower(s.p[0]) != 'v')
		return 0;
	i = wsp_end(s, 1);
	if (i < s.len && s.p[i] == '=')
		return word_end(s, wsp_end(s, i + 1));
	i = word_end(s, 0);
	return span_find(part(s, 0, i), "TLSRPT") != NULL ? i : 0;
}

static bool
has_odd_octet(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (is_odd(s.p[i]))
			return true;
	return false;
}

static bool
is_number(struct span s)
{
	size_t i;

	for (i = 0; i < s.len && ascii_is_digit(s.p[i]); i++)
		continue;
	return s.len > 0 && i == s.len;
}

/* What is wrong with a version that is not the right one. */
static enum check_id
version_fault(struct span v)
{
	const size_t stem = sizeof("v=TLSRPTv") - 1;
	size_t i;

	if (span_is(v, RECORD_VERSION))
		return CHECK_VERSION_CASE;
	if (v.len > stem && memcmp(v.p, RECORD_VERSION, stem) == 0 &&
	    is_number(part(v, stem, v.len)))
		return CHECK_VERSION_UNKNOWN;
	for (i = 0; i < v.len; i++)
		if (ascii_is_wsp(v.p[i]))
			return CHECK_VERSION_SPACES;
	/* v=foo has nothing of it. */
	return span_starts(v, "v=") && span_find(v, "TLS") == NULL
	    ? CHECK_VERSION_MISSING
	    : CHECK_VERSION_TYPO;
}

/* The version, if a later field is it; else the place in front of all. */
static struct span
late_version(struct span s)
{
	struct span rest = s, field;

	span_cut(&rest, ';');
	while (rest.len > 0) {
		field = span_trim_wsp(span_cut(&rest, ';'));
		if (span_equal(field, SPAN(RECORD_VERSION)))
			return field;
	}
	return part(s, 0, 0);
}

static void
put_version_tag(struct reading *r, struct span version, bool right)
{
	struct span value = version, name = span_cut(&value, '=');

	record_put_tag(r, right ? TAG_VERSION : TAG_BAD, name, value);
}

/* Tells of what stands between the version and the first field. */
static struct span
behind_version(struct reading *r, struct span s, size_t end, bool is_right)
{
	size_t next = wsp_end(s, end);

	if (next == s.len || s.p[next] != ';') {
		/* Where nothing follows, another fault says more. */
		if (next < s.len || is_right)
			record_tell(
			    r, CHECK_VERSION_NO_SEMICOLON, part(s, end, end));
		return part(s, next, s.len);
	}
	if (next > end)
		record_tell(r, CHECK_VERSION_SPACE_BEFORE_SEMICOLON,
		    part(s, end, next));
	return part(s, next + 1, s.len);
}

struct span
record_read_version(struct reading *r, struct span s)
{
	size_t len = version_length(s), escaped;
	struct span version = part(s, 0, len);
	bool is_right;

	if (len == 0) {
		version = late_version(s);
		r->version_is_late = version.len > 0;
		record_tell(r,
		    r->version_is_late ? CHECK_VERSION_NOT_FIRST
				       : CHECK_VERSION_MISSING,
		    version);
		return s;
	}
	escaped = version.p[len - 1] == '\\';
	version.len -= escaped;
	is_right = span_equal(version, SPAN(RECORD_VERSION));
	put_version_tag(r, version, is_right);
	/* Of octets that cannot be seen it has been told. */
	if (!is_right && !has_odd_octet(version))
		record_tell(r, version_fault(version), version);
	return behind_version(r, s, len, is_right);
}
