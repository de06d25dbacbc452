/* SPDX-License-Identifier: ISC */

/*
 * What is broken at a domain, one entry for each host: first what is new,
 * then what goes on, then what is gone.  A remedy is given once on a page,
 * and later referred to.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "output/escape.h"
#include "output/text.h"

/* Incidents of one state that are shown of one domain; more are counted, so
 * that a flood of one state does not hide another. */
#define INCIDENTS_MAX 10

/* Where the commands begin. */
#define COMMAND_INDENT (TEXT_INDENT + 2)

static void
write_title(
    struct text *t, const struct domain_figure *d, const struct incident *in)
{
	static const enum text_style styles[INCIDENT_STATES] = {
	    [INCIDENT_NEW] = STYLE_PROBLEM,
	    [INCIDENT_ONGOING] = STYLE_WARNING,
	    [INCIDENT_GONE] = STYLE_OK,
	};
	enum text_style style = styles[in->state];
	struct paragraph p;
	struct words w;
	size_t columns;
	char *state;

	if (in->state == INCIDENT_ONGOING && in->holds_mail)
		style = STYLE_PROBLEM;
	wrap_open(&p);
	w = text_words(&p);
	w.gap = NULL;
	words_state(&w, d, in);
	state = wrap_take(&p);
	columns = wrap_columns(state) + 4;
	wrap_spaces(t->out, 2);
	text_begin(t, style);
	fputs(state, t->out);
	text_end(t);
	free(state);
	wrap_spaces(
	    t->out, columns < TEXT_INDENT ? TEXT_INDENT - columns + 2 : 2);
	wrap_open(&p);
	w = text_words(&p);
	words_title(&w, in);
	fputs(", ", p.text);
	words_since(&w, d, in);
	wrap_close(&p, t->out, columns < TEXT_INDENT ? TEXT_INDENT : columns,
	    TEXT_INDENT);
}

static void
write_facts(
    struct text *t, const struct domain_figure *d, const struct incident *in)
{
	struct paragraph p;
	struct words w;

	wrap_open(&p);
	w = text_words(&p);
	if (in->sessions > 0) {
		words_share(
		    &w, in->sessions, count_add(d->successful, d->failed));
		fputs("; ", p.text);
	}
	if (words_effect(&w, in))
		fputs("; ", p.text);
	fputs("seen by ", p.text);
	words_observers(&w, in);
	wrap_close(&p, t->out, 0, TEXT_INDENT);
}

/* Of several kinds, which one it is; and what the reporters say of it. */
static void
write_kind(struct text *t, const struct words_kind *kind, bool is_named)
{
	struct paragraph p;
	struct words w;

	if (!is_named && kind->reason_code[0] == '\0')
		return;
	wrap_open(&p);
	w = text_words(&p);
	if (is_named) {
		fputs("- ", p.text);
		words_result(&w, kind->result, kind->result_text);
		fputs(", ", p.text);
		words_count(&w, kind->sessions, "session");
	}
	if (kind->reason_code[0] != '\0') {
		fputs(is_named ? "; reason given: " : "Reason given: ", p.text);
		words_reason(&w, kind->reason_code);
	}
	wrap_close(&p, t->out, 0, TEXT_INDENT);
}

static void
write_command(struct text *t, const struct domain_figure *d,
    const struct words_kind *kind)
{
	struct paragraph p;
	struct words w;
	char *command;

	wrap_open(&p);
	w = text_words(&p);
	words_kind_command(&w, kind, d->domain);
	command = wrap_take(&p);
	wrap_command(t->out, COMMAND_INDENT, command);
	free(command);
}

