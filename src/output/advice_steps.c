/* SPDX-License-Identifier: ISC */

/*
 * From testing to enforce and back, step by step.  The order matters: the
 * policy is changed before the id that makes senders read it, and nothing
 * that a sender may have kept is taken away before it has forgotten it (RFC
 * 8461 3.1, 5.1 and 8.3).
 */

#include "config.h"

#include <string.h>

#include "base/date.h"
#include "output/advice_steps.h"
#include "output/escape.h"
#include "output/wrap.h"

/* Places that are named with their remedy. */
#define REMEDIES 3

/* {d} stands for the domain, {id} for a new id, {now} for today; {mend} is
 * replaced by what is to be mended. */
static const char *const look[] = {
    "Look at what is marked LOOK: try the host yourself, or ask that sender. "
    "If it is right, others will see it soon.",
    NULL};
static const char *const look_again[] = {
    "What is UNKNOWN could not be looked at from here: many networks let no "
    "connection to port 25 out. Ask where they do, or: tlstally check --probe "
    "{d}",
    NULL};
static const char *const to_enforce[] = {
    "In https://mta-sts.{d}/.well-known/mta-sts.txt change \"mode: testing\" "
    "to \"mode: enforce\". Leave max_age low for now, a day to a week (86400 "
    "to 604800), so that the way back is short.",
    "Then, and not before, give the TXT record of _mta-sts.{d} a new id: "
    "\"v=STSv1; id={id}\". It makes senders read the policy again.",
    "Watch it for two weeks: tlstally monitor {d}; tlstally advise {d}",
    "After that raise max_age to a month or more (2592000; at most "
    "31557600), and change the id again.",
    NULL};
static const char *const wait_in_testing[] = {
    "Stay in testing. Nothing failed that speaks against enforce; what is "
    "missing comes with time.",
    "If hardly any reports come, look at the record of _smtp._tls.{d}, and "
    "whether they are read: tlstally status",
    "A small domain may never get so many: the thresholds are settings of "
    "domain { } in tlstally.conf(5).",
    NULL};
static const char *const mend_in_testing[] = {
    "Stay in testing: under enforce mail that fails over a certificate or "
    "STARTTLS would wait or bounce, and a policy that cannot be had protects "
    "nothing.",
    "{mend}",
    "When it is mended, ask again and leave out what failed before: tlstally "
    "advise --fixed-on {now} {d}",
    NULL};
static const char *const stay[] = {
    "Nothing to do. If max_age in the policy is still low, raise it to a "
    "month or more (2592000; at most 31557600), and then change the id.",
    "Before mail goes to a new MX host: add it to the policy, change the id, "
    "and wait until the old max_age is over.",
    NULL};
static const char *const watch[] = {
    "Nothing failed that is reported, but that is too little to rely on: "
    "look whether reports come and are read: tlstally status",
    NULL};
static const char *const mend_in_enforce[] = {
    "Mail that fails over a certificate or STARTTLS waits or bounces now; "
    "where the policy cannot be had, mail is delivered, but not protected.",
    "{mend}", "If that takes longer than some hours, go the way back.",
    "When it is mended: tlstally advise --fixed-on {now} {d}", NULL};
static const char *const begin[] = {
    "See that reports come: the TXT record of _smtp._tls.{d}, such as "
    "\"v=TLSRPTv1; rua=mailto:tlsrpt@{d}\".",
    "Let every MX host have a certificate for its own name, from an authority "
    "that is widely trusted.",
    "Put the policy at https://mta-sts.{d}/.well-known/mta-sts.txt, one line "
    "each: \"version: STSv1\", \"mode: testing\", \"mx: HOST\" for every MX "
    "host, \"max_age: 86400\".",
    "Then publish the TXT record of _mta-sts.{d}: \"v=STSv1; id={id}\".",
    "Read reports for two weeks, and ask again: tlstally advise {d}", NULL};
static const char *const mend_policy[] = {"{mend}",
    "The policy belongs at https://mta-sts.{d}/.well-known/mta-sts.txt, its "
    "record at _mta-sts.{d}; begin with \"mode: testing\".",
    "When it is mended: tlstally advise --fixed-on {now} {d}", NULL};
static const char *const way_back[] = {
    "Change \"mode: enforce\" to \"mode: testing\" in the policy, and then "
    "the id. Senders that see the new id deliver again at once.",
    "The others keep to enforce until the max_age that they know is over. "
    "Never delete the policy, its host or its record before that: it would "
    "not end enforce, but take from senders the way to learn of its end.",
    "To give up MTA-STS: go to \"mode: none\" with a new id, wait until the "
    "longest max_age ever published is over, and only then delete the "
    "record, the policy and the host.",
    NULL};

static const char *const *const steps[][3] = {
    [STAGE_UNKNOWN] = {begin, begin, mend_policy},
    [STAGE_NONE] = {begin, begin, mend_policy},
    [STAGE_TESTING] = {to_enforce, wait_in_testing, mend_in_testing},
    [STAGE_ENFORCE] = {stay, watch, mend_in_enforce},
};

