/* SPDX-License-Identifier: ISC */

/*
 * A connection has a measure of time and bytes, in clear text and under TLS,
 * and its first failure stays.
 */

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/clock.h"
#include "net_kit.h"
#include "support.h"

#define PATIENCE_MS 20000

/* A connection in clear text, and the server's end of it. */
static struct link *
open_link(int silence_ms, int *server)
{
	int fds[2];

	net_kit_pair(fds);
	*server = fds[1];
	return link_new(fds[0], "mail.example.org", 143, silence_ms);
}

static void
put(int fd, struct span bytes)
{
	cr_assert_eq(
	    send(fd, bytes.p, bytes.len, MSG_NOSIGNAL), (ssize_t)bytes.len);
}

/* The server sends a byte every 20 ms, in a process of its own. */
static pid_t
drip(int fd, int n)
{
	pid_t pid = fork();

	cr_assert_neq(pid, -1);
	if (pid != 0)
		return pid;
	while (n-- > 0 && send(fd, "x", 1, MSG_NOSIGNAL) == 1)
		usleep(20000);
	_exit(0);
}

/* ---- failure ---- */

Test(link, the_first_failure_stays)
{
	int server;
	struct link *l = open_link(PATIENCE_MS, &server);
	struct err first, again = {0};
	char c;

	cr_expect_null(link_failure(l));
	put(server, SPAN("a"));
	close(server);
	cr_expect_eq(link_read(l, &c, 1, &first), 1);
	cr_expect_null(link_failure(l));
	cr_expect_eq(link_read(l, &c, 1, &first), -1);
	cr_expect_eq(first.code, ERR_TEMPORARY);
	cr_expect_str_eq(first.text,
	    "mail.example.org:143: the server has closed the connection");
	cr_expect_eq(link_write(l, "x", 1, &again), -1);
	cr_expect_str_eq(again.text, first.text);
	link_allow(l, 1000, 1000);
	cr_expect_eq(link_read_line(l, &c, 1, &again), -1);
	cr_expect_str_eq(again.text, first.text);
	cr_expect_eq(link_start_tls(l, NULL, &again), -1);
	cr_expect_str_eq(again.text, first.text);
	cr_expect_eq(link_read(l, &c, 1, NULL), -1);
	cr_expect_str_eq(link_failure(l)->text, first.text);
	link_free(l);
	link_free(NULL);
}

Test(link, writing_to_a_server_that_has_gone_raises_no_signal)
{
	int server;
	struct link *l = open_link(PATIENCE_MS, &server);
	struct err err;

	close(server);
	cr_expect_eq(link_write(l, "x", 1, &err), -1);
	cr_expect_eq(err.code, ERR_TEMPORARY);
	cr_expect_str_eq(err.text, "mail.example.org:143: Broken pipe");
	link_free(l);
}

Test(link, under_tls_neither)
{
	struct tls_trust *trust;
	struct net_kit_peer peer = net_kit_serve("cut", "good");
	struct link *l = link_new(peer.fd, "localhost", 993, PATIENCE_MS);
	struct err err;
	int i, rc = 0;

	cr_assert_eq(tls_trust_new(&trust, net_kit_pki("ca.pem"), "", &err), 0);
	cr_assert_eq(link_start_tls(l, trust, &err), 0, "%s", err.text);
	cr_expect(link_has_tls(l));
	net_kit_report(&peer);
	for (i = 0; i < 100 && rc == 0; i++)
		rc = link_write(l, "x", 1, &err);
	cr_expect_eq(rc, -1);
	cr_expect_eq(err.code, ERR_TEMPORARY);
	link_free(l);
	tls_trust_free(trust);
}

/* ---- time ---- */

