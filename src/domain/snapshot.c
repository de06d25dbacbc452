/* SPDX-License-Identifier: ISC */

/*
 * How snapshots follow upon each other.  The rule behind it all: only what
 * was seen changes what is known, and what was not found may come back, as it
 * does while a zone is being moved or a cache is stale.
 */

#include "config.h"

#include <string.h>

#include "base/date.h"
#include "base/strings.h"
#include "domain/snapshot.h"

static const struct thing_record no_record = {.text = ""};

void
snapshot_clear(struct snapshot *s)
{
	*s = (struct snapshot){.at = TIME_NONE,
	    .tlsrpt = no_record,
	    .sts = no_record,
	    .policy.mode_since = TIME_NONE};
}

/* ---- names ---- */

bool
thing_names_have(const struct thing_names *names, const char *name)
{
	return strings_have(names->list, names->n, name);
}

void
thing_names_sort(struct thing_names *names)
{
	names->n = strings_sort(names->list, names->n);
}

/* Those of one list that another has not, and those of a third. */
static struct thing_names
join_names(struct arena *arena, const struct thing_names *from,
    const struct thing_names *without, const struct thing_names *with)
{
	struct thing_names to = {
	    arena_calloc(arena, from->n + with->n + 1, sizeof(*to.list)), 0};
	size_t i;

	for (i = 0; i < from->n; i++)
		if (!thing_names_have(without, from->list[i]))
			to.list[to.n++] = from->list[i];
	for (i = 0; i < with->n; i++)
		to.list[to.n++] = with->list[i];
	thing_names_sort(&to);
	if (to.n > SNAPSHOT_NAMES_MAX)
		to.n = SNAPSHOT_NAMES_MAX;
	return to;
}

/* ---- what is known now ---- */

/* Without what belongs to a look alone. */
static struct thing_record
kept_record(const struct thing_record *look)
{
	struct thing_record kept = *look;

	kept.certain = kept.bogus = false;
	kept.why = NULL;
	return kept;
}

static bool
was_there(enum thing_state state)
{
	return state != THING_NEVER && state != THING_ABSENT;
}

static struct thing_record
merge_record(const struct thing_record *before, const struct thing_record *look)
{
	struct thing_record now = *before;

	if (look->state == THING_NEVER)
		return now;
	if (look->state != THING_ABSENT || look->certain ||
	    !was_there(before->state) || before->missed + 1 >= SNAPSHOT_MISSES)
		return kept_record(look);
	now.missed++;
	return now;
}

/* Both looks found a good record, with that id. */
static bool
has_same_id(const struct snapshot *before, const struct snapshot *now)
{
	return before->sts.state == THING_GOOD &&
	    now->sts.state == THING_GOOD &&
	    strcmp(before->sts.text, now->sts.text) == 0;
}

/* Who has seen a policy holds to it, even if it is gone or broken now. */
static void
keep_last_mode(struct snapshot *now, const struct snapshot *before)
{
	const struct thing_policy *was = &before->policy;

	now->policy.mode = was->mode;
	now->policy.max_age = was->max_age;
	now->policy.mode_since =
	    was->state == THING_GOOD ? before->at : was->mode_since;
}

static void
merge_policy(struct snapshot *now, const struct snapshot *before,
    const struct snapshot *look)
{
	const struct thing_policy *was = &before->policy, *is = &look->policy;

	if (now->sts.state == THING_ABSENT) {
		now->policy.state = THING_ABSENT;
		keep_last_mode(now, before);
		return;
	}
	now->policy = *was;
	if (is->state == THING_NEVER)
		return;
	if (is->sha256 == NULL && was->state == THING_GOOD &&
	    was->missed + 1 < SNAPSHOT_MISSES) {
		now->policy.missed++;
		return;
	}
	now->policy = *is;
	now->policy.why = NULL;
	now->policy.first = is->sha256;
	if (was->first != NULL && has_same_id(before, now))
		now->policy.first = was->first;
	if (is->state != THING_GOOD)
		keep_last_mode(now, before);
	else if (was->state != THING_GOOD || was->mode != is->mode ||
	    was->mode_since == TIME_NONE)
		now->policy.mode_since = look->at;
	else
		now->policy.mode_since = was->mode_since;
}

