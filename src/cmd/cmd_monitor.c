/* SPDX-License-Identifier: ISC */

/*
 * tlstally monitor: one verdict for Nagios, Icinga and their kin, or for cron.
 * Each part of it adds findings, the one here that reads the store and the one
 * that looks at the domains (records.c); what comes out is joined by plugin.c.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/die.h"
#include "base/log.h"
#include "base/ratio.h"
#include "cmd/asked.h"
#include "cmd/cmd.h"
#include "cmd/figures.h"
#include "cmd/heard.h"
#include "cmd/period.h"
#include "cmd/records.h"
#include "output/alarm_words.h"
#include "output/plugin.h"

/* Domains that have performance data of their own: more would only fill the
 * line, which some transports cut at 1 KiB. */
#define MEASURED_DOMAINS 10

/* domains, sessions, failed, failure_rate, silent, faults; watched, changed */
#define TOTALS 8

struct state {
	int days; /* of --last; 0: the default */
	const char *group;
	bool accept;
	bool offline;
	struct looking looking;
};

enum { OPT_LAST, OPT_GROUP, OPT_ACCEPT, OPT_OFFLINE, OPT_LOOKING };

static const struct cmd_option options[] = {
    [OPT_LAST] = {"last", 0, "Nd", "look at the last N days; Nw: weeks"},
    [OPT_GROUP] = {"group", 0, "NAME", "only the domains of that group"},
    [OPT_ACCEPT] = {"accept", 0, NULL,
	"accept what has changed; look at nothing"},
    [OPT_OFFLINE] = {"offline", 0, NULL,
	"read the reports alone; look at no domain"},
    LOOKING_ROWS(OPT_LOOKING),
    {0}};

static int
option(void *state, size_t index, const char *arg, struct err *err)
{
	struct state *st = state;

	switch (index) {
	case OPT_LAST:
		return period_parse_length(arg, &st->days, err);
	case OPT_GROUP:
		st->group = arg;
		return 0;
	case OPT_ACCEPT:
		st->accept = true;
		return 0;
	case OPT_OFFLINE:
		st->offline = true;
		return 0;
	default:
		return looking_option(
		    &st->looking, index - OPT_LOOKING, arg, err);
	}
}

/* What is being made. */
struct job {
	struct context *ctx;
	const struct state *st;
	struct asked asked;
	struct figures_job made;
	struct health health;
	struct last_heard *heard;
	struct alarms alarms;
	bool looks; /* at the domains */
	bool reads_only;
	struct records records;
	struct plugin plugin;
	struct plugin_finding *findings;
	size_t nfindings;
	struct measure measures[TOTALS + MEASURED_DOMAINS];
	char **notes;
	size_t nnotes;
};

/* ---- what is asked for ---- */

/* As many days that a report which took all of settle is still among them
 * when monitor runs once a day. */
static int
default_days(int64_t settle)
{
	return 1 + (int)((settle + DAY_SECONDS - 1) / DAY_SECONDS);
}

static void
set_days(struct job *j)
{
	const int days =
	    j->st->days > 0 ? j->st->days : default_days(j->asked.spec.settle);

	j->asked.spec.by = BY_TOTAL;
	j->asked.spec.zeros = true;
	j->asked.spec.absent = true;
	j->asked.filter.last_day = day_of_time(j->asked.spec.now) - 1;
	j->asked.filter.first_day = j->asked.filter.last_day - days + 1;
}

/* ---- the store ---- */

/* The configured domains of which the figures know nothing are looked for
 * further back. */
static int
look_further_back(struct job *j, struct alarm_input *in, struct err *err)
{
	const struct figures *f = j->made.figures;
	const struct domain_figure *dom = f->domains;
	size_t i, n = 0;

	j->heard = xcalloc(f->ndomains, sizeof(*j->heard));
	for (i = 0; i < f->ndomains; i++, dom++)
		if (dom->own && dom->ndays == 0 && dom->nsilences == 0 &&
		    scope_is_name(dom->domain))
			j->heard[n++].domain = dom->domain;
	in->heard = j->heard;
	in->nheard = n;
	return heard_find(
	    j->ctx->store, j->heard, n, j->asked.filter.last_day, err);
}

/* To remember what is seen, the store must be written; a plugin that may only
 * read it still compares. */
static int
open_store(struct job *j, struct err *err)
{
	if (!j->looks)
		return cmd_open_store(j->ctx, STORE_READ, err);
	if (cmd_open_store(j->ctx, STORE_WRITE, err) == 0)
		return 0;
	if (err->code != ERR_REFUSED)
		return -1;
	j->reads_only = true;
	return cmd_open_store(j->ctx, STORE_READ, err);
}

static int
judge(struct job *j, struct err *err)
{
	struct alarm_input in = {.health = &j->health};

	if (open_store(j, err) == -1 ||
	    store_snapshot(j->ctx->store, err) == -1 ||
	    figures_make(&j->made, j->ctx->store, &j->asked.filter,
		&j->asked.spec, true, err) == -1 ||
	    figures_health(j->ctx, j->made.arena, &j->health, err) == -1 ||
	    look_further_back(j, &in, err) == -1)
		return -1;
	in.figures = j->made.figures;
	alarm_judge(&j->alarms, &in);
	store_rollback(j->ctx->store);
	return 0;
}

