/* SPDX-License-Identifier: ISC */

/*
 * Conflicts by domain: a report of several domains is at each of them, and
 * counts once.
 */

#include "config.h"

#include <criterion/criterion.h>

#include "cmd/conflicts.h"
#include "output/coverage.h"
#include "store_kit.h"

TestSuite(conflicts, .init = store_kit_setup, .fini = store_kit_teardown);

/* Adds a report about three domains and a policy too many, and one that is in
 * conflict with it. */
static void
add_conflict(const char *id, const char *a, const char *b, const char *c)
{
	struct report *r = store_kit_report(&kit, "r.example", id, a);

	store_kit_policies(&kit, r, 4);
	r->policies[1].domain = b;
	r->policies[2].domain = c;
	cr_assert_eq(store_kit_add(&kit, r), OUTCOME_REPORT);
	cr_assert_eq(
	    store_kit_add(&kit, store_kit_other(&kit, r)), OUTCOME_CONFLICT);
}

static size_t
at(const struct view *view, const char *domain, int32_t first, int32_t last)
{
	const struct domain_figure d = {
	    .domain = domain, .start = first, .end = last};

	return coverage_conflicts_of(view, &d);
}

Test(conflicts, a_report_is_at_each_of_its_domains_and_counts_once)
{
	const int32_t day[2] = {KIT_DAY, KIT_DAY};
	const int32_t next[2] = {KIT_DAY + 1, KIT_DAY + 9};
	struct scope_domain section = {.name = "own.example"};
	struct scope scope = {.domains = &section, .ndomains = 1};
	struct conflicts_job job = {.scope = &scope, .by_domain = true};
	struct filter f = store_kit_all();
	struct view view = {0};

	add_conflict("i", "a.example", "own.example", "z.example");
	add_conflict("j", "z.example", "a.example", "b.example");
	cr_assert_eq(conflicts_find(&job, kit.s, &f, &view, &kit.err), 0);
	cr_expect_eq(view.conflicts, 2);
	cr_expect_eq(view.nconflict_list, 6);
	cr_expect_eq(coverage_conflicts(&view, day, false), 2);
	cr_expect_eq(coverage_conflicts(&view, day, true), 1);
	cr_expect_eq(coverage_conflicts(&view, next, false), 0);
	cr_expect_eq(at(&view, "a.example", KIT_DAY - 9, KIT_DAY), 2);
	cr_expect_eq(at(&view, "own.example", KIT_DAY, KIT_DAY + 9), 1);
	cr_expect_eq(at(&view, "a.example", KIT_DAY + 1, KIT_DAY + 9), 0);
	cr_expect_eq(at(&view, "a.example", KIT_DAY - 9, KIT_DAY - 1), 0);
	cr_expect_eq(at(&view, "c.example", KIT_DAY, KIT_DAY), 0);
	conflicts_free(&job);
}

Test(conflicts, only_those_that_the_filter_takes_are_counted)
{
	static const char *const pattern = "b.*";
	struct scope scope = {.ndomains = 0};
	struct conflicts_job job = {.scope = &scope};
	struct filter f = store_kit_all();
	struct view view = {0};

	add_conflict("i", "a.example", "b.example", "b.test");
	add_conflict("j", "a.example", "c.example", "d.example");
	f.domains = &pattern;
	f.ndomains = 1;
	cr_assert_eq(conflicts_find(&job, kit.s, &f, &view, &kit.err), 0);
	cr_expect_eq(view.conflicts, 1);
	cr_expect_eq(view.nconflict_list, 0, "nobody wants a list");
	f.reporter = "other.*";
	conflicts_free(&job);
	cr_assert_eq(conflicts_find(&job, kit.s, &f, &view, &kit.err), 0);
	cr_expect_eq(view.conflicts, 0);
	conflicts_free(&job);
}

Test(conflicts, a_report_without_policies_is_at_the_unknown_domain)
{
	struct scope scope = {.ndomains = 0};
	struct conflicts_job job = {.scope = &scope, .by_domain = true};
	struct filter f = store_kit_all();
	struct view view = {0};
	struct report *r = store_kit_report(&kit, "r.example", "i", "x");

	r->npolicies = 0;
	cr_assert_eq(store_kit_add(&kit, r), OUTCOME_REPORT);
	cr_assert_eq(
	    store_kit_add(&kit, store_kit_other(&kit, r)), OUTCOME_CONFLICT);
	cr_assert_eq(conflicts_find(&job, kit.s, &f, &view, &kit.err), 0);
	cr_expect_eq(view.conflicts, 1);
	cr_expect_eq(at(&view, "", KIT_DAY, KIT_DAY), 1);
	conflicts_free(&job);
}

Test(conflicts, of_damaged_figures_nothing_is_guessed)
{
	struct conflicts_job job = {.by_domain = false};
	struct filter f = store_kit_all();
	struct view view = {0};

	add_conflict("i", "a.example", "b.example", "c.example");
	store_kit_sql(&kit,
	    "UPDATE report SET figures = x'01' WHERE counted = 0"
	    " RETURNING 0");
	cr_assert_eq(conflicts_find(&job, kit.s, &f, &view, &kit.err), -1);
	cr_expect_eq(kit.err.code, ERR_STORE);
	conflicts_free(&job);
}
