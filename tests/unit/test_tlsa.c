/* SPDX-License-Identifier: ISC */

/*
 * TLSA records beside the digests of a chain of three: the leaf, its CA, and
 * the root.  Each digest is one octet again and again.
 */

#include "config.h"

#include <string.h>

#include <criterion/criterion.h>

#include "domain/tlsa.h"

#define CHAIN 3

static const unsigned char octets[256];

/* The leaf is 'l', the CA 'c', the root 'r'; in capitals for the whole
 * certificate. */
static struct tlsa_chain
make_chain(struct tlsa_certificate certificates[CHAIN])
{
	static const char names[] = "lcr";
	size_t i;

	for (i = 0; i < CHAIN; i++) {
		memset(&certificates[i], names[i], sizeof(*certificates));
		memset(certificates[i].der_sha256, names[i] - 'a' + 'A',
		    SHA256_LEN);
		memset(certificates[i].der_sha512, names[i] - 'a' + 'A',
		    TLSA_SHA512_LEN);
		certificates[i].der = (struct span){&names[i], 1};
		certificates[i].spki = (struct span){&names[i], 1};
	}
	return (struct tlsa_chain){certificates, CHAIN, CHAIN, true};
}

/* "311l": usage, selector, matching type and the octet of the data. */
static struct tlsa
make(struct span *rdata, char *data, const char *four)
{
	size_t len = four[2] == '2' ? TLSA_SHA512_LEN
	    : four[2] == '1'	    ? SHA256_LEN
				    : 1;
	struct tlsa tlsa;

	data[0] = (char)(four[0] - '0');
	data[1] = (char)(four[1] - '0');
	data[2] = (char)(four[2] - '0');
	memset(data + 3, four[3], len);
	*rdata = (struct span){data, 3 + len};
	cr_assert_eq(tlsa_parse(*rdata, &tlsa), 0);
	return tlsa;
}

/* The result for records, "311l 312x". */
static enum tlsa_result
match_with(const struct tlsa_chain *chain, const char *text)
{
	static char data[8][3 + TLSA_SHA512_LEN];
	struct tlsa records[8];
	struct span rdata;
	size_t n = 0;

	for (; strlen(text) >= 4; text += text[4] == ' ' ? 5 : 4, n++)
		records[n] = make(&rdata, data[n], text);
	return tlsa_match(records, n, chain);
}

static enum tlsa_result
match(const char *text)
{
	struct tlsa_certificate certificates[CHAIN];
	struct tlsa_chain chain = make_chain(certificates);

	return match_with(&chain, text);
}

Test(tlsa, a_leaf_matches_by_certificate_key_and_digest)
{
	cr_expect_eq(match("311l"), TLSA_MATCH_EE);
	cr_expect_eq(match("312l"), TLSA_MATCH_EE);
	cr_expect_eq(match("301L"), TLSA_MATCH_EE);
	cr_expect_eq(match("302L"), TLSA_MATCH_EE);
	cr_expect_eq(match("300l"), TLSA_MATCH_EE);
	cr_expect_eq(match("310l"), TLSA_MATCH_EE);
	cr_expect_eq(match("311x"), TLSA_MISMATCH);
	cr_expect_eq(match("301l"), TLSA_MISMATCH);
	/* Only the leaf, and not what it is signed by. */
	cr_expect_eq(match("311c"), TLSA_MISMATCH);
	cr_expect_eq(match("311x 311l"), TLSA_MATCH_EE);
	cr_expect_eq(match(""), TLSA_NO_RECORD);
}

Test(tlsa, conformance_97_usages_0_and_1_do_not_count)
{
	cr_expect_eq(match("111l 011c"), TLSA_UNUSABLE);
	cr_expect_eq(match("111l 311x"), TLSA_MISMATCH);
	cr_expect_eq(match("411l"), TLSA_UNUSABLE);
	cr_expect_eq(match("321l"), TLSA_UNUSABLE);
	cr_expect_eq(match("313l"), TLSA_UNUSABLE);
}

Test(tlsa, an_anchor_matches_above_the_leaf)
{
	cr_expect_eq(match("211c"), TLSA_MATCH_TA);
	cr_expect_eq(match("201R"), TLSA_MATCH_TA);
	cr_expect_eq(match("211l"), TLSA_MISMATCH);
}

