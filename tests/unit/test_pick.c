/* SPDX-License-Identifier: ISC */

/*
 * Which domains a command is about: patterns, groups, and both.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "cmd/pick.h"

static const char *shop[] = {"shop.example.net"};
static const char *net[] = {"*.example.net"};
static struct scope_group groups[] = {
    {.name = "shop", .domains = shop, .ndomains = 1},
    {.name = "net", .domains = net, .ndomains = 1}};

static const struct scope scope = {.groups = groups, .ngroups = 2};

Test(pick, nothing_given_takes_all)
{
	struct pick p = {0};
	struct filter f = {0};

	cr_assert_eq(pick_filter(&p, &scope, &f, NULL), 0);
	cr_expect(filter_takes_all_domains(&f));
	cr_expect(filter_takes_domain(&f, ""));
	pick_free(&p);
}

Test(pick, a_group_takes_what_no_group_before_it_does)
{
	struct pick p = {0};
	struct filter f = {0};

	pick_group(&p, "net");
	cr_assert_eq(pick_filter(&p, &scope, &f, NULL), 0);
	cr_expect_not(filter_takes_all_domains(&f));
	cr_expect(filter_takes_domain(&f, "mail.Example.net"));
	cr_expect_not(filter_takes_domain(&f, "shop.example.net"));
	cr_expect_not(filter_takes_domain(&f, "example.org"));
	cr_expect_not(filter_takes_domain(&f, ""));
	pick_free(&p);
}

Test(pick, groups_and_patterns_add_up)
{
	struct pick p = {0};
	struct filter f = {0};

	pick_group(&p, "shop");
	pick_domain(&p, "*.org");
	pick_domain(&p, "(unknown)");
	cr_assert_eq(pick_filter(&p, &scope, &f, NULL), 0);
	cr_expect(filter_takes_domain(&f, "shop.example.net"));
	cr_expect(filter_takes_domain(&f, "example.org"));
	cr_expect(filter_takes_domain(&f, ""));
	cr_expect_not(filter_takes_domain(&f, "mail.example.net"));
	pick_group(&p, "net");
	cr_assert_eq(pick_filter(&p, &scope, &f, NULL), 0);
	cr_expect(filter_takes_domain(&f, "mail.example.net"));
	pick_free(&p);
}

static void
check_unknown(const struct scope *s, const char *text)
{
	struct pick p = {0};
	struct filter f = {0};
	struct err err = {0};

	pick_group(&p, "Shop");
	cr_assert_eq(pick_filter(&p, s, &f, &err), -1);
	cr_expect_eq(err.code, ERR_USAGE);
	cr_expect_str_eq(err.text, text);
	pick_free(&p);
}

Test(pick, an_unknown_group_is_told_with_those_that_there_are)
{
	const struct scope none = {0};

	check_unknown(&scope, "no such group: Shop (shop, net)");
	check_unknown(&none, "no such group: Shop (none is configured)");
}

Test(pick, of_many_groups_20_are_told)
{
	struct scope_group many[21];
	struct scope s = {.groups = many, .ngroups = 20};
	char text[128] = "no such group: Shop (";
	size_t i;

	for (i = 0; i < 21; i++)
		many[i] = (struct scope_group){.name = "g"};
	for (i = 0; i < 20; i++)
		strcat(text, i > 0 ? ", g" : "g");
	strcat(text, ")");
	check_unknown(&s, text);
	s.ngroups = 21;
	text[strlen(text) - 1] = '\0';
	strcat(text, " and 1 more)");
	check_unknown(&s, text);
}
