/* SPDX-License-Identifier: ISC */

/*
 * Questions to the DNS and what comes of them: the parts that need no name
 * server, and one that never answers.
 */

#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <unbound.h>

#include "base/clock.h"
#include "base/limits.h"
#include "net/dns_private.h"
#include "support.h"

#define HEAD "\0\0\x81\x80\0\1\0\1\0\0\0\0"

/* ---- names and aliases ---- */

static bool
name_at(const char *bytes, size_t len, size_t at, char out[DNS_NAME_SIZE])
{
	return dns_packet_name((const void *)bytes, len, &at, out);
}

Test(dns_packet, names_are_written_as_in_a_zone)
{
	static const char bytes[] =
	    "\1a\7example\0\xc0\0\4a.b\\\3\0\x7f\xff\xc0\2\0";
	char out[DNS_NAME_SIZE];
	size_t at = 11;

	cr_assert(name_at(bytes, sizeof(bytes), 0, out));
	cr_expect_str_eq(out, "a.example");
	cr_assert(
	    dns_packet_name((const void *)bytes, sizeof(bytes), &at, out));
	cr_expect_str_eq(out, "a.example");
	cr_expect_eq(at, 13);
	cr_assert(
	    dns_packet_name((const void *)bytes, sizeof(bytes), &at, out));
	cr_expect_str_eq(out, "a\\.b\\\\.\\000\\127\\255.example");
	cr_expect_eq(at, 24);
	cr_assert(name_at(bytes, sizeof(bytes), 10, out));
	cr_expect_str_eq(out, ".");
}

Test(dns_packet, names_that_do_not_end_are_none)
{
	static const char loop[] = "\xc0\0", forward[] = "\xc0\2\0",
			  mutual[] = "\1a\xc0\4\1b\xc0\0", kind[] = "\x41x\0";
	static const char whole[] = "\3abc\2de\0";
	char out[DNS_NAME_SIZE];
	size_t len;

	cr_expect_not(name_at(loop, 2, 0, out));
	cr_expect_not(name_at(forward, 3, 0, out));
	cr_expect_not(name_at(mutual, 8, 0, out));
	cr_expect_not(name_at(mutual, 8, 4, out));
	cr_expect_not(name_at(kind, 3, 0, out));
	for (len = 0; len < sizeof(whole) - 1; len++)
		cr_expect_not(name_at(whole, len, 0, out), "%zu", len);
	cr_expect(name_at(whole, sizeof(whole) - 1, 0, out));
}

Test(dns_packet, a_name_has_255_octets_at_most)
{
	char bytes[300], out[DNS_NAME_SIZE];
	size_t i, last;

	/* 3 * 64 + 62 + 1 = 255, all of them to be escaped. */
	for (last = 61; last <= 62; last++) {
		memset(bytes, 0, sizeof(bytes));
		for (i = 0; i < 3; i++)
			bytes[i * 64] = 63;
		bytes[3 * 64] = (char)last;
		cr_expect_eq(name_at(bytes, sizeof(bytes), 0, out), last == 61);
	}
	cr_expect_eq(strlen(out), (3 * 63) * 4 + 2, "cut at the last label");
}

Test(dns_packet, a_name_has_127_pointers_at_most)
{
	char bytes[600] = "", out[DNS_NAME_SIZE];
	unsigned i;

	/* Each leads to the one before, the first to the root at 0. */
	for (i = 0; i < 200; i++) {
		bytes[2 + 2 * i] = (char)(0xc0 | (i == 0 ? 0 : (2 * i) >> 8));
		bytes[3 + 2 * i] = (char)(i == 0 ? 0 : 2 * i);
	}
	cr_expect(name_at(bytes, sizeof(bytes), 2 + 2 * 126, out));
	cr_expect_not(name_at(bytes, sizeof(bytes), 2 + 2 * 127, out));
}

/* A message with a chain of n aliases from n0, each a record "nI CNAME nJ"
 * without compression.  Returns its length. */
static size_t
make_chain(unsigned char *out, unsigned n)
{
	unsigned char *p = out;
	unsigned i;

	memcpy(p, HEAD, 12);
	p[7] = (unsigned char)n;
	p += 12;
	memcpy(p, "\2n\x20\0\0\1\0\1", 8);
	p += 8;
	for (i = 0; i < n; i++) {
		memcpy(p, "\2n\x20\0\0\5\0\1\0\0\0\1\0\4\2n\x20\0", 18);
		p[2] = (unsigned char)(' ' + i);
		p[16] = (unsigned char)(' ' + i + 1);
		p += 18;
	}
	return (size_t)(p - out);
}

