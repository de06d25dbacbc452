/* SPDX-License-Identifier: ISC */

/*
 * Questions to one name server, which the test itself plays: it takes what is
 * asked, and answers as servers do that are right, lame, old or hostile.
 */

#include "config.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/clock.h"
#include "base/limits.h"
#include "net/dns_packet.h"
#include "net/nameserver.h"

#define NAME	 "_smtp._tls.a.example"
#define QUESTION "\5_smtp\4_tls\1a\7example\0\0\x10\0\1"
#define AA	 0x8400
#define TC	 0x8600

/* ---- questions ---- */

static struct dns_packet_question
about(const char *name)
{
	return (struct dns_packet_question){
	    .id = 0x1234, .name = name, .type = DNS_TXT};
}

Test(nameserver, a_question_is_not_for_a_resolver)
{
	static const char head[] = "\x12\x34\0\0\0\1\0\0\0\0\0\0" QUESTION,
			  opt[] = "\0\0\x29\4\xd0\0\0\0\0\0\0";
	struct dns_packet_question q = about(NAME);
	unsigned char out[DNS_QUESTION_SIZE];
	size_t len = dns_packet_ask(out, &q);

	cr_assert_eq(len, sizeof(head) - 1);
	cr_expect_arr_eq(out, head, len);
	q.name = NAME ".";
	cr_expect_eq(dns_packet_ask(out, &q), len, "a dot at the end");
	q.edns = true;
	cr_assert_eq(dns_packet_ask(out, &q), len + sizeof(opt) - 1);
	cr_expect_eq(out[11], 1);
	cr_expect_arr_eq(out + len, opt, sizeof(opt) - 1);
}

/* A name whose labels have 63 octets, but for the last. */
static const char *
name_of(size_t labels, size_t last)
{
	static char name[300];
	size_t i;

	memset(name, 'x', sizeof(name));
	for (i = 0; i < labels; i++)
		name[i * 64 + 63] = '.';
	name[labels * 64 + last] = '\0';
	return name;
}

Test(nameserver, names_that_cannot_be_asked_for_are_not)
{
	static const char *const names[] = {".", ".a", "a..b", "a.\\046b"};
	unsigned char out[DNS_QUESTION_SIZE];
	struct dns_packet_question q;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		q = about(names[i]);
		cr_expect_eq(dns_packet_ask(out, &q), 0, "%s", names[i]);
	}
	q = about(name_of(0, 63));
	cr_expect_eq(dns_packet_ask(out, &q), 12 + 65 + 4);
	q = about(name_of(0, 64));
	cr_expect_eq(dns_packet_ask(out, &q), 0);
	q = about(name_of(3, 61));
	q.edns = true;
	cr_expect_eq(dns_packet_ask(out, &q), DNS_QUESTION_SIZE);
	q = about(name_of(3, 62));
	cr_expect_eq(dns_packet_ask(out, &q), 0, "256 octets");
}

/* ---- replies ---- */

struct message {
	unsigned char bytes[65535];
	size_t len;
};

static void
put(struct message *m, const void *p, size_t len)
{
	cr_assert_leq(len, sizeof(m->bytes) - m->len);
	memcpy(m->bytes + m->len, p, len);
	m->len += len;
}

static void
begin(struct message *m, unsigned flags)
{
	const unsigned char head[] = {0x12, 0x34, (unsigned char)(flags >> 8),
	    (unsigned char)flags, 0, 1, 0, 0, 0, 0, 0, 0};

	m->len = 0;
	put(m, head, sizeof(head));
	put(m, QUESTION, sizeof(QUESTION) - 1);
}

/* A record at the name that is asked for. */
static void
add(struct message *m, unsigned type, const void *data, size_t len)
{
	const unsigned char head[] = {0xc0, 12, 0, (unsigned char)type, 0, 1, 0,
	    0, 0, 60, (unsigned char)(len >> 8), (unsigned char)len};

	put(m, head, sizeof(head));
	put(m, data, len);
	m->bytes[6] = (unsigned char)(m->bytes[6] + (m->bytes[7] == 255));
	m->bytes[7]++;
}

