/* SPDX-License-Identifier: ISC */

#include "config.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/resolver.h"
#include "base/span.h"

#define DNS_PORT 53

/* Takes the brackets off an IPv6 address.  False if there is but one of
 * them. */
static bool
take_brackets(struct span *s, bool *had)
{
	*had = s->len > 0 && s->p[0] == '[';
	if (!*had)
		return true;
	if (s->len < 2 || s->p[s->len - 1] != ']')
		return false;
	*s = (struct span){s->p + 1, s->len - 2};
	return true;
}

static bool
write_address(struct span s, char out[RESOLVER_SIZE])
{
	unsigned char ip[sizeof(struct in6_addr)];
	char text[INET6_ADDRSTRLEN];
	bool bracketed;
	int family = AF_INET6;

	if (!take_brackets(&s, &bracketed) || s.len >= sizeof(text))
		return false;
	memcpy(text, s.p, s.len);
	text[s.len] = '\0';
	if (!bracketed && inet_pton(AF_INET, text, ip) == 1)
		family = AF_INET;
	else if (inet_pton(AF_INET6, text, ip) != 1)
		return false;
	return inet_ntop(family, ip, out, RESOLVER_SIZE) != NULL;
}

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
	unsigned port = DNS_PORT;
	size_t len;

	address = span_cut(&rest, '@');
	if (address.len < strlen(text))
		port = read_port(rest);
	if (port == 0 || !write_address(address, out))
		return false;
	len = strlen(out);
	if (port != DNS_PORT)
		snprintf(out + len, RESOLVER_SIZE - len, "@%u", port);
	return true;
}