static void
count(void *arg, const char *target)
{
	(void)target;
	++*(int *)arg;
}

Test(dns_packet, a_chain_is_followed_to_its_bound_and_cut_anywhere)
{
	unsigned char packet[1024];
	size_t len = make_chain(packet, 5), cut;
	int n = 0;

	cr_expect_eq(dns_packet_aliases(packet, len, 9, count, &n), 5);
	cr_expect_eq(n, 5);
	n = 0;
	cr_expect_eq(dns_packet_aliases(packet, len, 3, count, &n), 3);
	cr_expect_eq(n, 3);
	for (cut = 0; cut < len; cut++)
		cr_expect_eq(dns_packet_aliases(packet, cut, 9, count, &n), -1,
		    "%zu", cut);
	packet[5] = 2;
	cr_expect_eq(dns_packet_aliases(packet, len, 9, count, &n), -1);
}

/* ---- answers ---- */

Test(dns, what_libunbound_says_has_a_state)
{
	static const struct {
		int rcode, havedata, nxdomain, secure, bogus;
		enum dns_state state;
		enum dns_security security;
	} rows[] = {
	    {0, 1, 0, 1, 0, DNS_DATA, DNS_SECURE},
	    {0, 1, 0, 0, 0, DNS_DATA, DNS_INSECURE},
	    {0, 0, 0, 1, 0, DNS_NODATA, DNS_SECURE},
	    {0, 0, 0, 0, 0, DNS_NODATA, DNS_INSECURE},
	    {3, 0, 1, 1, 0, DNS_NXDOMAIN, DNS_SECURE},
	    {3, 0, 1, 0, 0, DNS_NXDOMAIN, DNS_INSECURE},
	    {0, 1, 0, 0, 1, DNS_BOGUS, DNS_WRONG},
	    {2, 0, 0, 0, 1, DNS_BOGUS, DNS_WRONG},
	    {3, 0, 1, 0, 1, DNS_BOGUS, DNS_WRONG},
	    {2, 0, 0, 0, 0, DNS_SERVFAIL, DNS_UNKNOWN},
	    {5, 0, 0, 0, 0, DNS_REFUSED, DNS_UNKNOWN},
	    {4, 0, 0, 0, 0, DNS_FAILED, DNS_UNKNOWN},
	    {9, 0, 0, 1, 0, DNS_FAILED, DNS_UNKNOWN},
	};
	char *data[] = {NULL};
	struct dns_answer *a;
	struct ub_result r;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		r = (struct ub_result){.rcode = rows[i].rcode,
		    .data = data,
		    .havedata = rows[i].havedata,
		    .nxdomain = rows[i].nxdomain,
		    .secure = rows[i].secure,
		    .bogus = rows[i].bogus};
		a = dns_answer_read("a.example", DNS_TXT, 0, &r);
		cr_expect_eq(a->state, rows[i].state, "%zu", i);
		cr_expect_eq(a->security, rows[i].security, "%zu", i);
		cr_expect_eq(a->rcode, rows[i].rcode);
		cr_expect_eq(dns_is_known(a), rows[i].state <= DNS_NXDOMAIN);
		dns_answer_free(a);
	}
	a = dns_answer_read("a.example", DNS_TXT, UB_NOMEM, NULL);
	cr_expect_eq(a->state, DNS_FAILED);
	cr_expect_neq(a->why[0], '\0');
	dns_answer_free(a);
}

Test(dns, records_of_an_answer_are_bound)
{
	static char *data[DNS_RECORDS_MAX + 2];
	static int len[DNS_RECORDS_MAX + 2];
	struct ub_result r = {.havedata = 1, .data = data, .len = len};
	struct dns_answer *a;
	char byte = 'x';
	int i, more;

	for (more = 0; more <= 1; more++) {
		for (i = 0; i < DNS_RECORDS_MAX + more; i++) {
			data[i] = &byte;
			len[i] = 1;
		}
		a = dns_answer_read("a.example", DNS_TXT, 0, &r);
		cr_expect_eq(a->records_n, DNS_RECORDS_MAX);
		cr_expect_eq(a->cut, more == 1);
		cr_expect_eq(a->records[DNS_RECORDS_MAX - 1].data[0], 'x');
		dns_answer_free(a);
	}
}

