/* SPDX-License-Identifier: ISC */

/*
 * What a resolver cannot tell: the answer of each name server of a zone.
 * libunbound would hide whether it was authoritative, follow aliases to other
 * servers, and take a thread and 1.6 MiB for each server; the question is so
 * simple that it is asked here.
 */

#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/limits.h"
#include "net/dns_packet.h"
#include "net/dns_private.h"
#include "net/nameserver.h"

/* A datagram that is lost is sent again: so many parts of the time are waited
 * for each. */
#define UDP_TRIES 3
#define UDP_PARTS 4

/* More than was said that we take; what is longer is cut, and no answer. */
#define DATAGRAM_MAX 4096

/* Over TCP a message stands behind its length. */
#define PREFIX	    2
#define MESSAGE_MAX ((size_t)65535)

enum { RCODE_OK = 0, RCODE_FORMERR = 1, RCODE_SERVFAIL = 2 };
enum { RCODE_NXDOMAIN = 3, RCODE_NOTIMP = 4, RCODE_REFUSED = 5 };

enum phase { PHASE_UDP, PHASE_CONNECT, PHASE_WRITE, PHASE_READ, PHASE_END };

struct nameserver {
	enum phase phase;
	struct sockaddr_storage address;
	struct dns_packet_question question;
	char *name;
	struct dns_answer *answer;
	int fd;
	int64_t begun;
	int64_t deadline;
	int64_t send_at; /* the datagram, once more */
	int64_t send_every;
	int tries;
	unsigned char out[PREFIX + DNS_QUESTION_SIZE];
	size_t out_len;
	size_t out_at;
	struct buf in;
};

/* ---- the end ---- */

static bool
end_with(struct nameserver *s, struct dns_answer *answer)
{
	s->answer = answer;
	answer->took_ms = clock_ms() - s->begun;
	if (s->fd != -1)
		close(s->fd);
	s->fd = -1;
	s->phase = PHASE_END;
	return true;
}

static bool
end(struct nameserver *s, enum dns_state state, const char *why)
{
	struct dns_answer *a = dns_answer_new(s->name, s->question.type, state);

	dns_answer_say(a, why);
	return end_with(s, a);
}

/* Nobody there, or no way: nothing is known of what it would say. */
static bool
end_unreached(struct nameserver *s, int why)
{
	return end(s, DNS_TIMEOUT, strerror(why));
}

static void
end_forbidden(struct nameserver *s, const struct sockaddr *sa)
{
	char why[64];

	snprintf(why, sizeof(why), "this address is not public: %s",
	    address_kind_name(address_kind(sa)));
	end(s, DNS_TIMEOUT, why);
}

/* ---- answers ---- */

struct records {
	struct dns_answer *answer;
	struct dns_record list[DNS_RECORDS_MAX];
};

static void
add_record(void *arg, const unsigned char *rdata, size_t len)
{
	struct records *r = arg;
	struct dns_answer *a = r->answer;

	if (a->records_n == DNS_RECORDS_MAX) {
		a->cut = true;
		return;
	}
	r->list[a->records_n++] = (struct dns_record){
	    (const void *)arena_strndup(a->arena, (const char *)rdata, len),
	    len};
}

/* Returns 0, or -1 for an answer section that is malformed. */
static int
read_data(struct dns_answer *a, const unsigned char *p, size_t len)
{
	struct records r = {.answer = a};
	struct dns_record *copy;

	if (dns_packet_records(p, len, add_record, &r) == -1)
		return -1;
	dns_answer_aliases(a, p, len);
	/* What is behind an alias is another zone's to say. */
	if (a->aliases_n > 0)
		a->records_n = 0;
	else if (a->records_n == 0)
		return 0;
	copy = arena_calloc(a->arena, a->records_n + 1, sizeof(*copy));
	memcpy(copy, r.list, a->records_n * sizeof(*copy));
	a->records = copy;
	a->state = DNS_DATA;
	return 0;
}

