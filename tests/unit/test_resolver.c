/* SPDX-License-Identifier: ISC */

#include "config.h"

#include <criterion/criterion.h>

#include "base/resolver.h"

Test(resolver, addresses_come_out_in_their_shortest_form)
{
	static const char *const pairs[][2] = {
	    {"192.0.2.1", "192.0.2.1"},
	    {"192.0.2.1@53", "192.0.2.1"},
	    {"192.0.2.1@5353", "192.0.2.1@5353"},
	    {"192.0.2.1@65535", "192.0.2.1@65535"},
	    {"192.0.2.1@1", "192.0.2.1@1"},
	    {"::1", "::1"},
	    {"[::1]", "::1"},
	    {"[2001:DB8:0::1]@5353", "2001:db8::1@5353"},
	    {"2001:db8:1111:2222:3333:4444:5555:6666@65535",
		"2001:db8:1111:2222:3333:4444:5555:6666@65535"},
	    {"::ffff:255.255.255.255@65535", "::ffff:255.255.255.255@65535"},
	};
	char out[RESOLVER_SIZE];
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		cr_assert(resolver_parse(pairs[i][0], out), "%s", pairs[i][0]);
		cr_assert_str_eq(out, pairs[i][1]);
	}
}

Test(resolver, what_is_no_address_is_none)
{
	static const char *const texts[] = {"", "@", "@53", "nonsense",
	    "localhost", "192.0.2.1@", "192.0.2.1@0", "192.0.2.1@65536",
	    "192.0.2.1@99999999999999999999", "192.0.2.1@-1", "192.0.2.1@ 53",
	    "192.0.2.1@53x", "192.0.2.1@53@53", "192.0.2.1:53", "192.0.2.256",
	    "192.0.2", " 192.0.2.1", "192.0.2.1 ", "[192.0.2.1]", "[::1",
	    "::1]", "[]", "[", "fe80::1%eth0", "::g",
	    "2001:db8:1111:2222:3333:4444:5555:6666:7777",
	    "0000000000000000000000000000000000000000000000000000::1"};
	char out[RESOLVER_SIZE];
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		cr_assert(!resolver_parse(texts[i], out), "%s", texts[i]);
}
