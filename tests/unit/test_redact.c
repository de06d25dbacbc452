/* SPDX-License-Identifier: ISC */

/*
 * What a server says of the password does not reach a terminal.
 */

#include "config.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "imap/redact.h"

static void
check(const char *said, const char *secret, const char *wanted)
{
	char text[512];

	snprintf(text, sizeof(text), "%s", said);
	redact(text, "anna", secret);
	cr_expect_str_eq(text, wanted, "%s: %s", secret, text);
}

Test(redact, the_whole_secret_is_hidden)
{
	check("LOGIN anna mother-of-pearl", "mother-of-pearl", "LOGIN anna *");
	check("mother-of-pearl, mother-of-pearl", "mother-of-pearl", "*, *");
	check("mother-of-pearlmother-of-pearl", "mother-of-pearl", "*");
	check("LOGIN anna MOTHER-OF-PEARL", "mother-of-pearl", "LOGIN anna *");
	check("abc", "abc", "*");
	check("xabcx", "abc", "x*x");
}

Test(redact, a_piece_of_it_is_hidden)
{
	check("LOGIN anna mother-o", "mother-of-pearl", "LOGIN anna *");
	check("of-pearl is odd", "mother-of-pearl", "* is odd");
	check("her-of-p", "mother-of-pearl", "*");
	check("her-of-", "mother-of-pearl", "her-of-");
	check("Pearls", "mother-of-pearl", "Pearls");
}

Test(redact, what_is_no_secret_stays)
{
	check("", "secret", "");
	check("no such mailbox", "", "no such mailbox");
	check("no such mailbox", "secret", "no such mailbox");
	check("secre", "secret", "secre");
	check("\xc3\xa9t\xc3\xa9", "secret", "\xc3\xa9t\xc3\xa9");
}

static void
check_login(const char *said, const char *wanted)
{
	char text[512];

	snprintf(text, sizeof(text), "%s", said);
	redact(text, "anna", "p\"w\\9z");
	cr_expect_str_eq(text, wanted, "%s", text);
}

Test(redact, all_forms_of_a_login_are_hidden)
{
	check_login("p\"w\\9z", "*");
	check_login("LOGIN anna \"p\\\"w\\\\9z\"", "LOGIN anna \"*\"");
	/* anna NUL anna NUL secret; NUL anna NUL secret; the secret */
	check_login("AUTHENTICATE PLAIN YW5uYQBhbm5hAHAid1w5eg==",
	    "AUTHENTICATE PLAIN *==");
	check_login("AGFubmEAcCJ3XDl6", "*");
	check_login("cCJ3XDl6", "*");
	check_login("dXNlcj1hbm5hAWF1dGg9QmVhcmVyIHAid1w5egEB", "*");
}
