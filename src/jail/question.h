/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_JAIL_QUESTION_H
#define TLSTALLY_JAIL_QUESTION_H

#include "base/fields.h"
#include "jail/jail.h"

/*
 * What is asked of a decoder in another process, and what it answers, as
 * fields.  Who asks writes a question and reads the answer; the worker does
 * the other two in one.
 */

/* ---- asking ---- */

/* Writes a question.  The bytes of the message, the fields of its header or
 * the original are not copied: the caller puts them behind it. */
void question_put_decode(struct fields_out *o, const struct jail_input *in);
void question_put_head(struct fields_out *o);
void question_put_original(
    struct fields_out *o, const struct original *original);

/* Reads the answers.  The first two return 0, or -1 with ERR_DATA for an
 * answer that makes no sense.  What is read lies partly in the answer, which
 * must live as long as arena. */
int question_get_decoded(struct fields *answer, const struct limits *limits,
    struct arena *arena, struct decoded *out, struct err *err);
int question_get_likely(struct fields *answer, bool *likely, struct err *err);

/* Returns 0, or -1 with ERR_DATA, ERR_BOUND or ERR_TEMPORARY, as
 * jail_original does. */
int question_get_original(struct fields *answer,
    const struct original *original, struct buf *out, struct err *err);

/* Writes the answer that stands for one that will not come. */
void question_put_refusal(
    struct fields_out *o, enum fault_kind kind, const char *reason);

/* ---- answering ---- */

/* The decoder and what it needs, made with the first question. */
struct answerer;

struct answerer *answerer_new(const struct limits *limits);
void answerer_free(struct answerer *a);

/* Answers a question. */
void question_answer(
    struct answerer *a, struct fields *question, struct fields_out *answer);

#endif
