/* SPDX-License-Identifier: ISC */

/*
 * The dialogue with a mail server, in steps that never wait, with one deadline
 * for all of it: a server that says a byte now and then gets no more time than
 * a silent one.
 */

#include "config.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/die.h"
#include "base/limits.h"
#include "base/span.h"
#include "net/clear.h"
#include "net/smtp.h"
#include "net/smtp_reply.h"

/* The longest is RCPT TO with a path of 256 bytes (RFC 5321 4.5.3.1.3), or EHLO
 * with a host name of 253: half of this, so that none is ever too long. */
#define COMMAND_MAX   512
#define RECIPIENT_MAX 254

enum step {
	STEP_CONNECT,
	STEP_GREETING,
	STEP_EHLO,
	STEP_STARTTLS,
	STEP_HANDSHAKE,
	STEP_EHLO_AGAIN,
	STEP_MAIL,
	STEP_RCPT,
	STEP_RSET,
	STEP_QUIT,
	STEP_END
};

struct smtp {
	struct smtp_question q;
	struct smtp_result result;
	enum step step;
	int fd;
	struct tls *tls;
	int64_t begun;
	int64_t deadline;
	enum tls_want want;
	struct smtp_reply reply;
	char out[COMMAND_MAX];
	size_t out_len;
	size_t out_at;
};

const char *
smtp_outcome_name(enum smtp_outcome outcome)
{
	static const char *const names[SMTP_OUTCOMES] = {
	    [SMTP_DONE] = "done",
	    [SMTP_BLOCKED] = "blocked",
	    [SMTP_NOBODY] = "connection-refused",
	    [SMTP_ADDRESS] = "address-not-allowed",
	    [SMTP_BAD_RECIPIENT] = "bad-recipient",
	    [SMTP_TIMEOUT] = "timeout",
	    [SMTP_LOST] = "connection-lost",
	    [SMTP_NONSENSE] = "nonsense",
	    [SMTP_GREETING] = "not-greeted",
	    [SMTP_EHLO_REFUSED] = "ehlo-refused",
	    [SMTP_NO_STARTTLS] = "no-starttls",
	    [SMTP_STARTTLS_REFUSED] = "starttls-refused",
	    [SMTP_INJECTION] = "starttls-injection",
	    [SMTP_TLS_FAILED] = "tls-failed",
	};

	return (unsigned)outcome < SMTP_OUTCOMES ? names[outcome] : "unknown";
}

/* ---- the end ---- */

/* The first outcome counts: what goes wrong during a farewell does not. */
static bool __attribute__((format(printf, 3, 4)))
end(struct smtp *s, enum smtp_outcome outcome, const char *fmt, ...)
{
	va_list ap;

	if (s->step != STEP_QUIT) {
		s->result.outcome = outcome;
		va_start(ap, fmt);
		vsnprintf(s->result.why, sizeof(s->result.why), fmt, ap);
		va_end(ap);
	}
	s->result.took_ms = clock_ms() - s->begun;
	s->step = STEP_END;
	return true;
}

/* Whether our network or the server's machine is at fault cannot be told
 * apart, unless that machine itself says no. */
static bool
end_unconnected(struct smtp *s, int why)
{
	return end(s, why == ECONNREFUSED ? SMTP_NOBODY : SMTP_BLOCKED, "%s",
	    strerror(why));
}

static bool
end_lost(struct smtp *s, const char *why)
{
	if (s->step == STEP_HANDSHAKE)
		return end(s, SMTP_TLS_FAILED, "%s", why);
	return end(s, SMTP_LOST, "%s", why);
}

static bool
end_late(struct smtp *s)
{
	if (s->step == STEP_CONNECT)
		return end_unconnected(s, ETIMEDOUT);
	return end(s, SMTP_TIMEOUT, "the server took longer than %d ms",
	    s->q.timeout_ms);
}

/* ---- commands ---- */

static void __attribute__((format(printf, 3, 4)))
say(struct smtp *s, enum step step, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(s->out, sizeof(s->out), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(s->out))
		die("an SMTP command is too long");
	s->out_len = (size_t)n;
	s->out_at = 0;
	s->step = step;
	smtp_reply_begin(&s->reply);
}

/* What was asked for is known now, or will not be. */
static void
say_quit(struct smtp *s, enum smtp_outcome outcome)
{
	s->result.outcome = outcome;
	say(s, STEP_QUIT, "QUIT\r\n");
}

static void
say_mail_or_quit(struct smtp *s)
{
	if (s->q.recipient != NULL)
		say(s, STEP_MAIL, "MAIL FROM:<>\r\n");
	else
		say_quit(s, SMTP_DONE);
}

