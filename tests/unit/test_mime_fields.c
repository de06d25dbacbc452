/* SPDX-License-Identifier: ISC */

/*
 * The MIME reader: the header fields that it finds, and whole mails with
 * what is attached to them.
 */

#include "config.h"

#include <ctype.h>

#include <criterion/criterion.h>

#include "base/arena.h"
#include "decode/field.h"
#include "decode/mime.h"
#include "decode/transfer.h"
#include "events.h"
#include "pack.h"
#include "support.h"

/* Reads s up to its part of that number; the reader must be freed. */
static struct mime *
read_to_part(struct span s, size_t number, struct mime_entity *e)
{
	static const struct limits limits = LIMITS_DEFAULT;
	struct mime *m = mime_new(&limits);
	int rc;

	mime_start(m, s, 0);
	do {
		rc = mime_next(m, e, NULL);
		cr_assert_gt(rc, 0, "there is no part %zu", number);
	} while (rc != MIME_PART || e->number != number);
	return m;
}

/* Reads s up to its first message. */
static void
read_fields(const char *s, struct mime_entity *e)
{
	static const struct limits limits = LIMITS_DEFAULT;
	struct mime *m = mime_new(&limits);

	mime_start(m, span_of(s), 0);
	cr_assert_eq(mime_next(m, e, NULL), MIME_MESSAGE);
	mime_free(m);
}

static void
expect_field(const char *s, enum mime_field field, const char *want)
{
	struct mime_entity e;

	read_fields(s, &e);
	if (want == NULL)
		cr_assert_null(e.fields[field].p, "%s", s);
	else
		cr_assert(span_equal(e.fields[field], span_of(want)),
		    "%s: got \"%.*s\"", s, (int)e.fields[field].len,
		    e.fields[field].p);
}

Test(mime, fields_are_found_behind_empty_lines)
{
	expect_field("\r\n\nSubject: x\n\nbody", MIME_SUBJECT, " x");
	expect_field("\nFrom a@example.net Fri Nov 20\nSubject: x\n\nbody",
	    MIME_SUBJECT, " x");
	expect_field("X: y\rSubject: x\n\n", MIME_SUBJECT, NULL);
}

Test(mime, lines_of_an_mbox_are_no_fields)
{
	expect_field("From a@example.net Fri Nov 20 04:00:00 2026\nSubject: "
		     "x\n\nbody",
	    MIME_SUBJECT, " x");
	expect_field(">From a@example.net Fri Nov 20 04:00:00 2026\nSubject: "
		     "x\n\nbody",
	    MIME_SUBJECT, " x");
}

Test(mime, a_line_without_a_colon_does_not_end_the_header)
{
	expect_field("X: y\nnothing to see\n folded\nSubject: x\n\nbody",
	    MIME_SUBJECT, " x");
}

Test(mime, fields_are_found_in_any_case_and_raw)
{
	expect_field("sUBJECT: x\n\n", MIME_SUBJECT, " x");
	expect_field("Subject : x\n\n", MIME_SUBJECT, " x");
	expect_field("Subject \t :x\n\n", MIME_SUBJECT, "x");
	expect_field("Subject:\n\n", MIME_SUBJECT, "");
	expect_field("Subject:", MIME_SUBJECT, "");
	expect_field("Subject:\r\n\tfolded\n  twice\r\n\n", MIME_SUBJECT,
	    "\r\n\tfolded\n  twice");
	expect_field("ContentType: text/x\n\n", MIME_CONTENT_TYPE, " text/x");
	expect_field("Content-Type: text/x\n\n", MIME_CONTENT_TYPE, " text/x");
}

Test(mime, the_first_field_of_a_name_counts)
{
	expect_field("Subject: x\nSubject: y\n\n", MIME_SUBJECT, " x");
	expect_field("Subject:\nSubject: y\n\n", MIME_SUBJECT, "");
	expect_field(
	    "ContentType: a\nContent-Type: b\n\n", MIME_CONTENT_TYPE, " a");
}

Test(mime, fields_of_similar_names_are_others)
{
	expect_field("Subjects: x\nSubjec: x\nXubject: x\n Subject: x\n\n"
		     "Subject: x\n",
	    MIME_SUBJECT, NULL);
	expect_field("Subject x: y\nSubject\n\n", MIME_SUBJECT, NULL);
	expect_field("\3ubject: x\nsubject\n\n", MIME_SUBJECT, NULL);
	expect_field("\377\376\375: x\n{}~: x\n\n", MIME_SUBJECT, NULL);
}

