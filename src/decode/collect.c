/* SPDX-License-Identifier: ISC */

/*
 * Reports and faults of one message, in arrays that grow within the arena.
 * Nearly every message has one report, so the arrays start small.
 */

#include "config.h"

#include <string.h>

#include "base/limits.h"
#include "decode/collect.h"

#define FIRST_ROOM 4

void
collect_start(struct collector *c, struct arena *arena, struct decoded *out)
{
	*out = (struct decoded){.arena = arena};
	*c = (struct collector){.out = out};
}

size_t
collect_count(const struct collector *c)
{
	return c->out->nreports + c->out->nfaults;
}

bool
collect_is_full(const struct collector *c)
{
	return collect_count(c) >= ITEMS_MAX;
}

/* Returns list, or a larger copy of it when its room is used up. */
static void *
grow(struct arena *a, void *list, size_t n, size_t *room, size_t size)
{
	void *larger;

	if (n < *room)
		return list;
	*room = *room > 0 ? *room * 2 : FIRST_ROOM;
	larger = arena_calloc(a, *room, size);
	if (n > 0)
		memcpy(larger, list, n * size);
	return larger;
}

static void
add_fault(struct collector *c, enum fault_kind kind, const char *reason)
{
	struct decoded *out = c->out;

	out->faults = grow(out->arena, out->faults, out->nfaults,
	    &c->fault_room, sizeof(out->faults[0]));
	out->faults[out->nfaults++] =
	    (struct fault){kind, arena_strdup(out->arena, reason)};
}

/* Makes the last item a fault, whatever it would have been.  Returns true if
 * nothing more can be added. */
static bool
is_over(struct collector *c)
{
	if (collect_count(c) == ITEMS_MAX - 1)
		add_fault(c, FAULT_BOUND,
		    "too many reports in one message (ITEMS_MAX)");
	return collect_is_full(c);
}

void
collect_report(struct collector *c, struct report *r)
{
	struct decoded *out = c->out;

	if (is_over(c))
		return;
	out->reports = grow(out->arena, out->reports, out->nreports,
	    &c->report_room, sizeof(struct report *));
	out->reports[out->nreports++] = r;
}

void
collect_fault(struct collector *c, const struct err *err)
{
	if (!is_over(c))
		add_fault(c,
		    err->code == ERR_BOUND ? FAULT_BOUND : FAULT_UNUSABLE,
		    err->text);
}
