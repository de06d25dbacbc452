/* SPDX-License-Identifier: ISC */

/*
 * Decompression against damage at every byte, bombs, and archives that no
 * honest packer writes.
 */

#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <zlib.h>

#include "base/limits.h"
#include "decode/unpack.h"
#include "pack.h"
#include "support.h"

#define JSON "{\"organization-name\":\"Example\",\"policies\":[]}"

/* What a test needs to unpack one thing. */
struct fixture {
	struct unpacker *u;
	struct buf out;
	struct err err;
	bool trailing;
};

static struct fixture
fixture_with(struct limits limits)
{
	return (struct fixture){.u = unpacker_new(&limits)};
}

static struct fixture
fixture(void)
{
	return fixture_with(LIMITS_DEFAULT);
}

static void
done(struct fixture *f)
{
	buf_free(&f->out);
	unpacker_free(f->u);
}

static struct span
span_of_buf(const struct buf *b)
{
	return (struct span){b->data, b->len};
}

static int
gunzip(struct fixture *f, struct span in)
{
	f->out.len = 0;
	return unpack_gzip(f->u, in, &f->out, &f->trailing, &f->err);
}

static void
append(struct buf *b, struct span s)
{
	cr_assert_eq(buf_append(b, s.p, s.len), 0);
}

static void
assert_out(const struct fixture *f, const char *text)
{
	cr_assert_eq(f->out.len, strlen(text));
	cr_assert_eq(memcmp(f->out.data, text, strlen(text)), 0);
}

Test(unpack, magic_is_told_by_the_first_bytes)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum magic magic;
	} rows[] = {
	    {"", 0, MAGIC_OTHER},
	    {"\x1f", 1, MAGIC_OTHER},
	    {"\x1f\x8b", 2, MAGIC_GZIP},
	    {"PK\003", 3, MAGIC_OTHER},
	    {"PK\003\004", 4, MAGIC_ZIP},
	    {"PK\005\006", 4, MAGIC_ZIP},
	    {"PK\001\002", 4, MAGIC_OTHER},
	    {"{", 1, MAGIC_JSON},
	    {" \t\r\n{", 5, MAGIC_JSON},
	    {"\xef\xbb\xbf{", 4, MAGIC_JSON},
	    {"\xef\xbb\xbf \n{", 6, MAGIC_JSON},
	    {"\xef\xbb\xbf", 3, MAGIC_OTHER},
	    {"\xef\xbb{", 3, MAGIC_OTHER},
	    {"   ", 3, MAGIC_OTHER},
	    {"[1]", 3, MAGIC_OTHER},
	    {"From: a", 7, MAGIC_OTHER},
	};
	size_t i;

	cr_assert_eq(unpack_magic((struct span){NULL, 0}), MAGIC_OTHER);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_assert_eq(
		    unpack_magic((struct span){rows[i].bytes, rows[i].len}),
		    rows[i].magic, "row %zu", i);
}

Test(unpack, gzip_is_inflated_behind_what_is_there)
{
	struct fixture f = fixture();
	struct buf gz = pack_gzip(SPAN(JSON));

	f.out.cap = 3;
	append(&f.out, SPAN("old"));
	cr_assert_eq(
	    unpack_gzip(f.u, span_of_buf(&gz), &f.out, &f.trailing, &f.err), 0);
	cr_assert_not(f.trailing);
	assert_out(&f, "old" JSON);
	buf_free(&gz);
	done(&f);
}

Test(unpack, gzip_cut_anywhere_is_truncated_and_the_next_is_whole)
{
	struct fixture f = fixture();
	struct buf gz = pack_gzip(SPAN(JSON));
	size_t len;

	for (len = 0; len < gz.len; len++) {
		char *cut = malloc(len + 1); /* so that ASan sees overreads */

		memcpy(cut, gz.data, len);
		cr_assert_eq(gunzip(&f, (struct span){cut, len}), -1);
		cr_assert_eq(f.err.code, ERR_DATA, "at %zu", len);
		cr_assert_not_null(strstr(f.err.text, "truncated"));
		free(cut);
	}
	cr_assert_eq(gunzip(&f, span_of_buf(&gz)), 0);
	assert_out(&f, JSON);
	buf_free(&gz);
	done(&f);
}

