/* SPDX-License-Identifier: ISC */

/*
 * Check for a person: first what the record says and where reports would go,
 * then what is wrong with it, with a caret under the fault and what to do;
 * then what was seen on the way.
 */

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "base/date.h"
#include "output/check.h"
#include "output/escape.h"
#include "output/wrap.h"

/* Where the text behind "  WARNING  " begins. */
#define INDENT 11

/* Columns of a line with its caret. */
#define LINE_COLUMNS (WRAP_COLUMNS - INDENT - 2)

/* Cells of tables. */
#define TAG_COLUMNS   10
#define STATE_COLUMNS 9

/* No name that is right is longer; such a one has lines of its own. */
#define TAG_WIDEST 32

/* ---- colours ---- */

static void
colour(struct check_writer *w, const char *code)
{
	if (w->colour)
		fprintf(w->out, "\033[%sm", code);
}

static const char *
colour_of(enum severity severity)
{
	static const char *const codes[] = {[SEVERITY_OK] = "32",
	    [SEVERITY_INFO] = "36",
	    [SEVERITY_WARNING] = "33",
	    [SEVERITY_ERROR] = "1;31",
	    [SEVERITY_UNKNOWN] = "35"};

	return codes[severity];
}

static const char *
label_of(enum severity severity)
{
	static const char *const labels[] = {[SEVERITY_OK] = "OK",
	    [SEVERITY_INFO] = "INFO",
	    [SEVERITY_WARNING] = "WARNING",
	    [SEVERITY_ERROR] = "ERROR",
	    [SEVERITY_UNKNOWN] = "UNKNOWN"};

	return labels[severity];
}

static void
put_heading(struct check_writer *w, const char *text)
{
	colour(w, "1");
	fprintf(w->out, "\n  %s\n", text);
	colour(w, "0");
}

/* Writes text behind at columns, and what does not fit into them below. */
static void
put_wrapped(struct check_writer *w, size_t at, const char *text)
{
	struct paragraph p;

	wrap_open(&p);
	escape_text(p.text, text);
	wrap_close(&p, w->out, at, at);
}

/* ---- the heading ---- */

static void
put_verdict(struct check_writer *w, const struct check_view *v)
{
	size_t counts[SEVERITY_UNKNOWN + 1] = {0}, i;
	static const struct {
		enum severity severity;
		const char *one;
		const char *many;
	} words[] = {{SEVERITY_ERROR, "error", "errors"},
	    {SEVERITY_UNKNOWN, "unknown", "unknown"},
	    {SEVERITY_WARNING, "warning", "warnings"}};
	const char *sep = "";

	for (i = 0; i < v->summary->nfindings; i++)
		counts[v->summary->findings[i].severity]++;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = counts[words[i].severity];

		if (n == 0)
			continue;
		fprintf(w->out, "%s%zu %s", sep, n,
		    n == 1 ? words[i].one : words[i].many);
		sep = ", ";
	}
	if (*sep == '\0')
		fputs("all right", w->out);
}

static void
put_title(struct check_writer *w, const struct check_view *v)
{
	colour(w, "1");
	escape_text(w->out, v->domain);
	colour(w, "0");
	fputs(": ", w->out);
	colour(w, colour_of(check_worst(v)));
	if (v->summary != NULL)
		put_verdict(w, v);
	else
		fputs("unknown", w->out);
	colour(w, "0");
	fputc('\n', w->out);
}

/* ---- tags and destinations ---- */

static void
put_cell(struct check_writer *w, size_t columns, const char *text)
{
	size_t n = escape_text_columns(text);

	escape_text(w->out, text);
	wrap_spaces(w->out, n < columns ? columns - n : 1);
}

static void
put_tag(struct check_writer *w, const char *name, const char *value)
{
	size_t n = escape_text_columns(name), at = 2 + TAG_COLUMNS;

	wrap_spaces(w->out, 2);
	if (n > TAG_WIDEST || *value == '\0') {
		put_wrapped(w, 2, name);
		wrap_spaces(w->out, *value == '\0' ? 0 : at);
	} else {
		put_cell(w, TAG_COLUMNS, name);
		at = n < TAG_COLUMNS ? at : 2 + n + 1;
	}
	if (*value != '\0')
		put_wrapped(w, at, value);
}

static void
put_tags(struct check_writer *w, const struct domain_summary *s)
{
	size_t i;

	if (s->ntags == 0)
		return;
	put_heading(w, "tag       value");
	for (i = 0; i < s->ntags; i++)
		put_tag(w, s->tags[i].name, s->tags[i].value);
}

