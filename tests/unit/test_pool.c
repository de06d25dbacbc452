/* SPDX-License-Identifier: ISC */

/*
 * Workers that a stranger has taken over: whatever they do, every question
 * gets an answer, the others are not harmed, and nothing is left behind.
 */

#include "config.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/die.h"
#include "jail/pool.h"
#include "jail/question.h"
#include "proc/frame.h"
#include "proc/sandbox.h"

/* Where the first descriptor behind the standard ones may be: the worker's
 * socket is among these. */
#define DESCRIPTORS 64

/* The deadline of workers that shall miss it, and more than a worker takes
 * for itself. */
#define DEADLINE_MS   2000
#define WORKER_ITSELF ((size_t)32 << 20)

/* ---- the worker's side ---- */

/* Says something that is no answer, over the socket that a worker has. */
static void
say_raw(uint8_t kind, const void *p, size_t len)
{
	int fd;

	for (fd = 3; fd < DESCRIPTORS; fd++)
		frame_send_rest(fd, kind, p, len, NULL);
}

static void
take_all_memory(void)
{
	for (;;)
		xmalloc((size_t)64 << 20);
}

static int
try_open(void)
{
	return open("/etc/passwd", O_RDONLY);
}

static int
try_write(void)
{
	return open("/tmp/tlstally-was-here", O_WRONLY | O_CREAT, 0600);
}

static int
try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int
try_execve(void)
{
	char name[] = "/bin/true", *argv[] = {name, NULL};

	return execve(name, argv, argv + 1);
}

