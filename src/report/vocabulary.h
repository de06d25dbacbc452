/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_REPORT_VOCABULARY_H
#define TLSTALLY_REPORT_VOCABULARY_H

#include <stdbool.h>

#include "base/span.h"

/*
 * The words of RFC 8460: policy types, MTA-STS modes and result types.  The
 * numbers are stored in the database: they are never changed or used again.
 * A value that the RFC does not know keeps its own text beside ..._OTHER.
 */

enum policy_type {
	POLICY_OTHER = 0,
	POLICY_STS = 1,
	POLICY_TLSA = 2,
	POLICY_NONE = 3 /* no-policy-found */
};

/* The mode of an MTA-STS policy (RFC 8461 3.2), from its policy-string. */
enum policy_mode {
	MODE_UNKNOWN = 0, /* no sts policy, or no mode line in it */
	MODE_ENFORCE = 1,
	MODE_TESTING = 2,
	MODE_NONE = 3
};

enum result_type {
	RESULT_OTHER = 0,
	RESULT_STARTTLS_NOT_SUPPORTED = 1,
	RESULT_CERTIFICATE_HOST_MISMATCH = 2,
	RESULT_CERTIFICATE_EXPIRED = 3,
	RESULT_CERTIFICATE_NOT_TRUSTED = 4,
	RESULT_VALIDATION_FAILURE = 5,
	RESULT_TLSA_INVALID = 6,
	RESULT_DNSSEC_INVALID = 7,
	RESULT_DANE_REQUIRED = 8,
	RESULT_STS_POLICY_FETCH_ERROR = 9,
	RESULT_STS_POLICY_INVALID = 10,
	RESULT_STS_WEBPKI_INVALID = 11,
	/* Not in any report: what the details leave of the summary. */
	RESULT_UNSPECIFIED = 100, /* failures without a detail */
	RESULT_OVERLAP = 101	  /* details beyond the summary, negative */
};

/* How many of them RFC 8460 4.3 names: 1 to RESULT_RFC_COUNT. */
#define RESULT_RFC_COUNT 11

enum authenticity { AUTH_UNCHECKED = 0, AUTH_VERIFIED = 1, AUTH_FAILED = 2 };
#define AUTHENTICITY_COUNT 3 /* the size of an array indexed by it */

/* What became of a message. */
enum outcome {
	OUTCOME_REPORT = 1,
	OUTCOME_DUPLICATE = 2,
	OUTCOME_CONFLICT = 3,
	OUTCOME_REJECT = 4,
	OUTCOME_FOREIGN = 5,
	OUTCOME_EXPIRED = 6
};
#define OUTCOME_COUNT 7 /* the size of an array indexed by outcome */

/* The word for each number, as it stands in a report, a CSV cell or a
 * message.  ..._OTHER and MODE_UNKNOWN give "".  Never NULL. */
const char *policy_type_name(enum policy_type type);
const char *policy_mode_name(enum policy_mode mode);
const char *result_type_name(enum result_type type);
const char *authenticity_name(enum authenticity auth);
const char *outcome_name(enum outcome outcome);

/* The number for each word; without regard to case, and *exact says whether
 * the case was right too.  Unknown words give ..._OTHER. */
enum policy_type policy_type_parse(struct span s, bool *exact);
enum result_type result_type_parse(struct span s, bool *exact);
enum policy_mode policy_mode_parse(struct span s);

/* "negotiation", "general", "dane", "mta-sts" (the parts of RFC 8460 4.3),
 * "other" for unknown types, "unspecified" and "overlap" for those. */
const char *result_type_category(enum result_type type);

#endif
