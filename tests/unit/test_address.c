/* SPDX-License-Identifier: ISC */

/*
 * Addresses that mail is sent to: no option of sendmail, no second field.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/address.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

Test(address, plain_ones_are_taken)
{
	static const char rows[][40] = {"postmaster@example.com", "root",
	    "a.b+c=d@sub.example.com", "o'neil@example.com", "a@b",
	    "x_-y@xn--bcher-kva.example", "user%relay@example.com"};
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		cr_expect(address_is_plain(span_of(rows[i])), "%s", rows[i]);
}

Test(address, what_could_be_read_otherwise_is_refused)
{
	static const char rows[][40] = {"", "@", "@example.com", "a@",
	    "a@@example.com", "a@b@c", "-oQ/tmp@example.com", "-t", "|/bin/sh",
	    "/var/mail/x", "a b@example.com", "a@example.com ",
	    "a@example.com\n", "a@example.com\r\nBcc: x", "a\t@example.com",
	    "<a@example.com>", "Bob <a@example.com>", "\"a b\"@example.com",
	    "a,b@example.com", "a;b", "a:b", "a(b)@example.com",
	    "a@[192.0.2.1]", "a\\b@example.com", "a\x7f@example.com",
	    "\xc3\xa4@example.com"};
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		cr_expect_not(
		    address_is_plain(span_of(rows[i])), "%s", rows[i]);
	cr_expect_not(address_is_plain((struct span){"a\0@b", 4}));
	cr_expect_not(address_is_plain((struct span){NULL, 0}));
}

Test(address, one_of_254_bytes_is_the_longest)
{
	char text[256];

	memset(text, 'a', sizeof(text));
	cr_expect(address_is_plain((struct span){text, 254}));
	cr_expect_not(address_is_plain((struct span){text, 255}));
}

static void
check_list(const char *list, const char *wanted)
{
	struct span rest = span_of(list), address;
	char got[80] = "";
	size_t len = 0;

	while (address_next(&rest, &address) && len < 60)
		len += (size_t)snprintf(got + len, sizeof(got) - len, "[%.*s]",
		    (int)address.len, address.len > 0 ? address.p : "");
	cr_expect_str_eq(got, wanted, "%s: %s", list, got);
	cr_expect_not(address_next(&rest, &address), "it stays at its end");
}

Test(address, a_list_is_taken_apart_at_its_commas)
{
	check_list("a@b", "[a@b]");
	check_list("a@b,c@d", "[a@b][c@d]");
	check_list(" a@b ,\tc@d ", "[a@b][c@d]");
	check_list("a@b,", "[a@b][]");
	check_list(",", "[][]");
	check_list("", "[]");
}
