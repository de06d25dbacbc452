/* SPDX-License-Identifier: ISC */

/*
 * Questions to a decoder, and its answers.  Both sides of each stand here,
 * one below the other.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "decode/candidate.h"
#include "decode/decode.h"
#include "decode/unpack.h"
#include "jail/question.h"
#include "report/wire.h"

/* What a worker keeps from one message to the next. */
#define ARENA_BYTES ((size_t)64 << 10)
#define KEEP_BYTES  ((size_t)1 << 20)

enum question { QUESTION_DECODE = 1, QUESTION_HEAD, QUESTION_ORIGINAL };

enum answer { ANSWER_GIVEN = 1, ANSWER_REFUSED };

struct answerer {
	struct limits limits;
	struct decoder *decoder;   /* NULL until a message comes */
	struct unpacker *unpacker; /* NULL until an original comes */
	struct arena *arena;	   /* of one question; NULL until one comes */
	struct buf json;
};

struct answerer *
answerer_new(const struct limits *limits)
{
	struct answerer *a = xcalloc(1, sizeof(*a));

	a->limits = *limits;
	return a;
}

void
answerer_free(struct answerer *a)
{
	if (a == NULL)
		return;
	decoder_free(a->decoder);
	unpacker_free(a->unpacker);
	arena_free(a->arena);
	buf_free(&a->json);
	free(a);
}

/* ---- answers that are refused ---- */

void
question_put_refusal(
    struct fields_out *o, enum fault_kind kind, const char *reason)
{
	fields_put_u8(o, ANSWER_REFUSED);
	fields_put_u8(o, (uint8_t)kind);
	fields_put_string(o, reason);
}

/* Reads how an answer begins: true if it was given, false if it was refused,
 * with the fault. */
static bool
is_given(struct fields *answer, struct fault *fault)
{
	uint8_t kind = fields_u8(answer);

	if (kind != ANSWER_REFUSED) {
		answer->bad = answer->bad || kind != ANSWER_GIVEN;
		return true;
	}
	fault->kind = (enum fault_kind)fields_u8(answer);
	fault->reason = fields_string(answer, ERR_TEXT_MAX);
	if (fault->kind < FAULT_UNUSABLE || fault->kind > FAULT_RESOURCE)
		answer->bad = true;
	return false;
}

static int
check_whole(const struct fields *answer, struct err *err)
{
	if (fields_are_whole(answer))
		return 0;
	return err_set(err, ERR_DATA, "fields that no decoder gives");
}

/* ---- a message ---- */

void
question_put_decode(struct fields_out *o, const struct jail_input *in)
{
	fields_put_u8(o, QUESTION_DECODE);
	fields_put_u64(o, (uint64_t)in->received);
	fields_put_bytes(o, in->name, strlen(in->name) + 1);
	fields_put_string(o, in->authserv_id);
	fields_put_bytes(o, in->key, in->key != NULL ? KEYED_HASH_KEY_LEN : 0);
	fields_put_u8(o, in->stored != NULL);
	if (in->stored != NULL)
		wire_put_report(o, in->stored);
}

static void
answer_decode(struct answerer *a, struct fields *q, struct fields_out *answer)
{
	const struct limits all = LIMITS_DEFAULT;
	struct decode_input in = {.received = (int64_t)fields_u64(q)};
	struct decoded out = {0};
	struct report *stored;
	const void *key;
	struct err err;
	size_t len;

	in.name = fields_bytes(q, &len);
	in.authserv_id = fields_string(q, SIZE_MAX);
	key = fields_bytes(q, &len);
	if (len == KEYED_HASH_KEY_LEN)
		in.key = key;
	if (fields_bool(q) &&
	    wire_get_report(q, &all, a->arena, &stored, &err) == 0)
		in.stored = stored;
	in.bytes = fields_rest(q, &in.len);
	if (a->decoder == NULL)
		a->decoder = decoder_new(&a->limits);
	decode_message(a->decoder, &in, a->arena, &out);
	fields_put_u8(answer, ANSWER_GIVEN);
	wire_put_decoded(answer, &out);
}