/* What might end a command or a path, and so say something else. */
static bool
recipient_is_plain(const char *recipient)
{
	size_t i, len = strlen(recipient);

	if (len == 0 || len > RECIPIENT_MAX || strchr(recipient, '@') == NULL)
		return false;
	for (i = 0; i < len; i++)
		if (recipient[i] <= ' ' || recipient[i] >= 0x7f ||
		    strchr("<>\\\"", recipient[i]) != NULL)
			return false;
	return true;
}

/* ---- replies ---- */

/* Each is called with the reply to its step's command. */

static void
on_greeting(struct smtp *s, int code)
{
	memcpy(s->result.greeting, s->result.reply, SMTP_TEXT_SIZE);
	if (code != 220)
		say_quit(s, SMTP_GREETING);
	else
		say(s, STEP_EHLO, "EHLO %s\r\n", s->q.helo);
}

static void
on_ehlo(struct smtp *s, int code)
{
	s->result.starttls =
	    code == 250 && smtp_reply_has(&s->reply, "STARTTLS");
	if (code != 250)
		say_quit(s, SMTP_EHLO_REFUSED);
	else if (s->q.clear || (!s->result.starttls && s->q.recipient != NULL))
		say_mail_or_quit(s);
	else if (!s->result.starttls)
		say_quit(s, SMTP_NO_STARTTLS);
	else
		say(s, STEP_STARTTLS, "STARTTLS\r\n");
}

/* Before we begin with TLS the server has nothing to say. */
static bool
is_injected(const struct smtp *s)
{
	char c;

	return smtp_reply_has_more(&s->reply) ||
	    recv(s->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

static void
on_starttls(struct smtp *s, int code)
{
	if (code != 220) {
		say_quit(s, SMTP_STARTTLS_REFUSED);
		return;
	}
	if (is_injected(s)) {
		end(s, SMTP_INJECTION,
		    "clear text follows where TLS must begin");
		return;
	}
	s->tls = tls_new(s->q.trust, s->fd, s->q.host);
	s->want = TLS_WANT_WRITE;
	s->step = STEP_HANDSHAKE;
}

static void
on_ehlo_again(struct smtp *s, int code)
{
	if (code != 250)
		say_quit(s, SMTP_EHLO_REFUSED);
	else
		say_mail_or_quit(s);
}

static void
keep_verdict(struct smtp *s, int code)
{
	static const enum smtp_rcpt verdicts[] = {[2] = SMTP_RCPT_TAKEN,
	    [4] = SMTP_RCPT_DEFERRED,
	    [5] = SMTP_RCPT_REFUSED};

	s->result.rcpt = verdicts[code / 100];
	s->result.rcpt_code = code;
	memcpy(s->result.rcpt_reply, s->result.reply, SMTP_TEXT_SIZE);
}

static void
on_mail(struct smtp *s, int code)
{
	if (code / 100 == 2) {
		say(s, STEP_RCPT, "RCPT TO:<%s>\r\n", s->q.recipient);
		return;
	}
	keep_verdict(s, code);
	say_quit(s, SMTP_DONE);
}

static void
on_rcpt(struct smtp *s, int code)
{
	keep_verdict(s, code);
	say(s, STEP_RSET, "RSET\r\n");
}

static void
on_rset(struct smtp *s, int code)
{
	(void)code;
	say_quit(s, SMTP_DONE);
}

static void
on_quit(struct smtp *s, int code)
{
	(void)code;
	end(s, s->result.outcome, "%s", "");
}

static void (*const on_reply[])(struct smtp *, int) = {
    [STEP_GREETING] = on_greeting,
    [STEP_EHLO] = on_ehlo,
    [STEP_STARTTLS] = on_starttls,
    [STEP_EHLO_AGAIN] = on_ehlo_again,
    [STEP_MAIL] = on_mail,
    [STEP_RCPT] = on_rcpt,
    [STEP_RSET] = on_rset,
    [STEP_QUIT] = on_quit,
};

static void
take_reply(struct smtp *s)
{
	int code = s->reply.code;

	/* Of the answer to QUIT nobody wants to know. */
	if (s->step != STEP_QUIT) {
		s->result.code = code;
		snprintf(s->result.reply, sizeof(s->result.reply), "%s",
		    s->reply.first);
	}
	on_reply[s->step](s, code);
}

/* ---- steps; each returns true if it must wait, or it is the end ---- */

static bool
step_connect(struct smtp *s)
{
	struct pollfd p = {.fd = s->fd, .events = POLLOUT};
	socklen_t len = sizeof(int);
	int why = 0;

	if (poll(&p, 1, 0) <= 0) {
		s->want = TLS_WANT_WRITE;
		return true;
	}
	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &why, &len) == -1)
		why = errno;
	if (why != 0)
		return end_unconnected(s, why);
	s->step = STEP_GREETING;
	smtp_reply_begin(&s->reply);
	return false;
}

