/* SPDX-License-Identifier: ISC */

/*
 * Two lots take turns: while one is filled, and its originals are asked
 * for, the decoder works on the other.
 */

#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sysexits.h>

#include "base/die.h"
#include "base/log.h"
#include "cmd/hashed.h"

/* A lot is full with so many reports, which fill a job of the jail or two,
 * or with so many bytes of their JSON, which come back before they are
 * asked for. */
#define LOT_REPORTS    100
#define LOT_JSON_BYTES ((size_t)1 << 20)

struct lot {
	struct arena *arena;
	struct stored_report reports[LOT_REPORTS];
	size_t n;
	size_t json_bytes;
};

struct hashed {
	const struct context *ctx;
	hashed_fn fn;
	void *arg;
	struct lot lots[2];
	struct lot *filling;
	struct lot *waiting;
	struct buf json;
	int status;
};

struct hashed *
hashed_new(const struct context *ctx, hashed_fn fn, void *arg)
{
	struct hashed *h = xcalloc(1, sizeof(*h));
	size_t i;

	h->ctx = ctx;
	h->fn = fn;
	h->arg = arg;
	h->status = EX_OK;
	for (i = 0; i < 2; i++)
		h->lots[i].arena = arena_new((size_t)64 << 10);
	h->filling = &h->lots[0];
	h->waiting = &h->lots[1];
	return h;
}

void
hashed_free(struct hashed *h)
{
	size_t i;

	if (h == NULL)
		return;
	for (i = 0; i < 2; i++)
		arena_free(h->lots[i].arena);
	buf_free(&h->json);
	free(h);
}

/* Takes the original of a report, and gives both to fn. */
static int
settle_one(struct hashed *h, const struct stored_report *s, struct err *err)
{
	unsigned char sum[SHA256_LEN];
	struct err why;

	h->json.len = 0;
	if (jail_answer_original(
		h->ctx->jail, &s->report->original, &h->json, &why) == 0) {
		sha256(h->json.data, h->json.len, sum);
		return h->fn(h->arg, s, sum) != 0;
	}
	err_prefix(&why, "report %" PRId64, s->number);
	/* There may be nobody to ask about the next. */
	if (why.code == ERR_TEMPORARY) {
		*err = why;
		return -1;
	}
	log_error("%s", why.text);
	if (h->status == EX_OK)
		h->status = cmd_exit_status(why.code);
	return h->fn(h->arg, s, NULL) != 0;
}

/* Settles the lot that waits, and lets the other one wait. */
static int
take_turns(struct hashed *h, struct err *err)
{
	struct lot *lot = h->waiting;
	size_t i;
	int rc;

	for (i = 0; i < lot->n; i++) {
		rc = settle_one(h, &lot->reports[i], err);
		if (rc != 0)
			return rc;
	}
	arena_reset(lot->arena);
	lot->n = lot->json_bytes = 0;
	h->waiting = h->filling;
	h->filling = lot;
	return 0;
}

int
hashed_put(struct hashed *h, int64_t number, struct err *err)
{
	struct lot *lot = h->filling;
	struct stored_report *s = &lot->reports[lot->n];
	const struct original *original;

	if (store_report(h->ctx->store, number, lot->arena, s, err) == -1)
		return -1;
	original = &s->report->original;
	if (jail_ask_original(h->ctx->jail, original, err) == -1)
		return err_prefix(err, "report %" PRId64, number);
	lot->json_bytes += original->json_len;
	if (++lot->n < LOT_REPORTS && lot->json_bytes < LOT_JSON_BYTES)
		return 0;
	return take_turns(h, err);
}

int
hashed_finish(struct hashed *h, struct err *err)
{
	int rc = take_turns(h, err);

	return rc == 0 ? take_turns(h, err) : rc;
}

int
hashed_status(const struct hashed *h)
{
	return h->status;
}
