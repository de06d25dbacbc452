/* SPDX-License-Identifier: ISC */

/*
 * TLS-RPT records: those of tests/data/record/texts.cases get the verdict,
 * the findings and the places that are written there; what is made is read
 * again without a word; bounds hold.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "domain/rdata.h"
#include "domain/record.h"
#include "support.h"

#define NAME	  "_smtp._tls.example.com"
#define TEXTS_MAX 8

/* ---- the fixture ---- */

/* A case, while its lines are read. */
struct test_case {
	struct arena *arena;
	struct span head;
	struct span texts[TEXTS_MAX];
	size_t n;
	struct span carets;
	size_t line;
};

/* Undoes \DDD and \\. */
static struct span
plain(struct arena *a, struct span s)
{
	char *out = arena_alloc(a, s.len + 1);
	size_t len = 0, i;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] == '\\' && s.p[i + 1] != '\\') {
			out[len++] = (char)((s.p[i + 1] - '0') * 100 +
			    (s.p[i + 2] - '0') * 10 + (s.p[i + 3] - '0'));
			i += 3;
		} else {
			i += s.p[i] == '\\';
			out[len++] = s.p[i];
		}
	}
	return (struct span){out, len};
}

static const char *
verdict_name(enum record_verdict verdict)
{
	static const char *const names[] = {"valid", "warn", "invalid"};

	return names[verdict];
}

static int
compare_words(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *
sorted(struct arena *a, const char **words, size_t n)
{
	const char *out = "";
	size_t i;

	qsort(words, n, sizeof(*words), compare_words);
	for (i = 0; i < n; i++)
		out = arena_printf(a, "%s %s", out, words[i]);
	return out;
}

static void
check_findings(
    const struct test_case *c, const struct findings *f, struct span words)
{
	const char *wanted[20], *got[20];
	size_t n = 0, i;
	struct span word;

	while (words.len > 0) {
		word = span_cut(&words, ' ');
		wanted[n++] = arena_strndup(c->arena, word.p, word.len);
	}
	cr_assert_lt(f->n, 20);
	for (i = 0; i < f->n; i++)
		got[i] = check_get(f->items[i].check)->id;
	cr_expect_str_eq(sorted(c->arena, got, f->n),
	    sorted(c->arena, wanted, n), "line %zu: got%s", c->line,
	    sorted(c->arena, got, f->n));
}

/* The first finding with a place is where the carets are. */
static void
check_carets(const struct test_case *c, const struct findings *f)
{
	size_t from, to, i = 0;

	while (i < f->n && f->items[i].from == NO_PLACE)
		i++;
	cr_assert_lt(i, f->n, "line %zu: no place", c->line);
	from = printable_columns(c->texts[0], f->items[i].from);
	to = printable_columns(c->texts[0], f->items[i].to);
	if (to == from)
		to++;
	cr_expect_eq(strspn(c->carets.p, " "), from, "line %zu: from %zu",
	    c->line, from);
	cr_expect_eq(c->carets.len, to, "line %zu: to %zu", c->line, to);
}

/* A text alone, or beside the others. */
static void
run_case(struct test_case *c)
{
	struct findings f = findings_new(c->arena);
	struct span words = c->head, verdict = span_cut(&words, ' ');
	enum record_verdict got;
	struct record_set set;
	struct record record;

	if (c->n == 0)
		return;
	if (c->n == 1) {
		record_parse(&record, c->texts[0], NAME, &f);
		got = record.verdict;
	} else {
		record_read(&set, c->texts, c->n, NAME, &f);
		got = set.verdict;
	}
	cr_expect(span_is(verdict, verdict_name(got)), "line %zu: %s", c->line,
	    verdict_name(got));
	check_findings(c, &f, words);
	if (c->carets.len > 0)
		check_carets(c, &f);
	/* One record alone at its name is read alike. */
	if (c->n == 1) {
		record_read(&set, c->texts, 1, NAME, &f);
		cr_expect_eq(set.verdict, got, "line %zu alone", c->line);
	}
}

static bool
is_caret_line(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.p[i] != ' ' && s.p[i] != '^')
			return false;
	return s.len > 0 && s.p[s.len - 1] == '^';
}