Test(unpack, gzip_with_a_bit_flipped_never_passes_as_other_data)
{
	struct fixture f = fixture();
	struct buf gz = pack_gzip(SPAN(JSON));
	size_t bit;
	int rc;

	for (bit = 0; bit < gz.len * 8; bit++) {
		gz.data[bit / 8] ^= (char)(1 << bit % 8);
		rc = gunzip(&f, span_of_buf(&gz));
		/* Time and system in the header may be anything, and so may
		 * the bits that fill up the last byte. */
		if (rc == 0)
			assert_out(&f, JSON);
		else
			cr_assert_eq(f.err.code, ERR_DATA);
		gz.data[bit / 8] ^= (char)(1 << bit % 8);
	}
	buf_free(&gz);
	done(&f);
}

Test(unpack, gzip_with_a_bad_crc_or_length_is_rejected_by_name)
{
	static const struct {
		size_t from_end;
		const char *text;
	} rows[] = {{8, "incorrect data check"}, {4, "incorrect length check"}};
	struct fixture f = fixture();
	struct buf gz = pack_gzip(SPAN(JSON));
	size_t i;

	for (i = 0; i < 2; i++) {
		gz.data[gz.len - rows[i].from_end] ^= 1;
		cr_assert_eq(gunzip(&f, span_of_buf(&gz)), -1);
		cr_assert_eq(f.err.code, ERR_DATA);
		cr_assert_not_null(
		    strstr(f.err.text, rows[i].text), "%s", f.err.text);
		cr_assert_not_null(strstr(f.err.text, "RFC 1952"));
		gz.data[gz.len - rows[i].from_end] ^= 1;
	}
	buf_free(&gz);
	done(&f);
}

/* Returns gz with a checksum of its head that is right, but for these bits. */
static struct buf
with_head_checksum(struct span gz, unsigned wrong)
{
	struct buf out = {.cap = 1000};
	unsigned long sum;
	char bytes[2];

	append(&out, (struct span){gz.p, 10});
	out.data[3] |= 2; /* FHCRC */
	sum = crc32(0, (const unsigned char *)out.data, 10) ^ wrong;
	bytes[0] = (char)sum;
	bytes[1] = (char)(sum >> 8);
	append(&out, (struct span){bytes, 2});
	append(&out, (struct span){gz.p + 10, gz.len - 10});
	return out;
}

Test(unpack, gzip_with_a_checksum_of_its_head_is_held_to_it)
{
	struct fixture f = fixture();
	struct buf gz = pack_gzip(SPAN(JSON)), packed;
	unsigned wrong;

	for (wrong = 0; wrong < 0x10000; wrong = wrong * 2 + 1) {
		packed = with_head_checksum(span_of_buf(&gz), wrong);
		cr_expect_eq(gunzip(&f, span_of_buf(&packed)),
		    wrong == 0 ? 0 : -1, "%x", wrong);
		if (wrong == 0)
			assert_out(&f, JSON);
		buf_free(&packed);
	}
	buf_free(&gz);
	done(&f);
}

Test(unpack, gzip_that_lies_about_its_length_takes_no_room_for_it)
{
	struct fixture f = fixture();
	struct buf gz = pack_gzip(SPAN(JSON));

	memset(gz.data + gz.len - 4, 0xff, 4);
	cr_assert_eq(gunzip(&f, span_of_buf(&gz)), -1);
	cr_assert_eq(f.err.code, ERR_DATA);
	cr_assert_lt(f.out.size, 100000U);
	buf_free(&gz);
	done(&f);
}

Test(unpack, several_members_are_joined)
{
	struct fixture f = fixture();
	struct buf gz = pack_gzip(SPAN("{\"a\":")), two = pack_gzip(SPAN("1}"));
	struct buf empty = pack_gzip(SPAN(""));

	gz.cap = 1000;
	append(&gz, span_of_buf(&empty));
	append(&gz, span_of_buf(&two));
	cr_assert_eq(gunzip(&f, span_of_buf(&gz)), 0);
	cr_assert_not(f.trailing);
	assert_out(&f, "{\"a\":1}");
	gz.len--;
	cr_assert_eq(gunzip(&f, span_of_buf(&gz)), -1);
	cr_assert_eq(f.err.code, ERR_DATA);
	buf_free(&gz);
	buf_free(&two);
	buf_free(&empty);
	done(&f);
}

