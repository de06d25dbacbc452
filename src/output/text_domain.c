/* SPDX-License-Identifier: ISC */

/*
 * One domain on the page: what is wrong, since when, what it did to the
 * mail and what to do about it; then where the sessions came from.  A remedy
 * is given once on a page, and later referred to.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "digest/explain.h"
#include "output/escape.h"
#include "output/text.h"

/* Problems that are shown of one domain; more are counted. */
#define PROBLEMS_MAX 10

/* "incomplete: 12 of 12 usual reporters so far", with room to spare. */
#define NOTE_SIZE 96

/* A problem that has lasted so long may be older than the look-back shows. */
#define LONG_DAYS (DIGEST_LOOKBACK_DAYS - DIGEST_GAP_DAYS)

bool
text_has_failures(const struct domain_figure *d)
{
	return d->failed > 0 || d->nproblems > 0;
}

void
text_put_result(FILE *out, const struct problem *p)
{
	if (p->result == RESULT_OTHER)
		text_put(out, p->result_text, TEXT_WORDS_MAX);
	else
		fputs(result_type_name(p->result), out);
}

void
text_put_policy(
    FILE *out, enum policy_type type, const char *text, enum policy_mode mode)
{
	if (type == POLICY_OTHER)
		text_put(out, text, TEXT_WORDS_MAX);
	else
		fputs(policy_type_name(type), out);
	if (mode != MODE_UNKNOWN)
		fprintf(out, ", %s", policy_mode_name(mode));
}

/* The same within a sentence. */
static void
put_policy_phrase(
    FILE *out, enum policy_type type, const char *text, enum policy_mode mode)
{
	if (type != POLICY_NONE)
		fputs("policy ", out);
	text_put_policy(out, type, text, mode);
}

/* ---- problems ---- */

/* For how long: not at all for a problem of the one day that is shown, the
 * days from and to for one that is over. */
static void
put_since(FILE *out, const struct domain_figure *d, const struct problem *p)
{
	char since[DATE_SIZE], last[DATE_SIZE];

	date_format_day(p->since, since);
	date_format_day(p->last_day, last);
	if (p->last_day + DIGEST_GAP_DAYS < d->end && p->since == p->last_day)
		fprintf(out, ", on %s only", since);
	else if (p->last_day + DIGEST_GAP_DAYS < d->end)
		fprintf(out, ", from %s to %s", since, last);
	else if (p->since <= d->start - LONG_DAYS)
		fputs(", for 3 weeks or longer", out);
	else if (p->since < d->start || d->start != d->end)
		fprintf(out, ", since %s", since);
}

static void
write_title(
    struct text *t, const struct domain_figure *d, const struct problem *p)
{
	struct paragraph title;

	wrap_open(&title);
	text_put_result(title.text, p);
	if (p->receiving_mx[0] != '\0') {
		fputs(" on ", title.text);
		text_put(title.text, p->receiving_mx, TEXT_NAME_MAX);
	}
	put_since(title.text, d, p);
	text_verdict(t, STYLE_PROBLEM, &title);
}

/* How much it was of all.  Details may exceed the sessions that a report
 * sums up: then there is no share. */
static void
put_share(FILE *out, int64_t part, int64_t whole)
{
	char a[COUNT_SIZE], b[COUNT_SIZE], percent[PERCENT_SIZE];

	wrap_count(a, part);
	wrap_count(b, whole);
	if (part > whole)
		fprintf(out, "%s failure%s in %s session%s", a,
		    text_plural(part), b, text_plural(whole));
	else
		fprintf(out, "%s of %s session%s (%s)", a, b,
		    text_plural(whole), wrap_percent(percent, part, whole));
}

static void
write_facts(
    struct text *t, const struct domain_figure *d, const struct problem *p)
{
	struct paragraph facts;

	wrap_open(&facts);
	put_share(facts.text, p->sessions, count_add(d->successful, d->failed));
	fputs("; ", facts.text);
	put_policy_phrase(
	    facts.text, p->policy_type, p->policy_type_text, p->mode);
	fprintf(facts.text, ": %s; seen by ",
	    explain_effect(p->result, p->policy_type, p->mode));
	text_put(facts.text, p->reporter, TEXT_NAME_MAX);
	if (p->reporters > 1)
		fprintf(facts.text, " and %zu other%s", p->reporters - 1,
		    text_plural((int64_t)p->reporters - 1));
	wrap_close(&facts, t->out, 0, TEXT_INDENT);
	if (p->reason_code[0] == '\0')
		return;
	wrap_open(&facts);
	fputs("Reason given: ", facts.text);
	text_put(facts.text, p->reason_code, TEXT_WORDS_MAX);
	wrap_close(&facts, t->out, 0, TEXT_INDENT);
}

/* Writes a command with the names put in, or words in their place where a
 * name could be more than a name once it is pasted into a shell. */
static void
write_command(
    struct text *t, const char *command, const char *domain, const char *mx)
{
	struct paragraph p;
	const char *brace;
	char *filled;