static void
take_line(struct test_case *c, struct span line, size_t number)
{
	if (line.len == 0 || line.p[0] == '#')
		return;
	if (line.p[0] != '\t') {
		run_case(c);
		c->n = 0;
		c->carets.len = 0;
		c->head = line;
		c->line = number;
		return;
	}
	line.p++;
	line.len--;
	if (is_caret_line(line))
		c->carets = line;
	else
		c->texts[c->n++] = plain(c->arena, line);
	cr_assert_lt(c->n, TEXTS_MAX);
}

Test(record, texts_get_their_verdicts)
{
	struct buf b = support_read("record/texts.cases");
	struct span rest = {b.data, b.len};
	struct test_case c = {.arena = arena_new(8192)};
	size_t number = 0, cases = 0;
	struct span line;

	while (rest.len > 0) {
		line = span_cut(&rest, '\n');
		number++;
		cases += line.len > 0 && line.p[0] != '\t' && line.p[0] != '#';
		take_line(&c, line, number);
	}
	run_case(&c);
	cr_expect_gt(cases, 120);
	arena_free(c.arena);
	buf_free(&b);
}

/* ---- what was read ---- */

static enum record_verdict
verdict_of(const char *text)
{
	struct arena *a = arena_new(4096);
	struct findings f = findings_new(a);
	struct record record;

	record_parse(&record, span_of(text), NAME, &f);
	arena_free(a);
	return record.verdict;
}

static size_t
bad_names_in(const char *text)
{
	struct arena *a = arena_new(4096);
	struct findings f = findings_new(a);
	struct record record;
	size_t i, n = 0;

	record_parse(&record, span_of(text), NAME, &f);
	for (i = 0; i < f.n; i++)
		n += f.items[i].check == CHECK_EXT_BAD_NAME;
	arena_free(a);
	return n;
}

Test(record, a_field_has_a_name_of_32_characters_at_most)
{
	char text[100], *name = support_repeat('n', 33);

	snprintf(text, sizeof(text), "v=TLSRPTv1; rua=mailto:a@b.example; %s=x",
	    name + 1);
	cr_expect_eq(bad_names_in(text), 0);
	snprintf(text, sizeof(text), "v=TLSRPTv1; rua=mailto:a@b.example; %s=x",
	    name);
	cr_expect_eq(bad_names_in(text), 1);
	free(name);
}

/* The message of a finding that has a value of n characters. */
static size_t
message_with_value(size_t n)
{
	struct arena *a = arena_new(4096);
	struct findings f = findings_new(a);
	char *value = support_repeat('7', n);
	size_t len;

	findings_add(&f, CHECK_RUA_SEVERAL, "x", "n", value);
	len = strlen(f.items[0].message);
	if (n > 300)
		cr_expect_not_null(strstr(f.items[0].message, "7..."));
	free(value);
	arena_free(a);
	return len;
}

Test(record, values_in_messages_are_cut)
{
	cr_expect_eq(message_with_value(300), message_with_value(299) + 1);
	cr_expect_eq(message_with_value(301), message_with_value(300) + 3);
	cr_expect_eq(message_with_value(999), message_with_value(300) + 3);
}

