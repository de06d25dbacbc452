/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_NET_HOST_H
#define TLSTALLY_NET_HOST_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What users call a host: a name, with a dot behind it or not, or an address,
 * IPv6 with brackets or without.
 */

/* A name has at most 255 bytes (RFC 1035 2.3.4); with its NUL. */
#define HOST_SIZE 256

/* "[HOST]:65535" with its NUL. */
#define HOST_LABEL_SIZE (HOST_SIZE + 8)

/* The host as a name server or getaddrinfo wants it: without brackets.
 * Returns false when it is empty or too long; out is "" then. */
bool host_bare(const char *host, char out[HOST_SIZE]);

/* The host as a certificate names it: without brackets or the dot at the end.
 * Returns false when nothing is left that may be sought in a certificate;
 * out is "" then. */
bool host_reference(const char *host, char out[HOST_SIZE]);

/* True for an IPv4 or IPv6 address without brackets. */
bool host_is_address(const char *bare);

/* "HOST:PORT", for messages; an IPv6 address is put in brackets, and a host
 * that is too long is cut. */
void host_label(const char *host, uint16_t port, char out[HOST_LABEL_SIZE]);

#endif
