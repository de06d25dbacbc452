/* SPDX-License-Identifier: ISC */

/*
 * Packing and encoding for the generator.  The zip is written by hand: one
 * member needs a local header, a directory entry and an end record.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/die.h"
#include "genpack.h"

/* windowBits of deflateInit2: with 16 added a gzip wrapper, negative none. */
#define WINDOW_GZIP (15 + 16)
#define WINDOW_RAW  (-15)

/* Both encodings break lines before the 77th character (RFC 2045 6.7, 6.8). */
#define LINE_MAX_CHARS 76

struct packer {
	z_stream gzip;
	z_stream raw;
	struct buf packed;
	struct buf deflated;
};

static const struct {
	const char *media_type;
	const char *encoding;
	const char *suffix;
} carriages[CARRY_COUNT] = {
    [CARRY_GZIP] = {"application/tlsrpt+gzip", "base64", ".json.gz"},
    [CARRY_ZIP] = {"application/zip", "base64", ".json.zip"},
    [CARRY_BASE64] = {"application/tlsrpt+json", "base64", ".json"},
    [CARRY_QP] = {"application/tlsrpt+json", "quoted-printable", ".json"},
    [CARRY_8BIT] = {"application/tlsrpt+json", "8bit", ".json"},
};

const char *
carriage_media_type(enum carriage how)
{
	return carriages[how].media_type;
}

const char *
carriage_encoding(enum carriage how)
{
	return carriages[how].encoding;
}

const char *
carriage_suffix(enum carriage how)
{
	return carriages[how].suffix;
}

static void
append(struct buf *b, const void *data, size_t len)
{
	if (buf_append(b, data, len) == -1)
		die("a buffer of the generator is full");
}

struct packer *
packer_new(void)
{
	struct packer *p = xcalloc(1, sizeof(*p));

	p->packed.cap = p->deflated.cap = (size_t)1 << 30;
	if (deflateInit2(&p->gzip, 6, Z_DEFLATED, WINDOW_GZIP, 8,
		Z_DEFAULT_STRATEGY) != Z_OK ||
	    deflateInit2(&p->raw, 6, Z_DEFLATED, WINDOW_RAW, 8,
		Z_DEFAULT_STRATEGY) != Z_OK)
		die("zlib cannot be used");
	return p;
}

void
packer_free(struct packer *p)
{
	deflateEnd(&p->gzip);
	deflateEnd(&p->raw);
	buf_free(&p->packed);
	buf_free(&p->deflated);
	free(p);
}

static void
deflate_whole(z_stream *z, struct buf *out, const struct buf *in)
{
	size_t bound;

	deflateReset(z);
	bound = deflateBound(z, in->len);
	if (buf_reserve(out, bound) == -1)
		die("a buffer of the generator is full");
	z->next_in = (Bytef *)in->data;
	z->avail_in = (uInt)in->len;
	z->next_out = (Bytef *)out->data + out->len;
	z->avail_out = (uInt)bound;
	if (deflate(z, Z_FINISH) != Z_STREAM_END)
		die("deflate failed");
	out->len += bound - z->avail_out;
}

static void
put_le(struct buf *b, uint32_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++) {
		unsigned char c = (unsigned char)(value >> (8 * i));

		append(b, &c, 1);
	}
}

/* What a member's local header and its directory entry have in common, from
 * "version needed" to the lengths (APPNOTE 4.3.7, 4.3.12). */
static void
put_zip_member(
    struct buf *b, const struct buf *json, size_t packed, size_t name_len)
{
	put_le(b, 20, 2);     /* version 2.0 */
	put_le(b, 0, 2);      /* flags */
	put_le(b, 8, 2);      /* deflated */
	put_le(b, 0, 2);      /* time: midnight */
	put_le(b, 0x5a21, 2); /* date: 2025-01-01 */
	put_le(b,
	    (uint32_t)crc32(0, (const Bytef *)json->data, (uInt)json->len), 4);
	put_le(b, (uint32_t)packed, 4);
	put_le(b, (uint32_t)json->len, 4);
	put_le(b, (uint32_t)name_len, 2);
	put_le(b, 0, 2); /* no extra field */
}

