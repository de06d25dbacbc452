/* SPDX-License-Identifier: ISC */

/*
 * A decoder in the hands of another: the bytes are what it answers.  Cut into
 * frames in any way they are the same answers; one that is taken for a message
 * keeps all that a report promises, and written again gives the same bytes.
 */

#include "config.h"

#include "fuzz.h"
#include "jail/job.h"
#include "jail/question.h"
#include "promises.h"
#include "report/wire.h"

/* Questions of the job; each gets at most one answer. */
#define QUESTIONS 3

/* An answer that was given, and not refused, begins with this byte. */
#define GIVEN 1

/* Checks a message that was read, against the bytes that it was read from. */
static void
check_message(const struct decoded *d, const void *bytes, size_t len)
{
	struct buf again = {.cap = len};
	struct fields_out o = {.buf = &again};
	size_t i;

	for (i = 0; i < d->nreports; i++)
		check_report(d->reports[i]);
	for (i = 0; i < d->nfaults; i++) {
		check(d->faults[i].kind >= FAULT_UNUSABLE);
		check(d->faults[i].kind <= FAULT_RESOURCE);
		check(
		    is_utf8(d->faults[i].reason, strlen(d->faults[i].reason)));
	}
	wire_put_decoded(&o, d);
	check(!o.over && again.len == len);
	check(len == 0 || memcmp(again.data, bytes, len) == 0);
	buf_free(&again);
}

static void
read_answer(struct fields answer, struct arena *arena)
{
	static const struct limits limits = LIMITS_DEFAULT;
	struct fields start = answer;
	struct decoded d;
	struct err err;

	if (question_get_decoded(&answer, &limits, arena, &d, &err) == -1)
		check(err.code == ERR_DATA && err.text[0] != '\0');
	else if (start.p[0] == GIVEN)
		check_message(&d, start.p + 1, start.len - 1);
	else
		check(d.nreports == 0 && d.nfaults == 1);
}

/* Hands the bytes to a job in pieces of that size.  Returns what its last
 * answer was, of how many. */
static struct fields
take(struct job *job, const uint8_t *data, size_t size, size_t piece)
{
	struct fields answer = {.bad = true};
	struct fields_out o;
	size_t at, n;
	int i;

	for (i = 0; i < QUESTIONS; i++) {
		job_begin_question(job, &o);
		job_end_question(job, (struct span){"?", 1}, false);
	}
	job_ask_all(job);
	for (at = 0; at < size; at += n) {
		n = size - at < piece ? size - at : piece;
		if (job_take_bytes(job, data + at, n) == -1)
			break;
	}
	check(job->nanswers <= QUESTIONS);
	check(job->whole <= job->answers.len);
	check(job->answers.len <= size);
	for (at = 0; at < job->nanswers; at++) {
		answer = job_next_answer(job);
		check(!answer.bad);
	}
	check(job->taken == job->whole);
	return answer;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *arena;
	struct job *job = job_new(), *bytewise = job_new();
	struct fields answer = take(job, data, size, 65536);

	if (arena == NULL)
		arena = arena_new(4096);
	take(bytewise, data, size, 1);
	check(job->nanswers == bytewise->nanswers);
	check(job->whole == bytewise->whole);
	if (!answer.bad)
		read_answer(answer, arena);
	/* The same without the lengths around it, where a fuzzer gets further
	 * in. */
	if (size > 0)
		read_answer(fields_of(data, size), arena);
	arena_reset(arena);
	job_free(job);
	job_free(bytewise);
	return 0;
}
