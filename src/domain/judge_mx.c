/* SPDX-License-Identifier: ISC */

/*
 * The MX hosts of a domain: whether they can be reached, speak TLS, and have
 * a certificate that senders take who look at it.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "domain/judge_private.h"
#include "domain/name.h"

/* Certificates are renewed weeks before their end: later is a warning, and
 * in the last days an error. */
#define DAYS_SOON     14
#define DAYS_CRITICAL 3

/* Names in a finding. */
#define NAMES_SHOWN 3

static struct finding *
tell(struct judging *j, enum check_id check, const struct mx_facts *mx,
    const char *name, const char *value)
{
	return findings_add(j->findings, check, mx->host, name, value);
}

/* ---- certificates ---- */

/* DANE-EE looks at the key alone (RFC 7672 3.1.1); but senders with MTA-STS
 * look at the rest. */
static bool
is_certificate_free(struct judging *j, const struct mx_facts *mx)
{
	if (j->has_sts || mx->tlsa.state != FACT_ANSWER || !mx->tlsa.secure ||
	    !mx->address.secure)
		return false;
	return mx_dane_result(j->arena, mx) == TLSA_MATCH_EE;
}

static const char *
some_names(struct judging *j, const struct cert_fact *cert)
{
	const char *text = cert->nnames > 0 ? cert->names[0]
	    : cert->common_name != NULL	    ? cert->common_name
					    : "";
	size_t i;

	if (text[0] == '\0')
		return "no name at all";
	for (i = 1; i < cert->nnames && i < NAMES_SHOWN; i++)
		text = arena_printf(j->arena, "%s, %s", text, cert->names[i]);
	if (cert->nnames > NAMES_SHOWN)
		text = arena_printf(j->arena, "%s and %zu more", text,
		    cert->nnames - NAMES_SHOWN);
	return text;
}

static void
look_at_name(struct judging *j, const struct mx_facts *mx)
{
	const struct cert_fact *cert = &mx->cert;

	if (judge_name_matches(cert, mx->host))
		return;
	if (cert->nnames == 0 && cert->common_name != NULL &&
	    name_matches(cert->common_name, mx->host))
		tell(j, CHECK_MX_CERT_CN_ONLY, mx, "", "");
	else
		tell(j, CHECK_MX_CERT_NAME, mx, "names", some_names(j, cert))
		    ->severity = j->has_sts ? SEVERITY_ERROR : SEVERITY_INFO;
}

static void
look_at_dates(struct judging *j, const struct mx_facts *mx)
{
	const struct cert_fact *cert = &mx->cert;
	int64_t days = judge_days_left(j, cert->not_after);
	const char *date = judge_date(j, cert->not_after);
	struct finding *f;

	if (days < 0)
		tell(j, CHECK_MX_CERT_EXPIRED, mx, "why",
		    arena_printf(j->arena, "ended on %s", date));
	else if (cert->not_before > j->now)
		tell(j, CHECK_MX_CERT_EXPIRED, mx, "why",
		    arena_printf(j->arena, "begins on %s only",
			judge_date(j, cert->not_before)));
	if (days < 0 || days >= DAYS_SOON)
		return;
	f = findings_add(j->findings, CHECK_MX_CERT_EXPIRING, mx->host, "n",
	    judge_number(j, (uint64_t)days), "date", date);
	if (days < DAYS_CRITICAL)
		f->severity = SEVERITY_ERROR;
}

static void
look_at_trust(struct judging *j, const struct mx_facts *mx)
{
	const struct cert_fact *cert = &mx->cert;
	const char *why = cert->trust == TRUST_SELF_SIGNED
	    ? "the certificate is self-signed"
	    : cert->why != NULL ? cert->why
				: "its CA is not trusted";

	if (cert->trust == TRUST_INCOMPLETE)
		tell(j, CHECK_MX_CERT_CHAIN, mx, "", "");
	else if (cert->trust != TRUST_GOOD)
		tell(j, CHECK_MX_CERT_UNTRUSTED, mx, "why", why);
}

/* ---- connections ---- */

static void
look_at_tls(struct judging *j, const struct mx_facts *mx)
{
	static const char *const names[] = {[TLS_UNKNOWN] = "an unknown one",
	    [TLS_1_0] = "TLS 1.0",
	    [TLS_1_1] = "TLS 1.1",
	    [TLS_1_2] = "TLS 1.2",
	    [TLS_1_3] = "TLS 1.3"};
	struct finding *f;

	if (mx->version == TLS_1_0 || mx->version == TLS_1_1) {
		f = tell(
		    j, CHECK_MX_TLS_OLD, mx, "version", names[mx->version]);
		if (mx->newer_refused)
			f->severity = SEVERITY_ERROR;
	}
	if (mx->cert.trust == TRUST_UNSEEN || is_certificate_free(j, mx))
		return;
	look_at_name(j, mx);
	look_at_dates(j, mx);
	look_at_trust(j, mx);
}

/* True if some mail server of the domain could be talked to: so port 25 is
 * not closed to us, and one that could not is out of order itself. */
static bool
is_port_open(const struct domain_facts *facts)
{
	size_t i;

	for (i = 0; i < facts->nmx; i++)
		if (facts->mx[i].smtp >= MX_NO_STARTTLS)
			return true;
	return false;
}

static void
look_at_smtp(struct judging *j, const struct mx_facts *mx)
{
	const char *why = mx->why != NULL ? mx->why : "no reason given";
	struct finding *f;

	if (mx->injection)
		tell(j, CHECK_MX_STARTTLS_INJECTION, mx, "", "");
	switch (mx->smtp) {
	case MX_NOT_TRIED:
		break;
	case MX_REFUSED_HERE:
	case MX_UNREACHABLE:
	case MX_BLOCKED:
		f = tell(j, CHECK_MX_UNREACHABLE, mx, "why", why);
		if (mx->smtp != MX_REFUSED_HERE && is_port_open(j->facts))
			f->severity = SEVERITY_WARNING;
		break;
	case MX_NO_STARTTLS:
		tell(j, CHECK_MX_NO_STARTTLS, mx, "", "");
		break;
	case MX_HANDSHAKE_FAILED:
		tell(j, CHECK_MX_TLS_HANDSHAKE, mx, "why", why);
		break;
	case MX_TLS:
		look_at_tls(j, mx);
	}
}

/* ---- the hosts ---- */

static void
look_at_host(struct judging *j, const struct mx_facts *mx)
{
	if (mx->address.naliases > 0)
		tell(j, CHECK_MX_CNAME, mx, "", "");
	if (judge_answer(j, &mx->address) && judge_is_absent(&mx->address))
		tell(j, CHECK_MX_NO_ADDRESS, mx, "", "");
	look_at_smtp(j, mx);
}

void
judge_mx(struct judging *j)
{
	const struct domain_facts *facts = j->facts;
	size_t i, nulls = 0;

	if (!judge_answer(j, &facts->mx_answer))
		return;
	if (judge_is_absent(&facts->mx_answer))
		findings_add(j->findings, CHECK_MX_MISSING, facts->domain,
		    "domain", facts->domain);
	for (i = 0; i < facts->nmx; i++) {
		if (strcmp(facts->mx[i].host, ".") == 0)
			nulls++;
		else
			look_at_host(j, &facts->mx[i]);
	}
	if (nulls > 0 && facts->nmx > 1)
		findings_add(j->findings, CHECK_MX_NULL_WITH_OTHER,
		    facts->domain, "domain", facts->domain);
}