Test(link, silence_ends_a_read)
{
	int server;
	struct link *l = open_link(150, &server);
	int64_t start = clock_ms(), took;
	struct err err;
	char c;

	cr_expect_eq(link_time_left(l), INT64_MAX);
	cr_expect_eq(link_read(l, &c, 1, &err), -1);
	took = clock_ms() - start;
	cr_expect_geq(took, 150);
	cr_expect_lt(took, 3000);
	cr_expect_eq(err.code, ERR_TEMPORARY);
	cr_expect_str_eq(err.text,
	    "mail.example.org:143: the server was silent for 0.150 seconds");
	link_free(l);
	close(server);
}

Test(link, silence_ends_a_write_that_nobody_takes)
{
	int server;
	struct link *l = open_link(150, &server);
	char *much = support_repeat('x', (size_t)4 << 20);
	struct err err;

	cr_expect_eq(link_write(l, much, (size_t)4 << 20, &err), -1);
	cr_expect_not_null(strstr(err.text, "silent"), "%s", err.text);
	link_free(l);
	close(server);
	free(much);
}

Test(link, silence_ends_a_handshake)
{
	struct tls_trust *trust;
	int server;
	struct link *l = open_link(150, &server);
	int64_t start = clock_ms();
	struct err err;
	char junk[4096];
	pid_t pid;

	cr_assert_eq(tls_trust_new(&trust, net_kit_pki("ca.pem"), "", &err), 0);
	cr_expect_eq(link_start_tls(l, trust, &err), -1);
	cr_expect_not_null(strstr(err.text, "silent"), "%s", err.text);
	link_free(l);
	cr_expect_gt(recv(server, junk, sizeof(junk), 0), 100);
	close(server);

	/* A drip does not prolong it: the record it would be never ends. */
	l = open_link(150, &server);
	put(server, SPAN("\x16\x03\x03\x40\x00"));
	pid = drip(server, 1000);
	cr_expect_eq(link_start_tls(l, trust, &err), -1);
	cr_expect_eq(err.code, ERR_TEMPORARY);
	cr_expect_lt(clock_ms() - start, 5000);
	link_free(l);
	close(server);
	kill(pid, SIGKILL);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	tls_trust_free(trust);
}

Test(link, a_byte_now_and_then_does_not_put_off_the_deadline)
{
	int server;
	struct link *l = open_link(PATIENCE_MS, &server);
	int64_t start = clock_ms(), took;
	struct err err;
	pid_t pid;
	int n = 0;
	char c;

	pid = drip(server, 1000);
	link_allow(l, 300, UINT64_MAX);
	cr_expect_leq(link_time_left(l), 300);
	while (link_read(l, &c, 1, &err) == 1)
		n++;
	took = clock_ms() - start;
	cr_expect_geq(took, 300);
	cr_expect_lt(took, 3000);
	cr_expect_gt(n, 1);
	cr_expect_eq(err.code, ERR_TEMPORARY);
	cr_expect_str_eq(err.text,
	    "mail.example.org:143: the server took longer than it may for all "
	    "that was asked");
	cr_expect_eq(link_time_left(l), 0);
	link_free(l);
	close(server);
	kill(pid, SIGKILL);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
}

Test(link, after_the_deadline_not_even_what_waits_is_read)
{
	int server;
	struct link *l = open_link(PATIENCE_MS, &server);
	struct err err;
	char c;

	put(server, SPAN("late"));
	link_allow(l, 0, UINT64_MAX);
	cr_expect_eq(link_read(l, &c, 1, &err), -1);
	cr_expect_eq(err.code, ERR_TEMPORARY);
	link_free(l);
	close(server);
}

Test(link, time_of_our_own_is_forgiven)
{
	int server;
	struct link *l = open_link(PATIENCE_MS, &server);

	link_forgive(l, 1000);
	cr_expect_eq(link_time_left(l), INT64_MAX);
	link_allow(l, 10000, UINT64_MAX);
	link_forgive(l, 5000);
	cr_expect_gt(link_time_left(l), 12000);
	cr_expect_leq(link_time_left(l), 15000);
	link_forgive(l, INT64_MIN);
	cr_expect_gt(link_time_left(l), 12000);
	link_forgive(l, INT64_MAX);
	cr_expect_eq(link_time_left(l), INT64_MAX);
	link_allow(l, INT64_MAX, UINT64_MAX);
	cr_expect_eq(link_time_left(l), INT64_MAX);
	link_free(l);
	close(server);
}

