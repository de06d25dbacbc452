/* SPDX-License-Identifier: ISC */

/*
 * Decompression: whatever the bytes, outputs keep to their bounds; what was
 * deflated comes back as it was, from one gzip member or two; and nothing
 * comes of gzip that is cut or has a wrong check sum.
 */

#include "config.h"

#include <zlib.h>

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
	check(++t->entries <= t->limits->archive_entries);
	check(t->bytes <= t->limits->json_bytes);
	check(is_utf8(name, len));
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
	check(unpack_original(u, &o, &out, &err) == 0);
	check(out.len == in.len);
	check(in.len == 0 || memcmp(out.data, in.p, in.len) == 0);
	o.json_len++;
	out.len = 0;
	check(unpack_original(u, &o, &out, &err) == -1);
	buf_free(&packed);
	buf_free(&out);
}

static void
put_number(struct buf *b, unsigned long n)
{
	unsigned char bytes[4] = {(unsigned char)n, (unsigned char)(n >> 8),
	    (unsigned char)(n >> 16), (unsigned char)(n >> 24)};

	check(buf_append(b, bytes, sizeof(bytes)) == 0);
}

/* Puts a gzip member (RFC 1952) of one stored block (RFC 1951 3.2.4). */
static void
put_member(struct buf *b, struct span in)
{
	static const unsigned char head[] = {
	    0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1};

	check(in.len <= 0xffff);
	check(buf_append(b, head, sizeof(head)) == 0);
	put_number(b, in.len | (~in.len & 0xffff) << 16);
	check(buf_append(b, in.p, in.len) == 0);
	put_number(
	    b, crc32(crc32(0, NULL, 0), (const Bytef *)in.p, (unsigned)in.len));
	put_number(b, in.len);
}

/* Makes gzip of in, in two members, and reads it back. */
static void
check_members(struct unpacker *u, struct span in)
{
	unsigned chance = (unsigned char)in.p[0];
	size_t half = in.len / 2;
	struct buf packed = {.cap = in.len + 200}, out = {0};
	struct span all;
	struct err err;
	bool trailing;

	put_member(&packed, (struct span){in.p, half});
	put_member(&packed, (struct span){in.p + half, in.len - half});
	all = (struct span){packed.data, packed.len};
	check(unpack_gzip(u, all, &out, &trailing, &err) == 0 && !trailing);
	check(out.len == in.len && memcmp(out.data, in.p, in.len) == 0);

	/* Cut within the second member, which is longer. */
	all.len -= 1 + chance % 16;
	out.len = 0;
	check(unpack_gzip(u, all, &out, &trailing, &err) == -1);
	check(err.code == ERR_DATA);

	/* One bit of the last byte, the check sum or the length. */
	all.len = packed.len;
	packed.data[packed.len - 1 - chance % 9] ^= (char)(1 << chance / 9 % 8);
	out.len = 0;
	check(unpack_gzip(u, all, &out, &trailing, &err) == -1);
	check(err.code == ERR_DATA);
	buf_free(&packed);
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct limits limits;
	static struct unpacker *u;
	struct span in = {size > 0 ? (const char *)data : "", size};
	struct tally tally = {.limits = &limits};
	struct buf out = {0};
	struct err err;
	bool trailing;

	if (u == NULL) {
		limits = LIMITS_DEFAULT;
		/* Small enough to be reached. */
		limits.json_bytes = 1 << 20;
		limits.inflate_free_bytes = 1 << 16;
		u = unpacker_new(&limits);
	}
	unpacker_start(u);
	if (unpack_gzip(u, in, &out, &trailing, &err) == -1)
		check(err.code == ERR_DATA || err.code == ERR_BOUND);
	check(out.len <= limits.json_bytes);
	unpacker_start(u);
	if (unpack_magic(in) == MAGIC_ZIP)
		unpack_zip(u, in, count_entry, &tally, &err);
	unpacker_start(u);
	if (size <= limits.json_bytes)
		check_round_trip(u, in);
	if (size > 0 && size <= 0xffff)
		check_members(u, in);
	buf_free(&out);
	return 0;
}
