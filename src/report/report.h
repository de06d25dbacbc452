/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_REPORT_REPORT_H
#define TLSTALLY_REPORT_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/keyed_hash.h"
#include "report/deviation.h"
#include "report/vocabulary.h"

/*
 * A report, normalised: what RFC 8460 4.4 says, under its words, after every
 * departure has been mended and noted.  Everything here lives in the arena
 * of the message it came from, or of the query that read it; nothing is
 * freed piece by piece.  Strings are UTF-8, never NULL unless so marked, ""
 * where the report has nothing, at most limits.string_bytes long, and may
 * hold any character: what writes them must escape them.
 */

/* One failure-details entry: a result type seen so often between two hosts. */
struct failure {
	enum result_type type;
	const char *type_text; /* verbatim when type is RESULT_OTHER, else "" */
	const char *sending_ip;
	const char *receiving_mx;
	const char *receiving_helo;
	const char *receiving_ip;	    /* IPv6 in RFC 5952 form */
	const char *additional_information; /* a URI that is never fetched */
	const char *reason_code;
	int64_t sessions; /* 0 to COUNT_MAX; negative only for an overlap */
};

/* One policy and its sessions.  The counts are the summary's: sessions are
 * counted here and nowhere else. */
struct policy {
	enum policy_type type;
	const char *type_text; /* verbatim when type is POLICY_OTHER, else "" */
	enum policy_mode mode;
	const char *domain; /* lower case, no final dot; "" when unknown */
	const char **strings;
	size_t nstrings;
	const char **mx_hosts;
	size_t nmx_hosts;
	int64_t successful; /* 0 to COUNT_MAX */
	int64_t failed;	    /* 0 to COUNT_MAX */
	struct failure *failures;
	size_t nfailures;
};

/* I-JSON's largest exact integer, 2^53 - 1 (RFC 7493 2.2). */
#define COUNT_MAX INT64_C(9007199254740991)

/* How the original JSON is kept. */
enum encoding {
	ENCODING_GZIP = 1, /* the bytes as they came; may be several members */
	ENCODING_DEFLATE = 2 /* plain JSON that we deflated (zlib format) */
};

struct original {
	const unsigned char *data;
	size_t len;
	size_t json_len; /* when decompressed */
	enum encoding encoding;
};

struct report {
	const char *reporter; /* lower case: submitter, contact's domain, or
				 organisation, the first that there is */
	const char *organization;
	const char *contact;
	const char *id;
	int64_t start; /* seconds since 1970, UTC; the range as it was given, */
	int64_t end;   /* but never end before start */
	int32_t day;   /* the UTC day of start: the report counts for it */
	int64_t received; /* seconds since 1970; TIME_NONE when unknown */
	enum authenticity authenticity;
	/* What stood in the message and took part in the above; "" if not. */
	const char *submitter_header; /* TLS-Report-Submitter */
	const char *domain_header;    /* TLS-Report-Domain */
	const char *filename;	      /* of the part; never used as a path */
	const char *subject;
	/* Of the JSON, decompressed, under the key that the decoder was given:
	 * that of the store. */
	unsigned char sum[KEYED_HASH_LEN];
	struct original original;
	struct policy *policies;
	size_t npolicies;
	struct deviation *deviations;
	size_t ndeviations;
};

/* Adds numbers of sessions.  Counts that someone made up can exceed 64 bits
 * together: the sum then stays at INT64_MAX or -INT64_MAX. */
int64_t count_add(int64_t a, int64_t b);

/* Returns what the failure details leave of the summary: positive for
 * failures without a detail, negative where details exceed the summary. */
int64_t policy_rest(const struct policy *p);

/* What changed between two readings of one JSON: what is counted, whose it
 * is and for which day, and all the rest. */
enum report_change {
	CHANGED_FIGURES = 1,  /* policies, failures and their sessions */
	CHANGED_IDENTITY = 2, /* reporter, id, range, domains */
	CHANGED_TEXTS = 4,    /* any other field */
	CHANGED_DEVIATIONS = 8
};

/* Compares what the decoder makes of a JSON: original, hash, authenticity and
 * when it was received are not looked at.  Returns flags, 0 for equal. */
unsigned report_compare(const struct report *a, const struct report *b);

/* Completes fresh, which was decoded from the JSON of stored alone, by what
 * the mail told when it came: the original, when it was received, its
 * authenticity, and deviations of the carriage.  It then shares memory with
 * stored. */
void report_carry_over(
    struct report *fresh, const struct report *stored, struct arena *arena);

#endif