Test(record, fields_and_destinations_are_where_they_stand)
{
	struct arena *a = arena_new(4096);
	struct findings f = findings_new(a);
	struct span text = SPAN("v=TLSRPTv1; x=1; rua=mailto:a%2Bb@E.Example, "
				"https://H.example:8443/p?q");
	const struct record_destination *d;
	struct record r;

	record_parse(&r, text, NAME, &f);
	cr_assert_eq(r.ntags, 3);
	cr_expect_eq(r.tags[0].kind, TAG_VERSION);
	cr_expect_eq(r.tags[1].kind, TAG_EXTENSION);
	cr_expect_eq(r.tags[1].at, 12);
	cr_expect_eq(r.tags[2].kind, TAG_RUA);
	cr_assert_eq(r.ndestinations, 2);
	d = &r.destinations[0];
	cr_expect(d->usable && d->uri.scheme == URI_MAILTO);
	cr_expect_str_eq(d->mailbox, "a+b@e.example");
	cr_expect_str_eq(d->host, "e.example");
	cr_expect_eq(d->at, 21);
	d = &r.destinations[1];
	cr_expect(d->usable && d->uri.scheme == URI_HTTPS);
	cr_expect_str_eq(d->host, "h.example");
	cr_expect_null(d->mailbox);
	cr_expect_eq(uri_port(&d->uri), 8443);
	cr_expect(span_is(d->uri.path, "/p"));
	arena_free(a);
}

Test(record, nothing_at_the_name_is_no_record)
{
	struct arena *a = arena_new(4096);
	struct findings f = findings_new(a);
	struct record_set set;

	record_read(&set, NULL, 0, NAME, &f);
	cr_expect(!set.present && set.verdict == RECORD_INVALID && f.n == 0);
	arena_free(a);
}

/* Every prefix of a record, and every octet in it exchanged: no fault may
 * lead outside. */
Test(record, cut_and_spoilt_records_are_read)
{
	static const char good[] = "v=TLSRPTv1; a=b; rua=mailto:a%21@e.example"
				   ",https://u@h.example:1/x?y#z;";
	struct arena *a = arena_new(4096);
	char *text = strdup(good), *cut;
	struct findings f;
	struct record r;
	size_t i, n;
	int c;

	for (i = 0; i < sizeof(good); i++) {
		cut = malloc(i + 1);
		memcpy(cut, good, i);
		f = findings_new(a);
		record_parse(&r, (struct span){cut, i}, NAME, &f);
		free(cut);
		for (c = 0; c < 256; c++) {
			text[i] = (char)c;
			f = findings_new(a);
			record_parse(&r, (struct span){text, sizeof(good) - 1},
			    NAME, &f);
			for (n = 0; n < f.n; n++)
				cr_assert(f.items[n].from == NO_PLACE ||
				    (f.items[n].from <= f.items[n].to &&
					f.items[n].to < sizeof(good)));
		}
		text[i] = good[i];
		arena_reset(a);
	}
	free(text);
	arena_free(a);
}

Test(record, findings_are_printable_whatever_the_record_is)
{
	struct arena *a = arena_new(4096);
	struct findings f = findings_new(a);
	struct record r;
	const char *c;
	size_t i;

	record_parse(&r,
	    SPAN("v=TLSRPTv1; rua=mailto:\x1b[2J@e.example,\xe2\x80\xae"
		 "x;\x07;\x9bq=\r;"),
	    "\x1b]0;name", &f);
	cr_assert_gt(f.n, 2);
	for (i = 0; i < f.n; i++)
		for (c = f.items[i].message; *c != '\0'; c++)
			cr_assert(*c >= ' ' && *c <= '~');
	arena_free(a);
}

/* ---- bounds ---- */

static char *
repeated(const char *first, const char *fill, size_t n)
{
	char *s = malloc(strlen(first) + n * strlen(fill) + 1), *end = s;

	end = stpcpy(s, first);
	while (n-- > 0)
		end = stpcpy(end, fill);
	return s;
}

