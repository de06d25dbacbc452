/* SPDX-License-Identifier: ISC */

/*
 * tlstally check: is the record of a domain right, would reports arrive, and
 * would mail?  The looking is done by a helper program; here it is said what
 * to look at, and told what came of it.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/log.h"
#include "cmd/check_past.h"
#include "cmd/cmd.h"
#include "cmd/looking.h"
#include "cmd/net.h"
#include "output/plugin.h"

/* A list of domains on standard input. */
#define INPUT_MAX ((size_t)16 << 20)

struct state {
	struct arena *arena; /* the context's */
	struct looking looking;
	const struct check_output *output; /* NULL: text */
	const char *record;
	const char **domains;
	size_t n;
	struct check_past *past;
	struct check_writer writer;
};

enum { OPTION_RECORD = 0, OPTION_JSON, OPTION_NAGIOS, OPTION_LOOKING };

static const struct cmd_option options[] = {
    [OPTION_RECORD] = {"record", 0, "TEXT", "check this text, without DNS"},
    [OPTION_JSON] = {"json", 0, NULL, "write JSON"},
    [OPTION_NAGIOS] = {"nagios", 0, NULL, "write one line, as a plugin"},
    LOOKING_ROWS(OPTION_LOOKING),
    {NULL, 0, NULL, NULL}};

/* ---- options ---- */

static int
set_output(struct state *s, const struct check_output *output, struct err *err)
{
	if (s->output != NULL && s->output != output)
		return err_set(
		    err, ERR_USAGE, "--json and --nagios exclude each other");
	s->output = output;
	return 0;
}

static int
take_option(void *state, size_t index, const char *arg, struct err *err)
{
	struct state *s = state;

	switch (index) {
	case OPTION_RECORD:
		s->record = arg;
		return 0;
	case OPTION_JSON:
		return set_output(s, &check_json, err);
	case OPTION_NAGIOS:
		return set_output(s, &check_nagios, err);
	default:
		return looking_option(
		    &s->looking, index - OPTION_LOOKING, arg, err);
	}
}

/* ---- the domains ---- */

static int
read_input(struct buf *input, struct err *err)
{
	size_t got;

	do {
		if (buf_reserve(input, BUFSIZ) == -1)
			return err_set(err, ERR_BOUND,
			    "standard input: more than %zu bytes", INPUT_MAX);
		got = fread(input->data + input->len, 1, BUFSIZ, stdin);
		input->len += got;
	} while (got > 0);
	if (ferror(stdin))
		return err_errno(err, "standard input");
	return 0;
}

static int
add_domain(struct state *s, struct span text, size_t *size, struct err *err)
{
	if (s->n == *size) {
		*size = *size == 0 ? 16 : *size * 2;
		s->domains =
		    xreallocarray(s->domains, *size, sizeof(*s->domains));
	}
	s->domains[s->n] = net_domain(s->arena, text, err);
	if (s->domains[s->n] == NULL)
		return -1;
	s->n++;
	return 0;
}

/* A line a domain; blank ones, and what is behind a "#", do not count.  A list
 * of none comes of a mistake, such as a pipe from what has failed. */
static int
take_lines(struct state *s, size_t *size, struct err *err)
{
	struct buf input = {.cap = INPUT_MAX};
	struct span rest, line, text;
	size_t number = 0, before = s->n;
	int rc = read_input(&input, err);

	rest = (struct span){input.data, input.len};
	while (rc == 0 && rest.len > 0) {
		line = span_cut(&rest, '\n');
		text = span_trim(span_cut(&line, '#'));
		number++;
		if (text.len == 0)
			continue;
		rc = add_domain(s, text, size, err);
		if (rc == -1)
			err_prefix(err, "standard input:%zu", number);
	}
	buf_free(&input);
	if (rc == 0 && s->n == before)
		rc = err_set(
		    err, ERR_USAGE, "standard input: there is no domain in it");
	return rc;
}

static int
take_domains(struct state *s, const struct context *ctx, struct err *err)
{
	size_t size = 0;
	int i;

	if (ctx->argc == 0 && isatty(STDIN_FILENO))
		return err_set(err, ERR_USAGE,
		    "which domains? (tlstally check DOMAIN...)");
	if (ctx->argc == 0)
		return take_lines(s, &size, err);
	for (i = 0; i < ctx->argc; i++) {
		if (strcmp(ctx->argv[i], "-") == 0) {
			if (take_lines(s, &size, err) == -1)
				return -1;
		} else if (add_domain(s, span_of(ctx->argv[i]), &size, err) ==
		    -1) {
			return -1;
		}
	}
	return 0;
}

