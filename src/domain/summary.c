/* SPDX-License-Identifier: ISC */

/*
 * A summary of what was seen and said.  Whatever a stranger wrote becomes
 * printable here, and what is long is cut, so that one domain cannot fill the
 * terminal or the memory of who reads of it.
 */

#include "config.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/sha256.h"
#include "domain/name.h"
#include "domain/rdata.h"
#include "domain/summary.h"
#include "domain/summary_private.h"

/* How much of a long line is shown around a fault. */
#define EXCERPT_BEFORE ((size_t)100)
#define EXCERPT_MAX    ((size_t)400)

struct summing {
	struct domain_summary *to;
	struct arena *arena;
	const struct domain_facts *facts;
	const struct domain_judgement *judgement;
};

/* Printable, and not too long for a summary. */
static const char *
shown(struct arena *arena, struct span text)
{
	if (text.len > SUMMARY_TEXT_MAX / 4)
		text.len = SUMMARY_TEXT_MAX / 4;
	return printable(arena, text);
}

static const char *
shown_or_null(struct arena *arena, const char *text)
{
	return text != NULL ? shown(arena, span_of(text)) : NULL;
}

/* A name: it is printable already, with \DDD for octets that are not. */
static const char *
shown_name(struct arena *arena, const char *name)
{
	const char *p;

	for (p = name; *p != '\0'; p++)
		if (*p < ' ' || *p > '~')
			return shown(arena, span_of(name));
	return strlen(name) <= SUMMARY_TEXT_MAX
	    ? name
	    : arena_strndup(arena, name, SUMMARY_TEXT_MAX);
}

/* ---- findings ---- */

/* The text that a finding's place is in. */
static struct span
text_of(const struct summing *s, const struct finding *f)
{
	if (s->facts == NULL || strcmp(f->subject, s->facts->tlsrpt.name) == 0)
		return s->judgement->record.record.text;
	if (strcmp(f->subject, s->facts->sts.name) == 0)
		return s->judgement->sts.text;
	return s->facts->policy.body;
}

static void
quote(const struct summing *s, const struct finding *f,
    struct summary_finding *to)
{
	struct span text = text_of(s, f), line;
	size_t start = f->from, end;

	if (f->from == NO_PLACE || f->from > f->to || f->to > text.len)
		return;
	while (start > 0 && text.p[start - 1] != '\n')
		start--;
	for (end = f->from; end < text.len && text.p[end] != '\n'; end++)
		continue;
	if (end > f->from && text.p[end - 1] == '\r')
		end--;
	if (f->from - start > EXCERPT_BEFORE && end - start > EXCERPT_MAX)
		start = f->from - EXCERPT_BEFORE;
	if (end - start > EXCERPT_MAX)
		end = start + EXCERPT_MAX;
	line = (struct span){text.p + start, end - start};
	to->excerpt = printable(s->arena, line);
	to->column = printable_columns(line, f->from - start);
	to->width = printable_columns(line, f->to - start) - to->column;
	to->from = f->from;
	to->to = f->to;
}

static void
sum_findings(const struct summing *s, const struct findings *findings)
{
	struct domain_summary *to = s->to;
	const struct finding *f;
	size_t i;

	to->findings =
	    arena_calloc(s->arena, findings->n + 1, sizeof(*to->findings));
	to->nfindings = findings->n;
	to->cut = findings->cut;
	to->worst = findings_worst(findings);
	for (i = 0; i < findings->n; i++) {
		f = &findings->items[i];
		to->findings[i] = (struct summary_finding){.check = f->check,
		    .severity = f->severity,
		    .subject = f->subject,
		    .message = f->message,
		    .fix = f->fix};
		quote(s, f, &to->findings[i]);
	}
}

/* ---- the record ---- */

static void
sum_tags(const struct summing *s, const struct record *record)
{
	struct domain_summary *to = s->to;
	size_t i;

	to->tags = arena_calloc(s->arena, record->ntags + 1, sizeof(*to->tags));
	to->ntags = record->ntags;
	for (i = 0; i < record->ntags; i++)
		to->tags[i] = (struct summary_tag){.kind = record->tags[i].kind,
		    .name = shown(s->arena, record->tags[i].name),
		    .value = shown(s->arena, record->tags[i].value)};
}

/* The worst of what is said of a destination. */
static enum severity
worst_of(const struct domain_summary *s, const char *subject)
{
	enum severity worst = SEVERITY_OK;
	size_t i;

	for (i = 0; i < s->nfindings; i++)
		if (strcmp(s->findings[i].subject, subject) == 0 &&
		    severity_rank(s->findings[i].severity) >
			severity_rank(worst))
			worst = s->findings[i].severity;
	return worst;
}