static void
put_destinations(struct check_writer *w, const struct domain_summary *s)
{
	const struct summary_destination *d = s->destinations;
	struct paragraph p;
	size_t i;

	if (s->ndestinations == 0)
		return;
	put_heading(w, "state    destination");
	for (i = 0; i < s->ndestinations; i++, d++) {
		wrap_spaces(w->out, 2);
		colour(w, colour_of(d->severity));
		put_cell(w, STATE_COLUMNS,
		    !d->usable ? "unusable"
			: d->severity == SEVERITY_INFO
			? "ok"
			: severity_name(d->severity));
		colour(w, "0");
		wrap_open(&p);
		escape_text(p.text, d->text);
		if (d->provider != NULL)
			fprintf(p.text, " (%s)", d->provider);
		wrap_close(&p, w->out, 2 + STATE_COLUMNS, 2 + STATE_COLUMNS);
	}
}

/* ---- findings ---- */

/* The line with the fault, or as much around it as fits, and a caret below. */
static void
put_excerpt(struct check_writer *w, const struct summary_finding *f)
{
	size_t len, start = 0, i, width = f->width;

	if (f->excerpt == NULL)
		return;
	len = strlen(f->excerpt);
	if (len > LINE_COLUMNS && f->column + width > LINE_COLUMNS) {
		start = f->column > LINE_COLUMNS / 3
		    ? f->column - LINE_COLUMNS / 3
		    : 0;
		if (len - start < LINE_COLUMNS)
			start = len - LINE_COLUMNS;
	}
	if (width > LINE_COLUMNS - (f->column - start))
		width = LINE_COLUMNS - (f->column - start);
	wrap_spaces(w->out, INDENT + 2);
	for (i = start; i < len && i < start + LINE_COLUMNS; i++)
		fputc(f->excerpt[i], w->out);
	fputc('\n', w->out);
	wrap_spaces(w->out, INDENT + 2 + f->column - start);
	colour(w, colour_of(f->severity));
	do
		fputc('^', w->out);
	while (width > 1 && --width > 0);
	colour(w, "0");
	fputc('\n', w->out);
}

static void
put_finding(struct check_writer *w, const struct summary_finding *f)
{
	fputs("  ", w->out);
	colour(w, colour_of(f->severity));
	put_cell(w, INDENT - 2, label_of(f->severity));
	colour(w, "0");
	fprintf(w->out, "%s\n", check_get(f->check)->id);
	wrap_spaces(w->out, INDENT);
	put_wrapped(w, INDENT, f->message);
	put_excerpt(w, f);
	if (f->fix == NULL)
		return;
	wrap_spaces(w->out, INDENT);
	fputs("-> ", w->out);
	put_wrapped(w, INDENT + 3, f->fix);
}

static void
put_findings(struct check_writer *w, const struct domain_summary *s)
{
	static const char *const titles[GROUP_COUNT] = {[GROUP_DNS] = "The DNS",
	    [GROUP_RECORD] = "The TLS-RPT record",
	    [GROUP_DESTINATION] = "The destinations",
	    [GROUP_STS] = "MTA-STS",
	    [GROUP_MX] = "Mail servers",
	    [GROUP_DANE] = "DANE",
	    [GROUP_REPORTS] = "Reports"};
	enum check_group group, last = GROUP_COUNT;
	size_t i;

	for (i = 0; i < s->nfindings; i++) {
		group = check_get(s->findings[i].check)->group;
		if (group != last)
			put_heading(w, titles[group]);
		last = group;
		put_finding(w, &s->findings[i]);
	}
	if (s->cut)
		fputs("\n  (and more, that are not shown)\n", w->out);
}

/* ---- what was seen ---- */

static const char *
security_of(const struct summary_answer *a)
{
	switch (a->state) {
	case FACT_ANSWER:
		return a->secure ? "secure" : "not signed";
	case FACT_NODATA:
	case FACT_NXDOMAIN:
		return a->secure ? "secure" : "not signed";
	case FACT_BOGUS:
		return "bogus";
	default:
		return "unknown";
	}
}

static void
put_answer(struct check_writer *w, const struct summary_answer *a)
{
	struct paragraph p;
	size_t i;

	if (a->state == FACT_NOT_ASKED)
		return;
	wrap_spaces(w->out, 2);
	put_cell(w, 11, security_of(a));
	wrap_open(&p);
	escape_text(p.text, a->name);
	fprintf(p.text, " %s: ", a->type);
	for (i = 0; i < a->naliases; i++)
		fprintf(p.text, "alias of %s, ", a->aliases[i].text);
	if (a->state != FACT_ANSWER)
		fputs(fact_state_name(a->state), p.text);
	else
		fprintf(p.text, "TTL %" PRIu32, a->ttl);
	for (i = 0; i < a->ndata; i++) {
		fputs(i > 0 ? "; " : ", ", p.text);
		escape_text(p.text, a->data[i].text);
	}
	wrap_close(&p, w->out, 13, 15);
}

static void
put_answers(struct check_writer *w, const struct domain_summary *s)
{
	size_t i;

	put_heading(w, "Answers of the DNS, and whether DNSSEC proves them");
	for (i = 0; i < s->nanswers; i++)
		put_answer(w, &s->answers[i]);
}

