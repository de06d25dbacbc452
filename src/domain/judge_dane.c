/* SPDX-License-Identifier: ISC */

/*
 * DANE of the MX hosts (RFC 7672): whether their TLSA records count, and let
 * the certificate pass that was seen.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "domain/judge_private.h"

enum dane_state {
	DANE_UNKNOWN = 0, /* not asked, or no answer */
	DANE_NONE,
	DANE_PRESENT /* records that count */
};

static void
tell(struct judging *j, enum check_id check, const struct mx_facts *mx,
    const char *name, const char *value)
{
	findings_add(j->findings, check, mx->host, name, value);
}

enum tlsa_result
mx_dane_result(struct arena *arena, const struct mx_facts *mx)
{
	struct tlsa *records;
	size_t i;

	if (mx->is_matched || mx->chain.n == 0)
		return mx->is_matched ? mx->matched : TLSA_NO_RECORD;
	/* One that is too short is read as zeros, and so does not count. */
	records = arena_calloc(arena, mx->tlsa.nrdata + 1, sizeof(*records));
	for (i = 0; i < mx->tlsa.nrdata; i++)
		tlsa_parse(mx->tlsa.rdata[i], &records[i]);
	return tlsa_match(records, mx->tlsa.nrdata, &mx->chain);
}

/* All records that count are of usage 2. */
static bool
is_for_anchors(const struct mx_facts *mx)
{
	struct tlsa record;
	size_t i;

	for (i = 0; i < mx->tlsa.nrdata; i++)
		if (tlsa_parse(mx->tlsa.rdata[i], &record) == 0 &&
		    tlsa_fault(&record) == NULL && record.usage != 2)
			return false;
	return true;
}

static void
tell_result(
    struct judging *j, const struct mx_facts *mx, enum tlsa_result result)
{
	if (result == TLSA_MISMATCH)
		tell(j, CHECK_DANE_MISMATCH, mx, "result",
		    is_for_anchors(mx)
			? "2 x x is for a CA, and none that it sends is that "
			  "one: validation-failure"
			: "validation-failure");
	else if (result == TLSA_TA_NAME)
		tell(j, CHECK_DANE_MISMATCH, mx, "result",
		    "its CA does, but the certificate is for another name: "
		    "certificate-host-mismatch");
	else if (result == TLSA_TA_NOT_SENT)
		tell(j, CHECK_DANE_TA_NOT_IN_CHAIN, mx, "", "");
}

/* How many records count; of each that does not it is told. */
static size_t
count_usable(struct judging *j, const struct mx_facts *mx,
    const struct tlsa *records, size_t n)
{
	size_t usable = 0, i;
	const char *fault;

	for (i = 0; i < n; i++) {
		fault = tlsa_fault(&records[i]);
		usable += fault == NULL;
		if (fault != NULL)
			findings_add(j->findings, CHECK_DANE_UNUSABLE, mx->host,
			    "record", tlsa_text(j->arena, &records[i]), "why",
			    fault);
	}
	return usable;
}

/* A record of its own at the MX host's name; info only, so not one that is
 * merely broken. */
static void
look_at_own_record(struct judging *j, const struct mx_facts *mx)
{
	const struct span *texts;
	size_t i;

	if (!fact_is_known(&mx->tlsrpt))
		return;
	texts = judge_texts(j->arena, &mx->tlsrpt, NULL);
	for (i = 0; i < mx->tlsrpt.nrdata; i++)
		if (record_likeness(texts[i]) >= RECORD_MEANT)
			return;
	findings_add(j->findings, CHECK_DANE_HOST_TLSRPT, mx->host, "domain",
	    j->facts->domain);
}

static enum dane_state
look_at_records(struct judging *j, const struct mx_facts *mx)
{
	const struct dns_fact *answer = &mx->tlsa;
	struct tlsa *records =
	    arena_calloc(j->arena, answer->nrdata + 1, sizeof(*records));
	size_t i, usable;

	/* One that is too short is read as zeros, and so does not count. */
	for (i = 0; i < answer->nrdata; i++)
		tlsa_parse(answer->rdata[i], &records[i]);
	usable = count_usable(j, mx, records, answer->nrdata);
	if (mx->smtp == MX_TLS)
		tell_result(j, mx, mx_dane_result(j->arena, mx));
	if (usable == 0)
		return DANE_NONE;
	if (usable == 1)
		tell(j, CHECK_DANE_ROLLOVER, mx, "", "");
	look_at_own_record(j, mx);
	return DANE_PRESENT;
}

static enum dane_state
look_at_host(struct judging *j, const struct mx_facts *mx)
{
	const struct dns_fact *answer = &mx->tlsa;

	switch (answer->state) {
	case FACT_NODATA:
	case FACT_NXDOMAIN:
		tell(j, CHECK_DANE_NONE, mx, "", "");
		return DANE_NONE;
	case FACT_BOGUS:
	case FACT_SERVFAIL:
		if (!j->resolver_lies)
			tell(j, CHECK_DANE_DENIAL_BOGUS, mx, "why",
			    answer->why != NULL		      ? answer->why
				: answer->state == FACT_BOGUS ? "bogus"
							      : "SERVFAIL");
		return DANE_UNKNOWN;
	case FACT_ANSWER:
		if (answer->secure && mx->address.secure)
			return look_at_records(j, mx);
		if (j->resolver_lies)
			return DANE_UNKNOWN;
		tell(j, CHECK_DANE_NO_DNSSEC, mx, "", "");
		return DANE_NONE;
	default:
		judge_answer(j, answer);
		return DANE_UNKNOWN;
	}
}

void
judge_dane(struct judging *j)
{
	size_t n = j->facts->nmx, i;
	enum dane_state *states =
	    arena_calloc(j->arena, n + 1, sizeof(*states));

	for (i = 0; i < n; i++) {
		if (strcmp(j->facts->mx[i].host, ".") == 0)
			continue;
		states[i] = look_at_host(j, &j->facts->mx[i]);
		j->has_dane = j->has_dane || states[i] == DANE_PRESENT;
	}
	for (i = 0; i < n && j->has_dane; i++)
		if (states[i] == DANE_NONE)
			tell(j, CHECK_DANE_PARTIAL, &j->facts->mx[i], "", "");
}
