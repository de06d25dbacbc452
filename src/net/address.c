/* SPDX-License-Identifier: ISC */

/*
 * The ranges of addresses that are not the public Internet, after the special
 * purpose registries of IANA (RFC 6890).  The first range that fits counts, so
 * narrow ones stand before wide ones.
 */

#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/ip.h"
#include "net/address.h"

struct range {
	unsigned char prefix[16];
	unsigned char bits;
	unsigned char kind;
};

static const struct range ranges4[] = {
    {{0}, 8, ADDRESS_UNSPECIFIED},
    {{10}, 8, ADDRESS_PRIVATE},
    {{100, 64}, 10, ADDRESS_SHARED},
    {{127}, 8, ADDRESS_LOOPBACK},
    {{169, 254}, 16, ADDRESS_LINK_LOCAL},
    {{172, 16}, 12, ADDRESS_PRIVATE},
    {{192, 0, 0}, 24, ADDRESS_RESERVED},
    {{192, 0, 2}, 24, ADDRESS_DOCUMENTATION},
    {{192, 88, 99}, 24, ADDRESS_RESERVED},
    {{192, 168}, 16, ADDRESS_PRIVATE},
    {{198, 18}, 15, ADDRESS_BENCHMARK},
    {{198, 51, 100}, 24, ADDRESS_DOCUMENTATION},
    {{203, 0, 113}, 24, ADDRESS_DOCUMENTATION},
    {{224}, 4, ADDRESS_MULTICAST},
    {{240}, 4, ADDRESS_RESERVED},
};

/* Global unicast is 2000::/3, and what is left of the rest is reserved. */
static const struct range ranges6[] = {
    {{0}, 128, ADDRESS_UNSPECIFIED},
    {{[15] = 1}, 128, ADDRESS_LOOPBACK},
    {{0x20, 0x01, 0x00, 0x00}, 32, ADDRESS_TUNNEL},
    {{0x20, 0x01, 0x00, 0x02, 0x00, 0x00}, 48, ADDRESS_BENCHMARK},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, ADDRESS_DOCUMENTATION},
    {{0x20, 0x01, 0x00}, 23, ADDRESS_RESERVED},
    {{0x3f, 0xff, 0x00}, 20, ADDRESS_DOCUMENTATION},
    {{0x20}, 3, ADDRESS_PUBLIC},
    {{0xfc}, 7, ADDRESS_UNIQUE_LOCAL},
    {{0xfe, 0x80}, 10, ADDRESS_LINK_LOCAL},
    {{0xfe, 0xc0}, 10, ADDRESS_UNIQUE_LOCAL},
    {{0xff}, 8, ADDRESS_MULTICAST},
    {{0}, 0, ADDRESS_RESERVED},
};

/* IPv6 addresses that carry an IPv4 address, and where it begins. */
static const struct carrier {
	unsigned char prefix[12];
	unsigned char bits;
	unsigned char at;
} carriers[] = {
    {{[10] = 0xff, [11] = 0xff}, 96, 12},	    /* mapped */
    {{[8] = 0xff, [9] = 0xff}, 96, 12},		    /* RFC 2765 */
    {{0x00, 0x64, 0xff, 0x9b}, 96, 12},		    /* NAT64 */
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, 12}, /* RFC 8215 */
    {{0x20, 0x02}, 16, 2},			    /* 6to4 */
    {{0}, 96, 12},				    /* compatible */
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static bool
has_prefix(const unsigned char *ip, const unsigned char *prefix, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(ip, prefix, whole) != 0)
		return false;
	return rest == 0 || (ip[whole] ^ prefix[whole]) >> (8 - rest) == 0;
}

static enum address_kind
look_up(const struct range *ranges, size_t n, const unsigned char *ip)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (has_prefix(ip, ranges[i].prefix, ranges[i].bits))
			return ranges[i].kind;
	return ADDRESS_PUBLIC;
}

enum address_kind
address_kind4(const unsigned char ip[4])
{
	return look_up(ranges4, COUNT(ranges4), ip);
}

