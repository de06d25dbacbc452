/* SPDX-License-Identifier: ISC */

/*
 * Decompression: whatever the bytes, outputs keep to their bounds; what was
 * deflated comes back as it was, from one gzip member or two; what zlib
 * makes of deflate comes out of gzip of it; and nothing comes of gzip that is
 * cut or has a wrong check sum.
 */

#include "config.h"

#include <zlib.h>

#include "decode/unpack.h"
#include "fuzz.h"

/* What inflate_free_bytes, below, lets through whatever its ratio. */
#define INFLATED_MAX ((size_t)1 << 16)

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

/* Bytes behind the last member are told of, but for NULs. */
static void
check_trailing(struct unpacker *u, struct span in)
{
	struct buf packed = {.cap = in.len + 200}, out = {0};
	struct err err;
	bool trailing;

	put_member(&packed, in);
	check(buf_append(&packed, "\0\0", 2) == 0);
	check(unpack_gzip(u, (struct span){packed.data, packed.len}, &out,
		  &trailing, &err) == 0 &&
	    !trailing);
	check(buf_append(&packed, "x", 1) == 0);
	check(unpack_gzip(u, (struct span){packed.data, packed.len}, &out,
		  &trailing, &err) == 0 &&
	    trailing);
	check(out.len == 2 * in.len);
	buf_free(&packed);
	buf_free(&out);
}

/* Inflates bare deflate by zlib.  Returns how long the stream is, or 0 if it
 * is none that ends, within the room. */
static size_t
inflate_bare(struct span in, struct buf *out, size_t room)
{
	z_stream z = {
	    .next_in = (Bytef *)(uintptr_t)in.p, .avail_in = (unsigned)in.len};
	size_t taken = 0;

	out->cap = room;
	check(buf_reserve(out, room) == 0);
	z.next_out = (Bytef *)out->data;
	z.avail_out = (unsigned)room;
	check(inflateInit2(&z, -MAX_WBITS) == Z_OK);
	if (inflate(&z, Z_FINISH) == Z_STREAM_END)
		taken = in.len - z.avail_in;
	out->len = room - z.avail_out;
	inflateEnd(&z);
	return taken;
}

/* The input as deflate: if zlib can make something of it, gzip of it holds
 * that. */
static void
check_deflated(struct unpacker *u, struct span in)
{
	static const unsigned char head[] = {
	    0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
	struct buf packed = {.cap = in.len + 200}, want = {0}, out = {0};
	size_t taken = inflate_bare(in, &want, INFLATED_MAX);
	struct err err;
	bool trailing;
	int rc;

	check(buf_append(&packed, head, sizeof(head)) == 0);
	check(buf_append(&packed, in.p, taken > 0 ? taken : in.len) == 0);
	put_number(&packed,
	    crc32(crc32(0, NULL, 0), (Bytef *)want.data, (unsigned)want.len));
	put_number(&packed, want.len);
	rc = unpack_gzip(
	    u, (struct span){packed.data, packed.len}, &out, &trailing, &err);
	if (taken > 0) {
		check(rc == 0 && !trailing && out.len == want.len);
		check(memcmp(out.data, want.data, want.len) == 0);
	}
	buf_free(&packed);
	buf_free(&want);
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
		limits.inflate_free_bytes = INFLATED_MAX;
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
	if (size > 0 && size <= 0xffff) {
		check_members(u, in);
		unpacker_start(u);
		check_trailing(u, in);
		check_deflated(u, in);
	}
	buf_free(&out);
	return 0;
}
