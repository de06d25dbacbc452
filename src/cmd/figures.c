/* SPDX-License-Identifier: ISC */

/*
 * Rows in, figures out: the digest asks for rows of the period and of the
 * days before it, and for the MX hosts of a policy when they may have
 * changed; and whether the store is fed at all.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/die.h"
#include "cmd/figures.h"
#include "source/imap.h"

static int
take_policy(void *arg, const struct policy_row *row)
{
	digest_add_policy(arg, row);
	return 0;
}

static int
take_failure(void *arg, const struct failure_row *row)
{
	digest_add_failure(arg, row);
	return 0;
}

/* The MX hosts of a policy; none once the store has failed, which is told in
 * the end. */
static struct mx_hosts
find_hosts(void *arg, int64_t text)
{
	struct figures_job *job = arg;
	struct mx_hosts hosts = {NULL, 0};
	const char **names = NULL;

	if (job->failed)
		return hosts;
	if (store_mx_hosts(job->store, text, job->arena, &names, &hosts.n,
		job->err) == -1) {
		job->failed = true;
		hosts.n = 0;
	}
	hosts.names = names;
	return hosts;
}

static int
collect(struct figures_job *job, const struct filter *period,
    const struct digest_spec *spec, bool looks_back, struct err *err)
{
	const struct row_reader reader = {
	    .policy = take_policy, .failure = take_failure, .arg = job->digest};
	const int32_t lookback = digest_lookback(spec);
	struct filter f = *period;

	if (f.first_day == DAY_NONE)
		return 0;
	if (looks_back)
		f.first_day = f.first_day > DAY_MIN + lookback
		    ? f.first_day - lookback
		    : DAY_MIN;
	return store_rows(job->store, &f, &reader, err);
}

int
figures_make(struct figures_job *job, struct store *store,
    const struct filter *filter, struct digest_spec *spec, bool looks_back,
    struct err *err)
{
	*job = (struct figures_job){
	    .store = store, .arena = arena_new(1024), .err = err};
	spec->first_day = filter->first_day;
	spec->last_day = filter->last_day;
	if (looks_back) {
		spec->hosts = find_hosts;
		spec->hosts_arg = job;
	}
	job->digest = digest_new(spec);
	if (collect(job, filter, spec, looks_back, err) == -1)
		return -1;
	job->figures = digest_figures(job->digest);
	return job->failed ? -1 : 0;
}

void
figures_close(struct figures_job *job)
{
	digest_free(job->digest);
	arena_free(job->arena);
	*job = (struct figures_job){.store = NULL};
}

/* ---- health ---- */

struct sources {
	const struct conf *config;
	struct arena *arena;
	struct health_source *list; /* the sections first, in their order */
	char **names;		    /* by which the store knows the sections */
	size_t n;
};

/* The name by which the store knows a section, which the caller frees. */
static char *
stored_name(const struct source_section *section)
{
	return section->imap != NULL ? imap_source_name(section->imap)
				     : source_name_of(section->path);
}

static void
begin_sources(struct sources *s)
{
	const size_t n = s->config->nsources;
	size_t i;

	s->list = xcalloc(n, sizeof(*s->list));
	s->names = xcalloc(n, sizeof(*s->names));
	for (i = 0; i < n; i++) {
		s->names[i] = stored_name(&s->config->sources[i]);
		s->list[i] =
		    (struct health_source){.name = s->config->sources[i].name,
			.configured = true,
			.last_success = TIME_NONE,
			.last_run = TIME_NONE,
			.error = ""};
	}
	s->n = n;
}

static void
free_sources(struct sources *s)
{
	size_t i;

	for (i = 0; i < s->config->nsources; i++)
		free(s->names[i]);
	free(s->names);
	free(s->list);
}

/* Returns the place of a source in the list, made if no section has it. */
static struct health_source *
place_of(struct sources *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->config->nsources; i++)
		if (s->names[i] != NULL && strcmp(s->names[i], name) == 0)
			return &s->list[i];
	s->list = xreallocarray(s->list, s->n + 1, sizeof(*s->list));
	s->list[s->n] =
	    (struct health_source){.name = arena_strdup(s->arena, name)};
	return &s->list[s->n++];
}

static int
take_source(void *arg, const struct source_line *line)
{
	struct sources *s = arg;
	struct health_source *place = place_of(s, line->name);

	place->last_success = line->last_success;
	place->last_run = line->last_run;
	place->error = arena_strdup(s->arena, line->last_error);
	return 0;
}

int
figures_health(struct context *ctx, struct arena *arena, struct health *health,
    struct err *err)
{
	struct sources s = {.config = ctx->config, .arena = arena};
	struct health_source *list;
	size_t i;
	int rc;

	begin_sources(&s);
	rc = store_each_source_run(ctx->store, take_source, &s, err);
	list = arena_calloc(arena, s.n + 1, sizeof(*list));
	*health = (struct health){
	    .faults = arena_calloc(arena, s.n + 1, sizeof(*health->faults))};
	for (i = 0; i < s.n; i++)
		list[i] = s.list[i];
	health_judge(health, list, s.n, ctx->now);
	free_sources(&s);
	return rc;
}
