/* SPDX-License-Identifier: ISC */

/*
 * Decompression: whatever the bytes, outputs keep to their bounds, and what
 * was deflated comes back as it was.
 */

#include "config.h"

#include "base/utf8.h"
#include "decode/unpack.h"
#include "fuzz.h"

/* What the entries of an archive may come to. */
struct tally {
	size_t entries;
	size_t bytes;
	const struct limits *limits;
};

static int
count_entry(void *arg, const char *name, struct span data)
{
	struct tally *t = arg;
	size_t len = strlen(name);

	t->bytes += data.len;
	if (++t->entries > t->limits->archive_entries ||
	    t->bytes > t->limits->json_bytes ||
	    utf8_valid_prefix(name, len) != len)
		abort();
	return 0;
}

static void
check_round_trip(struct unpacker *u, struct span in)
{
	struct buf packed = {0}, out = {0};
	struct original o = {.json_len = in.len, .encoding = ENCODING_DEFLATE};
	struct err err;

	unpack_deflate(u, in, &packed);
	o.data = (const unsigned char *)packed.data;
	o.len = packed.len;
	if (unpack_original(u, &o, &out, &err) == -1 ||
	    (in.len > 0 && memcmp(out.data, in.p, in.len) != 0))
		abort();
	buf_free(&packed);
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct limits limits = LIMITS_DEFAULT;
	struct span in = {(const char *)data, size};
	struct tally tally = {.limits = &limits};
	struct buf out = {0};
	struct unpacker *u;
	struct err err;
	bool trailing;

	/* Small enough to be reached. */
	limits.json_bytes = 1 << 20;
	limits.inflate_free_bytes = 1 << 16;
	u = unpacker_new(&limits);
	unpack_gzip(u, in, &out, &trailing, &err);
	if (out.len > limits.json_bytes)
		abort();
	unpacker_start(u);
	if (unpack_magic(in) == MAGIC_ZIP)
		unpack_zip(u, in, count_entry, &tally, &err);
	if (size <= limits.json_bytes)
		check_round_trip(u, in);
	buf_free(&out);
	unpacker_free(u);
	return 0;
}
