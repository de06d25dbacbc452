/* SPDX-License-Identifier: ISC */

/*
 * Replies of mail servers that mean no good.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/limits.h"
#include "net/smtp_reply.h"

static enum smtp_reply_state
read_all(struct smtp_reply *r, const char *text)
{
	smtp_reply_begin(r);
	return smtp_reply_add(r, text, strlen(text));
}

Test(smtp_reply, lines_of_one_code_are_a_reply)
{
	static const char text[] = "250-mx.example.com\r\n250-SIZE "
				   "1000\r\n250-StartTLS\r\n250 HELP\r\n";
	struct smtp_reply r = {0};
	size_t i;

	smtp_reply_begin(&r);
	/* Byte by byte, it is whole at the last. */
	for (i = 0; i < strlen(text); i++)
		cr_expect_eq(smtp_reply_add(&r, text + i, 1),
		    i == strlen(text) - 1 ? SMTP_REPLY_WHOLE : SMTP_REPLY_MORE);
	cr_expect_eq(r.code, 250);
	cr_expect_str_eq(r.first, "250-mx.example.com");
	cr_expect(smtp_reply_has(&r, "STARTTLS"));
	cr_expect(smtp_reply_has(&r, "SIZE"));
	cr_expect(smtp_reply_has(&r, "HELP"));
	cr_expect_not(smtp_reply_has(&r, "MX.EXAMPLE.COM"));
	cr_expect_not(smtp_reply_has(&r, "START"));
	cr_expect_not(smtp_reply_has(&r, "1000"));
	cr_expect_not(smtp_reply_has_more(&r));
	smtp_reply_free(&r);
}

Test(smtp_reply, short_and_odd_replies)
{
	struct smtp_reply r = {0};

	cr_expect_eq(read_all(&r, "220\r\n"), SMTP_REPLY_WHOLE);
	cr_expect_eq(read_all(&r, "220 \n"), SMTP_REPLY_WHOLE);
	cr_expect_eq(read_all(&r, "220-\n220\n"), SMTP_REPLY_WHOLE);
	cr_expect_eq(r.code, 220);
	cr_expect_eq(
	    read_all(&r, "250-x\r\n250 STARTTLSX\r\n"), SMTP_REPLY_WHOLE);
	cr_expect_not(smtp_reply_has(&r, "STARTTLS"));
	cr_expect_eq(read_all(&r, "250 STARTTLS\r\n"), SMTP_REPLY_WHOLE);
	cr_expect_not(smtp_reply_has(&r, "STARTTLS"), "that is its name");
	smtp_reply_free(&r);
}

Test(smtp_reply, what_comes_behind_is_seen)
{
	struct smtp_reply r = {0};

	cr_expect_eq(read_all(&r, "220 go\r\n2"), SMTP_REPLY_WHOLE);
	cr_expect(smtp_reply_has_more(&r));
	cr_expect_eq(read_all(&r, "220 go\r\n"), SMTP_REPLY_WHOLE);
	cr_expect_not(smtp_reply_has_more(&r));
	smtp_reply_free(&r);
}

Test(smtp_reply, nonsense_is_bad)
{
	static const char *const bad[] = {"\r\n", "2\r\n", "22\r\n",
	    "199 x\r\n", "600 x\r\n", "354 x\r\n", "2x0 x\r\n", "220x\r\n",
	    "2201 x\r\n", "HTTP/1.1 400\r\n", " 220 x\r\n",
	    "220-x\r\n250 x\r\n", "220-x\r\n\r\n"};
	struct smtp_reply r = {0};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		cr_expect_eq(
		    read_all(&r, bad[i]), SMTP_REPLY_BAD, "%s", bad[i]);
		cr_expect_neq(r.why[0], '\0');
	}
	smtp_reply_begin(&r);
	cr_expect_eq(smtp_reply_add(&r, "220 a\0b\r\n", 9), SMTP_REPLY_BAD);
	smtp_reply_free(&r);
}

Test(smtp_reply, control_characters_are_not_kept)
{
	struct smtp_reply r = {0};

	cr_expect_eq(
	    read_all(&r, "220 \033[31m\tb\xc3\xa4\r\n"), SMTP_REPLY_WHOLE);
	cr_expect_str_eq(r.first, "220 ?[31m?b??");
	smtp_reply_free(&r);
}

Test(smtp_reply, a_line_is_long_up_to_a_bound)
{
	static char text[SMTP_LINE_MAX + 8];
	struct smtp_reply r = {0};
	int more;

	for (more = 0; more <= 1; more++) {
		memset(text, 'x', sizeof(text));
		memcpy(text, "250 ", 4);
		snprintf(text + SMTP_LINE_MAX + more, 2, "\n");
		cr_expect_eq(read_all(&r, text),
		    more == 0 ? SMTP_REPLY_WHOLE : SMTP_REPLY_BAD);
		/* Before its end comes, too. */
		text[SMTP_LINE_MAX + more] = '\0';
		cr_expect_eq(read_all(&r, text),
		    more == 0 ? SMTP_REPLY_MORE : SMTP_REPLY_BAD);
	}
	smtp_reply_free(&r);
}

Test(smtp_reply, a_reply_is_long_up_to_a_bound)
{
	static const char line[] = "250-abcdefghijk\n"; /* 16 bytes */
	struct smtp_reply r = {0};
	size_t n;

	smtp_reply_begin(&r);
	for (n = 0; n < SMTP_REPLY_MAX; n += 16)
		cr_assert_eq(smtp_reply_add(&r, line, 16), SMTP_REPLY_MORE);
	cr_expect_eq(smtp_reply_add(&r, "2", 1), SMTP_REPLY_BAD);
	smtp_reply_free(&r);
}
