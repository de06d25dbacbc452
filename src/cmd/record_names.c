/* SPDX-License-Identifier: ISC */

/*
 * Whose records are looked at.  Where domains are configured, no other name
 * leads anywhere: a report may speak of any domain, and whoever writes one must
 * not decide where we look.
 */

#include "config.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/strings.h"
#include "cmd/record_names.h"
#include "store/watch.h"

/* Returns 0, or -1 for what is no domain. */
static int
add(struct record_names *names, const char *text, size_t most, struct err *err)
{
	struct err unused = {0};
	const char *name = net_domain(
	    names->arena, span_of(text), err != NULL ? err : &unused);

	if (name == NULL)
		return -1;
	if (strings_have(names->list, names->n, name))
		return 0;
	if (names->n >= most) {
		names->left_out++;
		return 0;
	}
	if (names->n == names->size) {
		names->size = names->size * 2 + 16;
		names->list = xreallocarray(
		    names->list, names->size, sizeof(*names->list));
	}
	names->list[names->n++] = name;
	return 0;
}

/* Adds those of a list of the configuration that are no patterns. */
static void
add_list(struct record_names *names, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (scope_is_name(list[i]))
			add(names, list[i], RECORDS_MAX, NULL);
}

static int
add_arguments(
    struct record_names *names, const struct context *ctx, struct err *err)
{
	int i;

	for (i = 0; i < ctx->argc; i++)
		if (scope_is_name(ctx->argv[i]) &&
		    add(names, ctx->argv[i], RECORDS_MAX, err) == -1)
			return -1;
	return 0;
}

static void
add_configured(struct record_names *names, const struct asked *asked)
{
	const struct scope *s = asked->spec.scope;
	size_t i;

	if (asked->spec.group != NULL) {
		add_list(names, (const char *const *)asked->spec.group->domains,
		    asked->spec.group->ndomains);
		return;
	}
	for (i = 0; i < s->ndomains; i++)
		add_list(names, &s->domains[i].name, 1);
	for (i = 0; i < s->ngroups; i++)
		add_list(names, (const char *const *)s->groups[i].domains,
		    s->groups[i].ndomains);
	add_list(names, (const char *const *)s->listed, s->nlisted);
}

/* ---- those that the store knows ---- */

struct finding_names {
	struct record_names *names;
	const struct asked *asked;
	size_t most;
};

static bool
is_asked_for(const struct asked *asked, const char *domain)
{
	if (asked->spec.group != NULL)
		return filter_takes_domain(&asked->filter, domain);
	return scope_is_own(asked->spec.scope, domain);
}

static int
add_watched(void *arg, const char *domain)
{
	struct finding_names *f = arg;

	if (is_asked_for(f->asked, domain))
		add(f->names, domain, f->most, NULL);
	return 0;
}

static size_t
most_of(const struct asked *asked)
{
	return asked->spec.group != NULL || scope_is_set(asked->spec.scope)
	    ? RECORDS_MAX
	    : RECORDS_UNNAMED_MAX;
}

int
record_names_find(struct record_names *names, const struct records_spec *spec,
    struct err *err)
{
	struct finding_names f = {names, spec->asked, most_of(spec->asked)};
	const struct figures *figures = spec->figures;
	size_t i;

	*names = (struct record_names){.arena = arena_new(4096)};
	if (add_arguments(names, spec->ctx, err) == -1)
		return -1;
	if (spec->ctx->argc == 0)
		add_configured(names, spec->asked);
	/* Watched ones first: they must not be driven out by new ones. */
	if (store_each_watched(spec->ctx->store, add_watched, &f, err) == -1)
		return -1;
	for (i = 0; i < figures->ndomains; i++)
		if (figures->domains[i].own &&
		    figures->domains[i].domain[0] != '\0')
			add(names, figures->domains[i].domain, f.most, NULL);
	names->n = strings_sort(names->list, names->n);
	return 0;
}

int
record_names_watched(struct record_names *names, const struct context *ctx,
    const struct asked *asked, struct err *err)
{
	struct finding_names f = {names, asked, SIZE_MAX};

	*names = (struct record_names){.arena = arena_new(4096)};
	if (add_arguments(names, ctx, err) == -1)
		return -1;
	if (names->n == 0 &&
	    store_each_watched(ctx->store, add_watched, &f, err) == -1)
		return -1;
	names->n = strings_sort(names->list, names->n);
	return 0;
}

void
record_names_free(struct record_names *names)
{
	arena_free(names->arena);
	free(names->list);
	*names = (struct record_names){.list = NULL};
}
