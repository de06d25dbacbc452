/* SPDX-License-Identifier: ISC */

/*
 * Lines on standard error.  Each is built whole, made harmless, and written
 * with one call, so that lines of concurrent deliveries do not mix.
 */

#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/utf8.h"

/* A text is cut here: an error text and its places fit. */
#define TEXT_MAX 2048

/* A line of text with all that is escaped in it. */
#define LINE_SIZE (4 * TEXT_MAX)

/* A longer line of progress would wrap, and stay when it is overwritten. */
#define PROGRESS_COLUMNS 79

#define CLEAR_LINE "\r\033[K"

static enum log_level level_now = LOG_LEVEL_NORMAL;
static bool progress_shown;

void
log_set_level(enum log_level level)
{
	level_now = level;
}

enum log_level
log_level(void)
{
	return level_now;
}

/* Writes how cp at p, of *len bytes, is shown when it must not be as it is,
 * and returns that with its length, else p itself. */
static const char *
harmless(const char *p, uint32_t cp, size_t *len, char shown[16])
{
	int n;

	if (cp == UINT32_MAX)
		n = snprintf(shown, 16, "<%02X>", (unsigned char)*p);
	else if (utf8_is_dangerous(cp))
		n = snprintf(shown, 16, "<U+%04X>", (unsigned)cp);
	else
		return p;
	*len = (size_t)n;
	return shown;
}

/* Appends text to a line of *at bytes, as far as it fits into size. */
static void
put_text(char *line, size_t size, size_t *at, const char *text)
{
	size_t len = utf8_whole_prefix(text, strlen(text)), i, n, shown_len;
	char shown[16];
	const char *piece;
	uint32_t cp;

	for (i = 0; i < len; i += n) {
		n = shown_len = utf8_decode(text + i, len - i, &cp);
		piece = harmless(text + i, cp, &shown_len, shown);
		if (shown_len > size - *at)
			break;
		memcpy(line + *at, piece, shown_len);
		*at += shown_len;
	}
}

static void
write_line(const char *line, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(STDERR_FILENO, line, len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		line += n;
		len -= (size_t)n;
	}
}

static void __attribute__((format(printf, 1, 0)))
vlog(const char *fmt, va_list ap)
{
	char text[TEXT_MAX], line[LINE_SIZE];
	size_t len;

	vsnprintf(text, sizeof(text), fmt, ap);
	len = (size_t)snprintf(line, sizeof(line),
	    "%stlstally: ", progress_shown ? CLEAR_LINE : "");
	progress_shown = false;
	put_text(line, sizeof(line) - 1, &len, text);
	line[len++] = '\n';
	write_line(line, len);
}

void
log_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vlog(fmt, ap);
	va_end(ap);
}

void
log_warn(const char *fmt, ...)
{
	va_list ap;

	if (level_now < LOG_LEVEL_NORMAL)
		return;
	va_start(ap, fmt);
	vlog(fmt, ap);
	va_end(ap);
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	if (level_now < LOG_LEVEL_VERBOSE)
		return;
	va_start(ap, fmt);
	vlog(fmt, ap);
	va_end(ap);
}

void
log_progress(const char *fmt, ...)
{
	char text[TEXT_MAX], line[sizeof(CLEAR_LINE) + PROGRESS_COLUMNS];
	size_t len = strlen(CLEAR_LINE);
	va_list ap;

	if (level_now < LOG_LEVEL_NORMAL || !isatty(STDERR_FILENO))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	memcpy(line, CLEAR_LINE, len);
	put_text(line, len + PROGRESS_COLUMNS, &len, text);
	write_line(line, len);
	progress_shown = text[0] != '\0';
}
