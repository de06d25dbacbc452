/* SPDX-License-Identifier: ISC */

/*
 * The pool of workers.  A worker may have a few jobs at once, so that it need
 * not wait while we are busy; it answers them in the order in which they were
 * sent.  Whatever comes from it is taken for a stranger's: it may be late,
 * wrong, or never end.
 */

#include "config.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/die.h"
#include "base/limits.h"
#include "jail/pool.h"
#include "proc/frame.h"
#include "proc/zygote.h"

/* How many jobs a worker has at once: about what its socket holds. */
#define JOBS_AT_ONCE 4

/* So many workers in a row may end before they are ready. */
#define STARTS_TRIED 3

struct seat {
	struct worker_process process;
	bool greeted;	   /* it has said whether it has a sandbox */
	struct job *first; /* the jobs it has, in this order */
	struct job **last;
	size_t njobs;
	int64_t since; /* when it was last known to make progress, clock_ms */
};

struct pool {
	struct zygote zygote;
	struct pool_config config;
	struct seat *seats;
	struct job *pending; /* jobs that no worker has */
	struct job **last;
	struct frame *frame;
	int unstarted;	       /* workers in a row that did not get so far as to
				  greet */
	struct err broken;     /* why no worker can be had */
	struct err unconfined; /* why workers have no sandbox */
};

int
pool_new(struct pool **out, const struct pool_config *config, struct err *err)
{
	struct pool *p = xcalloc(1, sizeof(*p));
	size_t i;

	*out = NULL;
	p->config = *config;
	if (zygote_start(&p->zygote, worker_run, &p->config.worker, err) ==
	    -1) {
		free(p);
		return -1;
	}
	p->seats = xcalloc(config->workers, sizeof(*p->seats));
	for (i = 0; i < config->workers; i++)
		p->seats[i].last = &p->seats[i].first;
	p->last = &p->pending;
	p->frame = xcalloc(1, sizeof(*p->frame));
	*out = p;
	return 0;
}

void
pool_free(struct pool *p)
{
	size_t i;

	if (p == NULL)
		return;
	for (i = 0; i < p->config.workers; i++)
		zygote_kill(&p->zygote, &p->seats[i].process);
	zygote_stop(&p->zygote);
	free(p->seats);
	free(p->frame);
	free(p);
}

const char *
pool_unconfined(const struct pool *p)
{
	return p->unconfined.code != ERR_NONE ? p->unconfined.text : NULL;
}

static bool
is_taken(const struct seat *s)
{
	return s->process.pid != 0;
}

/* ---- jobs ---- */

static void
add_pending(struct pool *p, struct job *job)
{
	job->next = NULL;
	*p->last = job;
	p->last = &job->next;
}

static void
put_in_front(struct pool *p, struct job *job)
{
	if (p->pending == NULL)
		p->last = &job->next;
	job->next = p->pending;
	p->pending = job;
}

static void
give(struct pool *p, struct seat *s)
{
	struct job *job = p->pending;

	p->pending = job->next;
	if (p->pending == NULL)
		p->last = &p->pending;
	if (s->njobs++ == 0)
		s->since = clock_ms();
	job->next = NULL;
	*s->last = job;
	s->last = &job->next;
}

/* Takes the first job off a worker. */
static struct job *
take_back(struct seat *s)
{
	struct job *job = s->first;

	s->first = job->next;
	if (s->first == NULL)
		s->last = &s->first;
	s->njobs--;
	return job;
}

void
pool_submit(struct pool *p, struct job *job, bool urgent)
{
	job_ask_all(job);
	if (urgent)
		put_in_front(p, job);
	else
		add_pending(p, job);
	pool_serve(p);
}

/* ---- workers that fail ---- */

/* How a worker ended, in words. */
static void
describe_end(int status, char *text, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(text, size, "the decoder was killed by signal %d (%s)",
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WIFEXITED(status) && WEXITSTATUS(status) == EX_TEMPFAIL)
		snprintf(text, size,
		    "the decoder ran out of memory (DECODE_MEMORY)");
	else
		snprintf(text, size, "the decoder left with status %d",
		    WIFEXITED(status) ? WEXITSTATUS(status) : 0);
}

