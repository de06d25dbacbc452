/* SPDX-License-Identifier: ISC */

/*
 * SHA-256 against the vectors of FIPS 180-4 and NIST's collection.
 */

#include "config.h"

#include <stdlib.h>

#include <criterion/criterion.h>

#include "base/sha256.h"
#include "base/span.h"
#include "support.h"

static void
check_hash(struct span data, const char *want)
{
	unsigned char hash[SHA256_LEN];
	char hex[SHA256_HEX_SIZE];

	sha256(data.p, data.len, hash);
	sha256_hex(hash, hex);
	cr_assert_str_eq(hex, want);
}

Test(sha256, the_vectors_of_fips_180)
{
	check_hash(SPAN("abc"),
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	check_hash(SPAN(""),
	    "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
	check_hash(
	    SPAN("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
	    "248d6a61d20638b8e5c026930c3e6039"
	    "a33ce45964ff2167f6ecedd419db06c1");
	check_hash(SPAN("\xbd"),
	    "68325720aabd7c82f30f554b313d0570"
	    "c95accbb7dc4b5aae11204c08ffe732b");
}

Test(sha256, a_million_letters)
{
	char *text = support_repeat('a', 1000000);

	check_hash((struct span){text, 1000000},
	    "cdc76e5c9914fb9281a1c7e284d73e67"
	    "f1809a48a497200e046d39ccc7112cd0");
	free(text);
}

Test(sha256, nothing_at_all_is_the_empty_text)
{
	check_hash((struct span){NULL, 0},
	    "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
}

Test(sha256, lengths_around_the_block)
{
	check_hash(
	    SPAN("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	    "9f4390f8d30c2dd92ec9f095b65e2b9a"
	    "e9b0a925a5258e241c9f1e910f734318");
	check_hash(
	    SPAN("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	    "b35439a4ac6f0948b6d6f9e3c6af0f5f"
	    "590ce20f1bde7090ef7970686ec6738a");
	check_hash(SPAN("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	    "ffe054fe7ae0cb6dc65c3af9b61d5209"
	    "f439851db43d0ba5997337df154668eb");
}

Test(sha256, every_digit_is_written)
{
	unsigned char hash[SHA256_LEN];
	char hex[SHA256_HEX_SIZE];
	size_t i;

	for (i = 0; i < SHA256_LEN; i++)
		hash[i] = (unsigned char)(i * 0x11);
	sha256_hex(hash, hex);
	cr_assert_str_eq(hex,
	    "00112233445566778899aabbccddeeff"
	    "102132435465768798a9bacbdcedfe0f");
}
