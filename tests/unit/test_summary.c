/* SPDX-License-Identifier: ISC */

/*
 * Summaries of domains over the border between two processes: what is sent
 * comes back as it was, and what was tampered with is no summary.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/date.h"
#include "base/limits.h"
#include "domain/rdata.h"
#include "domain/sts.h"
#include "domain/summary.h"
#include "domain/summary_private.h"

#define NOW 1795000000
#define BODY                                                            \
	"version: STSv1\nmode: enforce\nmx: mx.e.example\nmax_age: x\n" \
	"max_age: 604800\n"

/* A domain as it may have been looked at. */
struct world {
	struct arena *arena;
	struct domain_facts facts;
	struct domain_judgement judgement;
	struct findings findings;
	struct domain_summary summary;
	struct buf buf;
};

static void
answer(
    struct world *w, struct dns_fact *fact, const char *name, const char *text)
{
	struct span *rdata = arena_calloc(w->arena, 1, sizeof(*rdata));

	*rdata = rdata_txt_make(w->arena, span_of(text));
	*fact = (struct dns_fact){.name = name,
	    .state = FACT_ANSWER,
	    .secure = true,
	    .ttl = 300,
	    .rdata = rdata,
	    .nrdata = 1};
}

static void
begin(struct world *w, const char *record)
{
	static const char *const aliases[] = {"x\\009.example"};
	static const char *const names[] = {"mta-sts.e.example"};

	*w = (struct world){.arena = arena_new(4096), .buf.cap = SIZE_MAX / 2};
	w->facts.domain = "e.example";
	answer(w, &w->facts.tlsrpt, "_smtp._tls.e.example", record);
	w->facts.tlsrpt.aliases = aliases;
	w->facts.tlsrpt.naliases = 1;
	answer(w, &w->facts.sts, "_mta-sts.e.example", "v=STSv1; id=1");
	w->facts.policy.reach = REACH_DONE;
	w->facts.policy.status = 200;
	w->facts.policy.content_type = "text/plain";
	w->facts.policy.body = SPAN(BODY);
	w->facts.policy.cert = (struct cert_fact){.trust = TRUST_GOOD,
	    .not_before = NOW - 1,
	    .not_after = NOW + 100 * DAY_SECONDS,
	    .names = names,
	    .nnames = 1,
	    .common_name = ""};
	w->facts.mx_answer = (struct dns_fact){
	    .name = "e.example", .state = FACT_TIMEOUT, .why = "late"};
	w->facts.mx =
	    arena_calloc(w->arena, MX_HOSTS_MAX + 1, sizeof(*w->facts.mx));
	w->facts.mx[0].host = "mx.e.example";
	w->facts.mx[0].cert.common_name = "";
	w->facts.nmx = 1;
}

static void
sum_up(struct world *w)
{
	w->findings = findings_new(w->arena);
	domain_judge(&w->facts, NOW, &w->judgement, &w->findings);
	summary_make(
	    &w->summary, w->arena, &w->facts, &w->judgement, &w->findings);
}

static void
end(struct world *w)
{
	buf_free(&w->buf);
	arena_free(w->arena);
}

static void
send_over(struct world *w)
{
	struct fields_out o = {.buf = &w->buf};

	w->buf.len = 0;
	summary_put(&o, &w->summary);
	cr_assert_not(o.over);
}

/* Reads the first len bytes as a process would that got no more.  What was
 * read lives as long as the world. */
static int
receive(struct world *w, size_t len, struct domain_summary *out)
{
	struct fields f;
	char *bytes = malloc(len + 1);
	int rc;

	memcpy(bytes, w->buf.data, len);
	f = fields_of(bytes, len);
	rc = summary_get(&f, w->arena, out);
	free(bytes);
	return rc;
}

