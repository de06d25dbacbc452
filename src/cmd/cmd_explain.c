/* SPDX-License-Identifier: ISC */

/*
 * tlstally explain: what a failure means, what causes it, how to mend it.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "digest/explain.h"
#include "output/wrap.h"

/* Prints first, then the text behind it, all lines indented alike. */
static void
print_wrapped(const char *first, const char *text)
{
	struct paragraph p;

	wrap_open(&p);
	fputs(text, p.text);
	fputs(first, stdout);
	wrap_close(&p, stdout, strlen(first), strlen(first));
}

static void
print_list(const char *title, const char *const *items)
{
	printf("\n%s\n", title);
	for (; *items != NULL; items++)
		print_wrapped("  - ", *items);
}

static void
print_explanation(const struct explanation *e)
{
	printf("%s  (%s, %s)\n\n", result_type_name(e->type), e->where, e->law);
	print_wrapped("", e->meaning);
	print_list("Usual causes", e->causes);
	print_list("How to mend it", e->steps);
	if (e->command == NULL)
		return;
	puts("\nTo look into it, with your own names for {mx} and {domain}");
	wrap_command(stdout, 2, e->command);
}

static void
print_overview(void)
{
	enum result_type type;

	puts("The result types of RFC 8460; tlstally explain TYPE says "
	     "more.\n");
	for (type = 1; type <= RESULT_RFC_COUNT; type++) {
		printf("%s\n", result_type_name(type));
		print_wrapped("  ", explain(type)->meaning);
	}
}

static int
run(struct context *ctx, void *state)
{
	struct err err = {0};
	enum result_type type;
	bool exact;

	(void)state;
	if (cmd_arguments(ctx, 1, &err) == -1)
		return cmd_fail(&err);
	if (ctx->argc == 0) {
		print_overview();
		return cmd_flush();
	}
	type = result_type_parse(span_of(ctx->argv[0]), &exact);
	if (type == RESULT_OTHER) {
		err_set(&err, ERR_USAGE,
		    "no such result type: %s (tlstally explain lists them)",
		    ctx->argv[0]);
		return cmd_fail(&err);
	}
	print_explanation(explain(type));
	return cmd_flush();
}

const struct command cmd_explain = {
    .name = "explain",
    .summary = "explain a failure and its remedy",
    .usage = "[RESULT-TYPE]",
    .needs = NEEDS_NOTHING,
    .run = run,
};