Test(record, destinations_are_bound)
{
	struct arena *a = arena_new(4096);
	struct findings f;
	struct record r;
	char *text;
	size_t over;

	for (over = 0; over < 2; over++) {
		f = findings_new(a);
		text = repeated("v=TLSRPTv1; rua=https://h.example",
		    ",https://h.example", RECORD_DESTINATIONS_MAX - 1 + over);
		record_parse(&r, span_of(text), NAME, &f);
		cr_expect_eq(r.ndestinations, RECORD_DESTINATIONS_MAX);
		cr_expect_eq(findings_have(&f, CHECK_RUA_TOO_MANY), over == 1);
		free(text);
		/* Those that have no place are looked at all the same. */
		text = repeated("v=TLSRPTv1; rua=https://h.example",
		    ",https://h.example", RECORD_DESTINATIONS_MAX - 1 + over);
		text = realloc(text, strlen(text) + 5);
		strcat(text, ",a b");
		record_parse(&r, span_of(text), NAME, &f);
		cr_expect_eq(r.verdict, RECORD_INVALID);
		free(text);
	}
	arena_free(a);
}

Test(record, fields_are_bound)
{
	struct arena *a = arena_new(4096);
	struct findings f;
	struct record r;
	char *text;
	size_t over;

	for (over = 0; over < 2; over++) {
		f = findings_new(a);
		text = repeated("v=TLSRPTv1; rua=https://h.example", "; x=1",
		    RECORD_TAGS_MAX - 2 + over);
		record_parse(&r, span_of(text), NAME, &f);
		cr_expect_eq(r.ntags, RECORD_TAGS_MAX);
		cr_expect_eq(r.verdict, RECORD_VALID);
		text = realloc(text, strlen(text) + 5);
		strcat(text, "; x");
		record_parse(&r, span_of(text), NAME, &f);
		cr_expect_eq(r.verdict, RECORD_INVALID, "%zu more", over);
		free(text);
	}
	arena_free(a);
}

Test(record, findings_are_bound)
{
	struct arena *a = arena_new(4096);
	struct findings f;
	struct record r;
	char *text;
	size_t over;

	for (over = 0; over < 2; over++) {
		f = findings_new(a);
		text = repeated("v=TLSRPTv1;", ";", FINDINGS_MAX - 1 + over);
		record_parse(&r, span_of(text), NAME, &f);
		cr_expect_eq(f.n, FINDINGS_MAX);
		cr_expect_eq(f.cut, over == 1);
		cr_expect_eq(r.verdict, RECORD_INVALID);
		free(text);
	}
	/* An error behind many lesser ones is not lost. */
	text = repeated("v=TLSRPTv1; rua=mailto://a%2bb@e.example.?x#y",
	    ",mailto://a%2bb@e.example.?x#y", 1000);
	text = realloc(text, strlen(text) + 3);
	strcat(text, ";;");
	f = findings_new(a);
	record_parse(&r, span_of(text), NAME, &f);
	cr_expect(findings_have(&f, CHECK_FIELD_EMPTY) && !f.cut);
	free(text);
	arena_free(a);
}

/* The worst that a TXT record can hold is read in no time. */
Test(record, the_longest_records_are_read, .timeout = 20)
{
	static const char *const fills[] = {";", ",", "a,", "a=b;", " ", "IN ",
	    "rua=", "\\;", "v=TLSRPTv1;", "mailto:a@b.example,", "%", "@", "\"",
	    "\xff", "rua=a;", "mailto:%zz,"};
	struct arena *a = arena_new(4096);
	struct findings f;
	struct record r;
	char *text;
	size_t i;

	for (i = 0; i < sizeof(fills) / sizeof(fills[0]); i++) {
		f = findings_new(a);
		text = repeated(
		    "v=TLSRPTv1; rua=", fills[i], 65000 / strlen(fills[i]));
		record_parse(&r, span_of(text), NAME, &f);
		record_parse(&r, span_of(text + 16), NAME, &f);
		free(text);
		arena_reset(a);
	}
	arena_free(a);
}

/* ---- the conformance list ---- */

Test(record, conformance_1_the_shortest_record_is_valid)
{
	cr_expect_eq(verdict_of("v=TLSRPTv1;rua=mailto:r@e.com"), RECORD_VALID);
}

