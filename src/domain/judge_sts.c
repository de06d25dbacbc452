/* SPDX-License-Identifier: ISC */

/*
 * MTA-STS of a domain: the record, the fetch of the policy, and what the
 * policy means for the MX hosts.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "domain/judge_private.h"
#include "domain/name.h"

/* Real policies have under 1 KiB. */
#define BODY_LONG 4096

/* RFC 8461 3.2 and 10.2: weeks at least; NCSC and large senders agree. */
#define AGE_ENFORCE_LEAST 604800
#define AGE_TESTING_LEAST 86400

/* Testing so long is in the course of things. */
#define TESTING_DAYS 30

static const char *
policy_url(struct judging *j)
{
	return arena_printf(j->arena,
	    "https://" STS_HOST ".%s/.well-known/mta-sts.txt",
	    j->facts->domain);
}

static const char *
policy_host(struct judging *j)
{
	return arena_printf(j->arena, STS_HOST ".%s", j->facts->domain);
}

/* ---- the fetch ---- */

static struct finding *
tell_fetch(struct judging *j, const char *why)
{
	return findings_add(
	    j->findings, CHECK_STS_FETCH_ERROR, policy_url(j), "why", why);
}

static void
look_at_body(struct judging *j, const struct policy_facts *policy)
{
	const char *url = policy_url(j);
	const char *type = policy->content_type;
	struct finding *f;

	if (type == NULL || !span_starts(span_of(type), "text/plain"))
		findings_add(j->findings, CHECK_STS_CONTENT_TYPE, url, "type",
		    type == NULL ? "nothing named" : type);
	if (policy->cut) {
		findings_add(j->findings, CHECK_STS_TOO_LARGE, url, "n",
		    "more than 65536");
		return;
	}
	if (policy->body.len > BODY_LONG) {
		f = findings_add(j->findings, CHECK_STS_TOO_LARGE, url, "n",
		    judge_number(j, policy->body.len));
		f->severity = SEVERITY_WARNING;
	}
	sts_policy_parse(&j->made->policy, policy->body, url, j->findings);
	j->made->has_policy = true;
}

static void
look_at_reply(struct judging *j, const struct policy_facts *policy)
{
	const char *why = judge_certificate(j, &policy->cert, policy_host(j));
	const char *n = judge_number(j, (uint64_t)policy->status);

	if (why != NULL) {
		findings_add(j->findings, CHECK_STS_WEBPKI_INVALID,
		    policy_url(j), "host", policy_host(j), "why", why);
		return;
	}
	if (policy->status == 200)
		look_at_body(j, policy);
	else if (policy->status / 100 == 3)
		findings_add(
		    j->findings, CHECK_STS_REDIRECT, policy_url(j), "n", n);
	else
		tell_fetch(j,
		    policy->status == 0
			? "no answer"
			: arena_printf(j->arena, "status %s", n));
}

static void
look_at_fetch(struct judging *j)
{
	const struct policy_facts *policy = &j->facts->policy;
	const char *why = policy->why != NULL ? policy->why : "no connection";

	if (judge_is_absent(&policy->address)) {
		findings_add(
		    j->findings, CHECK_STS_HOST_NXDOMAIN, policy_host(j));
		return;
	}
	judge_answer(j, &policy->address);
	if (policy->reach == REACH_FAILED)
		tell_fetch(j, why);
	else if (policy->reach == REACH_BLOCKED ||
	    policy->reach == REACH_REFUSED_HERE)
		tell_fetch(j, why)->severity = SEVERITY_UNKNOWN;
	else if (policy->reach == REACH_DONE)
		look_at_reply(j, policy);
}

/* A policy that nobody reads, since there is no record. */
static void
look_at_orphan(struct judging *j)
{
	const struct policy_facts *policy = &j->facts->policy;
	struct findings unused = findings_new(j->arena);
	struct sts_policy parsed;

	if (policy->reach != REACH_DONE || policy->status != 200)
		return;
	sts_policy_parse(&parsed, policy->body, "", &unused);
	if (parsed.usable)
		findings_add(j->findings, CHECK_STS_POLICY_WITHOUT_RECORD,
		    policy_host(j), "name", j->facts->sts.name);
}

/* ---- what the policy means ---- */

static void
look_at_mode(struct judging *j, const struct sts_policy *policy)
{
	const struct past_facts *past = j->facts->past;
	struct finding *f;

	if (policy->mode == STS_NONE)
		findings_add(j->findings, CHECK_STS_MODE_NONE, policy_url(j));
	if (policy->mode != STS_TESTING)
		return;
	f = findings_add(j->findings, CHECK_STS_MODE_TESTING, policy_url(j));
	if (past != NULL && past->testing_since != TIME_NONE &&
	    j->now - past->testing_since < (int64_t)TESTING_DAYS * DAY_SECONDS)
		f->severity = SEVERITY_INFO;
}

static void
look_at_age(struct judging *j, const struct sts_policy *policy)
{
	int64_t least = policy->mode == STS_ENFORCE ? AGE_ENFORCE_LEAST
	    : policy->mode == STS_TESTING	    ? AGE_TESTING_LEAST
						    : 0;

	if (policy->max_age < least)
		findings_add(j->findings, CHECK_STS_MAXAGE_SHORT, policy_url(j),
		    "n", judge_number(j, (uint64_t)policy->max_age), "mode",
		    sts_mode_name(policy->mode));
}

static bool
matches_any_mx(const struct domain_facts *facts, const char *pattern)
{
	size_t i;

	for (i = 0; i < facts->nmx; i++)
		if (name_matches(pattern, facts->mx[i].host))
			return true;
	return false;
}

static void
look_at_coverage(struct judging *j, const struct sts_policy *policy)
{
	const struct domain_facts *facts = j->facts;
	struct finding *f;
	size_t i;

	if (facts->mx_answer.state != FACT_ANSWER || j->takes_no_mail ||
	    policy->mode == STS_NONE)
		return;
	for (i = 0; i < facts->nmx; i++) {
		if (strcmp(facts->mx[i].host, ".") == 0 ||
		    sts_policy_covers(policy, facts->mx[i].host))
			continue;
		f = findings_add(
		    j->findings, CHECK_STS_MX_NOT_COVERED, facts->mx[i].host);
		if (policy->mode == STS_TESTING)
			f->severity = SEVERITY_WARNING;
	}
	for (i = 0; i < policy->nmx; i++)
		if (!matches_any_mx(facts, policy->mx[i]))
			findings_add(j->findings, CHECK_STS_MX_EXTRA,
			    policy_url(j), "pattern", policy->mx[i]);
}

static void
look_at_policy(struct judging *j)
{
	const struct sts_policy *policy = &j->made->policy;

	if (!j->made->has_policy || !policy->usable)
		return;
	j->has_sts = j->made->sts.usable && policy->mode != STS_NONE;
	look_at_mode(j, policy);
	look_at_age(j, policy);
	look_at_coverage(j, policy);
}

void
judge_sts(struct judging *j)
{
	const struct dns_fact *answer = &j->facts->sts;
	struct sts_record *record = &j->made->sts;

	if (!judge_answer(j, answer))
		return;
	if (answer->state == FACT_ANSWER)
		sts_record_read(record, judge_texts(j->arena, answer, NULL),
		    answer->nrdata, answer->name, j->findings);
	if (record->present) {
		look_at_fetch(j);
		look_at_policy(j);
		return;
	}
	look_at_orphan(j);
	if (!j->takes_no_mail)
		findings_add(j->findings, CHECK_STS_RECORD_MISSING,
		    answer->name, "domain", j->facts->domain);
}
