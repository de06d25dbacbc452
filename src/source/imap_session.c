/* SPDX-License-Identifier: ISC */

/*
 * The helper program is one of ours, but it has parsed the bytes of a server
 * that may be anybody's: it may hang, crash, or be in the hands of another.
 * It has a bounded time and a bounded number of bytes for each answer, and
 * what is no answer to the question ends the session.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/die.h"
#include "base/limits.h"
#include "source/imap_session.h"

/* The program, in $libexecdir/tlstally. */
#define HELPER_NAME "tlstally-imap"

/* The slowest connection that is worth waiting for. */
#define BYTES_PER_SECOND 65536

/* The helper keeps its time; this much later it counts as hanging. */
#define GRACE_MS 30000

/* CONNECT is more than a question to a server: a host's addresses are tried
 * first, each for a silence; and a token that is refused is asked for anew, by
 * a command that may take two minutes, and tried in another session. */
#define ADDRESSES_TRIED 4
#define TOKEN_MS	120000

/* The last words when all is done: nobody likes to wait for them. */
#define QUIT_MS	      5000
#define QUIT_GRACE_MS 1000

/* Pauses before a lost connection is tried again: a server that restarts is
 * back within seconds. */
static const int pauses_ms[] = {250, 1000, 4000};
#define TRIES_MAX (sizeof(pauses_ms) / sizeof(pauses_ms[0]))

void
imap_session_init(struct imap_session *s, const struct account *account)
{
	memset(s, 0, sizeof(*s));
	s->account = *account;
	s->helper.fd = -1;
	s->in = xcalloc(1, sizeof(*s->in));
	s->out = xcalloc(1, sizeof(*s->out));
}

/* ---- losses ---- */

static enum imap_word
lose(struct imap_session *s, bool again)
{
	s->asked = 0;
	s->connected = false;
	s->lost = true;
	s->again = again;
	return IMAP_LOST;
}

/* The helper itself is lost: a new one must be started. */
static enum imap_word
lose_helper(struct imap_session *s, bool again)
{
	helper_end(&s->helper, 0);
	return lose(s, again);
}

enum imap_word
imap_session_end(struct imap_session *s, enum err_code code, const char *text)
{
	err_set(&s->why, code, "%s", text);
	return lose_helper(s, false);
}

enum imap_word
imap_session_nonsense(struct imap_session *s)
{
	return imap_session_end(s, ERR_UNAVAILABLE,
	    "the helper program said something that makes no sense");
}

/* Nothing was heard: it is silent, gone, or says what is no frame. */
static enum imap_word
lose_silent(struct imap_session *s, int got)
{
	if (got == -1 && s->why.code == ERR_DATA)
		return imap_session_nonsense(s);
	if (got == 0)
		err_set(&s->why, ERR_TEMPORARY,
		    "the helper program has ended unexpectedly");
	else if (s->why.code == ERR_TEMPORARY)
		err_set(&s->why, ERR_TEMPORARY,
		    "the helper program did not answer in time");
	return lose_helper(s, true);
}

/* Reads the reason out of FAILED and LOST. */
static bool
read_reason(struct imap_session *s, bool *again)
{
	frame_get_err(s->in, &s->why);
	*again = s->in->kind == IMAP_SAY_LOST && frame_get_bool(s->in);
	if (s->why.code == ERR_NONE)
		s->why.code = ERR_UNAVAILABLE;
	return frame_is_whole(s->in);
}

/* ---- questions and answers ---- */

static void
begin(struct imap_session *s, enum imap_question question,
    const struct allowance *a)
{
	frame_begin(s->out, (uint8_t)question);
	allowance_put(s->out, a);
	s->wait_ms = (int64_t)a->ms + GRACE_MS;
	/* "* 1 FETCH (UID 1)" is longer than what the helper makes of it, but
	 * "1 " in a list of UIDs is shorter. */
	s->bytes_left = a->bytes * 2;
}

struct frame *
imap_session_begin(struct imap_session *s, enum imap_question question,
    struct imap_measure measure)
{
	uint64_t ms = (uint64_t)s->account.timeout_ms * 2 +
	    measure.expected * 1000 / BYTES_PER_SECOND;
	struct allowance a = {.ms = ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX,
	    .bytes = measure.most + IMAP_ANSWER_BYTES};

	begin(s, question, &a);
	return s->out;
}

int
imap_session_ask(struct imap_session *s)
{
	s->asked = s->out->kind;
	if (frame_send(s->helper.fd, s->out, &s->why) == 0)
		return 0;
	if (s->why.code != ERR_UNAVAILABLE) {
		lose_helper(s, false);
		return -1;
	}
	err_set(&s->why, ERR_TEMPORARY,
	    "the helper program has ended unexpectedly");
	lose_helper(s, true);
	return -1;
}