Test(nameserver, a_reply_is_to_its_question)
{
	static const struct {
		size_t at;
		unsigned char octet;
		bool good;
	} table[] = {{0, 0x13, false}, {1, 0x35, false}, {2, 0x04, false},
	    {2, 0xa4, false}, {5, 0, false}, {5, 2, false}, {14, 'S', true},
	    {14, 'x', false}, {24, 'b', false}, {35, 15, false}, {37, 3, false},
	    {3, 2, true}};
	struct dns_packet_question q = about(NAME ".");
	struct dns_packet_head head;
	struct message m;
	size_t i, len;

	for (i = 0; i < sizeof(table) / sizeof(*table); i++) {
		begin(&m, AA);
		m.bytes[table[i].at] = table[i].octet;
		cr_expect_eq(dns_packet_reply(m.bytes, m.len, &q, &head),
		    table[i].good, "%zu", i);
	}
	begin(&m, AA);
	for (len = 0; len < m.len; len++)
		cr_expect_not(
		    dns_packet_reply(m.bytes, len, &q, &head), "%zu", len);
	cr_assert(dns_packet_reply(m.bytes, m.len, &q, &head));
	cr_expect(head.authoritative && !head.truncated && head.rcode == 0);
	begin(&m, 0x8201);
	m.bytes[5] = 0;
	cr_assert(dns_packet_reply(m.bytes, 12, &q, &head), "not understood");
	cr_expect(!head.authoritative && head.truncated && head.rcode == 1);
}

static void
count(void *arg, const unsigned char *rdata, size_t len)
{
	cr_expect_eq(rdata[0], len - 1);
	++*(int *)arg;
}

Test(nameserver, records_are_those_of_the_name_and_type)
{
	struct message m;
	size_t len;
	int n = 0;

	begin(&m, AA);
	add(&m, DNS_TXT, "\1a", 2);
	add(&m, DNS_A, "\1\1\1\1", 4);
	add(&m, DNS_TXT, "\1b", 2);
	m.bytes[m.len - 13] = 18; /* of _tls.a.example */
	cr_expect_eq(dns_packet_records(m.bytes, m.len, count, &n), 1);
	cr_expect_eq(n, 1);
	for (len = 0; len < m.len; len++)
		cr_expect_eq(dns_packet_records(m.bytes, len, count, &n), -1);
}

/* ---- a server ---- */

struct server {
	struct sockaddr_in in;
	int udp;
	int tcp; /* listens */
	struct sockaddr_in client;
	unsigned char asked[DNS_QUESTION_SIZE];
	ssize_t asked_len;
	struct nameserver *asker;
};

static const struct address_policy loopback = {ADDRESS_BIT(ADDRESS_LOOPBACK)};

/* Both at one port. */
static void
serve(struct server *s)
{
	socklen_t len = sizeof(s->in);

	memset(s, 0, sizeof(*s));
	s->in.sin_family = AF_INET;
	s->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	s->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	cr_assert_eq(bind(s->tcp, (void *)&s->in, sizeof(s->in)), 0);
	cr_assert_eq(getsockname(s->tcp, (void *)&s->in, &len), 0);
	cr_assert_eq(bind(s->udp, (void *)&s->in, sizeof(s->in)), 0);
	cr_assert_eq(listen(s->tcp, 1), 0);
}

static void
ask_for(struct server *s, int timeout_ms)
{
	const struct nameserver_question q = {.address = (void *)&s->in,
	    .policy = &loopback,
	    .name = NAME,
	    .type = DNS_TXT,
	    .timeout_ms = timeout_ms};

	s->asker = nameserver_new(&q);
}

static void
end(struct server *s)
{
	nameserver_free(s->asker);
	close(s->udp);
	if (s->tcp != -1)
		close(s->tcp);
}

/* Works until a datagram has come. */
static void
await_question(struct server *s)
{
	socklen_t len = sizeof(s->client);
	struct watch w = {0};

	for (;;) {
		cr_assert_not(nameserver_work(s->asker));
		s->asked_len = recvfrom(s->udp, s->asked, sizeof(s->asked), 0,
		    (void *)&s->client, &len);
		if (s->asked_len > 0)
			break;
		watch_begin(&w, 5000);
		watch_fd(&w, s->udp, POLLIN);
		nameserver_watch(s->asker, &w);
		watch_wait(&w);
	}
	watch_free(&w);
}

