/* SPDX-License-Identifier: ISC */

/*
 * Metrics: which domains and reporters have a label, on both sides of the
 * bound, and that nothing is lost of the others.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "base/die.h"
#include "output/metrics.h"

/* Friday, 2026-11-20. */
#define FRIDAY 20777

#define MANY (METRIC_DOMAINS_MAX + 2)

/* Room for "domain1234.example". */
#define NAME_SIZE 32

struct town {
	struct domain_figure domains[MANY];
	char names[MANY][NAME_SIZE];
	struct figures figures;
};

/* n domains with 1, 2, 3 ... sessions that failed, all own. */
static struct town *
town_new(size_t n)
{
	struct town *t = xcalloc(1, sizeof(*t));
	size_t i;

	for (i = 0; i < n; i++) {
		snprintf(t->names[i], NAME_SIZE, "domain%04zu.example", i);
		t->domains[i] = (struct domain_figure){.start = FRIDAY,
		    .end = FRIDAY,
		    .domain = t->names[i],
		    .group = "",
		    .own = true,
		    .failed = (int64_t)i + 1};
	}
	t->figures = (struct figures){
	    .spec = {.first_day = FRIDAY, .last_day = FRIDAY, .by = BY_TOTAL},
	    .awaited_from = DAY_MAX,
	    .domains = t->domains,
	    .ndomains = n};
	return t;
}

static struct metrics
make(const struct town *t, const struct scope *scope)
{
	struct view view = {.figures = &t->figures, .scope = scope};
	struct metrics m;

	metrics_make(&m, &view);
	return m;
}

Test(metrics, as_many_domains_as_the_bound_have_labels)
{
	struct town *t = town_new(METRIC_DOMAINS_MAX);
	struct metrics m = make(t, NULL);

	cr_expect_eq(m.ndomains, METRIC_DOMAINS_MAX);
	cr_expect_eq(m.nothers, 0);
	cr_expect_eq(m.others.sum.failed, 0);
	metrics_free(&m);
	free(t);
}

Test(metrics, of_more_those_with_the_fewest_sessions_are_summed)
{
	struct town *t = town_new(MANY);
	struct metrics m = make(t, NULL);

	cr_assert_eq(m.ndomains, METRIC_DOMAINS_MAX);
	cr_expect_eq(m.nothers, 2);
	cr_expect_eq(m.others.sum.failed, 1 + 2);
	cr_expect_str_eq(m.domains[0].figure->domain, "domain0002.example");
	metrics_free(&m);
	free(t);
}

Test(metrics, equal_domains_are_chosen_by_name)
{
	struct town *t = town_new(MANY);
	struct metrics m;
	size_t i;

	for (i = 0; i < MANY; i++)
		t->domains[i].failed = 7;
	m = make(t, NULL);
	cr_assert_eq(m.ndomains, METRIC_DOMAINS_MAX);
	cr_expect_str_eq(m.domains[0].figure->domain, "domain0000.example");
	cr_expect_eq(m.others.sum.sessions, 14);
	metrics_free(&m);
	free(t);
}

Test(metrics, domains_of_the_configuration_have_labels_beyond_the_bound)
{
	const char *names[] = {"Domain0000.Example.", "*.example"};
	struct scope_group group = {
	    .name = "all", .domains = names, .ndomains = 2, .mail_to = ""};
	struct scope_domain section = {.name = "domain0001.example"};
	const struct scope scope = {
	    .groups = &group, .ngroups = 1, .domains = &section, .ndomains = 1};
	struct town *t = town_new(MANY);
	struct metrics m = make(t, &scope);

	cr_expect_eq(m.ndomains, MANY);
	cr_expect_eq(m.nothers, 0);
	metrics_free(&m);
	free(t);
}

