/* SPDX-License-Identifier: ISC */

/*
 * The sentences that all pages share, and that nothing gets past the
 * caller's escaper.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "output/words.h"
#include "support.h"

/* Friday, 2026-11-20. */
#define FRIDAY 20777

/* A sentence that is being written; marked is what went through the escaper,
 * set in brackets. */
struct sentence {
	char *text;
	size_t size;
	struct words w;
};

static void
put_marked(FILE *out, const char *text)
{
	fprintf(out, "[%s]", text);
}

static struct sentence *
begin(struct sentence *s)
{
	*s = (struct sentence){.w = {.put = put_marked, .gap = "_"}};
	s->w.out = open_memstream(&s->text, &s->size);
	cr_assert_not_null(s->w.out);
	return s;
}

static void
expect(struct sentence *s, const char *want)
{
	fclose(s->w.out);
	cr_assert_str_eq(s->text, want);
	free(s->text);
}

Test(words, a_fault_of_the_store_is_told_with_its_source)
{
	static const struct {
		enum health_kind kind;
		int64_t last;
		int64_t days;
		const char *source;
		const char *error;
		const char *want;
		const char *step;
	} rows[] = {
	    {HEALTH_FAILING, 1, 3, "m365", "login refused",
		"no successful ingest for 3 days (source [m365]: [login "
		"refused])",
		"until it is mended no report arrives; try again: "
		"tlstally_ingest_[m365]"},
	    {HEALTH_FAILING, 1, 1, "m365", "x",
		"no successful ingest for 1 day (source [m365]: [x])", NULL},
	    {HEALTH_FAILING, 1, 0, "m365", "x",
		"the last ingest failed (source [m365]: [x])", NULL},
	    {HEALTH_FAILING, TIME_NONE, 0, "a b;reboot", "x",
		"not one successful ingest so far (source [a b;reboot]: [x])",
		"until it is mended no report arrives; try again: "
		"tlstally_ingest_[SOURCE]"},
	    {HEALTH_STALE, 1, 12, "m365", "",
		"no ingest for 12 days (source [m365])", NULL},
	    {HEALTH_NEVER, TIME_NONE, 0, "m365", "",
		"no ingest so far (source [m365])", NULL},
	    {HEALTH_ALL_STALE, 1, 3, "", "", "no ingest for 3 days",
		"see whether cron or a timer still runs it, or run it: "
		"tlstally_ingest"},
	    {HEALTH_ALL_STALE, 1, 3, "", "x", "no ingest for 3 days ([x])",
		NULL},
	};
	struct sentence s;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct health_fault f = {.kind = rows[i].kind,
		    .source = rows[i].source,
		    .error = rows[i].error,
		    .last_success = rows[i].last,
		    .days = rows[i].days};

		words_health(&begin(&s)->w, &f);
		expect(&s, rows[i].want);
		if (rows[i].step == NULL)
			continue;
		words_health_step(&begin(&s)->w, &f);
		expect(&s, rows[i].step);
	}
}

Test(words, numbers_have_gaps_and_signs_are_escaped)
{
	struct sentence s;

	words_share(&begin(&s)->w, 1, 1000000);
	expect(&s, "1 of 1_000_000 sessions ([<]_0.01_%)");
	words_share(&begin(&s)->w, 2, 1);
	expect(&s, "2 failures in 1 session");
	begin(&s)->w.gap = NULL;
	words_count(&s.w, 12345, "day");
	expect(&s, "12 345 days");
	words_percent(&begin(&s)->w, 99999, 100000);
	expect(&s, "[>]_99.9_%");
}

Test(words, names_are_cut_between_characters)
{
	char *name = support_repeat('x', 252);
	char longer[300], want[300];
	struct sentence s;

	snprintf(longer, sizeof(longer), "%s\xc3\xa9", name);
	snprintf(want, sizeof(want), "[%s]...", name);
	words_name(&begin(&s)->w, longer);
	expect(&s, want);
	snprintf(longer, sizeof(longer), "%sx", name);
	snprintf(want, sizeof(want), "[%sx]", name);
	words_name(&begin(&s)->w, longer);
	expect(&s, want);
	words_name(&begin(&s)->w, "");
	expect(&s, "(unknown)");
	free(name);
}

Test(words, texts_are_cut_behind_160_bytes)
{
	char *text = support_repeat('x', 161), want[200];
	struct sentence s;

	words_text(&begin(&s)->w, text + 1);
	snprintf(want, sizeof(want), "[%s]", text + 1);
	expect(&s, want);
	words_text(&begin(&s)->w, text);
	strcat(want, "...");
	expect(&s, want);
	free(text);
}

/* ---- incidents ---- */

