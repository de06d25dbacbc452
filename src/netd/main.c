/* SPDX-License-Identifier: ISC */

/*
 * tlstally-net: looks at the records, policies and servers of domains for
 * tlstally, which starts it and speaks with it in frames (proc/net_wire.h).
 * It parses all that the network sends, holds nothing worth stealing, and has
 * given up what it does not need for that.
 */

#include "config.h"

#include <sysexits.h>

#include "base/limits.h"
#include "netd/look.h"
#include "proc/confine.h"
#include "proc/program.h"

/* Nothing is waited for longer without a look around. */
#define ROUND_MS 60000

/* What one domain takes, as a rule. */
#define ARENA_SIZE ((size_t)32 << 10)

struct servant {
	struct frame in;
	struct frame out;
	struct frame introduction; /* holds the strings of settings */
	struct net_settings settings;
	struct look look;
	struct buf answer;
	bool is_over;
};

/* ---- settings ---- */

static int
prepare(struct servant *s, struct err *err)
{
	net_settings_get(&s->introduction, &s->settings);
	if (!frame_is_whole(&s->introduction))
		return err_set(err, ERR_USAGE, "these are no settings");
	if (look_open(&s->look, &s->settings, err) == -1)
		return -1;
	return confine_enter(s->settings.ca, err);
}

/* The first that is said to us. */
static int
introduce_us(struct servant *s)
{
	struct err err;
	int rc;

	if (frame_receive(FRAME_HELPER_FD, &s->introduction, -1, &err) != 1)
		return -1;
	if (s->introduction.kind != NET_ASK_SETTINGS)
		return -1;
	rc = prepare(s, &err);
	if (rc == 0) {
		frame_begin(&s->out, NET_SAY_READY);
	} else {
		frame_begin(&s->out, NET_SAY_FAILED);
		frame_put_err(&s->out, &err);
	}
	if (frame_send(FRAME_HELPER_FD, &s->out, &err) == -1)
		return -1;
	return rc;
}

/* ---- questions and answers ---- */

static int
say_too_long(struct servant *s, uint32_t number)
{
	struct err err;

	frame_begin(&s->out, NET_SAY_TOO_LONG);
	frame_put_u32(&s->out, number);
	return frame_send(FRAME_HELPER_FD, &s->out, &err);
}

static void
answer(void *arg, uint32_t number, const struct domain_summary *summary)
{
	struct servant *s = arg;
	struct fields_out o = {.buf = &s->answer};

	s->answer.cap = SUMMARY_BYTES_MAX;
	buf_reset(&s->answer, SUMMARY_BYTES_MAX / 8);
	summary_put(&o, summary);
	if ((o.over ? say_too_long(s, number)
		    : net_send_answer(FRAME_HELPER_FD, &s->out, number,
			  s->answer.data, s->answer.len)) == -1)
		s->is_over = true;
}

/* Returns false for what is no question. */
static bool
take_question(struct servant *s)
{
	struct arena *arena = arena_new(ARENA_SIZE);
	struct domain_question question;
	struct fields fields;
	uint32_t number = frame_get_u32(&s->in);
	size_t len;
	const void *p = frame_get_rest(&s->in, &len);

	/* Its texts stay where they lie: not in a frame that is used again. */
	fields = fields_of(arena_strndup(arena, p, len), len);
	if (s->in.kind != NET_ASK_DOMAIN || !frame_is_whole(&s->in) ||
	    s->look.n == NET_WINDOW ||
	    question_get(&fields, arena, &question) == -1) {
		arena_free(arena);
		return false;
	}
	look_begin(&s->look, number, arena, &question);
	return true;
}

/* Takes all questions that have come.  Returns false at their end. */
static bool
take_questions(struct servant *s)
{
	struct err err;
	int got;

	while ((got = frame_receive(FRAME_HELPER_FD, &s->in, 0, &err)) == 1)
		if (!take_question(s))
			return false;
	return got == -1 && err.code == ERR_TEMPORARY;
}

static void
serve(struct servant *s)
{
	struct watch w = {0};

	look_start(&s->look);
	while (!s->is_over) {
		watch_begin(&w, ROUND_MS);
		watch_fd(&w, FRAME_HELPER_FD, POLLIN);
		look_watch(&s->look, &w);
		watch_wait(&w);
		if (watch_ready(&w, FRAME_HELPER_FD) != 0 && !take_questions(s))
			break;
		look_work(&s->look, &w, answer, s);
	}
	watch_free(&w);
	buf_free(&s->answer);
}

/* ---- the program ---- */

static const struct program program = {.name = "tlstally-net",
    .help = "tlstally-net looks at the records, policies and mail servers of "
	    "domains for\ntlstally, which starts it; by hand it does nothing.  "
	    "See tlstally(1).\n"};

int
main(int argc, char **argv)
{
	static struct servant servant;
	int status;

	if (!program_begin(&program, argc, argv, &status))
		return status;
	if (introduce_us(&servant) == 0)
		serve(&servant);
	look_close(&servant.look);
	return EX_OK;
}
