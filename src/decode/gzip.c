/* SPDX-License-Identifier: ISC */

/*
 * The only file that knows zlib.  A state costs 40 KB (inflate) or 260 KB
 * (deflate) to set up, which is more than the work on one report, so each is
 * made once and reset for every message.
 */

#include "config.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

#define ZLIB_CONST /* its input becomes const */
#include <zlib.h>

#include "base/die.h"
#include "decode/gzip.h"

/* zlib's windowBits: 15 for the largest window, 16 more for gzip. */
#define WINDOW_ZLIB 15
#define WINDOW_GZIP (15 + 16)

/* An original is written once and seldom read: level 1 is 3 times as fast
 * as 6 and costs a tenth more space. */
#define LEVEL 1

/* Reset with every report: the usual 8 clears 64 KiB of tables for a JSON of
 * one, 6 a quarter of that, and the output is as small. */
#define MEM_LEVEL 6

struct gzip {
	z_stream inflate;
	z_stream deflate;
	bool inflating; /* the state was made */
	bool deflating;
};

/* Never returns NULL, so that zlib never has to say Z_MEM_ERROR. */
static void *
allocate(void *opaque, unsigned n, unsigned size)
{
	(void)opaque;
	return xreallocarray(NULL, n, size);
}

static void
release(void *opaque, void *p)
{
	(void)opaque;
	free(p);
}

struct gzip *
gzip_new(void)
{
	struct gzip *g = xcalloc(1, sizeof(*g));

	g->inflate.zalloc = g->deflate.zalloc = allocate;
	g->inflate.zfree = g->deflate.zfree = release;
	return g;
}

void
gzip_free(struct gzip *g)
{
	if (g == NULL)
		return;
	if (g->inflating)
		inflateEnd(&g->inflate);
	if (g->deflating)
		deflateEnd(&g->deflate);
	free(g);
}

static void
start_inflate(struct gzip *g, enum encoding encoding)
{
	int window = encoding == ENCODING_GZIP ? WINDOW_GZIP : WINDOW_ZLIB;
	int rc;

	if (g->inflating)
		rc = inflateReset2(&g->inflate, window);
	else
		rc = inflateInit2(&g->inflate, window);
	if (rc != Z_OK)
		die("zlib: cannot start to inflate: %d", rc);
	g->inflating = true;
}

/* How much of len zlib can be told of at a time. */
static unsigned
portion(size_t len)
{
	return len > UINT_MAX ? UINT_MAX : (unsigned)len;
}

/* Runs inflate once over what is left of in and of out's room. */
static int
inflate_once(z_stream *z, struct span *in, struct buf *out)
{
	size_t room = (out->size < out->cap ? out->size : out->cap) - out->len;
	unsigned before_in = portion(in->len), before_out = portion(room);
	int rc;

	z->next_in = (const Bytef *)in->p;
	z->avail_in = before_in;
	z->next_out = (Bytef *)out->data + out->len;
	z->avail_out = before_out;
	/* Z_FINISH saves zlib the copy into its window when, as mostly, all
	 * fits; when it does not, the next call goes on all the same. */
	rc = inflate(z, Z_FINISH);
	in->p += before_in - z->avail_in;
	in->len -= before_in - z->avail_in;
	out->len += before_out - z->avail_out;
	return rc;
}

enum gzip_result
gzip_inflate(
    struct gzip *g, enum encoding encoding, struct span *in, struct buf *out)
{
	int rc;

	start_inflate(g, encoding);
	/* An empty member needs no room, but zlib wants an address. */
	if (buf_reserve(out, 1) == -1 && out->data == NULL)
		return GZIP_FULL;
	for (;;) {
		rc = inflate_once(&g->inflate, in, out);
		if (rc == Z_STREAM_END)
			return GZIP_OK;
		if (rc != Z_OK && rc != Z_BUF_ERROR)
			return GZIP_DAMAGED;
		if (g->inflate.avail_out > 0 && in->len == 0)
			return GZIP_TRUNCATED;
		if (g->inflate.avail_out == 0 && buf_reserve(out, 1) == -1)
			return GZIP_FULL;
	}
}

const char *
gzip_problem(const struct gzip *g)
{
	return g->inflate.msg != NULL ? g->inflate.msg : "not deflate";
}

void
gzip_deflate(struct gzip *g, struct span in, struct buf *out)
{
	z_stream *z = &g->deflate;
	int rc;

	if (g->deflating)
		rc = deflateReset(z);
	else
		rc = deflateInit2(z, LEVEL, Z_DEFLATED, MAX_WBITS, MEM_LEVEL,
		    Z_DEFAULT_STRATEGY);
	if (rc != Z_OK || in.len > UINT_MAX / 2)
		die("zlib: cannot deflate %zu bytes: %d", in.len, rc);
	g->deflating = true;
	out->cap = out->len + deflateBound(z, in.len);
	buf_reserve(out, out->cap - out->len);
	z->next_in = (const Bytef *)in.p;
	z->avail_in = (unsigned)in.len;
	z->next_out = (Bytef *)out->data + out->len;
	z->avail_out = (unsigned)(out->cap - out->len);
	rc = deflate(z, Z_FINISH);
	if (rc != Z_STREAM_END)
		die("zlib: deflate: %d", rc);
	out->len = out->cap - z->avail_out;
}

const char *
gzip_library_version(void)
{
	return zlibVersion();
}
