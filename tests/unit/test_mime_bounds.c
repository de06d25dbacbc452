/* SPDX-License-Identifier: ISC */

/*
 * The MIME reader: bounds from both sides, mails that are cut anywhere, and
 * what is sent to make it slow.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/die.h"
#include "decode/field.h"
#include "decode/mime.h"
#include "events.h"
#include "pack.h"
#include "support.h"

Test(mime, a_header_has_its_bound)
{
	struct limits limits = LIMITS_DEFAULT;

	limits.header_bytes = 11;
	events_expect(&limits, 0, SPAN("Subject: x\n\nbody"), "M0 P1@0{body}");
	limits.header_bytes = 10;
	events_expect(
	    &limits, 0, SPAN("Subject: x\n\nbody"), "E(header_bytes)");
	limits.header_bytes = 63;
	events_expect(&limits, 0,
	    SPAN(MIXED("b") "--b\nX: 0123456789012345678901234567890123456789"
			    "01234567890123456789\n\none\n--b--\n"),
	    "M0 E(header_bytes)");
}

static void
expect_parts(size_t limit, size_t parts, const char *end)
{
	struct limits limits = LIMITS_DEFAULT;
	struct buf b = {.cap = EVENTS_CAP}, want = {.cap = EVENTS_CAP};
	size_t i;

	limits.mime_parts = limit;
	pack_text(&b, "%s", MIXED("b"));
	pack_text(&want, "M0 ");
	for (i = 1; i <= parts; i++) {
		pack_text(&b, "--b\n");
		if (i <= limit)
			pack_text(&want, "P%zu@1{} ", i);
	}
	pack_text(&b, "--b--\n");
	want.len -= *end == '\0' ? 1 : 0;
	pack_text(&want, "%s", end);
	events_expect(
	    &limits, 0, (struct span){b.data, b.len}, buf_string(&want));
	buf_free(&b);
	buf_free(&want);
}

Test(mime, parts_have_their_bound)
{
	struct buf b = support_read("hostile/parts-1001.eml");
	const struct limits limits = LIMITS_DEFAULT;
	struct mime_entity e;
	struct err err = {0};
	struct mime *m = mime_new(&limits);
	int rc;

	expect_parts(3, 3, "");
	expect_parts(3, 4, "E(mime_parts)");
	mime_start(m, (struct span){b.data, b.len}, 0);
	while ((rc = mime_next(m, &e, &err)) > 0)
		continue;
	cr_assert_eq(rc, -1);
	cr_assert_eq(e.number, 1000);
	cr_assert_str_eq(err.text, "more than 1000 parts (mime_parts)");
	mime_free(m);
	buf_free(&b);
}

Test(mime, parts_without_a_leaf_count_too)
{
	static const char empty[] = "--b\nContent-Type: multipart/x; "
				    "boundary=i\n\n--i--\n";
	struct limits limits = LIMITS_DEFAULT;
	struct buf b = {.cap = EVENTS_CAP};

	limits.mime_parts = 3;
	pack_text(&b, "%s%s%s--b\n\nx\n--b--\n", MIXED("b"), empty, empty);
	events_expect(&limits, 0, (struct span){b.data, b.len}, "M0 P1@1{x}");
	b.len = 0;
	pack_text(
	    &b, "%s%s%s%s--b\n\nx\n--b--\n", MIXED("b"), empty, empty, empty);
	events_expect(
	    &limits, 0, (struct span){b.data, b.len}, "M0 E(mime_parts)");
	buf_free(&b);
}

/* Writes depth multiparts within each other, with a leaf in the last. */
static void
write_nested(struct buf *b, size_t depth)
{
	size_t i;

	for (i = 0; i < depth; i++) {
		pack_text(b, "Content-Type: multipart/x; boundary=b%zu\n", i);
		pack_text(b, "\n--b%zu\n", i);
	}
	pack_text(b, "\nx\n");
	for (i = depth; i-- > 0;)
		pack_text(b, "--b%zu--\n", i);
}

