/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_DNS_PACKET_H
#define TLSTALLY_NET_DNS_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Messages of the DNS (RFC 1035 4.1): a look into the answer section, and a
 * question to a name server.
 */

/* A name of 255 octets (RFC 1035 2.3.4) as text: each octet may become \DDD. */
#define DNS_NAME_SIZE 1025

/* Writes the name at *at of the message as text, without the dot at its end
 * (the root is "."), with letters as they came, and with \DDD for octets that
 * are not printable and \. for a dot within a label.  Follows compression
 * pointers, each of which must lead further back.  Moves *at behind the name.
 * Returns false for a name that is cut short, too long, or does not end. */
bool dns_packet_name(const unsigned char *packet, size_t len, size_t *at,
    char out[DNS_NAME_SIZE]);

/* Called with the target of each alias, in the order of the chain. */
typedef void dns_alias(void *arg, const char *target);

/* Follows the CNAME records of the answer section from the name that was asked
 * for, through at most max.  Returns how many there are in the chain; -1 if the
 * message is malformed (some may have been told then). */
int dns_packet_aliases(const unsigned char *packet, size_t len, int max,
    dns_alias *tell, void *arg);

/* Called with the data of each record; names in them may be compressed. */
typedef void dns_rdata(void *arg, const unsigned char *rdata, size_t len);

/* Tells the records of the answer section that have the very name and type that
 * were asked for.  Returns how many there are; -1 if the message is malformed
 * (some may have been told then). */
int dns_packet_records(
    const unsigned char *packet, size_t len, dns_rdata *tell, void *arg);

/* A header, a question for a name of 255 octets, and an OPT record. */
#define DNS_QUESTION_SIZE (12 + 255 + 4 + 11)

struct dns_packet_question {
	uint16_t id;
	const char *name; /* may end with a dot; no \DDD */
	unsigned type;
	bool edns; /* RFC 6891; some old servers refuse it */
};

/* Writes a question to a name server itself, who is not to ask others (RD is
 * 0).  Returns its length, or 0 for a name that cannot be asked for. */
size_t dns_packet_ask(unsigned char out[DNS_QUESTION_SIZE],
    const struct dns_packet_question *question);

struct dns_packet_head {
	unsigned rcode; /* the four bits of the header */
	bool authoritative;
	bool truncated;
};

/* Returns true, and the flags, if a message is the reply to that question:
 * what comes may be anybody's. */
bool dns_packet_reply(const unsigned char *packet, size_t len,
    const struct dns_packet_question *question, struct dns_packet_head *head);

#endif
