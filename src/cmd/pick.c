/* SPDX-License-Identifier: ISC */

/*
 * Which domains a command is about.  Groups are not made patterns of a
 * filter: what an earlier group takes is not theirs.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "cmd/pick.h"

/* How many names of groups an error lists. */
#define NAMES_MAX 20

void
pick_domain(struct pick *p, const char *glob)
{
	p->domains =
	    xreallocarray(p->domains, p->ndomains + 1, sizeof(*p->domains));
	p->domains[p->ndomains++] = glob;
}

void
pick_group(struct pick *p, const char *name)
{
	p->groups =
	    xreallocarray(p->groups, p->ngroups + 1, sizeof(*p->groups));
	p->groups[p->ngroups++] = name;
}

void
pick_free(struct pick *p)
{
	free(p->domains);
	free(p->groups);
}

bool
pick_is_given(const struct pick *p)
{
	return p->ndomains > 0 || p->ngroups > 0;
}

static bool
takes(const void *arg, const char *domain)
{
	const struct pick *p = arg;
	const struct scope_group *group = scope_group_of(p->scope, domain);
	size_t i;

	if (group == NULL)
		return false;
	for (i = 0; i < p->ngroups; i++)
		if (strcmp(p->groups[i], group->name) == 0)
			return true;
	return false;
}

static int
no_such_group(const struct scope *s, const char *name, struct err *err)
{
	size_t i;

	if (s->ngroups == 0)
		return err_set(err, ERR_USAGE,
		    "no such group: %s (none is configured)", name);
	err_set(err, ERR_USAGE, "no such group: %s (", name);
	for (i = 0; i < s->ngroups && i < NAMES_MAX; i++)
		err_set(err, ERR_USAGE, "%s%s%s", err->text, i > 0 ? ", " : "",
		    s->groups[i].name);
	if (i < s->ngroups)
		return err_set(err, ERR_USAGE, "%s and %zu more)", err->text,
		    s->ngroups - i);
	return err_set(err, ERR_USAGE, "%s)", err->text);
}

int
pick_filter(struct pick *p, const struct scope *scope, struct filter *f,
    struct err *err)
{
	size_t i;

	for (i = 0; i < p->ngroups; i++)
		if (scope_group_find(scope, p->groups[i]) == NULL)
			return no_such_group(scope, p->groups[i], err);
	p->scope = scope;
	f->domains = p->domains;
	f->ndomains = p->ndomains;
	f->takes = p->ngroups > 0 ? takes : NULL;
	f->takes_arg = p;
	return 0;
}