static int64_t
certificate_end(const struct summing *s, size_t index)
{
	size_t i;

	for (i = 0; s->facts != NULL && i < s->facts->ndestinations; i++)
		if (s->facts->destinations[i].index == index &&
		    s->facts->destinations[i].cert.trust != TRUST_UNSEEN)
			return s->facts->destinations[i].cert.not_after;
	return TIME_NONE;
}

static void
sum_destinations(const struct summing *s, const struct record *record)
{
	struct domain_summary *to = s->to;
	const struct record_destination *from;
	struct summary_destination *d;
	size_t i;

	to->destinations = arena_calloc(
	    s->arena, record->ndestinations + 1, sizeof(*to->destinations));
	to->ndestinations = record->ndestinations;
	for (i = 0; i < record->ndestinations; i++) {
		from = &record->destinations[i];
		d = &to->destinations[i];
		d->text = shown(s->arena, from->text);
		d->scheme = from->uri.scheme;
		d->host = shown_name(s->arena, from->host);
		d->provider = name_provider(from->host);
		d->usable = from->usable;
		d->severity =
		    from->usable ? worst_of(to, d->text) : SEVERITY_ERROR;
		d->not_after = certificate_end(s, i);
	}
}

static void
sum_record(const struct summing *s)
{
	const struct record_set *set = &s->judgement->record;

	s->to->has_record = set->present;
	s->to->verdict = set->verdict;
	s->to->record = shown(s->arena, set->record.text);
	sum_tags(s, &set->record);
	sum_destinations(s, &set->record);
}

/* ---- answers ---- */

static const char *
show_data(struct arena *arena, const char *type, struct span rdata)
{
	const unsigned char *p = (const unsigned char *)rdata.p;
	struct span text;
	uint16_t preference;
	const char *host;
	struct tlsa tlsa;
	char v6[INET6_ADDRSTRLEN];

	if (strcmp(type, "TXT") == 0) {
		rdata_txt(arena, rdata, &text, NULL);
		return shown(arena, text);
	}
	if (strcmp(type, "MX") == 0 &&
	    rdata_mx(arena, rdata, &preference, &host) == 0)
		return arena_printf(
		    arena, "%u %s", preference, shown_name(arena, host));
	if (strcmp(type, "TLSA") == 0 && tlsa_parse(rdata, &tlsa) == 0)
		return shown(arena, span_of(tlsa_text(arena, &tlsa)));
	if (strcmp(type, "A/AAAA") == 0 && rdata.len == 4)
		return arena_printf(
		    arena, "%u.%u.%u.%u", p[0], p[1], p[2], p[3]);
	if (strcmp(type, "A/AAAA") == 0 && rdata.len == 16 &&
	    inet_ntop(AF_INET6, p, v6, sizeof(v6)) != NULL)
		return arena_strdup(arena, v6);
	return arena_printf(arena, "(%zu octets)", rdata.len);
}

static void
add_answer(
    const struct summing *s, const char *type, const struct dns_fact *fact)
{
	struct summary_answer *a = &s->to->answers[s->to->nanswers];
	size_t i;

	if (fact->state == FACT_NOT_ASKED && s->to->nanswers >= 2)
		return;
	s->to->nanswers++;
	a->name = fact->name != NULL ? shown_name(s->arena, fact->name) : "";
	a->type = type;
	a->state = fact->state;
	a->secure = fact->secure;
	a->authoritative = fact->authoritative;
	a->ttl = fact->ttl;
	a->why = shown_or_null(s->arena, fact->why);
	a->aliases =
	    arena_calloc(s->arena, fact->naliases + 1, sizeof(*a->aliases));
	a->naliases = fact->naliases;
	for (i = 0; i < fact->naliases; i++)
		a->aliases[i].text = shown_name(s->arena, fact->aliases[i]);
	a->data = arena_calloc(s->arena, fact->nrdata + 1, sizeof(*a->data));
	if (strcmp(type, "SOA") == 0)
		return;
	a->ndata =
	    fact->nrdata < SUMMARY_DATA_MAX ? fact->nrdata : SUMMARY_DATA_MAX;
	for (i = 0; i < a->ndata; i++)
		a->data[i].text = show_data(s->arena, type, fact->rdata[i]);
}