void
advice_put_place(const struct words *w, const struct obstacle *o)
{
	words_result(w, o->result, "another failure");
	if (o->receiving_mx[0] != '\0') {
		fputs(" on ", w->out);
		words_name(w, o->receiving_mx);
	}
	if (o->kinds > 1) {
		fputs(" and ", w->out);
		words_count(w, (int64_t)o->kinds - 1, "other kind");
	}
}

/* ---- steps ---- */

/* What {…} stands for. */
struct names {
	char id[TIME_SIZE];
	char today[DATE_SIZE];
	const char *domain;
};

static void
fill_names(struct names *n, const struct readiness *r, int64_t now)
{
	char time[TIME_SIZE];
	size_t i, len = 0;

	date_format_time(now, time);
	/* An id is letters and digits only (RFC 8461 3.1). */
	for (i = 0; time[i] != '\0'; i++)
		if (strchr("-:", time[i]) == NULL)
			n->id[len++] = time[i];
	n->id[len] = '\0';
	date_format_day(day_of_time(now), n->today);
	n->domain = escape_is_host_name(r->domain) ? r->domain : "DOMAIN";
}

static const char *
name_at(const struct names *n, const char *brace)
{
	if (strncmp(brace, "{d}", 3) == 0)
		return n->domain;
	if (strncmp(brace, "{id}", 4) == 0)
		return n->id;
	return strncmp(brace, "{now}", 5) == 0 ? n->today : NULL;
}

/* What stands between quotes is for copying: no line is broken there. */
static void
put_step(FILE *out, const char *step, const struct names *n)
{
	bool quoted = false;
	const char *name;

	for (; *step != '\0'; step++) {
		quoted ^= *step == '"';
		name = *step == '{' ? name_at(n, step) : NULL;
		if (name != NULL) {
			fputs(name, out);
			step = strchr(step, '}');
		} else if (quoted && *step == ' ') {
			fputs(WRAP_NBSP, out);
		} else {
			putc(*step, out);
		}
	}
}

/* One number for each thing to be mended. */
static void
write_mend(FILE *out, const struct obstacle *o, int *number)
{
	struct paragraph p;
	struct words w;

	fprintf(out, "    %d. ", *number);
	wrap_open(&p);
	w = (struct words){.out = p.text, .put = escape_text, .gap = WRAP_NBSP};
	fputs("Mend ", p.text);
	advice_put_place(&w, o);
	fputs(": ", p.text);
	words_remedy(&w, o->result, '.');
	wrap_close(&p, out, 7, 7);
	++*number;
}

static bool
has_state(const struct readiness *r, enum rule_kind kind, enum rule_state state)
{
	size_t i;

	for (i = 0; i < r->nrules; i++)
		if (r->rules[i].kind == kind)
			return r->rules[i].state == state;
	return false;
}

/* The same for what was seen to be wrong. */
static void
write_live_mend(FILE *out, const struct live_rule *rule, int *number)
{
	struct paragraph p;

	fprintf(out, "    %d. ", *number);
	wrap_open(&p);
	fputs("Mend what is wrong now: ", p.text);
	escape_text(p.text, rule->fix != NULL ? rule->fix : rule->evidence);
	putc('.', p.text);
	wrap_close(&p, out, 7, 7);
	++*number;
}

static bool
has_live(const struct readiness *r, enum rule_state state)
{
	size_t i;

	for (i = 0; i < r->nlive; i++)
		if (r->live[i].state == state)
			return true;
	return false;
}

/* What several saw; what one alone saw is to be looked at. */
static void
write_mends(FILE *out, const struct readiness *r, int *number)
{
	size_t i;

	for (i = 0; i < r->nobstacles && i < REMEDIES; i++)
		if (r->obstacles[i].reporters > 1)
			write_mend(out, &r->obstacles[i], number);
	if (has_state(r, RULE_VALIDATION, RULE_BROKEN))
		write_mend(out, &r->other, number);
	for (i = 0; i < r->nlive; i++)
		if (r->live[i].state == RULE_BROKEN)
			write_live_mend(out, &r->live[i], number);
}

static void
write_list(FILE *out, const char *const *list, const struct readiness *r,
    const struct names *names, int number)
{
	struct paragraph p;

	for (; *list != NULL; list++) {
		if (strcmp(*list, "{mend}") == 0) {
			write_mends(out, r, &number);
			continue;
		}
		fprintf(out, "    %d. ", number++);
		wrap_open(&p);
		put_step(p.text, *list, names);
		wrap_close(&p, out, 7, 7);
	}
}

void
advice_write_steps(FILE *out, const struct readiness *r, int64_t now)
{
	struct names names;
	int first = 1;

	fill_names(&names, r, now);
	fputs("\n  Next\n", out);
	if (has_state(r, RULE_FAILURES, RULE_ASK) ||
	    has_state(r, RULE_VALIDATION, RULE_ASK))
		write_list(out, look, r, &names, first++);
	if (has_live(r, RULE_UNKNOWN))
		write_list(out, look_again, r, &names, first++);
	write_list(out, steps[r->stage][r->verdict], r, &names, first);
	if (r->stage <= STAGE_NONE)
		return;
	fputs("\n  The way back from enforce\n", out);
	write_list(out, way_back, r, &names, 1);
}