static bool
end_answered(struct nameserver *s, const unsigned char *p, size_t len,
    const struct dns_packet_head *head)
{
	struct dns_answer *a;

	if (head->rcode == RCODE_REFUSED)
		return end(s, DNS_REFUSED, "it refuses to answer");
	if (head->rcode == RCODE_SERVFAIL)
		return end(s, DNS_SERVFAIL, "it says SERVFAIL");
	if (head->rcode != RCODE_OK && head->rcode != RCODE_NXDOMAIN)
		return end(s, DNS_FAILED, "it cannot answer");
	if (!head->authoritative)
		return end(s, DNS_REFUSED, "it does not have the zone");
	a = dns_answer_new(s->name, s->question.type,
	    head->rcode == RCODE_OK ? DNS_NODATA : DNS_NXDOMAIN);
	a->rcode = (int)head->rcode;
	if (read_data(a, p, len) == 0)
		return end_with(s, a);
	dns_answer_free(a);
	return end(s, DNS_FAILED, "its answer makes no sense");
}

/* ---- the way there ---- */

/* The question with its length before it.  Returns false if it cannot be
 * asked. */
static bool
make_question(struct nameserver *s)
{
	size_t len;

	if (getrandom(&s->question.id, sizeof(s->question.id), 0) !=
	    sizeof(s->question.id))
		die("no random numbers");
	len = dns_packet_ask(s->out + PREFIX, &s->question);
	s->out[0] = (unsigned char)(len >> 8);
	s->out[1] = (unsigned char)len;
	s->out_len = PREFIX + len;
	s->out_at = 0;
	return len > 0;
}

/* A socket that is connected, or will be: the kernel chooses a port at random,
 * and lets in nothing from elsewhere. */
static bool
dial_by(struct nameserver *s, int type)
{
	const struct sockaddr *sa = (const void *)&s->address;

	if (s->fd != -1)
		close(s->fd);
	s->fd = socket(sa->sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd == -1 ||
	    (connect(s->fd, sa, address_length(sa)) == -1 &&
		errno != EINPROGRESS && errno != EINTR))
		return end_unreached(s, errno);
	return false;
}

static bool
begin_udp(struct nameserver *s)
{
	s->phase = PHASE_UDP;
	s->tries = 0;
	s->send_at = clock_ms();
	return dial_by(s, SOCK_DGRAM);
}

static bool
begin_tcp(struct nameserver *s)
{
	s->phase = PHASE_CONNECT;
	s->out_at = 0;
	buf_reset(&s->in, MESSAGE_MAX);
	return dial_by(s, SOCK_STREAM);
}

/* A server that stumbled over our OPT record is asked without (RFC 6891 7). */
static bool
ask_plainly(struct nameserver *s)
{
	s->question.edns = false;
	return make_question(s) ? begin_udp(s) : end(s, DNS_BAD_NAME, "");
}

/* What came may be an answer.  Returns true at the end; *taken tells whether
 * it was one. */
static bool
take(struct nameserver *s, const unsigned char *p, size_t len, bool *taken)
{
	struct dns_packet_head head;

	*taken = dns_packet_reply(p, len, &s->question, &head);
	if (!*taken)
		return false;
	if (s->question.edns &&
	    (head.rcode == RCODE_FORMERR || head.rcode == RCODE_NOTIMP))
		return ask_plainly(s);
	if (head.truncated && s->phase == PHASE_UDP)
		return begin_tcp(s);
	return end_answered(s, p, len, &head);
}

/* ---- steps; each returns true if it must wait, or it is the end ---- */

static bool
send_datagram(struct nameserver *s)
{
	s->send_at =
	    ++s->tries < UDP_TRIES ? clock_ms() + s->send_every : s->deadline;
	if (send(s->fd, s->out + PREFIX, s->out_len - PREFIX, 0) == -1 &&
	    errno != EAGAIN && errno != EINTR)
		return end_unreached(s, errno);
	return false;
}

static bool
step_udp(struct nameserver *s)
{
	unsigned char in[DATAGRAM_MAX];
	bool taken;
	ssize_t n;

	if (clock_ms() >= s->send_at && send_datagram(s))
		return true;
	n = recv(s->fd, in, sizeof(in), 0);
	if (n == -1 && errno == EINTR)
		return false;
	if (n == -1)
		return errno == EAGAIN || end_unreached(s, errno);
	return take(s, in, (size_t)n, &taken);
}

