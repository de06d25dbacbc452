/* SPDX-License-Identifier: ISC */

/*
 * Questions and summaries over the border, by tables (codec.h).  What reads
 * the network's bytes may be in the hands of another: its answers hold nothing
 * but printable texts, numbers that mean something, and lists of bounded
 * length.
 */

#include "config.h"

#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "domain/codec.h"
#include "domain/name.h"
#include "domain/sts.h"
#include "domain/summary_private.h"

#define END                       \
	{                         \
		.kind = CODEC_END \
	}
#define PLAIN(k, type, member)                                \
	{                                                     \
		.kind = (k), .offset = offsetof(type, member) \
	}
#define CHOICE(type, member, last)                                      \
	{                                                               \
		.kind = CODEC_CHOICE, .offset = offsetof(type, member), \
		.most = (last)                                          \
	}
#define TEXT_OF(k, type, member)                               \
	{                                                      \
		.kind = (k), .offset = offsetof(type, member), \
		.most = SUMMARY_TEXT_MAX                       \
	}
#define TEXT(type, member)    TEXT_OF(CODEC_TEXT, type, member)
#define TEXT_OR(type, member) TEXT_OF(CODEC_TEXT_OR, type, member)
#define LIST(type, member, n, bound, of)                                   \
	{                                                                  \
		.kind = CODEC_LIST, .offset = offsetof(type, member),      \
		.count = offsetof(type, n), .most = (bound),               \
		.size = sizeof(*((const type *)0)->member), .fields = (of) \
	}
#define PART(type, member, of)                                        \
	{                                                             \
		.kind = CODEC_PART, .offset = offsetof(type, member), \
		.fields = (of)                                        \
	}

/* Answers of one domain: two for each MX and each destination, and some. */
#define ANSWERS_MAX (8 + 2 * MX_HOSTS_MAX + 2 * RECORD_DESTINATIONS_MAX)

static const struct codec_field text_fields[] = {
    TEXT(struct summary_text, text), END};

static const struct codec_field finding_fields[] = {
    CHOICE(struct summary_finding, check, CHECK_COUNT - 1),
    CHOICE(struct summary_finding, severity, SEVERITY_UNKNOWN),
    TEXT(struct summary_finding, subject),
    TEXT(struct summary_finding, message), TEXT_OR(struct summary_finding, fix),
    TEXT_OR(struct summary_finding, excerpt),
    PLAIN(CODEC_SIZE, struct summary_finding, column),
    PLAIN(CODEC_SIZE, struct summary_finding, width),
    PLAIN(CODEC_SIZE, struct summary_finding, from),
    PLAIN(CODEC_SIZE, struct summary_finding, to), END};

static const struct codec_field answer_fields[] = {
    TEXT(struct summary_answer, name), TEXT(struct summary_answer, type),
    CHOICE(struct summary_answer, state, FACT_BOGUS),
    PLAIN(CODEC_BOOL, struct summary_answer, secure),
    PLAIN(CODEC_BOOL, struct summary_answer, authoritative),
    PLAIN(CODEC_U32, struct summary_answer, ttl),
    LIST(
	struct summary_answer, aliases, naliases, DNS_ALIASES_MAX, text_fields),
    TEXT_OR(struct summary_answer, why),
    LIST(struct summary_answer, data, ndata, SUMMARY_DATA_MAX, text_fields),
    END};

static const struct codec_field tag_fields[] = {
    CHOICE(struct summary_tag, kind, TAG_BAD), TEXT(struct summary_tag, name),
    TEXT(struct summary_tag, value), END};

static const struct codec_field destination_fields[] = {
    TEXT(struct summary_destination, text),
    CHOICE(struct summary_destination, scheme, URI_OTHER),
    TEXT(struct summary_destination, host),
    TEXT_OR(struct summary_destination, provider),
    PLAIN(CODEC_BOOL, struct summary_destination, usable),
    CHOICE(struct summary_destination, severity, SEVERITY_UNKNOWN),
    PLAIN(CODEC_TIME, struct summary_destination, not_after), END};

static const struct codec_field certificate_fields[] = {
    CHOICE(struct summary_certificate, trust, TRUST_BAD),
    PLAIN(CODEC_TIME, struct summary_certificate, not_before),
    PLAIN(CODEC_TIME, struct summary_certificate, not_after),
    LIST(struct summary_certificate, names, nnames, SUMMARY_NAMES_MAX,
	text_fields),
    END};

static const struct codec_field mx_fields[] = {TEXT(struct summary_mx, host),
    PLAIN(CODEC_COUNT, struct summary_mx, preference),
    CHOICE(struct summary_mx, smtp, MX_TLS),
    CHOICE(struct summary_mx, version, TLS_1_3),
    TEXT_OR(struct summary_mx, why),
    CHOICE(struct summary_mx, tlsa, FACT_BOGUS),
    PLAIN(CODEC_BOOL, struct summary_mx, tlsa_secure),
    PLAIN(CODEC_SIZE, struct summary_mx, ntlsa),
    CHOICE(struct summary_mx, dane, TLSA_TA_NAME),
    PART(struct summary_mx, cert, certificate_fields), END};

