/* SPDX-License-Identifier: ISC */

/*
 * Questions to tlstally-net, and its answers put into the order of the
 * questions.  A helper that was lost costs at worst one domain.
 */

#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/limits.h"
#include "cmd/net.h"
#include "domain/name.h"
#include "proc/helper.h"

#define HELPER_NAME "tlstally-net"

/* The helper keeps the time of each domain; this much later it counts as
 * hanging. */
#define GRACE_MS 15000

/* Authorities are read, and the like. */
#define START_MS 30000

/* Answers that wait for one before them: a slow domain holds up the printing,
 * but not the look-ups of this many others. */
#define AHEAD_MAX ((size_t)4 * NET_WINDOW)

/* Defaults: a resolver has its own time-outs of some seconds, and mail servers
 * may greet late (RFC 5321 4.5.3.2 grants minutes, which nobody waits). */
#define QUESTION_MS 8000
#define SERVER_MS   20000
#define DOMAIN_MS   60000

enum progress {
	TO_ASK = 0,
	ASKED,
	SUSPECT,  /* the helper was lost over it, or over another */
	ANSWERED, /* and kept */
	TAKEN
};

struct domain_place {
	enum progress progress;
	const char *domain; /* that was asked about */
	struct buf answer;
	bool failed;
	bool is_too_long;
};

struct client {
	const struct net_job *job;
	struct helper helper;
	struct frame in;
	struct frame out;
	struct buf question;
	struct domain_place *places;
	size_t taken; /* all before this one */
	size_t next;  /* the first that was never asked about */
	size_t asked;
	size_t suspects;
	bool is_alone; /* what is asked about is a suspect */
	int64_t heard; /* when a domain was last answered, by clock_ms */
	struct err why;
};

struct net_settings
net_settings_default(int64_t now)
{
	return (struct net_settings){.anchor = "",
	    .ca = "",
	    .proxy = "",
	    .helo = "",
	    .smtp_port = 25,
	    .question_ms = QUESTION_MS,
	    .server_ms = SERVER_MS,
	    .domain_ms = DOMAIN_MS,
	    .now = now};
}

/* ---- the helper ---- */

static int
hear_ready(struct client *c, struct err *err)
{
	int got = frame_receive(c->helper.fd, &c->in, START_MS, err);

	if (got == 1 && c->in.kind == NET_SAY_READY && frame_is_whole(&c->in))
		return 0;
	if (got == 1 && c->in.kind == NET_SAY_FAILED)
		frame_get_err(&c->in, err);
	else
		err_set(err, ERR_UNAVAILABLE, HELPER_NAME " does not start");
	return -1;
}

static int
start(struct client *c, struct err *err)
{
	struct err why;

	if (helper_start(&c->helper, HELPER_NAME, &why) == -1)
		return err_set(err, why.code, "%s%s", why.text,
		    why.code == ERR_UNAVAILABLE
			? " (a build --without-net has none)"
			: "");
	frame_begin(&c->out, NET_ASK_SETTINGS);
	net_settings_put(&c->out, c->job->settings);
	if (frame_send(c->helper.fd, &c->out, err) == -1 ||
	    hear_ready(c, err) == -1) {
		helper_end(&c->helper, 0);
		return -1;
	}
	return 0;
}

/* ---- answers ---- */

static void
keep(struct client *c, size_t i, bool failed)
{
	c->places[i].progress = ANSWERED;
	c->places[i].failed = failed;
}