static void
expect_nested(size_t limit, size_t base, size_t depth, const char *want)
{
	struct limits limits = LIMITS_DEFAULT;
	struct buf b = {.cap = EVENTS_CAP};

	limits.mime_depth = limit;
	write_nested(&b, depth);
	events_expect(&limits, base, (struct span){b.data, b.len}, want);
	buf_free(&b);
}

Test(mime, multiparts_have_a_bound_of_depth)
{
	expect_nested(20, 0, 20, "M0 P1@20{x}");
	expect_nested(20, 0, 21, "M0 E(mime_depth)");
	expect_nested(3, 0, 3, "M0 P1@3{x}");
	expect_nested(3, 0, 4, "M0 E(mime_depth)");
	expect_nested(3, 2, 1, "M2 P1@3{x}");
	expect_nested(3, 2, 2, "M2 E(mime_depth)");
	expect_nested(3, 3, 1, "M3 E(mime_depth)");
	expect_nested(3, 4, 1, "E(mime_depth)");
	expect_nested(0, 0, 1, "M0 E(mime_depth)");
	/* The reader has no more levels, whatever it is told. */
	expect_nested(100, 0, 20, "M0 P1@20{x}");
	expect_nested(100, 0, 21, "M0 E(mime_depth)");
}

Test(mime, messages_have_a_bound_of_depth)
{
	struct limits limits = LIMITS_DEFAULT;

	limits.mime_depth = 2;
	events_expect(&limits, 0,
	    SPAN("Content-Type: message/rfc822\n\nContent-Type: "
		 "message/rfc822\n\nX: y\n\nx"),
	    "M0 M1 M2 P1@2{x}");
	limits.mime_depth = 1;
	events_expect(&limits, 0,
	    SPAN("Content-Type: message/rfc822\n\nContent-Type: "
		 "message/rfc822\n\nX: y\n\nx"),
	    "M0 M1 E(mime_depth)");
}

Test(mime, hostile_nesting_is_refused)
{
	static const char *const names[] = {
	    "hostile/multiparts-nested-40-deep.eml",
	    "hostile/messages-nested-40-deep.eml"};
	const struct limits limits = LIMITS_DEFAULT;
	size_t i;

	for (i = 0; i < 2; i++) {
		struct buf b = support_read(names[i]);
		struct buf events = {.cap = EVENTS_CAP};

		events_write(&events, &limits, (struct span){b.data, b.len}, 0);
		cr_assert(span_ends(
		    (struct span){events.data, events.len}, "E(mime_depth)"));
		buf_free(&events);
		buf_free(&b);
	}
}

/* What a mail is cut to, or has changed, must never be read beyond: the copy
 * is on the heap, where the sanitizer sees its end. */
static void
read_exactly(const char *p, size_t len)
{
	const struct limits limits = LIMITS_DEFAULT;
	struct mime *m = mime_new(&limits);
	struct arena *a = arena_new(256);
	char *copy = xmalloc(len > 0 ? len : 1);
	struct mime_entity e;
	size_t i;

	memcpy(copy, p, len);
	mime_start(m, (struct span){copy, len}, 0);
	while (mime_next(m, &e, NULL) > 0)
		for (i = 0; i < MIME_FIELD_COUNT; i++) {
			field_text(a, e.fields[i]);
			field_parameter(a, e.fields[i], "filename");
			field_main(e.fields[i]);
		}
	free(copy);
	arena_free(a);
	mime_free(m);
}

Test(mime, a_mail_may_be_cut_anywhere)
{
	static const char *const names[] = {"good/mime-gzip-base64.eml",
	    "lenient/filename-rfc2231.eml", "lenient/filename-rfc2047.eml",
	    "lenient/forwarded-message.eml", "lenient/extra-parts.eml"};
	size_t i, k;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct buf b = support_read(names[i]);

		for (k = 0; k <= b.len; k++) {
			read_exactly(b.data, k);
			read_exactly(b.data + k, b.len - k);
		}
		buf_free(&b);
	}
}

