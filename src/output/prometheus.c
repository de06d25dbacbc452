/* SPDX-License-Identifier: ISC */

/*
 * Metrics in the text format 0.0.4 of Prometheus, for the textfile collector
 * of its node_exporter.  All are gauges: a digest says how things stood in its
 * period, and the next run says it anew.  The period is a metric and no label,
 * so that a series goes on when the day changes.  Every name is there even
 * without a sample, so that dashboards and rules can be held to them.
 */

#include "config.h"

#include <inttypes.h>

#include "base/date.h"
#include "output/escape.h"
#include "output/metrics.h"
#include "output/output.h"

#define PREFIX	   "tlstally_"
#define LABELS_MAX 4

struct label {
	const char *name;
	const char *value;
};

/* A metric's samples, one after the other. */
struct family {
	FILE *out;
	const char *name;
	struct label labels[LABELS_MAX];
	size_t nlabels;
};

static struct family
begin(FILE *out, const char *name, const char *help)
{
	fprintf(out,
	    "# HELP " PREFIX "%s %s\n"
	    "# TYPE " PREFIX "%s gauge\n",
	    name, help, name);
	return (struct family){.out = out, .name = name};
}

/* Sets the label behind the first n. */
static void
set_label(struct family *f, size_t n, const char *name, const char *value)
{
	f->labels[n] = (struct label){name, value};
	f->nlabels = n + 1;
}

static void
set_domain(struct family *f, const struct metric_domain *m)
{
	set_label(f, 0, "domain", m->figure->domain);
	set_label(f, 1, "group", m->figure->group);
}

static void
put(const struct family *f, int64_t value)
{
	size_t i;

	fputs(PREFIX, f->out);
	fputs(f->name, f->out);
	for (i = 0; i < f->nlabels; i++) {
		putc_unlocked(i == 0 ? '{' : ',', f->out);
		fputs(f->labels[i].name, f->out);
		putc_unlocked('=', f->out);
		escape_label(f->out, f->labels[i].value);
	}
	if (f->nlabels > 0)
		putc_unlocked('}', f->out);
	fprintf(f->out, " %" PRId64 "\n", value);
}

static void
put_one(FILE *out, const char *name, const char *help, int64_t value)
{
	const struct family f = begin(out, name, help);

	put(&f, value);
}

/* ---- the period and the store ---- */

static void
put_period(FILE *out, const struct view *view)
{
	const struct figures *f = view->figures;
	struct family info = begin(out, "build_info", "The program's version.");

	set_label(&info, 0, "version", PACKAGE_VERSION);
	put(&info, 1);
	put_one(out, "generated_timestamp_seconds",
	    "When these figures were made.", f->spec.now);
	put_one(out, "period_start_timestamp_seconds",
	    "When the period of these figures begins.",
	    (int64_t)f->spec.first_day * DAY_SECONDS);
	put_one(out, "period_end_timestamp_seconds",
	    "When the period of these figures ends.",
	    ((int64_t)f->spec.last_day + 1) * DAY_SECONDS);
	put_one(out, "period_incomplete",
	    "1 if reports of the period are still awaited, else 0.",
	    f->awaited_from <= f->spec.last_day);
}

static void
put_store(FILE *out, const struct view *view)
{
	put_one(out, "latest_report_day_timestamp_seconds",
	    "When the latest day begins that any report is about; 0 for none.",
	    view->latest_day == DAY_NONE
		? 0
		: (int64_t)view->latest_day * DAY_SECONDS);
	put_one(out, "rejected_messages",
	    "Messages that were rejected and wait to be looked at.",
	    (int64_t)view->rejects);
	put_one(out, "conflicting_reports",
	    "Reports of the period that are in conflict, and not counted.",
	    (int64_t)view->conflicts);
	put_one(out, "empty_reports",
	    "Reports of the period without any policy.",
	    (int64_t)view->empty_reports);
}

/* ---- sources ---- */

static int64_t
seconds_or_never(int64_t t)
{
	return t == TIME_NONE ? 0 : t;
}

static int64_t
last_success(const struct health_source *s)
{
	return seconds_or_never(s->last_success);
}

static int64_t
last_run(const struct health_source *s)
{
	return seconds_or_never(s->last_run);
}

static int64_t
is_failing(const struct health_source *s)
{
	return s->error[0] != '\0';
}

static const struct {
	const char *name;
	const char *help;
	int64_t (*value)(const struct health_source *s);
} source_gauges[] = {
    {"source_last_success_timestamp_seconds",
	"When a configured source was last read without error; 0 for never.",
	last_success},
    {"source_last_run_timestamp_seconds",
	"When a configured source was last read; 0 for never.", last_run},
    {"source_failing",
	"1 if the last run over a configured source had an error, else 0.",
	is_failing},
};

