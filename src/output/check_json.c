/* SPDX-License-Identifier: ISC */

/*
 * Check as JSON, for programs: docs/check.schema.json is its promise.  Members
 * are only ever added.
 */

#include "config.h"

#include "base/sha256.h"
#include "output/check.h"
#include "output/json_write.h"

/* ---- lists ---- */

static void
put_list(struct json_writer *w, const char *name,
    const struct summary_text *texts, size_t n)
{
	size_t i;

	json_write_open_list(w, name);
	for (i = 0; i < n; i++)
		json_write_text(w, NULL, texts[i].text);
	json_write_close_list(w);
}

/* An object of a list has a line of its own. */
static void
open_line(struct json_writer *w)
{
	json_write_line(w, 6);
	json_write_open(w, NULL);
}

/* So has the end of n of them. */
static void
close_lines(struct json_writer *w, size_t n)
{
	if (n > 0)
		json_write_line(w, 4);
	json_write_close_list(w);
}

/* ---- parts of a domain; each begins a line ---- */

static void
put_record(struct json_writer *w, const struct domain_summary *s)
{
	size_t i;

	json_write_line(w, 4);
	json_write_open(w, "record");
	json_write_truth(w, "present", s->has_record);
	json_write_text(w, "verdict",
	    s->has_record ? record_verdict_name(s->verdict) : "missing");
	json_write_text(w, "text", s->has_record ? s->record : NULL);
	json_write_close(w);
	json_write_line(w, 4);
	json_write_open_list(w, "tags");
	for (i = 0; i < s->ntags; i++) {
		open_line(w);
		json_write_text(w, "name", s->tags[i].name);
		json_write_text(w, "value", s->tags[i].value);
		json_write_text(w, "kind", check_tag_name(s->tags[i].kind));
		json_write_close(w);
	}
	close_lines(w, s->ntags);
}

