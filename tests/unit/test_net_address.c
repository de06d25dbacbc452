/* SPDX-License-Identifier: ISC */

/*
 * Where an address leads: the first and the last of every range, and the
 * neighbours of both.
 */

#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <criterion/criterion.h>

#include "net/address.h"

static const struct {
	const char *text;
	enum address_kind kind;
} rows[] = {
    {"0.0.0.0", ADDRESS_UNSPECIFIED},
    {"0.255.255.255", ADDRESS_UNSPECIFIED},
    {"1.0.0.0", ADDRESS_PUBLIC},
    {"9.255.255.255", ADDRESS_PUBLIC},
    {"10.0.0.0", ADDRESS_PRIVATE},
    {"10.255.255.255", ADDRESS_PRIVATE},
    {"11.0.0.0", ADDRESS_PUBLIC},
    {"100.63.255.255", ADDRESS_PUBLIC},
    {"100.64.0.0", ADDRESS_SHARED},
    {"100.127.255.255", ADDRESS_SHARED},
    {"100.128.0.0", ADDRESS_PUBLIC},
    {"126.255.255.255", ADDRESS_PUBLIC},
    {"127.0.0.0", ADDRESS_LOOPBACK},
    {"127.255.255.255", ADDRESS_LOOPBACK},
    {"128.0.0.0", ADDRESS_PUBLIC},
    {"169.253.255.255", ADDRESS_PUBLIC},
    {"169.254.0.0", ADDRESS_LINK_LOCAL},
    {"169.254.169.254", ADDRESS_LINK_LOCAL},
    {"169.254.255.255", ADDRESS_LINK_LOCAL},
    {"169.255.0.0", ADDRESS_PUBLIC},
    {"172.15.255.255", ADDRESS_PUBLIC},
    {"172.16.0.0", ADDRESS_PRIVATE},
    {"172.31.255.255", ADDRESS_PRIVATE},
    {"172.32.0.0", ADDRESS_PUBLIC},
    {"191.255.255.255", ADDRESS_PUBLIC},
    {"192.0.0.0", ADDRESS_RESERVED},
    {"192.0.0.255", ADDRESS_RESERVED},
    {"192.0.1.0", ADDRESS_PUBLIC},
    {"192.0.1.255", ADDRESS_PUBLIC},
    {"192.0.2.0", ADDRESS_DOCUMENTATION},
    {"192.0.2.255", ADDRESS_DOCUMENTATION},
    {"192.0.3.0", ADDRESS_PUBLIC},
    {"192.88.98.255", ADDRESS_PUBLIC},
    {"192.88.99.0", ADDRESS_RESERVED},
    {"192.88.99.255", ADDRESS_RESERVED},
    {"192.88.100.0", ADDRESS_PUBLIC},
    {"192.167.255.255", ADDRESS_PUBLIC},
    {"192.168.0.0", ADDRESS_PRIVATE},
    {"192.168.255.255", ADDRESS_PRIVATE},
    {"192.169.0.0", ADDRESS_PUBLIC},
    {"198.17.255.255", ADDRESS_PUBLIC},
    {"198.18.0.0", ADDRESS_BENCHMARK},
    {"198.19.255.255", ADDRESS_BENCHMARK},
    {"198.20.0.0", ADDRESS_PUBLIC},
    {"198.51.99.255", ADDRESS_PUBLIC},
    {"198.51.100.0", ADDRESS_DOCUMENTATION},
    {"198.51.100.255", ADDRESS_DOCUMENTATION},
    {"198.51.101.0", ADDRESS_PUBLIC},
    {"203.0.112.255", ADDRESS_PUBLIC},
    {"203.0.113.0", ADDRESS_DOCUMENTATION},
    {"203.0.113.255", ADDRESS_DOCUMENTATION},
    {"203.0.114.0", ADDRESS_PUBLIC},
    {"223.255.255.255", ADDRESS_PUBLIC},
    {"224.0.0.0", ADDRESS_MULTICAST},
    {"239.255.255.255", ADDRESS_MULTICAST},
    {"240.0.0.0", ADDRESS_RESERVED},
    {"255.255.255.255", ADDRESS_RESERVED},

    {"::", ADDRESS_UNSPECIFIED},
    {"::1", ADDRESS_LOOPBACK},
    {"::2", ADDRESS_UNSPECIFIED}, /* carries 0.0.0.2 */
    {"::127.0.0.1", ADDRESS_LOOPBACK},
    {"::10.0.0.1", ADDRESS_PRIVATE},
    {"::1:0:0", ADDRESS_RESERVED},
    {"::fffe:127.0.0.1", ADDRESS_RESERVED},
    {"::ffff:127.0.0.1", ADDRESS_LOOPBACK},
    {"::ffff:10.0.0.1", ADDRESS_PRIVATE},
    {"::ffff:169.254.169.254", ADDRESS_LINK_LOCAL},
    {"::ffff:1.0.0.1", ADDRESS_PUBLIC},
    {"::ffff:0:192.168.0.1", ADDRESS_PRIVATE},
    {"64:ff9b::127.0.0.1", ADDRESS_LOOPBACK},
    {"64:ff9b::192.168.0.1", ADDRESS_PRIVATE},
    {"64:ff9b::1.0.0.1", ADDRESS_PUBLIC},
    {"64:ff9b::1:0:0", ADDRESS_RESERVED},
    {"64:ff9b:1::10.0.0.1", ADDRESS_PRIVATE},
    {"64:ff9b:1:ffff:ffff:ffff:10.0.0.1", ADDRESS_PRIVATE},
    {"64:ff9b:2::10.0.0.1", ADDRESS_RESERVED},
    {"100::", ADDRESS_RESERVED},
    {"1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_RESERVED},
    {"2000::", ADDRESS_PUBLIC},
    {"2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_PUBLIC},
    {"2001::", ADDRESS_TUNNEL},
    {"2001:0:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_TUNNEL},
    {"2001:1::", ADDRESS_RESERVED},
    {"2001:2::", ADDRESS_BENCHMARK},
    {"2001:2:0:ffff:ffff:ffff:ffff:ffff", ADDRESS_BENCHMARK},
    {"2001:2:1::", ADDRESS_RESERVED},
    {"2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_RESERVED},
    {"2001:200::", ADDRESS_PUBLIC},
    {"2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_PUBLIC},
    {"2001:db8::", ADDRESS_DOCUMENTATION},
    {"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_DOCUMENTATION},
    {"2001:db9::", ADDRESS_PUBLIC},
    {"2002::", ADDRESS_UNSPECIFIED},
    {"2002:7f00:1::", ADDRESS_LOOPBACK},
    {"2002:a00:1::1", ADDRESS_PRIVATE},
    {"2002:100:1::1", ADDRESS_PUBLIC},
    {"2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_RESERVED},
    {"2003::", ADDRESS_PUBLIC},
    {"3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_PUBLIC},
    {"3fff::", ADDRESS_DOCUMENTATION},
    {"3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_DOCUMENTATION},
    {"3fff:1000::", ADDRESS_PUBLIC},
    {"4000::", ADDRESS_RESERVED},
    {"fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_RESERVED},
    {"fc00::", ADDRESS_UNIQUE_LOCAL},
    {"fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_UNIQUE_LOCAL},
    {"fe00::", ADDRESS_RESERVED},
    {"fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_RESERVED},
    {"fe80::", ADDRESS_LINK_LOCAL},
    {"febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_LINK_LOCAL},
    {"fec0::", ADDRESS_UNIQUE_LOCAL},
    {"feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_UNIQUE_LOCAL},
    {"ff00::", ADDRESS_MULTICAST},
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_MULTICAST},
};

#define ROWS (sizeof(rows) / sizeof(*rows))

Test(net_address, both_sides_of_every_range)
{
	struct sockaddr_storage sa;
	size_t i;

	for (i = 0; i < ROWS; i++) {
		cr_assert_neq(address_parse(&sa, rows[i].text, 25), 0, "%s",
		    rows[i].text);
		cr_expect_eq(address_kind((const void *)&sa), rows[i].kind,
		    "%s is %s, not %s", rows[i].text,
		    address_kind_name(address_kind((const void *)&sa)),
		    address_kind_name(rows[i].kind));
	}
}

Test(net_address, only_what_is_public_or_allowed_is_allowed)
{
	struct address_policy none = {0}, one;
	struct sockaddr_storage sa;
	size_t i;

	for (i = 0; i < ROWS; i++) {
		address_parse(&sa, rows[i].text, 25);
		cr_expect_eq(address_is_allowed((const void *)&sa, &none),
		    rows[i].kind == ADDRESS_PUBLIC, "%s", rows[i].text);
		one.allowed = ADDRESS_BIT(ADDRESS_LOOPBACK);
		cr_expect_eq(address_is_allowed((const void *)&sa, &one),
		    rows[i].kind == ADDRESS_PUBLIC ||
			rows[i].kind == ADDRESS_LOOPBACK,
		    "%s", rows[i].text);
	}
}

Test(net_address, another_family_is_never_allowed)
{
	struct address_policy none = {0};
	struct sockaddr_storage sa = {.ss_family = AF_UNIX};

	cr_expect_not(address_is_allowed((const void *)&sa, &none));
	cr_expect_eq(address_length((const void *)&sa), 0);
}

Test(net_address, texts_are_read_and_written)
{
	static const char *const bad[] = {"", "localhost", "127.1", "1.2.3",
	    "1.2.3.4.5", "1.2.3.256", "0x7f.0.0.1", "[1.2.3.4]", "fe80::1%lo",
	    ":::", "[::1", "::1]", "1:2:3:4:5:6:7:8:9", " ::1"};
	char text[ADDRESS_TEXT_SIZE];
	struct sockaddr_storage sa;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		cr_expect_eq(address_parse(&sa, bad[i], 1), 0, "%s", bad[i]);
	cr_expect_eq(address_parse(&sa, "[2001:DB8::1]", 25),
	    sizeof(struct sockaddr_in6));
	address_text((const void *)&sa, text);
	cr_expect_str_eq(text, "2001:db8::1");
	cr_expect_eq(ntohs(((const struct sockaddr_in6 *)&sa)->sin6_port), 25);
	cr_expect_eq(
	    address_parse(&sa, "192.0.2.1", 65535), sizeof(struct sockaddr_in));
	address_text((const void *)&sa, text);
	cr_expect_str_eq(text, "192.0.2.1");
}

Test(net_address, records_have_4_or_16_bytes)
{
	unsigned char rdata[17] = {192, 0, 2, 1};
	struct sockaddr_storage sa;
	size_t len;

	for (len = 0; len <= sizeof(rdata); len++)
		cr_expect_eq(address_from_rdata(&sa, rdata, len, 25) != 0,
		    len == 4 || len == 16, "%zu", len);
}