/* ---- the domains ---- */

static int
look(struct job *j, struct err *err)
{
	const struct records_spec spec = {.ctx = j->ctx,
	    .asked = &j->asked,
	    .figures = j->made.figures,
	    .looking = &j->st->looking,
	    .reads_only = j->reads_only};

	return j->looks ? records_watch(&j->records, &spec, err) : 0;
}

/* ---- words ---- */

static struct words
open_words(char **text, size_t *size)
{
	return (struct words){.out = xmemstream(text, size), .put = plugin_put};
}

static char *
say(const struct alarm *a,
    void (*sentence)(const struct words *, const struct alarm *))
{
	char *text;
	size_t size;
	struct words w = open_words(&text, &size);

	sentence(&w, a);
	xmemstream_end(w.out);
	return text;
}

static void
add_alarms(struct job *j, enum level level)
{
	const struct alarm *a = j->alarms.list;
	size_t i;

	for (i = 0; i < j->alarms.n; i++, a++)
		if (a->level == level)
			j->findings[j->nfindings++] =
			    (struct plugin_finding){.level = level,
				.why = say(a, alarm_words_why),
				.what = say(a, alarm_words_what)};
}

/* Texts are taken over. */
static void
add_changes(struct job *j, enum level level)
{
	struct plugin_finding *f = j->records.findings;
	size_t i;

	for (i = 0; i < j->records.nfindings; i++, f++)
		if (f->level == level) {
			j->findings[j->nfindings++] = *f;
			f->why = f->what = NULL;
		}
}

/* The worst first; of those that are alike, what was seen with our own eyes. */
static void
add_findings(struct job *j)
{
	static const enum level levels[] = {
	    LEVEL_CRITICAL, LEVEL_WARNING, LEVEL_UNKNOWN, LEVEL_OK};
	size_t i;

	j->findings = xcalloc(
	    j->alarms.n + j->records.nfindings + 1, sizeof(*j->findings));
	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		add_changes(j, levels[i]);
		add_alarms(j, levels[i]);
	}
}

/* "12 domains, 3 of 4 800 sessions (0.06 %) failed, 2026-11-13 to 2026-11-15
 * (UTC)" */
static char *
summarize(const struct job *j)
{
	const struct alarms *a = &j->alarms;
	char *text;
	size_t size;
	struct words w = open_words(&text, &size);

	words_count(&w, (int64_t)a->domains, "domain");
	fputs(", ", w.out);
	words_share(&w, a->failed, a->sessions);
	fputs(" failed, ", w.out);
	if (j->records.watched > 0) {
		words_count(&w, (int64_t)j->records.watched, "domain");
		fputs(" looked at, ", w.out);
	}
	words_period(&w, j->asked.filter.first_day, j->asked.filter.last_day);
	xmemstream_end(w.out);
	return text;
}

static struct words
open_note(struct job *j, size_t *size)
{
	j->notes = xreallocarray(j->notes, j->nnotes + 1, sizeof(*j->notes));
	return open_words(&j->notes[j->nnotes++], size);
}

/* With -v each domain is told of, and what of it is ignored. */
static void
note_domain(struct job *j, const struct domain_figure *dom)
{
	size_t size;
	struct words w = open_note(j, &size);

	words_name(&w, dom->domain);
	fputs(": ", w.out);
	words_verdict(&w, dom);
	xmemstream_end(w.out);
	if (dom->nignored == 0)
		return;
	w = open_note(j, &size);
	words_name(&w, dom->domain);
	fputs(": ignored: ", w.out);
	words_ignored(&w, dom);
	xmemstream_end(w.out);
}

static void
add_notes(struct job *j)
{
	const struct figures *f = j->made.figures;
	struct words w;
	size_t i, size;

	if (j->alarms.unfed) {
		w = open_note(j, &size);
		fputs(
		    "silence is not judged while reports are not read", w.out);
		xmemstream_end(w.out);
	}
	for (i = 0; i < j->records.nnotes; i++) {
		w = open_note(j, &size);
		fputs(j->records.notes[i], w.out);
		xmemstream_end(w.out);
	}
	for (i = 0; log_level() == LOG_LEVEL_VERBOSE && i < f->ndomains; i++)
		if (f->domains[i].own)
			note_domain(j, &f->domains[i]);
}

/* ---- performance data ---- */

static int64_t
rate_of(int64_t failed, int64_t sessions)
{
	return sessions == 0
	    ? THRESHOLD_UNSET
	    : (int64_t)((double)failed * RATIO_WHOLE / (double)sessions + 0.5);
}

static struct measure
count_measure(const char *label, size_t n)
{
	return (struct measure){.label = label,
	    .value = (int64_t)n,
	    .warning = THRESHOLD_UNSET,
	    .critical = THRESHOLD_UNSET};
}

