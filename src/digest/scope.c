/* SPDX-License-Identifier: ISC */

/*
 * Whose domains these are.  Of several sections that take a domain the first
 * counts.  A digest asks for every domain and every stream of it, of which a
 * provider has a hundred thousand: so sections have an index.
 */

#include "config.h"

#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#include "digest/patterns.h"
#include "digest/scope.h"

struct scope_index {
	struct patterns *domains;
	struct patterns *groups;
	struct patterns *listed;
};

static const struct thresholds thresholds_default = {
#define THRESHOLD_DEFAULT(name_, value, unit) .name_ = (value),
    THRESHOLDS(THRESHOLD_DEFAULT)
#undef THRESHOLD_DEFAULT
};

void
scope_index(struct scope *s, struct arena *a)
{
	struct scope_index *x = arena_calloc(a, 1, sizeof(*x));
	size_t i, n, count = 0;

	x->domains = patterns_new(a, s->ndomains);
	for (i = 0; i < s->ndomains; i++)
		patterns_add(x->domains, s->domains[i].name, i);
	for (i = 0; i < s->ngroups; i++)
		count += s->groups[i].ndomains;
	x->groups = patterns_new(a, count);
	for (i = 0; i < s->ngroups; i++)
		for (n = 0; n < s->groups[i].ndomains; n++)
			patterns_add(x->groups, s->groups[i].domains[n], i);
	x->listed = patterns_new(a, s->nlisted);
	for (i = 0; i < s->nlisted; i++)
		patterns_add(x->listed, s->listed[i], i);
	s->index = x;
}

static bool
takes_any(const char *const *patterns, size_t n, const char *domain)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (pattern_takes(patterns[i], domain))
			return true;
	return false;
}

const struct scope_domain *
scope_domain_of(const struct scope *s, const char *domain)
{
	size_t i = 0;

	if (domain[0] == '\0')
		return NULL;
	if (s->index != NULL)
		i = patterns_find(s->index->domains, domain);
	else
		while (i < s->ndomains &&
		    !pattern_takes(s->domains[i].name, domain))
			i++;
	return i < s->ndomains ? &s->domains[i] : NULL;
}

const struct scope_group *
scope_group_of(const struct scope *s, const char *domain)
{
	size_t i = 0;

	if (domain[0] == '\0')
		return NULL;
	if (s->index != NULL)
		i = patterns_find(s->index->groups, domain);
	else
		while (i < s->ngroups &&
		    !takes_any(
			s->groups[i].domains, s->groups[i].ndomains, domain))
			i++;
	return i < s->ngroups ? &s->groups[i] : NULL;
}

static bool
is_listed(const struct scope *s, const char *domain)
{
	if (s->index != NULL)
		return patterns_find(s->index->listed, domain) != PATTERNS_NONE;
	return takes_any(s->listed, s->nlisted, domain);
}

bool
scope_is_set(const struct scope *s)
{
	return s->ndomains > 0 || s->ngroups > 0 || s->nlisted > 0;
}

bool
scope_is_own(const struct scope *s, const char *domain)
{
	if (!scope_is_set(s))
		return true;
	return domain[0] != '\0' &&
	    (scope_domain_of(s, domain) != NULL ||
		scope_group_of(s, domain) != NULL || is_listed(s, domain));
}

const struct scope_group *
scope_group_find(const struct scope *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->ngroups; i++)
		if (strcmp(s->groups[i].name, name) == 0)
			return &s->groups[i];
	return NULL;
}

/* A name of a reporter is not one of a domain: "Google Inc." has its dot. */
static bool
reporter_matches(const char *pattern, const char *reporter)
{
	return fnmatch(pattern, reporter, FNM_CASEFOLD) == 0;
}

const char *
scope_reporter_name(const struct scope *s, const char *reporter)
{
	const struct scope_reporter *r;
	size_t i, n;

	for (i = 0; i < s->nreporters; i++)
		if (strcmp(s->reporters[i].name, reporter) == 0)
			return reporter;
	for (i = 0; i < s->nreporters; i++) {
		r = &s->reporters[i];
		for (n = 0; n < r->nmatch; n++)
			if (reporter_matches(r->match[n], reporter))
				return r->name;
	}
	return reporter;
}

struct thresholds
scope_thresholds(const struct scope *s, const char *domain)
{
	const struct scope_domain *own = scope_domain_of(s, domain);
	const struct scope_group *group = scope_group_of(s, domain);
	struct thresholds t = thresholds_default;

#define THRESHOLD_TAKE(name_, value, unit)                                    \
	if (own != NULL && own->thresholds.name_ != THRESHOLD_UNSET)          \
		t.name_ = own->thresholds.name_;                              \
	else if (group != NULL && group->thresholds.name_ != THRESHOLD_UNSET) \
		t.name_ = group->thresholds.name_;
	THRESHOLDS(THRESHOLD_TAKE)
#undef THRESHOLD_TAKE
	return t;
}

bool
scope_ignores(const struct scope_ignore *rule, const char *domain,
    const char *mx, const char *reporter, enum result_type result,
    const char *result_text, int32_t day)
{
	const char *word =
	    result == RESULT_OTHER ? result_text : result_type_name(result);

	return day <= rule->until &&
	    (rule->result[0] == '\0' || strcasecmp(rule->result, word) == 0) &&
	    (rule->domain[0] == '\0' || pattern_takes(rule->domain, domain)) &&
	    (rule->mx[0] == '\0' || pattern_takes(rule->mx, mx)) &&
	    (rule->reporter[0] == '\0' ||
		reporter_matches(rule->reporter, reporter));
}

bool
scope_is_name(const char *pattern)
{
	return pattern_is_name(pattern);
}
