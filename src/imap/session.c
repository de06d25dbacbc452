/* SPDX-License-Identifier: ISC */

/*
 * The process that speaks with the server.  It gives up everything but its
 * two sockets before it reads a byte from the network; what the server may
 * do to libetpan from there on costs this process and no more.
 */

#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <sasl/sasl.h>

#include "base/clock.h"
#include "base/die.h"
#include "imap/etpan.h"
#include "imap/session.h"
#include "imap/starttls.h"
#include "net/host.h"
#include "proc/sandbox.h"

/* Data that a session may take: libetpan's answer to the largest SEARCH that
 * is asked, and lines of GUARD_LINE_MAX, take a third of it. */
#define SESSION_MEMORY ((size_t)48 << 20)

/* The largest message there is: libetpan hands it over in pieces, so that
 * this costs nothing; tlstally has a bound of its own. */
#define LITERAL_MAX UINT32_MAX

static session_operation *const operations[] = {
    [IMAP_ASK_FOLDER] = session_folder,
    [IMAP_ASK_AHEAD] = session_ahead,
    [IMAP_ASK_SMALL] = session_small,
    [IMAP_ASK_UIDS] = session_uids,
    [IMAP_ASK_SIZES] = session_sizes,
    [IMAP_ASK_HEADS] = session_heads,
    [IMAP_ASK_FETCH] = session_fetch,
    [IMAP_ASK_SEEN] = session_seen,
    [IMAP_ASK_MOVE] = session_move,
    [IMAP_ASK_DELETE] = session_delete,
    [IMAP_ASK_QUIT] = session_quit,
};

static void
allow(struct session *s, const struct allowance *a)
{
	link_allow(s->link, a->ms, a->bytes);
}

/* tlstally may take its time with what it is sent: that is not the server's.
 */
void
session_send(struct session *s)
{
	int64_t since = clock_ms();
	struct err err;

	if (frame_send(FRAME_HELPER_FD, s->frame, &err) == -1)
		_exit(SESSION_OVER);
	link_forgive(s->link, clock_ms() - since);
}

void
session_send_bytes(struct session *s, uint8_t kind, const void *p, size_t len)
{
	int64_t since = clock_ms();
	struct err err;

	if (frame_send_rest(FRAME_HELPER_FD, kind, p, len, &err) == -1)
		_exit(SESSION_OVER);
	link_forgive(s->link, clock_ms() - since);
}

bool
session_understands(const struct frame *question, struct err *err)
{
	if (frame_is_whole(question))
		return true;
	err_set(err, ERR_USAGE, "a question that makes no sense");
	return false;
}

static void
say(struct frame *f)
{
	struct err err;

	if (frame_send(FRAME_HELPER_FD, f, &err) == -1)
		_exit(SESSION_OVER);
}

void
session_put_lost(struct frame *f, const struct account *account,
    const struct err *why, bool again)
{
	char label[HOST_LABEL_SIZE];
	const char *text = why->text;
	struct err err;
	size_t len;

	host_label(account->host, account->port, label);
	len = strlen(label);
	if (strncmp(text, label, len) == 0 && text[len] == ':')
		text += len + strlen(": ");
	err_set(&err, why->code, "%s", text);
	imap_put_lost(f, &err, again);
}

_Noreturn static void
lose(struct session *s, const struct err *why, bool again)
{
	session_put_lost(s->frame, s->account, why, again);
	say(s->frame);
	_exit(SESSION_OVER);
}

static void
say_done(struct frame *f)
{
	frame_begin(f, IMAP_SAY_DONE);
	say(f);
}

/* Everything that opens files is done before. */
static void
confine(struct session *s, int fd)
{
	const int keep[] = {FRAME_HELPER_FD, fd};
	const struct sandbox box = {.memory_bytes = SESSION_MEMORY,
	    .keep = keep,
	    .nkeep = sizeof(keep) / sizeof(keep[0]),
	    .talks = true};
	struct err err;

	if (sandbox_enter(&box, &err) == 0)
		return;
	err_prefix(&err, "the IMAP session cannot be confined");
	lose(s, &err, false);
}

static int
secure(struct session *s, const struct tls_trust *trust, struct err *err)
{
	switch (s->account->tls) {
	case IMAP_TLS_IMPLICIT:
		return link_start_tls(s->link, trust, err);
	case IMAP_TLS_STARTTLS:
		/* libetpan reads a greeting; the real one has been read. */
		s->preload = "* OK TLS\r\n";
		return starttls(s->link, trust, err);
	case IMAP_TLS_NONE:
		break;
	}
	return 0;
}

static void
begin(struct session *s, const struct session_start *start, struct frame *f)
{
	enum verdict v;
	struct err err;
	bool stale;

	if (secure(s, start->trust, &err) == -1) {
		/* Nonsense from a server is no input of the user's. */
		if (err.code == ERR_DATA || err.code == ERR_BOUND)
			err.code = ERR_UNAVAILABLE;
		lose(s, &err, err.code == ERR_TEMPORARY);
	}
	v = session_login(s, &stale, &err);
	if (v == VERDICT_FAILED && stale && start->may_be_stale)
		_exit(SESSION_STALE);
	if (v != VERDICT_DONE)
		lose(s, &err, v == VERDICT_LOST);
	frame_begin(f, IMAP_SAY_SESSION);
	frame_put_u8(f,
	    mailimap_has_uidplus(s->imap) != 0 ||
		mailimap_has_extension(s->imap, "MOVE") != 0);
	frame_put_u8(f, mailimap_has_uidplus(s->imap) != 0);
	say(f);
	say_done(f);
}

/* Answers one question. */
static void
answer(struct session *s, struct frame *question)
{
	session_operation *run = NULL;
	struct allowance a;
	enum verdict v;
	struct err err;

	if (question->kind < sizeof(operations) / sizeof(operations[0]))
		run = operations[question->kind];
	if (run == NULL)
		_exit(SESSION_CONFUSED);
	allowance_get(question, &a);
	allow(s, &a);
	v = run(s, question, &err);
	switch (v) {
	case VERDICT_DONE:
		say_done(s->frame);
		break;
	case VERDICT_FAILED:
		imap_put_failed(s->frame, &err);
		say(s->frame);
		break;
	case VERDICT_LOST:
	case VERDICT_BROKEN:
		lose(s, &err, v == VERDICT_LOST);
	}
	if (question->kind == IMAP_ASK_QUIT)
		_exit(SESSION_OVER);
}

void
session_run(const struct session_start *start)
{
	struct frame *question = xcalloc(1, sizeof(*question));
	struct frame *said = xcalloc(1, sizeof(*said));
	struct session *s = xcalloc(1, sizeof(*s));
	struct err err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	s->account = start->account;
	s->secret = start->secret;
	s->preload = "";
	s->frame = said;
	s->guard.literal_max = LITERAL_MAX;
	s->imap = mailimap_new(0, NULL);
	if (s->imap == NULL)
		die("no memory for an IMAP session");
	sasl_client_init(NULL);
	confine(s, start->fd);
	s->link = link_new(start->fd, start->account->host,
	    start->account->port, (int)start->account->timeout_ms);
	allow(s, &start->allowance);
	begin(s, start, said);
	for (;;) {
		if (frame_receive(FRAME_HELPER_FD, question, -1, &err) != 1)
			_exit(SESSION_OVER);
		answer(s, question);
	}
}