/* A problem of a kind, under MTA-STS enforce. */
static struct problem
problem(enum result_type result, const char *text, int64_t sessions)
{
	return (struct problem){.result = result,
	    .result_text = text,
	    .receiving_mx = "mx.example.com",
	    .policy_type = POLICY_STS,
	    .policy_type_text = "",
	    .mode = MODE_ENFORCE,
	    .sessions = sessions,
	    .reporter = "google.com",
	    .reason_code = ""};
}

Test(words, states_tell_the_day_that_it_is)
{
	const struct domain_figure d = {.start = FRIDAY, .end = FRIDAY};
	struct incident in = {.last_day = FRIDAY};
	struct sentence s;

	in.since = FRIDAY;
	words_state(&begin(&s)->w, &d, &in);
	expect(&s, "NEW");
	in.state = INCIDENT_ONGOING;
	in.since = FRIDAY - 4;
	words_state(&begin(&s)->w, &d, &in);
	expect(&s, "ONGOING (day 5)");
	in.since = FRIDAY - 20;
	words_state(&begin(&s)->w, &d, &in);
	expect(&s, "ONGOING (day 21)");
	in.since = FRIDAY - 21;
	words_state(&begin(&s)->w, &d, &in);
	expect(&s, "ONGOING (over 3 weeks)");
	words_since(&begin(&s)->w, &d, &in);
	expect(&s, "for 3 weeks or longer");
	in.state = INCIDENT_GONE;
	words_state(&begin(&s)->w, &d, &in);
	expect(&s, "GONE");
	words_since(&begin(&s)->w, &d, &in);
	expect(&s, "from 2026-10-30 to 2026-11-20");
	in.since = in.last_day;
	in.unheard = true;
	words_since(&begin(&s)->w, &d, &in);
	expect(&s, "on 2026-11-20; who saw it last was not heard since");
}

Test(words, kinds_are_one_whatever_the_policy_was)
{
	struct problem list[] = {
	    problem(RESULT_TLSA_INVALID, "", 9),
	    problem(RESULT_CERTIFICATE_EXPIRED, "", 8),
	    problem(RESULT_CERTIFICATE_EXPIRED, "", 7),
	    problem(RESULT_OTHER, "a", 2),
	    problem(RESULT_OTHER, "b", 1),
	};
	struct incident in = {.problems = list,
	    .nproblems = 3,
	    .sessions = 1,
	    .receiving_mx = "mx.example.com"};
	struct words_kind kinds[WORDS_KINDS_MAX];
	struct sentence s;
	bool more;

	list[2].mode = MODE_TESTING;
	list[2].reason_code = "why";
	cr_assert_eq(words_kinds(&in, kinds, &more), 2);
	cr_assert_not(more);
	cr_assert_eq(kinds[0].result, RESULT_CERTIFICATE_EXPIRED);
	cr_assert_eq(kinds[0].sessions, 15);
	cr_assert_str_eq(kinds[0].reason_code, "why");
	words_title(&begin(&s)->w, &in);
	expect(&s, "certificate-expired and tlsa-invalid on [mx.example.com]");
	words_effect(&begin(&s)->w, &in);
	expect(&s,
	    "policy sts, enforce: this mail waited or bounced; policy sts, "
	    "testing: delivered, but enforce would have held it back");
	in.nproblems = 5;
	words_title(&begin(&s)->w, &in);
	expect(&s,
	    "certificate-expired, tlsa-invalid, [a] and others on "
	    "[mx.example.com]");
}

Test(words, any_number_of_kinds_and_policies_ends)
{
	struct problem list[64];
	char names[64][8];
	struct incident in = {.problems = list,
	    .nproblems = 64,
	    .sessions = 64,
	    .receiving_mx = ""};
	struct words_kind kinds[WORDS_KINDS_MAX];
	struct sentence s;
	bool more;
	size_t i;

	for (i = 0; i < 64; i++) {
		snprintf(names[i], sizeof(names[i]), "k%zu", i);
		list[i] = problem(RESULT_OTHER, names[i], 1);
		list[i].policy_type = POLICY_OTHER;
		list[i].policy_type_text = names[i];
		list[i].mode = MODE_UNKNOWN;
	}
	cr_assert_eq(words_kinds(&in, kinds, &more), WORDS_KINDS_MAX);
	cr_assert(more);
	words_effect(&begin(&s)->w, &in);
	expect(&s,
	    "policy [k0] and policy [k1] and policy [k2]: what became of this "
	    "mail is not known; and other policies");
}

Test(words, what_holds_mail_is_told_first)
{
	struct problem list[] = {
	    problem(RESULT_CERTIFICATE_EXPIRED, "", 9),
	    problem(RESULT_CERTIFICATE_EXPIRED, "", 1),
	};
	const struct incident in = {
	    .problems = list, .nproblems = 2, .sessions = 10};
	struct sentence s;

	list[0].mode = MODE_TESTING;
	words_effect(&begin(&s)->w, &in);
	expect(&s,
	    "policy sts, enforce: this mail waited or bounced; policy sts, "
	    "testing: delivered, but enforce would have held it back");
}