/* What becomes of the job at which a worker failed.  Of several questions
 * nobody knows which one it was: they are asked again one by one. */
static void
settle_failed(struct pool *p, struct job *job, const char *reason)
{
	if (job->until - job->asked == 1 && !job_is_answered(job))
		job_answer_itself(job, reason);
	if (job_is_done(job))
		return;
	job_ask_one(job);
	put_in_front(p, job);
}

/* Puts back all jobs behind the first, which have done nothing wrong. */
static void
put_back_others(struct pool *p, struct seat *s)
{
	struct job *others[JOBS_AT_ONCE];
	size_t n = 0;

	while (s->first != NULL)
		others[n++] = take_back(s);
	while (n > 0) {
		job_ask_all(others[--n]);
		put_in_front(p, others[n]);
	}
}

/* Ends a worker.  why: what it did wrong, or NULL if it ended by itself. */
static void
dismiss(struct pool *p, struct seat *s, const char *why)
{
	struct job *job = s->first != NULL ? take_back(s) : NULL;
	char text[ERR_TEXT_MAX];

	describe_end(zygote_kill(&p->zygote, &s->process), text, sizeof(text));
	put_back_others(p, s);
	if (job != NULL && s->greeted)
		settle_failed(p, job, why != NULL ? why : text);
	if (s->greeted)
		return;
	/* One that did not even start has not seen a message. */
	if (job != NULL) {
		job_ask_all(job);
		put_in_front(p, job);
	}
	if (++p->unstarted == STARTS_TRIED)
		err_set(&p->broken, ERR_TEMPORARY,
		    "no decoder can be started: %s", why != NULL ? why : text);
}

void
pool_distrust(struct pool *p)
{
	struct job *job;
	size_t i;

	for (i = 0; i < p->config.workers; i++) {
		if (!is_taken(&p->seats[i]))
			continue;
		zygote_kill(&p->zygote, &p->seats[i].process);
		job =
		    p->seats[i].first != NULL ? take_back(&p->seats[i]) : NULL;
		put_back_others(p, &p->seats[i]);
		if (job != NULL) {
			job_ask_all(job);
			put_in_front(p, job);
		}
	}
}

/* ---- workers that work ---- */

static int
hire(struct pool *p, struct seat *s)
{
	s->greeted = false;
	s->since = clock_ms();
	return zygote_fork(&p->zygote, &s->process, &p->broken);
}

/* The worker that should have the next job: an idle one; a new one; or the
 * one with the fewest jobs, if it has room.  NULL if there is none now. */
static struct seat *
choose(struct pool *p)
{
	struct seat *s, *empty = NULL, *best = NULL;
	size_t i;

	for (i = 0; i < p->config.workers; i++) {
		s = &p->seats[i];
		if (!is_taken(s))
			empty = empty != NULL ? empty : s;
		else if (best == NULL || s->njobs < best->njobs)
			best = s;
	}
	if (empty != NULL && (best == NULL || best->njobs > 0)) {
		if (hire(p, empty) == 0)
			return empty;
		/* Those that are there can do it all. */
		if (best != NULL)
			p->broken.code = ERR_NONE;
	}
	return best != NULL && best->njobs < JOBS_AT_ONCE ? best : NULL;
}

/* Sends what there is room for. */
static void
send_questions(struct seat *s)
{
	struct job *job;
	struct span bytes;
	uint8_t kind;

	for (job = s->first; job != NULL; job = job->next) {
		while ((bytes = job_unsent(job, FRAME_REST_MAX)).len > 0) {
			kind = job->at + job->sent + bytes.len == job->end
			    ? JOB_LAST
			    : JOB_MORE;
			/* One that is gone will be seen when it is read. */
			if (frame_try_send_rest(s->process.fd, kind, bytes.p,
				bytes.len, NULL) != 1)
				return;
			job->sent += bytes.len;
		}
	}
}

static bool
has_unsent(const struct seat *s)
{
	const struct job *job;

	for (job = s->first; job != NULL; job = job->next)
		if (job_unsent(job, 1).len > 0)
			return true;
	return false;
}