Test(record, conformance_2_two_uris_and_a_semicolon_at_the_end)
{
	cr_expect_eq(verdict_of("v=TLSRPTv1; rua=mailto:r@e.com,"
				"https://e.com/x;"),
	    RECORD_VALID);
}

Test(record, conformance_3_a_space_in_front_of_the_semicolon_warns)
{
	cr_expect_eq(verdict_of("v=TLSRPTv1 ;rua=mailto:r@e.com"), RECORD_WARN);
}

/* The record that was chosen of two. */
static enum record_verdict
verdict_of_two(const char *one, const char *two, char *chosen)
{
	struct arena *a = arena_new(4096);
	struct findings f = findings_new(a);
	struct span texts[2] = {span_of(one), span_of(two)};
	struct record_set set;

	record_read(&set, texts, 2, NAME, &f);
	*chosen = set.record.text.p == one ? '1'
	    : set.record.text.p == two	   ? '2'
					   : '0';
	arena_free(a);
	return set.verdict;
}

Test(record, conformance_4_beside_a_strict_record_only_that_counts)
{
	char chosen;

	cr_expect_eq(verdict_of_two("v=TLSRPTv1 ;rua=mailto:a@e.com",
			 "v=TLSRPTv1;rua=mailto:b@e.com", &chosen),
	    RECORD_WARN);
	cr_expect_eq(chosen, '2');
}

Test(record, conformance_5_two_records_are_none)
{
	char chosen;

	cr_expect_eq(verdict_of_two("v=TLSRPTv1;rua=mailto:a@e.com",
			 "v=TLSRPTv1;rua=mailto:b@e.com", &chosen),
	    RECORD_INVALID);
}

Test(record, conformance_6_an_unrelated_text_does_no_harm)
{
	char chosen;

	cr_expect_eq(
	    verdict_of_two("v=TLSRPTv1;rua=mailto:a@e.com", "x=y", &chosen),
	    RECORD_VALID);
	cr_expect_eq(chosen, '1');
}

Test(record, conformance_7_split_strings_are_joined)
{
	struct arena *a = arena_new(4096);
	struct span text;
	size_t n;

	cr_assert_eq(rdata_txt(a, SPAN("\5v=TLS\0\7RPTv1;"), &text, &n), -1);
	cr_assert_eq(rdata_txt(a, SPAN("\5v=TLS\0\7RPTv1; "), &text, &n), 0);
	cr_expect(span_equal(text, SPAN("v=TLSRPTv1; ")));
	cr_expect_eq(n, 3);
	arena_free(a);
}

/* By number, those that one verdict decides. */
static void
expect_invalid(const char *const *texts)
{
	for (; *texts != NULL; texts++)
		cr_expect_eq(verdict_of(*texts), RECORD_INVALID, "%s", *texts);
}

#define INVALID(...) expect_invalid((const char *const[]){__VA_ARGS__, NULL})
#define RUA	     "rua=mailto:r@e.com"

Test(record, conformance_8_the_version_minds_the_case)
{
	INVALID("V=TLSRPTv1;" RUA, "v=tlsrptv1;" RUA, "v=TLSRPTV1;" RUA);
}

Test(record, conformance_9_a_version_alone_is_no_record)
{
	INVALID("v=TLSRPTv1", "v=TLSRPTv1;");
}

Test(record, conformance_10_another_version_is_no_version_1)
{
	INVALID("v=TLSRPTv10;" RUA, "v=TLSRPTv2;" RUA);
}

Test(record, conformance_11_rua_in_front_of_the_version)
{
	INVALID(RUA "; v=TLSRPTv1");
}

Test(record, conformance_12_no_rua)
{
	INVALID("v=TLSRPTv1; x=y");
}

Test(record, conformance_13_an_extension_in_front_of_rua)
{
	cr_expect_eq(verdict_of("v=TLSRPTv1; x=y; " RUA), RECORD_VALID);
}

