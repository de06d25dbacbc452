/* SPDX-License-Identifier: ISC */

/*
 * Where a Maildir++ folder lies.  The name comes from a configuration or a
 * command line, and mail is moved to where it points: so it is held to what
 * a mail server would have made itself.
 */

#include "config.h"

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/span.h"
#include "source/folder_name.h"
#include "source/utf7.h"

/* The longest name that a directory entry can have. */
#define DIR_MAX ((size_t)255)

static bool
is_separator(char c)
{
	return c == '/' || c == '.';
}

/* Between separators there must be something: that leaves no room for "..",
 * nor for a leading or trailing separator. */
static int
check_name(const char *name, struct err *err)
{
	size_t i, len = strlen(name);

	if (utf7_check(name, err) == -1)
		return -1;
	for (i = 0; i < len; i++)
		if (is_separator(name[i]) &&
		    (i == 0 || i + 1 == len || is_separator(name[i + 1])))
			return err_set(err, ERR_USAGE,
			    "folder \"%s\": part of the name is empty", name);
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

/* Appends name in modified UTF-7. */
static void
put_utf7(struct buf *out, const char *name)
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

static bool
is_directory(const char *root, const char *dir)
{
	struct buf path = {.cap = SIZE_MAX - 1};
	struct stat st;
	bool is;

	buf_append(&path, root, strlen(root));
	buf_append(&path, "/", 1);
	buf_append(&path, dir, strlen(dir));
	is = stat(buf_string(&path), &st) == 0 && S_ISDIR(st.st_mode);
	buf_free(&path);
	return is;
}

char *
folder_name_dir(const char *root, const char *name, struct err *err)
{
	struct buf plain = {.cap = SIZE_MAX - 1};
	struct buf coded = {.cap = SIZE_MAX - 1};
	char *p;

	if (check_name(name, err) == -1)
		return NULL;
	if (span_is(span_of(name), "INBOX"))
		return xstrdup(".");
	buf_append(&plain, ".", 1);
	buf_append(&plain, name, strlen(name));
	for (p = buf_string(&plain); *p != '\0'; p++)
		if (*p == '/')
			*p = '.';
	buf_append(&coded, ".", 1);
	utf7_put(&coded, plain.data + 1);
	buf_string(&coded);
	if (is_directory(root, plain.data)) {
		buf_free(&coded);
		return plain.data;
	}
	buf_free(&plain);
	if (coded.len <= DIR_MAX)
		return coded.data;
	buf_free(&coded);
	err_set(err, ERR_USAGE, "folder \"%s\": the name is too long", name);
	return NULL;
}
