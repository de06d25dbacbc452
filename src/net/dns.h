/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_DNS_H
#define TLSTALLY_NET_DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "net/dns_packet.h"
#include "net/watch.h"

/*
 * Questions to the DNS, many at once, each with a deadline of its own, and
 * every answer with its DNSSEC state as we ourselves have validated it: what a
 * resolver claims is not believed.  That an answer is not there (time-out,
 * SERVFAIL, bogus) is never the same as that there is nothing.
 */

/* The types that are asked for here (RFC 1035, 3596, 4034, 6698). */
enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_DS = 43,
	DNS_DNSKEY = 48,
	DNS_TLSA = 52
};

enum dns_state {
	DNS_DATA,     /* there are records */
	DNS_NODATA,   /* the name is there, without a record of that type */
	DNS_NXDOMAIN, /* there is no such name */
	/* From here on nothing is known of what there is. */
	DNS_BOGUS,    /* an answer came, and its signatures are wrong */
	DNS_SERVFAIL, /* no server gave a usable answer */
	DNS_REFUSED,  /* the resolver does not work for us */
	DNS_TIMEOUT,  /* nothing came before the deadline */
	DNS_BAD_NAME, /* this is no name that can be asked for */
	DNS_FAILED,   /* another rcode, or libunbound failed: see why */
	DNS_STATES
};

enum dns_security {
	DNS_UNKNOWN,  /* there is no answer that could be secure */
	DNS_INSECURE, /* the zone, or one above it, is provably not signed */
	DNS_SECURE,   /* validated up to the trust anchor */
	DNS_WRONG     /* bogus */
};

struct dns_record {
	const unsigned char *data; /* uncompressed (RFC 3597 4) */
	size_t len;
};

struct arena;

/* An answer; all of it lives in its own arena. */
struct dns_answer {
	const char *name; /* as it was asked for */
	unsigned type;
	enum dns_state state;
	enum dns_security security; /* also of "there is nothing" */
	int rcode;		    /* of the answer; -1 if none came */
	uint32_t ttl;		    /* in seconds */
	const char *const *aliases; /* where each CNAME of the chain leads */
	size_t aliases_n;	    /* at most DNS_ALIASES_MAX */
	const struct dns_record *records;
	size_t records_n; /* at most DNS_RECORDS_MAX */
	bool cut;	  /* there were more records, or aliases */
	const char *why;  /* of bogus and failed, bounded; else "" */
	int64_t took_ms;  /* from when it was sent */
	struct arena *arena;
};

/* Takes over the answer, and frees it in the end with dns_answer_free. */
typedef void dns_answered(void *arg, struct dns_answer *answer);
void dns_answer_free(struct dns_answer *answer);

/* "nxdomain", "secure": for messages and JSON. */
const char *dns_state_name(enum dns_state state);
const char *dns_security_name(enum dns_security security);

/* True when the answer says what there is and what is not: of the first three
 * states. */
bool dns_is_known(const struct dns_answer *answer);

struct dns_config {
	/* "ADDR" or "ADDR@PORT", IPv4 or IPv6; none: those of resolv_conf.
	 * They must be resolvers: what a name server says that only knows
	 * zones of its own would be taken for "there is nothing". */
	const char *const *resolvers;
	size_t resolvers_n;
	/* NULL: the system's. */
	const char *resolv_conf;
	/* DS or DNSKEY records of the zone to trust, in zone file format;
	 * NULL: those of the root, as the system or else we know them. */
	const char *anchor_file;
	/* Nothing is validated: all answers are insecure.  For resolvers
	 * through which nothing can be. */
	bool unvalidated;
	/* For each question, from when it is sent. */
	int timeout_ms;
	/* Questions at once; the others wait.  0: DNS_IN_FLIGHT_MAX. */
	int in_flight;
};

struct dns;

/* Reads its files and starts libunbound's own thread; after this nothing here
 * opens a file, and no process may be forked.  What the answers of one dns
 * said is remembered for their TTL: who wants to see a change takes a new one.
 * Returns 0, or -1 with ERR_CONFIG (not an address; a file cannot be read or
 * used) or ERR_UNAVAILABLE. */
int dns_new(struct dns **out, const struct dns_config *config, struct err *err);

/* Answers that are still awaited do not come any more. */
void dns_free(struct dns *d);

/* Asks for records of a type.  name may end with a dot, and is never completed
 * by a search list.  answered is called once, from a later dns_work, and may
 * ask further. */
void dns_ask(struct dns *d, const char *name, unsigned type,
    dns_answered *answered, void *arg);

/* How many answers are still to come; and how many of them are under way. */
size_t dns_pending(const struct dns *d);
size_t dns_in_flight(const struct dns *d);

/* What is waited for, and what there is to do: see net/watch.h. */
void dns_watch(const struct dns *d, struct watch *w);
void dns_work(struct dns *d);

/* Asks and waits for one answer, while others may come in, too. */
struct dns_answer *dns_ask_now(struct dns *d, const char *name, unsigned type);

#endif
