/* SPDX-License-Identifier: ISC */

/*
 * The MTA-STS record (RFC 8461 3.1) and whether a policy covers a host.  The
 * selection among several is that of TLS-RPT: those that do not begin with
 * v=STSv1; are dropped, and unless one is left there is none.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "domain/name.h"
#include "domain/sts.h"

#define STS_VERSION  "v=STSv1"
#define ID_MAX	     32
#define EXT_NAME_MAX 32

/* Begins with the version, white space if loose, and ";". */
static bool
begins_well(struct span text, bool loose)
{
	struct span version = SPAN(STS_VERSION);
	size_t i = version.len;

	if (text.len < i || !span_equal((struct span){text.p, i}, version))
		return false;
	while (loose && i < text.len && ascii_is_wsp(text.p[i]))
		i++;
	return i < text.len && text.p[i] == ';';
}

/* Meant as a record, although no sender takes it for one. */
static bool
is_meant(struct span text)
{
	return span_find(text, "STSv1") != NULL ||
	    (span_starts(span_trim_wsp(text), "v") &&
		span_find(text, "=STS") != NULL);
}

/* ---- one record ---- */

static void
tell(struct sts_record *r, const char *name, struct span s, const char *why,
    struct findings *findings)
{
	size_t from = (size_t)(s.p - r->text.p);

	findings_add_at(findings, CHECK_STS_RECORD_SYNTAX, name,
	    (struct place){from, from + s.len}, "why", why);
	r->usable = false;
}

static bool
is_id(struct span s)
{
	size_t i;

	for (i = 0; i < s.len && ascii_is_alnum(s.p[i]); i++)
		continue;
	return s.len > 0 && s.len <= ID_MAX && i == s.len;
}

/* sts-ext-name and sts-ext-value. */
static bool
is_extension(struct span name, struct span value)
{
	size_t i;

	if (name.len == 0 || name.len > EXT_NAME_MAX ||
	    !ascii_is_alnum(name.p[0]) || value.len == 0)
		return false;
	for (i = 1; i < name.len; i++)
		if (!ascii_is_alnum(name.p[i]) && name.p[i] != '_' &&
		    name.p[i] != '-' && name.p[i] != '.')
			return false;
	for (i = 0; i < value.len; i++)
		if (value.p[i] <= ' ' || value.p[i] >= 0x7f ||
		    value.p[i] == '=')
			return false;
	return true;
}

static void
read_field(struct sts_record *r, const char *name, struct span field,
    struct findings *findings)
{
	struct span value = field, key = span_cut(&value, '=');

	if (!span_equal(key, SPAN("id"))) {
		if (!is_extension(key, value))
			tell(r, name, field,
			    "a field is not of the form name=value", findings);
		return;
	}
	if (r->id[0] != '\0')
		tell(r, name, field, "id stands there twice", findings);
	else if (!is_id(value))
		tell(r, name, field, "id must be 1 to 32 letters and digits",
		    findings);
	else
		r->id = arena_strndup(findings->arena, value.p, value.len);
}

static void
read_record(struct sts_record *r, const char *name, struct findings *findings)
{
	struct span rest = r->text, field = span_cut(&rest, ';');
	const char *end = r->text.p + r->text.len, *stop;
	bool has_id = false;

	r->usable = true;
	if (!begins_well(r->text, true))
		tell(r, name, field, "it must begin with v=STSv1;", findings);
	while (rest.len > 0) {
		field = span_cut(&rest, ';');
		stop = field.p + field.len;
		field = span_trim_wsp(field);
		has_id = has_id || span_starts(field, "id=");
		if (field.len > 0)
			read_field(r, name, field, findings);
		else if (stop < end)
			tell(r, name, field, "a field is empty", findings);
	}
	if (!has_id)
		tell(
		    r, name, (struct span){end, 0}, "there is no id", findings);
	if (!r->usable)
		r->id = "";
}

void
sts_record_read(struct sts_record *r, const struct span *texts, size_t n,
    const char *name, struct findings *findings)
{
	size_t loose = 0, i;
	const struct span *meant = NULL;

	*r = (struct sts_record){.text = SPAN(""), .id = ""};
	for (i = n; i > 0; i--) {
		r->strict += begins_well(texts[i - 1], false);
		loose += begins_well(texts[i - 1], true);
		if (meant == NULL || is_meant(texts[i - 1]))
			meant = is_meant(texts[i - 1]) ? &texts[i - 1] : meant;
	}
	for (i = n; i > 0; i--)
		if (begins_well(texts[i - 1], r->strict == 0))
			meant = &texts[i - 1];
	if (meant == NULL)
		return;
	r->present = true;
	r->text = meant->p == NULL ? SPAN("") : *meant;
	if (r->strict > 1 || (r->strict == 0 && loose > 1))
		findings_add(findings, CHECK_STS_RECORD_MULTIPLE, name, "n",
		    arena_printf(findings->arena, "%zu",
			r->strict > 1 ? r->strict : loose));
	else
		read_record(r, name, findings);
}

/* ---- modes and hosts ---- */

const char *
sts_mode_name(enum sts_mode mode)
{
	static const char *const names[] = {[STS_MODE_NONE_GIVEN] = "",
	    [STS_ENFORCE] = "enforce",
	    [STS_TESTING] = "testing",
	    [STS_NONE] = "none"};

	return names[mode];
}

bool
sts_policy_covers(const struct sts_policy *policy, const char *host)
{
	size_t i;

	for (i = 0; i < policy->nmx; i++)
		if (name_matches(policy->mx[i], host))
			return true;
	return false;
}
