/* SPDX-License-Identifier: ISC */

/*
 * The only file that knows zlib.  It reads what does not come in one piece
 * (whole.h): large reports, and damaged ones, of which it can tell what is
 * wrong.  A state costs 40 KB to set up, which is more than the work on one
 * report, so it is made once and reset for every message.
 */

#include "config.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

#define ZLIB_CONST /* its input becomes const */
#include <zlib.h>

#include "base/die.h"
#include "decode/gzip.h"
#include "decode/whole.h"

/* zlib's windowBits: 15 for the largest window, 16 more for gzip. */
#define WINDOW_ZLIB 15
#define WINDOW_GZIP (15 + 16)

struct gzip {
	struct whole *whole;
	z_stream inflate;
	bool inflating; /* the state was made */
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

	g->whole = whole_new();
	g->inflate.zalloc = allocate;
	g->inflate.zfree = release;
	return g;
}

void
gzip_free(struct gzip *g)
{
	if (g == NULL)
		return;
	if (g->inflating)
		inflateEnd(&g->inflate);
	whole_free(g->whole);
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

	if (encoding == ENCODING_GZIP && whole_inflate(g->whole, in, out))
		return GZIP_OK;
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
	whole_deflate(g->whole, in, out);
}

const char *
gzip_library_version(void)
{
	return zlibVersion();
}