Test(dns, aliases_of_an_answer_are_bound)
{
	unsigned char packet[1024];
	char *data[] = {NULL};
	struct ub_result r = {.data = data, .answer_packet = packet};
	struct dns_answer *a;
	unsigned more;

	for (more = 0; more <= 1; more++) {
		r.answer_len = (int)make_chain(packet, DNS_ALIASES_MAX + more);
		a = dns_answer_read("n\\032", DNS_TXT, 0, &r);
		cr_expect_eq(a->aliases_n, DNS_ALIASES_MAX);
		cr_expect_str_eq(a->aliases[0], "n!");
		cr_expect_eq(a->cut, more == 1);
		dns_answer_free(a);
	}
}

Test(dns, why_it_is_bogus_is_bound)
{
	static char why[100000];
	char *data[] = {NULL};
	struct ub_result r = {.bogus = 1, .data = data, .why_bogus = why};
	struct dns_answer *a;

	memset(why, 'x', sizeof(why) - 1);
	a = dns_answer_read("a.example", DNS_TXT, 0, &r);
	cr_expect_lt(strlen(a->why), 1000);
	dns_answer_free(a);
}

/* ---- a server that never answers ---- */

static int
silent_server(char resolver[64])
{
	struct sockaddr_in in = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	cr_assert_eq(bind(fd, (const void *)&in, sizeof(in)), 0);
	cr_assert_eq(getsockname(fd, (void *)&in, &len), 0);
	snprintf(resolver, 64, "127.0.0.1@%u", (unsigned)ntohs(in.sin_port));
	return fd;
}

static struct dns *
start(const char *resolver, int timeout_ms, int in_flight)
{
	struct dns_config c = {.resolvers = &resolver,
	    .resolvers_n = 1,
	    .timeout_ms = timeout_ms,
	    .in_flight = in_flight};
	struct dns *d;
	struct err err;

	cr_assert_eq(dns_new(&d, &c, &err), 0, "%s", err.text);
	return d;
}

static void
count_timeout(void *arg, struct dns_answer *a)
{
	*(int *)arg += a->state == DNS_TIMEOUT;
	dns_answer_free(a);
}

Test(dns, every_question_has_its_deadline, .timeout = 30)
{
	char resolver[64];
	int fd = silent_server(resolver), late = 0, i;
	struct dns *d = start(resolver, 200, 4);
	int64_t begun = clock_ms();
	struct watch w = {0};

	/* Those that wait begin with theirs when they are sent. */
	for (i = 0; i < 8; i++)
		dns_ask(d, "a.example", DNS_TXT, count_timeout, &late);
	while (dns_pending(d) > 0) {
		watch_begin(&w, 10000);
		dns_watch(d, &w);
		watch_wait(&w);
		dns_work(d);
	}
	cr_expect_eq(late, 8);
	cr_expect_geq(clock_ms() - begun, 400);
	cr_expect_lt(clock_ms() - begun, 5000);
	watch_free(&w);
	dns_free(d);
	close(fd);
}

Test(dns, so_many_questions_are_under_way, .timeout = 30)
{
	char resolver[64];
	int fd = silent_server(resolver), late = 0, i;
	struct dns *d = start(resolver, 60000, 0);

	for (i = 0; i < DNS_IN_FLIGHT_MAX; i++)
		dns_ask(d, "a.example", DNS_TXT, count_timeout, &late);
	dns_work(d);
	cr_expect_eq(dns_in_flight(d), DNS_IN_FLIGHT_MAX);
	dns_ask(d, "a.example", DNS_TXT, count_timeout, &late);
	dns_work(d);
	cr_expect_eq(dns_in_flight(d), DNS_IN_FLIGHT_MAX);
	cr_expect_eq(dns_pending(d), DNS_IN_FLIGHT_MAX + 1);
	dns_free(d);
	cr_expect_eq(late, 0, "nobody is called behind the end");
	close(fd);
}

Test(dns, a_trust_anchor_of_ones_own_is_read)
{
	static const char text[] =
	    ". IN DS 20326 8 2 "
	    "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D";
	const char *resolver = "127.0.0.1@9";
	char *dir = support_tmpdir(), path[1024];
	struct dns_config c = {.resolvers = &resolver,
	    .resolvers_n = 1,
	    .anchor_file = path,
	    .timeout_ms = 1000};
	struct dns *d;
	struct err err;

	support_write(dir, "anchor", (struct span){text, sizeof(text) - 1});
	snprintf(path, sizeof(path), "%s/anchor", dir);
	cr_expect_eq(dns_new(&d, &c, &err), 0);
	dns_free(d);
	support_write(dir, "anchor", SPAN("nonsense\n"));
	cr_expect_eq(dns_new(&d, &c, &err), -1);
	cr_expect_eq(err.code, ERR_CONFIG);
	cr_expect_null(d);
	support_remove(dir);
}
