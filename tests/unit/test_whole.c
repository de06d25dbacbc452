/* SPDX-License-Identifier: ISC */

/*
 * What is inflated in one piece, and what in a stream because it is larger:
 * nobody shall see the difference, whatever a file tells of its length.
 */

#include "config.h"

#include <string.h>

#include <criterion/criterion.h>

#include "decode/gzip.h"
#include "decode/whole.h"
#include "mail_kit.h"
#include "pack.h"

/* The largest that is inflated in one piece (INFLATED_MAX). */
#define MOST ((size_t)256 << 10)

static const size_t lengths[] = {MOST - 1, MOST, MOST + 1};

#define NLENGTHS (sizeof(lengths) / sizeof(lengths[0]))

/* Lines of nothing, each of another length, with what may stand before. */
static struct buf
text_of(const char *before, size_t len)
{
	struct buf text = {.cap = len};
	unsigned long x = 1;
	size_t at;

	cr_assert_eq(buf_append(&text, before, strlen(before)), 0);
	cr_assert_eq(buf_reserve(&text, len - text.len), 0);
	memset(text.data + text.len, ' ', len - text.len);
	for (at = text.len; at < len; at += 1 + (x >> 16) % 256) {
		text.data[at] = '\n';
		x = x * 1103515245 + 12345;
	}
	text.len = len;
	return text;
}

/* Makes the file tell that it has so many bytes. */
static void
tell_length(struct buf *gz, size_t len)
{
	size_t i;

	for (i = 0; i < 4; i++)
		gz->data[gz->len - 4 + i] = (char)(len >> (8 * i));
}

/* What came of a file. */
struct inflated {
	struct buf out;
	struct span left;
	enum gzip_result result;
};

/* Inflates a file behind a byte that is there, into room for so many more. */
static struct inflated
inflate_into(size_t room, const struct buf *gz)
{
	struct inflated i = {
	    .out = {.cap = 1 + room}, .left = mail_bytes_of(gz)};
	struct gzip *g = gzip_new();

	buf_append(&i.out, "-", 1);
	i.result = gzip_inflate(g, ENCODING_GZIP, &i.left, &i.out);
	gzip_free(g);
	return i;
}

Test(whole, up_to_256_KiB_is_inflated_in_one_piece)
{
	struct whole *w = whole_new();
	struct buf text, gz, out;
	struct span left;
	size_t i;
	bool fits;

	for (i = 0; i < NLENGTHS; i++) {
		text = text_of("", lengths[i]);
		gz = pack_gzip(mail_bytes_of(&text));
		left = mail_bytes_of(&gz);
		out = (struct buf){.cap = SIZE_MAX - 1};
		fits = lengths[i] <= MOST;
		cr_expect_eq(whole_inflate(w, &left, &out), fits);
		cr_expect_eq(out.len, fits ? lengths[i] : 0);
		cr_expect_eq(left.len, fits ? 0 : gz.len);
		buf_free(&out);
		buf_free(&gz);
		buf_free(&text);
	}
	whole_free(w);
}

Test(whole, on_both_sides_the_same_comes_out)
{
	struct buf text, gz;
	struct inflated all;
	size_t i;

	for (i = 0; i < NLENGTHS; i++) {
		text = text_of("", lengths[i]);
		gz = pack_gzip(mail_bytes_of(&text));
		buf_append(&gz, "behind", 6);
		all = inflate_into(lengths[i], &gz);
		cr_assert_eq(all.result, GZIP_OK, "%zu", lengths[i]);
		cr_assert_eq(all.out.len, 1 + lengths[i]);
		cr_expect_eq(memcmp(all.out.data + 1, text.data, text.len), 0);
		cr_expect_eq(all.left.len, 6);
		buf_free(&all.out);
		all = inflate_into(lengths[i] - 1, &gz);
		cr_expect_eq(all.result, GZIP_FULL, "%zu", lengths[i]);
		buf_free(&all.out);
		buf_free(&gz);
		buf_free(&text);
	}
}

/* What a file may tell that is not so; room for anything is there. */
Test(whole, on_both_sides_a_length_that_is_a_lie_does_no_harm)
{
	const size_t told[] = {
	    0, 1, MOST / 2, MOST - 1, MOST, MOST + 1, 2 * MOST, UINT32_MAX};
	struct buf text, gz;
	struct inflated all;
	size_t i, k;

	for (i = 0; i < NLENGTHS; i++) {
		text = text_of("", lengths[i]);
		gz = pack_gzip(mail_bytes_of(&text));
		for (k = 0; k < sizeof(told) / sizeof(told[0]); k++) {
			tell_length(&gz, told[k]);
			all = inflate_into(SIZE_MAX - 2, &gz);
			cr_expect_eq(all.result,
			    told[k] == lengths[i] ? GZIP_OK : GZIP_DAMAGED,
			    "%zu as %zu", lengths[i], told[k]);
			cr_expect_leq(all.out.size, 4 * MOST);
			cr_expect_eq(all.out.data[0], '-');
			buf_free(&all.out);
		}
		buf_free(&gz);
		buf_free(&text);
	}
}

/* The length stands where the last member ends, not the first. */
Test(whole, members_may_tell_a_length_that_is_that_of_others)
{
	struct buf text = text_of("", MOST), more = text_of("", MOST + 1);
	struct buf gz = pack_gzip(mail_bytes_of(&text));
	struct buf behind = pack_gzip(mail_bytes_of(&more));
	struct inflated all;
	struct gzip *g = gzip_new();

	buf_append(&gz, behind.data, behind.len);
	all = inflate_into(SIZE_MAX - 2, &gz);
	cr_assert_eq(all.result, GZIP_OK);
	cr_expect_eq(all.out.len, 1 + MOST);
	cr_assert_eq(
	    gzip_inflate(g, ENCODING_GZIP, &all.left, &all.out), GZIP_OK);
	cr_expect_eq(all.left.len, 0);
	cr_assert_eq(all.out.len, 1 + 2 * MOST + 1);
	cr_expect_eq(memcmp(all.out.data + 1, text.data, MOST), 0);
	cr_expect_eq(memcmp(all.out.data + 1 + MOST, more.data, MOST + 1), 0);
	gzip_free(g);
	buf_free(&all.out);
	buf_free(&behind);
	buf_free(&gz);
	buf_free(&more);
	buf_free(&text);
}

Test(whole, on_both_sides_a_report_is_a_report)
{
	struct mail_run r;
	struct buf text, gz;
	size_t i, lie;

	mail_start(&r);
	for (i = 0; i < 2 * NLENGTHS; i++) {
		lie = i / NLENGTHS;
		text = text_of(REPORT, lengths[i % NLENGTHS]);
		gz = pack_gzip(mail_bytes_of(&text));
		tell_length(&gz, text.len + lie);
		mail_put_claiming(&r);
		mail_put_base64(
		    &r, CT "application/tlsrpt+gzip\r\n", mail_bytes_of(&gz));
		mail_put_end(&r);
		mail_decode(&r);
		if (lie == 0)
			mail_assert_report(&r, 0, "of that length");
		else
			mail_assert_fault(
			    &r, FAULT_UNUSABLE, "incorrect length check");
		buf_free(&gz);
		buf_free(&text);
	}
	mail_end(&r);
}