static const struct codec_field policy_fields[] = {
    PLAIN(CODEC_BOOL, struct summary_policy, seen),
    PLAIN(CODEC_BOOL, struct summary_policy, usable),
    CHOICE(struct summary_policy, mode, STS_NONE),
    PLAIN(CODEC_I64, struct summary_policy, max_age),
    LIST(struct summary_policy, mx, nmx, SUMMARY_NAMES_MAX, text_fields),
    PLAIN(CODEC_HASH, struct summary_policy, sha256),
    PART(struct summary_policy, cert, certificate_fields), END};

static const struct codec_field summary_fields[] = {
    TEXT(struct domain_summary, domain),
    PLAIN(CODEC_TIME, struct domain_summary, at),
    CHOICE(struct domain_summary, worst, SEVERITY_UNKNOWN),
    CHOICE(struct domain_summary, verdict, RECORD_INVALID),
    PLAIN(CODEC_BOOL, struct domain_summary, has_record),
    TEXT(struct domain_summary, record),
    LIST(struct domain_summary, tags, ntags, RECORD_TAGS_MAX, tag_fields),
    LIST(struct domain_summary, destinations, ndestinations,
	RECORD_DESTINATIONS_MAX, destination_fields),
    LIST(struct domain_summary, answers, nanswers, ANSWERS_MAX, answer_fields),
    TEXT(struct domain_summary, sts_id),
    PART(struct domain_summary, policy, policy_fields),
    LIST(struct domain_summary, mx, nmx, MX_HOSTS_MAX, mx_fields),
    LIST(struct domain_summary, findings, nfindings, FINDINGS_MAX,
	finding_fields),
    PLAIN(CODEC_BOOL, struct domain_summary, cut), END};

static const struct codec_field past_fields[] = {
    TEXT_OR(struct past_facts, policy_id),
    PLAIN(CODEC_HASH, struct past_facts, policy_sha256),
    CHOICE(struct past_facts, policy_mode, STS_NONE),
    PLAIN(CODEC_I64, struct past_facts, policy_max_age),
    PLAIN(CODEC_TIME, struct past_facts, policy_seen),
    PLAIN(CODEC_TIME, struct past_facts, testing_since),
    PLAIN(CODEC_BOOL, struct past_facts, has_store),
    PLAIN(CODEC_TIME, struct past_facts, record_valid_since),
    PLAIN(CODEC_TIME, struct past_facts, last_report),
    PLAIN(CODEC_COUNT, struct past_facts, silent_days),
    PLAIN(CODEC_BOOL, struct past_facts, has_advice),
    PLAIN(CODEC_COUNT, struct past_facts, report_days),
    TEXT_OR(struct past_facts, against), END};

static const struct codec_field question_fields[] = {
    TEXT(struct domain_question, domain),
    PLAIN(CODEC_BOOL, struct domain_question, probe),
    PLAIN(CODEC_BOOL, struct domain_question, spare_destinations),
    PLAIN(CODEC_BOOL, struct domain_question, confirm_absence),
    PART(struct domain_question, past, past_fields), END};

void
summary_put(struct fields_out *o, const struct domain_summary *summary)
{
	codec_put(o, summary_fields, summary);
}

/* Of a policy (RFC 8461 3.2), or -1: ages are added to times. */
static bool
is_age(int64_t max_age)
{
	return max_age >= -1 && max_age <= STS_MAX_AGE_MAX;
}

/* The caret must not point beyond the line, nor a place beyond any text. */
static bool
finding_is_sound(const struct summary_finding *f)
{
	size_t len = f->excerpt != NULL ? strlen(f->excerpt) : 0;

	return f->column <= len && f->width <= len - f->column &&
	    f->from <= f->to && f->to <= SUMMARY_BYTES_MAX;
}

/* The verdict cannot be better than what it is made of. */
static bool
is_sound(const struct domain_summary *s)
{
	const int worst = severity_rank(s->worst);
	size_t i;

	for (i = 0; i < s->nfindings; i++)
		if (!finding_is_sound(&s->findings[i]) ||
		    severity_rank(s->findings[i].severity) > worst)
			return false;
	for (i = 0; i < s->nmx; i++)
		if (s->mx[i].preference > UINT16_MAX ||
		    s->mx[i].ntlsa > UINT16_MAX)
			return false;
	return s->nanswers >= SUMMARY_ANSWERS_LEAST &&
	    is_age(s->policy.max_age) &&
	    (!s->policy.seen || s->policy.sha256 != NULL);
}

int
summary_get(
    struct fields *f, struct arena *arena, struct domain_summary *summary)
{
	codec_get(f, arena, summary_fields, summary);
	return fields_are_whole(f) && is_sound(summary) ? 0 : -1;
}

void
question_put(struct fields_out *o, const struct domain_question *question)
{
	codec_put(o, question_fields, question);
}

int
question_get(
    struct fields *f, struct arena *arena, struct domain_question *question)
{
	codec_get(f, arena, question_fields, question);
	return fields_are_whole(f) && name_is_host(span_of(question->domain)) &&
		is_age(question->past.policy_max_age)
	    ? 0
	    : -1;
}
