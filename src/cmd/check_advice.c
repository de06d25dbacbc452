/* SPDX-License-Identifier: ISC */

/*
 * The rules of advise, in one sentence for check: the helper program sees
 * whether the policy is in testing and what is wrong now, and says the rest
 * with it.
 */

#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/die.h"
#include "cmd/check_advice.h"
#include "cmd/figures.h"
#include "digest/readiness.h"

struct check_advice {
	const char **names;
	struct scope_group named;
	struct figures_job job;
	struct readiness_list list;
	struct arena *arena;
};

int
check_advice_read(struct check_advice **out, struct context *ctx,
    const char *const *domains, size_t n, struct err *err)
{
	struct check_advice *a = xcalloc(1, sizeof(*a));
	const struct scope *scope = &ctx->config->scope;
	struct digest_spec spec = {.by = BY_DAY,
	    .now = ctx->now,
	    .settle = ctx->config->settle,
	    .asked = true,
	    .group = &a->named,
	    .scope = scope};
	int32_t last = day_of_time(ctx->now) - 1;
	struct filter filter = {.first_day = last - readiness_days(scope) + 1,
	    .last_day = last,
	    .domains = domains,
	    .ndomains = n};
	struct readiness_spec rules = {.fixed_on = DAY_NONE};
	size_t i;

	a->arena = arena_new(1024);
	a->names = xcalloc(n, sizeof(*a->names));
	for (i = 0; i < n; i++)
		a->names[i] = domains[i];
	a->named = (struct scope_group){
	    .name = "", .domains = a->names, .ndomains = n, .mail_to = ""};
	if (figures_make(&a->job, ctx->store, &filter, &spec, false, err) ==
	    -1) {
		check_advice_free(a);
		return -1;
	}
	rules.figures = a->job.figures;
	readiness_judge(&a->list, &rules);
	*out = a;
	return 0;
}

void
check_advice_free(struct check_advice *a)
{
	if (a == NULL)
		return;
	readiness_free(&a->list);
	figures_close(&a->job);
	arena_free(a->arena);
	free(a->names);
	free(a);
}

/* ---- in words ---- */

static const char *
too_little(struct arena *arena, const struct rule *rule)
{
	static const char *const what[RULE_COUNT] = {
	    [RULE_TESTING] = "days in testing",
	    [RULE_REPORT_DAYS] = "days with reports",
	    [RULE_REPORTERS] = "reporters",
	    [RULE_SESSIONS] = "sessions",
	    [RULE_FIXED] = "reporters since the fix"};

	if (what[rule->kind] == NULL)
		return "the reports do not show enough";
	return arena_printf(arena, "%s: %" PRId64 ", and %" PRId64 " needed",
	    what[rule->kind], rule->found, rule->wanted);
}

static const char *
too_many(struct arena *arena, const struct readiness *r)
{
	const struct obstacle *o =
	    r->nobstacles > 0 ? &r->obstacles[0] : &r->other;

	return arena_printf(arena, "%" PRId64 " sessions failed%s%s",
	    o->sessions, o->receiving_mx[0] != '\0' ? " at " : "",
	    o->receiving_mx);
}

/* What stands against mode enforce, or NULL. */
static const char *
reason(struct arena *arena, const struct readiness *r)
{
	size_t i;

	if (r->verdict == READINESS_BROKEN)
		return too_many(arena, r);
	for (i = 0; i < r->nrules && r->verdict != READINESS_READY; i++)
		if (r->rules[i].state >= RULE_LACKING)
			return too_little(arena, &r->rules[i]);
	return NULL;
}

static unsigned
days_with_reports(const struct readiness *r)
{
	size_t i;

	for (i = 0; i < r->nrules; i++)
		if (r->rules[i].kind == RULE_REPORT_DAYS)
			return (unsigned)r->rules[i].found;
	return 0;
}

static int
find_domain(const void *key, const void *element)
{
	return strcasecmp(key, ((const struct readiness *)element)->domain);
}

void
check_advice_facts(
    const struct check_advice *a, const char *domain, struct past_facts *past)
{
	const struct readiness *r = NULL;

	if (a->list.n > 0)
		r = bsearch(domain, a->list.list, a->list.n,
		    sizeof(*a->list.list), find_domain);
	if (r == NULL)
		return;
	past->has_advice = true;
	past->report_days = days_with_reports(r);
	past->against = reason(a->arena, r);
}
