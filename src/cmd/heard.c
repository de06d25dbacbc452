/* SPDX-License-Identifier: ISC */

/*
 * When a domain was heard last, long before the days that a digest looks
 * back on: a monitor must not forget a silence because it has lasted.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/die.h"
#include "cmd/heard.h"

/* The days up to the last one, which is the lowest bit. */
#define RHYTHM_MASK ((UINT64_C(1) << DIGEST_LOOKBACK_DAYS) - 1)

struct sweep {
	struct last_heard *list;
	uint64_t *days; /* of each of the list */
	size_t n;
	size_t *places; /* by stream number: 1 more than the index in the
			   list; 0: not known yet */
	size_t nplaces;
};

static size_t
find_place(const struct sweep *s, const char *domain)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (strcasecmp(s->list[i].domain, domain) == 0)
			break;
	return i;
}

/* Where a stream's domain is in the list; n if it is not. */
static size_t
place_of(struct sweep *s, const struct stream *stream)
{
	size_t room = s->nplaces > 0 ? s->nplaces : 256;

	while (room <= stream->number)
		room *= 2;
	if (room > s->nplaces) {
		s->places = xreallocarray(s->places, room, sizeof(*s->places));
		memset(s->places + s->nplaces, 0,
		    (room - s->nplaces) * sizeof(*s->places));
		s->nplaces = room;
	}
	if (s->places[stream->number] == 0)
		s->places[stream->number] = find_place(s, stream->domain) + 1;
	return s->places[stream->number] - 1;
}

/* Rows come by day. */
static int
take_row(void *arg, const struct policy_row *row)
{
	struct sweep *s = arg;
	size_t at = place_of(s, row->stream);
	struct last_heard *heard = &s->list[at];
	int32_t gap;

	if (at == s->n)
		return 0;
	gap = heard->day == DAY_NONE ? 64 : row->day - heard->day;
	s->days[at] = (gap < 64 ? s->days[at] << gap : 0) | 1;
	heard->day = row->day;
	return 0;
}

int
heard_find(struct store *s, struct last_heard *list, size_t n, int32_t last_day,
    struct err *err)
{
	struct sweep w = {
	    .list = list, .n = n, .days = xcalloc(n, sizeof(*w.days))};
	const struct row_reader reader = {.policy = take_row, .arg = &w};
	const char **names = xcalloc(n, sizeof(*names));
	const struct filter f = {.first_day = last_day - HEARD_DAYS + 1,
	    .last_day = last_day,
	    .domains = names,
	    .ndomains = n};
	size_t i;
	int rc = 0;

	for (i = 0; i < n; i++) {
		names[i] = list[i].domain;
		list[i].day = DAY_NONE;
	}
	if (n > 0)
		rc = store_rows(s, &f, &reader, err);
	for (i = 0; i < n; i++)
		list[i].regular = __builtin_popcountll(w.days[i] &
				      RHYTHM_MASK) >= DIGEST_USUAL_DAYS;
	free(names);
	free(w.days);
	free(w.places);
	return rc;
}
