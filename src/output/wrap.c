/* SPDX-License-Identifier: ISC */

/*
 * Layout of plain text.  Lines are measured in columns and not in bytes, and
 * nothing is ever cut: a name that is longer than a line is broken, because
 * somebody may have to act on it.
 */

#include "config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/utf8.h"
#include "output/wrap.h"

/* How much farther to the right a command goes on, and how far to the left
 * it starts when it is long. */
#define COMMAND_STEP   4
#define COMMAND_INDENT 2

struct line {
	FILE *out;
	size_t column;
	size_t indent;
	bool fresh; /* no word yet: none needs a space before it */
};

void
wrap_open(struct paragraph *p)
{
	p->text = xmemstream(&p->data, &p->size);
}

/* Returns the bytes of the character at text, and its columns. */
static size_t
measure(const char *text, size_t len, size_t *columns)
{
	uint32_t cp;
	size_t n = utf8_decode(text, len, &cp);

	*columns = 1;
	if (cp != UINT32_MAX && text[0] != WRAP_NBSP[0])
		*columns = (size_t)utf8_columns(cp);
	return n;
}

static size_t
span_columns(const char *text, size_t len)
{
	size_t i, columns, sum = 0;

	for (i = 0; i < len; sum += columns)
		i += measure(text + i, len - i, &columns);
	return sum;
}

size_t
wrap_columns(const char *text)
{
	return span_columns(text, strlen(text));
}

void
wrap_spaces(FILE *out, size_t n)
{
	while (n-- > 0)
		putc(' ', out);
}

static void
put_bytes(FILE *out, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		putc(text[i] == WRAP_NBSP[0] ? ' ' : text[i], out);
}

static void
next_line(struct line *line)
{
	putc('\n', line->out);
	wrap_spaces(line->out, line->indent);
	line->column = line->indent;
	line->fresh = true;
}

static void
put_word(struct line *line, const char *word, size_t len)
{
	size_t i, n, columns, gap = line->fresh ? 0 : 1;

	if (line->column + gap + span_columns(word, len) > WRAP_COLUMNS &&
	    (!line->fresh || line->column > line->indent))
		next_line(line);
	else if (gap > 0) {
		putc(' ', line->out);
		line->column++;
	}
	for (i = 0; i < len; i += n) {
		n = measure(word + i, len - i, &columns);
		if (line->column + columns > WRAP_COLUMNS)
			next_line(line);
		put_bytes(line->out, word + i, n);
		line->column += columns;
	}
	line->fresh = false;
}

char *
wrap_take(struct paragraph *p)
{
	xmemstream_end(p->text);
	return p->data;
}

void
wrap_close(struct paragraph *p, FILE *out, size_t at, size_t indent)
{
	struct line line = {out, at, indent, true};
	char *text = wrap_take(p);
	const char *word;
	size_t len;

	if (at == 0) {
		wrap_spaces(out, indent);
		line.column = indent;
	}
	for (word = text; *word != '\0'; word += len) {
		word += strspn(word, " ");
		len = strcspn(word, " ");
		if (len > 0)
			put_word(&line, word, len);
	}
	putc('\n', out);
	free(text);
}

/* Returns the columns of the longest word. */
static size_t
longest_word(const char *text)
{
	size_t len, longest = 0;

	for (; *text != '\0'; text += len) {
		text += strspn(text, " ");
		len = strcspn(text, " ");
		if (len > longest)
			longest = len;
	}
	return longest;
}

/* Writes a word of a command; two columns are kept for " \". */
static void
put_argument(struct line *line, const char *word, size_t len)
{
	const size_t room = WRAP_COLUMNS - 2;
	size_t i;

	if (!line->fresh) {
		putc(' ', line->out);
		if (line->column + 1 + len > room) {
			putc('\\', line->out);
			next_line(line);
		} else {
			line->column++;
		}
	}
	for (i = 0; i < len; i++) {
		if (line->column == room) {
			fputs("\\\n", line->out);
			line->column = 0;
		}
		putc(word[i], line->out);
		line->column++;
	}
	line->fresh = false;
}

void
wrap_command(FILE *out, size_t indent, const char *command)
{
	struct line line = {.out = out, .fresh = true};
	size_t len;

	if (indent + COMMAND_STEP + longest_word(command) > WRAP_COLUMNS - 2)
		indent = COMMAND_INDENT;
	wrap_spaces(out, indent);
	line.column = indent;
	line.indent = indent + COMMAND_STEP;
	for (; *command != '\0'; command += len) {
		command += strspn(command, " ");
		len = strcspn(command, " ");
		put_argument(&line, command, len);
	}
	putc('\n', out);
}

void
wrap_right(FILE *out, size_t width, const char *text)
{
	size_t columns = wrap_columns(text);

	wrap_spaces(out, columns < width ? width - columns : 0);
	put_bytes(out, text, strlen(text));
}

void
wrap_cut(FILE *out, size_t width, const char *text)
{
	static const char dots[] = "...";
	const size_t keep = width > strlen(dots) ? width - strlen(dots) : 0;
	size_t i, n, columns, sum = 0, len = strlen(text);

	if (span_columns(text, len) <= width) {
		put_bytes(out, text, len);
		return;
	}
	for (i = 0; i < len; i += n) {
		n = measure(text + i, len - i, &columns);
		if (sum + columns > keep)
			break;
		sum += columns;
	}
	put_bytes(out, text, i);
	fputs(dots, out);
}

const char *
wrap_count(char buf[COUNT_SIZE], int64_t n)
{
	uint64_t u = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	char *p = &buf[COUNT_SIZE - 1];
	int digits = 0;

	*p = '\0';
	do {
		if (digits > 0 && digits % 3 == 0)
			*--p = WRAP_NBSP[0];
		*--p = (char)('0' + u % 10);
		digits++;
		u /= 10;
	} while (u > 0);
	if (n < 0)
		*--p = '-';
	return memmove(buf, p, strlen(p) + 1);
}

/* As wrap_percent, for what is neither none nor all. */
static void
percent_between(char buf[PERCENT_SIZE], double ratio)
{
	int hundredths = (int)(ratio * 10000 + 0.5);
	int tenths = (int)(ratio * 1000 + 0.5);

	if (hundredths == 0)
		snprintf(buf, PERCENT_SIZE, "<%c0.01%c%%", WRAP_NBSP[0],
		    WRAP_NBSP[0]);
	else if (hundredths < 1000)
		snprintf(buf, PERCENT_SIZE, "%d.%02d%c%%", hundredths / 100,
		    hundredths % 100, WRAP_NBSP[0]);
	else if (tenths < 1000)
		snprintf(buf, PERCENT_SIZE, "%d.%d%c%%", tenths / 10,
		    tenths % 10, WRAP_NBSP[0]);
	else
		snprintf(buf, PERCENT_SIZE, ">%c99.9%c%%", WRAP_NBSP[0],
		    WRAP_NBSP[0]);
}

const char *
wrap_percent(char buf[PERCENT_SIZE], int64_t part, int64_t whole)
{
	if (part <= 0)
		snprintf(buf, PERCENT_SIZE, "0%c%%", WRAP_NBSP[0]);
	else if (part >= whole)
		snprintf(buf, PERCENT_SIZE, "100%c%%", WRAP_NBSP[0]);
	else
		percent_between(buf, (double)part / (double)whole);
	return buf;
}
