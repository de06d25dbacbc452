/* SPDX-License-Identifier: ISC */

/*
 * JSON for programs: one object with all the figures, and what tells whether
 * they can be relied on.  docs/digest.schema.json describes it.  A domain has
 * a line of its own, so that two digests can be compared by diff.
 */

#include "config.h"

#include "output/json.h"
#include "output/output.h"

/* Goes up when a member changes its meaning or goes away; not when one is
 * added. */
#define FORMAT_VERSION 1

static const char *const units[] = {
    [BY_DAY] = "day",
    [BY_WEEK] = "week",
    [BY_MONTH] = "month",
    [BY_TOTAL] = "total",
};

static const char *const faults[] = {
    [HEALTH_FAILING] = "failing",
    [HEALTH_STALE] = "stale",
    [HEALTH_NEVER] = "never",
    [HEALTH_ALL_STALE] = "all_stale",
};

/* A digest of nothing new is of no day at all. */
static void
put_period(struct json_writer *w, const struct figures *f)
{
	const struct digest_spec *spec = &f->spec;

	if (spec->first_day == DAY_NONE) {
		json_write_null(w, "period");
		return;
	}
	json_write_open(w, "period");
	json_write_day(w, "period_start", spec->first_day);
	json_write_day(w, "period_end", spec->last_day);
	json_write_text(w, "by", units[spec->by]);
	json_write_day(w, "awaited_from",
	    f->awaited_from == DAY_MAX ? DAY_NONE : f->awaited_from);
	json_write_close(w);
}

/* What the figures are of, if not of all that the period has. */
static void
put_selection(struct json_writer *w, const struct view *view)
{
	json_write_open(w, "selection");
	json_write_truth(w, "filtered", view->filtered);
	json_write_text(w, "group", view->group != NULL ? view->group : "");
	json_write_truth(w, "failures_only", view->failures_only);
	if (view->state == NULL) {
		json_write_null(w, "new");
	} else {
		json_write_open(w, "new");
		json_write_text(w, "state", view->state);
		json_write_time(w, "told", view->told);
		json_write_close(w);
	}
	json_write_close(w);
}

static void
put_store(struct json_writer *w, const struct view *view)
{
	json_write_open(w, "store");
	json_write_text(w, "path", view->store);
	json_write_day(w, "latest_day", view->latest_day);
	json_write_day(
	    w, "pruned_before", view->pruned ? view->floor_day : DAY_NONE);
	json_write_number(w, "rejects", (int64_t)view->rejects);
	json_write_number(w, "conflicts", (int64_t)view->conflicts);
	json_write_number(w, "empty_reports", (int64_t)view->empty_reports);
	json_write_close(w);
}

static void
put_sources(struct json_writer *w, const struct health *h)
{
	const struct health_source *s = h->sources;
	size_t i;

	json_write_open_list(w, "sources");
	for (i = 0; i < h->nsources; i++, s++) {
		json_write_open(w, NULL);
		json_write_text(w, "source", s->name);
		json_write_truth(w, "configured", s->configured);
		json_write_time(w, "last_success", s->last_success);
		json_write_time(w, "last_run", s->last_run);
		json_write_text(w, "error", s->error);
		json_write_close(w);
	}
	json_write_close_list(w);
}

static void
put_health(struct json_writer *w, const struct health *h)
{
	const struct health_fault *f = h->faults;
	size_t i;

	json_write_open(w, "health");
	json_write_open_list(w, "faults");
	for (i = 0; i < h->nfaults; i++, f++) {
		json_write_open(w, NULL);
		json_write_text(w, "kind", faults[f->kind]);
		json_write_text(w, "source", f->source);
		json_write_text(w, "error", f->error);
		json_write_time(w, "last_success", f->last_success);
		json_write_number(w, "days", f->days);
		json_write_close(w);
	}
	json_write_close_list(w);
	put_sources(w, h);
	json_write_close(w);
}

static void
put_rows(struct json_writer *w, const struct view *view)
{
	const struct figures *f = view->figures;
	size_t i;

	if (view->rows == ROWS_DEFAULT)
		return;
	json_write_open_list(
	    w, view->rows == ROWS_POLICIES ? "policy_rows" : "failure_rows");
	for (i = 0; view->rows == ROWS_POLICIES && i < f->npolicies; i++) {
		if (view->failures_only && f->policies[i].failed == 0)
			continue;
		json_write_line(w, 0);
		json_policy_row(w, &f->policies[i]);
	}
	for (i = 0; view->rows == ROWS_FAILURES && i < f->nfailures; i++) {
		json_write_line(w, 0);
		json_failure_row(w, &f->failures[i]);
	}
	json_write_close_list(w);
}

static void
put_domains(struct json_writer *w, const struct view *view)
{
	const struct domain_figure *dom = view->figures->domains;
	size_t i;

	json_write_open_list(w, "domains");
	for (i = 0; i < view->figures->ndomains; i++, dom++) {
		if (view->failures_only && dom->failed == 0)
			continue;
		json_write_line(w, 0);
		json_domain(w, dom);
	}
	json_write_close_list(w);
}

static int
write_json(FILE *out, const struct view *view, struct err *err)
{
	struct json_writer w = {.out = out};

	json_write_open(&w, NULL);
	json_write_number(&w, "format_version", FORMAT_VERSION);
	json_write_text(&w, "program", PACKAGE_NAME " " PACKAGE_VERSION);
	json_write_time(&w, "generated", view->figures->spec.now);
	put_period(&w, view->figures);
	put_selection(&w, view);
	put_store(&w, view);
	put_health(&w, &view->health);
	put_domains(&w, view);
	put_rows(&w, view);
	json_write_close(&w);
	putc('\n', out);
	return output_finish(out, err);
}

const struct output output_json = {.name = "json",
    .looks_back = true,
    .is_page = true,
    .takes_rows = true,
    .write = write_json};
