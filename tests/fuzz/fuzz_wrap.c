/* SPDX-License-Identifier: ISC */

/*
 * The layout of text: no line is wider than the page, and nothing but space
 * is lost or added.
 */

#include "config.h"

#include "base/utf8.h"
#include "fuzz.h"
#include "output/escape.h"
#include "output/wrap.h"

#define TEXT_MAX 512

/* What was written, and how much of it. */
struct written {
	char *data;
	size_t len;
	FILE *out;
};

static void
begin(struct written *w)
{
	w->out = open_memstream(&w->data, &w->len);
	check(w->out != NULL);
}

static void
end(struct written *w)
{
	check(fclose(w->out) == 0);
	check(is_utf8(w->data, w->len));
}

static char *
escape(const char *text)
{
	struct written w;

	begin(&w);
	escape_text(w.out, text);
	end(&w);
	return w.data;
}

/* Takes all spaces and line ends out of text. */
static char *
squash(char *text)
{
	char *out = text, *p;

	for (p = text; *p != '\0'; p++)
		if (*p != ' ' && *p != '\n')
			*out++ = *p;
	*out = '\0';
	return text;
}

/* Checks each line's width; of the first, `at` columns are elsewhere. */
static void
check_lines(char *text, size_t at)
{
	char *nl;

	for (; *text != '\0'; text = nl + 1, at = 0) {
		nl = strchr(text, '\n');
		check(nl != NULL);
		*nl = '\0';
		check(at + wrap_columns(text) <= WRAP_COLUMNS);
		*nl = '\n';
	}
}

static void
try_paragraph(const char *text, size_t at, size_t indent)
{
	struct paragraph p;
	struct written w;
	char *escaped = escape(text);

	wrap_open(&p);
	fputs(escaped, p.text);
	begin(&w);
	wrap_close(&p, w.out, at, indent);
	end(&w);
	check_lines(w.data, at);
	check(strcmp(squash(w.data), squash(escaped)) == 0);
	free(w.data);
	free(escaped);
}

static void
try_cut(const char *text, size_t width)
{
	struct written w;
	char *escaped = escape(text);
	size_t columns = escape_text_columns(text);

	check(wrap_columns(escaped) == columns);
	begin(&w);
	wrap_cut(w.out, width, escaped);
	end(&w);
	check(wrap_columns(w.data) <= width);
	if (columns <= width)
		check(strcmp(w.data, escaped) == 0);
	else
		check(w.len >= 3 && memcmp(w.data, escaped, w.len - 3) == 0 &&
		    strcmp(w.data + w.len - 3, "...") == 0);
	free(w.data);
	free(escaped);
}

/* What a shell makes of a command that goes on behind a backslash. */
static void
join_lines(char *text)
{
	char *out = text, *p;

	for (p = text; *p != '\0'; p++)
		if (p[0] == '\\' && p[1] == '\n')
			p++;
		else
			*out++ = *p;
	*out = '\0';
}

/* Of a command all words must come through, each whole. */
static void
try_command(const char *text, size_t indent)
{
	static const char letters[] = "abcdefghijklmnop0123456789.-/:= ";
	char command[TEXT_MAX + 1], *a, *b, *save_a, *save_b;
	struct written w;
	size_t i;

	for (i = 0; text[i] != '\0'; i++)
		command[i] =
		    letters[(unsigned char)text[i] % (sizeof(letters) - 1)];
	command[i] = '\0';
	begin(&w);
	wrap_command(w.out, indent, command);
	end(&w);
	check_lines(w.data, 0);
	join_lines(w.data);
	a = strtok_r(command, " \n", &save_a);
	b = strtok_r(w.data, " \n", &save_b);
	while (a != NULL && b != NULL && strcmp(a, b) == 0) {
		a = strtok_r(NULL, " \n", &save_a);
		b = strtok_r(NULL, " \n", &save_b);
	}
	check(a == NULL && b == NULL);
	free(w.data);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[TEXT_MAX + 1];
	size_t n = size > 0 ? data[0] : 0;

	if (size > TEXT_MAX)
		size = TEXT_MAX;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	try_paragraph(text, 0, n % 40);
	try_paragraph(text, n % 60, n % 20);
	try_cut(text, 3 + n % 80);
	try_command(text, n % 16);
	return 0;
}
