/* SPDX-License-Identifier: ISC */

#include "config.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/ip.h"
#include "base/resolver.h"
#include "base/span.h"

#define DNS_PORT 53

/* Reads a port; 0 is none. */
static unsigned
read_port(struct span s)
{
	unsigned port = 0;

	if (s.len == 0)
		return 0;
	for (; s.len > 0; s.p++, s.len--) {
		if (!ascii_is_digit(*s.p))
			return 0;
		port = port * 10 + (unsigned)(*s.p - '0');
		if (port > UINT16_MAX)
			return 0;
	}
	return port;
}

bool
resolver_parse(const char *text, char out[RESOLVER_SIZE])
{
	struct span rest = span_of(text), address;
	unsigned char ip[IP_LEN];
	unsigned port = DNS_PORT;
	size_t len;

	address = span_cut(&rest, '@');
	if (address.len < strlen(text))
		port = read_port(rest);
	len = ip_parse(address, ip);
	if (port == 0 || len == 0 ||
	    inet_ntop(len == IP_LEN ? AF_INET6 : AF_INET, ip, out,
		RESOLVER_SIZE) == NULL)
		return false;
	len = strlen(out);
	if (port != DNS_PORT)
		snprintf(out + len, RESOLVER_SIZE - len, "@%u", port);
	return true;
}
