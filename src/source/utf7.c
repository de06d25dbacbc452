/* SPDX-License-Identifier: ISC */

/*
 * Folder names in modified UTF-7: ASCII stands as it is, but for the '&',
 * and the rest as UTF-16 in a base64 of its own between '&' and '-'.
 */

#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "source/utf7.h"

/* Base64 in the making: bits that wait to be written. */
struct base64 {
	unsigned long bits;
	int nbits;
	bool open; /* behind an '&' */
};

int
utf7_check(const char *name, struct err *err)
{
	size_t len = strlen(name);

	if (len == 0)
		return err_set(err, ERR_USAGE, "a folder's name is empty");
	if (utf8_valid_prefix(name, len) != len)
		return err_set(err, ERR_USAGE,
		    "folder \"%s\": the name is not UTF-8", name);
	if (utf8_has_control(name, len))
		return err_set(err, ERR_USAGE,
		    "folder \"%s\": the name has a control character", name);
	return 0;
}

static void
put_char(struct buf *out, char c)
{
	buf_append(out, &c, 1);
}

/* Writes the digits that are complete; with flush the last one, too. */
static void
put_digits(struct buf *out, struct base64 *b, bool flush)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+,";

	if (flush && b->nbits % 6 != 0) {
		b->bits <<= 6 - b->nbits % 6;
		b->nbits += 6 - b->nbits % 6;
	}
	while (b->nbits >= 6) {
		b->nbits -= 6;
		put_char(out, digits[b->bits >> b->nbits & 63]);
	}
	b->bits &= (1UL << b->nbits) - 1;
}

static void
put_utf16(struct buf *out, struct base64 *b, uint32_t unit)
{
	b->bits = b->bits << 16 | unit;
	b->nbits += 16;
	put_digits(out, b, false);
}

static void
open_base64(struct buf *out, struct base64 *b)
{
	if (!b->open)
		put_char(out, '&');
	b->open = true;
}

static void
close_base64(struct buf *out, struct base64 *b)
{
	if (!b->open)
		return;
	put_digits(out, b, true);
	put_char(out, '-');
	b->open = false;
}

static void
put_code_point(struct buf *out, struct base64 *b, uint32_t cp)
{
	if (cp < 0x80) {
		close_base64(out, b);
		put_char(out, (char)cp);
		if (cp == '&')
			put_char(out, '-');
		return;
	}
	open_base64(out, b);
	if (cp < 0x10000) {
		put_utf16(out, b, cp);
		return;
	}
	cp -= 0x10000;
	put_utf16(out, b, 0xd800 | cp >> 10);
	put_utf16(out, b, 0xdc00 | (cp & 0x3ff));
}

void
utf7_put(struct buf *out, const char *name)
{
	struct base64 b = {0};
	size_t len = strlen(name), i = 0;
	uint32_t cp;

	while (i < len) {
		i += utf8_decode(name + i, len - i, &cp);
		put_code_point(out, &b, cp);
	}
	close_base64(out, &b);
}
