/* SPDX-License-Identifier: ISC */

/*
 * Decompression for the decoder: what the bytes are, how much may come out
 * of them, and who does it.  A few kilobytes can inflate to gigabytes, so the
 * bound is known before the first byte is inflated, and it becomes the cap of
 * the output: a bomb never costs more memory than that.
 */

#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "decode/gzip.h"
#include "decode/unpack.h"
#include "decode/zip.h"

/* Kept of the entry buffer between messages: most entries are smaller. */
#define KEEP_BYTES ((size_t)256 << 10)

struct unpacker {
	struct limits limits;
	struct gzip *gzip;
	struct buf entry; /* of a zip archive */
	size_t left;	  /* of json_bytes, for this message */
};

/* How much may come out of an input, and by which limit. */
struct allowance {
	size_t bytes;
	const char *law;
};

/* True if s begins with len bytes, to the letter. */
static inline bool
begins(struct span s, const char *bytes, size_t len)
{
	return s.len >= len && memcmp(s.p, bytes, len) == 0;
}

enum magic
unpack_magic(struct span bytes)
{
	if (begins(bytes, "\x1f\x8b", 2))
		return MAGIC_GZIP;
	/* The second is an empty archive. */
	if (begins(bytes, "PK\x03\x04", 4) || begins(bytes, "PK\x05\x06", 4))
		return MAGIC_ZIP;
	if (begins(bytes, "\xef\xbb\xbf", 3)) {
		bytes.p += 3;
		bytes.len -= 3;
	}
	while (bytes.len > 0 && ascii_is_space(bytes.p[0])) {
		bytes.p++;
		bytes.len--;
	}
	return bytes.len > 0 && bytes.p[0] == '{' ? MAGIC_JSON : MAGIC_OTHER;
}

struct unpacker *
unpacker_new(const struct limits *limits)
{
	struct unpacker *u = xcalloc(1, sizeof(*u));

	u->limits = *limits;
	u->gzip = gzip_new();
	unpacker_start(u);
	return u;
}

void
unpacker_free(struct unpacker *u)
{
	if (u == NULL)
		return;
	gzip_free(u->gzip);
	buf_free(&u->entry);
	free(u);
}

void
unpacker_start(struct unpacker *u)
{
	u->left = u->limits.json_bytes;
}

static struct allowance
allow(const struct unpacker *u, size_t len)
{
	struct allowance a = {SIZE_MAX, "inflate_ratio"};
	size_t ratio = u->limits.inflate_ratio;

	if (ratio == 0 || len <= SIZE_MAX / ratio)
		a.bytes = len * ratio;
	if (a.bytes < u->limits.inflate_free_bytes)
		a.bytes = u->limits.inflate_free_bytes;
	if (a.bytes >= u->left)
		a = (struct allowance){u->left, "json_bytes"};
	return a;
}

/* Entries of a zip may be inflated while it is read: so the sum can be more
 * than was left when one of them started. */
static void
spend(struct unpacker *u, size_t bytes)
{
	u->left -= bytes < u->left ? bytes : u->left;
}

/* True if another member follows in *rest, of which padding is taken off. */
static bool
next_member(struct span *rest)
{
	if (unpack_magic(*rest) == MAGIC_GZIP)
		return true;
	while (rest->len > 0 && rest->p[0] == '\0') {
		rest->p++;
		rest->len--;
	}
	return false;
}

static int
gzip_fault(struct unpacker *u, enum gzip_result result,
    const struct allowance *a, struct err *err)
{
	switch (result) {
	case GZIP_FULL:
		return err_set(err, ERR_BOUND, "gzip: more than %zu bytes (%s)",
		    a->bytes, a->law);
	case GZIP_TRUNCATED:
		return err_set(err, ERR_DATA, "gzip: truncated (RFC 1952)");
	default:
		return err_set(err, ERR_DATA, "gzip: %s (RFC 1952)",
		    gzip_problem(u->gzip));
	}
}

int
unpack_gzip(struct unpacker *u, struct span in, struct buf *out, bool *trailing,
    struct err *err)
{
	struct allowance a = allow(u, in.len);
	enum gzip_result result;
	size_t start = out->len;

	*trailing = false;
	out->cap = start + a.bytes;
	do {
		result = gzip_inflate(u->gzip, ENCODING_GZIP, &in, out);
	} while (result == GZIP_OK && next_member(&in));
	spend(u, out->len - start);
	if (result != GZIP_OK)
		return gzip_fault(u, result, &a, err);
	*trailing = in.len > 0;
	return 0;
}

int
unpack_zip(struct unpacker *u, struct span in,
    int (*fn)(void *arg, const char *name, struct span data), void *arg,
    struct err *err)
{
	struct allowance a = allow(u, in.len);
	struct zip_reading r = {.max_entries = u->limits.archive_entries,
	    .max_bytes = a.bytes,
	    .law = a.law,
	    .data = &u->entry,
	    .fn = fn,
	    .arg = arg};
	int rc = zip_read(in, &r, err);

	spend(u, r.bytes);
	buf_reset(&u->entry, KEEP_BYTES);
	return rc;
}

void
unpack_deflate(struct unpacker *u, struct span json, struct buf *out)
{
	gzip_deflate(u->gzip, json, out);
}

int
unpack_original(struct unpacker *u, const struct original *original,
    struct buf *out, struct err *err)
{
	struct span in = {(const char *)original->data, original->len};
	struct allowance a = {u->limits.json_bytes, "json_bytes"};
	enum gzip_result result;
	size_t start = out->len;

	out->cap = start + a.bytes;
	do {
		result = gzip_inflate(u->gzip, original->encoding, &in, out);
	} while (result == GZIP_OK && original->encoding == ENCODING_GZIP &&
	    next_member(&in));
	if (result != GZIP_OK)
		gzip_fault(u, result, &a, err);
	else if (out->len - start != original->json_len)
		err_set(err, ERR_DATA, "%zu bytes of JSON instead of %zu",
		    out->len - start, original->json_len);
	else
		return 0;
	return err_prefix(err, "original");
}
