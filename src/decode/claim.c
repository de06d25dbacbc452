/* SPDX-License-Identifier: ISC */

/*
 * The media types and file names under which reports come.  RFC 8460 5.3
 * has two types; senders, gateways and people who forward use all of these.
 */

#include "config.h"

#include <stddef.h>
#include <string.h>

#include "decode/claim.h"
#include "decode/field.h"

#define ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

struct rule {
	const char *text;
	unsigned flags;
};

static const struct rule types[] = {
    {"application/tlsrpt+gzip",
	CLAIM_REPORT | CLAIM_CANDIDATE | CLAIM_STANDARD | CLAIM_GZIP},
    {"application/tlsrpt+json",
	CLAIM_REPORT | CLAIM_CANDIDATE | CLAIM_STANDARD | CLAIM_JSON},
    {"application/tlsrpt+x-gzip", CLAIM_REPORT | CLAIM_CANDIDATE | CLAIM_GZIP},
    {"application/gzip", CLAIM_CANDIDATE | CLAIM_GZIP},
    {"application/x-gzip", CLAIM_CANDIDATE | CLAIM_GZIP},
    {"application/x-gzip-compressed", CLAIM_CANDIDATE | CLAIM_GZIP},
    {"application/gzip-compressed", CLAIM_CANDIDATE | CLAIM_GZIP},
    {"application/json", CLAIM_CANDIDATE | CLAIM_JSON},
    {"text/json", CLAIM_CANDIDATE | CLAIM_JSON},
    {"application/zip", CLAIM_CANDIDATE},
    {"application/x-zip", CLAIM_CANDIDATE},
    {"application/x-zip-compressed", CLAIM_CANDIDATE},
    {"application/x-compressed", CLAIM_CANDIDATE},
    {"application/octet-stream", CLAIM_CANDIDATE},
    {"binary/octet-stream", CLAIM_CANDIDATE},
    {"message/rfc822", CLAIM_MESSAGE},
    {"message/global", CLAIM_MESSAGE},
    {"message/delivery-status", CLAIM_RETURNED},
    {"message/global-delivery-status", CLAIM_RETURNED},
    {"message/disposition-notification", CLAIM_RETURNED},
    {"message/global-disposition-notification", CLAIM_RETURNED},
    {"message/feedback-report", CLAIM_RETURNED},
};

/* The ends of file names. */
static const struct rule endings[] = {
    {".json", CLAIM_CANDIDATE},
    {".gz", CLAIM_CANDIDATE},
    {".zip", CLAIM_CANDIDATE},
    {".eml", CLAIM_MESSAGE},
};

unsigned
claim_of_type(struct span type)
{
	size_t i;

	for (i = 0; i < ELEMENTS(types); i++)
		if (span_is(type, types[i].text))
			return types[i].flags;
	if (span_starts(type, "application/tlsrpt"))
		return CLAIM_REPORT | CLAIM_CANDIDATE;
	return 0;
}

/* Takes text off the end of *s if it stands there. */
static bool
cut_end(struct span *s, const char *text)
{
	if (!span_ends(*s, text))
		return false;
	s->len -= strlen(text);
	return true;
}

static bool
is_number(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!ascii_is_digit(s.p[i]))
			return false;
	return s.len > 0;
}

/* True for sender!domain!begin!end[!id].json[.gz]. */
static bool
is_report_name(struct span name)
{
	struct span part;
	size_t i;

	cut_end(&name, ".gz");
	if (!cut_end(&name, ".json"))
		return false;
	for (i = 0; i < 4; i++) {
		part = span_cut(&name, '!');
		if (part.len == 0 || (i >= 2 && !is_number(part)))
			return false;
	}
	return true;
}

unsigned
claim_of_name(const char *name)
{
	struct span base = span_of(claim_base_name(name));
	unsigned flags = 0;
	size_t i;

	for (i = 0; i < ELEMENTS(endings); i++)
		if (span_ends(base, endings[i].text))
			flags |= endings[i].flags;
	if (flags != 0 && is_report_name(base))
		flags |= CLAIM_REPORT;
	return flags;
}

unsigned
claim_of_report_type(struct arena *a, struct span content_type)
{
	struct span type = field_main(content_type);
	bool report = span_is(type, "multipart/report");
	const char *value;

	if (!span_starts(type, "multipart/"))
		return 0;
	value = field_parameter(a, content_type, "report-type");
	if (value == NULL)
		return 0;
	if (span_is(span_of(value), "tlsrpt"))
		return CLAIM_REPORT | (report ? CLAIM_STANDARD : 0);
	return report ? CLAIM_RETURNED : 0;
}

const char *
claim_base_name(const char *name)
{
	const char *p;

	for (p = name; *p != '\0'; p++)
		if (*p == '/' || *p == '\\')
			name = p + 1;
	return name;
}
