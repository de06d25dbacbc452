/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_DNS_PACKET_H
#define TLSTALLY_NET_DNS_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A look into the answer section of a DNS message (RFC 1035 4.1).
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

#endif
