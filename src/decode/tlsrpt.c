/* SPDX-License-Identifier: ISC */

/*
 * A report as a whole: is the JSON meant as one, whose is it, and for which
 * range of time (RFC 8460 4.4)?  Its policies are read by policy.c.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/die.h"
#include "base/utf8.h"
#include "decode/json.h"
#include "decode/members.h"
#include "decode/policy.h"
#include "decode/tlsrpt.h"

/* How much of a wrong date an error text shows. */
#define DATE_SHOWN 40

struct tlsrpt {
	struct limits limits;
	struct json *json;
	struct json *nested; /* for JSON that stands in a string */
};

enum report_slot { ORGANIZATION, DATE_RANGE, CONTACT, ID, POLICIES };

static const struct member_name report_names[] = {
    MEMBER(ORGANIZATION, "organization-name"),
    MEMBER(DATE_RANGE, "date-range"),
    MEMBER(CONTACT, "contact-info"),
    MEMBER(ID, "report-id"),
    MEMBER(POLICIES, "policies"),
    MEMBER_ALIAS(ORGANIZATION, "organisation-name"),
};

static const struct member_table report_table = {
    report_names, sizeof(report_names) / sizeof(report_names[0])};

enum range_slot { START, END };

static const struct member_name range_names[] = {
    MEMBER(START, "start-datetime"),
    MEMBER(END, "end-datetime"),
    MEMBER_ALIAS(START, "start-date"),
    MEMBER_ALIAS(END, "end-date"),
    MEMBER_ALIAS(START, "begin-date"),
};

static const struct member_table range_table = {
    range_names, sizeof(range_names) / sizeof(range_names[0])};

static const struct place top = {NULL, "", PLACE_WHOLE};

struct tlsrpt *
tlsrpt_new(const struct limits *limits)
{
	struct tlsrpt *t = xcalloc(1, sizeof(*t));

	t->limits = *limits;
	t->json = json_new(limits);
	t->nested = json_new(limits);
	return t;
}

void
tlsrpt_free(struct tlsrpt *t)
{
	if (t == NULL)
		return;
	json_free(t->json);
	json_free(t->nested);
	free(t);
}

/* Writes what is wrong with a date, quoting its start, into the error. */
static int
fail_date(
    const struct members *m, struct reading *r, size_t slot, const char *text)
{
	char what[128];

	snprintf(what, sizeof(what), "\"%.*s\" is no date-time (RFC 3339 5.6)",
	    (int)utf8_valid_prefix(text, strnlen(text, DATE_SHOWN)), text);
	return members_fail(m, r, slot, what);
}

/* Reads a date-time that is written as the seconds since 1970. */
static int
read_epoch(const struct members *m, struct reading *r, size_t slot, int64_t *t)
{
	double d = 0;

	(void)json_number(m->slots[slot], &d);
	if (!(d >= 0 && d < (double)DAY_MAX * DAY_SECONDS))
		return members_fail(m, r, slot, "not a date (RFC 8460 4.4)");
	*t = (int64_t)d;
	members_note(m, r, slot, DEVIATION_DATE_LOOSE);
	return 1;
}

/* Reads one end of the range.  Returns 1, or 0 if it is absent, or -1. */
static int
read_time(const struct members *m, struct reading *r, size_t slot, int64_t *t)
{
	static const struct {
		unsigned quirk;
		enum deviation_code code;
	} departures[] = {
	    {DATE_NO_ZONE, DEVIATION_DATE_WITHOUT_ZONE},
	    {DATE_HOUR_24, DEVIATION_DATE_HOUR_24},
	    {DATE_DAY_ONLY | DATE_LOOSE, DEVIATION_DATE_LOOSE},
	};
	const struct json_value *v = m->slots[slot];
	unsigned quirks = 0;
	const char *text;
	size_t i;

	if (v != NULL && json_type(v) == JSON_NUMBER)
		return read_epoch(m, r, slot, t);
	if (members_text(m, r, slot, &text) == -1)
		return -1;
	if (text[0] == '\0')
		return 0;
	if (date_parse_rfc3339(span_of(text), t, &quirks) == -1)
		return fail_date(m, r, slot, text);
	for (i = 0; i < sizeof(departures) / sizeof(departures[0]); i++)
		if ((quirks & departures[i].quirk) != 0)
			members_note(m, r, slot, departures[i].code);
	return 1;
}

