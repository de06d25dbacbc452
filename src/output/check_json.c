/* SPDX-License-Identifier: ISC */

/*
 * Check as JSON, for programs: docs/check.schema.json is its promise.  Members
 * are only ever added.
 */

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "base/date.h"
#include "base/sha256.h"
#include "output/check.h"
#include "output/escape.h"

/* ---- members ---- */

static void
put_key(FILE *out, const char *sep, const char *key)
{
	fputs(sep, out);
	escape_json(out, key);
	fputs(": ", out);
}

static void
put_text(FILE *out, const char *sep, const char *key, const char *text)
{
	put_key(out, sep, key);
	if (text != NULL)
		escape_json(out, text);
	else
		fputs("null", out);
}

static void
put_number(FILE *out, const char *sep, const char *key, int64_t n)
{
	put_key(out, sep, key);
	fprintf(out, "%" PRId64, n);
}

static void
put_bool(FILE *out, const char *sep, const char *key, bool value)
{
	put_key(out, sep, key);
	fputs(value ? "true" : "false", out);
}

static void
put_time(FILE *out, const char *sep, const char *key, int64_t t)
{
	char text[TIME_SIZE];

	if (t != TIME_NONE)
		date_format_time(t, text);
	put_text(out, sep, key, t != TIME_NONE ? text : NULL);
}

static void
put_day(FILE *out, const char *sep, const char *key, int32_t day)
{
	char text[DATE_SIZE];

	if (day != DAY_NONE)
		date_format_day(day, text);
	put_text(out, sep, key, day != DAY_NONE ? text : NULL);
}

static void
put_list(FILE *out, const char *sep, const char *key,
    const struct summary_text *texts, size_t n)
{
	size_t i;

	put_key(out, sep, key);
	fputc('[', out);
	for (i = 0; i < n; i++) {
		fputs(i > 0 ? ", " : "", out);
		escape_json(out, texts[i].text);
	}
	fputc(']', out);
}

/* Begins the i'th element of a list of objects. */
static void
put_open(FILE *out, size_t i)
{
	fputs(i > 0 ? ",\n      {" : "\n      {", out);
}

static void
put_close(FILE *out, size_t n)
{
	fputs(n > 0 ? "\n    ]" : "]", out);
}

/* ---- parts of a domain ---- */

static void
put_record(FILE *out, const struct domain_summary *s)
{
	size_t i;

	put_bool(out, ",\n    \"record\": {", "present", s->has_record);
	put_text(out, ", ", "verdict",
	    s->has_record ? record_verdict_name(s->verdict) : "missing");
	put_text(out, ", ", "text", s->has_record ? s->record : NULL);
	fputs("},\n    \"tags\": [", out);
	for (i = 0; i < s->ntags; i++) {
		put_open(out, i);
		put_text(out, "", "name", s->tags[i].name);
		put_text(out, ", ", "value", s->tags[i].value);
		put_text(out, ", ", "kind", check_tag_name(s->tags[i].kind));
		fputc('}', out);
	}
	put_close(out, s->ntags);
}

static void
put_destinations(FILE *out, const struct domain_summary *s)
{
	const struct summary_destination *d = s->destinations;
	size_t i;

	fputs(",\n    \"destinations\": [", out);
	for (i = 0; i < s->ndestinations; i++, d++) {
		put_open(out, i);
		put_text(out, "", "uri", d->text);
		put_text(out, ", ", "scheme", check_scheme_name(d->scheme));
		put_text(out, ", ", "host", d->host);
		put_text(out, ", ", "provider", d->provider);
		put_bool(out, ", ", "usable", d->usable);
		put_text(out, ", ", "severity", severity_name(d->severity));
		put_time(out, ", ", "certificate_not_after", d->not_after);
		fputc('}', out);
	}
	put_close(out, s->ndestinations);
}

static const char *
dnssec_word(const struct summary_answer *a)
{
	if (a->state == FACT_BOGUS)
		return "bogus";
	if (a->state != FACT_ANSWER && a->state != FACT_NODATA &&
	    a->state != FACT_NXDOMAIN)
		return "unknown";
	return a->secure ? "secure" : "insecure";
}

static void
put_answers(FILE *out, const struct domain_summary *s)
{
	const struct summary_answer *a = s->answers;
	size_t i, n = 0;

	fputs(",\n    \"answers\": [", out);
	for (i = 0; i < s->nanswers; i++, a++) {
		if (a->state == FACT_NOT_ASKED)
			continue;
		put_open(out, n++);
		put_text(out, "", "name", a->name);
		put_text(out, ", ", "type", a->type);
		put_text(out, ", ", "state", fact_state_name(a->state));
		put_text(out, ", ", "dnssec", dnssec_word(a));
		put_number(out, ", ", "ttl", a->ttl);
		put_list(out, ", ", "aliases", a->aliases, a->naliases);
		put_list(out, ", ", "data", a->data, a->ndata);
		put_text(out, ", ", "why", a->why);
		fputc('}', out);
	}
	put_close(out, n);
}

static void
put_certificate(FILE *out, const struct summary_certificate *c)
{
	put_key(out, ", ", "certificate");
	if (c->trust == TRUST_UNSEEN) {
		fputs("null", out);
		return;
	}
	put_text(out, "{", "trust", cert_trust_name(c->trust));
	put_time(out, ", ", "not_before", c->not_before);
	put_time(out, ", ", "not_after", c->not_after);
	put_list(out, ", ", "names", c->names, c->nnames);
	fputc('}', out);
}

