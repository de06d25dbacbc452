/* SPDX-License-Identifier: ISC */

/*
 * The destinations of a record: whether a report would arrive there.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "domain/judge_private.h"
#include "domain/name.h"

/* A certificate that ends sooner should be in the course of renewal. */
#define DAYS_SOON 14

/* One destination as it is judged. */
struct visit {
	struct judging *j;
	const struct destination_facts *facts;
	const struct record_destination *destination;
	const char *uri; /* for findings */
};

static struct finding *
tell(struct visit *v, enum check_id check, const char *name, const char *value)
{
	return findings_add(v->j->findings, check, v->uri, "host",
	    v->destination->host, name, value);
}

/* ---- mail ---- */

static void
look_at_mail_address(struct visit *v)
{
	if (!judge_answer(v->j, &v->facts->address))
		return;
	if (v->facts->address.state == FACT_ANSWER)
		tell(v, CHECK_DEST_MAILTO_NO_MX, "", "")->severity =
		    SEVERITY_WARNING;
	else
		tell(v, CHECK_DEST_MAILTO_NO_MX, "", "");
}

static void
look_at_mail_domain(struct visit *v)
{
	const struct destination_facts *facts = v->facts;

	if (facts->mx.state == FACT_NXDOMAIN) {
		tell(v, CHECK_DEST_MAILTO_NXDOMAIN, "", "");
		return;
	}
	if (!judge_answer(v->j, &facts->mx))
		return;
	if (facts->mx.state == FACT_NODATA)
		look_at_mail_address(v);
	else if (facts->null_mx)
		tell(v, CHECK_DEST_MAILTO_NULL_MX, "", "");
	else if (facts->mx_with_address == 0 && facts->mx_unknown == 0)
		tell(v, CHECK_DEST_MAILTO_MX_UNRESOLVABLE, "", "");
}

static void
look_at_rcpt(struct visit *v)
{
	const struct destination_facts *facts = v->facts;
	const char *reply =
	    facts->rcpt_reply != NULL ? facts->rcpt_reply : "no answer";

	if (facts->rcpt == REACH_NOT_TRIED)
		return;
	if (facts->rcpt == REACH_BLOCKED || facts->rcpt == REACH_REFUSED_HERE)
		tell(v, CHECK_DEST_MAILTO_RCPT_DEFERRED, "reply", reply)
		    ->severity = SEVERITY_UNKNOWN;
	else if (facts->rcpt == REACH_DONE && facts->rcpt_code / 100 == 5)
		tell(v, CHECK_DEST_MAILTO_RCPT_REFUSED, "reply", reply);
	else if (facts->rcpt == REACH_FAILED || facts->rcpt_code / 100 != 2)
		tell(v, CHECK_DEST_MAILTO_RCPT_DEFERRED, "reply", reply);
}

/* ---- https ---- */

static void
look_at_post(struct visit *v)
{
	int status = v->facts->post_status;
	const char *n = judge_number(v->j, (uint64_t)status);

	if (!v->facts->posted)
		tell(v, CHECK_DEST_HTTPS_NOT_PROBED, "", "");
	else if (status / 100 == 2 || status == 400 || status == 415 ||
	    status == 422)
		/* Our body is no report, and may be told so. */
		tell(v, CHECK_DEST_HTTPS_POST_OK, "", "");
	else if (status == 404 || status == 405 || status == 410)
		tell(v, CHECK_DEST_HTTPS_POST_REFUSED, "n", n);
	else
		tell(v, CHECK_DEST_HTTPS_POST_DOUBT, "n",
		    status == 0 ? "nothing" : n);
}

static void
look_at_server(struct visit *v)
{
	const struct cert_fact *cert = &v->facts->cert;
	const char *why = judge_certificate(v->j, cert, v->destination->host);
	int64_t days = judge_days_left(v->j, cert->not_after);

	if (why != NULL)
		tell(v, CHECK_DEST_HTTPS_CERT, "why", why);
	else if (cert->trust != TRUST_UNSEEN && days < DAYS_SOON)
		tell(v, CHECK_DEST_HTTPS_CERT_EXPIRING, "date",
		    judge_date(v->j, cert->not_after));
	look_at_post(v);
}

static void
look_at_https(struct visit *v)
{
	const struct destination_facts *facts = v->facts;
	const char *why =
	    facts->https_why != NULL ? facts->https_why : "no connection";

	if (judge_is_absent(&facts->address)) {
		tell(v, CHECK_DEST_HTTPS_NXDOMAIN, "", "");
		return;
	}
	judge_answer(v->j, &facts->address);
	if (facts->https == REACH_FAILED)
		tell(v, CHECK_DEST_HTTPS_CONNECT, "why", why);
	else if (facts->https == REACH_BLOCKED ||
	    facts->https == REACH_REFUSED_HERE)
		tell(v, CHECK_DEST_HTTPS_CONNECT, "why", why)->severity =
		    SEVERITY_UNKNOWN;
	else if (facts->https == REACH_DONE)
		look_at_server(v);
}

/* ---- both ---- */

static void
look_at_owner(struct visit *v)
{
	const char *provider = name_provider(v->destination->host);

	if (!name_is_below(v->destination->host, v->j->facts->domain))
		tell(v, CHECK_DEST_EXTERNAL, "provider",
		    provider != NULL ? provider : "another domain");
	else if (v->destination->uri.scheme == URI_MAILTO)
		tell(v, CHECK_DEST_MAILTO_SAME_DOMAIN, "", "");
}

void
judge_destinations(struct judging *j)
{
	const struct record *record = &j->made->record.record;
	struct visit v = {.j = j};
	size_t i;

	for (i = 0; i < j->facts->ndestinations; i++) {
		v.facts = &j->facts->destinations[i];
		if (v.facts->index >= record->ndestinations)
			continue;
		v.destination = &record->destinations[v.facts->index];
		if (!v.destination->usable)
			continue;
		v.uri = printable(j->arena, v.destination->text);
		if (v.destination->uri.scheme == URI_MAILTO) {
			look_at_mail_domain(&v);
			look_at_rcpt(&v);
		} else {
			look_at_https(&v);
		}
		look_at_owner(&v);
	}
}
