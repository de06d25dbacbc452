/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DIGEST_REASON_PRIVATE_H
#define TLSTALLY_DIGEST_REASON_PRIVATE_H

#include "digest/reason.h"

/*
 * How the tables of reasons fit together: the texts stand in four files by
 * subject, and sorted tables lead from the words to them.
 */

enum reason_id {
	/* reason_certificate.c */
	CERT_EXPIRED,
	CERT_NOT_YET_VALID,
	CERT_NAME,
	CERT_SELF_SIGNED,
	CERT_PRIVATE_ROOT,
	CERT_NO_ISSUER,
	CERT_REVOKED,
	CERT_REVOCATION_UNKNOWN,
	CERT_WEAK,
	CERT_CONSTRAINT,
	CERT_PURPOSE,
	CERT_MALFORMED,
	CERT_CHAIN_TOO_LONG,
	CERT_PROXY,
	CERT_TRANSPARENCY,
	CERT_MISSING,
	CERT_UNTRUSTED,
	/* reason_session.c */
	SESSION_NO_STARTTLS,
	SESSION_STARTTLS_REFUSED,
	SESSION_NO_CIPHER,
	SESSION_VERSION,
	SESSION_NOT_TLS,
	SESSION_WEAK_KEY_EXCHANGE,
	SESSION_SIGNATURE,
	SESSION_WRONG_KEY,
	SESSION_SNI,
	SESSION_CLIENT_CERT,
	SESSION_SERVER_FAULT,
	SESSION_PROTOCOL,
	SESSION_RENEGOTIATION,
	SESSION_CLOSED,
	SESSION_TIMEOUT,
	SESSION_REFUSED,
	SESSION_UNREACHABLE,
	SESSION_SMTP,
	SESSION_SENDER_FAULT,
	SESSION_HANDSHAKE,
	SESSION_NO_DETAILS,
	/* reason_policy.c */
	POLICY_MX_NOT_LISTED,
	POLICY_NOT_THERE,
	POLICY_REDIRECT,
	POLICY_FORBIDDEN,
	POLICY_SERVER,
	POLICY_HTTP,
	POLICY_CONTENT_TYPE,
	POLICY_TOO_LARGE,
	POLICY_EMPTY,
	POLICY_VERSION,
	POLICY_MODE,
	POLICY_NO_MX,
	POLICY_MAX_AGE,
	POLICY_EXPIRED,
	POLICY_RECORD,
	POLICY_NOT_FOUND,
	POLICY_SYNTAX,
	POLICY_FETCH,
	/* reason_dns.c */
	DNS_TLSA_MISMATCH,
	DNS_TLSA_UNUSABLE,
	DNS_TLSA_MISSING,
	DNS_TLSA_LOOKUP,
	DNS_SIGNATURE_EXPIRED,
	DNS_CHAIN_BROKEN,
	DNS_INSECURE,
	DNS_BOGUS,
	DNS_NO_SUCH_NAME,
	DNS_NO_MX,
	DNS_TIMEOUT,
	DNS_FAILED,
	REASON_COUNT
};

/* The first of each file: its table is counted from there. */
#define CERT_FIRST    CERT_EXPIRED
#define SESSION_FIRST SESSION_NO_STARTTLS
#define POLICY_FIRST  POLICY_MX_NOT_LISTED
#define DNS_FIRST     DNS_TLSA_MISMATCH

extern const struct reason reason_certificate[SESSION_FIRST - CERT_FIRST];
extern const struct reason reason_session[POLICY_FIRST - SESSION_FIRST];
extern const struct reason reason_policy[DNS_FIRST - POLICY_FIRST];
extern const struct reason reason_dns[REASON_COUNT - DNS_FIRST];

/* Where words must stand in a text to count. */
enum reason_fit {
	FIT_ANYWHERE = 0,
	FIT_START, /* the text begins with them */
	FIT_WHOLE  /* the text is nothing else */
};

/* Words that give a reason away: lower case, one space between them, nothing
 * but letters, digits, and points within numbers; a # stands for any digit,
 * but not in the first word. */
struct reason_words {
	const char *text;
	enum reason_id id;
	enum reason_fit fit;
};

/* A part of the table of words: those that begin with some letters, sorted by
 * the bytes of the first word, and below it of the whole. */
struct reason_part {
	const struct reason_words *words;
	size_t n;
};

/* One file each; digits go with a. */
extern const struct reason_part reason_words_a_to_c;
extern const struct reason_part reason_words_d_to_m;
extern const struct reason_part reason_words_n_to_r;
extern const struct reason_part reason_words_s_to_z;

/* Lists for the tables. */
#define REASON_LIST(...)          \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}
#define REASON_TYPES(...)                 \
	(const enum result_type[])        \
	{                                 \
		__VA_ARGS__, RESULT_OTHER \
	}

#endif