static enum imap_word
take_last_word(struct imap_session *s)
{
	bool again;

	switch (s->in->kind) {
	case IMAP_SAY_DONE:
		if (!frame_is_whole(s->in))
			return imap_session_nonsense(s);
		s->asked = 0;
		return IMAP_DONE;
	case IMAP_SAY_FAILED:
		if (!read_reason(s, &again))
			return imap_session_nonsense(s);
		s->asked = 0;
		return IMAP_FAILED;
	case IMAP_SAY_LOST:
		if (!read_reason(s, &again))
			return imap_session_nonsense(s);
		return lose(s, again);
	default:
		return IMAP_NEWS;
	}
}

enum imap_word
imap_session_hear(struct imap_session *s)
{
	int64_t start = clock_ms();
	int got;

	if (s->wait_ms > INT32_MAX)
		s->wait_ms = INT32_MAX;
	got = frame_receive(s->helper.fd, s->in, (int)s->wait_ms, &s->why);
	if (got != 1)
		return lose_silent(s, got);
	if (s->wait_ms != -1) {
		/* Only the helper's time is counted, not ours. */
		s->wait_ms -= clock_ms() - start;
		s->wait_ms = s->wait_ms < 0 ? 0 : s->wait_ms;
	}
	if (s->in->fields.len + 1 > s->bytes_left)
		return imap_session_nonsense(s);
	s->bytes_left -= s->in->fields.len + 1;
	return take_last_word(s);
}

enum imap_word
imap_session_order(struct imap_session *s)
{
	enum imap_word word;

	if (imap_session_ask(s) == -1)
		return IMAP_LOST;
	word = imap_session_hear(s);
	return word == IMAP_NEWS ? imap_session_nonsense(s) : word;
}

/* ---- connecting ---- */

/* Where the helper gets the credentials, a person may be typing. */
static enum imap_word
introduce(struct imap_session *s)
{
	if (helper_start(&s->helper, HELPER_NAME, &s->why) == -1)
		return lose(s, false);
	frame_begin(s->out, IMAP_ASK_ACCOUNT);
	account_put(s->out, &s->account);
	s->wait_ms = -1;
	s->bytes_left = IMAP_ANSWER_BYTES;
	return imap_session_order(s);
}

static enum imap_word
hear_abilities(struct imap_session *s)
{
	enum imap_word word = imap_session_hear(s);

	if (word != IMAP_NEWS)
		return word == IMAP_DONE ? imap_session_nonsense(s) : word;
	s->can_move = frame_get_bool(s->in);
	s->can_delete = frame_get_bool(s->in);
	if (s->in->kind != IMAP_SAY_SESSION || !frame_is_whole(s->in))
		return imap_session_nonsense(s);
	word = imap_session_hear(s);
	return word == IMAP_NEWS ? imap_session_nonsense(s) : word;
}

static enum imap_word
try_connect(struct imap_session *s)
{
	enum imap_word word;

	if (s->helper.pid == 0) {
		word = introduce(s);
		if (word != IMAP_DONE)
			return lose_helper(s, word == IMAP_LOST && s->again);
	}
	imap_session_begin(s, IMAP_ASK_CONNECT, (struct imap_measure){0});
	s->wait_ms += (int64_t)s->account.timeout_ms * ADDRESSES_TRIED;
	if (s->account.token_command[0] != '\0')
		s->wait_ms = s->wait_ms * 2 + TOKEN_MS;
	if (imap_session_ask(s) == -1)
		return IMAP_LOST;
	word = hear_abilities(s);
	if (word == IMAP_FAILED)
		return lose_helper(s, false);
	return word;
}

static void
pause_ms(int ms)
{
	struct timespec t = {
	    .tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000L};

	nanosleep(&t, NULL);
}

int
imap_session_connect(struct imap_session *s)
{
	while (!s->connected) {
		if (s->lost) {
			if (!s->again || s->tries == TRIES_MAX)
				return -1;
			pause_ms(pauses_ms[s->tries++]);
		}
		s->connected = try_connect(s) == IMAP_DONE;
	}
	s->lost = false;
	return 0;
}

void
imap_session_got(struct imap_session *s)
{
	s->tries = 0;
}

void
imap_session_close(struct imap_session *s)
{
	const struct allowance a = {.ms = QUIT_MS, .bytes = IMAP_ANSWER_BYTES};
	int grace = 0;

	/* Nothing that is under way is worth waiting for. */
	if (s->connected && s->asked == 0) {
		begin(s, IMAP_ASK_QUIT, &a);
		s->wait_ms = QUIT_MS + QUIT_GRACE_MS;
		if (imap_session_order(s) != IMAP_LOST)
			grace = QUIT_GRACE_MS;
	}
	helper_end(&s->helper, grace);
	free(s->in);
	free(s->out);
}
