/* SPDX-License-Identifier: ISC */

/*
 * The line for monitoring systems: what is hostile stays text.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "output/plugin.h"
#include "support.h"

static char *
written(const struct plugin *p)
{
	static char *text;
	static size_t size;
	FILE *out = open_memstream(&text, &size);

	plugin_write(out, p);
	fclose(out);
	return text;
}

static void
expect(const struct plugin *p, const char *wanted)
{
	char *text = written(p);

	cr_assert_str_eq(text, wanted, "%s", text);
	free(text);
}

Test(plugin, bars_and_line_ends_of_others_are_shown)
{
	char *text = support_written(plugin_put, "a|b||\n\x1b|");

	cr_assert_str_eq(text, "a<7C>b<7C><7C><U+000A><U+001B><7C>");
	free(text);
	text = support_written(plugin_put, "");
	cr_assert_str_eq(text, "");
	free(text);
}

Test(plugin, without_findings_it_is_ok_and_has_its_summary)
{
	const struct plugin p = {.summary = "all is well", .most = 5};

	expect(&p, "TLSRPT OK - all is well\n");
	cr_assert_eq(plugin_level(&p), LEVEL_OK);
}

Test(plugin, findings_are_counted_and_written_up_to_most)
{
	char one[] = "one", two[] = "two", three[] = "three", act[] = "act";
	struct plugin_finding list[] = {{LEVEL_CRITICAL, one, act},
	    {LEVEL_WARNING, two, act}, {LEVEL_UNKNOWN, three, act}};
	struct plugin p = {.findings = list, .nfindings = 3, .most = 2};

	expect(&p,
	    "TLSRPT CRITICAL - one (and 2 more)\n"
	    "CRITICAL: one\n  to do: act\nWARNING: two\n  to do: act\n"
	    "and 1 more: tlstally monitor -v\n");
	p.most = 0;
	expect(&p, "TLSRPT CRITICAL - one (and 2 more)\n");
	p.findings = list + 1;
	p.nfindings = 2;
	cr_assert_eq(plugin_level(&p), LEVEL_WARNING);
	p.findings = list + 2;
	p.nfindings = 1;
	cr_assert_eq(plugin_level(&p), LEVEL_UNKNOWN);
}

Test(plugin, performance_data_is_as_the_guidelines_have_it)
{
	const struct measure list[] = {
	    {"domains", false, 12, THRESHOLD_UNSET, THRESHOLD_UNSET},
	    {"it's=a|\nlabel", true, 1234, 10000, 50000},
	    {"unknown", true, THRESHOLD_UNSET, 500, THRESHOLD_UNSET}};
	const struct plugin p = {
	    .summary = "s", .measures = list, .nmeasures = 3};

	expect(&p,
	    "TLSRPT OK - s | 'domains'=12;;;0; "
	    "'it_s_a__label'=0.1234%;1;5;0;100 'unknown'=U;0.05;;0;100\n");
}

/* A finding of n letters: how many of them come on the first line, and on its
 * own. */
static void
expect_letters(size_t n, size_t first, size_t own)
{
	char *why = support_repeat('x', n), what[] = "act", *text, *at;
	struct plugin_finding f = {LEVEL_WARNING, why, what};
	const struct plugin p = {.findings = &f, .nfindings = 1, .most = 1};

	text = written(&p);
	at = strchr(text, 'x');
	cr_assert_eq(strspn(at, "x"), first);
	at = strchr(at + first, 'x');
	cr_assert_eq(strspn(at, "x"), own);
	free(text);
	free(why);
}

Test(plugin, lines_have_so_many_bytes)
{
	expect_letters(PLUGIN_FIRST_MAX, PLUGIN_FIRST_MAX, PLUGIN_FIRST_MAX);
	expect_letters(
	    PLUGIN_FIRST_MAX + 1, PLUGIN_FIRST_MAX, PLUGIN_FIRST_MAX + 1);
	expect_letters(PLUGIN_LINE_MAX, PLUGIN_FIRST_MAX, PLUGIN_LINE_MAX);
	expect_letters(PLUGIN_LINE_MAX + 1, PLUGIN_FIRST_MAX, PLUGIN_LINE_MAX);
}

Test(plugin, long_lines_are_cut_between_characters)
{
	char why[2 * PLUGIN_LINE_MAX + 1], what[] = "act";
	struct plugin_finding f = {LEVEL_WARNING, why, what};
	const struct plugin p = {.findings = &f, .nfindings = 1, .most = 1};
	char *text, *line;
	size_t i;

	for (i = 0; i < PLUGIN_LINE_MAX; i++)
		memcpy(why + 2 * i, "\xc3\xa9", 2);
	why[2 * PLUGIN_LINE_MAX] = '\0';
	text = written(&p);
	line = strchr(text, '\n') + 1;
	cr_assert_eq((size_t)(line - text),
	    strlen("TLSRPT WARNING - ...\n") + PLUGIN_FIRST_MAX);
	cr_assert_eq(
	    strcspn(line, "\n"), strlen("WARNING: ...") + PLUGIN_LINE_MAX);
	cr_assert_null(strstr(text, "\xc3."));
	free(text);
}
