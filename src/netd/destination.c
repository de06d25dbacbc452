/* SPDX-License-Identifier: ISC */

/*
 * The destinations of a record: whether a report would get there.
 */

#include "config.h"

#include <netinet/in.h>
#include <string.h>

#include "base/limits.h"
#include "domain/rdata.h"
#include "net/address.h"
#include "netd/inquiry.h"

/* Whether a report is to be sent, or a mailbox asked. */
static bool
tries_destinations(const struct inquiry *q)
{
	return q->question.probe && !q->question.spare_destinations;
}

/* What a collector is sent that must answer a POST: JSON, and no report. */
#define PROBE_BODY "{}"
#define PROBE_TYPE "application/tlsrpt+json"

struct destination_visit {
	const struct record_destination *destination;
	struct destination_facts *facts;
	struct mx_host *hosts; /* of a mail domain, by preference */
	size_t nhosts;
	size_t left; /* of which the address is not known yet */
};

struct https_errand {
	struct errand errand; /* the first */
	struct destination_visit *visit;
};

/* ---- mail ---- */

static void
on_rcpt(struct inquiry *q, void *arg, const struct smtp_result *r)
{
	struct destination_facts *facts =
	    ((struct destination_visit *)arg)->facts;
	const char *why = probe_why(r);

	if (r->rcpt != SMTP_RCPT_NOT_ASKED) {
		facts->rcpt = REACH_DONE;
		facts->rcpt_code = r->rcpt_code;
		why = r->rcpt_reply;
	} else if (r->outcome == SMTP_ADDRESS) {
		facts->rcpt = REACH_REFUSED_HERE;
	} else {
		facts->rcpt =
		    r->outcome == SMTP_BLOCKED || r->outcome == SMTP_TIMEOUT
		    ? REACH_BLOCKED
		    : REACH_FAILED;
	}
	facts->rcpt_reply = printable(q->arena, span_of(why));
}

static void
ask_mailbox(struct inquiry *q, struct destination_visit *v)
{
	struct probe_plan plan = {.done = on_rcpt, .arg = v};
	size_t i;

	if (!tries_destinations(q) || v->destination->mailbox == NULL)
		return;
	plan.recipient = v->destination->mailbox;
	for (i = 0; i < v->nhosts; i++)
		probe_add_host(q, &plan, &v->hosts[i]);
	if (plan.n == 0)
		return;
	v->facts->rcpt = REACH_BLOCKED;
	v->facts->rcpt_reply = UNANSWERED;
	probe_begin(q, &plan);
}

static void
on_mx_address(struct inquiry *q, void *arg)
{
	struct destination_visit *v = arg;
	size_t i;

	if (--v->left > 0)
		return;
	v->facts->mx_with_address = v->facts->mx_unknown = 0;
	for (i = 0; i < v->nhosts; i++) {
		if (v->hosts[i].address.state == FACT_ANSWER)
			v->facts->mx_with_address++;
		else if (!fact_is_known(&v->hosts[i].address))
			v->facts->mx_unknown++;
	}
	ask_mailbox(q, v);
}

/* Without MX records, the domain's own address takes mail. */
static void
on_own_address(struct inquiry *q, void *arg)
{
	struct destination_visit *v = arg;

	v->hosts = arena_calloc(q->arena, 1, sizeof(*v->hosts));
	v->hosts[0].host = v->destination->host;
	v->hosts[0].address = v->facts->address;
	v->nhosts = 1;
	ask_mailbox(q, v);
}

static void
on_mx(struct inquiry *q, void *arg)
{
	struct destination_visit *v = arg;
	size_t i;

	if (v->facts->mx.state == FACT_NODATA) {
		ask_addresses(q, v->destination->host, &v->facts->address,
		    on_own_address, v);
		return;
	}
	v->nhosts = mx_hosts(q->arena, &v->facts->mx, &v->hosts);
	v->facts->null_mx =
	    v->nhosts == 1 && strcmp(v->hosts[0].host, ".") == 0;
	if (v->facts->null_mx)
		return;
	v->left = v->nhosts;
	v->facts->mx_unknown = v->nhosts;
	for (i = 0; i < v->nhosts; i++)
		ask_addresses(q, v->hosts[i].host, &v->hosts[i].address,
		    on_mx_address, v);
}

/* ---- https ---- */

