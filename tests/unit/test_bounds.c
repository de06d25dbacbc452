/* SPDX-License-Identifier: ISC */

/*
 * Every bound of limits.h that can be set: a message that just keeps it is a
 * report, one that just exceeds it is rejected by the bound's name; by
 * default, and when it is lowered.  A new bound does not compile here until
 * there is a message for it.
 */

#include "config.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "decode/unpack.h"
#include "mail_kit.h"
#include "pack.h"
#include "support.h"

/* REPORT without what ends it, so that more can be put in. */
#define REPORT_BODY   BEFORE_POLICIES POLICY(",\"policy-domain\":\"example.com\"")
#define REPORT_VALUES 15

#define JSON_PART CT "application/tlsrpt+json\r\n"

static void
put(struct mail_run *r, const char *text, size_t n)
{
	size_t len = strlen(text);

	cr_assert_eq(buf_reserve(&r->bytes, n * len), 0);
	while (n-- > 0)
		buf_append(&r->bytes, text, len);
}

/* Puts one fill n times between first and last. */
static void
put_around(struct mail_run *r, const char *first, const char *fill, size_t n,
    const char *last)
{
	put(r, first, 1);
	put(r, fill, n);
	put(r, last, 1);
}

/* Puts fill between first and last so often that all is n bytes long. */
static void
put_up_to(
    struct mail_run *r, size_t n, const char *first, const char *last, char c)
{
	char *fill = support_repeat(c, n - strlen(first) - strlen(last));

	put_around(r, first, fill, 1, last);
	free(fill);
}

static void
make_message_bytes(struct mail_run *r, size_t n)
{
	mail_put_claiming(r);
	mail_put_part(r, JSON_PART, SPAN(REPORT));
	mail_put_end(r);
	cr_assert_eq(buf_reserve(&r->bytes, n), 0);
	memset(r->bytes.data + r->bytes.len, 'x', n - r->bytes.len);
	r->bytes.len = n;
}

static void
make_mime_parts(struct mail_run *r, size_t n)
{
	mail_put_claiming(r);
	mail_put_part(r, JSON_PART, SPAN(REPORT));
	put_around(r, "", "--b\r\n\r\n", n - 2, "--b--\r\n");
}

/* The last multipart is the n'th and holds the report. */
static void
make_mime_depth(struct mail_run *r, size_t n)
{
	size_t i;

	put(r, FROM HEADERS, 1);
	for (i = 0; i < n; i++)
		pack_text(&r->bytes,
		    CT "multipart/mixed; boundary=b%zu\r\n\r\n--b%zu\r\n", i,
		    i);
	put(r, JSON_PART "\r\n" REPORT, 1);
}

static void
make_header_bytes(struct mail_run *r, size_t n)
{
	put_up_to(r, n, FROM HEADERS JSON_PART "X: ", "\r\n", 'x');
	put(r, "\r\n" REPORT, 1);
}

/* Packs a report of n bytes into packed bytes, by zeros behind it. */
static void
put_packed(struct mail_run *r, size_t n, size_t packed)
{
	struct buf gz;

	put_up_to(r, n, REPORT_BODY, "]}", ' ');
	gz = pack_gzip(mail_bytes_of(&r->bytes));
	cr_assert_leq(gz.len, packed);
	r->bytes.len = 0;
	buf_append(&r->bytes, gz.data, gz.len);
	buf_reserve(&r->bytes, packed - gz.len);
	memset(r->bytes.data + gz.len, 0, packed - gz.len);
	r->bytes.len = packed;
	buf_free(&gz);
}

static void
make_json_bytes(struct mail_run *r, size_t n)
{
	put_packed(r, n, 400000);
}

static void
make_inflate_ratio(struct mail_run *r, size_t n)
{
	put_packed(r, n * 11000, 11000);
}

static void
make_inflate_free_bytes(struct mail_run *r, size_t n)
{
	put_packed(r, n, 2000);
}

static void
make_archive_entries(struct mail_run *r, size_t n)
{
	struct pack_entry *entries = calloc(n, sizeof(*entries));
	struct buf zip;
	size_t i;

	for (i = 0; i < n; i++)
		entries[i] =
		    (struct pack_entry){"report.json", SPAN(REPORT), 0, 0};
	zip = pack_zip(entries, n);
	buf_append(&r->bytes, zip.data, zip.len);
	buf_free(&zip);
	free(entries);
}

