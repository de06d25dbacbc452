/* SPDX-License-Identifier: ISC */

/*
 * Reports across a border: what is written is read back the same, and what no
 * decoder would have written is refused, whatever was changed.
 */

#include "config.h"

#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "decode/decode.h"
#include "report/wire.h"
#include "support.h"

/* Two strings and two failures, and something in every field. */
static struct report *
full_report(struct arena *a)
{
	static const char *strings[] = {"version: STSv1", "mode: enforce"};
	static const char *hosts[] = {"mx1.example.com", "\xc3\xa4.example"};
	struct report *r = arena_calloc(a, 1, sizeof(*r));

	*r = (struct report){.reporter = "google.com",
	    .organization = "Google Inc.",
	    .contact = "smtp-tls@google.com",
	    .id = "2026-11-20T00:00:00Z_example.com",
	    .start = 1700000000,
	    .end = 1700086399,
	    .day = 19675,
	    .received = TIME_NONE,
	    .authenticity = AUTH_VERIFIED,
	    .submitter_header = "google.com",
	    .domain_header = "example.com",
	    .filename = "x.json.gz",
	    .subject = "Report Domain: example.com"};
	memset(r->sum, 0xab, sizeof(r->sum));
	r->original = (struct original){.data = (const unsigned char *)"\0\1\2",
	    .len = 3,
	    .json_len = 1000,
	    .encoding = ENCODING_GZIP};
	r->npolicies = 2;
	r->policies = arena_calloc(a, 2, sizeof(*r->policies));
	r->policies[0] = (struct policy){.type = POLICY_STS,
	    .type_text = "",
	    .mode = MODE_ENFORCE,
	    .domain = "example.com",
	    .strings = strings,
	    .nstrings = 2,
	    .mx_hosts = hosts,
	    .nmx_hosts = 2,
	    .successful = COUNT_MAX,
	    .failed = 5};
	r->policies[0].nfailures = 2;
	r->policies[0].failures =
	    arena_calloc(a, 2, sizeof(*r->policies[0].failures));
	r->policies[0].failures[0] =
	    (struct failure){.type = RESULT_CERTIFICATE_EXPIRED,
		.type_text = "",
		.sending_ip = "192.0.2.1",
		.receiving_mx = "mx1.example.com",
		.receiving_helo = "h",
		.receiving_ip = "2001:db8::1",
		.additional_information = "https://x.example/",
		.reason_code = "X509",
		.sessions = 3};
	r->policies[0].failures[1] = (struct failure){.type = RESULT_OTHER,
	    .type_text = "gremlins",
	    .sending_ip = "",
	    .receiving_mx = "",
	    .receiving_helo = "",
	    .receiving_ip = "",
	    .additional_information = "",
	    .reason_code = "",
	    .sessions = 2};
	r->policies[1] = (struct policy){.type = POLICY_OTHER,
	    .type_text = "new-thing",
	    .mode = MODE_UNKNOWN,
	    .domain = ""};
	r->ndeviations = 1;
	r->deviations = arena_calloc(a, 1, sizeof(*r->deviations));
	r->deviations[0] =
	    (struct deviation){DEVIATION_COUNTS_DIFFER, "policies[0].summary"};
	return r;
}

/* A message of that report and one fault. */
static struct decoded
full_message(struct arena *a)
{
	struct decoded d = {.arena = a, .nreports = 1, .nfaults = 1};

	d.reports = arena_calloc(a, 1, sizeof(struct report *));
	d.reports[0] = full_report(a);
	d.faults = arena_calloc(a, 1, sizeof(*d.faults));
	d.faults[0] = (struct fault){FAULT_BOUND, "part 2: json_depth"};
	return d;
}

static struct buf
write_message(const struct decoded *d)
{
	struct buf b = {.cap = SIZE_MAX - 1};
	struct fields_out o = {.buf = &b};

	wire_put_decoded(&o, d);
	cr_assert_not(o.over);
	return b;
}

static int
read_message(
    const struct buf *b, struct arena *a, struct decoded *out, struct err *err)
{
	const struct limits limits = LIMITS_DEFAULT;
	struct fields f = fields_of(b->data, b->len);

	return wire_get_decoded(&f, &limits, a, out, err);
}

/* Fails unless two messages are the same to the last byte of what they say. */
static void
expect_same(const struct decoded *a, const struct decoded *b)
{
	struct buf x = write_message(a), y = write_message(b);

	cr_assert_eq(x.len, y.len);
	cr_assert_eq(memcmp(x.data, y.data, x.len), 0);
	buf_free(&x);
	buf_free(&y);
}

Test(wire, every_field_comes_back)
{
	struct arena *a = arena_new(4096);
	struct decoded d = full_message(a), out;
	struct buf b = write_message(&d);
	struct err err;

	cr_assert_eq(read_message(&b, a, &out, &err), 0, "%s", err.text);
	expect_same(&d, &out);
	cr_expect_eq(out.reports[0]->day, d.reports[0]->day);
	cr_expect_eq(out.reports[0]->received, TIME_NONE);
	cr_expect_str_eq(
	    out.reports[0]->policies[0].strings[1], "mode: enforce");
	cr_expect_eq(out.reports[0]->policies[0].successful, COUNT_MAX);
	cr_expect_eq(report_compare(d.reports[0], out.reports[0]), 0);
	buf_free(&b);
	arena_free(a);
}