Test(mime, all_known_fields_are_found)
{
	static const char *const names[MIME_FIELD_COUNT] = {"Content-Type",
	    "Content-Transfer-Encoding", "Content-Disposition", "Subject",
	    "Date", "Received", "TLS-Report-Domain", "TLS-Report-Submitter",
	    "DKIM-Signature", "Authentication-Results"};
	struct buf b = {.cap = EVENTS_CAP};
	struct mime_entity e;
	size_t i, k;

	for (i = 0; i < MIME_FIELD_COUNT; i++) {
		pack_text(&b, "X-%s: no\nX: y\n", names[i]);
		for (k = 0; names[i][k] != '\0'; k++)
			pack_text(&b, "%c",
			    (k + i) % 2 == 0 ? names[i][k]
					     : toupper(names[i][k]));
		pack_text(&b, ":%s\n%s: no\n", names[i], names[i]);
	}
	read_fields(buf_string(&b), &e);
	for (i = 0; i < MIME_FIELD_COUNT; i++)
		cr_assert(
		    span_equal(e.fields[i], span_of(names[i])), "%s", names[i]);
	buf_free(&b);
}

Test(mime, the_header_is_given_without_the_empty_line)
{
	struct mime_entity e;
	struct field f;
	struct span rest;

	read_fields(
	    "DKIM-Signature: 1\r\nX: y\r\nDKIM-Signature: 2\r\n\r\nb", &e);
	cr_assert(span_equal(e.header,
	    SPAN("DKIM-Signature: 1\r\nX: y\r\nDKIM-Signature: 2\r\n")));
	rest.p =
	    e.fields[MIME_DKIM_SIGNATURE].p + e.fields[MIME_DKIM_SIGNATURE].len;
	rest.len = (size_t)(e.header.p + e.header.len - rest.p);
	cr_assert(field_next(&rest, &f));
	cr_assert(span_is(f.name, "X"));
	cr_assert(field_next(&rest, &f));
	cr_assert(span_is(f.value, " 2"));
	cr_assert_not(field_next(&rest, &f));
}

Test(mime, each_part_tells_which_message_it_is_in)
{
	static const char mail[] =
	    MIXED("o") "--o\nContent-Type: message/rfc822\n\n" MIXED(
		"i") "--i\n\none\n--i\nContent-Type: message/rfc822\n\nX: y\n"
		     "\ntwo\n--i--\n--o\nContent-Type: multipart/x; boundary=k"
		     "\n\n--k\n\nthree\n--k\nContent-Type: message/rfc822\n\n"
		     "X: y\n\nfour\n--k--\n--o--\n";
	static const size_t depths[] = {5, 5, 7, 7, 9, 5, 5, 8};
	const struct limits limits = LIMITS_DEFAULT;
	struct mime *m = mime_new(&limits);
	struct mime_entity e;
	size_t i;

	mime_start(m, span_of(mail), 5);
	for (i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		cr_assert_gt(mime_next(m, &e, NULL), 0);
		cr_assert_eq(e.message_depth, depths[i], "event %zu: %zu", i,
		    e.message_depth);
	}
	cr_assert_eq(mime_next(m, &e, NULL), MIME_END);
	mime_free(m);
}

Test(mime, a_part_does_not_have_the_fields_of_the_one_before)
{
	struct mime_entity e;
	struct mime *m;

	m = read_to_part(SPAN(MIXED("b") "--b\nContent-Type: text/x\nX: y\n\n"
					 "one\n--b\nContent-Disposition: z\n\n"
					 "two\n--b--\n"),
	    2, &e);
	cr_assert_null(e.fields[MIME_CONTENT_TYPE].p);
	cr_assert_null(e.fields[MIME_SUBJECT].p);
	cr_assert(span_is(e.fields[MIME_CONTENT_DISPOSITION], " z"));
	cr_assert(span_is(e.header, "Content-Disposition: z\n"));
	mime_free(m);
	m = read_to_part(SPAN("Subject: x\n\nbody"), 1, &e);
	cr_assert(span_is(e.fields[MIME_SUBJECT], " x"));
	cr_assert(span_is(e.header, "Subject: x\n"));
	mime_free(m);
}

static void
drop_crs(struct buf *b)
{
	size_t i, len = 0;

	for (i = 0; i < b->len; i++)
		if (b->data[i] != '\r')
			b->data[len++] = b->data[i];
	b->len = len;
}

/* Decodes part number of a fixture and compares it with another file, or
 * with gzip's magic if that is NULL. */
