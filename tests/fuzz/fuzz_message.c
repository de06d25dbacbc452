/* SPDX-License-Identifier: ISC */

/*
 * Whole messages through the decoder: whatever the bytes, there is no crash,
 * no leak, and what comes out keeps the promises of decode.h.
 */

#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "decode/decode.h"
#include "decode/unpack.h"
#include "fuzz.h"

/* Every report has an original, from which its JSON can be had back. */
static void
check_report(struct unpacker *u, const struct report *r)
{
	struct buf json = {0};
	struct err err;

	if (r->reporter == NULL || r->id == NULL || r->filename == NULL ||
	    r->end < r->start ||
	    unpack_original(u, &r->original, &json, &err) == -1)
		abort();
	buf_free(&json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct limits limits = LIMITS_DEFAULT;
	struct decode_input in = {.bytes = (const char *)data,
	    .len = size,
	    .name = "sender.example!example.com!1!2.json",
	    .authserv_id = "mx.example.net"};
	struct arena *arena = arena_new(4096);
	struct unpacker *u = unpacker_new(&limits);
	struct decoder *d;
	struct decoded out;
	size_t i;
	int run;

	/* Small enough to be reached. */
	limits.json_bytes = limits.message_bytes = 1 << 20;
	d = decoder_new(&limits);
	for (run = 0; run < 2; run++) {
		arena_reset(arena);
		decode_message(d, &in, arena, &out);
		if (out.nreports + out.nfaults > ITEMS_MAX)
			abort();
		for (i = 0; i < out.nreports; i++)
			check_report(u, out.reports[i]);
		for (i = 0; i < out.nfaults; i++)
			if (out.faults[i].reason[0] == '\0')
				abort();
	}
	decoder_free(d);
	unpacker_free(u);
	arena_free(arena);
	return 0;
}