Test(tlsa, conformance_99_an_anchor_needs_the_right_name)
{
	struct tlsa_certificate certificates[CHAIN];
	struct tlsa_chain chain = make_chain(certificates);

	chain.name_matches = false;
	cr_expect_eq(match_with(&chain, "211c"), TLSA_TA_NAME);
	cr_expect_eq(match_with(&chain, "211c 311l"), TLSA_MATCH_EE);
}

Test(tlsa, conformance_98_a_leaf_needs_no_name)
{
	struct tlsa_certificate certificates[CHAIN];
	struct tlsa_chain chain = make_chain(certificates);

	chain.name_matches = false;
	cr_expect_eq(match_with(&chain, "311l"), TLSA_MATCH_EE);
}

Test(tlsa, conformance_100_an_anchor_must_be_in_the_chain)
{
	struct tlsa_certificate certificates[CHAIN];
	struct tlsa_chain chain = make_chain(certificates);

	chain.n = 1;
	cr_expect_eq(match_with(&chain, "211c"), TLSA_TA_NOT_SENT);
	cr_expect_eq(match_with(&chain, "211c 311x"), TLSA_MISMATCH);
	/* Sent, but the leaf is not signed by it. */
	chain.n = CHAIN;
	chain.linked = 1;
	cr_expect_eq(match_with(&chain, "211c"), TLSA_TA_NOT_SENT);
	chain.linked = 2;
	cr_expect_eq(match_with(&chain, "211c"), TLSA_MATCH_TA);
	cr_expect_eq(match_with(&chain, "211r"), TLSA_MISMATCH);
}

Test(tlsa, conformance_104_the_stronger_digest_decides)
{
	cr_expect_eq(match("311l 312x"), TLSA_MISMATCH);
	cr_expect_eq(match("311x 312l"), TLSA_MATCH_EE);
	/* Of another usage or selector it does not. */
	cr_expect_eq(match("311l 302x"), TLSA_MATCH_EE);
	cr_expect_eq(match("311l 212x"), TLSA_MATCH_EE);
	/* Nor does it if it is not usable, and full data always count. */
	cr_expect_eq(match("310l 312x"), TLSA_MATCH_EE);
}

Test(tlsa, conformance_105_a_digest_of_the_wrong_length_is_unusable)
{
	char data[3 + 65] = {3, 1, 1};
	struct tlsa tlsa;
	size_t len;

	for (len = 1; len <= 65; len++) {
		data[2] = 1;
		cr_assert_eq(
		    tlsa_parse((struct span){data, 3 + len}, &tlsa), 0);
		cr_expect_eq(tlsa_fault(&tlsa) == NULL, len == SHA256_LEN);
		data[2] = 2;
		cr_assert_eq(
		    tlsa_parse((struct span){data, 3 + len}, &tlsa), 0);
		cr_expect_eq(tlsa_fault(&tlsa) == NULL, len == TLSA_SHA512_LEN);
	}
}

Test(tlsa, what_is_too_short_is_none)
{
	struct tlsa tlsa;
	size_t len;

	for (len = 0; len < 4; len++) {
		cr_expect_eq(
		    tlsa_parse((struct span){(const char *)octets, len}, &tlsa),
		    -1);
		cr_expect_not_null(tlsa_fault(&tlsa));
	}
	cr_expect_eq(
	    tlsa_parse((struct span){(const char *)octets, 4}, &tlsa), 0);
}

Test(tlsa, no_certificate_matches_nothing)
{
	struct tlsa_chain none = {0};

	cr_expect_eq(match_with(&none, "311l"), TLSA_MISMATCH);
	cr_expect_eq(match_with(&none, "211c"), TLSA_TA_NOT_SENT);
}

Test(tlsa, it_is_written_as_in_a_zone_file)
{
	struct arena *a = arena_new(256);
	struct tlsa tlsa;

	cr_assert_eq(tlsa_parse(SPAN("\3\1\0\0\x7f\xff"), &tlsa), 0);
	cr_expect_str_eq(tlsa_text(a, &tlsa), "3 1 0 007fff");
	arena_free(a);
}