Test(words, two_observers_are_named)
{
	const struct share who[] = {
	    {.reporter = "a"}, {.reporter = "b"}, {.reporter = "c"}};
	struct problem p = problem(RESULT_TLSA_INVALID, "", 0);
	struct incident in = {.problems = &p, .reporters = who};
	static const char *const want[] = {
	    "[google.com]", "[a]", "[a] and [b]", "[a], [b] and 1 other"};
	struct sentence s;

	for (in.nreporters = 0; in.nreporters < 4; in.nreporters++) {
		words_observers(&begin(&s)->w, &in);
		expect(&s, want[in.nreporters]);
	}
}

Test(words, a_command_has_names_only)
{
	struct sentence s;

	words_command(
	    &begin(&s)->w, RESULT_TLSA_INVALID, "example.com", "mx.example");
	expect(&s, "dig +dnssec _25._tcp.[mx.example] TLSA");
	words_command(&begin(&s)->w, RESULT_TLSA_INVALID, "a", "$(reboot)");
	expect(&s, "dig +dnssec _25._tcp.[MX-HOST] TLSA");
	words_command(
	    &begin(&s)->w, RESULT_STS_POLICY_INVALID, "-o", "mx.example");
	expect(&s, "curl -i https://mta-sts.[DOMAIN]/.well-known/mta-sts.txt");
}

Test(words, a_reason_that_is_known_is_explained)
{
	struct sentence s;

	words_reason(&begin(&s)->w, "no shared cipher");
	expect(&s,
	    "[no shared cipher], that is: MX and sender have no cipher in "
	    "common");
	words_reason(&begin(&s)->w, "xyzzy");
	expect(&s, "[xyzzy]");
}

Test(words, a_reason_is_acted_on_where_the_type_is_no_cause)
{
	struct words_kind kind = {.result = RESULT_VALIDATION_FAILURE,
	    .result_text = "",
	    .receiving_mx = "mx.example.com",
	    .reason_code = "xyzzy"};
	const char *general = words_kind_advice(&kind);
	struct sentence s;

	words_kind_command(&begin(&s)->w, &kind, "example.com");
	expect(&s,
	    "openssl s_client -starttls smtp -connect [mx.example.com]:25 "
	    "-tls1_2");
	kind.reason_code = "no shared cipher";
	cr_assert_neq(words_kind_advice(&kind), general);
	words_kind_remedy(&begin(&s)->w, &kind, '.');
	expect(&s,
	    "Offer TLS 1.2 and 1.3 with the usual ciphers, and have an RSA "
	    "certificate that they can use.");
	kind.result = RESULT_CERTIFICATE_EXPIRED;
	words_remedy(&begin(&s)->w, kind.result, ':');
	fclose(s.w.out);
	cr_assert_eq(s.text[strlen(s.text) - 1], ':');
	free(s.text);
	cr_assert_str_eq(words_kind_advice(&kind),
	    "The certificate of this MX has expired. Renew it, and check that "
	    "the server has loaded the new one.");
}

/* ---- domains ---- */

Test(words, the_period_before_is_compared)
{
	struct domain_figure d = {.start = FRIDAY,
	    .end = FRIDAY,
	    .successful = 1070,
	    .failed = 0,
	    .before = {.successful = 990, .failed = 10},
	    .before_start = FRIDAY - 1,
	    .before_end = FRIDAY - 1};
	struct sentence s;

	cr_assert(words_before(&begin(&s)->w, &d));
	expect(&s,
	    "1_070 sessions after 1_000 (+7_%), 0_% failed after 1.00_% "
	    "(2026-11-19)");
	d.successful = 10990;
	cr_assert(words_before(&begin(&s)->w, &d));
	expect(&s,
	    "10_990 sessions after 1_000 (+999_%), 0_% failed after 1.00_% "
	    "(2026-11-19)");
	d.successful = 11000;
	cr_assert(words_before(&begin(&s)->w, &d));
	expect(&s,
	    "11_000 sessions after 1_000 (more than tenfold), 0_% failed "
	    "after 1.00_% (2026-11-19)");
	d.successful = 0;
	d.before_start = FRIDAY - 7;
	cr_assert(words_before(&begin(&s)->w, &d));
	expect(&s,
	    "0 sessions after 1_000 (-100_%), 0_% failed after 1.00_% "
	    "(2026-11-13 to 2026-11-19)");
	d.successful = INT64_MAX;
	cr_assert(words_before(&begin(&s)->w, &d));
	expect(&s,
	    "9_223_372_036_854_775_807 sessions after 1_000 (more than "
	    "tenfold), 0_% failed after 1.00_% (2026-11-13 to 2026-11-19)");
	d.before = (struct share){.successful = 0};
	cr_assert_not(words_before(&begin(&s)->w, &d));
	expect(&s, "");
	d.before_start = DAY_NONE;
	d.before.successful = 1;
	cr_assert_not(words_before(&begin(&s)->w, &d));
	expect(&s, "");
}