static void
put_end_of(FILE *out, const struct summary_certificate *c)
{
	char day[DATE_SIZE];

	if (c->trust == TRUST_UNSEEN)
		return;
	date_format_day(day_of_time(c->not_after), day);
	fprintf(
	    out, ", certificate %s, until %s", cert_trust_name(c->trust), day);
}

static void
put_policy(struct check_writer *w, const struct domain_summary *s)
{
	const struct summary_policy *p = &s->policy;
	struct paragraph text;
	size_t i;

	if (!p->seen)
		return;
	put_heading(w, "The MTA-STS policy");
	wrap_spaces(w->out, 2);
	wrap_open(&text);
	fprintf(text.text, "id %s, mode %s, max_age %" PRId64, s->sts_id,
	    sts_mode_name(p->mode), p->max_age);
	for (i = 0; i < p->nmx; i++)
		fprintf(text.text, ", mx %s", p->mx[i].text);
	put_end_of(text.text, &p->cert);
	wrap_close(&text, w->out, 2, 4);
}

static void
put_dane(FILE *out, const struct summary_mx *mx)
{
	if (mx->tlsa != FACT_ANSWER)
		fprintf(out, ", no DANE");
	else if (!mx->tlsa_secure)
		fprintf(out, ", TLSA not secure");
	else if (mx->dane != TLSA_NO_RECORD)
		fprintf(out, ", DANE: %s", tlsa_result_name(mx->dane));
	else
		fprintf(out, ", DANE: %zu TLSA", mx->ntlsa);
}

static void
put_mx(struct check_writer *w, const struct domain_summary *s)
{
	const struct summary_mx *mx = s->mx;
	struct paragraph text;
	size_t i;

	if (s->nmx == 0)
		return;
	put_heading(w, "Mail servers seen");
	for (i = 0; i < s->nmx; i++, mx++) {
		wrap_spaces(w->out, 2);
		wrap_open(&text);
		fprintf(text.text, "%u ", mx->preference);
		escape_text(text.text, mx->host);
		fprintf(text.text, ": %s",
		    mx->smtp == MX_TLS ? tls_version_name(mx->version)
			: mx->smtp == MX_NOT_TRIED ? "no connection tried"
						   : mx_state_name(mx->smtp));
		put_end_of(text.text, &mx->cert);
		put_dane(text.text, mx);
		wrap_close(&text, w->out, 2, 4);
	}
}

/* ---- reports ---- */

static void
put_incident(struct check_writer *w, const struct check_incident *i)
{
	char since[DATE_SIZE], count[COUNT_SIZE];
	struct paragraph p;

	date_format_day(i->since, since);
	wrap_spaces(w->out, 2);
	wrap_open(&p);
	escape_text(p.text, check_incident_name(i));
	if (i->host[0] != '\0') {
		fputs(" on ", p.text);
		escape_text(p.text, i->host);
	}
	fprintf(p.text, " since %s %s (%s failed sessions); ",
	    date_weekday_name(i->since), since, wrap_count(count, i->sessions));
	if (i->confirmed != NULL) {
		fputs("and in fact, now: ", p.text);
		escape_text(p.text, i->confirmed->message);
	} else {
		fputs(i->looked ? "it is not seen any more"
				: "that was not looked at now (see --probe)",
		    p.text);
	}
	wrap_close(&p, w->out, 2, 4);
}

static void
put_reports(struct check_writer *w, const struct check_view *v)
{
	char day[DATE_SIZE];
	size_t i;

	if (!v->has_reports)
		return;
	date_format_day(v->latest_report, day);
	put_heading(w, "What reports say");
	fprintf(w->out, "  The latest report is of %s.\n", day);
	for (i = 0; i < v->nincidents; i++)
		put_incident(w, &v->incidents[i]);
}

/* ---- the whole ---- */

static void
begin(struct check_writer *w)
{
	(void)w;
}

static void
domain(struct check_writer *w, const struct check_view *v)
{
	if (w->ndomains > 0)
		fputc('\n', w->out);
	put_title(w, v);
	if (v->summary == NULL) {
		wrap_spaces(w->out, 2);
		put_wrapped(w, 2, v->failure);
		return;
	}
	put_tags(w, v->summary);
	put_destinations(w, v->summary);
	put_findings(w, v->summary);
	if (!v->is_text) {
		put_answers(w, v->summary);
		put_policy(w, v->summary);
		put_mx(w, v->summary);
	}
	put_reports(w, v);
}

static void
end(struct check_writer *w)
{
	if (w->ndomains < 2)
		return;
	fprintf(w->out,
	    "\n%zu domains: %zu all right, %zu with warnings, %zu with "
	    "errors, %zu unknown\n",
	    w->ndomains, w->counts[SEVERITY_OK] + w->counts[SEVERITY_INFO],
	    w->counts[SEVERITY_WARNING], w->counts[SEVERITY_ERROR],
	    w->counts[SEVERITY_UNKNOWN]);
}

const struct check_output check_text = {.name = "text",
    .begin = begin,
    .domain = domain,
    .end = end};
