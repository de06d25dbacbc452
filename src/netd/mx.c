/* SPDX-License-Identifier: ISC */

/*
 * The mail servers of a domain: addresses, TLSA records, and if asked for a
 * session with each.
 */

#include "config.h"

#include <string.h>

#include "base/limits.h"
#include "netd/inquiry.h"

struct mx_visit {
	struct mx_facts *mx;
	const char *base; /* the TLSA base domain (RFC 7672 2.2.2) */
};

/* ---- sessions ---- */

static const enum mx_state mx_states[SMTP_OUTCOMES] = {[SMTP_DONE] = MX_TLS,
    [SMTP_BLOCKED] = MX_BLOCKED,
    [SMTP_NOBODY] = MX_UNREACHABLE,
    [SMTP_ADDRESS] = MX_REFUSED_HERE,
    [SMTP_BAD_RECIPIENT] = MX_NOT_TRIED,
    [SMTP_TIMEOUT] = MX_UNREACHABLE,
    [SMTP_LOST] = MX_UNREACHABLE,
    [SMTP_NONSENSE] = MX_UNREACHABLE,
    [SMTP_GREETING] = MX_UNREACHABLE,
    [SMTP_EHLO_REFUSED] = MX_UNREACHABLE,
    [SMTP_NO_STARTTLS] = MX_NO_STARTTLS,
    [SMTP_STARTTLS_REFUSED] = MX_NO_STARTTLS,
    /* Told by itself. */
    [SMTP_INJECTION] = MX_NOT_TRIED,
    [SMTP_TLS_FAILED] = MX_HANDSHAKE_FAILED};

static enum tls_version
version_of(const char *text)
{
	static const struct {
		const char *name;
		enum tls_version version;
	} names[] = {{"TLSv1", TLS_1_0}, {"TLSv1.1", TLS_1_1},
	    {"TLSv1.2", TLS_1_2}, {"TLSv1.3", TLS_1_3}};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(text, names[i].name) == 0)
			return names[i].version;
	return TLS_UNKNOWN;
}

/* Of usage 2, OpenSSL does not say whether the authority was not sent or is
 * another one: where the leaf came alone, no authority was sent. */
static enum tlsa_result
dane_of(const struct dns_fact *tlsa, const struct smtp_result *smtp)
{
	const struct dane_result *r = &smtp->dane;
	size_t i, anchors = 0;
	bool is_faulty = false;

	for (i = 0; i < r->n && i < tlsa->nrdata; i++) {
		bool is_anchor = tlsa->rdata[i].p[0] == 2;

		if (r->each[i] == DANE_MATCHED)
			return is_anchor ? TLSA_MATCH_TA : TLSA_MATCH_EE;
		is_faulty = is_faulty || r->each[i] == DANE_FAULTY;
		anchors += is_anchor && r->each[i] != DANE_UNUSABLE;
	}
	if (r->usable == 0)
		return TLSA_UNUSABLE;
	if (is_faulty)
		return TLSA_TA_NAME;
	return anchors == r->usable && smtp->cert.chain_n <= 1
	    ? TLSA_TA_NOT_SENT
	    : TLSA_MISMATCH;
}

static void
on_probed(struct inquiry *q, void *arg, const struct smtp_result *r)
{
	struct mx_visit *v = arg;
	struct mx_facts *mx = v->mx;

	mx->smtp = r->tls ? MX_TLS : mx_states[r->outcome];
	mx->injection = r->outcome == SMTP_INJECTION;
	mx->why = printable(q->arena, span_of(probe_why(r)));
	if (!r->tls)
		return;
	mx->why = NULL;
	mx->version = version_of(r->version);
	/* We offer all, so it is the newest that is spoken there. */
	mx->newer_refused = mx->version == TLS_1_0 || mx->version == TLS_1_1;
	certificate_read(q->arena, &r->cert, &mx->cert);
	if (r->dane.n > 0) {
		mx->is_matched = true;
		mx->matched = dane_of(&mx->tlsa, r);
	}
}

static const struct dane_question *
dane_question(struct inquiry *q, const struct mx_visit *v)
{
	const struct dns_fact *tlsa = &v->mx->tlsa;
	struct dane_question *dane;
	struct dane_tlsa *records;
	size_t i;

	if (tlsa->state != FACT_ANSWER || !tlsa->secure ||
	    !v->mx->address.secure)
		return NULL;
	records = arena_calloc(q->arena, tlsa->nrdata + 1, sizeof(*records));
	for (i = 0; i < tlsa->nrdata; i++)
		records[i] =
		    (struct dane_tlsa){(const unsigned char *)tlsa->rdata[i].p,
			tlsa->rdata[i].len};
	dane = arena_calloc(q->arena, 1, sizeof(*dane));
	*dane = (struct dane_question){
	    records, tlsa->nrdata, v->base, q->facts.domain};
	return dane;
}

