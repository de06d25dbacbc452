/* SPDX-License-Identifier: ISC */

/*
 * What all outputs of check have in common: the sums over all domains.
 */

#include "config.h"

#include <string.h>

#include "base/date.h"
#include "output/check.h"
#include "report/vocabulary.h"

enum severity
check_worst(const struct check_view *v)
{
	return v->summary != NULL ? v->summary->worst : SEVERITY_UNKNOWN;
}

const char *
check_incident_name(const struct check_incident *i)
{
	return i->result == RESULT_OTHER ? i->result_text
					 : result_type_name(i->result);
}

const char *
check_scheme_name(enum uri_scheme scheme)
{
	static const char *const names[] = {[URI_NONE] = "none",
	    [URI_MAILTO] = "mailto",
	    [URI_HTTPS] = "https",
	    [URI_HTTP] = "http",
	    [URI_OTHER] = "other"};

	return names[scheme];
}

const char *
check_tag_name(enum tag_kind kind)
{
	static const char *const names[] = {[TAG_VERSION] = "version",
	    [TAG_RUA] = "destinations",
	    [TAG_EXTENSION] = "extension",
	    [TAG_BAD] = "bad"};

	return names[kind];
}

/* ---- sums ---- */

static void
note_end(struct check_writer *w, int64_t end)
{
	if (end != TIME_NONE &&
	    (w->first_end == TIME_NONE || end < w->first_end))
		w->first_end = end;
}

static void
note_ends(struct check_writer *w, const struct domain_summary *s)
{
	size_t i;

	note_end(w, s->policy.cert.not_after);
	for (i = 0; i < s->nmx; i++)
		note_end(w, s->mx[i].cert.not_after);
	for (i = 0; i < s->ndestinations; i++)
		note_end(w, s->destinations[i].not_after);
}

/* The words for the worst of all, of the first domain that has it. */
static void
note_worst(struct check_writer *w, const struct check_view *v)
{
	enum severity worst = check_worst(v);
	const char *what = v->failure, *id = "";
	size_t i;

	if (severity_rank(worst) <= severity_rank(w->worst))
		return;
	w->worst = worst;
	for (i = 0; v->summary != NULL && i < v->summary->nfindings; i++) {
		if (v->summary->findings[i].severity != worst)
			continue;
		what = v->summary->findings[i].message;
		id = check_get(v->summary->findings[i].check)->id;
		break;
	}
	snprintf(w->what, sizeof(w->what), "%s: %s%s%s", v->domain, id,
	    *id != '\0' ? ": " : "", what != NULL ? what : "");
}

static void
count(struct check_writer *w, const struct check_view *v)
{
	size_t i;

	w->ndomains++;
	w->counts[check_worst(v)]++;
	note_worst(w, v);
	if (v->summary == NULL)
		return;
	note_ends(w, v->summary);
	for (i = 0; i < v->summary->nfindings; i++)
		w->findings[v->summary->findings[i].severity]++;
}

/* ---- the run ---- */

void
check_begin(struct check_writer *w)
{
	w->first_end = TIME_NONE;
}

static void
begin(struct check_writer *w, const struct check_output *o)
{
	if (!w->has_begun)
		o->begin(w);
	w->has_begun = true;
}

void
check_domain(struct check_writer *w, const struct check_output *o,
    const struct check_view *v)
{
	begin(w, o);
	o->domain(w, v);
	count(w, v);
}

void
check_end(struct check_writer *w, const struct check_output *o)
{
	begin(w, o);
	o->end(w);
}
