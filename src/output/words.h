/* SPDX-License-Identifier: ISC */
#ifndef TLSTALLY_OUTPUT_WORDS_H
#define TLSTALLY_OUTPUT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "digest/digest.h"
#include "digest/health.h"

/*
 * The sentences that every page for people shares, be it text, HTML, a mail
 * or a line of monitor: the same thing is said in the same words everywhere.
 *
 * A sentence begins with a small letter and ends without a full stop.  It
 * holds no line break and no markup.  What a report or the configuration says
 * goes through the caller's escaper, and so do "<" and ">" of our own; no
 * other byte of ours needs any escaping in HTML text.
 */

/* The longest domain and MX names are 253 characters (RFC 1035); whatever is
 * longer is no name, and is cut. */
#define WORDS_NAME_MAX 253

/* Words of a report that explain but name nothing to be acted on. */
#define WORDS_TEXT_MAX 160

struct words {
	FILE *out;
	void (*put)(FILE *out, const char *text); /* writes it escaped */
	const char *gap; /* a space at which no line may be broken, as it is
			    to be written; NULL: an ordinary one */
};

#define VERDICT_COUNT (VERDICT_FAILING + 1)

/* ---- small pieces ---- */

/* A name, "(unknown)" for "", cut behind WORDS_NAME_MAX bytes and then ended
 * by "..."; and the same for other words of a report. */
void words_name(const struct words *w, const char *name);
void words_text(const struct words *w, const char *text);

/* "35 552"; and with a noun, "35 552 sessions", "1 session". */
void words_number(const struct words *w, int64_t n);
void words_count(const struct words *w, int64_t n, const char *noun);

/* "1.07 %". */
void words_percent(const struct words *w, int64_t part, int64_t whole);

/* "379 of 35 552 sessions (1.07 %)". */
void words_share(const struct words *w, int64_t part, int64_t whole);

/* "Friday 2026-11-13 (UTC)", "2026-11-09 to 2026-11-15 (UTC)". */
void words_period(const struct words *w, int32_t first, int32_t last);

/* "sts, enforce"; type_text is for POLICY_OTHER. */
void words_policy(const struct words *w, enum policy_type type,
    const char *type_text, enum policy_mode mode);

/* The type of a failure, in the report's own word if need be. */
void words_result(
    const struct words *w, enum result_type result, const char *text);

/* ---- the store ---- */

/* "no successful ingest for 3 days (source m365: login refused)". */
void words_health(const struct words *w, const struct health_fault *fault);

/* What to do about it: "mend it and try again: tlstally ingest m365". */
void words_health_step(const struct words *w, const struct health_fault *fault);

/* "38 of 41 policies came in unverified reports, 2 of them failed the check";
 * entries as in struct domain_figure.  False, and nothing written, if all are
 * verified. */
bool words_unverified(
    const struct words *w, const int64_t entries[AUTHENTICITY_COUNT]);

/* ---- a domain ---- */

/* "OK", "NO REPORTS", "WARNING", "SILENT", "FAILING". */
const char *words_verdict_word(enum verdict verdict);

/* The verdict in one line, without its word and without the domain: "mail
 * waits or bounces; 1.07 % of 35 552 sessions failed". */
void words_verdict(const struct words *w, const struct domain_figure *d);

/* What to do next, in one line: "mend mx2.example.com: certificate-expired,
 * since 2026-11-12"; "nothing". */
void words_next(const struct words *w, const struct domain_figure *d);

/* The incident to begin with: one that holds mail if any does, and rather a
 * new one; NULL if none is left that is not gone. */
const struct incident *words_most_urgent(const struct domain_figure *d);

/* The verdicts of several domains: "1 failing, 2 silent, 37 ok". */
void words_tally(const struct words *w, const size_t counts[VERDICT_COUNT]);

/* The figures against the period before: "35 552 sessions after 33 120
 * (+7 %), 1.07 % failed after 0 % (2026-11-02 to 2026-11-08)".  False, and
 * nothing written, if there is nothing to compare. */
