/* SPDX-License-Identifier: ISC */

/*
 * Reading a TLS-RPT record.  The grammar is small and senders are strict, but
 * the faults of published records are many: each that is known from the field
 * has its own name, and reading goes on behind it as if it were not there, so
 * that one fault does not hide the next or beget others.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "domain/record_private.h"

/* ext-name = (ALPHA / DIGIT) *31(...) */
#define EXT_NAME_MAX 32

struct place
place_of(const struct reading *r, struct span s)
{
	size_t from = (size_t)(s.p - r->record->text.p);

	return (struct place){from, from + s.len};
}

void
record_tell(struct reading *r, enum check_id check, struct span s)
{
	findings_add_at(r->findings, check, r->name, place_of(r, s), "item",
	    printable(r->findings->arena, s));
}

void
record_put_tag(
    struct reading *r, enum tag_kind kind, struct span name, struct span value)
{
	struct record *record = r->record;

	if (record->ntags == RECORD_TAGS_MAX)
		return;
	record->tags[record->ntags++] =
	    (struct record_tag){kind, name, value, place_of(r, name).from};
}

/* ---- the fields ---- */

static bool
is_ext_name(struct span s)
{
	size_t i;

	if (s.len == 0 || s.len > EXT_NAME_MAX || !ascii_is_alnum(s.p[0]))
		return false;
	for (i = 1; i < s.len; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '_' && s.p[i] != '-' &&
		    s.p[i] != '.')
			return false;
	return true;
}

/* %x21-3A / %x3C / %x3E-7E; the ";" has been cut off. */
static size_t
ext_value_length(struct span s)
{
	size_t i;

	for (i = 0; i < s.len && s.p[i] > ' ' && s.p[i] < 0x7f && s.p[i] != '=';
	     i++)
		continue;
	return i;
}

/* What else is to be said of an extension, which senders ignore. */
static enum check_id
extension_check(struct span name)
{
	static const struct {
		const char *name;
		enum check_id check;
	} table[] = {
	    {"ruf", CHECK_TAG_RUF},
	    {"p", CHECK_TAG_DMARC_STYLE},
	    {"sp", CHECK_TAG_DMARC_STYLE},
	    {"pct", CHECK_TAG_DMARC_STYLE},
	    {"fo", CHECK_TAG_DMARC_STYLE},
	    {"rf", CHECK_TAG_DMARC_STYLE},
	    {"ri", CHECK_TAG_DMARC_STYLE},
	    {"adkim", CHECK_TAG_DMARC_STYLE},
	    {"aspf", CHECK_TAG_DMARC_STYLE},
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (span_is(name, table[i].name))
			return table[i].check;
	return CHECK_TAG_UNKNOWN;
}

static void
read_extension(struct reading *r, struct span name, struct span value)
{
	size_t good = ext_value_length(value);
	bool is_late_version = r->version_is_late && span_is(name, "v");
	bool is_bad = true;

	if (!is_ext_name(name)) {
		record_tell(r, CHECK_EXT_BAD_NAME, name);
	} else if (value.len == 0 || good < value.len) {
		findings_add_at(r->findings, CHECK_EXT_BAD_VALUE, r->name,
		    place_of(
			r, part(value, good, value.len > 0 ? good + 1 : 0)),
		    "item",
		    arena_strndup(r->findings->arena, name.p, name.len));
	} else {
		is_bad = false;
		/* What is not kept would fill the list with what is harmless,
		 * and hide what is not. */
		if (r->record->ntags < RECORD_TAGS_MAX && !is_late_version)
			record_tell(r, extension_check(name), name);
	}
	record_put_tag(r, is_bad ? TAG_BAD : TAG_EXTENSION, name, value);
}

/* Reads an rua whose name is odd as if it were not. */
static void
read_rua(struct reading *r, struct span name, struct span value)
{
	struct span bare = span_trim_wsp(name), list = span_trim_wsp(value);
	bool is_good = bare.len == name.len && span_equal(bare, SPAN("rua"));

	record_put_tag(r, is_good ? TAG_RUA : TAG_BAD, bare, value);
	if (!span_equal(bare, SPAN("rua")))
		record_tell(r, CHECK_RUA_TAG_CASE, bare);
	if (bare.len < name.len)
		record_tell(r, CHECK_RUA_SPACE_BEFORE_EQUALS,
		    part(name, bare.len, name.len));
	if (list.p > value.p && list.len > 0)
		record_tell(r, CHECK_RUA_SPACE_AFTER_EQUALS,
		    part(value, 0, (size_t)(list.p - value.p)));
	if (++r->rua_fields == 2)
		record_tell(r, CHECK_RUA_FIELD_REPEATED, bare);
	if (list.len == 0)
		record_tell(r, CHECK_RUA_EMPTY, part(value, 0, 0));
	else
		record_read_list(r, list);
}

static void
read_field(struct reading *r, struct span field)
{
	struct span value = field, name = span_cut(&value, '=');

	if (span_starts(field, "mailto:") || span_starts(field, "https:")) {
		record_tell(r, CHECK_RUA_SEMICOLON_LIST, field);
		r->excused = true;
		record_put_tag(
		    r, TAG_BAD, field, part(field, field.len, field.len));
	} else if (name.len == field.len) {
		/* In rua=mailto;a@example.com the first fault is enough. */
		if (!r->excused || memchr(field.p, '@', field.len) == NULL)
			record_tell(r, CHECK_FIELD_NO_EQUALS, field);
		record_put_tag(
		    r, TAG_BAD, field, part(field, field.len, field.len));
	} else if (span_is(span_trim_wsp(name), "rua")) {
		read_rua(r, name, value);
	} else {
		read_extension(r, name, value);
	}
}

static void
read_fields(struct reading *r, struct span s)
{
	size_t end;
	struct span field;

	while (s.len > 0) {
		for (end = 0; end < s.len && s.p[end] != ';'; end++)
			continue;
		field = span_trim_wsp(part(s, 0, end));
		if (field.len > 0 && end < s.len &&
		    field.p[field.len - 1] == '\\')
			field.len--;
		if (field.len > 0)
			read_field(r, field);
		else if (end < s.len)
			record_tell(
			    r, CHECK_FIELD_EMPTY, part(s, end, end + 1));
		s = part(s, end < s.len ? end + 1 : end, s.len);
	}
}

/* ---- the end ---- */

/* Faults of one destination: others may be usable. */
static bool
is_of_one_destination(enum check_id check)
{
	static const enum check_id table[] = {CHECK_RUA_HTTP_NOT_HTTPS,
	    CHECK_RUA_SCHEME_UNSUPPORTED, CHECK_RUA_MAILTO_NO_ADDRESS,
	    CHECK_RUA_MAILTO_BAD_LOCALPART, CHECK_RUA_MAILTO_BAD_DOMAIN,
	    CHECK_RUA_HTTPS_BAD_HOST};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i] == check)
			return true;
	return false;
}