static void
hand_over(struct client *c, size_t i)
{
	const struct net_job *job = c->job;
	struct domain_place *place = &c->places[i];
	struct fields fields = fields_of(place->answer.data, place->answer.len);
	struct arena *arena = arena_new(4096);
	struct domain_summary summary;
	struct err why = {0};

	if (!place->failed && summary_get(&fields, arena, &summary) == 0 &&
	    strcmp(summary.domain, place->domain) == 0) {
		job->take(job->arg, i, &summary, NULL);
	} else if (place->is_too_long) {
		err_set(&why, ERR_BOUND,
		    "what was found out about it is more than %zu bytes",
		    SUMMARY_BYTES_MAX);
		job->take(job->arg, i, NULL, &why);
	} else {
		err_set(&why, ERR_UNAVAILABLE,
		    "the program that looked at it was lost over it: %s",
		    c->why.code != ERR_NONE ? c->why.text
					    : "what it said makes no sense");
		job->take(job->arg, i, NULL, &why);
	}
	arena_free(arena);
	buf_free(&place->answer);
	place->progress = TAKEN;
}

/* Hands over what is next. */
static void
hand_over_all(struct client *c)
{
	while (c->taken < c->job->n && c->places[c->taken].progress == ANSWERED)
		hand_over(c, c->taken++);
}

static bool
may_be_said(uint8_t kind, size_t len)
{
	switch (kind) {
	case NET_SAY_BYTES:
		return len > 0;
	case NET_SAY_DOMAIN:
		return true;
	case NET_SAY_TOO_LONG:
		return len == 0;
	default:
		return false;
	}
}

/* What comes back is good only if all of it is: seen again when it is
 * read. */
static int
take_piece(struct client *c)
{
	uint32_t number = frame_get_u32(&c->in);
	size_t len;
	const void *p = frame_get_rest(&c->in, &len);
	struct domain_place *place;

	if (!may_be_said(c->in.kind, len) || !frame_is_whole(&c->in) ||
	    number >= c->job->n || c->places[number].progress != ASKED)
		return -1;
	place = &c->places[number];
	place->answer.cap = SUMMARY_BYTES_MAX;
	if (buf_append(&place->answer, p, len) == -1)
		return -1;
	if (c->in.kind != NET_SAY_BYTES) {
		c->asked--;
		c->is_alone = false;
		c->heard = clock_ms();
		place->is_too_long = c->in.kind == NET_SAY_TOO_LONG;
		keep(c, number, place->is_too_long);
	}
	return 0;
}

/* ---- questions ---- */

/* The next domain to ask about; n if none may be, now. */
static size_t
choose(const struct client *c)
{
	size_t i;

	/* A suspect is alone until it is answered. */
	if (c->is_alone || (c->suspects > 0 && c->asked > 0))
		return c->job->n;
	for (i = c->taken; c->suspects > 0 && i < c->next; i++)
		if (c->places[i].progress == SUSPECT)
			return i;
	if (c->asked >= NET_WINDOW || c->next >= c->taken + AHEAD_MAX)
		return c->job->n;
	return c->next;
}

/* Returns 1; 0 if there is no room for it now; -1 if nobody listens. */
static int
send_question(struct client *c, size_t i)
{
	struct fields_out o = {.buf = &c->question};
	struct arena *arena = arena_new(1024);
	struct domain_question question = {0};
	int rc;

	buf_reset(&c->question, FRAME_REST_MAX);
	c->question.cap = FRAME_REST_MAX;
	c->job->ask(c->job->arg, i, arena, &question);
	c->places[i].domain = question.domain;
	fields_put_u32(&o, (uint32_t)i);
	question_put(&o, &question);
	arena_free(arena);
	if (o.over)
		return -1;
	rc = frame_try_send_rest(c->helper.fd, NET_ASK_DOMAIN, c->question.data,
	    c->question.len, &c->why);
	return rc;
}

static void
note_asked(struct client *c, size_t i)
{
	c->is_alone = c->places[i].progress == SUSPECT;
	if (c->is_alone)
		c->suspects--;
	else
		c->next++;
	c->places[i].progress = ASKED;
	if (c->asked++ == 0)
		c->heard = clock_ms();
}

