/* SPDX-License-Identifier: ISC */

/*
 * What is said of an incident: what is broken, since when, what it does to
 * the mail, who saw it, and how to mend it.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "digest/explain.h"
#include "digest/reason.h"
#include "output/escape.h"
#include "output/words.h"

/* Kinds, policies and reporters that are named one by one. */
#define KINDS_NAMED	3
#define POLICIES_NAMED	3
#define REPORTERS_NAMED 2

/* A problem that has lasted so long may be older than the look-back shows. */
#define LONG_DAYS (DIGEST_LOOKBACK_DAYS - DIGEST_GAP_DAYS)

static bool
is_long(const struct domain_figure *d, const struct incident *in)
{
	return in->since <= d->start - LONG_DAYS;
}

void
words_state(const struct words *w, const struct domain_figure *d,
    const struct incident *in)
{
	if (in->state == INCIDENT_NEW)
		fputs("NEW", w->out);
	else if (in->state == INCIDENT_GONE)
		fputs("GONE", w->out);
	else if (is_long(d, in))
		fputs("ONGOING (over 3 weeks)", w->out);
	else
		fprintf(w->out, "ONGOING (day %d)",
		    (int)(in->last_day - in->since + 1));
}

void
words_since(const struct words *w, const struct domain_figure *d,
    const struct incident *in)
{
	char since[DATE_SIZE], last[DATE_SIZE];

	date_format_day(in->since, since);
	date_format_day(in->last_day, last);
	if (in->state != INCIDENT_GONE && is_long(d, in))
		fputs("for 3 weeks or longer", w->out);
	else if (in->state != INCIDENT_GONE)
		fprintf(w->out, "since %s", since);
	else if (in->since == in->last_day)
		fprintf(w->out, "on %s", last);
	else
		fprintf(w->out, "from %s to %s", since, last);
	if (in->unheard)
		fputs("; who saw it last was not heard since", w->out);
}

/* ---- kinds ---- */

static int
compare_kinds(const void *a, const void *b)
{
	const struct words_kind *x = a, *y = b;

	if (x->sessions != y->sessions)
		return x->sessions < y->sessions ? 1 : -1;
	if (x->result != y->result)
		return x->result < y->result ? -1 : 1;
	return strcmp(x->result_text, y->result_text);
}

static bool
is_of_kind(const struct problem *p, const struct words_kind *kind)
{
	return p->result == kind->result &&
	    strcmp(p->result_text, kind->result_text) == 0;
}

size_t
words_kinds(const struct incident *in, struct words_kind kinds[WORDS_KINDS_MAX],
    bool *more)
{
	const struct problem *p = in->problems;
	size_t i, k, n = 0;

	*more = false;
	for (i = 0; i < in->nproblems; i++, p++) {
		for (k = 0; k < n && !is_of_kind(p, &kinds[k]); k++)
			;
		if (k == WORDS_KINDS_MAX) {
			*more = true;
			continue;
		}
		if (k == n)
			kinds[n++] = (struct words_kind){.result = p->result,
			    .result_text = p->result_text,
			    .receiving_mx = p->receiving_mx,
			    .reason_code = ""};
		kinds[k].sessions = count_add(kinds[k].sessions, p->sessions);
		if (kinds[k].reason_code[0] == '\0')
			kinds[k].reason_code = p->reason_code;
	}
	if (n > 1)
		qsort(kinds, n, sizeof(*kinds), compare_kinds);
	return n;
}

void
words_title(const struct words *w, const struct incident *in)
{
	struct words_kind kinds[WORDS_KINDS_MAX];
	bool more;
	size_t i, n = words_kinds(in, kinds, &more);
	const bool all = n <= KINDS_NAMED && !more;
	const size_t named = n < KINDS_NAMED ? n : KINDS_NAMED;

	for (i = 0; i < named; i++) {
		if (i > 0)
			fputs(all && i + 1 == n ? " and " : ", ", w->out);
		words_result(w, kinds[i].result, kinds[i].result_text);
	}
	if (!all)
		fputs(" and others", w->out);
	if (in->receiving_mx[0] == '\0')
		return;
	fputs(" on ", w->out);
	words_name(w, in->receiving_mx);
}

void
words_main_kind(const struct words *w, const struct incident *in)
{
	struct words_kind kinds[WORDS_KINDS_MAX];
	bool more;

	if (words_kinds(in, kinds, &more) > 0)
		words_result(w, kinds[0].result, kinds[0].result_text);
}

/* ---- what it does to the mail ---- */

static const char *
effect_of(const struct problem *p)
{
	return explain_effect(p->result, p->policy_type, p->mode);
}

static bool
is_same_effect(const struct problem *a, const struct problem *b)
{
	return a->policy_type == b->policy_type && a->mode == b->mode &&
	    strcmp(a->policy_type_text, b->policy_type_text) == 0 &&
	    strcmp(effect_of(a), effect_of(b)) == 0;
}

static void
put_policy(const struct words *w, const struct problem *p)
{
	if (p->policy_type != POLICY_NONE)
		fputs("policy ", w->out);
	words_policy(w, p->policy_type, p->policy_type_text, p->mode);
}

