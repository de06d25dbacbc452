/* SPDX-License-Identifier: ISC */

/*
 * The only file that knows libdeflate.  It wants all of the input, and room
 * for all of the output, whose size the end of a gzip file tells.  A file may
 * lie about it or be anything: then there is no harm in having tried.
 */

#include "config.h"

#include <endian.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libdeflate.h>

#include "base/die.h"
#include "decode/whole.h"

/* Larger reports are rare, and zlib does not make room for what they only
 * claim to be. */
#define INFLATED_MAX ((size_t)256 << 10)

/* The shortest gzip file: head, an empty block, checksum and length. */
#define GZIP_MIN 20

/* Where the flags of a gzip file stand, and the one for a checksum of its
 * head, which libdeflate passes over (RFC 1952 2.3.1). */
#define FLAGS_AT  3
#define FLAG_HCRC 2

/* An original is written once and seldom read.  To deflate a small one takes
 * four times as long as to inflate it, and spares half a kilobyte. */
#define LEVEL	     1
#define LEVEL_STORED 0
#define STORED_MAX   ((size_t)4 << 10)

struct whole {
	struct libdeflate_decompressor *inflate;
	/* Made at first use: */
	struct libdeflate_compressor *deflate;
	struct libdeflate_compressor *stored;
};

struct whole *
whole_new(void)
{
	struct whole *w = xcalloc(1, sizeof(*w));

	w->inflate = libdeflate_alloc_decompressor();
	if (w->inflate == NULL)
		die("libdeflate: out of memory");
	return w;
}

void
whole_free(struct whole *w)
{
	if (w == NULL)
		return;
	libdeflate_free_decompressor(w->inflate);
	libdeflate_free_compressor(w->deflate);
	libdeflate_free_compressor(w->stored);
	free(w);
}

/* Returns the length that the end of a gzip file tells. */
static size_t
told_length(struct span in)
{
	uint32_t n;

	memcpy(&n, in.p + in.len - sizeof(n), sizeof(n));
	return le32toh(n);
}

bool
whole_inflate(struct whole *w, struct span *in, struct buf *out)
{
	size_t size, taken, given;

	if (in->len < GZIP_MIN || (in->p[FLAGS_AT] & FLAG_HCRC) != 0)
		return false;
	size = told_length(*in);
	if (size == 0 || size > INFLATED_MAX || buf_reserve(out, size) == -1)
		return false;
	if (libdeflate_gzip_decompress_ex(w->inflate, in->p, in->len,
		out->data + out->len, size, &taken,
		&given) != LIBDEFLATE_SUCCESS)
		return false;
	in->p += taken;
	in->len -= taken;
	out->len += given;
	return true;
}

/* The compressor at *c, made with that level if it is not there yet. */
static struct libdeflate_compressor *
compressor(struct libdeflate_compressor **c, int level)
{
	if (*c == NULL)
		*c = libdeflate_alloc_compressor(level);
	if (*c == NULL)
		die("libdeflate: out of memory");
	return *c;
}

void
whole_deflate(struct whole *w, struct span in, struct buf *out)
{
	struct libdeflate_compressor *c = in.len <= STORED_MAX
	    ? compressor(&w->stored, LEVEL_STORED)
	    : compressor(&w->deflate, LEVEL);
	size_t bound = libdeflate_zlib_compress_bound(c, in.len);

	out->cap = out->len + bound;
	buf_reserve(out, bound);
	bound = libdeflate_zlib_compress(
	    c, in.p, in.len, out->data + out->len, bound);
	if (bound == 0)
		die("libdeflate: cannot deflate %zu bytes", in.len);
	out->len += bound;
}

const char *
whole_library_version(void)
{
	return LIBDEFLATE_VERSION_STRING;
}