static const struct summary_finding *
finding_of(const struct domain_summary *s, enum check_id check)
{
	size_t i;

	for (i = 0; i < s->nfindings; i++)
		if (s->findings[i].check == check)
			return &s->findings[i];
	return NULL;
}

/* ---- what is in it ---- */

Test(summary, a_fault_has_its_line_and_its_columns)
{
	const struct summary_finding *f;
	struct world w;

	begin(&w, "v=TLSRPTv1; x=\x80; rua=a@b.example");
	sum_up(&w);
	f = finding_of(&w.summary, CHECK_RUA_MISSING_MAILTO);
	cr_assert_not_null(f);
	cr_assert_str_eq(f->excerpt, "v=TLSRPTv1; x=\\128; rua=a@b.example");
	cr_assert_eq(
	    strncmp(f->excerpt + f->column, "a@b.example", f->width), 0);
	cr_assert_eq(f->to - f->from, strlen("a@b.example"));
	cr_assert_eq(f->column, f->from + 3);
	end(&w);
}

Test(summary, of_a_policy_the_line_is_shown_that_is_wrong)
{
	const struct summary_finding *f;
	struct world w;

	begin(&w, "v=TLSRPTv1; rua=mailto:a@b.example");
	sum_up(&w);
	f = finding_of(&w.summary, CHECK_STS_POLICY_SYNTAX);
	if (f == NULL)
		f = finding_of(&w.summary, CHECK_STS_MAXAGE_RANGE);
	cr_assert_not_null(f);
	cr_assert_str_eq(f->excerpt, "max_age: x");
	end(&w);
}

Test(summary, a_long_line_is_cut_around_the_fault)
{
	const struct summary_finding *f;
	char record[3000] = "v=TLSRPTv1; rua=";
	struct world w;

	memset(record + strlen(record), 'a', 2000);
	strncat(record, ",b@c.example", 20);
	begin(&w, record);
	sum_up(&w);
	f = finding_of(&w.summary, CHECK_RUA_MISSING_MAILTO);
	cr_assert_not_null(f);
	cr_assert_lt(strlen(f->excerpt), 500);
	cr_assert_str_eq(f->excerpt + f->column, "b@c.example");
	end(&w);
}

/* The excerpt of a record of so many octets whose last item is a fault. */
static size_t
length_of_excerpt(size_t len)
{
	static const char last[] = ",b@c.example";
	const struct summary_finding *f;
	char record[1000] = "v=TLSRPTv1; rua=";
	struct world w;
	size_t n = strlen(record);

	memset(record + n, 'a', len - n - strlen(last));
	memcpy(record + len - strlen(last), last, sizeof(last));
	begin(&w, record);
	sum_up(&w);
	f = finding_of(&w.summary, CHECK_RUA_MISSING_MAILTO);
	cr_assert_not_null(f);
	cr_assert_str_eq(f->excerpt + f->column, "b@c.example");
	n = strlen(f->excerpt);
	end(&w);
	return n;
}

Test(summary, lines_of_400_octets_are_shown_whole)
{
	cr_expect_eq(length_of_excerpt(400), 400);
	cr_expect_eq(length_of_excerpt(401), 100 + strlen("b@c.example"));
}

Test(summary, what_strangers_wrote_is_printable)
{
	const char *p;
	struct world w;
	size_t i;

	begin(&w, "v=TLSRPTv1; rua=mailto:\x1b]0;\xe2\x80\xae@b\n\x7f");
	sum_up(&w);
	for (p = w.summary.record; *p != '\0'; p++)
		cr_assert(*p >= ' ' && *p <= '~');
	for (i = 0; i < w.summary.ntags; i++)
		for (p = w.summary.tags[i].value; *p != '\0'; p++)
			cr_assert(*p >= ' ' && *p <= '~');
	end(&w);
}

