/* SPDX-License-Identifier: ISC */

/*
 * The TLS-RPT record of a domain: what is at its name, and if that is of no
 * use, at which wrong name it may be instead.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "domain/judge_private.h"
#include "domain/name.h"

/* Longer answers do not fit into a datagram as resolvers ask for it. */
#define TEXT_LONG 1200

static bool
holds_data(const struct dns_fact *answer, struct span rdata)
{
	size_t i;

	for (i = 0; i < answer->nrdata; i++)
		if (span_equal(answer->rdata[i], rdata))
			return true;
	return false;
}

/* A random name beside the record's gets the same answer. */
static bool
is_from_wildcard(const struct judging *j, const struct dns_fact *answer)
{
	const struct dns_fact *wildcard = &j->facts->wildcard;
	size_t i;

	if (answer->state != FACT_ANSWER || wildcard->state != FACT_ANSWER)
		return false;
	for (i = 0; i < answer->nrdata; i++)
		if (holds_data(wildcard, answer->rdata[i]))
			return true;
	return false;
}

/* ---- missing, and elsewhere ---- */

static void
tell_missing(struct judging *j)
{
	struct finding *f = findings_add(j->findings, CHECK_TLSRPT_MISSING,
	    j->facts->tlsrpt.name, "domain", j->facts->domain);

	if (j->takes_no_mail)
		f->severity = SEVERITY_INFO;
	else if (j->has_sts || j->has_dane)
		f->severity = SEVERITY_ERROR;
}

static bool
holds_record(struct judging *j, const struct dns_fact *answer)
{
	const struct span *texts = judge_texts(j->arena, answer, NULL);
	size_t i;

	for (i = 0; i < answer->nrdata; i++)
		if (record_likeness(texts[i]) >= RECORD_LOOSE)
			return true;
	return false;
}

static void
look_at_wrong_name(struct judging *j, const struct wrong_name *wrong)
{
	bool is_good = j->made->record.verdict != RECORD_INVALID;
	enum check_id check = wrong->old ? CHECK_TLSRPT_OLD_NAME
	    : wrong->doubled		 ? CHECK_TLSRPT_DOUBLED_DOMAIN
					 : CHECK_TLSRPT_WRONG_NAME;
	struct finding *f;

	if (wrong->answer.state != FACT_ANSWER ||
	    is_from_wildcard(j, &wrong->answer) ||
	    !holds_record(j, &wrong->answer))
		return;
	/* Beside the right one it does no harm. */
	if (is_good && check == CHECK_TLSRPT_WRONG_NAME)
		return;
	f = findings_add(j->findings, check, wrong->answer.name, "right",
	    j->facts->tlsrpt.name);
	if (is_good)
		f->severity = SEVERITY_INFO;
}

/* ---- the record ---- */

static void
read_answer(struct judging *j, const struct dns_fact *answer)
{
	struct record_set *set = &j->made->record;
	size_t strings;
	const struct span *texts = judge_texts(j->arena, answer, &strings);

	record_read(set, texts, answer->nrdata, answer->name, j->findings);
	if (!set->present)
		return;
	if (strings > 1)
		findings_add(j->findings, CHECK_RECORD_SPLIT_STRINGS,
		    answer->name, "n", judge_number(j, strings));
	if (set->record.text.len > TEXT_LONG)
		findings_add(j->findings, CHECK_DNS_TXT_TRUNCATED, answer->name,
		    "n", judge_number(j, set->record.text.len));
	if (is_from_wildcard(j, answer))
		findings_add(j->findings, CHECK_DNS_WILDCARD, answer->name);
}

void
judge_record(struct judging *j)
{
	const struct dns_fact *answer = &j->facts->tlsrpt;
	const char *differences = servers_differ(j->arena, j->facts);
	size_t i;

	if (differences != NULL)
		findings_add(j->findings, CHECK_DNS_NS_DIFFER, answer->name,
		    "answers", differences);
	if (!judge_answer(j, answer))
		return;
	if (!answer->secure && !j->resolver_lies)
		findings_add(j->findings, CHECK_DNS_INSECURE, answer->name);
	if (answer->state == FACT_ANSWER)
		read_answer(j, answer);
	if (!j->made->record.present)
		tell_missing(j);
	for (i = 0; i < j->facts->nwrong_names; i++)
		look_at_wrong_name(j, &j->facts->wrong_names[i]);
}

const char *
domain_wrong_name(
    struct arena *arena, const char *domain, size_t i, struct wrong_name *wrong)
{
	static const struct {
		const char *prefix; /* "": the domain itself */
		bool old;
	} table[] = {{"", false}, {"_smtp-tls", false}, {"_smtp_tls", false},
	    {"_tls._smtp", false}, {"smtp._tls", false}, {"_smtp.tls", false},
	    {"_tlsrpt", false}, {"_tls-rpt", false}, {"_tls", false},
	    {"_mta-sts", false}, {"_smtp-tlsrpt", true},
	    {"_smtp_tlsrpt", true}};
	size_t n = sizeof(table) / sizeof(table[0]);

	*wrong = (struct wrong_name){0};
	if (i == n) {
		wrong->doubled = true;
		return arena_printf(
		    arena, RECORD_PREFIX ".%s.%s", domain, domain);
	}
	if (i > n)
		return NULL;
	wrong->old = table[i].old;
	return arena_printf(arena, "%s%s%s", table[i].prefix,
	    table[i].prefix[0] == '\0' ? "" : ".", domain);
}