static void
put_destinations(struct json_writer *w, const struct domain_summary *s)
{
	const struct summary_destination *d = s->destinations;
	size_t i;

	json_write_line(w, 4);
	json_write_open_list(w, "destinations");
	for (i = 0; i < s->ndestinations; i++, d++) {
		open_line(w);
		json_write_text(w, "uri", d->text);
		json_write_text(w, "scheme", check_scheme_name(d->scheme));
		json_write_text(w, "host", d->host);
		json_write_text(w, "provider", d->provider);
		json_write_truth(w, "usable", d->usable);
		json_write_text(w, "severity", severity_name(d->severity));
		json_write_time(w, "certificate_not_after", d->not_after);
		json_write_close(w);
	}
	close_lines(w, s->ndestinations);
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
put_answers(struct json_writer *w, const struct domain_summary *s)
{
	const struct summary_answer *a = s->answers;
	size_t i, n = 0;

	json_write_line(w, 4);
	json_write_open_list(w, "answers");
	for (i = 0; i < s->nanswers; i++, a++) {
		if (a->state == FACT_NOT_ASKED)
			continue;
		n++;
		open_line(w);
		json_write_text(w, "name", a->name);
		json_write_text(w, "type", a->type);
		json_write_text(w, "state", fact_state_name(a->state));
		json_write_text(w, "dnssec", dnssec_word(a));
		json_write_number(w, "ttl", a->ttl);
		put_list(w, "aliases", a->aliases, a->naliases);
		put_list(w, "data", a->data, a->ndata);
		json_write_text(w, "why", a->why);
		json_write_close(w);
	}
	close_lines(w, n);
}

static void
put_certificate(struct json_writer *w, const struct summary_certificate *c)
{
	if (c->trust == TRUST_UNSEEN) {
		json_write_null(w, "certificate");
		return;
	}
	json_write_open(w, "certificate");
	json_write_text(w, "trust", cert_trust_name(c->trust));
	json_write_time(w, "not_before", c->not_before);
	json_write_time(w, "not_after", c->not_after);
	put_list(w, "names", c->names, c->nnames);
	json_write_close(w);
}

static void
put_policy(struct json_writer *w, const struct domain_summary *s)
{
	const struct summary_policy *p = &s->policy;
	char hex[SHA256_HEX_SIZE];

	if (p->sha256 != NULL)
		sha256_hex(p->sha256, hex);
	json_write_line(w, 4);
	json_write_open(w, "mta_sts");
	json_write_text(w, "id", s->sts_id[0] != '\0' ? s->sts_id : NULL);
	json_write_truth(w, "policy_seen", p->seen);
	json_write_truth(w, "policy_usable", p->usable);
	json_write_text(w, "mode",
	    p->mode != STS_MODE_NONE_GIVEN ? sts_mode_name(p->mode) : NULL);
	json_write_number(w, "max_age", p->seen ? p->max_age : -1);
	put_list(w, "mx", p->mx, p->nmx);
	json_write_text(w, "sha256", p->sha256 != NULL ? hex : NULL);
	put_certificate(w, &p->cert);
	json_write_close(w);
}

static void
put_mx(struct json_writer *w, const struct domain_summary *s)
{
	const struct summary_mx *mx = s->mx;
	size_t i;

	json_write_line(w, 4);
	json_write_open_list(w, "mx");
	for (i = 0; i < s->nmx; i++, mx++) {
		open_line(w);
		json_write_text(w, "host", mx->host);
		json_write_number(w, "preference", mx->preference);
		json_write_text(w, "smtp", mx_state_name(mx->smtp));
		json_write_text(w, "tls",
		    mx->smtp == MX_TLS ? tls_version_name(mx->version) : NULL);
		json_write_text(w, "why", mx->why);
		json_write_text(w, "tlsa", fact_state_name(mx->tlsa));
		json_write_number(w, "tlsa_records", (int64_t)mx->ntlsa);
		json_write_truth(w, "tlsa_secure", mx->tlsa_secure);
		json_write_text(w, "dane", tlsa_result_name(mx->dane));
		put_certificate(w, &mx->cert);
		json_write_close(w);
	}
	close_lines(w, s->nmx);
}

static void
put_place(struct json_writer *w, const struct summary_finding *f)
{
	if (f->excerpt == NULL) {
		json_write_null(w, "place");
		return;
	}
	json_write_open(w, "place");
	json_write_number(w, "from", (int64_t)f->from);
	json_write_number(w, "to", (int64_t)f->to);
	json_write_text(w, "line", f->excerpt);
	json_write_number(w, "column", (int64_t)f->column);
	json_write_number(w, "width", (int64_t)f->width);
	json_write_close(w);
}

static void
put_finding(struct json_writer *w, const struct summary_finding *f)
{
	const struct check *check = check_get(f->check);

	open_line(w);
	json_write_text(w, "id", check->id);
	json_write_text(w, "group", check_group_name(check->group));
	json_write_text(w, "severity", severity_name(f->severity));
	json_write_text(w, "subject", f->subject);
	json_write_line(w, 7);
	json_write_text(w, "message", f->message);
	json_write_line(w, 7);
	json_write_text(w, "fix", f->fix);
	put_place(w, f);
	json_write_close(w);
}

static void
put_findings(struct json_writer *w, const struct domain_summary *s)
{
	size_t i;

	json_write_line(w, 4);
	json_write_open_list(w, "findings");
	for (i = 0; i < s->nfindings; i++)
		put_finding(w, &s->findings[i]);
	close_lines(w, s->nfindings);
	json_write_line(w, 4);
	json_write_truth(w, "findings_cut", s->cut);
}

static void
put_incident(struct json_writer *w, const struct check_incident *i)
{
	open_line(w);
	json_write_text(w, "result_type", check_incident_name(i));
	json_write_text(w, "host", i->host);
	json_write_day(w, "since", i->since);
	json_write_day(w, "last_day", i->last_day);
	json_write_number(w, "failed_sessions", i->sessions);
	json_write_text(w, "now",
	    i->confirmed != NULL ? "confirmed"
		: i->looked	 ? "not-seen"
				 : "not-looked-at");
	json_write_text(w, "finding",
	    i->confirmed != NULL ? check_get(i->confirmed->check)->id : NULL);
	json_write_close(w);
}

static void
put_reports(struct json_writer *w, const struct check_view *v)
{
	size_t i;

	json_write_line(w, 4);
	if (!v->has_reports) {
		json_write_null(w, "reports");
		return;
	}
	json_write_open(w, "reports");
	json_write_day(w, "latest_day", v->latest_report);
	json_write_open_list(w, "incidents");
	for (i = 0; i < v->nincidents; i++)
		put_incident(w, &v->incidents[i]);
	close_lines(w, v->nincidents);
	json_write_close(w);
}

/* ---- the whole ---- */

static void
begin(struct check_writer *c)
{
	struct json_writer w = {.out = c->out, .spaced = true};

	json_write_open(&w, NULL);
	json_write_number(&w, "version", 1);
	json_write_time(&w, "checked_at", c->now);
	json_write_open_list(&w, "domains");
}

static void
domain(struct check_writer *c, const struct check_view *v)
{
	const struct domain_summary *s = v->summary;
	struct json_writer w = {
	    .out = c->out, .spaced = true, .within = c->ndomains > 0};

	json_write_line(&w, 2);
	json_write_open(&w, NULL);
	json_write_text(&w, "domain", v->domain);
	json_write_text(&w, "worst", severity_name(check_worst(v)));
	json_write_text(&w, "failure", v->failure);
	if (s != NULL) {
		put_record(&w, s);
		put_destinations(&w, s);
		put_answers(&w, s);
		put_policy(&w, s);
		put_mx(&w, s);
		put_findings(&w, s);
		put_reports(&w, v);
	}
	json_write_close(&w);
}

static void
end(struct check_writer *c)
{
	struct json_writer w = {.out = c->out, .spaced = true};

	if (c->ndomains > 0)
		json_write_line(&w, 0);
	json_write_close_list(&w);
	json_write_text(&w, "worst", severity_name(c->worst));
	json_write_number(&w, "status", severity_status(c->worst));
	json_write_close(&w);
	fputc('\n', c->out);
}

const struct check_output check_json = {.name = "json",
    .begin = begin,
    .domain = domain,
    .end = end};
