/* SPDX-License-Identifier: ISC */

/*
 * Packers for tests, simple enough to be seen to be right, and able to write
 * what no honest packer would.
 */

#include "config.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#define ZLIB_CONST
#include <zlib.h>

#include "pack.h"

#define PACK_MAX ((size_t)256 << 20)

struct buf
pack_gzip(struct span data)
{
	struct buf b = {.cap = PACK_MAX};
	z_stream z;

	memset(&z, 0, sizeof(z));
	cr_assert_eq(
	    deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
	    Z_OK);
	cr_assert_eq(buf_reserve(&b, deflateBound(&z, data.len)), 0);
	z.next_in = (const Bytef *)data.p;
	z.avail_in = (unsigned)data.len;
	z.next_out = (Bytef *)b.data;
	z.avail_out = (unsigned)b.size;
	cr_assert_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	b.len = z.total_out;
	deflateEnd(&z);
	return b;
}

struct buf
pack_base64(struct span data)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	struct buf b = {.cap = PACK_MAX};
	char four[4];
	uint32_t v;
	size_t i, j;

	for (i = 0; i < data.len; i += 3) {
		for (v = 0, j = 0; j < 3; j++)
			v = v << 8 |
			    (i + j < data.len ? (unsigned char)data.p[i + j]
					      : 0);
		for (j = 0; j < 4; j++)
			four[j] = i + j > data.len
			    ? '='
			    : digits[v >> (18 - 6 * j) & 63];
		buf_append(&b, four, 4);
		if (i % 57 == 54 || i + 3 >= data.len)
			buf_append(&b, "\r\n", 2);
	}
	return b;
}

/* Appends numbers in little-endian order: widths has a digit for each, how
 * many bytes it takes. */
static void
put_numbers(struct buf *b, const char *widths, ...)
{
	va_list ap;
	uint32_t v;
	int i;

	va_start(ap, widths);
	for (; *widths != '\0'; widths++) {
		v = va_arg(ap, uint32_t);
		for (i = 0; i < *widths - '0'; i++, v >>= 8)
			buf_append(b, &(char){(char)(v & 0xff)}, 1);
	}
	va_end(ap);
}

/* Appends what local and central headers have in common. */
static void
put_entry(struct buf *b, const struct pack_entry *e)
{
	uint32_t size = (uint32_t)e->data.len;
	uint32_t crc = (uint32_t)crc32(0, (const Bytef *)e->data.p, size);

	put_numbers(
	    b, "22222444", 20U, e->flags, e->method, 0U, 0U, crc, size, size);
	put_numbers(b, "22", (uint32_t)strlen(e->name), 0U);
}

struct buf
pack_zip(const struct pack_entry *entries, size_t n)
{
	struct buf b = {.cap = PACK_MAX}, central = {.cap = PACK_MAX};
	uint32_t at;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct pack_entry *e = &entries[i];

		at = (uint32_t)b.len;
		put_numbers(&b, "4", 0x04034b50U);
		put_entry(&b, e);
		buf_append(&b, e->name, strlen(e->name));
		buf_append(&b, e->data.p, e->data.len);
		put_numbers(&central, "42", 0x02014b50U, 20U);
		put_entry(&central, e);
		put_numbers(&central, "22244", 0U, 0U, 0U, 0U, at);
		buf_append(&central, e->name, strlen(e->name));
	}
	at = (uint32_t)b.len;
	buf_append(&b, central.data, central.len);
	put_numbers(&b, "42222442", 0x06054b50U, 0U, 0U, (uint32_t)n,
	    (uint32_t)n, (uint32_t)central.len, at, 0U);
	buf_free(&central);
	return b;
}

void
pack_text(struct buf *b, const char *fmt, ...)
{
	char text[8192];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	cr_assert(len >= 0 && (size_t)len < sizeof(text));
	cr_assert_eq(buf_append(b, text, (size_t)len), 0);
}
