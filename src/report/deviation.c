/* SPDX-License-Identifier: ISC */

/*
 * Departures from the RFCs that a report is accepted with.  A sender that
 * departs once usually departs everywhere, so the list is bounded and says
 * when it is full.
 */

#include "config.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "report/deviation.h"

/* A place is our own words and indices, so this is never reached but by a
 * quoted name; longer ones are cut. */
#define WHERE_MAX 256

struct entry {
	const char *name;
	const char *text;
};

static const struct entry entries[DEVIATION_COUNT] = {
#define DEVIATION_ENTRY(code, name, text) [DEVIATION_##code] = {name, text},
    DEVIATIONS(DEVIATION_ENTRY)
#undef DEVIATION_ENTRY
};

static bool
is_listed(
    const struct deviation_list *l, enum deviation_code code, const char *where)
{
	size_t i;

	for (i = 0; i < l->len; i++)
		if (l->list[i].code == code &&
		    strcmp(l->list[i].where, where) == 0)
			return true;
	return false;
}

static void
append(struct deviation_list *l, enum deviation_code code, const char *where)
{
	struct deviation *d = &l->list[l->len++];

	d->code = code;
	d->where = arena_strdup(l->arena, where);
}

void
deviation_add(
    struct deviation_list *l, enum deviation_code code, const char *where, ...)
{
	char text[WHERE_MAX];
	va_list ap;

	/* The last place is kept for the note that there were more. */
	if (l->len == DEVIATIONS_MAX)
		return;
	va_start(ap, where);
	vsnprintf(text, sizeof(text), where, ap);
	va_end(ap);
	text[utf8_whole_prefix(text, strlen(text))] = '\0';
	if (is_listed(l, code, text))
		return;
	if (l->list == NULL)
		l->list =
		    arena_calloc(l->arena, DEVIATIONS_MAX, sizeof(l->list[0]));
	if (l->len == DEVIATIONS_MAX - 1)
		append(l, DEVIATION_TOO_MANY, "");
	else
		append(l, code, text);
}

const char *
deviation_name(enum deviation_code code)
{
	return (size_t)code < DEVIATION_COUNT ? entries[code].name : "";
}

const char *
deviation_text(enum deviation_code code)
{
	return (size_t)code < DEVIATION_COUNT ? entries[code].text : "";
}

enum deviation_code
deviation_parse(struct span name)
{
	size_t i;

	for (i = 0; i < DEVIATION_COUNT; i++)
		if (span_equal(name, span_of(entries[i].name)))
			break;
	return (enum deviation_code)i;
}

bool
deviation_is_of_carriage(enum deviation_code code)
{
	switch (code) {
	case DEVIATION_REPORT_TYPE_MISSING:
	case DEVIATION_MEDIA_TYPE:
	case DEVIATION_GZIP_EXPECTED:
	case DEVIATION_GZIP_UNANNOUNCED:
	case DEVIATION_GZIP_TRAILING:
	case DEVIATION_ZIP:
	case DEVIATION_TRANSFER_ENCODING:
	case DEVIATION_BOUNDARY_UNCLOSED:
	case DEVIATION_FORWARDED:
	case DEVIATION_SUBMITTER_HEADER_MISSING:
	case DEVIATION_DOMAIN_HEADER_MISSING:
	case DEVIATION_DKIM_LENGTH_TAG:
		return true;
	default:
		return false;
	}
}