static int
try_ptrace(void)
{
	return (int)ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static int
try_fork(void)
{
	return fork();
}

static int
try_kill(void)
{
	return kill(getppid(), 0);
}

/* What a worker may try, by the first character of the question. */
static const struct {
	char letter;
	const char *name;
	int (*run)(void);
} ATTACKS[] = {
    {'0', "open", try_open},
    {'1', "create a file", try_write},
    {'2', "socket", try_socket},
    {'3', "execve", try_execve},
    {'4', "ptrace", try_ptrace},
    {'5', "fork", try_fork},
    {'6', "kill", try_kill},
};

#define NATTACKS (sizeof(ATTACKS) / sizeof(ATTACKS[0]))

/* Writes "done" if it could be done, "not done" if not. */
static void
attack(char letter, struct fields_out *answer)
{
	size_t i;

	for (i = 0; i < NATTACKS; i++)
		if (ATTACKS[i].letter == letter)
			fields_put_string(answer,
			    ATTACKS[i].run() >= 0 ? "done" : "not done");
}

/* Writes as much as there is room for. */
static void
answer_longest(struct fields_out *out)
{
	static char bytes[1 << 20];
	size_t left = out->buf->cap - out->buf->len, n;

	for (; left > 0; left -= n) {
		n = left < sizeof(bytes) ? left : sizeof(bytes);
		fields_put_rest(out, bytes, n);
	}
}

/* Answers with what was asked, or does what its first letter says. */
static void
answer(void *arg, struct fields *question, struct fields_out *out)
{
	const uint32_t huge = UINT32_MAX;
	const char *text;
	size_t len;

	(void)arg;
	text = fields_rest(question, &len);
	switch (len > 0 ? text[0] : '\0') {
	case 'A':
		abort();
	case 'H':
		for (;;)
			poll(NULL, 0, -1);
		break;
	case 'X':
		_exit(3);
	case 'M':
		take_all_memory();
		break;
	case 'L':
		say_raw(JOB_ANSWERS, &huge, sizeof(huge));
		break;
	case 'K':
		say_raw(JOB_CONFINED, "", 0);
		break;
	case 'Z':
		say_raw(99, "?", 1);
		break;
	case 'T':
		/* One answer too many: of no bytes. */
		say_raw(JOB_ANSWERS, "\0\0\0\0\0\0\0\0", 8);
		break;
	case 'S':
		poll(NULL, 0, DEADLINE_MS / 3);
		break;
	case 'N':
		free(xmalloc(DECODE_MEMORY - WORKER_ITSELF));
		break;
	case 'Y':
		answer_longest(out);
		return;
	case 'B':
		fields_put_u8(out, 1);
		while (!out->over)
			fields_put_rest(out, text, len);
		return;
	default:
		break;
	}
	attack(len > 0 ? text[0] : '\0', out);
	fields_put_rest(out, text, len);
}

/* ---- ours ---- */

static struct pool *
new_pool(size_t workers, int deadline_ms)
{
	const struct pool_config config = {.workers = workers,
	    .deadline_ms = deadline_ms,
	    .worker = {.answer = answer}};
	struct pool *p;
	struct err err;

	cr_assert_eq(pool_new(&p, &config, &err), 0);
	return p;
}

static void
put(struct job *job, const char *question)
{
	struct fields_out o;

	job_begin_question(job, &o);
	job_end_question(job, (struct span){question, strlen(question)}, false);
}

/* Fails unless the next answer is that text; "!" and a text: unless it is
 * refused for a reason that holds the text. */
static void
expect(struct job *job, const char *wanted)
{
	struct fields f = job_next_answer(job);
	struct buf json = {0};
	const struct original none = {.json_len = 0};
	struct err err;

	if (wanted[0] != '!') {
		cr_expect(
		    f.len == strlen(wanted) && memcmp(f.p, wanted, f.len) == 0,
		    "%s: %.*s", wanted, (int)f.len, (const char *)f.p);
		return;
	}
	cr_assert_eq(question_get_original(&f, &none, &json, &err), -1);
	cr_expect_not_null(
	    strstr(err.text, wanted + 1), "%s: %s", wanted, err.text);
}

static void
wait_done(struct pool *p, const struct job *job)
{
	struct err err;

	cr_assert_eq(pool_wait(p, job, job->nquestions, &err), 0);
	cr_assert(job_is_done(job));
}

Test(pool, questions_come_back_in_order)
{
	struct pool *p = new_pool(3, 5000);
	struct job *jobs[40];
	char text[32];
	int i, k;

	for (i = 0; i < 40; i++) {
		jobs[i] = job_new();
		for (k = 0; k < 10; k++) {
			snprintf(text, sizeof(text), "question %d.%d", i, k);
			put(jobs[i], text);
		}
		pool_submit(p, jobs[i], i % 7 == 0);
	}
	for (i = 39; i >= 0; i--) {
		wait_done(p, jobs[i]);
		for (k = 0; k < 10; k++) {
			snprintf(text, sizeof(text), "question %d.%d", i, k);
			expect(jobs[i], text);
		}
		job_free(jobs[i]);
	}
	pool_free(p);
}

Test(pool, a_question_of_many_frames_comes_back_whole)
{
	struct pool *p = new_pool(1, 20000);
	struct job *job = job_new();
	size_t len = (size_t)7 << 20, i;
	char *bytes = xmalloc(len);
	struct fields_out o;
	struct fields f;

	for (i = 0; i < len; i++)
		bytes[i] = (char)(i * 7 + (i >> 9) + 1) | '\x40';
	bytes[0] = '~';
	job_begin_question(job, &o);
	job_end_question(job, (struct span){bytes, len}, true);
	pool_submit(p, job, false);
	wait_done(p, job);
	f = job_next_answer(job);
	cr_assert_eq(f.len, len);
	cr_expect_eq(memcmp(f.p, bytes, len), 0);
	free(bytes);
	job_free(job);
	pool_free(p);
}

/* What a worker does that fails, and the reason that its message gets. */
static const char *const FAILURES[][2] = {
    {"A", "!killed by signal 6"},
    {"X", "!left with status 3"},
#if SANDBOX_IS_REAL
    {"M", "!ran out of memory (DECODE_MEMORY)"},
#endif
    {"L", "!said what makes no sense"},
    {"K", "!said what makes no sense"},
    {"Z", "!said what makes no sense"},
};

#define NFAILURES (sizeof(FAILURES) / sizeof(FAILURES[0]))

Test(pool, a_worker_that_fails_costs_one_question)
{
	struct pool *p = new_pool(2, 60000);
	struct job *job, *other;
	size_t i;

	for (i = 0; i < NFAILURES; i++) {
		job = job_new();
		other = job_new();
		put(job, "one");
		put(job, "two");
		put(job, FAILURES[i][0]);
		put(job, "three");
		put(other, "beside");
		pool_submit(p, job, false);
		pool_submit(p, other, false);
		wait_done(p, job);
		wait_done(p, other);
		expect(job, "one");
		expect(job, "two");
		expect(job, FAILURES[i][1]);
		expect(job, "three");
		expect(other, "beside");
		job_free(job);
		job_free(other);
	}
	pool_free(p);
}

Test(pool, a_worker_that_hangs_is_ended)
{
	struct pool *p = new_pool(1, DEADLINE_MS);
	struct job *job = job_new();

	put(job, "H");
	pool_submit(p, job, false);
	wait_done(p, job);
	expect(job, "!took over 2000 ms (DECODE_SECONDS)");
	job_free(job);
	pool_free(p);
}

Test(pool, a_worker_may_take_its_time_and_its_memory)
{
	struct pool *p = new_pool(1, DEADLINE_MS);
	struct job *job = job_new();

	put(job, "S");
	put(job, "N");
	pool_submit(p, job, false);
	wait_done(p, job);
	expect(job, "S");
	expect(job, "N");
	job_free(job);
	pool_free(p);
}

Test(pool, the_longest_answer_comes_back_whole)
{
	struct pool *p = new_pool(1, 60000);
	struct job *job = job_new();

	put(job, "Y");
	pool_submit(p, job, false);
	wait_done(p, job);
	cr_expect_eq(
	    job_next_answer(job).len, ANSWER_BYTES_MAX - sizeof(uint32_t));
	job_free(job);
	pool_free(p);
}

/* The answers of a job together, with a cap that is lower than the usual one:
 * what is over it costs its own question, whatever is in front of it. */
static void
expect_room(size_t cap, bool fits)
{
	struct pool *p = new_pool(1, 60000);
	struct job *job = job_new(), *beside = job_new();

	cr_assert_eq(job->answers.cap, 2 * ANSWER_BYTES_MAX);
	job->answers.cap = cap;
	put(job, "one");
	put(job, "two");
	put(job, "three");
	put(beside, "beside");
	pool_submit(p, job, false);
	pool_submit(p, beside, false);
	wait_done(p, job);
	wait_done(p, beside);
	expect(job, "one");
	expect(job, "two");
	expect(job, fits ? "three" : "!said what makes no sense");
	cr_expect_eq(job->answers.cap, cap);
	expect(beside, "beside");
	job_free(job);
	job_free(beside);
	pool_free(p);
}

Test(pool, answers_together_are_as_long_as_all_may_be)
{
	const size_t len = 3 * sizeof(uint32_t) + strlen("onetwothree");

	expect_room(len, true);
	expect_room(len - 1, false);
}

Test(pool, of_answers_that_are_too_long_each_is_refused)
{
	struct pool *p = new_pool(1, 60000);
	struct job *job = job_new();
	int i;

	job->answers.cap = sizeof(uint32_t) + strlen("one");
	for (i = 0; i < 4; i++)
		put(job, "one");
	pool_submit(p, job, false);
	wait_done(p, job);
	expect(job, "one");
	for (i = 1; i < 4; i++)
		expect(job, "!said what makes no sense");
	job_free(job);
	pool_free(p);
}

/* The first is the worker's answer to it, whatever that is worth. */
Test(pool, more_answers_than_questions_end_a_worker)
{
	struct pool *p = new_pool(1, 5000);
	struct job *job = job_new(), *next = job_new();

	put(job, "T");
	put(next, "next");
	pool_submit(p, job, false);
	pool_submit(p, next, false);
	wait_done(p, job);
	wait_done(p, next);
	cr_expect_eq(job_next_answer(job).len, 0);
	expect(next, "next");
	job_free(job);
	job_free(next);
	pool_free(p);
}

Test(pool, every_question_may_fail)
{
	struct pool *p = new_pool(2, 60000);
	struct job *job = job_new();
	int i;

	for (i = 0; i < 8; i++)
		put(job, i % 2 == 0 ? "A" : "X");
	pool_submit(p, job, false);
	wait_done(p, job);
	for (i = 0; i < 8; i++)
		expect(job, i % 2 == 0 ? "!signal 6" : "!status 3");
	job_free(job);
	pool_free(p);
}

Test(pool, jobs_behind_one_that_fails_are_done_by_another_worker)
{
	struct pool *p = new_pool(1, 2000);
	struct job *jobs[4];
	int i;

	for (i = 0; i < 4; i++) {
		jobs[i] = job_new();
		put(jobs[i], i == 0 ? "A" : "fine");
		pool_submit(p, jobs[i], false);
	}
	for (i = 0; i < 4; i++) {
		wait_done(p, jobs[i]);
		expect(jobs[i], i == 0 ? "!signal 6" : "fine");
		job_free(jobs[i]);
	}
	pool_free(p);
}

Test(pool, an_answer_without_end_is_cut_by_the_worker)
{
	struct pool *p = new_pool(1, 60000);
	struct job *job = job_new();

	put(job,
	    "B, and a text that makes it longer a little faster than one "
	    "letter would");
	put(job, "next");
	pool_submit(p, job, false);
	wait_done(p, job);
	expect(job, "!ANSWER_BYTES_MAX");
	expect(job, "next");
	job_free(job);
	pool_free(p);
}

Test(pool, workers_that_are_distrusted_are_replaced)
{
	struct pool *p = new_pool(2, 5000);
	struct job *job = job_new(), *slow = job_new();

	put(slow, "slow");
	put(job, "x");
	pool_submit(p, slow, false);
	pool_submit(p, job, false);
	pool_distrust(p);
	wait_done(p, job);
	wait_done(p, slow);
	expect(job, "x");
	expect(slow, "slow");
	job_free(job);
	job_free(slow);
	pool_free(p);
}

/* Nobody is left: neither the zygote nor a worker. */
Test(pool, no_process_is_left_behind)
{
	struct pool *p = new_pool(4, 5000);
	struct job *jobs[8];
	int i;

	for (i = 0; i < 8; i++) {
		jobs[i] = job_new();
		put(jobs[i], "H");
		pool_submit(p, jobs[i], false);
	}
	pool_free(p);
	for (i = 0; i < 8; i++)
		job_free(jobs[i]);
	cr_expect_eq(waitpid(-1, NULL, WNOHANG), -1);
}

#if SANDBOX_IS_REAL
Test(pool, a_worker_can_do_nothing_but_answer)
{
	struct pool *p = new_pool(1, 5000);
	struct job *job = job_new();
	struct fields f;
	char question[] = "?";
	size_t i;

	for (i = 0; i < NATTACKS; i++) {
		question[0] = ATTACKS[i].letter;
		put(job, question);
	}
	pool_submit(p, job, false);
	wait_done(p, job);
	for (i = 0; i < NATTACKS; i++) {
		f = job_next_answer(job);
		/* Refused, or killed, which is a refusal by the pool. */
		cr_expect(memmem(f.p, f.len, "not done", 8) != NULL ||
			memmem(f.p, f.len, "signal 31", 9) != NULL,
		    "%s", ATTACKS[i].name);
	}
	cr_expect_neq(access("/tmp/tlstally-was-here", F_OK), 0);
	cr_expect_null(pool_unconfined(p));
	job_free(job);
	pool_free(p);
}
#endif

Test(pool, without_processes_the_run_ends_with_an_error)
{
	struct pool *p = new_pool(1, 5000);
	struct job *job = job_new();
	struct err err = {0};
	int fd, last = dup(0);

	/* No descriptor is left for a socket pair. */
	for (fd = last; fd != -1; fd = dup(0))
		last = fd;
	put(job, "x");
	pool_submit(p, job, false);
	cr_assert_eq(pool_wait(p, job, 1, &err), -1);
	for (fd = 10; fd <= last; fd++)
		close(fd);
	cr_assert_eq(err.code, ERR_TEMPORARY);
	job_free(job);
	pool_free(p);
}
