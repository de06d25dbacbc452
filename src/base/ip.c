/* SPDX-License-Identifier: ISC */

#include "config.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

#include "base/ip.h"

size_t
ip_parse(struct span text, unsigned char out[IP_LEN])
{
	const bool bracketed =
	    text.len >= 2 && text.p[0] == '[' && text.p[text.len - 1] == ']';
	char bare[INET6_ADDRSTRLEN];

	if (bracketed)
		text = (struct span){text.p + 1, text.len - 2};
	if (text.len == 0 || text.len >= sizeof(bare))
		return 0;
	memcpy(bare, text.p, text.len);
	bare[text.len] = '\0';
	if (!bracketed && inet_pton(AF_INET, bare, out) == 1)
		return sizeof(struct in_addr);
	return inet_pton(AF_INET6, bare, out) == 1 ? sizeof(struct in6_addr)
						   : 0;
}
