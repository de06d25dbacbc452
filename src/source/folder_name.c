/* SPDX-License-Identifier: ISC */

/*
 * Where a Maildir++ folder lies.  The name comes from a configuration or a
 * command line, and mail is moved to where it points: so it is held to what
 * a mail server would have made itself.
 */

#include "config.h"

#include <stdbool.h>
#include <stdint.h>
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