Test(metrics, domains_of_others_and_odd_names_have_none)
{
	struct town *t = town_new(6);
	struct metrics m;

	t->domains[0].own = false;
	t->domains[1].domain = "";
	t->domains[2].domain = "a\"} 1\nevil{x=\"";
	t->domains[3].domain = METRIC_OTHER;
	t->domains[4].domain = "b\xc3\xbc"
			       "cher.example";
	m = make(t, NULL);
	cr_assert_eq(m.ndomains, 1);
	cr_expect_str_eq(m.domains[0].figure->domain, "domain0005.example");
	cr_expect_eq(m.nothers, 5);
	cr_expect_eq(m.others.sum.failed, 1 + 2 + 3 + 4 + 5);
	metrics_free(&m);
	free(t);
}

Test(metrics, policies_of_odd_types_are_one)
{
	struct town *t = town_new(1);
	struct share policies[] = {
	    {.policy_type = POLICY_OTHER, .policy_type_text = "a", .failed = 1},
	    {.policy_type = POLICY_OTHER,
		.policy_type_text = "b",
		.successful = 2},
	    {.policy_type = POLICY_STS,
		.mode = MODE_NONE,
		.failed = INT64_MAX,
		.successful = INT64_MAX}};
	struct metrics m;

	t->domains[0].policies = policies;
	t->domains[0].npolicies = 3;
	m = make(t, NULL);
	cr_assert_eq(m.ndomains, 1);
	cr_expect_eq(m.domains[0].policies[POLICY_OTHER][0].sessions, 3);
	cr_expect_eq(m.domains[0].policies[POLICY_OTHER][0].failed, 1);
	cr_expect_eq(
	    m.domains[0].policies[POLICY_STS][MODE_NONE].sessions, INT64_MAX);
	cr_expect_not(m.domains[0].policies[POLICY_STS][MODE_ENFORCE].seen);
	metrics_free(&m);
	free(t);
}

Test(metrics, failures_go_to_their_domain_by_type)
{
	struct town *t = town_new(3);
	const enum result_type types[] = {RESULT_OTHER,
	    RESULT_STS_WEBPKI_INVALID, RESULT_UNSPECIFIED, RESULT_OVERLAP,
	    RESULT_OTHER};
	struct failure_figure failures[5] = {{0}};
	struct metrics m;
	size_t i;

	for (i = 0; i < 5; i++) {
		failures[i].key.domain = t->names[i == 4 ? 2 : 0];
		failures[i].result = types[i];
		failures[i].sessions =
		    types[i] == RESULT_OVERLAP ? -5 : (int64_t)i + 1;
	}
	t->figures.failures = failures;
	t->figures.nfailures = 5;
	m = make(t, NULL);
	cr_assert_eq(m.ndomains, 3);
	cr_expect_eq(m.domains[0].failures[METRIC_OTHER_RESULT], 1);
	cr_expect_eq(m.domains[0].failures[RESULT_STS_WEBPKI_INVALID], 2);
	cr_expect_eq(m.domains[0].failures[METRIC_UNSPECIFIED], 3);
	cr_expect_eq(m.domains[1].failures[METRIC_OTHER_RESULT], 0);
	cr_expect_eq(m.domains[2].failures[METRIC_OTHER_RESULT], 5);
	metrics_free(&m);
	free(t);
}

Test(metrics, reporters_have_labels_only_if_configured)
{
	struct scope_reporter sections[] = {
	    {.name = "Google"}, {.name = METRIC_OTHER}, {.name = "Google"}};
	const struct scope scope = {.reporters = sections, .nreporters = 3};
	struct share reporters[] = {{.reporter = "Google", .successful = 4},
	    {.reporter = "evil.example", .failed = 2},
	    {.reporter = METRIC_OTHER, .failed = 1}};
	struct town *t = town_new(1);
	struct metrics m;

	t->domains[0].reporters = reporters;
	t->domains[0].nreporters = 3;
	m = make(t, NULL);
	cr_expect_eq(m.nreporters, 0);
	metrics_free(&m);
	m = make(t, &scope);
	cr_assert_eq(m.nreporters, 2);
	cr_expect_str_eq(m.reporters[0].name, "Google");
	cr_expect_eq(m.reporters[0].sum.sessions, 4);
	cr_expect_str_eq(m.reporters[1].name, METRIC_OTHER);
	cr_expect_eq(m.reporters[1].sum.failed, 3);
	metrics_free(&m);
	free(t);
}