Test(wire, cut_anywhere_it_is_refused)
{
	struct arena *a = arena_new(4096);
	struct decoded d = full_message(a), out;
	struct buf b = write_message(&d);
	size_t len = b.len;
	struct err err;
	char *exact;

	for (b.len = 0; b.len < len; b.len++) {
		struct buf cut = {.data = NULL, .len = b.len};

		/* In memory of its own, whose end is watched. */
		exact = malloc(b.len + 1);
		memcpy(exact, b.data, b.len);
		cut.data = exact;
		cr_assert_eq(
		    read_message(&cut, a, &out, &err), -1, "%zu", b.len);
		cr_assert_eq(err.code, ERR_DATA);
		free(exact);
	}
	b.len = len;
	buf_append(&b, "", 1);
	cr_expect_eq(read_message(&b, a, &out, &err), -1);
	buf_free(&b);
	arena_free(a);
}

/* Whatever a byte is changed to: it is refused, or it is a report that the
 * structs' promises hold for, and that can be written again. */
Test(wire, changed_anywhere_it_is_refused_or_makes_sense)
{
	static const unsigned char values[] = {0, 1, 4, 0x41, 0x7f, 0x80, 0xff};
	struct arena *a = arena_new(4096);
	struct decoded d = full_message(a), out;
	struct buf b = write_message(&d), again;
	unsigned char was;
	struct err err;
	size_t i, k;

	for (i = 0; i < b.len; i++) {
		was = (unsigned char)b.data[i];
		for (k = 0; k < sizeof(values); k++) {
			b.data[i] = (char)values[k];
			if (read_message(&b, a, &out, &err) == -1)
				continue;
			again = write_message(&out);
			cr_assert_eq(again.len, b.len);
			buf_free(&again);
		}
		b.data[i] = (char)was;
	}
	buf_free(&b);
	arena_free(a);
}

/* What no decoder gives, each beside the nearest that it does. */
static void
expect_refused(struct arena *a, const struct decoded *d, const char *what)
{
	struct buf b = write_message(d);
	struct decoded out;
	struct err err;

	cr_expect_eq(read_message(&b, a, &out, &err), -1, "%s", what);
	cr_expect_not_null(strstr(err.text, what), "%s: %s", what, err.text);
	buf_free(&b);
}

static void
expect_accepted(struct arena *a, const struct decoded *d)
{
	struct buf b = write_message(d);
	struct decoded out;
	struct err err;

	cr_expect_eq(read_message(&b, a, &out, &err), 0, "%s", err.text);
	buf_free(&b);
}

Test(wire, values_beyond_their_bounds_are_refused)
{
	struct arena *a = arena_new(4096);
	struct decoded d = full_message(a);
	struct report *r = d.reports[0];
	struct policy *p = &r->policies[0];
	struct failure *x = &p->failures[0];
	char *text = support_repeat('x', LIMITS_DEFAULT.string_bytes + 1);

#define REFUSED(field, bad, what)              \
	do {                                   \
		__typeof__(field) was = field; \
		field = bad;                   \
		expect_refused(a, &d, what);   \
		field = was;                   \
		expect_accepted(a, &d);        \
	} while (0)
	REFUSED(p->successful, COUNT_MAX + 1, "a number of sessions");
	REFUSED(p->failed, -1, "a number of sessions");
	REFUSED(r->policies[1].successful, 1, "a number of sessions");
	REFUSED(r->policies[1].failed, COUNT_MAX - 4, "a number of sessions");
	REFUSED(x->sessions, COUNT_MAX - 1, "a number of sessions");
	REFUSED(x->sessions, INT64_MIN, "a number of sessions");
	REFUSED(p->type, (enum policy_type)(POLICY_NONE + 1), "a policy type");
	REFUSED(p->mode, (enum policy_mode)(MODE_NONE + 1), "a policy mode");
	REFUSED(
	    x->type, (enum result_type)(RESULT_RFC_COUNT + 1), "a result type");
	REFUSED(x->type, RESULT_UNSPECIFIED, "a result type");
	REFUSED(x->type_text, "text", "a type with a text");
	REFUSED(p->type_text, "text", "a type with a text");
	REFUSED(p->domain, "Example.com", "a policy domain");
	REFUSED(p->domain, "example.com.", "a policy domain");
	REFUSED(r->reporter, "Google.com", "a reporter");
	REFUSED(r->reporter, "", "a reporter");
	REFUSED(p->type, POLICY_TLSA, "a policy mode");
	REFUSED(r->start, r->end + 1, "a date range");
	REFUSED(r->start, TIME_NONE, "a date range");
	REFUSED(r->start, (int64_t)DAY_MIN * DAY_SECONDS - 1, "a date range");
	REFUSED(r->end, ((int64_t)DAY_MAX + 1) * DAY_SECONDS, "a date range");
	REFUSED(r->authenticity, (enum authenticity)(AUTH_FAILED + 1),
	    "an authenticity");
	REFUSED(r->original.encoding, (enum encoding)3, "an encoding");
	REFUSED(r->original.encoding, (enum encoding)0, "an original");
	REFUSED(r->original.len, 0, "an original");
	REFUSED(
	    r->original.json_len, LIMITS_DEFAULT.json_bytes + 1, "json_bytes");
	REFUSED(r->deviations[0].code, DEVIATION_COUNT, "a deviation");
	REFUSED(d.faults[0].kind, (enum fault_kind)0, "a fault");
	REFUSED(d.faults[0].kind, (enum fault_kind)4, "a fault");
	REFUSED(r->organization, text, "fields");
	REFUSED(r->organization, "\xff", "fields");
	REFUSED(p->strings[0], "\xed\xa0\x80", "fields");
#undef REFUSED
	text[LIMITS_DEFAULT.string_bytes] = '\0';
	r->organization = text;
	expect_accepted(a, &d);
	free(text);
	arena_free(a);
}