static void
reply(struct server *s, struct message *m)
{
	memcpy(m->bytes, s->asked, 2);
	cr_assert_eq(sendto(s->udp, m->bytes, m->len, 0, (void *)&s->client,
			 sizeof(s->client)),
	    (ssize_t)m->len);
}

static const struct dns_answer *
await_answer(struct server *s)
{
	struct watch w = {0};

	while (!nameserver_work(s->asker)) {
		watch_begin(&w, 5000);
		nameserver_watch(s->asker, &w);
		watch_wait(&w);
	}
	watch_free(&w);
	return nameserver_answer(s->asker);
}

/* The answer to one message, whose records are none or "x". */
static enum dns_state
state_of(unsigned flags, bool has_record, const char *why)
{
	const struct dns_answer *a;
	enum dns_state state;
	struct server s;
	struct message m;

	serve(&s);
	ask_for(&s, 5000);
	await_question(&s);
	begin(&m, flags);
	if (has_record)
		add(&m, DNS_TXT, "\1x", 2);
	reply(&s, &m);
	a = await_answer(&s);
	state = a->state;
	cr_expect_eq(a->records_n, state == DNS_DATA);
	cr_expect_str_eq(a->why, why);
	end(&s);
	return state;
}

Test(nameserver, what_it_says_has_a_state)
{
	cr_expect_eq(state_of(AA, true, ""), DNS_DATA);
	cr_expect_eq(state_of(AA, false, ""), DNS_NODATA);
	cr_expect_eq(state_of(AA | 3, false, ""), DNS_NXDOMAIN);
	cr_expect_eq(state_of(AA | 2, true, "it says SERVFAIL"), DNS_SERVFAIL);
	cr_expect_eq(
	    state_of(AA | 5, true, "it refuses to answer"), DNS_REFUSED);
	cr_expect_eq(state_of(AA | 9, true, "it cannot answer"), DNS_FAILED);
	cr_expect_eq(state_of(0x8000, true, "it does not have the zone"),
	    DNS_REFUSED, "what it remembers is not its own");
	cr_expect_eq(
	    state_of(0x8003, false, "it does not have the zone"), DNS_REFUSED);
}

/* A datagram that is far larger than it may be, with a record at its very end:
 * the state of it. */
static enum dns_state
state_of_datagram(size_t len)
{
	static const unsigned char string[1000] = {255};
	struct server s;
	struct message m;
	enum dns_state state;

	serve(&s);
	ask_for(&s, 5000);
	await_question(&s);
	begin(&m, AA);
	while (m.len + 2 * (12 + 256) <= len)
		add(&m, DNS_TXT, string, 256);
	add(&m, 99, string, len - m.len - 12);
	cr_assert_eq(m.len, len);
	reply(&s, &m);
	state = await_answer(&s)->state;
	end(&s);
	return state;
}

Test(nameserver, a_datagram_has_4096_octets_at_most)
{
	cr_expect_eq(state_of_datagram(4095), DNS_DATA);
	cr_expect_eq(state_of_datagram(4096), DNS_DATA);
	cr_expect_eq(state_of_datagram(4097), DNS_FAILED, "its end is cut");
}

Test(nameserver, an_alias_is_not_followed)
{
	const struct dns_answer *a;
	struct server s;
	struct message m;

	serve(&s);
	ask_for(&s, 5000);
	await_question(&s);
	begin(&m, AA);
	add(&m, DNS_CNAME, "\1b\0", 3);
	add(&m, DNS_TXT, "\1x", 2);
	reply(&s, &m);
	a = await_answer(&s);
	cr_expect_eq(a->state, DNS_DATA);
	cr_expect_eq(a->records_n, 0);
	cr_assert_eq(a->aliases_n, 1);
	cr_expect_str_eq(a->aliases[0], "b");
	end(&s);
}