static void
put_policy(FILE *out, const struct domain_summary *s)
{
	const struct summary_policy *p = &s->policy;
	char hex[2 * SHA256_LEN + 1] = "";
	size_t i;

	for (i = 0; p->sha256 != NULL && i < SHA256_LEN; i++)
		snprintf(hex + 2 * i, 3, "%02x", p->sha256[i]);
	put_text(out, ",\n    \"mta_sts\": {", "id",
	    s->sts_id[0] != '\0' ? s->sts_id : NULL);
	put_bool(out, ", ", "policy_seen", p->seen);
	put_bool(out, ", ", "policy_usable", p->usable);
	put_text(out, ", ", "mode",
	    p->mode != STS_MODE_NONE_GIVEN ? sts_mode_name(p->mode) : NULL);
	put_number(out, ", ", "max_age", p->seen ? p->max_age : -1);
	put_list(out, ", ", "mx", p->mx, p->nmx);
	put_text(out, ", ", "sha256", p->sha256 != NULL ? hex : NULL);
	put_certificate(out, &p->cert);
	fputc('}', out);
}

static void
put_mx(FILE *out, const struct domain_summary *s)
{
	const struct summary_mx *mx = s->mx;
	size_t i;

	fputs(",\n    \"mx\": [", out);
	for (i = 0; i < s->nmx; i++, mx++) {
		put_open(out, i);
		put_text(out, "", "host", mx->host);
		put_number(out, ", ", "preference", mx->preference);
		put_text(out, ", ", "smtp", mx_state_name(mx->smtp));
		put_text(out, ", ", "tls",
		    mx->smtp == MX_TLS ? tls_version_name(mx->version) : NULL);
		put_text(out, ", ", "why", mx->why);
		put_text(out, ", ", "tlsa", fact_state_name(mx->tlsa));
		put_number(out, ", ", "tlsa_records", (int64_t)mx->ntlsa);
		put_bool(out, ", ", "tlsa_secure", mx->tlsa_secure);
		put_text(out, ", ", "dane", tlsa_result_name(mx->dane));
		put_certificate(out, &mx->cert);
		fputc('}', out);
	}
	put_close(out, s->nmx);
}

static void
put_finding(FILE *out, const struct summary_finding *f)
{
	const struct check *check = check_get(f->check);

	put_text(out, "", "id", check->id);
	put_text(out, ", ", "group", check_group_name(check->group));
	put_text(out, ", ", "severity", severity_name(f->severity));
	put_text(out, ", ", "subject", f->subject);
	put_text(out, ",\n       ", "message", f->message);
	put_text(out, ",\n       ", "fix", f->fix);
	put_key(out, ", ", "place");
	if (f->excerpt == NULL) {
		fputs("null}", out);
		return;
	}
	put_number(out, "{", "from", (int64_t)f->from);
	put_number(out, ", ", "to", (int64_t)f->to);
	put_text(out, ", ", "line", f->excerpt);
	put_number(out, ", ", "column", (int64_t)f->column);
	put_number(out, ", ", "width", (int64_t)f->width);
	fputs("}}", out);
}

static void
put_findings(FILE *out, const struct domain_summary *s)
{
	size_t i;

	fputs(",\n    \"findings\": [", out);
	for (i = 0; i < s->nfindings; i++) {
		put_open(out, i);
		put_finding(out, &s->findings[i]);
	}
	put_close(out, s->nfindings);
	put_bool(out, ",\n    ", "findings_cut", s->cut);
}

static void
put_reports(FILE *out, const struct check_view *v)
{
	const struct check_incident *i = v->incidents;
	size_t k;

	put_key(out, ",\n    ", "reports");
	if (!v->has_reports) {
		fputs("null", out);
		return;
	}
	put_day(out, "{", "latest_day", v->latest_report);
	fputs(", \"incidents\": [", out);
	for (k = 0; k < v->nincidents; k++, i++) {
		put_open(out, k);
		put_text(out, "", "result_type", check_incident_name(i));
		put_text(out, ", ", "host", i->host);
		put_day(out, ", ", "since", i->since);
		put_day(out, ", ", "last_day", i->last_day);
		put_number(out, ", ", "failed_sessions", i->sessions);
		put_text(out, ", ", "now",
		    i->confirmed != NULL ? "confirmed"
			: i->looked	 ? "not-seen"
					 : "not-looked-at");
		put_text(out, ", ", "finding",
		    i->confirmed != NULL ? check_get(i->confirmed->check)->id
					 : NULL);
		fputc('}', out);
	}
	put_close(out, v->nincidents);
	fputc('}', out);
}

/* ---- the whole ---- */

static void
begin(struct check_writer *w)
{
	put_number(w->out, "{", "version", 1);
	put_time(w->out, ", ", "checked_at", w->now);
	fputs(", \"domains\": [", w->out);
}

static void
domain(struct check_writer *w, const struct check_view *v)
{
	const struct domain_summary *s = v->summary;
	FILE *out = w->out;

	put_text(
	    out, w->ndomains > 0 ? ",\n  {" : "\n  {", "domain", v->domain);
	put_text(out, ", ", "worst", severity_name(check_worst(v)));
	put_text(out, ", ", "failure", v->failure);
	if (s != NULL) {
		put_record(out, s);
		put_destinations(out, s);
		put_answers(out, s);
		put_policy(out, s);
		put_mx(out, s);
		put_findings(out, s);
		put_reports(out, v);
	}
	fputc('}', out);
}

static void
end(struct check_writer *w)
{
	fputs(w->ndomains > 0 ? "\n]" : "]", w->out);
	put_text(w->out, ", ", "worst", severity_name(w->worst));
	put_number(w->out, ", ", "status", severity_status(w->worst));
	fputs("}\n", w->out);
}

const struct check_output check_json = {.name = "json",
    .begin = begin,
    .domain = domain,
    .end = end};
