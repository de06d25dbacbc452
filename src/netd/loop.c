/* SPDX-License-Identifier: ISC */

/*
 * Aliases that go round.  A resolver says no more of them than SERVFAIL, as of
 * a name server that is down; so where that is said, each alias is asked for
 * by itself.
 */

#include "config.h"

#include "domain/name.h"
#include "domain/rdata.h"
#include "netd/inquiry.h"

/* Resolvers give up after as many. */
#define ALIASES_MAX 8

struct walk {
	struct dns_fact *failed;
	struct dns_fact alias; /* of the last name */
	const char *names[ALIASES_MAX];
	size_t n;
};

static void
on_alias(struct inquiry *q, void *arg)
{
	struct walk *w = arg;
	const char *target;
	size_t i;

	if (w->alias.state != FACT_ANSWER || w->alias.nrdata == 0 ||
	    rdata_name(q->arena, w->alias.rdata[0], &target) == -1)
		return;
	for (i = 0; i < w->n; i++) {
		if (!name_is_same(w->names[i], target))
			continue;
		w->failed->loop = true;
		return;
	}
	if (w->n == ALIASES_MAX)
		return;
	w->names[w->n++] = target;
	ask(q, target, DNS_CNAME, &w->alias, on_alias, w);
}

void
look_for_loop(struct inquiry *q, struct dns_fact *failed)
{
	struct walk *w;

	if (failed->state != FACT_SERVFAIL)
		return;
	w = arena_calloc(q->arena, 1, sizeof(*w));
	w->failed = failed;
	w->names[w->n++] = failed->name;
	ask(q, failed->name, DNS_CNAME, &w->alias, on_alias, w);
}