static void
pack_zip(struct packer *p, const struct buf *json, const char *name)
{
	struct buf *b = &p->packed;
	size_t directory, end, name_len = strlen(name) + 5;

	p->deflated.len = 0;
	deflate_whole(&p->raw, &p->deflated, json);
	append(b, "PK\3\4", 4);
	put_zip_member(b, json, p->deflated.len, name_len);
	put(b, "%s.json", name);
	append(b, p->deflated.data, p->deflated.len);
	directory = b->len;
	append(b, "PK\1\2", 4);
	put_le(b, 20, 2); /* made by version 2.0 */
	put_zip_member(b, json, p->deflated.len, name_len);
	put_le(b, 0, 2); /* no comment */
	put_le(b, 0, 2); /* disk */
	put_le(b, 0, 2); /* internal attributes */
	put_le(b, 0, 4); /* external attributes */
	put_le(b, 0, 4); /* offset of the local header */
	put(b, "%s.json", name);
	end = b->len;
	append(b, "PK\5\6", 4);
	put_le(b, 0, 4); /* disks */
	put_le(b, 1, 2); /* entries on this disk */
	put_le(b, 1, 2); /* entries in all */
	put_le(b, (uint32_t)(end - directory), 4);
	put_le(b, (uint32_t)directory, 4);
	put_le(b, 0, 2); /* no comment */
}

/* Encodes three bytes at s, of which n count. */
static void
encode_triple(char out[4], const unsigned char *s, size_t n)
{
	static const char digits[] = ALPHABET_BASE64;
	unsigned v = (unsigned)s[0] << 16;

	v |= n > 1 ? (unsigned)s[1] << 8 : 0;
	v |= n > 2 ? s[2] : 0;
	out[0] = digits[v >> 18];
	out[1] = digits[v >> 12 & 63];
	out[2] = n > 1 ? digits[v >> 6 & 63] : '=';
	out[3] = n > 2 ? digits[v & 63] : '=';
}

static void
put_base64(struct buf *out, const struct buf *in)
{
	const unsigned char *s = (const unsigned char *)in->data;
	char line[LINE_MAX_CHARS + 1];
	size_t used = 0;

	for (size_t i = 0; i < in->len; i += 3) {
		encode_triple(line + used, s + i, in->len - i);
		used += 4;
		if (used == LINE_MAX_CHARS || i + 3 >= in->len) {
			line[used++] = '\n';
			append(out, line, used);
			used = 0;
		}
	}
}

static void
put_qp(struct buf *out, const struct buf *in)
{
	size_t column = 0;

	for (size_t i = 0; i < in->len; i++) {
		unsigned char c = (unsigned char)in->data[i];
		bool plain = c >= ' ' && c <= '~' && c != '=';

		if (c == '\n') {
			append(out, "\n", 1);
			column = 0;
			continue;
		}
		/* Room for the soft break's own "=" is kept. */
		if (column + (plain ? 1 : 3) >= LINE_MAX_CHARS) {
			append(out, "=\n", 2);
			column = 0;
		}
		if (plain)
			append(out, &c, 1);
		else
			put(out, "=%02X", c);
		column += plain ? 1 : 3;
	}
	put(out, "\n");
}

void
packer_put(struct packer *p, struct buf *out, enum carriage how,
    const struct buf *json, const char *name)
{
	p->packed.len = 0;
	switch (how) {
	case CARRY_GZIP:
		deflate_whole(&p->gzip, &p->packed, json);
		put_base64(out, &p->packed);
		break;
	case CARRY_ZIP:
		pack_zip(p, json, name);
		put_base64(out, &p->packed);
		break;
	case CARRY_BASE64:
		put_base64(out, json);
		break;
	case CARRY_QP:
		put_qp(out, json);
		break;
	default:
		append(out, json->data, json->len);
		append(out, "\n", 1);
		break;
	}
}