/* ---- the run ---- */

static void
ask(void *arg, size_t i, struct arena *arena, struct domain_question *question)
{
	struct state *s = arg;

	(void)arena;
	question->domain = s->domains[i];
	question->probe = s->looking.probe;
	check_past_facts(s->past, i, &question->past);
}

static void
take(void *arg, size_t i, const struct domain_summary *summary,
    const struct err *why)
{
	struct state *s = arg;
	struct check_view view = {.summary = summary,
	    .domain = s->domains[i],
	    .failure = why != NULL ? why->text : NULL};
	struct arena *arena = arena_new(1024);

	check_past_join(s->past, i, arena, &view);
	check_domain(&s->writer, s->output, &view);
	arena_free(arena);
	if (s->n > 1)
		log_progress("%zu of %zu domains", i + 1, s->n);
}

/* Failures that come in the middle leave the rest unknown. */
static int
check_domains(struct state *s, struct err *err)
{
	const struct net_job job = {.settings = &s->looking.settings,
	    .n = s->n,
	    .ask = ask,
	    .take = take,
	    .arg = s};
	int rc = net_run(&job, err);
	struct check_view view = {.failure = err->text};

	log_progress("%s", "");
	for (;
	     rc == -1 && s->writer.ndomains > 0 && s->writer.ndomains < s->n;) {
		view.domain = s->domains[s->writer.ndomains];
		check_domain(&s->writer, s->output, &view);
		rc = s->writer.ndomains == s->n ? 0 : -1;
	}
	return rc;
}

static void
check_record(struct state *s, const char *domain)
{
	struct domain_summary summary = {0};
	struct check_view view = {.summary = &summary, .is_text = true};

	view.domain = domain != NULL
	    ? arena_printf(s->arena, RECORD_PREFIX ".%s", domain)
	    : "record";
	summary_make_record(
	    &summary, s->arena, view.domain, span_of(s->record));
	summary.at = s->writer.now;
	check_domain(&s->writer, s->output, &view);
}

static int
check_text_given(struct state *s, const struct context *ctx, struct err *err)
{
	const char *domain = NULL;

	if (cmd_arguments(ctx, 1, err) == -1)
		return -1;
	if (ctx->argc == 1) {
		domain = net_domain(s->arena, span_of(ctx->argv[0]), err);
		if (domain == NULL)
			return -1;
	}
	check_begin(&s->writer);
	check_record(s, domain);
	return 0;
}

static int
check_all(struct state *s, struct context *ctx, struct err *err)
{
	if (take_domains(s, ctx, err) == -1 || cmd_read_config(ctx, err) == -1)
		return -1;
	if (check_past_read(&s->past, ctx, s->domains, s->n, err) == -1)
		return -1;
	check_begin(&s->writer);
	return check_domains(s, err);
}

/* A plugin says on standard output what kept it. */
static int
fail(const struct state *s, struct err *err)
{
	struct err said = *err;

	if (s->output == &check_nagios) {
		fputs("TLSRPT UNKNOWN - ", stdout);
		plugin_put(stdout, err->text);
		putchar('\n');
	}
	if (err->code == ERR_USAGE)
		err_set(&said, err->code, "check: %s", err->text);
	return cmd_fail_unknown(&said);
}

static int
run(struct context *ctx, void *state)
{
	struct state *s = state;
	const char *no_color = getenv("NO_COLOR");
	struct err err = {0};
	int rc;

	if (s->output == NULL)
		s->output = &check_text;
	s->arena = ctx->arena;
	looking_complete(&s->looking, s->arena, ctx->now);
	s->writer = (struct check_writer){.out = stdout,
	    .now = ctx->now,
	    .colour = isatty(STDOUT_FILENO) &&
		(no_color == NULL || no_color[0] == '\0')};
	rc = s->record != NULL ? check_text_given(s, ctx, &err)
			       : check_all(s, ctx, &err);
	if (rc == -1)
		return fail(s, &err);
	check_end(&s->writer, s->output);
	return cmd_end_plugin(severity_status(s->writer.worst));
}

static void
release(void *state)
{
	struct state *s = state;

	check_past_free(s->past);
	free(s->domains);
}

const struct command cmd_check = {
    .name = "check",
    .summary = "look up records, policies and mail servers, and judge them",
    .usage = "[OPTION...] [DOMAIN... | -]",
    .needs = NEEDS_NOTHING,
    .options = options,
    .state_size = sizeof(struct state),
    .option = take_option,
    .run = run,
    .release = release,
    .fail = cmd_fail_unknown,
};