/* Takes what the worker says of its sandbox.  Returns 0, or -1 if that makes
 * no sense. */
static int
take_greeting(struct pool *p, struct seat *s)
{
	bool confined = frame_get_bool(p->frame);
	const char *why = frame_get_string(p->frame);

	if (s->greeted || !frame_is_whole(p->frame))
		return -1;
	s->greeted = true;
	p->unstarted = 0;
	if (!confined)
		err_set(&p->unconfined, ERR_UNAVAILABLE, "%s", why);
	return 0;
}

/* Takes answers for the first job. */
static int
take_answers(struct pool *p, struct seat *s)
{
	struct job *job = s->first;
	const void *bytes;
	size_t len;

	bytes = frame_get_rest(p->frame, &len);
	if (!s->greeted || job == NULL || job_take_bytes(job, bytes, len) == -1)
		return -1;
	if (!job_is_answered(job))
		return 0;
	take_back(s);
	if (!job_is_done(job)) {
		job_ask_one(job);
		put_in_front(p, job);
	}
	return 0;
}

/* Hears what a worker says. */
static void
hear(struct pool *p, struct seat *s)
{
	struct err err;
	int got = frame_receive(s->process.fd, p->frame, 0, &err), rc = -1;

	if (got == 0) {
		dismiss(p, s, NULL);
		return;
	}
	if (got == 1 && p->frame->kind == JOB_CONFINED)
		rc = take_greeting(p, s);
	else if (got == 1 && p->frame->kind == JOB_ANSWERS)
		rc = take_answers(p, s);
	if (rc == 0)
		s->since = clock_ms();
	else
		dismiss(p, s, "the decoder said what makes no sense");
}

/* Milliseconds until the first worker must have got on; -1: nobody must. */
static int
time_left(const struct pool *p)
{
	int64_t now = clock_ms(), left, least = -1;
	size_t i;

	for (i = 0; i < p->config.workers; i++) {
		if (p->seats[i].first == NULL)
			continue;
		left = p->seats[i].since + p->config.deadline_ms - now;
		if (left < 0)
			left = 0;
		if (least == -1 || left < least)
			least = left;
	}
	return (int)least;
}

/* Ends those that take too long. */
static void
end_late(struct pool *p)
{
	int64_t now = clock_ms();
	char why[64];
	size_t i;

	snprintf(why, sizeof(why),
	    "the decoder took over %d ms (DECODE_SECONDS)",
	    p->config.deadline_ms);
	for (i = 0; i < p->config.workers; i++)
		if (p->seats[i].first != NULL &&
		    now - p->seats[i].since >= p->config.deadline_ms)
			dismiss(p, &p->seats[i], why);
}

/* Gives, sends and hears what it can; waits for something to hear, or for
 * room to send, if it may. */
static void
pump(struct pool *p, bool wait)
{
	struct pollfd fds[JOBS_MAX];
	struct seat *seats[JOBS_MAX], *s;
	nfds_t n = 0, i;

	while (p->pending != NULL && (s = choose(p)) != NULL)
		give(p, s);
	for (i = 0; i < p->config.workers; i++) {
		s = &p->seats[i];
		if (!is_taken(s))
			continue;
		send_questions(s);
		fds[n] = (struct pollfd){.fd = s->process.fd, .events = POLLIN};
		if (has_unsent(s))
			fds[n].events |= POLLOUT;
		seats[n++] = s;
	}
	if (n == 0 || poll(fds, n, wait ? time_left(p) : 0) < 0)
		return;
	for (i = 0; i < n; i++) {
		if ((fds[i].revents & ~POLLOUT) != 0)
			hear(p, seats[i]);
		else if (fds[i].revents != 0)
			send_questions(seats[i]);
	}
	if (wait)
		end_late(p);
}

void
pool_serve(struct pool *p)
{
	if (p->broken.code == ERR_NONE)
		pump(p, false);
}

int
pool_wait(struct pool *p, const struct job *job, size_t n, struct err *err)
{
	while (job->nanswers < n && p->broken.code == ERR_NONE)
		pump(p, true);
	if (job->nanswers >= n)
		return 0;
	*err = p->broken;
	return -1;
}