/* ---- bytes ---- */

Test(link, the_budget_is_held_to_the_byte)
{
	int server;
	struct link *l = open_link(PATIENCE_MS, &server);
	struct err err;
	char buf[100];

	put(server, SPAN("0123456789"));
	link_allow(l, PATIENCE_MS, 4);
	cr_expect_eq(link_read(l, buf, sizeof(buf), &err), 4);
	link_allow(l, PATIENCE_MS, 6);
	cr_expect_eq(link_read(l, buf, 5, &err), 5);
	cr_expect_eq(link_read(l, buf, 5, &err), 1);
	put(server, SPAN("x"));
	cr_expect_eq(link_read(l, buf, 5, &err), -1);
	cr_expect_eq(err.code, ERR_BOUND);
	cr_expect_str_eq(err.text,
	    "mail.example.org:143: the server sent more than it may for what "
	    "was asked");
	link_free(l);
	close(server);
}

Test(link, a_budget_that_is_used_up_to_the_byte_is_no_failure)
{
	int server;
	struct link *l = open_link(100, &server);
	struct err err;
	char buf[100];

	put(server, SPAN("0123"));
	link_allow(l, PATIENCE_MS, 4);
	cr_expect_eq(link_read_line(l, buf, sizeof(buf), &err), -1);
	cr_expect_eq(err.code, ERR_TEMPORARY, "%s", err.text);
	link_free(l);
	close(server);
}

/* Returns what comes of reading the server's 7 bytes with a budget. */
static enum err_code
read_hello(uint64_t budget, const struct tls_trust *trust)
{
	struct net_kit_peer peer = net_kit_serve("farewell", "good");
	struct link *l = link_new(peer.fd, "localhost", 993, PATIENCE_MS);
	char line[10];
	struct err err = {0};

	link_allow(l, PATIENCE_MS, budget);
	cr_assert_eq(link_start_tls(l, trust, &err), 0, "%s", err.text);
	if (link_read_line(l, line, sizeof(line), &err) == 5)
		cr_expect_str_eq(line, "hello");
	link_free(l);
	net_kit_report(&peer);
	return err.code;
}

Test(link, under_tls_only_what_is_said_counts)
{
	struct tls_trust *trust;
	struct err err;

	cr_assert_eq(tls_trust_new(&trust, net_kit_pki("ca.pem"), "", &err), 0);
	cr_expect_eq(read_hello(7, trust), ERR_NONE);
	cr_expect_eq(read_hello(6, trust), ERR_BOUND);
	tls_trust_free(trust);
}

/* ---- lines ---- */

static const struct {
	const char *sent;
	const char *line;
} lines[] = {
    {"\r\n", ""},
    {"\n", ""},
    {"a\r\n", "a"},
    {"a\n", "a"},
    {"a\r\r\n", "a\r"},
    {"\ra\r\n", "\ra"},
    {"1234567\r\n", "1234567"},
    {"1234567\n", "1234567"},
    {"123456\r\r\n", "123456\r"},
};

Test(link, a_line_ends_where_it_ends)
{
	char buf[8], rest;
	struct link *l;
	struct err err;
	int server;
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		l = open_link(PATIENCE_MS, &server);
		put(server, span_of(lines[i].sent));
		put(server, SPAN("!"));
		cr_expect_eq(link_read_line(l, buf, sizeof(buf), &err),
		    (ssize_t)strlen(lines[i].line), "%zu", i);
		cr_expect_str_eq(buf, lines[i].line);
		cr_expect_eq(link_read(l, &rest, 1, &err), 1);
		cr_expect_eq(rest, '!');
		link_free(l);
		close(server);
	}
}