enum address_kind
address_kind6(const unsigned char ip[16])
{
	static const unsigned char zeros[15];
	size_t i;

	/* :: and ::1 look as if they carried 0.0.0.0 and 0.0.0.1. */
	if (memcmp(ip, zeros, sizeof(zeros)) == 0 && ip[15] <= 1)
		return look_up(ranges6, COUNT(ranges6), ip);
	for (i = 0; i < COUNT(carriers); i++)
		if (has_prefix(ip, carriers[i].prefix, carriers[i].bits))
			return address_kind4(ip + carriers[i].at);
	return look_up(ranges6, COUNT(ranges6), ip);
}

enum address_kind
address_kind(const struct sockaddr *sa)
{
	const struct sockaddr_in *in = (const void *)sa;
	const struct sockaddr_in6 *in6 = (const void *)sa;

	if (sa->sa_family == AF_INET)
		return address_kind4((const unsigned char *)&in->sin_addr);
	if (sa->sa_family == AF_INET6)
		return address_kind6(in6->sin6_addr.s6_addr);
	return ADDRESS_RESERVED;
}

const char *
address_kind_name(enum address_kind kind)
{
	static const char *const names[ADDRESS_KINDS] = {
	    [ADDRESS_PUBLIC] = "public",
	    [ADDRESS_UNSPECIFIED] = "unspecified",
	    [ADDRESS_LOOPBACK] = "loopback",
	    [ADDRESS_PRIVATE] = "private",
	    [ADDRESS_SHARED] = "shared (carrier NAT)",
	    [ADDRESS_LINK_LOCAL] = "link-local",
	    [ADDRESS_UNIQUE_LOCAL] = "unique local",
	    [ADDRESS_DOCUMENTATION] = "documentation",
	    [ADDRESS_BENCHMARK] = "benchmark",
	    [ADDRESS_MULTICAST] = "multicast",
	    [ADDRESS_RESERVED] = "reserved",
	    [ADDRESS_TUNNEL] = "tunnel (Teredo)",
	};

	return (unsigned)kind < ADDRESS_KINDS ? names[kind] : "unknown";
}

bool
address_is_allowed(
    const struct sockaddr *sa, const struct address_policy *policy)
{
	enum address_kind kind = address_kind(sa);

	return kind == ADDRESS_PUBLIC ||
	    (policy->allowed & ADDRESS_BIT(kind)) != 0;
}

socklen_t
address_from_rdata(
    struct sockaddr_storage *sa, const void *rdata, size_t len, uint16_t port)
{
	struct sockaddr_in *in = (void *)sa;
	struct sockaddr_in6 *in6 = (void *)sa;

	memset(sa, 0, sizeof(*sa));
	if (len == sizeof(in->sin_addr)) {
		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		memcpy(&in->sin_addr, rdata, len);
		return sizeof(*in);
	}
	if (len == sizeof(in6->sin6_addr)) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		memcpy(&in6->sin6_addr, rdata, len);
		return sizeof(*in6);
	}
	return 0;
}

socklen_t
address_parse(struct sockaddr_storage *sa, const char *text, uint16_t port)
{
	unsigned char ip[IP_LEN] = {0};

	return address_from_rdata(sa, ip, ip_parse(span_of(text), ip), port);
}

void
address_text(const struct sockaddr *sa, char out[ADDRESS_TEXT_SIZE])
{
	const struct sockaddr_in *in = (const void *)sa;
	const struct sockaddr_in6 *in6 = (const void *)sa;

	out[0] = '\0';
	if (sa->sa_family == AF_INET)
		inet_ntop(AF_INET, &in->sin_addr, out, ADDRESS_TEXT_SIZE);
	else if (sa->sa_family == AF_INET6)
		inet_ntop(AF_INET6, &in6->sin6_addr, out, ADDRESS_TEXT_SIZE);
	if (out[0] == '\0')
		snprintf(out, ADDRESS_TEXT_SIZE, "(unknown address)");
}

socklen_t
address_length(const struct sockaddr *sa)
{
	if (sa->sa_family == AF_INET)
		return sizeof(struct sockaddr_in);
	return sa->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : 0;
}