static bool
step_connect(struct nameserver *s)
{
	struct pollfd p = {.fd = s->fd, .events = POLLOUT};
	socklen_t len = sizeof(int);
	int why = 0;

	if (poll(&p, 1, 0) <= 0)
		return true;
	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &why, &len) == -1)
		why = errno;
	if (why != 0)
		return end_unreached(s, why);
	s->phase = PHASE_WRITE;
	return false;
}

static bool
step_write(struct nameserver *s)
{
	ssize_t n = send(
	    s->fd, s->out + s->out_at, s->out_len - s->out_at, MSG_NOSIGNAL);

	if (n == -1 && errno == EINTR)
		return false;
	if (n == -1)
		return errno == EAGAIN || end_unreached(s, errno);
	s->out_at += (size_t)n;
	if (s->out_at == s->out_len)
		s->phase = PHASE_READ;
	return false;
}

/* How much of the answer is still to come, as far as that is known. */
static size_t
missing(const struct buf *in)
{
	const unsigned char *p = (const void *)in->data;

	if (in->len < PREFIX)
		return PREFIX - in->len;
	return PREFIX + ((size_t)p[0] << 8 | p[1]) - in->len;
}

static bool
step_read(struct nameserver *s)
{
	size_t wanted = missing(&s->in);
	bool taken;
	ssize_t n;

	if (buf_reserve(&s->in, wanted) == -1)
		die("a message is longer than its length");
	n = recv(s->fd, s->in.data + s->in.len, wanted, 0);
	if (n == -1 && errno == EINTR)
		return false;
	if (n == -1)
		return errno == EAGAIN || end_unreached(s, errno);
	if (n == 0)
		return end(s, DNS_TIMEOUT, "it closed the connection");
	s->in.len += (size_t)n;
	if (s->in.len < PREFIX || missing(&s->in) > 0)
		return false;
	if (take(s, (const unsigned char *)s->in.data + PREFIX,
		s->in.len - PREFIX, &taken))
		return true;
	return taken ? false : end(s, DNS_FAILED, "its answer makes no sense");
}

static bool
step(struct nameserver *s)
{
	switch (s->phase) {
	case PHASE_UDP:
		return step_udp(s);
	case PHASE_CONNECT:
		return step_connect(s);
	case PHASE_WRITE:
		return step_write(s);
	default:
		return step_read(s);
	}
}

/* ---- from outside ---- */

struct nameserver *
nameserver_new(const struct nameserver_question *q)
{
	struct nameserver *s = xcalloc(1, sizeof(*s));

	s->fd = -1;
	s->name = xstrdup(q->name);
	s->begun = clock_ms();
	s->deadline = s->begun + q->timeout_ms;
	s->send_every = q->timeout_ms / UDP_PARTS;
	s->in.cap = PREFIX + MESSAGE_MAX;
	s->question = (struct dns_packet_question){
	    .name = s->name, .type = q->type, .edns = true};
	if (!address_is_allowed(q->address, q->policy)) {
		end_forbidden(s, q->address);
	} else if (!make_question(s)) {
		end(s, DNS_BAD_NAME, "");
	} else {
		memcpy(&s->address, q->address, address_length(q->address));
		begin_udp(s);
	}
	return s;
}

void
nameserver_free(struct nameserver *s)
{
	if (s == NULL)
		return;
	if (s->fd != -1)
		close(s->fd);
	dns_answer_free(s->answer);
	buf_free(&s->in);
	free(s->name);
	free(s);
}

void
nameserver_watch(const struct nameserver *s, struct watch *w)
{
	bool writes = s->phase == PHASE_CONNECT || s->phase == PHASE_WRITE;

	if (s->phase == PHASE_END) {
		watch_until(w, 0);
		return;
	}
	watch_until(w, s->phase == PHASE_UDP ? s->send_at : s->deadline);
	watch_fd(w, s->fd, writes ? POLLOUT : POLLIN);
}

bool
nameserver_work(struct nameserver *s)
{
	while (s->phase != PHASE_END)
		if (clock_ms() >= s->deadline)
			end(s, DNS_TIMEOUT, "");
		else if (step(s))
			break;
	return s->phase == PHASE_END;
}

const struct dns_answer *
nameserver_answer(const struct nameserver *s)
{
	return s->answer;
}
