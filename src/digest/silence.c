/* SPDX-License-Identifier: ISC */

/*
 * Who has fallen silent.  Every reporter has a rhythm of its own: one that
 * reports daily is missed after a day, one that skips weekends after three.
 * Only whoever has reported often enough to have a rhythm is missed, and only
 * once its report is later than its reports are.
 */

#include "config.h"

#include "base/date.h"
#include "digest/sums.h"

/* The longest pause between two days on which it was heard, in days; the days
 * are bits. */
static int
longest_pause(uint64_t days)
{
	int pause, longest = 1;

	days >>= __builtin_ctzll(days);
	while (days != 1) {
		days &= ~UINT64_C(1);
		pause = __builtin_ctzll(days);
		if (pause > longest)
			longest = pause;
		days >>= pause;
	}
	return longest;
}

/* True if the report that was due by its rhythm should have come by now, and
 * is of a day that the digest is about. */
static bool
is_silent(const struct digest *d, const struct voice *v,
    const struct domain_figure *dom, struct silence *silence)
{
	const uint64_t before = usual_look_back(v, dom->end + 1);
	int32_t due;
	int64_t time;

	*silence = (struct silence){.reporter = v->heard->id.reporter,
	    .days = __builtin_popcountll(before)};
	if (silence->days < DIGEST_USUAL_DAYS)
		return false;
	silence->last_day =
	    dom->end - __builtin_clzll(before) + 64 - DIGEST_LOOKBACK_DAYS;
	due = silence->last_day + longest_pause(before);
	if (due > dom->end)
		return false;
	time = usual_due_time(v, due);
	if (time == INT64_MAX)
		time = ((int64_t)due + 1) * DAY_SECONDS + d->spec.settle;
	return d->spec.now >= time;
}

void
silence_find(struct digest *d, struct domain_figure *dom)
{
	size_t at = usual_first_voice(d, dom->domain), count = 0;
	struct silence silence;
	struct voice v;

	while (usual_next_voice(d, dom->domain, &at, &v))
		count += is_silent(d, &v, dom, &silence);
	dom->silences = arena_calloc(d->arena, count, sizeof(*dom->silences));
	at = usual_first_voice(d, dom->domain);
	while (usual_next_voice(d, dom->domain, &at, &v))
		if (is_silent(d, &v, dom, &silence))
			dom->silences[dom->nsilences++] = silence;
}

bool
silence_is_total(const struct digest *d, const struct domain_figure *dom)
{
	size_t at = usual_first_voice(d, dom->domain);
	struct silence silence;
	struct voice v;

	while (usual_next_voice(d, dom->domain, &at, &v))
		if (usual_is_usual(usual_look_back(&v, dom->start)) &&
		    !is_silent(d, &v, dom, &silence))
			return false;
	return dom->nsilences > 0;
}
