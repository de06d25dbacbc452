/* SPDX-License-Identifier: ISC */

/*
 * What advise looks at ahead of its figures: how its domains are divided, and
 * which policy was seen last.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "cmd/advise_rows.h"
#include "store_kit.h"

#define PARTS	3
#define DOMAINS 40

TestSuite(advise_rows, .init = store_kit_setup, .fini = store_kit_teardown);

/* A report on a day, of a policy that names these hosts. */
static void
add(const char *domain, int32_t day, const char **hosts, size_t n)
{
	static char ids[2 * DOMAINS][32];
	static size_t nids;
	struct report *r;

	snprintf(ids[nids], sizeof(ids[nids]), "report-%zu", nids);
	r = store_kit_report(&kit, "r.example", ids[nids++], domain);
	r->day = day;
	r->start = (int64_t)day * DAY_SECONDS;
	r->end = r->start + DAY_SECONDS - 1;
	r->policies[0].mx_hosts = hosts;
	r->policies[0].nmx_hosts = n;
	cr_assert_eq(store_kit_add(&kit, r), OUTCOME_REPORT);
}

/* The domains of rows, counted. */
struct seen_domains {
	const char *list[DOMAINS];
	size_t n;
};

static int
count_domain(void *arg, const struct policy_row *row)
{
	struct seen_domains *seen = arg;

	cr_assert_lt(seen->n, DOMAINS);
	seen->list[seen->n++] = row->stream->domain;
	return 0;
}

Test(advise_rows, few_rows_are_one_part_which_is_the_filter_itself)
{
	struct filter f = store_kit_all(), part;
	struct advise_rows rows;

	add("a.example", KIT_DAY, NULL, 0);
	cr_assert_eq(advise_rows_find(&rows, kit.s, &f, &kit.err), 0);
	cr_expect_eq(rows.n, 1);
	cr_expect_eq(rows.parts, 1);
	part = advise_rows_part(&rows);
	cr_expect(filter_takes_all_domains(&part));
	advise_rows_free(&rows);
}

Test(advise_rows, each_domain_that_the_filter_takes_is_in_one_part)
{
	static const char *const pattern = "a*";
	struct seen_domains seen = {.n = 0};
	const struct row_reader reader = {.policy = count_domain, .arg = &seen};
	struct filter f = store_kit_all(), part;
	struct advise_rows rows;
	char name[32];
	size_t i, k, before, most = 0;

	for (i = 0; i < DOMAINS; i++) {
		snprintf(name, sizeof(name), "%c%zu.example",
		    i % 2 == 0 ? 'a' : 'b', i);
		add(name, KIT_DAY, NULL, 0);
	}
	f.domains = &pattern;
	f.ndomains = 1;
	cr_assert_eq(advise_rows_find(&rows, kit.s, &f, &kit.err), 0);
	cr_expect_eq(rows.n, DOMAINS / 2);
	rows.parts = PARTS;
	for (; rows.part < PARTS; rows.part++) {
		part = advise_rows_part(&rows);
		before = seen.n;
		cr_assert_eq(store_rows(kit.s, &part, &reader, &kit.err), 0);
		if (seen.n - before > most)
			most = seen.n - before;
	}
	cr_expect_eq(seen.n, DOMAINS / 2);
	cr_expect_lt(most, DOMAINS / 2, "all are in one part");
	for (i = 0; i < seen.n; i++) {
		cr_expect_eq(seen.list[i][0], 'a');
		for (k = 0; k < i; k++)
			cr_expect_neq(seen.list[i], seen.list[k]);
	}
	advise_rows_free(&rows);
}

/* Keeps what the store calls a domain. */
static int
keep_domain(void *arg, const struct policy_row *row)
{
	if (strcmp(row->stream->domain, "a.example") == 0)
		*(const char **)arg = row->stream->domain;
	return 0;
}

Test(advise_rows, the_latest_policy_is_the_one_of_the_last_day)
{
	static const char *old[] = {"old.example"};
	static const char *new[] = {"new.example"};
	const char *domain = NULL, **hosts;
	const struct row_reader reader = {
	    .policy = keep_domain, .arg = &domain};
	struct filter f = store_kit_all();
	struct advise_rows rows;
	size_t n;

	add("a.example", KIT_DAY + 1, new, 1);
	add("a.example", KIT_DAY, old, 1);
	add("b.example", KIT_DAY + 2, old, 1);
	add("a.example", KIT_DAY + 2, NULL, 0);
	cr_assert_eq(store_rows(kit.s, &f, &reader, &kit.err), 0);
	cr_assert_eq(advise_rows_find(&rows, kit.s, &f, &kit.err), 0);
	cr_assert_neq(advise_rows_text(&rows, domain), 0);
	cr_assert_eq(store_mx_hosts(kit.s, advise_rows_text(&rows, domain),
			 kit.arena, &hosts, &n, &kit.err),
	    0);
	cr_assert_eq(n, 1);
	cr_expect_str_eq(hosts[0], "new.example");
	cr_expect_eq(advise_rows_text(&rows, "never.example"), 0);
	advise_rows_free(&rows);
}