Test(unpack, zeros_behind_gzip_are_padding_and_other_bytes_are_told)
{
	static const struct {
		struct span tail;
		bool trailing;
	} rows[] = {
	    {{"\0", 1}, false},
	    {{"\0\0\0\0\0\0\0\0", 8}, false},
	    {{"\r\n", 2}, true},
	    {{"\0\0x", 3}, true},
	    {{"\x1f", 1}, true},
	};
	struct fixture f = fixture();
	struct buf gz;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		gz = pack_gzip(SPAN(JSON));
		append(&gz, rows[i].tail);
		cr_assert_eq(gunzip(&f, span_of_buf(&gz)), 0, "row %zu", i);
		cr_assert_eq(f.trailing, rows[i].trailing, "row %zu", i);
		assert_out(&f, JSON);
		buf_free(&gz);
	}
	done(&f);
}

Test(unpack, an_empty_gzip_is_empty_even_when_nothing_is_allowed)
{
	struct limits limits = LIMITS_DEFAULT;
	struct buf gz = pack_gzip(SPAN(""));
	struct fixture f = fixture();

	cr_assert_eq(gunzip(&f, span_of_buf(&gz)), 0);
	cr_assert_eq(f.out.len, 0);
	done(&f);
	limits.json_bytes = 0;
	f = fixture_with(limits);
	cr_assert_eq(gunzip(&f, span_of_buf(&gz)), -1);
	cr_assert_eq(f.err.code, ERR_BOUND);
	done(&f);
	buf_free(&gz);
}

Test(unpack, json_bytes_is_inclusive)
{
	struct limits limits = LIMITS_DEFAULT;
	struct buf gz = pack_gzip(SPAN(JSON));
	struct fixture f;

	limits.json_bytes = strlen(JSON);
	f = fixture_with(limits);
	cr_assert_eq(gunzip(&f, span_of_buf(&gz)), 0);
	assert_out(&f, JSON);
	done(&f);
	limits.json_bytes--;
	f = fixture_with(limits);
	cr_assert_eq(gunzip(&f, span_of_buf(&gz)), -1);
	cr_assert_eq(f.err.code, ERR_BOUND);
	cr_assert_not_null(strstr(f.err.text, "json_bytes"));
	cr_assert_leq(f.out.len, limits.json_bytes);
	done(&f);
	buf_free(&gz);
}

Test(unpack, a_bomb_costs_no_more_memory_than_its_bound)
{
	char *zeros = support_repeat(' ', (size_t)64 << 20);
	struct buf gz = pack_gzip((struct span){zeros, (size_t)64 << 20});
	struct fixture f = fixture();
	size_t bound = gz.len * 200;

	free(zeros);
	cr_assert_lt(bound, (size_t)16 << 20);
	cr_assert_eq(gunzip(&f, span_of_buf(&gz)), -1);
	cr_assert_eq(f.err.code, ERR_BOUND);
	cr_assert_not_null(
	    strstr(f.err.text, "inflate_ratio"), "%s", f.err.text);
	cr_assert_leq(f.out.size, bound);
	buf_free(&gz);
	done(&f);
}

Test(unpack, a_small_output_may_have_any_ratio)
{
	struct limits limits = LIMITS_DEFAULT;
	size_t len = limits.inflate_free_bytes;
	char *zeros = support_repeat(' ', len + 1);
	struct fixture f = fixture();
	struct buf gz;
	int over;

	for (over = 0; over <= 1; over++) {
		gz = pack_gzip((struct span){zeros, len + (size_t)over});
		cr_assert_lt(gz.len * limits.inflate_ratio, len);
		cr_assert_eq(gunzip(&f, span_of_buf(&gz)), over ? -1 : 0);
		buf_free(&gz);
	}
	cr_assert_eq(f.err.code, ERR_BOUND);
	free(zeros);
	done(&f);
}

Test(unpack, many_small_bombs_share_one_bound)
{
	struct limits limits = LIMITS_DEFAULT;
	char *zeros = support_repeat(' ', 1000);
	struct buf gz = pack_gzip((struct span){zeros, 1000});
	struct fixture f;
	size_t i;

	limits.json_bytes = 3500;
	f = fixture_with(limits);
	for (i = 0; i < 3; i++)
		cr_assert_eq(gunzip(&f, span_of_buf(&gz)), 0);
	cr_assert_eq(gunzip(&f, span_of_buf(&gz)), -1);
	cr_assert_eq(f.err.code, ERR_BOUND);
	cr_assert_not_null(strstr(f.err.text, "json_bytes"));
	unpacker_start(f.u);
	cr_assert_eq(gunzip(&f, span_of_buf(&gz)), 0);
	free(zeros);
	buf_free(&gz);
	done(&f);
}