static void
conclude(struct reading *r)
{
	struct arena *a = r->findings->arena;
	struct finding *f = r->findings->items;
	const char *n = arena_printf(a, "%zu", r->items);
	size_t i;

	if (r->rua_fields == 0 && !r->excused)
		findings_add(r->findings, CHECK_RUA_MISSING, r->name);
	if (r->items > RECORD_DESTINATIONS_MAX)
		findings_add(r->findings, CHECK_RUA_TOO_MANY, r->name, "n", n,
		    "most", arena_printf(a, "%zu", RECORD_DESTINATIONS_MAX));
	if (r->usable > 1)
		findings_add(r->findings, CHECK_RUA_SEVERAL, r->name, "n", n);
	f = r->findings->items;
	for (i = 0; i < r->findings->n; i++)
		if (r->usable > 0 && is_of_one_destination(f[i].check))
			f[i].severity = SEVERITY_WARNING;
	/* So many are of single destinations only. */
	if (r->usable > 0 && r->findings->cut_worst == SEVERITY_ERROR)
		r->findings->cut_worst = SEVERITY_WARNING;
	switch (findings_worst(r->findings)) {
	case SEVERITY_ERROR:
		r->record->verdict = RECORD_INVALID;
		break;
	case SEVERITY_WARNING:
		r->record->verdict = RECORD_WARN;
		break;
	default:
		r->record->verdict = RECORD_VALID;
	}
}

void
record_parse(struct record *record, struct span text, const char *name,
    struct findings *findings)
{
	struct arena *a = findings->arena;
	struct findings own = findings_new(a);
	struct reading r = {.record = record, .name = name, .findings = &own};

	*record = (struct record){.text = text};
	if (text.p == NULL)
		record->text = SPAN("");
	record->tags = arena_calloc(a, RECORD_TAGS_MAX, sizeof(*record->tags));
	record->destinations = arena_calloc(
	    a, RECORD_DESTINATIONS_MAX, sizeof(*record->destinations));
	if (record_likeness(text) == RECORD_OTHER_KIND)
		findings_add(&own, CHECK_TLSRPT_IS_SPF, name, "kind",
		    record_other_kind(text));
	else
		read_fields(&r, record_read_version(&r, record_unwrap(&r)));
	if (!findings_have(&own, CHECK_TLSRPT_IS_SPF))
		conclude(&r);
	else
		record->verdict = RECORD_INVALID;
	findings_join(findings, &own);
}