static void
sum_answers(const struct summing *s)
{
	const struct domain_facts *facts = s->facts;
	size_t n = 6 + 2 * facts->nmx + 2 * facts->ndestinations, i;

	s->to->answers = arena_calloc(s->arena, n, sizeof(*s->to->answers));
	add_answer(s, "TXT", &facts->tlsrpt);
	add_answer(s, "TXT", &facts->sts);
	add_answer(s, "SOA", &facts->apex);
	add_answer(s, "A/AAAA", &facts->policy.address);
	add_answer(s, "MX", &facts->mx_answer);
	for (i = 0; i < facts->nmx; i++) {
		add_answer(s, "A/AAAA", &facts->mx[i].address);
		add_answer(s, "TLSA", &facts->mx[i].tlsa);
	}
	for (i = 0; i < facts->ndestinations; i++) {
		add_answer(s, "MX", &facts->destinations[i].mx);
		add_answer(s, "A/AAAA", &facts->destinations[i].address);
	}
}

/* ---- servers ---- */

static void
sum_certificate(const struct summing *s, const struct cert_fact *from,
    struct summary_certificate *to)
{
	size_t i;

	to->trust = from->trust;
	to->not_before =
	    from->trust != TRUST_UNSEEN ? from->not_before : TIME_NONE;
	to->not_after =
	    from->trust != TRUST_UNSEEN ? from->not_after : TIME_NONE;
	to->nnames =
	    from->nnames < SUMMARY_NAMES_MAX ? from->nnames : SUMMARY_NAMES_MAX;
	to->names = arena_calloc(s->arena, to->nnames + 1, sizeof(*to->names));
	for (i = 0; i < to->nnames; i++)
		to->names[i].text = shown_name(s->arena, from->names[i]);
}

static void
sum_policy(const struct summing *s)
{
	const struct sts_policy *from = &s->judgement->policy;
	struct summary_policy *to = &s->to->policy;
	unsigned char *hash;
	size_t i;

	s->to->sts_id = s->judgement->sts.id;
	sum_certificate(s, &s->facts->policy.cert, &to->cert);
	to->seen = s->judgement->has_policy;
	if (!to->seen)
		return;
	hash = arena_alloc(s->arena, SHA256_LEN);
	sha256(s->facts->policy.body.p, s->facts->policy.body.len, hash);
	to->sha256 = hash;
	to->usable = from->usable;
	to->mode = from->mode;
	to->max_age = from->max_age;
	to->nmx = from->nmx < SUMMARY_NAMES_MAX ? from->nmx : SUMMARY_NAMES_MAX;
	to->mx = arena_calloc(s->arena, to->nmx + 1, sizeof(*to->mx));
	for (i = 0; i < to->nmx; i++)
		to->mx[i].text = shown_name(s->arena, from->mx[i]);
}

static void
sum_mx(const struct summing *s)
{
	const struct mx_facts *from = s->facts->mx;
	struct summary_mx *to;
	size_t i;

	s->to->nmx = s->facts->nmx;
	s->to->mx =
	    arena_calloc(s->arena, s->facts->nmx + 1, sizeof(*s->to->mx));
	for (i = 0; i < s->facts->nmx; i++, from++) {
		to = &s->to->mx[i];
		to->host = shown_name(s->arena, from->host);
		to->preference = from->preference;
		to->smtp = from->smtp;
		to->version = from->version;
		to->why = shown_or_null(s->arena, from->why);
		to->tlsa = from->tlsa.state;
		to->tlsa_secure = from->tlsa.secure && from->address.secure;
		to->ntlsa = from->tlsa.nrdata;
		if (to->tlsa_secure && from->smtp == MX_TLS)
			to->dane = mx_dane_result(s->arena, from);
		sum_certificate(s, &from->cert, &to->cert);
	}
}

/* ---- the whole ---- */

void
summary_make(struct domain_summary *summary, struct arena *arena,
    const struct domain_facts *facts, const struct domain_judgement *judgement,
    const struct findings *findings)
{
	struct summing s = {summary, arena, facts, judgement};

	*summary = (struct domain_summary){.domain = facts->domain};
	sum_findings(&s, findings);
	sum_record(&s);
	sum_answers(&s);
	sum_policy(&s);
	sum_mx(&s);
}

void
summary_make_record(struct domain_summary *summary, struct arena *arena,
    const char *name, struct span text)
{
	struct domain_judgement judgement = {.sts.id = ""};
	struct findings findings = findings_new(arena);
	struct summing s = {summary, arena, NULL, &judgement};
	struct domain_facts nothing = {
	    .domain = name, .tlsrpt.name = name, .sts.name = ""};

	*summary = (struct domain_summary){.domain = name};
	record_parse(&judgement.record.record, text, name, &findings);
	judgement.record.verdict = judgement.record.record.verdict;
	judgement.record.present = true;
	findings_sort(&findings);
	sum_findings(&s, &findings);
	sum_record(&s);
	s.facts = &nothing;
	sum_policy(&s);
	summary->answers = arena_calloc(arena, 1, sizeof(*summary->answers));
	summary->mx = arena_calloc(arena, 1, sizeof(*summary->mx));
}