/* The report itself is one level. */
static void
make_json_depth(struct mail_run *r, size_t n)
{
	put_around(r, REPORT_BODY "],\"x\":", "[", n - 1, "");
	put_around(r, "", "]", n - 1, "}");
}

static void
make_json_values(struct mail_run *r, size_t n)
{
	put_around(
	    r, REPORT_BODY "],\"x\":[0", ",1", n - REPORT_VALUES - 2, "]}");
}

static void
make_policies(struct mail_run *r, size_t n)
{
	put_around(r, REPORT_BODY,
	    "," POLICY(",\"policy-domain\":\"e.example\""), n - 1, "]}");
}

static void
make_failure_details(struct mail_run *r, size_t n)
{
	put_around(
	    r, REPORT_BODY ",{\"failure-details\":[{}", ",{}", n - 1, "]}]}");
}

/* They are in two policies, and of four kinds: all count together. */
static void
make_policy_strings(struct mail_run *r, size_t n)
{
	put_around(r, REPORT_BODY ",{\"policy\":{\"policy-string\":[\"a\\nb\"",
	    ",\"c\"", n - 5, "],\"mx-host\":[\"a.example\"]}}");
	put(r,
	    ",{\"policy\":{\"policy-string\":[\"[\\\"d\\\"]\"],"
	    "\"mx-host\":\"b.example\"}}]}",
	    1);
}

static void
make_string_bytes(struct mail_run *r, size_t n)
{
	put_around(r, REPORT_BODY ",{\"policy\":{\"policy-type\":\"", "x", n,
	    "\"}}]}");
}

/* A bound as it is lowered: as far as the messages allow. */
enum lowered {
	LOW_message_bytes = 2000,
	LOW_mime_parts = 3,
	LOW_mime_depth = 2,
	LOW_header_bytes = 1000,
	LOW_json_bytes = 1000,
	LOW_inflate_ratio = 3,
	LOW_inflate_free_bytes = 2001,
	LOW_archive_entries = 1,
	LOW_json_depth = 6,
	LOW_json_values = 30,
	LOW_policies = 2,
	LOW_failure_details = 3,
	LOW_policy_strings = 8,
	LOW_string_bytes = 60
};

struct bound {
	const char *name;
	size_t offset; /* in struct limits */
	size_t most;
	size_t low;
	void (*make)(struct mail_run *r, size_t n);
};

