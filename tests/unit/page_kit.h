/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_TESTS_PAGE_KIT_H
#define TLSTALLY_TESTS_PAGE_KIT_H

#include <stddef.h>
#include <stdint.h>

#include "digest/digest.h"
#include "output/output.h"

/*
 * What tests of the pages share: rows go in, a page of text comes out.
 */

/* Friday, 2026-11-20. */
#define FRIDAY 20777

/* What a test builds a page of. */
struct page {
	struct digest *digest;
	struct view view;
};

/* A line of a test's script: a policy of a report, or one of its failures. */
struct given {
	int32_t day;
	const char *domain;
	const char *reporter;
	enum policy_type type;
	enum policy_mode mode;
	int64_t successful; /* -1 in a failure */
	int64_t failed;
	enum result_type result;
	const char *mx;
	const char *reason;
	const char *word; /* verbatim type of a policy or a result */
	enum authenticity authenticity;
	int lag; /* hours; 0: unknown */
	int64_t text;
};

/* A page of these days, when all is settled; one that is looked at at that
 * time; and one by a spec of its own. */
struct page page_new(int32_t first, int32_t last, enum bucket by);
struct page page_new_at(
    int32_t first, int32_t last, enum bucket by, int64_t now);
struct page page_new_of(const struct digest_spec *spec);

/* Adds a line of the script, or several. */
void page_give(struct page *page, const struct given *g);
void page_give_all(struct page *page, const struct given *g, size_t n);

#define PAGE_GIVE(page, ...)                                                \
	do {                                                                \
		static const struct given given[] = {__VA_ARGS__};          \
		page_give_all(page, given, sizeof(given) / sizeof(*given)); \
	} while (0)

/* What an output writes of a view: a new string, for the caller to free. */
char *page_written(const struct output *output, const struct view *view);

/* Writes the page, as text or by another output, and frees it. */
char *page_render(struct page *page);
char *page_render_as(struct page *page, const struct output *output);

/* Frees a page that is not rendered. */
void page_free(struct page *page);

/* Renders the page and compares it with a file below tests/data/golden; with
 * REGEN in the environment makes that file anew. */
void page_compare(struct page *page, const char *name);

/* Fails the test unless every line fits and no byte can do harm. */
void page_check(const char *text, const char *what);

#endif
