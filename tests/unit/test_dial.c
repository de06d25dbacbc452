/* SPDX-License-Identifier: ISC */

/*
 * From the name of a host to a socket; and the forms of a host's name.
 */

#include "config.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/clock.h"
#include "base/limits.h"
#include "net/dial.h"
#include "net/host.h"
#include "support.h"

/* Listens on a port of 127.0.0.1 that the system chooses; backlog -1 takes
 * the port, but does not listen. */
static int
listener(int backlog, uint16_t *port)
{
	struct sockaddr_in in = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	cr_assert_neq(fd, -1);
	cr_assert_eq(bind(fd, (const void *)&in, sizeof(in)), 0);
	cr_assert_eq(getsockname(fd, (void *)&in, &len), 0);
	if (backlog >= 0)
		cr_assert_eq(listen(fd, backlog), 0);
	*port = ntohs(in.sin_port);
	return fd;
}

Test(dial, a_connection_does_not_block_or_wait_or_survive_exec)
{
	static const char *const hosts[] = {
	    "127.0.0.1", "localhost", "[127.0.0.1]"};
	int server, fd, on;
	socklen_t len = sizeof(on);
	struct err err;
	uint16_t port;
	size_t i;
	char c;

	server = listener(5, &port);
	for (i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		fd = dial(hosts[i], port, 5000, true, &err);
		cr_assert_neq(fd, -1, "%s", err.text);
		cr_expect_eq(recv(fd, &c, 1, 0), -1);
		cr_expect(fcntl(fd, F_GETFL) & O_NONBLOCK);
		cr_expect(fcntl(fd, F_GETFD) & FD_CLOEXEC);
		cr_assert_eq(
		    getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, &len), 0);
		cr_expect(on);
		close(fd);
	}
	close(server);
}

Test(dial, nobody_listening_is_said_of_each_address)
{
	char expected[200];
	struct err err;
	uint16_t port;
	int fd = listener(-1, &port);

	cr_expect_eq(dial("127.0.0.1", port, 5000, false, &err), -1);
	cr_expect_eq(err.code, ERR_UNAVAILABLE);
	snprintf(expected, sizeof(expected),
	    "127.0.0.1:%u: 127.0.0.1: Connection refused", port);
	cr_expect_str_eq(err.text, expected);
	cr_expect_eq(dial("localhost", port, 5000, true, &err), -1);
	cr_expect_eq(err.code, ERR_UNAVAILABLE);
	cr_expect_eq(dial("127.0.0.1", port, 5000, false, NULL), -1);
	close(fd);
}

Test(dial, what_is_no_host_is_unavailable)
{
	char *huge = support_repeat('a', 300);
	const char *hosts[] = {
	    "", "[]", "no host", "nowhere.invalid", "1.2.3.4.5", huge};
	char *label = support_repeat('a', 255);
	struct err err;
	size_t i;

	for (i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		cr_expect_eq(dial(hosts[i], 993, 5000, false, &err), -1);
		/* Without a name server it may be up again later. */
		cr_expect(
		    err.code == ERR_UNAVAILABLE || err.code == ERR_TEMPORARY,
		    "%s", err.text);
		cr_expect_not_null(strstr(err.text, ":993: "), "%s", err.text);
	}
	cr_expect_eq(strncmp(err.text, label, 255), 0);
	free(label);
	free(huge);
}

/* In the place of the C library's: "many-N.example" has the addresses 127.9.8.1
 * to 127.9.8.N, in that order, where nobody else listens; "full-N.example" has
 * 127.0.0.1 N times. */
int
getaddrinfo(const char *restrict host, const char *restrict service,
    const struct addrinfo *restrict hints, struct addrinfo **restrict out)
{
	int (*real)(const char *, const char *, const struct addrinfo *,
	    struct addrinfo **);
	struct addrinfo *all = NULL, *one;
	char address[20];
	bool is_full = host != NULL && strncmp(host, "full-", 5) == 0;
	unsigned n;
	int rc = 0;

	*(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
	if (host == NULL ||
	    sscanf(host, is_full ? "full-%u." : "many-%u.", &n) != 1)
		return real(host, service, hints, out);
	for (; n > 0 && rc == 0; n--) {
		snprintf(address, sizeof(address),
		    is_full ? "127.0.0.1" : "127.9.8.%u", n);
		rc = real(address, service, hints, &one);
		if (rc == 0) {
			one->ai_next = all;
			all = one;
		}
	}
	*out = all;
	return rc;
}

/* Listens on 127.9.8.N alone, and connects to all of that name. */
static int
dial_the_last(unsigned n, struct err *err)
{
	struct sockaddr_in in = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f090800 + n)};
	socklen_t len = sizeof(in);
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), fd;
	char name[30];

	cr_assert_eq(bind(server, (const void *)&in, sizeof(in)), 0);
	cr_assert_eq(getsockname(server, (void *)&in, &len), 0);
	cr_assert_eq(listen(server, 5), 0);
	snprintf(name, sizeof(name), "many-%u.example", n);
	fd = dial(name, ntohs(in.sin_port), 5000, true, err);
	close(server);
	return fd;
}

Test(dial, so_many_addresses_are_tried)
{
	struct err err;
	int fd = dial_the_last(ADDRESSES_MAX, &err);

	cr_assert_neq(fd, -1, "%s", err.text);
	close(fd);
	cr_expect_eq(dial_the_last(ADDRESSES_MAX + 1, &err), -1);
	cr_expect_not_null(strstr(err.text, "127.9.8.16: "), "%s", err.text);
	cr_expect_null(strstr(err.text, "127.9.8.17: "), "%s", err.text);
}