Test(unpack, what_is_no_deflate_is_rejected)
{
	struct fixture f = fixture();

	cr_assert_eq(gunzip(&f, SPAN("\x1f\x8b\x07\0\0\0\0\0\0\0")), -1);
	cr_assert_eq(f.err.code, ERR_DATA);
	cr_assert_eq(gunzip(&f, SPAN("not gzip at all")), -1);
	cr_assert_eq(f.err.code, ERR_DATA);
	done(&f);
}

Test(unpack, a_deflated_original_comes_back)
{
	struct fixture f = fixture();
	struct buf packed = {.cap = 4};
	struct original o;
	int i;

	append(&packed, SPAN("skip"));
	for (i = 0; i < 2; i++) { /* the state is used again */
		packed.len = 4;
		unpack_deflate(f.u, SPAN(JSON), &packed);
		o = (struct original){(unsigned char *)packed.data + 4,
		    packed.len - 4, strlen(JSON), ENCODING_DEFLATE};
		f.out.len = 0;
		cr_assert_eq(unpack_original(f.u, &o, &f.out, &f.err), 0);
		assert_out(&f, JSON);
	}
	o.json_len++;
	cr_assert_eq(unpack_original(f.u, &o, &f.out, &f.err), -1);
	cr_assert_eq(f.err.code, ERR_DATA);
	o.json_len--;
	o.len--;
	cr_assert_eq(unpack_original(f.u, &o, &f.out, &f.err), -1);
	cr_assert_eq(f.err.code, ERR_DATA);
	cr_assert(span_starts(span_of(f.err.text), "original: "));
	buf_free(&packed);
	done(&f);
}

/* src/decode/whole.c's STORED_MAX. */
Test(unpack, what_is_short_is_stored_and_what_is_longer_deflated)
{
	const size_t stored_max = 4096;
	struct fixture f = fixture();
	char *spaces = support_repeat(' ', stored_max + 1);
	struct buf packed = {0};
	struct original o;
	size_t len;

	for (len = stored_max; len <= stored_max + 1; len++) {
		packed.len = 0;
		unpack_deflate(f.u, (struct span){spaces, len}, &packed);
		cr_assert_eq(packed.len > len, len == stored_max);
		o = (struct original){(unsigned char *)packed.data, packed.len,
		    len, ENCODING_DEFLATE};
		f.out.len = 0;
		cr_assert_eq(unpack_original(f.u, &o, &f.out, &f.err), 0);
		cr_assert_eq(f.out.len, len);
		cr_assert_eq(memcmp(f.out.data, spaces, len), 0);
	}
	free(spaces);
	buf_free(&packed);
	done(&f);
}

Test(unpack, an_original_that_shrank_more_than_the_ratio_comes_back)
{
	struct fixture f = fixture();
	size_t len = (size_t)8 << 20;
	char *zeros = support_repeat(' ', len);
	struct buf packed = {0};
	struct original o;

	unpack_deflate(f.u, (struct span){zeros, len}, &packed);
	cr_assert_lt(packed.len * 200, len);
	o = (struct original){
	    (unsigned char *)packed.data, packed.len, len, ENCODING_DEFLATE};
	cr_assert_eq(unpack_original(f.u, &o, &f.out, &f.err), 0);
	cr_assert_eq(f.out.len, len);
	free(zeros);
	buf_free(&packed);
	done(&f);
}

Test(unpack, a_gzip_original_of_several_members_comes_back)
{
	struct fixture f = fixture();
	struct buf gz = pack_gzip(SPAN(JSON)), two = pack_gzip(SPAN(" "));
	struct original o;

	append(&gz, span_of_buf(&two));
	o = (struct original){
	    (unsigned char *)gz.data, gz.len, strlen(JSON) + 1, ENCODING_GZIP};
	cr_assert_eq(unpack_original(f.u, &o, &f.out, &f.err), 0);
	assert_out(&f, JSON " ");
	buf_free(&gz);
	buf_free(&two);
	done(&f);
}

/* Collects what a zip gives as "name=data;". */
struct listing {
	struct buf text;
	size_t entries;
	size_t stop_after;
};