bool words_before(const struct words *w, const struct domain_figure *d);

/* How much was heard: "reports of 6 of 7 days, 4 of 5 usual reporters".  now
 * as in struct digest_spec: days to come are not counted. */
void words_coverage(
    const struct words *w, const struct domain_figure *d, int64_t now);

/* Who was not heard from: "google.com since 2026-11-10". */
void words_silence(const struct words *w, const struct silence *silence);

/* "sts, enforce is new", "mx3.example.com is no longer in the policy"; its
 * day is left to the caller. */
void words_change(const struct words *w, const struct policy_change *change);

/* All that is ignored at a domain: "40 failed sessions, by the rules old
 * scanner (38), legacy (2)".  False, and nothing written, if nothing is. */
bool words_ignored(const struct words *w, const struct domain_figure *d);

/* The two halves of it, for several domains: "40 failed sessions", and "by the
 * rules old scanner (38), legacy (2)". */
void words_count_ignored(
    const struct words *w, const struct ignored *rules, size_t n);
void words_rules(const struct words *w, const struct ignored *rules, size_t n);

/* ---- an incident ---- */

/* "NEW", "ONGOING (day 5)", "ONGOING (over 3 weeks)", "GONE".  d is the
 * incident's domain, here and below. */
void words_state(const struct words *w, const struct domain_figure *d,
    const struct incident *in);

/* "certificate-expired and tlsa-invalid on mx2.example.com". */
void words_title(const struct words *w, const struct incident *in);

/* The kind with most sessions alone: "certificate-expired". */
void words_main_kind(const struct words *w, const struct incident *in);

/* "since 2026-11-12", "on 2026-11-12", "from 2026-11-10 to 2026-11-12", "for
 * 3 weeks or longer"; of what is gone also by whom that is not confirmed. */
void words_since(const struct words *w, const struct domain_figure *d,
    const struct incident *in);

/* What it means for the mail under each policy: "policy sts, enforce: this
 * mail waited or bounced".  False, and nothing written, if that is not known:
 * of what was gone before the period. */
bool words_effect(const struct words *w, const struct incident *in);

/* "google.com, microsoft.com and 3 others". */
void words_observers(const struct words *w, const struct incident *in);

/* A kind of failure within an incident, whatever the policies were. */
struct words_kind {
	enum result_type result;
	const char *result_text;
	const char *receiving_mx;
	const char *reason_code; /* the one given most; "" */
	int64_t sessions;
};

/* As many kinds as the RFC has, and one that it has not. */
#define WORDS_KINDS_MAX (RESULT_RFC_COUNT + 1)

/* Finds the kinds of an incident, most sessions first, and returns how many;
 * *more says whether there are others. */
size_t words_kinds(const struct incident *in,
    struct words_kind kinds[WORDS_KINDS_MAX], bool *more);

/* What the reporters say of it, and what that means if it is known: "X, that
 * is: a certificate is past its last day". */
void words_reason(const struct words *w, const char *reason_code);

/* What to do about a kind, a sentence of several lines that begins with a
 * capital; it ends with the end character, such as ":" if the command is to
 * follow. */
void words_remedy(const struct words *w, enum result_type result, char end);

/* The command that looks into it, with names put in; or DOMAIN and MX-HOST
 * where a name could be more than a name once it is pasted into a shell. */
void words_command(const struct words *w, enum result_type result,
    const char *domain, const char *mx);

/* The same of a kind: where its type says nothing of the cause and the reason
 * that is given does, it is what to do about that.  words_kind_advice is the
 * text itself, to know it again by its address. */
void words_kind_remedy(
    const struct words *w, const struct words_kind *kind, char end);
const char *words_kind_advice(const struct words_kind *kind);
void words_kind_command(
    const struct words *w, const struct words_kind *kind, const char *domain);

#endif