/* What was once read by hand is no source to watch: its path is no label. */
static void
put_sources(FILE *out, const struct health *h)
{
	int64_t latest = 0;
	struct family f;
	size_t i, k;

	for (i = 0; i < h->nsources; i++)
		if (last_success(&h->sources[i]) > latest)
			latest = last_success(&h->sources[i]);
	put_one(out, "ingest_last_success_timestamp_seconds",
	    "When any source was last read without error; 0 for never.",
	    latest);
	put_one(out, "health_faults",
	    "Faults of the store's sources, which digest heads its text with.",
	    (int64_t)h->nfaults);
	for (i = 0; i < sizeof(source_gauges) / sizeof(source_gauges[0]); i++) {
		f = begin(out, source_gauges[i].name, source_gauges[i].help);
		for (k = 0; k < h->nsources; k++) {
			if (!h->sources[k].configured)
				continue;
			set_label(&f, 0, "source", h->sources[k].name);
			put(&f, source_gauges[i].value(&h->sources[k]));
		}
	}
}

/* ---- domains ---- */

static int64_t
all_sessions(const struct metric_domain *m)
{
	return m->sum.sessions;
}

static int64_t
failed_sessions(const struct metric_domain *m)
{
	return m->sum.failed;
}

static int64_t
ignored_sessions(const struct metric_domain *m)
{
	int64_t n = 0;
	size_t i;

	for (i = 0; i < m->figure->nignored; i++)
		n = count_add(n, m->figure->ignored[i].sessions);
	return n;
}

static int64_t
verdict(const struct metric_domain *m)
{
	return m->figure->verdict;
}

static int64_t
incomplete(const struct metric_domain *m)
{
	return m->figure->incomplete;
}

static int64_t
holding_mail(const struct metric_domain *m)
{
	const struct incident *in = m->figure->incidents;
	int64_t n = 0;
	size_t i;

	for (i = 0; i < m->figure->nincidents; i++, in++)
		n += in->state != INCIDENT_GONE && in->holds_mail;
	return n;
}

static int64_t
silent_reporters(const struct metric_domain *m)
{
	return (int64_t)m->figure->nsilences;
}

static int64_t
reporters(const struct metric_domain *m)
{
	return (int64_t)m->figure->nreporters;
}

static int64_t
usual_reporters(const struct metric_domain *m)
{
	return (int64_t)m->figure->usual;
}

static int64_t
usual_reporters_heard(const struct metric_domain *m)
{
	return (int64_t)m->figure->usual_present;
}

static int64_t
policy_changes(const struct metric_domain *m)
{
	return (int64_t)m->figure->nchanges;
}

static const struct {
	const char *name;
	const char *help;
	int64_t (*value)(const struct metric_domain *m);
} domain_gauges[] = {
    {"sessions", "Sessions of the period, successful or failed.", all_sessions},
    {"failed_sessions", "Sessions of the period that failed.", failed_sessions},
    {"ignored_failed_sessions",
	"Failed sessions that the configuration says to ignore.",
	ignored_sessions},
    {"verdict",
	"How the domain stands: 0 ok, 1 no report was due, 2 failures that "
	"hold no mail back, 3 silent though reports were due, 4 failures that "
	"hold mail back.",
	verdict},
    {"incomplete",
	"1 if reports of the domain for the period are still awaited, else 0.",
	incomplete},
    {"incidents_holding_mail",
	"Incidents, new or ongoing, for which mail waits or bounces.",
	holding_mail},
    {"silent_reporters", "Usual reporters that have fallen silent.",
	silent_reporters},
    {"reporters", "Reporters that were heard in the period.", reporters},
    {"usual_reporters", "Reporters that were usually heard before.",
	usual_reporters},
    {"usual_reporters_heard", "Usual reporters that were heard in the period.",
	usual_reporters_heard},
    {"policy_changes", "Policies and MX hosts that came or went in the period.",
	policy_changes},
};

static void
put_domain_gauges(FILE *out, const struct metrics *m)
{
	struct family f;
	size_t i, k;

	for (i = 0; i < sizeof(domain_gauges) / sizeof(domain_gauges[0]); i++) {
		f = begin(out, domain_gauges[i].name, domain_gauges[i].help);
		for (k = 0; k < m->ndomains; k++) {
			set_domain(&f, &m->domains[k]);
			put(&f, domain_gauges[i].value(&m->domains[k]));
		}
	}
}

static const char *
type_label(size_t type)
{
	return type == POLICY_OTHER ? "other"
				    : policy_type_name((enum policy_type)type);
}

