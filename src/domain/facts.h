/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DOMAIN_FACTS_H
#define TLSTALLY_DOMAIN_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "domain/finding.h"
#include "domain/record.h"
#include "domain/sts.h"
#include "domain/tlsa.h"

/*
 * Everything that was gathered about one domain, and the judgement of it.
 * Whoever does the look-ups fills struct domain_facts, which zeroed says that
 * nothing was asked; domain_judge turns it into findings and touches neither
 * network nor clock.  All memory is the caller's, and strings are not NULL
 * where a comment does not allow it.  Times are seconds since 1970.
 */

enum fact_state {
	FACT_NOT_ASKED = 0,
	FACT_ANSWER,
	FACT_NODATA,
	FACT_NXDOMAIN,
	FACT_SERVFAIL, /* and REFUSED, and other errors of the name servers */
	FACT_TIMEOUT,
	FACT_BOGUS /* DNSSEC validation failed; data do not count */
};

/* One question and what came of it. */
struct dns_fact {
	const char *name; /* that was asked, without a final dot */
	enum fact_state state;
	bool secure;	    /* validated; false: the zone is not signed */
	bool authoritative; /* all servers of the zone say so, too */
	bool loop;	    /* the aliases go round */
	uint32_t ttl;	    /* seconds, of an answer */
	/* The names that an alias led to, in order; the last is the canonical
	 * one. */
	const char *const *aliases;
	size_t naliases;
	const char *why; /* of a failure, in words; or NULL */
	/* The data of each record as they came (rdata.h). */
	const struct span *rdata;
	size_t nrdata;
};

/* True for an answer, NODATA or NXDOMAIN: it is known what is there. */
bool fact_is_known(const struct dns_fact *answer);

/* ---- certificates ---- */

enum cert_trust {
	TRUST_UNSEEN = 0, /* there was no handshake, or no certificate */
	TRUST_GOOD,
	TRUST_SELF_SIGNED, /* the leaf itself */
	TRUST_UNKNOWN_CA,  /* a chain, to a root that is not trusted */
	TRUST_INCOMPLETE,  /* the leaf's issuer is neither sent nor known */
	TRUST_BAD	   /* anything else; see why */
};

/* What is known of a server's certificate.  Dates and names are judged by
 * domain_judge: trust is of the chain alone. */
struct cert_fact {
	enum cert_trust trust;
	const char *why; /* in words if not trusted; or NULL */
	int64_t not_before;
	int64_t not_after;	  /* of the leaf */
	const char *const *names; /* dNSName of subjectAltName */
	size_t nnames;
	const char *common_name; /* "" if none */
};

/* ---- destinations ---- */

/* How an SMTP or https server was reached. */
enum reach {
	REACH_NOT_TRIED = 0,
	REACH_REFUSED_HERE, /* a private address, to which we do not go */
	REACH_FAILED,	    /* no connection; why says it */
	REACH_BLOCKED,	    /* nothing at all reaches that port from here */
	REACH_DONE
};

struct destination_facts {
	/* The destination of the record, by its place in the list. */
	size_t index;
	/* mailto: MX of the mail domain, then addresses of the domain itself
	 * (asked if there is no MX). https: addresses of the host. */
	struct dns_fact mx;
	struct dns_fact address;
	bool null_mx;
	size_t mx_with_address; /* MX hosts that have one ... */
	size_t mx_unknown;	/* ... and of which that is not known */
	/* Asked for only: the answer to RCPT TO, 0 if none came. */
	enum reach rcpt;
	int rcpt_code;
	const char *rcpt_reply; /* the line; or why there is none; or NULL */
	/* https: the handshake, and asked for only, the answer to POST. */
	enum reach https;
	const char *https_why; /* or NULL */
	struct cert_fact cert;
	bool posted;
	int post_status; /* 0 if there was no answer */
};

/* ---- MTA-STS ---- */

struct policy_facts {
	struct dns_fact address; /* of mta-sts.D */
	enum reach reach;
	const char *why;	  /* of a failure, or NULL */
	struct cert_fact cert;	  /* verified by SAN */
	int status;		  /* of HTTP; 0 if there was no answer */
	const char *content_type; /* or NULL */
	struct span body;	  /* not over STS_POLICY_BYTES_MAX */
	bool cut;		  /* the body went on beyond that */
};

/* ---- MX hosts ---- */

enum mx_state {
	MX_NOT_TRIED = 0,
	MX_REFUSED_HERE,
	MX_UNREACHABLE, /* no connection, or no greeting */
	MX_BLOCKED,	/* nothing at all comes back from port 25 */
	/* From here on, somebody has answered. */
	MX_NO_STARTTLS, /* not offered, or refused */
	MX_HANDSHAKE_FAILED,
	MX_TLS
};

enum tls_version { TLS_UNKNOWN = 0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 };

