/* SPDX-License-Identifier: ISC */

/*
 * The small pieces that sentences are made of, and what is said of the store.
 */

#include "config.h"

#include <string.h>

#include "base/date.h"
#include "output/escape.h"
#include "output/words.h"
#include "output/wrap.h"

/* Writes text, "(unknown)" for "", and cuts it between two characters if it
 * is over max bytes. */
static void
put_cut(const struct words *w, const char *text, size_t max)
{
	char part[WORDS_NAME_MAX + 1];

	if (text[0] == '\0') {
		fputs("(unknown)", w->out);
		return;
	}
	if (strlen(text) <= max) {
		w->put(w->out, text);
		return;
	}
	while (max > 0 && ((unsigned char)text[max] & 0xc0) == 0x80)
		max--;
	snprintf(part, sizeof(part), "%.*s", (int)max, text);
	w->put(w->out, part);
	fputs("...", w->out);
}

void
words_name(const struct words *w, const char *name)
{
	put_cut(w, name, WORDS_NAME_MAX);
}

void
words_text(const struct words *w, const char *text)
{
	put_cut(w, text, WORDS_TEXT_MAX);
}

/* ---- numbers ---- */

/* Writes what wrap.h made, which may hold "<" and ">". */
static void
put_figure(const struct words *w, const char *figure)
{
	char one[2] = "";

	for (; *figure != '\0'; figure++) {
		one[0] = *figure;
		if (*figure == WRAP_NBSP[0])
			fputs(w->gap != NULL ? w->gap : " ", w->out);
		else if (*figure == '<' || *figure == '>')
			w->put(w->out, one);
		else
			putc(*figure, w->out);
	}
}

void
words_number(const struct words *w, int64_t n)
{
	char buf[COUNT_SIZE];

	put_figure(w, wrap_count(buf, n));
}

void
words_count(const struct words *w, int64_t n, const char *noun)
{
	words_number(w, n);
	fprintf(w->out, " %s%s", noun, n == 1 ? "" : "s");
}

void
words_percent(const struct words *w, int64_t part, int64_t whole)
{
	char buf[PERCENT_SIZE];

	put_figure(w, wrap_percent(buf, part, whole));
}

/* Details may exceed the sessions that a report sums up: then there is no
 * share. */
void
words_share(const struct words *w, int64_t part, int64_t whole)
{
	if (part > whole) {
		words_count(w, part, "failure");
		fputs(" in ", w->out);
		words_count(w, whole, "session");
		return;
	}
	words_number(w, part);
	fputs(" of ", w->out);
	words_count(w, whole, "session");
	fputs(" (", w->out);
	words_percent(w, part, whole);
	putc(')', w->out);
}

/* ---- words of reports ---- */

void
words_period(const struct words *w, int32_t first, int32_t last)
{
	char a[DATE_SIZE], b[DATE_SIZE];

	date_format_day(first, a);
	date_format_day(last, b);
	if (first == last)
		fprintf(w->out, "%s %s (UTC)", date_weekday_name(first), a);
	else
		fprintf(w->out, "%s to %s (UTC)", a, b);
}

void
words_policy(const struct words *w, enum policy_type type,
    const char *type_text, enum policy_mode mode)
{
	if (type == POLICY_OTHER)
		words_text(w, type_text);
	else
		fputs(policy_type_name(type), w->out);
	if (mode != MODE_UNKNOWN)
		fprintf(w->out, ", %s", policy_mode_name(mode));
}

void
words_result(const struct words *w, enum result_type result, const char *text)
{
	if (result == RESULT_OTHER)
		words_text(w, text);
	else
		fputs(result_type_name(result), w->out);
}

/* ---- the store ---- */

static void
put_days(const struct words *w, int64_t days)
{
	fputs(" for ", w->out);
	words_count(w, days, "day");
}

static void
put_fault(const struct words *w, const struct health_fault *fault)
{
	switch (fault->kind) {
	case HEALTH_FAILING:
		if (fault->last_success == TIME_NONE)
			fputs("not one successful ingest so far", w->out);
		else if (fault->days == 0)
			fputs("the last ingest failed", w->out);
		else {
			fputs("no successful ingest", w->out);
			put_days(w, fault->days);
		}
		break;
	case HEALTH_NEVER:
		fputs("no ingest so far", w->out);
		break;
	case HEALTH_STALE:
	case HEALTH_ALL_STALE:
		fputs("no ingest", w->out);
		put_days(w, fault->days);
		break;
	}
}

void
words_health(const struct words *w, const struct health_fault *fault)
{
	const bool of_source = fault->source[0] != '\0';

	put_fault(w, fault);
	if (!of_source && fault->error[0] == '\0')
		return;
	fputs(of_source ? " (source " : " (", w->out);
	if (of_source)
		words_name(w, fault->source);
	if (of_source && fault->error[0] != '\0')
		fputs(": ", w->out);
	if (fault->error[0] != '\0')
		words_text(w, fault->error);
	putc(')', w->out);
}

void
words_health_step(const struct words *w, const struct health_fault *fault)
{
	const char *gap = w->gap != NULL ? w->gap : " ";

	fputs(fault->kind == HEALTH_FAILING
		? "until it is mended no report arrives; try again: "
		: "see whether cron or a timer still runs it, or run it: ",
	    w->out);
	fprintf(w->out, "tlstally%singest", gap);
	if (fault->source[0] == '\0')
		return;
	fputs(gap, w->out);
	w->put(w->out,
	    escape_is_host_name(fault->source) ? fault->source : "SOURCE");
}

bool
words_unverified(
    const struct words *w, const int64_t entries[AUTHENTICITY_COUNT])
{
	int64_t all = 0;
	size_t i;

	for (i = 0; i < AUTHENTICITY_COUNT; i++)
		all = count_add(all, entries[i]);
	if (all == entries[AUTH_VERIFIED])
		return false;
	words_number(w, all - entries[AUTH_VERIFIED]);
	fputs(" of ", w->out);
	words_number(w, all);
	fprintf(w->out, " %s came in unverified reports",
	    all == 1 ? "policy" : "policies");
	if (entries[AUTH_FAILED] > 0) {
		fputs(", ", w->out);
		words_number(w, entries[AUTH_FAILED]);
		fputs(" of them failed the check", w->out);
	}
	return true;
}