static void
put_policies(FILE *out, const struct metrics *m, bool failed)
{
	struct family f = failed
	    ? begin(out, "policy_failed_sessions",
		  "Sessions of the period that failed, by policy.")
	    : begin(out, "policy_sessions",
		  "Sessions of the period, successful or failed, by policy.");
	const struct metric_sum *s;
	size_t i, type, mode;

	for (i = 0; i < m->ndomains; i++) {
		set_domain(&f, &m->domains[i]);
		for (type = 0; type < METRIC_POLICY_TYPES; type++) {
			set_label(&f, 2, "policy_type", type_label(type));
			for (mode = 0; mode < METRIC_MODES; mode++) {
				s = &m->domains[i].policies[type][mode];
				if (!s->seen)
					continue;
				set_label(&f, 3, "policy_mode",
				    policy_mode_name((enum policy_mode)mode));
				put(&f, failed ? s->failed : s->sessions);
			}
		}
	}
}

static const char *
result_label(size_t place)
{
	switch (place) {
	case METRIC_OTHER_RESULT:
		return "other";
	case METRIC_UNSPECIFIED:
		return "unspecified";
	default:
		return result_type_name((enum result_type)place);
	}
}

/* Only what was seen: 13 series of nothing for each domain help no one. */
static void
put_failures(FILE *out, const struct metrics *m)
{
	struct family f = begin(out, "failures",
	    "Failures of the period by result type; there only if seen. A "
	    "session may fail in several ways.");
	size_t i, k;

	for (i = 0; i < m->ndomains; i++) {
		set_domain(&f, &m->domains[i]);
		for (k = 0; k < METRIC_RESULTS; k++) {
			if (m->domains[i].failures[k] == 0)
				continue;
			set_label(&f, 2, "result_type", result_label(k));
			put(&f, m->domains[i].failures[k]);
		}
	}
}

static void
put_incidents(FILE *out, const struct metrics *m)
{
	static const char *const states[INCIDENT_STATES] = {
	    [INCIDENT_NEW] = "new",
	    [INCIDENT_ONGOING] = "ongoing",
	    [INCIDENT_GONE] = "gone",
	};
	struct family f = begin(out, "incidents",
	    "Broken MX hosts, and what is broken without one, by state.");
	int64_t counts[INCIDENT_STATES];
	size_t i, k;

	for (i = 0; i < m->ndomains; i++) {
		const struct domain_figure *dom = m->domains[i].figure;

		for (k = 0; k < INCIDENT_STATES; k++)
			counts[k] = 0;
		for (k = 0; k < dom->nincidents; k++)
			counts[dom->incidents[k].state]++;
		set_domain(&f, &m->domains[i]);
		for (k = 0; k < INCIDENT_STATES; k++) {
			set_label(&f, 2, "state", states[k]);
			put(&f, counts[k]);
		}
	}
}

static void
put_entries(FILE *out, const struct metrics *m)
{
	struct family f = begin(out, "policy_entries",
	    "Policies of reports that were summed, by authenticity.");
	size_t i, k;

	for (i = 0; i < m->ndomains; i++) {
		set_domain(&f, &m->domains[i]);
		for (k = 0; k < AUTHENTICITY_COUNT; k++) {
			set_label(&f, 2, "authenticity",
			    authenticity_name((enum authenticity)k));
			put(&f, m->domains[i].figure->entries[k]);
		}
	}
}

static void
put_others(FILE *out, const struct metrics *m)
{
	put_one(out, "other_domains",
	    "Domains of the period that have no label of their own.",
	    (int64_t)m->nothers);
	put_one(out, "other_domains_sessions",
	    "Sessions of these domains together, successful or failed.",
	    m->others.sum.sessions);
	put_one(out, "other_domains_failed_sessions",
	    "Sessions of these domains together that failed.",
	    m->others.sum.failed);
}

static void
put_reporters(FILE *out, const struct metrics *m)
{
	struct family f = begin(out, "reporter_sessions",
	    "Sessions of the period, successful or failed, by reporters that "
	    "the configuration names.");
	size_t i;

	for (i = 0; i < m->nreporters; i++) {
		set_label(&f, 0, "reporter", m->reporters[i].name);
		put(&f, m->reporters[i].sum.sessions);
	}
	f = begin(out, "reporter_failed_sessions",
	    "Sessions of the period that failed, by reporters that the "
	    "configuration names.");
	for (i = 0; i < m->nreporters; i++) {
		set_label(&f, 0, "reporter", m->reporters[i].name);
		put(&f, m->reporters[i].sum.failed);
	}
}

static int
write_prometheus(FILE *out, const struct view *view, struct err *err)
{
	struct metrics m;

	metrics_make(&m, view);
	put_period(out, view);
	put_store(out, view);
	put_sources(out, &view->health);
	put_domain_gauges(out, &m);
	put_policies(out, &m, false);
	put_policies(out, &m, true);
	put_failures(out, &m);
	put_incidents(out, &m);
	put_entries(out, &m);
	put_others(out, &m);
	put_reporters(out, &m);
	metrics_free(&m);
	return output_finish(out, err);
}

const struct output output_prometheus = {.name = "prometheus",
    .looks_back = true,
    .is_page = true,
    .is_state = true,
    .write = write_prometheus};