static int
send_questions(struct client *c)
{
	size_t i;
	int rc = 1;

	while ((i = choose(c)) < c->job->n) {
		rc = send_question(c, i);
		if (rc != 1)
			break;
		note_asked(c, i);
	}
	return rc == -1 ? -1 : 0;
}

/* ---- losses ---- */

/* One that was asked about alone is at fault; of several, each may be.  If
 * none was, the one that could not be: every loss costs something, and so
 * there is an end of them. */
static int
recover(struct client *c, struct err *err)
{
	bool is_alone;
	size_t i;

	if (c->asked == 0 && (i = choose(c)) < c->job->n)
		note_asked(c, i);
	is_alone = c->asked == 1;
	c->is_alone = false;
	helper_end(&c->helper, 0);
	for (i = c->taken; i < c->next; i++) {
		if (c->places[i].progress != ASKED)
			continue;
		buf_free(&c->places[i].answer);
		if (is_alone) {
			keep(c, i, true);
		} else {
			c->places[i].progress = SUSPECT;
			c->suspects++;
		}
	}
	c->asked = 0;
	return start(c, err);
}

/* For how long a piece is waited for: while domains are asked about, one is
 * answered within the time of a domain, however much else is said.  What is
 * there already is taken in any case: it may be us who were slow. */
static int
patience(const struct client *c)
{
	int64_t limit = (int64_t)c->job->settings->domain_ms + GRACE_MS;
	int64_t left = limit - (clock_ms() - c->heard);

	if (left > INT_MAX)
		left = INT_MAX;
	return left > 0 ? (int)left : 0;
}

/* Returns 1 for an answer, -1 when the helper is lost. */
static int
hear(struct client *c)
{
	int got = frame_receive(c->helper.fd, &c->in, patience(c), &c->why);

	if (got == 1 && take_piece(c) == 0)
		return 1;
	if (got == 1)
		err_set(&c->why, ERR_UNAVAILABLE,
		    "it said something that makes no sense");
	else if (got == 0)
		err_set(&c->why, ERR_UNAVAILABLE, "it ended unexpectedly");
	return -1;
}

/* ---- the run ---- */

static int
work(struct client *c, struct err *err)
{
	if (start(c, err) == -1)
		return -1;
	while (c->taken < c->job->n) {
		if ((send_questions(c) == -1 || hear(c) == -1) &&
		    recover(c, err) == -1)
			return -1;
		hand_over_all(c);
	}
	return 0;
}

int
net_run(const struct net_job *job, struct err *err)
{
	struct client *c = xcalloc(1, sizeof(*c));
	size_t i;
	int rc;

	c->job = job;
	c->helper.fd = -1;
	c->places = xcalloc(job->n + 1, sizeof(*c->places));
	rc = work(c, err);
	helper_end(&c->helper, rc == 0 ? 1000 : 0);
	for (i = 0; i < job->n; i++)
		buf_free(&c->places[i].answer);
	buf_free(&c->question);
	free(c->places);
	free(c);
	return rc;
}

/* ---- names ---- */

const char *
net_domain(struct arena *arena, struct span text, struct err *err)
{
	const char *name = name_normal(arena, text);
	const char *shown = printable(arena, text);
	size_t i;

	for (i = 0; i < text.len; i++)
		if ((unsigned char)text.p[i] >= 0x80) {
			err_set(err, ERR_USAGE,
			    "%s: write the name as it stands in the DNS, in "
			    "A-labels (xn--...)",
			    shown);
			return NULL;
		}
	if (strlen(name) == text.len || strlen(name) + 1 == text.len) {
		if (name_is_host(span_of(name)) && name_has_dot(span_of(name)))
			return name;
	}
	if (text.len == 0)
		err_set(err, ERR_USAGE, "an empty name is no domain");
	else
		err_set(err, ERR_USAGE, "%s: not a domain%s", shown,
		    memchr(text.p, '@', text.len) != NULL
			? ": give what stands behind the @"
			: "");
	return NULL;
}
