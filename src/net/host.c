/* SPDX-License-Identifier: ISC */

/*
 * A host has three forms: one for looking it up, one for its certificate and
 * one for people.  They are made here, so that all who need one agree.
 */

#include "config.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "net/host.h"

bool
host_bare(const char *host, char out[HOST_SIZE])
{
	size_t len = strlen(host);

	if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	}
	if (len >= HOST_SIZE)
		len = 0;
	memcpy(out, host, len);
	out[len] = '\0';
	return len > 0;
}

bool
host_reference(const char *host, char out[HOST_SIZE])
{
	size_t len;

	host_bare(host, out);
	len = strlen(out);
	if (len > 0 && out[len - 1] == '.')
		out[--len] = '\0';
	/* To OpenSSL ".example.org" means every name below it. */
	if (out[0] == '.')
		out[0] = '\0';
	return out[0] != '\0';
}

bool
host_is_address(const char *bare)
{
	unsigned char address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, bare, address) == 1 ||
	    inet_pton(AF_INET6, bare, address) == 1;
}

void
host_label(const char *host, uint16_t port, char out[HOST_LABEL_SIZE])
{
	bool naked = host[0] != '[' && strchr(host, ':') != NULL;

	snprintf(out, HOST_LABEL_SIZE, "%s%.*s%s:%u", naked ? "[" : "",
	    HOST_SIZE - 1, host, naked ? "]" : "", (unsigned)port);
}
