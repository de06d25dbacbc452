/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_BASE_IP_H
#define TLSTALLY_BASE_IP_H

#include <stddef.h>

#include "base/span.h"

/* Room for the bytes of an address, IPv4 or IPv6. */
#define IP_LEN 16

/* Reads "192.0.2.1", "2001:db8::1" or "[2001:db8::1]"; no names and no zones.
 * Returns how many bytes it has written, in the order of the network: 4, 16,
 * or 0 for anything else. */
size_t ip_parse(struct span text, unsigned char out[IP_LEN]);

#endif