int
question_get_decoded(struct fields *answer, const struct limits *limits,
    struct arena *arena, struct decoded *out, struct err *err)
{
	struct fault fault;

	if (is_given(answer, &fault))
		return wire_get_decoded(answer, limits, arena, out, err);
	*out = (struct decoded){.arena = arena, .nfaults = 1};
	out->faults = arena_alloc(arena, sizeof(fault));
	out->faults[0] = fault;
	return check_whole(answer, err);
}

/* ---- some header fields ---- */

void
question_put_head(struct fields_out *o)
{
	fields_put_u8(o, QUESTION_HEAD);
}

static void
answer_head(struct fields *q, struct fields_out *answer)
{
	struct span head;

	head.p = fields_rest(q, &head.len);
	fields_put_u8(answer, ANSWER_GIVEN);
	fields_put_u8(answer, candidate_is_likely(head));
}

int
question_get_likely(struct fields *answer, bool *likely, struct err *err)
{
	struct fault fault;

	*likely = !is_given(answer, &fault) || fields_bool(answer);
	return check_whole(answer, err);
}

/* ---- an original ---- */

void
question_put_original(struct fields_out *o, const struct original *original)
{
	fields_put_u8(o, QUESTION_ORIGINAL);
	fields_put_u8(o, (uint8_t)original->encoding);
	fields_put_u64(o, original->json_len);
}

/* What kind of fault an error is, and the other way round. */
static const enum err_code CODES[] = {
    [FAULT_UNUSABLE] = ERR_DATA,
    [FAULT_BOUND] = ERR_BOUND,
    [FAULT_RESOURCE] = ERR_TEMPORARY,
};

static enum fault_kind
kind_of(enum err_code code)
{
	if (code == ERR_BOUND)
		return FAULT_BOUND;
	return code == ERR_TEMPORARY ? FAULT_RESOURCE : FAULT_UNUSABLE;
}

static void
answer_original(struct answerer *a, struct fields *q, struct fields_out *answer)
{
	struct original x = {.encoding = (enum encoding)fields_u8(q)};
	struct err err;

	x.json_len = fields_u64(q);
	x.data = fields_rest(q, &x.len);
	if (a->unpacker == NULL)
		a->unpacker = unpacker_new(&a->limits);
	a->json.len = 0;
	if (unpack_original(a->unpacker, &x, &a->json, &err) == -1) {
		question_put_refusal(answer, kind_of(err.code), err.text);
	} else {
		fields_put_u8(answer, ANSWER_GIVEN);
		fields_put_rest(answer, a->json.data, a->json.len);
	}
	buf_reset(&a->json, KEEP_BYTES);
}

int
question_get_original(struct fields *answer, const struct original *original,
    struct buf *out, struct err *err)
{
	struct fault fault;
	const void *json;
	size_t len;

	if (!is_given(answer, &fault)) {
		if (check_whole(answer, err) == -1)
			return -1;
		return err_set(err, CODES[fault.kind], "%s", fault.reason);
	}
	json = fields_rest(answer, &len);
	if (answer->bad || len != original->json_len)
		return err_set(err, ERR_DATA, "a JSON that no decoder gives");
	out->cap = out->len + len;
	buf_append(out, json, len);
	return 0;
}

/* ---- all of them ---- */

void
question_answer(
    struct answerer *a, struct fields *question, struct fields_out *answer)
{
	if (a->arena == NULL)
		a->arena = arena_new(ARENA_BYTES);
	arena_reset(a->arena);
	switch ((enum question)fields_u8(question)) {
	case QUESTION_DECODE:
		answer_decode(a, question, answer);
		return;
	case QUESTION_HEAD:
		answer_head(question, answer);
		return;
	case QUESTION_ORIGINAL:
		answer_original(a, question, answer);
		return;
	}
	question_put_refusal(
	    answer, FAULT_RESOURCE, "a question without sense");
}