static void
on_https(void *arg, const struct https_result *r)
{
	struct destination_facts *facts =
	    ((struct https_errand *)arg)->visit->facts;
	struct inquiry *q = errand_end(arg);

	if (q == NULL)
		return;
	facts->https = https_read(q->arena, r, &facts->https_why, &facts->cert);
	facts->posted = tries_destinations(q) && r->outcome == HTTPS_DONE;
	facts->post_status = (int)r->status;
}

static void
on_https_address(struct inquiry *q, void *arg)
{
	static const struct span body = {PROBE_BODY, sizeof(PROBE_BODY) - 1};
	struct destination_visit *v = arg;
	struct sockaddr_storage addresses[ADDRESSES_MAX];
	struct https_question question = {.addresses = addresses,
	    .handshake_only = !tries_destinations(q),
	    .post = tries_destinations(q) ? &body : NULL,
	    .content_type = PROBE_TYPE,
	    .timeout_ms = (int)q->look->settings->server_ms};
	struct https_errand *e;

	question.addresses_n =
	    addresses_of(&v->facts->address, addresses, ADDRESSES_MAX, 443);
	if (question.addresses_n == 0)
		return;
	question.url = arena_strndup(
	    q->arena, v->destination->text.p, v->destination->text.len);
	v->facts->https = REACH_BLOCKED;
	v->facts->https_why = UNANSWERED;
	e = (struct https_errand *)errand_begin(q, sizeof(*e));
	e->visit = v;
	https_ask(q->look->https, &question, on_https, e);
}

/* An address instead of a name needs no DNS; whether it may be asked is looked
 * at where all addresses are. */
static bool
address_of_literal(struct inquiry *q, struct destination_visit *v)
{
	const char *host = v->destination->host;
	struct sockaddr_storage sa;
	const struct sockaddr_in *in = (const void *)&sa;
	const struct sockaddr_in6 *in6 = (const void *)&sa;
	struct span *rdata;

	if (address_parse(&sa, host, 443) == 0)
		return false;
	rdata = arena_calloc(q->arena, 1, sizeof(*rdata));
	rdata->len = sa.ss_family == AF_INET ? 4 : 16;
	rdata->p = arena_strndup(q->arena,
	    sa.ss_family == AF_INET ? (const char *)&in->sin_addr
				    : (const char *)&in6->sin6_addr,
	    rdata->len);
	v->facts->address = (struct dns_fact){
	    .name = host, .state = FACT_ANSWER, .rdata = rdata, .nrdata = 1};
	return true;
}

/* ---- all of them ---- */

static void
visit(struct inquiry *q, struct destination_visit *v)
{
	const struct record_destination *d = v->destination;

	v->facts->cert.common_name = "";
	if (d->uri.scheme == URI_MAILTO)
		ask(q, d->host, DNS_MX, &v->facts->mx, on_mx, v);
	else if (d->uri.scheme == URI_HTTPS && address_of_literal(q, v))
		on_https_address(q, v);
	else if (d->uri.scheme == URI_HTTPS)
		ask_addresses(
		    q, d->host, &v->facts->address, on_https_address, v);
}

void
destinations_begin(struct inquiry *q)
{
	struct domain_facts *facts = &q->facts;
	struct findings unused = findings_new(q->arena);
	struct record_set *set = arena_calloc(q->arena, 1, sizeof(*set));
	struct destination_visit *visits;
	struct span *texts;
	size_t i;

	texts =
	    arena_calloc(q->arena, facts->tlsrpt.nrdata + 1, sizeof(*texts));
	for (i = 0; i < facts->tlsrpt.nrdata; i++)
		rdata_txt(q->arena, facts->tlsrpt.rdata[i], &texts[i], NULL);
	record_read(set, texts, facts->tlsrpt.nrdata, "", &unused);
	q->has_record = set->verdict != RECORD_INVALID;
	facts->ndestinations = set->record.ndestinations;
	facts->destinations = arena_calloc(
	    q->arena, facts->ndestinations + 1, sizeof(*facts->destinations));
	visits =
	    arena_calloc(q->arena, facts->ndestinations + 1, sizeof(*visits));
	for (i = 0; i < facts->ndestinations; i++) {
		facts->destinations[i].index = i;
		visits[i].facts = &facts->destinations[i];
		visits[i].destination = &set->record.destinations[i];
		if (visits[i].destination->usable)
			visit(q, &visits[i]);
	}
}