Test(summary, a_text_alone_is_read_as_a_record)
{
	struct arena *arena = arena_new(1024);
	struct domain_summary s;

	summary_make_record(
	    &s, arena, "record", SPAN("v=TLSRPTv1; rua=mailto:a@b.example"));
	cr_assert_eq(s.worst, SEVERITY_OK);
	cr_assert_eq(s.ndestinations, 1);
	summary_make_record(&s, arena, "record", SPAN(""));
	cr_assert_eq(s.worst, SEVERITY_ERROR);
	summary_make_record(&s, arena, "record", SPAN("v=spf1 -all"));
	cr_assert_eq(s.worst, SEVERITY_ERROR);
	arena_free(arena);
}

/* ---- over the border ---- */

Test(summary, it_comes_over_as_it_is)
{
	struct arena *arena = arena_new(1024);
	struct domain_summary got;
	struct fields f;
	struct world w;
	size_t i;

	begin(&w, "v=TLSRPTv1; rua=a@b.example,https://c.example/");
	sum_up(&w);
	send_over(&w);
	f = fields_of(w.buf.data, w.buf.len);
	cr_assert_eq(summary_get(&f, arena, &got), 0);
	cr_assert_str_eq(got.domain, "e.example");
	cr_assert_eq(got.worst, w.summary.worst);
	cr_assert_eq(got.nfindings, w.summary.nfindings);
	for (i = 0; i < got.nfindings; i++) {
		cr_assert_eq(
		    got.findings[i].check, w.summary.findings[i].check);
		cr_assert_str_eq(
		    got.findings[i].message, w.summary.findings[i].message);
		cr_assert_eq(
		    got.findings[i].column, w.summary.findings[i].column);
	}
	cr_assert_str_eq(
	    got.answers[SUMMARY_TLSRPT].aliases[0].text, "x\\009.example");
	cr_assert_str_eq(
	    got.answers[SUMMARY_STS].data[0].text, "v=STSv1; id=1");
	cr_assert_eq(got.policy.cert.not_after, NOW + 100 * DAY_SECONDS);
	cr_assert_eq(memcmp(got.policy.sha256, w.summary.policy.sha256, 32), 0);
	cr_assert_eq(got.mx[0].cert.not_after, TIME_NONE);
	arena_free(arena);
	end(&w);
}

Test(summary, one_that_is_cut_anywhere_is_none)
{
	struct domain_summary got;
	struct world w;
	size_t len;

	begin(&w, "v=TLSRPTv1; rua=a@b.example");
	sum_up(&w);
	send_over(&w);
	for (len = 0; len < w.buf.len; len++)
		cr_assert_eq(receive(&w, len, &got), -1, "%zu", len);
	cr_assert_eq(receive(&w, len, &got), 0);
	end(&w);
}

/* Whatever a byte becomes, what is read keeps to the rules. */
Test(summary, no_changed_byte_makes_a_caret_point_beyond_its_line)
{
	struct arena *arena = arena_new(1024);
	struct domain_summary got;
	struct fields f;
	struct world w;
	size_t at, i, good = 0;

	begin(&w, "v=TLSRPTv1; rua=a@b.example");
	sum_up(&w);
	send_over(&w);
	for (at = 0; at < w.buf.len; at++) {
		w.buf.data[at] ^= 0x41;
		f = fields_of(w.buf.data, w.buf.len);
		if (summary_get(&f, arena, &got) == 0) {
			good++;
			for (i = 0; i < got.nfindings; i++)
				cr_assert(got.findings[i].excerpt == NULL ||
				    got.findings[i].column +
					    got.findings[i].width <=
					strlen(got.findings[i].excerpt));
		}
		w.buf.data[at] ^= 0x41;
		arena_reset(arena);
	}
	cr_assert_gt(good, 0);
	cr_assert_lt(good, w.buf.len);
	arena_free(arena);
	end(&w);
}