/* Reads what make writes for n and returns the seconds that took: the best
 * of several, for other programs run too. */
static double
seconds_for(void (*make)(struct buf *, size_t), size_t n)
{
	struct limits limits = LIMITS_DEFAULT;
	struct buf b = {.cap = (size_t)256 << 20};
	struct timespec from, to;
	struct mime_entity e;
	struct mime *m = mime_new(&limits);
	double best = 1e9, s;
	int i;

	limits.mime_parts = limits.header_bytes = (size_t)1 << 30;
	make(&b, n);
	for (i = 0; i < 5; i++) {
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		mime_start(m, (struct span){b.data, b.len}, 0);
		while (mime_next(m, &e, NULL) > 0)
			continue;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		s = (double)(to.tv_sec - from.tv_sec) +
		    (double)(to.tv_nsec - from.tv_nsec) / 1e9;
		best = s < best ? s : best;
	}
	mime_free(m);
	buf_free(&b);
	return best;
}

static void
repeat(struct buf *b, const char *text, size_t n)
{
	size_t len = strlen(text);

	while (n-- > 0)
		cr_assert_eq(buf_append(b, text, len), 0);
}

static void
many_fields(struct buf *b, size_t n)
{
	repeat(b, "X-Field: with a value\n", n);
}

static void
many_known_fields(struct buf *b, size_t n)
{
	repeat(b, "Content-Type : multipart/mixed; boundary=b\n", n);
}

static void
many_folds(struct buf *b, size_t n)
{
	repeat(b, "Content-Type: multipart/mixed;", 1);
	repeat(b, "\n x=\"y", n);
}

static void
many_pieces(struct buf *b, size_t n)
{
	repeat(b, "Content-Type: multipart/mixed", 1);
	while (n-- > 0)
		pack_text(b, ";boundary*%zu*=%%62", n);
}

static void
many_comments(struct buf *b, size_t n)
{
	repeat(b, "Content-Type: ", 1);
	repeat(b, "(((x)\\", n);
}

static void
many_parts(struct buf *b, size_t n)
{
	repeat(b, MIXED("b"), 1);
	repeat(b, "--b\n\n", n);
}

static void
many_near_boundaries(struct buf *b, size_t n)
{
	write_nested(b, 20);
	b->len -= 100;
	repeat(b, "--b10-\n", n);
}

static void
many_multiparts(struct buf *b, size_t n)
{
	repeat(b, MIXED("o"), 1);
	repeat(b, "--o\nContent-Type: multipart/x; boundary=i\n\n--i\n", n);
}

static void
many_messages(struct buf *b, size_t n)
{
	repeat(b, "Content-Type: multipart/digest; boundary=b\n\n", 1);
	repeat(b, "--b\n\n\n\n", n);
}

static void
one_endless_line(struct buf *b, size_t n)
{
	repeat(b, MIXED("b") "--b\n\n--", 1);
	repeat(b, "------b ", n);
}

static void
many_crs(struct buf *b, size_t n)
{
	repeat(b, "\r\r\r\r\r\r\r\r", n);
}

static void (*const attacks[])(struct buf *, size_t) = {many_fields,
    many_known_fields, many_folds, many_pieces, many_comments, many_parts,
    many_near_boundaries, many_multiparts, many_messages, one_endless_line,
    many_crs};

Test(mime, ten_times_the_input_takes_ten_times_the_time)
{
	double small, large;
	size_t i;

	for (i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		small = seconds_for(attacks[i], 10000);
		large = seconds_for(attacks[i], 100000);
		/* Quadratic time would be a hundred times; caches and other
		 * programs blur ten. */
		cr_assert(large < 0.02 || large < 40 * small,
		    "attack %zu: %g s, then %g s", i, small, large);
	}
}
