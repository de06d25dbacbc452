/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_DOMAIN_NAME_H
#define TLSTALLY_DOMAIN_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/span.h"

/* Names of hosts and domains, as text without a final dot. */

/* True for a host name (RFC 1123 2.1): labels of 1 to 63 letters, digits and
 * inner hyphens, 253 octets at most, the last label not all digits; no final
 * dot.  One label is enough. */
bool name_is_host(struct span name);

/* The same with "_" too, as names of records have it. */
bool name_is_domain(struct span name);

/* True if name has a dot in it, but not only as its last octet. */
bool name_has_dot(struct span name);

/* Lower case, without a final dot. */
const char *name_normal(struct arena *arena, struct span name);

/* Equality of names: without regard to case and a final dot. */
bool name_is_same(const char *a, const char *b);

/* True if name is domain, or ends with "." and domain. */
bool name_is_below(const char *name, const char *domain);

/* True if host matches pattern, which is a host name or "*." and one: "*"
 * stands for one label, no more and no less (RFC 8461 4.1, RFC 6125 6.4.3). */
bool name_matches(const char *pattern, const char *host);

/* True for an IPv4 address, or an IPv6 address with or without brackets. */
bool name_is_address(struct span name);

/* Who runs a service, known by the name of a host or domain: "dmarcian".
 * NULL if it is not known. */
const char *name_provider(const char *name);

#endif