static void
expect_part_is(const char *name, size_t number, const char *file)
{
	struct buf mail = support_read(name), out = {.cap = EVENTS_CAP};
	struct mime_entity e;
	struct mime *m =
	    read_to_part((struct span){mail.data, mail.len}, number, &e);
	struct buf want = {.cap = EVENTS_CAP};
	bool noise = false;

	cr_assert_eq(
	    transfer_decode(
		transfer_parse(e.fields[MIME_CONTENT_TRANSFER_ENCODING]),
		e.body, &out, &noise),
	    0);
	cr_assert_not(noise, "%s", name);
	if (file != NULL) {
		want = support_read(file);
		drop_crs(&out);
		while (out.len > 0 && ascii_is_space(out.data[out.len - 1]))
			out.len--;
		while (want.len > 0 && ascii_is_space(want.data[want.len - 1]))
			want.len--;
		cr_assert_eq(out.len, want.len, "%s", name);
		cr_assert_arr_eq(out.data, want.data, want.len, "%s", name);
	} else {
		cr_assert(span_starts(
			      (struct span){out.data, out.len}, "\x1f\x8b\x08"),
		    "%s", name);
	}
	buf_free(&want);
	buf_free(&out);
	buf_free(&mail);
	mime_free(m);
}

static void
expect_parameter(const char *name, size_t number, enum mime_field field,
    const char *parameter, const char *want)
{
	struct buf mail = support_read(name);
	struct arena *a = arena_new(256);
	struct mime_entity e;
	struct mime *m;
	char *got;

	if (number > 0) {
		m = read_to_part(
		    (struct span){mail.data, mail.len}, number, &e);
		mime_free(m);
	} else {
		read_fields(mail.data, &e);
	}
	got = field_parameter(a, e.fields[field], parameter);
	cr_assert_not_null(got, "%s", name);
	cr_assert_str_eq(got, want);
	arena_free(a);
	buf_free(&mail);
}

Test(mime, conformance_60_report_type_is_read_quoted_or_not)
{
	expect_parameter("good/mime-gzip-base64.eml", 0, MIME_CONTENT_TYPE,
	    "report-type", "tlsrpt");
	expect_parameter("good/mime-report-type-unquoted.eml", 0,
	    MIME_CONTENT_TYPE, "report-type", "tlsrpt");
	expect_part_is(
	    "good/mime-report-type-unquoted.eml", 2, "good/report-ascii.json");
}

Test(mime, conformance_61_gzip_in_base64_is_decoded)
{
	expect_part_is("good/mime-gzip-base64.eml", 2, NULL);
}

Test(mime, conformance_62_json_is_decoded_from_any_transfer_encoding)
{
	expect_part_is(
	    "good/mime-json-base64.eml", 2, "good/report-ascii.json");
	expect_part_is(
	    "good/mime-json-quoted-printable.eml", 2, "good/report-utf8.json");
	expect_part_is("good/mime-json-8bit.eml", 2, "good/report-utf8.json");
}

Test(mime, conformance_62_json_without_an_encoding_is_as_it_stands)
{
	struct buf mail = support_read("good/mime-json-7bit.eml");
	struct mime_entity e;
	struct mime *m =
	    read_to_part((struct span){mail.data, mail.len}, 2, &e);

	cr_assert_null(e.fields[MIME_CONTENT_TRANSFER_ENCODING].p);
	cr_assert(span_starts(e.body, "{\r\n \"organization-name\""));
	cr_assert(span_ends(e.body, "]\r\n}\r\n"));
	mime_free(m);
	buf_free(&mail);
}

Test(mime, conformance_63_file_names_are_read_in_every_form)
{
	static const char *const names[] = {"lenient/filename-folded.eml",
	    "lenient/filename-rfc2231.eml", "lenient/filename-rfc2047.eml"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		expect_parameter(names[i], 2, MIME_CONTENT_DISPOSITION,
		    "filename",
		    "reporter.example!example.com!1795046400!1795132799"
		    ".json.gz");
}

Test(mime, conformance_64_extra_parts_are_given_too)
{
	expect_part_is("lenient/extra-parts.eml", 2, NULL);
	expect_parameter("lenient/extra-parts.eml", 4, MIME_CONTENT_TYPE,
	    "name", "footer.txt");
}

Test(mime, a_forwarded_report_and_one_without_an_end_are_found)
{
	expect_part_is("lenient/forwarded-message.eml", 3, NULL);
	expect_part_is("lenient/no-final-boundary.eml", 2, NULL);
}