/* What a helper that was taken over may say of itself. */
static int
receive_lie(void (*lie)(struct domain_summary *s), struct domain_summary *got)
{
	struct world w;
	int rc;

	begin(&w, "v=TLSRPTv1; rua=a@b.example");
	sum_up(&w);
	lie(&w.summary);
	send_over(&w);
	rc = receive(&w, w.buf.len, got);
	end(&w);
	return rc;
}

static void
say_all_is_right(struct domain_summary *s)
{
	s->worst = SEVERITY_WARNING;
}

static void
say_body_without_hash(struct domain_summary *s)
{
	s->policy.sha256 = NULL;
}

static void
say_max_age(struct domain_summary *s)
{
	s->policy.max_age = -2;
}

static void
say_max_age_over_its_bound(struct domain_summary *s)
{
	s->policy.max_age = STS_MAX_AGE_MAX + 1;
}

static void
say_preference(struct domain_summary *s)
{
	s->mx[0].preference = UINT16_MAX + 1;
}

static void
say_place(struct domain_summary *s)
{
	s->findings[0].to = SIZE_MAX;
}

static void
say_records(struct domain_summary *s)
{
	s->mx[0].ntlsa = SIZE_MAX;
}

Test(summary, lies_that_can_be_seen_are)
{
	static void (*const lies[])(struct domain_summary *) = {
	    say_all_is_right, say_body_without_hash, say_max_age,
	    say_max_age_over_its_bound, say_preference, say_place, say_records};
	struct domain_summary got;
	size_t i;

	for (i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
		cr_expect_eq(receive_lie(lies[i], &got), -1, "%zu", i);
}

static void
say_longest_max_age(struct domain_summary *s)
{
	s->policy.max_age = STS_MAX_AGE_MAX;
}

Test(summary, the_longest_max_age_is_no_lie)
{
	struct domain_summary got;

	cr_assert_eq(receive_lie(say_longest_max_age, &got), 0);
	cr_expect_eq(got.policy.max_age, STS_MAX_AGE_MAX);
}

static void
say_times(struct domain_summary *s)
{
	s->policy.cert.not_after = INT64_MIN + 1;
	s->policy.cert.not_before = INT64_MAX;
	s->mx[0].cert.not_after = TIME_NONE;
}

Test(summary, times_come_over_as_dates_that_there_are)
{
	struct domain_summary got;

	cr_assert_eq(receive_lie(say_times, &got), 0);
	cr_expect_eq(got.policy.cert.not_after, (int64_t)DAY_MIN * DAY_SECONDS);
	cr_expect_eq(got.policy.cert.not_before,
	    ((int64_t)DAY_MAX + 1) * DAY_SECONDS - 1);
}

/* The first findings of a record of junk are mild: the worst is not lost with
 * those that are cut. */
Test(summary, what_is_cut_counts_for_the_worst)
{
	struct arena *arena = arena_new(1024);
	struct findings f = findings_new(arena), all = findings_new(arena);
	size_t i;

	for (i = 0; i < FINDINGS_MAX; i++)
		findings_add(&f, CHECK_RUA_SEVERAL, "x", "n", "2");
	cr_assert_neq(findings_worst(&f), SEVERITY_ERROR);
	findings_add(&f, CHECK_RUA_MISSING, "x");
	cr_expect(f.cut);
	cr_expect_eq(findings_worst(&f), SEVERITY_ERROR);
	findings_join(&all, &f);
	cr_expect_eq(findings_worst(&all), SEVERITY_ERROR);
	arena_free(arena);
}

Test(summary, hosts_are_as_many_as_their_bound)
{
	struct domain_summary got;
	struct world w;
	size_t i;

	begin(&w, "v=TLSRPTv1; rua=mailto:a@b.example");
	for (i = 0; i <= MX_HOSTS_MAX; i++) {
		w.facts.mx[i] = w.facts.mx[0];
		w.facts.mx[i].preference = (uint16_t)i;
	}
	w.facts.nmx = MX_HOSTS_MAX + 1;
	sum_up(&w);
	send_over(&w);
	cr_assert_eq(receive(&w, w.buf.len, &got), 0);
	cr_assert_eq(got.nmx, MX_HOSTS_MAX);
	end(&w);
}

/* Patterns, and records of an answer. */
Test(summary, lists_are_as_long_as_their_bounds)
{
	struct domain_summary got;
	struct world w;
	struct span *rdata;
	struct buf body = {.cap = 1 << 16};
	size_t n, i, most = SUMMARY_NAMES_MAX;

	for (n = most; n <= most + 1; n++) {
		begin(&w, "v=TLSRPTv1; rua=mailto:a@b.example");
		rdata = arena_calloc(w.arena, n, sizeof(*rdata));
		buf_reset(&body, 0);
		buf_append(
		    &body, "version: STSv1\nmode: none\nmax_age: 9\n", 37);
		for (i = 0; i < n; i++) {
			rdata[i] = rdata_txt_make(w.arena, SPAN("x=y"));
			buf_append(&body, "mx: m.e.example\n", 16);
		}
		rdata[0] = w.facts.sts.rdata[0];
		w.facts.sts.rdata = rdata;
		w.facts.sts.nrdata = n;
		w.facts.policy.body = (struct span){body.data, body.len};
		sum_up(&w);
		send_over(&w);
		cr_assert_eq(receive(&w, w.buf.len, &got), 0);
		cr_expect_eq(got.answers[SUMMARY_STS].ndata, SUMMARY_DATA_MAX);
		cr_expect_eq(got.policy.nmx, most);
		end(&w);
	}
	buf_free(&body);
}

/* Two for each MX and each destination, and some. */
#define ANSWERS_MOST (8 + 2 * MX_HOSTS_MAX + 2 * RECORD_DESTINATIONS_MAX)

static size_t nanswers;

static void
say_answers(struct domain_summary *s)
{
	static struct summary_answer answers[ANSWERS_MOST + 1];
	size_t i;

	for (i = 0; i < nanswers; i++)
		answers[i] = s->answers[0];
	s->answers = answers;
	s->nanswers = nanswers;
}

Test(summary, answers_are_as_many_as_their_bound)
{
	struct domain_summary got;

	for (nanswers = ANSWERS_MOST; nanswers <= ANSWERS_MOST + 1;
	     nanswers++) {
		cr_assert_eq(receive_lie(say_answers, &got), 0);
		cr_expect_eq(got.nanswers, ANSWERS_MOST);
	}
}

static char long_text[SUMMARY_TEXT_MAX + 2];

static void
say_long_text(struct domain_summary *s)
{
	s->sts_id = long_text;
}

Test(summary, texts_are_as_long_as_their_bound)
{
	struct domain_summary got;
	struct world w;
	char record[SUMMARY_TEXT_MAX / 4 + 2] = "v=TLSRPTv1; rua=";
	size_t n = strlen(record), most = SUMMARY_TEXT_MAX / 4;

	memset(record + n, '\x80', most + 1 - n);
	begin(&w, record);
	sum_up(&w);
	cr_expect_eq(strlen(w.summary.record), n + 4 * (most - n));
	send_over(&w);
	cr_expect_eq(receive(&w, w.buf.len, &got), 0);
	end(&w);
	memset(long_text, 'x', SUMMARY_TEXT_MAX);
	cr_expect_eq(receive_lie(say_long_text, &got), 0);
	long_text[SUMMARY_TEXT_MAX] = 'x';
	cr_expect_eq(receive_lie(say_long_text, &got), -1);
}

Test(summary, a_list_that_claims_more_than_has_come_is_bad)
{
	unsigned char bytes[] = {0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff};
	struct arena *arena = arena_new(64);
	struct domain_summary got;
	struct fields f = fields_of(bytes, sizeof(bytes));

	cr_assert_eq(summary_get(&f, arena, &got), -1);
	arena_free(arena);
}