Test(nameserver, what_does_not_belong_to_it_is_no_answer)
{
	struct server s;
	struct message m;

	serve(&s);
	ask_for(&s, 5000);
	await_question(&s);
	begin(&m, AA);
	s.asked[1] ^= 1;
	reply(&s, &m); /* of another number */
	s.asked[1] ^= 1;
	m.bytes[13] = 'x';
	reply(&s, &m); /* to another question */
	m.len = 5;
	reply(&s, &m); /* no message */
	cr_expect_not(nameserver_work(s.asker));
	begin(&m, AA);
	add(&m, DNS_TXT, "\1x", 2);
	m.len--;
	reply(&s, &m);
	cr_expect_eq(await_answer(&s)->state, DNS_FAILED);
	cr_expect_str_eq(
	    nameserver_answer(s.asker)->why, "its answer makes no sense");
	end(&s);
}

Test(nameserver, a_lost_datagram_is_sent_again)
{
	struct server s;
	struct message m;

	serve(&s);
	ask_for(&s, 400);
	await_question(&s);
	await_question(&s);
	await_question(&s);
	begin(&m, AA);
	reply(&s, &m);
	cr_expect_eq(await_answer(&s)->state, DNS_NODATA);
	end(&s);
}

Test(nameserver, silence_ends_in_time)
{
	struct server s;
	int64_t begun = clock_ms(), took;

	serve(&s);
	ask_for(&s, 200);
	cr_expect_eq(await_answer(&s)->state, DNS_TIMEOUT);
	took = clock_ms() - begun;
	cr_expect(took >= 200 && took < 3000, "%ld", (long)took);
	end(&s);
}

Test(nameserver, an_old_one_is_asked_without_edns)
{
	struct server s;
	struct message m;
	ssize_t first;

	serve(&s);
	ask_for(&s, 5000);
	await_question(&s);
	first = s.asked_len;
	begin(&m, 0x8001);
	m.bytes[5] = 0;
	m.len = 12;
	reply(&s, &m);
	await_question(&s);
	cr_expect_eq(s.asked_len, first - 11);
	/* And that only once. */
	reply(&s, &m);
	cr_expect_eq(await_answer(&s)->state, DNS_FAILED);
	end(&s);
}

Test(nameserver, where_nobody_listens_nothing_is_known)
{
	struct server s;

	serve(&s);
	close(s.udp);
	ask_for(&s, 5000);
	cr_expect_eq(await_answer(&s)->state, DNS_TIMEOUT);
	cr_expect_str_eq(nameserver_answer(s.asker)->why, "Connection refused");
	s.udp = -1;
	end(&s);
}

Test(nameserver, addresses_that_are_not_public_are_not_asked)
{
	static const struct address_policy strict;
	struct nameserver_question q = {
	    .policy = &strict, .name = NAME, .type = DNS_TXT, .timeout_ms = 9};
	struct nameserver *asker;
	struct server s;

	serve(&s);
	q.address = (void *)&s.in;
	asker = nameserver_new(&q);
	cr_expect(nameserver_work(asker));
	cr_expect_eq(nameserver_answer(asker)->state, DNS_TIMEOUT);
	cr_expect_str_eq(nameserver_answer(asker)->why,
	    "this address is not public: loopback");
	cr_expect_eq(recv(s.udp, s.asked, 1, 0), -1);
	nameserver_free(asker);
	end(&s);
}

Test(nameserver, what_it_cannot_be_asked_for_is_told)
{
	struct server s;
	struct nameserver_question q = {
	    .policy = &loopback, .name = "a..b", .timeout_ms = 9};
	struct nameserver *asker;

	serve(&s);
	q.address = (void *)&s.in;
	asker = nameserver_new(&q);
	cr_expect(nameserver_work(asker));
	cr_expect_eq(nameserver_answer(asker)->state, DNS_BAD_NAME);
	nameserver_free(asker);
	end(&s);
}

/* ---- over TCP ---- */