/* What to do about it, as far as the page has not said so already. */
static void
write_remedy(struct text *t, const struct domain_figure *d,
    const struct words_kind *kind)
{
	const size_t i = (size_t)kind->result <= RESULT_RFC_COUNT
	    ? (size_t)kind->result
	    : RESULT_RFC_COUNT + 1;
	const char *advice = words_kind_advice(kind);
	struct text_told *told = &t->told[i];
	struct paragraph p;
	struct words w;

	if (told->advice == advice && told->domain == d->domain &&
	    told->mx == kind->receiving_mx)
		return;
	wrap_open(&p);
	w = text_words(&p);
	if (told->advice != advice) {
		told->source = d->domain;
		words_kind_remedy(&w, kind, ':');
	} else if (told->source == d->domain)
		fputs("What to do: as above:", p.text);
	else {
		fputs("What to do: as for ", p.text);
		words_name(&w, told->source);
		fputs(" above:", p.text);
	}
	wrap_close(&p, t->out, 0, TEXT_INDENT);
	write_command(t, d, kind);
	told->advice = advice;
	told->domain = d->domain;
	told->mx = kind->receiving_mx;
}

/* What is gone needs no remedy. */
static void
write_kinds(
    struct text *t, const struct domain_figure *d, const struct incident *in)
{
	struct words_kind kinds[WORDS_KINDS_MAX];
	bool more;
	const size_t n = words_kinds(in, kinds, &more);
	size_t i;

	for (i = 0; i < n; i++) {
		if (in->sessions > 0)
			write_kind(t, &kinds[i], n > 1 || more);
		if (in->state != INCIDENT_GONE)
			write_remedy(t, d, &kinds[i]);
	}
	if (more) {
		wrap_spaces(t->out, TEXT_INDENT);
		fputs("- and other kinds\n", t->out);
	}
}

/* Where all failures of the domain in the period are found. */
static void
write_failures_command(struct text *t, const struct domain_figure *d)
{
	char first[DATE_SIZE], last[DATE_SIZE];
	struct paragraph p;
	char *command;

	date_format_day(d->start, first);
	date_format_day(d->end, last);
	wrap_open(&p);
	fprintf(p.text,
	    "tlstally digest --since %s --until %s --domain %s "
	    "--rows failures --format csv",
	    first, last, escape_is_host_name(d->domain) ? d->domain : "DOMAIN");
	command = wrap_take(&p);
	wrap_command(t->out, COMMAND_INDENT, command);
	free(command);
}

/* Counts those of one state that are not shown. */
static void
write_rest(struct text *t, const struct domain_figure *d,
    const struct incident *rest, size_t n)
{
	static const char *const words[INCIDENT_STATES][2] = {
	    [INCIDENT_NEW] = {" more that are new", " more that is new"},
	    [INCIDENT_ONGOING] = {" more that go on", " more that goes on"},
	    [INCIDENT_GONE] = {" more that are gone", " more that is gone"},
	};
	int64_t sessions = 0;
	struct paragraph p;
	struct words w;
	size_t i;

	for (i = 0; i < n; i++)
		sessions = count_add(sessions, rest[i].sessions);
	wrap_open(&p);
	w = text_words(&p);
	words_number(&w, (int64_t)n);
	fputs(words[rest->state][n == 1], p.text);
	if (sessions > 0) {
		fputs(", with ", p.text);
		words_count(&w, sessions, "session");
	}
	putc(':', p.text);
	putc('\n', t->out);
	wrap_close(&p, t->out, 0, TEXT_INDENT);
	write_failures_command(t, d);
}

void
text_incidents(struct text *t, const struct domain_figure *d)
{
	const struct incident *in = d->incidents;
	size_t i, k, n;

	for (i = 0; i < d->nincidents; i += n) {
		for (n = 1;
		     i + n < d->nincidents && in[i + n].state == in[i].state;
		     n++)
			;
		for (k = i; k < i + n && k < i + INCIDENTS_MAX; k++) {
			putc('\n', t->out);
			write_title(t, d, &in[k]);
			write_facts(t, d, &in[k]);
			write_kinds(t, d, &in[k]);
		}
		if (n > INCIDENTS_MAX)
			write_rest(
			    t, d, &in[i + INCIDENTS_MAX], n - INCIDENTS_MAX);
	}
	if (d->overlap < 0 && d->nproblems > 1)
		fputs("\n         Some sessions failed in more than one way "
		      "and are counted under each.\n",
		    t->out);
}
