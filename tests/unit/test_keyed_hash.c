/* SPDX-License-Identifier: ISC */

/*
 * The keyed hash against the vectors of RFC 4418's appendix.  They are the
 * same for every machine, so that a store that moves to another one finds its
 * reports again.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/keyed_hash.h"

static const unsigned char rfc_key[KEYED_HASH_KEY_LEN] = "abcdefghijklmnop";

/* The hash in hexadecimal digits; in a static buffer. */
static const char *
sum_of(struct keyed_hash *h, const void *data, size_t len)
{
	static char hex[2 * KEYED_HASH_LEN + 1];
	unsigned char sum[KEYED_HASH_LEN];
	size_t i;

	keyed_hash_sum(h, data, len, sum);
	for (i = 0; i < sizeof(sum); i++)
		sprintf(hex + 2 * i, "%02x", sum[i]);
	return hex;
}

/* The text repeated, and its tag.  The appendix gives 96 bits of it, and a
 * wrong one for 2^25 bytes, which its errata mend; the last 32 are those that
 * nettle's own tests have. */
static const struct vector {
	const char *text;
	size_t times;
	const char *tag;
} vectors[] = {
    {"", 0, "32fedb100c79ad58f07ff7643cc60465"},
    {"a", 3, "185e4fe905cba7bd85e4c2dc3d117d8d"},
    {"a", 1 << 10, "7a54abe04af82d60fb298c3cbd195bcb"},
    {"a", 1 << 15, "7b136bd911e4b734286ef2be501f2c3c"},
    {"a", 1 << 20, "f8acfa3ac31cfeea047f7b115b03bef5"},
    {"a", 1 << 25, "a621c2457c0012e64f3fdae9e7e1870c"},
    {"abc", 1, "883c3d4b97a61976ffcf232308cba5a5"},
    {"abc", 500, "8824a260c53c66a36c9260a62cb83aa1"},
};

static void
check_vector(struct keyed_hash *h, const struct vector *v)
{
	size_t len = strlen(v->text), i;
	char *text = malloc(len * v->times + 1);

	cr_assert_not_null(text);
	for (i = 0; i < v->times; i++)
		memcpy(text + i * len, v->text, len);
	cr_expect_str_eq(sum_of(h, text, len * v->times), v->tag,
	    "\"%s\" %zu times", v->text, v->times);
	free(text);
}

Test(keyed_hash, the_vectors_of_rfc_4418)
{
	struct keyed_hash *h = keyed_hash_new();
	size_t i;

	keyed_hash_set_key(h, rfc_key);
	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		check_vector(h, &vectors[i]);
	keyed_hash_free(h);
}

Test(keyed_hash, what_was_hashed_before_makes_no_difference)
{
	struct keyed_hash *h = keyed_hash_new();
	size_t i, n = sizeof(vectors) / sizeof(vectors[0]);

	keyed_hash_set_key(h, rfc_key);
	for (i = 0; i < n; i++) {
		check_vector(h, &vectors[(i * 3) % n]);
		check_vector(h, &vectors[1]);
		check_vector(h, &vectors[1]);
	}
	keyed_hash_free(h);
}

Test(keyed_hash, a_key_can_be_changed_and_set_again)
{
	static const unsigned char zero[KEYED_HASH_KEY_LEN];
	struct keyed_hash *h = keyed_hash_new();
	char *of_zero = strdup(sum_of(h, "abc", 3));

	keyed_hash_set_key(h, zero);
	cr_expect_str_eq(sum_of(h, "abc", 3), of_zero);
	keyed_hash_set_key(h, rfc_key);
	cr_expect_str_neq(sum_of(h, "abc", 3), of_zero);
	check_vector(h, &vectors[6]);
	keyed_hash_set_key(h, rfc_key);
	check_vector(h, &vectors[6]);
	keyed_hash_set_key(h, zero);
	cr_expect_str_eq(sum_of(h, "abc", 3), of_zero);
	keyed_hash_set_key(h, rfc_key);
	keyed_hash_set_key(h, NULL);
	cr_expect_str_eq(sum_of(h, "abc", 3), of_zero);
	free(of_zero);
	keyed_hash_free(h);
}

Test(keyed_hash, each_bit_of_the_key_counts)
{
	unsigned char key[KEYED_HASH_KEY_LEN];
	struct keyed_hash *h = keyed_hash_new();
	char *want;
	size_t i;

	keyed_hash_set_key(h, rfc_key);
	want = strdup(sum_of(h, "abc", 3));
	for (i = 0; i < 8 * sizeof(key); i++) {
		memcpy(key, rfc_key, sizeof(key));
		key[i / 8] ^= (unsigned char)(1 << i % 8);
		keyed_hash_set_key(h, key);
		cr_expect_str_neq(sum_of(h, "abc", 3), want, "bit %zu", i);
	}
	free(want);
	keyed_hash_free(h);
}

/* Its blocks are of 1024 bytes, filled up with zeros. */
Test(keyed_hash, lengths_around_the_block)
{
	static const char zeros[4100];
	struct keyed_hash *h = keyed_hash_new();
	char *before = strdup(sum_of(h, zeros, 0));
	size_t len;

	for (len = 1; len <= sizeof(zeros); len++) {
		const char *sum = sum_of(h, zeros, len);

		cr_expect_str_neq(sum, before, "%zu bytes", len);
		free(before);
		before = strdup(sum);
	}
	free(before);
	keyed_hash_free(h);
}

Test(keyed_hash, nothing_at_all_is_the_empty_text)
{
	struct keyed_hash *h = keyed_hash_new();

	keyed_hash_set_key(h, rfc_key);
	cr_expect_str_eq(sum_of(h, NULL, 0), vectors[0].tag);
	keyed_hash_free(h);
}

Test(keyed_hash, bytes_may_lie_anywhere)
{
	struct keyed_hash *h = keyed_hash_new();
	char text[2000 + 16];
	char *want;
	size_t at, i;

	for (i = 0; i < 2000; i++)
		text[i] = (char)(i * 7);
	want = strdup(sum_of(h, text, 2000));
	for (at = 1; at < 16; at++) {
		memmove(text + at, text + at - 1, 2000);
		cr_expect_str_eq(sum_of(h, text + at, 2000), want, "%zu", at);
	}
	free(want);
	keyed_hash_free(h);
}
