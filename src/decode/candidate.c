/* SPDX-License-Identifier: ISC */

/*
 * A first look at a message whose bytes are dear: only some fields of its
 * header are here.  The decoder judges by what a message holds; this must
 * never be stricter than what the header of such a message can tell.
 */

#include "config.h"

#include <stddef.h>

#include "base/arena.h"
#include "decode/candidate.h"
#include "decode/claim.h"
#include "decode/field.h"

/* Enough for the fields of nearly every mail. */
#define ARENA_BYTES 4096

#define ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

/* Leaves nothing of text but its ASCII letters and digits, in lower case: so
 * "TLS-RPT", "Tls rpt" and "TLS_RPT" are one. */
static struct span
squash(char *text)
{
	char *out = text, *p;

	for (p = text; *p != '\0'; p++)
		if (ascii_is_alnum(*p))
			*out++ = ascii_lower(*p);
	return (struct span){text, (size_t)(out - text)};
}

/* What the subjects and senders of reports say: that of RFC 8460 5.3, which
 * DMARC's has in common, and those that people and programs gave their own.
 */
static bool
judge_text(struct arena *a, struct span value)
{
	static const char *const phrases[] = {
	    "reportdomain", "reportid", "tlsreport", "tlsrpt", "smtptls"};
	struct span text = squash(field_text(a, value));
	size_t i;

	for (i = 0; i < ELEMENTS(phrases); i++)
		if (span_find(text, phrases[i]) != NULL)
			return true;
	return false;
}

static bool
judge_filename(struct arena *a, struct span value, const char *parameter)
{
	const char *name = field_parameter(a, value, parameter);

	return name != NULL && claim_of_name(name) != 0;
}

static bool
judge_disposition(struct arena *a, struct span value)
{
	return judge_filename(a, value, "filename");
}

/* A multipart/report is a TLS report unless it says that it is one of the
 * others.  A report type is the subtype of the part for programs (RFC 6522
 * 3), so that claim.c knows them. */
static bool
judge_report_type(struct arena *a, struct span value)
{
	const char *type = field_parameter(a, value, "report-type");

	return type == NULL ||
	    !(claim_of_type(span_of(arena_printf(a, "message/%s", type))) &
		CLAIM_RETURNED);
}

/* Mail that people write is text or a multipart.  A message that is one
 * attachment and no more may be a report under any type for data. */
static bool
judge_type(struct arena *a, struct span value)
{
	struct span type = field_main(value);

	if (span_is(type, "multipart/report"))
		return judge_report_type(a, value);
	return claim_of_report_type(a, value) != 0 ||
	    (claim_of_type(type) & ~(unsigned)CLAIM_RETURNED) != 0 ||
	    span_starts(type, "application/") ||
	    judge_filename(a, value, "name");
}

static bool
judge_presence(struct arena *a, struct span value)
{
	(void)a;
	(void)value;
	return true;
}

static const struct {
	const char *name;
	bool (*judge)(struct arena *a, struct span value);
} fields[] = {
    {"Subject", judge_text},
    {"From", judge_text},
    {"Content-Type", judge_type},
    {"ContentType", judge_type}, /* which one sender writes */
    {"Content-Disposition", judge_disposition},
    {"TLS-Report-Domain", judge_presence},
    {"TLS-Report-Submitter", judge_presence},
};

static bool
judge(struct arena *a, const struct field *f)
{
	size_t i;

	for (i = 0; i < ELEMENTS(fields); i++)
		if (span_is(f->name, fields[i].name))
			return fields[i].judge(a, f->value);
	/* Any other that begins so was meant to be one of the two. */
	return span_starts(f->name, "TLS-Report-");
}

bool
candidate_is_likely(struct span head)
{
	struct arena *a = arena_new(ARENA_BYTES);
	struct field f;
	size_t n = 0;
	bool likely = false;

	while (!likely && field_next(&head, &f)) {
		likely = judge(a, &f);
		n++;
	}
	arena_free(a);
	/* What has no header fields is no mail that people write. */
	return likely || n == 0;
}
