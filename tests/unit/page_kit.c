/* SPDX-License-Identifier: ISC */

/*
 * Builds pages for tests.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "base/utf8.h"
#include "output/wrap.h"
#include "page_kit.h"
#include "stream_kit.h"
#include "support.h"

struct page
page_new_of(const struct digest_spec *spec)
{
	return (struct page){.digest = digest_new(spec),
	    .view = {.store = "/var/lib/tlstally/tlstally.db",
		.scope = spec->scope,
		.group = spec->group != NULL ? spec->group->name : NULL,
		.latest_day = DAY_NONE}};
}

struct page
page_new_at(int32_t first, int32_t last, enum bucket by, int64_t now)
{
	return page_new_of(&(struct digest_spec){.first_day = first,
	    .last_day = last,
	    .by = by,
	    .now = now,
	    .settle = now > 0 ? 36 * 3600 : 0});
}

struct page
page_new(int32_t first, int32_t last, enum bucket by)
{
	return page_new_at(first, last, by, 0);
}

void
page_free(struct page *page)
{
	digest_free(page->digest);
	stream_kit_clear();
}

static const struct stream *
stream_for(const struct given *g)
{
	const char *word = g->word == NULL ? "" : g->word;

	return stream_kit_intern(
	    &(struct stream){.domain = stream_kit_text(g->domain),
		.policy_type = g->type,
		.policy_type_text =
		    stream_kit_text(g->type == POLICY_OTHER ? word : ""),
		.mode = g->mode,
		.reporter = stream_kit_text(g->reporter),
		.organization = stream_kit_text("")});
}

void
page_give(struct page *page, const struct given *g)
{
	const struct stream *stream = stream_for(g);

	if (g->successful >= 0) {
		digest_add_policy(page->digest,
		    &(struct policy_row){.stream = stream,
			.day = g->day,
			.authenticity = g->authenticity,
			.lag = g->lag > 0 ? g->lag : LAG_UNKNOWN,
			.text = g->text,
			.successful = g->successful,
			.failed = g->failed});
		return;
	}
	digest_add_failure(page->digest,
	    &(struct failure_row){.stream = stream,
		.day = g->day,
		.result = g->result,
		.result_text = stream_kit_text(
		    g->result == RESULT_OTHER && g->word != NULL ? g->word
								 : ""),
		.receiving_mx = stream_kit_text(g->mx != NULL ? g->mx : ""),
		.receiving_ip = stream_kit_text(""),
		.reason_code =
		    stream_kit_text(g->reason != NULL ? g->reason : ""),
		.sessions = g->failed});
}

void
page_give_all(struct page *page, const struct given *g, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		page_give(page, &g[i]);
}

char *
page_written(const struct output *output, const struct view *view)
{
	struct err err = {0};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	cr_assert_not_null(out);
	cr_assert_eq(output->write(out, view, &err), 0);
	cr_assert_eq(fclose(out), 0);
	cr_assert_eq(strlen(text), size);
	return text;
}

char *
page_render_as(struct page *page, const struct output *output)
{
	char *text;

	page->view.figures = digest_figures(page->digest);
	text = page_written(output, &page->view);
	page_free(page);
	return text;
}

char *
page_render(struct page *page)
{
	return page_render_as(page, &output_text);
}

void
page_compare(struct page *page, const char *name)
{
	char *text = page_render(page), path[128];
	struct buf golden;

	snprintf(path, sizeof(path), "golden/%s", name);
	if (getenv("REGEN") != NULL) {
		FILE *f = fopen(support_data(path), "w");

		cr_assert_not_null(f);
		fputs(text, f);
		fclose(f);
	}
	golden = support_read(path);
	cr_assert_str_eq(text, golden.data);
	buf_free(&golden);
	free(text);
}

void
page_check(const char *text, const char *what)
{
	size_t n, len = strlen(text), columns = 0;
	const char *line = text;
	uint32_t cp;

	cr_assert(len > 0 && text[len - 1] == '\n');
	for (; len > 0; text += n, len -= n) {
		n = utf8_decode(text, len, &cp);
		cr_assert_neq(cp, UINT32_MAX, "%s: no UTF-8", what);
		if (cp == '\n') {
			columns = 0;
			line = text + 1;
			continue;
		}
		cr_assert_not(utf8_is_dangerous(cp), "%s: U+%04X", what, cp);
		columns += (size_t)utf8_columns(cp);
		cr_assert_leq(columns, WRAP_COLUMNS, "%s: a long line: %.*s",
		    what, (int)strcspn(line, "\n"), line);
	}
}