struct mx_facts {
	const char *host; /* without a final dot; "." for the null MX */
	uint16_t preference;
	/* A and AAAA taken together: an answer if one has data, secure if both
	 * are. */
	struct dns_fact address;
	struct dns_fact tlsa;	/* of _25._tcp.BASE */
	struct dns_fact tlsrpt; /* TXT of _smtp._tls.HOST; may be not asked */
	enum mx_state smtp;
	const char *why; /* of a failure, or NULL */
	bool injection;	 /* plain text came behind the 220 of STARTTLS */
	enum tls_version version;
	bool newer_refused; /* nothing newer is spoken: 1.2 was tried */
	struct cert_fact cert;
	struct tlsa_chain chain; /* n is 0 without a certificate */
	/* Who made the handshake may have matched it by itself; then the chain
	 * is not looked at. */
	bool is_matched;
	enum tlsa_result matched;
};

/* What the TLSA records of an MX say of the certificate that it showed; none
 * if nothing was seen.  Whether they count at all is another matter. */
enum tlsa_result mx_dane_result(struct arena *arena, const struct mx_facts *mx);

/* ---- what was known before ---- */

/* The store's and the monitor's part; all of it may be missing. */
struct past_facts {
	/* The last policy that was seen, NULL for none. */
	const char *policy_id;
	const unsigned char *policy_sha256; /* SHA256_LEN octets */
	enum sts_mode policy_mode;
	int64_t policy_max_age;
	int64_t policy_seen;   /* when, or TIME_NONE */
	int64_t testing_since; /* mode testing, or TIME_NONE */
	/* Reports, if has_store. */
	bool has_store;
	int64_t record_valid_since; /* or TIME_NONE */
	int64_t last_report;	    /* or TIME_NONE */
	unsigned silent_days;	    /* after which silence is told */
	/* What advise finds in them, if has_advice. */
	bool has_advice;
	unsigned report_days; /* days with reports */
	const char *against;  /* what stands against mode enforce; or NULL */
};

/* ---- all of it ---- */

/* TXT at a name where the record is sometimes put by mistake. */
struct wrong_name {
	struct dns_fact answer;
	bool old;     /* a name of the drafts of 2016 and 2017 */
	bool doubled; /* _smtp._tls.D.D */
};

/* What a name server of the record's zone says of it, asked by itself at one of
 * its addresses. */
struct server_facts {
	const char *server; /* for people: with its address, if it has more */
	enum fact_state state; /* FACT_SERVFAIL: it has no answer to give */
	/* Of what it says is there, of NODATA and NXDOMAIN too; NULL if that is
	 * not known. */
	const char *digest;
	const char *said; /* in words; NULL if nothing was */
	const char *host; /* of the NS record; of others left out, "" */
};

/* Reads a server's answer into state, digest and said. */
void server_read(struct arena *arena, const struct dns_fact *answer,
    struct server_facts *to);

struct domain_facts {
	const char *domain;	  /* A-labels, lower case, no final dot */
	struct dns_fact apex;	  /* SOA or MX of the domain: is it there? */
	struct dns_fact anchor;	  /* DNSKEY of the trust anchor */
	struct dns_fact tlsrpt;	  /* TXT at _smtp._tls.D */
	struct dns_fact wildcard; /* TXT at a random name beside it */
	struct wrong_name *wrong_names;
	size_t nwrong_names;
	struct server_facts *servers;
	size_t nservers;
	struct destination_facts *destinations;
	size_t ndestinations;
	struct dns_fact sts; /* TXT at _mta-sts.D */
	struct policy_facts policy;
	struct dns_fact mx_answer; /* MX of D */
	struct mx_facts *mx;
	size_t nmx;
	const struct past_facts *past; /* or NULL */
};

/* True if the zone's own servers say of the record what the resolver said: each
 * was reached at one address at least, and none says otherwise. */
bool servers_confirm(struct arena *arena, const struct domain_facts *facts);

/* What they say, if they do not agree, each answer with who gives it; else
 * NULL.  A server that answers and has nothing to say of its own zone does not
 * agree with those that have; of one that is silent nothing is known. */
const char *servers_differ(
    struct arena *arena, const struct domain_facts *facts);

/* What was read on the way, for those who show it. */
struct domain_judgement {
	struct record_set record;
	struct sts_record sts;
	struct sts_policy policy;
	bool has_policy; /* a body was read */
};

/* Judges; findings are appended in the order of the groups.  judgement gets
 * what was read, in the arena of the findings.  Never fails. */
void domain_judge(const struct domain_facts *facts, int64_t now,
    struct domain_judgement *judgement, struct findings *findings);

/* The names at which a misplaced record is looked for: the i'th for domain,
 * in the arena, with old and doubled set; NULL behind the last. */
const char *domain_wrong_name(struct arena *arena, const char *domain, size_t i,
    struct wrong_name *wrong);

#endif