Test(record, conformance_14_rua_in_capitals_is_none)
{
	INVALID("v=TLSRPTv1; RUA=mailto:r@e.com");
}

Test(record, conformance_15_spaces_round_the_equals_sign)
{
	INVALID("v=TLSRPTv1; rua= mailto:r@e.com", "v =TLSRPTv1; " RUA);
}

Test(record, conformance_16_two_rua_are_joined_with_a_warning)
{
	cr_expect_eq(
	    verdict_of("v=TLSRPTv1; " RUA "; rua=mailto:s@e.com"), RECORD_WARN);
}

Test(record, conformance_17_an_empty_field)
{
	INVALID("v=TLSRPTv1;;" RUA, "v=TLSRPTv1; " RUA ";;");
}

Test(record, conformance_18_white_space_in_front)
{
	INVALID(" v=TLSRPTv1; " RUA, "\tv=TLSRPTv1; " RUA);
}

Test(record, conformance_19_names_have_32_characters)
{
	cr_expect_eq(verdict_of("v=TLSRPTv1; " RUA
				"; a2345678901234567890123456789012=1"),
	    RECORD_VALID);
	INVALID("v=TLSRPTv1; " RUA "; a23456789012345678901234567890123=1",
	    "v=TLSRPTv1; " RUA "; _a=1");
}

Test(record, conformance_20_values_of_extensions)
{
	INVALID("v=TLSRPTv1; " RUA "; a=", "v=TLSRPTv1; " RUA "; a=b=c",
	    "v=TLSRPTv1; " RUA "; a=b c");
}

Test(record, conformance_21_an_exclamation_mark_is_encoded)
{
	INVALID("v=TLSRPTv1; rua=mailto:a!b@e.com");
	cr_expect_eq(
	    verdict_of("v=TLSRPTv1; rua=mailto:a%21b@e.com"), RECORD_VALID);
}

Test(record, conformance_22_no_limits_of_size)
{
	INVALID("v=TLSRPTv1; " RUA "!10m");
}

Test(record, conformance_23_http_is_no_destination)
{
	INVALID("v=TLSRPTv1; rua=http://e.com/");
	cr_expect_eq(
	    verdict_of("v=TLSRPTv1; " RUA ",http://e.com/"), RECORD_WARN);
}

Test(record, conformance_24_a_bare_address_is_no_uri)
{
	INVALID("v=TLSRPTv1; rua=a@e.com", "v=TLSRPTv1; rua=");
}

/* ---- making one ---- */

/* What is made of one URI, or the error; in the arena. */
static const char *
made_of(struct arena *a, const char *domain, const char *uri)
{
	struct err err = {0};
	struct record_made made;
	struct span s = span_of(uri);

	if (record_make(&made, a, domain, &s, uri != NULL, &err) == -1) {
		cr_expect_eq(err.code, ERR_USAGE);
		return arena_strdup(a, err.text);
	}
	return arena_printf(a, "%s|%s", made.name, made.value);
}

Test(record, it_is_made_for_a_domain_and_its_uris)
{
	struct arena *a = arena_new(4096);
	struct span uris[2] = {
	    SPAN("mailto:tls@e.com"), SPAN("https://h.example/v1")};
	struct record_made made;
	struct err err;

	cr_assert_eq(record_make(&made, a, "Example.COM.", uris, 2, &err), 0);
	cr_expect_str_eq(made.name, "_smtp._tls.example.com");
	cr_expect_str_eq(made.value,
	    "v=TLSRPTv1; rua=mailto:tls@e.com,https://h.example/v1");
	cr_expect_str_eq(record_zone_line(a, &made),
	    "_smtp._tls.example.com. IN TXT \"v=TLSRPTv1; "
	    "rua=mailto:tls@e.com,https://h.example/v1\"");
	arena_free(a);
}

