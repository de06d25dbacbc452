/* SPDX-License-Identifier: ISC */

/*
 * The error object: codes, prefixes, and texts that are longer than it is.
 */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/err.h"
#include "base/utf8.h"
#include "support.h"

Test(err, code_and_text_are_set)
{
	struct err err;

	cr_assert_eq(err_set(&err, ERR_DATA, "part %d: %s", 2, "bad"), -1);
	cr_assert_eq(err.code, ERR_DATA);
	cr_assert_str_eq(err.text, "part 2: bad");
}

Test(err, nobody_need_want_it)
{
	cr_assert_eq(err_set(NULL, ERR_DATA, "x"), -1);
	cr_assert_eq(err_prefix(NULL, "x"), -1);
	errno = ENOENT;
	cr_assert_eq(err_errno(NULL, "x"), -1);
}

Test(err, a_prefix_stands_in_front)
{
	struct err err;

	err_set(&err, ERR_BOUND, "too long");
	cr_assert_eq(err_prefix(&err, "policies[%d]", 1), -1);
	err_prefix(&err, "report");
	cr_assert_eq(err.code, ERR_BOUND);
	cr_assert_str_eq(err.text, "report: policies[1]: too long");
}

Test(err, the_code_follows_from_errno)
{
	static const struct {
		int num;
		enum err_code code;
	} codes[] = {{ENOSPC, ERR_TEMPORARY}, {EDQUOT, ERR_TEMPORARY},
	    {EAGAIN, ERR_TEMPORARY}, {EMFILE, ERR_TEMPORARY},
	    {ENFILE, ERR_TEMPORARY}, {ENOMEM, ERR_TEMPORARY},
	    {EACCES, ERR_REFUSED}, {EPERM, ERR_REFUSED}, {EROFS, ERR_REFUSED},
	    {ENOENT, ERR_NOINPUT}, {ENOTDIR, ERR_NOINPUT}, {EIO, ERR_IO},
	    {EBADF, ERR_IO}};
	struct err err;
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		errno = codes[i].num;
		cr_assert_eq(err_errno(&err, "/some/path"), -1);
		cr_assert_eq(err.code, codes[i].code, "%d", codes[i].num);
		cr_assert_eq(strncmp(err.text, "/some/path: ", 12), 0);
		cr_assert_str_eq(err.text + 12, strerror(codes[i].num));
	}
}

Test(err, its_own_text_may_be_quoted)
{
	struct err err;

	err_set(&err, ERR_DATA, "inner");
	err_set(&err, ERR_IO, "outer: %s", err.text);
	cr_assert_str_eq(err.text, "outer: inner");
	err_prefix(&err, "<%s>", err.text);
	cr_assert_str_eq(err.text, "<outer: inner>: outer: inner");
	errno = ENOENT;
	err_set(&err, ERR_DATA, "x");
	err_errno(&err, "y %s", err.text);
	cr_assert_eq(strncmp(err.text, "y x: ", 5), 0);
}

Test(err, long_texts_are_cut)
{
	char *text = support_repeat('x', 5000);
	struct err err;

	err_set(&err, ERR_DATA, "%s", text);
	cr_assert_eq(strlen(err.text), ERR_TEXT_MAX - 1);
	err_prefix(&err, "place");
	cr_assert_eq(strlen(err.text), ERR_TEXT_MAX - 1);
	cr_assert_eq(strncmp(err.text, "place: xxx", 10), 0);
	err_prefix(&err, "%s", text);
	cr_assert_eq(strlen(err.text), ERR_TEXT_MAX - 1);
	errno = ENOENT;
	err_errno(&err, "%s", text);
	cr_assert_eq(strlen(err.text), ERR_TEXT_MAX - 1);
	text[ERR_TEXT_MAX - 2] = '\0';
	err_set(&err, ERR_DATA, "%s", text);
	cr_assert_str_eq(err.text, text);
	err_prefix(&err, "a");
	cr_assert_eq(strlen(err.text), ERR_TEXT_MAX - 1);
	free(text);
}

Test(err, a_cut_leaves_whole_characters)
{
	char *text = support_repeat('x', ERR_TEXT_MAX - 2);
	struct err err;

	err_set(&err, ERR_DATA, "%s\xc3\xa4", text);
	cr_assert_eq(strlen(err.text), ERR_TEXT_MAX - 2);
	cr_assert_eq(
	    utf8_valid_prefix(err.text, strlen(err.text)), strlen(err.text));
	err_set(&err, ERR_DATA, "\xf0\x9f\x92\xa3");
	err_prefix(&err, "%s", text + 4);
	cr_assert_eq(
	    utf8_valid_prefix(err.text, strlen(err.text)), strlen(err.text));
	free(text);
}