/* Makes out's range whole, where one end is missing, and puts it in order. */
static void
settle_range(const struct members *m, struct reading *r, bool has_start,
    bool has_end, struct report *out)
{
	int64_t later;

	if (!has_start) {
		members_note(m, r, START, DEVIATION_RANGE_END_MISSING);
		/* A midnight ends the day before it. */
		out->start = (int64_t)day_of_time(out->end - 1) * DAY_SECONDS;
	} else if (!has_end) {
		members_note(m, r, END, DEVIATION_RANGE_END_MISSING);
		out->end =
		    ((int64_t)day_of_time(out->start) + 1) * DAY_SECONDS - 1;
	} else if (out->start > out->end) {
		reading_note(r, DEVIATION_RANGE_REVERSED, &m->place, "");
		later = out->start;
		out->start = out->end;
		out->end = later;
	}
	out->day = day_of_time(out->start);
	if (out->start != (int64_t)out->day * DAY_SECONDS ||
	    (out->end - out->start != DAY_SECONDS &&
		out->end - out->start != DAY_SECONDS - 1))
		reading_note(r, DEVIATION_RANGE_NOT_ONE_DAY, &m->place, "");
}

static int
read_range(const struct members *m, struct reading *r,
    const struct json_value *root, struct report *out)
{
	struct place at = {NULL, members_name(m, DATE_RANGE), PLACE_WHOLE};
	const struct json_value *v = m->slots[DATE_RANGE];
	struct members range;
	int has_start, has_end;

	if (v != NULL && json_type(v) != JSON_OBJECT)
		return members_fail(
		    m, r, DATE_RANGE, "not an object (RFC 8460 4.4)");
	members_read(&range, r, v != NULL ? &at : &top, &range_table,
	    v != NULL ? v : root);
	if (v == NULL && range.nseen > 0)
		reading_note(r, DEVIATION_RANGE_FLAT, &top, "");
	has_start = read_time(&range, r, START, &out->start);
	has_end = has_start == -1 ? -1 : read_time(&range, r, END, &out->end);
	if (has_end == -1)
		return -1;
	if (has_start == 0 && has_end == 0)
		return members_fail(m, r, DATE_RANGE, "missing (RFC 8460 4.4)");
	settle_range(&range, r, has_start == 1, has_end == 1, out);
	return 0;
}

/* Reads a text of the report that should not be missing. */
static int
read_text(const struct members *m, struct reading *r, size_t slot,
    enum deviation_code missing, const char **out)
{
	if (members_text(m, r, slot, out) == -1)
		return -1;
	if ((*out)[0] == '\0')
		members_note(m, r, slot, missing);
	return 0;
}

/* Copies what stood around the report, cut to string_bytes. */
static const char *
copy_around(struct reading *r, const char *text)
{
	size_t len = strnlen(text, r->limits->string_bytes);

	if (text[len] != '\0')
		len = utf8_valid_prefix(text, len);
	return len == 0 ? "" : arena_strndup(r->arena, text, len);
}