Test(words, days_to_come_are_not_missing)
{
	struct domain_figure d = {.start = FRIDAY,
	    .end = FRIDAY + 6,
	    .ndays = 2,
	    .usual = 3,
	    .usual_present = 1};
	struct sentence s;

	words_coverage(&begin(&s)->w, &d, 0);
	expect(&s, "reports of 2 of 7 days, 1 of 3 usual reporters");
	words_coverage(&begin(&s)->w, &d, (FRIDAY + 1) * INT64_C(86400));
	expect(&s, "reports of 2 of 2 days, 1 of 3 usual reporters");
	words_coverage(&begin(&s)->w, &d, 1);
	expect(&s, "reports of the day, 1 of 3 usual reporters");
	d.ndays = d.usual = 0;
	d.end = FRIDAY;
	words_coverage(&begin(&s)->w, &d, 0);
	expect(&s, "no reports");
}

Test(words, what_is_ignored_is_counted_by_its_rules)
{
	const struct scope_ignore rules[] = {{.name = "a"}, {.name = "b"},
	    {.name = "c"}, {.name = "d"}, {.name = "e"}, {.name = "f"},
	    {.name = "g"}};
	struct ignored list[7];
	struct domain_figure d = {.ignored = list};
	struct sentence s;
	size_t i;

	for (i = 0; i < 7; i++)
		list[i] = (struct ignored){&rules[i], (int64_t)i + 1};
	cr_assert_not(words_ignored(&begin(&s)->w, &d));
	expect(&s, "");
	d.nignored = 1;
	cr_assert(words_ignored(&begin(&s)->w, &d));
	expect(&s, "1 failed session, by the rule [a] (1)");
	d.nignored = 7;
	cr_assert(words_ignored(&begin(&s)->w, &d));
	expect(&s,
	    "28 failed sessions, by the rules [a] (1), [b] (2), [c] (3), [d] "
	    "(4), [e] (5) and 2 more");
}

Test(words, reports_that_nobody_vouches_for_are_counted)
{
	int64_t entries[AUTHENTICITY_COUNT] = {0, 0, 0};
	struct sentence s;

	cr_assert_not(words_unverified(&begin(&s)->w, entries));
	expect(&s, "");
	entries[AUTH_VERIFIED] = 3;
	cr_assert_not(words_unverified(&begin(&s)->w, entries));
	expect(&s, "");
	entries[AUTH_UNCHECKED] = 1;
	cr_assert(words_unverified(&begin(&s)->w, entries));
	expect(&s, "1 of 4 policies came in unverified reports");
	entries[AUTH_FAILED] = 2;
	cr_assert(words_unverified(&begin(&s)->w, entries));
	expect(&s,
	    "3 of 6 policies came in unverified reports, 2 of them failed the "
	    "check");
}

Test(words, a_tally_begins_with_the_worst)
{
	const size_t counts[VERDICT_COUNT] = {1234, 4, 3, 2, 1};
	struct sentence s;

	words_tally(&begin(&s)->w, counts);
	expect(&s,
	    "1 failing, 2 silent, 3 with warnings, 4 without reports, "
	    "1_234 ok");
}

Test(words, a_policy_of_unknown_mode_may_hold_mail)
{
	struct problem p = problem(RESULT_CERTIFICATE_EXPIRED, "", 1);
	struct incident in = {.problems = &p,
	    .nproblems = 1,
	    .sessions = 1,
	    .receiving_mx = "mx.example.com",
	    .holds_mail = true,
	    .since = FRIDAY,
	    .last_day = FRIDAY};
	struct domain_figure d = {.start = FRIDAY,
	    .end = FRIDAY,
	    .verdict = VERDICT_FAILING,
	    .incidents = &in,
	    .nincidents = 1,
	    .successful = 9,
	    .failed = 1};
	struct sentence s;

	words_verdict(&begin(&s)->w, &d);
	expect(&s, "mail waits or bounces; 10.0_% of 10 sessions failed");
	p.mode = MODE_UNKNOWN;
	words_verdict(&begin(&s)->w, &d);
	expect(&s, "mail may wait or bounce; 10.0_% of 10 sessions failed");
	words_next(&begin(&s)->w, &d);
	expect(
	    &s, "mend [mx.example.com]: certificate-expired, since 2026-11-20");
	p.result = RESULT_UNSPECIFIED;
	in.receiving_mx = "";
	words_next(&begin(&s)->w, &d);
	expect(&s, "look into (unspecified), since 2026-11-20");
}