Test(record, conformance_27_what_must_be_is_encoded)
{
	struct arena *a = arena_new(4096);

	cr_expect_str_eq(made_of(a, "e.com", "https://h.example/a,b;c!d e\""),
	    "_smtp._tls.e.com|v=TLSRPTv1; "
	    "rua=https://h.example/a%2Cb%3Bc%21d%20e%22");
	cr_expect_str_eq(made_of(a, "e.com", "mailto:a!b#c/d@e.com"),
	    "_smtp._tls.e.com|v=TLSRPTv1; rua=mailto:a%21b%23c%2Fd@e.com");
	cr_expect_str_eq(made_of(a, "e.com", "https://h.example/%2c%zz"),
	    "_smtp._tls.e.com|v=TLSRPTv1; rua=https://h.example/%2c%25zz");
	arena_free(a);
}

Test(record, mistakes_are_refused_with_the_remedy)
{
	static const struct {
		const char *domain;
		const char *uri;
		const char *remedy;
	} table[] = {
	    {"e.com", "tls@e.com", "write mailto:tls@e.com"},
	    {"e.com", "rua=mailto:a@e.com", "without rua="},
	    {"e.com", "h.example", "https://h.example/"},
	    {"e.com", "http://h.example/", "https://"},
	    {"e.com", "ftp://h.example/", "mailto: or https://"},
	    {"e.com", "", "empty URI"},
	    {"e.com", "what", "mailto:ADDRESS"},
	    {"e.com", NULL, "where shall reports go"},
	    {"e.com", "mailto:a@e.com,mailto:b@e.com", "each as an argument"},
	    {"e.com", "mailto:a b@e.com", "plain mailbox name"},
	    {"e.com", "mailto:a@e.com?subject=x", "Remove them"},
	    {"e.com", "mailto:a@localhost", "full host name"},
	    {"e.com", "mailto:nobody", "mailto:LOCAL@DOMAIN"},
	    {"e.com", "mailto:a@b\xc3\xbc.example", "xn--"},
	    {"e.com", "https://u:p@h.example/", "secret in the path"},
	    {"e.com", "https://192.0.2.1/", "host name"},
	    {"e.com", "https://h.example/#x", "Remove it"},
	    {"_smtp._tls.e.com", "mailto:a@e.com", "the domain alone, e.com"},
	    {"mailto:a@e.com", "mailto:a@e.com", "domain of your mail first"},
	    {"https://e.com/", "mailto:a@e.com", "domain of your mail first"},
	    {"a b", "mailto:a@e.com", "no domain name"},
	    {"", "mailto:a@e.com", "no domain"},
	    {"b\xc3\xbc.example", "mailto:a@e.com", "xn--"},
	};
	struct arena *a = arena_new(4096);
	const char *said;
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		said = made_of(a, table[i].domain, table[i].uri);
		cr_expect_not_null(
		    strstr(said, table[i].remedy), "%zu: %s", i, said);
	}
	arena_free(a);
}

Test(record, the_same_uri_twice_is_refused)
{
	struct arena *a = arena_new(4096);
	struct span uris[2] = {SPAN("mailto:a@e.com"), SPAN("mailto:a@E.com")};
	struct record_made made;
	struct err err = {0};

	cr_assert_eq(record_make(&made, a, "e.com", uris, 2, &err), -1);
	cr_expect_not_null(strstr(err.text, "twice"), "%s", err.text);
	arena_free(a);
}

static int
make_long(struct arena *a, size_t n, size_t len, struct err *err)
{
	struct span uris[RECORD_DESTINATIONS_MAX + 1];
	struct record_made made;
	char *uri;
	size_t i;

	for (i = 0; i < n; i++) {
		uri = arena_alloc(a, len + 1);
		memset(uri, 'x', len);
		uri[len] = '\0';
		snprintf(uri, len, "https://h.example/%05zu", i);
		uri[strlen(uri)] = 'x';
		uris[i] = (struct span){uri, len};
	}
	return record_make(&made, a, "e.com", uris, n, err);
}

