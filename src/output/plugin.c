/* SPDX-License-Identifier: ISC */

/*
 * The line of a monitoring plugin.  Everything behind the first "|" is read
 * by programs, and every line break ends a line for good: so the texts of
 * strangers hold neither.
 */

#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/ratio.h"
#include "base/span.h"
#include "base/utf8.h"
#include "output/escape.h"
#include "output/plugin.h"

void
plugin_put(FILE *out, const char *text)
{
	char *escaped, *p, *bar;
	size_t size;
	FILE *stream;

	if (strchr(text, '|') == NULL) {
		escape_text(out, text);
		return;
	}
	stream = xmemstream(&escaped, &size);
	escape_text(stream, text);
	xmemstream_end(stream);
	for (p = escaped; (bar = strchr(p, '|')) != NULL; p = bar + 1)
		fprintf(out, "%.*s<7C>", (int)(bar - p), p);
	fputs(p, out);
	free(escaped);
}

enum level
plugin_level(const struct plugin *p)
{
	enum level worst = LEVEL_OK;
	size_t i;

	for (i = 0; i < p->nfindings; i++)
		worst = level_worse(worst, p->findings[i].level);
	return worst;
}

static void
put_line(FILE *out, const char *text, size_t max)
{
	size_t len = strlen(text);

	if (len <= max) {
		fputs(text, out);
		return;
	}
	fwrite(text, 1, utf8_whole_prefix(text, max), out);
	fputs("...", out);
}

/* ---- performance data ---- */

static void
put_label(FILE *out, const char *label)
{
	putc('\'', out);
	for (; *label != '\0'; label++)
		putc(ascii_is_alnum(*label) || strchr("-._ ", *label) != NULL
			? *label
			: '_',
		    out);
	putc('\'', out);
}

static void
put_number(FILE *out, bool is_ratio, int64_t n)
{
	char text[RATIO_SIZE];

	if (n < 0)
		return;
	if (!is_ratio) {
		fprintf(out, "%" PRId64, n);
		return;
	}
	ratio_format(n, text);
	text[strcspn(text, " ")] = '\0';
	fputs(text, out);
}

static void
put_measure(FILE *out, const struct measure *m)
{
	put_label(out, m->label);
	putc('=', out);
	if (m->value < 0)
		putc('U', out);
	put_number(out, m->is_ratio, m->value);
	fputs(m->is_ratio && m->value >= 0 ? "%;" : ";", out);
	put_number(out, m->is_ratio, m->warning);
	putc(';', out);
	put_number(out, m->is_ratio, m->critical);
	fputs(m->is_ratio ? ";0;100" : ";0;", out);
}

/* ---- lines ---- */

static void
write_first(FILE *out, const struct plugin *p)
{
	size_t i;

	fprintf(out, "%s %s - ", PLUGIN_SERVICE, level_name(plugin_level(p)));
	put_line(out, p->nfindings > 0 ? p->findings[0].why : p->summary,
	    PLUGIN_FIRST_MAX);
	if (p->nfindings > 1)
		fprintf(out, " (and %zu more)", p->nfindings - 1);
	for (i = 0; i < p->nmeasures; i++) {
		fputs(i == 0 ? " | " : " ", out);
		put_measure(out, &p->measures[i]);
	}
	putc('\n', out);
}

static void
write_finding(FILE *out, const struct plugin_finding *f)
{
	fprintf(out, "%s: ", level_name(f->level));
	put_line(out, f->why, PLUGIN_LINE_MAX);
	fputs("\n  to do: ", out);
	put_line(out, f->what, PLUGIN_LINE_MAX);
	putc('\n', out);
}

void
plugin_write(FILE *out, const struct plugin *p)
{
	size_t i;

	write_first(out, p);
	if (p->most == 0)
		return;
	for (i = 0; i < p->nfindings && i < p->most; i++)
		write_finding(out, &p->findings[i]);
	if (p->nfindings > p->most)
		fprintf(out, "and %zu more: tlstally monitor -v\n",
		    p->nfindings - p->most);
	for (i = 0; i < p->nnotes; i++) {
		put_line(out, p->notes[i], PLUGIN_LINE_MAX);
		putc('\n', out);
	}
}