static struct measure
rate_measure(const struct job *j, const struct domain_figure *dom)
{
	const struct thresholds t =
	    scope_thresholds(j->asked.spec.scope, dom->domain);

	return (struct measure){.label = dom->domain,
	    .is_ratio = true,
	    .value = rate_of(
		alarm_failed(dom), count_add(dom->successful, dom->failed)),
	    .warning = t.warning_rate,
	    .critical = t.critical_rate};
}

/* The totals, and where they are few, each domain's rate. */
static void
add_measures(struct job *j)
{
	const struct figures *f = j->made.figures;
	const struct alarms *a = &j->alarms;
	struct measure *m = j->measures;
	size_t i, own = 0;

	*m++ = count_measure("domains", a->domains);
	*m++ = count_measure("sessions", (size_t)a->sessions);
	*m++ = count_measure("failed", (size_t)a->failed);
	*m = count_measure("failure_rate", 0);
	m->is_ratio = true;
	m++->value = rate_of(a->failed, a->sessions);
	*m++ = count_measure("silent", a->silent);
	*m++ = count_measure("faults", j->health.nfaults);
	if (j->looks) {
		*m++ = count_measure("watched", j->records.watched);
		*m++ = count_measure("changed", j->records.changed);
	}
	for (i = 0; i < f->ndomains; i++)
		own += f->domains[i].own && f->domains[i].domain[0] != '\0';
	for (i = 0; own <= MEASURED_DOMAINS && i < f->ndomains; i++)
		if (f->domains[i].own && f->domains[i].domain[0] != '\0')
			*m++ = rate_measure(j, &f->domains[i]);
	j->plugin.measures = j->measures;
	j->plugin.nmeasures = (size_t)(m - j->measures);
}

/* ---- all ---- */

static size_t
findings_shown(void)
{
	switch (log_level()) {
	case LOG_LEVEL_QUIET:
		return 0;
	case LOG_LEVEL_VERBOSE:
		return SIZE_MAX;
	case LOG_LEVEL_NORMAL:
	default:
		return PLUGIN_FINDINGS;
	}
}

static void
write_all(struct job *j)
{
	char *summary;

	add_findings(j);
	add_notes(j);
	add_measures(j);
	summary = summarize(j);
	j->plugin.summary = summary;
	j->plugin.findings = j->findings;
	j->plugin.nfindings = j->nfindings;
	j->plugin.notes = j->notes;
	j->plugin.nnotes = j->nnotes;
	j->plugin.most = findings_shown();
	plugin_write(stdout, &j->plugin);
	free(summary);
}

static void
free_job(struct job *j)
{
	size_t i;

	for (i = 0; i < j->nfindings; i++) {
		free(j->findings[i].why);
		free(j->findings[i].what);
	}
	for (i = 0; i < j->nnotes; i++)
		free(j->notes[i]);
	free(j->findings);
	free(j->notes);
	free(j->heard);
	records_free(&j->records);
	alarm_free(&j->alarms);
	figures_close(&j->made);
	asked_free(&j->asked);
}

/* Who reads plugins reads their standard output: so an error is told there. */
static int
fail(const struct err *err)
{
	char *text;
	size_t size;
	struct words w = open_words(&text, &size);
	struct plugin_finding finding = {LEVEL_UNKNOWN, NULL, NULL};

	plugin_put(w.out, err->text);
	xmemstream_end(w.out);
	finding.why = text;
	plugin_write(
	    stdout, &(struct plugin){.findings = &finding, .nfindings = 1});
	free(text);
	fflush(stdout);
	return LEVEL_UNKNOWN;
}

static int
accept(struct job *j, struct err *err)
{
	if (cmd_open_store(j->ctx, STORE_WRITE, err) == -1)
		return -1;
	return records_accept(j->ctx, &j->asked, err);
}

static int
run(struct context *ctx, void *state)
{
	struct state *st = state;
	struct job j = {
	    .ctx = ctx, .st = st, .looks = WITH_NET && !st->offline};
	struct err err = {0};
	int rc = asked_find(&j.asked, ctx, st->group, &err);

	looking_complete(&st->looking, ctx->arena, ctx->now);
	if (rc == 0 && st->accept) {
		rc = accept(&j, &err);
	} else if (rc == 0) {
		set_days(&j);
		rc = judge(&j, &err);
		if (rc == 0)
			rc = look(&j, &err);
	}
	if (rc == 0 && st->accept) {
		rc = cmd_end_plugin(LEVEL_OK);
	} else if (rc == 0) {
		write_all(&j);
		rc = cmd_end_plugin((int)plugin_level(&j.plugin));
	} else {
		rc = fail(&err);
	}
	free_job(&j);
	return rc;
}

const struct command cmd_monitor = {
    .name = "monitor",
    .summary = "one verdict for Nagios, Icinga and their kin",
    .usage = "[OPTION...] [DOMAIN...]",
    .needs = NEEDS_CONFIG,
    .options = options,
    .state_size = sizeof(struct state),
    .option = option,
    .run = run,
    .fail = fail,
};