Test(wire, places_have_a_bound_of_their_own)
{
	struct arena *a = arena_new(4096);
	struct decoded d = full_message(a);
	char *text = support_repeat('x', ((size_t)16 << 10) + 1);

	d.reports[0]->deviations[0].where = text;
	expect_refused(a, &d, "fields");
	text[(size_t)16 << 10] = '\0';
	expect_accepted(a, &d);
	d.faults[0].reason = text;
	expect_accepted(a, &d);
	free(text);
	arena_free(a);
}

/* Counts that are allowed but not there take no memory. */
Test(wire, counts_without_elements_take_no_memory)
{
	struct arena *a = arena_new(4096);
	struct decoded out, none = {.arena = a};
	struct buf b = write_message(&none);
	const uint32_t many = 1000000000;
	struct err err;

	memcpy(b.data, &many, sizeof(many));
	cr_expect_eq(read_message(&b, a, &out, &err), -1);
	memset(b.data, 0, sizeof(many));
	memcpy(b.data + sizeof(many), &many, sizeof(many));
	cr_expect_eq(read_message(&b, a, &out, &err), -1);
	cr_expect_lt(arena_used(a), 4096);
	buf_free(&b);
	arena_free(a);
}

/* What the limits allow of a report that has so many, and one less. */
static void
expect_limit(
    struct limits *lowered, size_t *limit, size_t has, const char *name)
{
	struct arena *a = arena_new(4096);
	struct decoded d = full_message(a), out;
	struct buf b = write_message(&d);
	struct fields f = fields_of(b.data, b.len);
	struct err err;

	*limit = has;
	cr_expect_eq(
	    wire_get_decoded(&f, lowered, a, &out, &err), 0, "%s", name);
	f = fields_of(b.data, b.len);
	*limit = has - 1;
	cr_expect_eq(
	    wire_get_decoded(&f, lowered, a, &out, &err), -1, "%s", name);
	cr_expect_not_null(strstr(err.text, name), "%s: %s", name, err.text);
	buf_free(&b);
	arena_free(a);
}

Test(wire, the_limits_on_policies_failures_and_strings_hold_on_both_sides)
{
	struct limits limits = LIMITS_DEFAULT;

	expect_limit(&limits, &limits.policies, 2, "policies");
	limits = LIMITS_DEFAULT;
	expect_limit(&limits, &limits.failure_details, 2, "failure_details");
	limits = LIMITS_DEFAULT;
	expect_limit(&limits, &limits.policy_strings, 4, "policy_strings");
}

/* All that the decoder makes of the fixtures passes. */
static void
expect_passes(struct decoder *decoder, const char *path, struct arena *a)
{
	struct buf bytes = support_read(path), b;
	const struct decode_input in = {.bytes = bytes.data,
	    .len = bytes.len,
	    .name = strrchr(path, '/') + 1,
	    .received = 12345,
	    .authserv_id = "mx.example.net"};
	struct decoded d, out;
	struct err err;

	decode_message(decoder, &in, a, &d);
	b = write_message(&d);
	cr_expect_eq(
	    read_message(&b, a, &out, &err), 0, "%s: %s", path, err.text);
	expect_same(&d, &out);
	buf_free(&b);
	buf_free(&bytes);
}

Test(wire, all_that_the_decoder_makes_of_fixtures_passes)
{
	static const char *const folders[] = {"good", "lenient", "hostile"};
	const struct limits limits = LIMITS_DEFAULT;
	struct decoder *decoder = decoder_new(&limits);
	struct arena *a = arena_new(4096);
	char pattern[2048];
	glob_t found;
	size_t i, k, root = strlen(support_data(""));

	for (i = 0; i < 3; i++) {
		snprintf(
		    pattern, sizeof(pattern), "%s/*", support_data(folders[i]));
		cr_assert_eq(glob(pattern, 0, NULL, &found), 0);
		for (k = 0; k < found.gl_pathc; k++) {
			expect_passes(decoder, found.gl_pathv[k] + root, a);
			arena_reset(a);
		}
		globfree(&found);
	}
	decoder_free(decoder);
	arena_free(a);
}