static const struct thing_cert *
find_cert(const struct snapshot *s, const char *host)
{
	size_t i;

	for (i = 0; i < s->ncerts; i++)
		if (strcmp(s->certs[i].host, host) == 0)
			return &s->certs[i];
	return NULL;
}

/* One that was not seen this time still ends when it ends; once that is over,
 * only one that is seen is of interest. */
static void
merge_certs(struct snapshot *now, struct arena *arena,
    const struct snapshot *before, const struct snapshot *look)
{
	size_t i;

	now->certs = arena_calloc(
	    arena, before->ncerts + look->ncerts + 1, sizeof(*now->certs));
	now->ncerts = 0;
	for (i = 0; i < look->ncerts; i++)
		now->certs[now->ncerts++] = look->certs[i];
	for (i = 0; i < before->ncerts; i++)
		if (find_cert(look, before->certs[i].host) == NULL &&
		    before->certs[i].not_after > look->at)
			now->certs[now->ncerts++] = before->certs[i];
	if (now->ncerts > SNAPSHOT_NAMES_MAX)
		now->ncerts = SNAPSHOT_NAMES_MAX;
}

void
snapshot_merge(struct snapshot *now, struct arena *arena,
    const struct snapshot *before, const struct snapshot *look)
{
	snapshot_clear(now);
	now->at = look->at;
	now->tlsrpt = merge_record(&before->tlsrpt, &look->tlsrpt);
	now->sts = merge_record(&before->sts, &look->sts);
	merge_policy(now, before, look);
	now->dane =
	    join_names(arena, &before->dane, &look->no_dane, &look->dane);
	merge_certs(now, arena, before, look);
}

/* ---- what is accepted ---- */

/* A record that was broken from the first is not accepted by that; one that
 * was never there is told of for TLS-RPT, and of no interest for MTA-STS. */
static void
adopt_record(struct thing_record *accepted, const struct thing_record *now)
{
	if (accepted->state == THING_NEVER && now->state == THING_GOOD)
		*accepted = *now;
	if (accepted->state == now->state && now->secure)
		accepted->secure = true;
}

void
snapshot_adopt(
    struct snapshot *accepted, struct arena *arena, const struct snapshot *now)
{
	static const struct thing_names none;

	accepted->at = now->at;
	adopt_record(&accepted->tlsrpt, &now->tlsrpt);
	adopt_record(&accepted->sts, &now->sts);
	if (accepted->sts.state == THING_NEVER &&
	    now->sts.state == THING_ABSENT)
		accepted->sts = now->sts;
	if (accepted->policy.state == THING_NEVER &&
	    now->policy.state == THING_GOOD)
		accepted->policy = now->policy;
	accepted->dane = join_names(arena, &accepted->dane, &none, &now->dane);
}

void
snapshot_accept(struct snapshot *accepted, struct snapshot *now)
{
	now->policy.first = now->policy.sha256;
	*accepted = *now;
}

void
snapshot_past(const struct snapshot *known, struct past_facts *past)
{
	const struct thing_policy *p = &known->policy;

	past->policy_seen = past->testing_since = TIME_NONE;
	if (known->at != TIME_NONE && p->mode == STS_ENFORCE &&
	    (p->state == THING_ABSENT || p->state == THING_BROKEN)) {
		past->policy_mode = p->mode;
		past->policy_max_age = p->max_age;
		past->policy_seen = p->mode_since;
		return;
	}
	if (known->at == TIME_NONE || p->sha256 == NULL ||
	    p->state != THING_GOOD || known->sts.state != THING_GOOD)
		return;
	past->policy_id = known->sts.text;
	past->policy_sha256 = p->sha256;
	past->policy_mode = p->mode;
	past->policy_max_age = p->max_age;
	past->policy_seen = known->at;
	if (p->mode == STS_TESTING)
		past->testing_since = p->mode_since;
}
