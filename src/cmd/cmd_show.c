/* SPDX-License-Identifier: ISC */

/*
 * tlstally show: one report whole: what it says, where it came from, how it
 * departs from the RFC, and the JSON as it came.
 */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/date.h"
#include "base/sha256.h"
#include "cmd/cmd.h"
#include "output/escape.h"

struct state {
	bool original; /* first, for cmd_take_flag */
};

static const struct cmd_option options[] = {
    {"original", 0, NULL, "only the JSON, as it came"}, {0}};

/* Prints "label  text" if there is text. */
static void
field(const char *label, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	printf("%-14s ", label);
	escape_text(stdout, text);
	putchar('\n');
}

static void
time_field(const char *label, int64_t t)
{
	char text[TIME_SIZE];

	if (t == TIME_NONE)
		return;
	date_format_time(t, text);
	printf("%-14s %s\n", label, text);
}

/* The hash is made of the original: there is none without it. */
static void
print_hash(const struct buf *json)
{
	unsigned char sum[SHA256_LEN];
	char hex[SHA256_HEX_SIZE];

	if (json == NULL)
		return;
	sha256(json->data, json->len, sum);
	sha256_hex(sum, hex);
	field("sha-256", hex);
}

/* json is NULL if the original cannot be decompressed. */
static void
print_head(const struct stored_report *s, const struct buf *json)
{
	const struct report *r = s->report;
	char number[32];

	snprintf(number, sizeof(number), "%" PRId64, s->number);
	field("report", number);
	field("reporter", r->reporter);
	field("organization", r->organization);
	field("contact", r->contact);
	field("report id", r->id);
	time_field("start", r->start);
	time_field("end", r->end);
	time_field("received", r->received);
	time_field("stored", s->stored);
	field("source", s->source);
	field("message", s->locator);
	field("submitter", r->submitter_header);
	field("domain header", r->domain_header);
	field("file name", r->filename);
	field("subject", r->subject);
	field("authenticity", authenticity_name(r->authenticity));
	print_hash(json);
	if (s->conflict)
		printf("%-14s with report %" PRId64 ": not counted\n",
		    "conflict", s->rival);
}

static void
print_failure(const struct failure *f)
{
	printf("    %" PRId64 " ", f->sessions);
	escape_text(stdout,
	    f->type == RESULT_OTHER ? f->type_text : result_type_name(f->type));
	putchar('\n');
	field("      mx", f->receiving_mx);
	field("      helo", f->receiving_helo);
	field("      to", f->receiving_ip);
	field("      from", f->sending_ip);
	field("      reason", f->reason_code);
	field("      more at", f->additional_information);
}

static void
print_policy(const struct policy *p)
{
	size_t i;

	fputs("\npolicy ", stdout);
	escape_text(stdout,
	    p->type == POLICY_OTHER ? p->type_text : policy_type_name(p->type));
	if (p->mode != MODE_UNKNOWN)
		printf(", %s", policy_mode_name(p->mode));
	fputs(" for ", stdout);
	escape_text(stdout, p->domain[0] != '\0' ? p->domain : "(unknown)");
	printf("\n  %" PRId64 " successful, %" PRId64 " failed\n",
	    p->successful, p->failed);
	for (i = 0; i < p->nstrings; i++)
		field("  string", p->strings[i]);
	for (i = 0; i < p->nmx_hosts; i++)
		field("  mx-host", p->mx_hosts[i]);
	for (i = 0; i < p->nfailures; i++)
		print_failure(&p->failures[i]);
	if (policy_rest(p) != 0)
		printf("    %" PRId64 " %s\n", policy_rest(p),
		    result_type_name(policy_rest(p) > 0 ? RESULT_UNSPECIFIED
							: RESULT_OVERLAP));
}

static void
print_deviations(const struct report *r)
{
	size_t i;

	if (r->ndeviations > 0)
		puts("\ndeviations");
	for (i = 0; i < r->ndeviations; i++) {
		printf("  %s", deviation_name(r->deviations[i].code));
		if (r->deviations[i].where[0] != '\0') {
			fputs(" at ", stdout);
			escape_text(stdout, r->deviations[i].where);
		}
		printf("\n    %s\n", deviation_text(r->deviations[i].code));
	}
}

/* Prints the JSON line by line, harmless for a terminal. */
static void
print_escaped(struct buf *json)
{
	struct span rest = {buf_string(json), json->len}, line;
	size_t i;

	while (rest.len > 0) {
		line = span_cut(&rest, '\n');
		/* A NUL would end the text: it is shown like the others. */
		for (i = 0; i < line.len; i++)
			if (line.p[i] == '\0')
				json->data[line.p + i - json->data] = '\x01';
		json->data[line.p + line.len - json->data] = '\0';
		if (line.len > 0 && line.p[line.len - 1] == '\r')
			json->data[line.p + line.len - 1 - json->data] = '\0';
		escape_text(stdout, line.p);
		putchar('\n');
	}
}

/* Prints the report; json is NULL if its original cannot be decompressed. */
static void
print_report(const struct stored_report *s, struct buf *json)
{
	size_t i;

	print_head(s, json);
	for (i = 0; i < s->report->npolicies; i++)
		print_policy(&s->report->policies[i]);
	print_deviations(s->report);
	puts("\noriginal");
	if (json != NULL)
		print_escaped(json);
}

static int
show(struct context *ctx, const struct state *st, struct err *err)
{
	struct stored_report s = {0};
	struct buf json = {0};
	int64_t number;
	int rc;

	if (ctx->argc != 1)
		return err_set(err, ERR_USAGE,
		    "which report? (its number is in tlstally list)");
	if (cmd_parse_number(ctx->argv[0], "tlstally list", &number, err) ==
		-1 ||
	    store_report(ctx->store, number, ctx->arena, &s, err) == -1)
		return -1;
	rc = jail_original(ctx->jail, &s.report->original, &json, err);
	if (!st->original)
		print_report(&s, rc == 0 ? &json : NULL);
	else if (rc == 0 && isatty(STDOUT_FILENO))
		print_escaped(&json);
	else if (rc == 0)
		fwrite(json.data, 1, json.len, stdout);
	buf_free(&json);
	return rc;
}

static int
run(struct context *ctx, void *state)
{
	const struct state *st = state;
	struct err err = {0};

	return cmd_end(show(ctx, st, &err), &err);
}

const struct command cmd_show = {
    .name = "show",
    .summary = "show one report whole",
    .usage = "[--original] NUMBER",
    .needs = NEEDS_JAIL,
    .options = options,
    .state_size = sizeof(struct state),
    .option = cmd_take_flag,
    .run = run,
};
