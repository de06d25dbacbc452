/* SPDX-License-Identifier: ISC */

/*
 * Which sources should have been read and were not.
 */

#include "config.h"

#include "base/date.h"
#include "digest/health.h"

static int64_t
days_since(int64_t then, int64_t now)
{
	return then == TIME_NONE || then > now ? 0 : (now - then) / DAY_SECONDS;
}

static void
add(struct health *h, enum health_kind kind, const struct health_source *s,
    int64_t now)
{
	h->faults[h->nfaults++] = (struct health_fault){.kind = kind,
	    .source = s->name,
	    .error = s->error,
	    .last_success = s->last_success,
	    .days = days_since(s->last_success, now)};
}

static bool
is_stale(int64_t last_success, int64_t now)
{
	return days_since(last_success, now) >= HEALTH_STALE_DAYS;
}

static void
judge_configured(struct health *h, const struct health_source *s, int64_t now)
{
	if (s->last_run == TIME_NONE)
		add(h, HEALTH_NEVER, s, now);
	else if (s->error[0] != '\0')
		add(h, HEALTH_FAILING, s, now);
	else if (is_stale(s->last_success, now))
		add(h, HEALTH_STALE, s, now);
}

/* The source that was read last; what was never read is older than any. */
static const struct health_source *
latest(const struct health_source *sources, size_t n)
{
	const struct health_source *best = &sources[0];
	size_t i;

	for (i = 1; i < n; i++)
		if (sources[i].last_success > best->last_success)
			best = &sources[i];
	return best;
}

void
health_judge(struct health *health, const struct health_source *sources,
    size_t n, int64_t now)
{
	const struct health_source *last;
	bool configured = false;
	size_t i;

	health->nfaults = 0;
	health->sources = sources;
	health->nsources = n;
	for (i = 0; i < n; i++) {
		configured |= sources[i].configured;
		if (sources[i].configured)
			judge_configured(health, &sources[i], now);
	}
	if (configured || n == 0)
		return;
	last = latest(sources, n);
	if (last->last_success == TIME_NONE)
		add(health, HEALTH_FAILING, last, now);
	else if (is_stale(last->last_success, now))
		add(health, HEALTH_ALL_STALE,
		    &(struct health_source){.name = "",
			.error = last->error,
			.last_success = last->last_success},
		    now);
}
