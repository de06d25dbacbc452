/* SPDX-License-Identifier: ISC */

/*
 * Reports for the tests of the decoder: JSON in, everything that came out of
 * it in one struct.
 */

#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/die.h"
#include "parsed.h"

const struct tlsrpt_context parsed_no_context = {"", "", "", ""};

struct parsed
parsed_bytes(struct span json, const struct tlsrpt_context *context,
    const struct limits *limits)
{
	struct parsed p = {.arena = arena_new(4096)};
	struct tlsrpt *t = tlsrpt_new(limits);
	char *copy = xmalloc(json.len + (json.len == 0));

	if (json.len > 0)
		memcpy(copy, json.p, json.len);
	p.notes.arena = p.arena;
	p.verdict = tlsrpt_parse(t, (struct span){copy, json.len}, context,
	    &p.notes, &p.report, &p.err);
	free(copy);
	tlsrpt_free(t);
	return p;
}

static char *format_text(const char *format, va_list ap)
    __attribute__((format(printf, 1, 0)));

static char *
format_text(const char *format, va_list ap)
{
	char *text;

	cr_assert_neq(vasprintf(&text, format, ap), -1);
	return text;
}

struct parsed
parsed_json(const char *format, ...)
{
	struct parsed p;
	va_list ap;
	char *text;

	va_start(ap, format);
	text = format_text(format, ap);
	va_end(ap);
	p = parsed_bytes(span_of(text), &parsed_no_context, &LIMITS_DEFAULT);
	free(text);
	return p;
}

struct parsed
parsed_policies(const char *format, ...)
{
	struct parsed p;
	va_list ap;
	char *text;

	va_start(ap, format);
	text = format_text(format, ap);
	va_end(ap);
	p = parsed_json("{\"organization-name\":\"Sender\",\"date-range\":{"
			"\"start-datetime\":\"2026-11-20T00:00:00Z\","
			"\"end-datetime\":\"2026-11-20T23:59:59Z\"},"
			"\"contact-info\":\"tls@sender.example\","
			"\"report-id\":\"1\",\"policies\":%s}",
	    text);
	free(text);
	return p;
}

void
parsed_free(struct parsed *p)
{
	arena_free(p->arena);
	p->arena = NULL;
}

bool
parsed_noted(
    const struct parsed *p, enum deviation_code code, const char *where)
{
	size_t i;

	for (i = 0; i < p->notes.len; i++)
		if (p->notes.list[i].code == code &&
		    strcmp(p->notes.list[i].where, where) == 0)
			return true;
	return false;
}

void
parsed_expect_report(const struct parsed *p, size_t n)
{
	size_t i;

	cr_assert_eq(p->verdict, TLSRPT_REPORT, "%s", p->err.text);
	cr_assert_not_null(p->report);
	for (i = 0; p->notes.len != n && i < p->notes.len; i++)
		cr_log_error("%s at %s", deviation_name(p->notes.list[i].code),
		    p->notes.list[i].where);
	cr_assert_eq(p->notes.len, n);
	cr_assert_eq(p->report->ndeviations, n);
	cr_assert_eq(p->report->deviations, p->notes.list);
}

void
parsed_expect_unusable(
    const struct parsed *p, enum err_code code, const char *text)
{
	cr_assert_eq(p->verdict, TLSRPT_UNUSABLE);
	cr_assert_null(p->report);
	cr_assert_eq(p->err.code, code, "%s", p->err.text);
	cr_assert_not_null(strstr(p->err.text, text), "%s", p->err.text);
	cr_assert_eq(p->notes.len, 0U);
}
