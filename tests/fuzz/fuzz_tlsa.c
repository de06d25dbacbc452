/* SPDX-License-Identifier: ISC */

/*
 * TLSA records and MX data of any octets.  Records are cut from the input
 * behind a length each; the certificates' digests are of one octet each, so
 * that matches happen.  The order of records does not matter, one that does
 * not count changes nothing, and the right key of the strongest kind always
 * lets a chain pass.
 */

#include "config.h"

#include "base/arena.h"
#include "domain/rdata.h"
#include "domain/tlsa.h"
#include "fuzz.h"

#define RECORDS_MAX 8
#define CHAIN_MAX   3

struct input {
	const uint8_t *p;
	size_t left;
};

static uint8_t
take(struct input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->p++;
}

static struct span
take_span(struct input *in, size_t len)
{
	struct span s = {(const char *)in->p, len < in->left ? len : in->left};

	in->p += s.len;
	in->left -= s.len;
	return s;
}

static void
take_chain(
    struct input *in, struct tlsa_certificate *c, struct tlsa_chain *chain)
{
	uint8_t how = take(in);
	size_t i;

	chain->certificates = c;
	chain->n = how % (CHAIN_MAX + 1);
	chain->linked = 1 + (how >> 2) % CHAIN_MAX;
	chain->name_matches = how & 0x80;
	for (i = 0; i < CHAIN_MAX; i++) {
		memset(&c[i], 0, sizeof(c[i]));
		memset(c[i].der_sha256, take(in), SHA256_LEN);
		memset(c[i].spki_sha256, take(in), SHA256_LEN);
		memset(c[i].der_sha512, c[i].der_sha256[0], TLSA_SHA512_LEN);
		memset(c[i].spki_sha512, c[i].spki_sha256[0], TLSA_SHA512_LEN);
		c[i].der = (struct span){(char *)c[i].der_sha256, 1};
		c[i].spki = (struct span){(char *)c[i].spki_sha256, 1};
	}
}

/* A record: three numbers, and one octet as often as its kind wants, or as
 * the input says. */
static size_t
take_records(struct arena *a, struct input *in, struct tlsa *records)
{
	static const size_t lengths[] = {1, SHA256_LEN, TLSA_SHA512_LEN};
	size_t n, len;
	uint8_t kind;
	char *data;

	for (n = 0; n < RECORDS_MAX && in->left > 0; n++) {
		kind = take(in);
		len = kind & 0x80 ? kind & 0x7f
				  : 3 + lengths[(kind >> 4 & 3) % 3];
		data = arena_calloc(a, 1, len + 1);
		memset(data, len > 3 ? take(in) : 0, len);
		if (len >= 3) {
			data[0] = (char)(kind & 3);
			data[1] = (char)(kind >> 2 & 3);
			data[2] = (char)((kind >> 4 & 3) % 3);
		}
		if (tlsa_parse((struct span){data, len}, &records[n]) == -1)
			check(len < 4 && tlsa_fault(&records[n]) != NULL);
	}
	return n;
}

static void
read_mx(struct arena *a, struct span rdata)
{
	uint16_t preference;
	const char *host, *c;

	if (rdata_mx(a, rdata, &preference, &host) == -1)
		return;
	check(strlen(host) > 0 && strlen(host) <= rdata.len * 4);
	for (c = host; *c != '\0'; c++)
		check(*c > ' ' && *c <= '~');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	struct arena *a = arena_new(4096);
	struct tlsa_certificate certificates[CHAIN_MAX];
	struct tlsa records[RECORDS_MAX + 1], reversed[RECORDS_MAX];
	struct tlsa_chain chain;
	enum tlsa_result result;
	struct tlsa any;
	size_t n, i;

	read_mx(a, (struct span){(const char *)data, size});
	if (tlsa_parse((struct span){(const char *)data, size}, &any) == 0)
		check(strlen(tlsa_text(a, &any)) >= 7);
	take_chain(&in, certificates, &chain);
	n = take_records(a, &in, records);
	result = tlsa_match(records, n, &chain);
	check((result == TLSA_NO_RECORD) == (n == 0));
	for (i = 0; i < n; i++)
		reversed[i] = records[n - 1 - i];
	check((tlsa_match(reversed, n, &chain) == result) ||
	    /* Either may be found first. */
	    (result == TLSA_MATCH_EE || result == TLSA_MATCH_TA));
	/* One that does not count. */
	records[n] = (struct tlsa){1, 1, 1, take_span(&in, SHA256_LEN)};
	check(tlsa_match(records, n + 1, &chain) ==
	    (n == 0 ? TLSA_UNUSABLE : result));
	/* One that is right. */
	records[n] = (struct tlsa){
	    3, 1, 2, {(char *)certificates[0].spki_sha512, TLSA_SHA512_LEN}};
	result = tlsa_match(records, n + 1, &chain);
	check(
	    chain.n == 0 || result == TLSA_MATCH_EE || result == TLSA_MATCH_TA);
	check(chain.n > 0 || result > TLSA_MATCH_TA);
	arena_free(a);
	return 0;
}