/* Sets whom the report comes from, and what around it took part in that. */
static void
set_reporter(struct reading *r, struct report *out)
{
	struct span domain = attribute_contact_domain(out->contact);
	const char *submitter, *contact;

	out->submitter_header = copy_around(r, r->context->submitter_header);
	out->domain_header = copy_around(r, r->context->domain_header);
	out->filename = out->subject = "";
	if (r->attribution.how == DEVIATION_DOMAIN_FROM_FILENAME)
		out->filename = copy_around(r, r->context->filename);
	if (r->attribution.how == DEVIATION_DOMAIN_FROM_SUBJECT)
		out->subject = copy_around(r, r->context->subject);
	out->reporter = attribute_reporter(
	    r->arena, out->submitter_header, out->contact, out->organization);
	submitter = attribute_host(r->arena, out->submitter_header);
	contact = attribute_host(
	    r->arena, arena_strndup(r->arena, domain.p, domain.len));
	if (submitter[0] != '\0' && contact[0] != '\0' &&
	    !attribute_is_related(submitter, contact))
		reading_note(r, DEVIATION_SUBMITTER_NOT_CONTACT, &top, "");
}

static int
read_report(const struct members *m, struct reading *r,
    const struct json_value *root, struct report *out)
{
	if (read_text(m, r, ORGANIZATION, DEVIATION_ORGANIZATION_MISSING,
		&out->organization) == -1 ||
	    read_text(m, r, CONTACT, DEVIATION_CONTACT_MISSING,
		&out->contact) == -1 ||
	    read_text(m, r, ID, DEVIATION_REPORT_ID_MISSING, &out->id) == -1 ||
	    read_range(m, r, root, out) == -1 ||
	    policies_read(r, root, m->slots[POLICIES], out) == -1)
		return -1;
	set_reporter(r, out);
	out->deviations = r->notes->list;
	out->ndeviations = r->notes->len;
	return 0;
}

static void
note_quirks(struct reading *r, unsigned quirks)
{
	if ((quirks & JSON_HAS_BOM) != 0)
		reading_note(r, DEVIATION_JSON_BOM, &top, "");
	if ((quirks & JSON_HAS_BAD_TEXT) != 0)
		reading_note(r, DEVIATION_JSON_TEXT, &top, "");
	if ((quirks & JSON_HAS_TRAILING_NUL) != 0)
		reading_note(r, DEVIATION_JSON_TRAILING, &top, "");
}

/* True if a report is meant: it has two of the members.  "policies" alone
 * stands in the files of many programs. */
static bool
is_claimed(const struct members *m)
{
	return m->nseen >= 2;
}

/* The same for text that is broken or over a bound: it names them. */
static bool
is_claimed_by_text(struct span text)
{
	static const char *const names[] = {"\"organization-name\"",
	    "\"date-range\"", "\"contact-info\"", "\"report-id\"",
	    "\"policies\""};
	struct members m = {.nseen = 0};
	size_t i;

	if (text.len == 0)
		return false;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (memmem(text.p, text.len, names[i], strlen(names[i])) !=
		    NULL)
			m.nseen++;
	return is_claimed(&m);
}

enum tlsrpt_verdict
tlsrpt_parse(struct tlsrpt *t, struct span json,
    const struct tlsrpt_context *context, struct deviation_list *notes,
    struct report **out, struct err *err)
{
	struct reading r = {.limits = &t->limits,
	    .arena = notes->arena,
	    .notes = notes,
	    .err = err,
	    .context = context,
	    .nested = t->nested};
	size_t noted = notes->len;
	const struct json_value *root;
	struct report *report;
	struct members m;
	unsigned quirks;

	*out = NULL;
	root = json_parse(t->json, json, &quirks, err);
	if (root == NULL)
		return is_claimed_by_text(json) ? TLSRPT_UNUSABLE
						: TLSRPT_NOT_JSON;
	note_quirks(&r, quirks);
	members_read(&m, &r, &top, &report_table, root);
	report = arena_calloc(notes->arena, 1, sizeof(*report));
	report->received = TIME_NONE;
	if (is_claimed(&m) && read_report(&m, &r, root, report) == 0) {
		*out = report;
		return TLSRPT_REPORT;
	}
	notes->len = noted;
	return is_claimed(&m) ? TLSRPT_UNUSABLE : TLSRPT_NOT_ONE;
}