static int
list_entry(void *arg, const char *name, struct span data)
{
	struct listing *l = arg;

	l->text.cap = (size_t)1 << 20;
	append(&l->text, span_of(name));
	append(&l->text, SPAN("="));
	append(&l->text, data);
	append(&l->text, SPAN(";"));
	return ++l->entries == l->stop_after;
}

/* Lists a zip; the text is freed by the caller. */
static int
unzip(struct fixture *f, struct span in, struct listing *l)
{
	*l = (struct listing){.stop_after = l->stop_after};
	return unpack_zip(f->u, in, list_entry, l, &f->err);
}

Test(unpack, zip_gives_its_files_in_order_and_no_folders)
{
	struct pack_entry entries[] = {{"b.json", SPAN("2"), 0, 0},
	    {"folder/", SPAN(""), 0, 0}, {"folder/a.json", SPAN("1"), 0, 0},
	    {"empty", SPAN(""), 0, 0}};
	struct buf zip = pack_zip(entries, 4);
	struct fixture f = fixture();
	struct listing l = {.stop_after = 0};

	cr_assert_eq(unzip(&f, span_of_buf(&zip), &l), 0);
	cr_assert_str_eq(
	    buf_string(&l.text), "b.json=2;folder/a.json=1;empty=;");
	buf_free(&l.text);
	l.stop_after = 1;
	cr_assert_eq(unzip(&f, span_of_buf(&zip), &l), 0);
	cr_assert_str_eq(buf_string(&l.text), "b.json=2;");
	buf_free(&l.text);
	buf_free(&zip);
	done(&f);
}

Test(unpack, zip_names_are_only_names)
{
	struct pack_entry entries[] = {{"../../etc/passwd", SPAN("1"), 0, 0},
	    {"/abs", SPAN("2"), 0, 0}, {"C:\\x", SPAN("3"), 0, 0},
	    {"\xff\xfe.json", SPAN("4"), 0, 0}};
	struct buf zip = pack_zip(entries, 4);
	struct fixture f = fixture();
	struct listing l = {.stop_after = 0};

	cr_assert_eq(unzip(&f, span_of_buf(&zip), &l), 0);
	cr_assert_str_eq(buf_string(&l.text),
	    "../../etc/passwd=1;/abs=2;C:/x=3;"
	    "\xef\xbf\xbd\xef\xbf\xbd.json=4;");
	buf_free(&l.text);
	buf_free(&zip);
	done(&f);
}

Test(unpack, zip_cut_anywhere_gives_nothing)
{
	struct pack_entry entry = {"a.json", SPAN(JSON), 0, 0};
	struct buf zip = pack_zip(&entry, 1);
	struct fixture f = fixture();
	struct listing l = {.stop_after = 0};
	size_t len;

	for (len = 4; len < zip.len; len++) {
		char *cut = malloc(len);

		memcpy(cut, zip.data, len);
		cr_assert_eq(
		    unzip(&f, (struct span){cut, len}, &l), -1, "at %zu", len);
		cr_assert_eq(f.err.code, ERR_DATA);
		cr_assert_eq(l.entries, 0);
		free(cut);
	}
	buf_free(&zip);
	done(&f);
}

Test(unpack, zip_with_a_byte_changed_never_passes_as_other_data)
{
	struct pack_entry entry = {"a.json", SPAN(JSON), 0, 0};
	struct buf zip = pack_zip(&entry, 1);
	struct fixture f = fixture();
	struct listing l = {.stop_after = 0};
	size_t i;

	for (i = 0; i < zip.len; i++) {
		zip.data[i] ^= 0x55;
		if (unzip(&f, span_of_buf(&zip), &l) == 0 && l.entries > 0)
			cr_assert(span_ends(span_of(buf_string(&l.text)),
				      "=" JSON ";") ||
				span_ends(span_of(buf_string(&l.text)), "=;"),
			    "byte %zu: %s", i, l.text.data);
		buf_free(&l.text);
		zip.data[i] ^= 0x55;
	}
	buf_free(&zip);
	done(&f);
}

