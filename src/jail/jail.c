/* SPDX-License-Identifier: ISC */

/*
 * The door to the decoder.  Small messages go through it in jobs of about one
 * frame, so that a mail costs a tenth of a system call; a large one is sent
 * from where it lies, and waited for.
 */

#include "config.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "decode/gzip.h"
#include "decode/json.h"
#include "decode/zip.h"
#include "jail/jail.h"
#include "jail/pool.h"
#include "jail/question.h"
#include "proc/frame.h"
#include "proc/sandbox.h"

/* A job is sent when it holds so much: a frame, and room for what stands
 * beside a message. */
#define JOB_BYTES (FRAME_REST_MAX - 4096)

/* What may be between jail_ask and jail_answer: enough to keep some decoders
 * busy during a transaction. */
#define WAITING_BYTES	 ((size_t)3 << 20)
#define WAITING_MESSAGES 1000

/* More decoders than this have no use beside one process that stores. */
#define USUAL_JOBS 4

struct jail {
	struct limits limits;
	struct answerer *answerer;
	struct pool *pool;
	struct job *open;  /* that is being filled; NULL, or the last */
	struct job *first; /* all with messages that have not come back, */
	struct job **last; /* linked by behind */
	size_t taken;	   /* answers taken of the first */
	size_t waiting;
	size_t waiting_bytes;
};

/* The worker_config's answer. */
static void
answer(void *arg, struct fields *question, struct fields_out *out)
{
	question_answer(arg, question, out);
}

int
jail_new(struct jail **out, const struct limits *limits, size_t jobs,
    struct err *err)
{
	struct jail *j = xcalloc(1, sizeof(*j));
	struct pool_config config = {.workers = jobs,
	    .deadline_ms = DECODE_SECONDS * 1000,
	    .worker = {.answer = answer}};

	*out = NULL;
	j->limits = *limits;
	j->last = &j->first;
	j->answerer = answerer_new(limits);
	config.worker.arg = j->answerer;
	if (pool_new(&j->pool, &config, err) == -1) {
		jail_free(j);
		return -1;
	}
	*out = j;
	return 0;
}

void
jail_free(struct jail *j)
{
	struct job *job, *behind;

	if (j == NULL)
		return;
	pool_free(j->pool);
	for (job = j->first; job != NULL; job = behind) {
		behind = job->behind;
		job_free(job);
	}
	answerer_free(j->answerer);
	free(j);
}

size_t
jail_usual_jobs(void)
{
	cpu_set_t set;
	int n = 1;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		n = CPU_COUNT(&set);
	return n < USUAL_JOBS ? (size_t)n : USUAL_JOBS;
}

/* ---- messages ---- */

/* A new job, the last of those that wait. */
static struct job *
new_job(struct jail *j)
{
	struct job *job = job_new();

	*j->last = job;
	j->last = &job->behind;
	return job;
}

static void
submit(struct jail *j, struct job *job)
{
	j->waiting_bytes += job_size(job);
	pool_submit(j->pool, job, false);
}

/* Sends the job that is being filled. */
static void
close_job(struct jail *j)
{
	if (j->open != NULL)
		submit(j, j->open);
	j->open = NULL;
}

/* Begins a question that ends with len bytes: with others in a job, or in one
 * of its own if they fill it. */
static struct job *
begin_question(struct jail *j, size_t len, struct fields_out *o)
{
	bool alone = len > JOB_BYTES;
	struct job *job;

	if (j->open != NULL && (alone || job_size(j->open) + len > JOB_BYTES))
		close_job(j);
	if (j->open == NULL) {
		job = new_job(j);
		if (!alone) {
			j->open = job;
			buf_reserve(&job->request, JOB_BYTES);
		}
	} else {
		job = j->open;
	}
	job_begin_question(job, o);
	return job;
}

/* Gives it in.  What has a job of its own is sent from where it lies. */
static int
end_question(
    struct jail *j, struct job *job, struct span bytes, struct err *err)
{
	bool alone = job != j->open;

	job_end_question(job, bytes, alone);
	j->waiting++;
	if (!alone)
		return 0;
	submit(j, job);
	return pool_wait(j->pool, job, 1, err);
}

int
jail_ask(struct jail *j, const struct jail_input *in, struct err *err)
{
	struct fields_out o;
	struct job *job = begin_question(j, in->len, &o);

	question_put_decode(&o, in);
	return end_question(j, job, (struct span){in->bytes, in->len}, err);
}

int
jail_ask_original(
    struct jail *j, const struct original *original, struct err *err)
{
	const struct span bytes = {(const char *)original->data, original->len};
	struct fields_out o;
	struct job *job = begin_question(j, bytes.len, &o);

	question_put_original(&o, original);
	return end_question(j, job, bytes, err);
}

size_t
jail_waiting(const struct jail *j)
{
	return j->waiting;
}