static void
keep_session(struct smtp *s)
{
	struct smtp_result *r = &s->result;

	r->tls = true;
	snprintf(r->version, sizeof(r->version), "%s", tls_version(s->tls));
	snprintf(r->cipher, sizeof(r->cipher), "%s", tls_cipher(s->tls));
	cert_facts_of_peer(&r->cert, s->tls, s->q.trust, s->q.host);
	if (s->q.dane != NULL)
		dane_verify(&r->dane, s->tls, s->q.trust, s->q.dane);
}

static bool
step_handshake(struct smtp *s)
{
	struct err err;
	int rc = tls_handshake(s->tls, &s->want, &err);

	if (rc == 0)
		return true;
	if (rc == -1)
		return end(s, SMTP_TLS_FAILED, "%s", err.text);
	keep_session(s);
	say(s, STEP_EHLO_AGAIN, "EHLO %s\r\n", s->q.helo);
	return false;
}

/* As tls_read and tls_write, also in clear text. */

static ssize_t
read_some(struct smtp *s, void *buf, size_t len, struct err *err)
{
	if (s->tls != NULL)
		return tls_read(s->tls, buf, len, &s->want, err);
	return clear_read(s->fd, buf, len, &s->want, err);
}

static ssize_t
write_some(struct smtp *s, const void *buf, size_t len, struct err *err)
{
	if (s->tls != NULL)
		return tls_write(s->tls, buf, len, &s->want, err);
	return clear_write(s->fd, buf, len, &s->want, err);
}

static bool
step_write(struct smtp *s)
{
	struct err err;
	ssize_t n =
	    write_some(s, s->out + s->out_at, s->out_len - s->out_at, &err);

	if (n < 0)
		return end_lost(s, err.text);
	s->out_at += (size_t)n;
	return n == 0;
}

static bool
step_read(struct smtp *s)
{
	char chunk[1024];
	struct err err;
	ssize_t n = read_some(s, chunk, sizeof(chunk), &err);

	if (n == 0)
		return true;
	if (n < 0)
		return end_lost(s, err.text);
	switch (smtp_reply_add(&s->reply, chunk, (size_t)n)) {
	case SMTP_REPLY_MORE:
		return false;
	case SMTP_REPLY_WHOLE:
		take_reply(s);
		return s->step == STEP_END;
	default:
		return end(s, SMTP_NONSENSE, "%s", s->reply.why);
	}
}

static bool
step(struct smtp *s)
{
	if (s->step == STEP_CONNECT)
		return step_connect(s);
	if (s->step == STEP_HANDSHAKE)
		return step_handshake(s);
	if (s->out_at < s->out_len)
		return step_write(s);
	return step_read(s);
}

/* ---- from outside ---- */

static void
dial_address(struct smtp *s)
{
	const struct sockaddr *sa = s->q.address;
	int one = 1;

	s->fd = socket(
	    sa->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd == -1) {
		end_unconnected(s, errno);
		return;
	}
	setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(s->fd, sa, address_length(sa)) == -1 &&
	    errno != EINPROGRESS && errno != EINTR)
		end_unconnected(s, errno);
}

struct smtp *
smtp_new(const struct smtp_question *q)
{
	struct smtp *s = xcalloc(1, sizeof(*s));

	s->q = *q;
	s->fd = -1;
	s->begun = clock_ms();
	s->deadline = s->begun + q->timeout_ms;
	s->want = TLS_WANT_WRITE;
	if (q->recipient != NULL && !recipient_is_plain(q->recipient))
		end(s, SMTP_BAD_RECIPIENT,
		    "this is no address that can be asked for");
	else if (!address_is_allowed(q->address, q->policy))
		end(s, SMTP_ADDRESS, "this address is not public: %s",
		    address_kind_name(address_kind(q->address)));
	else
		dial_address(s);
	return s;
}

void
smtp_free(struct smtp *s)
{
	if (s == NULL)
		return;
	if (s->tls != NULL && s->step == STEP_END)
		tls_bye(s->tls);
	tls_free(s->tls);
	if (s->fd != -1)
		close(s->fd);
	smtp_reply_free(&s->reply);
	cert_facts_free(&s->result.cert);
	dane_result_free(&s->result.dane);
	free(s);
}

void
smtp_watch(const struct smtp *s, struct watch *w)
{
	watch_until(w, s->step == STEP_END ? 0 : s->deadline);
	if (s->step != STEP_END)
		watch_fd(
		    w, s->fd, s->want == TLS_WANT_WRITE ? POLLOUT : POLLIN);
}

bool
smtp_work(struct smtp *s)
{
	while (s->step != STEP_END)
		if (clock_ms() >= s->deadline)
			end_late(s);
		else if (step(s))
			break;
	return s->step == STEP_END;
}

const struct smtp_result *
smtp_result(const struct smtp *s)
{
	return &s->result;
}