/* Says of the first of told, and with it of all others that it does the same
 * to, what it does to the mail.  Returns how many are left, which are moved to
 * the front. */
static size_t
put_effect(const struct words *w, const struct problem **told, size_t n)
{
	const char *effect = effect_of(told[0]);
	size_t i, left = 0;

	put_policy(w, told[0]);
	for (i = 1; i < n; i++) {
		if (strcmp(effect_of(told[i]), effect) != 0) {
			told[left++] = told[i];
			continue;
		}
		fputs(" and ", w->out);
		put_policy(w, told[i]);
	}
	fprintf(w->out, ": %s", effect);
	return left;
}

/* Adds problems whose effect is not told yet, those that hold mail or those
 * that do not.  False if there is one too many. */
static bool
find_effects(const struct incident *in, bool holds,
    const struct problem *told[POLICIES_NAMED], size_t *n)
{
	const struct problem *p = in->problems;
	size_t i, k;

	for (i = 0; i < in->nproblems; i++, p++) {
		if (explain_holds_mail(p->result, p->policy_type, p->mode) !=
		    holds)
			continue;
		for (k = 0; k < *n && !is_same_effect(told[k], p); k++)
			;
		if (k == POLICIES_NAMED)
			return false;
		if (k == *n)
			told[(*n)++] = p;
	}
	return true;
}

bool
words_effect(const struct words *w, const struct incident *in)
{
	const struct problem *told[POLICIES_NAMED];
	const char *sep = "";
	size_t n = 0;
	bool all;

	if (in->sessions == 0)
		return false;
	all = find_effects(in, true, told, &n) &&
	    find_effects(in, false, told, &n);
	for (; n > 0; sep = "; ") {
		fputs(sep, w->out);
		n = put_effect(w, told, n);
	}
	if (!all)
		fputs("; and other policies", w->out);
	return true;
}

void
words_observers(const struct words *w, const struct incident *in)
{
	const size_t n = in->nreporters;
	const size_t named = n < REPORTERS_NAMED ? n : REPORTERS_NAMED;
	size_t i;

	if (n == 0) {
		words_name(w, in->problems->reporter);
		return;
	}
	for (i = 0; i < named; i++) {
		if (i > 0)
			fputs(i + 1 == n ? " and " : ", ", w->out);
		words_name(w, in->reporters[i].reporter);
	}
	if (n > named) {
		fputs(" and ", w->out);
		words_count(w, (int64_t)(n - named), "other");
	}
}

/* ---- how to mend it ---- */

void
words_reason(const struct words *w, const char *reason_code)
{
	const struct reason *reason = reason_find(reason_code);

	words_text(w, reason_code);
	if (reason != NULL)
		fprintf(w->out, ", that is: %s", reason->cause);
}

/* The reason to act on, of a type that is no cause: NULL if the type tells
 * more. */
static const struct reason *
telling_reason(const struct words_kind *kind)
{
	const struct reason *reason = reason_find(kind->reason_code);

	if (kind->result != RESULT_VALIDATION_FAILURE &&
	    kind->result != RESULT_UNSPECIFIED && kind->result != RESULT_OTHER)
		return NULL;
	return reason != NULL && !reason->vague ? reason : NULL;
}

/* Writes a sentence with another end. */
static void
put_remedy(const struct words *w, const char *remedy, char end)
{
	fprintf(w->out, "%.*s%c", (int)strlen(remedy) - 1, remedy, end);
}

/* Fills names into a command. */
static void
put_command(const struct words *w, const char *command, const char *domain,
    const char *mx)
{
	const char *brace;

	if (!escape_is_host_name(domain))
		domain = "DOMAIN";
	if (!escape_is_host_name(mx))
		mx = "MX-HOST";
	while ((brace = strchr(command, '{')) != NULL) {
		fwrite(command, 1, (size_t)(brace - command), w->out);
		w->put(w->out, strncmp(brace, "{mx}", 4) == 0 ? mx : domain);
		command = strchr(brace, '}') + 1;
	}
	fputs(command, w->out);
}

void
words_remedy(const struct words *w, enum result_type result, char end)
{
	put_remedy(w, explain(result)->remedy, end);
}

void
words_command(const struct words *w, enum result_type result,
    const char *domain, const char *mx)
{
	put_command(w, explain(result)->command, domain, mx);
}

const char *
words_kind_advice(const struct words_kind *kind)
{
	const struct reason *reason = telling_reason(kind);

	return reason != NULL ? reason->remedy : explain(kind->result)->remedy;
}

void
words_kind_remedy(
    const struct words *w, const struct words_kind *kind, char end)
{
	put_remedy(w, words_kind_advice(kind), end);
}

void
words_kind_command(
    const struct words *w, const struct words_kind *kind, const char *domain)
{
	const struct reason *reason = telling_reason(kind);

	if (reason != NULL)
		put_command(w, reason_command(reason, kind->result), domain,
		    kind->receiving_mx);
	else
		words_command(w, kind->result, domain, kind->receiving_mx);
}
