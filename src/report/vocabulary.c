/* SPDX-License-Identifier: ISC */

/*
 * The words of RFC 8460, each in one table that is indexed by its number.
 * Numbers come back from a database and across a process border, so a number
 * that is in no table has the empty word.
 */

#include "config.h"

#include <stddef.h>
#include <string.h>

#include "report/vocabulary.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *const policy_types[] = {
    [POLICY_OTHER] = "",
    [POLICY_STS] = "sts",
    [POLICY_TLSA] = "tlsa",
    [POLICY_NONE] = "no-policy-found",
};

static const char *const policy_modes[] = {
    [MODE_UNKNOWN] = "",
    [MODE_ENFORCE] = "enforce",
    [MODE_TESTING] = "testing",
    [MODE_NONE] = "none",
};

/* In the order of RFC 8460 4.3.1 to 4.3.2.2. */
static const char *const result_types[] = {
    [RESULT_OTHER] = "",
    [RESULT_STARTTLS_NOT_SUPPORTED] = "starttls-not-supported",
    [RESULT_CERTIFICATE_HOST_MISMATCH] = "certificate-host-mismatch",
    [RESULT_CERTIFICATE_EXPIRED] = "certificate-expired",
    [RESULT_CERTIFICATE_NOT_TRUSTED] = "certificate-not-trusted",
    [RESULT_VALIDATION_FAILURE] = "validation-failure",
    [RESULT_TLSA_INVALID] = "tlsa-invalid",
    [RESULT_DNSSEC_INVALID] = "dnssec-invalid",
    [RESULT_DANE_REQUIRED] = "dane-required",
    [RESULT_STS_POLICY_FETCH_ERROR] = "sts-policy-fetch-error",
    [RESULT_STS_POLICY_INVALID] = "sts-policy-invalid",
    [RESULT_STS_WEBPKI_INVALID] = "sts-webpki-invalid",
};

static const char *const authenticities[] = {
    [AUTH_UNCHECKED] = "unchecked",
    [AUTH_VERIFIED] = "verified",
    [AUTH_FAILED] = "failed",
};

static const char *const outcomes[OUTCOME_COUNT] = {
    [OUTCOME_REPORT] = "report",
    [OUTCOME_DUPLICATE] = "duplicate",
    [OUTCOME_CONFLICT] = "conflict",
    [OUTCOME_REJECT] = "reject",
    [OUTCOME_FOREIGN] = "foreign",
    [OUTCOME_EXPIRED] = "expired",
};

_Static_assert(COUNT(result_types) == RESULT_RFC_COUNT + 1,
    "every result type of the RFC has its word");

static const char *
word(const char *const *words, size_t n, size_t i)
{
	return i < n && words[i] != NULL ? words[i] : "";
}

const char *
policy_type_name(enum policy_type type)
{
	return word(policy_types, COUNT(policy_types), (size_t)type);
}

const char *
policy_mode_name(enum policy_mode mode)
{
	return word(policy_modes, COUNT(policy_modes), (size_t)mode);
}

const char *
result_type_name(enum result_type type)
{
	/* In parentheses, which no type of a report has. */
	if (type == RESULT_UNSPECIFIED)
		return "(unspecified)";
	if (type == RESULT_OVERLAP)
		return "(overlap)";
	return word(result_types, COUNT(result_types), (size_t)type);
}

const char *
authenticity_name(enum authenticity auth)
{
	return word(authenticities, COUNT(authenticities), (size_t)auth);
}

const char *
outcome_name(enum outcome outcome)
{
	return word(outcomes, COUNT(outcomes), (size_t)outcome);
}

/* Returns the number of a word, from 1 on, or 0 for an unknown. */
static size_t
word_find(const char *const *words, size_t n, struct span s, bool *exact)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (span_is(s, words[i])) {
			*exact = memcmp(s.p, words[i], s.len) == 0;
			return i;
		}
	*exact = false;
	return 0;
}

enum policy_type
policy_type_parse(struct span s, bool *exact)
{
	return (enum policy_type)word_find(
	    policy_types, COUNT(policy_types), s, exact);
}

enum result_type
result_type_parse(struct span s, bool *exact)
{
	return (enum result_type)word_find(
	    result_types, COUNT(result_types), s, exact);
}

enum policy_mode
policy_mode_parse(struct span s)
{
	bool exact;

	return (enum policy_mode)word_find(
	    policy_modes, COUNT(policy_modes), s, &exact);
}

const char *
result_type_category(enum result_type type)
{
	switch (type) {
	case RESULT_STARTTLS_NOT_SUPPORTED:
	case RESULT_CERTIFICATE_HOST_MISMATCH:
	case RESULT_CERTIFICATE_EXPIRED:
	case RESULT_CERTIFICATE_NOT_TRUSTED:
		return "negotiation";
	case RESULT_VALIDATION_FAILURE:
		return "general";
	case RESULT_TLSA_INVALID:
	case RESULT_DNSSEC_INVALID:
	case RESULT_DANE_REQUIRED:
		return "dane";
	case RESULT_STS_POLICY_FETCH_ERROR:
	case RESULT_STS_POLICY_INVALID:
	case RESULT_STS_WEBPKI_INVALID:
		return "mta-sts";
	case RESULT_UNSPECIFIED:
		return "unspecified";
	case RESULT_OVERLAP:
		return "overlap";
	case RESULT_OTHER:
		break;
	}
	return "other";
}
