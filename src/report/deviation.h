/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_REPORT_DEVIATION_H
#define TLSTALLY_REPORT_DEVIATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/span.h"

/*
 * The named departures from the RFCs that a report may have and still count.
 * The names are stored and shown: they are never changed or used again.
 * docs/LENIENCIES lists them all; a test compares the two.
 */
#define DEVIATIONS(X)                                                          \
	/* the mail and its parts */                                           \
	X(REPORT_TYPE_MISSING, "report-type-missing",                          \
	    "no multipart/report with report-type=tlsrpt (RFC 8460 5.3)")      \
	X(MEDIA_TYPE, "media-type",                                            \
	    "a media type other than application/tlsrpt+gzip or +json")        \
	X(GZIP_EXPECTED, "gzip-expected",                                      \
	    "the part says gzip and holds plain JSON")                         \
	X(GZIP_UNANNOUNCED, "gzip-unannounced",                                \
	    "the part says JSON and holds gzip")                               \
	X(GZIP_TRAILING, "gzip-trailing", "bytes behind the last gzip member") \
	X(ZIP, "zip", "the report came in a zip archive")                      \
	X(TRANSFER_ENCODING, "transfer-encoding",                              \
	    "noise within base64 or quoted-printable, or the encoding is not " \
	    "named")                                                           \
	X(BOUNDARY_UNCLOSED, "boundary-unclosed",                              \
	    "the closing boundary is missing (RFC 2046 5.1.1)")                \
	X(FORWARDED, "forwarded", "the report came within message/rfc822")     \
	X(SUBMITTER_HEADER_MISSING, "submitter-header-missing",                \
	    "no TLS-Report-Submitter header (RFC 8460 5.3)")                   \
	X(DOMAIN_HEADER_MISSING, "domain-header-missing",                      \
	    "no TLS-Report-Domain header (RFC 8460 5.3)")                      \
	X(SUBMITTER_NOT_CONTACT, "submitter-not-contact",                      \
	    "the submitter and the contact's domain differ")                   \
	X(DKIM_LENGTH_TAG, "dkim-length-tag",                                  \
	    "a DKIM signature with l= (RFC 8460 3)")                           \
	/* the JSON */                                                         \
	X(JSON_BOM, "json-bom", "a byte order mark (RFC 8259 8.1)")            \
	X(JSON_TEXT, "json-text",                                              \
	    "invalid UTF-8, a lone surrogate, NUL or a raw control character " \
	    "in a string (RFC 7493 2.1)")                                      \
	X(JSON_TRAILING, "json-trailing", "NUL bytes behind the JSON")         \
	X(STRING_EXPECTED, "string-expected",                                  \
	    "a value of another type where a string belongs")                  \
	/* the report */                                                       \
	X(ORGANIZATION_MISSING, "organization-missing",                        \
	    "organization-name absent or null")                                \
	X(CONTACT_MISSING, "contact-missing", "contact-info absent or null")   \
	X(REPORT_ID_MISSING, "report-id-missing", "report-id absent or null")  \
	X(DATE_WITHOUT_ZONE, "date-without-zone",                              \
	    "a date-time without an offset, taken as UTC (RFC 3339 5.6)")      \
	X(DATE_HOUR_24, "date-hour-24",                                        \
	    "24:00:00, taken as the next midnight (RFC 3339 5.7)")             \
	X(DATE_LOOSE, "date-loose",                                            \
	    "a date-time in another form than RFC 3339's")                     \
	X(RANGE_REVERSED, "range-reversed",                                    \
	    "the range starts after its end; the earlier counts")              \
	X(RANGE_END_MISSING, "range-end-missing",                              \
	    "one end of the range is absent: the other's day is taken")        \
	X(RANGE_NOT_ONE_DAY, "range-not-one-day",                              \
	    "the range is not one full UTC day (RFC 8460 4.1)")                \
	X(RANGE_FLAT, "range-flat",                                            \
	    "the members of date-range stand directly in the report")          \
	X(ALIAS, "alias", "a key of a draft, or misspelt")                     \
	X(POLICIES_OBJECT, "policies-object",                                  \
	    "policies is one object, not an array")                            \
	X(POLICIES_MISSING, "policies-missing",                                \
	    "policies absent or null: a report of nothing")                    \
	X(POLICIES_AT_TOP, "policies-at-top",                                  \
	    "policy, summary and failure-details stand in the report itself, " \
	    "as in early drafts")                                              \
	X(POLICY_FLAT, "policy-flat",                                          \
	    "the members of policy stand directly in policies[]")              \
	X(POLICY_TYPE_MISSING, "policy-type-missing", "policy-type absent")    \
	X(POLICY_TYPE_SPELLING, "policy-type-spelling",                        \
	    "policy-type in other letters than the RFC's")                     \
	X(POLICY_TYPE_UNKNOWN, "policy-type-unknown",                          \
	    "a policy-type that RFC 8460 does not know, kept verbatim")        \
	X(POLICY_STRING_FORM, "policy-string-form",                            \
	    "policy-string is one string, not an array")                       \
	X(POLICY_STRING_NESTED, "policy-string-nested",                        \
	    "a policy-string that holds a JSON array in a string")             \
	X(POLICY_STRING_LINES, "policy-string-lines",                          \
	    "policy-string lines with CR, LF or without the space after the "  \
	    "colon")                                                           \
	X(MX_HOST_FORM, "mx-host-form", "mx-host is not an array of strings")  \
	X(MX_HOST_PREFIX, "mx-host-prefix",                                    \
	    "mx-host with \"mx:\" before the name")                            \
	X(DOMAIN_FROM_HEADER, "domain-from-header",                            \
	    "no policy-domain; taken from TLS-Report-Domain")                  \
	X(DOMAIN_FROM_FILENAME, "domain-from-filename",                        \
	    "no policy-domain; taken from the file name")                      \
	X(DOMAIN_FROM_SUBJECT, "domain-from-subject",                          \
	    "no policy-domain; taken from the Subject")                        \
	X(DOMAIN_UNKNOWN, "domain-unknown", "no policy-domain anywhere")       \
	X(DOMAIN_NOT_ASCII, "domain-not-ascii",                                \
	    "policy-domain is not in A-labels; kept as it is, in lower case")  \
	X(COUNT_MISSING, "count-missing",                                      \
	    "a session count is absent or null, taken as 0 or as the "         \
	    "details' sum")                                                    \
	X(COUNT_STRING, "count-string",                                        \
	    "a session count as a string of digits")                           \
	X(COUNTS_DIFFER, "counts-differ",                                      \
	    "the failure details do not sum to the summary")                   \
	X(NULL_ELEMENT, "null-element",                                        \
	    "a null among the elements of an array, passed over")              \
	X(DETAILS_FORM, "details-form",                                        \
	    "failure-details is one object, not an array")                     \
	X(RESULT_TYPE_MISSING, "result-type-missing", "result-type absent")    \
	X(RESULT_TYPE_SPELLING, "result-type-spelling",                        \
	    "result-type in other letters than the RFC's")                     \
	X(RESULT_TYPE_UNKNOWN, "result-type-unknown",                          \
	    "a result-type that RFC 8460 does not know, kept verbatim")        \
	X(IP_FORM, "ip-form",                                                  \
	    "an address that is not one, or with leading zeros")               \
	X(TOO_MANY, "more-deviations",                                         \
	    "there are more than are kept with a report")

