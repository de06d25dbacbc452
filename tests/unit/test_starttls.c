/* SPDX-License-Identifier: ISC */

/*
 * What a server may say in clear text before it answers.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/buf.h"
#include "imap/starttls.h"
#include "net_kit.h"

/* Lines to an answer, and bytes of a line with its end and a NUL, as
 * src/imap/starttls.c has them. */
#define LINES	   32
#define LINE_BYTES 8192

/* Hands a session what the server says, from the first byte on. */
static void
talk(struct buf *said, struct err *err)
{
	struct link *l;
	int fds[2];

	net_kit_pair(fds);
	l = link_new(fds[0], "mail.example.org", 143, 20000);
	cr_assert_eq(send(fds[1], said->data, said->len, MSG_NOSIGNAL),
	    (ssize_t)said->len);
	shutdown(fds[1], SHUT_WR);
	cr_assert_eq(starttls(l, NULL, err), -1);
	link_free(l);
	close(fds[1]);
	buf_free(said);
}

static void
put(struct buf *b, const char *text, size_t n)
{
	while (n-- > 0)
		cr_assert_eq(buf_append(b, text, strlen(text)), 0);
}

/* A server that says n lines, of which the last is the answer. */
static void
talk_lines(size_t n, struct err *err)
{
	struct buf b = {.cap = 1 << 20};

	put(&b, "* OK hello\r\n", 1);
	put(&b, "* OK by the way\r\n", n - 1);
	put(&b, "a OK done\r\n", 1);
	talk(&b, err);
}

Test(starttls, an_answer_comes_after_so_many_lines)
{
	struct err err;

	talk_lines(LINES, &err);
	cr_expect_eq(err.code, ERR_REFUSED, "%s", err.text);
	cr_expect_not_null(strstr(err.text, "does not offer STARTTLS"));
	talk_lines(LINES + 1, &err);
	cr_expect_eq(err.code, ERR_UNAVAILABLE, "%s", err.text);
	cr_expect_not_null(strstr(err.text, "talks of other things"));
}

/* A greeting and a line after it, each of n bytes before its end. */
static void
talk_long(size_t greeting, size_t n, struct err *err)
{
	struct buf b = {.cap = 1 << 20};

	put(&b, "* OK ", 1);
	put(&b, "x", greeting - 5);
	put(&b, "\r\n* OK ", 1);
	put(&b, "x", n - 5);
	put(&b, "\r\na OK done\r\n", 1);
	talk(&b, err);
}

Test(starttls, a_line_is_long_up_to_a_bound)
{
	const size_t most = LINE_BYTES - 1;
	struct err err;

	talk_long(most, most, &err);
	cr_expect_eq(err.code, ERR_REFUSED, "%s", err.text);
	talk_long(most + 1, 9, &err);
	cr_expect_eq(err.code, ERR_BOUND, "%s", err.text);
	talk_long(9, most + 1, &err);
	cr_expect_eq(err.code, ERR_BOUND, "%s", err.text);
}