static const struct bound bounds[] = {
#define BOUND(name, value) \
	{#name, offsetof(struct limits, name), value, LOW_##name, make_##name},
    LIMITS(BOUND)
#undef BOUND
};

/* These two are one bound, which has the name of the first; and the small
 * messages here must not be allowed by the second. */
static void
set_other_bounds(struct limits *limits, const struct bound *b)
{
	if (strcmp(b->name, "inflate_free_bytes") == 0)
		limits->inflate_ratio = 1;
	else if (strcmp(b->name, "inflate_ratio") == 0)
		limits->inflate_free_bytes = 1;
}

static const char *
name_in_reason(const struct bound *b)
{
	return strcmp(b->name, "inflate_free_bytes") == 0 ? "inflate_ratio"
							  : b->name;
}

static void
hold(const struct bound *b, size_t limit)
{
	struct limits limits = LIMITS_DEFAULT;
	struct mail_run r;

	set_other_bounds(&limits, b);
	memcpy((char *)&limits + b->offset, &limit, sizeof(limit));
	mail_start_with(&r, limits);
	r.bytes.cap = (size_t)128 << 20;
	b->make(&r, limit);
	mail_decode(&r);
	cr_assert_eq(r.out.nfaults, 0, "%s %zu, just under: %s", b->name, limit,
	    r.out.nfaults > 0 ? r.out.faults[0].reason : "");
	cr_assert_gt(r.out.nreports, 0, "%s %zu", b->name, limit);
	r.bytes.len = 0;
	b->make(&r, limit + 1);
	mail_decode(&r);
	cr_assert_eq(r.out.nfaults, 1, "%s %zu, just over", b->name, limit);
	cr_assert_eq(r.out.faults[0].kind, FAULT_BOUND, "%s", b->name);
	cr_assert_not_null(strstr(r.out.faults[0].reason, name_in_reason(b)),
	    "%s: %s", b->name, r.out.faults[0].reason);
	mail_end(&r);
}

Test(bounds, reports_and_faults_of_a_message_are_bound)
{
	struct mail_run r;
	size_t n, i;

	mail_start(&r);
	for (n = ITEMS_MAX - 1; n <= ITEMS_MAX; n++) {
		r.bytes.len = 0;
		put(&r, FROM HEADERS TYPE "\r\n", 1);
		for (i = 0; i < n; i++)
			mail_put_part(&r, JSON_PART, SPAN(REPORT));
		mail_decode(&r);
		mail_assert_counts(&r, ITEMS_MAX - 1, n >= ITEMS_MAX, "items");
	}
	cr_assert_not_null(strstr(r.out.faults[0].reason, "(ITEMS_MAX)"));
	mail_end(&r);
}

/* Decodes a report that has a number of n digits somewhere. */
static size_t
faults_of_number(struct mail_run *r, size_t n)
{
	r->bytes.len = 0;
	put_around(r, REPORT_BODY "],\"x\":", "1", n, "}");
	mail_decode(r);
	return r->out.nfaults;
}

Test(bounds, numbers_in_json_are_bound)
{
	struct mail_run r;

	mail_start(&r);
	cr_assert_eq(faults_of_number(&r, JSON_NUMBER_MAX), 0);
	cr_assert_eq(faults_of_number(&r, JSON_NUMBER_MAX + 1), 1);
	cr_assert_not_null(
	    strstr(r.out.faults[0].reason, "more than 63 characters"));
	mail_end(&r);
}

/* Takes down how long the name of an entry is. */
static int
keep_length(void *arg, const char *name, struct span data)
{
	(void)data;
	*(size_t *)arg = strlen(name);
	return 0;
}

static size_t
length_of_name(size_t n)
{
	const struct limits limits = LIMITS_DEFAULT;
	struct unpacker *u = unpacker_new(&limits);
	char *name = support_repeat('n', n);
	struct pack_entry entry = {name, SPAN(REPORT), 0, 0};
	struct buf zip = pack_zip(&entry, 1);
	size_t len = 0;

	cr_assert_eq(
	    unpack_zip(u, mail_bytes_of(&zip), keep_length, &len, NULL), 0);
	buf_free(&zip);
	free(name);
	unpacker_free(u);
	return len;
}

/* Decodes a report without a domain from a file whose name, of n bytes, has
 * it; returns how much of the name is kept. */
static size_t
length_of_filename(size_t n)
{
	static const char start[] = "a.example!example.com!1!2!";
	struct mail_run r;
	char *fill = support_repeat('x', n - strlen(start)), *name;
	size_t len;

	mail_start(&r);
	cr_assert_neq(asprintf(&name, "%s%s", start, fill), -1);
	mail_decode_named(&r, SPAN(DOMAINLESS), name);
	mail_assert_counts(&r, 1, 0, "a long name");
	len = strlen(r.out.reports[0]->filename);
	mail_end(&r);
	free(name);
	free(fill);
	return len;
}

Test(bounds, names_are_cut)
{
	cr_assert_eq(length_of_name(NAME_BYTES_MAX), NAME_BYTES_MAX);
	cr_assert_eq(length_of_name(NAME_BYTES_MAX + 1), NAME_BYTES_MAX);
	cr_assert_eq(length_of_filename(NAME_BYTES_MAX), NAME_BYTES_MAX);
	cr_assert_eq(length_of_filename(NAME_BYTES_MAX + 1), NAME_BYTES_MAX);
}

Test(bounds, every_limit_holds_by_default, .timeout = 120)
{
	size_t i;

	for (i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
		hold(&bounds[i], bounds[i].most);
}

Test(bounds, every_limit_holds_when_it_is_lowered)
{
	size_t i;

	for (i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
		hold(&bounds[i], bounds[i].low);
}