enum deviation_code {
#define DEVIATION_ENUM(code, name, text) DEVIATION_##code,
	DEVIATIONS(DEVIATION_ENUM)
#undef DEVIATION_ENUM
	    DEVIATION_COUNT
};

/* One departure and its place, such as "policies[1].summary"; "" when it is
 * the whole report's. */
struct deviation {
	enum deviation_code code;
	const char *where;
};

/* Collects deviations while a report is read; plain data, to be started with
 * an arena and zeros.  Holds at most DEVIATIONS_MAX: one more becomes
 * DEVIATION_TOO_MANY, later ones are dropped.  The same code at the same
 * place is kept once. */
struct deviation_list {
	struct arena *arena;
	struct deviation *list; /* in the arena, NULL while empty */
	size_t len;
};

/* Notes a deviation; where is a printf format for its place. */
void deviation_add(struct deviation_list *l, enum deviation_code code,
    const char *where, ...) __attribute__((format(printf, 3, 4)));

/* The name that is stored, and a sentence for people.  Never NULL. */
const char *deviation_name(enum deviation_code code);
const char *deviation_text(enum deviation_code code);

/* True for what the mail around a report tells and its JSON cannot. */
bool deviation_is_of_carriage(enum deviation_code code);

/* Returns the code of a stored name, or DEVIATION_COUNT for an unknown. */
enum deviation_code deviation_parse(struct span name);

#endif
