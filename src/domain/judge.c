/* SPDX-License-Identifier: ISC */

/*
 * The judgement of a domain: what all its parts share, and their order.  A
 * look-up that failed leaves "unknown" behind and never "missing": nothing is
 * concluded from what was not seen.
 */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "domain/judge_private.h"
#include "domain/name.h"
#include "domain/rdata.h"

#define TTL_LONG 86400

bool
fact_is_known(const struct dns_fact *answer)
{
	return answer->state == FACT_ANSWER || answer->state == FACT_NODATA ||
	    answer->state == FACT_NXDOMAIN;
}

bool
judge_is_absent(const struct dns_fact *answer)
{
	return answer->state == FACT_NODATA || answer->state == FACT_NXDOMAIN;
}

const char *
judge_number(struct judging *j, uint64_t n)
{
	return arena_printf(j->arena, "%" PRIu64, n);
}

const char *
judge_date(struct judging *j, int64_t t)
{
	char text[DATE_SIZE];

	date_format_day(day_of_time(t), text);
	return arena_strdup(j->arena, text);
}

int64_t
judge_days_left(const struct judging *j, int64_t then)
{
	int64_t left = then - j->now;

	return left >= 0 ? left / DAY_SECONDS : -1;
}

const struct span *
judge_texts(struct arena *arena, const struct dns_fact *answer, size_t *strings)
{
	struct span *texts;
	size_t i, n, most = 0;

	texts = arena_calloc(arena, answer->nrdata + 1, sizeof(*texts));
	for (i = 0; i < answer->nrdata; i++) {
		rdata_txt(arena, answer->rdata[i], &texts[i], &n);
		if (n > most)
			most = n;
	}
	if (strings != NULL)
		*strings = most;
	return texts;
}

/* ---- answers ---- */

/* An answer that says nothing about what is there. */
static void
tell_failure(struct judging *j, const struct dns_fact *answer)
{
	enum check_id check = answer->state == FACT_TIMEOUT ? CHECK_DNS_TIMEOUT
	    : answer->state == FACT_BOGUS		    ? CHECK_DNS_BOGUS
					  : CHECK_DNS_SERVFAIL;
	const char *why = answer->why != NULL ? answer->why
	    : answer->state == FACT_BOGUS     ? "no reason given"
					      : "SERVFAIL";

	if (answer->loop)
		check = CHECK_DNS_CNAME_LOOP;
	/* It has been told of the resolver, once for all. */
	if (check == CHECK_DNS_BOGUS && j->resolver_lies)
		return;
	findings_add(j->findings, check, answer->name, "why", why);
}

bool
judge_answer(struct judging *j, const struct dns_fact *answer)
{
	if (answer->state == FACT_NOT_ASKED)
		return false;
	if (answer->loop || !fact_is_known(answer)) {
		tell_failure(j, answer);
		return false;
	}
	if (answer->state == FACT_NXDOMAIN && answer->naliases > 0)
		findings_add(j->findings, CHECK_DNS_CNAME_DANGLING,
		    answer->name, "canon",
		    answer->aliases[answer->naliases - 1]);
	return true;
}

/* What is worth to know of an answer with a record of the domain. */
static void
describe_answer(struct judging *j, const struct dns_fact *answer)
{
	const char *canon, *provider;

	if (answer->state != FACT_ANSWER)
		return;
	if (answer->ttl > TTL_LONG)
		findings_add(j->findings, CHECK_DNS_TTL_LONG, answer->name, "n",
		    judge_number(j, answer->ttl));
	if (answer->naliases == 0)
		return;
	canon = answer->aliases[answer->naliases - 1];
	provider = name_provider(canon);
	findings_add(j->findings, CHECK_DNS_CNAME, answer->name, "canon", canon,
	    "provider", provider != NULL ? provider : "elsewhere");
}

/* ---- certificates ---- */

bool
judge_name_matches(const struct cert_fact *cert, const char *host)
{
	size_t i;

	for (i = 0; i < cert->nnames; i++)
		if (name_matches(cert->names[i], host))
			return true;
	return false;
}

const char *
judge_certificate(
    struct judging *j, const struct cert_fact *cert, const char *host)
{
	static const char *const words[] = {[TRUST_SELF_SIGNED] = "self-signed",
	    [TRUST_UNKNOWN_CA] = "its CA is not trusted",
	    [TRUST_INCOMPLETE] = "an intermediate certificate is missing",
	    [TRUST_BAD] = "not trusted"};

	if (cert->trust == TRUST_UNSEEN)
		return NULL;
	if (cert->not_after < j->now)
		return arena_printf(
		    j->arena, "ended on %s", judge_date(j, cert->not_after));
	if (cert->not_before > j->now)
		return arena_printf(j->arena, "begins on %s only",
		    judge_date(j, cert->not_before));
	if (cert->trust != TRUST_GOOD)
		return cert->why != NULL ? cert->why : words[cert->trust];
	if (judge_name_matches(cert, host))
		return NULL;
	return cert->nnames == 0 ? "its name is in CN only"
				 : "it is for another name";
}

/* ---- the whole ---- */

/* The null MX says that the domain takes no mail (RFC 7505). */
static bool
takes_no_mail(const struct domain_facts *facts)
{
	return facts->nmx == 1 && strcmp(facts->mx[0].host, ".") == 0;
}

static void
judge_all(struct judging *j)
{
	const struct domain_facts *facts = j->facts;

	if (j->resolver_lies)
		findings_add(
		    j->findings, CHECK_DNS_CANARY_BOGUS, facts->anchor.name);
	if (facts->apex.state == FACT_NXDOMAIN) {
		findings_add(j->findings, CHECK_DNS_NXDOMAIN, facts->domain);
		return;
	}
	/* What fails for the domain's MX records, too, is told of these. */
	if (facts->apex.state != facts->mx_answer.state)
		judge_answer(j, &facts->apex);
	judge_sts(j);
	judge_mx(j);
	judge_dane(j);
	judge_record(j);
	judge_destinations(j);
	describe_answer(j, &facts->tlsrpt);
	describe_answer(j, &facts->sts);
	/* The last, since it sums up. */
	judge_past(j);
}

void
domain_judge(const struct domain_facts *facts, int64_t now,
    struct domain_judgement *made, struct findings *findings)
{
	struct findings own = findings_new(findings->arena);
	struct judging j = {.facts = facts,
	    .now = now,
	    .made = made,
	    .findings = &own,
	    .arena = findings->arena,
	    .takes_no_mail = takes_no_mail(facts),
	    .resolver_lies = facts->anchor.state == FACT_BOGUS};

	*made = (struct domain_judgement){0};
	made->record.verdict = RECORD_INVALID;
	made->sts.id = "";
	judge_all(&j);
	findings_sort(&own);
	findings_join(findings, &own);
}
