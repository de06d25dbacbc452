/* SPDX-License-Identifier: ISC */

/*
 * The error object.  A text is built beside the old one, which may be among
 * the arguments, and is cut between two characters where it is too long.
 */

#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/utf8.h"

/* Makes the text "<fmt><between><tail>". */
static void __attribute__((format(printf, 4, 0))) set_text(struct err *err,
    const char *between, const char *tail, const char *fmt, va_list ap)
{
	char text[ERR_TEXT_MAX];
	size_t len;

	vsnprintf(text, sizeof(text), fmt, ap);
	len = strlen(text);
	snprintf(text + len, sizeof(text) - len, "%s%s", between, tail);
	len = utf8_whole_prefix(text, strlen(text));
	memcpy(err->text, text, len);
	err->text[len] = '\0';
}

int
err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return -1;
	err->code = code;
	va_start(ap, fmt);
	set_text(err, "", "", fmt, ap);
	va_end(ap);
	return -1;
}

static enum err_code
code_of_errno(int num)
{
	switch (num) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
	case EAGAIN:
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		return ERR_TEMPORARY;
	case EACCES:
	case EPERM:
	case EROFS:
		return ERR_REFUSED;
	case ENOENT:
	case ENOTDIR:
		return ERR_NOINPUT;
	default:
		return ERR_IO;
	}
}

int
err_errno(struct err *err, const char *fmt, ...)
{
	int num = errno;
	va_list ap;

	if (err == NULL)
		return -1;
	err->code = code_of_errno(num);
	va_start(ap, fmt);
	set_text(err, ": ", strerror(num), fmt, ap);
	va_end(ap);
	return -1;
}

int
err_prefix(struct err *err, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return -1;
	va_start(ap, fmt);
	set_text(err, ": ", err->text, fmt, ap);
	va_end(ap);
	return -1;
}
