/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_NAMESERVER_H
#define TLSTALLY_NET_NAMESERVER_H

#include <stdbool.h>
#include <sys/socket.h>

#include "net/address.h"
#include "net/dns.h"
#include "net/watch.h"

/*
 * A question to one name server of a zone, not to a resolver: what does it say
 * by itself?  By UDP, which is tried three times, and by TCP if the answer does
 * not fit.  Many may be under way at once.  Nothing is validated.
 */

struct nameserver_question {
	const struct sockaddr *address; /* with the port */
	const struct address_policy *policy;
	const char *name; /* a host's, with "_" too */
	unsigned type;	  /* enum dns_type */
	int timeout_ms;	  /* for all */
};

struct nameserver;

/* Begins; the question is copied.  Nothing fails here: it is found in the
 * answer. */
struct nameserver *nameserver_new(const struct nameserver_question *q);
void nameserver_free(struct nameserver *s);

/* See net/watch.h.  nameserver_work returns true when the answer is there. */
void nameserver_watch(const struct nameserver *s, struct watch *w);
bool nameserver_work(struct nameserver *s);

/* The answer, which belongs to s.  DNS_DATA, DNS_NODATA and DNS_NXDOMAIN only
 * if the server is authoritative.  An alias is data: it is not followed, its
 * first target is what the server knows of.  DNS_REFUSED, DNS_SERVFAIL and
 * DNS_FAILED: the server answered, and has no use for the question, as one that
 * does not have the zone.  DNS_TIMEOUT: nothing is known of it, why may say the
 * reason: nobody listens, no way there, or an address that is not to be
 * asked. */
const struct dns_answer *nameserver_answer(const struct nameserver *s);

#endif