static void
probe(struct inquiry *q, struct mx_visit *v)
{
	struct mx_host host = {.host = v->mx->host, .address = v->mx->address};
	struct probe_plan plan = {.done = on_probed, .arg = v};

	if (!q->question.probe)
		return;
	plan.dane = dane_question(q, v);
	probe_add_host(q, &plan, &host);
	if (plan.n == 0)
		return;
	v->mx->smtp = MX_BLOCKED;
	v->mx->why = UNANSWERED;
	probe_begin(q, &plan);
}

/* ---- TLSA ---- */

static void
on_tlsa(struct inquiry *q, void *arg)
{
	struct mx_visit *v = arg;
	struct mx_facts *mx = v->mx;

	if (mx->tlsa.state == FACT_ANSWER && mx->tlsa.secure &&
	    mx->address.secure)
		ask(q, arena_printf(q->arena, RECORD_PREFIX ".%s", mx->host),
		    DNS_TXT, &mx->tlsrpt, NULL, NULL);
	probe(q, v);
}

static void
ask_tlsa(struct inquiry *q, struct mx_visit *v, fact_known *known)
{
	ask(q, arena_printf(q->arena, "_25._tcp.%s", v->base), DNS_TLSA,
	    &v->mx->tlsa, known, v);
}

/* Of an alias, the name that it stands for is asked about first. */
static void
on_alias_tlsa(struct inquiry *q, void *arg)
{
	struct mx_visit *v = arg;

	if (v->mx->tlsa.state != FACT_NODATA &&
	    v->mx->tlsa.state != FACT_NXDOMAIN) {
		on_tlsa(q, v);
		return;
	}
	v->base = v->mx->host;
	ask_tlsa(q, v, on_tlsa);
}

static void
on_address(struct inquiry *q, void *arg)
{
	struct mx_visit *v = arg;
	const struct dns_fact *address = &v->mx->address;

	v->base = v->mx->host;
	if (!address->secure || address->naliases == 0) {
		ask_tlsa(q, v, on_tlsa);
		return;
	}
	v->base = address->aliases[address->naliases - 1];
	ask_tlsa(q, v, on_alias_tlsa);
}

/* ---- the hosts ---- */

static struct mx_visit *
new_visits(struct inquiry *q, const struct mx_host *hosts, size_t n)
{
	struct domain_facts *facts = &q->facts;
	struct mx_visit *visits =
	    arena_calloc(q->arena, n + 1, sizeof(*visits));
	size_t i;

	facts->mx = arena_calloc(q->arena, n + 1, sizeof(*facts->mx));
	facts->nmx = n;
	for (i = 0; i < n; i++) {
		facts->mx[i].host = hosts[i].host;
		facts->mx[i].preference = hosts[i].preference;
		facts->mx[i].cert.common_name = "";
		visits[i].mx = &facts->mx[i];
	}
	return visits;
}

/* Without MX records mail goes to the domain's own address (RFC 5321 5.1). */
static void
on_own_address(struct inquiry *q, void *arg)
{
	struct dns_fact *address = arg;
	struct mx_host self = {.host = q->facts.domain};
	struct mx_visit *visit;

	if (address->state != FACT_ANSWER)
		return;
	visit = new_visits(q, &self, 1);
	visit->mx->address = *address;
	on_address(q, visit);
}

static void
on_mx(struct inquiry *q, void *arg)
{
	struct mx_host *hosts;
	struct mx_visit *visits;
	size_t i, n;

	(void)arg;
	if (q->facts.mx_answer.state == FACT_NODATA) {
		struct dns_fact *address =
		    arena_calloc(q->arena, 1, sizeof(*address));

		ask_addresses(
		    q, q->facts.domain, address, on_own_address, address);
		return;
	}
	n = mx_hosts(q->arena, &q->facts.mx_answer, &hosts);
	visits = new_visits(q, hosts, n);
	for (i = 0; i < n; i++)
		if (strcmp(hosts[i].host, ".") != 0)
			ask_addresses(q, hosts[i].host, &visits[i].mx->address,
			    on_address, &visits[i]);
}

void
mx_begin(struct inquiry *q)
{
	ask(q, q->facts.domain, DNS_MX, &q->facts.mx_answer, on_mx, NULL);
}
