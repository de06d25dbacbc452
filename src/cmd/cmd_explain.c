/* SPDX-License-Identifier: ISC */

/*
 * tlstally explain: what a failure means, what causes it, how to mend it; the
 * same for the reason codes that reporters give, and how to read a report.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "cmd/cmd.h"
#include "digest/explain.h"
#include "digest/reason.h"
#include "digest/topic.h"
#include "output/wrap.h"

/* How much of an unknown text is said again, and how many that are near. */
#define SHOWN_MAX 120
#define NEAR_MAX  4

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
print_points(const char *const *points)
{
	for (; *points != NULL; points++)
		print_wrapped("  - ", *points);
}

static void
print_list(const char *title, const char *const *points)
{
	printf("\n%s\n", title);
	print_points(points);
}

static void
print_command(const char *title, const char *command)
{
	if (command == NULL)
		return;
	printf("\n%s\n", title);
	wrap_command(stdout, 2, command);
}

#define LOOK_TITLE "To look into it, with your own names for {mx} and {domain}"

/* A reason in a list of them: the words of a report, and their cause. */
static void
print_reason_line(const struct reason *r)
{
	struct paragraph p;

	wrap_open(&p);
	fprintf(p.text, "\"%s\": %s", r->example, r->cause);
	fputs("  - ", stdout);
	wrap_close(&p, stdout, 4, 4);
}

/* ---- result types ---- */

/* Nearly every reason may come with the catch-all: with that only those that
 * are at home there. */
static bool
is_listed(const struct reason *r, enum result_type type)
{
	return type == RESULT_VALIDATION_FAILURE ? r->types[0] == type
						 : reason_goes_with(r, type);
}

static void
print_reasons_of(enum result_type type)
{
	const struct reason *r;
	bool any = false;
	size_t i;

	for (i = 0; (r = reason_at(i)) != NULL; i++) {
		if (!is_listed(r, type))
			continue;
		if (!any)
			puts("\nReason codes that come with it");
		any = true;
		print_reason_line(r);
	}
}

static void
print_type(const char *name, enum result_type type)
{
	const struct explanation *e = explain(type);

	printf("%s  (%s, %s)\n\n", name, e->where, e->law);
	print_wrapped("", e->meaning);
	print_list("Usual causes", e->causes);
	print_list("How to mend it", e->steps);
	print_command(LOOK_TITLE, e->command);
	print_reasons_of(type);
}

/* Finds the result type of that name, also one of our own.  Returns false for
 * other texts. */
static bool
find_type(const char *text, enum result_type *type)
{
	static const struct {
		const char *name;
		enum result_type type;
	} own[] = {
	    {"other", RESULT_OTHER},
	    {"unspecified", RESULT_UNSPECIFIED},
	    {"(unspecified)", RESULT_UNSPECIFIED},
	    {"overlap", RESULT_OVERLAP},
	    {"(overlap)", RESULT_OVERLAP},
	};
	size_t i;
	bool exact;

	*type = result_type_parse(span_of(text), &exact);
	if (*type != RESULT_OTHER)
		return true;
	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (span_is(span_of(text), own[i].name)) {
			*type = own[i].type;
			return true;
		}
	return false;
}

/* ---- reason codes ---- */

static void
print_origin(const struct reason *r)
{
	struct paragraph p;
	size_t i;

	puts("\nWhere it comes from");
	wrap_open(&p);
	fputs("Result types: ", p.text);
	for (i = 0; r->types[i] != RESULT_OTHER; i++)
		fprintf(p.text, "%s%s", i > 0 ? ", " : "",
		    result_type_name(r->types[i]));
	fputs("  - ", stdout);
	wrap_close(&p, stdout, 4, 4);
	fputs("  - ", stdout);
	wrap_open(&p);
	fprintf(p.text, "Whose words: %s", r->said_by);
	wrap_close(&p, stdout, 4, 4);
}

/* A certificate or a connection may be that of the policy host too, where
 * another command looks into it. */
static void
print_reason_commands(const struct reason *r)
{
	static const enum result_type host[] = {
	    RESULT_STS_WEBPKI_INVALID, RESULT_STS_POLICY_FETCH_ERROR};
	const char *other;
	size_t i;

	print_command(LOOK_TITLE, r->command);
	for (i = 0; i < sizeof(host) / sizeof(host[0]); i++) {
		other = reason_command(r, host[i]);
		if (!reason_goes_with(r, host[i]) ||
		    strstr(r->command, "mta-sts") != NULL)
			continue;
		print_command("And if the result type begins with sts-, which "
			      "means the policy host",
		    other);
		return;
	}
}