Test(record, as_many_uris_are_taken_as_are_read)
{
	struct arena *a = arena_new(4096);
	struct err err = {0};

	cr_expect_eq(
	    make_long(a, RECORD_DESTINATIONS_MAX, 30, &err), 0, "%s", err.text);
	cr_expect_eq(make_long(a, RECORD_DESTINATIONS_MAX + 1, 30, &err), -1);
	arena_free(a);
}

Test(record, a_text_is_as_long_as_a_txt_record_can_hold)
{
	struct arena *a = arena_new(4096);
	struct err err = {0};
	struct span text;
	/* v=TLSRPTv1; rua= and a URI. */
	size_t uri = RECORD_TEXT_MAX - 16;

	cr_expect_eq(make_long(a, 1, uri, &err), 0, "%s", err.text);
	cr_expect_eq(make_long(a, 1, uri + 1, &err), -1);
	text =
	    (struct span){arena_calloc(a, 1, RECORD_TEXT_MAX), RECORD_TEXT_MAX};
	cr_expect_eq(rdata_txt_make(a, text).len, 65535);
	arena_free(a);
}

Test(record, long_values_are_split_at_255_octets)
{
	struct arena *a = arena_new(4096);
	struct record_made made = {.name = "n"};
	struct span text, data;
	size_t len, strings;
	char *value;

	for (len = 254; len < 257; len++) {
		value = support_repeat('x', len);
		made.value = value;
		cr_expect_eq(strlen(record_zone_line(a, &made)),
		    len + strlen("n. IN TXT \"\"") + (len > 255 ? 3 : 0));
		data = rdata_txt_make(a, span_of(value));
		cr_assert_eq(rdata_txt(a, data, &text, &strings), 0);
		cr_expect_eq(strings, len > 255 ? 2 : 1);
		cr_expect(span_equal(text, span_of(value)));
		free(value);
	}
	arena_free(a);
}

/* ---- any URIs at all ---- */

static uint32_t
next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static struct span
random_uri(struct arena *a, uint32_t *state)
{
	static const char octets[] =
	    "abcdefz0129.-_~%!,;:@/?#[]$&'()*+= \"<>\\^`{|}\t\x01\x7f\xc3\xff";
	static const char *const starts[] = {
	    "mailto:", "https://h.example/", "mailto:a", "https://", ""};
	static const char *const ends[] = {
	    "@mail.example", ".example/", "", "x@sub.mail.example", "?q=1"};
	char *middle = arena_alloc(a, 64);
	size_t len = next_random(state) % 24, i;

	for (i = 0; i < len; i++)
		middle[i] = octets[next_random(state) % (sizeof(octets) - 1)];
	return span_of(
	    arena_printf(a, "%s%.*s%s", starts[next_random(state) % 5],
		(int)len, middle, ends[next_random(state) % 5]));
}

Test(record, conformance_27_what_is_made_is_read_again)
{
	struct arena *a = arena_new(8192);
	struct findings f;
	struct record_made record;
	struct record_set set;
	struct span uris[3], text;
	uint32_t state = 8460;
	size_t i, n, k, made = 0;

	for (i = 0; i < 20000; i++) {
		arena_reset(a);
		n = 1 + next_random(&state) % 3;
		for (k = 0; k < n; k++)
			uris[k] = random_uri(a, &state);
		if (record_make(&record, a, "e.example", uris, n, NULL) == -1)
			continue;
		made++;
		cr_assert_eq(
		    rdata_txt(a, rdata_txt_make(a, span_of(record.value)),
			&text, NULL),
		    0);
		f = findings_new(a);
		record_read(&set, &text, 1, NAME, &f);
		cr_assert_eq(set.verdict, RECORD_VALID, "%s", record.value);
		cr_assert_eq(set.record.ndestinations, n);
		cr_assert_leq(findings_worst(&f), SEVERITY_INFO);
	}
	cr_expect_gt(made, 1000, "only %zu", made);
	arena_free(a);
}
