/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_ADDRESS_H
#define TLSTALLY_NET_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/*
 * Where an address leads.  A domain that we are asked to look at can publish
 * any address, also one inside of our own network; a connection to it would
 * be a gift to whoever published it.
 */
enum address_kind {
	ADDRESS_PUBLIC,
	ADDRESS_UNSPECIFIED,   /* 0.0.0.0/8, :: */
	ADDRESS_LOOPBACK,      /* 127.0.0.0/8, ::1 */
	ADDRESS_PRIVATE,       /* RFC 1918 */
	ADDRESS_SHARED,	       /* 100.64.0.0/10, of a provider's NAT */
	ADDRESS_LINK_LOCAL,    /* 169.254.0.0/16, fe80::/10 */
	ADDRESS_UNIQUE_LOCAL,  /* fc00::/7, and the older fec0::/10 */
	ADDRESS_DOCUMENTATION, /* of examples */
	ADDRESS_BENCHMARK,     /* of laboratories */
	ADDRESS_MULTICAST,
	ADDRESS_RESERVED, /* 240.0.0.0/4 with broadcast, and others that
			   * no host has */
	ADDRESS_TUNNEL,	  /* Teredo: an address that hides another */
	ADDRESS_KINDS
};

/* Which kinds besides ADDRESS_PUBLIC may be connected to: a sum of
 * ADDRESS_BIT(kind).  0 for none of them. */
struct address_policy {
	unsigned allowed;
};
#define ADDRESS_BIT(kind) (1U << (kind))

/* The kind of 4 or 16 bytes in network order.  An IPv6 address that carries an
 * IPv4 address (mapped, compatible, 6to4, NAT64) is of the kind of that one. */
enum address_kind address_kind4(const unsigned char ip[4]);
enum address_kind address_kind6(const unsigned char ip[16]);

/* The kind of a socket address; ADDRESS_RESERVED for another family. */
enum address_kind address_kind(const struct sockaddr *sa);

/* "private", for messages. */
const char *address_kind_name(enum address_kind kind);

bool address_is_allowed(
    const struct sockaddr *sa, const struct address_policy *policy);

/* Room for "[2001:db8::1]:65535" with its NUL. */
#define ADDRESS_TEXT_SIZE 64

/* Fills *sa from the bytes of an A record (len 4) or AAAA record (len 16).
 * Returns the length of what it filled, or 0 for any other len. */
socklen_t address_from_rdata(
    struct sockaddr_storage *sa, const void *rdata, size_t len, uint16_t port);

/* Fills *sa from "192.0.2.1", "2001:db8::1" or "[2001:db8::1]"; no names and no
 * zones.  Returns the length of what it filled, or 0. */
socklen_t address_parse(
    struct sockaddr_storage *sa, const char *text, uint16_t port);

/* The address without its port, and without brackets. */
void address_text(const struct sockaddr *sa, char out[ADDRESS_TEXT_SIZE]);

/* How long a socket address of this family is, or 0. */
socklen_t address_length(const struct sockaddr *sa);

#endif
