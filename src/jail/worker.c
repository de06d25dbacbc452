/* SPDX-License-Identifier: ISC */

/*
 * A worker.  A job that came in one frame is read where it lies; the answers
 * to small questions go back together.
 */

#include "config.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/limits.h"
#include "jail/job.h"
#include "jail/question.h"
#include "jail/worker.h"
#include "proc/frame.h"
#include "proc/sandbox.h"

/* Answers wait until there are so many bytes of them, or no more questions. */
#define SAY_BYTES ((size_t)32 << 10)

/* What is kept from job to job. */
#define KEEP_BYTES ((size_t)1 << 20)

struct worker {
	int fd;
	const struct worker_config *config;
	struct frame *frame;
	struct buf gathered; /* a job of several frames */
	struct buf answers;
};

/* Enters the sandbox.  Without one the decoder still runs where a crash costs
 * nothing, and whoever asks is told. */
static void
confine(struct worker *w)
{
	const struct sandbox box = {
	    .memory_bytes = DECODE_MEMORY, .keep = &w->fd, .nkeep = 1};
	struct err err = {.text = ""};
	int rc = sandbox_enter(&box, &err);

	frame_begin(w->frame, JOB_CONFINED);
	frame_put_u8(w->frame, rc == 0);
	frame_put_string(w->frame, err.text);
	frame_send(w->fd, w->frame, NULL);
}

/* Appends what the frame holds.  A long job is one long question, with its
 * length at the front: then the room for all of it is made at once. */
static int
gather(struct worker *w)
{
	size_t len;
	const void *p = frame_get_rest(w->frame, &len);

	if (w->gathered.len == 0 &&
	    buf_reserve(&w->gathered, job_length(p, len)) == -1)
		return -1;
	return buf_append(&w->gathered, p, len);
}

/* Receives a job.  Returns 0, or -1 at the end. */
static int
receive_job(struct worker *w, struct fields *job)
{
	const void *p;
	size_t len;

	buf_reset(&w->gathered, KEEP_BYTES);
	for (;;) {
		if (frame_receive(w->fd, w->frame, -1, NULL) != 1)
			return -1;
		if (w->frame->kind == JOB_LAST && w->gathered.len == 0) {
			p = frame_get_rest(w->frame, &len);
			*job = fields_of(p, len);
			return 0;
		}
		if (gather(w) == -1)
			return -1;
		if (w->frame->kind == JOB_LAST)
			break;
	}
	*job = fields_of(w->gathered.data, w->gathered.len);
	return 0;
}

/* Sends the answers that there are, as many frames as it takes. */
static int
say(struct worker *w)
{
	size_t at, n;

	for (at = 0; at < w->answers.len; at += n) {
		n = w->answers.len - at;
		if (n > FRAME_REST_MAX)
			n = FRAME_REST_MAX;
		if (frame_send_rest(w->fd, JOB_ANSWERS, w->answers.data + at, n,
			NULL) == -1)
			return -1;
	}
	buf_reset(&w->answers, KEEP_BYTES);
	return 0;
}

static void
answer(struct worker *w, struct fields *question)
{
	struct fields_out o = {.buf = &w->answers};
	size_t begun = job_begin_answer(&o);

	w->config->answer(w->config->arg, question, &o);
	if (o.over) {
		w->answers.len = begun;
		o.over = false;
		question_put_refusal(&o, FAULT_BOUND,
		    "what is in it takes too much room (ANSWER_BYTES_MAX)");
	}
	job_end_answer(&o, begun);
}

static int
answer_job(struct worker *w, struct fields *job)
{
	struct fields question;

	while (job_next_question(job, &question)) {
		answer(w, &question);
		if (w->answers.len >= SAY_BYTES && say(w) == -1)
			return -1;
	}
	return say(w);
}

void
worker_run(int fd, void *arg)
{
	struct worker w = {.fd = fd, .config = arg};
	struct fields job;

	w.frame = xcalloc(1, sizeof(*w.frame));
	w.answers.cap = ANSWER_BYTES_MAX;
	w.gathered.cap = SIZE_MAX - 1;
	confine(&w);
	while (receive_job(&w, &job) == 0 && answer_job(&w, &job) == 0)
		;
	buf_free(&w.gathered);
	buf_free(&w.answers);
	free(w.frame);
}