static const char *const too_long[] = {"12345678\n", "12345678\r\n",
    "1234567\r\r\n", "1234567\rx\n", "123456789012345678901234567890"};

Test(link, a_line_that_does_not_fit_is_over_the_bound)
{
	struct link *l;
	struct err err;
	char buf[8];
	int server;
	size_t i;

	for (i = 0; i < sizeof(too_long) / sizeof(*too_long); i++) {
		l = open_link(PATIENCE_MS, &server);
		put(server, span_of(too_long[i]));
		cr_expect_eq(link_read_line(l, buf, sizeof(buf), &err), -1);
		cr_expect_eq(err.code, ERR_BOUND, "%zu: %s", i, err.text);
		link_free(l);
		close(server);
	}
}

Test(link, a_line_with_a_nul_is_none)
{
	int server;
	struct link *l = open_link(PATIENCE_MS, &server);
	struct err err;
	char buf[8];

	put(server, SPAN("a\0b\r\n"));
	cr_expect_eq(link_read_line(l, buf, sizeof(buf), &err), -1);
	cr_expect_eq(err.code, ERR_DATA);
	link_free(l);
	close(server);
}

/* ---- STARTTLS ---- */

/* Talks in clear text, then starts TLS.  Returns what the server says. */
static const char *
upgrade(const char *mode, struct err *err)
{
	struct net_kit_peer peer = net_kit_serve(mode, "good");
	struct link *l = link_new(peer.fd, "localhost", 143, PATIENCE_MS);
	struct tls_trust *trust;
	char line[20];

	*err = (struct err){0};
	cr_assert_eq(tls_trust_new(&trust, net_kit_pki("ca.pem"), "", err), 0);
	cr_assert_eq(link_write(l, "STARTTLS\r\n", 10, err), 0);
	cr_assert_eq(link_read_line(l, line, sizeof(line), err), 8);
	cr_expect_str_eq(line, "OK begin");
	cr_expect(!link_has_tls(l));
	usleep(100000);
	if (link_start_tls(l, trust, err) == 0) {
		cr_expect_eq(link_read_line(l, line, sizeof(line), err), 5);
		cr_expect_eq(link_write(l, "thanks", 6, err), 0);
	}
	link_free(l);
	tls_trust_free(trust);
	return net_kit_report(&peer);
}

Test(link, clear_text_may_become_tls)
{
	struct err err;
	const char *report = upgrade("starttls", &err);

	cr_expect_eq(err.code, ERR_NONE, "%s", err.text);
	cr_expect_not_null(strstr(report, "received 6"), "%s", report);
}

Test(link, what_is_put_behind_the_answer_to_starttls_is_refused)
{
	struct err err;
	const char *report = upgrade("inject", &err);

	cr_expect_eq(err.code, ERR_REFUSED);
	cr_expect_str_eq(err.text,
	    "localhost:143: clear text follows where TLS must begin: somebody "
	    "may have put it there");
	cr_expect_not_null(strstr(report, "refused"), "%s", report);
}

Test(link, much_passes_both_ways_under_tls)
{
	struct net_kit_peer peer = net_kit_serve("tls", "good");
	struct link *l = link_new(peer.fd, "localhost", 993, PATIENCE_MS);
	char *much = support_repeat('x', (size_t)4 << 20), line[10];
	struct tls_trust *trust;
	struct err err;

	cr_assert_eq(tls_trust_new(&trust, net_kit_pki("ca.pem"), "", &err), 0);
	cr_assert_eq(link_start_tls(l, trust, &err), 0, "%s", err.text);
	cr_expect_eq(link_read_line(l, line, sizeof(line), &err), 5);
	cr_expect_eq(link_write(l, much, (size_t)4 << 20, &err), 0);
	link_free(l);
	cr_expect_not_null(strstr(net_kit_report(&peer), "received 4194304"));
	tls_trust_free(trust);
	free(much);
}
