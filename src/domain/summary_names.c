/* SPDX-License-Identifier: ISC */

/*
 * The words for what was seen: a promise to whoever reads JSON.
 */

#include "config.h"

#include "domain/summary.h"

const char *
fact_state_name(enum fact_state state)
{
	static const char *const names[] = {[FACT_NOT_ASKED] = "not-asked",
	    [FACT_ANSWER] = "answer",
	    [FACT_NODATA] = "nodata",
	    [FACT_NXDOMAIN] = "nxdomain",
	    [FACT_SERVFAIL] = "servfail",
	    [FACT_TIMEOUT] = "timeout",
	    [FACT_BOGUS] = "bogus"};

	return names[state];
}

const char *
cert_trust_name(enum cert_trust trust)
{
	static const char *const names[] = {[TRUST_UNSEEN] = "not-seen",
	    [TRUST_GOOD] = "trusted",
	    [TRUST_SELF_SIGNED] = "self-signed",
	    [TRUST_UNKNOWN_CA] = "unknown-ca",
	    [TRUST_INCOMPLETE] = "incomplete-chain",
	    [TRUST_BAD] = "not-trusted"};

	return names[trust];
}

const char *
mx_state_name(enum mx_state state)
{
	static const char *const names[] = {[MX_NOT_TRIED] = "not-tried",
	    [MX_REFUSED_HERE] = "address-not-allowed",
	    [MX_UNREACHABLE] = "unreachable",
	    [MX_BLOCKED] = "blocked",
	    [MX_NO_STARTTLS] = "no-starttls",
	    [MX_HANDSHAKE_FAILED] = "handshake-failed",
	    [MX_TLS] = "tls"};

	return names[state];
}

const char *
tls_version_name(enum tls_version version)
{
	static const char *const names[] = {[TLS_UNKNOWN] = "unknown",
	    [TLS_1_0] = "TLS 1.0",
	    [TLS_1_1] = "TLS 1.1",
	    [TLS_1_2] = "TLS 1.2",
	    [TLS_1_3] = "TLS 1.3"};

	return names[version];
}

const char *
tlsa_result_name(enum tlsa_result result)
{
	static const char *const names[] = {[TLSA_NO_RECORD] = "none",
	    [TLSA_UNUSABLE] = "unusable",
	    [TLSA_MATCH_EE] = "match",
	    [TLSA_MATCH_TA] = "match",
	    [TLSA_MISMATCH] = "mismatch",
	    [TLSA_TA_NOT_SENT] = "trust-anchor-not-sent",
	    [TLSA_TA_NAME] = "wrong-name"};

	return names[result];
}

const char *
record_verdict_name(enum record_verdict verdict)
{
	static const char *const names[] = {[RECORD_VALID] = "valid",
	    [RECORD_WARN] = "doubtful",
	    [RECORD_INVALID] = "invalid"};

	return names[verdict];
}