Test(unpack, zip_faults_have_names_and_keep_what_came_before)
{
	static const struct {
		unsigned flags;
		unsigned method;
		const char *text;
	} rows[] = {
	    {1, 0, "encrypted"}, {0, 14, "another method"}, /* LZMA */
	    {0, 12, "another method"},			    /* bzip2 */
	    {0, 98, "another method"},			    /* PPMd */
	};
	struct fixture f = fixture();
	struct listing l = {.stop_after = 0};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pack_entry entries[] = {{"a", SPAN("1"), 0, 0},
		    {"b", SPAN("234567890123456"), rows[i].flags,
			rows[i].method}};
		struct buf zip = pack_zip(entries, 2);

		cr_assert_eq(unzip(&f, span_of_buf(&zip), &l), -1);
		cr_assert_eq(f.err.code, ERR_DATA);
		cr_assert_not_null(strstr(f.err.text, rows[i].text),
		    "row %zu: %s", i, f.err.text);
		cr_assert_str_eq(buf_string(&l.text), "a=1;");
		buf_free(&l.text);
		buf_free(&zip);
	}
	done(&f);
}

Test(unpack, zip_entries_are_bound)
{
	struct limits limits = LIMITS_DEFAULT;
	struct pack_entry entries[101];
	struct fixture f = fixture();
	struct listing l = {.stop_after = 0};
	struct buf zip;
	size_t i;

	for (i = 0; i <= limits.archive_entries; i++)
		entries[i] = (struct pack_entry){"x", SPAN("1"), 0, 0};
	zip = pack_zip(entries, limits.archive_entries);
	cr_assert_eq(unzip(&f, span_of_buf(&zip), &l), 0);
	cr_assert_eq(l.entries, 100);
	buf_free(&l.text);
	buf_free(&zip);
	zip = pack_zip(entries, limits.archive_entries + 1);
	cr_assert_eq(unzip(&f, span_of_buf(&zip), &l), -1);
	cr_assert_eq(f.err.code, ERR_BOUND);
	cr_assert_not_null(strstr(f.err.text, "archive_entries"));
	cr_assert_eq(l.entries, 0);
	buf_free(&zip);
	done(&f);
}

Test(unpack, zip_output_is_bound_over_all_entries)
{
	struct pack_entry entries[] = {
	    {"a", SPAN("12345"), 0, 0}, {"b", SPAN("67890"), 0, 0}};
	struct buf zip = pack_zip(entries, 2);
	struct limits limits = LIMITS_DEFAULT;
	struct listing l = {.stop_after = 0};
	struct fixture f;

	limits.json_bytes = 10;
	f = fixture_with(limits);
	cr_assert_eq(unzip(&f, span_of_buf(&zip), &l), 0);
	cr_assert_eq(l.entries, 2);
	buf_free(&l.text);
	cr_assert_eq(unzip(&f, span_of_buf(&zip), &l), -1,
	    "the next archive of the same message");
	cr_assert_eq(f.err.code, ERR_BOUND);
	cr_assert_eq(l.entries, 0);
	done(&f);
	limits.json_bytes = 9;
	f = fixture_with(limits);
	cr_assert_eq(unzip(&f, span_of_buf(&zip), &l), -1);
	cr_assert_eq(f.err.code, ERR_BOUND);
	cr_assert_not_null(strstr(f.err.text, "json_bytes"));
	cr_assert_str_eq(buf_string(&l.text), "a=12345;");
	buf_free(&l.text);
	done(&f);
	buf_free(&zip);
}

static int
gunzip_entry(void *arg, const char *name, struct span data)
{
	struct fixture *f = arg;

	(void)name;
	cr_assert_eq(gunzip(f, data), 0, "%s", f->err.text);
	return 0;
}

Test(unpack, an_entry_can_be_inflated_while_the_zip_is_read)
{
	struct buf gz = pack_gzip(SPAN(JSON));
	struct pack_entry entries[] = {
	    {"a", span_of_buf(&gz), 0, 0}, {"b", span_of_buf(&gz), 0, 0}};
	struct buf zip = pack_zip(entries, 2);
	struct fixture f = fixture();

	cr_assert_eq(
	    unpack_zip(f.u, span_of_buf(&zip), gunzip_entry, &f, &f.err), 0);
	assert_out(&f, JSON);
	buf_free(&gz);
	buf_free(&zip);
	done(&f);
}

Test(unpack, an_empty_zip_gives_nothing)
{
	struct fixture f = fixture();
	struct buf zip = pack_zip(NULL, 0);
	struct listing l = {.stop_after = 0};

	/* libarchive calls this no archive, which is as good. */
	unzip(&f, span_of_buf(&zip), &l);
	cr_assert_eq(l.entries, 0);
	buf_free(&zip);
	done(&f);
}

Test(unpack, free_takes_null)
{
	unpacker_free(NULL);
}