	if (!escape_is_host_name(domain))
		domain = "DOMAIN";
	if (!escape_is_host_name(mx))
		mx = "MX-HOST";
	wrap_open(&p);
	while ((brace = strchr(command, '{')) != NULL) {
		fwrite(command, 1, (size_t)(brace - command), p.text);
		fputs(strncmp(brace, "{mx}", 4) == 0 ? mx : domain, p.text);
		command = strchr(brace, '}') + 1;
	}
	fputs(command, p.text);
	filled = wrap_take(&p);
	wrap_command(t->out, TEXT_INDENT + 2, filled);
	free(filled);
}

/* What to do about it, if the page has not said so already. */
static void
write_remedy(
    struct text *t, const struct domain_figure *d, const struct problem *p)
{
	const struct explanation *e = explain(p->result);
	size_t i = (size_t)p->result <= RESULT_RFC_COUNT ? (size_t)p->result
							 : RESULT_RFC_COUNT + 1;
	const char *where = t->explained[i];
	struct paragraph remedy;

	if (where == d->domain)
		return;
	wrap_open(&remedy);
	if (where == NULL)
		fprintf(remedy.text, "%.*s:", (int)strlen(e->remedy) - 1,
		    e->remedy);
	else {
		fputs("What to do: as for ", remedy.text);
		text_put(remedy.text, where, TEXT_NAME_MAX);
		fputs(" above.", remedy.text);
	}
	wrap_close(&remedy, t->out, 0, TEXT_INDENT);
	if (where == NULL) {
		t->explained[i] = d->domain;
		write_command(t, e->command, d->domain, p->receiving_mx);
	}
}

static void
write_rest(struct text *t, const struct domain_figure *d)
{
	char count[COUNT_SIZE];
	struct paragraph rest;
	int64_t sessions = 0;
	size_t i;

	for (i = PROBLEMS_MAX; i < d->nproblems; i++)
		sessions = count_add(sessions, d->problems[i].sessions);
	wrap_open(&rest);
	fprintf(rest.text, "%zu more problem%s with %s session%s: ",
	    d->nproblems - PROBLEMS_MAX,
	    text_plural((int64_t)(d->nproblems - PROBLEMS_MAX)),
	    wrap_count(count, sessions), text_plural(sessions));
	fputs("tlstally digest --rows failures --format csv", rest.text);
	putc('\n', t->out);
	wrap_close(&rest, t->out, 0, TEXT_INDENT);
}

static void
write_problems(struct text *t, const struct domain_figure *d)
{
	size_t i;

	for (i = 0; i < d->nproblems && i < PROBLEMS_MAX; i++) {
		if (i > 0)
			putc('\n', t->out);
		write_title(t, d, &d->problems[i]);
		write_facts(t, d, &d->problems[i]);
		write_remedy(t, d, &d->problems[i]);
	}
	if (d->nproblems > PROBLEMS_MAX)
		write_rest(t, d);
	if (d->overlap < 0 && d->nproblems > 1)
		fputs("\n           Some sessions failed in more than one way "
		      "and are counted under each.\n",
		    t->out);
}

/* ---- the verdict of a domain without problems ---- */

static void
write_verdict(struct text *t, const struct domain_figure *d)
{
	const int64_t sessions = count_add(d->successful, d->failed);
	enum text_style style = STYLE_OK;
	char count[COUNT_SIZE];
	struct paragraph p;

	wrap_open(&p);
	if (d->failed > 0) {
		style = STYLE_PROBLEM;
		put_share(p.text, d->failed, sessions);
		fputs(" failed; the reports do not say why", p.text);
	} else if (sessions == 0)
		fputs("no failures: no sessions were reported", p.text);
	else
		fprintf(p.text, "no failures in %s session%s",
		    wrap_count(count, sessions), text_plural(sessions));
	if (d->failed == 0 && d->npolicies == 1) {
		fputs("; ", p.text);
		put_policy_phrase(p.text, d->policies->policy_type,
		    d->policies->policy_type_text, d->policies->mode);
	}
	text_verdict(t, style, &p);
}

/* ---- all of it ---- */

/* Which of the usual reporters were heard, and whether more may come. */
static void
make_note(const struct domain_figure *d, char note[NOTE_SIZE])
{
	if (d->usual > 0)
		snprintf(note, NOTE_SIZE, "%s%zu of %zu usual reporter%s%s",
		    d->incomplete ? "incomplete: " : "", d->usual_present,
		    d->usual, text_plural((int64_t)d->usual),
		    d->incomplete ? " so far" : "");
	else
		snprintf(note, NOTE_SIZE, "%s",
		    d->incomplete ? TEXT_INCOMPLETE : "");
}

void
text_domain(struct text *t, const struct domain_figure *d)
{
	const int32_t days[2] = {d->start, d->end};
	char note[NOTE_SIZE];

	make_note(d, note);
	text_heading(t, d->domain, days, note);
	putc('\n', t->out);
	if (d->nproblems > 0)
		write_problems(t, d);
	else
		write_verdict(t, d);
	if (d->npolicies > 1 || d->nproblems > 1)
		text_policies(t, d);
	if (d->failed > 0 && t->view->figures->spec.by == BY_TOTAL)
		text_days(t, d);
	text_reporters(t, d);
}