/* 192.0.2.0/24 and 2001:db8::/32 are nobody's (RFC 5737, RFC 3849). */
static const char *const far[] = {"192.0.2.1", "128.0.0.1", "126.255.255.255",
    "0.0.0.0", "2001:db8::1", "[2001:db8::1]", "::", "::ffff:127.0.0.1"};

Test(dial, what_is_not_loopback_is_refused_before_anything_is_sent)
{
	int64_t start = clock_ms();
	struct err err;
	size_t i;

	for (i = 0; i < sizeof(far) / sizeof(*far); i++) {
		cr_expect_eq(dial(far[i], 993, 5000, true, &err), -1);
		cr_expect_eq(err.code, ERR_REFUSED, "%s: %s", far[i], err.text);
		cr_expect_not_null(
		    strstr(err.text, "not this machine's own loopback"));
	}
	cr_expect_lt(clock_ms() - start, 2000);
}

Test(dial, all_of_127_is_loopback)
{
	struct err err;

	cr_expect_eq(dial("127.255.255.254", 1, 2000, true, &err), -1);
	cr_expect_eq(err.code, ERR_UNAVAILABLE, "%s", err.text);
	cr_expect_eq(dial("::1", 1, 2000, true, &err), -1);
	cr_expect_eq(err.code, ERR_UNAVAILABLE, "%s", err.text);
	cr_expect_eq(strncmp(err.text, "[::1]:1: ", 9), 0, "%s", err.text);
}

/* A full queue of connections on Linux lets the next one wait. */
Test(dial, all_addresses_have_the_time_of_two)
{
	int server, fds[8], i;
	int64_t start, took;
	struct err err;
	uint16_t port;

	server = listener(0, &port);
	for (i = 0; i < 8; i++)
		fds[i] = dial("127.0.0.1", port, 100, true, &err);
	start = clock_ms();
	cr_expect_eq(dial("full-9.example", port, 200, true, &err), -1);
	took = clock_ms() - start;
	cr_expect_geq(took, 400);
	cr_expect_lt(took, 9 * 200);
	for (i = 0; i < 8; i++)
		if (fds[i] != -1)
			close(fds[i]);
	close(server);
}

/* A full queue of connections on Linux lets the next one wait. */
Test(dial, a_server_that_does_not_answer_is_given_up)
{
	int server, fds[8], i;
	int64_t start, took;
	struct err err;
	uint16_t port;

	server = listener(0, &port);
	for (i = 0; i < 8; i++)
		fds[i] = dial("127.0.0.1", port, 100, true, &err);
	start = clock_ms();
	cr_expect_eq(dial("127.0.0.1", port, 300, true, &err), -1);
	took = clock_ms() - start;
	cr_expect_geq(took, 300);
	cr_expect_lt(took, 5000);
	cr_expect_eq(err.code, ERR_UNAVAILABLE);
	cr_expect_not_null(strstr(err.text, "timed out"), "%s", err.text);
	for (i = 0; i < 8; i++)
		if (fds[i] != -1)
			close(fds[i]);
	close(server);
}

Test(host, is_known_in_three_forms)
{
	static const struct {
		const char *host, *bare, *reference, *label;
	} forms[] = {
	    {"imap.example.org", "imap.example.org", "imap.example.org",
		"imap.example.org:993"},
	    {"imap.example.org.", "imap.example.org.", "imap.example.org",
		"imap.example.org.:993"},
	    {"192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.1:993"},
	    {"::1", "::1", "::1", "[::1]:993"},
	    {"[::1]", "::1", "::1", "[::1]:993"},
	    {"", "", "", ":993"},
	    {"[]", "", "", "[]:993"},
	    {"[", "[", "[", "[:993"},
	    {".", ".", "", ".:993"},
	    {"..", "..", "", "..:993"},
	    {".example.org", ".example.org", "", ".example.org:993"},
	};
	char out[HOST_SIZE], label[HOST_LABEL_SIZE];
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		cr_expect_eq(
		    host_bare(forms[i].host, out), forms[i].bare[0] != '\0');
		cr_expect_str_eq(out, forms[i].bare);
		cr_expect_eq(host_reference(forms[i].host, out),
		    forms[i].reference[0] != '\0');
		cr_expect_str_eq(out, forms[i].reference);
		host_label(forms[i].host, 993, label);
		cr_expect_str_eq(label, forms[i].label);
	}
}

Test(host, the_longest_name_fits_and_a_longer_one_is_none)
{
	char out[HOST_SIZE], label[HOST_LABEL_SIZE];
	char *name = support_repeat('a', 256);

	cr_expect(!host_bare(name, out));
	cr_expect_str_eq(out, "");
	cr_expect(!host_reference(name, out));
	host_label(name, 65535, label);
	cr_expect_eq(strlen(label), 255 + 6);
	name[255] = '\0';
	cr_expect(host_bare(name, out));
	cr_expect(host_reference(name, out));
	cr_expect_str_eq(out, name);
	name[3] = ':';
	host_label(name, 65535, label);
	cr_expect_str_eq(label + HOST_LABEL_SIZE - 1 - 7, "]:65535");
	free(name);
}

Test(host, an_address_is_told_from_a_name)
{
	cr_expect(host_is_address("127.0.0.1"));
	cr_expect(host_is_address("::1"));
	cr_expect(!host_is_address("[::1]"));
	cr_expect(!host_is_address("127.1"));
	cr_expect(!host_is_address("localhost"));
	cr_expect(!host_is_address(""));
}
