/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_JAIL_JOB_H
#define TLSTALLY_JAIL_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fields.h"
#include "base/span.h"

/*
 * A job: some questions that go to a worker together, and its answers as they
 * come.  Each question and each answer has its length before it.
 *
 * On the wire both are streams of bytes, cut into frames without regard to
 * what they mean.
 */

/* The kinds of frames. */
enum job_frame {
	JOB_CONFINED = 1, /* worker: 1, or 0 and why it has no sandbox */
	JOB_MORE,	  /* to the worker: bytes of questions ... */
	JOB_LAST,	  /* ... and the last of them */
	JOB_ANSWERS	  /* worker: bytes of answers */
};

struct job {
	struct job *next;     /* the pool's */
	struct job *behind;   /* its owner's, for a list of its own */
	struct buf request;   /* all questions but borrowed */
	struct span borrowed; /* the end of the last question, of somebody who
				 waits for the answer; or nothing */
	size_t nquestions;
	size_t open; /* where the question that is being written began */

	/* What of it is asked now: questions in [asked, until), which are the
	 * bytes [at, end) of request and borrowed; sent of them have gone. */
	size_t asked;
	size_t until;
	size_t at;
	size_t end;
	size_t sent;

	struct buf answers; /* whole ones, and the beginning of the next */
	size_t nanswers;
	size_t whole; /* where the next begins */
	size_t taken; /* what of answers has been given out */
};

struct job *job_new(void);
void job_free(struct job *job);

/* Writes a question: what is put into *o between these two, and with it the
 * bytes of last, which are copied, or only borrowed: then they are all that
 * this job can hold. */
void job_begin_question(struct job *job, struct fields_out *o);
void job_end_question(struct job *job, struct span last, bool borrow);

/* Bytes of its questions. */
size_t job_size(const struct job *job);

/* Asks all questions that have no answer yet; or only the next of them. */
void job_ask_all(struct job *job);
void job_ask_one(struct job *job);

/* The next bytes that are to be sent, up to most; empty when all are. */
struct span job_unsent(const struct job *job, size_t most);

/* Takes bytes of answers.  Returns 0, or -1 if there are more than was asked
 * for, or one is longer than any can be. */
int job_take_bytes(struct job *job, const void *p, size_t len);

/* Puts an answer that stands for the next one. */
void job_answer_itself(struct job *job, const char *reason);

/* Forgets the part of an answer that will not be completed. */
void job_drop_partial(struct job *job);

/* True when the questions that are asked now have their answers; when all
 * have. */
bool job_is_answered(const struct job *job);
bool job_is_done(const struct job *job);

/* The next whole answer that was not given out: it stays where it is until
 * the job takes more bytes. */
struct fields job_next_answer(struct job *job);

/* ---- at the worker's end ---- */

/* How many bytes the first question takes whose first len bytes are at p;
 * 0 if that cannot be told yet. */
size_t job_length(const void *p, size_t len);

/* Takes the next question of those in *f.  False at the end. */
bool job_next_question(struct fields *f, struct fields *question);

/* Begins an answer, and ends it; *o goes on over its cap no more than any
 * fields. */
size_t job_begin_answer(struct fields_out *o);
void job_end_answer(struct fields_out *o, size_t begun);

#endif
