/* SPDX-License-Identifier: ISC */

/*
 * tlstally make-record: the DNS record that makes reports come.  The record
 * goes to standard output, and what to think of goes to standard error.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "domain/name.h"
#include "domain/record.h"
#include "output/json_write.h"

/* More than enough for a record of the largest size. */
#define INPUT_MAX ((size_t)1 << 20)

/* A string of a TXT record. */
#define STRING_MAX 255

enum form { FORM_TEXT = 0, FORM_ZONE, FORM_JSON };

struct state {
	enum form form;
};

static const struct cmd_option options[] = {
    {"zone", 0, NULL, "print a line of a zone file"},
    {"json", 0, NULL, "print JSON"}, {NULL, 0, NULL, NULL}};

static int
take_option(void *state, size_t index, const char *arg, struct err *err)
{
	struct state *s = state;
	enum form form = index == 0 ? FORM_ZONE : FORM_JSON;

	(void)arg;
	if (s->form != FORM_TEXT && s->form != form)
		return err_set(
		    err, ERR_USAGE, "--zone and --json exclude each other");
	s->form = form;
	return 0;
}

/* ---- the URIs ---- */

static int
read_input(struct buf *input, struct err *err)
{
	size_t got;

	if (isatty(STDIN_FILENO))
		return err_set(err, ERR_USAGE,
		    "where shall reports go? give mailto:ADDRESS or "
		    "https://HOST/PATH");
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

/* The lines that are not blank, in the arena. */
static struct span *
take_lines(struct arena *a, const struct buf *input, size_t *n)
{
	struct span rest = {
	    arena_strndup(a, input->data, input->len), input->len};
	struct span all = rest, line, *uris;

	for (*n = 0; all.len > 0; ++*n)
		span_cut(&all, '\n');
	uris = arena_calloc(a, *n + 1, sizeof(*uris));
	for (*n = 0; rest.len > 0;) {
		line = span_trim(span_cut(&rest, '\n'));
		if (line.len > 0)
			uris[(*n)++] = line;
	}
	return uris;
}

static int
take_uris(
    const struct context *ctx, struct span **uris, size_t *n, struct err *err)
{
	struct buf input = {.cap = INPUT_MAX};
	int i, rc;

	if (ctx->argc > 1) {
		*n = (size_t)ctx->argc - 1;
		*uris = arena_calloc(ctx->arena, *n, sizeof(**uris));
		for (i = 1; i < ctx->argc; i++)
			(*uris)[i - 1] = span_of(ctx->argv[i]);
		return 0;
	}
	rc = read_input(&input, err);
	if (rc == 0)
		*uris = take_lines(ctx->arena, &input, n);
	buf_free(&input);
	return rc;
}

/* ---- the record ---- */

static void
print_text(const struct record_made *made)
{
	printf("host   %s\ntype   TXT\nvalue  %s\n", made->name, made->value);
}

/* The value in the strings of a TXT record. */
static void
put_strings(struct json_writer *w, struct arena *a, const char *text)
{
	size_t len = strlen(text), at, piece;

	json_write_open_list(w, "strings");
	for (at = 0; at < len; at += piece) {
		piece = len - at < STRING_MAX ? len - at : STRING_MAX;
		json_write_text(w, NULL, arena_strndup(a, text + at, piece));
	}
	json_write_close_list(w);
}

static void
print_json(struct arena *a, const struct record_made *made)
{
	struct json_writer w = {.out = stdout, .spaced = true};
	size_t i;

	json_write_open(&w, NULL);
	json_write_line(&w, 2);
	json_write_text(&w, "host", made->name);
	json_write_line(&w, 2);
	json_write_text(&w, "type", "TXT");
	json_write_line(&w, 2);
	json_write_text(&w, "value", made->value);
	json_write_line(&w, 2);
	put_strings(&w, a, made->value);
	json_write_line(&w, 2);
	json_write_open_list(&w, "rua");
	for (i = 0; i < made->nuris; i++)
		json_write_text(&w, NULL, made->uris[i]);
	json_write_close_list(&w);
	json_write_line(&w, 2);
	json_write_text(&w, "zone", record_zone_line(a, made));
	json_write_line(&w, 0);
	json_write_close(&w);
	putchar('\n');
}

static void
print_record(struct arena *a, const struct record_made *made, enum form form)
{
	switch (form) {
	case FORM_TEXT:
		print_text(made);
		break;
	case FORM_ZONE:
		printf("%s\n", record_zone_line(a, made));
		break;
	case FORM_JSON:
		print_json(a, made);
	}
}

/* ---- advice ---- */

/* A mailbox whose mail comes by the very hosts that the reports are about. */
static bool
is_same_way(const struct record_destination *d, const char *domain)
{
	return d->uri.scheme == URI_MAILTO && name_is_below(d->host, domain);
}

static void
advise_on(const struct record_destination *d, const char *domain)
{
	const char *provider = name_provider(d->host);

	if (d->uri.scheme == URI_HTTPS)
		log_warn("%.*s must take POST of application/tlsrpt+gzip and "
			 "application/tlsrpt+json, without a login or a "
			 "redirect, and answer 200 or 201",
		    (int)d->text.len, d->text.p);
	else if (!is_same_way(d, domain))
		log_warn("%.*s: an external mailbox%s%s%s; unlike DMARC, no "
			 "record there need authorise it",
		    (int)d->text.len, d->text.p, provider != NULL ? " (" : "",
		    provider != NULL ? provider : "",
		    provider != NULL ? ")" : "");
}

static void
advise(struct arena *a, const struct record_made *made)
{
	struct findings f = findings_new(a);
	const char *domain = made->name + strlen(RECORD_PREFIX ".");
	struct record record;
	size_t i, same = 0;

	record_parse(&record, span_of(made->value), made->name, &f);
	for (i = 0; i < record.ndestinations; i++) {
		advise_on(&record.destinations[i], domain);
		same += is_same_way(&record.destinations[i], domain);
	}
	if (same == record.ndestinations)
		log_warn("reports about broken TLS go the same way as the "
			 "mail; add a destination in another domain");
	for (i = 0; i < f.n; i++)
		log_warn("%s", f.items[i].message);
	if (strlen(made->value) > STRING_MAX)
		log_warn("the value is longer than %d octets: a zone file "
			 "needs it in several strings, as --zone prints it; "
			 "most web forms split it themselves",
		    STRING_MAX);
	log_warn("a web form that adds the domain itself wants only "
		 "%s as the host",
	    RECORD_PREFIX);
	log_warn("publish this before an MTA-STS policy in mode testing, which "
		 "does nothing but cause reports");
}

static int
make(const struct context *ctx, const struct state *s, struct err *err)
{
	struct record_made made;
	struct span *uris = NULL;
	size_t n = 0;

	if (ctx->argc == 0)
		return err_set(err, ERR_USAGE,
		    "for which domain? (tlstally make-record DOMAIN URI...)");
	if (take_uris(ctx, &uris, &n, err) == -1 ||
	    record_make(&made, ctx->arena, ctx->argv[0], uris, n, err) == -1)
		return -1;
	print_record(ctx->arena, &made, s->form);
	advise(ctx->arena, &made);
	return 0;
}

static int
run(struct context *ctx, void *state)
{
	struct err err = {0};

	return cmd_end(make(ctx, state, &err), &err);
}

const struct command cmd_make_record = {
    .name = "make-record",
    .summary = "make the DNS record that lets reports come",
    .usage = "[--zone | --json] DOMAIN [URI...]",
    .needs = NEEDS_NOTHING,
    .options = options,
    .state_size = sizeof(struct state),
    .option = take_option,
    .run = run,
};