/* Tells by UDP that it does not fit, and takes the question by TCP. */
static int
accept_question(struct server *s)
{
	struct message m;
	struct watch w = {0};
	unsigned char in[2 + DNS_QUESTION_SIZE];
	ssize_t n = 0, got;
	int fd = -1;

	ask_for(s, 5000);
	await_question(s);
	begin(&m, TC);
	reply(s, &m);
	fcntl(s->tcp, F_SETFL, O_NONBLOCK);
	while (n < 2 + s->asked_len) {
		cr_assert_not(nameserver_work(s->asker));
		if (fd == -1)
			fd = accept4(s->tcp, NULL, NULL, SOCK_NONBLOCK);
		got =
		    fd == -1 ? 0 : recv(fd, in + n, sizeof(in) - (size_t)n, 0);
		n += got > 0 ? got : 0;
		watch_begin(&w, 10);
		nameserver_watch(s->asker, &w);
		watch_wait(&w);
	}
	watch_free(&w);
	cr_expect_eq(in[0] << 8 | in[1], s->asked_len);
	cr_expect_arr_eq(in + 2, s->asked, (size_t)s->asked_len);
	return fd;
}

/* In pieces that split the length, too. */
static void
send_slowly(struct server *s, int fd, struct message *m)
{
	unsigned char head[2] = {
	    (unsigned char)(m->len >> 8), (unsigned char)m->len};
	size_t half = m->len / 2;

	memcpy(m->bytes, s->asked, 2);
	cr_assert_eq(send(fd, head, 1, 0), 1);
	cr_expect_not(nameserver_work(s->asker));
	cr_assert_eq(send(fd, head + 1, 1, 0), 1);
	cr_expect_not(nameserver_work(s->asker));
	cr_assert_eq(send(fd, m->bytes, half, 0), (ssize_t)half);
	cr_expect_not(nameserver_work(s->asker));
	cr_assert_eq(send(fd, m->bytes + half, m->len - half, 0),
	    (ssize_t)(m->len - half));
}

Test(nameserver, what_does_not_fit_comes_by_tcp_and_is_bound)
{
	const struct dns_answer *a;
	struct server s;
	struct message m;
	size_t n, i;
	int fd;

	for (n = DNS_RECORDS_MAX; n <= DNS_RECORDS_MAX + 1; n++) {
		serve(&s);
		fd = accept_question(&s);
		begin(&m, AA);
		for (i = 0; i < n; i++)
			add(&m, DNS_TXT, "\1x", 2);
		send_slowly(&s, fd, &m);
		a = await_answer(&s);
		cr_expect_eq(a->state, DNS_DATA);
		cr_expect_eq(a->records_n, DNS_RECORDS_MAX);
		cr_expect_eq(a->cut, n > DNS_RECORDS_MAX);
		close(fd);
		end(&s);
	}
}

Test(nameserver, the_longest_message_is_read)
{
	static const unsigned char big[65535];
	struct server s;
	struct message m;
	int fd;

	serve(&s);
	fd = accept_question(&s);
	begin(&m, AA);
	put(&m, big, sizeof(m.bytes) - m.len);
	fcntl(fd, F_SETFL, 0);
	send_slowly(&s, fd, &m);
	cr_expect_eq(await_answer(&s)->state, DNS_NODATA);
	close(fd);
	end(&s);
}

Test(nameserver, a_connection_that_ends_is_no_answer)
{
	struct server s;
	int fd;

	serve(&s);
	fd = accept_question(&s);
	cr_assert_eq(send(fd, "\0\7abc", 5, 0), 5);
	close(fd);
	cr_expect_eq(await_answer(&s)->state, DNS_TIMEOUT);
	end(&s);
	serve(&s);
	fd = accept_question(&s);
	cr_assert_eq(send(fd, "\0\0", 2, 0), 2);
	cr_expect_eq(await_answer(&s)->state, DNS_FAILED, "an empty message");
	close(fd);
	end(&s);
}

Test(nameserver, that_nobody_listens_over_tcp_is_no_answer)
{
	struct server s;
	struct message m;

	serve(&s);
	close(s.tcp);
	s.tcp = -1;
	ask_for(&s, 5000);
	await_question(&s);
	begin(&m, TC);
	reply(&s, &m);
	cr_expect_eq(await_answer(&s)->state, DNS_TIMEOUT);
	end(&s);
}