static void
print_cause(const char *cause)
{
	struct paragraph p;

	wrap_open(&p);
	fprintf(p.text, "In short: %s.", cause);
	wrap_close(&p, stdout, 0, 0);
	putchar('\n');
}

static void
print_reason(const struct reason *r)
{
	printf("%s  (%s)\n\n", r->key, r->where);
	print_cause(r->cause);
	print_wrapped("", r->meaning);
	puts("\nHow to mend it");
	print_wrapped("  - ", r->remedy);
	print_points(r->steps);
	print_reason_commands(r);
	print_origin(r);
}

static void
print_all_reasons(void)
{
	const struct reason *r;
	size_t i;

	puts("What reporters give as reason, and what it means; tlstally "
	     "explain REASON says\nmore, with a reason as it stands here or in "
	     "a report.\n");
	for (i = 0; (r = reason_at(i)) != NULL; i++)
		print_reason_line(r);
}

/* ---- topics ---- */

static void
print_topic(const struct topic *t)
{
	const struct topic_part *part;

	printf("%s  (%s)\n\n", t->name, t->law);
	print_wrapped("", t->meaning);
	for (part = t->parts; part->title != NULL; part++)
		print_list(part->title, part->points);
	print_command(
	    "To look at yours, with your own names for {mx} and {domain}",
	    t->command);
}

static void
print_overview(void)
{
	const struct topic *t;
	enum result_type type;
	size_t i;

	puts("The result types of RFC 8460; tlstally explain TYPE says "
	     "more.\n");
	for (type = 1; type <= RESULT_RFC_COUNT; type++) {
		printf("%s\n", result_type_name(type));
		print_wrapped("  ", explain(type)->meaning);
	}
	puts("\nOther topics; tlstally explain TOPIC says more.\n");
	for (i = 0; (t = topic_at(i)) != NULL; i++)
		printf("%-16s  %s\n", t->name, t->summary);
	printf("%-16s  %s\n", "reasons", "the reason codes that are known");
	puts("\nA reason code, as it stands in a report: tlstally explain "
	     "'no shared cipher'");
}

/* ---- the command ---- */

/* Puts the arguments into text with spaces between, as far as anybody looks
 * at them. */
static void
join(const struct context *ctx, char text[REASON_TEXT_MAX + 1])
{
	size_t len = 0;
	int i;

	for (i = 0; i < ctx->argc; i++) {
		size_t room = REASON_TEXT_MAX - len, n = strlen(ctx->argv[i]);

		if (i > 0 && room > 0) {
			text[len++] = ' ';
			room--;
		}
		n = n < room ? n : room;
		memcpy(text + len, ctx->argv[i], n);
		len += n;
	}
	text[len] = '\0';
}

/* Says that the text is not known, and what is near to it. */
static int
fail_unknown(const char *text)
{
	const struct reason *near[NEAR_MAX];
	char names[NEAR_MAX * 40] = "";
	size_t i, n, len = strlen(text);
	struct err err = {0};

	if (len > SHOWN_MAX)
		len = utf8_whole_prefix(text, SHOWN_MAX);
	n = reason_near(text, near, NEAR_MAX);
	for (i = 0; i < n; i++) {
		size_t used = strlen(names);

		snprintf(names + used, sizeof(names) - used, "%s%s",
		    i == 0 ? "near it: " : ", ", near[i]->key);
	}
	err_set(&err, ERR_USAGE,
	    "no such result type, topic or reason: %.*s (%s%stlstally explain "
	    "lists them)",
	    (int)len, text, names, n > 0 ? "; " : "");
	return cmd_fail(&err);
}

static int
run(struct context *ctx, void *state)
{
	char text[REASON_TEXT_MAX + 1];
	const struct reason *r;
	const struct topic *t;
	enum result_type type;

	(void)state;
	join(ctx, text);
	if (ctx->argc == 0)
		print_overview();
	else if (find_type(text, &type))
		print_type(
		    type == RESULT_OTHER ? "other" : result_type_name(type),
		    type);
	else if (span_is(span_of(text), "reasons"))
		print_all_reasons();
	else if ((t = topic_find(text)) != NULL)
		print_topic(t);
	else if ((r = reason_find(text)) != NULL)
		print_reason(r);
	else
		return fail_unknown(text);
	return cmd_flush();
}

const struct command cmd_explain = {
    .name = "explain",
    .summary = "explain a failure and its remedy",
    .usage = "[RESULT-TYPE | TOPIC | REASON...]",
    .needs = NEEDS_NOTHING,
    .run = run,
};
