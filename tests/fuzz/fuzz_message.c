/* SPDX-License-Identifier: ISC */

/*
 * Whole messages through the decoder: what comes out keeps the promises of
 * decode.h; what was decoded before makes no difference; and a report that is
 * read again from its original, as reparse does it, is the same report.
 */

#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "decode/decode.h"
#include "decode/unpack.h"
#include "fuzz.h"
#include "promises.h"

/* What is made once: a state costs more than the work on an input. */
struct bench {
	struct limits limits;
	struct decoder *decoder;
	struct unpacker *unpacker;
	struct arena *arena;
	struct buf json;
	struct keyed_hash *hash;
};

static struct bench *
bench_get(void)
{
	static struct bench b;

	if (b.decoder == NULL) {
		b.limits = LIMITS_DEFAULT;
		/* Small enough to be reached. */
		b.limits.json_bytes = b.limits.message_bytes = 1 << 20;
		b.limits.inflate_free_bytes = 1 << 16;
		b.limits.mime_depth = 6;
		b.limits.mime_parts = 40;
		b.decoder = decoder_new(&b.limits);
		b.unpacker = unpacker_new(&b.limits);
		b.arena = arena_new(4096);
		b.hash = keyed_hash_new();
	}
	arena_reset(b.arena);
	return &b;
}

/* Reads the report's original, of which it then must be the sum. */
static void
get_original(struct bench *b, const struct report *r)
{
	unsigned char sum[KEYED_HASH_LEN];
	struct err err;

	b->json.len = 0;
	check(unpack_original(b->unpacker, &r->original, &b->json, &err) == 0);
	keyed_hash_sum(b->hash, b->json.data, b->json.len, sum);
	check(memcmp(sum, r->sum, sizeof(sum)) == 0);
}

/* Reads a report as if it came out of the store. */
static void
check_stored(struct bench *b, const struct report *r)
{
	struct decode_input in = {
	    .name = "", .authserv_id = "", .received = TIME_NONE, .stored = r};
	struct decoded out;

	get_original(b, r);
	in.bytes = buf_string(&b->json);
	in.len = b->json.len;
	decode_message(b->decoder, &in, b->arena, &out);
	check(out.nreports == 1 && out.nfaults == 0);
	check_report(out.reports[0]);
	check(memcmp(out.reports[0]->sum, r->sum, KEYED_HASH_LEN) == 0);
	report_carry_over(out.reports[0], r, b->arena);
	check(report_compare(r, out.reports[0]) == 0);
}

static void
check_fault(const struct fault *f)
{
	check(f->kind == FAULT_UNUSABLE || f->kind == FAULT_BOUND);
	check(f->reason[0] != '\0');
	check(is_utf8(f->reason, strlen(f->reason)));
}

static void
check_same(const struct decoded *a, const struct decoded *b)
{
	size_t i;

	check(a->nreports == b->nreports && a->nfaults == b->nfaults);
	for (i = 0; i < a->nreports; i++)
		check(report_compare(a->reports[i], b->reports[i]) == 0 &&
		    a->reports[i]->authenticity == b->reports[i]->authenticity);
	for (i = 0; i < a->nfaults; i++)
		check(strcmp(a->faults[i].reason, b->faults[i].reason) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct decode_input in = {.bytes = (const char *)data,
	    .len = size,
	    .name = "sender.example!example.com!1!2.json",
	    .authserv_id = "mx.example.net"};
	struct bench *b = bench_get();
	struct decoded out, again;
	size_t i;

	decode_message(b->decoder, &in, b->arena, &out);
	check(out.nreports + out.nfaults <= ITEMS_MAX);
	for (i = 0; i < out.nfaults; i++)
		check_fault(&out.faults[i]);
	for (i = 0; i < out.nreports; i++) {
		check_report(out.reports[i]);
		check_stored(b, out.reports[i]);
	}
	decode_message(b->decoder, &in, b->arena, &again);
	check_same(&out, &again);
	return 0;
}