bool
jail_is_full(const struct jail *j)
{
	return j->waiting >= WAITING_MESSAGES ||
	    j->waiting_bytes >= WAITING_BYTES;
}

/* Waits for the next answer, which is that of the first job and stays there
 * until end_answer. */
static int
begin_answer(struct jail *j, struct fields *answer, struct err *err)
{
	struct job *job = j->first;

	if (job == j->open)
		close_job(j);
	if (pool_wait(j->pool, job, j->taken + 1, err) == -1)
		return -1;
	*answer = job_next_answer(job);
	return 0;
}

/* Gives out an answer, checked, in the arena.  One that makes no sense is a
 * fault of its message, and of the decoder. */
static void
read_answer(struct jail *j, struct fields answer, struct arena *arena,
    struct decoded *out)
{
	void *copy = arena_alloc(arena, answer.len);
	struct fault *fault;
	struct err err;

	memcpy(copy, answer.p, answer.len);
	answer.p = copy;
	if (question_get_decoded(&answer, &j->limits, arena, out, &err) == 0)
		return;
	pool_distrust(j->pool);
	fault = arena_alloc(arena, sizeof(*fault));
	fault->kind = FAULT_RESOURCE;
	fault->reason = arena_printf(
	    arena, "the decoder said what makes no sense: %s", err.text);
	*out = (struct decoded){.arena = arena, .faults = fault, .nfaults = 1};
}

/* Frees the first job if all of it has come back. */
static void
end_answer(struct jail *j)
{
	struct job *job = j->first;

	j->waiting--;
	if (++j->taken < job->nquestions || job == j->open)
		return;
	j->taken = 0;
	j->waiting_bytes -= job_size(job);
	j->first = job->behind;
	if (j->first == NULL)
		j->last = &j->first;
	job_free(job);
}

int
jail_answer(
    struct jail *j, struct arena *arena, struct decoded *out, struct err *err)
{
	struct fields answer;

	if (begin_answer(j, &answer, err) == -1)
		return -1;
	read_answer(j, answer, arena, out);
	end_answer(j);
	return 0;
}

int
jail_answer_original(struct jail *j, const struct original *original,
    struct buf *out, struct err *err)
{
	struct fields answer;
	int rc;

	if (begin_answer(j, &answer, err) == -1)
		return -1;
	rc = question_get_original(&answer, original, out, err);
	end_answer(j);
	return rc;
}

void
jail_serve(struct jail *j)
{
	pool_serve(j->pool);
}

int
jail_decode(struct jail *j, const struct jail_input *in, struct arena *arena,
    struct decoded *out, struct err *err)
{
	if (jail_ask(j, in, err) == -1)
		return -1;
	return jail_answer(j, arena, out, err);
}

/* ---- what is answered at once ---- */

/* Begins a job of one question that goes before all messages. */
static struct job *
begin_now(struct fields_out *o)
{
	struct job *job = job_new();

	job_begin_question(job, o);
	return job;
}

/* Ends the question with bytes, and waits for the answer, which lives as long
 * as the job.  Returns 0, or -1 if there will be none. */
static int
ask_now(struct jail *j, struct job *job, struct span bytes,
    struct fields *answer, struct err *err)
{
	job_end_question(job, bytes, true);
	pool_submit(j->pool, job, true);
	if (pool_wait(j->pool, job, 1, err) == -1)
		return -1;
	*answer = job_next_answer(job);
	return 0;
}

bool
jail_may_be_report(struct jail *j, const char *head, size_t len)
{
	struct fields_out o;
	struct fields answer;
	struct job *job;
	struct err err;
	bool likely;

	/* More than the decoder would take is for it to reject. */
	if (len > j->limits.header_bytes)
		return true;
	job = begin_now(&o);
	question_put_head(&o);
	if (ask_now(j, job, (struct span){head, len}, &answer, &err) == -1 ||
	    question_get_likely(&answer, &likely, &err) == -1)
		likely = true;
	job_free(job);
	return likely;
}

int
jail_original(struct jail *j, const struct original *original, struct buf *out,
    struct err *err)
{
	const struct span bytes = {(const char *)original->data, original->len};
	struct fields_out o;
	struct fields answer;
	struct job *job = begin_now(&o);
	int rc;

	question_put_original(&o, original);
	rc = ask_now(j, job, bytes, &answer, err);
	if (rc == 0)
		rc = question_get_original(&answer, original, out, err);
	job_free(job);
	return rc;
}

/* ---- for people ---- */

const char *
jail_unconfined(const struct jail *j)
{
	return pool_unconfined(j->pool);
}

const char *
jail_backend(void)
{
	return sandbox_backend();
}

void
jail_libraries(struct jail_library list[JAIL_LIBRARIES])
{
	list[0] = (struct jail_library){"zlib", gzip_library_version()};
	list[1] = (struct jail_library){"libarchive", zip_library_version()};
	list[2] = (struct jail_library){"cJSON", json_library_version()};
}
