/* SPDX-License-Identifier: ISC */

/*
 * Jobs: pure bookkeeping.  What goes wrong with a worker is the pool's
 * business; here is what has been asked, sent and answered.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/limits.h"
#include "jail/job.h"
#include "jail/question.h"

/* What stands before each question and answer. */
typedef uint32_t length;

/* Of a job's answers together: the longest there can be, and short ones. */
#define ALL_ANSWERS_MAX (ANSWER_BYTES_MAX * 2)

struct job *
job_new(void)
{
	struct job *job = xcalloc(1, sizeof(*job));

	job->request.cap = SIZE_MAX - 1;
	job->answers.cap = ALL_ANSWERS_MAX;
	return job;
}

void
job_free(struct job *job)
{
	if (job == NULL)
		return;
	buf_free(&job->request);
	buf_free(&job->answers);
	free(job);
}

/* ---- questions ---- */

/* Leaves room for a length, and returns where what follows begins. */
static size_t
begin(struct fields_out *o)
{
	fields_put_u32(o, 0);
	return o->buf->len;
}

/* Writes the length of what began there, of which more bytes lie elsewhere. */
static void
end(struct buf *b, size_t begun, size_t more)
{
	length n = (length)(b->len - begun + more);

	memcpy(b->data + begun - sizeof(n), &n, sizeof(n));
}

void
job_begin_question(struct job *job, struct fields_out *o)
{
	*o = (struct fields_out){.buf = &job->request};
	job->open = begin(o);
}

void
job_end_question(struct job *job, struct span last, bool borrow)
{
	if (borrow)
		job->borrowed = last;
	else
		buf_append(&job->request, last.p, last.len);
	end(&job->request, job->open, job->borrowed.len);
	job->nquestions++;
}

size_t
job_size(const struct job *job)
{
	return job->request.len + job->borrowed.len;
}

/* Where the question behind the one at that place begins. */
static size_t
next_question(const struct job *job, size_t at)
{
	length n;

	memcpy(&n, job->request.data + at, sizeof(n));
	return at + sizeof(n) + n;
}

/* Asks the questions from the first without an answer on, up to until. */
static void
ask(struct job *job, size_t until)
{
	size_t i;

	job_drop_partial(job);
	job->at = 0;
	for (i = 0; i < job->nanswers; i++)
		job->at = next_question(job, job->at);
	job->asked = job->nanswers;
	job->until = until;
	job->end = until == job->nquestions ? job_size(job)
					    : next_question(job, job->at);
	job->sent = 0;
}

void
job_ask_all(struct job *job)
{
	ask(job, job->nquestions);
}

void
job_ask_one(struct job *job)
{
	ask(job, job->nanswers + 1);
}

struct span
job_unsent(const struct job *job, size_t most)
{
	size_t at = job->at + job->sent, len = job->end - at;
	const struct buf *r = &job->request;
	struct span s;

	if (at < r->len) {
		if (len > r->len - at)
			len = r->len - at;
		s.p = r->data + at;
	} else {
		s.p = job->borrowed.p;
		if (at > r->len)
			s.p += at - r->len;
	}
	s.len = len < most ? len : most;
	return s;
}

/* ---- answers ---- */

/* The length of the answer at job->whole, if that much of it is there. */
static bool
next_length(const struct job *job, length *n)
{
	if (job->answers.len - job->whole < sizeof(*n))
		return false;
	memcpy(n, job->answers.data + job->whole, sizeof(*n));
	return true;
}

int
job_take_bytes(struct job *job, const void *p, size_t len)
{
	length n;

	if (buf_append(&job->answers, p, len) == -1)
		return -1;
	while (next_length(job, &n)) {
		if (job->nanswers == job->until || n > ANSWER_BYTES_MAX)
			return -1;
		/* What is only announced takes no memory yet. */
		if (job->answers.len - job->whole - sizeof(n) < n)
			return 0;
		job->whole += sizeof(n) + n;
		job->nanswers++;
	}
	return job->nanswers == job->until && job->whole < job->answers.len ? -1
									    : 0;
}

void
job_drop_partial(struct job *job)
{
	job->answers.len = job->whole;
}

void
job_answer_itself(struct job *job, const char *reason)
{
	struct fields_out o = {.buf = &job->answers};
	const size_t cap = job->answers.cap;
	size_t begun;

	job_drop_partial(job);
	/* Answers that filled all the room must not take that of this one. */
	job->answers.cap = job->answers.len + ERR_TEXT_MAX;
	begun = begin(&o);
	question_put_refusal(&o, FAULT_RESOURCE, reason);
	end(&job->answers, begun, 0);
	job->answers.cap = cap;
	job->whole = job->answers.len;
	job->nanswers++;
}

bool
job_is_answered(const struct job *job)
{
	return job->nanswers >= job->until;
}

bool
job_is_done(const struct job *job)
{
	return job->nanswers == job->nquestions;
}

/* The next of things with their length before them. */
static bool
next(struct fields *f, struct fields *out)
{
	size_t len;
	const void *p;

	if (fields_left(f) == 0)
		return false;
	p = fields_bytes(f, &len);
	*out = fields_of(p, len);
	return !f->bad;
}

struct fields
job_next_answer(struct job *job)
{
	struct fields left =
	    fields_of(job->answers.data + job->taken, job->whole - job->taken);
	struct fields answer = {.bad = true};

	if (next(&left, &answer))
		job->taken += left.at;
	return answer;
}

/* ---- at the worker's end ---- */

size_t
job_length(const void *p, size_t len)
{
	length n;

	if (len < sizeof(n))
		return 0;
	memcpy(&n, p, sizeof(n));
	return sizeof(n) + n;
}

bool
job_next_question(struct fields *f, struct fields *question)
{
	return next(f, question);
}

size_t
job_begin_answer(struct fields_out *o)
{
	return begin(o);
}

void
job_end_answer(struct fields_out *o, size_t begun)
{
	end(o->buf, begun, 0);
}
